/* ReadDataSource. */
#include "provider/engine/engine_internal.h"
#include "provider/engine/layout.h"

const struct value *engine_complete(struct arena *arena, const struct attribute *table,
                                    const struct value *config, const struct value *found)
{
    const struct layout *layout = layout_of_table(table);
    const struct value **members = arena_array(arena, const struct value *, layout->count);
    for (size_t i = 0; i < layout->count; i++) {
        const struct value *given = layout_member(layout, config, i);
        members[i] = value_unknowns_to_null(
            arena, value_is_null(given) ? layout_member(layout, found, i) : given);
    }
    return layout_object(arena, layout, members);
}

struct slice engine_read_data_source(struct engine *engine, struct arena *arena,
                                     const char *type_name, struct dynamic_value config,
                                     struct diagnostics *diagnostics)
{
    const struct resource *source =
        engine_find(engine, engine->provider->data_sources, type_name, diagnostics);
    if (!source)
        return (struct slice){0};
    const struct type *type = attributes_type(source->attributes);
    const struct value *value = engine_decode(arena, type, config, diagnostics);
    struct operation op;
    if (!value || !engine_operation_begin(&op, engine, arena, source, diagnostics))
        return (struct slice){0};
    ERROR_AUTO(err);
    const struct value *found = NULL;
    struct slice bytes = {0};
    if (source->ops->open(&op, value, &found, &err))
        bytes =
            engine_encode(arena, type, engine_complete(arena, source->attributes, value, found));
    else
        engine_report(&op, "read", &err);
    engine_operation_end(&op);
    return bytes;
}
