#include "provider/oci/look_up.h"

#include <string.h>

#include "lib/base/vec.h"
#include "provider/oci/api.h"
#include "provider/oci/data_container_repositories.h"
#include "provider/oci/data_node_pool.h"
#include "provider/oci/filter.h"
#include "provider/oci/ops.h"
#include "provider/oci/source.h"

/* --- the rows ----------------------------------------------------------------------------------- */

struct look_up {
    const struct resource *of;
    struct resource *one, *many;
    const char *singular, *plural, *list;
    const struct look_up_special *special; /* never NULL once made */
    const char *id;                        /* argument that names one */
};

#define LOOK_UP(singular, plural, list)                                                            \
    extern const struct resource oke_##singular;                                                   \
    extern struct resource oke_data_##singular, oke_data_##plural;                                 \
    struct resource oke_data_##singular, oke_data_##plural;
#include "provider/oci/registry.def"

#define LOOK_UP(singular, plural, list)                                                            \
    {&oke_##singular, &oke_data_##singular, &oke_data_##plural, #singular, #plural, #list},
static struct look_up rows[] = {
#include "provider/oci/registry.def"
    {NULL}};

#define NAMES(...) ((const char *const[]){__VA_ARGS__, NULL})

static const struct look_up_special specials[] = {
    {.singular = "addon", .id = "addon_name"},
    {.singular = "autonomous_database",
     .arguments = NAMES("db_version", "db_workload", "is_free_tier")},
    {.singular = "bucket", .id = "name"},
    {.singular = "cluster", .many_states = true},
    {.singular = "compartment", .id = "id"},
    {.singular = "container_repository",
     .id = "repository_id",
     .wrapped = true,
     .totals = container_repository_totals,
     .add_totals = container_repository_add_totals},
    {.singular = "log", .arguments = NAMES("log_type")},
    {.singular = "network_security_group_security_rule",
     .id = "security_rule_id",
     .arguments = NAMES("direction")},
    {.singular = "node_pool",
     .many_states = true,
     .more = node_pool_nodes,
     .complete = node_pool_add_nodes},
    {.singular = "postgresql_db_system", .id = "db_system_id", .wrapped = true},
    {.singular = "preauthenticated_request", .id = "par_id"},
    {.singular = NULL},
};

static const char *name_attribute(const struct look_up *row)
{
    const struct oci_api *api = row->of->api;
    return api->name ? api->name : "display_name";
}

/* Pattern of an import id that is more than the id: "n/{namespace}/b/{name}"; NULL. */
static const char *id_pattern(const struct look_up *row)
{
    const struct oci_api *api = row->of->api;
    const char *pattern = api->import_id ? api->import_id : api->id;
    return pattern && strcmp(pattern, "{id}") != 0 ? pattern : NULL;
}

static bool is_placeholder(const char *pattern, const char *name)
{
    size_t length = strlen(name);
    for (const char *at = pattern; at && (at = strchr(at, '{')); at++)
        if (strncmp(at + 1, name, length) == 0 && at[1 + length] == '}')
            return true;
    return false;
}

/* --- tables ------------------------------------------------------------------------------------- */

struct table {
    VEC(struct attribute) rows;
};

static void add(struct table *table, struct attribute attribute)
{
    vec_push(&table->rows, attribute);
}

static bool is_shown(const struct attribute *attribute)
{
    return !(attribute->flags & (LOCAL | WRITE_ONLY | UNREADABLE | SENSITIVE));
}

static const struct attribute *shown_fields(const struct attribute *fields);

/* As something that is only read: no defaults, limits and checks. */
static struct attribute shown(const struct attribute *attribute)
{
    return (struct attribute){.name = attribute->name,
                              .kind = attribute->kind,
                              .flags = COMPUTED | (attribute->flags & SINGLE),
                              .json = attribute->json,
                              .json_kind = attribute->json_kind,
                              .fields = shown_fields(attribute->fields),
                              .doc = attribute->doc};
}

static const struct attribute *shown_fields(const struct attribute *fields)
{
    struct table table = {0};
    if (!fields)
        return NULL;
    for (; fields->name; fields++)
        if (is_shown(fields))
            add(&table, shown(fields));
    add(&table, (struct attribute){.name = NULL});
    return table.rows.items;
}

/* An argument: as the list has it, or else as the resource has it; never required when `one`. */
static struct attribute argument(const struct look_up *row, const char *name, unsigned flags)
{
    const struct attribute *own = attribute_find(row->of->attributes, name);
    const struct attribute *listed = attribute_find(row->of->list_attributes, name);
    struct attribute made = listed ? *listed : shown(own);
    made.flags = flags;
    if (listed && own && flags & COMPUTED)
        made.doc = own->doc;
    return made;
}

static bool is_argument_of_one(const struct look_up *row, const char *name)
{
    if (strcmp(name, "id") == 0)
        return strcmp(row->id, name) == 0;
    return attribute_find(row->of->list_attributes, name) || strcmp(name, row->id) == 0 ||
           strcmp(name, name_attribute(row)) == 0 || is_placeholder(id_pattern(row), name);
}

static const struct attribute *table_of_one(const struct look_up *row)
{
    struct table table = {0};
    if (!attribute_find(row->of->attributes, row->id))
        add(&table,
            (struct attribute){.name = row->id,
                               .flags = OPTIONAL | COMPUTED,
                               .doc = "Which one. Without it, it is looked for by the other "
                                      "arguments."});
    for (const struct attribute *a = row->of->attributes; a->name; a++)
        if (is_shown(a))
            add(&table, is_argument_of_one(row, a->name)
                            ? argument(row, a->name, OPTIONAL | COMPUTED)
                            : shown(a));
    for (const struct attribute *a = row->of->list_attributes; a->name; a++)
        if (!attribute_find(row->of->attributes, a->name) && strcmp(a->name, row->id) != 0)
            add(&table, argument(row, a->name, OPTIONAL));
    for (const struct attribute *a = row->special->more; a && a->name; a++)
        add(&table, *a);
    add(&table, (struct attribute){.name = NULL});
    return table.rows.items;
}

static struct attribute list_attribute(const char *name, const struct attribute *fields)
{
    return (struct attribute){.name = name,
                              .kind = ATTRIBUTE_OBJECT_LIST,
                              .flags = COMPUTED,
                              .fields = fields,
                              .doc = "What was found."};
}

static const struct attribute *table_of_many(const struct look_up *row)
{
    struct table table = {0};
    add(&table, (struct attribute)ATTRIBUTE_SOURCE_ID);
    for (const struct attribute *a = row->of->list_attributes; a->name; a++)
        add(&table, argument(row, a->name, a->flags & REQUIRED ? REQUIRED : OPTIONAL));
    const char *name = name_attribute(row);
    if (!attribute_find(row->of->list_attributes, name) &&
        attribute_find(row->of->attributes, name))
        add(&table, argument(row, name, OPTIONAL));
    for (const char *const *more = row->special->arguments; more && *more; more++)
        add(&table, argument(row, *more, OPTIONAL));
    if (!attribute_find(row->of->list_attributes, "state") &&
        attribute_find(row->of->attributes, "state"))
        add(&table, (struct attribute){.name = "state",
                                       .kind = row->special->many_states ? ATTRIBUTE_STRING_LIST
                                                                         : ATTRIBUTE_STRING,
                                       .flags = OPTIONAL,
                                       .doc = "Only those in this lifecycle state."});
    add(&table, (struct attribute)ATTRIBUTE_FILTER);
    const struct attribute *fields = shown_fields(row->of->attributes);
    if (row->special->wrapped) {
        struct table inner = {0};
        add(&inner, list_attribute("items", fields));
        for (const struct attribute *a = row->special->totals; a && a->name; a++)
            add(&inner, *a);
        add(&inner, (struct attribute){.name = NULL});
        fields = inner.rows.items;
    }
    add(&table, list_attribute(row->list, fields));
    add(&table, (struct attribute){.name = NULL});
    return table.rows.items;
}

/* --- finding ------------------------------------------------------------------------------------ */

/* The members of a value that a table has. */
static const struct value *project(struct arena *arena, const struct attribute *table,
                                   const struct value *from)
{
    VEC(struct value_entry) entries = {0};
    for (; table->name; table++)
        vec_push(&entries,
                 (struct value_entry){slice_from(table->name), value_get(from, table->name)});
    const struct value *value = value_map(arena, entries.items, entries.count);
    vec_free(&entries);
    return value;
}

/* One state or a list of them, in any case; null and an empty list ask for nothing. */
static bool is_in_state(const struct value *wanted, const char *state)
{
    if (!value_is_known(wanted) || wanted->kind == VALUE_STRING)
        return value_is_null(wanted) || text_equal_nocase(value_text(wanted), state);
    for (size_t i = 0; i < value_count(wanted); i++)
        if (text_equal_nocase(value_text(value_item(wanted, i)), state))
            return true;
    return value_count(wanted) == 0;
}

struct search {
    const struct look_up *row;
    const struct value *config;
    VEC(const struct value *) found;
};

/* What the list is narrowed down by on our side; a null argument asks for nothing. */
static bool has_arguments(const struct search *search, const struct value *state)
{
    for (const char *const *name = search->row->special->arguments; name && *name; name++) {
        const struct value *wanted = value_get(search->config, *name);
        if (value_is_known(wanted) && !value_equal(NULL, wanted, value_get(state, *name)))
            return false;
    }
    return true;
}

static bool keep(void *context, const struct value *state, const char *display_name)
{
    (void)display_name;
    struct search *search = context;
    const char *name = name_attribute(search->row);
    const char *wanted = value_text(value_get(search->config, name));
    if ((!wanted || text_equal(wanted, value_text(value_get(state, name)))) &&
        is_in_state(value_get(search->config, "state"), value_text(value_get(state, "state"))) &&
        has_arguments(search, state))
        vec_push(&search->found, state);
    return true;
}

/* All that match the arguments, in the order of the API. */
static bool find_all(struct operation *op, const struct look_up *row, const struct value *config,
                     const struct value **found, struct error *err)
{
    struct operation inner = *op;
    inner.resource = row->of;
    struct search search = {.row = row, .config = config};
    bool good = row->of->ops->list(&inner, project(op->arena, row->of->list_attributes, config),
                                   keep, &search, err);
    *found = value_list(op->arena, search.found.items, search.found.count);
    vec_free(&search.found);
    return good;
}

static bool find_by_id(struct operation *op, const struct look_up *row, const char *id,
                       const struct value **found, struct error *err)
{
    struct operation inner = *op;
    inner.resource = row->of;
    const struct value *known;
    if (!row->of->ops->import(&inner, id, &known, err))
        return error_wrap(err, "\"%s\"", id);
    if (!row->of->ops->read(&inner, known, found, err))
        return false;
    const struct oci_api *api = row->of->api;
    return *found || error_set(err, ERROR_NOT_FOUND,
                               "there is no %s %s, or it is hidden from the user of the provider",
                               api->noun, id);
}

static bool lacks_argument(const struct look_up *row, const struct value *config)
{
    for (const struct attribute *a = row->of->list_attributes; a->name; a++)
        if (a->flags & REQUIRED && value_is_null(value_get(config, a->name)))
            return true;
    return false;
}

static bool refuse_missing(const struct look_up *row, struct error *err)
{
    STR_AUTO text = STR_INIT;
    for (const struct attribute *a = row->of->list_attributes; a->name; a++)
        if (a->flags & REQUIRED)
            str_printf(&text, "%s, ", a->name);
    return error_set(err, ERROR_INVALID, "say which one: by %s, or by %s%s%s", row->id,
                     str_text(&text), text.length ? "and " : "", name_attribute(row));
}

static bool find_by_name(struct operation *op, const struct look_up *row,
                         const struct value *config, const struct value **found, struct error *err)
{
    const struct oci_api *api = row->of->api;
    const char *attribute = name_attribute(row);
    const struct source_wish wish = {api->noun, attribute, value_text(value_get(config, attribute)),
                                     row->id};
    const struct value *list;
    if (!wish.wanted || lacks_argument(row, config))
        return refuse_missing(row, err);
    if (!find_all(op, row, config, &list, err))
        return false;
    if (value_count(list) == 0 && /* tell what there is instead */
        !find_all(op, row, value_with(op->arena, config, attribute, &value_null), &list, err))
        return false;
    return source_pick(list, &wish, found, err);
}

/* --- operations --------------------------------------------------------------------------------- */

/* What the argument that names one would be. */
static const struct value *own_id(const struct look_up *row, const struct value *found)
{
    return value_get(found, attribute_find(row->of->attributes, row->id) ? row->id : "id");
}

static bool open_one(struct operation *op, const struct value *config, const struct value **result,
                     struct error *err)
{
    const struct look_up *row = op->resource->api;
    const char *pattern = id_pattern(row);
    const struct value *given = value_get(config, row->id), *found = NULL;
    const char *id = value_text(given);
    if (pattern)
        id = api_text(op->arena, pattern, value_with(op->arena, config, "id", given));
    if (id ? !find_by_id(op, row, id, &found, err) : !find_by_name(op, row, config, &found, err))
        return false;
    found = value_with(op->arena, found, row->id, own_id(row, found));
    *result = project(op->arena, op->resource->attributes, found);
    return !row->special->complete || row->special->complete(op, result, err);
}

static bool open_many(struct operation *op, const struct value *config, const struct value **result,
                      struct error *err)
{
    const struct look_up *row = op->resource->api;
    const struct attribute *fields = attribute_find(op->resource->attributes, row->list)->fields;
    const struct value *list;
    if (row->special->wrapped)
        fields = fields[0].fields;
    if (!find_all(op, row, config, &list, err))
        return false;
    const struct value **items = arena_array(op->arena, const struct value *, value_count(list));
    for (size_t i = 0; i < value_count(list); i++)
        items[i] = project(op->arena, fields, value_item(list, i));
    list = filter_apply(op->arena, op->diagnostics, config, fields,
                        value_list(op->arena, items, value_count(list)));
    if (row->special->wrapped) {
        const struct value *holder = value_with(op->arena, &value_empty_map, "items", list);
        if (row->special->add_totals)
            holder = row->special->add_totals(op->arena, holder);
        list = value_list(op->arena, &holder, 1);
    }
    *result = value_with(op->arena, config, row->list, list);
    *result = value_with(op->arena, *result, "id", source_id(op, config));
    return true;
}

static const struct resource_ops ops_one = {.open = open_one}, ops_many = {.open = open_many};

/* --- making them -------------------------------------------------------------------------------- */

static const struct look_up_special *find_special(const char *singular)
{
    static const struct look_up_special none = {.singular = NULL};
    for (const struct look_up_special *special = specials; special->singular; special++)
        if (strcmp(special->singular, singular) == 0)
            return special;
    return &none;
}

/* "  name   = value\n" for each argument that is needed, names padded as `terraform fmt` does. */
static void append_arguments(struct str *out, const struct look_up *row, bool one)
{
    const char *name = one ? name_attribute(row) : "";
    size_t width = strlen(name);
    for (const struct attribute *a = row->of->list_attributes; a->name; a++)
        if (a->flags & REQUIRED && strlen(a->name) > width)
            width = strlen(a->name);
    for (const struct attribute *a = row->of->list_attributes; a->name; a++) {
        if (!(a->flags & REQUIRED) || strcmp(a->name, name) == 0)
            continue;
        str_printf(out, "  %-*s = ", (int)width, a->name);
        if (a->sample)
            str_append(out, a->sample);
        else
            str_printf(out, "var.%s", a->name);
        str_append_char(out, '\n');
    }
    if (one)
        str_printf(out, "  %-*s = \"main\"\n", (int)width, name);
}

static struct resource data_source(const struct look_up *row, bool one)
{
    const char *name = one ? row->singular : row->plural;
    const char *noun = ((const struct oci_api *)row->of->api)->noun;
    STR_AUTO summary = STR_INIT;
    STR_AUTO example = STR_INIT;
    if (one)
        str_printf(&summary, "Looks up one %s, by `%s` or by name.", noun, row->id);
    else
        str_printf(&summary, "Lists what `oke_%s` describes: each %s that matches.", row->singular,
                   noun);
    str_printf(&example, "data \"oke_%s\" \"%s\" {\n", name, one ? "main" : "all");
    append_arguments(&example, row, one);
    str_append(&example, "}\n");
    return (struct resource){.name = name,
                             .summary = str_steal(&summary),
                             .subcategory = row->of->subcategory,
                             .attributes = one ? table_of_one(row) : table_of_many(row),
                             .ops = one ? &ops_one : &ops_many,
                             .api = row,
                             .example = str_steal(&example)};
}

/* Before main(): the tables must be there, and stay as they are, as long as anybody looks. */
__attribute__((constructor)) static void make_data_sources(void)
{
    for (struct look_up *row = rows; row->of; row++) {
        row->special = find_special(row->singular);
        row->id = row->special->id;
        if (!row->id) {
            STR_AUTO id = STR_INIT;
            str_printf(&id, "%s_id", row->singular);
            row->id = str_steal(&id);
        }
        *row->one = data_source(row, true);
        *row->many = data_source(row, false);
    }
}
