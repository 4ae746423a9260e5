/* Read, plan and apply of managed resources. */
#include "provider/engine/engine_internal.h"

#include <string.h>

#include "lib/base/encoding.h"
#include "lib/base/log.h"
#include "provider/engine/conformance.h"
#include "provider/engine/merge.h"

static const char *object_id(const struct value *object)
{
    return value_text(value_get(object, "id"));
}

static void note_seen(struct engine *engine, const struct value *state)
{
    if (object_id(state))
        journal_seen(engine->journal, object_id(state));
}

static void check(struct engine *engine, const struct resource *resource, bool good,
                  const struct error *err, struct diagnostics *diagnostics)
{
    if (good)
        return;
    LOG(LOG_LEVEL_ERROR, "a response breaks a rule of Terraform", {"resource", resource->name},
        {"rule", error_message(err)});
    if (engine->fatal_conformance)
        diagnostics_error(diagnostics, NULL, "Provider bug", "%s: %s", resource->name,
                          error_message(err));
}

static const char *describe(struct arena *arena, struct engine *engine, const char *verb,
                            const struct resource *resource)
{
    return arena_printf(arena, "Cannot %s %s_%s", verb, engine->provider->name, resource->name);
}

/* --- read --------------------------------------------------------------------------------------- */

void engine_read(struct engine *engine, struct arena *arena, const char *type_name,
                 struct dynamic_value current, struct slice private_bytes,
                 struct dynamic_value current_identity, struct object_response *response,
                 struct diagnostics *diagnostics)
{
    (void)current_identity;
    const struct resource *resource = engine_resource(engine, type_name, diagnostics);
    const struct value *prior =
        resource ? engine_decode(arena, resource_type(resource), current, diagnostics) : NULL;
    struct operation op;
    if (!prior || value_is_null(prior))
        return;
    note_seen(engine, prior);
    if (!engine_operation_begin(&op, engine, arena, resource, diagnostics))
        return;
    op.private_in = op.private_out = private_bytes;
    ERROR_AUTO(err);
    const struct value *remote = NULL, *state = prior;
    if (!resource->ops->read(&op, prior, &remote, &err))
        diagnostics_from_error(diagnostics, NULL, describe(arena, engine, "read", resource), &err);
    else
        state = remote ? merge_read(arena, resource->attributes, prior, remote, false) : &value_null;
    ERROR_AUTO(rule);
    check(engine, resource, conformance_state(resource, state, &rule), &rule, diagnostics);
    response->state = engine_encode(arena, resource_type(resource), state);
    response->private_bytes = op.private_out;
    response->identity = engine_identity_of(arena, resource, state);
    engine_operation_end(&op);
}

/* --- plan --------------------------------------------------------------------------------------- */

static void plan_existing(struct engine *engine, struct arena *arena,
                          const struct resource *resource, const struct plan_request *request,
                          const struct value *prior, const struct value *config,
                          struct plan_response *response, struct diagnostics *diagnostics)
{
    struct plan plan = {.resource = resource,
                        .prior = prior,
                        .config = config,
                        .diagnostics = diagnostics,
                        .arena = arena};
    merge_plan(&plan);
    struct operation op;
    if (resource->plan && engine_operation_begin(&op, engine, arena, resource, diagnostics)) {
        op.private_in = request->prior_private;
        resource->plan(&op, &plan);
        engine_operation_end(&op);
    }
    ERROR_AUTO(rule);
    check(engine, resource, conformance_planned(resource, prior, config, plan.planned, &rule),
          &rule, diagnostics);
    response->object.state = engine_encode(arena, resource_type(resource), plan.planned);
    if (!plan_is_create(&plan) && plan.replace_count == 0)
        response->object.identity = engine_identity_of(arena, resource, prior);
    response->replace = plan.replace;
    response->replace_count = plan.replace_count;
}

void engine_plan(struct engine *engine, struct arena *arena, const struct plan_request *request,
                 struct plan_response *response, struct diagnostics *diagnostics)
{
    const struct resource *resource = engine_resource(engine, request->type_name, diagnostics);
    if (!resource)
        return;
    const struct type *type = resource_type(resource);
    const struct value *prior = engine_decode(arena, type, request->prior, diagnostics);
    const struct value *config = engine_decode(arena, type, request->config, diagnostics);
    if (!prior || !config)
        return;
    note_seen(engine, prior);
    response->object.private_bytes = request->prior_private;
    if (value_is_null(config)) { /* destroy: nothing to say against it */
        response->object.state = engine_encode(arena, type, &value_null);
        return;
    }
    plan_existing(engine, arena, resource, request, prior, config, response, diagnostics);
}

/* --- apply -------------------------------------------------------------------------------------- */

/* A hash of what is to be made: no value can be read back from it, and secrets are not in it. */
static const char *intent_key(struct operation *op, const struct value *planned)
{
    STR_AUTO text = STR_INIT;
    str_append(&text, op->configuration->scope);
    for (const struct attribute *attribute = op->resource->attributes; attribute->name; attribute++)
        if (!(attribute->flags & (SENSITIVE | WRITE_ONLY))) {
            str_append_char(&text, '\n');
            value_print(value_get(planned, attribute->name), &text);
        }
    unsigned char digest[SHA256_SIZE];
    sha256_digest(text.ptr, text.length, digest);
    STR_AUTO key = STR_INIT;
    hex_encode(digest, sizeof(digest), &key);
    return str_copy_to(&key, op->arena);
}

/* Refused outright: the object cannot exist, so the intent has ended. Anything else may have acted. */
static bool surely_not_made(const struct error *err)
{
    return err->code == ERROR_INVALID || err->code == ERROR_DENIED || err->code == ERROR_EXISTS ||
           err->code == ERROR_NOT_FOUND || err->code == ERROR_CONFLICT ||
           (err->code == ERROR_REMOTE && err->http_status >= 400 && err->http_status < 500);
}

static const struct value *apply_create(struct operation *op, const struct value *planned,
                                        const struct value *config, struct diagnostics *diagnostics)
{
    const struct resource *resource = op->resource;
    op->deadline_ms = timeouts_deadline(resource, planned, PHASE_CREATE);
    op->intent = journal_begin(op->engine->journal, resource->name, intent_key(op, planned));
    ERROR_AUTO(err);
    const struct value *remote = NULL;
    bool good = resource->ops->create(op, planned, config, &remote, &err);
    if (!good)
        diagnostics_from_error(diagnostics, NULL,
                               describe(op->arena, op->engine, "create", resource), &err);
    if (!remote) {
        if (!good && (surely_not_made(&err) && !op->intent->object_id))
            journal_abandon(op->engine->journal, op->intent);
        return &value_null;
    }
    return merge_applied(op->arena, resource->attributes, planned, remote);
}

static const struct value *apply_update(struct operation *op, const struct value *prior,
                                        const struct value *planned, const struct value *config,
                                        struct diagnostics *diagnostics)
{
    const struct resource *resource = op->resource;
    op->deadline_ms = timeouts_deadline(resource, planned, PHASE_UPDATE);
    if (!merge_needs_update(resource->attributes, prior, planned))
        return merge_applied(op->arena, resource->attributes, planned, prior);
    ERROR_AUTO(err);
    const struct value *remote = NULL;
    if (resource->ops->update(op, prior, planned, config, &remote, &err))
        return merge_applied(op->arena, resource->attributes, planned, remote);
    diagnostics_from_error(diagnostics, NULL, describe(op->arena, op->engine, "update", resource),
                           &err);
    return remote ? merge_read(op->arena, resource->attributes, prior, remote, false) : prior;
}

static const struct value *apply_delete(struct operation *op, const struct value *prior,
                                        struct diagnostics *diagnostics)
{
    ERROR_AUTO(err);
    op->deadline_ms = timeouts_deadline(op->resource, prior, PHASE_DELETE);
    if (!op->resource->ops->remove(op, prior, &err)) {
        diagnostics_from_error(diagnostics, NULL,
                               describe(op->arena, op->engine, "delete", op->resource), &err);
        return prior;
    }
    return &value_null;
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
    note_seen(engine, prior);
    op.private_in = op.private_out = request->planned_private;
    const struct value *state;
    ERROR_AUTO(rule);
    if (value_is_null(planned)) {
        state = apply_delete(&op, prior, diagnostics);
    } else if (value_is_null(prior)) {
        state = apply_create(&op, planned, config, diagnostics);
    } else {
        state = apply_update(&op, prior, planned, config, diagnostics);
    }
    if (!diagnostics->errors && !value_is_null(planned))
        check(engine, resource, conformance_applied(resource, planned, state, &rule), &rule,
              diagnostics);
    response->state = engine_encode(arena, type, state);
    response->private_bytes = op.private_out;
    response->identity = engine_identity_of(arena, resource, state);
    engine_operation_end(&op);
}
