/* ListResource: the objects that exist, as a stream. */
#include "provider/engine/engine_internal.h"
#include "provider/engine/layout.h"
#include "provider/engine/read.h"

struct listing {
    struct arena *scratch; /* for one event at a time: there may be many */
    const struct resource *resource;
    bool include_object;
    int64_t left; /* negative: no limit */
    bool gone;    /* nobody listens any more */
    bool (*emit)(void *context, const struct list_event *event);
    void *context;
};

static bool send(struct listing *listing, const struct list_event *event)
{
    if (!listing->gone && !listing->emit(listing->context, event))
        listing->gone = true;
    return !listing->gone;
}

static bool emit_found(void *context, const struct value *state, const char *display_name)
{
    struct listing *listing = context;
    if (listing->left == 0)
        return false;
    arena_reset(listing->scratch);
    state = read_imported(listing->scratch, listing->resource, &value_null, state);
    struct list_event event = {.identity =
                                   engine_identity_of(listing->scratch, listing->resource, state),
                               .display_name = display_name};
    if (!event.identity.length)
        return true; /* what cannot be named cannot be imported */
    if (listing->include_object)
        event.object = engine_encode(listing->scratch, resource_type(listing->resource), state);
    if (listing->left > 0)
        listing->left--;
    return send(listing, &event) && listing->left != 0;
}

static void list(struct listing *listing, struct engine *engine, struct arena *arena,
                 struct dynamic_value config, struct diagnostics *diagnostics)
{
    const struct resource *resource = listing->resource;
    struct operation op;
    const struct value *value =
        engine_decode(arena, attributes_type(resource->list_attributes), config, diagnostics);
    if (!value || !engine_operation_begin(&op, engine, arena, resource, diagnostics))
        return;
    ERROR_AUTO(err);
    if (!resource->ops->list(&op, value, emit_found, listing, &err) && !listing->gone)
        engine_report(&op, "list", &err);
    engine_operation_end(&op);
}

void engine_list(struct engine *engine, struct arena *arena, const char *type_name,
                 struct dynamic_value config, bool include_object, int64_t limit,
                 bool (*emit)(void *context, const struct list_event *event), void *context)
{
    struct diagnostics diagnostics;
    diagnostics_init(&diagnostics, arena);
    ARENA_AUTO scratch = arena_new();
    struct listing listing = {.scratch = scratch,
                              .resource = engine_resource(engine, type_name, &diagnostics),
                              .include_object = include_object,
                              .left = limit > 0 ? limit : -1,
                              .emit = emit,
                              .context = context};
    if (listing.resource && listing.resource->list_attributes && listing.resource->ops->list)
        list(&listing, engine, arena, config, &diagnostics);
    else if (listing.resource)
        diagnostics_error(&diagnostics, NULL, "Not listable", "%s cannot be listed.", type_name);
    for (size_t i = 0; i < diagnostics.count; i++)
        send(&listing, &(struct list_event){.diagnostic = &diagnostics.items[i]});
}
