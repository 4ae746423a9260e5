/*
 * What ConfigureProvider makes and every operation gets as op->client: what resources of OCI and those
 * in clusters need. Thread-safe, immutable.
 */
#ifndef OKESTRA_PROVIDER_CLIENT_H
#define OKESTRA_PROVIDER_CLIENT_H

#include <stddef.h>

struct kube_clusters;
struct oci_client;

struct provider_client {
    struct oci_client *oci;
    struct kube_clusters *clusters;
    char **ignored_tags; /* "namespace.key" of defined tags that are none of our business */
    size_t ignored_tag_count;
};

#endif
