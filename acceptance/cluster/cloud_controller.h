/*
 * What OKE adds to Kubernetes, as one process inside the cluster: the ways in and out of its network,
 * load balancers for Services, volumes for claims, and the objects that every cluster has from the
 * start.
 */
#ifndef OKESTRA_CLUSTER_CLOUD_CONTROLLER_H
#define OKESTRA_CLUSTER_CLOUD_CONTROLLER_H

#include <stdbool.h>

#include "acceptance/cluster/cluster.h"

/* Serves until it is killed. Descriptor 3 is the network namespace outside. */
bool cloud_controller_run(struct cluster *cluster, int count, char **arguments, struct error *err);
/* Applies the objects of config/objects*.yaml. */
bool cloud_controller_apply_objects(struct cluster *cluster, int count, char **arguments,
                                    struct error *err);
/* Whether this machine's ports for the cluster are free. */
bool cloud_controller_check_ports(const struct cluster *cluster, struct error *err);

#endif
