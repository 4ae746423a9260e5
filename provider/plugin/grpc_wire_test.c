#include "provider/plugin/grpc_wire.h"

#include "lib/base/test.h"

#include <string.h>

enum { LIMIT = 1000 };

static void frame_header_is_big_endian(void **state)
{
    (void)state;
    unsigned char header[GRPC_FRAME_HEADER];
    grpc_frame_header(0x01020304, header);
    assert_memory_equal(header, "\0\1\2\3\4", 5);
}

/* Any division into chunks gives the same message. */
static void message_in_pieces(void **state)
{
    (void)state;
    char frame[5 + 300];
    for (size_t i = 0; i < sizeof(frame); i++)
        frame[i] = (char)i;
    grpc_frame_header(300, (unsigned char *)frame);
    for (size_t piece = 1; piece <= sizeof(frame); piece++) {
        struct grpc_reader reader = {0};
        const char *reason = NULL;
        for (size_t at = 0; at < sizeof(frame); at += piece) {
            size_t length = at + piece > sizeof(frame) ? sizeof(frame) - at : piece;
            assert_int_equal(
                grpc_reader_put(&reader, (struct slice){frame + at, length}, LIMIT, &reason),
                GRPC_OK);
        }
        assert_int_equal(grpc_reader_end(&reader, &reason), GRPC_OK);
        struct slice message = grpc_reader_message(&reader);
        assert_int_equal(message.length, 300);
        assert_memory_equal(message.ptr, frame + 5, 300);
        grpc_reader_free(&reader);
    }
}

struct bad_request {
    const char *bytes;
    size_t length;
    enum grpc_status status;
};

static void bad_requests(void **state)
{
    (void)state;
    static const struct bad_request table[] = {
        {"", 0, GRPC_UNIMPLEMENTED},                   /* no message at all */
        {"\0\0\0", 3, GRPC_INTERNAL},                  /* ends within the header */
        {"\0\0\0\0\2x", 6, GRPC_INTERNAL},             /* ends within the message */
        {"\1\0\0\0\1x", 6, GRPC_UNIMPLEMENTED},        /* compressed */
        {"\0\0\0\3\xe9x", 6, GRPC_RESOURCE_EXHAUSTED}, /* 1001 bytes announced */
        {"\0\xff\xff\xff\xff", 5, GRPC_RESOURCE_EXHAUSTED},
        {"\0\0\0\0\1xy", 7, GRPC_UNIMPLEMENTED},          /* more than one message */
        {"\0\0\0\0\0\0\0\0\0\0", 10, GRPC_UNIMPLEMENTED}, /* two empty ones */
    };
    for (size_t i = 0; i < ARRAY_LENGTH(table); i++) {
        struct grpc_reader reader = {0};
        const char *reason = NULL;
        enum grpc_status status = grpc_reader_put(
            &reader, (struct slice){table[i].bytes, table[i].length}, LIMIT, &reason);
        if (status == GRPC_OK)
            status = grpc_reader_end(&reader, &reason);
        assert_int_equal(status, table[i].status);
        assert_non_null(reason);
        grpc_reader_free(&reader);
    }
}

static void empty_message_is_valid(void **state)
{
    (void)state;
    struct grpc_reader reader = {0};
    const char *reason;
    assert_int_equal(grpc_reader_put(&reader, (struct slice){"\0\0\0\0\0", 5}, LIMIT, &reason),
                     GRPC_OK);
    assert_int_equal(grpc_reader_end(&reader, &reason), GRPC_OK);
    assert_int_equal(grpc_reader_message(&reader).length, 0);
    grpc_reader_free(&reader);
}

static void percent_encoding(void **state)
{
    (void)state;
    STR_AUTO encoded = STR_INIT;
    STR_AUTO decoded = STR_INIT;
    const char *text = "100% of \"é\"\n";
    grpc_percent_encode(text, 100, &encoded);
    assert_string_equal(str_text(&encoded), "100%25 of \"%C3%A9\"%0A");
    grpc_percent_decode((struct slice){encoded.ptr, encoded.length}, &decoded);
    assert_string_equal(str_text(&decoded), text);
    str_clear(&encoded);
    grpc_percent_encode("ab\ncd", 4, &encoded); /* no half escape */
    assert_string_equal(str_text(&encoded), "ab");
    str_clear(&decoded);
    grpc_percent_decode(slice_from("%zz%4%41"), &decoded);
    assert_string_equal(str_text(&decoded), "%zz%4A");
}

static void timeouts(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t milliseconds; /* -1: invalid */
    } table[] = {{"1H", 3600000}, {"2M", 120000}, {"5S", 5000},
                 {"100m", 100},   {"1u", 1},      {"1500u", 2},
                 {"1n", 1},       {"0S", 0},      {"99999999H", 359999996400000},
                 {"", -1},        {"S", -1},      {"5", -1},
                 {"5s", -1},      {"-5S", -1},    {"123456789S", -1},
                 {"1.5S", -1}};
    for (size_t i = 0; i < ARRAY_LENGTH(table); i++) {
        int64_t milliseconds = -1;
        bool good = grpc_timeout_parse(slice_from(table[i].text), &milliseconds);
        assert_int_equal(good, table[i].milliseconds >= 0);
        assert_true(!good || milliseconds == table[i].milliseconds);
    }
}

static void content_types(void **state)
{
    (void)state;
    assert_true(grpc_content_type_valid(slice_from("application/grpc")));
    assert_true(grpc_content_type_valid(slice_from("application/grpc+proto")));
    assert_true(grpc_content_type_valid(slice_from("application/grpc;charset=utf-8")));
    assert_false(grpc_content_type_valid(slice_from("application/grpc-web")));
    assert_false(grpc_content_type_valid(slice_from("application/json")));
    assert_false(grpc_content_type_valid(slice_from("")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frame_header_is_big_endian),
        cmocka_unit_test(message_in_pieces),
        cmocka_unit_test(bad_requests),
        cmocka_unit_test(empty_message_is_valid),
        cmocka_unit_test(percent_encoding),
        cmocka_unit_test(timeouts),
        cmocka_unit_test(content_types),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
