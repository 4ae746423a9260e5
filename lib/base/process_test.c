#include "lib/base/process.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/base/test.h"

#define SHELL(script)                                                                              \
    (const char *const[])                                                                          \
    {                                                                                              \
        "sh", "-c", script, NULL                                                                   \
    }

static void test_output_and_status(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    PROCESS_RESULT_AUTO(result);
    struct process_command command = {
        .argv = SHELL("cat; echo \"$NAME$HOME\" >&2; pwd; exit 3"),
        .environment = (const char *const[]){"NAME=value", "HOME=/nowhere", NULL},
        .directory = "/",
        .input = SLICE_LITERAL("given\n"),
    };
    assert_true(process_run(&command, &result, &err));
    assert_int_equal(result.exit_status, 3);
    assert_int_equal(result.signal, 0);
    assert_string_equal(str_text(&result.output), "given\n/\n");
    assert_string_equal(str_text(&result.errors), "value/nowhere\n");
}

static void test_large_input_and_output(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    PROCESS_RESULT_AUTO(result);
    STR_AUTO input = STR_INIT;
    for (int i = 0; i < 200 * 1000; i++)
        str_append(&input, "0123456789");
    struct process_command command = {.argv = SHELL("cat"), .input = {input.ptr, input.length}};
    assert_true(process_run(&command, &result, &err));
    assert_int_equal(result.output.length, input.length);
}

static void test_input_that_is_not_read(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    PROCESS_RESULT_AUTO(result);
    STR_AUTO input = STR_INIT;
    for (int i = 0; i < 100 * 1000; i++)
        str_append(&input, "0123456789");
    struct process_command command = {.argv = SHELL("exec <&-; echo done"),
                                      .input = {input.ptr, input.length}};
    assert_true(process_run(&command, &result, &err));
    assert_string_equal(str_text(&result.output), "done\n");
}

static void test_no_such_program(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    PROCESS_RESULT_AUTO(result);
    struct process_command command = {.argv = (const char *const[]){"no-such-program", NULL}};
    assert_false(process_run(&command, &result, &err));
    assert_int_equal(err.code, ERROR_NOT_FOUND);
    assert_string_equal(error_message(&err), "run no-such-program: No such file or directory");
}

/* A program that ignores SIGTERM is killed; one that leaves children behind does not hold us up. */
static void test_deadline(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    PROCESS_RESULT_AUTO(result);
    struct process_command command = {.argv = SHELL("echo begun; sleep 1000"),
                                      .deadline_ms = clock_monotonic_ms() + 100};
    assert_false(process_run(&command, &result, &err));
    assert_int_equal(err.code, ERROR_TIMEOUT);
    assert_int_equal(result.signal, SIGTERM);
    assert_string_equal(str_text(&result.output), "begun\n");
}

static void test_children_left_behind(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    PROCESS_RESULT_AUTO(result);
    int64_t before = clock_monotonic_ms();
    struct process_command command = {.argv = SHELL("sleep 1000 & echo $!")};
    assert_true(process_run(&command, &result, &err));
    assert_true(clock_monotonic_ms() - before < 500 * 1000);
    pid_t child = (pid_t)strtol(str_text(&result.output), NULL, 10);
    assert_true(child > 0);
    /* It was killed with its group; init or whoever adopted it may need a moment. */
    for (int64_t until = clock_monotonic_ms() + 20 * 1000; clock_monotonic_ms() < until;) {
        STR_AUTO path = STR_INIT;
        str_printf(&path, "/proc/%d/cmdline", (int)child);
        STR_AUTO name = STR_INIT;
        FILE *file = fopen(str_text(&path), "r");
        int first = file ? fgetc(file) : EOF;
        if (file)
            fclose(file);
        if (first == EOF) /* gone, or a zombie */
            return;
        usleep(1000);
    }
    fail_msg("a child lives on");
}

static void test_cancel(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    PROCESS_RESULT_AUTO(result);
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "x", 1), 1);
    struct process_command command = {.argv = SHELL("sleep 1000"), .cancel_descriptor = ends[0]};
    assert_false(process_run(&command, &result, &err));
    assert_int_equal(err.code, ERROR_CANCELLED);
    close(ends[0]);
    close(ends[1]);
}

static void test_output_limit(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    PROCESS_RESULT_AUTO(result);
    struct process_command command = {.argv = SHELL("yes"), .output_limit = 100 * 1000};
    assert_false(process_run(&command, &result, &err));
    assert_int_equal(err.code, ERROR_INVALID);
    assert_true(result.output.length <= 100 * 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_output_and_status),
        cmocka_unit_test(test_large_input_and_output),
        cmocka_unit_test(test_input_that_is_not_read),
        cmocka_unit_test(test_no_such_program),
        cmocka_unit_test(test_deadline),
        cmocka_unit_test(test_children_left_behind),
        cmocka_unit_test(test_cancel),
        cmocka_unit_test(test_output_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
