/* State that comes from elsewhere: upgrade, import, move, identity, generated configuration. */
#include "provider/engine/engine_internal.h"

#include <string.h>

#include "provider/engine/conformance.h"
#include "provider/engine/merge.h"
#include "provider/engine/same.h"
#include "provider/value/value_json.h"

static const struct identity_attribute id_only[] = {
    {"id", false, "The identifier that the API gave the object."}, {0}};

const struct identity_attribute *engine_identity(const struct resource *resource)
{
    return resource->identity ? resource->identity : id_only;
}

const struct type *engine_identity_type(const struct resource *resource)
{
    /* Identity attributes are a selection of the resource's own; the type is small: build it anew and
     * keep it in a per-thread arena would be more than the two allocations are worth. */
    static _Thread_local struct arena *arena;
    if (!arena)
        arena = arena_new();
    else
        arena_reset(arena);
    struct type_field fields[8];
    size_t count = 0;
    for (const struct identity_attribute *i = engine_identity(resource); i->name; i++)
        if (count < ARRAY_LENGTH(fields))
            fields[count++] = (struct type_field){
                i->name, attribute_type(attribute_find(resource->attributes, i->name))};
    return type_object(arena, fields, count);
}

struct slice engine_identity_of(struct arena *arena, const struct resource *resource,
                                const struct value *state)
{
    if (value_is_null(state))
        return (struct slice){0};
    for (const struct identity_attribute *i = engine_identity(resource); i->name; i++)
        if (value_is_unknown(value_get(state, i->name)))
            return (struct slice){0};
    return engine_encode(arena, engine_identity_type(resource), state);
}

struct slice engine_upgrade_identity(struct engine *engine, struct arena *arena,
                                     const char *type_name, int64_t version, struct slice raw_json,
                                     struct diagnostics *diagnostics)
{
    (void)version; /* there has been one version so far */
    const struct resource *resource = engine_resource(engine, type_name, diagnostics);
    if (!resource)
        return (struct slice){0};
    ERROR_AUTO(err);
    const struct type *type = engine_identity_type(resource);
    const struct value *identity =
        value_json_decode(arena, type, VALUE_JSON_STATE, raw_json, &err);
    if (!identity) {
        diagnostics_from_error(diagnostics, NULL, "Unreadable identity in the state", &err);
        return (struct slice){0};
    }
    return engine_encode(arena, type, identity);
}

struct slice engine_upgrade(struct engine *engine, struct arena *arena, const char *type_name,
                            int64_t version, struct slice raw_json,
                            struct diagnostics *diagnostics)
{
    const struct resource *resource = engine_resource(engine, type_name, diagnostics);
    if (!resource)
        return (struct slice){0};
    if (version > resource->schema_version) {
        diagnostics_error(diagnostics, NULL, "State from a newer provider",
                          "The state of %s has schema version %lld, this provider knows %lld. "
                          "Upgrade the provider.",
                          type_name, (long long)version, (long long)resource->schema_version);
        return (struct slice){0};
    }
    ERROR_AUTO(err);
    const struct type *type = resource_type(resource);
    const struct value *state =
        value_json_decode(arena, type, VALUE_JSON_STATE, raw_json, &err);
    if (!state) {
        diagnostics_from_error(diagnostics, NULL, "Unreadable state", &err);
        return (struct slice){0};
    }
    const char *id = value_text(value_get(state, "id"));
    if (id)
        journal_seen(engine->journal, id);
    return engine_encode(arena, type, state);
}

/* --- import ------------------------------------------------------------------------------------- */

static const struct value *empty_object(struct arena *arena, const struct resource *resource)
{
    const struct type *type = resource_type(resource);
    struct value_entry *entries = arena_array(arena, struct value_entry, type->count);
    for (size_t i = 0; i < type->count; i++)
        entries[i] = (struct value_entry){slice_from(type->fields[i].name), &value_null};
    return value_map(arena, entries, type->count);
}

static const struct value *import_start(struct operation *op, const char *id,
                                        struct dynamic_value identity, struct error *err)
{
    const struct resource *resource = op->resource;
    const struct value *start = empty_object(op->arena, resource);
    if (!text_empty(id)) {
        const struct value *known = NULL;
        if (!resource->ops->import) /* the id is the whole story */
            return value_with(op->arena, start, "id", value_string(op->arena, id));
        if (!resource->ops->import(op, id, &known, err))
            return NULL;
        for (size_t i = 0; i < value_count(known); i++)
            start = value_with(op->arena, start, known->map.entries[i].key.ptr,
                               known->map.entries[i].value);
        return start;
    }
    const struct value *members =
        engine_decode(op->arena, engine_identity_type(resource), identity, op->diagnostics);
    if (!members || value_is_null(members)) {
        error_set(err, ERROR_INVALID, "neither an id nor an identity was given");
        return NULL;
    }
    for (size_t i = 0; i < value_count(members); i++)
        start = value_with(op->arena, start, members->map.entries[i].key.ptr,
                           members->map.entries[i].value);
    return start;
}

void engine_import(struct engine *engine, struct arena *arena, const char *type_name,
                   const char *id, struct dynamic_value identity,
                   struct object_response *response, struct diagnostics *diagnostics)
{
    const struct resource *resource = engine_resource(engine, type_name, diagnostics);
    struct operation op;
    if (!resource || !engine_operation_begin(&op, engine, arena, resource, diagnostics))
        return;
    ERROR_AUTO(err);
    const struct value *remote = NULL;
    const struct value *start = import_start(&op, id, identity, &err);
    bool good = start && resource->ops->read(&op, start, &remote, &err);
    if (good && !remote)
        good = error_set(&err, ERROR_NOT_FOUND, "there is no such object");
    if (!good) {
        if (resource->import_id)
            error_wrap(&err, "import of \"%s\" (expected form: %s)", text_empty(id) ? "" : id,
                       resource->import_id);
        diagnostics_from_error(diagnostics, NULL, "Cannot import", &err);
    } else {
        const struct value *state =
            merge_read(arena, resource->attributes, start, remote, true);
        response->state = engine_encode(arena, resource_type(resource), state);
        response->private_bytes = op.private_out;
        response->identity = engine_identity_of(arena, resource, state);
    }
    engine_operation_end(&op);
}

/* --- move --------------------------------------------------------------------------------------- */

static bool moves_from(const struct resource *resource, const struct move_request *request)
{
    if (!text_ends_with(request->source_provider_address, "/oci"))
        return false;
    for (const char *const *type = resource->moved_from; type && *type; type++)
        if (text_equal(*type, request->source_type_name))
            return true;
    return false;
}

void engine_move(struct engine *engine, struct arena *arena, const struct move_request *request,
                 struct object_response *response, struct diagnostics *diagnostics)
{
    const struct resource *resource = engine_resource(engine, request->target_type_name, diagnostics);
    if (!resource)
        return;
    if (!moves_from(resource, request)) {
        diagnostics_error(diagnostics, NULL, "Move not supported",
                          "%s cannot take over the state of %s from %s.",
                          request->target_type_name, request->source_type_name,
                          request->source_provider_address);
        return;
    }
    ERROR_AUTO(err);
    const struct type *type = resource_type(resource);
    const struct value *source = value_json_decode_any(arena, request->source_state_json, &err);
    if (source && resource->move_state)
        source = resource->move_state(arena, request->source_type_name, source);
    STR_AUTO json = STR_INIT;
    const struct value *state = NULL;
    if (source && value_json_encode(NULL, source, &json, &err))
        state = value_json_decode(arena, type, VALUE_JSON_STATE,
                                  (struct slice){str_text(&json), json.length}, &err);
    if (!state) {
        diagnostics_from_error(diagnostics, NULL, "Unreadable state of the moved resource", &err);
        return;
    }
    /* Whatever the other provider kept that we never keep. */
    for (const struct attribute *attribute = resource->attributes; attribute->name; attribute++)
        if (attribute->flags & WRITE_ONLY)
            state = value_with(arena, state, attribute->name, &value_null);
        else if (attribute->flags & LOCAL && attribute->default_value &&
                 value_is_null(value_get(state, attribute->name)))
            state = value_with(arena, state, attribute->name,
                               attribute_default(arena, attribute));
    response->state = engine_encode(arena, type, state);
    response->identity = engine_identity_of(arena, resource, state);
}

struct slice engine_generate_config(struct engine *engine, struct arena *arena,
                                    const char *type_name, struct dynamic_value state,
                                    struct diagnostics *diagnostics)
{
    const struct resource *resource = engine_resource(engine, type_name, diagnostics);
    if (!resource)
        return (struct slice){0};
    const struct type *type = resource_type(resource);
    const struct value *object = engine_decode(arena, type, state, diagnostics);
    if (!object)
        return (struct slice){0};
    for (const struct attribute *attribute = resource->attributes; attribute->name; attribute++) {
        bool settable = attribute->flags & (REQUIRED | OPTIONAL);
        const struct value *value = value_get(object, attribute->name);
        if (!settable || attribute->flags & (SENSITIVE | DEPRECATED) ||
            (!(attribute->flags & REQUIRED) && same_as_nothing(attribute, value)))
            object = value_with(arena, object, attribute->name, &value_null);
    }
    return engine_encode(arena, type, value_with(arena, object, "timeouts", &value_null));
}
