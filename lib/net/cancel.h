/*
 * Cancellation: one flag that many threads watch. Raised once by the owner, seen by HTTP transfers,
 * polling loops and sleeps. Thread-safe; raising is async-signal-unsafe.
 */
#ifndef OKESTRA_NET_CANCEL_H
#define OKESTRA_NET_CANCEL_H

#include <stdbool.h>
#include <stdint.h>

struct cancel;

struct cancel *cancel_new(void);
void cancel_free(struct cancel *cancel); /* NULL is fine; nobody may wait any more */
void cancel_raise(struct cancel *cancel);
bool cancel_raised(const struct cancel *cancel); /* NULL: never */
/* Sleeps until the monotonic time; false when cancelled meanwhile. NULL never cancels. */
bool cancel_sleep_until(struct cancel *cancel, int64_t monotonic_ms);
/* A descriptor that becomes readable when the flag is raised, for poll(). It belongs to the cancel
 * object and must not be read. -1 for NULL or when the process is out of descriptors. */
int cancel_descriptor(struct cancel *cancel);

#endif
