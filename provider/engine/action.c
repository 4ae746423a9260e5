/* Actions: Terraform 1.14 invokes them after changes or by name. */
#include "provider/engine/engine_internal.h"
#include "provider/engine/validate.h"

static const struct value *decode_config(struct engine *engine, struct arena *arena,
                                         const char *name, struct dynamic_value config,
                                         const struct action **action,
                                         struct diagnostics *diagnostics)
{
    *action = engine_action(engine, name, diagnostics);
    return *action
               ? engine_decode(arena, attributes_type((*action)->attributes), config, diagnostics)
               : NULL;
}

void engine_plan_action(struct engine *engine, struct arena *arena, const char *name,
                        struct dynamic_value config, struct diagnostics *diagnostics)
{
    const struct action *action;
    const struct value *value = decode_config(engine, arena, name, config, &action, diagnostics);
    if (value && !value_is_null(value))
        validate_object(action->attributes, value, NULL, true, diagnostics, arena);
}

void engine_invoke_action(struct engine *engine, struct arena *arena, const char *name,
                          struct dynamic_value config,
                          void (*progress)(void *context, const char *message), void *context,
                          struct diagnostics *diagnostics)
{
    const struct action *action;
    const struct value *value = decode_config(engine, arena, name, config, &action, diagnostics);
    struct operation op;
    if (!value || !engine_operation_begin(&op, engine, arena, NULL, diagnostics))
        return;
    op.action = action;
    ERROR_AUTO(err);
    if (!action->invoke(&op, value, progress, context, &err))
        diagnostics_from_error(diagnostics, NULL, arena_printf(arena, "%s failed", name), &err);
    engine_operation_end(&op);
}
