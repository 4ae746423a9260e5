#include "provider/engine/same.h"

#include <stdlib.h>
#include <string.h>

static bool text_is_default(const struct attribute *attribute, const struct value *value)
{
    const char *expected = attribute->default_value;
    if (value->kind == VALUE_BOOL)
        return strcmp(expected, value->boolean ? "true" : "false") == 0;
    if (value->kind == VALUE_STRING || value->kind == VALUE_NUMBER)
        return slice_equal_text(value->text, expected);
    return false;
}

bool same_as_nothing(const struct attribute *attribute, const struct value *value)
{
    if (value_is_null(value))
        return true;
    if (attribute->default_value)
        return text_is_default(attribute, value);
    switch (value->kind) {
    case VALUE_BOOL:
        return !value->boolean;
    case VALUE_STRING:
        return value->text.length == 0;
    case VALUE_LIST:
    case VALUE_MAP:
        return value_count(value) == 0;
    default:
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
        return &value_empty_list;
    case ATTRIBUTE_STRING_MAP:
        return &value_empty_map;
    default:
        return value_string(arena, text);
    }
}

static bool same_member(const struct attribute *attribute, const struct value *a,
                        const struct value *b)
{
    bool a_null = value_is_null(a), b_null = value_is_null(b);
    if (!a_null && !b_null)
        return same_value(attribute, a, b);
    if (a_null && b_null)
        return true;
    const struct value *present = a_null ? b : a;
    if (value_is_unknown(present))
        return false;
    return (attribute->flags & COMPUTED) || same_as_nothing(attribute, present);
}

static bool same_object(const struct attribute *table, const struct value *a,
                        const struct value *b)
{
    if (value_is_unknown(a) || value_is_unknown(b))
        return false;
    for (; table->name; table++)
        if (!same_member(table, value_get(a, table->name), value_get(b, table->name)))
            return false;
    return true;
}

static bool same_scalar(const struct attribute *attribute, const struct value *a,
                        const struct value *b)
{
    if (value_is_unknown(a) || value_is_unknown(b))
        return false;
    if (value_equal(NULL, a, b))
        return true;
    return attribute->equal && value_is_known(a) && value_is_known(b) && attribute->equal(a, b);
}

static bool same_item(const struct attribute *attribute, const struct value *a,
                      const struct value *b)
{
    bool objects =
        attribute->kind == ATTRIBUTE_OBJECT_LIST || attribute->kind == ATTRIBUTE_OBJECT_SET;
    return objects ? same_object(attribute->fields, a, b) : same_scalar(attribute, a, b);
}

static bool same_in_order(const struct attribute *attribute, const struct value *a,
                          const struct value *b)
{
    for (size_t i = 0; i < value_count(a); i++)
        if (!same_item(attribute, value_item(a, i), value_item(b, i)))
            return false;
    return true;
}

/* Each element of a finds a partner of its own in b. Greedy is enough: sameness is as good as an
 * equivalence on what one API returns. */
static bool same_in_any_order(const struct attribute *attribute, const struct value *a,
                              const struct value *b)
{
    size_t count = value_count(a);
    bool *taken = mem_calloc(count, sizeof(*taken));
    bool same = true;
    for (size_t i = 0; i < count && same; i++) {
        same = false;
        for (size_t j = 0; j < count && !same; j++) {
            size_t candidate = (i + j) % count;
            if (!taken[candidate] &&
                same_item(attribute, value_item(a, i), value_item(b, candidate)))
                same = taken[candidate] = true;
        }
    }
    free(taken);
    return same;
}

static bool same_map(const struct attribute *attribute, const struct value *a,
                     const struct value *b)
{
    for (size_t i = 0; i < value_count(a); i++)
        if (!slice_equal(a->map.entries[i].key, b->map.entries[i].key) ||
            !same_scalar(attribute, a->map.entries[i].value, b->map.entries[i].value))
            return false;
    return true;
}

bool same_value(const struct attribute *attribute, const struct value *a, const struct value *b)
{
    if (value_is_unknown(a) || value_is_unknown(b))
        return false;
    if (value_is_null(a) || value_is_null(b))
        return value_is_null(a) && value_is_null(b);
    switch (attribute->kind) {
    case ATTRIBUTE_STRING_LIST:
    case ATTRIBUTE_OBJECT_LIST:
        return value_count(a) == value_count(b) && same_in_order(attribute, a, b);
    case ATTRIBUTE_STRING_SET:
    case ATTRIBUTE_OBJECT_SET:
        return value_count(a) == value_count(b) && same_in_any_order(attribute, a, b);
    case ATTRIBUTE_STRING_MAP:
        return value_count(a) == value_count(b) && same_map(attribute, a, b);
    default:
        return same_scalar(attribute, a, b);
    }
}
