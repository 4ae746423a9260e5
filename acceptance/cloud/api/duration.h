/* Durations as the APIs write them (ISO 8601): days, hours, minutes, seconds. */
#ifndef OKESTRA_CLOUD_DURATION_H
#define OKESTRA_CLOUD_DURATION_H

#include <stdbool.h>
#include <stdint.h>

/* "P1DT2H3M4S" with any of its parts, at least one; false for anything else, also for NULL. */
bool duration_parse(const char *text, int64_t *seconds);

#endif
