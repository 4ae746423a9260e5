/* How to reach the Kubernetes API of a cluster: what OKE's kubeconfig says, and a token made here. */
#ifndef OKESTRA_PROVIDER_OCI_CLUSTER_ACCESS_H
#define OKESTRA_PROVIDER_OCI_CLUSTER_ACCESS_H

#include "provider/engine/operation.h"

struct cluster_access_query {
    const char *cluster_id;
    const char *endpoint;      /* "PUBLIC_ENDPOINT", …; NULL: public, or else private */
    const char *token_version; /* NULL: "2.0.0" */
    int64_t expiration;        /* seconds; 0: OKE's choice */
};

extern const char *const cluster_access_endpoints[]; /* for one_of */

/* OKE's kubeconfig for the cluster, as it is. Appends to *content. */
bool cluster_access_kubeconfig(struct operation *op, const struct cluster_access_query *query,
                               struct str *content, struct error *err);

struct cluster_access {
    const char *server;    /* "https://203.0.113.5:6443" */
    const char *authority; /* PEM; NULL when the kubeconfig has none */
};

/* Server and CA out of that. Memory from the arena of the operation. */
bool cluster_access_find(struct operation *op, const struct cluster_access_query *query,
                         struct cluster_access *access, struct error *err);

/* A bearer token and its end (RFC 3339), both values of attributes. region: NULL for that of the
 * cluster's OCID. */
bool cluster_access_token(struct operation *op, const char *cluster_id, const char *region,
                          const struct value **token, const struct value **expires,
                          struct error *err);

#endif
