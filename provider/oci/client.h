/* The part of the provider's client that resources of OCI use. */
#ifndef OKESTRA_PROVIDER_OCI_CLIENT_H
#define OKESTRA_PROVIDER_OCI_CLIENT_H

#include "lib/oci/client.h"
#include "provider/client.h"
#include "provider/engine/operation.h"

/* The OCI client of an operation. */
struct oci_client *api_client(const struct operation *op);
/* True for a defined tag ("namespace.key") that the provider block says to ignore. */
bool api_tag_is_ignored(const struct operation *op, const char *name);

#endif
