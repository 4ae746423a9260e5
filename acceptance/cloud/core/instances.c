/* Nodes as the compute service shows them: instances, and the attachments of their VNICs. They are made and
 * ended by the Container Engine alone. */
#include <string.h>
#include <strings.h>

#include "acceptance/cloud/api/crud.h"
#include "acceptance/cloud/containerengine/containerengine.h"
#include "acceptance/cloud/core/internal.h"
#include "acceptance/cloud/core/vnic.h"
#include "lib/base/json.h"

/* The words of one service for the states of another. */
static const struct {
    const char *node, *instance, *attachment;
} states[] = {{"CREATING", "PROVISIONING", "ATTACHING"}, {"ACTIVE", "RUNNING", "ATTACHED"},
              {"UPDATING", "RUNNING", "ATTACHED"},       {"DELETING", "TERMINATING", "DETACHING"},
              {"DELETED", "TERMINATED", "DETACHED"},     {"FAILING", "RUNNING", "ATTACHED"}};

static size_t state_index(const struct object *node)
{
    size_t i = 0;
    while (i + 1 < ARRAY_LENGTH(states) && !text_equal(states[i].node, object_state(node)))
        i++;
    return i;
}

static bool wanted(const struct call *call, const char *query, const char *value)
{
    const char *given = call_query(call, query);
    return !given || (value && strcasecmp(given, value) == 0);
}

/* When the node was made is known from its VNIC. New reference. */
static json_t *instance_json(const struct call *call, const struct object *node)
{
    const struct object *pool =
        store_find(call->store, &kind_node_pool, object_text(node, "nodePoolId"));
    const struct object *vnic = vnic_of(call, node);
    if (!pool || !vnic)
        return NULL;
    return json_pack(
        "{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:{}, s:{}}", "id", node->id, "displayName",
        object_name(node), "compartmentId", object_text(pool, "compartmentId"),
        "availabilityDomain", object_text(node, "availabilityDomain"), "faultDomain",
        object_text(node, "faultDomain"), "lifecycleState", states[state_index(node)].instance,
        "region", call_settings(call)->region, "shape", object_text(pool, "nodeShape"),
        "timeCreated", object_text(vnic, "timeCreated"), "freeformTags", "definedTags");
}

bool instances_list(struct call *call)
{
    if (!call_compartment(call, call_query(call, "compartmentId")))
        return false;
    json_t *found = json_array();
    for (const struct object *node = store_first(call->store, &kind_node); node;
         node = store_next(call->store, node)) {
        json_t *json = instance_json(call, node);
        if (wanted(call, "compartmentId", json_get_text(json, "compartmentId")) &&
            wanted(call, "availabilityDomain", json_get_text(json, "availabilityDomain")) &&
            wanted(call, "displayName", json_get_text(json, "displayName")) &&
            wanted(call, "lifecycleState", json_get_text(json, "lifecycleState")))
            json_array_append(found, json);
        json_decref(json);
    }
    return crud_reply_page(call, found);
}

bool instances_get(struct call *call)
{
    const struct object *node = call_target_at(call, &kind_node, 0);
    json_t *json = node ? instance_json(call, node) : NULL;
    if (json)
        return call_reply(call, 200, json);
    return node && call_not_found(call, "instance", node->id);
}

/* The attachment's id is the VNIC's, of another type. New reference; NULL for VNICs of other owners. */
static json_t *attachment_json(struct call *call, const struct object *vnic)
{
    const struct object *node =
        store_find(call->store, &kind_node, json_get_text(vnic->hidden, "owner"));
    if (!node)
        return NULL;
    const char *rest = vnic->id + strlen("ocid1.vnic");
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "id",
                     arena_printf(call->arena, "ocid1.vnicattachment%s", rest), "compartmentId",
                     object_text(vnic, "compartmentId"), "availabilityDomain",
                     object_text(node, "availabilityDomain"), "instanceId", node->id, "vnicId",
                     vnic->id, "subnetId", object_text(vnic, "subnetId"), "lifecycleState",
                     states[state_index(node)].attachment, "timeCreated",
                     object_text(vnic, "timeCreated"));
}

bool vnic_attachments_list(struct call *call)
{
    if (!call_compartment(call, call_query(call, "compartmentId")))
        return false;
    json_t *found = json_array();
    for (const struct object *vnic = store_first(call->store, &kind_vnic); vnic;
         vnic = store_next(call->store, vnic)) {
        json_t *json = attachment_json(call, vnic);
        if (json && wanted(call, "compartmentId", json_get_text(json, "compartmentId")) &&
            wanted(call, "availabilityDomain", json_get_text(json, "availabilityDomain")) &&
            wanted(call, "instanceId", json_get_text(json, "instanceId")) &&
            wanted(call, "vnicId", vnic->id))
            json_array_append(found, json);
        json_decref(json);
    }
    return crud_reply_page(call, found);
}
