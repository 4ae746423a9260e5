#include "provider/engine/same.h"

#include <stdlib.h>
#include <string.h>

#include "provider/engine/layout.h"

enum side { PLANNING, READING };

static bool is_collection_of_objects(const struct attribute *attribute)
{
    return attribute->kind == ATTRIBUTE_OBJECT_LIST || attribute->kind == ATTRIBUTE_OBJECT_SET;
}

static bool is_number_text(const struct attribute *attribute)
{
    return attribute->json_kind == JSON_INTEGER_TEXT || attribute->json_kind == JSON_NUMBER_TEXT;
}

/* --- nothing, defaults -------------------------------------------------------------------------- */

static bool is_default(const struct attribute *attribute, const struct value *value)
{
    const char *expected = attribute->default_value;
    switch (value->kind) {
    case VALUE_BOOL:
        return strcmp(expected, value->boolean ? "true" : "false") == 0;
    case VALUE_STRING:
    case VALUE_NUMBER:
        return slice_equal_text(value->text, expected);
    case VALUE_LIST:
    case VALUE_MAP:
        return value_count(value) == 0; /* the only default that collections can have */
    default:
        return false;
    }
}

static bool objects_say_nothing(const struct attribute *attribute, const struct value *list)
{
    const struct layout *layout = layout_of_table(attribute->fields);
    for (size_t i = 0; i < value_count(list); i++)
        for (size_t j = 0; j < layout->count; j++)
            if (!same_as_nothing(layout->attributes[j],
                                 layout_member(layout, value_item(list, i), j)))
                return false;
    return true;
}

bool same_as_nothing(const struct attribute *attribute, const struct value *value)
{
    if (value_is_null(value))
        return true;
    if (value_is_unknown(value))
        return false;
    if (attribute->default_value)
        return is_default(attribute, value);
    switch (value->kind) {
    case VALUE_BOOL:
        return !value->boolean;
    case VALUE_STRING:
        return value->text.length == 0;
    case VALUE_LIST:
        return value_count(value) == 0 ||
               (attribute->flags & SINGLE && objects_say_nothing(attribute, value));
    case VALUE_MAP:
        return value_count(value) == 0;
    default: /* zero is a number like any other */
        return false;
    }
}

const struct value *attribute_default(struct arena *arena, const struct attribute *attribute)
{
    const char *text = attribute->default_value;
    switch (attribute->kind) {
    case ATTRIBUTE_BOOL:
        return value_bool(strcmp(text, "true") == 0);
    case ATTRIBUTE_INTEGER:
    case ATTRIBUTE_NUMBER:
        return value_number(arena, text, strlen(text));
    case ATTRIBUTE_STRING_LIST:
    case ATTRIBUTE_STRING_SET:
    case ATTRIBUTE_OBJECT_LIST:
    case ATTRIBUTE_OBJECT_SET:
        return &value_empty_list;
    case ATTRIBUTE_STRING_MAP:
        return &value_empty_map;
    case ATTRIBUTE_STRING:
    case ATTRIBUTE_DYNAMIC:
        break;
    }
    return value_string(arena, text);
}

/* --- scalars and members ------------------------------------------------------------------------ */

static bool same_any(enum side side, const struct attribute *attribute, const struct value *asked,
                     const struct value *held);

static bool same_number_text(const struct value *a, const struct value *b)
{
    if (a->kind != VALUE_STRING || b->kind != VALUE_STRING)
        return false;
    ARENA_AUTO arena = arena_new();
    const struct value *left = value_number(arena, a->text.ptr, a->text.length);
    const struct value *right = value_number(arena, b->text.ptr, b->text.length);
    return left && right && value_equal(&type_number, left, right);
}

static bool same_scalar(const struct attribute *attribute, const struct value *asked,
                        const struct value *held)
{
    if (!value_is_known(asked) || !value_is_known(held))
        return value_is_null(asked) && value_is_null(held);
    if (value_equal(NULL, asked, held))
        return true;
    if (attribute->equal &&
        attribute->kind != ATTRIBUTE_STRING_MAP) /* which is compared as a whole */
        return attribute->equal(asked, held);
    return is_number_text(attribute) && same_number_text(asked, held);
}

static bool same_member(enum side side, const struct attribute *attribute,
                        const struct value *asked, const struct value *held)
{
    if (side == READING && attribute->flags & (LOCAL | UNREADABLE | WRITE_ONLY))
        return true;
    bool asked_null = value_is_null(asked), held_null = value_is_null(held);
    if (asked_null && !held_null)
        return !value_is_unknown(held) &&
               (attribute->flags & COMPUTED || same_as_nothing(attribute, held));
    if (!asked_null && held_null) {
        /* What a computed attribute really holds is not known where the state has a null. */
        bool may_hold_more =
            side == PLANNING && attribute->flags & COMPUTED && !attribute->default_value;
        return !may_hold_more && same_as_nothing(attribute, asked);
    }
    return same_any(side, attribute, asked, held);
}

static bool same_object(enum side side, const struct attribute *table, const struct value *asked,
                        const struct value *held)
{
    const struct layout *layout = layout_of_table(table);
    if (!value_is_known(asked) || !value_is_known(held))
        return value_is_null(asked) && value_is_null(held);
    for (size_t i = 0; i < layout->count; i++)
        if (!same_member(side, layout->attributes[i], layout_member(layout, asked, i),
                         layout_member(layout, held, i)))
            return false;
    return true;
}

static bool same_item(enum side side, const struct attribute *attribute, const struct value *asked,
                      const struct value *held)
{
    return is_collection_of_objects(attribute) ? same_object(side, attribute->fields, asked, held)
                                               : same_scalar(attribute, asked, held);
}

/* --- sets: a largest matching ------------------------------------------------------------------- */

/*
 * Sameness is no equivalence (a null is the same as many values), so that taking the first partner that
 * fits can leave another element without one. Hence augmenting paths (Kuhn). Sets mostly come in one
 * order: the element at the same place is tried first, and then nothing is left to do.
 */
enum { NO_PARTNER = -1 };

struct matching {
    enum side side;
    const struct attribute *attribute;
    const struct value *asked, *held;
    int *partner_of_asked; /* index in held, or NO_PARTNER */
    int *partner_of_held;
    bool *visited; /* of held, in one search */
};

static bool fits(const struct matching *m, size_t asked, size_t held)
{
    return same_item(m->side, m->attribute, value_item(m->asked, asked), value_item(m->held, held));
}

static void pair(struct matching *m, size_t asked, size_t held)
{
    m->partner_of_asked[asked] = (int)held;
    m->partner_of_held[held] = (int)asked;
}

static bool find_partner(struct matching *m, size_t asked)
{
    for (size_t held = 0; held < value_count(m->held); held++) {
        if (m->visited[held] || !fits(m, asked, held))
            continue;
        m->visited[held] = true;
        int rival = m->partner_of_held[held];
        if (rival == NO_PARTNER || find_partner(m, (size_t)rival)) {
            pair(m, asked, held);
            return true;
        }
    }
    return false;
}

static void matching_begin(struct matching *m, enum side side, const struct attribute *attribute,
                           const struct value *asked, const struct value *held)
{
    size_t asked_count = value_count(asked), held_count = value_count(held);
    *m = (struct matching){.side = side, .attribute = attribute, .asked = asked, .held = held};
    m->partner_of_asked = mem_calloc(asked_count + 1, sizeof(int));
    m->partner_of_held = mem_calloc(held_count + 1, sizeof(int));
    m->visited = mem_calloc(held_count + 1, sizeof(bool));
    for (size_t i = 0; i < asked_count; i++)
        m->partner_of_asked[i] = NO_PARTNER;
    for (size_t i = 0; i < held_count; i++)
        m->partner_of_held[i] = NO_PARTNER;
    for (size_t i = 0; i < asked_count && i < held_count; i++)
        if (fits(m, i, i))
            pair(m, i, i);
}

/* Returns how many elements of `asked` have a partner; gives up at the first without when all must. */
static size_t matching_complete(struct matching *m, bool all)
{
    size_t matched = 0;
    for (size_t i = 0; i < value_count(m->asked); i++) {
        if (m->partner_of_asked[i] == NO_PARTNER) {
            memset(m->visited, 0, value_count(m->held) * sizeof(bool));
            find_partner(m, i);
        }
        if (m->partner_of_asked[i] != NO_PARTNER)
            matched++;
        else if (all)
            break;
    }
    return matched;
}

static void matching_end(struct matching *m)
{
    free(m->partner_of_asked);
    free(m->partner_of_held);
    free(m->visited);
}

static bool same_set(enum side side, const struct attribute *attribute, const struct value *asked,
                     const struct value *held)
{
    if (value_count(asked) != value_count(held))
        return false;
    struct matching m;
    matching_begin(&m, side, attribute, asked, held);
    bool same = matching_complete(&m, true) == value_count(asked);
    matching_end(&m);
    return same;
}

/* --- whole values ------------------------------------------------------------------------------- */

static bool same_list(enum side side, const struct attribute *attribute, const struct value *asked,
                      const struct value *held)
{
    if (value_count(asked) != value_count(held))
        return false;
    for (size_t i = 0; i < value_count(asked); i++)
        if (!same_item(side, attribute, value_item(asked, i), value_item(held, i)))
            return false;
    return true;
}

static bool same_map(const struct attribute *attribute, const struct value *asked,
                     const struct value *held)
{
    if (asked->kind != VALUE_MAP || held->kind != VALUE_MAP)
        return false;
    if (attribute->equal)
        return attribute->equal(asked, held);
    if (asked->map.count != held->map.count)
        return false;
    for (size_t i = 0; i < asked->map.count; i++)
        if (!slice_equal(asked->map.entries[i].key, held->map.entries[i].key) ||
            !same_scalar(attribute, asked->map.entries[i].value, held->map.entries[i].value))
            return false;
    return true;
}

static bool same_any(enum side side, const struct attribute *attribute, const struct value *asked,
                     const struct value *held)
{
    if (!value_is_known(asked) || !value_is_known(held))
        return value_is_null(asked) && value_is_null(held);
    if (attribute->flags & ANY_ORDER)
        return same_set(side, attribute, asked, held);
    switch (attribute->kind) {
    case ATTRIBUTE_STRING_LIST:
    case ATTRIBUTE_OBJECT_LIST:
        return same_list(side, attribute, asked, held);
    case ATTRIBUTE_STRING_SET:
    case ATTRIBUTE_OBJECT_SET:
        return same_set(side, attribute, asked, held);
    case ATTRIBUTE_STRING_MAP:
        return same_map(attribute, asked, held);
    case ATTRIBUTE_STRING:
    case ATTRIBUTE_BOOL:
    case ATTRIBUTE_INTEGER:
    case ATTRIBUTE_NUMBER:
    case ATTRIBUTE_DYNAMIC:
        break;
    }
    return same_scalar(attribute, asked, held);
}

bool same_planned(const struct attribute *attribute, const struct value *config,
                  const struct value *prior)
{
    return same_any(PLANNING, attribute, config, prior);
}

bool same_planned_field(const struct attribute *field, const struct value *config,
                        const struct value *prior)
{
    return same_member(PLANNING, field, config, prior);
}

bool same_read(const struct attribute *attribute, const struct value *prior,
               const struct value *remote)
{
    return same_any(READING, attribute, prior, remote);
}

/* --- merging ------------------------------------------------------------------------------------ */

static const struct value *merge_object(struct arena *arena, const struct attribute *table,
                                        const struct value *prior, const struct value *remote)
{
    const struct layout *layout = layout_of_table(table);
    if (!value_is_known(prior) || !value_is_known(remote))
        return remote;
    const struct value **members = arena_array(arena, const struct value *, layout->count);
    for (size_t i = 0; i < layout->count; i++) {
        const struct attribute *attribute = layout->attributes[i];
        const struct value *before = layout_member(layout, prior, i);
        const struct value *now = layout_member(layout, remote, i);
        members[i] = same_member(READING, attribute, before, now) ? before
                     : value_is_known(before) && value_is_known(now)
                         ? same_merge(arena, attribute, before, now)
                         : now;
    }
    return layout_object(arena, layout, members);
}

static const struct value *merge_item(struct arena *arena, const struct attribute *attribute,
                                      const struct value *prior, const struct value *remote)
{
    if (same_item(READING, attribute, prior, remote))
        return prior;
    return is_collection_of_objects(attribute)
               ? merge_object(arena, attribute->fields, prior, remote)
               : remote;
}

static const struct value *merge_list(struct arena *arena, const struct attribute *attribute,
                                      const struct value *prior, const struct value *remote)
{
    size_t count = value_count(remote);
    const struct value **items = arena_array(arena, const struct value *, count);
    for (size_t i = 0; i < count; i++)
        items[i] = i < value_count(prior)
                       ? merge_item(arena, attribute, value_item(prior, i), value_item(remote, i))
                       : value_item(remote, i);
    return value_list(arena, items, count);
}

/* Whether two elements of a set are one that changed: they agree in all attributes with KEY. */
static bool same_keys(const struct attribute *table, const struct value *prior,
                      const struct value *remote)
{
    const struct layout *layout = layout_of_table(table);
    for (size_t i = 0; i < layout->count; i++)
        if (layout->attributes[i]->flags & KEY &&
            !same_member(READING, layout->attributes[i], layout_member(layout, prior, i),
                         layout_member(layout, remote, i)))
            return false;
    return layout->has_keys;
}

static const struct value *merge_changed(struct arena *arena, struct matching *m,
                                         const struct value *remote, size_t index)
{
    if (is_collection_of_objects(m->attribute))
        for (size_t i = 0; i < value_count(m->asked); i++)
            if (m->partner_of_asked[i] == NO_PARTNER &&
                same_keys(m->attribute->fields, value_item(m->asked, i), remote)) {
                pair(m, i, index);
                return merge_object(arena, m->attribute->fields, value_item(m->asked, i), remote);
            }
    return remote;
}

static const struct value *merge_set(struct arena *arena, const struct attribute *attribute,
                                     const struct value *prior, const struct value *remote)
{
    struct matching m;
    matching_begin(&m, READING, attribute, prior, remote);
    matching_complete(&m, false);
    size_t count = value_count(remote);
    const struct value **items = arena_array(arena, const struct value *, count);
    for (size_t i = 0; i < count; i++) {
        int partner = m.partner_of_held[i];
        items[i] = partner != NO_PARTNER ? value_item(prior, (size_t)partner)
                                         : merge_changed(arena, &m, value_item(remote, i), i);
    }
    matching_end(&m);
    return value_list(arena, items, count);
}

static const struct value *merge_map(struct arena *arena, const struct attribute *attribute,
                                     const struct value *prior, const struct value *remote)
{
    struct value_entry *entries = arena_array(arena, struct value_entry, value_count(remote));
    for (size_t i = 0; i < value_count(remote); i++) {
        entries[i] = remote->map.entries[i];
        const struct value *before = value_get(prior, entries[i].key.ptr);
        if (!attribute->equal && same_scalar(attribute, before, entries[i].value))
            entries[i].value = before;
    }
    return value_map(arena, entries, value_count(remote));
}

const struct value *same_merge(struct arena *arena, const struct attribute *attribute,
                               const struct value *prior, const struct value *remote)
{
    if (same_any(READING, attribute, prior, remote))
        return prior;
    if (!value_is_known(prior) || !value_is_known(remote))
        return remote;
    if (attribute->flags & ANY_ORDER)
        return merge_set(arena, attribute, prior, remote);
    switch (attribute->kind) {
    case ATTRIBUTE_STRING_LIST:
    case ATTRIBUTE_OBJECT_LIST:
        return merge_list(arena, attribute, prior, remote);
    case ATTRIBUTE_STRING_SET:
    case ATTRIBUTE_OBJECT_SET:
        return merge_set(arena, attribute, prior, remote);
    case ATTRIBUTE_STRING_MAP:
        return merge_map(arena, attribute, prior, remote);
    case ATTRIBUTE_STRING:
    case ATTRIBUTE_BOOL:
    case ATTRIBUTE_INTEGER:
    case ATTRIBUTE_NUMBER:
    case ATTRIBUTE_DYNAMIC:
        break;
    }
    return remote;
}
