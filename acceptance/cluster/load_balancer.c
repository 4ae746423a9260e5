#include "acceptance/cluster/load_balancer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "acceptance/cluster/api.h"
#include "acceptance/cluster/event.h"
#include "lib/base/file.h"
#include "lib/base/json.h"
#include "lib/base/vec.h"

enum {
    CLAIM_PORT = 1, /* holds an address for one load balancer of one cluster */
    FIRST_HOST = 1,
    LAST_HOST = 254 * 256,
};

struct balancer {
    char *key;    /* namespace/name */
    char *wishes; /* what the Service said last */
    char address[16];
    int claim; /* descriptor; -1: no address yet */
    VEC(struct forwarder_listener *) listeners;
    json_t *description;
    bool listed; /* by the list that is coming in */
};

struct balancers {
    const struct cluster *cluster;
    struct kube_client *client;
    struct forwarder *forwarder;
    VEC(struct balancer *) all;
};

static char *key_of(const json_t *service)
{
    const json_t *metadata = json_object_get(service, "metadata");
    struct str key = STR_INIT;
    str_printf(&key, "%s/%s", json_get_text(metadata, "namespace"),
               json_get_text(metadata, "name"));
    return str_steal(&key);
}

static struct balancer *find(const struct balancers *balancers, const char *key)
{
    for (size_t i = 0; i < balancers->all.count; i++)
        if (strcmp(balancers->all.items[i]->key, key) == 0)
            return balancers->all.items[i];
    return NULL;
}

static void close_listeners(struct balancers *balancers, struct balancer *balancer)
{
    for (size_t i = 0; i < balancer->listeners.count; i++)
        forwarder_close(balancers->forwarder, balancer->listeners.items[i]);
    balancer->listeners.count = 0;
}

static void write_list(const struct balancers *balancers)
{
    JSON_AUTO list = json_array();
    for (size_t i = 0; i < balancers->all.count; i++)
        json_array_append(list, balancers->all.items[i]->description);
    STR_AUTO text = STR_INIT;
    json_write(list, false, &text);
    str_append_char(&text, '\n');
    CLEANUP(free_pointer) char *path = cluster_path(balancers->cluster, "load-balancers.json");
    ERROR_AUTO(err);
    if (!file_write_atomic(path, text.ptr, text.length, 0644, &err))
        fprintf(stderr, "%s\n", error_message(&err));
}

static void forget(struct balancers *balancers, struct balancer *balancer)
{
    close_listeners(balancers, balancer);
    if (balancer->claim >= 0)
        close(balancer->claim);
    for (size_t i = 0; i < balancers->all.count; i++)
        if (balancers->all.items[i] == balancer)
            balancers->all.items[i--] = balancers->all.items[--balancers->all.count];
    vec_free(&balancer->listeners);
    json_decref(balancer->description);
    free(balancer->key);
    free(balancer->wishes);
    free(balancer);
}

/* ---- addresses ------------------------------------------------------------------------------ */

static bool claim(struct balancers *balancers, struct balancer *balancer, const char *address)
{
    balancer->claim = forwarder_claim(balancers->forwarder, address, CLAIM_PORT);
    if (balancer->claim >= 0)
        snprintf(balancer->address, sizeof(balancer->address), "%s", address);
    return balancer->claim >= 0;
}

/* The one that the Service has from before a restart, or the first free one. */
static bool find_address(struct balancers *balancers, struct balancer *balancer,
                         const json_t *service, struct error *err)
{
    const char *before =
        json_get_text(json_at_path(service, "status.loadBalancer.ingress.0"), "ip");
    if (balancer->claim >= 0 || (before && claim(balancers, balancer, before)))
        return true;
    for (int host = FIRST_HOST; host < LAST_HOST; host++) {
        char address[sizeof(balancer->address)];
        snprintf(address, sizeof(address), "127.240.%d.%d", host / 256 & 255, host & 255);
        if (claim(balancers, balancer, address))
            return true;
    }
    return error_set(err, ERROR_CAPACITY, "no address of 127.240.0.0/16 is free");
}

static bool listen_all(struct balancers *balancers, struct balancer *balancer,
                       const json_t *service, struct error *err)
{
    const char *target = json_get_text(json_object_get(service, "spec"), "clusterIP");
    size_t index;
    json_t *item;
    json_array_foreach(json_at_path(service, "spec.ports"), index, item)
    {
        const char *protocol = json_get_text(item, "protocol");
        if (protocol && strcmp(protocol, "TCP") != 0)
            continue; /* a network load balancer's UDP is accepted and goes nowhere */
        int port = (int)json_get_integer(item, "port", 0);
        struct forwarder_listener *listener = forwarder_listen(
            balancers->forwarder, FORWARDER_OUTSIDE, balancer->address, port, target, port, err);
        if (!listener)
            return false;
        vec_push(&balancer->listeners, listener);
    }
    return true;
}

/* ---- one Service ---------------------------------------------------------------------------- */

static void write_status(struct balancers *balancers, const json_t *service, const char *address)
{
    const json_t *metadata = json_object_get(service, "metadata");
    STR_AUTO path = STR_INIT;
    str_printf(&path, "/api/v1/namespaces/%s/services/%s/status",
               json_get_text(metadata, "namespace"), json_get_text(metadata, "name"));
    /* Proxy: the cluster's own traffic to the address must not take a short cut that is none. */
    json_t *body = address ? json_pack("{s:{s:{s:[{s:s, s:s}]}}}", "status", "loadBalancer",
                                       "ingress", "ip", address, "ipMode", "Proxy")
                           : json_pack("{s:{s:{s:n}}}", "status", "loadBalancer", "ingress");
    ERROR_AUTO(err);
    if (!api_patch(balancers->client, str_text(&path), body, &err))
        fprintf(stderr, "status of %s: %s\n", str_text(&path), error_message(&err));
}

static void describe(struct balancer *balancer, const json_t *service, const struct error *err)
{
    const json_t *metadata = json_object_get(service, "metadata");
    json_t *description = load_balancer_describe(service);
    json_set_text(description, "namespace", json_get_text(metadata, "namespace"));
    json_set_text(description, "name", json_get_text(metadata, "name"));
    json_set_text(description, "uid", json_get_text(metadata, "uid"));
    json_set_text(description, "state", error_is_set(err) ? "FAILED" : "ACTIVE");
    json_set_text(description, "address", error_is_set(err) ? NULL : balancer->address);
    json_set_text(description, "message", error_is_set(err) ? error_message(err) : NULL);
    json_object_set(description, "ports", json_at_path(service, "spec.ports"));
    json_object_set(description, "annotations", json_at_path(service, "metadata.annotations"));
    json_decref(balancer->description);
    balancer->description = description;
}

/* Everything about a Service that its load balancer is made of, as text to compare. */
static char *wishes_of(const json_t *service)
{
    struct str text = STR_INIT;
    json_t *spec = json_object_get(service, "spec");
    JSON_AUTO wishes = json_array();
    json_array_append(wishes, json_object_get(spec, "ports"));
    json_array_append(wishes, json_object_get(spec, "clusterIP"));
    json_array_append(wishes, json_at_path(service, "metadata.annotations"));
    json_write(wishes, true, &text);
    return str_steal(&text);
}

static void set_up(struct balancers *balancers, struct balancer *balancer, const json_t *service)
{
    ERROR_AUTO(err);
    STR_AUTO unknown = STR_INIT;
    close_listeners(balancers, balancer);
    bool good = load_balancer_check(service, &unknown, &err) &&
                find_address(balancers, balancer, service, &err) &&
                listen_all(balancers, balancer, service, &err);
    describe(balancer, service, &err);
    if (unknown.length)
        event_write(balancers->client, service, true, "UnknownAnnotation",
                    "the cloud controller does not know ", str_text(&unknown));
    if (good) {
        write_status(balancers, service, balancer->address);
        event_write(balancers->client, service, false, "EnsuredLoadBalancer",
                    "Ensured load balancer at ", balancer->address);
    } else {
        event_write(balancers->client, service, true, "SyncLoadBalancerFailed",
                    "Error syncing load balancer: ", error_message(&err));
    }
    write_list(balancers);
}

static bool wants_balancer(const json_t *service)
{
    const json_t *spec = json_object_get(service, "spec");
    return text_equal(json_get_text(spec, "type"), "LoadBalancer") &&
           !json_get_text(spec, "loadBalancerClass") &&
           !json_get_text(json_object_get(service, "metadata"), "deletionTimestamp");
}

static void take_service(void *context, const json_t *service, bool gone)
{
    struct balancers *balancers = context;
    CLEANUP(free_pointer) char *key = key_of(service);
    struct balancer *balancer = find(balancers, key);
    if (gone || !wants_balancer(service)) {
        if (!balancer)
            return;
        forget(balancers, balancer);
        if (!gone)
            write_status(balancers, service, NULL);
        write_list(balancers);
        return;
    }
    if (!balancer) {
        balancer = mem_calloc(1, sizeof(*balancer));
        balancer->claim = -1;
        balancer->key = mem_strdup(key);
        vec_push(&balancers->all, balancer);
    }
    balancer->listed = true;
    char *wishes = wishes_of(service);
    bool changed = !text_equal(balancer->wishes, wishes);
    free(balancer->wishes);
    balancer->wishes = wishes;
    if (changed)
        set_up(balancers, balancer, service);
}

/* After a list: what it did not hold was deleted while nobody watched. */
static void drop_unlisted(void *context)
{
    struct balancers *balancers = context;
    for (size_t i = balancers->all.count; i-- > 0;) {
        struct balancer *balancer = balancers->all.items[i];
        if (!balancer->listed)
            forget(balancers, balancer);
        else
            balancer->listed = false;
    }
    write_list(balancers);
}

bool load_balancers_run(const struct cluster *cluster, struct kube_client *client,
                        struct forwarder *forwarder, struct error *err)
{
    struct balancers balancers = {.cluster = cluster, .client = client, .forwarder = forwarder};
    write_list(&balancers);
    return api_follow(client,
                      &(struct api_follower){.api_version = "v1",
                                             .kind = "Service",
                                             .on_change = take_service,
                                             .on_listed = drop_unlisted,
                                             .context = &balancers},
                      err);
}
