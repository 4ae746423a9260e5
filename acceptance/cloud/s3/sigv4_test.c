/* The examples that Amazon publishes for S3, and each way in which a request can be wrong. */
#include "acceptance/cloud/s3/sigv4.h"

#include <string.h>

#include "lib/base/clock.h"
#include "lib/base/test.h"

#define EMPTY_SHA256 "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define SECRET       "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
#define SCOPE        "AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request"
#define AUTHORIZATION(headers, signature)                                                          \
    "AWS4-HMAC-SHA256 Credential=" SCOPE ",SignedHeaders=" headers ",Signature=" signature

enum { MAX_HEADERS = 8 };

struct example {
    struct sigv4_request request;
    struct sigv4_header headers[MAX_HEADERS];
    enum sigv4_result parsed;
    enum sigv4_result verified;
};

static int64_t signing_time(void)
{
    int64_t now;
    assert_true(clock_parse_rfc3339("2013-05-24T00:00:00Z", &now));
    return now;
}

static void check(struct example *example)
{
    ARENA_AUTO arena = arena_new();
    struct sigv4_authorization authorization;
    example->request.headers = example->headers;
    while (example->headers[example->request.header_count].name)
        example->request.header_count++;
    enum sigv4_result result =
        sigv4_parse(arena, &example->request, signing_time(), &authorization);
    assert_int_equal(result, example->parsed);
    if (result == SIGV4_OK)
        assert_int_equal(sigv4_verify(arena, &example->request, &authorization, SECRET),
                         example->verified);
}

#define HOST                                                                                       \
    {                                                                                              \
        "Host", "examplebucket.s3.amazonaws.com"                                                   \
    }
#define DATE                                                                                       \
    {                                                                                              \
        "X-Amz-Date", "20130524T000000Z"                                                           \
    }
#define PAYLOAD                                                                                    \
    {                                                                                              \
        "x-amz-content-sha256", EMPTY_SHA256                                                       \
    }
#define GET_SIGNATURE "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"
#define GET_HEADERS   "host;range;x-amz-content-sha256;x-amz-date"

static void published_examples_verify(void **state)
{
    (void)state;
    struct example examples[] = {
        {{.method = "GET", .path = "/test.txt"},
         {HOST,
          DATE,
          PAYLOAD,
          {"Range", "bytes=0-9"},
          {"Authorization", AUTHORIZATION(GET_HEADERS, GET_SIGNATURE)}},
         SIGV4_OK,
         SIGV4_OK},
        {{.method = "PUT", .path = "/test%24file.text"},
         {HOST,
          DATE,
          {"date", "Fri, 24 May 2013 00:00:00 GMT"},
          {"x-amz-storage-class", "REDUCED_REDUNDANCY"},
          {"x-amz-content-sha256",
           "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072"},
          {"Authorization",
           AUTHORIZATION("date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class",
                         "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd")}},
         SIGV4_OK,
         SIGV4_OK},
        {{.method = "GET", .path = "/", .query = "lifecycle"},
         {HOST,
          DATE,
          PAYLOAD,
          {"Authorization",
           AUTHORIZATION("host;x-amz-content-sha256;x-amz-date",
                         "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543")}},
         SIGV4_OK,
         SIGV4_OK},
        {{.method = "GET", .path = "/", .query = "prefix=J&max-keys=2"},
         {HOST,
          DATE,
          PAYLOAD,
          {"Authorization",
           AUTHORIZATION("host;x-amz-content-sha256;x-amz-date",
                         "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7")}},
         SIGV4_OK,
         SIGV4_OK},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(examples); i++)
        check(&examples[i]);
}

static void anything_changed_does_not_verify(void **state)
{
    (void)state;
    struct example examples[] = {
        {{.method = "HEAD", .path = "/test.txt"},
         {HOST,
          DATE,
          PAYLOAD,
          {"Range", "bytes=0-9"},
          {"Authorization", AUTHORIZATION(GET_HEADERS, GET_SIGNATURE)}},
         SIGV4_OK,
         SIGV4_SIGNATURE_MISMATCH},
        {{.method = "GET", .path = "/test2.txt"},
         {HOST,
          DATE,
          PAYLOAD,
          {"Range", "bytes=0-9"},
          {"Authorization", AUTHORIZATION(GET_HEADERS, GET_SIGNATURE)}},
         SIGV4_OK,
         SIGV4_SIGNATURE_MISMATCH},
        {{.method = "GET", .path = "/test.txt", .query = "versionId=1"},
         {HOST,
          DATE,
          PAYLOAD,
          {"Range", "bytes=0-9"},
          {"Authorization", AUTHORIZATION(GET_HEADERS, GET_SIGNATURE)}},
         SIGV4_OK,
         SIGV4_SIGNATURE_MISMATCH},
        {{.method = "GET", .path = "/test.txt"},
         {HOST,
          DATE,
          PAYLOAD,
          {"Range", "bytes=0-8"},
          {"Authorization", AUTHORIZATION(GET_HEADERS, GET_SIGNATURE)}},
         SIGV4_OK,
         SIGV4_SIGNATURE_MISMATCH},
        {{.method = "GET", .path = "/test.%zz"},
         {HOST,
          DATE,
          PAYLOAD,
          {"Range", "bytes=0-9"},
          {"Authorization", AUTHORIZATION(GET_HEADERS, GET_SIGNATURE)}},
         SIGV4_OK,
         SIGV4_SIGNATURE_MISMATCH},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(examples); i++)
        check(&examples[i]);
}

#define WRONG(result, ...)                                                                         \
    {                                                                                              \
        {.method = "GET", .path = "/test.txt"}, {__VA_ARGS__}, result, SIGV4_OK                    \
    }
#define SIGNED                                                                                     \
    {                                                                                              \
        "Authorization", AUTHORIZATION(GET_HEADERS, GET_SIGNATURE)                                 \
    }

static void wrong_requests_are_told_apart(void **state)
{
    (void)state;
    struct example examples[] = {
        WRONG(SIGV4_ANONYMOUS, HOST, DATE, PAYLOAD),
        WRONG(SIGV4_MALFORMED, HOST, DATE, PAYLOAD, {"Authorization", "AWS AKIA:signature"}),
        WRONG(SIGV4_MALFORMED, HOST, DATE, PAYLOAD,
              {"Authorization", "AWS4-HMAC-SHA256 Credential=" SCOPE}),
        WRONG(SIGV4_MALFORMED, HOST, DATE, PAYLOAD,
              {"Authorization", AUTHORIZATION("host;date", GET_SIGNATURE)}),
        WRONG(SIGV4_MALFORMED, HOST, DATE, PAYLOAD,
              {"Authorization", AUTHORIZATION("host", "F0E8")}),
        WRONG(SIGV4_DATE, HOST, PAYLOAD, SIGNED),
        WRONG(SIGV4_DATE, HOST, PAYLOAD, {"X-Amz-Date", "Fri, 24 May 2013"}, SIGNED),
        WRONG(SIGV4_SCOPE, HOST, PAYLOAD, {"X-Amz-Date", "20130525T000000Z"}, SIGNED),
        WRONG(SIGV4_SKEWED, HOST, PAYLOAD, {"X-Amz-Date", "20130524T001501Z"}, SIGNED),
        WRONG(SIGV4_PAYLOAD_MISSING, HOST, DATE, SIGNED),
        WRONG(SIGV4_PAYLOAD_INVALID, HOST, DATE, {"x-amz-content-sha256", "abc"}, SIGNED),
        WRONG(SIGV4_PAYLOAD_STREAMING, HOST, DATE,
              {"x-amz-content-sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER"}, SIGNED),
        WRONG(SIGV4_HEADERS_UNSIGNED, HOST, DATE, PAYLOAD, SIGNED),
        WRONG(SIGV4_HEADERS_UNSIGNED, HOST, DATE, PAYLOAD, {"Range", "bytes=0-9"},
              {"x-amz-meta-a", "b"}, SIGNED),
    };
    for (size_t i = 0; i < ARRAY_LENGTH(examples); i++)
        check(&examples[i]);
}

static void the_body_must_have_the_hash_that_was_signed(void **state)
{
    (void)state;
    struct sigv4_authorization empty = {.payload_hash = EMPTY_SHA256};
    struct sigv4_authorization any = {.payload_hash = "UNSIGNED-PAYLOAD"};
    assert_int_equal(sigv4_verify_body(&empty, "", 0), SIGV4_OK);
    assert_int_equal(sigv4_verify_body(&empty, "x", 1), SIGV4_PAYLOAD_MISMATCH);
    assert_int_equal(sigv4_verify_body(&any, "x", 1), SIGV4_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_examples_verify),
        cmocka_unit_test(anything_changed_does_not_verify),
        cmocka_unit_test(wrong_requests_are_told_apart),
        cmocka_unit_test(the_body_must_have_the_hash_that_was_signed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
