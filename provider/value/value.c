#include "provider/value/value.h"

#include <stdlib.h>
#include <string.h>

const struct value value_null = {.kind = VALUE_NULL};
const struct value value_unknown = {.kind = VALUE_UNKNOWN};
const struct value value_true = {.kind = VALUE_BOOL, .boolean = true};
const struct value value_false = {.kind = VALUE_BOOL, .boolean = false};
const struct value value_empty_list = {.kind = VALUE_LIST};
const struct value value_empty_map = {.kind = VALUE_MAP};

const struct value *value_bool(bool boolean)
{
    return boolean ? &value_true : &value_false;
}

const struct value *value_string_bytes(struct arena *arena, const char *text, size_t length)
{
    struct value *value = arena_new_of(arena, struct value);
    value->kind = VALUE_STRING;
    value->text = (struct slice){arena_strndup(arena, text, length), length};
    return value;
}

const struct value *value_string(struct arena *arena, const char *text)
{
    return text ? value_string_bytes(arena, text, strlen(text)) : &value_null;
}

const struct value *value_list(struct arena *arena, const struct value *const *items, size_t count)
{
    struct value *value = arena_new_of(arena, struct value);
    value->kind = VALUE_LIST;
    value->list.items = arena_memdup(arena, items, count * sizeof(*items));
    value->list.count = count;
    return value;
}

static int compare_slices(struct slice a, struct slice b)
{
    size_t shorter = a.length < b.length ? a.length : b.length;
    int order = shorter ? memcmp(a.ptr, b.ptr, shorter) : 0;
    return order ? order : (a.length > b.length) - (a.length < b.length);
}

/* Equal keys keep their order of arrival: the entries' own addresses cannot tell it while qsort moves
 * them, so each carries its index. */
struct indexed_entry {
    struct value_entry entry;
    size_t index;
};

static int compare_indexed(const void *a, const void *b)
{
    const struct indexed_entry *left = a, *right = b;
    int order = compare_slices(left->entry.key, right->entry.key);
    return order ? order : (left->index > right->index) - (left->index < right->index);
}

/* Sorts and lets the last of equal keys win. Returns how many are left. */
static size_t sort_entries(struct value_entry *entries, size_t count)
{
    struct indexed_entry *sorted = mem_calloc(count, sizeof(*sorted));
    for (size_t i = 0; i < count; i++)
        sorted[i] = (struct indexed_entry){entries[i], i};
    qsort(sorted, count, sizeof(*sorted), compare_indexed);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (kept && compare_slices(entries[kept - 1].key, sorted[i].entry.key) == 0)
            kept--;
        entries[kept++] = sorted[i].entry;
    }
    free(sorted);
    return kept;
}

static bool entries_are_sorted(const struct value_entry *entries, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (compare_slices(entries[i - 1].key, entries[i].key) >= 0)
            return false;
    return true;
}

const struct value *value_map(struct arena *arena, const struct value_entry *entries, size_t count)
{
    struct value *value = arena_new_of(arena, struct value);
    struct value_entry *copy = arena_memdup(arena, entries, count * sizeof(*entries));
    if (!entries_are_sorted(copy, count))
        count = sort_entries(copy, count);
    value->kind = VALUE_MAP;
    value->map.entries = copy;
    value->map.count = count;
    return value;
}

const struct value *value_dynamic(struct arena *arena, const struct type *type,
                                  const struct value *inner)
{
    struct value *value = arena_new_of(arena, struct value);
    value->kind = VALUE_DYNAMIC;
    value->dynamic.type = type;
    value->dynamic.value = inner;
    return value;
}

bool value_is_null(const struct value *value)
{
    return !value || value->kind == VALUE_NULL;
}

bool value_is_unknown(const struct value *value)
{
    return value && value->kind == VALUE_UNKNOWN;
}

bool value_is_known(const struct value *value)
{
    return value && value->kind != VALUE_NULL && value->kind != VALUE_UNKNOWN;
}

bool value_is_wholly_known(const struct value *value)
{
    if (!value)
        return true;
    switch (value->kind) {
    case VALUE_UNKNOWN:
        return false;
    case VALUE_LIST:
        for (size_t i = 0; i < value->list.count; i++)
            if (!value_is_wholly_known(value->list.items[i]))
                return false;
        return true;
    case VALUE_MAP:
        for (size_t i = 0; i < value->map.count; i++)
            if (!value_is_wholly_known(value->map.entries[i].value))
                return false;
        return true;
    case VALUE_DYNAMIC:
        return value_is_wholly_known(value->dynamic.value);
    case VALUE_NULL:
    case VALUE_BOOL:
    case VALUE_NUMBER:
    case VALUE_STRING:
        return true;
    }
    return true;
}

const char *value_text(const struct value *value)
{
    return value && value->kind == VALUE_STRING ? value->text.ptr : NULL;
}

bool value_as_bool(const struct value *value, bool fallback)
{
    return value && value->kind == VALUE_BOOL ? value->boolean : fallback;
}

const struct value *value_get(const struct value *map, const char *key)
{
    if (!map || map->kind != VALUE_MAP)
        return &value_null;
    struct slice wanted = slice_from(key);
    size_t low = 0, high = map->map.count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = compare_slices(map->map.entries[middle].key, wanted);
        if (order == 0)
            return map->map.entries[middle].value;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return &value_null;
}

size_t value_count(const struct value *value)
{
    if (!value)
        return 0;
    return value->kind == VALUE_LIST ? value->list.count
           : value->kind == VALUE_MAP ? value->map.count
                                      : 0;
}

const struct value *value_item(const struct value *list, size_t index)
{
    if (!list || list->kind != VALUE_LIST || index >= list->list.count)
        return &value_null;
    return list->list.items[index];
}

const struct value *value_with(struct arena *arena, const struct value *map, const char *key,
                               const struct value *member)
{
    size_t count = value_count(map);
    struct value_entry *entries = arena_array(arena, struct value_entry, count + 1);
    struct value_entry added = {slice_from(arena_strdup(arena, key)), member};
    size_t used = 0;
    bool placed = false;
    for (size_t i = 0; i < count; i++) {
        const struct value_entry *entry = &map->map.entries[i];
        int order = placed ? -1 : compare_slices(entry->key, added.key);
        if (order >= 0) {
            entries[used++] = added;
            placed = true;
        }
        if (order != 0)
            entries[used++] = *entry;
    }
    if (!placed)
        entries[used++] = added;
    struct value *value = arena_new_of(arena, struct value);
    value->kind = VALUE_MAP;
    value->map.entries = entries;
    value->map.count = used;
    return value;
}

int value_compare(const struct value *a, const struct value *b)
{
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    switch (a->kind) {
    case VALUE_NULL:
    case VALUE_UNKNOWN:
        return 0;
    case VALUE_BOOL:
        return (int)a->boolean - (int)b->boolean;
    case VALUE_NUMBER:
    case VALUE_STRING:
        return compare_slices(a->text, b->text);
    case VALUE_LIST:
        for (size_t i = 0; i < a->list.count && i < b->list.count; i++) {
            int order = value_compare(a->list.items[i], b->list.items[i]);
            if (order)
                return order;
        }
        return (a->list.count > b->list.count) - (a->list.count < b->list.count);
    case VALUE_MAP:
        for (size_t i = 0; i < a->map.count && i < b->map.count; i++) {
            int order = compare_slices(a->map.entries[i].key, b->map.entries[i].key);
            if (!order)
                order = value_compare(a->map.entries[i].value, b->map.entries[i].value);
            if (order)
                return order;
        }
        return (a->map.count > b->map.count) - (a->map.count < b->map.count);
    case VALUE_DYNAMIC:
        return value_compare(a->dynamic.value, b->dynamic.value);
    }
    return 0;
}

static int compare_value_pointers(const void *a, const void *b)
{
    return value_compare(*(const struct value *const *)a, *(const struct value *const *)b);
}

static bool sets_equal(const struct type *element, const struct value *a, const struct value *b)
{
    size_t count = a->list.count;
    if (count != b->list.count)
        return false;
    const struct value **left = mem_calloc(count, sizeof(*left));
    const struct value **right = mem_calloc(count, sizeof(*right));
    if (count) {
        memcpy(left, a->list.items, count * sizeof(*left));
        memcpy(right, b->list.items, count * sizeof(*right));
        qsort(left, count, sizeof(*left), compare_value_pointers);
        qsort(right, count, sizeof(*right), compare_value_pointers);
    }
    bool equal = true;
    for (size_t i = 0; i < count && equal; i++)
        equal = value_equal(element, left[i], right[i]);
    free(left);
    free(right);
    return equal;
}

static const struct type *member_type(const struct type *type, struct slice key, size_t index)
{
    if (!type)
        return NULL;
    if (type->kind == TYPE_OBJECT)
        return type_field_type(type, key.ptr);
    if (type->kind == TYPE_TUPLE)
        return index < type->count ? type->fields[index].type : NULL;
    return type->element;
}

bool value_equal(const struct type *type, const struct value *a, const struct value *b)
{
    if (a == b)
        return true;
    if (!a || !b)
        return value_is_null(a) && value_is_null(b);
    if (a->kind != b->kind)
        return false;
    switch (a->kind) {
    case VALUE_NULL:
    case VALUE_UNKNOWN:
        return true;
    case VALUE_BOOL:
        return a->boolean == b->boolean;
    case VALUE_NUMBER:
    case VALUE_STRING:
        return slice_equal(a->text, b->text);
    case VALUE_LIST:
        if (a->list.count != b->list.count)
            return false;
        if (type && type->kind == TYPE_SET)
            return sets_equal(type->element, a, b);
        for (size_t i = 0; i < a->list.count; i++)
            if (!value_equal(member_type(type, slice_from(NULL), i), a->list.items[i],
                             b->list.items[i]))
                return false;
        return true;
    case VALUE_MAP:
        if (a->map.count != b->map.count)
            return false;
        for (size_t i = 0; i < a->map.count; i++) {
            const struct value_entry *left = &a->map.entries[i], *right = &b->map.entries[i];
            if (!slice_equal(left->key, right->key) ||
                !value_equal(member_type(type, left->key, i), left->value, right->value))
                return false;
        }
        return true;
    case VALUE_DYNAMIC:
        return type_equal(a->dynamic.type, b->dynamic.type) &&
               value_equal(a->dynamic.type, a->dynamic.value, b->dynamic.value);
    }
    return false;
}

/* Rebuilds the tree, giving each leaf to change(). */
static const struct value *rebuild(struct arena *arena, const struct value *value,
                                   const struct value *(*change)(struct arena *,
                                                                 const struct value *))
{
    if (value->kind == VALUE_LIST) {
        const struct value **items = arena_array(arena, const struct value *, value->list.count);
        for (size_t i = 0; i < value->list.count; i++)
            items[i] = rebuild(arena, value->list.items[i], change);
        return value_list(arena, items, value->list.count);
    }
    if (value->kind == VALUE_MAP) {
        struct value_entry *entries = arena_array(arena, struct value_entry, value->map.count);
        for (size_t i = 0; i < value->map.count; i++) {
            const struct value_entry *entry = &value->map.entries[i];
            entries[i].key = (struct slice){arena_strndup(arena, entry->key.ptr, entry->key.length),
                                            entry->key.length};
            entries[i].value = rebuild(arena, entry->value, change);
        }
        return value_map(arena, entries, value->map.count);
    }
    if (value->kind == VALUE_DYNAMIC)
        return value_dynamic(arena, value->dynamic.type,
                             rebuild(arena, value->dynamic.value, change));
    return change(arena, value);
}

static const struct value *copy_leaf(struct arena *arena, const struct value *value)
{
    struct value *copy = arena_memdup(arena, value, sizeof(*value));
    if (value->kind == VALUE_STRING || value->kind == VALUE_NUMBER)
        copy->text.ptr = arena_strndup(arena, value->text.ptr, value->text.length);
    else if (value->kind == VALUE_UNKNOWN)
        copy->unknown.prefix.ptr =
            arena_strndup(arena, value->unknown.prefix.ptr, value->unknown.prefix.length);
    return copy;
}

const struct value *value_copy(struct arena *arena, const struct value *value)
{
    return value ? rebuild(arena, value, copy_leaf) : &value_null;
}

static const struct value *null_if_unknown(struct arena *arena, const struct value *value)
{
    (void)arena;
    return value->kind == VALUE_UNKNOWN ? &value_null : value;
}

const struct value *value_unknowns_to_null(struct arena *arena, const struct value *value)
{
    if (!value || value_is_wholly_known(value))
        return value ? value : &value_null;
    return rebuild(arena, value, null_if_unknown);
}

void value_print(const struct value *value, struct str *out)
{
    switch (value ? value->kind : VALUE_NULL) {
    case VALUE_NULL:
        str_append(out, "null");
        break;
    case VALUE_UNKNOWN:
        str_append(out, "(unknown)");
        break;
    case VALUE_BOOL:
        str_append(out, value->boolean ? "true" : "false");
        break;
    case VALUE_NUMBER:
        str_append_slice(out, value->text);
        break;
    case VALUE_STRING:
        str_append_char(out, '"');
        str_append_utf8(out, value->text.ptr, value->text.length);
        str_append_char(out, '"');
        break;
    case VALUE_LIST:
        str_append_char(out, '[');
        for (size_t i = 0; i < value->list.count; i++) {
            str_append(out, i ? ", " : "");
            value_print(value->list.items[i], out);
        }
        str_append_char(out, ']');
        break;
    case VALUE_MAP:
        str_append_char(out, '{');
        for (size_t i = 0; i < value->map.count; i++) {
            str_append(out, i ? ", " : "");
            str_append_slice(out, value->map.entries[i].key);
            str_append(out, " = ");
            value_print(value->map.entries[i].value, out);
        }
        str_append_char(out, '}');
        break;
    case VALUE_DYNAMIC:
        value_print(value->dynamic.value, out);
        break;
    }
}
