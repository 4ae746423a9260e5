/* Shared by the engine's own files. */
#ifndef OKESTRA_PROVIDER_ENGINE_ENGINE_INTERNAL_H
#define OKESTRA_PROVIDER_ENGINE_ENGINE_INTERNAL_H

#include <pthread.h>

#include "provider/engine/engine.h"
#include "provider/engine/journal.h"
#include "provider/engine/operation.h"
#include "provider/engine/timeouts.h"

/* The client made by one ConfigureProvider. Operations hold a reference, since reattach mode may
 * configure again while they run. */
struct configuration {
    void *client;
    void (*client_free)(void *client);
    struct cancel *cancel;
    char *scope; /* hash of the provider block: creates of different accounts never match */
    int references;
};

struct engine {
    const struct provider *provider;
    struct journal *journal;
    pthread_mutex_t mutex; /* guards configuration */
    struct configuration *configuration;
    bool fatal_conformance; /* tests: a broken rule is an error and not just logged */
};

struct configuration *engine_configuration_get(struct engine *engine);
void engine_configuration_put(struct engine *engine, struct configuration *configuration);

const struct resource *engine_find(const struct provider *provider,
                                   const struct resource *const *list, const char *type_name);
/* The managed resource of the name; otherwise NULL and a diagnostic. */
const struct resource *engine_resource(struct engine *engine, const char *type_name,
                                       struct diagnostics *diagnostics);

/* Decodes by type; null for an empty DynamicValue. NULL and a diagnostic on bad bytes. */
const struct value *engine_decode(struct arena *arena, const struct type *type,
                                  struct dynamic_value bytes, struct diagnostics *diagnostics);
struct slice engine_encode(struct arena *arena, const struct type *type,
                           const struct value *value);

/* Fills the operation; false with a diagnostic when the provider was not configured. The caller
 * releases with engine_operation_end(). */
bool engine_operation_begin(struct operation *op, struct engine *engine, struct arena *arena,
                            const struct resource *resource, struct diagnostics *diagnostics);
void engine_operation_end(struct operation *op);

/* The identity object of a state, encoded; empty for a null state. */
struct slice engine_identity_of(struct arena *arena, const struct resource *resource,
                                const struct value *state);

#endif
