/*
 * Load balancers for Services of type LoadBalancer: each gets an address of 127.240.0.0/16, at which
 * this machine answers on the Service's ports. OCI's annotations are checked as the cloud controller
 * manager of OKE reads them; what is wrong with them shows as an event of the Service, which then stays
 * pending. STATE/load-balancers.json lists them all.
 */
#ifndef OKESTRA_CLUSTER_LOAD_BALANCER_H
#define OKESTRA_CLUSTER_LOAD_BALANCER_H

#include <jansson.h>
#include <stdbool.h>

#include "acceptance/cluster/cluster.h"
#include "acceptance/cluster/forwarder.h"
#include "lib/kube/client.h"

/* Serves until it fails for good; false and err. */
bool load_balancers_run(const struct cluster *cluster, struct kube_client *client,
                        struct forwarder *forwarder, struct error *err);

/* Whether OKE would make a load balancer of a Service; otherwise err says what is wrong. Names that
 * look like OCI's but are not known are appended to *unknown (may be NULL), separated by ", ". */
bool load_balancer_check(const json_t *service, struct str *unknown, struct error *err);
/* How the load balancer would be: type, internal, shape, minimum_mbps, maximum_mbps. New reference. */
json_t *load_balancer_describe(const json_t *service);

#endif
