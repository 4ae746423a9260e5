/*
 * Kubernetes versions as OKE offers them, and its rules: the control plane goes up by one minor version
 * at a time and never down; nodes are not newer than it and at most three minor versions older.
 * Pure functions on texts such as "v1.34.2".
 */
#ifndef OKESTRA_CLOUD_VERSION_H
#define OKESTRA_CLOUD_VERSION_H

#include <jansson.h>
#include <stdbool.h>

enum { VERSION_NODE_SKEW = 3 };

/* Exactly "vMAJOR.MINOR.PATCH". */
bool version_valid(const char *text);
/* Less than, equal to or greater than 0, as the versions are; both valid. */
int version_compare(const char *a, const char *b);

bool version_offered(const char *text);
/* Ascending; the newest patch of each minor version, or all of them. New reference. */
json_t *version_list(bool all_patches);

bool version_upgrade_allowed(const char *from, const char *to);
/* The offered versions that a control plane may go to; ascending. New reference. */
json_t *version_upgrades(const char *from);

/* A node of version `node` may join a control plane of version `control`. */
bool version_node_allowed(const char *control, const char *node);

#endif
