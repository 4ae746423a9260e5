/* Shared by the files of the generic operations. */
#ifndef OKESTRA_PROVIDER_OCI_OPS_INTERNAL_H
#define OKESTRA_PROVIDER_OCI_OPS_INTERNAL_H

#include "provider/oci/ops.h"

/* Members of *state that the pattern names and that are null are taken over. */
void api_fill_placeholders(struct arena *arena, const char *pattern, const struct value *from,
                           const struct value **state);

/* What the path of a request says is no member of its body. */
void api_drop_placeholders(struct arena *arena, const char *pattern,
                           const struct attribute *attributes, json_t *body);

/* Names of operations: the table's own, else verb and stem. In the arena. */
const char *api_operation_name(const struct api_call *call, enum api_phase phase);
const char *api_item_pattern(const struct api_call *call);
const char *api_name_attribute(const struct oci_api *api);

/* All pages of the collection; *items is a new array. */
bool api_list_items(struct api_call *call, const struct api_query *table, json_t **items,
                    struct error *err);

bool api_state_is_one_of(const struct oci_api *api, const json_t *object,
                         const char *const *states);
/* Not there, or deleted but still readable. */
bool api_is_gone(const struct oci_api *api, const json_t *object);

/* As api_wait, and hands on what it saw: *object is replaced by the newest answer. */
bool api_wait_for(struct api_call *call, const struct oci_response *response, json_t **object,
                  struct error *err);
/* After a DELETE: until the object is gone. */
bool api_wait_gone(struct api_call *call, const struct oci_response *response, struct error *err);

/* DELETE with its retries, waits and blockers. True when the object is gone. */
bool api_delete(struct api_call *call, struct error *err);
/* From prior to planned. *state: also on failure, what was reached. */
bool api_change(struct api_call *call, const struct value **state, struct error *err);

/* Defined tags that the provider block says to ignore: received ones are replaced by what the state or
 * plan says of them; sent ones are completed by those the object has. */
void api_hide_ignored_tags(const struct api_call *call, json_t *object);
bool api_keep_ignored_tags(struct api_call *call, json_t *body, struct error *err);

/* The live object of the planned name, whatever else it is like; NULL when there is none. */
bool api_find_by_name(struct api_call *call, json_t **object, struct error *err);

#endif
