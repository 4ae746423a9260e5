/* Time: wall clock, monotonic clock, and the three text forms that HTTP, OCI and logs use. */
#ifndef OKESTRA_BASE_CLOCK_H
#define OKESTRA_BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

enum { CLOCK_RFC3339_SIZE = 32, CLOCK_HTTP_SIZE = 32 };

int64_t clock_wall_ms(void);      /* Unix time in milliseconds */
int64_t clock_monotonic_ms(void); /* for durations and deadlines */

/* "2026-06-02T10:20:30.123Z" (RFC 3339, UTC, milliseconds). buffer: CLOCK_RFC3339_SIZE bytes. */
const char *clock_format_rfc3339(int64_t wall_ms, char *buffer);
/* "Tue, 02 Jun 2026 10:20:30 GMT" (RFC 9110 §5.6.7), independent of the locale. */
const char *clock_format_http(int64_t wall_ms, char *buffer);
/* RFC 3339 with optional fraction (any digits) and Z or a numeric offset. */
bool clock_parse_rfc3339(const char *text, int64_t *wall_ms);
bool clock_parse_http(const char *text, int64_t *wall_ms);

#endif
