/* Waiting for an object to reach a lifecycle state, by polling its GET. */
#ifndef OKESTRA_OCI_LIFECYCLE_H
#define OKESTRA_OCI_LIFECYCLE_H

#include <jansson.h>
#include <stdbool.h>

#include "lib/oci/client.h"
#include "lib/oci/work_request.h"

struct oci_state_wait {
    const struct oci_request *get; /* cancel and deadline are taken from `wait` */
    const char *what;              /* for errors: "VCN web" */
    const char *state_member;      /* path in the body; NULL: "lifecycleState" */
    const char *const *pending;    /* NULL-terminated; NULL: any state that is not a target */
    const char *const *targets;    /* NULL-terminated */
    bool gone_is_target;           /* 404 ends the wait well: deletions */
    bool gone_is_pending;          /* 404 may happen for a moment: just created */
    struct oci_wait wait;
};

/* True when a target was reached; *body (may be NULL) then has the last answer (new reference),
 * NULL when the object is gone. A state that is neither pending nor target is ERROR_REMOTE and the
 * text has the object's lifecycleDetails. On failure *body has the last answer seen, or NULL. */
bool oci_wait_state(struct oci_client *client, const struct oci_state_wait *wait, json_t **body,
                    struct error *err);

#endif
