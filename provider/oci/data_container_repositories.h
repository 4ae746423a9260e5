/* See look_up.h: totals, and add_totals. */
#ifndef OKESTRA_PROVIDER_OCI_DATA_CONTAINER_REPOSITORIES_H
#define OKESTRA_PROVIDER_OCI_DATA_CONTAINER_REPOSITORIES_H

#include "provider/engine/schema.h"

extern const struct attribute container_repository_totals[];
const struct value *container_repository_add_totals(struct arena *arena,
                                                    const struct value *collection);

#endif
