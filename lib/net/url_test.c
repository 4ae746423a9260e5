#include "lib/net/url.h"

#include <string.h>

#include "lib/base/test.h"

static void test_encoding(void **state)
{
    (void)state;
    static const struct {
        enum url_encoding encoding;
        const char *in, *out;
    } rows[] = {
        {URL_COMPONENT, "AZaz09-._~", "AZaz09-._~"},
        {URL_COMPONENT, "a b/c,d:e+f%", "a%20b%2Fc%2Cd%3Ae%2Bf%25"},
        {URL_COMPONENT, "\xc3\xbc\xff", "%C3%BC%FF"},
        {URL_PATH, "a/b c", "a/b%20c"},
        {URL_FORM, "date (request-target)", "date+%28request-target%29"},
        {URL_COMPONENT, "", ""},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        STR_AUTO out = STR_INIT;
        url_encode_text(rows[i].encoding, rows[i].in, &out);
        assert_string_equal(str_text(&out), rows[i].out);
        STR_AUTO back = STR_INIT;
        assert_true(url_decode(str_text(&out), out.length, rows[i].encoding == URL_FORM, &back));
        assert_string_equal(str_text(&back), rows[i].in);
    }
}

static void test_decoding_refuses(void **state)
{
    (void)state;
    static const char *const rows[] = {"%", "%4", "a%zz", "%4g", "x%"};
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        STR_AUTO out = STR_INIT;
        assert_false(url_decode(rows[i], strlen(rows[i]), false, &out));
    }
    STR_AUTO out = STR_INIT;
    assert_true(url_decode("a+b%00", 6, false, &out));
    assert_memory_equal(out.ptr, "a+b\0", 4);
}

static void test_query(void **state)
{
    (void)state;
    STR_AUTO url = STR_INIT;
    str_append(&url, "/vcns");
    url_append_query(&url, "compartmentId", "ocid1.compartment.oc1..a");
    url_append_query(&url, "page", NULL);
    url_append_query(&url, "name", "a b&c");
    assert_string_equal(str_text(&url),
                        "/vcns?compartmentId=ocid1.compartment.oc1..a&name=a%20b%26c");
    STR_AUTO value = STR_INIT;
    assert_true(url_query_value("x=1&na%6De=a+b%26c&y", "name", &value));
    assert_string_equal(str_text(&value), "a b&c");
    str_clear(&value);
    assert_true(url_query_value("x=1&y", "y", &value));
    assert_string_equal(str_text(&value), "");
    assert_false(url_query_value("x=1", "z", &value));
    assert_false(url_query_value(NULL, "z", &value));
}

static void test_parse(void **state)
{
    (void)state;
    static const struct {
        const char *in, *host, *authority, *target;
        int port;
    } rows[] = {
        {"https://IAAS.us-phoenix-1.oraclecloud.com/20160918/vcns?a=b",
         "iaas.us-phoenix-1.oraclecloud.com", "iaas.us-phoenix-1.oraclecloud.com",
         "/20160918/vcns?a=b", 443},
        {"http://127.0.0.1:12345", "127.0.0.1", "127.0.0.1:12345", "/", 80},
        {"https://[::1]:8443/a/../b", "::1", "[::1]:8443", "/a/../b", 8443},
        {"https://host:443/", "host", "host", "/", 443},
        {"http://host?x", "host", "host", "/?x", 80},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        ERROR_AUTO(err);
        URL_AUTO(url);
        assert_true(url_parse(rows[i].in, &url, &err));
        assert_string_equal(url.host, rows[i].host);
        STR_AUTO text = STR_INIT;
        url_append_authority(&url, &text);
        assert_string_equal(str_text(&text), rows[i].authority);
        str_clear(&text);
        url_append_target(&url, &text);
        assert_string_equal(str_text(&text), rows[i].target);
    }
}

static void test_parse_refuses(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "",           "ftp://host/",       "https://",          "https://user:pw@host/",
        "http://a b", "http://host:0/",    "http://host:99999", "http://host:x/",
        "http://[x]", "http://[::1",       "http://host/#f",    "http://host/\"",
        "http://h\n", "http://host:80:90", "http://ho^st/",
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        ERROR_AUTO(err);
        URL_AUTO(url);
        assert_false(url_parse(rows[i], &url, &err));
        assert_int_equal(err.code, ERROR_INVALID);
        assert_null(strstr(error_message(&err), "pw"));
    }
}

static void test_loopback(void **state)
{
    (void)state;
    assert_true(url_host_is_loopback("localhost"));
    assert_true(url_host_is_loopback("a.LOCALHOST"));
    assert_true(url_host_is_loopback("127.9.9.9"));
    assert_true(url_host_is_loopback("::1"));
    assert_false(url_host_is_loopback("128.0.0.1"));
    assert_false(url_host_is_loopback("notlocalhost"));
    assert_false(url_host_is_loopback("localhost.example"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_encoding),      cmocka_unit_test(test_decoding_refuses),
        cmocka_unit_test(test_query),         cmocka_unit_test(test_parse),
        cmocka_unit_test(test_parse_refuses), cmocka_unit_test(test_loopback),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
