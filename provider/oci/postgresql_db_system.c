#include "lib/base/json.h"
#include "provider/engine/diagnostics.h"
#include "provider/engine/json_body.h"
#include "provider/oci/attributes.h"
#include "provider/oci/database.h"

#define NAMES(...) ((const char *const[]){__VA_ARGS__, NULL})

static const struct attribute network_fields[] = {
    {.name = "subnet_id",
     .flags = REQUIRED | REPLACE,
     .validate = validate_ocid,
     .validate_with = "subnet",
     .doc = "OCID of the subnet.",
     .sample = "oke_subnet.workers.id"},
    ATTRIBUTE_OCIDS("nsg_ids", ATTRIBUTE_STRING_SET, OPTIONAL | COMPUTED, "networksecuritygroup",
                    "OCIDs of its network security groups."),
    {.name = "primary_db_endpoint_private_ip",
     .flags = OPTIONAL | COMPUTED | REPLACE,
     .validate = validate_ip_address,
     .doc = "Address of the primary; any of the subnet by default."},
    ATTRIBUTE_SWITCH("is_reader_endpoint_enabled", OPTIONAL,
                     "Whether there is an endpoint that spreads reads over the replicas."),
    ATTRIBUTES_END,
};

static const struct attribute storage_fields[] = {
    {.name = "system_type",
     .flags = REQUIRED | REPLACE,
     .one_of = NAMES("OCI_OPTIMIZED_STORAGE"),
     .one_of_any_case = true,
     .equal = equal_any_case,
     .doc = "`OCI_OPTIMIZED_STORAGE`.",
     .sample = "\"OCI_OPTIMIZED_STORAGE\""},
    {.name = "is_regionally_durable",
     .kind = ATTRIBUTE_BOOL,
     .flags = REQUIRED | REPLACE,
     .doc = "Whether data is kept in several availability domains.",
     .sample = "true"},
    {.name = "availability_domain",
     .flags = OPTIONAL | REPLACE,
     .equal = equal_any_case,
     .validate = validate_availability_domain,
     .doc = "Where data is kept that is not regionally durable."},
    {.name = "iops",
     .flags = OPTIONAL | COMPUTED,
     .json_kind = JSON_INTEGER_TEXT,
     .validate = validate_integer_text,
     .doc = "Guaranteed operations a second."},
    ATTRIBUTES_END,
};

static void validate_password(const struct attribute *attribute, const struct value *value,
                              const struct path *path, struct diagnostics *diagnostics,
                              struct arena *arena)
{
    (void)arena;
    static const struct password_rule rule = {
        .shortest = 8, .longest = 32, .special = true, .forbidden = "\"'"};
    database_check_password(attribute, value, path, diagnostics, &rule);
}

static const struct attribute password_fields[] = {
    {.name = "password_type",
     .flags = REQUIRED | SENSITIVE,
     .one_of = NAMES("PLAIN_TEXT", "VAULT_SECRET"),
     .one_of_any_case = true,
     .equal = equal_any_case,
     .doc = "`PLAIN_TEXT` with `password`, or `VAULT_SECRET` with `secret_id`.",
     .sample = "\"VAULT_SECRET\""},
    {.name = "password",
     .flags = OPTIONAL | COMPUTED | SENSITIVE,
     .validate = validate_password,
     .doc = "The password; it is kept in the state."},
    ATTRIBUTE_OCID("secret_id", OPTIONAL | COMPUTED, "vaultsecret",
                   "OCID of the vault secret with the password."),
    ATTRIBUTE_TEXT("secret_version", OPTIONAL | COMPUTED, "Version of the secret."),
    ATTRIBUTES_END,
};

static const struct attribute credential_fields[] = {
    {.name = "username",
     .flags = REQUIRED | REPLACE,
     .min_length = 1,
     .max_length = 63,
     .doc = "Name of the administrator.",
     .sample = "\"todo\""},
    ATTRIBUTE_BLOCK("password_details", REQUIRED | SENSITIVE, password_fields,
                    "The password. A change sets it anew."),
    ATTRIBUTES_END,
};

static const struct attribute instance_detail_fields[] = {
    ATTRIBUTE_TEXT("description", OPTIONAL | COMPUTED | REPLACE, "What it is for."),
    ATTRIBUTE_TEXT("display_name", OPTIONAL | COMPUTED | REPLACE, "Name."),
    {.name = "private_ip",
     .flags = OPTIONAL | COMPUTED | REPLACE,
     .validate = validate_ip_address,
     .doc = "Address in the subnet."},
    ATTRIBUTES_END,
};

static const struct attribute copy_policy_fields[] = {
    ATTRIBUTE_OCID("compartment_id", REQUIRED, "compartment tenancy",
                   "OCID of the compartment of the copies."),
    {.name = "regions",
     .kind = ATTRIBUTE_STRING_LIST,
     .flags = REQUIRED,
     .doc = "Regions that backups are copied to."},
    {.name = "retention_period",
     .kind = ATTRIBUTE_INTEGER,
     .flags = OPTIONAL,
     .minimum = 1,
     .maximum = 365,
     .doc = "Days that copies are kept."},
    ATTRIBUTES_END,
};

static const struct attribute backup_fields[] = {
    {.name = "kind",
     .flags = OPTIONAL | COMPUTED,
     .one_of = NAMES("DAILY", "WEEKLY", "MONTHLY", "NONE"),
     .one_of_any_case = true,
     .equal = equal_any_case,
     .doc = "`DAILY`, `WEEKLY`, `MONTHLY` or `NONE`."},
    ATTRIBUTE_TEXT("backup_start", OPTIONAL | COMPUTED, "Hour that it begins, as `00:00` in UTC."),
    {.name = "retention_days",
     .kind = ATTRIBUTE_INTEGER,
     .flags = OPTIONAL | COMPUTED,
     .minimum = 1,
     .maximum = 365,
     .doc = "Days that backups are kept."},
    {.name = "days_of_the_week",
     .kind = ATTRIBUTE_STRING_LIST,
     .flags = OPTIONAL | COMPUTED,
     .one_of = NAMES("SUNDAY", "MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY"),
     .doc = "Days, for `WEEKLY`."},
    {.name = "days_of_the_month",
     .kind = ATTRIBUTE_STRING_LIST,
     .flags = OPTIONAL | COMPUTED,
     .json_kind = JSON_INTEGER_TEXT,
     .max_items = 28,
     .validate = validate_integer_text,
     .doc = "Days 1 to 28, for `MONTHLY`."},
    ATTRIBUTE_BLOCK("copy_policy", OPTIONAL | COMPUTED, copy_policy_fields,
                    "Copies in other regions."),
    ATTRIBUTES_END,
};

static const struct attribute pitr_fields[] = {
    ATTRIBUTE_TEXT("kind", OPTIONAL | COMPUTED, "Kind of point-in-time recovery."),
    {.name = "restore_days",
     .kind = ATTRIBUTE_INTEGER,
     .flags = OPTIONAL | COMPUTED,
     .minimum = 1,
     .maximum = 35,
     .doc = "Days that one can go back."},
    ATTRIBUTES_END,
};

static const struct attribute management_fields[] = {
    ATTRIBUTE_TEXT("maintenance_window_start", OPTIONAL | COMPUTED,
                   "Day and hour of maintenance in UTC, as `SUN 05:00`."),
    ATTRIBUTE_BLOCK("backup_policy", OPTIONAL | COMPUTED, backup_fields, "Automatic backups."),
    ATTRIBUTE_BLOCK("pitr_policy", OPTIONAL | COMPUTED, pitr_fields, "Point-in-time recovery."),
    ATTRIBUTES_END,
};

static const struct attribute source_fields[] = {
    {.name = "source_type",
     .flags = OPTIONAL | COMPUTED | REPLACE,
     .one_of_any_case = true,
     .one_of = NAMES("NONE", "BACKUP", "POINT_IN_TIME_DB_SYSTEM", "DB_SYSTEM"),
     .equal = equal_any_case,
     .doc = "`NONE`, `BACKUP`, `POINT_IN_TIME_DB_SYSTEM` or `DB_SYSTEM`."},
    ATTRIBUTE_TEXT("backup_id", OPTIONAL | COMPUTED | REPLACE, "OCID of the backup."),
    ATTRIBUTE_SWITCH("is_having_restore_config_overrides", OPTIONAL | COMPUTED | REPLACE,
                     "Whether this configuration goes before the one in the backup."),
    ATTRIBUTE_TEXT("db_system_id", OPTIONAL | COMPUTED | REPLACE,
                   "OCID of the system to go back in."),
    ATTRIBUTE_TEXT("time_to_restore", OPTIONAL | COMPUTED | REPLACE,
                   "Where to go back to (RFC 3339)."),
    ATTRIBUTE_TEXT("primary_db_system_id", OPTIONAL | REPLACE,
                   "OCID of the system that this one replicates."),
    ATTRIBUTES_END,
};

static const struct attribute replication_fields[] = {
    ATTRIBUTE_SWITCH("is_rpo_enforced", OPTIONAL | COMPUTED,
                     "Whether the primary waits for replicas that are behind."),
    {.name = "rpo_in_seconds",
     .flags = OPTIONAL | COMPUTED,
     .json_kind = JSON_INTEGER_TEXT,
     .validate = validate_integer_text,
     .doc = "How far behind they may be."},
    ATTRIBUTES_END,
};

static const struct attribute instance_fields[] = {
    ATTRIBUTE_TOLD("id", "OCID."),
    ATTRIBUTE_TOLD("availability_domain", "Where it is."),
    ATTRIBUTE_TOLD("description", "What it is for."),
    ATTRIBUTE_TOLD("display_name", "Name."),
    ATTRIBUTE_TOLD("lifecycle_details", "Detail of the state."),
    ATTRIBUTE_STATE,
    ATTRIBUTE_TIME_CREATED,
    ATTRIBUTE_TOLD("time_updated", "When it was last changed."),
    ATTRIBUTES_END,
};

static const struct attribute patch_fields[] = {
    {.name = "operation",
     .flags = REQUIRED,
     .one_of = NAMES("INSERT", "REMOVE", "REPLACE", "MERGE", "MOVE", "PROHIBIT", "REQUIRE"),
     .doc = "`INSERT`, `REMOVE`, …",
     .sample = "\"INSERT\""},
    {.name = "selection",
     .flags = REQUIRED,
     .doc = "What it is done to, as a JMESPath.",
     .sample = "\"instances\""},
    {.name = "value",
     .kind = ATTRIBUTE_STRING_MAP,
     .flags = OPTIONAL,
     .doc = "The members of what is inserted."},
    ATTRIBUTE_TEXT("from", OPTIONAL, "Where a moved thing comes from."),
    ATTRIBUTE_TEXT("position", OPTIONAL, "`BEFORE` or `AFTER` `selected_item`."),
    ATTRIBUTE_TEXT("selected_item", OPTIONAL, "What `position` is about."),
    ATTRIBUTES_END,
};

static const struct attribute attributes[] = {
    ATTRIBUTE_ID,
    ATTRIBUTE_COMPARTMENT_ID(0),
    {.name = "display_name",
     .flags = REQUIRED,
     .min_length = 1,
     .max_length = 255,
     .doc = "A name for people.",
     .sample = "\"todo\""},
    {.name = "db_version",
     .flags = REQUIRED | REPLACE,
     .min_length = 1,
     .doc = "Major version of PostgreSQL.",
     .sample = "\"16\""},
    {.name = "shape",
     .flags = REQUIRED,
     .min_length = 1,
     .doc = "Shape of the instances.",
     .sample = "\"PostgreSQL.VM.Standard.E5.Flex\""},
    ATTRIBUTE_BLOCK("network_details", REQUIRED, network_fields, "Where it is reached."),
    ATTRIBUTE_BLOCK("storage_details", REQUIRED, storage_fields, "Where data is kept."),
    ATTRIBUTE_BLOCK("credentials", OPTIONAL | COMPUTED | SENSITIVE | UNREADABLE, credential_fields,
                    "The administrator; needed unless the system is made from another one."),
    ATTRIBUTE_OCID("config_id", OPTIONAL | COMPUTED, "postgresqlconfiguration",
                   "OCID of the configuration of the database."),
    {.name = "apply_config",
     .flags = OPTIONAL | LOCAL,
     .one_of = NAMES("RESTART", "RELOAD"),
     .doc = "How another `config_id` comes into effect: `RESTART` or `RELOAD`."},
    {.name = "description",
     .flags = OPTIONAL | COMPUTED,
     .max_length = 400,
     .doc = "What it is for."},
    {.name = "instance_count",
     .kind = ATTRIBUTE_INTEGER,
     .flags = OPTIONAL | COMPUTED,
     .minimum = 1,
     .maximum = 16,
     .doc = "One primary and its replicas. New ones come last, and the last ones go.",
     .sample = "1"},
    {.name = "instance_ocpu_count",
     .kind = ATTRIBUTE_INTEGER,
     .flags = OPTIONAL | COMPUTED,
     .minimum = 1,
     .maximum = 128,
     .doc = "OCPUs of each instance.",
     .sample = "2"},
    {.name = "instance_memory_size_in_gbs",
     .kind = ATTRIBUTE_INTEGER,
     .flags = OPTIONAL | COMPUTED,
     .json = "instanceMemorySizeInGBs",
     .minimum = 1,
     .maximum = 2048,
     .doc = "Memory of each instance in GB.",
     .sample = "32"},
    {.name = "instances_details",
     .kind = ATTRIBUTE_OBJECT_LIST,
     .flags = OPTIONAL | COMPUTED | REPLACE | UNREADABLE,
     .fields = instance_detail_fields,
     .doc = "Names and addresses of the first instances."},
    ATTRIBUTE_BLOCK("management_policy", OPTIONAL | COMPUTED, management_fields,
                    "Backups and maintenance."),
    ATTRIBUTE_BLOCK("source", OPTIONAL | COMPUTED | REPLACE, source_fields,
                    "What it is made from."),
    ATTRIBUTE_BLOCK("replication_config", OPTIONAL | COMPUTED, replication_fields,
                    "How replicas follow."),
    {.name = "patch_operations",
     .kind = ATTRIBUTE_OBJECT_LIST,
     .flags = OPTIONAL | UNREADABLE,
     .fields = patch_fields,
     .doc = "Instructions that are carried out when they change, in updates."},
    {.name = "system_type",
     .flags = OPTIONAL | COMPUTED | REPLACE,
     .one_of = NAMES("OCI_OPTIMIZED_STORAGE"),
     .doc = "`OCI_OPTIMIZED_STORAGE`."},
    {.name = "state",
     .flags = OPTIONAL | COMPUTED,
     .json = "lifecycleState",
     .one_of = NAMES("ACTIVE", "INACTIVE"),
     .equal = equal_power_state,
     .doc = "`ACTIVE` or `INACTIVE`: a change starts or stops the system."},
    ATTRIBUTE_TOLD("admin_username", "Name of the administrator."),
    {.name = "instances",
     .kind = ATTRIBUTE_OBJECT_LIST,
     .flags = COMPUTED | VOLATILE,
     .fields = instance_fields,
     .doc = "The instances."},
    {.name = "lifecycle_details", .flags = COMPUTED | VOLATILE, .doc = "Detail of the state."},
    ATTRIBUTE_TOLD("system_role", "`PRIMARY` or `REPLICA`."),
    {.name = "system_tags",
     .kind = ATTRIBUTE_STRING_MAP,
     .flags = COMPUTED,
     .json_kind = JSON_TWO_LEVEL_MAP,
     .doc = "Tags that OCI sets."},
    ATTRIBUTE_DEFINED_TAGS,
    ATTRIBUTE_FREEFORM_TAGS,
    ATTRIBUTE_TIME_CREATED,
    {.name = "time_updated", .flags = COMPUTED | VOLATILE, .doc = "When it was last changed."},
    ATTRIBUTES_END,
};

/* State and instructions are no members of bodies, and another configuration is one of parameters. */
static bool complete_body(struct api_call *call, json_t *body, struct error *err)
{
    (void)err;
    json_object_del(body, "lifecycleState");
    json_object_del(body, "patchOperations");
    json_t *configuration = json_object_get(body, "configId");
    if (call->phase == API_UPDATE && configuration) {
        json_t *parameters = json_pack("{sO}", "configId", configuration);
        const char *apply = value_text(value_get(call->planned, "apply_config"));
        if (apply)
            json_object_set_new(parameters, "applyConfig", json_string(apply));
        json_object_set_new(body, "dbConfigurationParams", parameters);
        json_object_del(body, "configId");
    }
    return true;
}

/* Takes over *items. */
static bool patch(struct api_call *call, json_t *items, struct error *err)
{
    OCI_RESPONSE_AUTO(response);
    JSON_AUTO body = json_pack("{so}", "items", items);
    struct oci_request request = {.operation = "PatchDbSystem",
                                  .method = "PATCH",
                                  .path = api_item_path(call, err),
                                  .body = body};
    return request.path && api_send(call, &request, NULL, &response, err) &&
           api_wait(call, &response, err);
}

static bool carry_out(struct api_call *call, const struct api_action *action, struct error *err)
{
    JSON_AUTO body = json_object();
    json_body_add(call->op->arena, body, attribute_find(attributes, action->attribute),
                  value_get(call->planned, action->attribute));
    json_t *items = json_object_get(body, "patchOperations");
    return json_array_size(items) == 0 || patch(call, json_incref(items), err);
}

static bool change_count(struct api_call *call, const struct api_action *action, struct error *err)
{
    int64_t before = 0, after = 0;
    value_as_integer(value_get(call->prior, action->attribute), &before);
    value_as_integer(value_get(call->planned, action->attribute), &after);
    const struct value *instances = value_get(call->prior, "instances");
    json_t *items = json_array();
    for (int64_t i = before; i < after; i++)
        json_array_append_new(items, json_pack("{ssss s{}}", "operation", "INSERT", "selection",
                                               "instances", "value"));
    for (int64_t i = before - 1; i >= after; i--) {
        const char *id = value_text(value_get(value_item(instances, (size_t)i), "id"));
        if (id)
            json_array_append_new(items, json_pack("{ssso}", "operation", "REMOVE", "selection",
                                                   json_sprintf("instances[?id == '%s']", id)));
    }
    return patch(call, items, err);
}

static bool is_stopped(const struct value *state)
{
    return database_is_stopped(value_text(value_get(state, "state")));
}

static bool reset_password(struct api_call *call, const struct api_action *action,
                           struct error *err)
{
    bool adopted = value_is_null(value_get(call->prior, action->attribute));
    if (is_stopped(call->prior) && adopted) {
        diagnostics_warning(call->op->diagnostics, NULL, "The password is taken as configured",
                            "%s is stopped: its password can be neither tried nor set.",
                            call->title);
        return true;
    }
    if (is_stopped(call->prior))
        return error_set(err, ERROR_CONFLICT,
                         "%s is stopped: set state = \"ACTIVE\" first, then another password",
                         call->title);
    JSON_AUTO credentials = json_object();
    JSON_AUTO body = json_object();
    json_body_add(call->op->arena, credentials, attribute_find(attributes, action->attribute),
                  value_get(call->planned, action->attribute));
    json_t *details = json_at_path(credentials, "credentials.passwordDetails");
    json_object_set(body, "passwordDetails", details);
    return !details ||
           api_act(call, action->operation, "/actions/resetMasterUserPassword", body, err);
}

static void validate(const struct value *config, struct diagnostics *diagnostics,
                     struct arena *arena)
{
    const struct value *storage = value_item(value_get(config, "storage_details"), 0);
    const struct value *regional = value_get(storage, "is_regionally_durable");
    const struct path *path =
        path_attribute(arena, path_index(arena, path_attribute(arena, NULL, "storage_details"), 0),
                       "availability_domain");
    bool given = !value_is_null(value_get(storage, "availability_domain"));
    if (value_is_known(regional) && !value_as_bool(regional, true) && !given)
        diagnostics_error(diagnostics, path, "Missing argument",
                          "Data that is not regionally durable needs an availability_domain.");
    if (value_as_bool(regional, false) && given)
        diagnostics_error(diagnostics, path, "Conflicting arguments",
                          "Regionally durable data is in no single availability_domain.");
    if (value_is_null(value_get(config, "credentials")) &&
        value_is_null(value_get(config, "source")))
        diagnostics_error(diagnostics, path_attribute(arena, NULL, "credentials"),
                          "Missing argument", "A new system needs credentials.");
    const struct value *password = value_item(
        value_get(value_item(value_get(config, "credentials"), 0), "password_details"), 0);
    const char *type = value_text(value_get(password, "password_type"));
    const char *needed = text_equal_nocase(type, "PLAIN_TEXT")     ? "password"
                         : text_equal_nocase(type, "VAULT_SECRET") ? "secret_id"
                                                                   : NULL;
    if (needed && value_is_null(value_get(password, needed)))
        diagnostics_error(diagnostics, path_attribute(arena, NULL, "credentials"),
                          "Missing argument", "password_type %s needs %s.", type, needed);
}

static const struct oci_api api = {
    .service = OCI_POSTGRESQL,
    .noun = "PostgreSQL system",
    .stem = "DbSystem",
    .path = "/dbSystems",
    .ocid_type = "postgresqldbsystem",
    .flags = API_UPDATE_CHANGED | API_LIST_SUMMARY,
    .states = &api_states_attention,
    .work_request_entity = "dbsystem",
    .list_query = (const struct api_query[]){{"compartmentId", "{compartment_id}"},
                                             {"displayName", "{display_name}"},
                                             {NULL}},
    .actions =
        (const struct api_action[]){
            API_CHANGE_COMPARTMENT("ChangeDbSystemCompartment"),
            {.attribute = "credentials",
             .operation = "ResetMasterUserPassword",
             .run = reset_password},
            {.attribute = "instance_count", .run = change_count, .after_update = true},
            {.attribute = "patch_operations", .run = carry_out, .after_update = true},
            {.attribute = "state", .run = database_change_power, .after_update = true},
            {.attribute = NULL}},
    .body = complete_body,
};

const struct resource oke_postgresql_db_system = {
    .name = "postgresql_db_system",
    .summary =
        "OCI Database with PostgreSQL: a primary and its replicas, run by Oracle. Never free.",
    .description = "What is not here of `oci_psql_db_system`: Kerberos and Operations Insights.",
    .subcategory = "Database",
    .attributes = attributes,
    .ops = &(const struct resource_ops){.create = database_create,
                                        .read = api_read,
                                        .update = api_update,
                                        .remove = api_remove,
                                        .import = api_import,
                                        .list = api_list},
    .api = &api,
    .timeouts = {.create = 3600, .update = 3600, .remove = 3600},
    .import_id = "the system's OCID",
    .moved_from = NAMES("oci_psql_db_system"),
    .validate = validate,
    .list_attributes = list_by_display_name,
    .example = "resource \"oke_postgresql_db_system\" \"todo\" {\n"
               "  compartment_id              = var.compartment_id\n"
               "  display_name                = \"todo\"\n"
               "  db_version                  = \"16\"\n"
               "  shape                       = \"PostgreSQL.VM.Standard.E5.Flex\"\n"
               "  instance_count              = 1\n"
               "  instance_ocpu_count         = 2\n"
               "  instance_memory_size_in_gbs = 32\n"
               "\n"
               "  network_details {\n"
               "    subnet_id = oke_subnet.workers.id\n"
               "  }\n"
               "\n"
               "  storage_details {\n"
               "    system_type           = \"OCI_OPTIMIZED_STORAGE\"\n"
               "    is_regionally_durable = true\n"
               "  }\n"
               "\n"
               "  credentials {\n"
               "    username = \"todo\"\n"
               "\n"
               "    password_details {\n"
               "      password_type = \"PLAIN_TEXT\"\n"
               "      password      = var.admin_password\n"
               "    }\n"
               "  }\n"
               "}\n",
};
