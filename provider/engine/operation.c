/* Beginning and ending an operation, and how its failures are told. */
#include "provider/engine/operation.h"

#include <string.h>

#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "provider/engine/engine_internal.h"

bool engine_operation_begin(struct operation *op, struct engine *engine, struct arena *arena,
                            const struct resource *resource, struct diagnostics *diagnostics)
{
    *op = (struct operation){
        .arena = arena, .resource = resource, .diagnostics = diagnostics, .engine = engine};
    op->configuration = engine_configuration_get(engine);
    if (!op->configuration) {
        diagnostics_error(diagnostics, NULL, "Provider not configured",
                          "Terraform used the provider before it configured it.");
        return false;
    }
    op->client = op->configuration->client;
    op->cancel = op->configuration->cancel;
    if (resource)
        op->deadline_ms = timeouts_deadline(resource, NULL, PHASE_READ);
    else
        op->deadline_ms = clock_monotonic_ms() + TIMEOUTS_DEFAULT_SECONDS * (int64_t)1000;
    return true;
}

void engine_operation_end(struct operation *op)
{
    intent_free(op->intent);
    op->intent = NULL;
    engine_configuration_put(op->engine, op->configuration);
}

void engine_report(struct operation *op, const char *verb, const struct error *err)
{
    diagnostics_from_error(op->diagnostics, NULL,
                           arena_printf(op->arena, "Cannot %s %s_%s", verb,
                                        op->engine->provider->name, op->resource->name),
                           err);
}

void engine_report_rule(struct engine *engine, const struct resource *resource,
                        const struct error *rule, struct diagnostics *diagnostics)
{
    LOG(LOG_LEVEL_ERROR, "an answer breaks a rule of Terraform", {"resource", resource->name},
        {"rule", error_message(rule)});
    if (engine->fatal_conformance)
        diagnostics_error(diagnostics, NULL, "Provider bug", "%s: %s", resource->name,
                          error_message(rule));
}

enum { PRIVATE_PLAIN = 'p', PRIVATE_IMPORTED = 'i' };

struct private_data engine_open_private(struct slice bytes)
{
    if (!bytes.length)
        return (struct private_data){0};
    return (struct private_data){bytes.ptr[0] == PRIVATE_IMPORTED,
                                 {bytes.ptr + 1, bytes.length - 1}};
}

struct slice engine_seal_private(struct arena *arena, struct private_data data)
{
    if (!data.imported && !data.resource.length)
        return (struct slice){0};
    char *bytes = arena_alloc(arena, data.resource.length + 1);
    bytes[0] = data.imported ? PRIVATE_IMPORTED : PRIVATE_PLAIN;
    if (data.resource.length)
        memcpy(bytes + 1, data.resource.ptr, data.resource.length);
    return (struct slice){bytes, data.resource.length + 1};
}
