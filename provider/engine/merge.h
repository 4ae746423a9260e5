/* The rules by which config, prior state and API answers become one object (README.md beside this). */
#ifndef OKESTRA_PROVIDER_ENGINE_MERGE_H
#define OKESTRA_PROVIDER_ENGINE_MERGE_H

#include "provider/engine/plan.h"
#include "provider/engine/schema.h"

/* What a plan says for one object: fills plan->planned and plan->replace. plan->prior, config,
 * resource, arena are set by the caller. */
void merge_plan(struct plan *plan);
/* State after create or update: what was planned, with the unknown parts from the API. */
const struct value *merge_applied(struct arena *arena, const struct attribute *table,
                                  const struct value *planned, const struct value *remote);
/* State after a refresh: the prior spelling wherever nothing really changed. */
const struct value *merge_read(struct arena *arena, const struct attribute *table,
                               const struct value *prior, const struct value *remote,
                               bool importing);
/* True when an update has something to tell the API: more than LOCAL attributes and timeouts. */
bool merge_needs_update(const struct attribute *table, const struct value *prior,
                        const struct value *planned);

#endif
