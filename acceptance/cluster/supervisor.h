/*
 * Process 1 of a cluster's namespaces: starts the parts in the order of what they wait for, starts again
 * those that die, reaps orphans, and says in STATE/status.json how things are. With it everything ends:
 * every process, mount and network device in its namespaces.
 *
 * Signals: SIGTERM ends the cluster in good order, SIGHUP reads the options again (parts that are newly
 * wanted start, those no longer wanted end).
 */
#ifndef OKESTRA_CLUSTER_SUPERVISOR_H
#define OKESTRA_CLUSTER_SUPERVISOR_H

#include "acceptance/cluster/cluster.h"

/* Does not return. outside: the network namespace that this machine's ports are in. */
void supervisor_run(struct cluster *cluster, int outside) __attribute__((noreturn));

#endif
