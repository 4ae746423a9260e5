/*
 * What happens to objects in the course of time. The usual steps: "activate" after creation, "updated"
 * after an update, "deleted" after deletion, "vanish" when a deleted object is no longer shown.
 */
#ifndef OKESTRA_CLOUD_LIFECYCLE_H
#define OKESTRA_CLOUD_LIFECYCLE_H

#include "acceptance/cloud/api/call.h"

/* Takes a step of an object that is open for editing, first through kind->step. */
void lifecycle_take(struct call *call, struct object *object, const char *step, bool failed);
/* In none of the states creating, updating, deleting, deleted. */
bool lifecycle_settled(const struct object *object);

#endif
