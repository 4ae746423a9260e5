/* local-cluster: a real Kubernetes cluster on this machine. README.md says what it does. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "acceptance/cluster/cloud_controller.h"
#include "acceptance/cluster/cluster.h"
#include "acceptance/cluster/files.h"
#include "acceptance/cluster/images.h"
#include "acceptance/cluster/ingress.h"
#include "acceptance/cluster/keeper.h"
#include "acceptance/cluster/nodes.h"
#include "acceptance/cluster/options.h"
#include "acceptance/cluster/processes.h"
#include "lib/base/clock.h"
#include "lib/base/file.h"
#include "lib/base/json.h"

enum { READY_MS = 120 * 1000, LOOK_US = 20 * 1000, STATUS_LIMIT = 1024 * 1024, LOG_TAIL = 2000 };

static const char usage[] =
    "usage: local-cluster COMMAND --state DIR [OPTION...]\n"
    "\n"
    "  up           start the cluster, or change one that runs; ends when all of it is ready\n"
    "  run          the same in the foreground: it ends with this process\n"
    "  down         end it; with --purge forget it, too (the folder's content is removed)\n"
    "  status       its parts, their processes and memory, as JSON\n"
    "  kubeconfig   print a kubeconfig of an administrator\n"
    "  node-add NAME [LABEL=VALUE...]   a simulated node (of kwok), for pools of more than one\n"
    "  node-remove NAME                 take a node out, real or simulated\n"
    "  nodes FILE                       have the nodes of a JSON file, and no others\n"
    "\n"
    "options of up and run, kept in DIR for the next time [presets]:\n";

struct arguments {
    const char *state;
    bool purge;
    int count; /* what is left */
    char **rest;
};

static int fail(const struct error *err)
{
    fprintf(stderr, "local-cluster: %s\n", error_message(err));
    return EXIT_FAILURE;
}

/* Takes --state and --purge out of the arguments. */
static bool parse(int count, char **values, struct arguments *arguments, struct error *err)
{
    arguments->rest = mem_calloc((size_t)count + 1, sizeof(*arguments->rest));
    for (int i = 0; i < count; i++) {
        if (strcmp(values[i], "--purge") == 0)
            arguments->purge = true;
        else if (text_starts_with(values[i], "--state="))
            arguments->state = values[i] + strlen("--state=");
        else if (strcmp(values[i], "--state") == 0 && i + 1 < count)
            arguments->state = values[++i];
        else
            arguments->rest[arguments->count++] = values[i];
    }
    if (arguments->state)
        return true;
    return error_set(err, ERROR_INVALID, "which cluster? Name its folder by --state DIR");
}

static json_t *read_status(const char *state)
{
    ERROR_AUTO(ignored);
    STR_AUTO path = STR_INIT;
    STR_AUTO text = STR_INIT;
    str_printf(&path, "%s/status.json", state);
    if (!file_read(str_text(&path), STATUS_LIMIT, &text, &ignored))
        return NULL;
    return json_parse(str_text(&text), text.length, &ignored);
}

static void show_log_end(const char *state, const char *name)
{
    STR_AUTO path = STR_INIT;
    str_printf(&path, "%s/logs/%s.log", state, name);
    FILE *file = fopen(str_text(&path), "re");
    if (!file)
        return;
    char text[LOG_TAIL + 1];
    fseek(file, 0, SEEK_END);
    if (ftell(file) > LOG_TAIL)
        fseek(file, -LOG_TAIL, SEEK_END);
    else
        rewind(file);
    size_t length = fread(text, 1, LOG_TAIL, file);
    fclose(file);
    text[length] = '\0';
    fprintf(stderr, "--- the end of %s\n%s", str_text(&path), text);
}

static void show_what_is_missing(const char *state)
{
    JSON_AUTO status = read_status(state);
    size_t index;
    json_t *part;
    json_array_foreach(json_object_get(status, "parts"), index, part)
    {
        const char *is = json_get_text(part, "state");
        if (text_equal(is, "ready") || text_equal(is, "done"))
            continue;
        fprintf(stderr, "%s is %s, started again %ld times\n", json_get_text(part, "name"), is,
                (long)json_get_integer(part, "restarts", 0));
        if (text_equal(is, "starting") || json_get_integer(part, "restarts", 0))
            show_log_end(state, json_get_text(part, "name"));
    }
}

/* Until status.json says that all parts of these options are ready. child: the keeper when this process
 * started it, else 0. */
static bool wait_ready(const struct cluster *cluster, pid_t child, struct error *err)
{
    for (int64_t deadline = clock_monotonic_ms() + READY_MS; clock_monotonic_ms() < deadline;) {
        JSON_AUTO status = read_status(cluster->state);
        if (json_get_bool(status, "ready", false) &&
            json_equal(json_object_get(status, "options"), cluster->options))
            return true;
        if (child ? waitpid(child, NULL, WNOHANG) == child : !keeper_find(cluster->state)) {
            show_log_end(cluster->state, "launcher");
            return error_set(err, ERROR_INTERNAL, "the cluster ended while it was starting");
        }
        usleep(LOOK_US);
    }
    show_what_is_missing(cluster->state);
    return error_set(err, ERROR_TIMEOUT,
                     "not all parts were ready after %d seconds; their logs are in %s/logs",
                     READY_MS / 1000, cluster->state);
}

static void go_to_background(const struct cluster *cluster)
{
    CLEANUP(free_pointer) char *log = cluster_path(cluster, "logs/launcher.log");
    setsid();
    int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    int file = open(log, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    dup2(nothing, STDIN_FILENO);
    dup2(file, STDOUT_FILENO);
    dup2(file, STDERR_FILENO);
    close_range(STDERR_FILENO + 1, ~0U, 0); /* what the caller has open is not ours to keep */
}

static bool check_machine(struct error *err)
{
    static const char *const wanted[] = {"/kubernetes", "/debian/usr/bin/containerd"};
    if (geteuid() != 0)
        return error_set(err, ERROR_DENIED,
                         "a cluster needs namespaces, mounts and control groups: run this as root");
    for (size_t i = 0; i < ARRAY_LENGTH(wanted); i++) {
        STR_AUTO path = STR_INIT;
        str_printf(&path, "%s%s", cluster_binaries(), wanted[i]);
        if (!file_exists(str_text(&path)))
            return error_set(err, ERROR_NOT_FOUND, "%s is missing: run scripts/bootstrap --cluster",
                             str_text(&path));
    }
    return true;
}

/* What the node was made with matters only as long as there is one. */
static bool keep_options(const struct cluster *cluster, struct error *err)
{
    JSON_AUTO before = NULL;
    if (!options_load(&before, cluster->state, err))
        return false;
    if (!keeper_find(cluster->state))
        json_set_text(before, "level", "control-plane");
    return options_may_follow(cluster->options, before, err) &&
           options_save(cluster->options, cluster->state, err);
}

static struct cluster *open_for_start(const struct arguments *arguments, struct error *err)
{
    if (!check_machine(err) || !cluster_check_place(arguments->state, err) ||
        !file_make_directories(arguments->state, 0700, err))
        return NULL;
    CLUSTER_AUTO cluster = cluster_open(arguments->state, arguments->count, arguments->rest, err);
    STR_AUTO logs = STR_INIT;
    str_printf(&logs, "%s/logs", arguments->state);
    if (!cluster || !file_make_directories(str_text(&logs), 0700, err) ||
        (!keeper_find(cluster->state) && !cloud_controller_check_ports(cluster, err)) ||
        !keep_options(cluster, err))
        return NULL;
    struct cluster *result = cluster;
    cluster = NULL;
    return result;
}

static int command_up(const struct arguments *arguments)
{
    ERROR_AUTO(err);
    CLUSTER_AUTO cluster = open_for_start(arguments, &err);
    if (!cluster)
        return fail(&err);
    pid_t child = 0;
    pid_t keeper = keeper_find(cluster->state);
    if (keeper) {
        kill(keeper, SIGHUP);
    } else {
        CLEANUP(free_pointer) char *status = cluster_path(cluster, "status.json");
        unlink(status); /* of a cluster that did not end by itself */
        child = fork();
        if (child < 0) {
            error_set_errno(&err, "start the keeper");
            return fail(&err);
        }
        if (child == 0) {
            go_to_background(cluster);
            _exit(keeper_run(cluster));
        }
    }
    return wait_ready(cluster, child, &err) ? EXIT_SUCCESS : fail(&err);
}

static int command_run(const struct arguments *arguments)
{
    ERROR_AUTO(err);
    CLUSTER_AUTO cluster = open_for_start(arguments, &err);
    return cluster ? keeper_run(cluster) : fail(&err);
}

static int command_down(const struct arguments *arguments)
{
    ERROR_AUTO(err);
    if (!file_exists(arguments->state))
        return EXIT_SUCCESS;
    CLUSTER_AUTO cluster = cluster_open(arguments->state, 0, NULL, &err);
    return cluster && keeper_end(cluster, &err) &&
                   (!arguments->purge || files_remove(cluster->state, &err))
               ? EXIT_SUCCESS
               : fail(&err);
}

static int command_status(const struct arguments *arguments)
{
    ERROR_AUTO(ignored);
    CLUSTER_AUTO cluster = cluster_open(arguments->state, 0, NULL, &ignored);
    JSON_AUTO status = cluster && keeper_find(cluster->state) && keeper_find_first(cluster)
                           ? read_status(cluster->state)
                           : NULL;
    if (!status) {
        printf("{\"ready\":false,\"parts\":[]}\n");
        return EXIT_FAILURE;
    }
    STR_AUTO text = STR_INIT;
    processes_describe(status, keeper_find_first(cluster));
    json_write(status, false, &text);
    puts(str_text(&text));
    return EXIT_SUCCESS;
}

static int command_kubeconfig(const struct arguments *arguments)
{
    ERROR_AUTO(err);
    STR_AUTO path = STR_INIT;
    STR_AUTO text = STR_INIT;
    str_printf(&path, "%s/kubeconfig", arguments->state);
    if (!file_read(str_text(&path), STATUS_LIMIT, &text, &err))
        return fail(&err);
    fputs(str_text(&text), stdout);
    return EXIT_SUCCESS;
}

static int with_cluster(const struct arguments *arguments,
                        bool (*act)(struct cluster *, int, char **, struct error *))
{
    ERROR_AUTO(err);
    CLUSTER_AUTO cluster = cluster_open(arguments->state, 0, NULL, &err);
    return cluster && act(cluster, arguments->count, arguments->rest, &err) ? EXIT_SUCCESS
                                                                            : fail(&err);
}

static int command_node_add(const struct arguments *arguments)
{
    return with_cluster(arguments, nodes_add);
}

static int command_node_remove(const struct arguments *arguments)
{
    return with_cluster(arguments, nodes_remove);
}

static int command_nodes(const struct arguments *arguments)
{
    return with_cluster(arguments, nodes_follow);
}

static int command_images(const struct arguments *arguments)
{
    return with_cluster(arguments, images_import);
}

static int command_objects(const struct arguments *arguments)
{
    return with_cluster(arguments, cloud_controller_apply_objects);
}

static int command_ingress(const struct arguments *arguments)
{
    return with_cluster(arguments, ingress_run);
}

static int command_cloud_controller(const struct arguments *arguments)
{
    return with_cluster(arguments, cloud_controller_run);
}

static int print_usage(void)
{
    STR_AUTO options = STR_INIT;
    options_describe(&options);
    printf("%s%s", usage, str_text(&options));
    return EXIT_SUCCESS;
}

int main(int count, char **values)
{
    static const struct {
        const char *name;
        int (*run)(const struct arguments *);
    } commands[] = {
        {"up", command_up},
        {"run", command_run},
        {"down", command_down},
        {"status", command_status},
        {"kubeconfig", command_kubeconfig},
        {"node-add", command_node_add},
        {"node-remove", command_node_remove},
        {"nodes", command_nodes},
        {"import-images", command_images},
        {"apply-objects", command_objects},
        {"ingress-controller", command_ingress},
        {"cloud-controller", command_cloud_controller},
    };
    const char *name = count > 1 ? values[1] : "--help";
    if (strcmp(name, "--help") == 0 || strcmp(name, "help") == 0)
        return print_usage();
    for (size_t i = 0; i < ARRAY_LENGTH(commands); i++) {
        if (strcmp(commands[i].name, name) != 0)
            continue;
        ERROR_AUTO(err);
        struct arguments arguments = {0};
        int status = parse(count - 2, values + 2, &arguments, &err) ? commands[i].run(&arguments)
                                                                    : fail(&err);
        free(arguments.rest);
        return status;
    }
    fprintf(stderr, "local-cluster: no command \"%s\" (see local-cluster --help)\n", name);
    return 2;
}
