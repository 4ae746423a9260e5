#include "acceptance/cloud/containerengine/node_pool_rules.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "acceptance/cloud/api/duration.h"
#include "acceptance/cloud/containerengine/containerengine.h"
#include "acceptance/cloud/containerengine/version.h"
#include "acceptance/cloud/core/core.h"
#include "acceptance/cloud/core/vnic.h"
#include "lib/base/json.h"

enum { MAX_GRACE_S = 3600, PODS_PER_VNIC = 31, LABEL_PART = 63, LABEL_PREFIX = 253 };

/* --- shape and image ----------------------------------------------------------------------------- */

const struct image *node_pool_image(const struct call *call, const struct object *pool)
{
    const char *id = json_string_value(json_at_path(pool->body, "nodeSourceDetails.imageId"));
    const char *name = object_text(pool, "nodeImageName");
    return id     ? image_find(call_settings(call)->region, id)
           : name ? image_find_by_name(name)
                  : NULL;
}

static bool in_range(double value, double least, double most)
{
    return value >= least && value <= most;
}

static bool check_shape(struct call *call, const struct object *pool, const struct shape *shape)
{
    const char *name = object_text(pool, "nodeShape");
    const json_t *config = json_object_get(pool->body, "nodeShapeConfig");
    if (!shape)
        return call_invalid(call, "nodeShape: there is no shape %s", name);
    if (shape->no_kubernetes)
        return call_invalid(call, "nodeShape: %s is not supported for nodes", name);
    if (!shape_is_flexible(shape))
        return !config || call_invalid(call, "nodeShapeConfig: %s is no flexible shape", name);
    double ocpus = json_number_value(json_object_get(config, "ocpus"));
    double memory = json_number_value(json_object_get(config, "memoryInGBs"));
    if (ocpus == 0)
        return call_invalid(call, "nodeShapeConfig: the flexible shape %s needs ocpus", name);
    if (!in_range(ocpus, 1, shape->max_ocpus))
        return call_invalid(call, "nodeShapeConfig.ocpus: %s has 1 to %g", name, shape->max_ocpus);
    double least = ocpus * shape->min_per_ocpu_gb, most = ocpus * shape->max_per_ocpu_gb;
    if (most > shape->max_memory_gb)
        most = shape->max_memory_gb;
    return memory == 0 || in_range(memory, least, most) ||
           call_invalid(call, "nodeShapeConfig.memoryInGBs: %s with %g OCPUs has %g to %g GB", name,
                        ocpus, least, most);
}

static bool check_image(struct call *call, const struct object *pool, const struct shape *shape)
{
    const json_t *source = json_object_get(pool->body, "nodeSourceDetails");
    const struct image *image = node_pool_image(call, pool);
    const char *version = object_text(pool, "kubernetesVersion");
    if (!source && !object_text(pool, "nodeImageName"))
        return call_fail(call, 400, "MissingParameter",
                         "nodeSourceDetails: the image of the nodes must be given");
    if (!image)
        return call_invalid(call, "nodeSourceDetails.imageId: %s is not supported for OKE",
                            source ? json_get_text(source, "imageId")
                                   : object_text(pool, "nodeImageName"));
    if (!image_fits_shape(image, shape))
        return call_invalid(call, "nodeSourceDetails.imageId: image %s does not fit the shape %s",
                            image->name, shape->name);
    return !image->kubernetes_version || text_equal(image->kubernetes_version, version) ||
           call_conflict(call,
                         "Node pool version %s differs from the version %s of the OKE image %s",
                         version, image->kubernetes_version, image->name);
}

static bool check_version(struct call *call, const struct object *pool,
                          const struct object *cluster)
{
    const char *node = object_text(pool, "kubernetesVersion");
    const char *control = object_text(cluster, "kubernetesVersion");
    if (!version_offered(node))
        return call_invalid(call, "kubernetesVersion: %s is not offered; see nodePoolOptions",
                            node);
    return version_node_allowed(control, node) ||
           call_invalid(
               call,
               "kubernetesVersion: nodes with %s cannot join a control plane with %s; they "
               "may be up to %d minor versions older and never newer",
               node, control, VERSION_NODE_SKEW);
}

/* --- placement ----------------------------------------------------------------------------------- */

static bool contains(const json_t *list, const char *text)
{
    size_t i;
    json_t *item;
    json_array_foreach(list, i, item)
    {
        if (text_equal(json_string_value(item), text))
            return true;
    }
    return false;
}

static const struct object *check_subnet(struct call *call, const struct object *cluster,
                                         const char *id)
{
    if (contains(json_at_path(cluster->body, "options.serviceLbSubnetIds"), id)) {
        call_invalid(call, "Subnet %s is for the load balancers of the cluster, not for nodes", id);
        return NULL;
    }
    return vnic_subnet(call, id, object_text(cluster, "vcnId"));
}

static bool check_fault_domains(struct call *call, const json_t *list)
{
    size_t i;
    json_t *item;
    json_array_foreach(list, i, item)
    {
        const char *name = json_string_value(item);
        bool known = false;
        for (int number = 1; number <= FAULT_DOMAINS; number++)
            known |= text_equal(name, arena_printf(call->arena, "FAULT-DOMAIN-%d", number));
        if (!known)
            return call_invalid(call, "faultDomains: there is no fault domain %s", name);
    }
    return true;
}

static bool check_placement(struct call *call, const struct object *cluster,
                            const json_t *placement)
{
    const char *domain = json_get_text(placement, "availabilityDomain");
    const struct object *subnet = check_subnet(call, cluster, json_get_text(placement, "subnetId"));
    if (!subnet)
        return false;
    if (!call_availability_domain_number(call, domain))
        return call_invalid(call, "placementConfigs: there is no availability domain %s", domain);
    const char *own = object_text(subnet, "availabilityDomain");
    if (own && !text_equal(own, domain))
        return call_invalid(call, "placementConfigs: subnet %s is in %s, not in %s", subnet->id,
                            own, domain);
    return check_fault_domains(call, json_object_get(placement, "faultDomains"));
}

static bool check_placements(struct call *call, const struct object *pool,
                             const struct object *cluster)
{
    size_t i;
    json_t *item;
    const json_t *details = json_object_get(pool->body, "nodeConfigDetails");
    const json_t *placements = json_object_get(details, "placementConfigs");
    const json_t *subnets = json_object_get(pool->body, "subnetIds");
    if (details && (subnets || json_object_get(pool->body, "quantityPerSubnet")))
        return call_invalid(call, "nodeConfigDetails excludes quantityPerSubnet and subnetIds");
    if (!details && json_array_size(subnets) == 0)
        return call_fail(call, 400, "MissingParameter",
                         "nodeConfigDetails: size and placement of the nodes must be given");
    json_array_foreach(subnets, i, item)
    {
        if (!check_subnet(call, cluster, json_string_value(item)))
            return false;
    }
    json_array_foreach(placements, i, item)
    {
        if (!check_placement(call, cluster, item))
            return false;
        for (size_t j = 0; j < i; j++)
            if (json_equal(item, json_array_get(placements, j)))
                return call_invalid(call, "placementConfigs: entries %zu and %zu are the same", j,
                                    i);
    }
    return vnic_check_security_groups(call, json_object_get(details, "nsgIds"),
                                      object_text(cluster, "vcnId"));
}

static bool check_native_pods(struct call *call, const json_t *pods, const struct object *cluster,
                              int vnics)
{
    size_t i;
    json_t *id;
    const char *vcn = object_text(cluster, "vcnId");
    if (json_array_size(json_object_get(pods, "podSubnetIds")) == 0)
        return call_invalid(call, "nodePoolPodNetworkOptionDetails: OCI_VCN_IP_NATIVE needs "
                                  "podSubnetIds");
    json_array_foreach(json_object_get(pods, "podSubnetIds"), i, id)
    {
        if (!vnic_subnet(call, json_string_value(id), vcn))
            return false;
    }
    json_int_t most = (vnics - 1) * PODS_PER_VNIC;
    if (json_get_integer(pods, "maxPodsPerNode", 1) > most)
        return call_invalid(call, "maxPodsPerNode: the shape has %d VNICs, enough for %lld pods",
                            vnics, (long long)most);
    return vnic_check_security_groups(call, json_object_get(pods, "podNsgIds"), vcn);
}

static bool check_pods(struct call *call, const struct object *pool, const struct object *cluster,
                       const struct shape *shape)
{
    const json_t *pods =
        json_at_path(pool->body, "nodeConfigDetails.nodePoolPodNetworkOptionDetails");
    const char *wanted = cluster_cni(cluster);
    const char *type = pods ? json_get_text(pods, "cniType") : "FLANNEL_OVERLAY";
    if (!text_equal(type, wanted))
        return call_invalid(call,
                            "nodePoolPodNetworkOptionDetails: the cluster has the pod network %s, "
                            "not %s",
                            wanted, type);
    double ocpus = json_number_value(json_at_path(pool->body, "nodeShapeConfig.ocpus"));
    return !text_equal(type, "OCI_VCN_IP_NATIVE") ||
           check_native_pods(call, pods, cluster, shape_max_vnics(shape, ocpus));
}

/* --- labels, keys, eviction, cycling ------------------------------------------------------------- */

/* Letters and digits at both ends, "-_." between. */
static bool label_part(const char *text, size_t length, size_t most)
{
    if (length == 0 || length > most || !isalnum((unsigned char)text[0]) ||
        !isalnum((unsigned char)text[length - 1]))
        return false;
    for (size_t i = 0; i < length; i++)
        if (!isalnum((unsigned char)text[i]) && !strchr("-_.", text[i]))
            return false;
    return true;
}

static bool label_key(const char *text)
{
    const char *slash = text ? strchr(text, '/') : NULL;
    const char *name = slash ? slash + 1 : text;
    return text && label_part(name, strlen(name), LABEL_PART) &&
           (!slash || label_part(text, (size_t)(slash - text), LABEL_PREFIX));
}

static bool check_labels(struct call *call, const json_t *labels)
{
    size_t i;
    json_t *label;
    json_array_foreach(labels, i, label)
    {
        const char *key = json_get_text(label, "key"), *value = json_get_text(label, "value");
        if (!label_key(key))
            return call_invalid(call, "initialNodeLabels: %s is no key of a label", key ? key : "");
        if (value && *value && !label_part(value, strlen(value), LABEL_PART))
            return call_invalid(call, "initialNodeLabels: %s is no value of a label", value);
    }
    return true;
}

static bool check_key(struct call *call, const char *key)
{
    static const char *const kinds[] = {"ssh-rsa ", "ssh-ed25519 ", "ecdsa-sha2-"};
    for (size_t i = 0; key && i < ARRAY_LENGTH(kinds); i++)
        if (text_starts_with(key, kinds[i]))
            return true;
    return text_empty(key) || call_invalid(call, "sshPublicKey: this is no OpenSSH public key");
}

bool node_pool_check_grace(struct call *call, const char *name, const char *text)
{
    int64_t seconds;
    return (duration_parse(text, &seconds) && seconds <= MAX_GRACE_S) ||
           call_invalid(call, "%s: %s is no duration from PT0M to PT60M", name, text);
}

/* "1" or "25%" */
static bool amount(const char *text)
{
    size_t digits = strspn(text, "0123456789");
    return digits > 0 && digits < 5 && (!text[digits] || text_equal(text + digits, "%"));
}

static bool check_cycling(struct call *call, const struct object *pool,
                          const struct object *cluster)
{
    static const char *const amounts[] = {"maximumSurge", "maximumUnavailable"};
    const json_t *cycling = json_object_get(pool->body, "nodePoolCyclingDetails");
    for (size_t i = 0; i < ARRAY_LENGTH(amounts); i++) {
        const char *text = json_get_text(cycling, amounts[i]);
        if (text && !amount(text))
            return call_invalid(call, "%s: %s is neither a number nor a percentage", amounts[i],
                                text);
    }
    return !json_get_bool(cycling, "isNodeCyclingEnabled", false) ||
           cluster_check_enhanced(call, cluster, "nodePoolCyclingDetails");
}

static bool check_secondary_vnics(struct call *call, const struct object *pool)
{
    size_t i;
    json_t *vnic;
    json_array_foreach(json_object_get(pool->body, "secondaryVnics"), i, vnic)
    {
        const char *subnet = json_string_value(json_at_path(vnic, "createVnicDetails.subnetId"));
        if (!vnic_subnet(call, subnet, NULL))
            return false;
    }
    return true;
}

bool node_pool_check(struct call *call, const struct object *pool, const struct object *cluster)
{
    const struct shape *shape = shape_find(object_text(pool, "nodeShape"));
    const char *grace = json_string_value(
        json_at_path(pool->body, "nodeEvictionNodePoolSettings.evictionGraceDuration"));
    return check_version(call, pool, cluster) && check_shape(call, pool, shape) &&
           check_image(call, pool, shape) && check_placements(call, pool, cluster) &&
           check_pods(call, pool, cluster, shape) && check_cycling(call, pool, cluster) &&
           check_labels(call, json_object_get(pool->body, "initialNodeLabels")) &&
           check_key(call, object_text(pool, "sshPublicKey")) &&
           (!grace || node_pool_check_grace(call, "evictionGraceDuration", grace)) &&
           check_secondary_vnics(call, pool);
}

bool node_pool_check_change(struct call *call, const struct object *pool, const json_t *before)
{
    const struct shape *old = shape_find(json_get_text(before, "nodeShape"));
    const struct shape *new = shape_find(object_text(pool, "nodeShape"));
    if (old && new && old->architecture != new->architecture)
        return call_invalid(call, "nodeShape: a node pool cannot change between Arm and x86");
    const char *was = json_string_value(
        json_at_path(before, "nodeConfigDetails.nodePoolPodNetworkOptionDetails.cniType"));
    const char *is = json_string_value(
        json_at_path(pool->body, "nodeConfigDetails.nodePoolPodNetworkOptionDetails.cniType"));
    return !was || text_equal(was, is) || call_invalid(call, "cniType cannot be changed");
}
