/*
 * From a request to an answer: route, signature, faults, query parameters, body, retry token, handler,
 * transaction, journal. And from the clock to the steps of the lifecycle.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "acceptance/cloud/api/lifecycle.h"
#include "acceptance/cloud/api/retry_token.h"
#include "acceptance/cloud/api/router.h"
#include "acceptance/cloud/auth/auth.h"
#include "acceptance/cloud/auth/signature.h"
#include "acceptance/cloud/cloud.h"
#include "acceptance/cloud/control/control.h"
#include "acceptance/cloud/control/faults.h"
#include "acceptance/cloud/control/journal.h"
#include "lib/base/clock.h"
#include "lib/base/encoding.h"
#include "lib/base/json.h"
#include "lib/base/log.h"

enum {
    RAW_BODY_LIMIT = 64 * 1024 * 1024,
    STEPS_AT_ONCE = 64,
    RETRY_STEP_MS = 1000,
    REQUEST_ID_LIMIT = 98, /* three parts of 32 */
};

/* --- calls ---------------------------------------------------------------------------------------- */

static struct call *call_new(struct cloud *cloud)
{
    struct arena *arena = arena_new();
    struct call *call = arena_new_of(arena, struct call);
    *call = (struct call){.cloud = cloud,
                          .store = cloud->store,
                          .arena = arena,
                          .now_ms = clock_wall_ms(),
                          .queries = json_object()};
    return call;
}

static void call_free(struct call *call)
{
    json_decref(call->queries);
    json_decref(call->body);
    json_decref(call->reply.json);
    str_free(&call->reply.bytes);
    str_free(&call->reply.headers);
    arena_free(call->arena);
}

struct call *cloud_begin(struct cloud *cloud)
{
    struct call *call = call_new(cloud);
    call->change = change_begin(cloud->store);
    return call;
}

bool cloud_end(struct call *call, bool keep, struct error *err)
{
    bool ok = true;
    if (keep)
        ok = change_commit(call->change, err);
    else
        change_rollback(call->change);
    call_free(call);
    return ok;
}

/* --- the clock ------------------------------------------------------------------------------------ */

static bool take_due_steps(struct cloud *cloud)
{
    ERROR_AUTO(err);
    struct call *call = cloud_begin(cloud);
    for (int i = 0; i < STEPS_AT_ONCE; i++) {
        struct object *object = store_due_first(cloud->store);
        if (!object || object->due_ms > call->now_ms)
            break;
        change_edit(call->change, object);
        const char *step = arena_strdup(call->arena, object->step);
        change_schedule(call->change, object, NULL, 0);
        lifecycle_take(call, object, step, false);
    }
    if (cloud_end(call, true, &err))
        return true;
    LOG(LOG_LEVEL_ERROR, "the state cannot be written", {"error", error_message(&err)});
    return false;
}

int64_t cloud_tick(void *context)
{
    struct cloud *cloud = context;
    for (;;) {
        const struct object *first = store_due_first(cloud->store);
        if (!first || first->due_ms == STORE_NEVER)
            return -1;
        int64_t wait = first->due_ms - clock_wall_ms();
        if (wait > 0)
            return wait;
        if (!take_due_steps(cloud))
            return RETRY_STEP_MS;
    }
}

/* --- one request ---------------------------------------------------------------------------------- */

static const char *host_of(const struct http_request *request, const struct server_peer *peer,
                           struct arena *arena)
{
    const char *host = peer->tunnel ? peer->tunnel : http_request_header(request, "Host");
    if (!host)
        return "localhost";
    const char *colon = host[0] == '[' ? strchr(host, ']') : strrchr(host, ':');
    return colon && *colon == ':' ? arena_strndup(arena, host, (size_t)(colon - host)) : host;
}

size_t cloud_body_limit(void *context, const struct http_request *request,
                        const struct server_peer *peer)
{
    struct cloud *cloud = context;
    ARENA_AUTO arena = arena_new();
    struct route route =
        router_find(&cloud->settings, cloud->store, request, host_of(request, peer, arena), arena);
    bool raw = route.operation && route.operation->flags & OPERATION_RAW_BODY;
    return raw ? RAW_BODY_LIMIT : HTTP_BODY_LIMIT;
}

/* The client's id, extended by ours. */
static void add_request_id(struct call *call, struct server_answer *answer)
{
    const char *given = call_header(call, "opc-request-id");
    STR_AUTO id = STR_INIT;
    bool good =
        given && strlen(given) <= REQUEST_ID_LIMIT &&
        strspn(given, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-/_") ==
            strlen(given);
    if (good)
        str_append(&id, given);
    for (int part = good ? 1 : 0; part < 3; part++) {
        unsigned char bytes[16];
        if (id.length)
            str_append_char(&id, '/');
        random_bytes(bytes, sizeof(bytes));
        hex_encode(bytes, sizeof(bytes), &id);
    }
    str_printf(&answer->headers, "opc-request-id: %s\r\n", str_text(&id));
}

static bool read_body(struct call *call)
{
    const struct operation *operation = call->operation;
    const struct str *body = &call->request->body;
    struct model_fault fault = {0};
    ERROR_AUTO(err);
    if (operation->flags & OPERATION_RAW_BODY)
        return true;
    if (!operation->body && body->length && strcmp(str_text(body), "{}") != 0)
        return call_invalid(call, "%s takes no body", operation->name);
    if (!operation->body)
        return true;
    if (!body->length)
        return operation->flags & OPERATION_BODY_OPTIONAL ||
               call_fail(call, 400, "MissingParameter", "The request has no body, but %s wants %s",
                         operation->name, operation->body->name);
    const char *type = call_header(call, "Content-Type");
    if (!type || strncasecmp(type, "application/json", strlen("application/json")) != 0)
        return call_fail(call, 415, "UnsupportedMediaType",
                         "The body of %s must be application/json", operation->name);
    call->body = json_parse(str_text(body), body->length, &err);
    if (!call->body)
        return call_fail(call, 400, "CannotParseRequest", "The body is no JSON: %s",
                         error_message(&err));
    bool ok = model_check(operation->body, call->body, &fault) ||
              call_fail(call, 400, fault.code, "%s", str_text(&fault.message));
    str_free(&fault.message);
    return ok;
}

static bool authenticate(struct call *call)
{
    unsigned flags = call->operation->flags;
    return flags & OPERATION_PUBLIC ||
           auth_check(call, flags & OPERATION_BODY_UNSIGNED ? SIGNATURE_BODY_UNSIGNED : 0);
}

static void run_handler(struct call *call)
{
    ERROR_AUTO(err);
    call->change = change_begin(call->store);
    enum retry_answer retry = retry_token_check(call);
    bool ok = retry == RETRY_NEW && call->operation->handle(call);
    if (!ok) {
        change_rollback(call->change);
        return;
    }
    retry_token_remember(call);
    if (change_commit(call->change, &err))
        return;
    LOG(LOG_LEVEL_ERROR, "the state cannot be written", {"error", error_message(&err)});
    call_fail(call, 500, "InternalServerError", "The change could not be saved: %s",
              error_message(&err));
}

static void set_effect(struct call *call, const struct fault_effect *effect,
                       struct server_answer *answer)
{
    answer->delay_ms = effect->delay_ms;
    answer->drop = effect->drop_before || effect->drop_after;
    call->stuck = effect->stuck;
    call->work_failure = effect->work_message;
    call->work_failure_code = effect->work_code;
}

static void run_operation(struct call *call, struct server_answer *answer)
{
    struct fault_effect effect =
        faults_take(call->cloud->faults, call->service->name, call->operation->name, call->arena);
    set_effect(call, &effect, answer);
    if (effect.drop_before || !authenticate(call))
        return;
    if (effect.status) {
        call_fail(call, effect.status, effect.code, "%s", effect.message);
        if (effect.retry_after)
            call_set_header(call, "Retry-After",
                            arena_printf(call->arena, "%d", effect.retry_after));
        return;
    }
    if (router_read_queries(call) && read_body(call))
        run_handler(call);
}

static void write_answer(struct call *call, struct server_answer *answer)
{
    answer->status = call->reply.status;
    str_append_bytes(&answer->headers, str_text(&call->reply.headers), call->reply.headers.length);
    if (call->reply.content_type) {
        str_printf(&answer->headers, "Content-Type: %s\r\n", call->reply.content_type);
        str_append_bytes(&answer->body, str_text(&call->reply.bytes), call->reply.bytes.length);
    } else if (call->reply.json) {
        str_append(&answer->headers, "Content-Type: application/json\r\n");
        json_write(call->reply.json, false, &answer->body);
    }
}

static void run_call(struct call *call, const struct server_peer *peer,
                     struct server_answer *answer)
{
    struct route route = router_find(&call->cloud->settings, call->store, call->request,
                                     host_of(call->request, peer, call->arena), call->arena);
    add_request_id(call, answer);
    call->service = route.service;
    call->operation = route.operation;
    call->path_values = route.values;
    if (route.operation)
        run_operation(call, answer);
    else if (route.path_known)
        call_fail(call, 405, "MethodNotAllowed", "The path does not know the method %s",
                  call->request->method);
    else
        call_fail(call, 404, "NotFound", "There is no such path");
    write_answer(call, answer);
}

void cloud_handle(void *context, struct http_request *request, const struct server_peer *peer,
                  struct server_answer *answer)
{
    struct cloud *cloud = context;
    if (control_handle(cloud, request, peer, answer))
        return;
    struct call *call = call_new(cloud);
    call->request = request;
    cloud_tick(cloud);
    run_call(call, peer, answer);
    journal_add(cloud->journal,
                &(struct exchange){.time_ms = call->now_ms,
                                   .service = call->service ? call->service->name : NULL,
                                   .operation = call->operation ? call->operation->name : NULL,
                                   .request = request,
                                   .answer = answer});
    call_free(call);
}
