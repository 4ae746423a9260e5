/* CallFunction. Functions run in processes that were never configured. */
#include <string.h>

#include "provider/engine/engine_internal.h"

struct function_call {
    struct arena *arena;
    const struct function *function;
    const char **error_text;
    int *argument;
};

static const struct function *find_function(const struct provider *provider, const char *name)
{
    for (const struct function *const *f = provider->functions; f && *f; f++)
        if (text_equal((*f)->name, name))
            return *f;
    return NULL;
}

static bool refuse(const struct function_call *call, size_t argument, const char *why)
{
    *call->argument = (int)argument;
    *call->error_text = arena_strdup(call->arena, why);
    return false;
}

static bool decode_argument(const struct function_call *call, size_t index,
                            const struct function_parameter *parameter, struct dynamic_value bytes,
                            const struct value **argument)
{
    struct diagnostics diagnostics;
    diagnostics_init(&diagnostics, call->arena);
    *argument = engine_decode(call->arena, parameter->type, bytes, &diagnostics);
    if (!*argument)
        return refuse(call, index, diagnostics.items[0].detail);
    if (value_is_null(*argument) && !parameter->allow_null)
        return refuse(call, index, "this argument must not be null");
    return value_is_wholly_known(*argument) || refuse(call, index, "this argument is not known");
}

static bool decode_arguments(const struct function_call *call,
                             const struct dynamic_value *arguments, size_t count,
                             const struct value **values)
{
    const struct function_parameter *parameter = call->function->parameters;
    for (size_t i = 0; i < count; i++) {
        bool fixed = parameter && parameter->name;
        const struct function_parameter *mine = fixed ? parameter++ : call->function->variadic;
        if (!mine)
            return refuse(call, i, "there is one argument too many");
        if (!decode_argument(call, i, mine, arguments[i], &values[i]))
            return false;
    }
    if (parameter && parameter->name) {
        *call->error_text =
            arena_printf(call->arena, "the argument \"%s\" is missing", parameter->name);
        return false;
    }
    return true;
}

struct slice engine_call_function(struct engine *engine, struct arena *arena, const char *name,
                                  const struct dynamic_value *arguments, size_t count,
                                  const char **error_text, int *argument)
{
    const struct function *function = find_function(engine->provider, name);
    const struct function_call call = {arena, function, error_text, argument};
    *error_text = NULL;
    *argument = -1;
    if (!function) {
        *error_text = arena_printf(arena, "there is no function \"%s\"", name ? name : "");
        return (struct slice){0};
    }
    const struct value **values = arena_array(arena, const struct value *, count);
    if (!decode_arguments(&call, arguments, count, values))
        return (struct slice){0};
    ERROR_AUTO(err);
    const struct value *result = function->call(arena, values, count, argument, &err);
    if (!result) {
        *error_text = arena_strdup(arena, error_message(&err));
        return (struct slice){0};
    }
    return engine_encode(arena, function->result, result);
}
