/* What OKE accepts as a node pool. All checks answer false after call_fail(). */
#ifndef OKESTRA_CLOUD_NODE_POOL_RULES_H
#define OKESTRA_CLOUD_NODE_POOL_RULES_H

#include "acceptance/cloud/api/call.h"
#include "acceptance/cloud/core/catalog.h"

/* Everything that holds for a pool at any time. */
bool node_pool_check(struct call *call, const struct object *pool, const struct object *cluster);
/* What an update may not do. */
bool node_pool_check_change(struct call *call, const struct object *pool, const json_t *before);
/* A grace duration: PT0M to PT60M. */
bool node_pool_check_grace(struct call *call, const char *name, const char *text);
/* The image that the pool's nodes are made from; NULL when it has none. */
const struct image *node_pool_image(const struct call *call, const struct object *pool);

#endif
