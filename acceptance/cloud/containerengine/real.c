#include "acceptance/cloud/containerengine/real.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "acceptance/cloud/cloud.h"
#include "acceptance/cloud/containerengine/containerengine.h"
#include "lib/base/file.h"
#include "lib/base/json.h"
#include "lib/base/log.h"
#include "lib/base/vec.h"

enum { TAIL_LENGTH = 11, ARGUMENTS = 24, CA_LIMIT = 64 * 1024, LOWEST_PORT = 20000 };

/* The program that was started last for an object. Belongs to the server's thread; the state does not
 * hold it: after a restart of the emulator the program is started once more, and finds what is there. */
struct running {
    char *id;
    pid_t pid;  /* 0: it has ended */
    int status; /* then: of waitpid() */
};

static VEC(struct running) all;

static struct running *running_of(const char *id)
{
    for (size_t i = 0; i < all.count; i++)
        if (strcmp(all.items[i].id, id) == 0)
            return &all.items[i];
    return NULL;
}

static void forget(const char *id)
{
    struct running *one = running_of(id);
    if (!one)
        return;
    free(one->id);
    *one = all.items[--all.count];
}

static bool runs(struct running *one)
{
    if (one->pid && waitpid(one->pid, &one->status, WNOHANG) == one->pid)
        one->pid = 0;
    return one->pid != 0;
}

const char *real_level(const char *text, bool *valid)
{
    static const char *const levels[] = {"control-plane", "full"};
    *valid = text_equal(text, "none");
    for (size_t i = 0; i < ARRAY_LENGTH(levels); i++)
        if (text_equal(text, levels[i])) {
            *valid = true;
            return levels[i];
        }
    return NULL;
}

static const char *level(const struct call *call)
{
    return call_settings(call)->cluster_level;
}

/* --- the program --------------------------------------------------------------------------------- */

static const char *folder_of(struct call *call, const char *cluster_id)
{
    size_t length = strlen(cluster_id);
    return arena_printf(call->arena, "%s/clusters/%s", call_settings(call)->directory,
                        cluster_id + (length > TAIL_LENGTH ? length - TAIL_LENGTH : 0));
}

struct command {
    char *arguments[ARGUMENTS];
    size_t count;
};

static void add(struct call *call, struct command *command, const char *text)
{
    if (command->count + 1 < ARGUMENTS)
        command->arguments[command->count++] = arena_strdup(call->arena, text);
}

static void add_option(struct call *call, struct command *command, const char *name,
                       const char *value)
{
    add(call, command, name);
    add(call, command, value);
}

/* build/local-cluster, beside this program. */
static const char *program(struct call *call)
{
    char path[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", path, sizeof(path) - 1);
    const char *slash = length > 0 ? memrchr(path, '/', (size_t)length) : NULL;
    return slash ? arena_printf(call->arena, "%.*s/local-cluster", (int)(slash - path), path)
                 : "local-cluster";
}

static struct command command_for(struct call *call, const char *name, const char *cluster_id)
{
    struct command command = {0};
    add(call, &command, "local-cluster");
    add(call, &command, name);
    add_option(call, &command, "--state", folder_of(call, cluster_id));
    return command;
}

/* What it prints is in FOLDER.log. */
static pid_t spawn(struct call *call, const char *cluster_id, const struct command *command)
{
    ERROR_AUTO(err);
    const char *clusters = arena_printf(call->arena, "%s/clusters", call_settings(call)->directory);
    const char *log = arena_printf(call->arena, "%s.log", folder_of(call, cluster_id));
    file_make_directories(clusters, 0700, &err);
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t defaults;
    pid_t pid = 0;
    sigfillset(&defaults);
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_APPEND, 0600);
    posix_spawn_file_actions_adddup2(&actions, 1, 2);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF);
    int problem = posix_spawn(&pid, program(call), &actions, &attributes,
                              (char *const *)command->arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    if (problem)
        LOG(LOG_LEVEL_ERROR, "local-cluster cannot be started", {"reason", strerror(problem)});
    return problem ? 0 : pid;
}

static void run(struct call *call, const char *id, const char *cluster_id,
                const struct command *command)
{
    forget(id);
    pid_t pid = spawn(call, cluster_id, command);
    vec_push(&all, (struct running){mem_strdup(id), pid, pid ? 0 : -1});
}

bool real_succeeded(const struct object *object, struct error *err)
{
    struct running *one = running_of(object->id);
    if (!one || one->status == 0)
        return true;
    return error_set(err, ERROR_INTERNAL,
                     "local-cluster ended with status %d; what it said is in the emulator's folder "
                     "clusters",
                     WIFEXITED(one->status) ? WEXITSTATUS(one->status) : -1);
}

/* --- clusters ------------------------------------------------------------------------------------ */

static int port_of(const struct object *cluster)
{
    return (int)json_get_integer(cluster->hidden, "port", 0);
}

const char *real_endpoint(struct call *call, const struct object *cluster)
{
    return port_of(cluster) ? arena_printf(call->arena, "127.0.0.1:%d", port_of(cluster)) : NULL;
}

/* Below the ports that the kernel hands out by itself, so that it stays free until it is used. */
static int free_port(struct call *call)
{
    int port = LOWEST_PORT;
    for (const struct object *one = store_first(call->store, &kind_cluster); one;
         one = store_next(call->store, one))
        if (port_of(one) >= port)
            port = port_of(one) + 2;
    for (;; port += 2) {
        struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        CLEANUP(file_close_pointer) int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (bind(fd, (const struct sockaddr *)&address, sizeof(address)) == 0)
            return port;
    }
}

static void start(struct call *call, const struct object *cluster)
{
    const char *directory = call_settings(call)->directory;
    const json_t *network = json_at_path(cluster->body, "options.kubernetesNetworkConfig");
    struct command command = command_for(call, "up", cluster->id);
    add_option(call, &command, "--name", object_text(cluster, "name"));
    add_option(call, &command, "--port", arena_printf(call->arena, "%d", port_of(cluster)));
    add_option(call, &command, "--service-cidr", json_get_text(network, "servicesCidr"));
    add_option(call, &command, "--pod-cidr", json_get_text(network, "podsCidr"));
    add_option(call, &command, "--with", "kwok");
    add_option(call, &command, "--token-webhook",
               arena_printf(call->arena, "%s/cluster_request/%s/token_review",
                            call_settings(call)->url, cluster->id));
    add_option(call, &command, "--token-webhook-ca",
               arena_printf(call->arena, "%s/ca.pem", directory));
    if (!file_exists(folder_of(call, cluster->id)))
        add_option(call, &command, "--level", "control-plane");
    run(call, cluster->id, cluster->id, &command);
}

void real_begin(struct call *call, struct object *cluster)
{
    if (!level(call))
        return;
    json_object_set_new(cluster->hidden, "port", json_integer(free_port(call)));
    start(call, cluster);
}

static void stop(struct call *call, const struct object *cluster)
{
    struct command command = command_for(call, "down", cluster->id);
    add(call, &command, "--purge");
    run(call, cluster->id, cluster->id, &command);
}

bool real_cluster_busy(struct call *call, struct object *cluster, const char *step)
{
    bool starting = strcmp(step, "activate") == 0, ending = strcmp(step, "deleted") == 0;
    if (!level(call) || !port_of(cluster) || (!starting && !ending))
        return false;
    struct running *one = running_of(cluster->id);
    if (ending && !json_get_bool(cluster->hidden, "ending", false)) {
        if (one && runs(one)) { /* a start that still waits for something need not go on */
            kill(one->pid, SIGTERM);
            return true;
        }
        json_object_set_new(cluster->hidden, "ending", json_true());
        stop(call, cluster);
        return true;
    }
    if (!one) {
        (starting ? start : stop)(call, cluster);
        return true;
    }
    return runs(one);
}

void real_adopt(struct call *call, struct object *cluster)
{
    ERROR_AUTO(err);
    STR_AUTO pem = STR_INIT;
    if (!port_of(cluster))
        return;
    const char *path = arena_printf(call->arena, "%s/pki/ca.crt", folder_of(call, cluster->id));
    if (file_read(path, CA_LIMIT, &pem, &err))
        json_set_text(cluster->hidden, "certificateAuthority", str_text(&pem));
    else
        LOG(LOG_LEVEL_ERROR, "no authority of the cluster", {"reason", error_message(&err)});
}

/* --- nodes --------------------------------------------------------------------------------------- */

static void set_label(json_t *labels, const char *name, const char *value)
{
    if (value)
        json_set_text(labels, name, value);
}

static json_t *describe_node(const struct call *call, const struct object *pool,
                             const struct object *node)
{
    const char *domain = object_text(node, "availabilityDomain");
    const char *colon = domain ? strchr(domain, ':') : NULL;
    json_t *labels = json_object();
    set_label(labels, "topology.kubernetes.io/region", call_settings(call)->region);
    set_label(labels, "topology.kubernetes.io/zone", colon ? colon + 1 : domain);
    set_label(labels, "oci.oraclecloud.com/fault-domain", object_text(node, "faultDomain"));
    set_label(labels, "node.kubernetes.io/instance-type", object_text(pool, "nodeShape"));
    size_t i;
    json_t *label;
    json_array_foreach(json_object_get(pool->body, "initialNodeLabels"), i, label)
    {
        set_label(labels, json_get_text(label, "key"), json_get_text(label, "value"));
    }
    return json_pack("{s:s, s:o}", "name", object_text(node, "privateIp"), "labels", labels);
}

static json_t *wanted_nodes(struct call *call, const char *cluster_id)
{
    json_t *nodes = json_array();
    for (const struct object *node = store_first(call->store, &kind_node); node;
         node = store_next(call->store, node)) {
        const struct object *pool =
            store_find(call->store, &kind_node_pool, object_text(node, "nodePoolId"));
        if (pool && node_alive(node) && object_text(node, "privateIp") &&
            text_equal(object_text(pool, "clusterId"), cluster_id))
            json_array_append_new(nodes, describe_node(call, pool, node));
    }
    return nodes;
}

static void follow_nodes(struct call *call, const char *id, const char *cluster_id)
{
    ERROR_AUTO(err);
    JSON_AUTO wanted =
        json_pack("{s:s, s:o}", "level", level(call), "nodes", wanted_nodes(call, cluster_id));
    STR_AUTO text = STR_INIT;
    json_write(wanted, false, &text);
    const char *path = arena_printf(call->arena, "%s.nodes.json", folder_of(call, cluster_id));
    if (!file_write_atomic(path, text.ptr, text.length, 0600, &err))
        LOG(LOG_LEVEL_ERROR, "nodes cannot be written down", {"reason", error_message(&err)});
    struct command command = command_for(call, "nodes", cluster_id);
    add(call, &command, path);
    run(call, id, cluster_id, &command);
}

bool real_pool_busy(struct call *call, struct object *pool, const char *step)
{
    const struct object *cluster =
        store_find(call->store, &kind_cluster, object_text(pool, "clusterId"));
    (void)step;
    /* With its cluster a pool goes without further ado. */
    if (!level(call) || !cluster || !port_of(cluster) ||
        !text_equal(object_state(cluster), "ACTIVE") || !call->work)
        return false;
    struct running *one = running_of(pool->id);
    if (text_equal(json_get_text(pool->hidden, "followed"), call->work->id))
        return one && runs(one);
    if (one && runs(one))
        return true;
    json_set_text(pool->hidden, "followed", call->work->id);
    follow_nodes(call, pool->id, cluster->id);
    return true;
}

/* --- the emulator's own start and end ------------------------------------------------------------ */

void real_resume(struct call *call)
{
    for (const struct object *one = store_first(call->store, &kind_cluster); level(call) && one;
         one = store_next(call->store, one))
        if (port_of(one) && object_alive(one))
            start(call, one);
}

void real_end(struct call *call)
{
    for (const struct object *one = store_first(call->store, &kind_cluster); level(call) && one;
         one = store_next(call->store, one)) {
        if (!port_of(one) || !object_exists(one))
            continue;
        struct command command = command_for(call, "down", one->id);
        run(call, one->id, one->id, &command);
    }
    for (size_t i = 0; i < all.count; i++) {
        if (all.items[i].pid)
            waitpid(all.items[i].pid, NULL, 0);
        free(all.items[i].id);
    }
    vec_free(&all);
}
