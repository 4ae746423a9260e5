#include <ctype.h>
#include <string.h>

#include "lib/base/json.h"
#include "provider/engine/diagnostics.h"
#include "provider/oci/attributes.h"
#include "provider/oci/database.h"

#define NAMES(...) ((const char *const[]){__VA_ARGS__, NULL})

static void validate_password(const struct attribute *attribute, const struct value *value,
                              const struct path *path, struct diagnostics *diagnostics,
                              struct arena *arena)
{
    (void)arena;
    static const struct password_rule rule = {
        .shortest = 12, .longest = 30, .forbidden = "\"", .name = "admin"};
    database_check_password(attribute, value, path, diagnostics, &rule);
}

static void validate_db_name(const struct attribute *attribute, const struct value *value,
                             const struct path *path, struct diagnostics *diagnostics,
                             struct arena *arena)
{
    size_t errors = diagnostics->errors;
    validate_name(attribute, value, path, diagnostics, arena);
    if (diagnostics->errors == errors && !isalpha((unsigned char)value_text(value)[0]))
        diagnostics_error(diagnostics, path, "Invalid value", "%s begins with a letter.",
                          attribute->name);
}

static const struct attribute contact_fields[] = {
    ATTRIBUTE_TEXT("email", OPTIONAL | COMPUTED, "Address that Oracle writes to."),
    ATTRIBUTES_END,
};

static const struct attribute profile_fields[] = {
    ATTRIBUTE_TOLD("consumer_group", "`HIGH`, `MEDIUM`, `LOW`, `TP` or `TPURGENT`."),
    ATTRIBUTE_TOLD("display_name", "Name."),
    ATTRIBUTE_TOLD("host_format", "`FQDN` or `IP`."),
    ATTRIBUTE_SWITCH("is_regional", COMPUTED, "Whether it is for all of the region."),
    ATTRIBUTE_TOLD("protocol", "`TCP` or `TCPS`."),
    ATTRIBUTE_TOLD("session_mode", "`DIRECT` or `REDIRECT`."),
    ATTRIBUTE_TOLD("syntax_format", "`LONG`, `EZCONNECT` or `EZCONNECTPLUS`."),
    ATTRIBUTE_TOLD("tls_authentication", "`SERVER` or `MUTUAL`."),
    ATTRIBUTE_TOLD("value", "The connection string."),
    ATTRIBUTES_END,
};

static const struct attribute connection_string_fields[] = {
    {.name = "all_connection_strings",
     .kind = ATTRIBUTE_STRING_MAP,
     .flags = COMPUTED,
     .doc = "All of them by name of the service."},
    ATTRIBUTE_TOLD("dedicated", "For dedicated servers."),
    ATTRIBUTE_TOLD("high", "Most resources for each statement, fewest sessions."),
    ATTRIBUTE_TOLD("low", "Fewest resources for each statement, most sessions."),
    ATTRIBUTE_TOLD("medium", "Between `high` and `low`."),
    {.name = "profiles",
     .kind = ATTRIBUTE_OBJECT_LIST,
     .flags = COMPUTED,
     .fields = profile_fields,
     .doc = "With their parameters."},
    ATTRIBUTES_END,
};

static const struct attribute connection_url_fields[] = {
    ATTRIBUTE_TOLD("apex_url", "Oracle APEX."),
    ATTRIBUTE_TOLD("database_transforms_url", "Data Transforms."),
    ATTRIBUTE_TOLD("graph_studio_url", "Graph Studio."),
    ATTRIBUTE_TOLD("machine_learning_notebook_url", "Machine learning notebooks."),
    ATTRIBUTE_TOLD("machine_learning_user_management_url", "Users of machine learning."),
    ATTRIBUTE_TOLD("mongo_db_url", "MongoDB API."),
    ATTRIBUTE_TOLD("ords_url", "Oracle REST Data Services."),
    ATTRIBUTE_TOLD("spatial_studio_url", "Spatial Studio."),
    ATTRIBUTE_TOLD("sql_dev_web_url", "Database Actions."),
    ATTRIBUTES_END,
};

static const struct attribute attributes[] = {
    ATTRIBUTE_ID,
    ATTRIBUTE_COMPARTMENT_ID(0),
    {.name = "db_name",
     .flags = REQUIRED,
     .max_length = 30,
     .validate = validate_db_name,
     .doc =
         "Name of the database, unique in tenancy and region: a letter, then letters and digits.",
     .sample = "\"todo\""},
    ATTRIBUTE_DISPLAY_NAME,
    {.name = "admin_password",
     .flags = OPTIONAL | COMPUTED | SENSITIVE | UNREADABLE,
     .validate = validate_password,
     .conflicts = NAMES("admin_password_wo", "secret_id"),
     .doc = "Password of ADMIN, kept in the state; `admin_password_wo` is not.",
     .sample = "var.admin_password"},
    {.name = "admin_password_wo",
     .flags = OPTIONAL | WRITE_ONLY | SENSITIVE,
     .json = "adminPassword",
     .validate = validate_password,
     .conflicts = NAMES("admin_password", "secret_id"),
     .doc = "Password of ADMIN, kept nowhere. Needs Terraform 1.11 or OpenTofu 1.11."},
    {.name = "admin_password_wo_version",
     .kind = ATTRIBUTE_INTEGER,
     .flags = OPTIONAL | LOCAL,
     .doc = "Change it to have `admin_password_wo` set anew."},
    ATTRIBUTE_OCID("secret_id", OPTIONAL | COMPUTED | UNREADABLE, "vaultsecret",
                   "OCID of the vault secret with the password of ADMIN."),
    {.name = "secret_version_number",
     .kind = ATTRIBUTE_INTEGER,
     .flags = OPTIONAL | COMPUTED | UNREADABLE,
     .minimum = 1,
     .maximum = INT32_MAX,
     .doc = "Version of the secret; the current one by default."},
    ATTRIBUTE_TEXT("db_version", OPTIONAL | COMPUTED, "Version, such as `23ai`."),
    {.name = "db_workload",
     .flags = OPTIONAL | COMPUTED,
     .one_of = NAMES("OLTP", "DW", "AJD", "APEX", "LH"),
     .doc = "`OLTP` (the default), `DW`, `AJD`, `APEX` or `LH`.",
     .sample = "\"OLTP\""},
    {.name = "license_model",
     .flags = OPTIONAL | COMPUTED,
     .one_of = NAMES("LICENSE_INCLUDED", "BRING_YOUR_OWN_LICENSE"),
     .doc = "`LICENSE_INCLUDED` or `BRING_YOUR_OWN_LICENSE`."},
    {.name = "database_edition",
     .flags = OPTIONAL | COMPUTED,
     .one_of = NAMES("STANDARD_EDITION", "ENTERPRISE_EDITION"),
     .doc = "With `BRING_YOUR_OWN_LICENSE`: `STANDARD_EDITION` or `ENTERPRISE_EDITION`."},
    {.name = "compute_model",
     .flags = OPTIONAL | COMPUTED,
     .one_of = NAMES("ECPU", "OCPU"),
     .doc = "What `compute_count` counts: `ECPU` or `OCPU`.",
     .sample = "\"ECPU\""},
    {.name = "compute_count",
     .kind = ATTRIBUTE_NUMBER,
     .flags = OPTIONAL | COMPUTED,
     .conflicts = NAMES("cpu_core_count", "ocpu_count"),
     .doc = "Processors: 2 ECPU at least.",
     .sample = "2"},
    {.name = "ocpu_count",
     .kind = ATTRIBUTE_NUMBER,
     .flags = OPTIONAL | COMPUTED,
     .conflicts = NAMES("compute_count", "cpu_core_count"),
     .doc = "OCPUs, also parts of one; dedicated infrastructure."},
    {.name = "cpu_core_count",
     .kind = ATTRIBUTE_INTEGER,
     .flags = OPTIONAL | COMPUTED,
     .minimum = 0,
     .maximum = 128,
     .conflicts = NAMES("compute_count", "ocpu_count"),
     .doc = "OCPUs; the older way."},
    {.name = "data_storage_size_in_tbs",
     .kind = ATTRIBUTE_INTEGER,
     .flags = OPTIONAL | COMPUTED,
     .json = "dataStorageSizeInTBs",
     .minimum = 1,
     .maximum = 1000,
     .conflicts = NAMES("data_storage_size_in_gb"),
     .doc = "Storage in TB."},
    {.name = "data_storage_size_in_gb",
     .kind = ATTRIBUTE_INTEGER,
     .flags = OPTIONAL | COMPUTED,
     .json = "dataStorageSizeInGBs",
     .minimum = 20,
     .maximum = 393216,
     .conflicts = NAMES("data_storage_size_in_tbs"),
     .doc = "Storage in GB."},
    {.name = "backup_retention_period_in_days",
     .kind = ATTRIBUTE_INTEGER,
     .flags = OPTIONAL | COMPUTED,
     .minimum = 1,
     .maximum = 60,
     .doc = "Days that backups are kept."},
    ATTRIBUTE_SWITCH("is_free_tier", OPTIONAL | COMPUTED,
                     "Whether it is one of the two Always Free databases."),
    ATTRIBUTE_SWITCH("is_auto_scaling_enabled", OPTIONAL | COMPUTED,
                     "Whether it may take three times the processors on demand."),
    ATTRIBUTE_SWITCH("is_auto_scaling_for_storage_enabled", OPTIONAL | COMPUTED,
                     "Whether storage grows by itself."),
    ATTRIBUTE_SWITCH("is_mtls_connection_required", OPTIONAL | COMPUTED,
                     "Whether clients need a wallet."),
    ATTRIBUTE_SWITCH("is_dev_tier", OPTIONAL | COMPUTED,
                     "Whether it is a developer database, small and of fixed price."),
    ATTRIBUTE_SWITCH("is_access_control_enabled", OPTIONAL | COMPUTED,
                     "Whether `whitelisted_ips` counts; dedicated databases."),
    ATTRIBUTE_SWITCH("is_dedicated", OPTIONAL | COMPUTED | REPLACE,
                     "Whether it is on dedicated infrastructure."),
    {.name = "whitelisted_ips",
     .kind = ATTRIBUTE_STRING_SET,
     .flags = OPTIONAL,
     .doc = "Addresses, blocks and VCNs that may connect to the public endpoint."},
    ATTRIBUTE_OCID("subnet_id", OPTIONAL | COMPUTED, "subnet",
                   "OCID of the subnet of a private endpoint."),
    ATTRIBUTE_OCIDS("nsg_ids", ATTRIBUTE_STRING_SET, OPTIONAL | COMPUTED, "networksecuritygroup",
                    "OCIDs of the network security groups of the private endpoint."),
    ATTRIBUTE_TEXT("private_endpoint_label", OPTIONAL | COMPUTED,
                   "Host name of the private endpoint."),
    {.name = "private_endpoint_ip",
     .flags = OPTIONAL | COMPUTED,
     .validate = validate_ip_address,
     .doc = "Address of the private endpoint."},
    ATTRIBUTE_TEXT("character_set", OPTIONAL | COMPUTED | REPLACE,
                   "Character set, `AL32UTF8` by default."),
    ATTRIBUTE_TEXT("ncharacter_set", OPTIONAL | COMPUTED | REPLACE,
                   "National character set, `AL16UTF16` by default."),
    ATTRIBUTE_OCID("autonomous_container_database_id", OPTIONAL | COMPUTED | REPLACE,
                   "autonomouscontainerdatabase",
                   "OCID of the container database; dedicated infrastructure."),
    {.name = "customer_contacts",
     .kind = ATTRIBUTE_OBJECT_LIST,
     .flags = OPTIONAL | COMPUTED,
     .max_items = 10,
     .fields = contact_fields,
     .doc = "Who is told of maintenance and trouble."},
    {.name = "source",
     .flags = OPTIONAL | COMPUTED | REPLACE | UNREADABLE,
     .one_of = NAMES("NONE", "DATABASE", "BACKUP_FROM_ID", "CLONE_TO_REFRESHABLE"),
     .doc = "What it is made from: `NONE` (the default), `DATABASE`, `BACKUP_FROM_ID` or "
            "`CLONE_TO_REFRESHABLE`."},
    ATTRIBUTE_TEXT("source_id", OPTIONAL | COMPUTED | REPLACE,
                   "OCID of the database that is cloned."),
    {.name = "clone_type",
     .flags = OPTIONAL | COMPUTED | REPLACE,
     .one_of = NAMES("FULL", "METADATA", "PARTIAL"),
     .doc = "How it is cloned: `FULL`, `METADATA` or `PARTIAL`."},
    {.name = "state",
     .flags = OPTIONAL | COMPUTED,
     .json = "lifecycleState",
     .one_of = NAMES("AVAILABLE", "STOPPED"),
     .equal = equal_power_state,
     .doc = "`AVAILABLE` or `STOPPED`: a change starts or stops the database."},
    ATTRIBUTE_BLOCK("connection_strings", COMPUTED, connection_string_fields,
                    "How clients connect."),
    ATTRIBUTE_BLOCK("connection_urls", COMPUTED, connection_url_fields, "Web interfaces."),
    ATTRIBUTE_TOLD("private_endpoint", "Full host name of the private endpoint."),
    ATTRIBUTE_TOLD("service_console_url", "Service console."),
    {.name = "lifecycle_details", .flags = COMPUTED | VOLATILE, .doc = "Detail of the state."},
    ATTRIBUTE_TOLD("time_reclamation_of_free_autonomous_database",
                   "When an idle free database is stopped."),
    ATTRIBUTE_TOLD("time_deletion_of_free_autonomous_database",
                   "When a stopped free database is deleted."),
    {.name = "used_data_storage_size_in_tbs",
     .kind = ATTRIBUTE_INTEGER,
     .flags = COMPUTED,
     .json = "usedDataStorageSizeInTBs",
     .doc = "Storage in use in TB."},
    {.name = "used_data_storage_size_in_gbs",
     .kind = ATTRIBUTE_INTEGER,
     .flags = COMPUTED,
     .json = "usedDataStorageSizeInGBs",
     .doc = "Storage in use in GB."},
    ATTRIBUTE_DEFINED_TAGS,
    ATTRIBUTE_FREEFORM_TAGS,
    ATTRIBUTE_TIME_CREATED,
    ATTRIBUTES_END,
};

/* The state is no member of bodies; what a database is made from tells the kind of body. */
static bool finish_body(struct api_call *call, json_t *body, struct error *err)
{
    (void)err;
    json_object_del(body, "lifecycleState");
    if (call->phase == API_CREATE && !json_object_get(body, "source"))
        json_set_text(body, "source", "NONE");
    return true;
}

static void validate(const struct value *config, struct diagnostics *diagnostics,
                     struct arena *arena)
{
    static const char *const passwords[] = {"admin_password", "admin_password_wo", "secret_id"};
    static const char *const paid[] = {"subnet_id", "nsg_ids", "private_endpoint_label",
                                       "private_endpoint_ip", "is_dedicated"};
    bool password = !value_is_null(value_get(config, "source"));
    for (size_t i = 0; i < ARRAY_LENGTH(passwords); i++)
        password |= !value_is_null(value_get(config, passwords[i]));
    if (!password)
        diagnostics_error(diagnostics, path_attribute(arena, NULL, "admin_password"),
                          "Missing argument",
                          "One of admin_password, admin_password_wo and secret_id is needed.");
    if (!value_as_bool(value_get(config, "is_free_tier"), false))
        return;
    for (size_t i = 0; i < ARRAY_LENGTH(paid); i++) {
        const struct value *value = value_get(config, paid[i]);
        if (value_is_known(value) && !(value->kind == VALUE_BOOL && !value->boolean))
            diagnostics_error(diagnostics, path_attribute(arena, NULL, paid[i]),
                              "Not with Always Free", "is_free_tier excludes %s.", paid[i]);
    }
    if (value_as_bool(value_get(config, "is_auto_scaling_enabled"), false))
        diagnostics_error(diagnostics, path_attribute(arena, NULL, "is_auto_scaling_enabled"),
                          "Not with Always Free", "A free database has a fixed size.");
}

static const struct api_states states = {
    .busy = NAMES("PROVISIONING", "STARTING", "STOPPING", "UPDATING", "SCALE_IN_PROGRESS",
                  "BACKUP_IN_PROGRESS", "RESTARTING", "MAINTENANCE_IN_PROGRESS", "UPGRADING"),
    .alive = NAMES("AVAILABLE", "STOPPED", "STANDBY", "AVAILABLE_NEEDS_ATTENTION"),
    .leaving = NAMES("TERMINATING", "UNAVAILABLE"),
    .gone = NAMES("TERMINATED"),
};

static const struct oci_api api = {
    .service = OCI_DATABASE,
    .noun = "autonomous database",
    .stem = "AutonomousDatabase",
    .path = "/autonomousDatabases",
    .ocid_type = "autonomousdatabase",
    .flags = API_UPDATE_CHANGED | API_LIST_SUMMARY,
    .states = &states,
    .work_request_entity = "database",
    .list_query = (const struct api_query[]){{"compartmentId", "{compartment_id}"},
                                             {"displayName", "{display_name}"},
                                             {NULL}},
    .actions =
        (const struct api_action[]){
            API_CHANGE_COMPARTMENT("ChangeAutonomousDatabaseCompartment"),
            {.attribute = "state", .run = database_change_power, .after_update = true},
            {.attribute = NULL}},
    .body = finish_body,
};

const struct resource oke_autonomous_database = {
    .name = "autonomous_database",
    .summary = "An Autonomous Database: Oracle SQL, run by Oracle; two are Always Free.",
    .description =
        "What is not here of `oci_database_autonomous_database`: Data Guard, refreshable "
        "clones, customer-managed keys, scheduled operations and resource pools.",
    .subcategory = "Database",
    .attributes = attributes,
    .ops = &(const struct resource_ops){.create = database_create,
                                        .read = api_read,
                                        .update = api_update,
                                        .remove = api_remove,
                                        .import = api_import,
                                        .list = api_list},
    .api = &api,
    .timeouts = {.create = 12 * 3600, .update = 12 * 3600, .remove = 12 * 3600},
    .import_id = "the database's OCID",
    .moved_from = NAMES("oci_database_autonomous_database"),
    .validate = validate,
    .list_attributes = list_by_display_name,
    .example = "resource \"oke_autonomous_database\" \"todo\" {\n"
               "  compartment_id            = var.compartment_id\n"
               "  db_name                   = \"todo\"\n"
               "  display_name              = \"todo\"\n"
               "  db_workload               = \"OLTP\"\n"
               "  is_free_tier              = true\n"
               "  admin_password_wo         = var.admin_password\n"
               "  admin_password_wo_version = 1\n"
               "}\n",
};
