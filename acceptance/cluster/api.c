#include "acceptance/cluster/api.h"

#include <stdlib.h>

#include "lib/base/clock.h"
#include "lib/base/json.h"
#include "lib/kube/mapper.h"
#include "lib/kube/object.h"
#include "lib/kube/watch.h"
#include "lib/net/retry.h"

enum { FOLLOW_MS = 24 * 3600 * 1000 };

static struct kube_client *client_of(const struct cluster *cluster, const char *file, bool once,
                                     struct error *err)
{
    CLEANUP(free_pointer) char *path = cluster_path(cluster, file);
    struct kube_config *config = kube_config_load(&(struct kube_config_source){.paths = path}, err);
    if (!config)
        return NULL;
    return kube_client_new(&(struct kube_client_options){
        .config = config, .user_agent = "local-cluster", .disable_retries = once});
}

struct kube_client *api_client_inside(const struct cluster *cluster, struct error *err)
{
    return client_of(cluster, "config/cloud.kubeconfig", false, err);
}

struct kube_client *api_client_probing(const struct cluster *cluster, struct error *err)
{
    return client_of(cluster, "config/cloud.kubeconfig", true, err);
}

struct kube_client *api_client_outside(const struct cluster *cluster, struct error *err)
{
    return client_of(cluster, "kubeconfig", false, err);
}

bool api_patch(struct kube_client *client, const char *path, json_t *body, struct error *err)
{
    JSON_AUTO owned = body;
    struct kube_scope scope = {0};
    struct kube_request request = {.method = "PATCH",
                                   .path = path,
                                   .content_type = "application/merge-patch+json",
                                   .body = owned};
    ERROR_AUTO(failure);
    if (kube_call(client, &scope, &request, NULL, NULL, &failure) ||
        failure.code == ERROR_NOT_FOUND)
        return true;
    error_move(err, &failure);
    return false;
}

/* ---- following ------------------------------------------------------------------------------ */

static bool on_event(void *context, enum kube_event event, const json_t *object)
{
    const struct api_follower *follower = context;
    if (event != KUBE_BOOKMARK)
        follower->on_change(follower->context, object, event == KUBE_DELETED);
    return true;
}

static bool list(struct kube_client *client, const struct kube_scope *scope,
                 const struct kube_object *collection, const struct api_follower *follower,
                 char **version, struct error *err)
{
    JSON_AUTO items = kube_list(client, scope, collection, NULL, NULL, version, err);
    size_t index;
    json_t *item;
    json_array_foreach(items, index, item)
    {
        follower->on_change(follower->context, item, false);
    }
    if (items && follower->on_listed)
        follower->on_listed(follower->context);
    return items != NULL;
}

static bool passes(const struct error *err)
{
    return err->code == ERROR_UNAVAILABLE || err->code == ERROR_THROTTLED ||
           err->code == ERROR_TIMEOUT;
}

bool api_follow(struct kube_client *client, const struct api_follower *follower, struct error *err)
{
    static const struct retry_backoff pace = {50, 2000, 2.0};
    struct kube_object collection = {.kind =
                                         kube_kind_built_in(follower->api_version, follower->kind)};
    if (!collection.kind)
        return error_set(err, ERROR_INTERNAL, "%s is no built-in kind", follower->kind);
    CLEANUP(free_pointer) char *version = NULL;
    for (int failures = 0;;) {
        struct kube_scope scope = {.deadline_ms = clock_monotonic_ms() + FOLLOW_MS};
        ERROR_AUTO(failure);
        int64_t began = clock_monotonic_ms();
        bool good = version ? kube_watch(client, &scope, &collection, NULL, &version, on_event,
                                         (void *)(uintptr_t)follower, &failure)
                            : list(client, &scope, &collection, follower, &version, &failure);
        if (!good && !passes(&failure) && failure.code != ERROR_REMOTE) {
            error_move(err, &failure);
            return false;
        }
        if (!good && failure.code == ERROR_REMOTE) { /* the version is too old */
            free(version);
            version = NULL;
        }
        failures = good && clock_monotonic_ms() - began > pace.most_ms ? 0 : failures + 1;
        if (!good || failures > 1)
            retry_sleep(&pace, failures, -1, 0, NULL);
    }
}
