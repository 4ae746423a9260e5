#include "provider/engine/apply.h"

#include <string.h>

#include "lib/base/log.h"
#include "provider/engine/conformance.h"
#include "provider/engine/engine_internal.h"
#include "provider/engine/intent.h"
#include "provider/engine/layout.h"
#include "provider/engine/read.h"
#include "provider/engine/same.h"

/* --- what changes ------------------------------------------------------------------------------- */

bool apply_matters(const struct attribute *attribute, const struct value *prior,
                   const struct value *planned)
{
    if (value_equal(attribute_type(attribute), prior, planned))
        return false;
    bool server_decides = attribute->flags & COMPUTED && !attribute->default_value;
    return server_decides || !same_as_nothing(attribute, prior) ||
           !same_as_nothing(attribute, planned);
}

static bool announces_write_only(const struct layout *layout, const struct attribute *attribute)
{
    static const char suffix[] = "_version";
    if (!text_ends_with(attribute->name, suffix))
        return false;
    STR_AUTO name = STR_INIT;
    str_append_bytes(&name, attribute->name, strlen(attribute->name) - strlen(suffix));
    const struct attribute *announced = layout_find(layout, str_text(&name));
    return announced && announced->flags & WRITE_ONLY;
}

bool apply_announces(const struct layout *layout, const struct attribute *write_only,
                     const struct value *prior, const struct value *planned)
{
    STR_AUTO name = STR_INIT;
    str_printf(&name, "%s_version", write_only->name);
    const struct attribute *version = layout_find(layout, str_text(&name));
    return !version || apply_matters(version, value_get(prior, version->name),
                                     value_get(planned, version->name));
}

bool apply_needs_update(const struct resource *resource, const struct value *prior,
                        const struct value *planned)
{
    const struct layout *layout = layout_of_resource(resource);
    for (size_t i = 0; i < layout->count; i++) {
        const struct attribute *attribute = layout->attributes[i];
        if (attribute && (!(attribute->flags & LOCAL) || announces_write_only(layout, attribute)) &&
            apply_matters(attribute, layout_member(layout, prior, i),
                          layout_member(layout, planned, i)))
            return true;
    }
    return false;
}

/* --- the new state ------------------------------------------------------------------------------ */

/* Every known leaf as planned, unknown ones from the same place in the answer, else null. */
static const struct value *fill_unknown(struct arena *arena, const struct value *planned,
                                        const struct value *remote)
{
    if (value_is_unknown(planned))
        return value_unknowns_to_null(arena, remote);
    if (value_is_wholly_known(planned))
        return planned;
    if (planned->kind == VALUE_DYNAMIC)
        return value_dynamic(arena, planned->dynamic.type,
                             fill_unknown(arena, planned->dynamic.value,
                                          remote && remote->kind == VALUE_DYNAMIC
                                              ? remote->dynamic.value
                                              : &value_null));
    size_t count = value_count(planned);
    if (planned->kind == VALUE_LIST) {
        const struct value **items = arena_array(arena, const struct value *, count);
        for (size_t i = 0; i < count; i++)
            items[i] = fill_unknown(arena, value_item(planned, i), value_item(remote, i));
        return value_list(arena, items, count);
    }
    struct value_entry *entries = arena_array(arena, struct value_entry, count);
    for (size_t i = 0; i < count; i++) {
        entries[i] = planned->map.entries[i];
        entries[i].value =
            fill_unknown(arena, entries[i].value, value_get(remote, entries[i].key.ptr));
    }
    return value_map(arena, entries, count);
}

const struct value *apply_merge(struct arena *arena, const struct resource *resource,
                                const struct value *planned, const struct value *remote)
{
    const struct layout *layout = layout_of_resource(resource);
    const struct value **members = arena_array(arena, const struct value *, layout->count);
    for (size_t i = 0; i < layout->count; i++) {
        const struct attribute *attribute = layout->attributes[i];
        members[i] = attribute && attribute->flags & WRITE_ONLY
                         ? &value_null
                         : fill_unknown(arena, layout_member(layout, planned, i),
                                        layout_member(layout, remote, i));
    }
    return layout_object(arena, layout, members);
}

/* The state must say what was planned. Where the API made something else of it, the next refresh will
 * show it; until then the log does. */
static void log_deviations(const struct resource *resource, const struct value *planned,
                           const struct value *remote)
{
    if (!log_enabled(LOG_LEVEL_WARN))
        return;
    const struct layout *layout = layout_of_resource(resource);
    for (size_t i = 0; i < layout->count; i++) {
        const struct attribute *attribute = layout->attributes[i];
        const struct value *want = layout_member(layout, planned, i);
        if (attribute && !(attribute->flags & (LOCAL | UNREADABLE | WRITE_ONLY)) &&
            !value_is_null(want) && value_is_wholly_known(want) &&
            !same_read(attribute, want, layout_member(layout, remote, i)))
            LOG(LOG_LEVEL_WARN, "the API answers with another value than was applied",
                {"resource", resource->name}, {"attribute", attribute->name});
    }
}

/* --- create, update, delete --------------------------------------------------------------------- */

/* The best that is known when create failed: what it returned, else the object whose id it reported. */
static const struct value *state_after_failure(struct operation *op, const struct value *planned,
                                               const struct value *remote)
{
    if (remote)
        return apply_merge(op->arena, op->resource, planned, remote);
    if (!op->intent->object_id || !layout_find(layout_of_resource(op->resource), "id"))
        return &value_null;
    const struct value *known = value_with(op->arena, &value_empty_map, "id",
                                           value_string(op->arena, op->intent->object_id));
    return apply_merge(op->arena, op->resource, planned, known);
}

/* Creates, and once more when what a killed run had begun turns out to be gone. */
static bool try_create(struct operation *op, const struct value *planned,
                       const struct value *config, const struct value **remote, struct error *err)
{
    intent_begin(op, planned);
    if (op->resource->ops->create(op, planned, config, remote, err))
        return true;
    if (!op->intent->replay || *remote || err->code != ERROR_NOT_FOUND)
        return false;
    intent_abandon(op);
    error_reset(err);
    intent_begin(op, planned);
    return op->resource->ops->create(op, planned, config, remote, err);
}

static const struct value *apply_create(struct operation *op, const struct value *planned,
                                        const struct value *config)
{
    op->deadline_ms = timeouts_deadline(op->resource, planned, PHASE_CREATE);
    ERROR_AUTO(err);
    const struct value *remote = NULL, *state;
    bool good = try_create(op, planned, config, &remote, &err);
    if (good && !remote)
        good = error_set(&err, ERROR_INTERNAL, "the object was made, but nothing is known of it");
    if (good) {
        log_deviations(op->resource, planned, remote);
        state = apply_merge(op->arena, op->resource, planned, remote);
    } else {
        engine_report(op, "create", &err);
        state = state_after_failure(op, planned, remote);
    }
    intent_end(op, value_is_null(state) ? &err : NULL);
    return state;
}

static const struct value *apply_update(struct operation *op, const struct value *prior,
                                        const struct value *planned, const struct value *config)
{
    const struct resource *resource = op->resource;
    op->deadline_ms = timeouts_deadline(resource, planned, PHASE_UPDATE);
    if (!apply_needs_update(resource, prior, planned))
        return apply_merge(op->arena, resource, planned, prior);
    ERROR_AUTO(err);
    const struct value *remote = NULL;
    if (resource->ops->update(op, prior, planned, config, &remote, &err)) {
        if (remote)
            log_deviations(resource, planned, remote);
        return apply_merge(op->arena, resource, planned, remote ? remote : prior);
    }
    engine_report(op, "update", &err);
    return remote ? read_merge(op->arena, resource, prior, remote) : prior;
}

static const struct value *apply_delete(struct operation *op, const struct value *prior)
{
    op->deadline_ms = timeouts_deadline(op->resource, prior, PHASE_DELETE);
    ERROR_AUTO(err);
    if (op->resource->ops->remove(op, prior, &err)) {
        engine_note_removed(op->engine, prior);
        return &value_null;
    }
    engine_report(op, "delete", &err);
    return prior;
}

static const struct value *apply_any(struct operation *op, const struct value *prior,
                                     const struct value *planned, const struct value *config)
{
    if (value_is_null(planned))
        return value_is_null(prior) ? &value_null : apply_delete(op, prior);
    if (!value_is_null(prior))
        return apply_update(op, prior, planned, config);
    return apply_create(op, planned, config);
}

void engine_apply(struct engine *engine, struct arena *arena, const struct apply_request *request,
                  struct object_response *response, struct diagnostics *diagnostics)
{
    const struct resource *resource = engine_resource(engine, request->type_name, diagnostics);
    if (!resource)
        return;
    const struct type *type = resource_type(resource);
    const struct value *prior = engine_decode(arena, type, request->prior, diagnostics);
    const struct value *planned = engine_decode(arena, type, request->planned, diagnostics);
    const struct value *config = engine_decode(arena, type, request->config, diagnostics);
    struct operation op;
    if (!prior || !planned || !config ||
        !engine_operation_begin(&op, engine, arena, resource, diagnostics))
        return;
    engine->applies = true;
    engine_note_seen(engine, prior);
    op.private_in = op.private_out = engine_open_private(request->planned_private).resource;
    const struct value *state = apply_any(&op, prior, planned, config);
    ERROR_AUTO(rule);
    bool good = diagnostics->errors || value_is_null(planned)
                    ? conformance_state(resource, state, &rule)
                    : conformance_applied(resource, planned, state, &rule);
    if (!good)
        engine_report_rule(engine, resource, &rule, diagnostics);
    response->state = engine_encode(arena, type, state);
    response->private_bytes =
        engine_seal_private(arena, (struct private_data){.resource = op.private_out});
    response->identity = engine_identity_of(arena, resource, state);
    engine_operation_end(&op);
}
