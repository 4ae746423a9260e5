#include "provider/oci/ops.h"

#include "lib/base/json.h"
#include "lib/oci/ocid.h"
#include "provider/oci/ops_internal.h"

const struct resource_ops oci_ops = {.create = api_create,
                                     .read = api_read,
                                     .update = api_update,
                                     .remove = api_remove,
                                     .import = api_import,
                                     .list = api_list};

bool api_read(struct operation *op, const struct value *prior, const struct value **state,
              struct error *err)
{
    struct api_call call = api_call_begin(op, API_READ, prior, NULL, NULL);
    JSON_AUTO object = NULL;
    if (!api_fetch(&call, &object, err))
        return false;
    *state = object ? api_to_state(&call, object, err) : NULL;
    return !object || *state;
}

bool api_import(struct operation *op, const char *id, const struct value **state, struct error *err)
{
    const struct oci_api *api = op->resource->api;
    const char *pattern = api->import_id ? api->import_id : api->id ? api->id : "{id}";
    const struct value *parts;
    if (!api_parse(op->arena, pattern, id, &parts))
        return error_set(err, ERROR_INVALID, "it does not have the form %s", pattern);
    if (api->id)
        parts = value_with(op->arena, parts, "id", value_string(op->arena, id));
    const char *own = value_text(value_get(parts, "id"));
    if (api->ocid_type && !ocid_is_a(own, api->ocid_type))
        return error_set(err, ERROR_INVALID, "it is no OCID of a %s (ocid1.%s.…)", api->noun,
                         api->ocid_type);
    *state = parts;
    return true;
}
