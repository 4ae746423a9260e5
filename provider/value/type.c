#include <stdlib.h>
#include <string.h>

#include "provider/value/value_internal.h"

const struct type type_bool = {.kind = TYPE_BOOL};
const struct type type_number = {.kind = TYPE_NUMBER};
const struct type type_string = {.kind = TYPE_STRING};
const struct type type_dynamic = {.kind = TYPE_DYNAMIC};

static const struct type *collection(struct arena *arena, enum type_kind kind,
                                     const struct type *element)
{
    struct type *type = arena_new_of(arena, struct type);
    type->kind = kind;
    type->element = element;
    return type;
}

const struct type *type_list(struct arena *arena, const struct type *element)
{
    return collection(arena, TYPE_LIST, element);
}

const struct type *type_set(struct arena *arena, const struct type *element)
{
    return collection(arena, TYPE_SET, element);
}

const struct type *type_map(struct arena *arena, const struct type *element)
{
    return collection(arena, TYPE_MAP, element);
}

static int compare_fields(const void *a, const void *b)
{
    return strcmp(((const struct type_field *)a)->name, ((const struct type_field *)b)->name);
}

static struct type *structure(struct arena *arena, enum type_kind kind,
                              const struct type_field *fields, size_t count)
{
    struct type *type = arena_new_of(arena, struct type);
    struct type_field *copy = arena_memdup(arena, fields, count * sizeof(*fields));
    if (kind == TYPE_OBJECT && count)
        qsort(copy, count, sizeof(*copy), compare_fields);
    type->kind = kind;
    type->fields = copy;
    type->count = count;
    return type;
}

const struct type *type_object(struct arena *arena, const struct type_field *fields, size_t count)
{
    return structure(arena, TYPE_OBJECT, fields, count);
}

const struct type *type_tuple(struct arena *arena, const struct type_field *fields, size_t count)
{
    return structure(arena, TYPE_TUPLE, fields, count);
}

bool type_find_field(const struct type *object, struct slice name, size_t *index)
{
    size_t low = 0, high = object->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = value_compare_keys(slice_from(object->fields[middle].name), name);
        if (order == 0) {
            *index = middle;
            return true;
        }
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

const struct type *type_field_type(const struct type *object, const char *name)
{
    return value_member_type(object, slice_from(name));
}

int type_compare(const struct type *a, const struct type *b)
{
    if (a == b)
        return 0;
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    if (a->element)
        return type_compare(a->element, b->element);
    if (a->count != b->count)
        return a->count < b->count ? -1 : 1;
    for (size_t i = 0; i < a->count; i++) {
        int order = a->kind == TYPE_OBJECT ? strcmp(a->fields[i].name, b->fields[i].name) : 0;
        if (order == 0)
            order = type_compare(a->fields[i].type, b->fields[i].type);
        if (order)
            return order;
    }
    return 0;
}

bool type_equal(const struct type *a, const struct type *b)
{
    return type_compare(a, b) == 0;
}

const struct type *type_copy(struct arena *arena, const struct type *type)
{
    static const struct type *const primitives[] = {&type_bool, &type_number, &type_string,
                                                    &type_dynamic};
    if (type->kind <= TYPE_DYNAMIC)
        return primitives[type->kind];
    if (type->element)
        return collection(arena, type->kind, type_copy(arena, type->element));
    struct type_field *fields = arena_array(arena, struct type_field, type->count);
    for (size_t i = 0; i < type->count; i++)
        fields[i] = (struct type_field){arena_strdup(arena, type->fields[i].name),
                                        type_copy(arena, type->fields[i].type)};
    struct type *copy = arena_new_of(arena, struct type);
    *copy = (struct type){.kind = type->kind, .fields = fields, .count = type->count};
    return copy;
}

static const struct type *object_of_value(struct arena *arena, const struct value *value)
{
    struct type_field *fields = arena_array(arena, struct type_field, value->map.count);
    for (size_t i = 0; i < value->map.count; i++) {
        struct slice key = value->map.entries[i].key;
        fields[i] = (struct type_field){arena_strndup(arena, key.ptr, key.length),
                                        type_of_value(arena, value->map.entries[i].value)};
    }
    return type_object(arena, fields, value->map.count);
}

const struct type *type_of_value(struct arena *arena, const struct value *value)
{
    switch (value->kind) {
    case VALUE_BOOL:
        return &type_bool;
    case VALUE_NUMBER:
        return &type_number;
    case VALUE_STRING:
        return &type_string;
    case VALUE_MAP:
        return object_of_value(arena, value);
    case VALUE_LIST: {
        struct type_field *items = arena_array(arena, struct type_field, value->list.count);
        for (size_t i = 0; i < value->list.count; i++)
            items[i].type = type_of_value(arena, value->list.items[i]);
        return type_tuple(arena, items, value->list.count);
    }
    case VALUE_DYNAMIC:
        return value->dynamic.type;
    default:
        return &type_dynamic;
    }
}
