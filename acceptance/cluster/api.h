/* The cluster's API server for the cluster's own parts. */
#ifndef OKESTRA_CLUSTER_API_H
#define OKESTRA_CLUSTER_API_H

#include <jansson.h>
#include <stdbool.h>

#include "acceptance/cluster/cluster.h"
#include "lib/kube/client.h"

/* From within the cluster's network, as the cloud controller. NULL and err. */
struct kube_client *api_client_inside(const struct cluster *cluster, struct error *err);
/* The same, for a question that is asked once. */
struct kube_client *api_client_probing(const struct cluster *cluster, struct error *err);
/* Through this machine's port, as administrator. NULL and err. */
struct kube_client *api_client_outside(const struct cluster *cluster, struct error *err);

/* A merge patch to path; takes the body over. An object that is gone is no error. */
bool api_patch(struct kube_client *client, const char *path, json_t *body, struct error *err);

/* Follows all objects of a kind: on_change for each at first and for each change; on_listed after each
 * complete list, also when the server had forgotten too much and everything was read anew. Ends only
 * with an error that does not pass: false and err. */
struct api_follower {
    const char *api_version, *kind;
    void (*on_change)(void *context, const json_t *object, bool gone);
    void (*on_listed)(void *context); /* or NULL */
    void *context;
};
bool api_follow(struct kube_client *client, const struct api_follower *follower, struct error *err);

#endif
