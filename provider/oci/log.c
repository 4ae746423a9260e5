#include "lib/base/json.h"
#include "provider/engine/diagnostics.h"
#include "provider/oci/attributes.h"
#include "provider/oci/ops.h"

static const char *const log_types[] = {"CUSTOM", "SERVICE", NULL};
static const char *const source_types[] = {"OCISERVICE", NULL};

static const struct attribute source_fields[] = {
    {.name = "source_type",
     .flags = REQUIRED | REPLACE,
     .one_of = source_types,
     .one_of_any_case = true,
     .equal = equal_any_case,
     .doc = "`OCISERVICE`.",
     .sample = "\"OCISERVICE\""},
    {.name = "service",
     .flags = REQUIRED | REPLACE,
     .doc = "Service that writes it, such as `flowlogs` or `objectstorage`.",
     .sample = "\"flowlogs\""},
    {.name = "resource",
     .flags = REQUIRED | REPLACE,
     .doc = "What it is about: an OCID, or the name of a bucket.",
     .sample = "oke_subnet.workers.id"},
    {.name = "category",
     .flags = REQUIRED | REPLACE,
     .doc = "Kind of entries the service offers, such as `all`, `read`, `write`.",
     .sample = "\"all\""},
    {.name = "parameters",
     .kind = ATTRIBUTE_STRING_MAP,
     .flags = OPTIONAL | COMPUTED | REPLACE,
     .doc = "Parameters of the category."},
    ATTRIBUTES_END,
};

static const struct attribute configuration_fields[] = {
    ATTRIBUTE_BLOCK("source", REQUIRED | REPLACE, source_fields, "What writes it."),
    ATTRIBUTE_OCID("compartment_id", OPTIONAL | COMPUTED | REPLACE, "compartment tenancy",
                   "OCID of the compartment of the resource."),
    ATTRIBUTES_END,
};

/* 30, 60, … 180 */
static void validate_retention(const struct attribute *attribute, const struct value *value,
                               const struct path *path, struct diagnostics *diagnostics,
                               struct arena *arena)
{
    (void)arena;
    int64_t days;
    if (value_as_integer(value, &days) && days % 30 != 0)
        diagnostics_error(diagnostics, path, "Invalid value",
                          "%s: logs are kept for 30, 60, 90, "
                          "120, 150 or 180 days.",
                          attribute->name);
}

static const struct attribute attributes[] = {
    ATTRIBUTE_ID,
    {.name = "display_name",
     .flags = REQUIRED,
     .max_length = 256,
     .validate = validate_name,
     .validate_with = "_-",
     .doc = "Name, unique in the group: letters, digits, `_` and `-`.",
     .sample = "\"workers\""},
    {.name = "log_group_id",
     .flags = REQUIRED,
     .validate = validate_ocid,
     .validate_with = "loggroup",
     .doc = "OCID of the log group. A change moves the log.",
     .sample = "oke_log_group.todo.id"},
    {.name = "log_type",
     .flags = REQUIRED | REPLACE,
     .one_of = log_types,
     .doc = "`SERVICE` for logs that OCI writes, `CUSTOM` for those of applications.",
     .sample = "\"SERVICE\""},
    ATTRIBUTE_BLOCK("configuration", OPTIONAL | COMPUTED | REPLACE, configuration_fields,
                    "Where entries come from; for `SERVICE` logs."),
    ATTRIBUTE_SWITCH("is_enabled", OPTIONAL | COMPUTED,
                     "Whether entries are taken; on by default."),
    {.name = "retention_duration",
     .kind = ATTRIBUTE_INTEGER,
     .flags = OPTIONAL | COMPUTED,
     .minimum = 30,
     .maximum = 180,
     .validate = validate_retention,
     .doc = "Days that entries are kept: 30, 60, … 180.",
     .sample = "30"},
    ATTRIBUTE_TOLD("compartment_id", "OCID of the compartment: that of the group."),
    ATTRIBUTE_TOLD("tenancy_id", "OCID of the tenancy."),
    ATTRIBUTE_DEFINED_TAGS,
    ATTRIBUTE_FREEFORM_TAGS,
    ATTRIBUTE_STATE,
    ATTRIBUTE_TIME_CREATED,
    {.name = "time_last_modified",
     .flags = COMPUTED | VOLATILE,
     .doc = "When it was last changed (RFC 3339)."},
    ATTRIBUTES_END,
};

/* The group is part of the path: from then on it is the new one. */
static bool move(struct api_call *call, const struct api_action *action, struct error *err)
{
    OCI_RESPONSE_AUTO(response);
    struct arena *arena = call->op->arena;
    JSON_AUTO body = json_pack("{ss}", "targetLogGroupId",
                               value_text(value_get(call->planned, action->attribute)));
    const char *path = api_item_path(call, err);
    char token[33];
    struct oci_request request = {.operation = action->operation,
                                  .method = "POST",
                                  .path = arena_printf(arena, "%s/actions/changeLogGroup", path),
                                  .body = body,
                                  .retry_token = oci_retry_token(token)};
    if (!path || !api_send(call, &request, NULL, &response, err))
        return false;
    call->target = call->known;
    return api_wait(call, &response, err);
}

static void validate(const struct value *config, struct diagnostics *diagnostics,
                     struct arena *arena)
{
    const struct value *configuration = value_get(config, "configuration");
    const char *type = value_text(value_get(config, "log_type"));
    bool given = value_is_known(configuration) && value_count(configuration) > 0;
    if (text_equal(type, "SERVICE") && !given && !value_is_unknown(configuration))
        diagnostics_error(diagnostics, path_attribute(arena, NULL, "configuration"),
                          "Missing argument",
                          "A SERVICE log needs a configuration: which service writes it.");
    if (text_equal(type, "CUSTOM") && given)
        diagnostics_error(diagnostics, path_attribute(arena, NULL, "configuration"),
                          "Only for service logs",
                          "A CUSTOM log has no configuration: applications write it.");
}

static const struct attribute list_attributes[] = {
    ATTRIBUTE_OCID("log_group_id", REQUIRED, "loggroup", "OCID of the log group."),
    ATTRIBUTE_TEXT("display_name", OPTIONAL, "Only logs of exactly this name."),
    ATTRIBUTES_END,
};

static const struct oci_api api = {
    .service = OCI_LOGGING,
    .noun = "log",
    .stem = "Log",
    .path = "/logGroups/{log_group_id}/logs",
    .import_id = "logGroupId/{log_group_id}/logId/{id}",
    .ocid_type = "log",
    .flags = API_UPDATE_CHANGED | API_LIST_SUMMARY,
    .states = &api_states_active,
    .work_request_entity = "log",
    .list_query = (const struct api_query[]){{"displayName", "{display_name}"}, {NULL}},
    .actions =
        (const struct api_action[]){
            {.attribute = "log_group_id", .operation = "ChangeLogLogGroup", .run = move},
            {.attribute = NULL}},
};

const struct resource oke_log = {
    .name = "log",
    .summary = "A log: flow logs of a subnet, requests to a bucket, or what an application writes.",
    .subcategory = "Logging",
    .attributes = attributes,
    .ops = &oci_ops,
    .api = &api,
    .identity = (const struct identity_attribute[]){{"log_group_id", false, "OCID of the group."},
                                                    {"id", false, "OCID of the log."},
                                                    {NULL}},
    .import_id = "`logGroupId/<log group OCID>/logId/<log OCID>`",
    .moved_from = (const char *const[]){"oci_logging_log", NULL},
    .validate = validate,
    .list_attributes = list_attributes,
    .example = "resource \"oke_log\" \"workers\" {\n"
               "  display_name       = \"workers\"\n"
               "  log_group_id       = oke_log_group.todo.id\n"
               "  log_type           = \"SERVICE\"\n"
               "  retention_duration = 30\n"
               "\n"
               "  configuration {\n"
               "    source {\n"
               "      source_type = \"OCISERVICE\"\n"
               "      service     = \"flowlogs\"\n"
               "      resource    = oke_subnet.workers.id\n"
               "      category    = \"all\"\n"
               "    }\n"
               "  }\n"
               "}\n",
};
