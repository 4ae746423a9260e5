/* Each rule of descriptors, broken once. */
#include "provider/engine/engine.h"
#include "provider/engine/test_cloud.h"

static bool configure(const struct value *config, const char *terraform_version, void **client,
                      struct error *err)
{
    (void)config;
    (void)terraform_version;
    (void)client;
    (void)err;
    return true;
}

static bool open_it(struct operation *op, const struct value *config, const struct value **result,
                    struct error *err)
{
    (void)op;
    (void)config;
    (void)result;
    (void)err;
    return true;
}

static const struct value *call(struct arena *arena, const struct value *const *arguments,
                                size_t count, int *argument, struct error *err)
{
    (void)arena;
    (void)arguments;
    (void)count;
    (void)argument;
    (void)err;
    return NULL;
}

#define ID                                                                                         \
    {                                                                                              \
        .name = "id", .flags = COMPUTED, .doc = "Id."                                              \
    }
#define END                                                                                        \
    {                                                                                              \
        .name = NULL                                                                               \
    }
#define TABLE(...)  ((const struct attribute[]){ID, __VA_ARGS__, END})
#define FIELDS(...) ((const struct attribute[]){__VA_ARGS__, END})
#define NAMES(...)  ((const char *const[]){__VA_ARGS__, NULL})

static const struct attribute no_attributes[] = {END};
static const struct attribute good_attributes[] = {
    ID, {.name = "name", .flags = REQUIRED, .doc = "Name."}, END};

static bool check(const struct resource *resource, struct error *err)
{
    const struct resource *const list[] = {resource, NULL};
    const struct provider provider = {.name = "oke",
                                      .version = "0",
                                      .summary = "For tests.",
                                      .attributes = no_attributes,
                                      .resources = list,
                                      .configure = configure};
    return engine_check_descriptors(&provider, err);
}

static void expect(const char *row, bool good, const struct error *err, const char *wanted)
{
    if (good && wanted)
        fail_msg("%s: was taken", row);
    if (!good && (!wanted || !strstr(error_message(err), wanted)))
        fail_msg("%s: %s", row, error_message(err));
}

static void attributes_keep_the_rules(void **state)
{
    (void)state;
    const struct {
        const struct attribute *table;
        const char *broken; /* NULL: it is good */
    } rows[] = {
        {good_attributes, NULL},
        {TABLE({.name = "a", .flags = OPTIONAL | COMPUTED | REPLACE, .doc = "A."}), NULL},
        {TABLE({.name = "a", .doc = "A."}), "neither required, optional nor computed"},
        {TABLE({.name = "a", .flags = REQUIRED | COMPUTED, .doc = "A."}), "required excludes"},
        {TABLE({.name = "a", .flags = REQUIRED | OPTIONAL, .doc = "A."}), "required excludes"},
        {TABLE({.name = "a", .flags = COMPUTED | REPLACE, .doc = "A."}), "replaces nothing"},
        {TABLE({.name = "a", .flags = OPTIONAL | LOCAL | REPLACE, .doc = "Where it is."}), NULL},
        {TABLE({.name = "a", .flags = OPTIONAL | COMPUTED | WRITE_ONLY, .doc = "A."}),
         "from the user only"},
        {TABLE({.name = "a", .flags = OPTIONAL | VOLATILE, .doc = "A."}), "are volatile"},
        {TABLE({.name = "a", .flags = COMPUTED | CREATE_ONLY, .doc = "A."}), "part of a body"},
        {TABLE({.name = "a", .flags = COMPUTED | UNREADABLE, .doc = "A."}), "has no value"},
        {TABLE({.name = "a", .flags = OPTIONAL | COMPUTED | LOCAL, .doc = "A."}), "user's alone"},
        {TABLE({.name = "a", .flags = OPTIONAL | DEPRECATED, .doc = "A."}), "what to use instead"},
        {TABLE({.name = "a", .flags = OPTIONAL}), "has no documentation"},
        {TABLE({.name = "A", .flags = OPTIONAL, .doc = "A."}), "small letters"},
        {TABLE({.name = "id", .flags = OPTIONAL, .doc = "A."}), "twice"},
        {TABLE({.name = "count", .flags = OPTIONAL, .doc = "A."}), "keeps for itself"},
        {TABLE({.name = "timeouts", .flags = OPTIONAL, .doc = "A."}), "keeps for itself"},
        /* kinds and limits */
        {TABLE({.name = "a", .kind = ATTRIBUTE_OBJECT_SET, .flags = OPTIONAL, .doc = "A."}),
         "objects without fields"},
        {TABLE({.name = "a", .flags = OPTIONAL, .fields = good_attributes, .doc = "A."}),
         "fields but no objects"},
        {TABLE({.name = "a", .flags = OPTIONAL | SINGLE, .doc = "A."}), "is single"},
        {TABLE({.name = "a",
                .kind = ATTRIBUTE_BOOL,
                .flags = OPTIONAL,
                .one_of = NAMES("x"),
                .doc = "A."}),
         "allowed values but no text"},
        {TABLE({.name = "a",
                .kind = ATTRIBUTE_BOOL,
                .flags = OPTIONAL,
                .max_length = 1,
                .doc = "A."}),
         "limits of length"},
        {TABLE({.name = "a", .flags = OPTIONAL, .maximum = 1, .doc = "A."}), "is no number"},
        {TABLE({.name = "a", .flags = OPTIONAL, .max_items = 1, .doc = "A."}), "no collection"},
        {TABLE({.name = "a",
                .kind = ATTRIBUTE_INTEGER,
                .flags = OPTIONAL,
                .minimum = 2,
                .maximum = 1,
                .doc = "A."}),
         "that nothing meets"},
        {TABLE({.name = "a", .flags = OPTIONAL, .min_length = 2, .max_length = 1, .doc = "A."}),
         "that nothing meets"},
        {TABLE({.name = "a", .flags = OPTIONAL, .json_kind = JSON_TWO_LEVEL_MAP, .doc = "A."}),
         "two levels"},
        {TABLE({.name = "a",
                .kind = ATTRIBUTE_OBJECT_LIST,
                .flags = OPTIONAL,
                .fields = FIELDS(
                    {.name = "b", .kind = ATTRIBUTE_DYNAMIC, .flags = OPTIONAL, .doc = "B."}),
                .doc = "A."}),
         "Terraform crashes"},
        {TABLE({.name = "a",
                .kind = ATTRIBUTE_BOOL,
                .flags = OPTIONAL,
                .json_kind = JSON_DOCUMENT,
                .doc = "A."}),
         "is no text"},
        /* defaults */
        {TABLE({.name = "a", .flags = OPTIONAL, .default_value = "x", .doc = "A."}), NULL},
        {TABLE({.name = "a", .flags = REQUIRED, .default_value = "x", .doc = "A."}),
         "cannot have a default"},
        {TABLE({.name = "a",
                .kind = ATTRIBUTE_BOOL,
                .flags = OPTIONAL,
                .default_value = "yes",
                .doc = "A."}),
         "is no bool"},
        {TABLE({.name = "a",
                .kind = ATTRIBUTE_INTEGER,
                .flags = OPTIONAL,
                .default_value = "1.5",
                .doc = "A."}),
         "is no such number"},
        {TABLE({.name = "a",
                .kind = ATTRIBUTE_NUMBER,
                .flags = OPTIONAL,
                .default_value = "1.5",
                .doc = "A."}),
         NULL},
        {TABLE({.name = "a",
                .kind = ATTRIBUTE_INTEGER,
                .flags = OPTIONAL,
                .default_value = "9",
                .minimum = 1,
                .maximum = 8,
                .doc = "A."}),
         "beyond the limits"},
        {TABLE({.name = "a",
                .kind = ATTRIBUTE_STRING_LIST,
                .flags = OPTIONAL,
                .default_value = "x",
                .doc = "A."}),
         "can only be empty"},
        {TABLE({.name = "a",
                .flags = OPTIONAL,
                .one_of = NAMES("x"),
                .default_value = "y",
                .doc = "A."}),
         "not one of the allowed"},
        /* siblings */
        {TABLE({.name = "a", .flags = OPTIONAL, .conflicts = NAMES("id"), .doc = "A."}), NULL},
        {TABLE({.name = "a", .flags = OPTIONAL, .conflicts = NAMES("b"), .doc = "A."}),
         "descriptor of thing.a: names a sibling that does not exist"},
        {TABLE({.name = "a", .flags = OPTIONAL, .requires_one = NAMES("a"), .doc = "A."}),
         "names a sibling"},
        /* within objects */
        {TABLE({.name = "a",
                .kind = ATTRIBUTE_OBJECT_LIST,
                .flags = OPTIONAL,
                .doc = "A.",
                .fields = FIELDS({.name = "b", .flags = OPTIONAL})}),
         "descriptor of thing.a.b: has no documentation"},
        {TABLE({.name = "a",
                .kind = ATTRIBUTE_OBJECT_LIST,
                .flags = OPTIONAL,
                .doc = "A.",
                .fields = FIELDS({.name = "b", .flags = OPTIONAL | WRITE_ONLY, .doc = "B."})}),
         "outermost level"},
        {TABLE({.name = "a",
                .kind = ATTRIBUTE_OBJECT_LIST,
                .flags = OPTIONAL,
                .doc = "A.",
                .fields = FIELDS({.name = "b", .flags = OPTIONAL | SENSITIVE, .doc = "B."})}),
         "Terraform would show it"},
        {TABLE({.name = "a",
                .kind = ATTRIBUTE_OBJECT_LIST,
                .flags = OPTIONAL | SENSITIVE,
                .doc = "A.",
                .fields = FIELDS({.name = "b", .flags = OPTIONAL | SENSITIVE, .doc = "B."})}),
         NULL},
        {TABLE({.name = "a",
                .kind = ATTRIBUTE_OBJECT_SET,
                .flags = OPTIONAL,
                .doc = "A.",
                .fields = FIELDS({.name = "b", .flags = OPTIONAL | REPLACE, .doc = "B."})}),
         "have no address"},
        {TABLE({.name = "a",
                .kind = ATTRIBUTE_OBJECT_LIST,
                .flags = OPTIONAL | LOCAL,
                .doc = "A.",
                .fields = FIELDS({.name = "b", .flags = OPTIONAL | REPLACE, .doc = "B."})}),
         "no API sees"},
        {TABLE({.name = "a", .flags = OPTIONAL | KEY, .doc = "A."}), "are keys"},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        ERROR_AUTO(err);
        const struct resource resource = {.name = "thing",
                                          .summary = "A thing.",
                                          .attributes = rows[i].table,
                                          .ops = &test_cloud_ops};
        bool good = check(&resource, &err);
        char row[32];
        snprintf(row, sizeof(row), "row %zu", i);
        expect(row, good, &err, rows[i].broken);
    }
}

static void resources_keep_the_rules(void **state)
{
    (void)state;
    static const struct resource_ops no_update = {
        .create = test_cloud_create, .read = test_cloud_read, .remove = test_cloud_remove};
    static const struct attribute fixed[] = {
        ID, {.name = "a", .flags = OPTIONAL | REPLACE, .doc = "A."}, END};
    static const struct identity_attribute unknown[] = {{"none", false, NULL}, {0}};
    const struct resource good = {.name = "thing",
                                  .summary = "A thing.",
                                  .attributes = good_attributes,
                                  .ops = &test_cloud_ops};
#define ROW(broken, ...)                                                                           \
    {                                                                                              \
        ({                                                                                         \
            struct resource changed = good;                                                        \
            __VA_ARGS__;                                                                           \
            changed;                                                                               \
        }),                                                                                        \
            broken                                                                                 \
    }
    const struct {
        struct resource resource;
        const char *broken;
    } rows[] = {
        ROW(NULL, changed.attributes = good_attributes),
        ROW("small letters", changed.name = "Thing"),
        ROW("prefix", changed.name = "oke_thing"),
        ROW("no summary", changed.summary = ""),
        ROW("no attributes", changed.attributes = NULL),
        ROW("created, read and removed", changed.ops = NULL),
        ROW("but no update", changed.ops = &no_update),
        ROW(NULL, changed.ops = &no_update; changed.attributes = fixed),
        ROW("come together", changed.list_attributes = good_attributes),
        ROW("come together", changed.ops = &test_cloud_list_ops),
        ROW("negative", changed.timeouts.create = -1),
        ROW("negative", changed.schema_version = -1),
        ROW("no simple attribute", changed.identity = unknown),
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        ERROR_AUTO(err);
        bool is_good = check(&rows[i].resource, &err);
        expect(rows[i].broken ? rows[i].broken : "good", is_good, &err, rows[i].broken);
    }
}

static void the_rest_keeps_the_rules(void **state)
{
    (void)state;
    const struct resource opened = {.name = "look",
                                    .summary = "A look.",
                                    .attributes = good_attributes,
                                    .ops = &(const struct resource_ops){.open = open_it}};
    const struct resource closed = {
        .name = "look", .summary = "A look.", .attributes = good_attributes};
    static const struct function good_function = {
        .name = "f", .summary = "F.", .result = &type_string, .call = call};
    static const struct function no_result = {.name = "f", .summary = "F.", .call = call};
    const struct function no_words = {
        .name = "f",
        .summary = "F.",
        .result = &type_string,
        .call = call,
        .parameters = (const struct function_parameter[]){{"a", &type_string, false, NULL},
                                                          {NULL, NULL, false, NULL}}};
    static const struct action idle = {
        .name = "act", .summary = "Acts.", .attributes = good_attributes};
    const struct provider good = {.name = "oke",
                                  .version = "0",
                                  .summary = "For tests.",
                                  .attributes = no_attributes,
                                  .configure = configure};
#define PROVIDER_ROW(broken, ...)                                                                  \
    {                                                                                              \
        ({                                                                                         \
            struct provider changed = good;                                                        \
            __VA_ARGS__;                                                                           \
            changed;                                                                               \
        }),                                                                                        \
            broken                                                                                 \
    }
    /* Named, because what is made within a row ends there. */
    const struct function *const functions[] = {&good_function, NULL};
    const struct function *const without_result[] = {&no_result, NULL};
    const struct function *const without_words[] = {&no_words, NULL};
    const struct resource *const one_look[] = {&opened, NULL};
    const struct resource *const two_looks[] = {&opened, &opened, NULL};
    const struct resource *const closed_ones[] = {&closed, NULL};
    const struct action *const idle_ones[] = {&idle, NULL};
    const struct {
        struct provider provider;
        const char *broken;
    } rows[] = {
        PROVIDER_ROW(NULL, changed.functions = functions),
        PROVIDER_ROW("a name, a version", changed.version = NULL),
        PROVIDER_ROW("cannot be configured", changed.configure = NULL),
        PROVIDER_ROW(NULL, changed.data_sources = one_look),
        PROVIDER_ROW("two of this name", changed.data_sources = two_looks),
        PROVIDER_ROW("cannot be opened", changed.ephemerals = closed_ones),
        PROVIDER_ROW("no result", changed.functions = without_result),
        PROVIDER_ROW("a parameter needs", changed.functions = without_words),
        PROVIDER_ROW("something to do", changed.actions = idle_ones),
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        ERROR_AUTO(err);
        bool is_good = engine_check_descriptors(&rows[i].provider, &err);
        expect(rows[i].broken ? rows[i].broken : "good", is_good, &err, rows[i].broken);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(attributes_keep_the_rules),
        cmocka_unit_test(resources_keep_the_rules),
        cmocka_unit_test(the_rest_keeps_the_rules),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
