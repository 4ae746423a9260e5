#include "acceptance/cloud/containerengine/bearer_token.h"

#include <string.h>

#include "acceptance/cloud/auth/auth.h"
#include "acceptance/cloud/containerengine/containerengine.h"
#include "acceptance/cloud/http/parser.h"
#include "acceptance/cloud/identity/identity.h"
#include "lib/base/encoding.h"
#include "lib/base/json.h"
#include "lib/base/log.h"
#include "lib/net/url.h"

#define PATH "/cluster_request/"

/* --- reading -------------------------------------------------------------------------------------- */

static const char *query_text(const struct url *url, const char *name, struct arena *arena)
{
    STR_AUTO value = STR_INIT;
    if (!url->query || !url_query_value(url->query, name, &value) || !value.length ||
        strlen(str_text(&value)) != value.length || strpbrk(value.ptr, "\r\n"))
        return NULL;
    return str_copy_to(&value, arena);
}

const char *bearer_token_parse(const char *text, struct arena *arena, struct bearer_token *token)
{
    STR_AUTO plain = STR_INIT;
    STR_AUTO host = STR_INIT;
    URL_AUTO(url);
    ERROR_AUTO(err);
    size_t length = strlen(text);
    if (length > BEARER_TOKEN_LIMIT || !base64_decode(text, length, &plain) ||
        strlen(str_text(&plain)) != plain.length || !url_parse(str_text(&plain), &url, &err))
        return "this is no URL in base64";
    if (!text_equal(url.scheme, "https") || !text_starts_with(url.path, PATH))
        return "the URL is no cluster request";
    url_append_authority(&url, &host);
    token->host = str_copy_to(&host, arena);
    token->target = arena_strdup(arena, url.path);
    token->cluster_id = token->target + strlen(PATH);
    token->authorization = query_text(&url, "authorization", arena);
    token->date = query_text(&url, "date", arena);
    return token->authorization && token->date ? NULL : "the URL is not signed";
}

/* --- checking ------------------------------------------------------------------------------------- */

/* The service's host in our region, or the emulator's own address. */
static bool is_our_host(const struct call *call, const char *host)
{
    const struct settings *settings = call_settings(call);
    const char *own = strstr(settings->url, "://");
    const char *forms[] = {
        arena_printf(call->arena, "containerengine.%s.%s", settings->region, settings->domain),
        arena_printf(call->arena, "containerengine.%s.oci.%s", settings->region, settings->domain),
        own ? own + 3 : "",
    };
    for (size_t i = 0; i < ARRAY_LENGTH(forms); i++)
        if (text_equal_nocase(forms[i], host))
            return true;
    return false;
}

const char *bearer_token_check(struct call *call, const char *text, const char *cluster_id,
                               const char **user)
{
    struct bearer_token token = {0};
    const char *problem = bearer_token_parse(text, call->arena, &token);
    if (problem)
        return problem;
    if (!text_equal(token.cluster_id, cluster_id))
        return "the token is for another cluster";
    if (!is_our_host(call, token.host))
        return "the token is for another region";
    const struct object *cluster = store_find(call->store, &kind_cluster, cluster_id);
    if (!cluster || !object_exists(cluster))
        return "there is no such cluster";
    char *fields[] = {arena_strdup(call->arena, token.host), arena_strdup(call->arena, token.date),
                      arena_strdup(call->arena, token.authorization)};
    struct http_field headers[] = {
        {(char[]){"host"}, fields[0]},
        {(char[]){"date"}, fields[1]},
        {(char[]){"authorization"}, fields[2]},
    };
    const struct http_request request = {.method = (char[]){"GET"},
                                         .target = arena_strdup(call->arena, token.target),
                                         .path = arena_strdup(call->arena, token.target),
                                         .headers = headers,
                                         .header_count = ARRAY_LENGTH(headers)};
    problem = auth_check_request(call, &request, 0, user);
    if (!problem && !*user)
        problem = "the caller is no user";
    return problem;
}

/* --- the webhook ----------------------------------------------------------------------------------- */

static const char administrators[] = "Administrators";

/* The OCIDs of the user's groups; administrators of the tenancy are those of its clusters, too. */
static json_t *groups_of(const struct call *call, const char *user)
{
    json_t *groups = json_array();
    for (const struct object *one = store_first(call->store, &kind_membership); one;
         one = store_next(call->store, one)) {
        if (!text_equal(object_text(one, "userId"), user))
            continue;
        const char *id = object_text(one, "groupId");
        const struct object *group = store_find(call->store, &kind_group, id);
        json_array_append_new(groups, json_string(id));
        if (group && text_equal(object_text(group, "name"), administrators))
            json_array_append_new(groups, json_string("system:masters"));
    }
    return groups;
}

static json_t *status_of(struct call *call, const char *token)
{
    const char *user = NULL;
    const char *problem = bearer_token_check(call, token, call->path_values[0], &user);
    if (problem) {
        LOG(LOG_LEVEL_INFO, "bearer token refused", {"reason", problem});
        return json_pack("{s:b, s:s}", "authenticated", false, "error", problem);
    }
    return json_pack("{s:b, s:{s:s, s:s, s:o}}", "authenticated", true, "user", "username", user,
                     "uid", user, "groups", groups_of(call, user));
}

static bool review(struct call *call)
{
    ERROR_AUTO(err);
    const struct str *body = &call->request->body;
    JSON_AUTO request = json_parse(str_text(body), body->length, &err);
    const char *token = json_string_value(json_at_path(request, "spec.token"));
    if (!text_equal(json_get_text(request, "kind"), "TokenReview") || !token)
        return call_fail(call, 400, "InvalidParameter", "The body is no TokenReview with a token");
    return call_reply(call, 200,
                      json_pack("{s:s, s:s, s:o}", "apiVersion", "authentication.k8s.io/v1", "kind",
                                "TokenReview", "status", status_of(call, token)));
}

static const struct operation operations[] = {
    {"ReviewToken", "POST", PATH "{clusterId}/token_review", review,
     .flags = OPERATION_PUBLIC | OPERATION_RAW_BODY | OPERATION_ANY_QUERY},
    {NULL},
};

static const struct kind *const kinds[] = {NULL};

const struct service service_token_review = {
    .name = "auth",
    .hosts = "containerengine",
    .base_path = "",
    .operations = operations,
    .kinds = kinds,
};
