/*
 * Real clusters behind the emulated ones: with --cluster each cluster of Container Engine has a control plane
 * that build/local-cluster runs (acceptance/cluster), and its pools' nodes are nodes of it. The emulator says
 * what it wants and waits for programs to end; it never waits for them in a call.
 *
 * Without --cluster everything here does nothing.
 */
#ifndef OKESTRA_CLOUD_REAL_H
#define OKESTRA_CLOUD_REAL_H

#include "acceptance/cloud/api/call.h"

/* The levels that --cluster takes; NULL for "none". *valid: whether it is a level at all. */
const char *real_level(const char *text, bool *valid);

/* For kind->busy: begins what the step needs when nothing of it runs yet. True while it goes on. */
bool real_cluster_busy(struct call *call, struct object *cluster, const char *step);
bool real_pool_busy(struct call *call, struct object *pool, const char *step);

/* For kind->step, after busy: false when the program failed; then err says why. */
bool real_succeeded(const struct object *object, struct error *err);

/* The cluster works: its authority becomes that of the emulated one. */
void real_adopt(struct call *call, struct object *cluster);
/* "127.0.0.1:PORT" of the real API server; NULL when there is none. In the call's arena. */
const char *real_endpoint(struct call *call, const struct object *cluster);
/* Chooses the port of a cluster that is being made, and begins to start it. */
void real_begin(struct call *call, struct object *cluster);

/* At the start of the emulator: clusters that were there run again. At its end: all end. */
void real_resume(struct call *call);
void real_end(struct call *call);

#endif
