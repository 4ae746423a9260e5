/* Nodes beside the real one, simulated by kwok: it keeps them Ready and says that their pods run. */
#ifndef OKESTRA_CLUSTER_NODES_H
#define OKESTRA_CLUSTER_NODES_H

#include <stdbool.h>

#include "acceptance/cluster/cluster.h"

/* NAME [LABEL=VALUE...]. Called from outside, while the cluster runs. */
bool nodes_add(struct cluster *cluster, int count, char **arguments, struct error *err);
/* FILE: makes the cluster's nodes those of the file, a JSON object: "level" says whether one of them is real
 * ("full"), "nodes" lists them, each with its "name", an IPv4 address, and its "labels". Returns when
 * all are Ready. */
bool nodes_follow(struct cluster *cluster, int count, char **arguments, struct error *err);
/* NAME */
bool nodes_remove(struct cluster *cluster, int count, char **arguments, struct error *err);

#endif
