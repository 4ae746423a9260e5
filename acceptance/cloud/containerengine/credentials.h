/* The credentials of a cluster: its certificate authority, kubeconfig, rotation. */
#ifndef OKESTRA_CLOUD_CREDENTIALS_H
#define OKESTRA_CLOUD_CREDENTIALS_H

#include "acceptance/cloud/api/call.h"

/* A new certificate authority in hidden.certificateAuthority (PEM), valid as metadata says. */
bool credentials_issue(struct call *call, struct object *cluster);
/* An update of the cluster has ended: a rotation that it belonged to goes on. */
void credentials_advance(struct call *call, struct object *cluster, bool failed);
/* The time of automatic completion has come. */
void credentials_complete(struct object *cluster);

/* Appends the kubeconfig that CreateKubeconfig answers with; server without a scheme. */
void kubeconfig_append(struct str *out, const char *cluster_id, const char *region,
                       const char *server, const char *certificate_authority);

#endif
