#include "provider/engine/merge.h"

#include <string.h>

#include "provider/engine/same.h"

static const struct value not_null_unknown = {.kind = VALUE_UNKNOWN, .unknown = {.not_null = true}};

static size_t table_length(const struct attribute *table)
{
    size_t count = 0;
    while (table[count].name)
        count++;
    return count;
}

static struct value_entry entry(const char *name, const struct value *value)
{
    return (struct value_entry){slice_from(name), value};
}

/* --- plan --------------------------------------------------------------------------------------- */

static const struct value *plan_new(const struct plan *plan, const struct attribute *attribute)
{
    const struct value *config = value_get(plan->config, attribute->name);
    if (attribute->flags & WRITE_ONLY)
        return &value_null;
    if (!value_is_null(config))
        return config;
    if (attribute->default_value)
        return attribute_default(plan->arena, attribute);
    if (attribute->flags & COMPUTED)
        return strcmp(attribute->name, "id") == 0 ? &not_null_unknown : &value_unknown;
    return &value_null;
}

static const struct value *plan_changed(const struct plan *plan, const struct attribute *attribute)
{
    const struct value *config = value_get(plan->config, attribute->name);
    const struct value *prior = value_get(plan->prior, attribute->name);
    if (attribute->flags & WRITE_ONLY)
        return &value_null;
    if (value_is_null(config)) {
        if (attribute->default_value) {
            const struct value *fallback = attribute_default(plan->arena, attribute);
            return same_value(attribute, prior, fallback) ? prior : fallback;
        }
        return attribute->flags & COMPUTED ? prior : &value_null;
    }
    return same_value(attribute, prior, config) ? prior : config;
}

static void collect_replacements(struct plan *plan)
{
    const struct attribute *table = plan->resource->attributes;
    for (const struct attribute *attribute = table; attribute->name; attribute++)
        if (attribute->flags & REPLACE && plan_changes(plan, attribute->name))
            plan_require_replace(plan, attribute->name);
}

void merge_plan(struct plan *plan)
{
    const struct attribute *table = plan->resource->attributes;
    size_t count = table_length(table);
    struct value_entry *entries = arena_array(plan->arena, struct value_entry, count + 1);
    bool creating = plan_is_create(plan);
    for (size_t i = 0; i < count; i++)
        entries[i] = entry(table[i].name,
                           creating ? plan_new(plan, &table[i]) : plan_changed(plan, &table[i]));
    entries[count] = entry("timeouts", value_get(plan->config, "timeouts"));
    plan->planned = value_map(plan->arena, entries, count + 1);
    if (creating)
        return;
    if (value_equal(resource_type(plan->resource), plan->prior, plan->planned)) {
        plan->planned = plan->prior;
        return;
    }
    if (merge_needs_update(table, plan->prior, plan->planned))
        for (size_t i = 0; i < count; i++)
            if (table[i].flags & VOLATILE && value_is_null(value_get(plan->config, table[i].name)))
                plan->planned = value_with(plan->arena, plan->planned, table[i].name,
                                           &value_unknown);
    collect_replacements(plan);
}

bool plan_is_create(const struct plan *plan)
{
    return value_is_null(plan->prior);
}

bool plan_changes(const struct plan *plan, const char *name)
{
    const struct attribute *attribute = attribute_find(plan->resource->attributes, name);
    const struct value *prior = value_get(plan->prior, name);
    const struct value *planned = value_get(plan->planned, name);
    if (value_is_unknown(planned))
        return true;
    return !value_equal(attribute ? attribute_type(attribute) : NULL, prior, planned);
}

void plan_set(struct plan *plan, const char *attribute, const struct value *value)
{
    plan->planned = value_with(plan->arena, plan->planned, attribute, value);
}

void plan_set_unknown(struct plan *plan, const char *attribute)
{
    plan_set(plan, attribute, &value_unknown);
}

void plan_require_replace(struct plan *plan, const char *attribute)
{
    for (size_t i = 0; i < plan->replace_count; i++)
        if (strcmp(plan->replace[i]->name, attribute) == 0)
            return;
    if (plan->replace_count == plan->replace_capacity) {
        size_t capacity = plan->replace_capacity ? plan->replace_capacity * 2 : 4;
        plan->replace = arena_grow(plan->arena, plan->replace,
                                   plan->replace_count * sizeof(*plan->replace),
                                   capacity * sizeof(*plan->replace));
        plan->replace_capacity = capacity;
    }
    plan->replace[plan->replace_count++] = path_attribute(plan->arena, NULL, attribute);
}

/* --- apply -------------------------------------------------------------------------------------- */

const struct value *merge_applied(struct arena *arena, const struct attribute *table,
                                  const struct value *planned, const struct value *remote)
{
    size_t count = table_length(table);
    struct value_entry *entries = arena_array(arena, struct value_entry, count + 1);
    for (size_t i = 0; i < count; i++) {
        const struct value *value = value_get(planned, table[i].name);
        if (table[i].flags & WRITE_ONLY)
            value = &value_null;
        else if (!value_is_wholly_known(value))
            value = value_is_unknown(value) ? value_get(remote, table[i].name) : value;
        entries[i] = entry(table[i].name, value_unknowns_to_null(arena, value));
    }
    entries[count] = entry("timeouts", value_get(planned, "timeouts"));
    return value_map(arena, entries, count + 1);
}

bool merge_needs_update(const struct attribute *table, const struct value *prior,
                        const struct value *planned)
{
    for (; table->name; table++)
        if (!(table->flags & LOCAL) &&
            !value_equal(attribute_type(table), value_get(prior, table->name),
                         value_get(planned, table->name)))
            return true;
    return false;
}

/* --- read --------------------------------------------------------------------------------------- */

static const struct value *read_imported(struct arena *arena, const struct attribute *attribute,
                                         const struct value *prior, const struct value *remote)
{
    if (attribute->flags & WRITE_ONLY)
        return &value_null;
    if (attribute->flags & (LOCAL | UNREADABLE)) {
        if (value_is_null(prior) && attribute->default_value)
            return attribute_default(arena, attribute);
        return prior;
    }
    if (attribute->default_value && value_is_null(remote))
        return attribute_default(arena, attribute);
    bool plain_optional = (attribute->flags & (OPTIONAL | COMPUTED)) == OPTIONAL;
    if (plain_optional && !attribute->default_value && same_as_nothing(attribute, remote))
        return &value_null;
    return remote;
}

static const struct value *read_one(struct arena *arena, const struct attribute *attribute,
                                    const struct value *prior, const struct value *remote)
{
    if (attribute->flags & WRITE_ONLY)
        return &value_null;
    if (attribute->flags & (LOCAL | UNREADABLE))
        return prior;
    if (value_is_null(prior)) {
        bool plain_optional = (attribute->flags & (OPTIONAL | COMPUTED)) == OPTIONAL;
        return plain_optional && same_as_nothing(attribute, remote) ? prior : remote;
    }
    if (value_is_null(remote)) {
        if (same_as_nothing(attribute, prior))
            return prior;
        return attribute->default_value ? attribute_default(arena, attribute) : &value_null;
    }
    return same_value(attribute, prior, remote) ? prior : remote;
}

const struct value *merge_read(struct arena *arena, const struct attribute *table,
                               const struct value *prior, const struct value *remote,
                               bool importing)
{
    size_t count = table_length(table);
    struct value_entry *entries = arena_array(arena, struct value_entry, count + 1);
    for (size_t i = 0; i < count; i++) {
        const struct value *before = value_get(prior, table[i].name);
        const struct value *now = value_get(remote, table[i].name);
        entries[i] = entry(table[i].name, importing
                                              ? read_imported(arena, &table[i], before, now)
                                              : read_one(arena, &table[i], before, now));
    }
    entries[count] = entry("timeouts", value_get(prior, "timeouts"));
    return value_map(arena, entries, count + 1);
}
