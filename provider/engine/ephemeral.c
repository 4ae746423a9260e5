/* Open, renew and close of ephemeral resources. */
#include "provider/engine/engine_internal.h"

/* Finds the resource and begins the operation. */
static const struct resource *begin(struct operation *op, struct engine *engine,
                                    struct arena *arena, const char *type_name,
                                    struct slice private_bytes, struct diagnostics *diagnostics)
{
    const struct resource *resource =
        engine_find(engine, engine->provider->ephemerals, type_name, diagnostics);
    if (!resource || !engine_operation_begin(op, engine, arena, resource, diagnostics))
        return NULL;
    op->private_in = op->private_out = private_bytes;
    return resource;
}

void engine_open_ephemeral(struct engine *engine, struct arena *arena, const char *type_name,
                           struct dynamic_value config, struct ephemeral_response *response,
                           struct diagnostics *diagnostics)
{
    struct operation op;
    const struct resource *resource =
        begin(&op, engine, arena, type_name, (struct slice){0}, diagnostics);
    if (!resource)
        return;
    ERROR_AUTO(err);
    const struct type *type = attributes_type(resource->attributes);
    const struct value *value = engine_decode(arena, type, config, diagnostics);
    const struct value *found = NULL;
    if (value && !resource->ops->open(&op, value, &found, &err)) {
        engine_report(&op, "open", &err);
    } else if (value) {
        response->result =
            engine_encode(arena, type, engine_complete(arena, resource->attributes, value, found));
        response->private_bytes = op.private_out;
        op.private_in = op.private_out;
        if (resource->renew && !resource->renew(&op, &response->renew_at_ms, &err))
            engine_report(&op, "schedule the renewal of", &err);
    }
    engine_operation_end(&op);
}

void engine_renew_ephemeral(struct engine *engine, struct arena *arena, const char *type_name,
                            struct slice private_bytes, struct ephemeral_response *response,
                            struct diagnostics *diagnostics)
{
    struct operation op;
    const struct resource *resource =
        begin(&op, engine, arena, type_name, private_bytes, diagnostics);
    if (!resource)
        return;
    ERROR_AUTO(err);
    if (resource->renew && !resource->renew(&op, &response->renew_at_ms, &err))
        engine_report(&op, "renew", &err);
    response->private_bytes = op.private_out;
    engine_operation_end(&op);
}

void engine_close_ephemeral(struct engine *engine, struct arena *arena, const char *type_name,
                            struct slice private_bytes, struct diagnostics *diagnostics)
{
    struct operation op;
    const struct resource *resource =
        begin(&op, engine, arena, type_name, private_bytes, diagnostics);
    if (!resource)
        return;
    ERROR_AUTO(err);
    if (resource->close && !resource->close(&op, &err))
        engine_report(&op, "close", &err);
    engine_operation_end(&op);
}
