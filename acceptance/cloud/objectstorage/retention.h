#ifndef OKESTRA_CLOUD_RETENTION_H
#define OKESTRA_CLOUD_RETENTION_H

#include "acceptance/cloud/api/call.h"

/* False after 409 when a rule keeps the object from being deleted or overwritten. object may be NULL. */
bool retention_check(struct call *call, const struct object *bucket, const struct object *object);

#endif
