/* Data sources, ephemeral resources, functions, list resources and actions. */
#include "provider/engine/engine_internal.h"

#include <string.h>

#include "provider/engine/merge.h"
#include "provider/engine/validate.h"

/* Configuration values stay as written; the rest is what open() found. */
static const struct value *complete(struct arena *arena, const struct attribute *table,
                                    const struct value *config, const struct value *found)
{
    for (; table->name; table++) {
        const struct value *given = value_get(config, table->name);
        if (!value_is_null(given))
            found = value_with(arena, found, table->name, given);
    }
    return value_unknowns_to_null(arena, found);
}

static const struct resource *find_or_complain(struct engine *engine,
                                               const struct resource *const *list,
                                               const char *type_name,
                                               struct diagnostics *diagnostics)
{
    const struct resource *resource = engine_find(engine->provider, list, type_name);
    if (!resource)
        diagnostics_error(diagnostics, NULL, "Unknown type",
                          "This version of the provider has no \"%s\" of this kind.", type_name);
    return resource;
}

struct slice engine_read_data_source(struct engine *engine, struct arena *arena,
                                     const char *type_name, struct dynamic_value config,
                                     struct diagnostics *diagnostics)
{
    const struct resource *source =
        find_or_complain(engine, engine->provider->data_sources, type_name, diagnostics);
    if (!source)
        return (struct slice){0};
    const struct type *type = attributes_type(source->attributes);
    const struct value *value = engine_decode(arena, type, config, diagnostics);
    struct operation op;
    if (!value || !engine_operation_begin(&op, engine, arena, source, diagnostics))
        return (struct slice){0};
    ERROR_AUTO(err);
    const struct value *result = NULL;
    struct slice bytes = {0};
    if (source->ops->open(&op, value, &result, &err))
        bytes = engine_encode(arena, type, complete(arena, source->attributes, value, result));
    else
        diagnostics_from_error(diagnostics, NULL,
                               arena_printf(arena, "Cannot read %s", type_name), &err);
    engine_operation_end(&op);
    return bytes;
}

/* --- ephemeral resources ------------------------------------------------------------------------ */

void engine_open_ephemeral(struct engine *engine, struct arena *arena, const char *type_name,
                           struct dynamic_value config, struct ephemeral_response *response,
                           struct diagnostics *diagnostics)
{
    const struct resource *resource =
        find_or_complain(engine, engine->provider->ephemerals, type_name, diagnostics);
    if (!resource)
        return;
    const struct type *type = attributes_type(resource->attributes);
    const struct value *value = engine_decode(arena, type, config, diagnostics);
    struct operation op;
    if (!value || !engine_operation_begin(&op, engine, arena, resource, diagnostics))
        return;
    ERROR_AUTO(err);
    const struct value *result = NULL;
    if (resource->ops->open(&op, value, &result, &err)) {
        response->result =
            engine_encode(arena, type, complete(arena, resource->attributes, value, result));
        response->private_bytes = op.private_out;
        if (resource->renew && !resource->renew(&op, &response->renew_at_ms, &err))
            diagnostics_from_error(diagnostics, NULL, "Cannot schedule the renewal", &err);
    } else {
        diagnostics_from_error(diagnostics, NULL,
                               arena_printf(arena, "Cannot open %s", type_name), &err);
    }
    engine_operation_end(&op);
}

void engine_renew_ephemeral(struct engine *engine, struct arena *arena, const char *type_name,
                            struct slice private_bytes, struct ephemeral_response *response,
                            struct diagnostics *diagnostics)
{
    const struct resource *resource =
        find_or_complain(engine, engine->provider->ephemerals, type_name, diagnostics);
    struct operation op;
    if (!resource || !engine_operation_begin(&op, engine, arena, resource, diagnostics))
        return;
    ERROR_AUTO(err);
    op.private_in = op.private_out = private_bytes;
    if (resource->renew && !resource->renew(&op, &response->renew_at_ms, &err))
        diagnostics_from_error(diagnostics, NULL,
                               arena_printf(arena, "Cannot renew %s", type_name), &err);
    response->private_bytes = op.private_out;
    engine_operation_end(&op);
}

void engine_close_ephemeral(struct engine *engine, struct arena *arena, const char *type_name,
                            struct slice private_bytes, struct diagnostics *diagnostics)
{
    const struct resource *resource =
        find_or_complain(engine, engine->provider->ephemerals, type_name, diagnostics);
    struct operation op;
    if (!resource || !engine_operation_begin(&op, engine, arena, resource, diagnostics))
        return;
    ERROR_AUTO(err);
    op.private_in = private_bytes;
    if (resource->close && !resource->close(&op, &err))
        diagnostics_from_error(diagnostics, NULL,
                               arena_printf(arena, "Cannot close %s", type_name), &err);
    engine_operation_end(&op);
}

/* --- functions ---------------------------------------------------------------------------------- */

struct slice engine_call_function(struct engine *engine, struct arena *arena, const char *name,
                                  const struct dynamic_value *arguments, size_t count,
                                  const char **error_text, int *argument)
{
    *error_text = NULL;
    *argument = -1;
    const struct function *function = NULL;
    for (const struct function *const *f = engine->provider->functions; f && *f; f++)
        if (strcmp((*f)->name, name) == 0)
            function = *f;
    if (!function) {
        *error_text = arena_printf(arena, "there is no function \"%s\"", name);
        return (struct slice){0};
    }
    struct diagnostics diagnostics;
    diagnostics_init(&diagnostics, arena);
    const struct value **values = arena_array(arena, const struct value *, count);
    const struct function_parameter *parameter = function->parameters;
    for (size_t i = 0; i < count; i++) {
        const struct function_parameter *p = parameter->name ? parameter++ : function->variadic;
        values[i] = p ? engine_decode(arena, p->type, arguments[i], &diagnostics) : NULL;
        if (!values[i]) {
            *error_text = p ? diagnostics.items[0].detail : "too many arguments";
            *argument = (int)i;
            return (struct slice){0};
        }
    }
    ERROR_AUTO(err);
    const struct value *result = function->call(arena, values, count, argument, &err);
    if (!result) {
        *error_text = arena_strdup(arena, error_message(&err));
        return (struct slice){0};
    }
    return engine_encode(arena, function->result, result);
}

/* --- list resources ----------------------------------------------------------------------------- */

struct listing {
    struct arena *arena;
    const struct resource *resource;
    bool include_object;
    int64_t left; /* <0: no limit */
    bool (*emit)(void *context, const struct list_event *event);
    void *context;
};

static bool emit_found(void *context, const struct value *state, const char *display_name)
{
    struct listing *listing = context;
    if (listing->left == 0)
        return false;
    state = merge_read(listing->arena, listing->resource->attributes, &value_null, state, true);
    struct list_event event = {
        .identity = engine_identity_of(listing->arena, listing->resource, state),
        .display_name = display_name};
    if (listing->include_object)
        event.object = engine_encode(listing->arena, resource_type(listing->resource), state);
    if (listing->left > 0)
        listing->left--;
    return listing->emit(listing->context, &event) && listing->left != 0;
}

void engine_list(struct engine *engine, struct arena *arena, const char *type_name,
                 struct dynamic_value config, bool include_object, int64_t limit,
                 bool (*emit)(void *context, const struct list_event *event), void *context)
{
    struct diagnostics diagnostics;
    diagnostics_init(&diagnostics, arena);
    const struct resource *resource =
        find_or_complain(engine, engine->provider->resources, type_name, &diagnostics);
    struct operation op;
    const struct value *value = NULL;
    if (resource && resource->list_attributes)
        value = engine_decode(arena, attributes_type(resource->list_attributes), config,
                              &diagnostics);
    if (value && engine_operation_begin(&op, engine, arena, resource, &diagnostics)) {
        struct listing listing = {arena, resource, include_object, limit > 0 ? limit : -1,
                                  emit,  context};
        ERROR_AUTO(err);
        if (!resource->ops->list(&op, value, emit_found, &listing, &err))
            diagnostics_from_error(&diagnostics, NULL,
                                   arena_printf(arena, "Cannot list %s", type_name), &err);
        engine_operation_end(&op);
    }
    for (size_t i = 0; i < diagnostics.count; i++)
        if (!emit(context, &(struct list_event){.diagnostic = &diagnostics.items[i]}))
            return;
}

/* --- actions ------------------------------------------------------------------------------------ */

static const struct action *find_action(struct engine *engine, const char *name,
                                        struct diagnostics *diagnostics)
{
    size_t prefix = strlen(engine->provider->name) + 1;
    for (const struct action *const *a = engine->provider->actions; a && *a; a++)
        if (strlen(name) > prefix && strcmp((*a)->name, name + prefix) == 0)
            return *a;
    diagnostics_error(diagnostics, NULL, "Unknown action",
                      "This version of the provider has no action \"%s\".", name);
    return NULL;
}

void engine_plan_action(struct engine *engine, struct arena *arena, const char *name,
                        struct dynamic_value config, struct diagnostics *diagnostics)
{
    const struct action *action = find_action(engine, name, diagnostics);
    const struct value *value =
        action ? engine_decode(arena, attributes_type(action->attributes), config, diagnostics)
               : NULL;
    if (value && !value_is_null(value))
        validate_object(action->attributes, value, NULL, true, diagnostics, arena);
}

void engine_invoke_action(struct engine *engine, struct arena *arena, const char *name,
                          struct dynamic_value config,
                          void (*progress)(void *context, const char *message), void *context,
                          struct diagnostics *diagnostics)
{
    const struct action *action = find_action(engine, name, diagnostics);
    const struct value *value =
        action ? engine_decode(arena, attributes_type(action->attributes), config, diagnostics)
               : NULL;
    struct operation op;
    if (!value || !engine_operation_begin(&op, engine, arena, NULL, diagnostics))
        return;
    op.action = action;
    ERROR_AUTO(err);
    if (!action->invoke(&op, value, progress, context, &err))
        diagnostics_from_error(diagnostics, NULL, arena_printf(arena, "%s failed", name), &err);
    engine_operation_end(&op);
}
