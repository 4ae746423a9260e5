#include "provider/oci/attributes.h"
#include "provider/oci/filter.h"
#include "provider/oci/source.h"

static const struct attribute fields[] = {
    ATTRIBUTE_TOLD("availability_domain", "The availability domain that it is part of."),
    ATTRIBUTE_TOLD("compartment_id", "OCID of the tenancy."),
    ATTRIBUTE_TOLD("id", "The OCID."),
    ATTRIBUTE_TOLD("name", "Name, such as `FAULT-DOMAIN-1`."),
    ATTRIBUTES_END,
};

static const struct attribute attributes[] = {
    ATTRIBUTE_SOURCE_ID,
    ATTRIBUTE_COMPARTMENT_ID(0),
    {.name = "availability_domain",
     .flags = REQUIRED,
     .validate = validate_availability_domain,
     .doc = "Name of the availability domain.",
     .sample = "data.oke_availability_domains.all.availability_domains[0].name"},
    ATTRIBUTE_FILTER,
    {.name = "fault_domains",
     .kind = ATTRIBUTE_OBJECT_LIST,
     .flags = COMPUTED,
     .fields = fields,
     .doc = "The domains, by name."},
    ATTRIBUTES_END,
};

const struct resource oke_data_fault_domains = {
    .name = "fault_domains",
    .summary = "The fault domains of an availability domain.",
    .subcategory = "Identity",
    .attributes = attributes,
    .ops = &oci_source_ops,
    .api =
        &(const struct oci_source){
            .service = OCI_IDENTITY,
            .operation = "ListFaultDomains",
            .path = "/faultDomains",
            .query = (const struct api_query[]){{"compartmentId", "{compartment_id}"},
                                                {"availabilityDomain", "{availability_domain}"},
                                                {NULL}},
            .list = "fault_domains",
            .sort_by = "name"},
    .example =
        "data \"oke_availability_domains\" \"all\" {\n"
        "  compartment_id = var.compartment_id\n"
        "}\n"
        "\n"
        "data \"oke_fault_domains\" \"first\" {\n"
        "  compartment_id      = var.compartment_id\n"
        "  availability_domain = data.oke_availability_domains.all.availability_domains[0].name\n"
        "}\n",
};
