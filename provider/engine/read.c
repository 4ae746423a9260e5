#include "provider/engine/read.h"

#include "provider/engine/conformance.h"
#include "provider/engine/engine_internal.h"
#include "provider/engine/layout.h"
#include "provider/engine/same.h"

/* Neither the server nor a default decides: null is what the user wrote. */
static bool only_the_user_decides(const struct attribute *attribute)
{
    return !(attribute->flags & REQUIRED) && !attribute_is_computed(attribute);
}

static bool is_empty_collection(const struct value *value)
{
    return value && (value->kind == VALUE_LIST || value->kind == VALUE_MAP) &&
           value_count(value) == 0;
}

static const struct value *kept(struct arena *arena, const struct attribute *attribute,
                                const struct value *prior)
{
    if (attribute->flags & WRITE_ONLY)
        return &value_null;
    /* Without a prior value: imported, moved, or stored by a provider that lacked the attribute. */
    return value_is_null(prior) && attribute->default_value ? attribute_default(arena, attribute)
                                                            : prior;
}

static const struct value *read_one(struct arena *arena, const struct attribute *attribute,
                                    const struct value *prior, const struct value *remote)
{
    if (attribute->flags & (WRITE_ONLY | LOCAL | UNREADABLE))
        return kept(arena, attribute, prior);
    if (value_is_null(prior)) {
        if (value_is_null(remote) && attribute->default_value)
            return attribute_default(arena, attribute);
        bool nothing = only_the_user_decides(attribute) ? same_as_nothing(attribute, remote)
                                                        : is_empty_collection(remote);
        return nothing && !attribute->default_value ? prior : remote;
    }
    if (value_is_null(remote)) {
        if (same_as_nothing(attribute, prior))
            return prior;
        return attribute->default_value ? attribute_default(arena, attribute) : &value_null;
    }
    return same_merge(arena, attribute, prior, remote);
}

const struct value *read_merge(struct arena *arena, const struct resource *resource,
                               const struct value *prior, const struct value *remote)
{
    const struct layout *layout = layout_of_resource(resource);
    const struct value **members = arena_array(arena, const struct value *, layout->count);
    for (size_t i = 0; i < layout->count; i++) {
        const struct attribute *attribute = layout->attributes[i];
        const struct value *before = layout_member(layout, prior, i);
        members[i] = attribute
                         ? read_one(arena, attribute, before, layout_member(layout, remote, i))
                         : before;
    }
    return layout_object(arena, layout, members);
}

static const struct value *import_one(struct arena *arena, const struct attribute *attribute,
                                      const struct value *start, const struct value *remote)
{
    if (attribute->flags & (WRITE_ONLY | LOCAL | UNREADABLE))
        return kept(arena, attribute, start);
    if (value_is_null(remote))
        return attribute->default_value ? attribute_default(arena, attribute) : &value_null;
    return only_the_user_decides(attribute) && same_as_nothing(attribute, remote) ? &value_null
                                                                                  : remote;
}

const struct value *read_imported(struct arena *arena, const struct resource *resource,
                                  const struct value *start, const struct value *remote)
{
    const struct layout *layout = layout_of_resource(resource);
    const struct value **members = arena_array(arena, const struct value *, layout->count);
    for (size_t i = 0; i < layout->count; i++) {
        const struct attribute *attribute = layout->attributes[i];
        const struct value *before = layout_member(layout, start, i);
        members[i] = attribute
                         ? import_one(arena, attribute, before, layout_member(layout, remote, i))
                         : before;
    }
    return layout_object(arena, layout, members);
}

/* --- ReadResource ------------------------------------------------------------------------------- */

void engine_read(struct engine *engine, struct arena *arena, const char *type_name,
                 struct dynamic_value current, struct slice private_bytes,
                 struct dynamic_value current_identity, struct object_response *response,
                 struct diagnostics *diagnostics)
{
    (void)current_identity; /* it is worked out from the state each time */
    const struct resource *resource = engine_resource(engine, type_name, diagnostics);
    const struct value *prior =
        resource ? engine_decode(arena, resource_type(resource), current, diagnostics) : NULL;
    struct operation op;
    if (!prior || value_is_null(prior))
        return;
    engine_note_seen(engine, prior);
    if (!engine_operation_begin(&op, engine, arena, resource, diagnostics))
        return;
    struct private_data private_data = engine_open_private(private_bytes);
    op.private_in = op.private_out = private_data.resource;
    op.deadline_ms = timeouts_deadline(resource, prior, PHASE_READ);
    ERROR_AUTO(err);
    ERROR_AUTO(rule);
    const struct value *remote = NULL, *state = prior;
    if (!resource->ops->read(&op, prior, &remote, &err))
        engine_report(&op, "read", &err);
    else
        state = remote ? read_merge(arena, resource, prior, remote) : &value_null;
    if (!conformance_state(resource, state, &rule))
        engine_report_rule(engine, resource, &rule, diagnostics);
    response->state = engine_encode(arena, resource_type(resource), state);
    private_data.resource = op.private_out;
    response->private_bytes = engine_seal_private(arena, private_data);
    response->identity = engine_identity_of(arena, resource, state);
    engine_operation_end(&op);
}
