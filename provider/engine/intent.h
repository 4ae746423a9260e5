/* A create's entry in the journal, from before the first request until the answer to Terraform. */
#ifndef OKESTRA_PROVIDER_ENGINE_INTENT_H
#define OKESTRA_PROVIDER_ENGINE_INTENT_H

#include "provider/engine/operation.h"

/* Sets op->intent: a new entry, or one that a killed run left for the same thing. */
void intent_begin(struct operation *op, const struct value *planned);
/* Nothing exists: a later create starts afresh. Releases op->intent. */
void intent_abandon(struct operation *op);
/* The create ended. failure: why there is no state; NULL when a state goes to Terraform. */
void intent_end(struct operation *op, const struct error *failure);

/* Hash of what is to be made, of everything the user decides but secrets; no value can be read back
 * from it. Equal for equal plans whatever the order of their sets. In the arena. */
const char *intent_key(struct arena *arena, const struct resource *resource, const char *scope,
                       const struct value *planned);

#endif
