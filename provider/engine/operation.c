/* Beginning and ending an operation, and how its failures are told. */
#include "provider/engine/operation.h"

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
