/*
 * What Dapr's components take as metadata: names, whether they are needed, allowed words. Compiled in, so
 * that a wrong key shows in a plan; Dapr itself ignores it or fails when the sidecar starts.
 * Source: https://docs.dapr.io/reference/components-reference/ and the metadata of components-contrib.
 */
#ifndef OKESTRA_PROVIDER_KUBE_DAPR_METADATA_H
#define OKESTRA_PROVIDER_KUBE_DAPR_METADATA_H

#include <stdbool.h>
#include <stddef.h>

struct dapr_key {
    const char *name;
    bool required;
    const char *words; /* allowed values with "|" between; NULL: any */
};

struct dapr_component_type {
    const char *type;            /* "pubsub.kafka" */
    const char *version;         /* "v1"; keys may differ by it */
    const struct dapr_key *keys; /* ended by name NULL */
    const char *const *either;   /* one of these is needed; NULL-terminated, or NULL */
};

/* NULL: nothing is known of this type and version. */
const struct dapr_component_type *dapr_component_type(const char *type, const char *version);
/* Names are compared in any case. NULL: it is none of them. */
const struct dapr_key *dapr_key(const struct dapr_component_type *type, const char *name);
/* The nearest name of the type, for "did you mean"; or NULL. */
const char *dapr_nearest_key(const struct dapr_component_type *type, const char *name);

#endif
