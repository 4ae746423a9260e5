/* The lists of registry.def, NULL-terminated. */
#ifndef OKESTRA_PROVIDER_OCI_REGISTRY_H
#define OKESTRA_PROVIDER_OCI_REGISTRY_H

#include "provider/engine/schema.h"

extern const struct resource *const oke_resources[];
extern const struct resource *const oke_data_sources[];
extern const struct resource *const oke_ephemerals[];
extern const struct function *const oke_functions[];
extern const struct action *const oke_actions[];

#endif
