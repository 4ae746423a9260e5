#include "provider/oci/source.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/encoding.h"
#include "lib/base/json.h"
#include "provider/engine/json_body.h"
#include "provider/oci/filter.h"
#include "provider/oci/ops.h"

const struct resource_ops oci_source_ops = {.open = source_open};

static bool open_one(struct operation *op, const struct value *config, const struct value **result,
                     struct error *err);
const struct resource_ops oci_source_one_ops = {.open = open_one};

enum { SOURCE_QUERY_MAX = 16 };

const struct value *source_id(const struct operation *op, const struct value *config)
{
    unsigned char digest[SHA256_SIZE];
    STR_AUTO text = STR_INIT;
    STR_AUTO id = STR_INIT;
    value_print(config, &text);
    sha256_digest(text.ptr, text.length, digest);
    str_printf(&id, "%s-", op->resource->name);
    hex_encode(digest, 8, &id);
    return value_string(op->arena, str_text(&id));
}

struct ranked {
    const char *key;
    size_t index;
};

static int compare_ranked(const void *a, const void *b)
{
    const struct ranked *left = a, *right = b;
    int order = strcmp(left->key, right->key);
    return order ? order : (left->index > right->index) - (left->index < right->index);
}

const struct value *source_sort(struct arena *arena, const struct value *items, const char *by)
{
    size_t count = value_count(items);
    struct ranked *ranked = arena_array(arena, struct ranked, count);
    const struct value **sorted = arena_array(arena, const struct value *, count);
    for (size_t i = 0; i < count; i++) {
        const char *key = value_text(value_get(value_item(items, i), by));
        ranked[i] = (struct ranked){key ? key : "", i};
    }
    if (count)
        qsort(ranked, count, sizeof(*ranked), compare_ranked);
    for (size_t i = 0; i < count; i++)
        sorted[i] = value_item(items, ranked[i].index);
    return value_list(arena, sorted, count);
}

static size_t fill_query(struct arena *arena, const struct api_query *table,
                         const struct value *config, struct oci_query *query)
{
    size_t count = 0;
    for (; table && table->name && count < SOURCE_QUERY_MAX; table++) {
        char *value = api_text(arena, table->value, config);
        if (value)
            query[count++] = (struct oci_query){table->name, value};
    }
    return count;
}

static const struct value *read_items(struct operation *op, const struct oci_source *source,
                                      const struct value *config, const json_t *items)
{
    const struct attribute *fields = attribute_find(op->resource->attributes, source->list)->fields;
    if (source->wrapped)
        fields = attribute_find(fields, "items")->fields;
    size_t count = json_array_size(items);
    const struct value **list = arena_array(op->arena, const struct value *, count);
    for (size_t i = 0; i < count; i++)
        list[i] = json_body_to_value(op->arena, fields, json_array_get(items, i));
    const struct value *all = value_list(op->arena, list, count);
    if (source->sort_by)
        all = source_sort(op->arena, all, source->sort_by);
    all = filter_apply(op->arena, op->diagnostics, config, fields, all);
    if (!source->wrapped)
        return all;
    const struct value *holder = value_with(op->arena, &value_empty_map, "items", all);
    return value_list(op->arena, &holder, 1);
}

/* The configuration, and members of the answer where it says nothing. */
static const struct value *merge(struct operation *op, const struct value *config,
                                 const struct value *found)
{
    for (const struct attribute *a = op->resource->attributes; a->name; a++)
        if (value_is_null(value_get(config, a->name)))
            config = value_with(op->arena, config, a->name, value_get(found, a->name));
    return config;
}

bool source_open(struct operation *op, const struct value *config, const struct value **result,
                 struct error *err)
{
    const struct oci_source *source = op->resource->api;
    const struct attribute *table = op->resource->attributes;
    struct oci_query query[SOURCE_QUERY_MAX];
    size_t count = fill_query(op->arena, source->query, config, query);
    char *path = api_path(op->arena, source->path, config, err);
    JSON_AUTO answer = NULL;
    if (!path)
        return false;
    if (source->list
            ? !api_get_list(op, source->service, source->operation, path, query, count, &answer,
                            err)
            : !api_get(op, source->service, source->operation, path, query, count, &answer, err))
        return false;
    if (source->list)
        *result =
            value_with(op->arena, config, source->list, read_items(op, source, config, answer));
    else
        *result = merge(op, config, json_body_to_value(op->arena, table, answer));
    if (attribute_find(table, "id") && value_is_null(value_get(*result, "id")))
        *result = value_with(op->arena, *result, "id", source_id(op, config));
    return true;
}

/* --- one object --------------------------------------------------------------------------------- */

/* "main, other and 3 more": a text of each item. */
static void list_items(const struct value *items, const char *member, struct str *out)
{
    enum { MOST = 10 };
    size_t count = value_count(items);
    for (size_t i = 0; i < count && i < MOST; i++) {
        const char *text = value_text(value_get(value_item(items, i), member));
        str_printf(out, "%s%s", i ? ", " : "", text ? text : "?");
    }
    if (count > MOST)
        str_printf(out, " and %zu more", count - MOST);
}

bool source_pick(const struct value *items, const struct source_wish *wish,
                 const struct value **picked, struct error *err)
{
    size_t found = 0;
    STR_AUTO ids = STR_INIT;
    STR_AUTO names = STR_INIT;
    for (size_t i = 0; i < value_count(items); i++) {
        const struct value *item = value_item(items, i);
        if (!text_equal(value_text(value_get(item, wish->name)), wish->wanted))
            continue;
        const char *id = value_text(value_get(item, "id"));
        str_printf(&ids, "%s%s", found++ ? ", " : "", id ? id : "?");
        *picked = item;
    }
    if (found == 1)
        return true;
    if (found > 1)
        return error_set(err, ERROR_INVALID, "there are %zu of the name \"%s\": %s; use %s", found,
                         wish->wanted, str_text(&ids), wish->id);
    list_items(items, wish->name, &names);
    return error_set(err, ERROR_NOT_FOUND, "there is no %s named \"%s\" here%s%s", wish->noun,
                     wish->wanted, names.length ? "; there are: " : ", nor any other",
                     str_text(&names));
}

/* Listed anew without the name when there is none: for what to say then. */
static bool find_by_name(struct operation *op, const struct oci_source_one *source,
                         const struct value *config, const struct value **found, struct error *err)
{
    const struct source_wish wish = {source->noun, source->name,
                                     value_text(value_get(config, source->name)), source->id};
    for (int round = 0; round < 2; round++) {
        struct oci_query query[SOURCE_QUERY_MAX];
        size_t count = fill_query(op->arena, source->list->query, config, query);
        JSON_AUTO answer = NULL;
        if (!api_get_list(op, source->list->service, source->list->operation, source->list->path,
                          query, count, &answer, err))
            return false;
        const struct value **items =
            arena_array(op->arena, const struct value *, json_array_size(answer));
        for (size_t i = 0; i < json_array_size(answer); i++)
            items[i] =
                json_body_to_value(op->arena, op->resource->attributes, json_array_get(answer, i));
        const struct value *list = value_list(op->arena, items, json_array_size(answer));
        if (round || value_count(list))
            return source_pick(list, &wish, found, err);
        config = value_with(op->arena, config, source->name, &value_null);
    }
    return false;
}

static bool find_by_id(struct operation *op, const struct oci_source_one *source,
                       const struct value *config, const struct value **found, struct error *err)
{
    JSON_AUTO object = NULL;
    char *path = api_path(op->arena, source->path, config, err);
    if (!path ||
        !api_get(op, source->list->service, source->operation, path, NULL, 0, &object, err))
        return false;
    *found = json_body_to_value(op->arena, op->resource->attributes, object);
    return true;
}

static bool open_one(struct operation *op, const struct value *config, const struct value **result,
                     struct error *err)
{
    const struct oci_source_one *source = op->resource->api;
    const struct value *found;
    bool by_id = !value_is_null(value_get(config, source->id));
    if (!by_id && value_is_null(value_get(config, source->name)))
        return error_set(err, ERROR_INVALID, "say which one: by %s or by %s", source->id,
                         source->name);
    if (attribute_find(op->resource->attributes, "compartment_id") &&
        value_is_null(value_get(config, "compartment_id"))) {
        const char *tenancy = oci_client_tenancy(api_client(op), err);
        if (!tenancy)
            return false;
        config = value_with(op->arena, config, "compartment_id", value_string(op->arena, tenancy));
    }
    if (by_id ? !find_by_id(op, source, config, &found, err)
              : !find_by_name(op, source, config, &found, err))
        return false;
    *result = value_with(op->arena, found, source->id, value_get(found, "id"));
    return true;
}
