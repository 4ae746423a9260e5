/* Shared by the engine's own files. */
#ifndef OKESTRA_PROVIDER_ENGINE_ENGINE_INTERNAL_H
#define OKESTRA_PROVIDER_ENGINE_ENGINE_INTERNAL_H

#include <pthread.h>
#include <stdatomic.h>

#include "provider/engine/engine.h"
#include "provider/engine/journal.h"
#include "provider/engine/operation.h"
#include "provider/engine/timeouts.h"

/* What one ConfigureProvider made. Operations hold a reference, since in reattach mode one process is
 * configured by one Terraform run after another, while operations of the last may still run. */
struct configuration {
    void *client;
    void (*client_free)(void *client);
    struct cancel *cancel; /* a stop ends this run's operations, not those of the next */
    char *scope;    /* hash of the provider block: creates of different accounts never match */
    int references; /* guarded by the engine's mutex */
};

struct engine {
    const struct provider *provider;
    struct journal *journal;
    pthread_mutex_t mutex; /* guards configuration and its references */
    struct configuration *configuration;
    atomic_bool plans_changes; /* an apply may follow, and a write of the state with it */
    atomic_bool applies;
    bool fatal_conformance; /* tests: a broken rule is an error and not just logged */
};

struct configuration *engine_configuration_get(struct engine *engine); /* NULL: none yet */
void engine_configuration_put(struct engine *engine, struct configuration *configuration);

/* The entry of a NULL-terminated list by its full name ("oke_vcn"); NULL and a diagnostic when there
 * is none. */
const struct resource *engine_find(struct engine *engine, const struct resource *const *list,
                                   const char *type_name, struct diagnostics *diagnostics);
const struct resource *engine_resource(struct engine *engine, const char *type_name,
                                       struct diagnostics *diagnostics);
const struct action *engine_action(struct engine *engine, const char *name,
                                   struct diagnostics *diagnostics);

/* Decodes by type; null for an empty DynamicValue. NULL and a diagnostic on bad bytes. */
const struct value *engine_decode(struct arena *arena, const struct type *type,
                                  struct dynamic_value bytes, struct diagnostics *diagnostics);
struct slice engine_encode(struct arena *arena, const struct type *type, const struct value *value);

/* Fills the operation with the time limit of a read; false with a diagnostic when the provider was not
 * configured. The caller releases with engine_operation_end(). resource: NULL for actions. */
bool engine_operation_begin(struct operation *op, struct engine *engine, struct arena *arena,
                            const struct resource *resource, struct diagnostics *diagnostics);
void engine_operation_end(struct operation *op);
/* "Cannot <verb> oke_vcn" and the error. */
void engine_report(struct operation *op, const char *verb, const struct error *err);
/* A broken rule of Terraform is our bug: logged, and an error when tests ask for it. */
void engine_report_rule(struct engine *engine, const struct resource *resource,
                        const struct error *rule, struct diagnostics *diagnostics);

/*
 * Private data of a resource, as Terraform keeps it beside the state: empty, or one byte of ours and what
 * the resource stored. The byte tells an object that was imported and not written since.
 */
struct private_data {
    bool imported;
    struct slice resource; /* operation.private_in */
};
struct private_data engine_open_private(struct slice bytes);
struct slice engine_seal_private(struct arena *arena, struct private_data data);

/* A state came from Terraform: it knows the object. */
void engine_note_seen(struct engine *engine, const struct value *state);
void engine_note_removed(struct engine *engine, const struct value *state);
/* The identity object of a state, encoded; empty when a needed part is null or unknown. */
struct slice engine_identity_of(struct arena *arena, const struct resource *resource,
                                const struct value *state);
/* What open() of a data source or ephemeral resource found, under what the user wrote. */
const struct value *engine_complete(struct arena *arena, const struct attribute *table,
                                    const struct value *config, const struct value *found);

#endif
