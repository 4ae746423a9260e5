/* The data sources tenancy and region_subscriptions. */
#include "provider/oci/attributes.h"
#include "provider/oci/filter.h"
#include "provider/oci/source.h"

static const struct attribute tenancy[] = {
    ATTRIBUTE_ID,
    ATTRIBUTE_OCID("tenancy_id", REQUIRED, "tenancy", "OCID of the tenancy."),
    {.name = "defined_tags",
     .kind = ATTRIBUTE_STRING_MAP,
     .flags = COMPUTED,
     .json_kind = JSON_TWO_LEVEL_MAP,
     .doc = "Defined tags, as `\"namespace.key\" = \"value\"`."},
    ATTRIBUTE_TOLD("description", "What it is for."),
    {.name = "freeform_tags",
     .kind = ATTRIBUTE_STRING_MAP,
     .flags = COMPUTED,
     .doc = "Free-form tags."},
    ATTRIBUTE_TOLD("home_region_key", "Key of the region where identity is managed: `FRA`."),
    ATTRIBUTE_TOLD("name", "Name of the tenancy."),
    {.name = "upi_idcs_compatibility_layer_endpoint",
     .flags = COMPUTED,
     .json = "upiIdcsCompatibilityLayerEndpoint",
     .doc = "Endpoint for old identity domains."},
    ATTRIBUTES_END,
};

static const struct attribute subscription[] = {
    {.name = "is_home_region",
     .kind = ATTRIBUTE_BOOL,
     .flags = COMPUTED,
     .doc = "Whether identity is managed there."},
    ATTRIBUTE_TOLD("region_key", "Key of the region: `FRA`."),
    ATTRIBUTE_TOLD("region_name", "Name of the region: `eu-frankfurt-1`."),
    {.name = "state", .flags = COMPUTED, .json = "status", .doc = "`READY` or `IN_PROGRESS`."},
    ATTRIBUTES_END,
};

static const struct attribute subscriptions[] = {
    ATTRIBUTE_SOURCE_ID,
    ATTRIBUTE_OCID("tenancy_id", REQUIRED, "tenancy", "OCID of the tenancy."),
    ATTRIBUTE_FILTER,
    {.name = "region_subscriptions",
     .kind = ATTRIBUTE_OBJECT_LIST,
     .flags = COMPUTED,
     .fields = subscription,
     .doc = "The regions, by name."},
    ATTRIBUTES_END,
};

const struct resource oke_data_tenancy = {
    .name = "tenancy",
    .summary = "A tenancy: its name and home region.",
    .subcategory = "Identity",
    .attributes = tenancy,
    .ops = &oci_source_ops,
    .api = &(const struct oci_source){.service = OCI_IDENTITY,
                                      .operation = "GetTenancy",
                                      .path = "/tenancies/{tenancy_id}"},
    .example = "data \"oke_tenancy\" \"this\" {\n"
               "  tenancy_id = var.tenancy_ocid\n"
               "}\n",
};

const struct resource oke_data_region_subscriptions = {
    .name = "region_subscriptions",
    .summary = "The regions that a tenancy uses.",
    .subcategory = "Identity",
    .attributes = subscriptions,
    .ops = &oci_source_ops,
    .api = &(const struct oci_source){.service = OCI_IDENTITY,
                                      .operation = "ListRegionSubscriptions",
                                      .path = "/tenancies/{tenancy_id}/regionSubscriptions",
                                      .list = "region_subscriptions",
                                      .sort_by = "region_name"},
    .example = "data \"oke_region_subscriptions\" \"home\" {\n"
               "  tenancy_id = var.tenancy_ocid\n"
               "\n"
               "  filter {\n"
               "    name   = \"is_home_region\"\n"
               "    values = [\"true\"]\n"
               "  }\n"
               "}\n",
};
