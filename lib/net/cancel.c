#include "lib/net/cancel.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "lib/base/compiler.h"

struct cancel {
    pthread_mutex_t mutex;
    pthread_cond_t raised_condition;
    atomic_bool raised;
    int event; /* -1 until somebody polls */
};

struct cancel *cancel_new(void)
{
    struct cancel *cancel = mem_calloc(1, sizeof(*cancel));
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_mutex_init(&cancel->mutex, NULL);
    pthread_cond_init(&cancel->raised_condition, &attributes);
    pthread_condattr_destroy(&attributes);
    atomic_init(&cancel->raised, false);
    cancel->event = -1;
    return cancel;
}

void cancel_free(struct cancel *cancel)
{
    if (!cancel)
        return;
    if (cancel->event >= 0)
        close(cancel->event);
    pthread_cond_destroy(&cancel->raised_condition);
    pthread_mutex_destroy(&cancel->mutex);
    free(cancel);
}

static void signal_event(const struct cancel *cancel)
{
    /* Cannot fail in a way that matters: a full counter is readable, too. */
    if (cancel->event >= 0 && eventfd_write(cancel->event, 1) != 0)
        return;
}

void cancel_raise(struct cancel *cancel)
{
    pthread_mutex_lock(&cancel->mutex);
    atomic_store(&cancel->raised, true);
    signal_event(cancel);
    pthread_cond_broadcast(&cancel->raised_condition);
    pthread_mutex_unlock(&cancel->mutex);
}

bool cancel_raised(const struct cancel *cancel)
{
    return cancel && atomic_load(&cancel->raised);
}

int cancel_descriptor(struct cancel *cancel)
{
    if (!cancel)
        return -1;
    pthread_mutex_lock(&cancel->mutex);
    if (cancel->event < 0) {
        cancel->event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
        if (cancel_raised(cancel))
            signal_event(cancel);
    }
    int event = cancel->event;
    pthread_mutex_unlock(&cancel->mutex);
    return event;
}

static struct timespec to_timespec(int64_t monotonic_ms)
{
    return (struct timespec){monotonic_ms / 1000, (monotonic_ms % 1000) * 1000000};
}

bool cancel_sleep_until(struct cancel *cancel, int64_t monotonic_ms)
{
    struct timespec until = to_timespec(monotonic_ms);
    if (!cancel) {
        while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) != 0)
            continue;
        return true;
    }
    pthread_mutex_lock(&cancel->mutex);
    int result = 0;
    while (!cancel_raised(cancel) && result == 0)
        result = pthread_cond_timedwait(&cancel->raised_condition, &cancel->mutex, &until);
    pthread_mutex_unlock(&cancel->mutex);
    return !cancel_raised(cancel);
}
