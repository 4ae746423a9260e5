#include "provider/docs/docs.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/file.h"
#include "lib/base/json.h"
#include "lib/base/test.h"

/* --- a small provider ----------------------------------------------------------------------------- */

static const struct attribute inner_fields[] = {
    {.name = "port",
     .kind = ATTRIBUTE_INTEGER,
     .flags = OPTIONAL,
     .minimum = 1,
     .maximum = 9,
     .doc = "Port."},
    {.name = NULL},
};
static const struct attribute rule_fields[] = {
    {.name = "name", .flags = REQUIRED, .doc = "Name of the rule."},
    {.name = "options",
     .kind = ATTRIBUTE_OBJECT_LIST,
     .flags = OPTIONAL | SINGLE,
     .fields = inner_fields,
     .doc = "Options."},
    {.name = NULL},
};
static const struct attribute attributes[] = {
    {.name = "id", .flags = COMPUTED, .doc = "The id."},
    {.name = "name",
     .flags = REQUIRED | REPLACE,
     .min_length = 1,
     .max_length = 20,
     .doc = "The name."},
    {.name = "mode",
     .flags = OPTIONAL,
     .default_value = "auto",
     .one_of = (const char *const[]){"auto", "manual", NULL},
     .conflicts = (const char *const[]){"old", NULL},
     .doc = "How."},
    {.name = "speed",
     .flags = OPTIONAL,
     .one_of = (const char *const[]){"slow", "fast", NULL},
     .one_of_any_case = true,
     .doc = "`slow` or `fast`."},
    {.name = "old", .flags = OPTIONAL | DEPRECATED, .deprecated = "Use mode.", .doc = "Old."},
    {.name = "secret", .flags = OPTIONAL | SENSITIVE | WRITE_ONLY, .doc = "Secret."},
    {.name = "hidden", .flags = OPTIONAL | UNREADABLE, .doc = "Hidden."},
    {.name = "rules",
     .kind = ATTRIBUTE_OBJECT_SET,
     .flags = OPTIONAL,
     .fields = rule_fields,
     .max_items = 1,
     .doc = "Rules."},
    {.name = "made",
     .kind = ATTRIBUTE_OBJECT_LIST,
     .flags = COMPUTED,
     .fields = inner_fields,
     .doc = "Made."},
    {.name = NULL},
};
static const struct attribute list_attributes[] = {
    {.name = "compartment", .flags = REQUIRED, .sample = "var.compartment", .doc = "Where."},
    {.name = NULL},
};
static const struct resource thing = {
    .name = "thing",
    .summary = "A thing.",
    .description = "More about it.",
    .subcategory = "Things",
    .attributes = attributes,
    .ops = &(const struct resource_ops){0},
    .timeouts = {.create = 5400, .remove = 90},
    .import_id = "the name",
    .moved_from = (const char *const[]){"oci_thing", "oci_old_thing", NULL},
    .list_attributes = list_attributes,
    .example = "resource \"x_thing\" \"a\" {\n  name = \"a\"\n}\n",
};
static const struct resource bare = {
    .name = "bare",
    .summary = "Bare.",
    .attributes = list_attributes,
    .identity = (const struct identity_attribute[]){{"compartment", true, "Its place."}, {0}},
    .ops = &(const struct resource_ops){0}};
static const struct type_field plan_fields[] = {{"name", &type_string}, {"size", &type_number}};
static const struct type plan_type = {.kind = TYPE_OBJECT, .fields = plan_fields, .count = 2};
static const struct type plans_type = {.kind = TYPE_LIST, .element = &plan_type};
static const struct function function = {
    .name = "split",
    .summary = "Splits.",
    .description = "In parts.",
    .parameters = (const struct function_parameter[]){{"plans", &plans_type, true, "Plans."},
                                                      {NULL, NULL, false, NULL}},
    .variadic = &(const struct function_parameter){"rest", &type_string, false, "Rest."},
    .result = &type_bool,
    .example = "output \"x\" {}\n",
};
static const struct action action = {
    .name = "act", .summary = "Acts.", .attributes = list_attributes};
static const struct attribute no_attributes[] = {{.name = NULL}};
static const struct provider provider = {
    .name = "x",
    .version = "1",
    .summary = "For tests.",
    .attributes = no_attributes,
    .resources = (const struct resource *const[]){&thing, &bare, NULL},
    .data_sources = (const struct resource *const[]){&bare, NULL},
    .functions = (const struct function *const[]){&function, NULL},
    .actions = (const struct action *const[]){&action, NULL},
};

/* --- pages ---------------------------------------------------------------------------------------- */

static char directory[] = "/tmp/okestra-docs-XXXXXX";

static int write_pages(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    assert_non_null(mkdtemp(directory));
    assert_true(docs_write(&provider, "registry.terraform.io/okestra/x", directory, &err));
    return 0;
}

static int remove_pages(void **state)
{
    (void)state;
    static const char *const names[] = {
        "resources/thing.md", "resources/bare.md", "data-sources/bare.md",
        "functions/split.md", "actions/act.md",    "list-resources/thing.md",
        "index.md",           "resources",         "data-sources",
        "functions",          "actions",           "list-resources"};
    for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
        char path[128];
        snprintf(path, sizeof(path), "%s/%s", directory, names[i]);
        assert_int_equal(remove(path), 0);
    }
    return rmdir(directory); /* nothing else was there */
}

static void expect_page(const char *name, const char *const *parts, size_t count)
{
    STR_AUTO path = STR_INIT;
    STR_AUTO text = STR_INIT;
    ERROR_AUTO(err);
    str_printf(&path, "%s/%s", directory, name);
    assert_true(file_read(str_text(&path), 65536, &text, &err));
    const char *at = str_text(&text);
    for (size_t i = 0; i < count; i++) {
        const char *found = strstr(at, parts[i]);
        if (!found)
            fail_msg("%s lacks, in this order: %s\nin: %s", name, parts[i], at);
        at = found + strlen(parts[i]);
    }
    assert_null(strstr(str_text(&text), "(null)"));
}

#define EXPECT_PAGE(name, ...)                                                                     \
    do {                                                                                           \
        static const char *const parts[] = {__VA_ARGS__};                                          \
        expect_page(name, parts, ARRAY_LENGTH(parts));                                             \
    } while (0)

static void a_resource_has_all_its_sections(void **state)
{
    (void)state;
    EXPECT_PAGE(
        "resources/thing.md",
        "---\npage_title: \"x_thing Resource - okestra/x\"\nsubcategory: \"Things\"\n"
        "description: |-\n  A thing.\n---\n\n# x_thing (Resource)\n\nA thing.\n\nMore about it.\n\n"
        "## Example Usage\n\n```terraform\nresource \"x_thing\" \"a\" {\n  name = \"a\"\n}\n```\n\n"
        "## Schema\n\n### Required\n\n"
        "- `name` (String) The name. 1 to 20 characters. **Changing it makes a new object.**\n\n"
        "### Optional\n\n"
        "- `mode` (String) How. Default: `auto`. One of `auto`, `manual`. Excludes `old`.\n"
        "- `speed` (String) `slow` or `fast`. Upper and lower case are the same.\n"
        "- `old` (String, Deprecated) Old. **Deprecated:** Use mode.\n"
        "- `secret` (String, Sensitive) Secret. Write-only: never stored in plan or state.\n"
        "- `hidden` (String) Hidden. The API does not return it",
        "\n- `rules` (Block Set) Rules. At most 1 block. (see [below](#nested--rules))\n"
        "- `timeouts` (Block, at most 1) ",
        "\n\n### Read-Only\n\n- `id` (String) The id.\n"
        "- `made` (List of Object) Made. (see [below](#nested--made))\n\n"
        "<a id=\"nested--rules\"></a>\n\n### `rules`\n\nRequired:\n\n"
        "- `name` (String) Name of the rule.\n\nOptional:\n\n"
        "- `options` (Block, at most 1) Options. (see [below](#nested--rules--options))\n\n"
        "<a id=\"nested--rules--options\"></a>\n\n### `rules`.`options`\n\nOptional:\n\n"
        "- `port` (Number) Port. Between 1 and 9.\n\n<a id=\"nested--made\"></a>",
        "## Timeouts\n", "Default: `1h30m`.\n", "Default: `1m30s`.\n", "Default: `20m`.\n",
        "## Import\n\nThe import id is the name.",
        "import {\n  to = x_thing.example\n  id = ", "`terraform import x_thing.example …`",
        "identity = {\n    id = \"…\"\n  }\n}\n```\n\n", "## Moving from another provider\n",
        "the state of `oci_thing`, `oci_old_thing`.",
        "moved {\n  from = oci_thing.example\n  to   = x_thing.example\n}\n```\n");
}

static void the_other_kinds_have_theirs(void **state)
{
    (void)state;
    EXPECT_PAGE("resources/bare.md", "### Optional\n\n- `timeouts`",
                "The import id is the object's `id`.", "    compartment = \"…\" # optional\n",
                "- `compartment` (Optional) Its place.\n");
    EXPECT_PAGE("data-sources/bare.md", "# x_bare (Data Source)\n\nBare.\n\n## Schema\n",
                "- `compartment` (String) Where.\n");
    EXPECT_PAGE("list-resources/thing.md", "# x_thing (List Resource)",
                "list \"x_thing\" \"all\" {\n  provider = x\n\n  config {\n"
                "    compartment = var.compartment\n  }\n}\n");
    EXPECT_PAGE("functions/split.md", "# split (Function)\n\nSplits.\n\nIn parts.\n",
                "```text\nsplit(plans list(object({ name = string, size = number })), "
                "rest string...) bool\n```\n",
                "1. `plans` (`list(object({ name = string, size = number }))`, Nullable) Plans.\n"
                "2. `rest` (Variadic, `string`) Rest.\n");
    EXPECT_PAGE("actions/act.md", "# x_act (Action)", "- `compartment` (String) Where.\n");
    EXPECT_PAGE("index.md", "# x (Provider)\n\nFor tests.\n", "source = \"okestra/x\"",
                "provider \"x\" {}\n");
}

/* --- JSON ----------------------------------------------------------------------------------------- */

static void the_schema_leaves_out_what_is_empty(void **state)
{
    (void)state;
    STR_AUTO text = STR_INIT;
    ERROR_AUTO(err);
    docs_print_schema(&provider, "a/b/x", &text);
    JSON_AUTO document = json_parse(str_text(&text), text.length, &err);
    const json_t *schemas = json_object_get(json_object_get(document, "provider_schemas"), "a/b/x");
    const json_t *block = json_at_path(schemas, "resource_schemas.x_thing.block");
    static const struct {
        const char *path, *expected;
    } rows[] = {
        {"attributes.name", "{\"type\":\"string\",\"description\":\"The name.\","
                            "\"description_kind\":\"markdown\",\"required\":true}"},
        {"attributes.mode", "{\"type\":\"string\",\"description\":\"How.\",\"description_kind\":"
                            "\"markdown\",\"optional\":true,\"computed\":true}"},
        {"attributes.made.type", "[\"list\",[\"object\",{\"port\":\"number\"}]]"},
        {"attributes.secret.write_only", "true"},
        {"block_types.timeouts.nesting_mode", "\"single\""},
        {"block_types.timeouts.block.description_kind", "\"plain\""},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        STR_AUTO found = STR_INIT;
        json_write(json_at_path(block, rows[i].path), false, &found);
        assert_string_equal(str_text(&found), rows[i].expected);
    }
    assert_null(json_object_get(schemas, "ephemeral_resource_schemas"));
    assert_int_equal(json_object_size(json_object_get(schemas, "list_resource_schemas")), 1);
    assert_true(json_is_true(json_at_path(
        schemas, "resource_identity_schemas.x_bare.attributes.compartment.optional_for_import")));
}

static void descriptors_tell_all_that_tests_need(void **state)
{
    (void)state;
    STR_AUTO text = STR_INIT;
    ERROR_AUTO(err);
    docs_print_descriptors(&provider, &text);
    JSON_AUTO document = json_parse(str_text(&text), text.length, &err);
    static const struct {
        const char *path, *expected;
    } rows[] = {
        {"resources.0.name", "\"x_thing\""},
        {"resources.0.timeouts", "{\"create\":5400,\"read\":1200,\"update\":1200,\"delete\":90}"},
        {"resources.0.moved_from", "[\"oci_thing\",\"oci_old_thing\"]"},
        {"resources.0.identity", "[\"id\"]"},
        {"resources.0.attributes.1.flags", "[\"required\",\"replace\"]"},
        {"resources.0.attributes.2.one_of", "[\"auto\",\"manual\"]"},
        {"resources.0.attributes.7.kind", "\"object_set\""},
        {"resources.0.attributes.7.fields.1.fields.0.maximum", "9"},
        {"resources.0.list_attributes.0.sample", "\"var.compartment\""},
        {"data_sources.0.name", "\"x_bare\""},
        {"ephemerals", "[]"},
        {"functions.0.result", "\"bool\""},
        {"functions.0.parameters.0.nullable", "true"},
        {"actions.0.attributes.0.json", "\"compartment\""},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        STR_AUTO found = STR_INIT;
        const json_t *json = json_at_path(document, rows[i].path);
        assert_non_null(json);
        json_write(json, false, &found);
        assert_string_equal(str_text(&found), rows[i].expected);
    }
}

static void a_place_that_cannot_be_written_is_an_error(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    assert_false(docs_write(&provider, "a/b/x", "/dev/null/docs", &err));
    assert_non_null(strstr(error_message(&err), "/dev/null/docs"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_resource_has_all_its_sections),
        cmocka_unit_test(the_other_kinds_have_theirs),
        cmocka_unit_test(the_schema_leaves_out_what_is_empty),
        cmocka_unit_test(descriptors_tell_all_that_tests_need),
        cmocka_unit_test(a_place_that_cannot_be_written_is_an_error),
    };
    return cmocka_run_group_tests(tests, write_pages, remove_pages);
}
