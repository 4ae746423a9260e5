#include <string.h>

#include "acceptance/cloud/api/lifecycle.h"
#include "acceptance/cloud/containerengine/containerengine.h"
#include "acceptance/cloud/core/core.h"
#include "acceptance/cloud/core/vnic.h"
#include "lib/base/json.h"

enum { TAIL_LENGTH = 11 };

static const struct lifecycle life = {
    .creating = "CREATING",
    .active = "ACTIVE",
    .updating = "UPDATING",
    .deleting = "DELETING",
    .deleted = "DELETED",
    .linger_ms = OKE_LINGER_MS,
};

const struct kind kind_node = {
    .type = "instance",
    .title = "Node",
    .name_field = "name",
    .parent_field = "nodePoolId",
    .life = &life,
};

/* --- placements: where nodes may be -------------------------------------------------------------- */

static json_t *placements_of(struct call *call, const struct object *pool)
{
    json_t *configs = json_at_path(pool->body, "nodeConfigDetails.placementConfigs");
    if (json_array_size(configs) > 0)
        return json_incref(configs);
    /* The old way: subnets, each with the same number of nodes. */
    json_t *placements = json_array();
    size_t i;
    json_t *id;
    json_array_foreach(json_object_get(pool->body, "subnetIds"), i, id)
    {
        const struct object *subnet = store_find(call->store, &kind_subnet, json_string_value(id));
        const char *domain = subnet ? object_text(subnet, "availabilityDomain") : NULL;
        if (!domain)
            domain = call_availability_domain(call, (int)(i % AVAILABILITY_DOMAINS) + 1);
        json_array_append_new(
            placements, json_pack("{s:s, s:O}", "availabilityDomain", domain, "subnetId", id));
    }
    return placements;
}

static json_int_t size_of(const struct object *pool)
{
    const json_t *details = json_object_get(pool->body, "nodeConfigDetails");
    return details ? json_get_integer(details, "size", 0)
                   : json_get_integer(pool->body, "quantityPerSubnet", 0) *
                         (json_int_t)json_array_size(json_object_get(pool->body, "subnetIds"));
}

static bool fits(const struct object *node, const json_t *placement)
{
    const json_t *domains = json_object_get(placement, "faultDomains");
    size_t i;
    json_t *domain;
    if (!text_equal_nocase(object_text(node, "availabilityDomain"),
                           json_get_text(placement, "availabilityDomain")) ||
        !text_equal(object_text(node, "subnetId"), json_get_text(placement, "subnetId")))
        return false;
    json_array_foreach(domains, i, domain)
    {
        if (text_equal(json_string_value(domain), object_text(node, "faultDomain")))
            return true;
    }
    return json_array_size(domains) == 0;
}

bool node_alive(const struct object *node)
{
    return text_equal(object_state(node), "ACTIVE") || text_equal(object_state(node), "CREATING");
}

/* Iterates over the nodes of a pool. */
static struct object *next_node(const struct call *call, const struct object *pool,
                                const struct object *after)
{
    struct object *node =
        after ? store_next(call->store, after) : store_first(call->store, &kind_node);
    while (node && !text_equal(object_text(node, "nodePoolId"), pool->id))
        node = store_next(call->store, node);
    return node;
}

#define FOR_EACH_NODE(call, pool, node)                                                            \
    for (struct object *node = next_node(call, pool, NULL); node;                                  \
         node = next_node(call, pool, node))

/* Living nodes of one placement. */
static int count_nodes(const struct call *call, const struct object *pool, const json_t *placement)
{
    int count = 0;
    FOR_EACH_NODE(call, pool, node)
    {
        count += node_alive(node) && fits(node, placement);
    }
    return count;
}

static const char *choose_fault_domain(struct call *call, const struct object *pool,
                                       const json_t *placement)
{
    const json_t *wanted = json_object_get(placement, "faultDomains");
    size_t choices = json_array_size(wanted) ? json_array_size(wanted) : FAULT_DOMAINS;
    const char *best = NULL;
    int fewest = 0;
    for (size_t i = 0; i < choices; i++) {
        int count = 0;
        const char *name = json_array_size(wanted)
                               ? json_string_value(json_array_get(wanted, i))
                               : arena_printf(call->arena, "FAULT-DOMAIN-%zu", i + 1);
        FOR_EACH_NODE(call, pool, node)
        {
            count += node_alive(node) && text_equal(object_text(node, "faultDomain"), name) &&
                     text_equal(object_text(node, "availabilityDomain"),
                                json_get_text(placement, "availabilityDomain"));
        }
        if (!best || count < fewest) {
            best = name;
            fewest = count;
        }
    }
    return best;
}

/* --- single nodes -------------------------------------------------------------------------------- */

static void set_error(struct object *node, const char *code, const char *message)
{
    call_set_state(node, "FAILING");
    json_object_set_new(
        node->body, "nodeError",
        json_pack("{s:s, s:s, s:s}", "code", code, "message", message, "status", "500"));
}

static const char *tail(const char *id)
{
    size_t length = strlen(id);
    return id + (length > TAIL_LENGTH ? length - TAIL_LENGTH : 0);
}

static int next_index(const struct call *call, const struct object *pool)
{
    int index = 0;
    FOR_EACH_NODE(call, pool, node)
    {
        index++;
    }
    return index;
}

/* What a node was made from, to see later whether the pool has changed. */
static json_t *settings_of(const struct object *pool)
{
    static const char *const names[] = {"kubernetesVersion", "nodeShape",    "nodeShapeConfig",
                                        "nodeSourceDetails", "sshPublicKey", "nodeMetadata",
                                        "initialNodeLabels"};
    json_t *settings = json_object();
    for (size_t i = 0; i < ARRAY_LENGTH(names); i++)
        json_object_set(settings, names[i], json_object_get(pool->body, names[i]));
    json_t *copy = json_deep_copy(settings);
    json_decref(settings);
    return copy;
}

static void add_node(struct call *call, const struct object *pool, const json_t *placement)
{
    const char *subnet_id = json_get_text(placement, "subnetId");
    const struct object *subnet = store_find(call->store, &kind_subnet, subnet_id);
    const json_t *details = json_object_get(pool->body, "nodeConfigDetails");
    const char *name =
        arena_printf(call->arena, "oke-c%s-n%s-s%s-%d", tail(object_text(pool, "clusterId")),
                     tail(pool->id), tail(subnet_id), next_index(call, pool));
    const char *fault_domain = choose_fault_domain(call, pool, placement);
    struct object *node = change_add(call->change, &kind_node, call_new_id(call, &kind_node));
    JSON_AUTO body = json_pack(
        "{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:n, s:n, s:n, s:n, s:s, s:O, s:O, s:{}}", "id",
        node->id, "name", name, "kubernetesVersion", object_text(pool, "kubernetesVersion"),
        "availabilityDomain", json_get_text(placement, "availabilityDomain"), "faultDomain",
        fault_domain, "subnetId", subnet_id, "nodePoolId", pool->id, "privateIp", "publicIp",
        "nodeError", "lifecycleDetails", "lifecycleState", "CREATING", "freeformTags",
        json_object_get(pool->body, "freeformTags"), "definedTags",
        json_object_get(pool->body, "definedTags"), "systemTags");
    json_t *copy = json_deep_copy(body);
    json_object_update(node->body, copy);
    json_decref(copy);
    json_object_set_new(node->hidden, "settings", settings_of(pool));
    struct vnic_details vnic_details = {
        .owner = node,
        .subnet = subnet,
        .nsg_ids = json_object_get(details, "nsgIds"),
        .availability_domain = json_get_text(placement, "availabilityDomain"),
        .public_ip = subnet && !json_get_bool(subnet->body, "prohibitPublicIpOnVnic", false),
    };
    const struct object *vnic = subnet ? vnic_add(call, &vnic_details) : NULL;
    if (!vnic) {
        set_error(node, "LimitExceeded", "The subnet has no free IP address for the node.");
        return;
    }
    json_set_text(node->body, "privateIp", object_text(vnic, "privateIp"));
    json_set_text(node->body, "publicIp", object_text(vnic, "publicIp"));
}

void node_delete(struct call *call, struct object *node)
{
    change_edit(call->change, node);
    call_set_state(node, "DELETING");
}

/* --- the nodes of a pool ------------------------------------------------------------------------- */

static bool placed(const struct object *node, const json_t *placements)
{
    size_t i;
    json_t *placement;
    json_array_foreach(placements, i, placement)
    {
        if (fits(node, placement))
            return true;
    }
    return false;
}

static bool outdated(const struct object *pool, const struct object *node)
{
    JSON_AUTO settings = settings_of(pool);
    return !json_equal(settings, json_object_get(node->hidden, "settings"));
}

/* The placement with the fewest or the most nodes; the first of equals. */
static const json_t *extreme(const struct call *call, const struct object *pool,
                             const json_t *placements, bool most)
{
    const json_t *best = NULL;
    int best_count = 0;
    size_t i;
    json_t *placement;
    json_array_foreach(placements, i, placement)
    {
        int count = count_nodes(call, pool, placement);
        if (!best || (most ? count > best_count : count < best_count)) {
            best = placement;
            best_count = count;
        }
    }
    return best;
}

static void delete_newest(struct call *call, const struct object *pool, const json_t *placement)
{
    struct object *newest = NULL;
    FOR_EACH_NODE(call, pool, node)
    {
        if (node_alive(node) && fits(node, placement))
            newest = node;
    }
    if (newest)
        node_delete(call, newest);
}

void nodes_reconcile(struct call *call, const struct object *pool, bool cycle)
{
    JSON_AUTO placements = placements_of(call, pool);
    json_int_t count = 0, size = size_of(pool);
    FOR_EACH_NODE(call, pool, node)
    {
        bool failing = text_equal(object_state(node), "FAILING");
        bool unfit =
            node_alive(node) && (!placed(node, placements) || (cycle && outdated(pool, node)));
        if (failing || unfit)
            node_delete(call, node);
        count += node_alive(node);
    }
    for (; count > size; count--)
        delete_newest(call, pool, extreme(call, pool, placements, true));
    for (; count < size; count++)
        add_node(call, pool, extreme(call, pool, placements, false));
}

static void end_node(struct call *call, struct object *node)
{
    vnic_remove_of(call, node);
    lifecycle_take(call, node, "deleted", false);
}

bool nodes_settle(struct call *call, const struct object *pool, bool failed)
{
    bool good = true;
    FOR_EACH_NODE(call, pool, node)
    {
        const char *state = object_state(node);
        if (text_equal(state, "CREATING")) {
            change_edit(call->change, node);
            if (failed)
                set_error(node, oke_failure_code(call), oke_failure(call));
            else
                call_set_state(node, "ACTIVE");
        } else if (text_equal(state, "DELETING")) {
            end_node(call, change_edit(call->change, node));
        }
        good &= !text_equal(object_state(node), "FAILING");
    }
    return good;
}

void nodes_delete_all(struct call *call, const struct object *pool)
{
    FOR_EACH_NODE(call, pool, node)
    {
        if (object_exists(node))
            node_delete(call, node);
    }
}

json_t *nodes_view(struct call *call, const struct object *pool)
{
    json_t *list = json_array();
    FOR_EACH_NODE(call, pool, node)
    {
        json_array_append_new(list, json_deep_copy(node->body));
    }
    return list;
}
