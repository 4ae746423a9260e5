/* Adaptive polling, for the waits in lib/oci: quick at first, then a tenth of the time waited. */
#ifndef OKESTRA_OCI_POLL_H
#define OKESTRA_OCI_POLL_H

#include "lib/oci/work_request.h"

struct oci_poll {
    const struct oci_wait *wait;
    int64_t started_ms;
};

struct oci_poll oci_poll_start(const struct oci_wait *wait);
void oci_poll_report(const struct oci_poll *poll, const char *state, double percent);
/* Sleeps until the next poll is due; false with ERROR_TIMEOUT or ERROR_CANCELLED. after_ms: what the
 * service asked for, or -1. */
bool oci_poll_pause(const struct oci_poll *poll, int64_t after_ms, struct error *err);

#endif
