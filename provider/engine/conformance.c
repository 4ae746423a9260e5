#include "provider/engine/conformance.h"

#include <string.h>

static bool shape_fits(const struct type *type, const struct value *value)
{
    if (value_is_null(value) || value_is_unknown(value))
        return true;
    switch (type->kind) {
    case TYPE_BOOL:
        return value->kind == VALUE_BOOL;
    case TYPE_NUMBER:
        return value->kind == VALUE_NUMBER;
    case TYPE_STRING:
        return value->kind == VALUE_STRING;
    case TYPE_DYNAMIC:
        return value->kind == VALUE_DYNAMIC;
    case TYPE_LIST:
    case TYPE_SET:
        if (value->kind != VALUE_LIST)
            return false;
        for (size_t i = 0; i < value->list.count; i++)
            if (!shape_fits(type->element, value->list.items[i]))
                return false;
        return true;
    case TYPE_TUPLE:
        return value->kind == VALUE_LIST && value->list.count == type->count;
    case TYPE_MAP:
        if (value->kind != VALUE_MAP)
            return false;
        for (size_t i = 0; i < value->map.count; i++)
            if (!shape_fits(type->element, value->map.entries[i].value))
                return false;
        return true;
    case TYPE_OBJECT:
        if (value->kind != VALUE_MAP)
            return false;
        for (size_t i = 0; i < value->map.count; i++) {
            const struct type *field = type_field_type(type, value->map.entries[i].key.ptr);
            if (!field || !shape_fits(field, value->map.entries[i].value))
                return false;
        }
        return true;
    }
    return false;
}

static bool broken(struct error *err, const char *attribute, const char *rule)
{
    return error_set(err, ERROR_INTERNAL, "attribute %s: %s", attribute, rule);
}

static bool planned_attribute(const struct attribute *attribute, const struct value *prior,
                              const struct value *config, const struct value *planned,
                              struct error *err)
{
    const struct type *type = attribute_type(attribute);
    if (!shape_fits(type, planned))
        return broken(err, attribute->name, "the planned value has the wrong type");
    if (attribute->flags & WRITE_ONLY)
        return value_is_null(planned) ||
               broken(err, attribute->name, "a write-only value stands in the plan");
    if (value_equal(type, planned, config))
        return true;
    if (!value_is_null(prior) && !value_is_null(config) && value_equal(type, planned, prior))
        return true;
    if (value_is_null(config))
        return attribute->flags & COMPUTED ||
               broken(err, attribute->name, "planned although not computed and not configured");
    return broken(err, attribute->name, "the plan differs from both configuration and prior state");
}

bool conformance_planned(const struct resource *resource, const struct value *prior,
                         const struct value *config, const struct value *planned,
                         struct error *err)
{
    if (value_is_null(planned))
        return broken(err, "(root)", "the planned object is null");
    for (const struct attribute *attribute = resource->attributes; attribute->name; attribute++)
        if (!planned_attribute(attribute, value_get(prior, attribute->name),
                               value_get(config, attribute->name),
                               value_get(planned, attribute->name), err))
            return false;
    return true;
}

bool conformance_state(const struct resource *resource, const struct value *state,
                       struct error *err)
{
    if (value_is_null(state))
        return true;
    if (!value_is_wholly_known(state))
        return broken(err, "(root)", "the state holds an unknown value");
    if (!shape_fits(resource_type(resource), state))
        return broken(err, "(root)", "the state has the wrong shape");
    for (const struct attribute *attribute = resource->attributes; attribute->name; attribute++)
        if (attribute->flags & WRITE_ONLY && !value_is_null(value_get(state, attribute->name)))
            return broken(err, attribute->name, "a write-only value stands in the state");
    return true;
}

bool conformance_applied(const struct resource *resource, const struct value *planned,
                         const struct value *applied, struct error *err)
{
    if (!conformance_state(resource, applied, err))
        return false;
    if (value_is_null(applied))
        return broken(err, "(root)", "the object is absent after apply");
    for (const struct attribute *attribute = resource->attributes; attribute->name; attribute++) {
        const struct value *want = value_get(planned, attribute->name);
        const struct value *have = value_get(applied, attribute->name);
        if (value_is_unknown(want)) {
            if (want->unknown.not_null && value_is_null(have))
                return broken(err, attribute->name, "null although planned as not null");
        } else if (value_is_wholly_known(want) &&
                   !value_equal(attribute_type(attribute), want, have)) {
            return broken(err, attribute->name, "the applied value differs from the planned one");
        }
    }
    return true;
}
