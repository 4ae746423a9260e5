#include "acceptance/cluster/nodes.h"

#include <string.h>

#include "acceptance/cluster/api.h"
#include "lib/base/json.h"
#include "lib/kube/mapper.h"
#include "lib/kube/object.h"

/* What a VM.Standard.A1.Flex of 2 OCPUs and 12 GB has. */
static json_t *simulated_status(void)
{
    json_t *size = json_pack("{s:s, s:s, s:s, s:s}", "cpu", "2", "memory", "12Gi", "pods", "110",
                             "ephemeral-storage", "40Gi");
    json_t *status = json_object();
    json_object_set(status, "allocatable", size);
    json_object_set_new(status, "capacity", size);
    return status;
}

static json_t *simulated_node(const char *name, int count, char **labels, struct error *err)
{
    json_t *node = json_pack("{s:s, s:s, s:{s:s, s:{s:s}, s:{s:s, s:s, s:s, s:s}}, s:{}, s:o}",
                             "apiVersion", "v1", "kind", "Node", "metadata", "name", name,
                             "annotations", "kwok.x-k8s.io/node", "fake", "labels",
                             "kubernetes.io/hostname", name, "kubernetes.io/os", "linux",
                             "kubernetes.io/arch", "arm64", "node.kubernetes.io/instance-type",
                             "VM.Standard.A1.Flex", "spec", "status", simulated_status());
    json_t *wanted = json_at_path(node, "metadata.labels");
    for (int i = 0; i < count; i++) {
        const char *equals = strchr(labels[i], '=');
        if (!equals) {
            error_set(err, ERROR_INVALID, "%s: should be LABEL=VALUE", labels[i]);
            json_decref(node);
            return NULL;
        }
        CLEANUP(free_pointer) char *key = mem_strndup(labels[i], (size_t)(equals - labels[i]));
        json_set_text(wanted, key, equals + 1);
    }
    return node;
}

bool nodes_add(struct cluster *cluster, int count, char **arguments, struct error *err)
{
    if (count < 1)
        return error_set(err, ERROR_INVALID, "node-add needs a name");
    if (!cluster_has(cluster, "kwok"))
        return error_set(err, ERROR_INVALID,
                         "simulated nodes need kwok: start the cluster --with kwok");
    JSON_AUTO node = simulated_node(arguments[0], count - 1, arguments + 1, err);
    struct kube_client *client = node ? api_client_outside(cluster, err) : NULL;
    struct kube_scope scope = {0};
    struct kube_request request = {.method = "POST", .path = "/api/v1/nodes", .body = node};
    bool good = client && kube_call(client, &scope, &request, NULL, NULL, err);
    kube_client_free(client);
    return good;
}

bool nodes_remove(struct cluster *cluster, int count, char **arguments, struct error *err)
{
    if (count != 1)
        return error_set(err, ERROR_INVALID, "node-remove needs a name and nothing else");
    struct kube_client *client = api_client_outside(cluster, err);
    struct kube_scope scope = {0};
    struct kube_object node = {.kind = kube_kind_built_in("v1", "Node"), .name = arguments[0]};
    bool good = client &&
                kube_delete(client, &scope, &node, &(struct kube_delete){.grace_seconds = -1}, err);
    kube_client_free(client);
    return good;
}
