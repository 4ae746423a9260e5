/* Image archives for the node's containerd. */
#ifndef OKESTRA_CLUSTER_IMAGES_H
#define OKESTRA_CLUSTER_IMAGES_H

#include <stdbool.h>

#include "acceptance/cluster/cluster.h"

/* Imports the archives that were built beside the parts, and those of --image. Runs inside. */
bool images_import(struct cluster *cluster, int count, char **arguments, struct error *err);

#endif
