#include "provider/oci/attributes.h"
#include "provider/oci/filter.h"
#include "provider/oci/source.h"

static const struct attribute fields[] = {
    ATTRIBUTE_TOLD("compartment_id", "OCID of the tenancy."),
    ATTRIBUTE_TOLD("id", "The OCID."),
    ATTRIBUTE_TOLD("name", "Name with the tenancy's prefix, such as `Uocm:PHX-AD-1`."),
    ATTRIBUTES_END,
};

static const struct attribute attributes[] = {
    ATTRIBUTE_SOURCE_ID,
    ATTRIBUTE_COMPARTMENT_ID(0),
    ATTRIBUTE_FILTER,
    {.name = "availability_domains",
     .kind = ATTRIBUTE_OBJECT_LIST,
     .flags = COMPUTED,
     .fields = fields,
     .doc = "The domains, by name."},
    ATTRIBUTES_END,
};

const struct resource oke_data_availability_domains = {
    .name = "availability_domains",
    .summary = "The availability domains of the region.",
    .subcategory = "Identity",
    .attributes = attributes,
    .ops = &oci_source_ops,
    .api =
        &(const struct oci_source){
            .service = OCI_IDENTITY,
            .operation = "ListAvailabilityDomains",
            .path = "/availabilityDomains",
            .query = (const struct api_query[]){{"compartmentId", "{compartment_id}"}, {NULL}},
            .list = "availability_domains",
            .sort_by = "name"},
    .example = "data \"oke_availability_domains\" \"all\" {\n"
               "  compartment_id = var.compartment_id\n"
               "}\n",
};
