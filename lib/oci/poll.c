#include "lib/oci/poll.h"

#include "lib/base/clock.h"
#include "lib/net/retry.h"

enum { LAST_LOOK_MS = 100 };

struct oci_poll oci_poll_start(const struct oci_wait *wait)
{
    return (struct oci_poll){wait, clock_monotonic_ms()};
}

void oci_poll_report(const struct oci_poll *poll, const char *state, double percent)
{
    if (poll->wait->progress)
        poll->wait->progress(poll->wait->context, state ? state : "UNKNOWN", percent,
                             clock_monotonic_ms() - poll->started_ms);
}

/* An operation that has taken a minute so far is looked at every six seconds: the wait overshoots by
 * a tenth at most, and quick operations end quickly. */
static int64_t pause_for(const struct oci_poll *poll, int64_t now)
{
    const struct oci_wait *wait = poll->wait;
    int64_t first = wait->first_ms > 0 ? wait->first_ms : OCI_POLL_FIRST_MS;
    int64_t most = wait->most_ms > 0 ? wait->most_ms : OCI_POLL_MOST_MS;
    int64_t tenth = (now - poll->started_ms) / 10;
    if (tenth < first)
        tenth = first;
    if (tenth > most)
        tenth = most;
    return retry_pause_ms(&(struct retry_backoff){tenth + tenth / 3, most + most / 3, 1.0}, 1);
}

bool oci_poll_pause(const struct oci_poll *poll, int64_t after_ms, struct error *err)
{
    const struct oci_wait *wait = poll->wait;
    int64_t now = clock_monotonic_ms(), pause = pause_for(poll, now);
    if (after_ms > pause)
        pause = after_ms;
    /* Towards the deadline the pauses are halved: the last look should have time for an answer. */
    int64_t left = wait->deadline_ms ? wait->deadline_ms - now : INT64_MAX;
    if (left < LAST_LOOK_MS)
        return error_set(err, ERROR_TIMEOUT, "timeout after %lld s",
                         (long long)((now - poll->started_ms + 500) / 1000));
    if (pause > left / 2)
        pause = left / 2;
    if (!cancel_sleep_until(wait->cancel, now + pause))
        return error_set(err, ERROR_CANCELLED, "cancelled");
    return true;
}
