#include "acceptance/cloud/auth/auth.h"

#include <string.h>

#include "acceptance/cloud/auth/signature.h"
#include "acceptance/cloud/auth/token.h"
#include "acceptance/cloud/cloud.h"
#include "acceptance/cloud/identity/identity.h"
#include "lib/base/json.h"
#include "lib/base/log.h"

/* The public key that a keyId stands for, and the user behind it. */
static EVP_PKEY *key_of(struct call *call, const char *key_id, const char **user)
{
    *user = NULL;
    if (text_starts_with(key_id, "ST$")) {
        JSON_AUTO claims = token_verify(call->cloud->token_key, key_id + 3, call->now_ms);
        const char *subject = json_get_text(claims, "sub");
        if (subject && store_find(call->store, &kind_user, subject))
            *user = arena_strdup(call->arena, subject);
        return claims ? token_session_key(claims) : NULL;
    }
    const struct object *key = store_find(call->store, &kind_api_key, key_id);
    if (!key)
        return NULL;
    *user = arena_strdup(call->arena, object_text(key, "userId"));
    return public_key_parse(object_text(key, "keyValue"));
}

const char *auth_check_request(struct call *call, const struct http_request *request,
                               unsigned signature_flags, const char **user)
{
    struct signature signature;
    if (!signature_parse(request, call->arena, &signature))
        return "there is no signature";
    EVP_PKEY *key = key_of(call, signature.key_id, user);
    if (!key)
        return "the key is not known";
    const char *problem =
        signature_verify(request, &signature, key, signature_flags, call->now_ms, call->arena);
    EVP_PKEY_free(key);
    return problem;
}

bool auth_check(struct call *call, unsigned signature_flags)
{
    const char *problem = auth_check_request(call, call->request, signature_flags, &call->user);
    return !problem || auth_refuse(call, problem);
}

bool auth_refuse(struct call *call, const char *problem)
{
    LOG(LOG_LEVEL_INFO, "request refused", {"reason", problem});
    if (strstr(problem, "clock skew"))
        return call_fail(call, 401, "NotAuthenticated", "%s", problem);
    return call_fail(call, 401, "NotAuthenticated",
                     "What is needed to authenticate was missing or wrong");
}
