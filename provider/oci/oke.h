/* What the resources of OKE share. */
#ifndef OKESTRA_PROVIDER_OCI_OKE_H
#define OKESTRA_PROVIDER_OCI_OKE_H

#include "provider/engine/plan.h"
#include "provider/oci/api.h"

enum { OKE_BUSY_MS = 20 * 60 * 1000 };

extern const char *const oke_cni_types[]; /* NULL-terminated */

/* One work request runs on a cluster or pool at a time: a second one is refused for as long as a first
 * one takes. But a version that does not go with the image is refused for good, with the same code. */
extern const struct api_retry oke_retry[];

/* The cluster as OKE has it; NULL when it is not to be had (unknown id, no such cluster, no network):
 * checks that need it are left out then. New reference. */
json_t *oke_cluster_if_known(struct operation *op, const struct value *cluster_id);

#endif
