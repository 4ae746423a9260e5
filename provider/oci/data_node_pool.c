/* What the data source node_pool has beyond the resource: its nodes, which change by themselves. */
#include "provider/oci/data_node_pool.h"

#include "lib/base/json.h"
#include "provider/engine/json_body.h"
#include "provider/oci/attributes.h"
#include "provider/oci/ops.h"

static const struct attribute error_fields[] = {
    ATTRIBUTE_TOLD("code", "Kind of error."),
    ATTRIBUTE_TOLD("message", "What happened."),
    ATTRIBUTE_TOLD("status", "HTTP status, as text."),
    ATTRIBUTES_END,
};

static const struct attribute node_fields[] = {
    ATTRIBUTE_TOLD("availability_domain", "Where it is."),
    {.name = "defined_tags",
     .kind = ATTRIBUTE_STRING_MAP,
     .flags = COMPUTED,
     .json_kind = JSON_TWO_LEVEL_MAP,
     .doc = "Defined tags, as `\"namespace.key\" = \"value\"`."},
    {.name = "error",
     .kind = ATTRIBUTE_OBJECT_LIST,
     .flags = COMPUTED | SINGLE,
     .json = "nodeError",
     .fields = error_fields,
     .doc = "Why it could not be made."},
    ATTRIBUTE_TOLD("fault_domain", "Where it is within the availability domain."),
    {.name = "freeform_tags",
     .kind = ATTRIBUTE_STRING_MAP,
     .flags = COMPUTED,
     .doc = "Free-form tags."},
    ATTRIBUTE_TOLD("id", "OCID of the instance."),
    ATTRIBUTE_TOLD("kubernetes_version", "Version of its kubelet."),
    ATTRIBUTE_TOLD("lifecycle_details", "More about its state."),
    ATTRIBUTE_TOLD("name", "Name of the instance."),
    ATTRIBUTE_TOLD("node_pool_id", "OCID of its pool."),
    ATTRIBUTE_TOLD("private_ip", "Its address; the name of the Kubernetes node."),
    ATTRIBUTE_TOLD("public_ip", "Its public address, if any."),
    ATTRIBUTE_STATE,
    ATTRIBUTE_TOLD("subnet_id", "OCID of its subnet."),
    ATTRIBUTES_END,
};

const struct attribute node_pool_nodes[] = {
    {.name = "nodes",
     .kind = ATTRIBUTE_OBJECT_LIST,
     .flags = COMPUTED,
     .fields = node_fields,
     .doc = "The nodes, without those that are gone."},
    ATTRIBUTES_END,
};

bool node_pool_add_nodes(struct operation *op, const struct value **result, struct error *err)
{
    JSON_AUTO pool = NULL;
    char *path = oci_path(op->arena, err, "/nodePools/%s", value_text(value_get(*result, "id")));
    if (!path || !api_get(op, OCI_CONTAINER_ENGINE, "GetNodePool", path, NULL, 0, &pool, err))
        return false;
    json_t *nodes = json_object_get(pool, "nodes");
    for (size_t i = json_array_size(nodes); i-- > 0;)
        if (text_equal(json_get_text(json_array_get(nodes, i), "lifecycleState"), "DELETED"))
            json_array_remove(nodes, i);
    const struct value *found = json_body_to_value(op->arena, node_pool_nodes, pool);
    *result = value_with(op->arena, *result, "nodes", value_get(found, "nodes"));
    return true;
}
