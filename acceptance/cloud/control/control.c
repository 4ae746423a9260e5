#include "acceptance/cloud/control/control.h"

#include <string.h>

#include "acceptance/cloud/control/faults.h"
#include "acceptance/cloud/control/journal.h"
#include "lib/base/json.h"
#include "lib/net/url.h"

static const char prefix[] = "/_emulator/";

struct control {
    struct cloud *cloud;
    const struct http_request *request;
    struct server_answer *answer;
};

static void answer_json(const struct control *control, int status, json_t *json)
{
    control->answer->status = status;
    if (!json)
        return;
    str_append(&control->answer->headers, "Content-Type: application/json\r\n");
    json_write(json, false, &control->answer->body);
    json_decref(json);
}

static void refuse(const struct control *control, int status, const char *message)
{
    answer_json(control, status,
                json_pack("{s:s, s:s}", "code", status == 404 ? "NotFound" : "InvalidParameter",
                          "message", message));
}

static json_t *read_body(const struct control *control)
{
    const struct str *body = &control->request->body;
    ERROR_AUTO(err);
    json_t *json = json_parse(str_text(body), body->length, &err);
    if (!json)
        refuse(control, 400, error_message(&err));
    return json;
}

static void add_faults(const struct control *control)
{
    JSON_AUTO body = read_body(control);
    STR_AUTO problem = STR_INIT;
    if (!body)
        return;
    size_t count = json_is_array(body) ? json_array_size(body) : 1;
    for (size_t i = 0; i < count; i++) {
        const json_t *one = json_is_array(body) ? json_array_get(body, i) : body;
        if (!faults_add(control->cloud->faults, one, &problem)) {
            refuse(control, 400, str_text(&problem));
            return;
        }
    }
    answer_json(control, 204, NULL);
}

static void list_faults(const struct control *control)
{
    answer_json(control, 200, faults_list(control->cloud->faults));
}

static void clear_faults(const struct control *control)
{
    faults_clear(control->cloud->faults);
    answer_json(control, 204, NULL);
}

static void list_log(const struct control *control)
{
    answer_json(control, 200, journal_list(control->cloud->journal));
}

static void clear_log(const struct control *control)
{
    journal_clear(control->cloud->journal);
    answer_json(control, 204, NULL);
}

static json_t *describe(const struct object *object)
{
    json_t *json = json_object();
    json_set_text(json, "id", object->id);
    json_set_text(json, "name", object_name(object));
    json_set_text(json, "state", object_state(object));
    json_set_text(json, "compartmentId", object_text(object, "compartmentId"));
    return json;
}

static void list_objects(const struct control *control)
{
    const struct store *store = control->cloud->store;
    bool all = text_equal(control->request->query, "all=true");
    json_t *kinds = json_object();
    for (const struct object *one = store_next_of_all(store, NULL); one;
         one = store_next_of_all(store, one)) {
        const char *type = one->kind->type;
        if (!all && (one->seed || one->kind->internal || !object_exists(one)))
            continue;
        if (!json_object_get(kinds, type))
            json_object_set_new(kinds, type, json_array());
        json_array_append_new(json_object_get(kinds, type), describe(one));
    }
    answer_json(control, 200, kinds);
}

/* RFC 7396 */
static void merge_patch(json_t *target, const json_t *patch)
{
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)patch, name, value)
    {
        if (json_is_null(value)) {
            json_object_del(target, name);
        } else if (json_is_object(value)) {
            if (!json_is_object(json_object_get(target, name)))
                json_object_set_new(target, name, json_object());
            merge_patch(json_object_get(target, name), value);
        } else {
            json_object_set(target, name, value);
        }
    }
}

/* A part that has an id of its own but is no object: a rule of a security group. Borrowed, or NULL. */
static json_t *find_part(const struct object *object, const char *id)
{
    const char *name;
    json_t *list, *part;
    size_t index;
    json_object_foreach(object->hidden, name, list)
    {
        json_array_foreach(list, index, part)
        {
            if (text_equal(json_get_text(part, "id"), id))
                return part;
        }
    }
    return NULL;
}

/* An object that somebody else made: a cluster's load balancer, for example. */
static void add_object(const struct control *control)
{
    JSON_AUTO body = read_body(control);
    if (!body)
        return;
    const struct kind *kind = store_kind(control->cloud->store, json_get_text(body, "kind"));
    const json_t *members = json_object_get(body, "body");
    const char *id = json_get_text(members, "id");
    if (!kind || !json_is_object(members) || store_find(control->cloud->store, NULL, id)) {
        refuse(control, 400, "kind must be known, body an object, and its id new");
        return;
    }
    ERROR_AUTO(err);
    struct call *call = cloud_begin(control->cloud);
    struct object *object = change_add(call->change, kind, id ? id : call_new_id(call, kind));
    json_t *answer = json_pack("{s:s}", "id", object->id);
    json_set_text(object->body, "id", object->id);
    json_set_text(object->body, "timeCreated", call_time(call));
    if (kind->life)
        call_set_state(object, kind->life->active);
    merge_patch(object->body, members);
    if (cloud_end(call, true, &err)) {
        answer_json(control, 200, answer);
        return;
    }
    json_decref(answer);
    refuse(control, 500, error_message(&err));
}

static void read_object(const struct control *control)
{
    STR_AUTO id = STR_INIT;
    const struct object *object = NULL;
    if (control->request->query && url_query_value(control->request->query, "id", &id))
        object = store_find(control->cloud->store, NULL, str_text(&id));
    if (!object) {
        refuse(control, 404, "there is no such object");
        return;
    }
    answer_json(control, 200,
                json_pack("{s:s, s:s, s:O}", "kind", object->kind->type, "etag", object->etag,
                          "body", object->body));
}

static void mutate(const struct control *control)
{
    JSON_AUTO body = read_body(control);
    if (!body)
        return;
    struct object *object = store_find(control->cloud->store, NULL, json_get_text(body, "id"));
    const json_t *patch = json_object_get(body, "patch");
    const char *part = json_get_text(body, "part");
    bool gone = json_get_bool(body, "remove", false);
    if (object && part && !find_part(object, part))
        object = NULL;
    if (!object || (!json_is_object(patch) && !gone)) {
        refuse(control, object ? 400 : 404, object ? "patch must be an object" : "no such object");
        return;
    }
    ERROR_AUTO(err);
    struct call *call = cloud_begin(control->cloud);
    change_edit(call->change, object);
    if (gone)
        change_remove(call->change, object);
    else
        merge_patch(part ? find_part(object, part) : object->body, patch);
    if (!cloud_end(call, true, &err)) {
        refuse(control, 500, error_message(&err));
        return;
    }
    answer_json(control, 204, NULL);
}

static const struct {
    const char *method, *path;
    void (*handle)(const struct control *control);
} routes[] = {
    {"POST", "faults", add_faults},     {"GET", "faults", list_faults},
    {"DELETE", "faults", clear_faults}, {"GET", "log", list_log},
    {"DELETE", "log", clear_log},       {"GET", "objects", list_objects},
    {"POST", "objects", add_object},    {"GET", "object", read_object},
    {"POST", "mutate", mutate},
};

/* From this machine anyone may; from elsewhere the token of DIRECTORY/env is wanted. */
static bool allowed(const struct control *control, const struct server_peer *peer)
{
    const char *given = http_request_header(control->request, "Authorization");
    return peer->loopback ||
           (given && text_starts_with(given, "Bearer ") &&
            strcmp(given + strlen("Bearer "), control->cloud->control_token) == 0);
}

bool control_handle(struct cloud *cloud, const struct http_request *request,
                    const struct server_peer *peer, struct server_answer *answer)
{
    const struct control control = {cloud, request, answer};
    if (!text_starts_with(request->path, prefix))
        return false;
    if (!allowed(&control, peer)) {
        refuse(&control, 403, "the control token is missing or wrong");
        return true;
    }
    for (size_t i = 0; i < ARRAY_LENGTH(routes); i++)
        if (strcmp(routes[i].method, request->method) == 0 &&
            strcmp(routes[i].path, request->path + strlen(prefix)) == 0) {
            routes[i].handle(&control);
            return true;
        }
    refuse(&control, 404, "there is no such control endpoint; see acceptance/cloud/README.md");
    return true;
}
