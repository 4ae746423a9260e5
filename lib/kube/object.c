#include "lib/kube/object.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/clock.h"
#include "lib/base/json.h"
#include "lib/kube/watch.h"
#include "lib/net/retry.h"

static const struct retry_backoff lag = {.first_ms = 100, .most_ms = 1000, .factor = 1.5};

static const char *metadata(const json_t *object, const char *member)
{
    return json_get_text(json_object_get(object, "metadata"), member);
}

const char *kube_name(const json_t *object)
{
    return metadata(object, "name");
}

const char *kube_namespace(const json_t *object)
{
    return metadata(object, "namespace");
}

const char *kube_uid(const json_t *object)
{
    return metadata(object, "uid");
}

const char *kube_resource_version(const json_t *object)
{
    return metadata(object, "resourceVersion");
}

/* A request about an object: path and title from it. NULL path with err. */
static bool begin(struct arena *arena, const struct kube_object *object, const char *subresource,
                  struct kube_request *request, struct error *err)
{
    request->path = kube_object_path(arena, object, subresource, err);
    request->object = kube_object_title(arena, object);
    return request->path != NULL;
}

json_t *kube_get(struct kube_client *client, const struct kube_scope *scope,
                 const struct kube_object *object, struct error *err)
{
    ARENA_AUTO arena = arena_new();
    struct kube_request request = {.method = "GET"};
    json_t *answer = NULL;
    if (begin(arena, object, NULL, &request, err))
        kube_call(client, scope, &request, &answer, NULL, err);
    return answer;
}

/* --- lists -------------------------------------------------------------------------------------- */

static bool take_items(const struct kube_object *collection, json_t *page, json_t *items,
                       struct error *err)
{
    json_t *item;
    size_t at;
    json_array_foreach(json_object_get(page, "items"), at, item)
    {
        json_set_text(item, "apiVersion", collection->kind->api_version);
        json_set_text(item, "kind", collection->kind->kind);
        json_array_append(items, item);
    }
    return json_array_size(items) <= KUBE_LIST_LIMIT ||
           error_set(err, ERROR_INVALID, "list of %s: more than %d objects",
                     collection->kind->plural, KUBE_LIST_LIMIT);
}

json_t *kube_list(struct kube_client *client, const struct kube_scope *scope,
                  const struct kube_object *collection, const char *label_selector,
                  const char *field_selector, char **resource_version, struct error *err)
{
    ARENA_AUTO arena = arena_new();
    json_t *items = json_array();
    const char *go_on = NULL;
    char limit[16];
    snprintf(limit, sizeof(limit), "%d", KUBE_PAGE);
    bool good;
    do {
        struct kube_query query[] = {{"limit", limit},
                                     {"continue", go_on},
                                     {"labelSelector", label_selector},
                                     {"fieldSelector", field_selector}};
        struct kube_request request = {
            .method = "GET", .query = query, .query_count = ARRAY_LENGTH(query)};
        JSON_AUTO page = NULL;
        good = begin(arena, collection, NULL, &request, err) &&
               kube_call(client, scope, &request, &page, NULL, err) &&
               take_items(collection, page, items, err);
        const char *token = metadata(page, "continue");
        go_on = text_empty(token) ? NULL : arena_strdup(arena, token);
        if (good && !go_on && resource_version)
            *resource_version =
                mem_strdup(kube_resource_version(page) ? kube_resource_version(page) : "");
    } while (good && go_on);
    if (good)
        return items;
    json_decref(items);
    return NULL;
}

/* --- server-side apply -------------------------------------------------------------------------- */

/* The causes of a conflict over fields, one a line: what, whose. False when it is none. */
static bool field_conflicts(const struct error *failure, json_t *status, struct str *text)
{
    if (failure->code != ERROR_CONFLICT)
        return false;
    const json_t *cause;
    size_t at, found = 0;
    json_array_foreach(json_at_path(status, "details.causes"), at, cause)
    {
        if (!text_equal(json_get_text(cause, "reason"), "FieldManagerConflict"))
            continue;
        const char *message = json_get_text(cause, "message");
        str_printf(text, "\n  %s: %s", json_get_text(cause, "field"), message ? message : "");
        found++;
    }
    return found > 0;
}

static bool apply_once(struct kube_client *client, const struct kube_scope *scope,
                       const struct kube_request *request, json_t **answer, struct error *err)
{
    JSON_AUTO status = NULL;
    struct kube_request with_status = *request;
    with_status.status = &status;
    if (kube_call(client, scope, &with_status, answer, NULL, err))
        return true;
    STR_AUTO conflicts = STR_INIT;
    if (!field_conflicts(err, status, &conflicts))
        return false;
    error_reset(err);
    error_set(err, ERROR_CONFLICT, "%s: other managers own fields that are to be changed:%s",
              request->object, str_text(&conflicts));
    err->http_status = 409;
    err->service_code = mem_strdup("FieldManagerConflict");
    return false;
}

/* What was made a moment ago may not be known everywhere yet: a kind to the server that answers, a new
 * namespace's service account to the admission of pods. */
static bool is_lag(const struct error *err)
{
    static const struct {
        enum error_code code;
        const char *message;
    } lags[] = {{ERROR_NOT_FOUND, "the server could not find the requested resource"},
                {ERROR_DENIED, "error looking up service account"}};
    for (size_t i = 0; i < ARRAY_LENGTH(lags); i++)
        if (err->code == lags[i].code && strstr(error_message(err), lags[i].message))
            return true;
    return false;
}

json_t *kube_apply(struct kube_client *client, const struct kube_scope *scope,
                   const struct kube_object *object, const struct kube_apply *apply,
                   struct error *err)
{
    ARENA_AUTO arena = arena_new();
    struct kube_query query[] = {
        {"fieldManager", apply->manager},
        {"force", apply->force ? "true" : "false"},
        {"fieldValidation", apply->validation ? apply->validation : "Strict"},
        {"dryRun", apply->dry_run ? "All" : NULL}};
    struct kube_request request = {.method = "PATCH",
                                   .query = query,
                                   .query_count = ARRAY_LENGTH(query),
                                   .body = apply->desired,
                                   .content_type = "application/apply-patch+yaml"};
    if (!begin(arena, object, apply->subresource, &request, err))
        return NULL;
    json_t *answer = NULL;
    int64_t until = clock_monotonic_ms() + KUBE_FIRST_WRITE_MS;
    if (scope->deadline_ms && scope->deadline_ms < until)
        until = scope->deadline_ms;
    for (int attempt = 1;; attempt++) {
        error_reset(err);
        if (apply_once(client, scope, &request, &answer, err))
            return answer;
        if (apply->dry_run || !is_lag(err) ||
            retry_sleep(&lag, attempt, -1, until, scope->cancel) != RETRY_AGAIN)
            return NULL;
    }
}

json_t *kube_patch(struct kube_client *client, const struct kube_scope *scope,
                   const struct kube_object *object, const char *content_type, const json_t *patch,
                   struct error *err)
{
    ARENA_AUTO arena = arena_new();
    struct kube_request request = {.method = "PATCH", .body = patch, .content_type = content_type};
    json_t *answer = NULL;
    if (begin(arena, object, NULL, &request, err))
        kube_call(client, scope, &request, &answer, NULL, err);
    return answer;
}

/* --- delete ------------------------------------------------------------------------------------- */

static json_t *delete_options(const struct kube_delete *options)
{
    json_t *body = json_object();
    json_set_text(body, "kind", "DeleteOptions");
    json_set_text(body, "apiVersion", "v1");
    if (options->propagation)
        json_set_text(body, "propagationPolicy", options->propagation);
    if (options->grace_seconds >= 0)
        json_object_set_new(body, "gracePeriodSeconds", json_integer(options->grace_seconds));
    if (options->uid)
        json_object_set_new(body, "preconditions", json_pack("{s:s}", "uid", options->uid));
    return body;
}

/* Another object of the name: ours is gone. */
static bool is_other(const struct error *err)
{
    return err->code == ERROR_CONFLICT && strstr(error_message(err), "Precondition failed");
}

struct gone {
    const char *uid;
};

static enum kube_verdict judge_gone(void *context, const json_t *object, struct str *why)
{
    const struct gone *gone = context;
    if (!object || (gone->uid && !text_equal(kube_uid(object), gone->uid)))
        return KUBE_DONE;
    const json_t *finalizers = json_at_path(object, "metadata.finalizers"), *finalizer;
    size_t at;
    json_array_foreach(finalizers, at, finalizer) str_printf(
        why, "%s%s", at ? ", " : "it is kept by the finalizers ", json_string_value(finalizer));
    if (json_array_size(finalizers))
        str_append(why, ", which the controllers that set them remove: are they still running?");
    const json_t *condition;
    json_array_foreach(json_at_path(object, "status.conditions"), at,
                       condition) if (text_equal(json_get_text(condition, "status"), "True") &&
                                      json_get_text(condition, "message") &&
                                      json_at_path(object, "metadata.deletionTimestamp"))
        str_printf(why, "%s%s", why->length ? "; " : "", json_get_text(condition, "message"));
    return KUBE_PENDING;
}

bool kube_delete(struct kube_client *client, const struct kube_scope *scope,
                 const struct kube_object *object, const struct kube_delete *options,
                 struct error *err)
{
    ARENA_AUTO arena = arena_new();
    JSON_AUTO body = delete_options(options);
    JSON_AUTO answer = NULL;
    struct kube_request request = {.method = "DELETE", .body = body};
    if (!begin(arena, object, NULL, &request, err))
        return false;
    if (!kube_call(client, scope, &request, &answer, NULL, err)) {
        if (err->code != ERROR_NOT_FOUND && !is_other(err))
            return false;
        error_reset(err);
        return true;
    }
    const char *uid = options->uid ? options->uid : kube_uid(answer);
    if (!uid)
        uid = json_get_text(json_object_get(answer, "details"), "uid");
    struct gone gone = {.uid = arena_strdup(arena, uid)};
    struct kube_wait wait = {.what = "deleted", .judge = judge_gone, .context = &gone};
    return options->no_wait || kube_wait(client, scope, object, &wait, NULL, err);
}
