#include "acceptance/cloud/database/database.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "acceptance/cloud/api/crud.h"
#include "acceptance/cloud/api/defaults.h"
#include "acceptance/cloud/api/lifecycle.h"
#include "acceptance/cloud/api/pending.h"
#include "acceptance/cloud/core/cidr.h"
#include "acceptance/cloud/core/core.h"
#include "acceptance/cloud/core/vnic.h"
#include "lib/base/json.h"

/* Simulated durations at --speed 1. */
enum {
    CREATE_MS = 4 * 60 * 1000,
    CHANGE_MS = 90 * 1000,
    DELETE_MS = 2 * 60 * 1000,
    LINGER_MS = 60 * 60 * 1000,
};
enum { FREE_DATABASES = 2, FREE_STORAGE_GB = 20, GB_IN_TB = 1024, ECPUS = 2, PORT = 1522 };

static const char versions[] = "19c|23ai|26ai";

/* --- rules --------------------------------------------------------------------------------------- */

bool database_check_password(struct call *call, const char *password, size_t least, size_t most,
                             const char *never, bool special)
{
    size_t length = strlen(password);
    bool upper = false, lower = false, digit = false, other = false;
    for (const char *c = password; *c; c++) {
        upper |= isupper((unsigned char)*c) != 0;
        lower |= islower((unsigned char)*c) != 0;
        digit |= isdigit((unsigned char)*c) != 0;
        other |= !isalnum((unsigned char)*c);
    }
    return (length >= least && length <= most && upper && lower && digit && (other || !special) &&
            !strpbrk(password, never)) ||
           call_invalid(call,
                        "The password must have %zu to %zu characters, among them an upper-case "
                        "letter, a lower-case letter%s and a digit, and none of %s",
                        least, most, special ? ", a special character" : "", never);
}

static bool check_admin_password(struct call *call)
{
    const char *password = call_text(call, "adminPassword");
    return !password || (database_check_password(call, password, 12, 30, "\"", false) &&
                         (!strcasestr(password, "admin") ||
                          call_invalid(call, "adminPassword must not hold the word admin")));
}

static bool check_name(struct call *call, const struct object *database)
{
    const char *name = object_text(database, "dbName");
    if (!name)
        return call_fail(call, 400, "MissingParameter", "dbName must be given");
    bool good = isalpha((unsigned char)name[0]);
    for (const char *c = name; *c; c++)
        good &= isalnum((unsigned char)*c) != 0;
    if (!good)
        return call_invalid(
            call, "dbName: %s must begin with a letter and have letters and digits only", name);
    for (const struct object *one = store_first(call->store, &kind_autonomous_database); one;
         one = store_next(call->store, one))
        if (one != database && object_exists(one) &&
            strcasecmp(object_text(one, "dbName"), name) == 0)
            return call_conflict(call, "There is a database with the name %s already: %s", name,
                                 one->id);
    return true;
}

static int given(const json_t *body, const char *const *names)
{
    int count = 0;
    for (; *names; names++)
        count += json_object_get(body, *names) != NULL;
    return count;
}

static bool check_choices(struct call *call)
{
    static const char *const compute[] = {"cpuCoreCount", "computeCount", "ocpuCount", NULL};
    static const char *const storage[] = {"dataStorageSizeInTBs", "dataStorageSizeInGBs", NULL};
    if (given(call->body, compute) > 1)
        return call_invalid(call, "cpuCoreCount, computeCount and ocpuCount exclude one another");
    return given(call->body, storage) < 2 ||
           call_invalid(call, "dataStorageSizeInTBs and dataStorageSizeInGBs exclude one another");
}

static bool is_free(const struct object *database)
{
    return json_get_bool(database->body, "isFreeTier", false);
}

static bool check_free(struct call *call, const struct object *database)
{
    int count = 0;
    if (!is_free(database))
        return true;
    if (json_get_bool(database->body, "isAutoScalingEnabled", false))
        return call_invalid(call, "isAutoScalingEnabled: an Always Free database does not scale");
    if (object_text(database, "subnetId"))
        return call_invalid(call, "subnetId: an Always Free database has no private endpoint");
    if (text_equal(object_text(database, "licenseModel"), "BRING_YOUR_OWN_LICENSE"))
        return call_invalid(call, "licenseModel: an Always Free database has LICENSE_INCLUDED");
    for (const struct object *one = store_first(call->store, &kind_autonomous_database); one;
         one = store_next(call->store, one))
        count += object_exists(one) && is_free(one);
    return count <= FREE_DATABASES ||
           call_fail(call, 400, "LimitExceeded",
                     "The following service limits were exceeded: adb-free-count. Limit: %d.",
                     FREE_DATABASES);
}

/* Addresses, blocks, and VCNs with addresses after semicolons. */
static bool check_access_list(struct call *call, const struct object *database)
{
    size_t i;
    json_t *item;
    const json_t *list = json_object_get(database->body, "whitelistedIps");
    if (json_array_size(list) > 0 && object_text(database, "subnetId"))
        return call_invalid(call, "whitelistedIps: a database with a private endpoint has none");
    json_array_foreach(list, i, item)
    {
        const char *text = json_string_value(item);
        struct cidr cidr;
        uint32_t address;
        if (!cidr_parse(text, &cidr) && !ipv4_parse(text, &address) &&
            !text_starts_with(text, "ocid1.vcn."))
            return call_invalid(call, "whitelistedIps: %s is no address, CIDR block or VCN", text);
    }
    return true;
}

static bool check_compute(struct call *call, const struct object *database)
{
    double count = json_number_value(json_object_get(database->body, "computeCount"));
    if (json_get_bool(database->body, "isDedicated", false))
        return call_invalid(call, "isDedicated: there is no dedicated infrastructure here");
    if (!text_equal(object_text(database, "computeModel"), "ECPU"))
        return true;
    return count >= ECPUS || call_invalid(call, "computeCount: %d ECPUs at least", ECPUS);
}

static bool check_network(struct call *call, const struct object *database)
{
    const char *subnet_id = object_text(database, "subnetId");
    const json_t *groups = json_object_get(database->body, "nsgIds");
    if (!subnet_id)
        return json_array_size(groups) == 0 ||
               call_invalid(call, "nsgIds: only a database with a subnetId has them");
    const struct object *subnet = vnic_subnet(call, subnet_id, NULL);
    return subnet && vnic_check_security_groups(call, groups, object_text(subnet, "vcnId"));
}

static bool check(struct call *call, const struct object *database)
{
    const char *version = object_text(database, "dbVersion");
    if (!text_one_of(version, versions, false))
        return call_invalid(call, "dbVersion: %s is none of %s", version, versions);
    return check_free(call, database) && check_access_list(call, database) &&
           check_compute(call, database) && check_network(call, database);
}

/* --- members that follow from others --------------------------------------------------------------- */

/* CPUs by the old names and the new ones; Always Free has a fixed size whatever is asked for. */
static void set_size(struct object *database)
{
    json_t *body = database->body;
    json_t *cores = json_object_get(body, "cpuCoreCount");
    const char *model = object_text(database, "computeModel");
    if (!model)
        json_set_text(body, "computeModel", model = cores ? "OCPU" : "ECPU");
    bool ecpu = text_equal(model, "ECPU");
    if (!json_object_get(body, "computeCount"))
        json_object_set_new(
            body, "computeCount",
            json_real(cores ? (double)json_integer_value(cores) : (ecpu ? ECPUS : 1)));
    double count = json_number_value(json_object_get(body, "computeCount"));
    if (!ecpu)
        json_object_set_new(body, "cpuCoreCount", json_integer((json_int_t)count));
    if (is_free(database))
        json_object_set_new(body, "dataStorageSizeInGBs", json_integer(FREE_STORAGE_GB));
    const json_t *gb = json_object_get(body, "dataStorageSizeInGBs");
    if (!json_object_get(body, "dataStorageSizeInTBs"))
        json_object_set_new(
            body, "dataStorageSizeInTBs",
            json_integer(gb ? (json_integer_value(gb) + GB_IN_TB - 1) / GB_IN_TB : 1));
    if (!gb)
        json_object_set_new(
            body, "dataStorageSizeInGBs",
            json_integer(GB_IN_TB * json_get_integer(body, "dataStorageSizeInTBs", 1)));
}

static json_t *profile(struct call *call, const char *service, const char *value)
{
    char *group = arena_strdup(call->arena, service);
    for (char *c = group; *c; c++)
        *c = (char)toupper((unsigned char)*c);
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:b}", "displayName", service,
                     "value", value, "protocol", "TCPS", "hostFormat", "FQDN", "sessionMode",
                     "DIRECT", "syntaxFormat", "EZCONNECT", "consumerGroup", group,
                     "tlsAuthentication", "MUTUAL", "isRegional", true);
}

static void show_connections(struct call *call, struct object *database)
{
    static const char *const services[] = {"high", "medium", "low"};
    static const char *const urls[][2] = {
        {"apexUrl", "ords/apex"},
        {"sqlDevWebUrl", "ords/sql-developer"},
        {"ordsUrl", "ords/"},
        {"graphStudioUrl", "graphstudio/"},
        {"mongoDbUrl", "mongodb"},
        {"machineLearningNotebookUrl", "oml/"},
        {"machineLearningUserManagementUrl", "omlusers/"},
        {"databaseTransformsUrl", "odi/"},
        {"spatialStudioUrl", "spatialstudio/"},
    };
    const char *region = call_settings(call)->region, *name = object_text(database, "dbName");
    const char *unique = database->id + strlen(database->id) - 15;
    json_t *strings = json_object(), *all = json_object(), *profiles = json_array();
    json_t *links = json_object();
    for (size_t i = 0; i < ARRAY_LENGTH(services); i++) {
        const char *value =
            arena_printf(call->arena, "adb.%s.oraclecloud.com:%d/%s_%s_%s.adb.oraclecloud.com",
                         region, PORT, unique, name, services[i]);
        json_set_text(strings, services[i], value);
        json_set_text(all, services[i], value);
        json_array_append_new(profiles, profile(call, services[i], value));
    }
    json_object_set_new(strings, "dedicated", json_null());
    json_object_set_new(strings, "allConnectionStrings", all);
    json_object_set_new(strings, "profiles", profiles);
    for (size_t i = 0; i < ARRAY_LENGTH(urls); i++)
        json_set_text(links, urls[i][0],
                      arena_printf(call->arena, "https://%s-%s.adb.%s.oraclecloudapps.com/%s",
                                   unique, name, region, urls[i][1]));
    json_object_set_new(database->body, "connectionStrings", strings);
    json_object_set_new(database->body, "connectionUrls", links);
}

static bool add_endpoint(struct call *call, struct object *database)
{
    const char *subnet_id = object_text(database, "subnetId");
    if (!subnet_id)
        return true;
    const struct vnic_details details = {
        .owner = database,
        .subnet = store_find(call->store, &kind_subnet, subnet_id),
        .nsg_ids = json_object_get(database->body, "nsgIds"),
        .private_ip = object_text(database, "privateEndpointIp"),
    };
    const struct object *vnic = vnic_add(call, &details);
    if (!vnic && call->reply.status < 400)
        call_invalid(call, "Subnet %s has no free address", subnet_id);
    if (!vnic)
        return false;
    json_set_text(database->body, "privateEndpointIp", object_text(vnic, "privateIp"));
    if (!object_text(database, "privateEndpointLabel"))
        json_set_text(database->body, "privateEndpointLabel", object_text(database, "dbName"));
    json_set_text(database->body, "privateEndpoint",
                  arena_printf(call->arena, "%s.adb.%s.oraclecloud.com",
                               object_text(database, "privateEndpointLabel"),
                               call_settings(call)->region));
    return true;
}

/* Passwords are looked at and forgotten. */
static void forget_secrets(struct object *database)
{
    json_object_del(database->hidden, "adminPassword");
}

/* --- operations ------------------------------------------------------------------------------------ */

static bool create(struct call *call, struct object *database)
{
    if (!call_text(call, "adminPassword") && !call_text(call, "secretId"))
        return call_fail(call, 400, "MissingParameter", "adminPassword must be given");
    if (!check_choices(call) || !check_admin_password(call) || !check_name(call, database))
        return false;
    forget_secrets(database);
    bool free_tier = is_free(database);
    defaults_fill(
        database->body,
        json_pack("{s:s, s:s, s:s, s:b, s:b, s:b, s:b, s:b, s:b, s:s, s:s, s:s, s:s, s:i, s:[],"
                  " s:[], s:[], s:s, s:s, s:s, s:b, s:s, s:i, s:i, s:n, s:{}}",
                  "displayName", object_text(database, "dbName"), "dbWorkload", "OLTP",
                  "licenseModel", "LICENSE_INCLUDED", "isFreeTier", false, "isAutoScalingEnabled",
                  !free_tier, "isAutoScalingForStorageEnabled", false, "isDedicated", false,
                  "isMtlsConnectionRequired", true, "isDevTier", false, "dbVersion", "23ai",
                  "characterSet", "AL32UTF8", "ncharacterSet", "AL16UTF16", "databaseEdition",
                  "ENTERPRISE_EDITION", "backupRetentionPeriodInDays", free_tier ? 1 : 60,
                  "whitelistedIps", "nsgIds", "customerContacts", "permissionLevel", "UNRESTRICTED",
                  "openMode", "READ_WRITE", "infrastructureType", "CLOUD", "isAccessControlEnabled",
                  false, "dataSafeStatus", "NOT_REGISTERED", "usedDataStorageSizeInTBs", 1,
                  "usedDataStorageSizeInGBs", 1, "lifecycleDetails", "systemTags"));
    set_size(database);
    return check(call, database) && add_endpoint(call, database);
}

static void start(struct call *call, const char *operation_type, struct object *database,
                  const char *action, const char *step, int64_t duration_ms)
{
    const struct work_entity entity = {
        "database", action,
        arena_printf(call->arena, "/20160918/autonomousDatabases/%s", database->id)};
    work_start(call, &core_work, operation_type, database, &entity, step, duration_ms);
}

/* Meanwhile in one state, then in another; where it was if the work request fails. */
static void start_change(struct call *call, const char *operation_type, struct object *database,
                         const char *meanwhile, const char *then)
{
    json_set_text(database->hidden, "before", object_state(database));
    json_set_text(database->hidden, "then", then ? then : object_state(database));
    call_set_state(database, meanwhile);
    start(call, operation_type, database, "UPDATED", "updated", CHANGE_MS);
}

static bool create_database(struct call *call)
{
    struct object *database = crud_make(call, &kind_autonomous_database, call->body, false);
    if (!database)
        return false;
    start(call, "Create Autonomous Database", database, "CREATED", "activate", CREATE_MS);
    return call_reply_object(call, 200, database);
}

static bool update(struct call *call, struct object *database, const json_t *before)
{
    (void)before;
    static const char *const compute[] = {"computeCount", "cpuCoreCount"};
    static const char *const storage[] = {"dataStorageSizeInGBs", "dataStorageSizeInTBs"};
    if (!check_choices(call) || !check_admin_password(call))
        return false;
    for (size_t i = 0; i < 2; i++) {
        if (json_object_get(call->body, compute[i]))
            json_object_del(database->body, compute[1 - i]);
        if (json_object_get(call->body, storage[i]))
            json_object_del(database->body, storage[1 - i]);
    }
    forget_secrets(database);
    set_size(database);
    return (!call_text(call, "dbName") || check_name(call, database)) && check(call, database);
}

static bool in_state(struct call *call, const struct object *database, const char *states)
{
    return text_one_of(object_state(database), states, false) ||
           call_bad_state(call, "The database %s is in the state %s", database->id,
                          object_state(database));
}

static struct object *open_in(struct call *call, const char *states)
{
    struct object *database = crud_open(call, &kind_autonomous_database);
    return database && in_state(call, database, states) ? database : NULL;
}

static bool update_database(struct call *call)
{
    struct object *database = open_in(call, "AVAILABLE|STOPPED");
    if (!database)
        return false;
    JSON_AUTO before = json_deep_copy(database->body);
    if (!crud_merge(call, database, call->body))
        return false;
    pending_hold(database, before);
    start_change(call, "Update Autonomous Database", database, "UPDATING", NULL);
    return call_reply_object(call, 200, database);
}

static bool delete_database(struct call *call)
{
    struct object *database = crud_open(call, &kind_autonomous_database);
    if (!database || !crud_remove(call, database, false))
        return false;
    start(call, "Terminate Autonomous Database", database, "DELETED", "deleted", DELETE_MS);
    return call_reply(call, 204, NULL);
}

static bool move_database(struct call *call)
{
    const char *compartment = call_text(call, "compartmentId");
    struct object *database = open_in(call, "AVAILABLE|STOPPED");
    if (!database || !call_compartment(call, compartment))
        return false;
    JSON_AUTO before = json_deep_copy(database->body);
    json_set_text(database->body, "compartmentId", compartment);
    pending_hold(database, before);
    start_change(call, "Change Autonomous Database Compartment", database, "UPDATING", NULL);
    return call_reply(call, 200, NULL);
}

static bool switch_database(struct call *call, const char *from, const char *operation_type,
                            const char *meanwhile, const char *then)
{
    struct object *database = open_in(call, from);
    if (!database)
        return false;
    start_change(call, operation_type, database, meanwhile, then);
    return call_reply_object(call, 200, database);
}

static bool stop_database(struct call *call)
{
    return switch_database(call, "AVAILABLE", "Stop Autonomous Database", "STOPPING", "STOPPED");
}

static bool start_database(struct call *call)
{
    return switch_database(call, "STOPPED", "Start Autonomous Database", "STARTING", "AVAILABLE");
}

static bool restart_database(struct call *call)
{
    return switch_database(call, "AVAILABLE", "Restart Autonomous Database", "RESTARTING",
                           "AVAILABLE");
}

static bool generate_wallet(struct call *call)
{
    const struct object *database = call_target(call);
    const char *password = call_text(call, "password");
    bool letter = false, other = false;
    if (!database || !in_state(call, database, "AVAILABLE"))
        return false;
    for (const char *c = password; *c; c++) {
        letter |= isalpha((unsigned char)*c) != 0;
        other |= !isalpha((unsigned char)*c);
    }
    if (strlen(password) < 8 || !letter || !other)
        return call_invalid(call,
                            "password: 8 characters at least, a letter and a digit or special "
                            "character among them");
    return wallet_reply(call, database, password);
}

static bool list_databases(struct call *call)
{
    const char *compartment = call_query(call, "compartmentId");
    const char *without = call_query(call, "lifecycleStateNotEqualTo");
    if (!call_compartment(call, compartment))
        return false;
    json_t *list = json_array();
    for (const struct object *one = store_first(call->store, &kind_autonomous_database); one;
         one = store_next(call->store, one))
        if (crud_matches(call, one) && !text_equal(object_state(one), without))
            json_array_append_new(list, call_view(call, one));
    return crud_reply_page(call, list);
}

static bool list_versions(struct call *call)
{
    const char *wanted = call_query(call, "dbWorkload");
    struct slice rest = slice_from(versions), version;
    json_t *list = json_array();
    for (bool more = true; more;) {
        rest = slice_cut(rest, '|', &version, &more);
        json_array_append_new(list,
                              json_pack("{s:s%, s:s, s:b, s:b, s:b}", "version", version.ptr,
                                        version.length, "dbWorkload", wanted ? wanted : "OLTP",
                                        "isDedicated", false, "isFreeTierEnabled",
                                        !slice_equal_text(version, "26ai"), "isPaidEnabled", true));
    }
    return crud_reply_page(call, list);
}

/* --- in the course of time -------------------------------------------------------------------------- */

static bool step(struct call *call, struct object *database, const char *name, bool failed)
{
    if (strcmp(name, "activate") == 0 && !failed) {
        show_connections(call, database);
    } else if (strcmp(name, "updated") == 0) {
        const char *state = json_get_text(database->hidden, failed ? "before" : "then");
        pending_end(database, failed);
        call_set_state(database, state);
        return true;
    } else if (strcmp(name, "deleted") == 0 && !failed) {
        vnic_remove_of(call, database);
    }
    return false;
}

static const struct lifecycle life = {
    .creating = "PROVISIONING",
    .active = "AVAILABLE",
    .updating = "UPDATING",
    .deleting = "TERMINATING",
    .deleted = "TERMINATED",
    .linger_ms = LINGER_MS,
};

const struct kind kind_autonomous_database = {
    .type = "autonomousdatabase",
    .title = "Autonomous Database",
    .life = &life,
    .create = create,
    .update = update,
    .step = step,
};

/* --- tables ------------------------------------------------------------------------------------------ */

static const struct model generate_wallet_details = {
    "GenerateAutonomousDatabaseWalletDetails",
    (const struct field[]){{"generateType", FIELD_TEXT, .one_of = "ALL|SINGLE"},
                           {"password", FIELD_TEXT, .required = true, .min = 1, .max = 60},
                           {"isRegional", FIELD_BOOL},
                           FIELDS_END}};

static const struct model change_compartment_details = {
    "ChangeCompartmentDetails", (const struct field[]){FIELD_COMPARTMENT, FIELDS_END}};

#define STATES                                                                                     \
    "PROVISIONING|AVAILABLE|STOPPING|STOPPED|STARTING|TERMINATING|TERMINATED|UNAVAILABLE|"         \
    "RESTORE_IN_PROGRESS|RESTORE_FAILED|BACKUP_IN_PROGRESS|SCALE_IN_PROGRESS|"                     \
    "AVAILABLE_NEEDS_ATTENTION|UPDATING|MAINTENANCE_IN_PROGRESS|RESTARTING|RECREATING|"            \
    "ROLE_CHANGE_IN_PROGRESS|UPGRADING|INACCESSIBLE|STANDBY|TRANSPORTING"
#define WORKLOADS "OLTP|DW|AJD|APEX|LH"

static const struct query database_queries[] = {
    QUERY_COMPARTMENT,
    {"autonomousContainerDatabaseId", .filter = "autonomousContainerDatabaseId"},
    QUERIES_PAGING,
    QUERIES_SORT("TIMECREATED|DISPLAYNAME"),
    {"infrastructureType", .one_of = "CLOUD|CLOUD_AT_CUSTOMER", .filter = "infrastructureType"},
    {"lifecycleState", .one_of = STATES, .filter = "lifecycleState"},
    {"lifecycleStateNotEqualTo", .one_of = STATES},
    {"dbWorkload", .one_of = WORKLOADS, .filter = "dbWorkload"},
    {"dbVersion", .filter = "dbVersion"},
    {"isFreeTier", FIELD_BOOL, .filter = "isFreeTier", .ignore_case = true},
    QUERY_DISPLAY_NAME,
    {"isRefreshableClone", FIELD_BOOL},
    {"isDataGuardEnabled", FIELD_BOOL},
    {"isResourcePoolLeader", FIELD_BOOL},
    {"resourcePoolLeaderId", .filter = "resourcePoolLeaderId"},
    QUERIES_END,
};

static const struct query delete_queries[] = {
    {"mustDeleteAssociatedLongTermBackups", FIELD_BOOL},
    QUERIES_END,
};

static const struct query restart_queries[] = {
    {"isOnlineRestart", FIELD_BOOL},
    QUERIES_END,
};

static const struct query version_queries[] = {
    {"compartmentId", .required = true, .min = 1, .max = 255},
    QUERIES_PAGING,
    {"dbWorkload", .one_of = WORKLOADS},
    {"sortOrder", .one_of = "ASC|DESC"},
    QUERIES_END,
};

#define DATABASE "/autonomousDatabases/{autonomousDatabaseId}"
#define ACTION   DATABASE "/actions/"
#define KIND     &kind_autonomous_database

static const struct operation operations[] = {
    {"ListAutonomousDatabases", "GET", "/autonomousDatabases", list_databases, KIND,
     database_queries},
    {"CreateAutonomousDatabase", "POST", "/autonomousDatabases", create_database, NULL, NULL,
     &create_autonomous_database_base, OPERATION_RETRY_TOKEN},
    {"GetAutonomousDatabase", "GET", DATABASE, crud_get, KIND},
    {"UpdateAutonomousDatabase", "PUT", DATABASE, update_database, KIND, NULL,
     &update_autonomous_database_details},
    {"DeleteAutonomousDatabase", "DELETE", DATABASE, delete_database, KIND, delete_queries},
    {"StartAutonomousDatabase", "POST", ACTION "start", start_database, KIND},
    {"StopAutonomousDatabase", "POST", ACTION "stop", stop_database, KIND, NULL,
     &stop_autonomous_database_details, OPERATION_BODY_OPTIONAL},
    {"RestartAutonomousDatabase", "POST", ACTION "restart", restart_database, KIND, restart_queries,
     &restart_autonomous_database_details, OPERATION_BODY_OPTIONAL},
    {"ChangeAutonomousDatabaseCompartment", "POST", ACTION "changeCompartment", move_database, KIND,
     NULL, &change_compartment_details, OPERATION_RETRY_TOKEN},
    {"GenerateAutonomousDatabaseWallet", "POST", ACTION "generateWallet", generate_wallet, KIND,
     NULL, &generate_wallet_details, OPERATION_RETRY_TOKEN},
    {"ListAutonomousDbVersions", "GET", "/autonomousDbVersions", list_versions, NULL,
     version_queries},
    {NULL},
};

static const struct kind *const kinds[] = {&kind_autonomous_database, NULL};

const struct service service_database = {
    .name = "database",
    .hosts = "database",
    .base_path = "/20160918",
    .operations = operations,
    .kinds = kinds,
};
