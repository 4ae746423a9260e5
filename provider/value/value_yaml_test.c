#include "lib/base/yaml.h"
#include "provider/value/test_values.h"
#include "provider/value/value_yaml.h"

static const struct value *yaml(struct arena *arena, const char *text)
{
    ERROR_AUTO(err);
    const struct value *value = value_yaml_decode(arena, slice_from(text), &err);
    if (!value)
        fail_msg("%s: %s", text, error_message(&err));
    return value;
}

static void test_values(void **state)
{
    (void)state;
    static const struct {
        const char *yaml, *json;
    } cases[] = {
        {"", "[]"},
        {"---\n---\n# nothing\n---\n", "[]"},
        {"a: 1\n---\nb: [x, 'y', \"z\"]\n", "[{\"a\":1},{\"b\":[\"x\",\"y\",\"z\"]}]"},
        {"~", "[]"},
        {"a: ~\nb: null\nc:\nd: ''", "[{\"a\":null,\"b\":null,\"c\":null,\"d\":\"\"}]"},
        {"[yes, No, on, OFF, true, y, n, 'yes']",
         "[[true,false,true,false,true,\"y\",\"n\",\"yes\"]]"},
        {"[0644, 0o17, 0x1F, 0b101, -0x10, 08, 1_000]", "[[420,15,31,5,-16,8,1000]]"},
        {"[1.5, .5, 5., 1e3, -1.25e-2, +7]", "[[1.5,0.5,5,1000,-0.0125,7]]"},
        {"[1.2.3, 1.5Gi, 100m, v1, 12e, e3, '7', 0x, 10:20, 2026-06-02]",
         "[[\"1.2.3\",\"1.5Gi\",\"100m\",\"v1\",\"12e\",\"e3\",\"7\",\"0x\",\"10:20\","
         "\"2026-06-02\"]]"},
        {"12345678901234567890123456789", "[12345678901234567890123456789]"},
        {"{1: a, true: b, x: d}", "[{\"1\":\"a\",\"true\":\"b\",\"x\":\"d\"}]"},
        {"[!!str 1, !!int \"2\", !!bool 'yes', ! 3]", "[[\"1\",2,true,\"3\"]]"},
        {"a: |\n  one\n  two\nb: >-\n  one\n  two\n",
         "[{\"a\":\"one\\ntwo\\n\",\"b\":\"one two\"}]"},
        {"a: &x {k: 1}\nb: *x\n", "[{\"a\":{\"k\":1},\"b\":{\"k\":1}}]"},
        {"base: &b {k: 1, l: 2}\nuse:\n  <<: *b\n  l: 3\n",
         "[{\"base\":{\"k\":1,\"l\":2},\"use\":{\"k\":1,\"l\":3}}]"},
        {"- &a {k: 1}\n- &b {k: 2, m: 3}\n- <<: [*a, *b]\n",
         "[[{\"k\":1},{\"k\":2,\"m\":3},{\"k\":1,\"m\":3}]]"},
        {"'<<': 1", "[{\"<<\":1}]"},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        ARENA_AUTO arena = arena_new();
        assert_string_equal(printed(arena, yaml(arena, cases[i].yaml)),
                            printed(arena, value_of(arena, cases[i].json)));
    }
}

static void test_refused(void **state)
{
    (void)state;
    static const struct {
        const char *yaml, *message;
    } cases[] = {
        {"a: 1\nb: 2\na: 3\n", "line 3: the key \"a\" comes twice"},
        {"{on: 1, true: 2}", "the key \"true\" comes twice"},
        {"? [a]\n: 1\n", "line 1: a key must be a text"},
        {"~: 1", "a key must be a text"},
        {"a: [1\nb: 2", "line 2"},
        {"\ta: 1", "line 1"},
        {"a: *nowhere", "no anchor &nowhere"},
        {"a: &self [*self]", "no anchor &self"},
        {"a: &x 1\n---\nb: *x", "line 3: there is no anchor &x"},
        {"a: .inf", "no number"},
        {"a: !!int x", "\"x\" is no int"},
        {"a: !Ref x", "the tag !Ref"},
        {"a: !!set {x}", "the tag tag:yaml.org,2002:set"},
        {"<<: 1", "takes mappings only"},
        {"\"a\\0b\": 1", "a key holds a NUL character"},
        {"<<: [{a: 1}, 2]", "takes mappings only"},
        {"a: \xff", "YAML line 1"},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        ARENA_AUTO arena = arena_new();
        ERROR_AUTO(err);
        assert_null(value_yaml_decode(arena, slice_from(cases[i].yaml), &err));
        if (!strstr(error_message(&err), cases[i].message))
            fail_msg("%s: %s", cases[i].yaml, error_message(&err));
        assert_int_equal(err.code, ERROR_INVALID);
    }
}

static void test_depth(void **state)
{
    (void)state;
    for (int depth = YAML_MAX_DEPTH - 1; depth <= YAML_MAX_DEPTH + 1; depth++) {
        ARENA_AUTO arena = arena_new();
        ERROR_AUTO(err);
        STR_AUTO text = STR_INIT;
        for (int i = 0; i < depth; i++)
            str_append(&text, "[");
        for (int i = 0; i < depth; i++)
            str_append(&text, "]");
        const struct value *value =
            value_yaml_decode(arena, (struct slice){text.ptr, text.length}, &err);
        assert_int_equal(value != NULL, depth <= YAML_MAX_DEPTH);
        if (!value)
            assert_non_null(strstr(error_message(&err), "levels deep"));
    }
}

/* Ten aliases of ten aliases of … : a few hundred bytes for 10^9 values. */
static void test_aliases_are_counted(void **state)
{
    (void)state;
    ARENA_AUTO arena = arena_new();
    ERROR_AUTO(err);
    STR_AUTO text = STR_INIT;
    str_append(&text, "a0: &a0 x\n");
    for (int i = 1; i < 10; i++) {
        str_printf(&text, "a%d: &a%d [", i, i);
        for (int j = 0; j < 10; j++)
            str_printf(&text, "*a%d,", i - 1);
        str_append(&text, "]\n");
    }
    assert_null(value_yaml_decode(arena, (struct slice){text.ptr, text.length}, &err));
    assert_non_null(strstr(error_message(&err), "more than 1000000 values"));
}

static void test_aliases_of_long_texts_are_bounded(void **state)
{
    (void)state;
    ARENA_AUTO arena = arena_new();
    ERROR_AUTO(err);
    STR_AUTO text = STR_INIT;
    str_append(&text, "- &a ");
    for (int i = 0; i < 1024 * 1024; i++)
        str_append_char(&text, 'x');
    for (int i = 0; i < 100; i++)
        str_append(&text, "\n- *a");
    assert_null(value_yaml_decode(arena, (struct slice){text.ptr, text.length}, &err));
    assert_non_null(strstr(error_message(&err), "aliases that stand for more than"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_depth),
        cmocka_unit_test(test_aliases_are_counted),
        cmocka_unit_test(test_aliases_of_long_texts_are_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
