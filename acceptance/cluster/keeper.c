#include "acceptance/cluster/keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "acceptance/cluster/cgroups.h"
#include "acceptance/cluster/components.h"
#include "acceptance/cluster/namespaces.h"
#include "acceptance/cluster/options.h"
#include "acceptance/cluster/supervisor.h"
#include "lib/base/clock.h"
#include "lib/base/file.h"

enum { END_MS = 10 * 1000, FORCE_MS = 5 * 1000, LOOK_US = 10 * 1000, NOTE_LIMIT = 128 };

static int open_lock(const char *state)
{
    STR_AUTO path = STR_INIT;
    str_printf(&path, "%s/lock", state);
    return open(str_text(&path), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
}

pid_t keeper_find(const char *state)
{
    CLEANUP(file_close_pointer) int fd = open_lock(state);
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if (fd < 0 || fcntl(fd, F_GETLK, &lock) < 0 || lock.l_type == F_UNLCK)
        return 0;
    return lock.l_pid;
}

/* ---- the namespaces' first process, as seen from outside ------------------------------------ */

/* When a process started, in clock ticks: with its id this names it for good. -1: it is gone, or a
 * zombie, which has nothing left but its status. */
static long long start_of(pid_t pid)
{
    STR_AUTO path = STR_INIT;
    STR_AUTO text = STR_INIT;
    ERROR_AUTO(ignored);
    str_printf(&path, "/proc/%d/stat", (int)pid);
    if (!file_read(str_text(&path), 4096, &text, &ignored))
        return -1;
    const char *fields = strrchr(str_text(&text), ')'); /* the name before it may hold anything */
    char state = 0;
    long long start = -1;
    if (!fields ||
        sscanf(fields + 1,
               " %c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d %lld",
               &state, &start) != 2 ||
        state == 'Z' || state == 'X')
        return -1;
    return start;
}

static bool note_first(const struct cluster *cluster, pid_t pid, struct error *err)
{
    CLEANUP(free_pointer) char *path = cluster_path(cluster, "first");
    STR_AUTO text = STR_INIT;
    str_printf(&text, "%d %lld\n", (int)pid, start_of(pid));
    return file_write_atomic(path, text.ptr, text.length, 0600, err);
}

pid_t keeper_find_first(const struct cluster *cluster)
{
    CLEANUP(free_pointer) char *path = cluster_path(cluster, "first");
    STR_AUTO text = STR_INIT;
    ERROR_AUTO(ignored);
    int pid = 0;
    long long start = 0;
    if (!file_read(path, NOTE_LIMIT, &text, &ignored) ||
        sscanf(str_text(&text), "%d %lld", &pid, &start) != 2 || start_of(pid) != start)
        return 0;
    return pid;
}

static bool wait_gone(pid_t (*find)(const void *), const void *context, int64_t within_ms)
{
    for (int64_t deadline = clock_monotonic_ms() + within_ms; find(context);) {
        if (clock_monotonic_ms() > deadline)
            return false;
        usleep(LOOK_US);
    }
    return true;
}

static pid_t first_of(const void *cluster)
{
    return keeper_find_first(cluster);
}

static pid_t keeper_of(const void *cluster)
{
    return keeper_find(((const struct cluster *)cluster)->state);
}

/* What a cluster leaves that did not end by itself: at most its processes, and its control groups. */
static bool clean_up(const struct cluster *cluster, struct error *err)
{
    pid_t first = keeper_find_first(cluster);
    if (first)
        kill(first, SIGKILL);
    if (!wait_gone(first_of, cluster, FORCE_MS))
        return error_set(err, ERROR_TIMEOUT, "process %d of the cluster does not end", (int)first);
    CLEANUP(free_pointer) char *status = cluster_path(cluster, "status.json");
    unlink(status);
    return cgroups_remove(cluster->cgroup, err);
}

bool keeper_end(const struct cluster *cluster, struct error *err)
{
    pid_t keeper = keeper_find(cluster->state);
    if (keeper)
        kill(keeper, SIGTERM);
    if (!wait_gone(keeper_of, cluster, END_MS + FORCE_MS)) {
        kill(keeper, SIGKILL);
        wait_gone(keeper_of, cluster, FORCE_MS);
    }
    return clean_up(cluster, err);
}

/* ---- running -------------------------------------------------------------------------------- */

static bool take_lock(const struct cluster *cluster, struct error *err)
{
    int fd = open_lock(cluster->state); /* open, and so locked, as long as this process lives */
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if (fd < 0)
        return error_set_errno(err, "open the lock in %s", cluster->state);
    if (fcntl(fd, F_SETLK, &lock) == 0)
        return true;
    close(fd);
    return error_set(err, ERROR_EXISTS, "a cluster runs in %s already", cluster->state);
}

/* The last run's logs stay for a look, with ".1" at their end. */
static void keep_old_log(const struct cluster *cluster, const char *name)
{
    STR_AUTO path = STR_INIT;
    STR_AUTO old = STR_INIT;
    str_printf(&path, "%s/logs/%s.log", cluster->state, name);
    str_printf(&old, "%s.1", str_text(&path));
    rename(str_text(&path), str_text(&old));
}

/* Cloned, not spawned: this process has one thread, and the child goes on in this program. */
static pid_t clone_first(struct cluster *cluster, struct error *err)
{
    CLEANUP(file_close_pointer) int outside = namespaces_open_network(err);
    if (outside < 0)
        return -1;
    int alive[2]; /* its write end stays open as long as the keeper lives */
    if (pipe2(alive, O_CLOEXEC) < 0) {
        error_set_errno(err, "make a pipe");
        return -1;
    }
    long pid = syscall(SYS_clone, CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWNET | SIGCHLD, NULL, NULL,
                       NULL, NULL);
    if (pid < 0)
        error_set_errno(err, "make the cluster's namespaces (this needs root)");
    if (pid != 0)
        return (pid_t)pid;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    close(alive[1]);
    struct pollfd keeper = {.fd = alive[0]};
    if (poll(&keeper, 1, 0) != 0) /* it died before that */
        _exit(1);
    supervisor_run(cluster, outside);
}

static int wait_for_end(pid_t first, const sigset_t *watched)
{
    int status = 0;
    bool ending = false;
    int64_t deadline = 0;
    for (;;) {
        struct timespec pause = {ending ? 1 : 3600, 0};
        int number = sigtimedwait(watched, NULL, &pause);
        if (waitpid(first, &status, WNOHANG) == first)
            return ending || (WIFEXITED(status) && WEXITSTATUS(status) == 0) ? EXIT_SUCCESS
                                                                             : EXIT_FAILURE;
        if (number == SIGHUP)
            kill(first, SIGHUP);
        if ((number == SIGTERM || number == SIGINT) && !ending) {
            ending = true;
            deadline = clock_monotonic_ms() + END_MS;
            kill(first, SIGTERM);
        }
        if (ending && clock_monotonic_ms() > deadline)
            kill(first, SIGKILL);
    }
}

static bool get_ready(struct cluster *cluster, struct error *err)
{
    if (!take_lock(cluster, err) || !clean_up(cluster, err))
        return false;
    for (size_t i = 0; i < component_count; i++)
        keep_old_log(cluster, components[i].name);
    return cluster_prepare(cluster, err) && cgroups_make(cluster->cgroup, err);
}

int keeper_run(struct cluster *cluster)
{
    ERROR_AUTO(err);
    sigset_t watched;
    sigemptyset(&watched);
    sigaddset(&watched, SIGTERM);
    sigaddset(&watched, SIGINT);
    sigaddset(&watched, SIGHUP);
    sigaddset(&watched, SIGCHLD);
    sigprocmask(SIG_BLOCK, &watched, NULL);
    pid_t first = -1;
    if (get_ready(cluster, &err))
        first = clone_first(cluster, &err);
    if (first > 0 && !note_first(cluster, first, &err))
        kill(first, SIGKILL);
    int status = first > 0 ? wait_for_end(first, &watched) : EXIT_FAILURE;
    ERROR_AUTO(cleaning);
    if (first > 0 && !clean_up(cluster, &cleaning))
        fprintf(stderr, "local-cluster: %s\n", error_message(&cleaning));
    if (error_is_set(&err))
        fprintf(stderr, "local-cluster: %s\n", error_message(&err));
    return status;
}
