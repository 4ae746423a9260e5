/* State that comes from elsewhere: older states, imports, moves; identity; generated configuration. */
#include <inttypes.h>

#include "provider/engine/conformance.h"
#include "provider/engine/engine_internal.h"
#include "provider/engine/layout.h"
#include "provider/engine/read.h"
#include "provider/engine/same.h"
#include "provider/value/value_json.h"

/* --- identity ----------------------------------------------------------------------------------- */

static const struct identity_attribute id_only[] = {
    {"id", false, "The identifier that the API gave the object."}, {NULL}};

const struct identity_attribute *engine_identity(const struct resource *resource)
{
    return resource->identity ? resource->identity : id_only;
}

const struct type *engine_identity_type(const struct resource *resource)
{
    return layout_identity_type(resource, engine_identity(resource));
}

struct slice engine_identity_of(struct arena *arena, const struct resource *resource,
                                const struct value *state)
{
    if (value_is_null(state))
        return (struct slice){0};
    for (const struct identity_attribute *i = engine_identity(resource); i->name; i++) {
        const struct value *member = value_get(state, i->name);
        if (!value_is_wholly_known(member) || (value_is_null(member) && !i->optional))
            return (struct slice){0};
    }
    const struct type *type = engine_identity_type(resource);
    struct value_entry *entries = arena_array(arena, struct value_entry, type->count);
    for (size_t i = 0; i < type->count; i++)
        entries[i] = (struct value_entry){slice_from(type->fields[i].name),
                                          value_get(state, type->fields[i].name)};
    return engine_encode(arena, type, value_map(arena, entries, type->count));
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
    const struct value *identity = value_json_decode(arena, type, VALUE_JSON_STATE, raw_json, &err);
    if (!identity) {
        diagnostics_from_error(diagnostics, NULL, "Unreadable identity in the state", &err);
        return (struct slice){0};
    }
    return engine_encode(arena, type, identity);
}

/* --- upgrade ------------------------------------------------------------------------------------ */

/* Write-only values are nobody's to store; a move may bring them in. */
static const struct value *without_write_only(struct arena *arena, const struct resource *resource,
                                              const struct value *state)
{
    for (const struct attribute *attribute = resource->attributes; attribute->name; attribute++)
        if (attribute->flags & WRITE_ONLY && !value_is_null(value_get(state, attribute->name)))
            state = value_with(arena, state, attribute->name, &value_null);
    return state;
}

struct slice engine_upgrade(struct engine *engine, struct arena *arena, const char *type_name,
                            int64_t version, struct slice raw_json, struct diagnostics *diagnostics)
{
    const struct resource *resource = engine_resource(engine, type_name, diagnostics);
    if (!resource)
        return (struct slice){0};
    if (version > resource->schema_version) {
        diagnostics_error(diagnostics, NULL, "State from a newer provider",
                          "The state of %s has schema version %" PRId64 ", this provider knows "
                          "%" PRId64 ". Upgrade the provider.",
                          type_name, version, resource->schema_version);
        return (struct slice){0};
    }
    ERROR_AUTO(err);
    const struct type *type = resource_type(resource);
    const struct value *state = value_json_decode(arena, type, VALUE_JSON_STATE, raw_json, &err);
    if (!state) {
        diagnostics_from_error(diagnostics, NULL, "Unreadable state", &err);
        return (struct slice){0};
    }
    engine_note_seen(engine, state);
    return engine_encode(arena, type, without_write_only(arena, resource, state));
}

/* --- import ------------------------------------------------------------------------------------- */

static const struct value *start_by_id(struct operation *op, const char *id, struct error *err)
{
    const struct value *known = NULL;
    if (!op->resource->ops->import) /* the id is the whole story */
        return value_with(op->arena, &value_empty_map, "id", value_string(op->arena, id));
    if (!op->resource->ops->import(op, id, &known, err))
        return NULL;
    return known ? known : &value_empty_map;
}

/* What import starts with: a state that holds just enough for read. NULL and err when there is none. */
static const struct value *import_start(struct operation *op, const char *id,
                                        struct dynamic_value identity, struct error *err)
{
    const struct resource *resource = op->resource;
    if (!text_empty(id))
        return start_by_id(op, id, err);
    struct diagnostics diagnostics;
    diagnostics_init(&diagnostics, op->arena);
    const struct value *members =
        engine_decode(op->arena, engine_identity_type(resource), identity, &diagnostics);
    if (!members) {
        error_set(err, ERROR_INVALID, "%s", diagnostics.items[0].detail);
        return NULL;
    }
    if (value_is_null(members) || !value_is_wholly_known(members)) {
        error_set(err, ERROR_INVALID, "neither an id nor an identity was given");
        return NULL;
    }
    const char *only = value_count(members) == 1 ? value_text(value_get(members, "id")) : NULL;
    return only ? start_by_id(op, only, err) : members;
}

static const struct value *import_object(struct operation *op, const char *id,
                                         struct dynamic_value identity, struct error *err)
{
    const struct layout *layout = layout_of_resource(op->resource);
    const struct value *start = import_start(op, id, identity, err), *remote = NULL;
    if (!start)
        return NULL;
    const struct value **members = arena_array(op->arena, const struct value *, layout->count);
    for (size_t i = 0; i < layout->count; i++)
        members[i] = layout_member(layout, start, i);
    start = layout_object(op->arena, layout, members);
    if (!op->resource->ops->read(op, start, &remote, err))
        return NULL;
    if (!remote) {
        error_set(err, ERROR_NOT_FOUND, "there is no such object");
        return NULL;
    }
    return read_imported(op->arena, op->resource, start, remote);
}

void engine_import(struct engine *engine, struct arena *arena, const char *type_name,
                   const char *id, struct dynamic_value identity, struct object_response *response,
                   struct diagnostics *diagnostics)
{
    const struct resource *resource = engine_resource(engine, type_name, diagnostics);
    struct operation op;
    if (!resource || !engine_operation_begin(&op, engine, arena, resource, diagnostics))
        return;
    ERROR_AUTO(err);
    ERROR_AUTO(rule);
    const struct value *state = import_object(&op, id, identity, &err);
    if (state) {
        if (!conformance_state(resource, state, &rule))
            engine_report_rule(engine, resource, &rule, diagnostics);
        response->state = engine_encode(arena, resource_type(resource), state);
        response->private_bytes =
            engine_seal_private(arena, (struct private_data){true, op.private_out});
        response->identity = engine_identity_of(arena, resource, state);
    } else {
        if (!text_empty(id))
            error_wrap(&err, "\"%s\"", id);
        diagnostics_error(
            diagnostics, NULL, "Cannot import", "%s_%s: %s%s%s%s", engine->provider->name,
            resource->name, error_message(&err), resource->import_id ? "\nThe import id is " : "",
            resource->import_id ? resource->import_id : "", resource->import_id ? "." : "");
    }
    engine_operation_end(&op);
}

/* --- move --------------------------------------------------------------------------------------- */

static bool moves_from(const struct resource *resource, const struct move_request *request)
{
    if (!text_ends_with(request->source_provider_address, "/oci") &&
        !text_ends_with(request->source_provider_address, "/oracle"))
        return false;
    for (const char *const *type = resource->moved_from; type && *type; type++)
        if (text_equal(*type, request->source_type_name))
            return true;
    return false;
}

static const struct value *decode_foreign(struct arena *arena, const struct resource *resource,
                                          const struct move_request *request, struct error *err)
{
    const struct value *source = value_json_decode_any(arena, request->source_state_json, err);
    if (!source || !resource->move_state)
        return source ? value_json_decode(arena, resource_type(resource), VALUE_JSON_STATE,
                                          request->source_state_json, err)
                      : NULL;
    source = resource->move_state(arena, request->source_type_name, source);
    STR_AUTO json = STR_INIT;
    if (!source) {
        error_set(err, ERROR_INVALID, "the state does not look like one of %s",
                  request->source_type_name);
        return NULL;
    }
    if (!value_json_encode(NULL, source, &json, err))
        return NULL;
    return value_json_decode(arena, resource_type(resource), VALUE_JSON_STATE,
                             (struct slice){str_text(&json), json.length}, err);
}

/* Other providers write empty values where the user wrote nothing; ours are null then. What their state
 * cannot hold gets its default. The next refresh does the rest. */
static const struct value *settle(struct arena *arena, const struct resource *resource,
                                  const struct value *state)
{
    const struct layout *layout = layout_of_resource(resource);
    const struct value **members = arena_array(arena, const struct value *, layout->count);
    for (size_t i = 0; i < layout->count; i++) {
        const struct attribute *attribute = layout->attributes[i];
        const struct value *member = layout_member(layout, state, i);
        bool free_choice = attribute && !(attribute->flags & REQUIRED);
        if (free_choice && attribute->default_value && value_is_null(member))
            member = attribute_default(arena, attribute);
        else if (free_choice && !attribute_is_computed(attribute) &&
                 same_as_nothing(attribute, member))
            member = &value_null;
        members[i] = member;
    }
    return layout_object(arena, layout, members);
}

void engine_move(struct engine *engine, struct arena *arena, const struct move_request *request,
                 struct object_response *response, struct diagnostics *diagnostics)
{
    const struct resource *resource =
        engine_resource(engine, request->target_type_name, diagnostics);
    if (!resource)
        return;
    if (!moves_from(resource, request)) {
        diagnostics_error(diagnostics, NULL, "Move not supported",
                          "%s cannot take over the state of %s from %s.", request->target_type_name,
                          request->source_type_name, request->source_provider_address);
        return;
    }
    ERROR_AUTO(err);
    ERROR_AUTO(rule);
    const struct value *state = decode_foreign(arena, resource, request, &err);
    if (!state || value_is_null(state)) {
        if (!error_is_set(&err))
            error_set(&err, ERROR_INVALID, "it is null");
        diagnostics_from_error(diagnostics, NULL, "Unreadable state of the moved resource", &err);
        return;
    }
    state = settle(arena, resource, without_write_only(arena, resource, state));
    if (!conformance_state(resource, state, &rule))
        engine_report_rule(engine, resource, &rule, diagnostics);
    response->state = engine_encode(arena, resource_type(resource), state);
    response->identity = engine_identity_of(arena, resource, state);
}

/* --- generated configuration -------------------------------------------------------------------- */

struct slice engine_generate_config(struct engine *engine, struct arena *arena,
                                    const char *type_name, struct dynamic_value state,
                                    struct diagnostics *diagnostics)
{
    const struct resource *resource = engine_resource(engine, type_name, diagnostics);
    if (!resource)
        return (struct slice){0};
    const struct layout *layout = layout_of_resource(resource);
    const struct value *object = engine_decode(arena, layout->type, state, diagnostics);
    if (!object)
        return (struct slice){0};
    if (value_is_null(object))
        return engine_encode(arena, layout->type, object);
    const struct value **members = arena_array(arena, const struct value *, layout->count);
    for (size_t i = 0; i < layout->count; i++) {
        const struct attribute *attribute = layout->attributes[i];
        members[i] = layout_member(layout, object, i);
        bool settable = attribute && attribute->flags & (REQUIRED | OPTIONAL);
        if (!settable || attribute->flags & (SENSITIVE | DEPRECATED | WRITE_ONLY) ||
            (!(attribute->flags & REQUIRED) && same_as_nothing(attribute, members[i])))
            members[i] = &value_null;
    }
    return engine_encode(arena, layout->type, layout_object(arena, layout, members));
}
