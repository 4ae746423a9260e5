#include "provider/oci/registry.h"

#include <stddef.h>

/* registry.def is read once for the declarations and once for each list. */
#define RESOURCE(name)    extern const struct resource oke_##name;
#define DATA_SOURCE(name) extern const struct resource oke_data_##name;
#define EPHEMERAL(name)   extern const struct resource oke_ephemeral_##name;
#define FUNCTION(name)    extern const struct function oke_function_##name;
#include "provider/oci/registry.def"
#undef RESOURCE
#undef DATA_SOURCE
#undef EPHEMERAL
#undef FUNCTION

#define RESOURCE(name) &oke_##name,
#define DATA_SOURCE(name)
#define EPHEMERAL(name)
#define FUNCTION(name)
const struct resource *const oke_resources[] = {
#include "provider/oci/registry.def"
    NULL};
#undef RESOURCE
#undef DATA_SOURCE

#define RESOURCE(name)
#define DATA_SOURCE(name) &oke_data_##name,
const struct resource *const oke_data_sources[] = {
#include "provider/oci/registry.def"
    NULL};
#undef DATA_SOURCE
#undef EPHEMERAL

#define DATA_SOURCE(name)
#define EPHEMERAL(name) &oke_ephemeral_##name,
const struct resource *const oke_ephemerals[] = {
#include "provider/oci/registry.def"
    NULL};
#undef EPHEMERAL
#undef FUNCTION

#define EPHEMERAL(name)
#define FUNCTION(name) &oke_function_##name,
const struct function *const oke_functions[] = {
#include "provider/oci/registry.def"
    NULL};
