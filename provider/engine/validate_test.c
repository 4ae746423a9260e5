#include "provider/engine/validate.h"

#include "provider/value/test_values.h"

static void only_small(const struct attribute *attribute, const struct value *value,
                       const struct path *path, struct diagnostics *diagnostics,
                       struct arena *arena)
{
    (void)arena;
    const char *text = value_text(value);
    for (; text && *text; text++)
        if (*text >= 'A' && *text <= 'Z') {
            diagnostics_error(diagnostics, path, "Capital letter", "%s has one.", attribute->name);
            return;
        }
}

static const char *const colours[] = {"RED", "GREEN", NULL};
static const struct attribute fields[] = {
    {.name = "name", .flags = REQUIRED, .max_length = 3},
    {.name = "made", .flags = COMPUTED},
    {.name = "old", .flags = OPTIONAL | DEPRECATED, .deprecated = "Use name."},
    {.name = "left", .flags = OPTIONAL, .conflicts = (const char *const[]){"right", NULL}},
    {.name = "right", .flags = OPTIONAL},
    {.name = NULL},
};
static const struct attribute table[] = {
    {.name = "text", .flags = OPTIONAL, .min_length = 2, .max_length = 4},
    {.name = "small", .flags = OPTIONAL, .validate = only_small},
    {.name = "colour", .flags = OPTIONAL, .one_of = colours},
    {.name = "any_case", .flags = OPTIONAL, .one_of = colours, .one_of_any_case = true},
    {.name = "count", .kind = ATTRIBUTE_INTEGER, .flags = OPTIONAL, .minimum = 1, .maximum = 9},
    {.name = "ratio", .kind = ATTRIBUTE_NUMBER, .flags = OPTIONAL, .minimum = -1, .maximum = 1},
    {.name = "list",
     .kind = ATTRIBUTE_STRING_LIST,
     .flags = OPTIONAL,
     .min_items = 1,
     .max_items = 2,
     .one_of = colours},
    {.name = "set", .kind = ATTRIBUTE_STRING_SET, .flags = OPTIONAL, .max_length = 3},
    {.name = "map", .kind = ATTRIBUTE_STRING_MAP, .flags = OPTIONAL, .max_length = 3},
    {.name = "single", .kind = ATTRIBUTE_OBJECT_LIST, .flags = OPTIONAL | SINGLE, .fields = fields},
    {.name = "many", .kind = ATTRIBUTE_OBJECT_SET, .flags = OPTIONAL, .fields = fields},
    {.name = "needed", .kind = ATTRIBUTE_OBJECT_LIST, .flags = REQUIRED, .fields = fields},
    {.name = "one", .flags = OPTIONAL, .requires_one = (const char *const[]){"other", NULL}},
    {.name = "other", .flags = OPTIONAL},
    {.name = "secret", .flags = OPTIONAL | WRITE_ONLY},
    {.name = NULL},
};

/* A good configuration with one member of another value. */
static void each_rule_speaks_at_its_place(void **state)
{
    (void)state;
    static const struct {
        const char *name, *value;
        const char *place, *summary, *detail; /* NULL: it is good */
    } rows[] = {
        {"text", "\"abcd\"", NULL, NULL, NULL},
        {"text", "\"äöüß\"", NULL, NULL, NULL}, /* characters, not bytes */
        {"text", "\"a\"", "text", "Value too short", "at least 2 characters"},
        {"text", "\"abcde\"", "text", "Value too long", "at most 4 characters, this has 5"},
        {"text", "\"?\"", NULL, NULL, NULL},
        {"text", "null", NULL, NULL, NULL},
        {"small", "\"Ab\"", "small", "Capital letter", ""},
        {"colour", "\"RED\"", NULL, NULL, NULL},
        {"colour", "\"red\"", "colour", "Invalid value", "one of \"RED\", \"GREEN\", not \"red\""},
        {"colour", "\"GREN\"", "colour", "Invalid value", "Did you mean \"GREEN\"?"},
        {"any_case", "\"red\"", NULL, NULL, NULL},
        {"count", "9", NULL, NULL, NULL},
        {"count", "10", "count", "Number out of range", "between 1 and 9, not 10"},
        {"count", "0", "count", "Number out of range", ""},
        {"count", "1.5", "count", "Not a whole number", "not 1.5"},
        {"ratio", "-0.5", NULL, NULL, NULL},
        {"ratio", "1.01", "ratio", "Number out of range", ""},
        {"list", "[\"RED\",\"GREEN\"]", NULL, NULL, NULL},
        {"list", "[\"RED\",\"BLUE\"]", "list[1]", "Invalid value", "\"BLUE\""},
        {"list", "[\"RED\",\"RED\",\"RED\"]", "list", "Too many elements", "at most 2 times"},
        {"list", "[]", "list", "Too few elements", "at least 1 element."},
        {"list", "[null]", "list[0]", "Null element", ""},
        {"list", "[\"?\"]", NULL, NULL, NULL},
        {"set", "[\"abcd\"]", "set", "Value too long", ""}, /* elements have no address */
        {"map", "{\"k\":\"abcd\"}", "map[\"k\"]", "Value too long", ""},
        {"map", "{\"k\":null}", "map[\"k\"]", "Null element", ""},
        {"single", "[{\"name\":\"a\"},{\"name\":\"b\"}]", "single", "Too many elements",
         "at most 1 time,"},
        {"single", "[{\"name\":\"abcd\"}]", "single[0].name", "Value too long", ""},
        {"single", "[{}]", "single[0].name", "Missing required argument", "\"name\""},
        {"single", "[{\"name\":\"a\",\"made\":\"x\"}]", "single[0].made", "Read-only attribute",
         ""},
        {"single", "[{\"name\":\"a\",\"left\":\"x\",\"right\":\"y\"}]", "single[0].left",
         "Conflicting arguments", "left and right exclude each other"},
        {"many", "[{\"name\":\"abcd\"}]", "many.name", "Value too long", ""},
        {"needed", "[]", "needed", "Too few elements", ""},
        {"one", "null", "one", "Missing argument", "One of one, other is needed."},
        {"secret", "\"s\"", "secret", "Terraform 1.11 or newer is needed", ""},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        ARENA_AUTO arena = arena_new();
        STR_AUTO place = STR_INIT;
        struct diagnostics diagnostics;
        diagnostics_init(&diagnostics, arena);
        const struct value *config =
            value_of(arena, "{\"needed\":[{\"name\":\"a\"}],\"one\":\"1\"}");
        config = value_with(arena, config, rows[i].name, value_of(arena, rows[i].value));
        validate_object(table, config, NULL, false, &diagnostics, arena);
        if (!rows[i].place != !diagnostics.errors)
            fail_msg("%s = %s: %zu errors", rows[i].name, rows[i].value, diagnostics.errors);
        if (!rows[i].place)
            continue;
        const struct diagnostic *first = &diagnostics.items[0];
        path_print(first->path, &place);
        if (diagnostics.errors != 1 || strcmp(str_text(&place), rows[i].place) != 0 ||
            strcmp(first->summary, rows[i].summary) != 0 || !strstr(first->detail, rows[i].detail))
            fail_msg("%s = %s: at %s, %s: %s", rows[i].name, rows[i].value, str_text(&place),
                     first->summary, first->detail);
    }
}

static void deprecated_members_warn(void **state)
{
    (void)state;
    ARENA_AUTO arena = arena_new();
    struct diagnostics diagnostics;
    diagnostics_init(&diagnostics, arena);
    validate_object(table,
                    value_of(arena, "{\"needed\":[{\"name\":\"a\",\"old\":\"x\"}],"
                                    "\"other\":\"1\"}"),
                    NULL, true, &diagnostics, arena);
    assert_int_equal(diagnostics.errors, 0);
    assert_int_equal(diagnostics.count, 1);
    assert_non_null(strstr(diagnostics.items[0].detail, "Use name."));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_rule_speaks_at_its_place),
        cmocka_unit_test(deprecated_members_warn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
