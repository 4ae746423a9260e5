#include "provider/plugin/workers.h"

#include <errno.h>
#include <openssl/crypto.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#include "lib/base/clock.h"
#include "lib/base/compiler.h"
#include "provider/plugin/crash.h"
#include "provider/plugin/limits.h"

#if defined(__SANITIZE_ADDRESS__)
enum { STACK_SIZE = 8 * WORKERS_STACK }; /* red zones around every variable */
#else
enum { STACK_SIZE = WORKERS_STACK };
#endif

static const int crash_signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGSYS};

struct workers {
    pthread_mutex_t mutex;
    pthread_cond_t job_there, thread_gone;
    struct worker_job *first, **last;
    size_t waiting, idle, threads;
    bool ending;
};

static void condition_init(pthread_cond_t *condition)
{
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(condition, &attributes);
    pthread_condattr_destroy(&attributes);
}

struct workers *workers_new(void)
{
    struct workers *workers = mem_calloc(1, sizeof(*workers));
    pthread_mutex_init(&workers->mutex, NULL);
    condition_init(&workers->job_there);
    condition_init(&workers->thread_gone);
    workers->last = &workers->first;
    return workers;
}

static bool wait_until(pthread_cond_t *condition, pthread_mutex_t *mutex, int64_t monotonic_ms)
{
    struct timespec until = {.tv_sec = monotonic_ms / 1000,
                             .tv_nsec = monotonic_ms % 1000 * 1000000};
    return pthread_cond_timedwait(condition, mutex, &until) != ETIMEDOUT;
}

/* The next job; NULL when the thread should end. The mutex is held. */
static struct worker_job *take_job(struct workers *workers)
{
    int64_t until = clock_monotonic_ms() + WORKERS_IDLE_MS;
    workers->idle++;
    while (!workers->first && !workers->ending) {
        if (workers->threads <= WORKERS_KEPT)
            pthread_cond_wait(&workers->job_there, &workers->mutex);
        else if (!wait_until(&workers->job_there, &workers->mutex, until) && !workers->first)
            break;
    }
    workers->idle--;
    struct worker_job *job = workers->first;
    if (job) {
        workers->first = job->next;
        if (!workers->first)
            workers->last = &workers->first;
        workers->waiting--;
    }
    return job;
}

static void *work(void *argument)
{
    struct workers *workers = argument;
    struct worker_job *job;
    crash_prepare_thread();
    pthread_mutex_lock(&workers->mutex);
    while ((job = take_job(workers))) {
        pthread_mutex_unlock(&workers->mutex);
        job->run(job);
        pthread_mutex_lock(&workers->mutex);
    }
    /* Before the last access: workers_free(), and the end of the process, may follow as soon as the mutex
     * is released. */
    OPENSSL_thread_stop();
    crash_release_thread();
    workers->threads--;
    pthread_cond_signal(&workers->thread_gone);
    pthread_mutex_unlock(&workers->mutex);
    return NULL;
}

/* The mutex is held. */
static void add_thread(struct workers *workers)
{
    pthread_attr_t attributes;
    pthread_t thread;
    sigset_t all, before;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_SIZE);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    /* Signals are the loop thread's, but for a thread's own crashes: blocked, these would end us
     * without a word. */
    sigfillset(&all);
    for (size_t i = 0; i < ARRAY_LENGTH(crash_signals); i++)
        sigdelset(&all, crash_signals[i]);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    if (pthread_create(&thread, &attributes, work, workers) == 0) {
        workers->threads++;
        pthread_setname_np(thread, "oke-worker");
    } else if (workers->threads == 0) {
        fatal_error("cannot start a worker thread");
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
}

void workers_submit(struct workers *workers, struct worker_job *job)
{
    job->next = NULL;
    pthread_mutex_lock(&workers->mutex);
    *workers->last = job;
    workers->last = &job->next;
    workers->waiting++;
    if (workers->waiting > workers->idle && workers->threads < WORKERS_MAX)
        add_thread(workers);
    pthread_mutex_unlock(&workers->mutex);
    pthread_cond_signal(&workers->job_there);
}

bool workers_end(struct workers *workers, int milliseconds)
{
    int64_t until = clock_monotonic_ms() + milliseconds;
    pthread_mutex_lock(&workers->mutex);
    workers->ending = true;
    pthread_cond_broadcast(&workers->job_there);
    while (workers->threads > 0 && wait_until(&workers->thread_gone, &workers->mutex, until))
        continue;
    bool ended = workers->threads == 0;
    pthread_mutex_unlock(&workers->mutex);
    return ended;
}

void workers_free(struct workers *workers)
{
    pthread_cond_destroy(&workers->job_there);
    pthread_cond_destroy(&workers->thread_gone);
    pthread_mutex_destroy(&workers->mutex);
    free(workers);
}

size_t workers_count(struct workers *workers)
{
    pthread_mutex_lock(&workers->mutex);
    size_t count = workers->threads;
    pthread_mutex_unlock(&workers->mutex);
    return count;
}
