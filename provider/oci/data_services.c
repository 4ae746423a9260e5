#include "provider/oci/attributes.h"
#include "provider/oci/filter.h"
#include "provider/oci/source.h"

static const struct attribute fields[] = {
    ATTRIBUTE_TOLD("cidr_block", "Label for route and security rules (`SERVICE_CIDR_BLOCK`)."),
    ATTRIBUTE_TOLD("description", "What it stands for."),
    ATTRIBUTE_TOLD("id", "OCID, for service gateways."),
    ATTRIBUTE_TOLD("name", "Name, such as `All FRA Services In Oracle Services Network`."),
    ATTRIBUTES_END,
};

static const struct attribute attributes[] = {
    ATTRIBUTE_SOURCE_ID,
    ATTRIBUTE_FILTER,
    {.name = "services",
     .kind = ATTRIBUTE_OBJECT_LIST,
     .flags = COMPUTED,
     .fields = fields,
     .doc = "The services."},
    ATTRIBUTES_END,
};

const struct resource oke_data_services = {
    .name = "services",
    .summary = "The services of Oracle that a service gateway reaches.",
    .subcategory = "Networking",
    .attributes = attributes,
    .ops = &oci_source_ops,
    .api = &(const struct oci_source){.service = OCI_CORE,
                                      .operation = "ListServices",
                                      .path = "/services",
                                      .list = "services"},
    .example = "data \"oke_services\" \"all\" {\n"
               "  filter {\n"
               "    name   = \"name\"\n"
               "    values = [\"^All .* Services In Oracle Services Network$\"]\n"
               "    regex  = true\n"
               "  }\n"
               "}\n",
};
