#include "acceptance/cloud/psql/psql.h"

#include <stdlib.h>
#include <string.h>

#include "acceptance/cloud/api/certificate.h"
#include "acceptance/cloud/api/crud.h"
#include "acceptance/cloud/api/defaults.h"
#include "acceptance/cloud/api/lifecycle.h"
#include "acceptance/cloud/api/pending.h"
#include "acceptance/cloud/api/work.h"
#include "acceptance/cloud/core/core.h"
#include "acceptance/cloud/core/vnic.h"
#include "acceptance/cloud/database/database.h"
#include "lib/base/json.h"

#define BASE_PATH "/20220915"

/* Simulated durations at --speed 1. */
enum {
    CREATE_MS = 12 * 60 * 1000,
    CHANGE_MS = 2 * 60 * 1000,
    DELETE_MS = 4 * 60 * 1000,
    LINGER_MS = 60 * 60 * 1000,
};
enum {
    PORT = 5432,
    CERTIFICATE_YEARS = 10,
    MAX_INSTANCES = 8,
    DEFAULT_OCPUS = 2,
    GB_PER_OCPU = 16,
    MAX_GB_PER_OCPU = 64
};

static const char versions[] = "13|14|15|16";

static const struct shape {
    const char *name;
    int max_ocpus, max_memory_gb;
} shapes[] = {
    {"PostgreSQL.VM.Standard.E4.Flex", 64, 1024},
    {"PostgreSQL.VM.Standard.E5.Flex", 64, 1024},
    {"PostgreSQL.VM.Standard3.Flex", 32, 512},
};

/* --- rules --------------------------------------------------------------------------------------- */

/* The prefix may be left out. */
static const struct shape *shape_of(const char *name)
{
    for (size_t i = 0; i < ARRAY_LENGTH(shapes); i++)
        if (text_equal(shapes[i].name, name) ||
            text_equal(shapes[i].name + strlen("PostgreSQL."), name))
            return &shapes[i];
    return NULL;
}

static bool check_shape(struct call *call, const struct object *system)
{
    const struct shape *shape = shape_of(object_text(system, "shape"));
    json_int_t ocpus = json_get_integer(system->body, "instanceOcpuCount", 0);
    json_int_t memory = json_get_integer(system->body, "instanceMemorySizeInGBs", 0);
    if (!shape)
        return call_invalid(call, "shape: there is no shape %s", object_text(system, "shape"));
    if (ocpus > shape->max_ocpus)
        return call_invalid(call, "instanceOcpuCount: %s has at most %d", shape->name,
                            shape->max_ocpus);
    return (memory >= ocpus && memory <= ocpus * MAX_GB_PER_OCPU &&
            memory <= shape->max_memory_gb) ||
           call_invalid(call, "instanceMemorySizeInGBs: %lld GB do not go with %lld OCPUs",
                        (long long)memory, (long long)ocpus);
}

static bool check_storage(struct call *call, const struct object *system)
{
    const json_t *storage = json_object_get(system->body, "storageDetails");
    const char *domain = json_get_text(storage, "availabilityDomain");
    bool regional = json_get_bool(storage, "isRegionallyDurable", false);
    if (regional && domain)
        return call_invalid(call, "storageDetails: regionally durable data is in no single "
                                  "availabilityDomain");
    if (!regional && !domain)
        return call_invalid(call, "storageDetails: data that is not regionally durable needs an "
                                  "availabilityDomain");
    return !domain || call_availability_domain_number(call, domain) ||
           call_invalid(call, "storageDetails: there is no availability domain %s", domain);
}

static bool check_network(struct call *call, const struct object *system)
{
    const json_t *network = json_object_get(system->body, "networkDetails");
    const struct object *subnet = vnic_subnet(call, json_get_text(network, "subnetId"), NULL);
    return subnet && vnic_check_security_groups(call, json_object_get(network, "nsgIds"),
                                                object_text(subnet, "vcnId"));
}

/* A password is looked at and not kept; a secret in a vault is taken as good. */
static bool check_password(struct call *call, const json_t *details)
{
    const char *password = json_get_text(details, "password");
    return !password || database_check_password(call, password, 8, 32, "\"'", true);
}

static bool check_credentials(struct call *call, struct object *system)
{
    const json_t *credentials = json_object_get(call->body, "credentials");
    const char *user = json_get_text(credentials, "username");
    const char *source = json_string_value(json_at_path(call->body, "source.sourceType"));
    if (source && !text_equal(source, "NONE"))
        return call_invalid(call, "source: %s: copies of systems cannot be made here", source);
    if (!credentials)
        return call_fail(call, 400, "MissingParameter", "credentials must be given");
    if (text_one_of(user, "postgres|root|admin", true))
        return call_invalid(call, "credentials: the user name %s is reserved", user);
    json_set_text(system->body, "adminUsername", user);
    json_object_del(system->hidden, "credentials");
    return check_password(call, json_object_get(credentials, "passwordDetails"));
}

static bool check(struct call *call, const struct object *system)
{
    return check_shape(call, system) && check_storage(call, system) && check_network(call, system);
}

/* --- instances ------------------------------------------------------------------------------------- */

static json_t *instances_of(const struct object *system)
{
    json_t *list = json_object_get(system->body, "instances");
    if (!list)
        json_object_set_new(system->body, "instances", list = json_array());
    return list;
}

static void add_instance(struct call *call, struct object *system, const json_t *details)
{
    static const struct kind kind = {.type = "postgresqldbinstance"};
    json_t *list = instances_of(system);
    size_t index = json_array_size(list);
    const char *name = json_get_text(details, "displayName");
    const char *own =
        json_string_value(json_at_path(system->body, "storageDetails.availabilityDomain"));
    const char *domain =
        own ? own : call_availability_domain(call, (int)(index % AVAILABILITY_DOMAINS) + 1);
    const char *fallback =
        arena_printf(call->arena, "%s-%zu", object_text(system, "displayName"), index + 1);
    json_array_append_new(
        list, json_pack("{s:s, s:s, s:s?, s:s, s:s, s:s}", "id", call_new_id(call, &kind),
                        "displayName", name ? name : fallback, "description",
                        json_get_text(details, "description"), "availabilityDomain", domain,
                        "lifecycleState", "ACTIVE", "timeCreated", call_time(call)));
}

static void count_instances(struct object *system)
{
    json_object_set_new(system->body, "instanceCount",
                        json_integer((json_int_t)json_array_size(instances_of(system))));
}

static void set_instance_states(const struct object *system, const char *state)
{
    size_t i;
    json_t *instance;
    json_array_foreach(json_object_get(system->body, "instances"), i, instance)
    {
        json_set_text(instance, "lifecycleState", state);
    }
}

/* --- create ---------------------------------------------------------------------------------------- */

static bool add_endpoint(struct call *call, struct object *system)
{
    json_t *network = json_object_get(system->body, "networkDetails");
    const struct vnic_details details = {
        .owner = system,
        .subnet = store_find(call->store, &kind_subnet, json_get_text(network, "subnetId")),
        .nsg_ids = json_object_get(network, "nsgIds"),
        .private_ip = json_get_text(network, "primaryDbEndpointPrivateIp"),
    };
    const struct object *vnic = vnic_add(call, &details);
    if (!vnic && call->reply.status < 400)
        call_invalid(call, "Subnet %s has no free address", details.subnet->id);
    if (!vnic)
        return false;
    json_set_text(network, "primaryDbEndpointPrivateIp", object_text(vnic, "privateIp"));
    return true;
}

static void fill_defaults(struct call *call, struct object *system)
{
    json_int_t ocpus = json_get_integer(system->body, "instanceOcpuCount", DEFAULT_OCPUS);
    defaults_fill(
        system->body,
        json_pack("{s:s, s:s, s:s, s:I, s:I, s:s, s:{s:i}, s:{s:[], s:b}, s:{s:s, s:{s:s}},"
                  " s:{s:s}, s:n, s:{}, s:s}",
                  "systemType", "OCI_OPTIMIZED_STORAGE", "systemRole", "STANDALONE_DB_SYSTEM",
                  "description", "", "instanceOcpuCount", ocpus, "instanceMemorySizeInGBs",
                  ocpus * GB_PER_OCPU, "configId",
                  arena_printf(call->arena, "ocid1.postgresqldefaultconfiguration.oc1.%s.v%s",
                               call_settings(call)->region, object_text(system, "dbVersion")),
                  "storageDetails", "iops", 75000, "networkDetails", "nsgIds",
                  "isReaderEndpointEnabled", false, "managementPolicy", "maintenanceWindowStart",
                  "SUN 02:00", "backupPolicy", "kind", "NONE", "source", "sourceType", "NONE",
                  "lifecycleDetails", "systemTags", "timeUpdated", call_time(call)));
}

static bool issue_certificate(struct call *call, struct object *system)
{
    STR_AUTO pem = STR_INIT;
    if (!certificate_make_authority("postgresql-ca", call->now_ms, CERTIFICATE_YEARS, &pem))
        return call_fail(call, 500, "InternalServerError", "No certificate could be made");
    json_set_text(system->hidden, "caCertificate", str_text(&pem));
    return true;
}

static bool create(struct call *call, struct object *system)
{
    size_t i;
    json_t *details;
    json_int_t count = json_get_integer(system->body, "instanceCount", 0);
    const json_t *given = json_object_get(call->body, "instancesDetails");
    if (!text_one_of(object_text(system, "dbVersion"), versions, false))
        return call_invalid(call, "dbVersion: %s is none of %s", object_text(system, "dbVersion"),
                            versions);
    if (given && count && (size_t)count != json_array_size(given))
        return call_invalid(call, "instanceCount and instancesDetails contradict each other");
    fill_defaults(call, system);
    if (!check_credentials(call, system) || !check(call, system) || !add_endpoint(call, system))
        return false;
    json_array_foreach(given, i, details)
    {
        add_instance(call, system, details);
    }
    if (!given)
        for (i = 0; i == 0 || (json_int_t)i < count; i++)
            add_instance(call, system, NULL);
    set_instance_states(system, "CREATING");
    count_instances(system);
    return issue_certificate(call, system);
}

static const struct work_flavour flavour = {.kind = &kind_psql_work,
                                            .failed_action = "FAILED",
                                            .percent = true,
                                            .resource_query = "resourceId"};

static void start(struct call *call, const char *operation_type, struct object *system,
                  const char *action, const char *step, int64_t duration_ms)
{
    const struct work_entity entity = {
        "dbsystem", action, arena_printf(call->arena, BASE_PATH "/dbSystems/%s", system->id)};
    work_start(call, &flavour, operation_type, system, &entity, step, duration_ms);
}

static bool create_system(struct call *call)
{
    struct object *system = crud_make(call, &kind_db_system, call->body, false);
    if (!system)
        return false;
    start(call, "CREATE_POSTGRESQL_DB_SYSTEM", system, "CREATED", "activate", CREATE_MS);
    return call_reply_object(call, 200, system);
}

/* --- changes --------------------------------------------------------------------------------------- */

static struct object *open_in(struct call *call, const char *states)
{
    struct object *system = crud_open(call, &kind_db_system);
    if (!system || text_one_of(object_state(system), states, false))
        return system;
    call_bad_state(call, "DB system %s is in the state %s", system->id, object_state(system));
    return NULL;
}

/* What was changed shows when the work is done; `then`: its state afterwards, NULL: the same. */
static bool start_change(struct call *call, const char *operation_type, struct object *system,
                         const json_t *before, const char *then)
{
    if (then)
        call_set_state(system, then);
    json_set_text(system->body, "timeUpdated", call_time(call));
    json_set_text(system->hidden, "before", json_get_text(before, "lifecycleState"));
    pending_hold(system, before);
    call_set_state(system, "UPDATING");
    start(call, operation_type, system, "UPDATED", "updated", CHANGE_MS);
    return call_reply(call, 202, NULL);
}

#define UPDATE "UPDATE_POSTGRESQL_DB_SYSTEM"

static bool update(struct call *call, struct object *system, const json_t *before)
{
    static const char *const objects[] = {"managementPolicy", "storageDetails", "networkDetails",
                                          "replicationConfig"};
    for (size_t i = 0; i < ARRAY_LENGTH(objects); i++)
        defaults_keep(system->body, before, objects[i]);
    const json_t *parameters = json_object_get(call->body, "dbConfigurationParams");
    if (parameters)
        json_set_text(system->body, "configId", json_get_text(parameters, "configId"));
    json_object_del(system->hidden, "dbConfigurationParams");
    return check(call, system);
}

static bool update_system(struct call *call)
{
    struct object *system = open_in(call, "ACTIVE|NEEDS_ATTENTION");
    if (!system)
        return false;
    JSON_AUTO before = json_deep_copy(system->body);
    return crud_merge(call, system, call->body) && start_change(call, UPDATE, system, before, NULL);
}

/* "instances[?id == '…']" names one instance. */
static bool remove_instance(struct call *call, struct object *system, const char *selection)
{
    json_t *list = instances_of(system);
    size_t i;
    json_t *instance;
    json_array_foreach(list, i, instance)
    {
        if (!text_starts_with(selection, "instances[?id") ||
            !strstr(selection, json_get_text(instance, "id")))
            continue;
        if (json_array_size(list) == 1)
            return call_invalid(call, "The last instance of a DB system cannot be removed");
        json_array_remove(list, i);
        return true;
    }
    return call_invalid(call, "selection: %s selects no instance", selection);
}

static bool apply_patch(struct call *call, struct object *system, const json_t *instruction)
{
    const char *operation = json_get_text(instruction, "operation");
    const char *selection = json_get_text(instruction, "selection");
    const json_t *value = json_object_get(instruction, "value");
    bool settable = text_one_of(selection, "displayName|description", false);
    if (text_equal(operation, "REPLACE") && settable && json_is_string(value)) {
        json_set_text(system->body, selection, json_string_value(value));
        return true;
    }
    if (text_equal(operation, "INSERT") && text_equal(selection, "instances")) {
        if (json_array_size(instances_of(system)) == MAX_INSTANCES)
            return call_invalid(call, "A DB system has at most %d instances", MAX_INSTANCES);
        add_instance(call, system, value);
        return true;
    }
    if (text_equal(operation, "REMOVE"))
        return remove_instance(call, system, selection);
    return call_invalid(call, "%s of %s is not supported", operation, selection);
}

static bool patch_system(struct call *call)
{
    struct object *system = open_in(call, "ACTIVE|NEEDS_ATTENTION");
    size_t i;
    json_t *instruction;
    if (!system)
        return false;
    JSON_AUTO before = json_deep_copy(system->body);
    json_array_foreach(json_object_get(call->body, "items"), i, instruction)
    {
        if (!apply_patch(call, system, instruction))
            return false;
    }
    count_instances(system);
    return start_change(call, UPDATE, system, before, NULL);
}

/* A start may change the size. */
static bool switch_system(struct call *call, const char *from, const char *to)
{
    struct object *system = open_in(call, from);
    if (!system)
        return false;
    JSON_AUTO before = json_deep_copy(system->body);
    if (call->body)
        json_object_update(system->body, call->body);
    if (!check(call, system))
        return false;
    set_instance_states(system, to);
    return start_change(call, UPDATE, system, before, to);
}

static bool stop_system(struct call *call)
{
    return switch_system(call, "ACTIVE", "INACTIVE");
}

static bool start_system(struct call *call)
{
    return switch_system(call, "INACTIVE", "ACTIVE");
}

static bool move_system(struct call *call)
{
    const char *compartment = call_text(call, "compartmentId");
    struct object *system = open_in(call, "ACTIVE|INACTIVE|NEEDS_ATTENTION");
    if (!system || !call_compartment(call, compartment))
        return false;
    JSON_AUTO before = json_deep_copy(system->body);
    json_set_text(system->body, "compartmentId", compartment);
    return start_change(call, "MOVE_POSTGRESQL_DB_SYSTEM", system, before, NULL);
}

static bool reset_password(struct call *call)
{
    struct object *system = open_in(call, "ACTIVE");
    if (!system || !check_password(call, json_object_get(call->body, "passwordDetails")))
        return false;
    JSON_AUTO before = json_deep_copy(system->body);
    return start_change(call, UPDATE, system, before, NULL);
}

static bool restart_instance(struct call *call)
{
    struct object *system = open_in(call, "ACTIVE");
    const char *id = call_text(call, "dbInstanceId");
    size_t i;
    json_t *instance;
    bool found = false;
    if (!system)
        return false;
    json_array_foreach(instances_of(system), i, instance)
    {
        found |= text_equal(json_get_text(instance, "id"), id);
    }
    JSON_AUTO before = json_deep_copy(system->body);
    return found ? start_change(call, UPDATE, system, before, NULL)
                 : call_not_found(call, "Instance", id);
}

static bool delete_system(struct call *call)
{
    struct object *system = crud_open(call, &kind_db_system);
    if (!system || !crud_remove(call, system, false))
        return false;
    set_instance_states(system, "DELETING");
    start(call, "DELETE_POSTGRESQL_DB_SYSTEM", system, "DELETED", "deleted", DELETE_MS);
    return call_reply(call, 202, NULL);
}

static bool step(struct call *call, struct object *system, const char *name, bool failed)
{
    if (strcmp(name, "activate") == 0) {
        set_instance_states(system, failed ? "FAILED" : "ACTIVE");
    } else if (strcmp(name, "updated") == 0) {
        pending_end(system, failed);
        if (failed)
            call_set_state(system, json_get_text(system->hidden, "before"));
        else
            vnic_set_security_groups(call, vnic_of(call, system),
                                     json_at_path(system->body, "networkDetails.nsgIds"));
        return true;
    } else if (strcmp(name, "deleted") == 0 && !failed) {
        vnic_remove_of(call, system);
        set_instance_states(system, "DELETED");
    }
    return false;
}

/* --- look-ups --------------------------------------------------------------------------------------- */

static json_t *endpoint(const struct call *call, const struct object *system, const char *label)
{
    const char *address =
        json_string_value(json_at_path(system->body, "networkDetails.primaryDbEndpointPrivateIp"));
    return json_pack("{s:o, s:i, s:s}", "fqdn",
                     json_sprintf("%s-%s.postgresql.%s.oci.oraclecloud.com", label,
                                  system->id + strlen(system->id) - 12,
                                  call_settings(call)->region),
                     "port", PORT, "ipAddress", address);
}

static bool get_connection(struct call *call)
{
    const struct object *system = call_target(call);
    size_t i;
    json_t *instance;
    if (!system)
        return false;
    if (!text_one_of(object_state(system), "ACTIVE|UPDATING|NEEDS_ATTENTION", false))
        return call_bad_state(call, "DB system %s is in the state %s", system->id,
                              object_state(system));
    json_t *list = json_array();
    json_array_foreach(instances_of(system), i, instance)
    {
        json_array_append_new(list, json_pack("{s:s, s:o}", "dbInstanceId",
                                              json_get_text(instance, "id"), "endpoint",
                                              endpoint(call, system, i ? "replica" : "primary")));
    }
    json_t *reply = json_pack("{s:s, s:o, s:o}", "caCertificate",
                              json_get_text(system->hidden, "caCertificate"), "primaryDbEndpoint",
                              endpoint(call, system, "primary"), "instanceEndpoints", list);
    return call_reply(call, 200, reply);
}

static bool get_primary(struct call *call)
{
    const struct object *system = call_target(call);
    return system &&
           call_reply(call, 200,
                      json_pack("{s:s}", "dbInstanceId",
                                json_get_text(json_array_get(instances_of(system), 0), "id")));
}

static bool list_shapes(struct call *call)
{
    const char *wanted = call_query(call, "id");
    json_t *list = json_array();
    for (size_t i = 0; i < ARRAY_LENGTH(shapes); i++)
        if (!wanted || text_equal(wanted, shapes[i].name))
            json_array_append_new(
                list,
                json_pack("{s:s, s:s, s:b, s:i, s:i, s:{s:i, s:i}, s:{s:i, s:i, s:i, s:i, s:i}}",
                          "id", shapes[i].name, "shape", shapes[i].name, "isFlexible", true,
                          "ocpuCount", DEFAULT_OCPUS, "memorySizeInGBs",
                          DEFAULT_OCPUS * GB_PER_OCPU, "shapeOcpuOptions", "min", 1, "max",
                          shapes[i].max_ocpus, "shapeMemoryOptions", "defaultPerOcpuInGBs",
                          GB_PER_OCPU, "minInGBs", 1, "minPerOcpuInGBs", 1, "maxInGBs",
                          shapes[i].max_memory_gb, "maxPerOcpuInGBs", MAX_GB_PER_OCPU));
    return crud_reply_page(call, list);
}

/* Deleted systems are listed only when they are asked for. */
static bool list_systems(struct call *call)
{
    const char *state = call_query(call, "lifecycleState");
    const char *compartment = call_query(call, "compartmentId");
    if (compartment && !call_compartment(call, compartment))
        return false;
    json_t *list = json_array();
    for (const struct object *one = store_first(call->store, &kind_db_system); one;
         one = store_next(call->store, one))
        if (crud_matches(call, one) && (state || object_exists(one)))
            json_array_append_new(list, crud_summary(call, one));
    return crud_reply_page(call, list);
}

/* --- tables ------------------------------------------------------------------------------------------ */

static const struct lifecycle life = {
    .creating = "CREATING",
    .active = "ACTIVE",
    .updating = "UPDATING",
    .deleting = "DELETING",
    .deleted = "DELETED",
    .linger_ms = LINGER_MS,
};

const struct kind kind_db_system = {
    .type = "postgresqldbsystem",
    .title = "DB system",
    .life = &life,
    .summary = "id|displayName|compartmentId|timeCreated|timeUpdated|lifecycleState|"
               "lifecycleDetails|systemType|instanceCount|shape|instanceOcpuCount|"
               "instanceMemorySizeInGBs|dbVersion|configId|freeformTags|definedTags|systemTags",
    .create = create,
    .update = update,
    .step = step,
};

const struct kind kind_psql_work = {
    .type = "postgresqlworkrequest",
    .title = "Work request",
    .internal = true,
    .work = &flavour,
    .step = work_step,
};

static const struct query system_queries[] = {
    {"compartmentId", .min = 1, .max = 255, .filter = "compartmentId"},
    {"lifecycleState",
     .one_of = "CREATING|UPDATING|ACTIVE|INACTIVE|DELETING|DELETED|FAILED|NEEDS_ATTENTION",
     .filter = "lifecycleState"},
    QUERY_DISPLAY_NAME,
    {"id", .filter = "id"},
    QUERIES_PAGING,
    QUERIES_SORT("timeCreated|displayName"),
    {"systemRole",
     .one_of = "STANDALONE_DB_SYSTEM|PRIMARY_DB_SYSTEM|WARM_STANDBY_DB_SYSTEM|"
               "PILOT_LIGHT_DB_SYSTEM",
     .filter = "systemRole"},
    QUERIES_END,
};

static const struct query get_queries[] = {
    {"excludedFields", .multi = true, .one_of = "dbConfigurationParams"},
    QUERIES_END,
};

static const struct query shape_queries[] = {
    {"compartmentId", .min = 1, .max = 255}, {"id"},      QUERIES_PAGING,
    QUERIES_SORT("timeCreated|displayName"), QUERIES_END,
};

static const struct query work_queries[] = {
    {"compartmentId", .min = 1, .max = 255, .filter = "compartmentId"},
    {"workRequestId", .filter = "id"},
    {"status", .one_of = "ACCEPTED|IN_PROGRESS|WAITING|FAILED|SUCCEEDED|CANCELING|CANCELED",
     .filter = "status"},
    {"resourceId"},
    QUERIES_PAGING,
    QUERIES_SORT("timeAccepted"),
    QUERIES_END,
};

static const struct query line_queries[] = {
    QUERIES_PAGING,
    QUERIES_SORT("timestamp"),
    QUERIES_END,
};

#define SYSTEM  "/dbSystems/{dbSystemId}"
#define ACTION  SYSTEM "/actions/"
#define REQUEST "/workRequests/{workRequestId}"
#define KIND    &kind_db_system
#define WORK    &kind_psql_work
#define RETRY   OPERATION_RETRY_TOKEN
#define ITEMS   OPERATION_ITEMS

static const struct operation operations[] = {
    {"ListDbSystems", "GET", "/dbSystems", list_systems, KIND, system_queries, .flags = ITEMS},
    {"CreateDbSystem", "POST", "/dbSystems", create_system, NULL, NULL, &create_db_system_details,
     RETRY},
    {"GetDbSystem", "GET", SYSTEM, crud_get, KIND, get_queries},
    {"UpdateDbSystem", "PUT", SYSTEM, update_system, KIND, NULL, &update_db_system_details},
    {"PatchDbSystem", "PATCH", SYSTEM, patch_system, KIND, NULL, &patch_db_system_details, RETRY},
    {"DeleteDbSystem", "DELETE", SYSTEM, delete_system, KIND},
    {"StopDbSystem", "POST", ACTION "stop", stop_system, KIND, .flags = RETRY},
    {"StartDbSystem", "POST", ACTION "start", start_system, KIND, NULL, &start_db_system_details,
     RETRY | OPERATION_BODY_OPTIONAL},
    {"ChangeDbSystemCompartment", "POST", ACTION "changeCompartment", move_system, KIND, NULL,
     &change_db_system_compartment_details, RETRY},
    {"ResetMasterUserPassword", "POST", ACTION "resetMasterUserPassword", reset_password, KIND,
     NULL, &reset_master_user_password_details, RETRY},
    {"RestartDbInstanceInDbSystem", "POST", ACTION "restartDbInstance", restart_instance, KIND,
     NULL, &restart_db_instance_details, RETRY},
    {"GetConnectionDetails", "GET", SYSTEM "/connectionDetails", get_connection, KIND},
    {"GetPrimaryDbInstance", "GET", SYSTEM "/primaryDbInstance", get_primary, KIND},
    {"ListShapes", "GET", "/shapes", list_shapes, NULL, shape_queries, .flags = ITEMS},
    {"ListWorkRequests", "GET", "/workRequests", work_list, WORK, work_queries, .flags = ITEMS},
    {"GetWorkRequest", "GET", REQUEST, work_get, WORK},
    {"ListWorkRequestErrors", "GET", REQUEST "/errors", work_list_errors, WORK, line_queries,
     .flags = ITEMS},
    {"ListWorkRequestLogs", "GET", REQUEST "/logs", work_list_logs, WORK, line_queries,
     .flags = ITEMS},
    {NULL},
};

static const struct kind *const kinds[] = {&kind_db_system, &kind_psql_work, NULL};

const struct service service_psql = {
    .name = "psql",
    .hosts = "postgresql",
    .base_path = BASE_PATH,
    .operations = operations,
    .kinds = kinds,
};
