/*
 * Work requests. Each service has its own flavour (fields, paths, names of states): a struct
 * work_flavour. A work request belongs to one object and carries one step of it: when its time has
 * come it ends as SUCCEEDED and the object's kind takes the step, or, ordered by a fault, as FAILED.
 */
#ifndef OKESTRA_CLOUD_WORK_H
#define OKESTRA_CLOUD_WORK_H

#include "acceptance/cloud/api/call.h"

struct work_flavour {
    const struct kind *kind;      /* of the work requests; its step must be work_step */
    const char *succeeded;        /* NULL: "SUCCEEDED"; object storage: "COMPLETED" */
    const char *failed_action;    /* of entities after a failure; NULL: they stay IN_PROGRESS */
    bool percent;                 /* shows percentComplete */
    bool inline_errors;           /* errors and logs are members of the work request (identity) */
    const char *resource_query;   /* "resourceId" */
    bool keep_in_progress;        /* entities stay IN_PROGRESS after success (see core.c) */
    const char *error_time_field; /* of errors and logs; NULL: "timestamp" */
};

struct work_entity {
    const char *type;   /* "vcn"; NULL: none */
    const char *action; /* "CREATED", "UPDATED", "DELETED", "RELATED" */
    const char *uri;    /* "/20160918/vcns/…"; NULL: none */
};

/*
 * Starts a work request for `object` and sets the header opc-work-request-id. After duration_ms (at
 * --speed 1) the object's `step` is taken through kind->step.
 */
struct object *work_start(struct call *call, const struct work_flavour *flavour,
                          const char *operation_type, struct object *object,
                          const struct work_entity *entity, const char *step, int64_t duration_ms);
/* A further resource that the work request is about; its action shows once it has succeeded. */
void work_add_resource(struct call *call, struct object *work, const struct work_entity *entity,
                       const char *identifier);
/* A further line of its log; also for kind->step while the work runs. */
void work_log(struct call *call, struct object *work, const char *format, ...) ATTR_PRINTF(3, 4);
/* From kind->step: the running work request of the object fails after all. */
void work_fail(struct call *call, const char *code, const char *format, ...) ATTR_PRINTF(3, 4);

bool work_step(struct call *call, struct object *work, const char *step, bool failed);

/* Handlers: GetWorkRequest, ListWorkRequests, and the lists of errors and log lines. The operation's
 * kind is the flavour's kind. */
bool work_get(struct call *call);
bool work_list(struct call *call);
bool work_list_errors(struct call *call);
bool work_list_logs(struct call *call);

#endif
