/*
 * Engine: the RPCs of tfplugin6 in terms of descriptors and values. One engine serves one process.
 * All functions are thread-safe; responses live in the request's arena. DynamicValues arrive and
 * leave as bytes (msgpack; JSON is read too).
 */
#ifndef OKESTRA_PROVIDER_ENGINE_ENGINE_H
#define OKESTRA_PROVIDER_ENGINE_ENGINE_H

#include "lib/net/cancel.h"
#include "provider/engine/diagnostics.h"
#include "provider/engine/schema.h"

struct engine;

/* The value bytes of a DynamicValue; both empty means null. */
struct dynamic_value {
    struct slice msgpack;
    struct slice json;
};

struct engine *engine_new(const struct provider *provider);
void engine_free(struct engine *engine);
const struct provider *engine_provider(const struct engine *engine);
/* StopProvider: raises the cancel flag of running and later operations. Returns at once. The next
 * engine_configure() begins with a clear one: in reattach mode other runs follow a stopped one. */
void engine_stop(struct engine *engine);
/* Terraform ends the provider in good order: it has stored what it was given. */
void engine_finish(struct engine *engine);
/* Reattach mode: this process serves many runs, and Terraform is not its parent. Call it first. */
void engine_serve_many(struct engine *engine);

/* Verifies all descriptors: names, flags, limits, defaults, siblings, operations, documentation. False
 * with ERROR_INTERNAL that names the first broken rule and its place. */
bool engine_check_descriptors(const struct provider *provider, struct error *err);

enum object_class { CLASS_RESOURCE, CLASS_DATA_SOURCE, CLASS_EPHEMERAL, CLASS_LIST, CLASS_ACTION };

void engine_validate_provider(struct engine *engine, struct arena *arena,
                              struct dynamic_value config, struct diagnostics *diagnostics);
void engine_configure(struct engine *engine, struct arena *arena, const char *terraform_version,
                      struct dynamic_value config, struct diagnostics *diagnostics);
void engine_validate(struct engine *engine, struct arena *arena, enum object_class object_class,
                     const char *type_name, struct dynamic_value config, bool write_only_allowed,
                     struct diagnostics *diagnostics);

/* Upgrade by the stored version; returns msgpack of the present schema (empty on error). */
struct slice engine_upgrade(struct engine *engine, struct arena *arena, const char *type_name,
                            int64_t version, struct slice raw_json,
                            struct diagnostics *diagnostics);

struct object_response {
    struct slice state; /* msgpack; empty means null */
    struct slice private_bytes;
    struct slice identity; /* msgpack of the identity object; empty when there is none */
};

void engine_read(struct engine *engine, struct arena *arena, const char *type_name,
                 struct dynamic_value current, struct slice private_bytes,
                 struct dynamic_value current_identity, struct object_response *response,
                 struct diagnostics *diagnostics);

struct plan_request {
    const char *type_name;
    struct dynamic_value prior, proposed, config;
    struct slice prior_private;
    struct dynamic_value prior_identity;
};

struct plan_response {
    struct object_response object;
    const struct path **replace;
    size_t replace_count;
};

void engine_plan(struct engine *engine, struct arena *arena, const struct plan_request *request,
                 struct plan_response *response, struct diagnostics *diagnostics);

struct apply_request {
    const char *type_name;
    struct dynamic_value prior, planned, config;
    struct slice planned_private;
    struct dynamic_value planned_identity;
};

void engine_apply(struct engine *engine, struct arena *arena, const struct apply_request *request,
                  struct object_response *response, struct diagnostics *diagnostics);
void engine_import(struct engine *engine, struct arena *arena, const char *type_name,
                   const char *id, struct dynamic_value identity, struct object_response *response,
                   struct diagnostics *diagnostics);

struct move_request {
    const char *source_provider_address, *source_type_name, *target_type_name;
    int64_t source_schema_version;
    struct slice source_state_json;
    struct slice source_private;
};

void engine_move(struct engine *engine, struct arena *arena, const struct move_request *request,
                 struct object_response *response, struct diagnostics *diagnostics);
struct slice engine_read_data_source(struct engine *engine, struct arena *arena,
                                     const char *type_name, struct dynamic_value config,
                                     struct diagnostics *diagnostics);

struct ephemeral_response {
    struct slice result;
    struct slice private_bytes;
    int64_t renew_at_ms; /* Unix milliseconds; 0: never */
};

void engine_open_ephemeral(struct engine *engine, struct arena *arena, const char *type_name,
                           struct dynamic_value config, struct ephemeral_response *response,
                           struct diagnostics *diagnostics);
void engine_renew_ephemeral(struct engine *engine, struct arena *arena, const char *type_name,
                            struct slice private_bytes, struct ephemeral_response *response,
                            struct diagnostics *diagnostics);
void engine_close_ephemeral(struct engine *engine, struct arena *arena, const char *type_name,
                            struct slice private_bytes, struct diagnostics *diagnostics);

/* Returns the result's msgpack, or empty with *error_text set (and *argument, -1 when none). */
struct slice engine_call_function(struct engine *engine, struct arena *arena, const char *name,
                                  const struct dynamic_value *arguments, size_t count,
                                  const char **error_text, int *argument);

struct list_event {
    struct slice identity;
    const char *display_name;
    struct slice object;                 /* empty unless asked for */
    const struct diagnostic *diagnostic; /* NULL when none */
};
/* emit returns false when the client went away. */
void engine_list(struct engine *engine, struct arena *arena, const char *type_name,
                 struct dynamic_value config, bool include_object, int64_t limit,
                 bool (*emit)(void *context, const struct list_event *event), void *context);

void engine_plan_action(struct engine *engine, struct arena *arena, const char *name,
                        struct dynamic_value config, struct diagnostics *diagnostics);
void engine_invoke_action(struct engine *engine, struct arena *arena, const char *name,
                          struct dynamic_value config,
                          void (*progress)(void *context, const char *message), void *context,
                          struct diagnostics *diagnostics);
/* State in, configuration out: drops computed-only attributes and defaults. */
struct slice engine_generate_config(struct engine *engine, struct arena *arena,
                                    const char *type_name, struct dynamic_value state,
                                    struct diagnostics *diagnostics);

/* Identity schema of a resource: NULL-terminated by name. Never NULL. */
const struct identity_attribute *engine_identity(const struct resource *resource);
const struct type *engine_identity_type(const struct resource *resource);
struct slice engine_upgrade_identity(struct engine *engine, struct arena *arena,
                                     const char *type_name, int64_t version, struct slice raw_json,
                                     struct diagnostics *diagnostics);

#endif
