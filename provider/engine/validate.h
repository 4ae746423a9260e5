/* Checks a configuration against its descriptors: what can be known without the API. */
#ifndef OKESTRA_PROVIDER_ENGINE_VALIDATE_H
#define OKESTRA_PROVIDER_ENGINE_VALIDATE_H

#include "provider/engine/diagnostics.h"
#include "provider/engine/schema.h"

/* config: an object with the table's attributes; unknown values are skipped. */
void validate_object(const struct attribute *table, const struct value *config,
                     const struct path *path, bool write_only_allowed,
                     struct diagnostics *diagnostics, struct arena *arena);

#endif
