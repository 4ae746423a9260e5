/*
 * What the first process of a cluster's own mount, process and network namespaces sets up in them, and
 * sockets on either side of the border.
 */
#ifndef OKESTRA_CLUSTER_NAMESPACES_H
#define OKESTRA_CLUSTER_NAMESPACES_H

#include <stdbool.h>

#include "lib/base/error.h"

/* Own /proc, /run, /var/lib and /var/log; nothing that is mounted from here on is seen outside. */
bool namespaces_set_up_mounts(struct error *err);
bool namespaces_set_up_loopback(struct error *err);
/* Loopback, and the device node0 with the addresses of the API server and of the node. */
bool namespaces_set_up_network(const char *node_address, struct error *err);

/* Gives node0 another address of the node. */
bool namespaces_set_node_address(const char *address, struct error *err);

/* A descriptor of the calling thread's network namespace. -1 and err. */
int namespaces_open_network(struct error *err);
/* A stream socket (non-blocking, close-on-exec) that lives in `network` for good; the calling thread
 * is back in `home` afterwards. -1 and errno. */
int namespaces_socket(int network, int home);

#endif
