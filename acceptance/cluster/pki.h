/*
 * The certificates of one cluster: two authorities, the service account key, and one certificate for
 * each part. EC P-256, valid for ten years; private keys are readable by their owner only.
 */
#ifndef OKESTRA_CLUSTER_PKI_H
#define OKESTRA_CLUSTER_PKI_H

#include <stdbool.h>

#include "lib/base/error.h"

/* Makes in `directory` what is not there yet: NAME.crt and NAME.key for each certificate, sa.key and
 * sa.pub. api_names: subject alternative names of the API server ("IP:127.0.0.1,DNS:localhost"). */
bool pki_make(const char *directory, const char *api_names, struct error *err);
/* The certificates of a node's kubelet, node.crt and node.key (client and server); made again when
 * the node has another name or address. */
bool pki_make_node(const char *directory, const char *node, const char *address, struct error *err);

/* A kubeconfig with everything in it, for the client certificate `name` of the directory. */
bool pki_write_kubeconfig(const char *path, const char *directory, const char *name,
                          const char *cluster, const char *server, struct error *err);

#endif
