#include "acceptance/cluster/cloud_controller.h"

#include <arpa/inet.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "acceptance/cluster/api.h"
#include "acceptance/cluster/forwarder.h"
#include "acceptance/cluster/load_balancer.h"
#include "acceptance/cluster/options.h"
#include "acceptance/cluster/volume.h"
#include "lib/base/file.h"
#include "lib/base/json.h"
#include "lib/base/yaml.h"
#include "lib/kube/mapper.h"
#include "lib/kube/object.h"
#include "lib/net/url.h"

#define READY_SOCKET "/run/okestra/cloud-controller.sock"
#define LOOPBACK     "127.0.0.1"

enum {
    OUTSIDE_DESCRIPTOR = 3,
    OBJECTS_LIMIT = 1024 * 1024,
    APPLY_ATTEMPTS = 100,
    APPLY_PAUSE_US = 100 * 1000,
};

/* ---- ways in and out ------------------------------------------------------------------------ */

/* A port of this machine, at the same address inside and, for pods, at the API server's. */
static bool reach(struct forwarder *forwarder, int port, struct error *err)
{
    static const char *const inside[] = {LOOPBACK, CLUSTER_API_ADDRESS};
    for (size_t i = 0; i < ARRAY_LENGTH(inside); i++) {
        ERROR_AUTO(failure);
        if (forwarder_listen(forwarder, FORWARDER_INSIDE, inside[i], port, LOOPBACK, port,
                             &failure) ||
            failure.code == ERROR_EXISTS) /* asked for twice */
            continue;
        error_move(err, &failure);
        return false;
    }
    return true;
}

static bool reach_url(struct forwarder *forwarder, const char *text, struct error *err)
{
    URL_AUTO(url);
    if (!url_parse(text, &url, err))
        return false;
    return !url_host_is_loopback(url.host) || reach(forwarder, url.port, err);
}

static bool open_ways_out(const struct cluster *cluster, struct forwarder *forwarder,
                          struct error *err)
{
    const char *webhook = options_text(cluster->options, "token-webhook");
    if (*webhook && !reach_url(forwarder, webhook, err))
        return false;
    size_t index;
    json_t *item;
    json_array_foreach(options_list(cluster->options, "registry-host"), index, item)
    {
        const char *url = strchr(json_string_value(item), '=') + 1;
        if (strcmp(url, "registry") != 0 && !reach_url(forwarder, url, err))
            return false;
    }
    json_array_foreach(options_list(cluster->options, "reach"), index, item)
    {
        if (!reach(forwarder, (int)strtol(json_string_value(item), NULL, 10), err))
            return false;
    }
    return true;
}

static bool open_ways_in(const struct cluster *cluster, struct forwarder *forwarder,
                         struct error *err)
{
    int port = (int)options_number(cluster->options, "port");
    return forwarder_listen(forwarder, FORWARDER_OUTSIDE, LOOPBACK, port, CLUSTER_API_ADDRESS,
                            CLUSTER_API_PORT, err) &&
           (!cluster_has(cluster, "registry") ||
            forwarder_listen(forwarder, FORWARDER_OUTSIDE, LOOPBACK, port + 1, CLUSTER_API_ADDRESS,
                             CLUSTER_REGISTRY_PORT, err));
}

bool cloud_controller_check_ports(const struct cluster *cluster, struct error *err)
{
    long first = options_number(cluster->options, "port");
    long last = first + (cluster_has(cluster, "registry") ? 1 : 0);
    for (long port = first; port <= last; port++) {
        struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        CLEANUP(file_close_pointer) int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        int on = 1;
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
        if (bind(fd, (const struct sockaddr *)&address, sizeof(address)) < 0)
            return error_set_errno(err, "port %ld of 127.0.0.1, which the cluster wants (--port)",
                                   port);
    }
    return true;
}

/* ---- objects -------------------------------------------------------------------------------- */

/* Right after the start namespaces may be missing still. */
static bool apply(struct kube_client *client, const json_t *object, struct error *err)
{
    const struct kube_object target = {
        .kind =
            kube_kind_built_in(json_get_text(object, "apiVersion"), json_get_text(object, "kind")),
        .namespace_name = kube_namespace(object),
        .name = kube_name(object),
    };
    const struct kube_apply wanted = {.desired = object, .manager = "local-cluster", .force = true};
    struct kube_scope scope = {0};
    if (!target.kind)
        return error_set(err, ERROR_INTERNAL, "%s is no built-in kind",
                         json_get_text(object, "kind"));
    for (int attempt = 1;; attempt++) {
        ERROR_AUTO(failure);
        JSON_AUTO applied = kube_apply(client, &scope, &target, &wanted, &failure);
        if (applied)
            return true;
        if (failure.code == ERROR_INVALID || attempt == APPLY_ATTEMPTS) {
            error_move(err, &failure);
            return false;
        }
        usleep(APPLY_PAUSE_US);
    }
}

static bool apply_documents(struct kube_client *client, const struct str *yaml, struct error *err)
{
    STR_AUTO text = STR_INIT;
    if (!yaml_to_json((struct slice){yaml->ptr, yaml->length}, &text, err))
        return false;
    JSON_AUTO objects = json_parse(text.ptr, text.length, err);
    size_t index;
    json_t *object;
    json_array_foreach(objects, index, object)
    {
        if (!apply(client, object, err))
            return false;
    }
    return objects != NULL;
}

bool cloud_controller_apply_objects(struct cluster *cluster, int count, char **arguments,
                                    struct error *err)
{
    (void)count;
    (void)arguments;
    static const struct {
        const char *file, *feature;
    } sets[] = {
        {"objects.yaml", NULL},
        {"objects-metrics-server.yaml", "metrics-server"},
        {"objects-ingress.yaml", "ingress"},
    };
    struct kube_client *client = api_client_inside(cluster, err);
    bool good = client != NULL;
    for (size_t i = 0; good && i < ARRAY_LENGTH(sets); i++) {
        if (sets[i].feature && !cluster_has(cluster, sets[i].feature))
            continue;
        STR_AUTO path = STR_INIT;
        STR_AUTO text = STR_INIT;
        str_printf(&path, "%s/config/%s", cluster->state, sets[i].file);
        good = file_read(str_text(&path), OBJECTS_LIMIT, &text, err) &&
               apply_documents(client, &text, err);
    }
    kube_client_free(client);
    return good;
}

/* ---- the process ---------------------------------------------------------------------------- */

/* A controller on a thread of its own. When one cannot go on the process ends, and is started again. */
struct controller {
    const struct cluster *cluster;
    struct kube_client *client;
    struct forwarder *forwarder;
    const char *name;
    bool (*run)(const struct controller *controller, struct error *err);
};

static bool run_load_balancers(const struct controller *controller, struct error *err)
{
    return load_balancers_run(controller->cluster, controller->client, controller->forwarder, err);
}

static bool run_claims(const struct controller *controller, struct error *err)
{
    return volumes_run_claims(controller->cluster, controller->client, err);
}

static bool run_volumes(const struct controller *controller, struct error *err)
{
    return volumes_run_releases(controller->cluster, controller->client, err);
}

static void *run_controller(void *context)
{
    const struct controller *controller = context;
    ERROR_AUTO(err);
    controller->run(controller, &err);
    fprintf(stderr, "%s: %s\n", controller->name, error_message(&err));
    _exit(1);
}

static bool say_ready(struct error *err)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = READY_SOCKET};
    unlink(READY_SOCKET);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    return (fd >= 0 && bind(fd, (const struct sockaddr *)&address, sizeof(address)) == 0 &&
            listen(fd, FORWARDER_BACKLOG) == 0) ||
           error_set_errno(err, "listen on " READY_SOCKET);
}

bool cloud_controller_run(struct cluster *cluster, int count, char **arguments, struct error *err)
{
    (void)count;
    (void)arguments;
    struct controller controllers[] = {
        {.name = "load balancers", .run = run_load_balancers},
        {.name = "volume claims", .run = run_claims},
        {.name = "volumes", .run = run_volumes},
    };
    signal(SIGPIPE, SIG_IGN);
    struct forwarder *forwarder = forwarder_new(OUTSIDE_DESCRIPTOR, err);
    struct kube_client *client = api_client_inside(cluster, err);
    if (!forwarder || !client || !open_ways_out(cluster, forwarder, err) ||
        !open_ways_in(cluster, forwarder, err) || !say_ready(err))
        return false;
    for (size_t i = 0; i < ARRAY_LENGTH(controllers); i++) {
        controllers[i].cluster = cluster;
        controllers[i].client = client;
        controllers[i].forwarder = forwarder;
        pthread_t thread;
        errno = pthread_create(&thread, NULL, run_controller, &controllers[i]);
        if (errno != 0)
            return error_set_errno(err, "start a thread");
    }
    for (;;)
        pause();
}
