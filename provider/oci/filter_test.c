#include "provider/oci/filter.h"
#include "provider/value/test_values.h"

static const struct attribute nested[] = {
    {.name = "kind", .flags = COMPUTED, .doc = "-"},
    {.name = "size", .kind = ATTRIBUTE_INTEGER, .flags = COMPUTED, .doc = "-"},
    {.name = NULL},
};
static const struct attribute fields[] = {
    {.name = "name", .flags = COMPUTED, .doc = "-"},
    {.name = "count", .kind = ATTRIBUTE_NUMBER, .flags = COMPUTED, .doc = "-"},
    {.name = "on", .kind = ATTRIBUTE_BOOL, .flags = COMPUTED, .doc = "-"},
    {.name = "cidrs", .kind = ATTRIBUTE_STRING_LIST, .flags = COMPUTED, .doc = "-"},
    {.name = "tags", .kind = ATTRIBUTE_STRING_MAP, .flags = COMPUTED, .doc = "-"},
    {.name = "parts",
     .kind = ATTRIBUTE_OBJECT_LIST,
     .flags = COMPUTED,
     .fields = nested,
     .doc = "-"},
    {.name = NULL},
};

static const char items_json[] =
    "[{\"name\":\"web-1\",\"count\":1.50,\"on\":true,\"cidrs\":[\"10.0.0.0/16\",\"10.1.0.0/16\"],"
    "\"tags\":{\"team\":\"a\",\"x.y.z\":\"dots\"},\"parts\":[{\"kind\":\"boot\",\"size\":50}]},"
    "{\"name\":\"web-2\",\"count\":2,\"on\":false,\"cidrs\":[],\"tags\":{\"team\":\"b\"},"
    "\"parts\":[{\"kind\":\"boot\",\"size\":1},{\"kind\":\"data\",\"size\":2}]},"
    "{\"name\":\"Db\",\"count\":null,\"on\":null,\"cidrs\":null,\"tags\":{},\"parts\":[]}]";

/* The names that pass, with blanks between. */
static const char *passing(struct arena *arena, const char *filters, size_t *warnings)
{
    struct diagnostics diagnostics;
    diagnostics_init(&diagnostics, arena);
    const struct value *config =
        value_with(arena, &value_empty_map, "filter", value_of(arena, filters));
    const struct value *kept =
        filter_apply(arena, &diagnostics, config, fields, value_of(arena, items_json));
    STR_AUTO text = STR_INIT;
    for (size_t i = 0; i < value_count(kept); i++)
        str_printf(&text, "%s%s", i ? " " : "", value_text(value_get(value_item(kept, i), "name")));
    assert_int_equal(diagnostics.errors, 0);
    *warnings = diagnostics.count;
    return str_copy_to(&text, arena);
}

static void test_filters(void **state)
{
    (void)state;
    static const struct {
        const char *filters, *names;
        size_t warnings;
    } cases[] = {
        {"[]", "web-1 web-2 Db", 0},
        {"[{\"name\":\"name\",\"values\":[\"web-2\",\"Db\"]}]", "web-2 Db", 0},
        {"[{\"name\":\"name\",\"values\":[\"web\"]}]", "", 0},
        {"[{\"name\":\"name\",\"values\":[]}]", "", 0},
        {"[{\"name\":\"name\",\"values\":[\"eb-\\\\d$\"],\"regex\":true}]", "web-1 web-2", 0},
        {"[{\"name\":\"name\",\"values\":[\"^(?i)db$\"],\"regex\":true}]", "Db", 0},
        {"[{\"name\":\"name\",\"values\":[\"web-[\",\"D\"],\"regex\":true}]", "Db", 1},
        {"[{\"name\":\"count\",\"values\":[\"1.5\"]}]", "web-1", 0},
        {"[{\"name\":\"count\",\"values\":[\"x\",\"2\"]}]", "", 0},
        {"[{\"name\":\"count\",\"values\":[\"2\",\"x\"]}]", "web-2", 0},
        {"[{\"name\":\"on\",\"values\":[\"1\"]}]", "web-1", 0},
        {"[{\"name\":\"on\",\"values\":[\"False\"]}]", "web-2", 0},
        {"[{\"name\":\"on\",\"values\":[\"no\",\"true\"]}]", "", 0},
        {"[{\"name\":\"cidrs\",\"values\":[\"10.1.0.0/16\"]}]", "web-1", 0},
        {"[{\"name\":\"cidrs\",\"values\":[\"^10\"],\"regex\":true}]", "web-1", 0},
        {"[{\"name\":\"tags.team\",\"values\":[\"b\"]}]", "web-2", 0},
        {"[{\"name\":\"tags.x.y.z\",\"values\":[\"dots\"]}]", "web-1", 0},
        {"[{\"name\":\"tags\",\"values\":[\"b\"]}]", "", 0},
        {"[{\"name\":\"parts.kind\",\"values\":[\"boot\"]}]", "web-1", 0},
        {"[{\"name\":\"parts.size\",\"values\":[\"50\"]}]", "web-1", 0},
        {"[{\"name\":\"nome\",\"values\":[\"web-1\"]}]", "", 1},
        {"[{\"name\":\"name.x\",\"values\":[\"web-1\"]}]", "", 1},
        {"[{\"name\":\"parts.what\",\"values\":[\"boot\"]}]", "", 1},
        {"[{\"name\":\"name\",\"values\":[\"web\"],\"regex\":true},"
         "{\"name\":\"tags.team\",\"values\":[\"a\"]}]",
         "web-1", 0},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        ARENA_AUTO arena = arena_new();
        size_t warnings;
        const char *names = passing(arena, cases[i].filters, &warnings);
        if (strcmp(names, cases[i].names) != 0 || warnings != cases[i].warnings)
            fail_msg("%s: \"%s\", %zu warnings", cases[i].filters, names, warnings);
    }
}

/* (a+)+$ on a long text takes for ever without a limit. */
static void test_hostile_expression(void **state)
{
    (void)state;
    ARENA_AUTO arena = arena_new();
    STR_AUTO json = STR_INIT;
    str_append(&json, "[{\"name\":\"");
    for (int i = 0; i < 200; i++)
        str_append_char(&json, 'a');
    str_append(&json, "!\"}]");
    struct diagnostics diagnostics;
    diagnostics_init(&diagnostics, arena);
    const struct value *config = value_with(
        arena, &value_empty_map, "filter",
        value_of(arena, "[{\"name\":\"name\",\"values\":[\"^(a+)+$\"],\"regex\":true}]"));
    assert_int_equal(value_count(filter_apply(arena, &diagnostics, config, fields,
                                              value_of(arena, str_text(&json)))),
                     0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_filters),
        cmocka_unit_test(test_hostile_expression),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
