/*
 * The generic operations on a struct oci_api, and the pieces they are made of, for resources that need
 * other ways (`.ops = &(const struct resource_ops){.create = own_create, .read = api_read, …}`).
 * README.md explains how they survive lost answers, killed runs and failed waits.
 */
#ifndef OKESTRA_PROVIDER_OCI_OPS_H
#define OKESTRA_PROVIDER_OCI_OPS_H

#include "provider/engine/operation.h"
#include "provider/oci/api.h"
#include "provider/oci/client.h"

extern const struct resource_ops oci_ops; /* all of the following */

bool api_create(struct operation *op, const struct value *planned, const struct value *config,
                const struct value **state, struct error *err);
bool api_read(struct operation *op, const struct value *prior, const struct value **state,
              struct error *err);
bool api_update(struct operation *op, const struct value *prior, const struct value *planned,
                const struct value *config, const struct value **state, struct error *err);
bool api_remove(struct operation *op, const struct value *prior, struct error *err);
bool api_import(struct operation *op, const char *id, const struct value **state,
                struct error *err);
/* Lists with list_query filled from config; for resources with list_attributes. */
bool api_list(struct operation *op, const struct value *config,
              bool (*found)(void *context, const struct value *state, const char *display_name),
              void *context, struct error *err);

/* --- pieces ------------------------------------------------------------------------------------- */

/* A call for an operation, its id and title worked out. Any of the values may be NULL. */
struct api_call api_call_begin(struct operation *op, enum api_phase phase,
                               const struct value *prior, const struct value *planned,
                               const struct value *config);
/* The id is known from now on: for placeholders, messages and, during create, the journal. */
void api_call_created(struct api_call *call, const char *id);

/* Fills the placeholders of a path pattern; NULL and err when one is missing. */
char *api_path(struct arena *arena, const char *pattern, const struct value *known,
               struct error *err);
char *api_item_path(const struct api_call *call, struct error *err);
/* The same without encoding, for ids; NULL when an attribute is missing. */
char *api_text(struct arena *arena, const char *pattern, const struct value *known);
/* Takes a text apart by a pattern: *values becomes an object of its placeholders. False when the text
 * has another form. The last placeholder takes all that is left. */
bool api_parse(struct arena *arena, const char *pattern, const char *text,
               const struct value **values);

/* Sends a request of this operation: client, deadline, cancellation, retry rules and title are filled
 * in where the request has none. table: query parameters, may be NULL. */
bool api_send(struct api_call *call, struct oci_request *request, const struct api_query *table,
              struct oci_response *response, struct error *err);
/* The same for any resource or data source, without a table. GET; *body is a new reference. */
bool api_get(struct operation *op, enum oci_service service, const char *operation,
             const char *path, const struct oci_query *query, size_t query_count, json_t **body,
             struct error *err);
/* All pages; *items is a new array. */
bool api_get_list(struct operation *op, enum oci_service service, const char *operation,
                  const char *path, const struct oci_query *query, size_t query_count,
                  json_t **items, struct error *err);

/* One POST to the item path plus `path` (a pattern), and the wait that belongs to it. body: borrowed. */
bool api_act(struct api_call *call, const char *operation, const char *path, json_t *body,
             struct error *err);
/* Waits for what an answer has begun: its work request, then the lifecycle. */
bool api_wait(struct api_call *call, const struct oci_response *response, struct error *err);
/* Reads the object: NULL in *object when it does not exist (any more). New reference. */
bool api_fetch(struct api_call *call, json_t **object, struct error *err);
/* The state of a received object, through the hooks. The object may be changed. */
const struct value *api_to_state(struct api_call *call, json_t *object, struct error *err);

/* The live object that looks as planned (all that the user decides is the same), or NULL. */
bool api_look_up(struct api_call *call, json_t **object, struct error *err);

#endif
