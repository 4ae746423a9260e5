/* Nodes beside the real one, simulated by kwok: it keeps them Ready and says that their pods run. */
#ifndef OKESTRA_CLUSTER_NODES_H
#define OKESTRA_CLUSTER_NODES_H

#include <stdbool.h>

#include "acceptance/cluster/cluster.h"

/* NAME [LABEL=VALUE...]. Called from outside, while the cluster runs. */
bool nodes_add(struct cluster *cluster, int count, char **arguments, struct error *err);
/* NAME */
bool nodes_remove(struct cluster *cluster, int count, char **arguments, struct error *err);

#endif
