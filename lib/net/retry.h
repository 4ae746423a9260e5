/*
 * Pauses between attempts: exponential backoff with jitter, bounded by attempts, by time and by the
 * deadline of the call; a longer Retry-After of the other side is honoured.
 */
#ifndef OKESTRA_NET_RETRY_H
#define OKESTRA_NET_RETRY_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/net/cancel.h"

enum { RETRY_AFTER_LIMIT_MS = 10 * 60 * 1000 };

struct retry_backoff {
    int64_t first_ms; /* longest first pause */
    int64_t most_ms;  /* longest pause */
    double factor;    /* growth from one pause to the next */
};

/* Pause after attempt 1, 2, …: first_ms · factor^(attempt-1), at most most_ms, spread evenly over
 * 50–100 % of that. */
int64_t retry_pause_ms(const struct retry_backoff *backoff, int attempt);

/* Value of a Retry-After header (seconds or HTTP date, RFC 9110 §10.2.3) in milliseconds from now,
 * at most RETRY_AFTER_LIMIT_MS; -1 when absent or unreadable. */
int64_t retry_after_ms(const char *value);

enum retry_outcome { RETRY_AGAIN, RETRY_NO_TIME, RETRY_CANCELLED };

/* Sleeps before the next attempt. RETRY_NO_TIME at once, without sleeping, when the pause would end
 * after deadline_ms (monotonic; 0: none). after_ms: what the other side asked for, or -1. */
enum retry_outcome retry_sleep(const struct retry_backoff *backoff, int attempt, int64_t after_ms,
                               int64_t deadline_ms, struct cancel *cancel);

#endif
