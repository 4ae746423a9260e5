#include "acceptance/cluster/nodes.h"

#include <string.h>

#include "acceptance/cluster/api.h"
#include "acceptance/cluster/options.h"
#include "lib/base/arena.h"
#include "lib/base/clock.h"
#include "lib/base/file.h"
#include "lib/base/json.h"
#include "lib/base/process.h"
#include "lib/base/vec.h"
#include "lib/kube/mapper.h"
#include "lib/kube/object.h"
#include "lib/kube/watch.h"

#define SIMULATED "kwok.x-k8s.io/node" /* the annotation by which kwok knows its nodes */

enum { FILE_LIMIT = 16 * 1024 * 1024, READY_MS = 60 * 1000 };

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

static json_t *simulated_node(const char *name, json_t *labels)
{
    json_t *all = json_pack("{s:s, s:s, s:s, s:s}", "kubernetes.io/hostname", name,
                            "kubernetes.io/os", "linux", "kubernetes.io/arch", "arm64",
                            "node.kubernetes.io/instance-type", "VM.Standard.A1.Flex");
    json_object_update(all, labels);
    return json_pack("{s:s, s:s, s:{s:s, s:{s:s}, s:o}, s:{}, s:o}", "apiVersion", "v1", "kind",
                     "Node", "metadata", "name", name, "annotations", SIMULATED, "fake", "labels",
                     all, "spec", "status", simulated_status());
}

static bool create(struct kube_client *client, const char *name, json_t *labels, struct error *err)
{
    JSON_AUTO node = simulated_node(name, labels);
    struct kube_scope scope = {0};
    struct kube_request request = {.method = "POST", .path = "/api/v1/nodes", .body = node};
    return kube_call(client, &scope, &request, NULL, NULL, err);
}

static bool check_kwok(const struct cluster *cluster, struct error *err)
{
    return cluster_has(cluster, "kwok") ||
           error_set(err, ERROR_INVALID,
                     "simulated nodes need kwok: start the cluster --with kwok");
}

bool nodes_add(struct cluster *cluster, int count, char **arguments, struct error *err)
{
    if (count < 1)
        return error_set(err, ERROR_INVALID, "node-add needs a name");
    JSON_AUTO labels = json_object();
    for (int i = 1; i < count; i++) {
        const char *equals = strchr(arguments[i], '=');
        if (!equals)
            return error_set(err, ERROR_INVALID, "%s: should be LABEL=VALUE", arguments[i]);
        CLEANUP(free_pointer)
        char *key = mem_strndup(arguments[i], (size_t)(equals - arguments[i]));
        json_set_text(labels, key, equals + 1);
    }
    if (!check_kwok(cluster, err))
        return false;
    struct kube_client *client = api_client_outside(cluster, err);
    bool good = client && create(client, arguments[0], labels, err);
    kube_client_free(client);
    return good;
}

/* Nobody else would end the pods of a node that is gone, for a minute or two. */
static bool end_pods(struct kube_client *client, const char *node, struct error *err)
{
    struct kube_scope scope = {0};
    struct kube_object pod = {.kind = kube_kind_built_in("v1", "Pod")};
    const struct kube_delete now = {.grace_seconds = 0, .no_wait = true};
    STR_AUTO selector = STR_INIT;
    str_printf(&selector, "spec.nodeName=%s", node);
    JSON_AUTO pods = kube_list(client, &scope, &pod, NULL, str_text(&selector), NULL, err);
    bool good = pods != NULL;
    size_t index;
    json_t *item;
    json_array_foreach(pods, index, item)
    {
        pod.namespace_name = kube_namespace(item);
        pod.name = kube_name(item);
        good = good && kube_delete(client, &scope, &pod, &now, err);
    }
    return good;
}

static bool take_out(struct kube_client *client, const char *name, struct error *err)
{
    struct kube_scope scope = {0};
    struct kube_object node = {.kind = kube_kind_built_in("v1", "Node"), .name = name};
    return kube_delete(client, &scope, &node, &(struct kube_delete){.grace_seconds = -1}, err) &&
           end_pods(client, name, err);
}

bool nodes_remove(struct cluster *cluster, int count, char **arguments, struct error *err)
{
    if (count != 1)
        return error_set(err, ERROR_INVALID, "node-remove needs a name and nothing else");
    struct kube_client *client = api_client_outside(cluster, err);
    bool good = client && take_out(client, arguments[0], err);
    kube_client_free(client);
    return good;
}

/* ---- following a list ----------------------------------------------------------------------- */

static const json_t *find(const json_t *nodes, const char *name)
{
    size_t index;
    json_t *node;
    json_array_foreach(nodes, index, node)
    {
        if (text_equal(json_get_text(node, "name"), name))
            return node;
    }
    return NULL;
}

/* This program's own `up`, with the options of a real node; node NULL: without one. */
static bool set_real_node(const struct cluster *cluster, const json_t *node, struct error *err)
{
    struct arena *arena = arena_new();
    VEC(const char *) arguments = {0};
    const char *name = json_get_text(node, "name");
    vec_push(&arguments, "/proc/self/exe");
    vec_push(&arguments, "up");
    vec_push(&arguments, arena_printf(arena, "--state=%s", cluster->state));
    vec_push(&arguments, node ? "--level=full" : "--level=control-plane");
    if (node) {
        vec_push(&arguments, arena_printf(arena, "--node-name=%s", name));
        vec_push(&arguments, arena_printf(arena, "--node-ip=%s", name));
    }
    const char *label;
    json_t *value;
    json_object_foreach(json_object_get(node, "labels"), label, value)
    {
        vec_push(&arguments,
                 arena_printf(arena, "--node-label=%s=%s", label, json_string_value(value)));
    }
    vec_push(&arguments, NULL);
    PROCESS_RESULT_AUTO(result);
    bool good =
        process_run(&(struct process_command){.argv = arguments.items}, &result, err) &&
        (result.exit_status == 0 || error_set(err, ERROR_INTERNAL, "%s", str_text(&result.errors)));
    vec_free(&arguments);
    arena_free(arena);
    return good;
}

/* A real node stays the real one as long as it is wanted. */
static bool follow_real(const struct cluster *cluster, const json_t *wanted, bool has_real,
                        const char **real, struct error *err)
{
    const char *now =
        cluster_has_node(cluster) ? options_text(cluster->options, "node-name") : NULL;
    const json_t *first = has_real ? json_array_get(wanted, 0) : NULL;
    bool stays = now && has_real && find(wanted, now);
    *real = stays ? now : json_get_text(first, "name");
    if (stays || (!now && !first))
        return true;
    return (!now || set_real_node(cluster, NULL, err)) &&
           (!first || set_real_node(cluster, first, err));
}

static bool is_simulated(const json_t *node)
{
    return json_object_get(json_at_path(node, "metadata.annotations"), SIMULATED) != NULL;
}

static bool follow_simulated(struct kube_client *client, const json_t *wanted, const char *real,
                             struct error *err)
{
    struct kube_scope scope = {0};
    const struct kube_object collection = {.kind = kube_kind_built_in("v1", "Node")};
    JSON_AUTO there = kube_list(client, &scope, &collection, NULL, NULL, NULL, err);
    JSON_AUTO kept = json_object();
    size_t index;
    json_t *node;
    if (!there)
        return false;
    json_array_foreach(there, index, node)
    {
        const char *name = kube_name(node);
        bool keeps = find(wanted, name) && is_simulated(node) != text_equal(name, real);
        if (keeps)
            json_object_set_new(kept, name, json_true());
        else if (!take_out(client, name, err))
            return false;
    }
    json_array_foreach(wanted, index, node)
    {
        const char *name = json_get_text(node, "name");
        if (!json_object_get(kept, name) && !text_equal(name, real) &&
            !create(client, name, json_object_get(node, "labels"), err))
            return false;
    }
    return true;
}

static enum kube_verdict is_ready(void *context, const json_t *node, struct str *why)
{
    (void)context;
    size_t index;
    json_t *condition;
    json_array_foreach(json_at_path(node, "status.conditions"), index, condition)
    {
        if (text_equal(json_get_text(condition, "type"), "Ready") &&
            text_equal(json_get_text(condition, "status"), "True"))
            return KUBE_DONE;
    }
    str_append(why, "it is not Ready");
    return KUBE_PENDING;
}

static bool wait_ready(struct kube_client *client, const json_t *wanted, struct error *err)
{
    struct kube_scope scope = {.deadline_ms = clock_monotonic_ms() + READY_MS};
    size_t index;
    json_t *node;
    json_array_foreach(wanted, index, node)
    {
        const struct kube_object object = {.kind = kube_kind_built_in("v1", "Node"),
                                           .name = json_get_text(node, "name")};
        const struct kube_wait wait = {.what = "Ready", .judge = is_ready};
        if (!kube_wait(client, &scope, &object, &wait, NULL, err))
            return false;
    }
    return true;
}

static json_t *read_wanted(const char *path, struct error *err)
{
    STR_AUTO text = STR_INIT;
    if (!file_read(path, FILE_LIMIT, &text, err))
        return NULL;
    JSON_AUTO wanted = json_parse(str_text(&text), text.length, err);
    size_t index;
    json_t *node;
    json_array_foreach(json_object_get(wanted, "nodes"), index, node)
    {
        if (!json_get_text(node, "name")) {
            error_set(err, ERROR_INVALID, "%s: a node without a name", path);
            return NULL;
        }
    }
    return wanted ? json_incref(wanted) : NULL;
}

bool nodes_follow(struct cluster *cluster, int count, char **arguments, struct error *err)
{
    if (count != 1)
        return error_set(err, ERROR_INVALID, "nodes needs a file and nothing else");
    JSON_AUTO file = read_wanted(arguments[0], err);
    if (!file || !check_kwok(cluster, err))
        return false;
    const json_t *wanted = json_object_get(file, "nodes");
    bool has_real = text_equal(json_get_text(file, "level"), "full");
    const char *real = NULL;
    struct kube_client *client = api_client_outside(cluster, err);
    bool good = client && follow_real(cluster, wanted, has_real, &real, err) &&
                follow_simulated(client, wanted, real, err) && wait_ready(client, wanted, err);
    kube_client_free(client);
    return good;
}
