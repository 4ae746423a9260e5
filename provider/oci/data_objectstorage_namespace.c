#include "lib/base/json.h"
#include "provider/oci/attributes.h"
#include "provider/oci/ops.h"
#include "provider/oci/source.h"

static const struct attribute attributes[] = {
    ATTRIBUTE_SOURCE_ID,
    ATTRIBUTE_OCID("compartment_id", OPTIONAL, "compartment tenancy",
                   "OCID of a compartment of the tenancy that is meant. Left out, it is the "
                   "provider's own."),
    ATTRIBUTE_TOLD("namespace",
                   "The namespace: also the first part of image names in OCI Registry."),
    ATTRIBUTES_END,
};

/* The answer is a bare text. */
static bool open_namespace(struct operation *op, const struct value *config,
                           const struct value **result, struct error *err)
{
    const char *compartment = value_text(value_get(config, "compartment_id"));
    const struct oci_query query = {"compartmentId", compartment};
    JSON_AUTO body = NULL;
    if (!api_get(op, OCI_OBJECT_STORAGE, "GetNamespace", "/n", &query, 1, &body, err))
        return false;
    if (!json_is_string(body))
        return error_set(err, ERROR_REMOTE, "the answer to GetNamespace is no text");
    *result = value_with(op->arena, config, "namespace",
                         value_string(op->arena, json_string_value(body)));
    *result = value_with(op->arena, *result, "id", source_id(op, config));
    return true;
}

const struct resource oke_data_objectstorage_namespace = {
    .name = "objectstorage_namespace",
    .summary = "The tenancy's namespace in Object Storage and OCI Registry.",
    .subcategory = "Object Storage",
    .attributes = attributes,
    .ops = &(const struct resource_ops){.open = open_namespace},
    .example = "data \"oke_objectstorage_namespace\" \"this\" {}\n",
};
