#include <string.h>

#include "acceptance/cloud/api/crud.h"
#include "acceptance/cloud/api/defaults.h"
#include "acceptance/cloud/api/lifecycle.h"
#include "acceptance/cloud/containerengine/containerengine.h"
#include "acceptance/cloud/core/core.h"
#include "acceptance/cloud/core/vnic.h"
#include "lib/base/json.h"

static const char *const pod_shapes[] = {"Pod.Standard.E3.Flex", "Pod.Standard.E4.Flex"};

static const struct lifecycle life = {
    .creating = "CREATING",
    .active = "ACTIVE",
    .updating = "UPDATING",
    .deleting = "DELETING",
    .deleted = "DELETED",
    .linger_ms = OKE_LINGER_MS,
};

/* --- rules --------------------------------------------------------------------------------------- */

static bool check_placements(struct call *call, const struct object *pool, const char *vcn)
{
    size_t i;
    json_t *placement;
    json_array_foreach(json_object_get(pool->body, "placementConfigurations"), i, placement)
    {
        const char *domain = json_get_text(placement, "availabilityDomain");
        if (!vnic_subnet(call, json_get_text(placement, "subnetId"), vcn))
            return false;
        if (!call_availability_domain_number(call, domain))
            return call_invalid(call, "placementConfigurations: there is no availability domain %s",
                                domain);
    }
    return true;
}

static bool check_pods(struct call *call, const struct object *pool, const char *vcn)
{
    const json_t *pods = json_object_get(pool->body, "podConfiguration");
    const char *shape = json_get_text(pods, "shape");
    bool known = false;
    for (size_t i = 0; i < ARRAY_LENGTH(pod_shapes); i++)
        known |= text_equal(pod_shapes[i], shape);
    if (!known)
        return call_invalid(call, "podConfiguration.shape: there is no pod shape %s", shape);
    return vnic_subnet(call, json_get_text(pods, "subnetId"), vcn) &&
           vnic_check_security_groups(call, json_object_get(pods, "nsgIds"), vcn);
}

static bool check(struct call *call, const struct object *pool, const struct object *cluster)
{
    const char *vcn = object_text(cluster, "vcnId");
    return check_placements(call, pool, vcn) && check_pods(call, pool, vcn) &&
           vnic_check_security_groups(call, json_object_get(pool->body, "nsgIds"), vcn);
}

/* --- virtual nodes ------------------------------------------------------------------------------- */

static struct object *next_node(const struct call *call, const struct object *pool,
                                const struct object *after)
{
    struct object *node =
        after ? store_next(call->store, after) : store_first(call->store, &kind_virtual_node);
    while (node && !text_equal(object_text(node, "virtualNodePoolId"), pool->id))
        node = store_next(call->store, node);
    return node;
}

static void add_node(struct call *call, const struct object *pool, json_int_t index)
{
    const json_t *placements = json_object_get(pool->body, "placementConfigurations");
    const json_t *placement =
        json_array_get(placements, (size_t)index % json_array_size(placements));
    struct object *node =
        change_add(call->change, &kind_virtual_node, call_new_id(call, &kind_virtual_node));
    JSON_AUTO body = json_pack(
        "{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:{}, s:{}, s:{}}", "id", node->id,
        "displayName", node->id, "kubernetesVersion", object_text(pool, "kubernetesVersion"),
        "virtualNodePoolId", pool->id, "availabilityDomain",
        json_get_text(placement, "availabilityDomain"), "faultDomain", "FAULT-DOMAIN-1", "subnetId",
        json_get_text(placement, "subnetId"), "lifecycleState", "CREATING", "timeCreated",
        call_time(call), "freeformTags", "definedTags", "systemTags");
    json_object_update(node->body, body);
    const struct vnic_details vnic = {
        .owner = node,
        .subnet = store_find(call->store, &kind_subnet, json_get_text(placement, "subnetId")),
        .nsg_ids = json_object_get(pool->body, "nsgIds"),
    };
    const struct object *added = vnic_add(call, &vnic);
    json_set_text(node->body, "privateIp", added ? object_text(added, "privateIp") : NULL);
}

/* As many as the pool has; the newest go first. */
static void reconcile(struct call *call, const struct object *pool, json_int_t size)
{
    json_int_t count = 0;
    for (struct object *node = next_node(call, pool, NULL); node;
         node = next_node(call, pool, node)) {
        if (object_alive(node) && ++count > size) {
            change_edit(call->change, node);
            call_set_state(node, "DELETING");
        }
    }
    for (; count < size; count++)
        add_node(call, pool, count);
}

static void settle(struct call *call, const struct object *pool, bool failed)
{
    for (struct object *node = next_node(call, pool, NULL); node;
         node = next_node(call, pool, node)) {
        change_edit(call->change, node);
        if (text_equal(object_state(node), "CREATING")) {
            call_set_state(node, failed ? "FAILED" : "ACTIVE");
        } else if (text_equal(object_state(node), "DELETING")) {
            vnic_remove_of(call, node);
            lifecycle_take(call, node, "deleted", false);
        }
    }
}

/* --- pools --------------------------------------------------------------------------------------- */

static const struct object *cluster_of(const struct call *call, const struct object *pool)
{
    return store_find(call->store, &kind_cluster, object_text(pool, "clusterId"));
}

static json_int_t size_of(const struct object *pool)
{
    return json_get_integer(pool->body, "size", 0);
}

static bool create(struct call *call, struct object *pool)
{
    const struct object *cluster = cluster_of(call, pool);
    if (!cluster_check_active(call, cluster) ||
        !cluster_check_enhanced(call, cluster, "virtual node pools"))
        return false;
    if (!text_equal(cluster_cni(cluster), "OCI_VCN_IP_NATIVE"))
        return call_invalid(call, "Virtual nodes need the pod network OCI_VCN_IP_NATIVE");
    json_set_text(pool->body, "kubernetesVersion", object_text(cluster, "kubernetesVersion"));
    defaults_fill(pool->body,
                  json_pack("{s:[], s:[], s:[], s:{}, s:{s:{}, s:{}}}", "initialVirtualNodeLabels",
                            "taints", "nsgIds", "systemTags", "virtualNodeTags", "freeformTags",
                            "definedTags"));
    if (!check(call, pool, cluster))
        return false;
    reconcile(call, pool, size_of(pool));
    return true;
}

static bool update(struct call *call, struct object *pool, const json_t *before)
{
    (void)before;
    json_set_text(pool->body, "timeUpdated", call_time(call));
    return check(call, pool, cluster_of(call, pool));
}

bool oke_create_virtual_node_pool(struct call *call)
{
    struct object *pool = crud_make(call, &kind_virtual_node_pool, call->body, false);
    if (!pool)
        return false;
    oke_start_work(call, "VIRTUALNODEPOOL_CREATE", pool, "virtualnodepool", "CREATED", "activate",
                   POOL_CREATE_MS);
    return oke_reply_accepted(call);
}

bool oke_update_virtual_node_pool(struct call *call)
{
    struct object *pool = crud_open(call, &kind_virtual_node_pool);
    if (!pool || !crud_merge(call, pool, call->body))
        return false;
    reconcile(call, pool, size_of(pool));
    call_set_state(pool, "UPDATING");
    oke_start_work(call, "VIRTUALNODEPOOL_UPDATE", pool, "virtualnodepool", "UPDATED", "updated",
                   POOL_CHANGE_MS);
    return oke_reply_accepted(call);
}

bool oke_delete_virtual_node_pool(struct call *call)
{
    struct object *pool = crud_open(call, &kind_virtual_node_pool);
    if (!pool || !crud_remove(call, pool, false))
        return false;
    reconcile(call, pool, 0);
    oke_start_work(call, "VIRTUALNODEPOOL_DELETE", pool, "virtualnodepool", "DELETED", "deleted",
                   POOL_DELETE_MS);
    return oke_reply_accepted(call);
}

bool virtual_node_pools_remove_of(struct call *call, const struct object *cluster, int64_t delay_ms)
{
    for (struct object *pool = store_first(call->store, &kind_virtual_node_pool); pool;
         pool = store_next(call->store, pool)) {
        if (!object_alive(pool) || !text_equal(object_text(pool, "clusterId"), cluster->id))
            continue;
        if (!lifecycle_settled(pool))
            return call_bad_state(call, "Virtual node pool %s of the cluster is in the state %s",
                                  pool->id, object_state(pool));
        change_edit(call->change, pool);
        call_set_state(pool, "DELETING");
        reconcile(call, pool, 0);
        call_schedule(call, pool, "deleted", delay_ms);
    }
    return true;
}

static bool step(struct call *call, struct object *pool, const char *name, bool failed)
{
    if (strcmp(name, "vanish") != 0)
        settle(call, pool, failed);
    if (failed) {
        call_set_state(pool, "NEEDS_ATTENTION");
        json_set_text(pool->body, "lifecycleDetails", oke_failure(call));
    }
    return failed;
}

static bool in_pool(struct call *call, const struct object *node)
{
    return text_equal(object_text(node, "virtualNodePoolId"), call->path_values[0]) ||
           call_not_found(call, kind_virtual_node.title, node->id);
}

bool oke_get_virtual_node(struct call *call)
{
    const struct object *node = call_target_at(call, &kind_virtual_node_pool, 0)
                                    ? call_target_at(call, &kind_virtual_node, 1)
                                    : NULL;
    return node && in_pool(call, node) && call_reply_object(call, 200, node);
}

bool oke_list_pod_shapes(struct call *call)
{
    const char *name = call_query(call, "name");
    json_t *list = json_array();
    for (size_t i = 0; i < ARRAY_LENGTH(pod_shapes); i++)
        if (!name || text_equal(name, pod_shapes[i]))
            json_array_append_new(list, json_pack("{s:s, s:s}", "name", pod_shapes[i],
                                                  "processorDescription", "AMD EPYC"));
    return crud_reply_page(call, list);
}

static const struct reference references[] = {
    {"clusterId", &kind_cluster, .weak = true},
    {NULL},
};

const struct kind kind_virtual_node_pool = {
    .type = "virtualnodepool",
    .title = "Virtual node pool",
    .references = references,
    .life = &life,
    .create = create,
    .update = update,
    .step = step,
};

const struct kind kind_virtual_node = {
    .type = "virtualnode",
    .title = "Virtual node",
    .parent_field = "virtualNodePoolId",
    .life = &life,
};
