/* Errors, logging, clock, files, encodings and JSON: each is small, so they share one program. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/base/encoding.h"
#include "lib/base/error.h"
#include "lib/base/file.h"
#include "lib/base/json.h"
#include "lib/base/log.h"
#include "lib/base/str.h"
#include "lib/base/test.h"

static void errors_wrap_and_move(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    assert_false(error_set(&err, ERROR_NOT_FOUND, "VCN %s is gone", "web"));
    error_wrap(&err, "create subnet %d", 3);
    assert_string_equal(error_message(&err), "create subnet 3: VCN web is gone");
    assert_int_equal(err.code, ERROR_NOT_FOUND);
    ERROR_AUTO(other);
    error_move(&other, &err);
    assert_false(error_is_set(&err));
    errno = EACCES;
    error_set_errno(&other, "open %s", "key.pem");
    assert_int_equal(other.code, ERROR_DENIED);
    assert_string_equal(error_message(&other), "open key.pem: Permission denied");
}

static void error_may_quote_itself(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    error_set(&err, ERROR_REMOTE, "first");
    error_set(&err, ERROR_REMOTE, "second after %s", error_message(&err));
    assert_string_equal(error_message(&err), "second after first");
}

static void remember_last(void *context, enum log_level level, const char *message,
                          const struct log_field *fields, size_t count)
{
    struct str *seen = context;
    str_clear(seen);
    str_printf(seen, "%s %s", log_level_name(level), message);
    for (size_t i = 0; i < count; i++)
        str_printf(seen, " %s=%s", fields[i].key, fields[i].value);
}

static void log_masks_secret_fields(void **state)
{
    (void)state;
    STR_AUTO seen = STR_INIT;
    log_set_sink(remember_last, &seen, LOG_LEVEL_INFO);
    LOG(LOG_LEVEL_DEBUG, "dropped");
    assert_string_equal(str_text(&seen), "");
    LOG(LOG_LEVEL_WARN, "retry", {"operation", "CreateVcn"}, {"auth_token", "s3cret"},
        {"id", NULL});
    assert_string_equal(str_text(&seen), "warn retry operation=CreateVcn auth_token=*** id=");
    log_set_sink(NULL, NULL, LOG_LEVEL_OFF);
    assert_int_equal(log_level_parse("Debug"), LOG_LEVEL_DEBUG);
    assert_int_equal(log_level_parse("JSON"), LOG_LEVEL_TRACE);
    assert_int_equal(log_level_parse("loud"), LOG_LEVEL_OFF);
}

static void times_round_trip(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool valid;
        int64_t ms;
    } rows[] = {
        {"1970-01-01T00:00:00Z", true, 0},
        {"2026-06-02T10:20:30.123Z", true, 1780395630123},
        {"2026-06-02T10:20:30.123456Z", true, 1780395630123},
        {"2026-06-02T12:20:30.5+02:00", true, 1780395630500},
        {"2026-06-02 10:20:30Z", true, 1780395630000},
        {"2026-13-02T10:20:30Z", false, 0},
        {"2026-06-02T10:20:30", false, 0},
        {"2026-06-02T10:20:30.Z", false, 0},
        {"yesterday", false, 0},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        int64_t ms = -1;
        assert_int_equal(clock_parse_rfc3339(rows[i].text, &ms), rows[i].valid);
        if (rows[i].valid)
            assert_true(ms == rows[i].ms);
    }
    char buffer[CLOCK_RFC3339_SIZE];
    assert_string_equal(clock_format_rfc3339(1780395630123, buffer), "2026-06-02T10:20:30.123Z");
    assert_string_equal(clock_format_http(1780395630123, buffer), "Tue, 02 Jun 2026 10:20:30 GMT");
    int64_t ms;
    assert_true(clock_parse_http("Tue, 02 Jun 2026 10:20:30 GMT", &ms) && ms == 1780395630000);
    assert_false(clock_parse_http("Tue, 02 Jun 2026 10:20:30 CET", &ms));
    assert_false(clock_parse_http("Tue, 02 Foo 2026 10:20:30 GMT", &ms));
}

static void encodings_follow_their_vectors(void **state)
{
    (void)state;
    static const struct {
        const char *plain, *standard, *url;
    } rows[] = {{"", "", ""},
                {"f", "Zg==", "Zg=="},
                {"fo", "Zm8=", "Zm8="},
                {"foo", "Zm9v", "Zm9v"},
                {"\xfb\xff", "+/8=", "-_8="}};
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        STR_AUTO out = STR_INIT;
        base64_encode(BASE64_STANDARD, rows[i].plain, strlen(rows[i].plain), &out);
        assert_string_equal(str_text(&out), rows[i].standard);
        str_clear(&out);
        assert_true(base64_decode(rows[i].url, strlen(rows[i].url), &out));
        assert_string_equal(str_text(&out), rows[i].plain);
    }
    STR_AUTO out = STR_INIT;
    assert_false(base64_decode("Zm9v!", 5, &out));
    assert_false(base64_decode("Z", 1, &out));
    assert_false(base64_decode("Zh==", 4, &out)); /* stray bits */
    str_clear(&out);
    unsigned char digest[SHA256_SIZE];
    sha256_digest("", 0, digest);
    base64_encode(BASE64_STANDARD, digest, sizeof(digest), &out);
    assert_string_equal(str_text(&out), "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    str_clear(&out);
    hex_encode("\x01\xab", 2, &out);
    assert_string_equal(str_text(&out), "01ab");
    str_clear(&out);
    assert_true(hex_decode("01AB", 4, &out) && memcmp(out.ptr, "\x01\xab", 2) == 0);
    assert_false(hex_decode("0g", 2, &out) || hex_decode("0", 1, &out));
}

static void files_are_written_whole_or_not_at_all(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    char directory[] = "/tmp/okestra-base-XXXXXX";
    assert_non_null(mkdtemp(directory));
    STR_AUTO nested = STR_INIT;
    str_printf(&nested, "%s/a/b", directory);
    assert_true(file_make_directories(str_text(&nested), 0700, &err));
    str_append(&nested, "/secret");
    assert_true(file_write_atomic(str_text(&nested), "one", 3, 0600, &err));
    assert_true(file_write_atomic(str_text(&nested), "two", 3, 0600, &err));
    struct stat info;
    assert_int_equal(stat(str_text(&nested), &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    STR_AUTO content = STR_INIT;
    assert_true(file_read(str_text(&nested), 3, &content, &err));
    assert_string_equal(str_text(&content), "two");
    assert_false(file_read(str_text(&nested), 2, &content, &err));
    assert_int_equal(err.code, ERROR_INVALID);
    assert_false(file_read("/nonexistent/file", 10, &content, &err));
    assert_int_equal(err.code, ERROR_NOT_FOUND);
    assert_false(file_write_atomic("/nonexistent/file", "x", 1, 0600, &err));
    STR_AUTO command = STR_INIT;
    str_printf(&command, "rm -r %s", directory);
    assert_int_equal(system(str_text(&command)), 0);
    setenv("HOME", "/home/me", 1);
    CLEANUP(free_pointer) char *home = file_expand_home("~/.oci/config");
    assert_string_equal(home, "/home/me/.oci/config");
    CLEANUP(free_pointer) char *other = file_expand_home("~other/x");
    assert_string_equal(other, "~other/x");
}

static void json_getters_accept_anything(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    const char text[] = "{\"a\":{\"b\":[1,{\"c\":\"x\"}]},\"n\":7,\"t\":true}";
    JSON_AUTO json = json_parse(text, strlen(text), &err);
    assert_non_null(json);
    assert_string_equal(json_string_value(json_at_path(json, "a.b.1.c")), "x");
    assert_null(json_at_path(json, "a.x.1.c"));
    assert_int_equal(json_get_integer(json, "n", -1), 7);
    assert_int_equal(json_get_integer(json, "t", -1), -1);
    assert_true(json_get_bool(json, "t", false));
    assert_null(json_get_text(NULL, "a"));
    STR_AUTO out = STR_INIT;
    json_write(json, true, &out);
    assert_string_equal(str_text(&out), text);
    assert_null(json_parse("{\"a\":1,\"a\":2}", 13, &err));
    assert_null(json_parse("{", 1, &err));
    assert_int_equal(err.code, ERROR_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(errors_wrap_and_move),
        cmocka_unit_test(error_may_quote_itself),
        cmocka_unit_test(log_masks_secret_fields),
        cmocka_unit_test(times_round_trip),
        cmocka_unit_test(encodings_follow_their_vectors),
        cmocka_unit_test(files_are_written_whole_or_not_at_all),
        cmocka_unit_test(json_getters_accept_anything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
