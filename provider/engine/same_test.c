#include "provider/engine/same.h"

#include "provider/value/test_values.h"

static bool any_case(const struct value *a, const struct value *b)
{
    return text_equal_nocase(value_text(a), value_text(b));
}

/* The asking side may lack what others put there. */
static bool holds_all(const struct value *asked, const struct value *held)
{
    for (size_t i = 0; i < value_count(asked); i++)
        if (!value_equal(NULL, asked->map.entries[i].value,
                         value_get(held, asked->map.entries[i].key.ptr)))
            return false;
    return true;
}

static const struct attribute inner_fields[] = {
    {.name = "deep", .flags = OPTIONAL},
    {.name = NULL},
};
static const struct attribute fields[] = {
    {.name = "name", .flags = REQUIRED | KEY},
    {.name = "size", .kind = ATTRIBUTE_INTEGER, .flags = OPTIONAL | COMPUTED},
    {.name = "mode", .flags = OPTIONAL, .default_value = "auto"},
    {.name = "note", .flags = OPTIONAL},
    {.name = "on", .kind = ATTRIBUTE_BOOL, .flags = OPTIONAL},
    {.name = "secret", .flags = OPTIONAL | UNREADABLE},
    {.name = "inner",
     .kind = ATTRIBUTE_OBJECT_LIST,
     .flags = OPTIONAL | SINGLE,
     .fields = inner_fields},
    {.name = NULL},
};

static const struct attribute text = {.name = "a", .flags = OPTIONAL};
static const struct attribute cased = {.name = "a", .flags = OPTIONAL, .equal = any_case};
static const struct attribute number_text = {
    .name = "a", .flags = OPTIONAL, .json_kind = JSON_NUMBER_TEXT};
static const struct attribute number = {.name = "a", .kind = ATTRIBUTE_NUMBER, .flags = OPTIONAL};
static const struct attribute list = {
    .name = "a", .kind = ATTRIBUTE_STRING_LIST, .flags = OPTIONAL, .equal = any_case};
static const struct attribute set = {
    .name = "a", .kind = ATTRIBUTE_STRING_SET, .flags = OPTIONAL, .equal = any_case};
static const struct attribute map = {.name = "a", .kind = ATTRIBUTE_STRING_MAP, .flags = OPTIONAL};
static const struct attribute shared_map = {
    .name = "a", .kind = ATTRIBUTE_STRING_MAP, .flags = OPTIONAL, .equal = holds_all};
static const struct attribute objects = {
    .name = "a", .kind = ATTRIBUTE_OBJECT_LIST, .flags = OPTIONAL, .fields = fields};
static const struct attribute object_set = {
    .name = "a", .kind = ATTRIBUTE_OBJECT_SET, .flags = OPTIONAL, .fields = fields};

static void spellings_are_compared_by_meaning(void **state)
{
    (void)state;
    static const struct {
        const struct attribute *attribute;
        const char *asked, *held;
        bool planned, read;
    } rows[] = {
        {&text, "\"a\"", "\"a\"", true, true},
        {&text, "\"a\"", "\"A\"", false, false},
        {&text, "null", "null", true, true},
        {&text, "null", "\"\"", false, false}, /* at this level null is only null */
        {&text, "\"?\"", "\"a\"", false, false},
        {&cased, "\"a\"", "\"A\"", true, true},
        {&number_text, "\"007\"", "\"7.0\"", true, true},
        {&number_text, "\"7\"", "\"8\"", false, false},
        {&number_text, "\"x\"", "\"y\"", false, false},
        {&number, "1.50", "1.5", true, true},
        {&list, "[\"a\",\"b\"]", "[\"A\",\"B\"]", true, true},
        {&list, "[\"a\",\"b\"]", "[\"B\",\"A\"]", false, false},
        {&list, "[\"a\"]", "[\"a\",\"b\"]", false, false},
        {&list, "[\"?\"]", "[\"a\"]", false, false},
        {&set, "[\"a\",\"b\"]", "[\"B\",\"A\"]", true, true},
        {&set, "[\"a\",\"b\"]", "[\"a\",\"c\"]", false, false},
        {&map, "{\"a\":\"b\"}", "{\"a\":\"b\"}", true, true},
        {&map, "{\"a\":\"b\"}", "{\"a\":\"b\",\"c\":\"d\"}", false, false},
        {&map, "{\"a\":\"b\"}", "{\"a\":\"c\"}", false, false},
        {&shared_map, "{\"a\":\"b\",\"c\":\"d\"}", "{\"a\":\"x\",\"c\":\"d\"}", false, false},
        /* null in objects is not the user's to say */
        {&objects, "[{\"name\":\"a\"}]",
         "[{\"name\":\"a\",\"size\":5,\"mode\":\"auto\",\"note\":\"\",\"on\":false,"
         "\"inner\":[{}]}]",
         true, true},
        {&objects, "[{\"name\":\"a\"}]", "[{\"name\":\"a\",\"mode\":\"other\"}]", false, false},
        {&objects, "[{\"name\":\"a\"}]", "[{\"name\":\"a\",\"note\":\"x\"}]", false, false},
        {&objects, "[{\"name\":\"a\"}]", "[{\"name\":\"a\",\"inner\":[{\"deep\":\"x\"}]}]", false,
         false},
        {&objects, "[{\"name\":\"a\",\"note\":\"\",\"on\":false,\"mode\":\"auto\"}]",
         "[{\"name\":\"a\"}]", true, true},
        {&objects, "[{\"name\":\"a\",\"on\":true}]", "[{\"name\":\"a\"}]", false, false},
        /* what a computed attribute really holds is not known where the state has a null */
        {&objects, "[{\"name\":\"a\",\"size\":0}]", "[{\"name\":\"a\"}]", false, false},
        {&objects, "[{\"name\":\"a\",\"secret\":\"x\"}]", "[{\"name\":\"a\"}]", false, true},
        {&objects, "[{\"name\":\"?\"}]", "[{\"name\":\"a\"}]", false, false},
        /* a null fits many, so that the first that fits must not take the only one of another */
        {&object_set, "[{\"name\":\"a\"},{\"name\":\"a\",\"size\":5}]",
         "[{\"name\":\"a\",\"size\":5},{\"name\":\"a\",\"size\":6}]", true, true},
        {&object_set, "[{\"name\":\"a\",\"size\":5},{\"name\":\"a\",\"size\":5}]",
         "[{\"name\":\"a\",\"size\":5},{\"name\":\"a\",\"size\":6}]", false, false},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        ARENA_AUTO arena = arena_new();
        const struct value *asked = value_of(arena, rows[i].asked);
        const struct value *held = value_of(arena, rows[i].held);
        if (same_planned(rows[i].attribute, asked, held) != rows[i].planned)
            fail_msg("row %zu, planning: %s and %s", i, rows[i].asked, rows[i].held);
        if (same_read(rows[i].attribute, asked, held) != rows[i].read)
            fail_msg("row %zu, reading: %s and %s", i, rows[i].asked, rows[i].held);
    }
}

static void a_map_is_compared_as_a_whole(void **state)
{
    (void)state;
    ARENA_AUTO arena = arena_new();
    const struct value *mine = value_of(arena, "{\"a\":\"b\"}");
    const struct value *with_theirs = value_of(arena, "{\"a\":\"b\",\"system\":\"x\"}");
    const struct value *changed = value_of(arena, "{\"a\":\"c\"}");
    assert_true(same_planned(&shared_map, mine, mine));
    assert_ptr_equal(same_merge(arena, &shared_map, mine, with_theirs), mine);
    assert_ptr_not_equal(same_merge(arena, &shared_map, mine, changed), mine);
}

static void merges_show_the_drift_and_nothing_else(void **state)
{
    (void)state;
    static const struct {
        const struct attribute *attribute;
        const char *prior, *remote, *merged;
    } rows[] = {
        {&cased, "\"a\"", "\"A\"", "\"a\""},
        {&cased, "\"a\"", "\"B\"", "\"B\""},
        {&list, "[\"a\",\"b\"]", "[\"A\",\"C\",\"D\"]", "[\"a\",\"C\",\"D\"]"},
        {&set, "[\"a\",\"b\"]", "[\"C\",\"B\",\"A\"]", "[\"C\",\"b\",\"a\"]"},
        {&map, "{\"a\":\"b\"}", "{\"a\":\"c\",\"d\":\"e\"}", "{\"a\":\"c\",\"d\":\"e\"}"},
        {&objects, "[{\"name\":\"a\",\"secret\":\"s\"}]",
         "[{\"name\":\"a\",\"size\":7,\"mode\":\"auto\",\"note\":\"new\"}]",
         "[{\"name\":\"a\",\"note\":\"new\",\"secret\":\"s\"}]"},
        {&objects, "[{\"name\":\"a\",\"inner\":[{\"deep\":\"x\"}]}]",
         "[{\"name\":\"a\",\"inner\":[{\"deep\":\"y\"}]}]",
         "[{\"name\":\"a\",\"inner\":[{\"deep\":\"y\"}]}]"},
        /* the key finds the element that changed */
        {&object_set, "[{\"name\":\"a\",\"secret\":\"s\"},{\"name\":\"b\",\"secret\":\"t\"}]",
         "[{\"name\":\"b\",\"size\":1,\"note\":\"x\"},{\"name\":\"a\",\"size\":2},{\"name\":\"c\"}"
         "]",
         "[{\"name\":\"b\",\"note\":\"x\",\"secret\":\"t\"},{\"name\":\"a\",\"secret\":\"s\"},"
         "{\"name\":\"c\"}]"},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        ARENA_AUTO arena = arena_new();
        const struct value *merged =
            same_merge(arena, rows[i].attribute, value_of(arena, rows[i].prior),
                       value_of(arena, rows[i].remote));
        if (!value_equal(attribute_type(rows[i].attribute), value_of(arena, rows[i].merged),
                         merged))
            fail_msg("row %zu: %s", i, printed(arena, merged));
    }
}

static void nothing_is_null_empty_or_the_default(void **state)
{
    (void)state;
    static const struct attribute by_default = {
        .name = "a", .flags = OPTIONAL, .default_value = "x"};
    static const struct attribute single = {
        .name = "a", .kind = ATTRIBUTE_OBJECT_LIST, .flags = OPTIONAL | SINGLE, .fields = fields};
    static const struct {
        const struct attribute *attribute;
        const char *value;
        bool nothing;
    } rows[] = {
        {&text, "null", true},
        {&text, "\"\"", true},
        {&text, "\"x\"", false},
        {&text, "\"?\"", false},
        {&by_default, "\"x\"", true},
        {&by_default, "\"\"", false},
        {&number, "0", false},
        {&list, "[]", true},
        {&map, "{}", true},
        {&list, "[\"\"]", false},
        {&single, "[]", true},
        {&single, "[{}]", true},
        {&single, "[{\"mode\":\"auto\",\"on\":false}]", true},
        {&single, "[{\"on\":true}]", false},
        {&objects, "[{}]", false},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        ARENA_AUTO arena = arena_new();
        if (same_as_nothing(rows[i].attribute, value_of(arena, rows[i].value)) != rows[i].nothing)
            fail_msg("row %zu: %s", i, rows[i].value);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spellings_are_compared_by_meaning),
        cmocka_unit_test(a_map_is_compared_as_a_whole),
        cmocka_unit_test(merges_show_the_drift_and_nothing_else),
        cmocka_unit_test(nothing_is_null_empty_or_the_default),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
