#include "lib/base/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/base/file.h"
#include "lib/base/vec.h"

void process_result_free(struct process_result *result)
{
    str_free(&result->output);
    str_free(&result->errors);
    *result = (struct process_result)PROCESS_RESULT_INIT;
}

/* --- starting ----------------------------------------------------------------------------------- */

/* Our ends and the child's ends of its standard streams; -1 when closed. */
struct pipes {
    int input, output, errors;
    int child_input, child_output, child_errors;
};

static void close_descriptor(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

static void pipes_close_child(struct pipes *pipes)
{
    close_descriptor(&pipes->child_input);
    close_descriptor(&pipes->child_output);
    close_descriptor(&pipes->child_errors);
}

static void pipes_close(struct pipes *pipes)
{
    close_descriptor(&pipes->input);
    close_descriptor(&pipes->output);
    close_descriptor(&pipes->errors);
    pipes_close_child(pipes);
}

static bool open_pipe(int *reader, int *writer, int *ours)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) < 0)
        return false;
    *reader = ends[0];
    *writer = ends[1];
    return fcntl(*ours, F_SETFL, O_NONBLOCK) == 0;
}

static bool pipes_open(struct pipes *pipes, bool with_input, struct error *err)
{
    *pipes = (struct pipes){-1, -1, -1, -1, -1, -1};
    bool good = open_pipe(&pipes->output, &pipes->child_output, &pipes->output) &&
                open_pipe(&pipes->errors, &pipes->child_errors, &pipes->errors);
    if (good && with_input) {
        good = open_pipe(&pipes->child_input, &pipes->input, &pipes->input);
    } else if (good) {
        pipes->child_input = open("/dev/null", O_RDONLY | O_CLOEXEC);
        good = pipes->child_input >= 0;
    }
    if (!good) {
        error_set_errno(err, "open pipes");
        pipes_close(pipes);
    }
    return good;
}

static bool same_variable(const char *a, const char *b)
{
    size_t length = strcspn(a, "=");
    return strncmp(a, b, length) == 0 && b[length] == '=';
}

/* Ours, but for what `added` sets. Borrowed texts; free() the array. */
static char **make_environment(const char *const *added)
{
    VEC(char *) all = {0};
    for (char **variable = environ; *variable; variable++) {
        bool replaced = false;
        for (size_t i = 0; added && added[i]; i++)
            replaced |= same_variable(added[i], *variable);
        if (!replaced)
            vec_push(&all, *variable);
    }
    for (size_t i = 0; added && added[i]; i++)
        vec_push(&all, (char *)(uintptr_t)added[i]);
    vec_push(&all, NULL);
    return all.items;
}

static bool spawn(const struct process_command *command, const struct pipes *pipes, pid_t *pid,
                  struct error *err)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK |
                                              POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawn_file_actions_adddup2(&actions, pipes->child_input, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, pipes->child_output, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, pipes->child_errors, STDERR_FILENO);
    posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
    if (command->directory)
        posix_spawn_file_actions_addchdir_np(&actions, command->directory);
    CLEANUP(free_pointer) char **environment = make_environment(command->environment);
    int failure = posix_spawnp(pid, command->argv[0], &actions, &attributes,
                               (char *const *)(uintptr_t)command->argv, environment);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    if (failure)
        return error_set(err, failure == ENOENT ? ERROR_NOT_FOUND : ERROR_INTERNAL, "run %s: %s",
                         command->argv[0], strerror(failure));
    return true;
}

/* --- running ------------------------------------------------------------------------------------ */

struct run {
    const struct process_command *command;
    struct process_result *result;
    struct pipes pipes;
    pid_t pid;
    int pidfd;
    size_t written;
    int64_t kill_at; /* 0: it was not asked to end */
    bool exited;
};

/* Reads what is there; closes the stream at its end. False when it is more than allowed. */
static bool read_stream(struct run *run, enum process_stream stream)
{
    int *fd = stream == PROCESS_STDOUT ? &run->pipes.output : &run->pipes.errors;
    struct str *into = stream == PROCESS_STDOUT ? &run->result->output : &run->result->errors;
    size_t limit = run->command->output_limit ? run->command->output_limit : PROCESS_OUTPUT_LIMIT;
    char buffer[16 * 1024];
    ssize_t got = read(*fd, buffer, sizeof(buffer));
    if (got <= 0) {
        if (got == 0 || (errno != EAGAIN && errno != EINTR))
            close_descriptor(fd);
        return true;
    }
    if ((size_t)got > limit - into->length)
        return false;
    str_append_bytes(into, buffer, (size_t)got);
    if (run->command->on_output)
        run->command->on_output(run->command->context, stream, buffer, (size_t)got);
    return true;
}

/* write(2) to a pipe without the signal that comes when the reader has gone. */
static ssize_t write_quietly(int fd, const char *data, size_t length)
{
    sigset_t pipe_signal, before;
    sigemptyset(&pipe_signal);
    sigaddset(&pipe_signal, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_signal, &before);
    ssize_t sent = write(fd, data, length);
    int failure = errno;
    if (sent < 0 && failure == EPIPE && !sigismember(&before, SIGPIPE))
        sigtimedwait(&pipe_signal, NULL, &(struct timespec){0, 0});
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    errno = failure;
    return sent;
}

static void write_input(struct run *run)
{
    struct slice input = run->command->input;
    ssize_t sent =
        write_quietly(run->pipes.input, input.ptr + run->written, input.length - run->written);
    if (sent > 0)
        run->written += (size_t)sent;
    if (run->written == input.length || (sent < 0 && errno != EAGAIN && errno != EINTR))
        close_descriptor(&run->pipes.input);
}

static void ask_to_end(struct run *run)
{
    if (run->kill_at)
        return;
    kill(-run->pid, SIGTERM);
    run->kill_at = clock_monotonic_ms() + PROCESS_GRACE_MS;
}

static int poll_timeout(const struct run *run)
{
    int64_t until = run->kill_at ? run->kill_at : run->command->deadline_ms;
    if (!until)
        return -1;
    int64_t left = until - clock_monotonic_ms();
    return left < 0 ? 0 : left > 60 * 1000 ? 60 * 1000 : (int)left;
}

static void check_time(struct run *run, struct error *err)
{
    int64_t now = clock_monotonic_ms();
    if (run->kill_at && now >= run->kill_at) {
        kill(-run->pid, SIGKILL);
        run->kill_at = now + PROCESS_GRACE_MS;
    } else if (!run->kill_at && run->command->deadline_ms && now >= run->command->deadline_ms) {
        error_set(err, ERROR_TIMEOUT, "%s did not end in time", run->command->argv[0]);
        ask_to_end(run);
    }
}

/* One round of waiting. A program whose children keep its streams open has ended all the same. */
static void step(struct run *run, struct error *err)
{
    int cancel =
        run->command->cancel_descriptor > 0 && !run->kill_at ? run->command->cancel_descriptor : -1;
    struct pollfd polled[] = {{run->pipes.output, POLLIN, 0},
                              {run->pipes.errors, POLLIN, 0},
                              {run->pipes.input, POLLOUT, 0},
                              {run->pidfd, POLLIN, 0},
                              {cancel, POLLIN, 0}};
    if (poll(polled, ARRAY_LENGTH(polled), poll_timeout(run)) < 0 && errno != EINTR)
        fatal_error("poll: %s", strerror(errno));
    for (int i = PROCESS_STDOUT; i <= PROCESS_STDERR; i++)
        if (polled[i].revents && !read_stream(run, (enum process_stream)i) && !run->kill_at) {
            error_set(err, ERROR_INVALID, "%s prints more than the limit", run->command->argv[0]);
            ask_to_end(run);
        }
    if (polled[2].revents)
        write_input(run);
    if (polled[4].revents) {
        error_set(err, ERROR_CANCELLED, "%s was ended on request", run->command->argv[0]);
        ask_to_end(run);
    }
    bool streams_silent = !polled[0].revents && !polled[1].revents;
    run->exited = polled[3].revents && streams_silent;
    check_time(run, err);
}

bool process_run(const struct process_command *command, struct process_result *result,
                 struct error *err)
{
    struct run run = {.command = command, .result = result, .pidfd = -1};
    if (!pipes_open(&run.pipes, command->input.length > 0, err))
        return false;
    if (!spawn(command, &run.pipes, &run.pid, err)) {
        pipes_close(&run.pipes);
        return false;
    }
    pipes_close_child(&run.pipes);
    run.pidfd = (int)syscall(SYS_pidfd_open, run.pid, 0);
    if (run.pidfd < 0) {
        error_set_errno(err, "watch %s", command->argv[0]);
        kill(-run.pid, SIGKILL);
    }
    while (run.pidfd >= 0 && !run.exited)
        step(&run, err);
    kill(-run.pid,
         SIGKILL); /* what it left behind in its group; the group cannot be another's yet */
    int status = 0;
    while (waitpid(run.pid, &status, 0) < 0 && errno == EINTR)
        continue;
    close_descriptor(&run.pidfd);
    pipes_close(&run.pipes);
    result->exit_status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    result->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    return !error_is_set(err);
}
