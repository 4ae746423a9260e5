#include "provider/oci/attributes.h"
#include "provider/oci/ops.h"

static const struct attribute attributes[] = {
    ATTRIBUTE_ID,
    ATTRIBUTE_COMPARTMENT_ID(0),
    {.name = "display_name",
     .flags = REQUIRED,
     .max_length = 256,
     .validate = validate_name,
     .validate_with = "_-",
     .doc = "Name, unique in the compartment: letters, digits, `_` and `-`.",
     .sample = "\"todo\""},
    {.name = "description",
     .flags = OPTIONAL | COMPUTED,
     .max_length = 400,
     .doc = "What it is for."},
    ATTRIBUTE_DEFINED_TAGS,
    ATTRIBUTE_FREEFORM_TAGS,
    ATTRIBUTE_STATE,
    ATTRIBUTE_TIME_CREATED,
    {.name = "time_last_modified",
     .flags = COMPUTED | VOLATILE,
     .doc = "When it was last changed (RFC 3339)."},
    ATTRIBUTES_END,
};

static const struct attribute list_attributes[] = {
    ATTRIBUTE_COMPARTMENT_ID(0),
    {.name = "display_name", .flags = OPTIONAL, .doc = "Only those of exactly this name."},
    {.name = "is_compartment_id_in_subtree",
     .kind = ATTRIBUTE_BOOL,
     .flags = OPTIONAL,
     .doc = "Also those of compartments below it."},
    ATTRIBUTES_END,
};

static const struct oci_api api = {
    .service = OCI_LOGGING,
    .noun = "log group",
    .stem = "LogGroup",
    .path = "/logGroups",
    .ocid_type = "loggroup",
    .states = &api_states_active,
    .work_request_entity = "loggroup",
    .list_query =
        (const struct api_query[]){{"compartmentId", "{compartment_id}"},
                                   {"displayName", "{display_name}"},
                                   {"isCompartmentIdInSubtree", "{is_compartment_id_in_subtree}"},
                                   {NULL}},
    .actions = (const struct api_action[]){API_CHANGE_COMPARTMENT("ChangeLogGroupCompartment"),
                                           {.attribute = NULL}},
    .blockers = (const struct api_blocker[]){{.noun = "log",
                                              .operation = "ListLogs",
                                              .service = OCI_LOGGING,
                                              .path = "/logGroups/{id}/logs"},
                                             {.noun = NULL}},
};

const struct resource oke_log_group = {
    .name = "log_group",
    .summary = "A log group: a container of logs that policies can speak of.",
    .subcategory = "Logging",
    .attributes = attributes,
    .ops = &oci_ops,
    .api = &api,
    .import_id = "the log group's OCID",
    .moved_from = (const char *const[]){"oci_logging_log_group", NULL},
    .list_attributes = list_attributes,
    .example = "resource \"oke_log_group\" \"todo\" {\n"
               "  compartment_id = var.compartment_id\n"
               "  display_name   = \"todo\"\n"
               "}\n",
};
