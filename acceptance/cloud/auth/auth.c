#include "acceptance/cloud/auth/auth.h"

#include <stdlib.h>
#include <string.h>

#include "acceptance/cloud/auth/signature.h"
#include "acceptance/cloud/auth/token.h"
#include "acceptance/cloud/cloud.h"
#include "acceptance/cloud/identity/identity.h"
#include "lib/base/json.h"
#include "lib/base/log.h"

enum { KNOWN_KEYS = 16 };

struct known_keys {
    struct {
        char *text; /* PEM, or the claim of a token */
        EVP_PKEY *key;
    } items[KNOWN_KEYS];
    size_t next; /* the one to be replaced */
};

struct known_keys *known_keys_new(void)
{
    return mem_calloc(1, sizeof(struct known_keys));
}

void known_keys_free(struct known_keys *keys)
{
    if (!keys)
        return;
    for (size_t i = 0; i < KNOWN_KEYS; i++) {
        free(keys->items[i].text);
        EVP_PKEY_free(keys->items[i].key);
    }
    free(keys);
}

/* A reference to the key that the text stands for; NULL when it is none. */
static EVP_PKEY *known_key(struct known_keys *keys, const char *text,
                           EVP_PKEY *parse(const char *text))
{
    size_t i = 0;
    if (!text)
        return NULL;
    while (i < KNOWN_KEYS && !text_equal(keys->items[i].text, text))
        i++;
    if (i == KNOWN_KEYS) {
        EVP_PKEY *key = parse(text);
        if (!key)
            return NULL;
        i = keys->next;
        keys->next = (i + 1) % KNOWN_KEYS;
        free(keys->items[i].text);
        EVP_PKEY_free(keys->items[i].key);
        keys->items[i].text = mem_strdup(text);
        keys->items[i].key = key;
    }
    EVP_PKEY_up_ref(keys->items[i].key);
    return keys->items[i].key;
}

/* The public key that a keyId stands for, and the user behind it. */
static EVP_PKEY *key_of(struct call *call, const char *key_id, const char **user)
{
    *user = NULL;
    if (text_starts_with(key_id, "ST$")) {
        JSON_AUTO claims = token_verify(call->cloud->token_key, key_id + 3, call->now_ms);
        const char *subject = json_get_text(claims, "sub");
        if (subject && store_find(call->store, &kind_user, subject))
            *user = arena_strdup(call->arena, subject);
        return claims ? known_key(call->cloud->known_keys, json_get_text(claims, "jwk"),
                                  token_session_key)
                      : NULL;
    }
    const struct object *key = store_find(call->store, &kind_api_key, key_id);
    if (!key)
        return NULL;
    *user = arena_strdup(call->arena, object_text(key, "userId"));
    return known_key(call->cloud->known_keys, object_text(key, "keyValue"), public_key_parse);
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
