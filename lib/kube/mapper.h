/*
 * From apiVersion and kind to REST paths. Kinds that are built into every API server, and those of
 * Strimzi and Dapr, are compiled in: for them nothing is asked, and they are known while there is no
 * cluster yet. Others come from discovery, one small request for each group version, kept until a kind
 * is missed. One broken aggregated API does not disturb the others. Thread-safe.
 * Source: https://kubernetes.io/docs/reference/using-api/api-concepts/#api-discovery
 */
#ifndef OKESTRA_KUBE_MAPPER_H
#define OKESTRA_KUBE_MAPPER_H

#include <pthread.h>
#include <stdbool.h>

#include "lib/base/arena.h"
#include "lib/base/error.h"

struct kube_client;
struct kube_scope;

enum {
    KUBE_MISS_MS = 1000, /* a kind that was missed is not asked for again before */
    KUBE_NAME_LIMIT = 253,
};

struct kube_kind {
    const char *api_version; /* "apps/v1", "v1" */
    const char *kind;        /* "Deployment" */
    const char *plural;      /* "deployments" */
    bool namespaced;
};

/* Every kind is lasting: it lives as long as the client, compiled-in ones for ever. */

/* NULL when it is not compiled in. */
const struct kube_kind *kube_kind_built_in(const char *api_version, const char *kind);
/* NULL and err. ERROR_NOT_FOUND: the server does not serve it, at least not yet. */
const struct kube_kind *kube_kind_find(struct kube_client *client, const struct kube_scope *scope,
                                       const char *api_version, const char *kind,
                                       struct error *err);

struct kube_group_version;

/* The client's part. */
struct kube_mapper {
    pthread_mutex_t mutex;
    struct arena *arena; /* kinds */
    struct kube_group_version *known;
};
void kube_mapper_init(struct kube_mapper *mapper);
void kube_mapper_clear(struct kube_mapper *mapper);

/* One object, or with name NULL a collection (namespace_name NULL: of all namespaces). */
struct kube_object {
    const struct kube_kind *kind;
    const char *namespace_name; /* NULL for kinds without namespace */
    const char *name;
};

/* "/apis/apps/v1/namespaces/a/deployments/b[/subresource]", encoded. NULL and err when a namespaced
 * kind has no namespace but a name, or a name cannot be part of a path. */
const char *kube_object_path(struct arena *arena, const struct kube_object *object,
                             const char *subresource, struct error *err);
/* "Deployment todo-app/backend" */
const char *kube_object_title(struct arena *arena, const struct kube_object *object);

#endif
