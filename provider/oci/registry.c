#include "provider/oci/registry.h"

#include <stddef.h>

/* registry.def is read once for the declarations and once for each list. */
#define RESOURCE(name)    extern const struct resource oke_##name;
#define DATA_SOURCE(name) extern const struct resource oke_data_##name;
#define LOOK_UP(singular, plural, list)                                                            \
    extern struct resource oke_data_##singular, oke_data_##plural;
#define EPHEMERAL(name) extern const struct resource oke_ephemeral_##name;
#define FUNCTION(name)  extern const struct function oke_function_##name;
#define ACTION(name)    extern const struct action oke_action_##name;
#include "provider/oci/registry.def"

#define RESOURCE(name) &oke_##name,
const struct resource *const oke_resources[] = {
#include "provider/oci/registry.def"
    NULL};

#define DATA_SOURCE(name)               &oke_data_##name,
#define LOOK_UP(singular, plural, list) &oke_data_##singular, &oke_data_##plural,
const struct resource *const oke_data_sources[] = {
#include "provider/oci/registry.def"
    NULL};

#define EPHEMERAL(name) &oke_ephemeral_##name,
const struct resource *const oke_ephemerals[] = {
#include "provider/oci/registry.def"
    NULL};

#define FUNCTION(name) &oke_function_##name,
const struct function *const oke_functions[] = {
#include "provider/oci/registry.def"
    NULL};

#define ACTION(name) &oke_action_##name,
const struct action *const oke_actions[] = {
#include "provider/oci/registry.def"
    NULL};
