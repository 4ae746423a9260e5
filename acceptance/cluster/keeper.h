/*
 * The keeper of a cluster: the process outside of its namespaces that makes them, waits for their end
 * and removes what they leave (control groups). It holds a record lock on STATE/lock while the cluster
 * runs; whoever asks the kernel for the lock's holder has its process id. (A process loses such a lock when
 * it closes any descriptor of the file: the keeper never asks for itself.)
 */
#ifndef OKESTRA_CLUSTER_KEEPER_H
#define OKESTRA_CLUSTER_KEEPER_H

#include <stdbool.h>
#include <sys/types.h>

#include "acceptance/cluster/cluster.h"

/* The keeper of the cluster that runs with this state folder; 0: none runs. */
pid_t keeper_find(const char *state);
/* Process 1 of its namespaces, by its id outside; 0: it does not run. */
pid_t keeper_find_first(const struct cluster *cluster);
/* Runs the cluster in this process until it is told to end (SIGTERM, SIGINT) or all in it died. In
 * the background: standard output and error go to STATE/logs/launcher.log. Returns an exit status. */
int keeper_run(struct cluster *cluster);
/* Ends a cluster in good order, or by force when that takes longer than ten seconds, and cleans up
 * after it; also after one whose keeper was killed. */
bool keeper_end(const struct cluster *cluster, struct error *err);

#endif
