#include "acceptance/cloud/api/work.h"

#include <string.h>

#include "acceptance/cloud/api/crud.h"
#include "acceptance/cloud/api/lifecycle.h"
#include "lib/base/json.h"

enum { KEEP_MS = 12 * 60 * 60 * 1000, START_SHARE = 10, BUSY_MS = 100 };

static const char *time_field(const struct object *work)
{
    const char *field = work->kind->work->error_time_field;
    return field ? field : "timestamp";
}

/* Errors and log lines are members of their own resources, except where they are inline. */
static json_t *lines_of(const struct object *work, const char *name)
{
    json_t *side = work->kind->work->inline_errors ? work->body : work->hidden;
    json_t *lines = json_object_get(side, name);
    if (!lines)
        json_object_set_new(side, name, lines = json_array());
    return lines;
}

static void add_line(struct call *call, struct object *work, const char *list, const char *code,
                     const char *message)
{
    json_t *line = json_object();
    if (code)
        json_set_text(line, "code", code);
    json_set_text(line, "message", message);
    json_set_text(line, time_field(work), call_time(call));
    json_array_append_new(lines_of(work, list), line);
}

void work_log(struct call *call, struct object *work, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    add_line(call, work, "logs", NULL, arena_vprintf(call->arena, format, args));
    va_end(args);
}

static void set_failure(struct object *work, const char *code, const char *message)
{
    json_object_set_new(work->hidden, "failure",
                        json_pack("{s:s, s:s}", "code", code, "message", message));
}

void work_fail(struct call *call, const char *code, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    set_failure(call->work, code, arena_vprintf(call->arena, format, args));
    va_end(args);
}

void work_add_resource(struct call *call, struct object *work, const struct work_entity *entity,
                       const char *identifier)
{
    (void)call;
    json_t *resource = json_pack("{s:s, s:s, s:s}", "entityType", entity->type, "actionType",
                                 "IN_PROGRESS", "identifier", identifier);
    if (entity->uri)
        json_set_text(resource, "entityUri", entity->uri);
    json_t *resources = json_object_get(work->body, "resources");
    json_array_append_new(resources, resource);
    json_t *actions = json_object_get(work->hidden, "actions");
    json_array_append_new(actions, json_string(entity->action));
}

struct object *work_start(struct call *call, const struct work_flavour *flavour,
                          const char *operation_type, struct object *object,
                          const struct work_entity *entity, const char *step, int64_t duration_ms)
{
    struct object *work = change_add(call->change, flavour->kind, call_new_id(call, flavour->kind));
    const char *compartment = object_text(object, "compartmentId");
    json_set_text(work->body, "id", work->id);
    json_set_text(work->body, "operationType", operation_type);
    json_set_text(work->body, "status", "ACCEPTED");
    json_set_text(work->body, "compartmentId",
                  compartment ? compartment : call_settings(call)->tenancy);
    json_set_text(work->body, "timeAccepted", call_time(call));
    json_object_set_new(work->body, "resources", json_array());
    if (flavour->percent)
        json_object_set_new(work->body, "percentComplete", json_real(0));
    json_set_text(work->hidden, "object", object->id);
    json_set_text(work->hidden, "step", step);
    json_object_set_new(work->hidden, "actions", json_array());
    json_object_set_new(work->hidden, "duration", json_integer(duration_ms));
    lines_of(work, "errors");
    lines_of(work, "logs");
    if (entity && entity->type)
        work_add_resource(call, work, entity, object->id);
    if (call->work_failure)
        set_failure(work, call->work_failure_code, call->work_failure);
    work_log(call, work, "%s was accepted.", operation_type);
    call_schedule(call, work, "start", duration_ms / START_SHARE);
    call_set_header(call, "opc-work-request-id", work->id);
    return work;
}

/* --- in the course of time ------------------------------------------------------------------------ */

static void start(struct call *call, struct object *work)
{
    int64_t duration = json_get_integer(work->hidden, "duration", 0);
    json_set_text(work->body, "status", "IN_PROGRESS");
    json_set_text(work->body, "timeStarted", call_time(call));
    if (work->kind->work->percent)
        json_object_set_new(work->body, "percentComplete", json_real(100.0 / START_SHARE));
    work_log(call, work, "%s was started.", object_text(work, "operationType"));
    call_schedule(call, work, "finish", duration - duration / START_SHARE);
}

static void show_actions(const struct object *work, bool failed)
{
    size_t i;
    json_t *resource;
    const struct work_flavour *flavour = work->kind->work;
    const json_t *actions = json_object_get(work->hidden, "actions");
    if (failed ? !flavour->failed_action : flavour->keep_in_progress)
        return;
    json_array_foreach(json_object_get(work->body, "resources"), i, resource)
    {
        if (failed)
            json_set_text(resource, "actionType", flavour->failed_action);
        else
            json_object_set(resource, "actionType", json_array_get(actions, i));
    }
}

static void finish(struct call *call, struct object *work)
{
    const struct work_flavour *flavour = work->kind->work;
    struct object *object = store_find(call->store, NULL, json_get_text(work->hidden, "object"));
    bool failed = json_object_get(work->hidden, "failure") != NULL;
    call->work = work;
    if (object && !failed && object->kind->busy &&
        object->kind->busy(call, change_edit(call->change, object),
                           json_get_text(work->hidden, "step"))) {
        call->work = NULL;
        change_schedule(call->change, work, "finish", call->now_ms + BUSY_MS);
        return;
    }
    if (object)
        lifecycle_take(call, change_edit(call->change, object), json_get_text(work->hidden, "step"),
                       failed);
    call->work = NULL;
    const json_t *failure = json_object_get(work->hidden, "failure");
    if (failure)
        add_line(call, work, "errors", json_get_text(failure, "code"),
                 json_get_text(failure, "message"));
    show_actions(work, failure != NULL);
    json_set_text(work->body, "status",
                  failure              ? "FAILED"
                  : flavour->succeeded ? flavour->succeeded
                                       : "SUCCEEDED");
    json_set_text(work->body, "timeFinished", call_time(call));
    if (flavour->percent)
        json_object_set_new(work->body, "percentComplete", json_real(100));
    work_log(call, work, "%s has %s.", object_text(work, "operationType"),
             failure ? "failed" : "succeeded");
    call_schedule(call, work, "vanish", KEEP_MS);
}

bool work_step(struct call *call, struct object *work, const char *step, bool failed)
{
    (void)failed;
    if (strcmp(step, "start") == 0)
        start(call, work);
    else if (strcmp(step, "finish") == 0)
        finish(call, work);
    else
        change_remove(call->change, work);
    return true;
}

/* --- handlers ------------------------------------------------------------------------------------- */

bool work_get(struct call *call)
{
    const struct object *work = call_target(call);
    return work && call_reply_object(call, 200, work);
}

static bool concerns(const struct object *work, const char *identifier)
{
    size_t i;
    json_t *resource;
    json_array_foreach(
        json_object_get(work->body, "resources"), i,
        resource) if (text_equal(json_get_text(resource, "identifier"), identifier)) return true;
    return false;
}

bool work_list(struct call *call)
{
    const struct kind *kind = call->operation->kind;
    const char *compartment = call_query(call, "compartmentId");
    const char *query = kind->work->resource_query;
    const char *identifier = query ? call_query(call, query) : NULL;
    if (compartment && !call_compartment(call, compartment))
        return false;
    json_t *found = json_array();
    for (const struct object *work = store_first(call->store, kind); work;
         work = store_next(call->store, work))
        if (crud_matches(call, work) && (!identifier || concerns(work, identifier)))
            json_array_append_new(found, crud_summary(call, work));
    return crud_reply_page(call, found);
}

bool work_list_errors(struct call *call)
{
    const struct object *work = call_target(call);
    return work && crud_reply_page(call, json_copy(lines_of(work, "errors")));
}

bool work_list_logs(struct call *call)
{
    const struct object *work = call_target(call);
    return work && crud_reply_page(call, json_copy(lines_of(work, "logs")));
}
