/*
 * Operation: what an implementation gets for one call: memory, client, deadline, cancellation,
 * private data, create intents and warnings.
 */
#ifndef OKESTRA_PROVIDER_ENGINE_OPERATION_H
#define OKESTRA_PROVIDER_ENGINE_OPERATION_H

#include "lib/net/cancel.h"
#include "provider/engine/diagnostics.h"
#include "provider/engine/schema.h"

struct configuration;
struct engine;
struct intent;

struct operation {
    struct arena *arena;             /* lives until the response was sent */
    const struct resource *resource; /* NULL for actions */
    const struct action *action;
    void *client;                    /* from provider->configure; NULL before it ran */
    struct cancel *cancel;           /* raised by StopProvider and shutdown */
    int64_t deadline_ms;             /* monotonic; from `timeouts` or the resource's default */
    struct slice private_in;         /* bytes stored with the object; empty when none */
    struct slice private_out;        /* set to store other bytes; starts as private_in */
    struct diagnostics *diagnostics; /* for warnings; errors go through err */
    struct engine *engine;
    struct configuration *configuration; /* the engine's: keeps client alive */
    struct intent *intent;               /* during create: the write-ahead entry */
};

/*
 * Create intents (journal.h). During create, operation_retry_token() gives the token to send with the
 * request that makes the object: the same token as an earlier run that was killed in the middle of
 * creating the same thing, a fresh one otherwise. 32 characters, stable for one create call.
 */
const char *operation_retry_token(struct operation *op);
/* The id of the object that the killed run is known to have made, or NULL. */
const char *operation_created_earlier(struct operation *op);
/* True when this create continues one that a killed run had begun: look the object up (by name) when
 * its API has no retry tokens. */
bool operation_is_replay(struct operation *op);
/* Reports the id as soon as it is known, before waiting. Written to the journal at once. */
void operation_created(struct operation *op, const char *id);

#endif
