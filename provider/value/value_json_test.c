#include "provider/value/value_json.h"

#include "provider/value/msgpack.h"
#include "provider/value/test_random.h"
#include "provider/value/test_values.h"

#define OBJECT "[\"object\",{\"a\":\"string\",\"b\":[\"list\",\"number\"]}]"

static const struct value *decode(struct arena *arena, const struct type *type,
                                  enum value_json_mode mode, const char *json, size_t length)
{
    ERROR_AUTO(err);
    const struct value *value =
        value_json_decode(arena, type, mode, (struct slice){json, length}, &err);
    assert_int_equal(error_is_set(&err), !value);
    if (!value)
        assert_int_equal(err.code, ERROR_INVALID);
    return value;
}

/* What is read, and what is written back when that differs. */
static const struct {
    const char *type, *json, *value, *written;
} rows[] = {
    {"\"string\"", "null", "null", NULL},
    {OBJECT, "null", "null", NULL},
    {"\"bool\"", "true", "true", NULL},
    {"\"bool\"", " \t\r\n false \n", "false", "false"},
    {"\"string\"", "\"\"", "\"\"", NULL},
    {"\"string\"", "\"a/b\"", "\"a/b\"", NULL},
    {"\"string\"", "\"\xe6\xbc\xa2\xf0\x9f\x98\x80\"", "\"\xe6\xbc\xa2\xf0\x9f\x98\x80\"", NULL},
    {"\"string\"", "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\\"\\\\/\\u0008\\u000c\\n\\u000d\\u0009\"",
     "\"\\\"\\\\/\\u0008\\u000c\\u000a\\u000d\\u0009\""},
    {"\"string\"", "\"\\u0041\\u00e9\\u6f22\\uD83D\\ude00\"",
     "\"A\xc3\xa9\xe6\xbc\xa2\xf0\x9f\x98\x80\"", "\"A\xc3\xa9\xe6\xbc\xa2\xf0\x9f\x98\x80\""},
    {"\"string\"", "\"\\u0000\"", "\"\\u0000\"", NULL},
    {"\"string\"", "\"\\uffff\\uD7FF\\uE000\"", "\"\xef\xbf\xbf\xed\x9f\xbf\xee\x80\x80\"",
     "\"\xef\xbf\xbf\xed\x9f\xbf\xee\x80\x80\""},
    {"\"string\"", "\"\\ud800\"", "\"\xef\xbf\xbd\"", "\"\xef\xbf\xbd\""},
    {"\"string\"", "\"\\udc00x\"", "\"\xef\xbf\xbdx\"", "\"\xef\xbf\xbdx\""},
    {"\"string\"", "\"\\ud800\\u0041\"",
     "\"\xef\xbf\xbd"
     "A\"",
     "\"\xef\xbf\xbd"
     "A\""},
    {"\"string\"", "\"\\ud800\\ud83d\\ude00\"", "\"\xef\xbf\xbd\xf0\x9f\x98\x80\"",
     "\"\xef\xbf\xbd\xf0\x9f\x98\x80\""},
    {"\"string\"", "\"\\ud800\\n\"", "\"\xef\xbf\xbd\\n\"", "\"\xef\xbf\xbd\\u000a\""},
    {"\"string\"", "\"x\\ny\\nz\"", "\"x\\ny\\nz\"", "\"x\\u000ay\\u000az\""},
    {"\"number\"", "0", "0", NULL},
    {"\"number\"", "-0", "0", "0"},
    {"\"number\"", "80", "80", NULL},
    {"\"number\"", "1.0", "1", "1"},
    {"\"number\"", "3.14", "3.14", NULL},
    {"\"number\"", "-0.10", "-0.1", "-0.1"},
    {"\"number\"", "1e3", "1000", "1000"},
    {"\"number\"", "1E-3", "0.001", "0.001"},
    {"\"number\"", "12345678901234567890123", "12345678901234567890123", NULL},
    {"\"number\"", "0.1000000000000000055511151231257827", "0.1000000000000000055511151231257827",
     NULL},
    {"[\"list\",\"number\"]", "[]", "[]", NULL},
    {"[\"list\",\"number\"]", "[ 1 , null , 3 ]", "[1, null, 3]", "[1,null,3]"},
    {"[\"set\",\"string\"]", "[\"b\",\"a\"]", "[\"b\", \"a\"]", NULL},
    {"[\"map\",\"bool\"]", "{}", "{}", NULL},
    {"[\"map\",\"bool\"]", "{ \"b\" : true , \"a\" : null }", "{a = null, b = true}",
     "{\"a\":null,\"b\":true}"},
    {"[\"map\",\"bool\"]", "{\"\\u0061\\n\":true}", "{a\n = true}", "{\"a\\u000a\":true}"},
    {"[\"tuple\",[\"bool\",\"string\"]]", "[true,\"x\"]", "[true, \"x\"]", NULL},
    {"[\"tuple\",[]]", "[]", "[]", NULL},
    {"[\"object\",{}]", "{}", "{}", NULL},
    {OBJECT, "{\"b\":[1],\"a\":\"x\"}", "{a = \"x\", b = [1]}", "{\"a\":\"x\",\"b\":[1]}"},
    {OBJECT, "{\"b\":[]}", "{a = null, b = []}", "{\"a\":null,\"b\":[]}"},
    {OBJECT, "{}", "{a = null, b = null}", "{\"a\":null,\"b\":null}"},
    {"\"dynamic\"", "null", "null", NULL},
    {"\"dynamic\"", "{\"type\":\"string\",\"value\":\"x\"}", "\"x\"", NULL},
    {"\"dynamic\"", "{\"value\":[1,2],\"type\":[\"set\",\"number\"]}", "[1, 2]",
     "{\"type\":[\"set\",\"number\"],\"value\":[1,2]}"},
    {"\"dynamic\"", "{\"value\":null,\"type\":\"bool\"}", "null",
     "{\"type\":\"bool\",\"value\":null}"},
    {"\"dynamic\"", "{\"value\":null,\"type\":\"dynamic\"}", "null", "null"},
    {"[\"list\",\"dynamic\"]", "[null,{\"type\":\"number\",\"value\":1}]", "[null, 1]", NULL},
};

static void every_form_is_read_and_written(void **state)
{
    (void)state;
    ARENA_AUTO arena = arena_new();
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
        for (int mode = VALUE_JSON_STRICT; mode <= VALUE_JSON_STATE; mode++) {
            const struct type *type = type_of(arena, rows[i].type);
            size_t length = strlen(rows[i].json);
            char *json = mem_alloc(length); /* without NUL */
            memcpy(json, rows[i].json, length);
            const struct value *value =
                decode(arena, type, (enum value_json_mode)mode, json, length);
            memset(json, 0xdd, length);
            free(json);
            if (!value)
                fail_msg("%s %s was refused", rows[i].type, rows[i].json);
            assert_string_equal(printed(arena, value), rows[i].value);
            STR_AUTO out = STR_INIT;
            ERROR_AUTO(err);
            assert_true(value_json_encode(type, value, &out, &err));
            assert_string_equal(str_text(&out), rows[i].written ? rows[i].written : rows[i].json);
        }
}

static void wrong_input_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *type, *json, *message;
    } cases[] = {
        {"\"string\"", "", "at byte 0: it ends too early"},
        {"\"string\"", "  ", "at byte 2: it ends too early"},
        {"\"string\"", "nul", "a value was expected"},
        {"\"string\"", "nulll", "at byte 4: text is left"},
        {"\"string\"", "None", "a value was expected"},
        {"\"string\"", "'a'", "a value was expected"},
        {"\"string\"", "\"a", "not closed"},
        {"\"string\"", "\"a\\", "not closed"},
        {"\"string\"", "\"a\"b", "text is left"},
        {"\"string\"", "\"\\x\"", "unknown escape"},
        {"\"string\"", "\"\\u12\"", "escape"},
        {"\"string\"", "\"\\u12", "cut short"},
        {"\"string\"", "\"\\u12g4\"", "not hexadecimal"},
        {"\"string\"", "\"\\ud800\\u\"", "cut short"},
        {"\"string\"", "\"\\ud800\\uzzzz\"", "not hexadecimal"},
        {"\"string\"", "\"a\nb\"", "control character"},
        {"\"string\"", "\"\xff\"", "not UTF-8"},
        {"\"string\"", "\"\xc3\"", "not UTF-8"},
        {"\"string\"", "\"\\u00e9\xc3\"", "not UTF-8"},
        {"\"string\"", "\"\xed\xa0\x80\"", "not UTF-8"},
        {"\"string\"", "[\"a\"]", "a string was expected"},
        {"\"string\"", "{}", "a string was expected"},
        {"\"number\"", "01", "text is left"},
        {"\"number\"", "-01", "text is left"},
        {"\"number\"", "00", "text is left"},
        {"\"number\"", "+1", "a value was expected"},
        {"\"number\"", "-", "a value was expected"},
        {"\"number\"", ".5", "a value was expected"},
        {"\"number\"", "1.", "a value was expected"},
        {"\"number\"", "1.e5", "a value was expected"},
        {"\"number\"", "1e", "a value was expected"},
        {"\"number\"", "1e+", "a value was expected"},
        {"\"number\"", "1e5000", "too long"},
        {"\"number\"", "0x10", "text is left"},
        {"\"number\"", "NaN", "a value was expected"},
        {"\"number\"", "true", "a number was expected"},
        {"\"number\"", "\"x\"", "a number was expected"},
        {"\"bool\"", "1", "true or false was expected"},
        {"\"bool\"", "\"yes\"", "true or false was expected"},
        {"[\"list\",\"bool\"]", "[", "too early"},
        {"[\"list\",\"bool\"]", "[true", "not closed"},
        {"[\"list\",\"bool\"]", "[true,]", "a value was expected"},
        {"[\"list\",\"bool\"]", "[true true]", "not closed"},
        {"[\"list\",\"bool\"]", "[truefalse]", "not closed"},
        {"[\"list\",\"bool\"]", "[,true]", "a value was expected"},
        {"[\"list\",\"bool\"]", "[true}", "not closed"},
        {"[\"list\",\"bool\"]", "{}", "an array was expected"},
        {"[\"list\",\"bool\"]", "[true,3]", "element 1: "},
        {"[\"tuple\",[\"bool\"]]", "[]", "another length"},
        {"[\"map\",\"bool\"]", "{", "member was expected"},
        {"[\"map\",\"bool\"]", "{\"a\"", "member was expected"},
        {"[\"map\",\"bool\"]", "{\"a\":", "too early"},
        {"[\"map\",\"bool\"]", "{\"a\":true", "not closed"},
        {"[\"map\",\"bool\"]", "{\"a\":true,}", "member was expected"},
        {"[\"map\",\"bool\"]", "{a:true}", "member was expected"},
        {"[\"map\",\"bool\"]", "{\"a\" true}", "member was expected"},
        {"[\"map\",\"bool\"]", "{\"a\":true \"b\":true}", "not closed"},
        {"[\"map\",\"bool\"]", "{\"a\":true,\"a\":true}", "same member twice"},
        {"[\"map\",\"bool\"]", "{\"a\":true,\"\\u0061\":true}", "same member twice"},
        {"[\"map\",\"bool\"]", "{\"\xff\":true}", "not UTF-8"},
        {"[\"map\",\"bool\"]", "[]", "an object was expected"},
        {"[\"map\",\"bool\"]", "{\"a\":3}", "element \"a\": "},
        {OBJECT, "[]", "an object was expected"},
        {OBJECT, "{\"c\":1}", "unknown attribute \"c\""},
        {OBJECT, "{\"a\\u0000\":\"x\"}", "unknown attribute \"a"},
        {OBJECT, "{\"b\":[1,[]]}", "attribute b: element 1: "},
        {"\"dynamic\"", "\"x\"", "type and value"},
        {"\"dynamic\"", "{}", "type and value"},
        {"\"dynamic\"", "{\"type\":\"string\"}", "type and value"},
        {"\"dynamic\"", "{\"type\":\"string\",\"value\":\"x\",\"more\":1}", "type and value"},
        {"\"dynamic\"", "{\"value\":\"x\",\"typ\":1}", "type constraint"},
        {"\"dynamic\"", "{\"type\":\"string\",\"value\":[]}", "a string was expected"},
        {"\"dynamic\"", "{\"type\":\"dynamic\",\"value\":\"x\"}", "type of its own"},
        {"\"bool\"", "\xef\xbb\xbftrue", "a value was expected"},
        {"\"bool\"", "true // yes", "text is left"},
    };
    ARENA_AUTO arena = arena_new();
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        ERROR_AUTO(err);
        const struct type *type = type_of(arena, cases[i].type);
        if (value_json_decode(arena, type, VALUE_JSON_STRICT, slice_from(cases[i].json), &err))
            fail_msg("%s %s was taken", cases[i].type, cases[i].json);
        assert_int_equal(err.code, ERROR_INVALID);
        if (!strstr(error_message(&err), cases[i].message))
            fail_msg("%s %s: %s", cases[i].type, cases[i].json, error_message(&err));
    }
    assert_null(decode(arena, &type_bool, VALUE_JSON_STRICT, "true\0", 5));
    assert_null(decode(arena, &type_string, VALUE_JSON_STRICT, "\"a\0b\"", 5));
}

static void states_are_read_leniently(void **state)
{
    (void)state;
    static const struct {
        const char *type, *json, *value; /* NULL: refused also here */
    } cases[] = {
        {"\"string\"", "80", "\"80\""},
        {"\"string\"", "1.50", "\"1.5\""},
        {"\"string\"", "true", "\"true\""},
        {"\"string\"", "false", "\"false\""},
        {"\"string\"", "[]", NULL},
        {"\"number\"", "\"80\"", "80"},
        {"\"number\"", "\"\"", NULL},
        {"\"number\"", "\"8x\"", NULL},
        {"\"number\"", "true", NULL},
        {"\"bool\"", "\"true\"", "true"},
        {"\"bool\"", "\"false\"", "false"},
        {"\"bool\"", "\"True\"", NULL},
        {"\"bool\"", "1", NULL},
        {OBJECT, "{\"a\":7,\"gone\":{\"x\":[1]},\"b\":[\"1\",2]}", "{a = \"7\", b = [1, 2]}"},
        {OBJECT, "{\"a\":[]}", NULL},
        {"[\"list\"," OBJECT "]", "[{\"id\":1},{\"a\":\"x\"}]",
         "[{a = null, b = null}, {a = \"x\", b = null}]"},
        {"[\"map\",\"string\"]", "{\"n\":1}", "{n = \"1\"}"},
    };
    ARENA_AUTO arena = arena_new();
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        const struct type *type = type_of(arena, cases[i].type);
        size_t length = strlen(cases[i].json);
        const struct value *value = decode(arena, type, VALUE_JSON_STATE, cases[i].json, length);
        if (!value != !cases[i].value)
            fail_msg("%s %s was %s", cases[i].type, cases[i].json, value ? "taken" : "refused");
        if (value)
            assert_string_equal(printed(arena, value), cases[i].value);
        assert_null(decode(arena, type, VALUE_JSON_STRICT, cases[i].json, length));
    }
}

static void truncated_input_is_refused_or_shorter(void **state)
{
    (void)state;
    ARENA_AUTO arena = arena_new();
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        const struct type *type = type_of(arena, rows[i].type);
        /* Only numbers, and what has white space behind it, can end earlier. */
        bool may_end = strchr("-0123456789 ", rows[i].json[0]) != NULL;
        for (size_t length = 0; length < strlen(rows[i].json); length++) {
            char *part = mem_alloc(length ? length : 1);
            memcpy(part, rows[i].json, length);
            if (decode(arena, type, VALUE_JSON_STRICT, part, length) && !may_end)
                fail_msg("%s %s: %zu bytes were taken", rows[i].type, rows[i].json, length);
            free(part);
        }
    }
}

static void changed_input_does_no_harm(void **state)
{
    (void)state;
    ARENA_AUTO arena = arena_new();
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        size_t length = strlen(rows[i].json);
        char *json = mem_alloc(length);
        memcpy(json, rows[i].json, length);
        for (size_t at = 0; at < length; at++) {
            char kept = json[at];
            for (int byte = 0; byte < 256; byte++) {
                json[at] = (char)byte;
                const struct type *type = type_of(arena, rows[i].type);
                const struct value *value = decode(arena, type, VALUE_JSON_STATE, json, length);
                STR_AUTO out = STR_INIT;
                ERROR_AUTO(err);
                if (value) {
                    assert_true(value_json_encode(type, value, &out, &err));
                    const struct value *back =
                        decode(arena, type, VALUE_JSON_STRICT, out.ptr, out.length);
                    assert_true(back && value_equal(type, value, back));
                }
                arena_reset(arena);
            }
            json[at] = kept;
        }
        free(json);
    }
}

static void depth_has_a_limit(void **state)
{
    (void)state;
    static const struct {
        int depth;
        bool taken;
    } cases[] = {{1, true}, {VALUE_MAX_DEPTH, true}, {VALUE_MAX_DEPTH + 1, false}, {200000, false}};
    static const char *const brackets[][3] = {{"[", "]", "[]"}, {"{\"a\":", "}", "{}"}};
    ARENA_AUTO arena = arena_new();
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++)
        for (size_t j = 0; j < ARRAY_LENGTH(brackets); j++) {
            STR_AUTO text = STR_INIT;
            for (int k = 1; k < cases[i].depth; k++)
                str_append(&text, brackets[j][0]);
            str_append(&text, brackets[j][2]);
            for (int k = 1; k < cases[i].depth; k++)
                str_append(&text, brackets[j][1]);
            ERROR_AUTO(err);
            const struct value *value =
                value_json_decode_any(arena, (struct slice){text.ptr, text.length}, &err);
            assert_int_equal(!!value, cases[i].taken);
            if (!value)
                assert_non_null(strstr(error_message(&err), "nested too deeply"));
        }
}

static void unknown_values_cannot_be_written(void **state)
{
    (void)state;
    ARENA_AUTO arena = arena_new();
    static const char *const texts[] = {"\"?\"", "[1,\"?\"]", "{\"a\":{\"b\":\"?\"}}"};
    for (size_t i = 0; i < ARRAY_LENGTH(texts); i++) {
        STR_AUTO out = STR_INIT;
        ERROR_AUTO(err);
        assert_false(value_json_encode(NULL, value_of(arena, texts[i]), &out, &err));
        assert_int_equal(err.code, ERROR_INTERNAL);
    }
    STR_AUTO out = STR_INIT;
    ERROR_AUTO(err);
    assert_false(value_json_encode(&type_dynamic,
                                   value_dynamic(arena, &type_string, &value_unknown), &out, &err));
}

static void json_without_a_type_keeps_its_shape(void **state)
{
    (void)state;
    static const char text[] = "{\"a\":[1,2.5,\"x\",null,true,{}],\"b\":{\"c\":[[]]}}";
    ARENA_AUTO arena = arena_new();
    ERROR_AUTO(err);
    STR_AUTO out = STR_INIT;
    const struct value *value = value_json_decode_any(arena, slice_from(text), &err);
    assert_true(value_json_encode(NULL, value, &out, &err));
    assert_string_equal(str_text(&out), text);
}

static void random_values_round_trip(void **state)
{
    (void)state;
    struct test_random random = random_start(false);
    ARENA_AUTO arena = arena_new();
    for (int round = 0; round < 2000; round++) {
        const struct type *type = random_type(&random, arena, 4);
        const struct value *value = random_value(&random, arena, type);
        STR_AUTO out = STR_INIT;
        ERROR_AUTO(err);
        assert_true(value_json_encode(type, value, &out, &err));
        for (int mode = VALUE_JSON_STRICT; mode <= VALUE_JSON_STATE; mode++) {
            const struct value *back =
                decode(arena, type, (enum value_json_mode)mode, out.ptr, out.length);
            assert_true(back && value_equal(type, value, back));
        }
        arena_reset(arena);
    }
}

static void types_round_trip(void **state)
{
    (void)state;
    static const struct {
        const char *text, *written; /* NULL: the same */
    } cases[] = {
        {"\"bool\"", NULL},
        {"\"number\"", NULL},
        {"\"string\"", NULL},
        {"\"dynamic\"", NULL},
        {"[\"list\",\"string\"]", NULL},
        {"[\"set\",[\"map\",\"dynamic\"]]", NULL},
        {"[\"tuple\",[]]", NULL},
        {"[\"tuple\",[\"bool\",[\"list\",\"number\"]]]", NULL},
        {"[\"object\",{}]", NULL},
        {"[\"object\",{\"a\":\"bool\",\"b\":[\"object\",{\"c\":\"string\"}]}]", NULL},
        {" [ \"object\" , { \"b\" : \"bool\", \"a\" : \"string\" } , [ \"a\" ] ] ",
         "[\"object\",{\"a\":\"string\",\"b\":\"bool\"}]"},
    };
    ARENA_AUTO arena = arena_new();
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        STR_AUTO out = STR_INIT;
        type_json_encode(type_of(arena, cases[i].text), &out);
        assert_string_equal(str_text(&out), cases[i].written ? cases[i].written : cases[i].text);
    }
    struct test_random random = random_start(false);
    for (int round = 0; round < 500; round++) {
        const struct type *type = random_type(&random, arena, 5);
        STR_AUTO out = STR_INIT;
        type_json_encode(type, &out);
        assert_true(type_equal(type, type_of(arena, str_text(&out))));
        arena_reset(arena);
    }
}

static void wrong_types_are_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "string",
        "null",
        "true",
        "1",
        "{}",
        "[]",
        "\"\"",
        "\"String\"",
        "\"any\"",
        "\"list\"",
        "\"string\\u0000\"",
        "[\"string\"]",
        "[\"list\"]",
        "[\"list\",\"string\",\"string\"]",
        "[\"list\",null]",
        "[\"list\",[\"string\"]]",
        "[\"list\\u0000\",\"string\"]",
        "[[\"list\"],\"string\"]",
        "[\"tuple\",\"string\"]",
        "[\"tuple\",{}]",
        "[\"tuple\",[\"nothing\"]]",
        "[\"tuple\",[],[]]",
        "[\"object\",[]]",
        "[\"object\",{\"a\":null}]",
        "[\"object\",{\"a\":\"string\"},\"a\"]",
        "[\"object\",{\"a\":\"string\"},[],[]]",
        "[\"object\",{\"a\":\"string\",\"a\":\"string\"}]",
        "[\"object\",{\"a\\u0000b\":\"string\"}]",
        "\"string\" ,",
    };
    ARENA_AUTO arena = arena_new();
    for (size_t i = 0; i < ARRAY_LENGTH(texts); i++) {
        ERROR_AUTO(err);
        if (type_json_decode(arena, slice_from(texts[i]), &err))
            fail_msg("%s was taken", texts[i]);
        assert_int_equal(err.code, ERROR_INVALID);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_form_is_read_and_written),
        cmocka_unit_test(wrong_input_is_refused),
        cmocka_unit_test(states_are_read_leniently),
        cmocka_unit_test(truncated_input_is_refused_or_shorter),
        cmocka_unit_test(changed_input_does_no_harm),
        cmocka_unit_test(depth_has_a_limit),
        cmocka_unit_test(unknown_values_cannot_be_written),
        cmocka_unit_test(json_without_a_type_keeps_its_shape),
        cmocka_unit_test(random_values_round_trip),
        cmocka_unit_test(types_round_trip),
        cmocka_unit_test(wrong_types_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
