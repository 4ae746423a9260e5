/*
 * The controller of the ingress class "nginx": Ingress objects become the configuration of an nginx that
 * runs as a part of the cluster. It stands in for ingress-nginx, whose images no registry of packages
 * has: hosts, paths, TLS, and the annotations of the table in ingress_config.c. Others are named in an
 * event of the Ingress, and have no effect.
 */
#ifndef OKESTRA_CLUSTER_INGRESS_H
#define OKESTRA_CLUSTER_INGRESS_H

#include <jansson.h>
#include <stdbool.h>

#include "acceptance/cluster/cluster.h"

/* Serves until it fails for good; false and err. */
bool ingress_run(struct cluster *cluster, int count, char **arguments, struct error *err);

/* Whether an Ingress is of the class. */
bool ingress_is_ours(const json_t *ingress);
/* Whether it can be served as it is; otherwise err says what is wrong. Annotations of ingress-nginx
 * that have no effect here are appended to *ignored (may be NULL), separated by ", ". */
bool ingress_check(const json_t *ingress, struct str *ignored, struct error *err);

/* Appends nginx' server blocks for the given Ingress objects (an array of good ones). services: object
 * of Service objects by "namespace/name". certificates: folder of NAMESPACE.SECRET.crt and .key; a
 * secret that is not there leaves its hosts to the proxy's own certificate. */
void ingress_render(const json_t *ingresses, const json_t *services, const char *certificates,
                    struct str *out);

#endif
