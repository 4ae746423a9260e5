/* What a refresh makes of the prior state and the API's answer. */
#ifndef OKESTRA_PROVIDER_ENGINE_READ_H
#define OKESTRA_PROVIDER_ENGINE_READ_H

#include "provider/engine/schema.h"

/* The prior spelling wherever nothing really changed. Attributes that the API cannot know are kept. */
const struct value *read_merge(struct arena *arena, const struct resource *resource,
                               const struct value *prior, const struct value *remote);
/* The first state of an imported or listed object: all that the API knows; `start` is what import set. */
const struct value *read_imported(struct arena *arena, const struct resource *resource,
                                  const struct value *start, const struct value *remote);

#endif
