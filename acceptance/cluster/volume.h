/*
 * Volumes of the class oci-bv: a claim that waits for one gets a folder below STATE/volumes on the node
 * that the scheduler chose for its first pod; a claim that grew gets its new size; a released volume
 * goes with its folder. Sizes are OCI's: at least 50Gi.
 */
#ifndef OKESTRA_CLUSTER_VOLUME_H
#define OKESTRA_CLUSTER_VOLUME_H

#include <jansson.h>
#include <stdbool.h>

#include "acceptance/cluster/cluster.h"
#include "lib/kube/client.h"

/* Each serves until it fails for good; false and err. */
bool volumes_run_claims(const struct cluster *cluster, struct kube_client *client,
                        struct error *err);
bool volumes_run_releases(const struct cluster *cluster, struct kube_client *client,
                          struct error *err);

/* The size in GiB that OCI gives for a request such as "10Gi", "2T" or "500"; 0: not a quantity. */
long volume_size_gib(const char *request);

#endif
