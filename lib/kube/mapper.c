#include "lib/kube/mapper.h"

#include <string.h>

#include "lib/base/clock.h"
#include "lib/base/json.h"
#include "lib/kube/client_internal.h"
#include "lib/net/url.h"

/* Kinds of stable versions only: they do not change any more. */
static const struct kube_kind built_in[] = {
    {"v1", "ConfigMap", "configmaps", true},
    {"v1", "Endpoints", "endpoints", true},
    {"v1", "Event", "events", true},
    {"v1", "LimitRange", "limitranges", true},
    {"v1", "Namespace", "namespaces", false},
    {"v1", "Node", "nodes", false},
    {"v1", "PersistentVolume", "persistentvolumes", false},
    {"v1", "PersistentVolumeClaim", "persistentvolumeclaims", true},
    {"v1", "Pod", "pods", true},
    {"v1", "PodTemplate", "podtemplates", true},
    {"v1", "ReplicationController", "replicationcontrollers", true},
    {"v1", "ResourceQuota", "resourcequotas", true},
    {"v1", "Secret", "secrets", true},
    {"v1", "Service", "services", true},
    {"v1", "ServiceAccount", "serviceaccounts", true},
    {"admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration",
     "mutatingwebhookconfigurations", false},
    {"admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicy", "validatingadmissionpolicies",
     false},
    {"admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicyBinding",
     "validatingadmissionpolicybindings", false},
    {"admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration",
     "validatingwebhookconfigurations", false},
    {"apiextensions.k8s.io/v1", "CustomResourceDefinition", "customresourcedefinitions", false},
    {"apiregistration.k8s.io/v1", "APIService", "apiservices", false},
    {"apps/v1", "ControllerRevision", "controllerrevisions", true},
    {"apps/v1", "DaemonSet", "daemonsets", true},
    {"apps/v1", "Deployment", "deployments", true},
    {"apps/v1", "ReplicaSet", "replicasets", true},
    {"apps/v1", "StatefulSet", "statefulsets", true},
    {"autoscaling/v1", "HorizontalPodAutoscaler", "horizontalpodautoscalers", true},
    {"autoscaling/v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers", true},
    {"batch/v1", "CronJob", "cronjobs", true},
    {"batch/v1", "Job", "jobs", true},
    {"certificates.k8s.io/v1", "CertificateSigningRequest", "certificatesigningrequests", false},
    {"coordination.k8s.io/v1", "Lease", "leases", true},
    {"discovery.k8s.io/v1", "EndpointSlice", "endpointslices", true},
    {"events.k8s.io/v1", "Event", "events", true},
    {"flowcontrol.apiserver.k8s.io/v1", "FlowSchema", "flowschemas", false},
    {"flowcontrol.apiserver.k8s.io/v1", "PriorityLevelConfiguration", "prioritylevelconfigurations",
     false},
    {"networking.k8s.io/v1", "Ingress", "ingresses", true},
    {"networking.k8s.io/v1", "IngressClass", "ingressclasses", false},
    {"networking.k8s.io/v1", "NetworkPolicy", "networkpolicies", true},
    {"node.k8s.io/v1", "RuntimeClass", "runtimeclasses", false},
    {"policy/v1", "PodDisruptionBudget", "poddisruptionbudgets", true},
    {"rbac.authorization.k8s.io/v1", "ClusterRole", "clusterroles", false},
    {"rbac.authorization.k8s.io/v1", "ClusterRoleBinding", "clusterrolebindings", false},
    {"rbac.authorization.k8s.io/v1", "Role", "roles", true},
    {"rbac.authorization.k8s.io/v1", "RoleBinding", "rolebindings", true},
    {"scheduling.k8s.io/v1", "PriorityClass", "priorityclasses", false},
    {"storage.k8s.io/v1", "CSIDriver", "csidrivers", false},
    {"storage.k8s.io/v1", "CSINode", "csinodes", false},
    {"storage.k8s.io/v1", "CSIStorageCapacity", "csistoragecapacities", true},
    {"storage.k8s.io/v1", "StorageClass", "storageclasses", false},
    {"storage.k8s.io/v1", "VolumeAttachment", "volumeattachments", false},
    {"kafka.strimzi.io/v1", "Kafka", "kafkas", true},
    {"kafka.strimzi.io/v1", "KafkaNodePool", "kafkanodepools", true},
    {"kafka.strimzi.io/v1", "KafkaTopic", "kafkatopics", true},
    {"kafka.strimzi.io/v1", "KafkaUser", "kafkausers", true},
    {"kafka.strimzi.io/v1beta2", "Kafka", "kafkas", true},
    {"kafka.strimzi.io/v1beta2", "KafkaNodePool", "kafkanodepools", true},
    {"kafka.strimzi.io/v1beta2", "KafkaTopic", "kafkatopics", true},
    {"kafka.strimzi.io/v1beta2", "KafkaUser", "kafkausers", true},
    {"dapr.io/v1alpha1", "Component", "components", true},
    {"dapr.io/v1alpha1", "Configuration", "configurations", true},
    {"dapr.io/v1alpha1", "Resiliency", "resiliencies", true},
    {"dapr.io/v2alpha1", "Subscription", "subscriptions", true},
};

const struct kube_kind *kube_kind_built_in(const char *api_version, const char *kind)
{
    for (size_t i = 0; i < ARRAY_LENGTH(built_in); i++)
        if (text_equal(built_in[i].kind, kind) && text_equal(built_in[i].api_version, api_version))
            return &built_in[i];
    return NULL;
}

/* --- discovery ---------------------------------------------------------------------------------- */

struct kube_group_version {
    struct kube_group_version *next;
    const char *name;
    const struct kube_kind *kinds;
    size_t count;
    int64_t asked_ms; /* monotonic */
};

void kube_mapper_init(struct kube_mapper *mapper)
{
    *mapper = (struct kube_mapper){.arena = arena_new()};
    pthread_mutex_init(&mapper->mutex, NULL);
}

void kube_mapper_clear(struct kube_mapper *mapper)
{
    arena_free(mapper->arena);
    pthread_mutex_destroy(&mapper->mutex);
}

static struct kube_group_version *known(struct kube_mapper *mapper, const char *api_version)
{
    for (struct kube_group_version *at = mapper->known; at; at = at->next)
        if (strcmp(at->name, api_version) == 0)
            return at;
    struct kube_group_version *added = arena_new_of(mapper->arena, struct kube_group_version);
    added->name = arena_strdup(mapper->arena, api_version);
    added->next = mapper->known;
    return mapper->known = added;
}

/* Subresources have a slash in their names; their kinds are none of their own. */
static void take_resources(struct kube_mapper *mapper, struct kube_group_version *version,
                           const json_t *resources)
{
    size_t count = json_array_size(resources);
    struct kube_kind *kinds = arena_array(mapper->arena, struct kube_kind, count + 1);
    version->count = 0;
    for (size_t i = 0; i < count; i++) {
        const json_t *resource = json_array_get(resources, i);
        const char *name = json_get_text(resource, "name");
        const char *kind = json_get_text(resource, "kind");
        if (text_empty(name) || text_empty(kind) || strchr(name, '/'))
            continue;
        kinds[version->count++] =
            (struct kube_kind){.api_version = version->name,
                               .kind = arena_strdup(mapper->arena, kind),
                               .plural = arena_strdup(mapper->arena, name),
                               .namespaced = json_get_bool(resource, "namespaced", false)};
    }
    version->kinds = kinds;
}

static const struct kube_kind *kind_in(const struct kube_group_version *version, const char *kind)
{
    for (size_t i = 0; i < version->count; i++)
        if (strcmp(version->kinds[i].kind, kind) == 0)
            return &version->kinds[i];
    return NULL;
}

/* The kinds that the server has in that version; none when it has no such version. New reference. */
static bool ask(struct kube_client *client, const struct kube_scope *scope, const char *api_version,
                json_t **resources, struct error *err)
{
    STR_AUTO path = STR_INIT;
    str_append(&path, strchr(api_version, '/') ? "/apis/" : "/api/");
    url_encode_text(URL_PATH, api_version, &path);
    JSON_AUTO answer = NULL;
    struct kube_request request = {.method = "GET", .path = str_text(&path)};
    ERROR_AUTO(failure);
    if (kube_call(client, scope, &request, &answer, NULL, &failure)) {
        *resources = json_incref(json_object_get(answer, "resources"));
        return true;
    }
    if (failure.code == ERROR_NOT_FOUND)
        return true;
    error_move(err, &failure);
    return error_wrap(err, "kinds of %s", api_version);
}

const struct kube_kind *kube_kind_find(struct kube_client *client, const struct kube_scope *scope,
                                       const char *api_version, const char *kind, struct error *err)
{
    const struct kube_kind *found = kube_kind_built_in(api_version, kind);
    if (found)
        return found;
    struct kube_mapper *mapper = &client->mapper;
    pthread_mutex_lock(&mapper->mutex);
    struct kube_group_version *version = known(mapper, api_version);
    found = kind_in(version, kind);
    bool fresh = version->asked_ms && clock_monotonic_ms() - version->asked_ms < KUBE_MISS_MS;
    pthread_mutex_unlock(&mapper->mutex);
    if (!found && !fresh) {
        JSON_AUTO resources = NULL;
        if (!ask(client, scope, api_version, &resources, err))
            return NULL;
        pthread_mutex_lock(&mapper->mutex);
        version->asked_ms = clock_monotonic_ms();
        take_resources(mapper, version, resources);
        found = kind_in(version, kind);
        pthread_mutex_unlock(&mapper->mutex);
    }
    if (!found)
        error_set(
            err, ERROR_NOT_FOUND,
            "the API server has no kind %s in %s: its CRD is not installed, or another version "
            "of it",
            kind, api_version);
    return found;
}

/* --- paths -------------------------------------------------------------------------------------- */

static bool append_segment(struct str *path, const char *segment, struct error *err)
{
    if (text_empty(segment) || strlen(segment) > KUBE_NAME_LIMIT || strchr(segment, '/') ||
        strcmp(segment, ".") == 0 || strcmp(segment, "..") == 0)
        return error_set(err, ERROR_INVALID, "\"%.300s\" cannot be the name of an object",
                         segment ? segment : "");
    str_append_char(path, '/');
    url_encode_text(URL_COMPONENT, segment, path);
    return true;
}

const char *kube_object_path(struct arena *arena, const struct kube_object *object,
                             const char *subresource, struct error *err)
{
    const struct kube_kind *kind = object->kind;
    STR_AUTO path = STR_INIT;
    str_append(&path, strchr(kind->api_version, '/') ? "/apis/" : "/api/");
    url_encode_text(URL_PATH, kind->api_version, &path);
    if (kind->namespaced && object->namespace_name) {
        str_append(&path, "/namespaces");
        if (!append_segment(&path, object->namespace_name, err))
            return NULL;
    } else if (kind->namespaced && object->name) {
        error_set(err, ERROR_INVALID, "%s %s has no namespace", kind->kind, object->name);
        return NULL;
    }
    str_printf(&path, "/%s", kind->plural);
    if (object->name && !append_segment(&path, object->name, err))
        return NULL;
    if (subresource)
        str_printf(&path, "/%s", subresource);
    return str_copy_to(&path, arena);
}

const char *kube_object_title(struct arena *arena, const struct kube_object *object)
{
    bool inside = object->kind->namespaced && object->namespace_name;
    return arena_printf(arena, "%s %s%s%s", object->kind->kind,
                        inside ? object->namespace_name : "", inside ? "/" : "",
                        object->name ? object->name : "*");
}
