#include "acceptance/cloud/api/retry_token.h"

#include <string.h>

#include "acceptance/cloud/http/parser.h"
#include "lib/base/encoding.h"
#include "lib/base/json.h"

static bool expire(struct call *call, struct object *object, const char *step, bool failed)
{
    (void)step;
    (void)failed;
    change_remove(call->change, object);
    return true;
}

const struct kind kind_retry_token = {
    .type = "retrytoken", .title = "retry token", .internal = true, .step = expire};

static const char *token_of(const struct call *call)
{
    return call->operation->flags & OPERATION_RETRY_TOKEN ? call_header(call, "opc-retry-token")
                                                          : NULL;
}

static const char *id_of(struct call *call, const char *token)
{
    return arena_printf(call->arena, "retry/%s/%s/%s/%s", call->service->name,
                        call->operation->name, call->user ? call->user : "", token);
}

static void digest_of(const struct call *call, struct str *hex)
{
    unsigned char digest[SHA256_SIZE];
    STR_AUTO text = STR_INIT;
    str_printf(&text, "%s\n", call->request->path);
    str_append_bytes(&text, str_text(&call->request->body), call->request->body.length);
    sha256_digest(text.ptr, text.length, digest);
    hex_encode(digest, sizeof(digest), hex);
}

static void replay(struct call *call, const struct object *old)
{
    json_t *json = json_object_get(old->hidden, "json");
    str_append(&call->reply.headers, json_get_text(old->hidden, "headers"));
    call_reply(call, (int)json_get_integer(old->hidden, "status", 200),
               json ? json_deep_copy(json) : NULL);
}

enum retry_answer retry_token_check(struct call *call)
{
    const char *token = token_of(call);
    if (!token)
        return RETRY_NEW;
    if (!*token || strlen(token) > RETRY_TOKEN_LIMIT) {
        call_invalid(call, "The header opc-retry-token must have 1 to 64 characters");
        return RETRY_REFUSED;
    }
    const struct object *old = store_find(call->store, &kind_retry_token, id_of(call, token));
    if (!old)
        return RETRY_NEW;
    STR_AUTO digest = STR_INIT;
    digest_of(call, &digest);
    const char *created = json_get_text(old->hidden, "created");
    const struct object *object = store_find(call->store, NULL, created);
    if (text_equal(json_get_text(old->hidden, "digest"), str_text(&digest)) &&
        (!created || (object && object_alive(object)))) {
        replay(call, old);
        return RETRY_ANSWERED;
    }
    call_fail(call, 409, "InvalidatedRetryToken", "The retry token was used before, %s",
              created && !(object && object_alive(object))
                  ? "and what was created then has been deleted"
                  : "with another request");
    return RETRY_REFUSED;
}

void retry_token_remember(struct call *call)
{
    const char *token = token_of(call);
    if (!token)
        return;
    STR_AUTO digest = STR_INIT;
    digest_of(call, &digest);
    struct object *object = change_add(call->change, &kind_retry_token, id_of(call, token));
    json_set_text(object->hidden, "digest", str_text(&digest));
    json_set_text(object->hidden, "headers", str_text(&call->reply.headers));
    json_object_set_new(object->hidden, "status", json_integer(call->reply.status));
    if (call->reply.json)
        json_object_set_new(object->hidden, "json", json_deep_copy(call->reply.json));
    if (call->created)
        json_set_text(object->hidden, "created", call->created);
    change_schedule(call->change, object, "expire", call->now_ms + RETRY_TOKEN_LIFE_MS);
}
