/*
 * How one logs in to the container registry: the challenge of the registry and the token endpoint that it
 * points to (the token flow of the Docker registry protocol). A token says which repositories its bearer
 * may pull from and push to.
 */
#include <openssl/crypto.h>
#include <string.h>
#include <strings.h>

#include "acceptance/cloud/artifacts/artifacts.h"
#include "acceptance/cloud/auth/auth.h"
#include "acceptance/cloud/auth/token.h"
#include "acceptance/cloud/cloud.h"
#include "acceptance/cloud/identity/identity.h"
#include "lib/base/encoding.h"
#include "lib/base/json.h"
#include "lib/net/url.h"

enum { TOKEN_LIFE_S = 3600 };

static const char bearer_user[] = "BEARER_TOKEN";

/* --- who ----------------------------------------------------------------------------------------- */

/* "<namespace>/<user>", "<namespace>/<domain>/<user>"; NULL for anybody else. */
static const struct object *user_of(const struct call *call, const char *login)
{
    const char *namespace = call_settings(call)->namespace;
    size_t length = strlen(namespace);
    if (strncmp(login, namespace, length) != 0 || login[length] != '/')
        return NULL;
    const char *name = strrchr(login, '/') + 1;
    for (const struct object *user = store_first(call->store, &kind_user); user;
         user = store_next(call->store, user))
        if (text_equal(object_text(user, "name"), name))
            return user;
    return NULL;
}

static bool has_token(const struct call *call, const struct object *user, const char *password)
{
    unsigned char digest[SHA256_SIZE];
    STR_AUTO hex = STR_INIT;
    bool found = false;
    sha256_digest(password, strlen(password), digest);
    hex_encode(digest, sizeof(digest), &hex);
    for (const struct object *token = store_first(call->store, &kind_auth_token); token;
         token = store_next(call->store, token)) {
        const char *stored = json_get_text(token->hidden, "digest");
        found |= stored && strlen(stored) == hex.length &&
                 text_equal(object_text(token, "userId"), user->id) &&
                 CRYPTO_memcmp(stored, hex.ptr, hex.length) == 0;
    }
    return found;
}

/* Basic authentication: a user with one of its auth tokens, or a token got here before. */
static const char *basic_user(struct call *call, const char *credentials)
{
    STR_AUTO plain = STR_INIT;
    const char *colon = NULL;
    if (base64_decode(credentials, strlen(credentials), &plain))
        colon = strchr(str_text(&plain), ':');
    if (!colon)
        return NULL;
    const char *login = arena_strndup(call->arena, plain.ptr, (size_t)(colon - plain.ptr));
    if (text_equal(login, bearer_user)) {
        JSON_AUTO claims = token_verify(call->cloud->token_key, colon + 1, call->now_ms);
        return arena_strdup(call->arena, json_get_text(claims, "sub"));
    }
    const struct object *user = user_of(call, login);
    return user && has_token(call, user, colon + 1) ? user->id : NULL;
}

/* --- what ---------------------------------------------------------------------------------------- */

/* "repository:<namespace>/<name>:pull,push": what of it is granted. */
static json_t *grant(const struct call *call, const char *scope, const char *user)
{
    const char *namespace = call_settings(call)->namespace;
    const char *path =
        scope && text_starts_with(scope, "repository:") ? strchr(scope, ':') + 1 : NULL;
    const char *actions = path ? strrchr(path, ':') : NULL;
    size_t length = strlen(namespace);
    json_t *granted = json_array();
    if (!actions || strncmp(path, namespace, length) != 0 || path[length] != '/')
        return granted;
    char *name = mem_strndup(path + length + 1, (size_t)(actions - path) - length - 1);
    const struct object *repository = repository_find(call, name);
    bool public = repository && json_get_bool(repository->body, "isPublic", false);
    bool may_push = user && (repository || registry_creates_on_first_push(call));
    if (strstr(actions, "pull") && repository && (user || public))
        json_array_append_new(granted, json_string("pull"));
    if (strstr(actions, "push") && may_push)
        json_array_append_new(granted, json_string("push"));
    free(name);
    return granted;
}

static json_t *access_for(const struct call *call, const char *scope, const char *user)
{
    json_t *actions = grant(call, scope, user);
    if (!scope || json_array_size(actions) == 0) {
        json_decref(actions);
        return json_array();
    }
    const char *name = strchr(scope, ':') + 1;
    return json_pack("[{s:s, s:s%, s:o}]", "type", "repository", "name", name,
                     (size_t)(strrchr(name, ':') - name), "actions", actions);
}

/* --- handlers ------------------------------------------------------------------------------------ */

static bool challenge(struct call *call)
{
    const char *host = call_header(call, "Host");
    call_set_header(call, "WWW-Authenticate",
                    arena_printf(call->arena,
                                 "Bearer realm=\"https://%s/20180419/docker/token\","
                                 "service=\"%s\",scope=\"\"",
                                 host, host));
    call_set_header(call, "Docker-Distribution-Api-Version", "registry/2.0");
    return call_reply(call, 401,
                      json_pack("{s:[{s:s, s:s}]}", "errors", "code", "UNAUTHORIZED", "message",
                                "authentication required"));
}

/* GET /v2/ with a good token; without, where to get one. */
static bool ping(struct call *call)
{
    const char *authorization = call_header(call, "Authorization");
    bool bearer = authorization && strncasecmp(authorization, "Bearer ", 7) == 0;
    JSON_AUTO claims =
        bearer ? token_verify(call->cloud->token_key, authorization + 7, call->now_ms) : NULL;
    if (!claims)
        return challenge(call);
    call_set_header(call, "Docker-Distribution-Api-Version", "registry/2.0");
    return call_reply(call, 200, json_object());
}

static bool query_text(const struct call *call, const char *name, struct str *value)
{
    return call->request->query && url_query_value(call->request->query, name, value);
}

static bool issue(struct call *call, const char *user)
{
    STR_AUTO service = STR_INIT;
    STR_AUTO scope = STR_INIT;
    STR_AUTO token = STR_INIT;
    query_text(call, "service", &service);
    query_text(call, "scope", &scope);
    JSON_AUTO claims = json_pack("{s:s, s:s, s:s, s:o}", "iss", "ocir", "sub", user ? user : "",
                                 "aud", str_text(&service), "access",
                                 access_for(call, scope.length ? scope.ptr : NULL, user));
    token_issue(call->cloud->token_key, claims, NULL, call->now_ms, TOKEN_LIFE_S * 1000, &token);
    return call_reply(call, 200,
                      json_pack("{s:s, s:s, s:s, s:i}", "token", str_text(&token), "access_token",
                                str_text(&token), "scope", str_text(&scope), "expires_in",
                                TOKEN_LIFE_S));
}

/* By Basic authentication, by a signature as the other services take it, or, for public repositories,
 * by nothing. */
static bool get_token(struct call *call)
{
    const char *authorization = call_header(call, "Authorization");
    if (!authorization)
        return issue(call, NULL);
    if (strncasecmp(authorization, "Basic ", 6) == 0) {
        const char *user = basic_user(call, authorization + 6);
        return user ? issue(call, user)
                    : auth_refuse(call, "the registry does not know this user and auth token");
    }
    return auth_check(call, 0) && issue(call, call->user);
}

static const struct operation operations[] = {
    {"Ping", "GET", "/v2/", ping, .flags = OPERATION_PUBLIC | OPERATION_ANY_QUERY},
    {"GetToken", "GET", "/20180419/docker/token", get_token,
     .flags = OPERATION_PUBLIC | OPERATION_ANY_QUERY},
    {NULL},
};

static const struct kind *const kinds[] = {NULL};

const struct service service_registry = {
    .name = "registry",
    .hosts = "ocir",
    .base_path = "",
    .operations = operations,
    .kinds = kinds,
};
