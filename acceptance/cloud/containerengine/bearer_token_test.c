#include "acceptance/cloud/containerengine/bearer_token.h"

#include <string.h>

#include "lib/base/encoding.h"
#include "lib/base/test.h"

#define CLUSTER "ocid1.cluster.oc1.iad.aaaatest"
#define URL     "https://containerengine.us-ashburn-1.oraclecloud.com/cluster_request/" CLUSTER
#define SIGNED                                                                                     \
    "?authorization=Signature+algorithm%3D%22rsa-sha256%22%2Cheaders%3D%22date+%28request-"        \
    "target%29+host%22&date=Thu%2C+01+Jan+2026+00%3A00%3A00+GMT"

static const char *parse(struct arena *arena, const char *url, struct bearer_token *token)
{
    STR_AUTO text = STR_INIT;
    base64_encode(BASE64_URL, url, strlen(url), &text);
    return bearer_token_parse(str_text(&text), arena, token);
}

static void a_token_comes_apart(void **state)
{
    (void)state;
    ARENA_AUTO arena = arena_new();
    struct bearer_token token = {0};
    assert_null(parse(arena, URL SIGNED, &token));
    assert_string_equal(token.host, "containerengine.us-ashburn-1.oraclecloud.com");
    assert_string_equal(token.target, "/cluster_request/" CLUSTER);
    assert_string_equal(token.cluster_id, CLUSTER);
    assert_string_equal(token.date, "Thu, 01 Jan 2026 00:00:00 GMT");
    assert_string_equal(
        token.authorization,
        "Signature algorithm=\"rsa-sha256\",headers=\"date (request-target) host\"");
}

static void padding_may_be_missing_and_blanks_be_percent_20(void **state)
{
    (void)state;
    ARENA_AUTO arena = arena_new();
    struct bearer_token token = {0};
    STR_AUTO text = STR_INIT;
    const char *url = URL "?authorization=Signature%20a&date=now%20";
    base64_encode(BASE64_URL_NO_PAD, url, strlen(url), &text);
    assert_null(bearer_token_parse(str_text(&text), arena, &token));
    assert_string_equal(token.authorization, "Signature a");
}

static void what_is_no_token_is_refused(void **state)
{
    (void)state;
    static const char *const urls[] = {
        "",
        "https://containerengine.us-ashburn-1.oraclecloud.com/",
        "http://containerengine.us-ashburn-1.oraclecloud.com/cluster_request/" CLUSTER SIGNED,
        URL,
        URL "?authorization=a",
        URL "?date=b",
        URL "?authorization=&date=b",
        URL "?authorization=a%0d%0ab&date=b",
        URL "?authorization=a%00b&date=b",
        URL "?authorization=%zz&date=b",
    };
    for (size_t i = 0; i < ARRAY_LENGTH(urls); i++) {
        ARENA_AUTO arena = arena_new();
        struct bearer_token token = {0};
        assert_non_null(parse(arena, urls[i], &token));
    }
    ARENA_AUTO arena = arena_new();
    struct bearer_token token = {0};
    assert_non_null(bearer_token_parse("no base64!", arena, &token));
    char *large = arena_alloc(arena, BEARER_TOKEN_LIMIT + 2);
    memset(large, 'a', BEARER_TOKEN_LIMIT + 1);
    assert_non_null(bearer_token_parse(large, arena, &token));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_token_comes_apart),
        cmocka_unit_test(padding_may_be_missing_and_blanks_be_percent_20),
        cmocka_unit_test(what_is_no_token_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
