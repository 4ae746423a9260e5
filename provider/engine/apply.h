/* What apply makes of a plan. */
#ifndef OKESTRA_PROVIDER_ENGINE_APPLY_H
#define OKESTRA_PROVIDER_ENGINE_APPLY_H

#include "provider/engine/layout.h"
#include "provider/engine/schema.h"

/* State after create or update: what was planned, with its unknown parts from the API's answer. */
const struct value *apply_merge(struct arena *arena, const struct resource *resource,
                                const struct value *planned, const struct value *remote);

/* True when the change of one attribute means something: null, an empty value and the default of an
 * attribute that the API does not decide are one. */
bool apply_matters(const struct attribute *attribute, const struct value *prior,
                   const struct value *planned);

/* True when an update has something to tell the API: more than LOCAL attributes and timeouts. A LOCAL
 * attribute "x_version" beside a write-only "x" says that x changed, which nothing else can show. */
bool apply_needs_update(const struct resource *resource, const struct value *prior,
                        const struct value *planned);
/* True when an update carries the write-only attribute: its version changed, or it has none. */
bool apply_announces(const struct layout *layout, const struct attribute *write_only,
                     const struct value *prior, const struct value *planned);

#endif
