/* See look_up.h: more, and complete. */
#ifndef OKESTRA_PROVIDER_OCI_DATA_NODE_POOL_H
#define OKESTRA_PROVIDER_OCI_DATA_NODE_POOL_H

#include "provider/engine/operation.h"

extern const struct attribute node_pool_nodes[];
bool node_pool_add_nodes(struct operation *op, const struct value **result, struct error *err);

#endif
