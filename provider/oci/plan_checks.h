/* Pieces for plan hooks that ask OCI. */
#ifndef OKESTRA_PROVIDER_OCI_PLAN_CHECKS_H
#define OKESTRA_PROVIDER_OCI_PLAN_CHECKS_H

#include "provider/engine/operation.h"
#include "provider/engine/plan.h"

/* Inside a single object the state has null where the user said nothing, whatever OCI decided. When the
 * user now writes it down, only OCI knows whether that is a change: asks, and requires a replacement
 * when a member that cannot be updated differs. Asks nothing when there is no such member. */
void plan_ask_oci(struct operation *op, struct plan *plan, const char *attribute);

#endif
