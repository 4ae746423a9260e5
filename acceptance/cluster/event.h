/* Events of objects: what `kubectl describe` shows at its end. */
#ifndef OKESTRA_CLUSTER_EVENT_H
#define OKESTRA_CLUSTER_EVENT_H

#include <jansson.h>
#include <stdbool.h>

#include "lib/kube/client.h"

/* The message is `text` and `detail`. A failure to write it goes to standard error only. */
void event_write(struct kube_client *client, const json_t *object, bool warning, const char *reason,
                 const char *text, const char *detail);

#endif
