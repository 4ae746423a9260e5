#include "provider/oci/source.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/encoding.h"
#include "lib/base/json.h"
#include "provider/engine/json_body.h"
#include "provider/oci/filter.h"
#include "provider/oci/ops.h"

const struct resource_ops oci_source_ops = {.open = source_open};

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
    return !source->finish || source->finish(op, config, result, err);
}
