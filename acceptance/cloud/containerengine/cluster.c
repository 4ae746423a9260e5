#include <string.h>

#include "acceptance/cloud/api/crud.h"
#include "acceptance/cloud/api/defaults.h"
#include "acceptance/cloud/api/lifecycle.h"
#include "acceptance/cloud/api/pending.h"
#include "acceptance/cloud/containerengine/containerengine.h"
#include "acceptance/cloud/containerengine/credentials.h"
#include "acceptance/cloud/containerengine/real.h"
#include "acceptance/cloud/containerengine/version.h"
#include "acceptance/cloud/core/cidr.h"
#include "acceptance/cloud/core/core.h"
#include "acceptance/cloud/core/vnic.h"
#include "lib/base/json.h"

enum { API_PORT = 6443, TAIL_LENGTH = 11, CLUSTERS = 15 };

bool cluster_is_enhanced(const struct object *cluster)
{
    return text_equal(object_text(cluster, "type"), "ENHANCED_CLUSTER");
}

bool cluster_check_enhanced(struct call *call, const struct object *cluster, const char *what)
{
    return cluster_is_enhanced(cluster) ||
           call_invalid(call, "%s: only clusters of type ENHANCED_CLUSTER have it; %s is a %s",
                        what, cluster->id, object_text(cluster, "type"));
}

bool cluster_check_active(struct call *call, const struct object *cluster)
{
    const char *state = object_state(cluster);
    return text_equal(state, "ACTIVE") ||
           call_bad_state(call, "Cluster %s is in the state %s", cluster->id, state);
}

const char *cluster_cni(const struct object *cluster)
{
    return json_string_value(json_at_path(cluster->body, "clusterPodNetworkOptions.0.cniType"));
}

/* --- rules --------------------------------------------------------------------------------------- */

static bool check_range(struct call *call, const json_t *vcn, const char *name, const char *text,
                        struct cidr *range)
{
    size_t i;
    json_t *block;
    struct cidr other;
    if (!cidr_parse(text, range) || cidr_has_host_bits(*range))
        return call_invalid(call, "%s: %s is no IPv4 CIDR block", name, text);
    json_array_foreach(json_object_get(vcn, "cidrBlocks"), i, block)
    {
        if (cidr_parse(json_string_value(block), &other) && cidr_overlaps(*range, other))
            return call_invalid(call, "%s: %s overlaps %s of the VCN", name, text,
                                json_string_value(block));
    }
    return true;
}

static bool check_ranges(struct call *call, const struct object *cluster, const struct object *vcn)
{
    const json_t *network = json_at_path(cluster->body, "options.kubernetesNetworkConfig");
    struct cidr pod_range, service_range;
    return check_range(call, vcn->body, "podsCidr", json_get_text(network, "podsCidr"),
                       &pod_range) &&
           check_range(call, vcn->body, "servicesCidr", json_get_text(network, "servicesCidr"),
                       &service_range) &&
           (!cidr_overlaps(pod_range, service_range) ||
            call_invalid(call, "podsCidr and servicesCidr overlap"));
}

static bool check_endpoint(struct call *call, const json_t *endpoint, const char *vcn_id)
{
    const char *subnet_id = json_get_text(endpoint, "subnetId");
    if (!endpoint)
        return true;
    if (!subnet_id)
        return call_invalid(call, "endpointConfig.subnetId must be given");
    const struct object *subnet = vnic_subnet(call, subnet_id, vcn_id);
    if (!subnet || !vnic_check_security_groups(call, json_object_get(endpoint, "nsgIds"), vcn_id))
        return false;
    return !json_get_bool(endpoint, "isPublicIpEnabled", false) ||
           !json_get_bool(subnet->body, "prohibitPublicIpOnVnic", false) ||
           call_invalid(call,
                        "isPublicIpEnabled: subnet %s is private, the Kubernetes API cannot get a "
                        "public IP address in it",
                        subnet_id);
}

static bool check_load_balancer_subnets(struct call *call, const struct object *cluster)
{
    size_t i;
    json_t *id;
    const char *vcn_id = object_text(cluster, "vcnId");
    json_array_foreach(json_at_path(cluster->body, "options.serviceLbSubnetIds"), i, id)
    {
        if (!vnic_subnet(call, json_string_value(id), vcn_id))
            return false;
    }
    return vnic_check_security_groups(
        call, json_at_path(cluster->body, "options.serviceLbConfig.backendNsgIds"), vcn_id);
}

static bool has_ipv6(const json_t *families)
{
    size_t i;
    json_t *family;
    json_array_foreach(families, i,
                       family) if (text_equal(json_string_value(family), "IPv6")) return true;
    return false;
}

static bool check_policy(struct call *call, const json_t *policy)
{
    return !json_get_bool(policy, "isPolicyEnabled", false) ||
           json_array_size(json_object_get(policy, "keyDetails")) > 0 ||
           call_invalid(call, "imagePolicyConfig: an enabled policy needs keyDetails");
}

static bool check_open_id(struct call *call, const struct object *cluster)
{
    const json_t *options = json_object_get(cluster->body, "options");
    const json_t *token = json_object_get(options, "openIdConnectTokenAuthenticationConfig");
    bool tokens = json_get_bool(token, "isOpenIdConnectAuthEnabled", false);
    bool discovery = json_get_bool(json_object_get(options, "openIdConnectDiscovery"),
                                   "isOpenIdConnectDiscoveryEnabled", false);
    if ((tokens || discovery) && !cluster_check_enhanced(call, cluster, "OpenID Connect"))
        return false;
    bool file = json_get_text(token, "configurationFile") != NULL;
    if (file && json_object_size(token) > 2)
        return call_invalid(call,
                            "openIdConnectTokenAuthenticationConfig: configurationFile excludes "
                            "the other settings");
    return !tokens || file ||
           (json_get_text(token, "issuerUrl") && json_get_text(token, "clientId")) ||
           call_invalid(call, "openIdConnectTokenAuthenticationConfig: issuerUrl and clientId must "
                              "be given");
}

/* What holds for a cluster at any time. */
static bool check_cluster(struct call *call, const struct object *cluster)
{
    const json_t *options = json_object_get(cluster->body, "options");
    if (json_is_true(
            json_at_path(options, "admissionControllerOptions.isPodSecurityPolicyEnabled")))
        return call_invalid(call,
                            "isPodSecurityPolicyEnabled: Kubernetes 1.25 and later have no pod "
                            "security policies");
    return check_policy(call, json_object_get(cluster->body, "imagePolicyConfig")) &&
           check_load_balancer_subnets(call, cluster) && check_open_id(call, cluster);
}

/* --- create -------------------------------------------------------------------------------------- */

static void fill_defaults(struct object *cluster)
{
    json_t *body = cluster->body;
    defaults_fill(
        body, json_pack("{s:s, s:[{s:s}], s:{s:b, s:[]}, s:n, s:n, s:{s:[], s:[s], s:{s:s, s:s},"
                        " s:{s:b, s:b}, s:{s:b}, s:{s:{}, s:{}}, s:{s:{}, s:{}, s:[]}}, s:{}}",
                        "type", "BASIC_CLUSTER", "clusterPodNetworkOptions", "cniType",
                        "FLANNEL_OVERLAY", "imagePolicyConfig", "isPolicyEnabled", false,
                        "keyDetails", "kmsKeyId", "lifecycleDetails", "options",
                        "serviceLbSubnetIds", "ipFamilies", "IPv4", "kubernetesNetworkConfig",
                        "podsCidr", "10.244.0.0/16", "servicesCidr", "10.96.0.0/16", "addOns",
                        "isKubernetesDashboardEnabled", false, "isTillerEnabled", false,
                        "admissionControllerOptions", "isPodSecurityPolicyEnabled", false,
                        "persistentVolumeConfig", "freeformTags", "definedTags", "serviceLbConfig",
                        "freeformTags", "definedTags", "backendNsgIds", "systemTags"));
    json_t *endpoint = json_object_get(body, "endpointConfig");
    if (endpoint)
        defaults_fill(endpoint, json_pack("{s:[], s:b}", "nsgIds", "isPublicIpEnabled", false));
    json_object_del(body, "timeCreated");
}

static bool add_endpoint(struct call *call, struct object *cluster)
{
    const json_t *endpoint = json_object_get(cluster->body, "endpointConfig");
    if (!endpoint)
        return true;
    struct vnic_details details = {
        .owner = cluster,
        .subnet = store_find(call->store, &kind_subnet, json_get_text(endpoint, "subnetId")),
        .nsg_ids = json_object_get(endpoint, "nsgIds"),
        .public_ip = true,
    };
    return vnic_add(call, &details) ||
           call_invalid(call, "Subnet %s has no free address for the Kubernetes API",
                        json_get_text(endpoint, "subnetId"));
}

static bool create(struct call *call, struct object *cluster)
{
    const char *version = object_text(cluster, "kubernetesVersion");
    const struct object *vcn = store_find(call->store, &kind_vcn, object_text(cluster, "vcnId"));
    if (!version_offered(version))
        return call_invalid(call, "kubernetesVersion: %s is not offered; see clusterOptions",
                            version);
    fill_defaults(cluster);
    if (has_ipv6(json_at_path(cluster->body, "options.ipFamilies")) &&
        json_array_size(json_object_get(vcn->body, "ipv6CidrBlocks")) == 0)
        return call_invalid(call, "ipFamilies: VCN %s has no IPv6 addresses", vcn->id);
    return check_cluster(call, cluster) && check_ranges(call, cluster, vcn) &&
           check_endpoint(call, json_object_get(cluster->body, "endpointConfig"), vcn->id) &&
           add_endpoint(call, cluster) && credentials_issue(call, cluster);
}

/* metadata: who did what and when; verb is "created", "updated" or "deleted". */
static void note(struct call *call, struct object *cluster, const char *verb,
                 const struct object *work)
{
    json_t *metadata = json_object_get(cluster->body, "metadata");
    char *noun = arena_strdup(call->arena, verb);
    noun[0] = (char)(noun[0] - 'a' + 'A');
    if (!metadata)
        json_object_set_new(cluster->body, "metadata", metadata = json_object());
    json_set_text(metadata, arena_printf(call->arena, "time%s", noun), call_time(call));
    json_set_text(metadata, arena_printf(call->arena, "%sByUserId", verb), call->user);
    json_set_text(metadata, arena_printf(call->arena, "%sByWorkRequestId", verb), work->id);
}

bool oke_create_cluster(struct call *call)
{
    struct object *cluster = crud_make(call, &kind_cluster, call->body, false);
    if (!cluster)
        return false;
    real_begin(call, cluster);
    note(call, cluster, "created",
         oke_start_work(call, "CLUSTER_CREATE", cluster, "cluster", "CREATED", "activate",
                        CLUSTER_CREATE_MS));
    return oke_reply_accepted(call);
}

/* --- endpoints ----------------------------------------------------------------------------------- */

static json_t *address(const char *host)
{
    return host ? json_sprintf("%s:%d", host, API_PORT) : json_null();
}

static json_t *host_name(const struct call *call, const struct object *cluster)
{
    const struct object *subnet =
        store_find(call->store, &kind_subnet,
                   json_string_value(json_at_path(cluster->body, "endpointConfig.subnetId")));
    const char *domain = subnet ? object_text(subnet, "subnetDomainName") : NULL;
    return domain ? json_sprintf("c%s.%s:%d", cluster->id + strlen(cluster->id) - TAIL_LENGTH,
                                 domain, API_PORT)
                  : json_null();
}

static void show_endpoints(struct call *call, struct object *cluster)
{
    const struct object *vnic = vnic_of(call, cluster);
    bool public = json_is_true(json_at_path(cluster->body, "endpointConfig.isPublicIpEnabled"));
    const char *outside = vnic ? object_text(vnic, "publicIp") : "203.0.113.254";
    const char *real = real_endpoint(call, cluster);
    json_t *endpoints =
        json_pack("{s:o, s:o, s:o, s:o, s:n}", "kubernetes", address(vnic ? NULL : outside),
                  "publicEndpoint", address(public ? outside : NULL), "privateEndpoint",
                  address(vnic ? object_text(vnic, "privateIp") : NULL), "vcnHostnameEndpoint",
                  vnic ? host_name(call, cluster) : json_null(), "ipv6Endpoint");
    /* Whichever a client chooses, it reaches the real API server. */
    const char *name;
    json_t *value;
    json_object_foreach(endpoints, name, value)
    {
        if (real && json_is_string(value))
            json_string_set(value, real);
    }
    json_object_set_new(cluster->body, "endpoints", endpoints);
}

/* --- update -------------------------------------------------------------------------------------- */

static bool check_version_change(struct call *call, const char *before, const char *after)
{
    if (text_equal(before, after))
        return true;
    if (!version_offered(after))
        return call_invalid(call, "kubernetesVersion: %s is not offered; see clusterOptions",
                            after);
    return version_upgrade_allowed(before, after) ||
           call_invalid(call,
                        "kubernetesVersion: %s cannot follow %s; a control plane goes up by one "
                        "minor version at a time and never down",
                        after, before);
}

static bool check_nodes_follow(struct call *call, const struct object *cluster)
{
    const char *version = object_text(cluster, "kubernetesVersion");
    for (const struct object *pool = store_first(call->store, &kind_node_pool); pool;
         pool = store_next(call->store, pool))
        if (object_alive(pool) && text_equal(object_text(pool, "clusterId"), cluster->id) &&
            !version_node_allowed(version, object_text(pool, "kubernetesVersion")))
            return call_invalid(
                call,
                "kubernetesVersion: node pool %s with %s would be more than %d minor "
                "versions behind; upgrade it first",
                pool->id, object_text(pool, "kubernetesVersion"), VERSION_NODE_SKEW);
    return true;
}

static bool check_type_change(struct call *call, const struct object *cluster, const char *before)
{
    if (text_equal(before, object_text(cluster, "type")))
        return true;
    if (!cluster_is_enhanced(cluster))
        return call_invalid(call, "type: an ENHANCED_CLUSTER cannot become a BASIC_CLUSTER");
    return json_object_get(cluster->body, "endpointConfig") ||
           call_invalid(call, "type: an ENHANCED_CLUSTER needs an endpoint in the VCN");
}

static bool update(struct call *call, struct object *cluster, const json_t *before)
{
    static const char *const objects[] = {"options", "imagePolicyConfig"};
    for (size_t i = 0; i < ARRAY_LENGTH(objects); i++)
        defaults_keep(cluster->body, before, objects[i]);
    return check_version_change(call, json_get_text(before, "kubernetesVersion"),
                                object_text(cluster, "kubernetesVersion")) &&
           check_nodes_follow(call, cluster) &&
           check_type_change(call, cluster, json_get_text(before, "type")) &&
           check_cluster(call, cluster);
}

static void start_update(struct call *call, struct object *cluster, const json_t *before,
                         int64_t duration_ms)
{
    pending_hold(cluster, before);
    call_set_state(cluster, "UPDATING");
    oke_start_work(call, "CLUSTER_UPDATE", cluster, "cluster", "UPDATED", "updated", duration_ms);
}

bool oke_update_cluster(struct call *call)
{
    struct object *cluster = crud_open(call, &kind_cluster);
    if (!cluster)
        return false;
    JSON_AUTO before = json_deep_copy(cluster->body);
    if (!crud_merge(call, cluster, call->body))
        return false;
    bool upgrade = !text_equal(json_get_text(before, "kubernetesVersion"),
                               object_text(cluster, "kubernetesVersion"));
    start_update(call, cluster, before, upgrade ? CLUSTER_UPGRADE_MS : CLUSTER_CHANGE_MS);
    return oke_reply_accepted(call);
}

bool oke_update_endpoint_config(struct call *call)
{
    struct object *cluster = crud_open(call, &kind_cluster);
    if (!cluster)
        return false;
    JSON_AUTO before = json_deep_copy(cluster->body);
    json_t *endpoint = json_object_get(cluster->body, "endpointConfig");
    if (!endpoint)
        return call_invalid(call, "Cluster %s has no endpoint in its VCN; migrate it first",
                            cluster->id);
    json_object_update(endpoint, call->body);
    if (!check_endpoint(call, endpoint, object_text(cluster, "vcnId")))
        return false;
    start_update(call, cluster, before, CLUSTER_CHANGE_MS);
    return oke_reply_accepted(call);
}

bool oke_migrate_to_native_vcn(struct call *call)
{
    struct object *cluster = crud_open(call, &kind_cluster);
    if (!cluster)
        return false;
    JSON_AUTO before = json_deep_copy(cluster->body);
    json_t *endpoint = json_deep_copy(json_object_get(call->body, "endpointConfig"));
    if (json_object_get(cluster->body, "endpointConfig")) {
        json_decref(endpoint);
        return call_bad_state(call, "Cluster %s has its endpoint in the VCN already", cluster->id);
    }
    json_object_set_new(cluster->body, "endpointConfig", endpoint);
    defaults_fill(endpoint, json_pack("{s:[], s:b}", "nsgIds", "isPublicIpEnabled", false));
    if (!check_endpoint(call, endpoint, object_text(cluster, "vcnId")) ||
        !add_endpoint(call, cluster))
        return false;
    start_update(call, cluster, before, CLUSTER_CREATE_MS);
    return oke_reply_accepted(call);
}

bool oke_get_migration_status(struct call *call)
{
    const struct object *cluster = call_target(call);
    if (!cluster)
        return false;
    const char *state = json_object_get(cluster->body, "endpointConfig") ? "COMPLETED"
                        : vnic_of(call, cluster)                         ? "IN_PROGRESS"
                                                                         : "NOT_STARTED";
    return call_reply(call, 200, json_pack("{s:s}", "state", state));
}

/* --- delete -------------------------------------------------------------------------------------- */

bool oke_delete_cluster(struct call *call)
{
    struct object *cluster = crud_open(call, &kind_cluster);
    if (!cluster || !node_pools_remove_of(call, cluster, CLUSTER_DELETE_MS) ||
        !virtual_node_pools_remove_of(call, cluster, CLUSTER_DELETE_MS) ||
        !crud_remove(call, cluster, false))
        return false;
    note(call, cluster, "deleted",
         oke_start_work(call, "CLUSTER_DELETE", cluster, "cluster", "DELETED", "deleted",
                        CLUSTER_DELETE_MS));
    return oke_reply_accepted(call);
}

/* --- in the course of time ----------------------------------------------------------------------- */

static void fail(struct call *call, struct object *cluster, const char *state)
{
    call_set_state(cluster, state);
    json_set_text(cluster->body, "lifecycleDetails", oke_failure(call));
}

static void finish_update(struct call *call, struct object *cluster, bool failed)
{
    struct object *vnic = vnic_of(call, cluster);
    pending_end(cluster, failed);
    credentials_advance(call, cluster, failed);
    if (failed) {
        fail(call, cluster, "ACTIVE");
        return;
    }
    call_set_state(cluster, "ACTIVE");
    json_object_set_new(cluster->body, "lifecycleDetails", json_null());
    note(call, cluster, "updated", call->work);
    if (vnic)
        vnic_set_security_groups(call, vnic, json_at_path(cluster->body, "endpointConfig.nsgIds"));
    show_endpoints(call, cluster);
}

static bool step(struct call *call, struct object *cluster, const char *name, bool failed)
{
    if (strcmp(name, "updated") == 0) {
        finish_update(call, cluster, failed);
        return true;
    }
    if (strcmp(name, "completeRotation") == 0) {
        credentials_complete(cluster);
        return true;
    }
    if (strcmp(name, "vanish") == 0)
        return false;
    if (failed) {
        fail(call, cluster, "FAILED");
        return true;
    }
    if (strcmp(name, "activate") == 0) {
        ERROR_AUTO(err);
        if (!real_succeeded(cluster, &err)) {
            work_fail(call, "InternalError", "%s", error_message(&err));
            fail(call, cluster, "FAILED");
            return true;
        }
        real_adopt(call, cluster);
        show_endpoints(call, cluster);
    } else {
        vnic_remove_of(call, cluster);
        addons_remove_of(call, cluster);
        workload_mappings_remove_of(call, cluster);
    }
    return false;
}

static void view(struct call *call, const struct object *cluster, json_t *copy)
{
    (void)call;
    json_object_set_new(copy, "availableKubernetesUpgrades",
                        version_upgrades(object_text(cluster, "kubernetesVersion")));
}

static const struct lifecycle life = {
    .creating = "CREATING",
    .active = "ACTIVE",
    .updating = "UPDATING",
    .deleting = "DELETING",
    .deleted = "DELETED",
    .linger_ms = OKE_LINGER_MS,
};

/* What a cluster lives in is kept from deletion by the VNIC of its endpoint. */
static const struct reference references[] = {
    {"vcnId", &kind_vcn, .weak = true},
    {NULL},
};

const struct kind kind_cluster = {
    .type = "cluster",
    .title = "Cluster",
    .name_field = "name",
    .references = references,
    .life = &life,
    .limit = CLUSTERS,
    .limit_name = "cluster-count",
    .summary =
        "id|name|compartmentId|endpointConfig|vcnId|kubernetesVersion|freeformTags|definedTags|"
        "systemTags|options|metadata|lifecycleState|lifecycleDetails|endpoints|"
        "availableKubernetesUpgrades|imagePolicyConfig|clusterPodNetworkOptions|type",
    .create = create,
    .update = update,
    .view = view,
    .step = step,
    .busy = real_cluster_busy,
};
