/* The processes of a cluster as this machine sees them. */
#ifndef OKESTRA_CLUSTER_PROCESSES_H
#define OKESTRA_CLUSTER_PROCESSES_H

#include <jansson.h>
#include <sys/types.h>

/* Replaces the process ids in a status (those of the cluster's own namespace) by the ids outside, and
 * adds what each occupies: rss_kb, and anonymous_kb (without pages of files, which parts share).
 * first: process 1 of the namespace, by its id outside. */
void processes_describe(json_t *status, pid_t first);

#endif
