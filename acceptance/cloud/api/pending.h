/* Updates that show only when their work request has succeeded. */
#ifndef OKESTRA_CLOUD_PENDING_H
#define OKESTRA_CLOUD_PENDING_H

#include "acceptance/cloud/store/store.h"

/* Keeps the body as it is for later, and shows it as it was `before`. */
void pending_hold(struct object *object, const json_t *before);
/* The work is done: shows what was kept. With failed: forgets it. */
void pending_end(struct object *object, bool failed);

#endif
