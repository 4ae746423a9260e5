#include "provider/oci/attributes.h"
#include "provider/oci/ops.h"
#include "provider/oci/policy_language.h"

static const struct attribute attributes[] = {
    ATTRIBUTE_ID,
    {.name = "compartment_id",
     .flags = REQUIRED | REPLACE,
     .validate = validate_ocid,
     .validate_with = "tenancy",
     .doc = "OCID of the tenancy: dynamic groups live nowhere else.",
     .sample = "var.tenancy_ocid"},
    {.name = "name",
     .flags = REQUIRED | REPLACE,
     .max_length = 100,
     .validate = validate_name,
     .validate_with = "._-",
     .doc = "Name, unique among the groups of the tenancy: letters, digits, `.`, `_` and `-`.",
     .sample = "\"todo-nodes\""},
    {.name = "description",
     .flags = REQUIRED,
     .min_length = 1,
     .max_length = 400,
     .doc = "What it is for.",
     .sample = "\"Worker nodes of the Todo cluster\""},
    {.name = "matching_rule",
     .flags = REQUIRED,
     .equal = equal_policy_text,
     .validate = validate_matching_rule,
     .doc =
         "Which instances and other resources belong to it: `ALL {…}`, `ANY {…}` or one condition.",
     .sample = "\"ALL {instance.compartment.id = '${var.compartment_id}'}\""},
    {.name = "inactive_state",
     .flags = COMPUTED,
     .json = "inactiveStatus",
     .json_kind = JSON_INTEGER_TEXT,
     .doc = "Detail of the state `INACTIVE`."},
    ATTRIBUTE_DEFINED_TAGS,
    ATTRIBUTE_FREEFORM_TAGS,
    ATTRIBUTE_STATE,
    ATTRIBUTE_TIME_CREATED,
    ATTRIBUTES_END,
};

static const struct oci_api api = {
    .service = OCI_IDENTITY,
    .noun = "dynamic group",
    .stem = "DynamicGroup",
    .path = "/dynamicGroups",
    .ocid_type = "dynamicgroup",
    .name = "name",
    .states = &api_states_active,
    .list_query = (const struct api_query[]){{"compartmentId", "{compartment_id}"},
                                             {"name", "{name}"},
                                             {NULL}},
};

const struct resource oke_dynamic_group = {
    .name = "dynamic_group",
    .summary = "A dynamic group: instances and other resources that policies can speak of.",
    .subcategory = "Identity",
    .attributes = attributes,
    .ops = &oci_ops,
    .api = &api,
    .import_id = "the dynamic group's OCID",
    .moved_from = (const char *const[]){"oci_identity_dynamic_group", NULL},
    .list_attributes = list_by_name,
    .example = "resource \"oke_dynamic_group\" \"nodes\" {\n"
               "  compartment_id = var.tenancy_ocid\n"
               "  name           = \"todo-nodes\"\n"
               "  description    = \"Worker nodes of the Todo cluster\"\n"
               "  matching_rule  = \"ALL {instance.compartment.id = '${var.compartment_id}'}\"\n"
               "}\n",
};
