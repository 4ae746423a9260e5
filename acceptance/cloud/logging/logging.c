#include "acceptance/cloud/logging/logging.h"

#include <string.h>

#include "acceptance/cloud/api/crud.h"
#include "acceptance/cloud/api/defaults.h"
#include "acceptance/cloud/api/pending.h"
#include "acceptance/cloud/api/work.h"
#include "acceptance/cloud/artifacts/artifacts.h"
#include "lib/base/json.h"

#define BASE_PATH "/20200531"

/* Simulated durations at --speed 1. */
enum { GROUP_MS = 10 * 1000, LOG_MS = 45 * 1000 };
enum { RETENTION_STEP = 30, RETENTION_MOST = 180 };

/* --- models -------------------------------------------------------------------------------------- */

#define FIELD_NAME                                                                                 \
    {                                                                                              \
        "displayName", FIELD_TEXT, .required = true, .min = 1, .max = 256                          \
    }
#define FIELD_DESCRIPTION                                                                          \
    {                                                                                              \
        "description", FIELD_TEXT, .min = 0, .max = 512                                            \
    }

static const struct model create_log_group_details = {
    "CreateLogGroupDetails", (const struct field[]){FIELD_COMPARTMENT, FIELD_NAME,
                                                    FIELD_DESCRIPTION, FIELDS_TAGS, FIELDS_END}};

static const struct model update_log_group_details = {
    "UpdateLogGroupDetails",
    (const struct field[]){FIELD_DISPLAY_NAME, FIELD_DESCRIPTION, FIELDS_TAGS, FIELDS_END}};

static const struct model change_log_group_compartment_details = {
    "ChangeLogGroupCompartmentDetails",
    (const struct field[]){{"compartmentId", FIELD_TEXT, .min = 1, .max = 255}, FIELDS_END}};

static const struct model oci_service = {
    "OciService",
    (const struct field[]){{"sourceType", FIELD_TEXT, .required = true, .one_of = "OCISERVICE"},
                           {"service", FIELD_TEXT, .required = true, .min = 1, .max = 255},
                           {"resource", FIELD_TEXT, .required = true, .min = 1, .max = 255},
                           {"category", FIELD_TEXT, .required = true, .min = 1, .max = 255},
                           {"parameters", FIELD_TEXT_MAP},
                           FIELDS_END}};

static const struct model source = {
    "Source", .discriminator = "sourceType",
    .subtypes = (const struct subtype[]){{"OCISERVICE", &oci_service}, {NULL}}};

static const struct model archiving = {
    "Archiving", (const struct field[]){{"isEnabled", FIELD_BOOL}, FIELDS_END}};

static const struct model configuration = {
    "Configuration",
    (const struct field[]){{"compartmentId", FIELD_TEXT, .min = 1, .max = 255},
                           {"source", FIELD_MODEL, .required = true, .model = &source},
                           {"archiving", FIELD_MODEL, .model = &archiving},
                           FIELDS_END}};

#define FIELD_RETENTION                                                                            \
    {                                                                                              \
        "retentionDuration", FIELD_INTEGER, .min = RETENTION_STEP, .max = RETENTION_MOST           \
    }

static const struct model create_log_details = {
    "CreateLogDetails",
    (const struct field[]){FIELD_NAME,
                           {"logType", FIELD_TEXT, .required = true, .one_of = "CUSTOM|SERVICE"},
                           {"isEnabled", FIELD_BOOL},
                           {"configuration", FIELD_MODEL, .model = &configuration},
                           FIELD_RETENTION,
                           FIELDS_TAGS,
                           FIELDS_END}};

static const struct model source_update_details = {
    "SourceUpdateDetails", (const struct field[]){{"parameters", FIELD_TEXT_MAP}, FIELDS_END}};

static const struct model update_configuration_details = {
    "UpdateConfigurationDetails",
    (const struct field[]){
        {"source", FIELD_MODEL, .required = true, .model = &source_update_details},
        {"archiving", FIELD_MODEL, .model = &archiving},
        FIELDS_END}};

static const struct model update_log_details = {
    "UpdateLogDetails",
    (const struct field[]){FIELD_DISPLAY_NAME,
                           {"isEnabled", FIELD_BOOL},
                           {"configuration", FIELD_MODEL, .model = &update_configuration_details},
                           FIELD_RETENTION,
                           FIELDS_TAGS,
                           FIELDS_END}};

static const struct model change_log_log_group_details = {
    "ChangeLogLogGroupDetails",
    (const struct field[]){{"targetLogGroupId", FIELD_TEXT, .min = 1, .max = 255}, FIELDS_END}};

/* --- work requests ------------------------------------------------------------------------------- */

static const struct work_flavour flavour = {.kind = &kind_logging_work, .percent = true};

/* A group's uri is /logGroups/{id}; a log's entity comes alone, since "loggroup" contains "log". */
static bool start(struct call *call, const char *operation_type, struct object *object,
                  const char *action, const char *step)
{
    bool group = object->kind == &kind_log_group;
    const char *group_id = object_text(object, "logGroupId");
    const struct work_entity entity = {
        .type = group ? "loggroup" : "log",
        .action = action,
        .uri = group ? arena_printf(call->arena, BASE_PATH "/logGroups/%s", object->id)
                     : arena_printf(call->arena, BASE_PATH "/logGroups/%s/logs/%s", group_id,
                                    object->id),
    };
    work_start(call, &flavour, operation_type, object, &entity, step, group ? GROUP_MS : LOG_MS);
    return call_reply(call, 202, NULL);
}

/* The change shows when its work request has ended. */
static bool start_update(struct call *call, const char *operation_type, struct object *object,
                         const json_t *before, const char *action)
{
    json_set_text(object->body, "timeLastModified", call_time(call));
    pending_hold(object, before);
    call_set_state(object, "UPDATING");
    return start(call, operation_type, object, action, "updated");
}

static bool step(struct call *call, struct object *object, const char *name, bool failed)
{
    (void)call;
    if (strcmp(name, "updated") != 0)
        return false;
    pending_end(object, failed);
    call_set_state(object, "ACTIVE");
    return true;
}

/* --- log groups ---------------------------------------------------------------------------------- */

static bool create(struct call *call, struct object *object)
{
    json_set_text(object->body, "timeLastModified", call_time(call));
    return true;
}

static bool create_group(struct call *call)
{
    struct object *group = crud_make(call, &kind_log_group, call->body, false);
    return group && start(call, "CREATE_LOG_GROUP", group, "CREATED", "activate");
}

static bool update_group(struct call *call)
{
    struct object *group = crud_open(call, &kind_log_group);
    if (!group)
        return false;
    JSON_AUTO before = json_deep_copy(group->body);
    return crud_merge(call, group, call->body) &&
           start_update(call, "UPDATE_LOG_GROUP", group, before, "UPDATED");
}

static bool move_group(struct call *call)
{
    struct object *group = crud_open(call, &kind_log_group);
    const char *compartment = call_text(call, "compartmentId");
    if (!group || !call_compartment(call, compartment))
        return false;
    JSON_AUTO before = json_deep_copy(group->body);
    json_set_text(group->body, "compartmentId", compartment);
    return start_update(call, "MOVE_LOG_GROUP", group, before, "RELATED");
}

static bool delete_group(struct call *call)
{
    struct object *group = crud_open(call, &kind_log_group);
    return group && crud_remove(call, group, false) &&
           start(call, "DELETE_LOG_GROUP", group, "DELETED", "deleted");
}

static bool list_groups(struct call *call)
{
    const char *compartment = call_query(call, "compartmentId");
    bool subtree = call_query_bool(call, "isCompartmentIdInSubtree", false);
    if (!call_compartment(call, compartment))
        return false;
    json_t *list = json_array();
    for (const struct object *one = store_first(call->store, &kind_log_group); one;
         one = store_next(call->store, one)) {
        const char *own = object_text(one, "compartmentId");
        if (crud_matches(call, one) && (subtree ? compartment_is_within(call, own, compartment)
                                                : text_equal(own, compartment)))
            json_array_append_new(list, call_view(call, one));
    }
    return crud_reply_page(call, list);
}

/* --- logs ---------------------------------------------------------------------------------------- */

/* The log that the path names, in the group that the path names; NULL after 404. */
static struct object *target(struct call *call)
{
    const struct object *group = call_target_at(call, &kind_log_group, 0);
    struct object *log = group ? call_target_at(call, &kind_log, 1) : NULL;
    if (!log || text_equal(object_text(log, "logGroupId"), group->id))
        return log;
    call_not_found(call, kind_log.title, log->id);
    return NULL;
}

static struct object *open_log(struct call *call)
{
    struct object *log = target(call);
    if (!log || !call_if_match(call, log))
        return NULL;
    if (text_equal(object_state(log), "ACTIVE") || text_equal(object_state(log), "FAILED"))
        return change_edit(call->change, log);
    call_bad_state(call, "Log %s is in the state %s", log->id, object_state(log));
    return NULL;
}

static bool check_retention(struct call *call, const struct object *log)
{
    json_int_t days = json_get_integer(log->body, "retentionDuration", RETENTION_STEP);
    return days % RETENTION_STEP == 0 ||
           call_invalid(call, "retentionDuration: %lld is no multiple of %d days", (long long)days,
                        RETENTION_STEP);
}

static bool check_configuration(struct call *call, const struct object *log)
{
    bool service = text_equal(object_text(log, "logType"), "SERVICE");
    bool has = json_object_get(log->body, "configuration") != NULL;
    if (service && !has)
        return call_fail(call, 400, "MissingParameter",
                         "configuration: a log of type SERVICE needs it");
    return service || !has ||
           call_invalid(call, "configuration: only logs of type SERVICE have it");
}

/* Two service logs for the same category of one resource cannot be. */
static bool check_source(struct call *call, const struct object *log)
{
    const json_t *wanted = json_at_path(log->body, "configuration.source");
    for (const struct object *one = store_first(call->store, &kind_log); one && wanted;
         one = store_next(call->store, one)) {
        const json_t *other = json_at_path(one->body, "configuration.source");
        if (one != log && other &&
            text_equal(json_get_text(wanted, "resource"), json_get_text(other, "resource")) &&
            text_equal(json_get_text(wanted, "service"), json_get_text(other, "service")) &&
            text_equal(json_get_text(wanted, "category"), json_get_text(other, "category")))
            return call_conflict(call, "The resource %s has a log of this category already: %s",
                                 json_get_text(wanted, "resource"), one->id);
    }
    return true;
}

static bool create_log_object(struct call *call, struct object *log)
{
    const struct object *group =
        store_find(call->store, &kind_log_group, object_text(log, "logGroupId"));
    const char *compartment = object_text(group, "compartmentId");
    defaults_fill(log->body,
                  json_pack("{s:b, s:i, s:s, s:s, s:s}", "isEnabled", true, "retentionDuration",
                            RETENTION_STEP, "tenancyId", call_settings(call)->tenancy,
                            "compartmentId", compartment, "timeLastModified", call_time(call)));
    json_t *settings = json_object_get(log->body, "configuration");
    if (settings)
        defaults_fill(settings, json_pack("{s:s, s:{s:b}, s:{s:{}}}", "compartmentId", compartment,
                                          "archiving", "isEnabled", false, "source", "parameters"));
    return check_retention(call, log) && check_configuration(call, log) && check_source(call, log);
}

static bool update_log_object(struct call *call, struct object *log, const json_t *before)
{
    json_t *given = json_object_get(call->body, "configuration");
    defaults_keep(log->body, before, "configuration");
    if (given)
        defaults_keep(json_object_get(log->body, "configuration"),
                      json_object_get(before, "configuration"), "source");
    return check_retention(call, log) && check_configuration(call, log);
}

static bool create_log(struct call *call)
{
    struct object *group = call_target_at(call, &kind_log_group, 0);
    if (!group)
        return false;
    if (!object_alive(group))
        return call_bad_state(call, "Log group %s is in the state %s", group->id,
                              object_state(group));
    JSON_AUTO details = json_copy(call->body);
    json_set_text(details, "logGroupId", group->id);
    struct object *log = crud_make(call, &kind_log, details, false);
    return log && start(call, "CREATE_LOG", log, "CREATED", "activate");
}

static bool get_log(struct call *call)
{
    const struct object *log = target(call);
    return log && call_reply_object(call, 200, log);
}

static bool update_log(struct call *call)
{
    struct object *log = open_log(call);
    if (!log)
        return false;
    JSON_AUTO before = json_deep_copy(log->body);
    return crud_merge(call, log, call->body) &&
           start_update(call, "UPDATE_LOG", log, before, "UPDATED");
}

static bool move_log(struct call *call)
{
    struct object *log = open_log(call);
    const char *group_id = call_text(call, "targetLogGroupId");
    const struct object *group = log ? call_find(call, &kind_log_group, group_id) : NULL;
    if (!group)
        return false;
    JSON_AUTO before = json_deep_copy(log->body);
    json_set_text(log->body, "logGroupId", group_id);
    json_set_text(log->body, "compartmentId", object_text(group, "compartmentId"));
    return start_update(call, "MOVE_LOG", log, before, "RELATED");
}

static bool delete_log(struct call *call)
{
    struct object *log = open_log(call);
    return log && crud_remove(call, log, false) &&
           start(call, "DELETE_LOG", log, "DELETED", "deleted");
}

/* --- tables -------------------------------------------------------------------------------------- */

/* What is deleted is gone: there is no state DELETED. */
static const struct lifecycle life = {
    .creating = "CREATING",
    .active = "ACTIVE",
    .updating = "UPDATING",
    .deleting = "DELETING",
};

const struct kind kind_logging_work = {
    .type = "logworkrequest",
    .title = "Work request",
    .internal = true,
    .work = &flavour,
    .step = work_step,
};

const struct kind kind_log_group = {
    .type = "loggroup",
    .title = "Log group",
    .unique = UNIQUE_IN_COMPARTMENT,
    .exists_code = "Conflict",
    .life = &life,
    .create = create,
    .step = step,
};

static const struct reference log_references[] = {
    {"logGroupId", &kind_log_group},
    {NULL},
};

const struct kind kind_log = {
    .type = "log",
    .title = "Log",
    .unique = UNIQUE_IN_PARENT,
    .parent_field = "logGroupId",
    .exists_code = "Conflict",
    .references = log_references,
    .life = &life,
    .summary = "id|logGroupId|displayName|isEnabled|lifecycleState|logType|configuration|"
               "definedTags|freeformTags|systemTags|timeCreated|timeLastModified|"
               "retentionDuration|compartmentId",
    .create = create_log_object,
    .update = update_log_object,
    .step = step,
};

static const struct query group_queries[] = {
    {"compartmentId", .required = true, .min = 1, .max = 255},
    {"isCompartmentIdInSubtree", FIELD_BOOL},
    QUERY_DISPLAY_NAME,
    QUERIES_PAGING,
    QUERIES_SORT("timeCreated|displayName"),
    QUERIES_END,
};

static const struct query log_queries[] = {
    {"logType", .one_of = "CUSTOM|SERVICE", .filter = "logType"},
    {"sourceService", .filter = "configuration.source.service"},
    {"sourceResource", .filter = "configuration.source.resource"},
    QUERY_DISPLAY_NAME,
    {"lifecycleState", .one_of = "ACTIVE|CREATING|DELETING|FAILED|INACTIVE|UPDATING",
     .filter = "lifecycleState"},
    QUERIES_PAGING,
    QUERIES_SORT("timeCreated|displayName"),
    QUERIES_END,
};

static const struct query work_queries[] = {
    QUERY_COMPARTMENT,
    {"status", .one_of = "ACCEPTED|CANCELED|CANCELLING|FAILED|IN_PROGRESS|SUCCEEDED",
     .filter = "status"},
    {"id", .filter = "id"},
    QUERIES_PAGING,
    QUERIES_SORT("operationType|status|timeAccepted"),
    QUERIES_END,
};

static const struct query paging[] = {QUERIES_PAGING, QUERIES_END};

#define GROUP   "/logGroups/{logGroupId}"
#define LOG     GROUP "/logs/{logId}"
#define REQUEST "/workRequests/{workRequestId}"

static const struct operation operations[] = {
    {"ListLogGroups", "GET", "/logGroups", list_groups, &kind_log_group, group_queries},
    {"CreateLogGroup", "POST", "/logGroups", create_group, NULL, NULL, &create_log_group_details,
     OPERATION_RETRY_TOKEN},
    {"GetLogGroup", "GET", GROUP, crud_get, &kind_log_group},
    {"UpdateLogGroup", "PUT", GROUP, update_group, &kind_log_group, NULL,
     &update_log_group_details},
    {"DeleteLogGroup", "DELETE", GROUP, delete_group, &kind_log_group},
    {"ChangeLogGroupCompartment", "POST", GROUP "/actions/changeCompartment", move_group,
     &kind_log_group, NULL, &change_log_group_compartment_details, OPERATION_RETRY_TOKEN},
    {"ListLogs", "GET", GROUP "/logs", crud_list, &kind_log, log_queries},
    {"CreateLog", "POST", GROUP "/logs", create_log, &kind_log_group, NULL, &create_log_details,
     OPERATION_RETRY_TOKEN},
    {"GetLog", "GET", LOG, get_log, &kind_log_group},
    {"UpdateLog", "PUT", LOG, update_log, &kind_log_group, NULL, &update_log_details},
    {"DeleteLog", "DELETE", LOG, delete_log, &kind_log_group},
    {"ChangeLogLogGroup", "POST", LOG "/actions/changeLogGroup", move_log, &kind_log_group, NULL,
     &change_log_log_group_details, OPERATION_RETRY_TOKEN},
    {"ListWorkRequests", "GET", "/workRequests", work_list, &kind_logging_work, work_queries},
    {"GetWorkRequest", "GET", REQUEST, work_get, &kind_logging_work},
    {"ListWorkRequestErrors", "GET", REQUEST "/errors", work_list_errors, &kind_logging_work,
     paging},
    {"ListWorkRequestLogs", "GET", REQUEST "/logs", work_list_logs, &kind_logging_work, paging},
    {NULL},
};

static const struct kind *const kinds[] = {&kind_logging_work, &kind_log_group, &kind_log, NULL};

const struct service service_logging = {
    .name = "logging",
    .hosts = "logging",
    .base_path = BASE_PATH,
    .operations = operations,
    .kinds = kinds,
};
