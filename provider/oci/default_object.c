#include "provider/oci/default_object.h"

#include <string.h>

#include "lib/base/json.h"
#include "provider/oci/ops_internal.h"

/* Its state before anything is changed. */
static const struct value *present_state(struct operation *op, const char *id, struct error *err)
{
    const struct value *named =
        value_with(op->arena, &value_empty_map, "id", value_string(op->arena, id));
    struct api_call call = api_call_begin(op, API_READ, named, NULL, NULL);
    JSON_AUTO object = NULL;
    if (!api_fetch(&call, &object, err))
        return NULL;
    if (!object) {
        error_set(err, ERROR_NOT_FOUND, "there is no %s %s", call.api->noun, id);
        return NULL;
    }
    return api_to_state(&call, object, err);
}

bool default_object_create(struct operation *op, const struct value *planned,
                           const struct value *config, const struct value **state,
                           struct error *err)
{
    const char *id = value_text(value_get(planned, "manage_default_resource_id"));
    const struct value *present = present_state(op, id, err);
    if (!present)
        return false;
    struct api_call call = api_call_begin(op, API_UPDATE, present, planned, config);
    return api_change(&call, state, err);
}

bool default_object_reset(struct operation *op, const struct value *prior, const char *reset,
                          struct error *err)
{
    OCI_RESPONSE_AUTO(response);
    struct api_call call = api_call_begin(op, API_UPDATE, prior, NULL, NULL);
    JSON_AUTO body = json_parse(reset, strlen(reset), err);
    struct oci_request request = {.operation = api_operation_name(&call, API_UPDATE),
                                  .method = "PUT",
                                  .path = api_item_path(&call, err),
                                  .body = body};
    if (!body || !request.path)
        return false;
    if (api_send(&call, &request, NULL, &response, err))
        return api_wait(&call, &response, err);
    if (err->code != ERROR_NOT_FOUND)
        return false;
    error_reset(err); /* it went with its VCN */
    return true;
}
