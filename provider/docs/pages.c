/* Registry pages. */
#include "provider/docs/docs.h"

#include <inttypes.h>
#include <string.h>

#include "lib/base/file.h"
#include "provider/engine/engine.h"
#include "provider/engine/timeouts.h"
#include "provider/value/value_json.h"

struct page {
    const struct provider *provider;
    const char *source; /* "okestra/oke" */
    const char *name;   /* full: "oke_vcn" */
    const char *noun;   /* "Resource" */
    struct str *out;
};

/* --- pieces of text ----------------------------------------------------------------------------- */

static void heading(const struct page *page, const char *text)
{
    str_printf(page->out, "\n## %s\n\n", text);
}

static void paragraph(struct str *out, const char *text)
{
    if (text_empty(text))
        return;
    str_append(out, text);
    str_append(out, text_ends_with(text, "\n") ? "\n" : "\n\n");
}

/* Two spaces before each line, as YAML wants it below "description: |-". */
static void indented(struct str *out, const char *text)
{
    while (*text) {
        size_t length = strcspn(text, "\n");
        str_append(out, "  ");
        str_append_bytes(out, text, length);
        str_append_char(out, '\n');
        text += length + (text[length] == '\n');
    }
}

static void code(struct str *out, const char *language, const char *text)
{
    str_printf(out, "```%s\n%s%s```\n", language, text, text_ends_with(text, "\n") ? "" : "\n");
}

static void front_matter(const struct page *page, const char *subcategory, const char *summary)
{
    str_printf(page->out, "---\npage_title: \"%s %s - %s\"\nsubcategory: \"%s\"\ndescription: |-\n",
               page->name, page->noun, page->source, subcategory ? subcategory : "");
    indented(page->out, summary);
    str_append(page->out, "---\n\n");
}

static void begin(const struct page *page, const char *subcategory, const char *summary,
                  const char *description)
{
    front_matter(page, subcategory, summary);
    str_printf(page->out, "# %s (%s)\n\n", page->name, page->noun);
    paragraph(page->out, summary);
    paragraph(page->out, description);
    str_truncate(page->out, page->out->length - 1);
}

static void example(const struct page *page, const char *text)
{
    if (text_empty(text))
        return;
    heading(page, "Example Usage");
    code(page->out, "terraform", text);
}

/* --- attributes --------------------------------------------------------------------------------- */

static bool is_settable(const struct attribute *attribute)
{
    return attribute->flags & (REQUIRED | OPTIONAL);
}

static const char *kind_text(const struct attribute *attribute)
{
    switch (attribute->kind) {
    case ATTRIBUTE_STRING:
        return "String";
    case ATTRIBUTE_BOOL:
        return "Boolean";
    case ATTRIBUTE_INTEGER:
    case ATTRIBUTE_NUMBER:
        return "Number";
    case ATTRIBUTE_STRING_LIST:
        return "List of String";
    case ATTRIBUTE_STRING_SET:
        return "Set of String";
    case ATTRIBUTE_STRING_MAP:
        return "Map of String";
    case ATTRIBUTE_OBJECT_LIST:
        return !is_settable(attribute)     ? "List of Object"
               : attribute->flags & SINGLE ? "Block, at most 1"
                                           : "Block List";
    case ATTRIBUTE_OBJECT_SET:
        return is_settable(attribute) ? "Block Set" : "Set of Object";
    case ATTRIBUTE_DYNAMIC:
        break;
    }
    return "Dynamic";
}

/* Whether the text of an attribute names each of its values already. */
static bool doc_names_all(const struct attribute *attribute)
{
    for (size_t i = 0; attribute->one_of[i]; i++) {
        STR_AUTO quoted = STR_INIT;
        str_printf(&quoted, "`%s`", attribute->one_of[i]);
        if (!strstr(attribute->doc, str_text(&quoted)))
            return false;
    }
    return true;
}

static void print_one_of(struct str *out, const struct attribute *attribute)
{
    if (!attribute->one_of)
        return;
    if (!doc_names_all(attribute)) {
        for (size_t i = 0; attribute->one_of[i]; i++)
            str_printf(out, "%s`%s`", i ? ", " : " One of ", attribute->one_of[i]);
        str_append_char(out, '.');
    }
    if (attribute->one_of_any_case)
        str_append(out, " Upper and lower case are the same.");
}

static void print_range(struct str *out, const char *unit, int64_t least, int64_t most)
{
    if (least && most)
        str_printf(out, " %" PRId64 " to %" PRId64 " %ss.", least, most, unit);
    else if (most)
        str_printf(out, " At most %" PRId64 " %s%s.", most, unit, most == 1 ? "" : "s");
    else if (least)
        str_printf(out, " At least %" PRId64 " %s%s.", least, unit, least == 1 ? "" : "s");
}

static void print_limits(struct str *out, const struct attribute *attribute)
{
    print_one_of(out, attribute);
    if (attribute->minimum || attribute->maximum)
        str_printf(out, " Between %" PRId64 " and %" PRId64 ".", attribute->minimum,
                   attribute->maximum);
    print_range(out, "character", attribute->min_length, attribute->max_length);
    print_range(out, attribute->fields ? "block" : "element", attribute->min_items,
                attribute->max_items);
}

static void print_names(struct str *out, const char *before, const char *const *names)
{
    for (size_t i = 0; names && names[i]; i++)
        str_printf(out, "%s`%s`%s", i ? ", " : before, names[i], names[i + 1] ? "" : ".");
}

/* Only what the user can set has behaviour worth a word. */
static void print_behaviour(struct str *out, const struct attribute *attribute)
{
    const char *fallback = attribute->default_value;
    if (!is_settable(attribute))
        return;
    if (fallback && *fallback)
        str_printf(out, " Default: `%s`.", fallback);
    else if (fallback)
        str_append(out, " Default: empty.");
    print_limits(out, attribute);
    print_names(out, " Excludes ", attribute->conflicts);
    print_names(out, " Needed unless one of these is given: ", attribute->requires_one);
    if (attribute->flags & REPLACE)
        str_append(out, " **Changing it makes a new object.**");
    if (attribute->flags & WRITE_ONLY)
        str_append(out, " Write-only: never stored in plan or state.");
    if (attribute->flags & UNREADABLE)
        str_append(out, " The API does not return it: drift goes unseen, and an import leaves it "
                        "empty.");
    if (attribute->deprecated)
        str_printf(out, " **Deprecated:** %s", attribute->deprecated);
}

/* "nested--route_rules--options" */
static void print_anchor(struct str *out, const char *prefix, const struct attribute *attribute)
{
    str_printf(out, "nested--%s%s", prefix, attribute->name);
}

static void print_attribute(struct str *out, const char *prefix, const struct attribute *attribute)
{
    str_printf(out, "- `%s` (%s%s%s) %s", attribute->name, kind_text(attribute),
               attribute->flags & SENSITIVE ? ", Sensitive" : "",
               attribute->flags & DEPRECATED ? ", Deprecated" : "", attribute->doc);
    print_behaviour(out, attribute);
    if (attribute->fields) {
        str_append(out, " (see [below](#");
        print_anchor(out, prefix, attribute);
        str_append(out, "))");
    }
    str_append_char(out, '\n');
}

static unsigned usage_of(const struct attribute *attribute)
{
    return attribute->flags & REQUIRED ? REQUIRED : attribute->flags & OPTIONAL ? OPTIONAL : 0;
}

/* One of three groups; its title comes before the first attribute. */
static void print_group(struct str *out, const char *prefix, const struct attribute *table,
                        unsigned usage, const char *title)
{
    bool any = false;
    for (; table->name; table++) {
        if (usage_of(table) != usage)
            continue;
        if (!any)
            str_printf(out, "\n%s\n\n", title);
        any = true;
        print_attribute(out, prefix, table);
    }
}

static void print_nested(struct str *out, const char *prefix, const struct attribute *table)
{
    for (; table->name; table++) {
        if (!table->fields)
            continue;
        STR_AUTO inner = STR_INIT;
        str_append(out, "\n<a id=\"");
        print_anchor(out, prefix, table);
        str_append(out, "\"></a>\n\n### ");
        for (const char *at = prefix; *at;) {
            const char *end = strstr(at, "--");
            str_printf(out, "`%.*s`.", (int)(end - at), at);
            at = end + 2;
        }
        str_printf(out, "`%s`\n", table->name);
        str_printf(&inner, "%s%s--", prefix, table->name);
        print_group(out, str_text(&inner), table->fields, REQUIRED, "Required:");
        print_group(out, str_text(&inner), table->fields, OPTIONAL, "Optional:");
        print_group(out, str_text(&inner), table->fields, 0, "Read-Only:");
        print_nested(out, str_text(&inner), table->fields);
    }
}

static bool has_usage(const struct attribute *table, unsigned usage)
{
    for (; table->name; table++)
        if (usage_of(table) == usage)
            return true;
    return false;
}

static void schema(const struct page *page, const struct attribute *table, bool timeouts)
{
    struct str *out = page->out;
    if (!table->name)
        return;
    heading(page, "Schema");
    str_truncate(out, out->length - 1);
    print_group(out, "", table, REQUIRED, "### Required");
    print_group(out, "", table, OPTIONAL, "### Optional");
    if (timeouts) {
        if (!has_usage(table, OPTIONAL))
            str_append(out, "\n### Optional\n\n");
        str_append(out, "- `timeouts` (Block, at most 1) How long each operation may take. (see "
                        "[below](#timeouts))\n");
    }
    print_group(out, "", table, 0, "### Read-Only");
    print_nested(out, "", table);
}

/* --- sections of resources ---------------------------------------------------------------------- */

static void print_duration(struct str *out, int seconds)
{
    int total = seconds ? seconds : TIMEOUTS_DEFAULT_SECONDS;
    static const struct {
        int seconds;
        char unit;
    } units[] = {{3600, 'h'}, {60, 'm'}, {1, 's'}};
    str_append_char(out, '`');
    for (size_t i = 0; i < ARRAY_LENGTH(units); i++) {
        if (total / units[i].seconds)
            str_printf(out, "%d%c", total / units[i].seconds, units[i].unit);
        total %= units[i].seconds;
    }
    str_append_char(out, '`');
}

static void timeouts(const struct page *page, const struct resource *resource)
{
    const int seconds[] = {resource->timeouts.create, resource->timeouts.remove,
                           resource->timeouts.read, resource->timeouts.update};
    heading(page, "Timeouts");
    str_append(page->out, "Durations such as `\"30m\"` or `\"1h30m\"`.\n\n");
    for (size_t i = 0; i < ARRAY_LENGTH(seconds); i++) {
        str_printf(page->out, "- `%s` (String) %s Default: ", timeouts_attributes[i].name,
                   timeouts_attributes[i].doc);
        print_duration(page->out, seconds[i]);
        str_append(page->out, ".\n");
    }
}

static void import(const struct page *page, const struct resource *resource)
{
    struct str *out = page->out;
    const char *id = resource->import_id ? resource->import_id : "the object's `id`";
    heading(page, "Import");
    str_printf(out, "The import id is %s. In Terraform 1.5 and later, with an `import` block:\n\n",
               id);
    str_printf(out, "```terraform\nimport {\n  to = %s.example\n  id = \"…\"\n}\n```\n\n",
               page->name);
    str_printf(out, "or by hand: `terraform import %s.example …`\n\n", page->name);
    str_append(out, "Terraform 1.12 and later also take the resource's identity:\n\n");
    str_printf(out, "```terraform\nimport {\n  to = %s.example\n  identity = {\n", page->name);
    int width = 0;
    const struct identity_attribute *identity = engine_identity(resource);
    for (const struct identity_attribute *part = identity; part->name; part++)
        width = (int)strlen(part->name) > width ? (int)strlen(part->name) : width;
    for (const struct identity_attribute *part = identity; part->name; part++)
        str_printf(out, "    %-*s = \"…\"%s\n", width, part->name,
                   part->optional ? " # optional" : "");
    str_append(out, "  }\n}\n```\n\n");
    for (const struct identity_attribute *part = identity; part->name; part++)
        str_printf(out, "- `%s` (%s) %s\n", part->name, part->optional ? "Optional" : "Required",
                   part->doc ? part->doc : attribute_find(resource->attributes, part->name)->doc);
}

static void moves(const struct page *page, const struct resource *resource)
{
    if (!resource->moved_from)
        return;
    heading(page, "Moving from another provider");
    str_append(page->out, "A `moved` block (Terraform 1.8 and later) takes over the state of");
    print_names(page->out, " ", resource->moved_from);
    str_printf(page->out,
               " Nothing is made or destroyed:\n\n```terraform\nmoved {\n  from = %s.example\n  "
               "to   = %s.example\n}\n```\n",
               resource->moved_from[0], page->name);
}

/* --- pages -------------------------------------------------------------------------------------- */

static void resource_page(const struct page *page, const void *entry)
{
    const struct resource *resource = entry;
    begin(page, resource->subcategory, resource->summary, resource->description);
    example(page, resource->example);
    schema(page, resource->attributes, true);
    timeouts(page, resource);
    import(page, resource);
    moves(page, resource);
}

static void opened_page(const struct page *page, const void *entry)
{
    const struct resource *resource = entry;
    begin(page, resource->subcategory, resource->summary, resource->description);
    example(page, resource->example);
    schema(page, resource->attributes, false);
}

/* The required arguments, names padded as `terraform fmt` does. */
static void list_config(struct str *text, const struct attribute *table)
{
    size_t width = 0;
    for (const struct attribute *a = table; a->name; a++)
        if (a->flags & REQUIRED && strlen(a->name) > width)
            width = strlen(a->name);
    if (!width)
        return;
    str_append(text, "\n  config {\n");
    for (const struct attribute *a = table; a->name; a++)
        if (a->flags & REQUIRED)
            str_printf(text, "    %-*s = %s\n", (int)width, a->name,
                       a->sample ? a->sample : "\"…\"");
    str_append(text, "  }\n");
}

static void list_page(const struct page *page, const void *entry)
{
    const struct resource *resource = entry;
    STR_AUTO text = STR_INIT;
    str_printf(&text, "Finds what exists of [%s](../resources/%s.md), for `terraform query`.",
               page->name, resource->name);
    begin(page, resource->subcategory, str_text(&text), NULL);
    str_clear(&text);
    str_printf(&text, "list \"%s\" \"all\" {\n  provider = %s\n", page->name, page->provider->name);
    list_config(&text, resource->list_attributes);
    str_append(&text, "}\n");
    example(page, str_text(&text));
    schema(page, resource->list_attributes, false);
}

static void action_page(const struct page *page, const void *entry)
{
    const struct action *action = entry;
    begin(page, action->subcategory, action->summary, action->description);
    example(page, action->example);
    schema(page, action->attributes, false);
}

/* A constraint as it is written in configurations: list(string). */
static void print_type(struct str *out, const struct type *type)
{
    static const char *const names[] = {
        [TYPE_BOOL] = "bool",   [TYPE_NUMBER] = "number", [TYPE_STRING] = "string",
        [TYPE_DYNAMIC] = "any", [TYPE_LIST] = "list",     [TYPE_SET] = "set",
        [TYPE_MAP] = "map",     [TYPE_TUPLE] = "tuple",   [TYPE_OBJECT] = "object"};
    str_append(out, names[type->kind]);
    if (type->element) {
        str_append_char(out, '(');
        print_type(out, type->element);
        str_append_char(out, ')');
    } else if (type->fields) {
        str_append(out, type->kind == TYPE_OBJECT ? "({ " : "([");
        for (size_t i = 0; i < type->count; i++) {
            str_append(out, i ? ", " : "");
            if (type->kind == TYPE_OBJECT)
                str_printf(out, "%s = ", type->fields[i].name);
            print_type(out, type->fields[i].type);
        }
        str_append(out, type->kind == TYPE_OBJECT ? " })" : "])");
    }
}

static void print_parameter(struct str *out, const struct function_parameter *parameter, int number,
                            bool variadic)
{
    str_printf(out, "%d. `%s` (%s", number, parameter->name, variadic ? "Variadic, `" : "`");
    print_type(out, parameter->type);
    str_printf(out, "`%s) %s\n", parameter->allow_null ? ", Nullable" : "", parameter->doc);
}

static void function_page(const struct page *page, const void *entry)
{
    const struct function *function = entry;
    struct str *out = page->out;
    const struct function_parameter *parameter = function->parameters;
    begin(page, NULL, function->summary, function->description);
    example(page, function->example);
    heading(page, "Signature");
    str_printf(out, "```text\n%s(", function->name);
    for (size_t i = 0; parameter && parameter[i].name; i++) {
        str_printf(out, "%s%s ", i ? ", " : "", parameter[i].name);
        print_type(out, parameter[i].type);
    }
    if (function->variadic) {
        str_printf(out, "%s%s ", parameter && parameter->name ? ", " : "",
                   function->variadic->name);
        print_type(out, function->variadic->type);
        str_append(out, "...");
    }
    str_append(out, ") ");
    print_type(out, function->result);
    str_append(out, "\n```\n");
    heading(page, "Arguments");
    int number = 1;
    for (; parameter && parameter->name; parameter++)
        print_parameter(out, parameter, number++, false);
    if (function->variadic)
        print_parameter(out, function->variadic, number, true);
}

static void index_page(const struct page *page, const void *entry)
{
    const struct provider *provider = entry;
    STR_AUTO text = STR_INIT;
    begin(page, NULL, provider->summary, provider->description);
    str_printf(&text,
               "terraform {\n  required_providers {\n    %s = {\n      source = \"%s\"\n    }\n  "
               "}\n}\n\nprovider \"%s\" {}\n",
               provider->name, page->source, provider->name);
    example(page, str_text(&text));
    schema(page, provider->attributes, false);
}

/* --- files -------------------------------------------------------------------------------------- */

static bool write_page(const struct page *page, const char *directory, const char *file,
                       void (*fill)(const struct page *page, const void *entry), const void *entry,
                       struct error *err)
{
    STR_AUTO path = STR_INIT;
    str_printf(&path, "%s/%s.md", directory, file);
    fill(page, entry);
    return file_make_directories(directory, 0755, err) &&
           file_write_atomic(str_text(&path), page->out->ptr, page->out->length, 0644, err);
}

/* One folder: a page for each entry of a NULL-terminated list of descriptors, whose first member is the
 * name, as it is in all of them. */
struct folder {
    const char *name, *noun;
    bool prefixed; /* the title carries the provider's prefix */
    const void *const *entries;
    bool (*wanted)(const void *entry); /* NULL: all */
    void (*fill)(const struct page *page, const void *entry);
};

static bool is_listable(const void *entry)
{
    return ((const struct resource *)entry)->list_attributes != NULL;
}

static bool write_folder(const struct page *about, const struct folder *folder, const char *docs,
                         struct error *err)
{
    STR_AUTO directory = STR_INIT;
    str_printf(&directory, "%s/%s", docs, folder->name);
    for (const void *const *entry = folder->entries; entry && *entry; entry++) {
        const char *name = *(const char *const *)*entry;
        STR_AUTO title = STR_INIT;
        STR_AUTO out = STR_INIT;
        if (folder->prefixed)
            str_printf(&title, "%s_", about->provider->name);
        str_append(&title, name);
        struct page page = *about;
        page.name = str_text(&title);
        page.noun = folder->noun;
        page.out = &out;
        if ((!folder->wanted || folder->wanted(*entry)) &&
            !write_page(&page, str_text(&directory), name, folder->fill, *entry, err))
            return false;
    }
    return true;
}

#define LIST(list) ((const void *const *)(list))

bool docs_write(const struct provider *provider, const char *address, const char *directory,
                struct error *err)
{
    const struct folder folders[] = {
        {"resources", "Resource", true, LIST(provider->resources), NULL, resource_page},
        {"data-sources", "Data Source", true, LIST(provider->data_sources), NULL, opened_page},
        {"ephemeral-resources", "Ephemeral Resource", true, LIST(provider->ephemerals), NULL,
         opened_page},
        {"list-resources", "List Resource", true, LIST(provider->resources), is_listable,
         list_page},
        {"functions", "Function", false, LIST(provider->functions), NULL, function_page},
        {"actions", "Action", true, LIST(provider->actions), NULL, action_page},
    };
    STR_AUTO out = STR_INIT;
    const char *slash = strchr(address, '/');
    const struct page about = {.provider = provider,
                               .source = slash ? slash + 1 : address,
                               .name = provider->name,
                               .noun = "Provider",
                               .out = &out};
    if (!write_page(&about, directory, "index", index_page, provider, err))
        return false;
    for (size_t i = 0; i < ARRAY_LENGTH(folders); i++)
        if (!write_folder(&about, &folders[i], directory, err))
            return false;
    return true;
}
