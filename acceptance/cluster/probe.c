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

static bool node_is_ready(const json_t *node, int64_t started_ms)
{
    size_t index;
    json_t *condition;
    json_array_foreach(json_at_path(node, "status.conditions"), index, condition)
    {
        int64_t heard_ms;
        const char *heard = json_get_text(condition, "lastHeartbeatTime");
        if (text_equal(json_get_text(condition, "type"), "Ready"))
            return text_equal(json_get_text(condition, "status"), "True") && heard &&
                   clock_parse_rfc3339(heard, &heard_ms) && heard_ms + SECOND_MS > started_ms;
    }
    return false;
}

static bool has_ready_node(struct prober *prober, const char *node_name, int64_t started_ms)
{
    ERROR_AUTO(err);
    struct kube_scope scope = {.deadline_ms = clock_monotonic_ms() + PROBE_MS};
    struct kube_object object = {.kind = kube_kind_built_in("v1", "Node"), .name = node_name};
    JSON_AUTO node = kube_get(prober->kube, &scope, &object, &err);
    return node && node_is_ready(node, started_ms);
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
