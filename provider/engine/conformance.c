#include "provider/engine/conformance.h"

#include <stdlib.h>
#include <string.h>

#include "provider/engine/timeouts.h"

/* --- where -------------------------------------------------------------------------------------- */

/* The way to a value, on the stack of those who walk: it becomes text only when a rule is broken. */
struct place {
    const struct place *parent; /* NULL: a member of the root */
    enum path_step_kind kind;
    struct slice name;
    size_t index;
};

static const struct path *place_path(struct arena *arena, const struct place *place)
{
    if (!place)
        return NULL;
    const struct path *parent = place_path(arena, place->parent);
    const char *name = arena_strndup(arena, place->name.ptr, place->name.length);
    switch (place->kind) {
    case PATH_ATTRIBUTE:
        return path_attribute(arena, parent, name);
    case PATH_KEY:
        return path_key(arena, parent, name);
    case PATH_INDEX:
        return path_index(arena, parent, (int64_t)place->index);
    }
    return parent;
}

/* err is NULL where a rule is only tried. */
static bool broken(struct error *err, const struct place *place, const char *rule)
{
    if (!err)
        return false;
    if (!place)
        return error_set(err, ERROR_INTERNAL, "the object %s", rule);
    ARENA_AUTO arena = arena_new();
    STR_AUTO text = STR_INIT;
    path_print(place_path(arena, place), &text);
    return error_set(err, ERROR_INTERNAL, "attribute %s %s", str_text(&text), rule);
}

static struct place place_attribute(const struct place *parent, const char *name)
{
    return (struct place){.parent = parent, .kind = PATH_ATTRIBUTE, .name = slice_from(name)};
}

static struct place place_key(const struct place *parent, struct slice key)
{
    return (struct place){.parent = parent, .kind = PATH_KEY, .name = key};
}

static struct place place_index(const struct place *parent, size_t index)
{
    return (struct place){
        .parent = parent, .kind = PATH_INDEX, .name = slice_from(""), .index = index};
}

static bool is_null(const struct value *value)
{
    return !value || value->kind == VALUE_NULL;
}

static const struct value *member(const struct value *object, const char *name)
{
    const struct value *found = value_get(object, name);
    return found ? found : &value_null;
}

/* --- shape -------------------------------------------------------------------------------------- */

struct shape {
    bool known; /* no unknown value is allowed */
    struct error *err;
};

static bool check_shape(const struct shape *shape, const struct place *place,
                        const struct type *type, const struct value *value);

static bool check_items(const struct shape *shape, const struct place *place,
                        const struct type *type, const struct value *value)
{
    if (value->kind != VALUE_LIST)
        return broken(shape->err, place, "is no list, set or tuple");
    if (type->kind == TYPE_TUPLE && value->list.count != type->count)
        return broken(shape->err, place, "is a tuple of another length");
    for (size_t i = 0; i < value->list.count; i++) {
        struct place item = place_index(place, i);
        const struct type *element =
            type->kind == TYPE_TUPLE ? type->fields[i].type : type->element;
        if (!check_shape(shape, &item, element, value->list.items[i]))
            return false;
    }
    return true;
}

static bool check_map(const struct shape *shape, const struct place *place, const struct type *type,
                      const struct value *value)
{
    if (value->kind != VALUE_MAP)
        return broken(shape->err, place, "is no map");
    for (size_t i = 0; i < value->map.count; i++) {
        const struct value_entry *entry = &value->map.entries[i];
        struct place element = place_key(place, entry->key);
        if (!text_is_utf8(entry->key.ptr, entry->key.length))
            return broken(shape->err, place, "has a key that is not UTF-8");
        if (!check_shape(shape, &element, type->element, entry->value))
            return false;
    }
    return true;
}

static bool check_object(const struct shape *shape, const struct place *place,
                         const struct type *type, const struct value *value)
{
    if (value->kind != VALUE_MAP)
        return broken(shape->err, place, "is no object");
    size_t found = 0;
    for (size_t i = 0; i < type->count; i++) {
        const struct type_field *field = &type->fields[i];
        struct place attribute = place_attribute(place, field->name);
        const struct value *inner = value_find(value, slice_from(field->name));
        found += inner != NULL;
        if (!check_shape(shape, &attribute, field->type, inner))
            return false;
    }
    if (found == value->map.count)
        return true;
    return broken(shape->err, place, "has a member that its type does not have");
}

static bool check_scalar(const struct shape *shape, const struct place *place,
                         const struct type *type, const struct value *value)
{
    if (type->kind == TYPE_BOOL)
        return value->kind == VALUE_BOOL || broken(shape->err, place, "is no bool");
    if (type->kind == TYPE_NUMBER)
        return value->kind == VALUE_NUMBER || broken(shape->err, place, "is no number");
    if (value->kind != VALUE_STRING)
        return broken(shape->err, place, "is no string");
    return text_is_utf8(value->text.ptr, value->text.length) ||
           broken(shape->err, place, "is a string that is not UTF-8");
}

static bool check_shape(const struct shape *shape, const struct place *place,
                        const struct type *type, const struct value *value)
{
    if (!value || is_null(value))
        return true;
    if (value->kind == VALUE_UNKNOWN)
        return !shape->known || broken(shape->err, place, "is unknown");
    switch (type->kind) {
    case TYPE_BOOL:
    case TYPE_NUMBER:
    case TYPE_STRING:
        return check_scalar(shape, place, type, value);
    case TYPE_LIST:
    case TYPE_SET:
    case TYPE_TUPLE:
        return check_items(shape, place, type, value);
    case TYPE_MAP:
        return check_map(shape, place, type, value);
    case TYPE_OBJECT:
        return check_object(shape, place, type, value);
    case TYPE_DYNAMIC:
        if (value->kind != VALUE_DYNAMIC)
            return broken(shape->err, place, "is dynamic and has no type of its own");
        return check_shape(shape, place, value->dynamic.type, value->dynamic.value);
    }
    return false;
}

/* --- plan --------------------------------------------------------------------------------------- */

static bool planned_attribute(const struct place *parent, const struct attribute *attribute,
                              const struct value *prior, const struct value *config,
                              const struct value *planned, struct error *err)
{
    struct place place = place_attribute(parent, attribute->name);
    const struct type *type = attribute_type(attribute);
    if (attribute->flags & WRITE_ONLY)
        return value_is_null(planned) || broken(err, &place, "is write-only and planned");
    if (value_equal(type, planned, config))
        return true;
    if (value_is_null(config)) {
        if (attribute_is_computed(attribute) || value_is_null(planned))
            return true;
        return broken(err, &place, "is planned although neither configured nor computed");
    }
    if (!value_is_null(prior) && value_equal(type, planned, prior))
        return true;
    if (value_is_unknown(planned))
        return broken(err, &place, "is planned as unknown although configured");
    return broken(err, &place, "is planned neither as configured nor as it was before");
}

static bool planned_table(const struct place *place, const struct attribute *table,
                          const struct value *prior, const struct value *config,
                          const struct value *planned, struct error *err)
{
    for (; table->name; table++)
        if (!planned_attribute(place, table, member(prior, table->name),
                               member(config, table->name), member(planned, table->name), err))
            return false;
    return true;
}

/* A block is there exactly if it is configured, and is never unknown as a whole by our will. */
static bool planned_block(const char *name, const struct attribute *table,
                          const struct value *prior, const struct value *config,
                          const struct value *planned, struct error *err)
{
    struct place place = place_attribute(NULL, name);
    if (value_is_unknown(config))
        return value_is_unknown(planned) || broken(err, &place, "is configured as unknown only");
    if (value_is_unknown(planned))
        return broken(err, &place, "is a block and planned as unknown");
    if (value_is_null(config) != value_is_null(planned))
        return broken(err, &place,
                      value_is_null(planned) ? "is configured and not planned"
                                             : "is planned and not configured");
    return value_is_null(planned) || planned_table(&place, table, prior, config, planned, err);
}

bool conformance_planned(const struct resource *resource, const struct value *prior,
                         const struct value *config, const struct value *planned, struct error *err)
{
    if (value_is_null(config) || value_is_null(planned)) {
        if (value_is_null(config) && value_is_null(planned))
            return true;
        return broken(err, NULL,
                      value_is_null(planned) ? "is configured and planned as null"
                                             : "is to be destroyed and planned");
    }
    if (value_is_unknown(planned))
        return broken(err, NULL, "is planned as unknown");
    const struct shape shape = {.known = false, .err = err};
    return check_shape(&shape, NULL, resource_type(resource), planned) &&
           planned_table(NULL, resource->attributes, prior, config, planned, err) &&
           planned_block("timeouts", timeouts_attributes, member(prior, "timeouts"),
                         member(config, "timeouts"), member(planned, "timeouts"), err);
}

/* --- states ------------------------------------------------------------------------------------- */

bool conformance_state(const struct resource *resource, const struct value *state,
                       struct error *err)
{
    const struct shape shape = {.known = true, .err = err};
    if (!check_shape(&shape, NULL, resource_type(resource), state))
        return false;
    for (const struct attribute *attribute = resource->attributes; attribute->name; attribute++) {
        struct place place = place_attribute(NULL, attribute->name);
        if (attribute->flags & WRITE_ONLY && !value_is_null(member(state, attribute->name)))
            return broken(err, &place, "is write-only and stored");
    }
    return true;
}

/* --- apply -------------------------------------------------------------------------------------- */

static bool compatible(const struct place *place, const struct type *type,
                       const struct value *planned, const struct value *applied, struct error *err);

static bool fits_refinements(const struct place *place, const struct value *unknown,
                             const struct value *applied, struct error *err)
{
    if (is_null(applied))
        return !unknown->unknown.not_null ||
               broken(err, place, "is null although planned as not null");
    struct slice prefix = unknown->unknown.prefix;
    bool starts = prefix.length == 0 || applied->kind != VALUE_STRING ||
                  (applied->text.length >= prefix.length &&
                   memcmp(applied->text.ptr, prefix.ptr, prefix.length) == 0);
    return starts || broken(err, place, "does not start with the planned prefix");
}

static bool compatible_items(const struct place *place, const struct type *type,
                             const struct value *planned, const struct value *applied,
                             struct error *err)
{
    if (planned->list.count != applied->list.count)
        return broken(err, place, "has another number of elements than planned");
    for (size_t i = 0; i < planned->list.count; i++) {
        struct place item = place_index(place, i);
        const struct type *element =
            type->kind == TYPE_TUPLE ? type->fields[i].type : type->element;
        if (!compatible(&item, element, planned->list.items[i], applied->list.items[i], err))
            return false;
    }
    return true;
}

/* Elements that came up twice coalesce when Terraform reads them. */
static size_t count_distinct(const struct type *element, const struct value *set)
{
    size_t distinct = 0;
    for (size_t i = 0; i < set->list.count; i++) {
        size_t same = 0;
        while (same < i && !value_equal(element, set->list.items[same], set->list.items[i]))
            same++;
        distinct += same == i;
    }
    return distinct;
}

/* Unknown parts hide which element became which: each must fit one of the other side at least. */
static bool compatible_set(const struct place *place, const struct type *set,
                           const struct value *planned, const struct value *applied,
                           struct error *err)
{
    const struct type *element = set->element;
    if (value_is_wholly_known(planned))
        return value_equal(set, planned, applied) ||
               broken(err, place, "has other elements than planned");
    if (count_distinct(element, applied) > planned->list.count)
        return broken(err, place, "has more elements than planned");
    bool *fits = mem_calloc(applied->list.count + 1, sizeof(*fits));
    bool good = true;
    for (size_t i = 0; i < planned->list.count && good; i++) {
        good = false;
        for (size_t j = 0; j < applied->list.count; j++)
            if (compatible(place, element, planned->list.items[i], applied->list.items[j], NULL))
                good = fits[j] = true;
    }
    for (size_t j = 0; j < applied->list.count; j++)
        good = good && fits[j];
    free(fits);
    return good || broken(err, place, "has other elements than planned");
}

static bool compatible_map(const struct place *place, const struct type *type,
                           const struct value *planned, const struct value *applied,
                           struct error *err)
{
    if (planned->map.count != applied->map.count)
        return broken(err, place, "has another number of elements than planned");
    for (size_t i = 0; i < planned->map.count; i++) {
        const struct value_entry *entry = &planned->map.entries[i];
        struct place element = place_key(place, entry->key);
        const struct value *value = value_find(applied, entry->key);
        if (!value)
            return broken(err, &element, "was planned and is missing");
        if (!compatible(&element, type->element, entry->value, value, err))
            return false;
    }
    return true;
}

static bool compatible_object(const struct place *place, const struct type *type,
                              const struct value *planned, const struct value *applied,
                              struct error *err)
{
    for (size_t i = 0; i < type->count; i++) {
        const char *name = type->fields[i].name;
        struct place attribute = place_attribute(place, name);
        if (!compatible(&attribute, type->fields[i].type, member(planned, name),
                        member(applied, name), err))
            return false;
    }
    return true;
}

/* A null or unknown value without a type of its own promised nothing. */
static bool compatible_dynamic(const struct place *place, const struct value *planned,
                               const struct value *applied, struct error *err)
{
    if (planned->kind != VALUE_DYNAMIC)
        return true;
    if (is_null(applied) || !type_equal(planned->dynamic.type, applied->dynamic.type))
        return broken(err, place, "has another type than planned");
    return compatible(place, planned->dynamic.type, planned->dynamic.value, applied->dynamic.value,
                      err);
}

/* Both are of the type; applied is wholly known. */
static bool compatible(const struct place *place, const struct type *type,
                       const struct value *planned, const struct value *applied, struct error *err)
{
    if (!is_null(planned) && planned->kind == VALUE_UNKNOWN)
        return fits_refinements(place, planned, applied, err);
    if (type->kind == TYPE_DYNAMIC)
        return is_null(planned) || compatible_dynamic(place, planned, applied, err);
    if (is_null(planned) || is_null(applied)) {
        if (is_null(planned) && is_null(applied))
            return true;
        return broken(err, place,
                      is_null(applied) ? "is null although planned otherwise"
                                       : "is set although planned as null");
    }
    switch (type->kind) {
    case TYPE_LIST:
    case TYPE_TUPLE:
        return compatible_items(place, type, planned, applied, err);
    case TYPE_SET:
        return compatible_set(place, type, planned, applied, err);
    case TYPE_MAP:
        return compatible_map(place, type, planned, applied, err);
    case TYPE_OBJECT:
        return compatible_object(place, type, planned, applied, err);
    default:
        return value_equal(type, planned, applied) || broken(err, place, "differs from the plan");
    }
}

bool conformance_applied(const struct resource *resource, const struct value *planned,
                         const struct value *applied, struct error *err)
{
    const struct shape shape = {.known = false, .err = err};
    return conformance_state(resource, applied, err) &&
           check_shape(&shape, NULL, resource_type(resource), planned) &&
           compatible(NULL, resource_type(resource), planned, applied, err);
}
