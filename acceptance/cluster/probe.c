#include "acceptance/cluster/probe.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "acceptance/cluster/api.h"
#include "acceptance/cluster/options.h"
#include "lib/base/clock.h"
#include "lib/base/file.h"
#include "lib/base/json.h"
#include "lib/kube/mapper.h"
#include "lib/kube/object.h"
#include "lib/net/http.h"

enum { PROBE_MS = 500, SECOND_MS = 1000 };

struct prober {
    struct http_client *http;
    struct kube_client *kube;
};

struct prober *prober_new(const struct cluster *cluster)
{
    struct prober *prober = mem_calloc(1, sizeof(*prober));
    ERROR_AUTO(err);
    /* Health is public, and the controllers' certificates are their own. */
    prober->http = http_client_new(&(struct http_options){.insecure = true, .no_proxy = true});
    prober->kube = api_client_probing(cluster, &err);
    return prober;
}

static bool answers_http(struct prober *prober, const char *url)
{
    ERROR_AUTO(err);
    HTTP_RESPONSE_AUTO(response);
    struct http_request request = {
        .method = "GET", .url = url, .deadline_ms = clock_monotonic_ms() + PROBE_MS};
    return http_perform(prober->http, &request, &response, &err) && response.status == 200;
}

static bool accepts(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
    CLEANUP(file_close_pointer) int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    return fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0;
}

/* Ready, and when the node said so, in *heard_ms (0: never). */
static bool is_ready(const json_t *node, int64_t *heard_ms)
{
    size_t index;
    json_t *condition;
    *heard_ms = 0;
    json_array_foreach(json_at_path(node, "status.conditions"), index, condition)
    {
        const char *heard = json_get_text(condition, "lastHeartbeatTime");
        if (!text_equal(json_get_text(condition, "type"), "Ready"))
            continue;
        if (!heard || !clock_parse_rfc3339(heard, heard_ms))
            *heard_ms = 0;
        return text_equal(json_get_text(condition, "status"), "True");
    }
    return false;
}

static bool lease_is_newer(struct prober *prober, const char *node_name, int64_t started_ms)
{
    ERROR_AUTO(err);
    struct kube_scope scope = {.deadline_ms = clock_monotonic_ms() + PROBE_MS};
    const struct kube_object lease = {.kind = kube_kind_built_in("coordination.k8s.io/v1", "Lease"),
                                      .namespace_name = "kube-node-lease",
                                      .name = node_name};
    JSON_AUTO renewed = kube_get(prober->kube, &scope, &lease, &err);
    const char *time = json_get_text(json_object_get(renewed, "spec"), "renewTime");
    int64_t renewed_ms;
    return time && clock_parse_rfc3339(time, &renewed_ms) && renewed_ms > started_ms;
}

/* What the node says of itself may be from before a restart, and stays so for minutes when nothing has
 * changed; then its lease tells, which a kubelet that lives renews. */
static bool has_ready_node(struct prober *prober, const char *node_name, int64_t started_ms)
{
    ERROR_AUTO(err);
    struct kube_scope scope = {.deadline_ms = clock_monotonic_ms() + PROBE_MS};
    const struct kube_object node = {.kind = kube_kind_built_in("v1", "Node"), .name = node_name};
    JSON_AUTO seen = kube_get(prober->kube, &scope, &node, &err);
    int64_t heard_ms;
    return seen && is_ready(seen, &heard_ms) &&
           (heard_ms + SECOND_MS > started_ms || lease_is_newer(prober, node_name, started_ms));
}

bool probe_ask(struct prober *prober, const struct cluster *cluster,
               const struct component *component, int64_t started_ms)
{
    ERROR_AUTO(err);
    STR_AUTO target = STR_INIT;
    if (component->target && !cluster_expand(cluster, component->target, &target, &err))
        return false;
    switch (component->probe) {
    case PROBE_HTTP:
        return answers_http(prober, str_text(&target));
    case PROBE_SOCKET:
        return accepts(str_text(&target));
    case PROBE_NODE:
        return has_ready_node(prober, options_text(cluster->options, "node-name"), started_ms);
    case PROBE_RUNNING:
        return true;
    case PROBE_ENDED:
        return false;
    }
    return false;
}
