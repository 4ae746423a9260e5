#include "provider/plugin/workers.h"

#include "lib/base/test.h"

#include <stdatomic.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/base/compiler.h"
#include "provider/plugin/limits.h"

enum { PATIENCE_MS = 20000 };

static atomic_int started, done;
static atomic_bool gate_open;

static void wait_at_gate(struct worker_job *job)
{
    (void)job;
    started++;
    while (!gate_open)
        usleep(500);
    done++;
}

static void quick(struct worker_job *job)
{
    (void)job;
    done++;
}

static int reset(void **state)
{
    (void)state;
    started = done = 0;
    gate_open = false;
    return 0;
}

static void wait_for(atomic_int *counter, int value)
{
    int64_t until = clock_monotonic_ms() + PATIENCE_MS;
    while (*counter < value && clock_monotonic_ms() < until)
        usleep(500);
    assert_int_equal(*counter, value);
}

static void threads_grow_with_blocked_jobs(void **state)
{
    (void)state;
    struct workers *workers = workers_new();
    struct worker_job jobs[80], more[3];
    assert_int_equal(workers_count(workers), 0);
    for (size_t i = 0; i < ARRAY_LENGTH(jobs); i++) {
        jobs[i].run = wait_at_gate;
        workers_submit(workers, &jobs[i]);
    }
    wait_for(&started, ARRAY_LENGTH(jobs));
    assert_int_equal(workers_count(workers), ARRAY_LENGTH(jobs));
    gate_open = true;
    wait_for(&done, ARRAY_LENGTH(jobs));
    for (size_t i = 0; i < ARRAY_LENGTH(more); i++) {
        more[i].run = quick;
        workers_submit(workers, &more[i]);
        wait_for(&done, (int)(ARRAY_LENGTH(jobs) + i + 1));
    }
    assert_int_equal(workers_count(workers), ARRAY_LENGTH(jobs)); /* idle ones are reused */
    assert_true(workers_end(workers, PATIENCE_MS));
    workers_free(workers);
}

static void jobs_beyond_the_limit_wait(void **state)
{
    (void)state;
    struct workers *workers = workers_new();
    struct worker_job jobs[WORKERS_MAX + 20];
    for (size_t i = 0; i < ARRAY_LENGTH(jobs); i++) {
        jobs[i].run = wait_at_gate;
        workers_submit(workers, &jobs[i]);
    }
    wait_for(&started, WORKERS_MAX);
    usleep(20000);
    assert_int_equal(started, WORKERS_MAX);
    assert_int_equal(workers_count(workers), WORKERS_MAX);
    gate_open = true;
    wait_for(&done, ARRAY_LENGTH(jobs));
    assert_true(workers_end(workers, PATIENCE_MS));
    workers_free(workers);
}

static void end_waits_for_jobs_and_gives_up(void **state)
{
    (void)state;
    struct workers *workers = workers_new();
    struct worker_job jobs[10];
    for (size_t i = 0; i < ARRAY_LENGTH(jobs); i++) {
        jobs[i].run = i ? quick : wait_at_gate;
        workers_submit(workers, &jobs[i]);
    }
    wait_for(&started, 1);
    assert_false(workers_end(workers, 50));
    gate_open = true;
    assert_true(workers_end(workers, PATIENCE_MS));
    assert_int_equal(done, ARRAY_LENGTH(jobs)); /* queued ones were not dropped */
    workers_free(workers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(threads_grow_with_blocked_jobs, reset),
        cmocka_unit_test_setup(jobs_beyond_the_limit_wait, reset),
        cmocka_unit_test_setup(end_waits_for_jobs_and_gives_up, reset),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
