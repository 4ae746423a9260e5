/*
 * The clusters that in-cluster resources talk to: those of OKE by cluster_id, and the one of the provider
 * block's `kubernetes { … }`. Clients are made at first use and kept as long as the provider's
 * configuration, so that connections and what was discovered serve all resources. Thread-safe.
 */
#ifndef OKESTRA_PROVIDER_KUBE_CLUSTERS_H
#define OKESTRA_PROVIDER_KUBE_CLUSTERS_H

#include "lib/kube/client.h"
#include "provider/engine/operation.h"

struct kube_clusters;

/* How a cluster of OKE is found, and how its tokens are made. provider/kube knows nothing of OCI. */
struct kube_cluster_source {
    /* Sets server and ca of the configuration. ERROR_NOT_FOUND: there is no such cluster. */
    bool (*find)(struct operation *op, const char *cluster_id, struct kube_config *config,
                 struct error *err);
    bool (*token)(void *context, const char *cluster_id, struct str *token, int64_t *expires_ms,
                  struct cancel *cancel, struct error *err);
    void *context; /* for token */
};

/* The attribute `kubernetes` of the provider block. */
extern const struct attribute kube_provider_attributes[];
#define KUBE_PROVIDER_ATTRIBUTE                                                                    \
    {                                                                                              \
        .name = "kubernetes", .kind = ATTRIBUTE_OBJECT_LIST,                                       \
        .flags = OPTIONAL | SINGLE | SENSITIVE, .fields = kube_provider_attributes,                \
        .doc =                                                                                     \
            "The cluster of resources that have no `cluster_id`: any Kubernetes, by kubeconfig "   \
            "or by host and credentials."                                                          \
    }

/* block: the value of `kubernetes`, null when absent; it is read, not kept. Environment variables
 * (KUBE_HOST, KUBE_CONFIG_PATH and so on) fill in what it does not say. */
struct kube_clusters *kube_clusters_new(const struct value *block,
                                        const struct kube_cluster_source *source,
                                        const char *user_agent);
void kube_clusters_free(struct kube_clusters *clusters); /* accepts NULL */

/* The client for cluster_id, or with NULL for the cluster of the provider block. NULL and err: there is
 * no such cluster (ERROR_NOT_FOUND), or neither of both is given (ERROR_INVALID). */
struct kube_client *kube_clusters_get(struct kube_clusters *clusters, struct operation *op,
                                      const char *cluster_id, struct error *err);
/* A kubeconfig for other programs, with a token that is good for a few minutes. Appends the text. */
bool kube_clusters_kubeconfig(struct kube_clusters *clusters, struct operation *op,
                              const char *cluster_id, struct str *text, struct error *err);

#endif
