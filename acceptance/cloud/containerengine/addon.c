#include <string.h>

#include "acceptance/cloud/api/crud.h"
#include "acceptance/cloud/containerengine/containerengine.h"
#include "acceptance/cloud/containerengine/version.h"
#include "lib/base/json.h"

/* What each addon accepts beside the configurations that all have. */
static const struct addon {
    const char *name;
    const char *version; /* newest; the older one below is offered, too */
    const char *older;
    const char *description;
    const char *needs;          /* another addon, which must be installed */
    const char *cni;            /* only with this pod network */
    const char *configurations; /* "a|b" */
    bool essential;
} addons[] = {
    {"CoreDNS", "v1.12.1", "v1.11.3", "DNS server of the cluster", NULL, NULL,
     "nodesPerReplica|minReplica|customizeCoreDNSConfigMap|topologySpreadConstraints|"
     "coreDnsContainerResources",
     true},
    {"KubeProxy", "v1.36.1", "v1.35.2", "Network proxy on each node", NULL, NULL,
     "customizeConfigMap|kube-proxy.ContainerResources", true},
    {"Flannel", "v0.26.4", "v0.25.6", "Overlay network for pods", NULL, "FLANNEL_OVERLAY",
     "kube-flannel.ContainerResources", true},
    {"OciVcnIpNative", "v2.4.0", "v2.3.0", "Addresses of the VCN for pods", NULL,
     "OCI_VCN_IP_NATIVE", "oci-vcn-native-ip.ContainerResources", true},
    {"CertManager", "v1.18.2", "v1.16.5", "Certificates and their issuers", NULL, NULL,
     "cert-manager-controller.ContainerResources|cert-manager-cainjector.ContainerResources|"
     "cert-manager-webhook.ContainerResources",
     false},
    {"ClusterAutoscaler", "v1.36.0", "v1.35.0", "Nodes by demand", NULL, NULL,
     "nodes|nodeGroupAutoDiscovery|authType|maxNodeProvisionTime|scaleDownDelayAfterAdd|"
     "scaleDownUnneededTime|annotations|cluster-autoscaler.ContainerResources",
     false},
    {"Istio", "v1.26.2", "v1.25.1", "Service mesh", NULL, NULL,
     "customizeConfigMap|enableIngressGateway|istiod.ContainerResources|profile", false},
    {"KubernetesDashboard", "v2.7.0", NULL, "Web page of the cluster", NULL, NULL,
     "kubernetes-dashboard.ContainerResources", false},
    {"KubernetesMetricsServer", "v0.8.0", "v0.7.2", "Use of processors and memory", "CertManager",
     NULL, "metrics-server.ContainerResources", false},
    {"NativeIngressController", "v1.4.2", "v1.4.0", "OCI load balancers for Ingress objects",
     "CertManager", NULL,
     "compartmentId|loadBalancerSubnetId|authType|authSecretName|"
     "deploymentTolerations|deploymentReplicas",
     false},
    {"NvidiaGpuPlugin", "v0.17.3", "v0.16.2", "Devices of GPU nodes", NULL, NULL,
     "customizeConfigMap|nvidia-gpu-device-plugin.ContainerResources", false},
    {"OracleDatabaseOperator", "v1.2.0", "v1.1.0", "Oracle databases as objects", "CertManager",
     NULL, "oracle-database-operator.ContainerResources", false},
    {"Tiller", "v2.17.0", NULL, "Server of Helm 2", NULL, NULL, "", false},
    {"WeblogicKubernetesOperator", "v4.2.20", "v4.2.15", "WebLogic domains as objects", NULL, NULL,
     "weblogic-operator.ContainerResources|logLevel", false},
};

#define COMMON "affinity|nodeSelectors|rollingUpdate|tolerations|numOfReplicas"

static const struct addon *find(const char *name)
{
    for (size_t i = 0; i < ARRAY_LENGTH(addons); i++)
        if (text_equal(addons[i].name, name))
            return &addons[i];
    return NULL;
}

/* --- options ------------------------------------------------------------------------------------- */

static void append_configurations(json_t *list, const char *names)
{
    struct slice rest = slice_from(names), name;
    for (bool more = rest.length > 0; more;) {
        rest = slice_cut(rest, '|', &name, &more);
        json_array_append_new(list,
                              json_pack("{s:s%, s:b, s:s%}", "key", name.ptr, name.length,
                                        "isRequired", false, "displayName", name.ptr, name.length));
    }
}

static json_t *version_option(const struct addon *addon, const char *number)
{
    json_t *configurations = json_array();
    append_configurations(configurations, COMMON);
    append_configurations(configurations, addon->configurations);
    return json_pack("{s:s, s:s, s:s, s:{s:s}, s:o}", "versionNumber", number, "status", "ACTIVE",
                     "description", addon->description, "kubernetesVersionFilters",
                     "minimalVersion", "v1.28.0", "configurations", configurations);
}

bool oke_list_addon_options(struct call *call)
{
    const char *version = call_query(call, "kubernetesVersion");
    const char *name = call_query(call, "addonName");
    bool all = call_query_bool(call, "shouldShowAllVersions", false);
    if (!version_valid(version))
        return call_invalid(call, "kubernetesVersion: %s is no version", version);
    json_t *list = json_array();
    for (size_t i = 0; i < ARRAY_LENGTH(addons); i++) {
        const struct addon *addon = &addons[i];
        if (name && !text_equal(addon->name, name))
            continue;
        json_t *versions = json_array();
        json_array_append_new(versions, version_option(addon, addon->version));
        if (all && addon->older)
            json_array_append_new(versions, version_option(addon, addon->older));
        json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:b, s:o}", "name", addon->name,
                                              "lifecycleState", "ACTIVE", "description",
                                              addon->description, "isEssential", addon->essential,
                                              "versions", versions));
    }
    return crud_reply_page(call, list);
}

/* --- addons of a cluster ------------------------------------------------------------------------- */

static const char *id_of(struct call *call, const char *cluster_id, const char *name)
{
    return arena_printf(call->arena, "clusters/%s/addons/%s", cluster_id, name);
}

/* The addon that the path names; NULL after 404. */
static struct object *target(struct call *call)
{
    const char *name = call->path_values[1];
    struct object *cluster = call_target_at(call, &kind_cluster, 0);
    struct object *addon =
        cluster ? store_find(call->store, &kind_addon, id_of(call, cluster->id, name)) : NULL;
    if (cluster && !addon)
        call_not_found(call, kind_addon.title, name);
    return addon;
}

static bool json_text(const char *text)
{
    ERROR_AUTO(ignored);
    JSON_AUTO json = json_parse(text, strlen(text), &ignored);
    return json != NULL;
}

static bool check_configurations(struct call *call, const struct addon *addon, const json_t *list)
{
    size_t i;
    json_t *item;
    json_array_foreach(list, i, item)
    {
        const char *key = json_get_text(item, "key"), *value = json_get_text(item, "value");
        if (!key || !value)
            return call_invalid(call, "configurations: each needs key and value");
        if (!text_one_of(key, COMMON, false) && !text_one_of(key, addon->configurations, false))
            return call_invalid(call, "configurations: %s has no setting %s", addon->name, key);
        bool structured =
            text_one_of(key, "affinity|nodeSelectors|rollingUpdate|tolerations", false);
        if (structured && !json_text(value))
            return call_invalid(call, "configurations: the value of %s must be JSON", key);
        size_t digits = strspn(value, "0123456789");
        if (text_equal(key, "numOfReplicas") && (digits == 0 || value[digits]))
            return call_invalid(call, "configurations: numOfReplicas must be a number");
    }
    return true;
}

static bool check_version(struct call *call, const struct addon *addon, const char *version)
{
    return !version || text_equal(version, addon->version) || text_equal(version, addon->older) ||
           call_invalid(call, "version: %s is not offered in version %s", addon->name, version);
}

static bool check_addon(struct call *call, const struct object *cluster, const struct addon *addon)
{
    if (addon->cni && !text_equal(addon->cni, cluster_cni(cluster)))
        return call_invalid(call, "addonName: %s is for clusters with the pod network %s",
                            addon->name, addon->cni);
    const struct object *needed =
        addon->needs ? store_find(call->store, &kind_addon, id_of(call, cluster->id, addon->needs))
                     : NULL;
    return !addon->needs || needed ||
           call_invalid(call, "addonName: %s needs the addon %s", addon->name, addon->needs);
}

static void set_members(struct object *object, const json_t *details)
{
    static const char *const members[] = {"version", "configurations"};
    for (size_t i = 0; i < ARRAY_LENGTH(members); i++) {
        json_t *value = json_object_get(details, members[i]);
        if (value)
            json_object_set_new(object->body, members[i], json_deep_copy(value));
    }
}

static bool start(struct call *call, const char *operation, struct object *addon,
                  const char *action, const char *state, const char *step)
{
    call_set_state(addon, state);
    oke_start_work(call, operation, addon, "addon", action, step, ADDON_MS);
    return oke_reply_accepted(call);
}

static struct object *add(struct call *call, const struct object *cluster, const char *name)
{
    struct object *object = change_add(call->change, &kind_addon, id_of(call, cluster->id, name));
    JSON_AUTO body = json_pack("{s:s, s:n, s:n, s:s, s:[], s:n, s:s, s:s}", "name", name, "version",
                               "currentInstalledVersion", "timeCreated", call_time(call),
                               "configurations", "addonError", "clusterId", cluster->id,
                               "compartmentId", object_text(cluster, "compartmentId"));
    json_object_update(object->body, body);
    return object;
}

bool oke_install_addon(struct call *call)
{
    const struct object *cluster = call_target_at(call, &kind_cluster, 0);
    const char *name = call_text(call, "addonName");
    const struct addon *addon = find(name);
    if (!cluster || !cluster_check_active(call, cluster) ||
        !cluster_check_enhanced(call, cluster, "addons"))
        return false;
    if (!addon)
        return call_invalid(call, "addonName: there is no addon %s; see addonOptions", name);
    if (!check_addon(call, cluster, addon) ||
        !check_version(call, addon, call_text(call, "version")) ||
        !check_configurations(call, addon, json_object_get(call->body, "configurations")))
        return false;
    struct object *object = store_find(call->store, &kind_addon, id_of(call, cluster->id, name));
    if (object && !json_get_bool(call->body, "isOverrideExisting", false))
        return call_conflict(call, "Addon %s is installed in cluster %s already", name,
                             cluster->id);
    object = object ? change_edit(call->change, object) : add(call, cluster, name);
    set_members(object, call->body);
    call->created = object->id;
    return start(call, "ENABLE_ADDON", object, "CREATED", "CREATING", "activate");
}

static struct object *open_addon(struct call *call)
{
    struct object *object = target(call);
    if (!object || !call_if_match(call, object))
        return NULL;
    if (!text_one_of(object_state(object), "ACTIVE|NEEDS_ATTENTION|FAILED", false)) {
        call_bad_state(call, "Addon %s is in the state %s", object_text(object, "name"),
                       object_state(object));
        return NULL;
    }
    return change_edit(call->change, object);
}

bool oke_update_addon(struct call *call)
{
    struct object *object = open_addon(call);
    const struct addon *addon = object ? find(object_text(object, "name")) : NULL;
    if (!addon || !check_version(call, addon, call_text(call, "version")) ||
        !check_configurations(call, addon, json_object_get(call->body, "configurations")))
        return false;
    set_members(object, call->body);
    return start(call, "UPDATE_ADDON", object, "UPDATED", "UPDATING", "updated");
}

bool oke_disable_addon(struct call *call)
{
    struct object *object = open_addon(call);
    return object && start(call, "DISABLE_ADDON", object, "DELETED", "DELETING", "deleted");
}

bool oke_get_addon(struct call *call)
{
    const struct object *object = target(call);
    return object && call_reply_object(call, 200, object);
}

bool oke_list_addons(struct call *call)
{
    const struct object *cluster = call_target_at(call, &kind_cluster, 0);
    if (!cluster)
        return false;
    json_t *list = json_array();
    for (const struct object *one = store_first(call->store, &kind_addon); one;
         one = store_next(call->store, one))
        if (text_equal(object_text(one, "clusterId"), cluster->id))
            json_array_append_new(list, crud_summary(call, one));
    return crud_reply_page(call, list);
}

void addons_remove_of(struct call *call, const struct object *cluster)
{
    for (struct object *one = store_first(call->store, &kind_addon), *next; one; one = next) {
        next = store_next(call->store, one);
        if (text_equal(object_text(one, "clusterId"), cluster->id))
            change_remove(call->change, one);
    }
}

/* --- in the course of time ----------------------------------------------------------------------- */

static bool step(struct call *call, struct object *object, const char *name, bool failed)
{
    const struct addon *addon = find(object_text(object, "name"));
    const char *version = object_text(object, "version");
    if (failed) {
        call_set_state(object, "NEEDS_ATTENTION");
        json_object_set_new(
            object->body, "addonError",
            json_pack("{s:s, s:s}", "code", oke_failure_code(call), "message", oke_failure(call)));
        return true;
    }
    if (strcmp(name, "deleted") == 0) {
        change_remove(call->change, object);
        return true;
    }
    call_set_state(object, "ACTIVE");
    json_object_set_new(object->body, "addonError", json_null());
    json_set_text(object->body, "currentInstalledVersion", version ? version : addon->version);
    return true;
}

static void view(struct call *call, const struct object *object, json_t *copy)
{
    (void)call;
    (void)object;
    json_object_del(copy, "clusterId");
    json_object_del(copy, "compartmentId");
}

const struct kind kind_addon = {
    .type = "addon",
    .title = "Addon",
    .name_field = "name",
    .internal = true,
    .summary = "name|version|currentInstalledVersion|timeCreated|lifecycleState|addonError",
    .view = view,
    .step = step,
};
