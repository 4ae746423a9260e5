/*
 * Work requests: what asynchronous operations answer with. Each service keeps its own; the ones of
 * core and database are on the common work request API. Polling is adaptive: quick at first, up to
 * 15 s apart, a longer retry-after of the service is honoured.
 */
#ifndef OKESTRA_OCI_WORK_REQUEST_H
#define OKESTRA_OCI_WORK_REQUEST_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "lib/net/cancel.h"
#include "lib/oci/client.h"

enum { OCI_POLL_FIRST_MS = 50, OCI_POLL_MOST_MS = 15 * 1000 };

/* Called after each poll: "IN_PROGRESS", 0–100 or -1 when unknown, elapsed time. */
typedef void oci_progress(void *context, const char *state, double percent, int64_t elapsed_ms);

/* How to wait; zero members are the defaults. */
struct oci_wait {
    int64_t first_ms;    /* OCI_POLL_FIRST_MS */
    int64_t most_ms;     /* OCI_POLL_MOST_MS */
    int64_t deadline_ms; /* monotonic; 0: none */
    struct cancel *cancel;
    oci_progress *progress;
    void *context;
};

struct oci_work_request_query {
    enum oci_service service;   /* that answered with the work request */
    const char *id;             /* opc-work-request-id */
    const char *compartment_id; /* OKE wants it for errors and logs; NULL: the work request's own */
    const char *entity_type;    /* "cluster", …: matched as part, in any case; NULL: none */
    const char *action;         /* preferred actionType, "CREATED"; NULL: any */
    const char *what;           /* for errors: "create cluster todo" */
};

/* The identifier of the matching entity as the work request has it now (OKE tells it from the first
 * answer on). *identifier (owned by the caller) is NULL when there is none yet; that is no error.
 * */
bool oci_work_request_identifier(struct oci_client *client,
                                 const struct oci_work_request_query *query,
                                 const struct oci_wait *wait, char **identifier, struct error *err);

/* Waits for the end. True when it succeeded. When it failed or was cancelled, err carries the work
 * request's errors and last log lines (CAPACITY when it ran out of that). TIMEOUT and CANCELLED are
 * ours. *identifier (may be NULL) is set whenever it became known, also on failure. */
bool oci_work_request_wait(struct oci_client *client, const struct oci_work_request_query *query,
                           const struct oci_wait *wait, char **identifier, struct error *err);

/* Where the work requests of a service are. */
enum oci_service oci_work_request_service(enum oci_service service);

#endif
