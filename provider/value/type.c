#include <stdlib.h>
#include <string.h>

#include "provider/value/value.h"

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

const struct type *type_field_type(const struct type *object, const char *name)
{
    size_t low = 0, high = object->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = strcmp(object->fields[middle].name, name);
        if (order == 0)
            return object->fields[middle].type;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

bool type_equal(const struct type *a, const struct type *b)
{
    if (a == b)
        return true;
    if (a->kind != b->kind || a->count != b->count)
        return false;
    if (a->element && !type_equal(a->element, b->element))
        return false;
    for (size_t i = 0; i < a->count; i++) {
        if (a->kind == TYPE_OBJECT && strcmp(a->fields[i].name, b->fields[i].name) != 0)
            return false;
        if (!type_equal(a->fields[i].type, b->fields[i].type))
            return false;
    }
    return true;
}
