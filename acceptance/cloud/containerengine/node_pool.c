#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "acceptance/cloud/api/crud.h"
#include "acceptance/cloud/api/defaults.h"
#include "acceptance/cloud/api/duration.h"
#include "acceptance/cloud/api/lifecycle.h"
#include "acceptance/cloud/containerengine/containerengine.h"
#include "acceptance/cloud/containerengine/node_pool_rules.h"
#include "acceptance/cloud/containerengine/real.h"
#include "lib/base/json.h"

/* --- create -------------------------------------------------------------------------------------- */

/* Flexible shapes have a usual amount of memory for each OCPU. */
static void fill_memory(struct object *pool)
{
    json_t *config = json_object_get(pool->body, "nodeShapeConfig");
    const struct shape *shape = shape_find(object_text(pool, "nodeShape"));
    double ocpus = json_number_value(json_object_get(config, "ocpus"));
    if (shape && shape_is_flexible(shape) && ocpus > 0)
        defaults_fill(config, json_pack("{s:f}", "memoryInGBs", ocpus * shape->memory_gb));
}

static void fill_defaults(struct object *pool, const struct object *cluster)
{
    json_t *details = json_object_get(pool->body, "nodeConfigDetails");
    bool native = text_equal(cluster_cni(cluster), "OCI_VCN_IP_NATIVE");
    json_object_del(pool->body, "timeCreated");
    defaults_fill(pool->body,
                  json_pack("{s:s, s:[], s:{}, s:{s:s, s:b, s:b}, s:{s:b, s:s, s:s}, s:{}, s:n}",
                            "kubernetesVersion", object_text(cluster, "kubernetesVersion"),
                            "initialNodeLabels", "nodeMetadata", "nodeEvictionNodePoolSettings",
                            "evictionGraceDuration", "PT60M", "isForceDeleteAfterGraceDuration",
                            false, "isForceActionAfterGraceDuration", false,
                            "nodePoolCyclingDetails", "isNodeCyclingEnabled", false, "maximumSurge",
                            "1", "maximumUnavailable", "0", "systemTags", "lifecycleDetails"));
    if (!details)
        return;
    defaults_fill(details,
                  json_pack("{s:[], s:b, s:{}, s:{}}", "nsgIds", "isPvEncryptionInTransitEnabled",
                            false, "freeformTags", "definedTags"));
    if (!native)
        defaults_fill(details, json_pack("{s:{s:s}}", "nodePoolPodNetworkOptionDetails", "cniType",
                                         "FLANNEL_OVERLAY"));
}

static bool create(struct call *call, struct object *pool)
{
    const struct object *cluster =
        store_find(call->store, &kind_cluster, object_text(pool, "clusterId"));
    if (!cluster_check_active(call, cluster))
        return false;
    fill_defaults(pool, cluster);
    if (!node_pool_check(call, pool, cluster))
        return false;
    nodes_reconcile(call, pool, false);
    return true;
}

bool oke_create_node_pool(struct call *call)
{
    struct object *pool = crud_make(call, &kind_node_pool, call->body, false);
    if (!pool)
        return false;
    oke_start_work(call, "NODEPOOL_CREATE", pool, "nodepool", "CREATED", "activate",
                   POOL_CREATE_MS);
    return oke_reply_accepted(call);
}

/* --- update -------------------------------------------------------------------------------------- */

/* Members of nodeConfigDetails that the request leaves out stay as they are. */
static bool update(struct call *call, struct object *pool, const json_t *before)
{
    const struct object *cluster =
        store_find(call->store, &kind_cluster, object_text(pool, "clusterId"));
    static const char *const objects[] = {"nodeConfigDetails", "nodeShapeConfig",
                                          "nodeEvictionNodePoolSettings", "nodePoolCyclingDetails"};
    bool other_shape =
        !text_equal(json_get_text(before, "nodeShape"), object_text(pool, "nodeShape"));
    for (size_t i = 0; i < ARRAY_LENGTH(objects); i++)
        if (!(other_shape && text_equal(objects[i], "nodeShapeConfig")))
            defaults_keep(pool->body, before, objects[i]);
    if (other_shape && json_object_get(call->body, "nodeShape") &&
        !json_object_get(call->body, "nodeShapeConfig"))
        json_object_del(pool->body, "nodeShapeConfig");
    fill_memory(pool);
    return node_pool_check_change(call, pool, before) && node_pool_check(call, pool, cluster);
}

static bool same(const json_t *a, const json_t *b, const char *name)
{
    const json_t *left = json_object_get(a, name), *right = json_object_get(b, name);
    return (!left && !right) || json_equal(left, right);
}

/* Only what concerns nodes takes long. */
static bool concerns_nodes(const json_t *before, const json_t *after)
{
    static const char *const names[] = {"nodeConfigDetails", "quantityPerSubnet", "subnetIds"};
    for (size_t i = 0; i < ARRAY_LENGTH(names); i++)
        if (!same(before, after, names[i]))
            return true;
    return false;
}

static void start_update(struct call *call, struct object *pool, bool cycle, int64_t duration_ms)
{
    nodes_reconcile(call, pool, cycle);
    call_set_state(pool, "UPDATING");
    oke_start_work(call, cycle ? "NODEPOOL_CYCLING" : "NODEPOOL_UPDATE", pool, "nodepool",
                   "UPDATED", "updated", duration_ms);
}

static bool check_override(struct call *call)
{
    const char *grace = call_query(call, "overrideEvictionGraceDuration");
    return !grace || node_pool_check_grace(call, "overrideEvictionGraceDuration", grace);
}

bool oke_update_node_pool(struct call *call)
{
    struct object *pool = check_override(call) ? crud_open(call, &kind_node_pool) : NULL;
    if (!pool)
        return false;
    JSON_AUTO before = json_deep_copy(pool->body);
    if (!crud_merge(call, pool, call->body))
        return false;
    bool cycle =
        json_is_true(json_at_path(pool->body, "nodePoolCyclingDetails.isNodeCyclingEnabled"));
    bool long_work = cycle || concerns_nodes(before, pool->body) ||
                     text_equal(json_get_text(before, "lifecycleState"), "NEEDS_ATTENTION");
    start_update(call, pool, cycle, long_work ? POOL_CHANGE_MS : POOL_RENAME_MS);
    return oke_reply_accepted(call);
}

/* --- delete -------------------------------------------------------------------------------------- */

bool oke_delete_node_pool(struct call *call)
{
    struct object *pool = check_override(call) ? crud_open(call, &kind_node_pool) : NULL;
    if (!pool || !crud_remove(call, pool, false))
        return false;
    nodes_delete_all(call, pool);
    oke_start_work(call, "NODEPOOL_DELETE", pool, "nodepool", "DELETED", "deleted", POOL_DELETE_MS);
    return oke_reply_accepted(call);
}

bool node_pools_remove_of(struct call *call, const struct object *cluster, int64_t delay_ms)
{
    for (struct object *pool = store_first(call->store, &kind_node_pool); pool;
         pool = store_next(call->store, pool)) {
        if (!object_alive(pool) || !text_equal(object_text(pool, "clusterId"), cluster->id))
            continue;
        if (!lifecycle_settled(pool))
            return call_bad_state(call, "Node pool %s of the cluster is in the state %s", pool->id,
                                  object_state(pool));
        change_edit(call->change, pool);
        call_set_state(pool, "DELETING");
        nodes_delete_all(call, pool);
        call_schedule(call, pool, "deleted", delay_ms);
    }
    return true;
}

/* DELETE /nodePools/{nodePoolId}/node/{nodeId} */
bool oke_delete_node(struct call *call)
{
    struct object *pool = check_override(call) ? crud_open(call, &kind_node_pool) : NULL;
    struct object *node = pool ? call_target_at(call, &kind_node, 1) : NULL;
    if (!node)
        return false;
    if (!text_equal(object_text(node, "nodePoolId"), pool->id) || !object_exists(node))
        return call_not_found(call, kind_node.title, node->id);
    json_t *details = json_object_get(pool->body, "nodeConfigDetails");
    json_int_t size = json_get_integer(details, "size", 0);
    node_delete(call, node);
    if (call_query_bool(call, "isDecrementSize", false) && details && size > 0)
        json_object_set_new(details, "size", json_integer(size - 1));
    start_update(call, pool, false, POOL_CHANGE_MS);
    return oke_reply_accepted(call);
}

/* --- in the course of time ----------------------------------------------------------------------- */

/* A pool whose nodes could not be made exists all the same, and says what is wrong with it. */
static void need_attention(struct call *call, struct object *pool)
{
    call_set_state(pool, "NEEDS_ATTENTION");
    json_set_text(pool->body, "lifecycleDetails", oke_failure(call));
}

static void settle(struct call *call, struct object *pool, bool failed)
{
    ERROR_AUTO(err);
    bool real = failed || real_succeeded(pool, &err);
    bool good = nodes_settle(call, pool, failed);
    if (!real)
        work_fail(call, "InternalError", "%s", error_message(&err));
    else if (!good && !failed)
        work_fail(call, "LimitExceeded", "The subnet has no free IP address for a node of pool %s.",
                  pool->id);
    if (!real || !good || failed) {
        need_attention(call, pool);
        return;
    }
    call_set_state(pool, "ACTIVE");
    json_object_set_new(pool->body, "lifecycleDetails", json_null());
}

static bool step(struct call *call, struct object *pool, const char *name, bool failed)
{
    if (strcmp(name, "activate") == 0 || strcmp(name, "updated") == 0) {
        settle(call, pool, failed);
        return true;
    }
    if (strcmp(name, "deleted") != 0)
        return false;
    if (failed) {
        need_attention(call, pool);
        return true;
    }
    nodes_settle(call, pool, false);
    return false;
}

static void view(struct call *call, const struct object *pool, json_t *copy)
{
    const struct image *image = node_pool_image(call, pool);
    if (image) {
        const char *id = image_id(call->arena, call_settings(call)->region, image);
        json_set_text(copy, "nodeImageId", id);
        json_set_text(copy, "nodeImageName", image->name);
        json_object_set_new(copy, "nodeSource",
                            json_pack("{s:s, s:s, s:s}", "sourceType", "IMAGE", "sourceName",
                                      image->name, "imageId", id));
    }
    json_object_set_new(copy, "nodes", nodes_view(call, pool));
}

static const struct lifecycle life = {
    .creating = "CREATING",
    .active = "ACTIVE",
    .updating = "UPDATING",
    .deleting = "DELETING",
    .deleted = "DELETED",
    .linger_ms = OKE_LINGER_MS,
};

/* The cluster can be deleted with its pools, subnets only when their VNICs are gone. */
static const struct reference references[] = {
    {"clusterId", &kind_cluster, .weak = true},
    {NULL},
};

const struct kind kind_node_pool = {
    .type = "nodepool",
    .title = "Node pool",
    .name_field = "name",
    .references = references,
    .life = &life,
    .summary = "id|lifecycleState|lifecycleDetails|compartmentId|clusterId|name|kubernetesVersion|"
               "nodeImageId|nodeImageName|nodeShapeConfig|nodeSource|nodeSourceDetails|nodeShape|"
               "initialNodeLabels|sshPublicKey|quantityPerSubnet|subnetIds|nodeConfigDetails|"
               "freeformTags|definedTags|systemTags|nodeEvictionNodePoolSettings|"
               "nodePoolCyclingDetails|secondaryVnics|networkLaunchType|primaryVnic",
    .create = create,
    .update = update,
    .view = view,
    .step = step,
    .busy = real_pool_busy,
};
