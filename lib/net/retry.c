#include "lib/net/retry.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/clock.h"
#include "lib/base/encoding.h"

int64_t retry_pause_ms(const struct retry_backoff *backoff, int attempt)
{
    double pause = (double)backoff->first_ms, most = (double)backoff->most_ms;
    for (int i = 1; i < attempt && pause < most; i++)
        pause *= backoff->factor;
    if (pause > most)
        pause = most;
    uint32_t dice;
    random_bytes(&dice, sizeof(dice));
    return (int64_t)(pause * (0.5 + 0.5 * ((double)dice / UINT32_MAX)));
}

static int64_t limited(int64_t ms)
{
    if (ms < 0)
        return 0;
    return ms > RETRY_AFTER_LIMIT_MS ? RETRY_AFTER_LIMIT_MS : ms;
}

int64_t retry_after_ms(const char *value)
{
    if (!value)
        return -1;
    value += strspn(value, " \t");
    size_t digits = strspn(value, "0123456789");
    if (digits) {
        size_t rest = digits + strspn(value + digits, " \t");
        if (value[rest] != '\0')
            return -1;
        return digits > 9 ? RETRY_AFTER_LIMIT_MS : limited(strtoll(value, NULL, 10) * 1000);
    }
    int64_t at;
    return clock_parse_http(value, &at) ? limited(at - clock_wall_ms()) : -1;
}

enum retry_outcome retry_sleep(const struct retry_backoff *backoff, int attempt, int64_t after_ms,
                               int64_t deadline_ms, struct cancel *cancel)
{
    int64_t pause = retry_pause_ms(backoff, attempt);
    if (after_ms > pause)
        pause = after_ms;
    int64_t until = clock_monotonic_ms() + pause;
    if (deadline_ms && until >= deadline_ms)
        return RETRY_NO_TIME;
    return cancel_sleep_until(cancel, until) ? RETRY_AGAIN : RETRY_CANCELLED;
}
