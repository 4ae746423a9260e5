/* Crashes in a child process, which is this program again with the name of a crash. */
#include "provider/plugin/crash.h"

#include "lib/base/test.h"

#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/base/compiler.h"
#include "lib/base/str.h"
#include "provider/plugin/workers.h"

static int *volatile nowhere = (int *)8;

static void end_note(void)
{
    ssize_t ignored = write(STDERR_FILENO, "[hook ran]\n", 11);
    (void)ignored;
}

__attribute__((noinline)) static int recurse(int depth)
{
    volatile char frame[1024];
    frame[0] = (char)depth;
    return depth < 0 ? 0 : recurse(depth + 1) + frame[0];
}

static void segv(void)
{
    *nowhere = 1;
}

static void overflow(void)
{
    printf("%d\n", recurse(1));
}

static void abort_now(void)
{
    fatal_error("out of something");
}

static void on_worker(struct worker_job *job)
{
    (void)job;
    overflow();
}

static void worker_overflow(void)
{
    static struct worker_job job = {.run = on_worker};
    struct workers *workers = workers_new();
    workers_submit(workers, &job);
    workers_end(workers, 20000);
}

static const struct {
    const char *name;
    void (*crash)(void);
    int number;
    const char *text;
} crashes[] = {
    {"segv", segv, SIGSEGV, "panic: SIGSEGV at address 0x8 in terraform-provider-oke"},
    {"overflow", overflow, SIGSEGV, "panic: SIGSEGV at address 0x"},
    {"worker", worker_overflow, SIGSEGV, "panic: SIGSEGV at address 0x"},
    {"abort", abort_now, SIGABRT, "fatal error: out of something\npanic: SIGABRT in terraform"},
};

static char *program;

static int run_child(const char *name, struct str *output)
{
    int ends[2];
    pid_t child;
    posix_spawn_file_actions_t actions;
    char *arguments[] = {program, (char *)name, NULL};
    assert_int_equal(pipe(ends), 0);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
    assert_int_equal(posix_spawn(&child, program, &actions, NULL, arguments, environ), 0);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    char buffer[4096];
    ssize_t got;
    while ((got = read(ends[0], buffer, sizeof(buffer))) > 0)
        str_append_bytes(output, buffer, (size_t)got);
    close(ends[0]);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

static void crashes_are_reported(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(crashes); i++) {
        STR_AUTO output = STR_INIT;
        int status = run_child(crashes[i].name, &output);
        assert_true(WIFSIGNALED(status));
        assert_int_equal(WTERMSIG(status), crashes[i].number);
        assert_false(WCOREDUMP(status));
        assert_non_null(strstr(str_text(&output), crashes[i].text));
        assert_non_null(strstr(str_text(&output), "  #0 "));
        assert_non_null(strstr(str_text(&output), " program+0x"));
        assert_non_null(strstr(str_text(&output), "[hook ran]"));
    }
}

static void memory_is_protected(void **state)
{
    (void)state;
    struct rlimit limit;
    crash_protect_memory(true);
    assert_int_equal(prctl(PR_GET_DUMPABLE), 1);
    getrlimit(RLIMIT_CORE, &limit);
    assert_int_equal(limit.rlim_max, 0);
    crash_protect_memory(false);
    assert_int_equal(prctl(PR_GET_DUMPABLE), 0);
}

int main(int argc, char **argv)
{
    program = argv[0];
    if (argc > 1) {
        crash_install(end_note);
        crash_protect_memory(false);
        for (size_t i = 0; i < ARRAY_LENGTH(crashes); i++)
            if (strcmp(argv[1], crashes[i].name) == 0)
                crashes[i].crash();
        return 0;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(crashes_are_reported),
        cmocka_unit_test(memory_is_protected),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
