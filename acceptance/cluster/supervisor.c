#include "acceptance/cluster/supervisor.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "acceptance/cluster/components.h"
#include "acceptance/cluster/namespaces.h"
#include "acceptance/cluster/options.h"
#include "acceptance/cluster/probe.h"
#include "lib/base/clock.h"
#include "lib/base/file.h"
#include "lib/base/json.h"
#include "lib/base/vec.h"

enum {
    LOOK_MS = 20,        /* while something is starting */
    REST_MS = 60 * 1000, /* while all is well */
    RESTART_MS = 500,    /* first pause before a part is started again; doubles */
    RESTART_MOST_MS = 8000,
    STABLE_MS = 20 * 1000, /* after that long a part's deaths are forgotten */
    STOP_MS = 5000,
    OUTSIDE_DESCRIPTOR = 3,
};

enum state { STOPPED, STARTING, READY, DONE };
static const char *const state_names[] = {"stopped", "starting", "ready", "done"};

struct part {
    const struct component *component;
    enum state state;
    pid_t pid; /* 0: none */
    int64_t started_ms, ready_ms, not_before_ms;
    int restarts, deaths; /* deaths in a row */
    int status;           /* of the last death */
    char *called;         /* its arguments, as text to compare */
};

struct supervisor {
    struct cluster *cluster;
    int outside;
    struct prober *prober;
    struct part parts[COMPONENTS_MOST];
    int64_t began_ms;
    struct str written; /* what status.json holds */
};

static struct part *part_named(struct supervisor *supervisor, const char *name)
{
    for (size_t i = 0; i < component_count; i++)
        if (strcmp(components[i].name, name) == 0)
            return &supervisor->parts[i];
    return NULL;
}

static bool is_wanted(const struct supervisor *supervisor, const struct part *part)
{
    return component_is_wanted(part->component, supervisor->cluster);
}

static bool works(const struct part *part)
{
    return part->state == READY || part->state == DONE;
}

/* ---- starting ------------------------------------------------------------------------------- */

struct command_line {
    VEC(char *) arguments; /* the last is NULL */
};

static void free_command_line(struct command_line *line)
{
    for (size_t i = 0; i < line->arguments.count; i++)
        free(line->arguments.items[i]);
    vec_free(&line->arguments);
}

static bool add_argument(struct command_line *line, const struct cluster *cluster, const char *text,
                         struct error *err)
{
    struct str value = STR_INIT;
    bool good = cluster_expand(cluster, text, &value, err);
    vec_push(&line->arguments, str_steal(&value));
    return good;
}

static bool make_command_line(struct command_line *line, const struct cluster *cluster,
                              const struct component *component, struct error *err)
{
    if (!add_argument(line, cluster, component->name, err))
        return false;
    for (const struct argument *argument = component->arguments; argument->text; argument++) {
        if (!argument_is_wanted(argument, cluster))
            continue;
        if (*argument->text != '@') {
            if (!add_argument(line, cluster, argument->text, err))
                return false;
            continue;
        }
        size_t index;
        json_t *item;
        json_array_foreach(options_list(cluster->options, argument->text + 1), index, item)
        {
            vec_push(&line->arguments, mem_strdup(json_string_value(item)));
        }
    }
    vec_push(&line->arguments, NULL);
    return true;
}

static pid_t spawn(const struct supervisor *supervisor, const struct component *component,
                   const char *program, char **arguments, struct error *err)
{
    STR_AUTO path = STR_INIT;
    STR_AUTO home = STR_INIT;
    STR_AUTO log = STR_INIT;
    str_printf(&path,
               "PATH=%s/debian/usr/sbin:%s/debian/usr/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:"
               "/usr/bin:/sbin:/bin",
               cluster_binaries(), cluster_binaries());
    str_printf(&home, "HOME=%s", supervisor->cluster->state);
    str_printf(&log, "%s/logs/%s.log", supervisor->cluster->state, component->name);
    char *environment[] = {path.ptr, home.ptr, NULL};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 1, str_text(&log), O_WRONLY | O_CREAT | O_APPEND,
                                     0600);
    posix_spawn_file_actions_adddup2(&actions, 1, 2);
    posix_spawn_file_actions_addchdir_np(&actions, supervisor->cluster->state);
    if (component->inside_out)
        posix_spawn_file_actions_adddup2(&actions, supervisor->outside, OUTSIDE_DESCRIPTOR);
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setflags(&attributes,
                             POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    pid_t pid = 0;
    errno = posix_spawn(&pid, program, &actions, &attributes, arguments, environment);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    if (errno == 0)
        return pid;
    error_set_errno(err, "start %s (%s)", component->name, program);
    return 0;
}

static char *join(const struct command_line *line)
{
    struct str text = STR_INIT;
    for (size_t i = 0; i < line->arguments.count && line->arguments.items[i]; i++)
        str_printf(&text, "%s\n", line->arguments.items[i]);
    return str_steal(&text);
}

static void start(struct supervisor *supervisor, struct part *part)
{
    ERROR_AUTO(err);
    CLEANUP(free_command_line) struct command_line line = {0};
    STR_AUTO program = STR_INIT;
    part->started_ms = clock_wall_ms();
    free(part->called);
    part->called = NULL;
    if (cluster_expand(supervisor->cluster, part->component->program, &program, &err) &&
        make_command_line(&line, supervisor->cluster, part->component, &err))
        part->pid =
            spawn(supervisor, part->component, str_text(&program), line.arguments.items, &err);
    if (!part->pid) {
        fprintf(stderr, "%s\n", error_message(&err));
        part->not_before_ms = clock_monotonic_ms() + RESTART_MOST_MS;
        return;
    }
    part->called = join(&line);
    part->state = part->component->probe == PROBE_RUNNING ? READY : STARTING;
    part->ready_ms = part->started_ms;
}

static bool may_start(struct supervisor *supervisor, const struct part *part)
{
    for (size_t i = 0; i < COMPONENT_AFTER && part->component->after[i]; i++)
        if (!works(part_named(supervisor, part->component->after[i])))
            return false;
    return part->state == STOPPED && clock_monotonic_ms() >= part->not_before_ms;
}

/* ---- ending --------------------------------------------------------------------------------- */

static int signal_of(const struct part *part)
{
    return part->component->stop_signal ? part->component->stop_signal : SIGKILL;
}

static void note_death(struct part *part, int status)
{
    bool done =
        part->component->probe == PROBE_ENDED && WIFEXITED(status) && WEXITSTATUS(status) == 0;
    part->pid = 0;
    part->status = status;
    part->state = done ? DONE : STOPPED;
    if (done) {
        part->ready_ms = clock_wall_ms();
        return;
    }
    part->deaths = clock_wall_ms() - part->started_ms > STABLE_MS ? 1 : part->deaths + 1;
    part->restarts++;
    int64_t pause =
        part->deaths == 1 ? 0 : (int64_t)RESTART_MS << (part->deaths < 6 ? part->deaths - 2 : 4);
    part->not_before_ms =
        clock_monotonic_ms() + (pause < RESTART_MOST_MS ? pause : RESTART_MOST_MS);
    fprintf(stderr, "%s ended by itself (%s %d)\n", part->component->name,
            WIFSIGNALED(status) ? "signal" : "status",
            WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
}

/* Also the orphans of containers' shims end up here. */
static void reap(struct supervisor *supervisor)
{
    int status;
    for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;)
        for (size_t i = 0; i < component_count; i++)
            if (supervisor->parts[i].pid == pid)
                note_death(&supervisor->parts[i], status);
}

static void stop(struct supervisor *supervisor, struct part *part)
{
    if (part->pid)
        kill(part->pid, signal_of(part));
    for (int64_t deadline = clock_monotonic_ms() + STOP_MS; part->pid;) {
        struct timespec pause = {0, LOOK_MS * 1000 * 1000};
        sigset_t child;
        sigemptyset(&child);
        sigaddset(&child, SIGCHLD);
        sigtimedwait(&child, NULL, &pause);
        if (clock_monotonic_ms() > deadline)
            kill(part->pid, SIGKILL);
        reap(supervisor);
    }
    part->state = STOPPED;
    part->not_before_ms = part->restarts = part->deaths = 0;
}

/* ---- how things are ------------------------------------------------------------------------- */

static bool all_work(const struct supervisor *supervisor)
{
    for (size_t i = 0; i < component_count; i++)
        if (is_wanted(supervisor, &supervisor->parts[i]) && !works(&supervisor->parts[i]))
            return false;
    return true;
}

static json_t *describe(const struct part *part)
{
    json_t *object = json_object();
    json_set_text(object, "name", part->component->name);
    json_set_text(object, "state", state_names[part->state]);
    json_object_set_new(object, "pid", json_integer(part->pid));
    json_object_set_new(object, "restarts", json_integer(part->restarts));
    if (works(part))
        json_object_set_new(object, "took_ms", json_integer(part->ready_ms - part->started_ms));
    if (part->restarts)
        json_object_set_new(object, "last_status", json_integer(part->status));
    return object;
}

static void write_status(struct supervisor *supervisor)
{
    JSON_AUTO status = json_object();
    json_t *parts = json_array();
    json_object_set_new(status, "ready", json_boolean(all_work(supervisor)));
    json_object_set(status, "options", supervisor->cluster->options);
    json_object_set_new(status, "parts", parts);
    for (size_t i = 0; i < component_count; i++)
        if (is_wanted(supervisor, &supervisor->parts[i]))
            json_array_append_new(parts, describe(&supervisor->parts[i]));
    STR_AUTO text = STR_INIT;
    json_write(status, false, &text);
    str_append_char(&text, '\n');
    if (strcmp(str_text(&text), str_text(&supervisor->written)) == 0)
        return;
    ERROR_AUTO(err);
    CLEANUP(free_pointer) char *path = cluster_path(supervisor->cluster, "status.json");
    if (!file_write_atomic(path, text.ptr, text.length, 0600, &err))
        fprintf(stderr, "%s\n", error_message(&err));
    str_clear(&supervisor->written);
    str_append(&supervisor->written, text.ptr);
}

/* ---- the loop ------------------------------------------------------------------------------- */

/* Whether something is on its way, so that it is worth looking again soon. */
static bool step(struct supervisor *supervisor)
{
    bool busy = false;
    for (size_t i = 0; i < component_count; i++) {
        struct part *part = &supervisor->parts[i];
        if (!is_wanted(supervisor, part))
            continue;
        if (may_start(supervisor, part))
            start(supervisor, part);
        if (part->state == STARTING &&
            probe_ask(supervisor->prober, supervisor->cluster, part->component, part->started_ms)) {
            part->state = READY;
            part->ready_ms = clock_wall_ms();
        }
        busy |= !works(part);
    }
    write_status(supervisor);
    return busy;
}

static bool options_differ(const struct supervisor *supervisor, const json_t *before,
                           const char *names)
{
    for (struct slice rest = slice_from(names), head; rest.length;) {
        bool found;
        rest = slice_cut(rest, ' ', &head, &found);
        CLEANUP(free_pointer) char *name = mem_strndup(head.ptr, head.length);
        if (!text_equal(options_text(before, name),
                        options_text(supervisor->cluster->options, name)))
            return true;
    }
    return false;
}

/* Whether a part that runs must start again to follow the new options. */
static bool is_outdated(const struct supervisor *supervisor, const json_t *before,
                        const struct part *part)
{
    if (!is_wanted(supervisor, part) || part->component->inside_out ||
        options_differ(supervisor, before, part->component->options))
        return true;
    ERROR_AUTO(ignored);
    CLEANUP(free_command_line) struct command_line line = {0};
    if (!make_command_line(&line, supervisor->cluster, part->component, &ignored))
        return false;
    CLEANUP(free_pointer) char *called = join(&line);
    return !text_equal(called, part->called);
}

static bool use_options(struct supervisor *supervisor, struct cluster *fresh, struct error *err)
{
    const char *address = options_text(fresh->options, "node-ip");
    return cluster_prepare(fresh, err) &&
           (strcmp(address, options_text(supervisor->cluster->options, "node-ip")) == 0 ||
            namespaces_set_node_address(address, err));
}

static bool take_options(struct supervisor *supervisor, struct error *err)
{
    struct cluster *fresh = cluster_open(supervisor->cluster->state, 0, NULL, err);
    if (!fresh || !use_options(supervisor, fresh, err)) {
        cluster_free(fresh);
        return false;
    }
    cluster_free(supervisor->cluster);
    supervisor->cluster = fresh;
    return true;
}

static void load_again(struct supervisor *supervisor)
{
    ERROR_AUTO(err);
    JSON_AUTO before = json_incref(supervisor->cluster->options);
    if (!take_options(supervisor, &err)) {
        fprintf(stderr, "the new options cannot be used: %s\n", error_message(&err));
        return;
    }
    if (json_equal(before, supervisor->cluster->options))
        return;
    for (size_t i = component_count; i-- > 0;) {
        struct part *part = &supervisor->parts[i];
        if (part->state != STOPPED &&
            (part->state == DONE || is_outdated(supervisor, before, part)))
            stop(supervisor, part); /* it starts again when it is still wanted */
    }
}

/* etcd writes down what it has; the rest ends with this process. */
static void end(struct supervisor *supervisor) __attribute__((noreturn));
static void end(struct supervisor *supervisor)
{
    for (size_t i = component_count; i-- > 0;)
        stop(supervisor, &supervisor->parts[i]);
    _exit(0);
}

static void set_up(struct supervisor *supervisor)
{
    ERROR_AUTO(err);
    if (!namespaces_set_up_mounts(&err) ||
        !namespaces_set_up_network(options_text(supervisor->cluster->options, "node-ip"), &err) ||
        !file_make_directories("/run/okestra", 0755, &err)) {
        fprintf(stderr, "%s\n", error_message(&err));
        _exit(1);
    }
    supervisor->prober = prober_new(supervisor->cluster);
}

void supervisor_run(struct cluster *cluster, int outside)
{
    struct supervisor supervisor = {
        .cluster = cluster, .outside = outside, .began_ms = clock_monotonic_ms()};
    for (size_t i = 0; i < component_count; i++)
        supervisor.parts[i].component = &components[i];
    sigset_t watched;
    sigemptyset(&watched);
    sigaddset(&watched, SIGTERM);
    sigaddset(&watched, SIGHUP);
    sigaddset(&watched, SIGCHLD);
    sigprocmask(SIG_BLOCK, &watched, NULL);
    set_up(&supervisor);
    for (;;) {
        int64_t pause_ms = step(&supervisor) ? LOOK_MS : REST_MS;
        struct timespec pause = {pause_ms / 1000, pause_ms % 1000 * 1000 * 1000};
        int number = sigtimedwait(&watched, NULL, &pause);
        reap(&supervisor);
        if (number == SIGTERM)
            end(&supervisor);
        if (number == SIGHUP)
            load_again(&supervisor);
    }
}
