/*
 * Equality of sets.
 *
 * Sets come in any order, and may hold sets. Both sides are brought into canonical order from the
 * innermost set outwards; then one walk compares them. Equal elements coalesce, as in Terraform;
 * elements that are not wholly known may turn out different and stay apart.
 */
#include <stdlib.h>
#include <string.h>

#include "provider/value/value_internal.h"

struct element {
    const struct value *value;
    const struct type *type; /* qsort passes no context */
};

static int compare_elements(const void *a, const void *b)
{
    const struct element *left = a, *right = b;
    return value_compare_typed(left->type, left->value, right->value);
}

static const struct value *canonical(struct arena *arena, const struct type *type,
                                     const struct value *value);

static const struct value *canonical_set(struct arena *arena, const struct type *type,
                                         const struct value *set)
{
    size_t count = set->list.count, kept = 0;
    struct element *elements = arena_array(arena, struct element, count);
    for (size_t i = 0; i < count; i++)
        elements[i] = (struct element){canonical(arena, type, set->list.items[i]), type};
    qsort(elements, count, sizeof(*elements), compare_elements);
    const struct value **items = arena_array(arena, const struct value *, count);
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || value_compare_typed(type, items[kept - 1], elements[i].value) != 0 ||
            !value_is_wholly_known(elements[i].value))
            items[kept++] = elements[i].value;
    return value_new_list(arena, items, kept);
}

static const struct value *canonical_list(struct arena *arena, const struct type *type,
                                          const struct value *list)
{
    const struct value **items = arena_array(arena, const struct value *, list->list.count);
    for (size_t i = 0; i < list->list.count; i++)
        items[i] = canonical(arena, value_item_type(type, i), list->list.items[i]);
    return value_new_list(arena, items, list->list.count);
}

static const struct value *canonical_map(struct arena *arena, const struct type *type,
                                         const struct value *map)
{
    struct value_entry *entries = arena_array(arena, struct value_entry, map->map.count);
    for (size_t i = 0; i < map->map.count; i++) {
        entries[i].key = map->map.entries[i].key;
        entries[i].value =
            canonical(arena, value_member_type(type, entries[i].key), map->map.entries[i].value);
    }
    return value_new_map(arena, entries, map->map.count);
}

/* Whether values of this type may hold a set: all others are canonical as they are. */
static bool may_hold_set(const struct type *type)
{
    if (!type)
        return false;
    if (type->kind == TYPE_SET || type->kind == TYPE_DYNAMIC)
        return true;
    if (type->element)
        return may_hold_set(type->element);
    for (size_t i = 0; i < type->count; i++)
        if (may_hold_set(type->fields[i].type))
            return true;
    return false;
}

static const struct value *canonical(struct arena *arena, const struct type *type,
                                     const struct value *value)
{
    if (!value_is_known(value) || !may_hold_set(type))
        return value;
    switch (value->kind) {
    case VALUE_LIST:
        return type->kind == TYPE_SET ? canonical_set(arena, type->element, value)
                                      : canonical_list(arena, type, value);
    case VALUE_MAP:
        return canonical_map(arena, type, value);
    case VALUE_DYNAMIC:
        return value_dynamic(arena, value->dynamic.type,
                             canonical(arena, value->dynamic.type, value->dynamic.value));
    default:
        return value;
    }
}

/* Terraform sends a set in the same order each time: mostly nothing needs sorting. */
static bool equal_in_order(const struct type *element, const struct value *a, const struct value *b)
{
    if (a->list.count != b->list.count)
        return false;
    for (size_t i = 0; i < a->list.count; i++)
        if (!value_equal(element, a->list.items[i], b->list.items[i]))
            return false;
    return true;
}

bool value_sets_equal(const struct type *element, const struct value *a, const struct value *b)
{
    if (equal_in_order(element, a, b))
        return true;
    if (a->list.count == 0 || b->list.count == 0)
        return false;
    ARENA_AUTO arena = arena_new();
    const struct value *left = canonical_set(arena, element, a);
    const struct value *right = canonical_set(arena, element, b);
    if (left->list.count != right->list.count)
        return false;
    for (size_t i = 0; i < left->list.count; i++)
        if (value_compare_typed(element, left->list.items[i], right->list.items[i]) != 0)
            return false;
    return true;
}
