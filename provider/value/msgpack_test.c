#include "provider/value/msgpack.h"

#include "provider/value/test_random.h"
#include "provider/value/test_values.h"

#define OBJECT "[\"object\",{\"a\":\"string\",\"b\":[\"list\",\"number\"]}]"

struct row {
    const char *type, *hex, *value;
    const char *encoded; /* NULL: as hex */
};

/* hex of the type "string" as bin, and of ["set","bool"] */
#define BIN_STRING "c40822737472696e6722"
#define BIN_SET    "c40e5b22736574222c22626f6f6c225d"

static const struct row rows[] = {
    {"\"string\"", "c0", "null", NULL},
    {"\"bool\"", "c0", "null", NULL},
    {OBJECT, "c0", "null", NULL},
    {"\"bool\"", "c2", "false", NULL},
    {"\"bool\"", "c3", "true", NULL},
    /* strings, in every form of length */
    {"\"string\"", "a0", "\"\"", NULL},
    {"\"string\"", "a3c3a961",
     "\"\xc3\xa9"
     "a\"",
     NULL},
    {"\"string\"", "d903616263", "\"abc\"", "a3616263"},
    {"\"string\"", "da0003616263", "\"abc\"", "a3616263"},
    {"\"string\"", "db00000003616263", "\"abc\"", "a3616263"},
    /* integers, in every width */
    {"\"number\"", "00", "0", NULL},
    {"\"number\"", "50", "80", NULL},
    {"\"number\"", "7f", "127", NULL},
    {"\"number\"", "ff", "-1", NULL},
    {"\"number\"", "e0", "-32", NULL},
    {"\"number\"", "d0df", "-33", NULL},
    {"\"number\"", "d080", "-128", NULL},
    {"\"number\"", "d07f", "127", "7f"},
    {"\"number\"", "d10080", "128", NULL},
    {"\"number\"", "d1ff7f", "-129", NULL},
    {"\"number\"", "d18000", "-32768", NULL},
    {"\"number\"", "d200008000", "32768", NULL},
    {"\"number\"", "d280000000", "-2147483648", NULL},
    {"\"number\"", "d30000000080000000", "2147483648", NULL},
    {"\"number\"", "d37fffffffffffffff", "9223372036854775807", NULL},
    {"\"number\"", "d38000000000000000", "-9223372036854775808", NULL},
    {"\"number\"", "ccff", "255", "d100ff"},
    {"\"number\"", "cdffff", "65535", "d20000ffff"},
    {"\"number\"", "ceffffffff", "4294967295", "d300000000ffffffff"},
    {"\"number\"", "cf7fffffffffffffff", "9223372036854775807", "d37fffffffffffffff"},
    {"\"number\"", "cf8000000000000000", "9223372036854775808",
     "b339323233333732303336383534373735383038"},
    {"\"number\"", "cfffffffffffffffff", "18446744073709551615",
     "b43138343436373434303733373039353531363135"},
    /* floats and text */
    {"\"number\"", "ca3fc00000", "1.5", "a3312e35"},
    {"\"number\"", "cb4004000000000000", "2.5", "a3322e35"},
    {"\"number\"", "cb3fe0000000000000", "0.5", "a3302e35"},
    {"\"number\"", "cb3ff0000000000000", "1", "01"},
    {"\"number\"", "cb40091eb851eb851f", "3.14", "a4332e3134"},
    {"\"number\"", "cb8000000000000000", "0", "00"},
    {"\"number\"", "a3302e31", "0.1", NULL},
    {"\"number\"", "a4332e3134", "3.14", NULL},
    {"\"number\"", "a23830", "80", "50"},
    {"\"number\"", "a3316533", "1000", "d103e8"},
    {"\"number\"",
     "d929"
     "3130303030303030303030303030303030303030303030303030303030303030303030303030303030",
     "10000000000000000000000000000000000000000", NULL},
    /* collections */
    {"[\"list\",\"bool\"]", "90", "[]", NULL},
    {"[\"list\",\"bool\"]", "93c2c3c0", "[false, true, null]", NULL},
    {"[\"set\",\"number\"]", "920201", "[2, 1]", NULL},
    {"[\"list\",\"bool\"]", "dc0001c3", "[true]", "91c3"},
    {"[\"list\",\"bool\"]", "dd00000001c3", "[true]", "91c3"},
    {"[\"map\",\"number\"]", "80", "{}", NULL},
    {"[\"map\",\"number\"]", "82a16202a16101", "{a = 1, b = 2}", "82a16101a16202"},
    {"[\"map\",\"number\"]", "de0001a16101", "{a = 1}", "81a16101"},
    {"[\"map\",\"number\"]", "df00000001a16101", "{a = 1}", "81a16101"},
    {"[\"map\",\"number\"]", "81a001", "{ = 1}", NULL},
    {"[\"tuple\",[\"string\",\"number\"]]", "92a16107", "[\"a\", 7]", NULL},
    {"[\"tuple\",[]]", "90", "[]", NULL},
    {OBJECT, "82a161c0a162910a", "{a = null, b = [10]}", NULL},
    {OBJECT, "82a162910aa161a178", "{a = \"x\", b = [10]}", "82a161a178a162910a"},
    {"[\"object\",{}]", "80", "{}", NULL},
    /* dynamic */
    {"\"dynamic\"", "c0", "null", NULL},
    {"\"dynamic\"", "92" BIN_STRING "a178", "\"x\"", NULL},
    {"\"dynamic\"", "92" BIN_SET "92c2c3", "[false, true]", NULL},
    {"\"dynamic\"", "92" BIN_STRING "c0", "null", NULL},
    {"\"dynamic\"", "92" BIN_STRING "d40000", "(unknown)", NULL},
    {"\"dynamic\"", "d40000", "(unknown)", NULL},
    {"\"dynamic\"", "92a822737472696e6722a178", "\"x\"", "92" BIN_STRING "a178"},
    {"[\"list\",\"dynamic\"]", "9292" BIN_STRING "a178d40000", "[\"x\", (unknown)]", NULL},
    /* "dynamic" as a type of its own says nothing */
    {"\"dynamic\"", "92c4092264796e616d696322c0", "null", "c0"},
    {"\"dynamic\"", "92c4092264796e616d696322d40000", "(unknown)", "d40000"},
    /* unknown: any extension, anywhere */
    {"\"string\"", "d40000", "(unknown)", NULL},
    {"\"string\"", "d40500", "(unknown)", "d40000"},
    {"\"string\"", "d4ff00", "(unknown)", "d40000"},
    {"\"string\"", "d5000102", "(unknown)", "d40000"},
    {"\"string\"", "d60001020304", "(unknown)", "d40000"},
    {"\"string\"", "d7000102030405060708", "(unknown)", "d40000"},
    {"\"string\"", "c70000", "(unknown)", "d40000"},
    {"\"string\"", "c8000007", "(unknown)", "d40000"},
    {"\"string\"", "c90000000007", "(unknown)", "d40000"},
    {"\"string\"", "c7000c", "(unknown)", "d40000"},
    {"\"string\"", "d40c80", "(unknown)", "d40000"},
    {OBJECT, "82a161d40000a162d40000", "{a = (unknown), b = (unknown)}", NULL},
    {OBJECT, "82a161c0a16292d4000005", "{a = null, b = [(unknown), 5]}", NULL},
    {OBJECT, "d40000", "(unknown)", NULL},
    /* refinements */
    {"\"string\"", "c7070c8201c202a2622d", "(unknown)", NULL},
    {"\"string\"", "c7030c8101c2", "(unknown)", NULL},
    {"\"string\"", "c7030c8101c3", "(unknown)", "d40000"},
    {"\"string\"", "c7050c8102a2622d", "(unknown)", NULL},
    {"\"number\"", "c7030c8101c2", "(unknown)", NULL},
    {"\"number\"", "c70b0c8301c2039201c3049205c2", "(unknown)", "c7030c8101c2"},
    {"\"number\"", "c70b0c83049205c2039201c301c2", "(unknown)", "c7030c8101c2"},
    {"[\"list\",\"bool\"]", "c7070c8301c205010609", "(unknown)", "c7030c8101c2"},
    {"\"string\"", "c7050c8201c26301", "(unknown)", "c7030c8101c2"},
    {"\"dynamic\"", "c7030c8101c2", "(unknown)", "d40000"},
};

static const struct value *decode(struct arena *arena, const struct type *type, struct slice data)
{
    ERROR_AUTO(err);
    const struct value *value = msgpack_decode(arena, type, data, &err);
    /* An error is set exactly when there is no value. */
    assert_int_equal(error_is_set(&err), !value);
    if (!value)
        assert_int_equal(err.code, ERROR_INVALID);
    return value;
}

static const char *encode(struct arena *arena, const struct type *type, const struct value *value)
{
    STR_AUTO out = STR_INIT;
    msgpack_encode(type, value, &out);
    return hex_of_bytes(arena, out.ptr, out.length);
}

static void every_form_is_read_and_written(void **state)
{
    (void)state;
    ARENA_AUTO arena = arena_new();
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        const struct type *type = type_of(arena, rows[i].type);
        struct slice data = bytes_of_hex(rows[i].hex);
        const struct value *value = decode(arena, type, data);
        if (!value)
            fail_msg("row %zu: %s %s was refused", i, rows[i].type, rows[i].hex);
        memset((char *)(uintptr_t)data.ptr, 0xdd, data.length);
        free((char *)(uintptr_t)data.ptr);
        assert_string_equal(printed(arena, value), rows[i].value);
        const char *wanted = rows[i].encoded ? rows[i].encoded : rows[i].hex;
        assert_string_equal(encode(arena, type, value), wanted);
    }
}

static void refinements_are_kept(void **state)
{
    (void)state;
    static const struct {
        const char *hex, *prefix;
        bool not_null;
    } cases[] = {
        {"d40000", "", false},
        {"c7030c8101c2", "", true},
        {"c7030c8101c3", "", false},
        {"c7070c8201c202a2622d", "b-", true},
        {"c7070c8202a2622d01c2", "b-", true},
        {"c7050c8102a2622d", "b-", false},
        {"c7070d8201c202a2622d", "", false}, /* another extension */
    };
    ARENA_AUTO arena = arena_new();
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        struct slice data = bytes_of_hex(cases[i].hex);
        const struct value *value = decode(arena, &type_string, data);
        free((char *)(uintptr_t)data.ptr);
        assert_int_equal(value->kind, VALUE_UNKNOWN);
        assert_int_equal(value->unknown.not_null, cases[i].not_null);
        assert_true(slice_equal_text(value->unknown.prefix, cases[i].prefix));
    }
}

static void refinements_that_cannot_be_are_not_written(void **state)
{
    (void)state;
    ARENA_AUTO arena = arena_new();
    char text[300];
    memset(text, 'p', sizeof(text));
    struct value unknown = {.kind = VALUE_UNKNOWN, .unknown = {.prefix = {text, 257}}};
    assert_string_equal(encode(arena, &type_string, &unknown), "d40000");
    unknown.unknown.not_null = true;
    assert_string_equal(encode(arena, &type_string, &unknown), "c7030c8101c2");
    assert_string_equal(encode(arena, &type_dynamic, &unknown), "d40000");
    unknown.unknown.prefix.length = 2;
    assert_string_equal(encode(arena, &type_number, &unknown), "c7030c8101c2");
    /* the longest prefix takes a payload of more than 255 bytes */
    unknown.unknown.prefix.length = 256;
    STR_AUTO out = STR_INIT;
    msgpack_encode(&type_string, &unknown, &out);
    const struct value *back = decode(arena, &type_string, (struct slice){out.ptr, out.length});
    assert_int_equal(back->unknown.prefix.length, 256);
    assert_true(back->unknown.not_null);
}

static void wrong_input_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *type, *hex, *message;
    } cases[] = {
        {"\"string\"", "", "ends too early"},
        {"\"string\"", "c1", "unassigned"},
        {"\"string\"", "c3", "wrong type"},
        {"\"string\"", "01", "wrong type"},
        {"\"string\"", "c40161", "wrong type"},
        {"\"string\"", "90", "wrong type"},
        {"\"string\"", "a1ff", "wrong type"},
        {"\"string\"", "a3eda080", "wrong type"}, /* a surrogate */
        {"\"string\"", "a161c0", "bytes are left"},
        {"\"bool\"", "00", "wrong type"},
        {"\"bool\"", "a474727565", "wrong type"},
        {"\"number\"", "c3", "number was expected"},
        {"\"number\"", "a3616263", "number was expected"},
        {"\"number\"", "a0", "number was expected"},
        {"\"number\"", "a531653939", "ends in the middle"},
        {"\"number\"", "a6316539393939", "number was expected"},
        {"\"number\"", "cb7ff0000000000000", "number was expected"},
        {"\"number\"", "cb7ff8000000000000", "number was expected"},
        {"\"number\"", "ca7f800000", "number was expected"},
        {"[\"list\",\"bool\"]", "80", "wrong type"},
        {"[\"list\",\"bool\"]", "92c3a0", "element 1"},
        {"[\"map\",\"bool\"]", "90", "wrong type"},
        {"[\"map\",\"bool\"]", "8101c3", "key is not a string"},
        {"[\"map\",\"bool\"]", "81c0c3", "key is not a string"},
        {"[\"map\",\"bool\"]", "81c40161c3", "key is not a string"},
        {"[\"map\",\"bool\"]", "81a1ffc3", "key is not a string"},
        {"[\"map\",\"bool\"]", "81a16101", "element \"a\""},
        {"[\"map\",\"bool\"]", "82a161c3a161c3", "same key twice"},
        {"[\"tuple\",[\"bool\"]]", "90", "wrong length"},
        {"[\"tuple\",[\"bool\"]]", "92c3c3", "wrong length"},
        {OBJECT, "80", "2 attributes is required (0 given)"},
        {OBJECT, "81a161c0", "2 attributes is required (1 given)"},
        {OBJECT, "83a161c0a162c0a163c0", "2 attributes is required (3 given)"},
        {OBJECT, "82a161c0a163c0", "unsupported attribute \"c\""},
        {OBJECT, "82a161c0a161c0", "same attribute twice"},
        {OBJECT, "82a161c0a26100c0", "unsupported attribute \"a"},
        {OBJECT, "82a161c0a26200c0", "unsupported attribute \"b"},
        {OBJECT, "82a161c0a162a0", "attribute b: "},
        {OBJECT, "82a161c0a16292c005a0", "bytes are left"},
        {OBJECT, "82a161c0a1629201c3", "attribute b: element 1: "},
        {"[\"object\",{}]", "81a161c0", "0 attributes is required (1 given)"},
        {"\"dynamic\"", "a178", "pair of type and value"},
        {"\"dynamic\"", "91c0", "pair of type and value"},
        {"\"dynamic\"", "93" BIN_STRING "a178c0", "pair of type and value"},
        {"\"dynamic\"", "92c0a178", "pair of type and value"},
        {"\"dynamic\"", "92" BIN_STRING "c3", "wrong type"},
        {"\"dynamic\"", "92c406737472696e67a178", "invalid JSON"},
        {"\"dynamic\"", "92c4057b7d7d7d7da178", "invalid JSON"},
        {"\"dynamic\"", "92c4027b7da178", "type constraint"},
        {"\"dynamic\"", "92c4092264796e616d69632292" BIN_STRING "a178", "type of its own"},
        {"\"string\"", "c7020c0101", "not a map"},
        {"\"string\"", "c7020c81c2", "longer than the message"},
        {"\"string\"", "c7030c8201c2", "longer than the message"},
        {"\"string\"", "c7040c8101c2c0", "bytes are left"},
        {"\"string\"", "c7030c810101", "nullness"},
        {"\"string\"", "c7030c8102c2", "prefix"},
        {"\"string\"", "c7040c8102a1ff", "prefix"},
        {"\"string\"", "c7040c81a131c2", "no number"},
        {"\"string\"", "c7050c8103919101", "too deeply"},
        {"\"string\"", "c7040c81038100", "longer than the message"},
        {"\"string\"", "c7050c8103810000", "wrong type"},
    };
    ARENA_AUTO arena = arena_new();
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        ERROR_AUTO(err);
        struct slice data = bytes_of_hex(cases[i].hex);
        const struct type *type = type_of(arena, cases[i].type);
        if (msgpack_decode(arena, type, data, &err))
            fail_msg("%s %s was taken", cases[i].type, cases[i].hex);
        free((char *)(uintptr_t)data.ptr);
        assert_int_equal(err.code, ERROR_INVALID);
        if (!strstr(error_message(&err), cases[i].message))
            fail_msg("%s %s: %s", cases[i].type, cases[i].hex, error_message(&err));
    }
}

static void refinements_have_a_limit(void **state)
{
    (void)state;
    ARENA_AUTO arena = arena_new();
    for (size_t length = 1020; length < 1030; length++) {
        STR_AUTO data = STR_INIT;
        str_printf(&data, "\xc8%c%c\x0c\x81\x02\xda%c%c", (char)(length >> 8), (char)length,
                   (char)((length - 5) >> 8), (char)(length - 5));
        for (size_t i = 0; i < length - 5; i++)
            str_append_char(&data, 'x');
        const struct value *value =
            decode(arena, &type_string, (struct slice){data.ptr, data.length});
        assert_int_equal(!!value, length <= 1024);
    }
}

static void truncated_input_is_refused(void **state)
{
    (void)state;
    ARENA_AUTO arena = arena_new();
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        const struct type *type = type_of(arena, rows[i].type);
        struct slice data = bytes_of_hex(rows[i].hex);
        for (size_t length = 0; length < data.length; length++) {
            char *part = mem_alloc(length ? length : 1);
            memcpy(part, data.ptr, length);
            if (decode(arena, type, (struct slice){part, length}))
                fail_msg("%s %s: %zu bytes were taken", rows[i].type, rows[i].hex, length);
            free(part);
        }
        free((char *)(uintptr_t)data.ptr);
    }
}

/* Any byte replaced by any other: refused, or a value that can be written and read again. */
static void changed_input_does_no_harm(void **state)
{
    (void)state;
    ARENA_AUTO arena = arena_new();
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        struct slice data = bytes_of_hex(rows[i].hex);
        char *bytes = (char *)(uintptr_t)data.ptr;
        for (size_t at = 0; at < data.length; at++) {
            char kept = bytes[at];
            for (int byte = 0; byte < 256; byte++) {
                bytes[at] = (char)byte;
                const struct type *type = type_of(arena, rows[i].type);
                const struct value *value = decode(arena, type, data);
                STR_AUTO out = STR_INIT;
                if (value) {
                    msgpack_encode(type, value, &out);
                    const struct value *back =
                        decode(arena, type, (struct slice){out.ptr, out.length});
                    assert_true(back && value_equal(type, value, back));
                }
                arena_reset(arena);
            }
            bytes[at] = kept;
        }
        free(bytes);
    }
}

static const struct type *nested_list(struct arena *arena, int depth)
{
    const struct type *type = &type_bool;
    for (int i = 0; i < depth; i++)
        type = type_list(arena, type);
    return type;
}

static void depth_has_a_limit(void **state)
{
    (void)state;
    ARENA_AUTO arena = arena_new();
    char data[VALUE_MAX_DEPTH + 1];
    memset(data, '\x91', sizeof(data));
    data[VALUE_MAX_DEPTH - 1] = data[VALUE_MAX_DEPTH] = '\xc3';
    const struct type *type = nested_list(arena, VALUE_MAX_DEPTH - 1);
    assert_non_null(decode(arena, type, (struct slice){data, VALUE_MAX_DEPTH}));
    data[VALUE_MAX_DEPTH - 1] = '\x91';
    type = nested_list(arena, VALUE_MAX_DEPTH);
    assert_null(decode(arena, type, (struct slice){data, VALUE_MAX_DEPTH + 1}));
    /* a type that nests deeply is refused before its value is looked at */
    STR_AUTO text = STR_INIT;
    for (int i = 0; i < 5000; i++)
        str_append(&text, "[\"list\",");
    STR_AUTO dynamic = STR_INIT;
    str_printf(&dynamic, "\x92\xc5%c%c%s\xc0", (char)(text.length >> 8), (char)text.length,
               str_text(&text));
    assert_null(decode(arena, &type_dynamic, (struct slice){dynamic.ptr, dynamic.length}));
}

static void claimed_lengths_allocate_nothing(void **state)
{
    (void)state;
    static const struct {
        const char *type, *hex;
    } cases[] = {
        {"\"string\"", "dbffffffff61"},
        {"\"string\"", "c6ffffffff61"},
        {"\"string\"", "c9ffffffff0061"},
        {"\"string\"", "c9ffffffff0c61"},
        {"[\"list\",\"bool\"]", "ddffffffffc3c3"},
        {"[\"map\",\"bool\"]", "dfffffffffa161c3"},
        {"[\"map\",\"bool\"]", "83a161c3a162"},
        {OBJECT, "dfffffffffa161c3"},
        {"\"dynamic\"", "92c6ffffffff"},
    };
    ARENA_AUTO arena = arena_new();
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        const struct type *type = type_of(arena, cases[i].type);
        struct slice data = bytes_of_hex(cases[i].hex);
        size_t before = arena_used(arena);
        assert_null(decode(arena, type, data));
        assert_true(arena_used(arena) - before < 1024);
        free((char *)(uintptr_t)data.ptr);
    }
}

/* Lists within lists that each claim the whole rest of the message. */
static void nested_claims_do_not_multiply(void **state)
{
    (void)state;
    enum { DEPTH = 100, LENGTH = 100 * 1024 };
    ARENA_AUTO arena = arena_new();
    const struct type *type = nested_list(arena, DEPTH);
    char *data = mem_calloc(1, LENGTH);
    memset(data, 0xc3, LENGTH);
    for (size_t i = 0; i < DEPTH; i++) {
        size_t rest = LENGTH - (i + 1) * 5;
        char *at = data + i * 5;
        at[0] = '\xdd';
        for (int b = 0; b < 4; b++)
            at[1 + b] = (char)(rest >> (24 - 8 * b));
    }
    size_t before = arena_used(arena);
    assert_null(decode(arena, type, (struct slice){data, LENGTH}));
    assert_true(arena_used(arena) - before < (size_t)LENGTH * 16);
    free(data);
}

static void long_collections_and_strings_round_trip(void **state)
{
    (void)state;
    static const size_t counts[] = {0, 1, 15, 16, 31, 32, 255, 256, 65535, 65536, 70000};
    ARENA_AUTO arena = arena_new();
    for (size_t i = 0; i < ARRAY_LENGTH(counts); i++) {
        size_t count = counts[i];
        const struct value **items = arena_array(arena, const struct value *, count);
        struct value_entry *entries = arena_array(arena, struct value_entry, count);
        char *text = arena_alloc(arena, count);
        memset(text, 't', count);
        for (size_t j = 0; j < count; j++) {
            items[j] = value_bool(j % 3 == 0);
            entries[j].key = slice_from(arena_printf(arena, "%06zu", j));
            entries[j].value = items[j];
        }
        const struct {
            const struct type *type;
            const struct value *value;
        } cases[] = {{type_list(arena, &type_bool), value_list(arena, items, count)},
                     {type_map(arena, &type_bool), value_map(arena, entries, count)},
                     {&type_string, value_string_bytes(arena, text, count)}};
        for (size_t k = 0; k < ARRAY_LENGTH(cases); k++) {
            STR_AUTO out = STR_INIT;
            msgpack_encode(cases[k].type, cases[k].value, &out);
            const struct value *back =
                decode(arena, cases[k].type, (struct slice){out.ptr, out.length});
            assert_true(value_equal(cases[k].type, cases[k].value, back));
        }
    }
}

static void random_values_round_trip(void **state)
{
    (void)state;
    struct test_random random = random_start(true);
    ARENA_AUTO arena = arena_new();
    for (int round = 0; round < 2000; round++) {
        const struct type *type = random_type(&random, arena, 4);
        const struct value *value = random_value(&random, arena, type);
        STR_AUTO out = STR_INIT, again = STR_INIT;
        msgpack_encode(type, value, &out);
        const struct value *back = decode(arena, type, (struct slice){out.ptr, out.length});
        assert_true(back && value_equal(type, value, back));
        msgpack_encode(type, back, &again);
        assert_int_equal(again.length, out.length);
        assert_memory_equal(again.ptr, out.ptr, out.length);
        arena_reset(arena);
    }
}

static void values_of_other_types_are_written_as_null(void **state)
{
    (void)state;
    ARENA_AUTO arena = arena_new();
    const struct type *tuple = type_of(arena, "[\"tuple\",[\"bool\",\"bool\"]]");
    const struct value *wrong[] = {&value_true,
                                   value_integer(arena, 1),
                                   value_string(arena, "x"),
                                   value_of(arena, "[true]"),
                                   value_of(arena, "{\"a\":1}"),
                                   value_dynamic(arena, &type_bool, &value_true)};
    const struct type *types[] = {&type_bool,
                                  &type_number,
                                  &type_string,
                                  type_of(arena, "[\"list\",\"bool\"]"),
                                  type_of(arena, "[\"map\",\"number\"]"),
                                  &type_dynamic};
    for (size_t i = 0; i < ARRAY_LENGTH(types); i++)
        for (size_t j = 0; j < ARRAY_LENGTH(wrong); j++)
            assert_int_equal(strcmp(encode(arena, types[i], wrong[j]), "c0") == 0, i != j);
    assert_string_equal(encode(arena, tuple, wrong[3]), "c0");
    assert_string_equal(encode(arena, type_of(arena, OBJECT), wrong[4]), "82a161c0a162c0");
    assert_string_equal(encode(arena, type_of(arena, OBJECT), NULL), "c0");
    /* members that are no attributes are left out, absent ones are null */
    const struct value *object = value_of(arena, "{\"0\":1,\"aa\":2,\"b\":[3],\"z\":4}");
    assert_string_equal(encode(arena, type_of(arena, OBJECT), object), "82a161c0a1629103");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_form_is_read_and_written),
        cmocka_unit_test(refinements_are_kept),
        cmocka_unit_test(refinements_that_cannot_be_are_not_written),
        cmocka_unit_test(wrong_input_is_refused),
        cmocka_unit_test(refinements_have_a_limit),
        cmocka_unit_test(truncated_input_is_refused),
        cmocka_unit_test(changed_input_does_no_harm),
        cmocka_unit_test(depth_has_a_limit),
        cmocka_unit_test(claimed_lengths_allocate_nothing),
        cmocka_unit_test(nested_claims_do_not_multiply),
        cmocka_unit_test(long_collections_and_strings_round_trip),
        cmocka_unit_test(random_values_round_trip),
        cmocka_unit_test(values_of_other_types_are_written_as_null),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
