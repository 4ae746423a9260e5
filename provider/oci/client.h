/* What ConfigureProvider makes and every operation gets as op->client. Thread-safe, immutable. */
#ifndef OKESTRA_PROVIDER_OCI_CLIENT_H
#define OKESTRA_PROVIDER_OCI_CLIENT_H

#include "lib/oci/client.h"
#include "provider/engine/operation.h"

struct provider_client {
    struct oci_client *oci;
    char **ignored_tags; /* "namespace.key" of defined tags that are none of our business */
    size_t ignored_tag_count;
};

/* The OCI client of an operation. */
struct oci_client *api_client(const struct operation *op);
/* True for a defined tag ("namespace.key") that the provider block says to ignore. */
bool api_tag_is_ignored(const struct operation *op, const char *name);

#endif
