/* Actions that are one request and a work request to wait for. */
#ifndef OKESTRA_PROVIDER_OCI_ACTION_WORK_H
#define OKESTRA_PROVIDER_OCI_ACTION_WORK_H

#include "provider/engine/operation.h"
#include "provider/oci/client.h"

/* Where lines for the user go; see struct action. */
struct action_progress {
    void (*report)(void *context, const char *message);
    void *context;
};

/* Sends the request and waits for its work request, as long as the operation may take. A line is
 * reported for each change of its state and each tenth of its progress. what: "cycle node pool
 * ocid1.…", for lines and errors. */
bool action_run_work(struct operation *op, struct oci_request *request, const char *what,
                     const struct action_progress *progress, struct error *err);

#endif
