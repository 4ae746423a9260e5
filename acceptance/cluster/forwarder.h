/*
 * TCP between this machine's network and a cluster's: listeners on one side, connections made on the
 * other. One thread serves all of them. A socket stays in the network namespace it was made in, so
 * nothing on this machine has to be set up, and nothing is left when the process ends.
 */
#ifndef OKESTRA_CLUSTER_FORWARDER_H
#define OKESTRA_CLUSTER_FORWARDER_H

#include <stdbool.h>

#include "lib/base/error.h"

enum { FORWARDER_BUFFER = 16 * 1024, FORWARDER_BACKLOG = 256 };

enum forwarder_side { FORWARDER_OUTSIDE, FORWARDER_INSIDE };

struct forwarder;
struct forwarder_listener;

/* Starts the thread. The calling thread is inside; `outside` stays open as long as the forwarder. */
struct forwarder *forwarder_new(int outside, struct error *err);

/* Connections to address:port on side `at` go to target:target_port on the other side. Thread-safe.
 * ERROR_EXISTS when the port is taken; NULL and err. */
struct forwarder_listener *forwarder_listen(struct forwarder *forwarder, enum forwarder_side at,
                                            const char *address, int port, const char *target,
                                            int target_port, struct error *err);
/* No new connections; open ones go on. Thread-safe; accepts NULL. */
void forwarder_close(struct forwarder *forwarder, struct forwarder_listener *listener);

/* Binds address:port outside without listening, so that nobody else can have it. -1 when it is taken.
 * The caller closes the descriptor. Thread-safe. */
int forwarder_claim(struct forwarder *forwarder, const char *address, int port);

#endif
