#include <stdlib.h>
#include <string.h>

#include "provider/value/value_internal.h"

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

char *value_new_text(struct arena *arena, enum value_kind kind, size_t length,
                     const struct value **value)
{
    struct value *made = arena_alloc(arena, sizeof(*made) + length + 1);
    char *text = (char *)(made + 1);
    made->kind = kind;
    made->text = (struct slice){text, length};
    *value = made;
    return text;
}

const struct value *value_string_bytes(struct arena *arena, const char *text, size_t length)
{
    const struct value *value;
    char *to = value_new_text(arena, VALUE_STRING, length, &value);
    if (length)
        memcpy(to, text, length);
    return value;
}

const struct value *value_string(struct arena *arena, const char *text)
{
    return text ? value_string_bytes(arena, text, strlen(text)) : &value_null;
}

const struct value *value_new_list(struct arena *arena, const struct value *const *items,
                                   size_t count)
{
    struct value *value = arena_new_of(arena, struct value);
    value->kind = VALUE_LIST;
    value->list.items = items;
    value->list.count = count;
    return value;
}

const struct value *value_list(struct arena *arena, const struct value *const *items, size_t count)
{
    return value_new_list(arena, arena_memdup(arena, items, count * sizeof(*items)), count);
}

int value_compare_keys(struct slice a, struct slice b)
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
    int order = value_compare_keys(left->entry.key, right->entry.key);
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
        if (kept && value_compare_keys(entries[kept - 1].key, sorted[i].entry.key) == 0)
            kept--;
        entries[kept++] = sorted[i].entry;
    }
    free(sorted);
    return kept;
}

static bool entries_are_sorted(const struct value_entry *entries, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (value_compare_keys(entries[i - 1].key, entries[i].key) >= 0)
            return false;
    return true;
}

const struct value *value_new_map(struct arena *arena, struct value_entry *entries, size_t count)
{
    if (!entries_are_sorted(entries, count))
        count = sort_entries(entries, count);
    struct value *value = arena_new_of(arena, struct value);
    value->kind = VALUE_MAP;
    value->map.entries = entries;
    value->map.count = count;
    return value;
}

const struct value *value_map(struct arena *arena, const struct value_entry *entries, size_t count)
{
    return value_new_map(arena, arena_memdup(arena, entries, count * sizeof(*entries)), count);
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

static enum value_kind kind_of(const struct value *value)
{
    while (value && value->kind == VALUE_DYNAMIC)
        value = value->dynamic.value;
    return value ? value->kind : VALUE_NULL;
}

bool value_is_null(const struct value *value)
{
    return kind_of(value) == VALUE_NULL;
}

bool value_is_unknown(const struct value *value)
{
    return kind_of(value) == VALUE_UNKNOWN;
}

bool value_is_known(const struct value *value)
{
    return !value_is_null(value) && !value_is_unknown(value);
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

const struct value *value_find(const struct value *map, struct slice key)
{
    if (!map || map->kind != VALUE_MAP)
        return NULL;
    size_t low = 0, high = map->map.count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = value_compare_keys(map->map.entries[middle].key, key);
        if (order == 0)
            return map->map.entries[middle].value;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

const struct value *value_get(const struct value *map, const char *key)
{
    const struct value *found = value_find(map, slice_from(key));
    return found ? found : &value_null;
}

size_t value_count(const struct value *value)
{
    if (!value)
        return 0;
    return value->kind == VALUE_LIST  ? value->list.count
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
    size_t count = map && map->kind == VALUE_MAP ? map->map.count : 0, used = 0, i = 0;
    struct value_entry *entries = arena_array(arena, struct value_entry, count + 1);
    struct slice wanted = slice_from(key);
    while (i < count && value_compare_keys(map->map.entries[i].key, wanted) < 0)
        entries[used++] = map->map.entries[i++];
    bool replaces = i < count && slice_equal(map->map.entries[i].key, wanted);
    entries[used++] = (struct value_entry){
        replaces ? map->map.entries[i].key : slice_from(arena_strdup(arena, key)), member};
    for (i += replaces; i < count; i++)
        entries[used++] = map->map.entries[i];
    return value_new_map(arena, entries, used);
}

const struct type *value_member_type(const struct type *type, struct slice key)
{
    size_t index;
    if (!type || type->kind != TYPE_OBJECT)
        return type ? type->element : NULL;
    return type_find_field(type, key, &index) ? type->fields[index].type : NULL;
}

const struct type *value_item_type(const struct type *type, size_t index)
{
    if (!type || type->kind != TYPE_TUPLE)
        return type ? type->element : NULL;
    return index < type->count ? type->fields[index].type : NULL;
}

/* --- order and equality ------------------------------------------------------------------------- */

static int compare_sizes(size_t a, size_t b)
{
    return (a > b) - (a < b);
}

static int compare_lists(const struct type *type, const struct value *a, const struct value *b)
{
    for (size_t i = 0; i < a->list.count && i < b->list.count; i++) {
        int order =
            value_compare_typed(value_item_type(type, i), a->list.items[i], b->list.items[i]);
        if (order)
            return order;
    }
    return compare_sizes(a->list.count, b->list.count);
}

/* The first entry at or after i that counts. The null of a dynamic member has a type and counts. */
static size_t next_entry(const struct value *map, size_t i, bool object)
{
    for (; object && i < map->map.count; i++) {
        const struct value *member = map->map.entries[i].value;
        if (member && member->kind != VALUE_NULL)
            break;
    }
    return i;
}

static int compare_maps(const struct type *type, const struct value *a, const struct value *b)
{
    bool object = type && type->kind == TYPE_OBJECT;
    size_t i = next_entry(a, 0, object), j = next_entry(b, 0, object);
    while (i < a->map.count && j < b->map.count) {
        const struct value_entry *left = &a->map.entries[i], *right = &b->map.entries[j];
        int order = value_compare_keys(left->key, right->key);
        if (!order)
            order =
                value_compare_typed(value_member_type(type, left->key), left->value, right->value);
        if (order)
            return order;
        i = next_entry(a, i + 1, object);
        j = next_entry(b, j + 1, object);
    }
    return compare_sizes(a->map.count - i, b->map.count - j);
}

int value_compare_typed(const struct type *type, const struct value *a, const struct value *b)
{
    if (a == b)
        return 0;
    enum value_kind kind = a ? a->kind : VALUE_NULL, other = b ? b->kind : VALUE_NULL;
    if (kind != other)
        return kind < other ? -1 : 1;
    int order;
    switch (kind) {
    case VALUE_NULL:
    case VALUE_UNKNOWN:
        return 0;
    case VALUE_BOOL:
        return (int)a->boolean - (int)b->boolean;
    case VALUE_NUMBER:
    case VALUE_STRING:
        return value_compare_keys(a->text, b->text);
    case VALUE_LIST:
        return compare_lists(type, a, b);
    case VALUE_MAP:
        return compare_maps(type, a, b);
    case VALUE_DYNAMIC:
        order = type_compare(a->dynamic.type, b->dynamic.type);
        return order ? order
                     : value_compare_typed(a->dynamic.type, a->dynamic.value, b->dynamic.value);
    }
    return 0;
}

int value_compare(const struct value *a, const struct value *b)
{
    return value_compare_typed(NULL, a, b);
}

static bool lists_equal(const struct type *type, const struct value *a, const struct value *b)
{
    if (type && type->kind == TYPE_SET)
        return value_sets_equal(type->element, a, b);
    if (a->list.count != b->list.count)
        return false;
    for (size_t i = 0; i < a->list.count; i++)
        if (!value_equal(value_item_type(type, i), a->list.items[i], b->list.items[i]))
            return false;
    return true;
}

static bool maps_equal(const struct type *type, const struct value *a, const struct value *b)
{
    bool object = type && type->kind == TYPE_OBJECT;
    size_t i = next_entry(a, 0, object), j = next_entry(b, 0, object);
    while (i < a->map.count && j < b->map.count) {
        const struct value_entry *left = &a->map.entries[i], *right = &b->map.entries[j];
        if (!slice_equal(left->key, right->key) ||
            !value_equal(value_member_type(type, left->key), left->value, right->value))
            return false;
        i = next_entry(a, i + 1, object);
        j = next_entry(b, j + 1, object);
    }
    return i == a->map.count && j == b->map.count;
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
        return lists_equal(type, a, b);
    case VALUE_MAP:
        return maps_equal(type, a, b);
    case VALUE_DYNAMIC:
        return type_equal(a->dynamic.type, b->dynamic.type) &&
               value_equal(a->dynamic.type, a->dynamic.value, b->dynamic.value);
    }
    return false;
}

/* --- copies ------------------------------------------------------------------------------------- */

static struct slice copy_text(struct arena *arena, struct slice text)
{
    return (struct slice){arena_strndup(arena, text.ptr, text.length), text.length};
}

static const struct value *copy_unknown(struct arena *arena, const struct value *value)
{
    if (!value->unknown.not_null && value->unknown.prefix.length == 0)
        return &value_unknown;
    struct value *copy = arena_memdup(arena, value, sizeof(*value));
    copy->unknown.prefix = copy_text(arena, value->unknown.prefix);
    return copy;
}

static const struct value *copy_list(struct arena *arena, const struct value *value)
{
    const struct value **items = arena_array(arena, const struct value *, value->list.count);
    for (size_t i = 0; i < value->list.count; i++)
        items[i] = value_copy(arena, value->list.items[i]);
    return value_new_list(arena, items, value->list.count);
}

static const struct value *copy_map(struct arena *arena, const struct value *value)
{
    struct value_entry *entries = arena_array(arena, struct value_entry, value->map.count);
    for (size_t i = 0; i < value->map.count; i++)
        entries[i] = (struct value_entry){copy_text(arena, value->map.entries[i].key),
                                          value_copy(arena, value->map.entries[i].value)};
    return value_new_map(arena, entries, value->map.count);
}

const struct value *value_copy(struct arena *arena, const struct value *value)
{
    const struct value *copy = NULL;
    switch (value ? value->kind : VALUE_NULL) {
    case VALUE_NULL:
        return &value_null;
    case VALUE_BOOL:
        return value_bool(value->boolean);
    case VALUE_NUMBER:
    case VALUE_STRING:
        memcpy(value_new_text(arena, value->kind, value->text.length, &copy), value->text.ptr,
               value->text.length);
        return copy;
    case VALUE_UNKNOWN:
        return copy_unknown(arena, value);
    case VALUE_LIST:
        return copy_list(arena, value);
    case VALUE_MAP:
        return copy_map(arena, value);
    case VALUE_DYNAMIC:
        return value_dynamic(arena, type_copy(arena, value->dynamic.type),
                             value_copy(arena, value->dynamic.value));
    }
    return &value_null;
}

/* Shares what it need not change. */
const struct value *value_unknowns_to_null(struct arena *arena, const struct value *value)
{
    if (!value || value->kind == VALUE_UNKNOWN)
        return &value_null;
    if (value_is_wholly_known(value))
        return value;
    if (value->kind == VALUE_DYNAMIC)
        return value_dynamic(arena, value->dynamic.type,
                             value_unknowns_to_null(arena, value->dynamic.value));
    if (value->kind == VALUE_LIST) {
        const struct value **items = arena_array(arena, const struct value *, value->list.count);
        for (size_t i = 0; i < value->list.count; i++)
            items[i] = value_unknowns_to_null(arena, value->list.items[i]);
        return value_new_list(arena, items, value->list.count);
    }
    struct value_entry *entries = arena_array(arena, struct value_entry, value->map.count);
    for (size_t i = 0; i < value->map.count; i++)
        entries[i] = (struct value_entry){
            value->map.entries[i].key, value_unknowns_to_null(arena, value->map.entries[i].value)};
    return value_new_map(arena, entries, value->map.count);
}

/* --- text --------------------------------------------------------------------------------------- */

static void print_text(struct slice text, struct str *out)
{
    STR_AUTO valid = STR_INIT;
    str_append_utf8(&valid, text.ptr, text.length);
    str_append_char(out, '"');
    for (size_t i = 0; i < valid.length; i++) {
        char c = valid.ptr[i];
        if (c == '\n')
            str_append(out, "\\n");
        else if ((unsigned char)c < 0x20)
            str_printf(out, "\\u%04x", (unsigned)c);
        else if (c == '"' || c == '\\')
            str_printf(out, "\\%c", c);
        else
            str_append_char(out, c);
    }
    str_append_char(out, '"');
}

static void print_map(const struct value *value, struct str *out)
{
    str_append_char(out, '{');
    for (size_t i = 0; i < value->map.count; i++) {
        str_append(out, i ? ", " : "");
        str_append_slice(out, value->map.entries[i].key);
        str_append(out, " = ");
        value_print(value->map.entries[i].value, out);
    }
    str_append_char(out, '}');
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
        print_text(value->text, out);
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
        print_map(value, out);
        break;
    case VALUE_DYNAMIC:
        value_print(value->dynamic.value, out);
        break;
    }
}
