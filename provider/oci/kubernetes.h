/* Kubernetes versions, and how far apart control plane and nodes may be.
 * Source: Kubernetes version skew policy; "Supported Versions of Kubernetes" in Oracle's documentation. */
#ifndef OKESTRA_PROVIDER_OCI_KUBERNETES_H
#define OKESTRA_PROVIDER_OCI_KUBERNETES_H

#include <jansson.h>

#include "lib/base/str.h"
#include "provider/value/value.h"

struct kubernetes_version {
    int major, minor, patch;
};

/* "v1.34.2" or "1.34.2". */
bool kubernetes_version_parse(const char *text, struct kubernetes_version *version);
/* Less than, equal to or greater than 0, as with strcmp. */
int kubernetes_version_compare(const struct kubernetes_version *a,
                               const struct kubernetes_version *b);
/* With or without v; for attribute.equal. */
bool equal_kubernetes_version(const struct value *a, const struct value *b);
/* OKE wants the v: puts it in front of the member kubernetesVersion, where it lacks. */
void kubernetes_version_canonical(json_t *body);

/* Whether a control plane can be upgraded so: newer, and one minor version at most. NULL, or why not:
 * words that follow "v1.31.1 to v1.33.0: ". */
const char *kubernetes_upgrade_problem(const char *from, const char *to);
/* Whether nodes of that version can join: not newer than the control plane, and three minor versions
 * older at most (two below 1.28). NULL, or why not. upgrade_ahead: the control plane may still get one
 * minor version newer before the nodes are made. */
const char *kubernetes_skew_problem(const char *control_plane, const char *nodes,
                                    bool upgrade_ahead);

#endif
