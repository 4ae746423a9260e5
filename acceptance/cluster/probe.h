/* Whether a part of the cluster works. Asked from process 1, in the cluster's network. */
#ifndef OKESTRA_CLUSTER_PROBE_H
#define OKESTRA_CLUSTER_PROBE_H

#include <stdbool.h>
#include <stdint.h>

#include "acceptance/cluster/components.h"

struct prober; /* keeps connections between questions */

struct prober *prober_new(const struct cluster *cluster);

/* One question, answered within half a second. started_ms: wall clock time at which the part's process
 * started; older news about it does not count. */
bool probe_ask(struct prober *prober, const struct cluster *cluster,
               const struct component *component, int64_t started_ms);

#endif
