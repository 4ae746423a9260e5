#include "acceptance/cloud/api/call.h"

#include <string.h>

#include "acceptance/cloud/cloud.h"
#include "lib/base/clock.h"
#include "lib/base/encoding.h"
#include "lib/base/json.h"

enum { UNIQUE_PART = 60 };

const struct settings *call_settings(const struct call *call)
{
    return &call->cloud->settings;
}

const char *call_availability_domain(struct call *call, int number)
{
    return arena_printf(call->arena, "%s%d", call_settings(call)->ad_prefix, number);
}

int call_availability_domain_number(const struct call *call, const char *name)
{
    const char *prefix = call_settings(call)->ad_prefix;
    if (!name || !text_starts_with(name, prefix))
        return 0;
    const char *digit = name + strlen(prefix);
    return digit[0] >= '1' && digit[0] <= '0' + AVAILABILITY_DOMAINS && !digit[1] ? digit[0] - '0'
                                                                                  : 0;
}

/* --- the request --------------------------------------------------------------------------------- */

const char *call_path(const struct call *call, const char *name)
{
    size_t length = strlen(name);
    int index = 0;
    for (const char *mark = call->operation->path; (mark = strchr(mark, '{')); mark++, index++)
        if (strncmp(mark + 1, name, length) == 0 &&
            (mark[length + 1] == '}' || mark[length + 1] == '+'))
            return call->path_values[index];
    return NULL;
}

const char *call_query(const struct call *call, const char *name)
{
    const json_t *value = json_object_get(call->queries, name);
    return json_string_value(json_is_array(value) ? json_array_get(value, 0) : value);
}

int64_t call_query_integer(const struct call *call, const char *name, int64_t fallback)
{
    const char *text = call_query(call, name);
    return text ? strtoll(text, NULL, 10) : fallback;
}

bool call_query_bool(const struct call *call, const char *name, bool fallback)
{
    const char *text = call_query(call, name);
    return text ? text_equal_nocase(text, "true") : fallback;
}

const char *call_header(const struct call *call, const char *name)
{
    return http_request_header(call->request, name);
}

const char *call_text(const struct call *call, const char *name)
{
    return json_get_text(call->body, name);
}

/* --- the answer ---------------------------------------------------------------------------------- */

bool call_reply(struct call *call, int status, json_t *json)
{
    json_decref(call->reply.json);
    call->reply.status = status;
    call->reply.json = json;
    return true;
}

bool call_reply_bytes(struct call *call, int status, const char *content_type, const void *data,
                      size_t length)
{
    call_reply(call, status, NULL);
    call->reply.content_type = content_type;
    str_clear(&call->reply.bytes);
    str_append_bytes(&call->reply.bytes, data, length);
    return true;
}

bool call_reply_object(struct call *call, int status, const struct object *object)
{
    call_set_header(call, "ETag", object->etag);
    return call_reply(call, status, call_view(call, object));
}

void call_set_header(struct call *call, const char *name, const char *value)
{
    str_printf(&call->reply.headers, "%s: %s\r\n", name, value);
}

bool call_fail(struct call *call, int status, const char *code, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *message = arena_vprintf(call->arena, format, args);
    va_end(args);
    call->reply.content_type = NULL;
    str_clear(&call->reply.bytes);
    str_clear(&call->reply.headers);
    /* Names in a message come from outside: what is no UTF-8 must not make it vanish. */
    STR_AUTO clean = STR_INIT;
    str_append_utf8(&clean, message, strlen(message));
    call_reply(call, status, json_pack("{s:s, s:s}", "code", code, "message", str_text(&clean)));
    return false;
}

bool call_not_found(struct call *call, const char *title, const char *id)
{
    return call_fail(call, 404, "NotAuthorizedOrNotFound",
                     "Authorization failed or requested resource not found: %s %.255s", title,
                     id ? id : "");
}

/* --- objects ------------------------------------------------------------------------------------- */

const char *object_text(const struct object *object, const char *field)
{
    return json_get_text(object->body, field);
}

const char *object_state(const struct object *object)
{
    return object_text(object, "lifecycleState");
}

const char *object_name(const struct object *object)
{
    const char *field = object->kind->name_field;
    return object_text(object, field ? field : "displayName");
}

bool object_exists(const struct object *object)
{
    const struct lifecycle *life = object->kind->life;
    return !life || !life->deleted || !text_equal(object_state(object), life->deleted);
}

bool object_alive(const struct object *object)
{
    const struct lifecycle *life = object->kind->life;
    return object_exists(object) &&
           (!life || !life->deleting || !text_equal(object_state(object), life->deleting));
}

struct object *call_target_at(struct call *call, const struct kind *kind, int index)
{
    const char *id = call->path_values[index];
    struct object *object = store_find(call->store, kind, id);
    if (!object)
        call_not_found(call, kind->title, id);
    return object;
}

struct object *call_target(struct call *call)
{
    return call_target_at(call, call->operation->kind, 0);
}

struct object *call_find(struct call *call, const struct kind *kind, const char *id)
{
    struct object *object = store_find(call->store, kind, id);
    if (object && object_alive(object))
        return object;
    call_not_found(call, kind ? kind->title : "object", id);
    return NULL;
}

bool call_if_match(struct call *call, const struct object *object)
{
    const char *wanted = call->request ? call_header(call, "if-match") : NULL;
    if (!wanted || strcmp(wanted, "*") == 0 || strcmp(wanted, object->etag) == 0)
        return true;
    return call_fail(
        call, 412, "NoEtagMatch",
        "The ETag provided in the 'if-match' header does not match the current ETag of "
        "%s %s",
        object->kind->title, object->id);
}

json_t *call_view(struct call *call, const struct object *object)
{
    json_t *copy = json_deep_copy(object->body);
    if (object->kind->view)
        object->kind->view(call, object, copy);
    return copy;
}

const char *call_new_id(struct call *call, const struct kind *kind)
{
    const struct settings *settings = call_settings(call);
    STR_AUTO unique = STR_INIT;
    random_base32(&unique, UNIQUE_PART);
    const char *infix =
        kind->in_namespace ? arena_printf(call->arena, "0.%s.", settings->namespace) : "";
    return arena_printf(call->arena, "ocid1.%s.%s.%s.%s%s", kind->type, settings->realm,
                        kind->global ? "" : settings->region, infix, str_text(&unique));
}

const char *call_time(struct call *call)
{
    return clock_format_rfc3339(call->now_ms, arena_alloc(call->arena, CLOCK_RFC3339_SIZE));
}

void call_schedule(struct call *call, struct object *object, const char *step, int64_t delay_ms)
{
    int64_t scaled = (int64_t)((double)delay_ms / call_settings(call)->speed);
    change_schedule(call->change, object, step, call->stuck ? STORE_NEVER : call->now_ms + scaled);
}

void call_set_state(struct object *object, const char *state)
{
    json_set_text(object->body, "lifecycleState", state);
}
