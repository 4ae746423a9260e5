#include "provider/oci/attributes.h"

#define IN_COMPARTMENT ATTRIBUTE_COMPARTMENT_ID(0)
#define EXACTLY        "Only what has exactly this name."

const struct attribute list_by_display_name[] = {
    IN_COMPARTMENT,
    {.name = "display_name", .flags = OPTIONAL, .doc = EXACTLY},
    ATTRIBUTES_END,
};

const struct attribute list_by_name[] = {
    IN_COMPARTMENT,
    {.name = "name", .flags = OPTIONAL, .doc = EXACTLY},
    ATTRIBUTES_END,
};
