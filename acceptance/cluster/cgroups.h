/*
 * The control groups of one cluster's pods: a group of its name in each mounted hierarchy (version 1,
 * version 2, or both side by side).
 */
#ifndef OKESTRA_CLUSTER_CGROUPS_H
#define OKESTRA_CLUSTER_CGROUPS_H

#include <stdbool.h>

#include "lib/base/error.h"

bool cgroups_make(const char *name, struct error *err);
/* Removes the groups and all below them. Waits for processes that are still ending, up to five
 * seconds; ERROR_TIMEOUT names the group that is busy after that. Groups that are not there are fine. */
bool cgroups_remove(const char *name, struct error *err);

#endif
