/*
 * The parts of a cluster: a table of what they are called with, what they wait for, and how one knows
 * that they work.
 */
#ifndef OKESTRA_CLUSTER_COMPONENTS_H
#define OKESTRA_CLUSTER_COMPONENTS_H

#include <stdbool.h>
#include <stddef.h>

#include "acceptance/cluster/cluster.h"

enum probe_kind {
    PROBE_RUNNING, /* it has started */
    PROBE_ENDED,   /* it has done its work and ended with status 0 */
    PROBE_SOCKET,  /* target: path of a Unix socket that accepts connections */
    PROBE_HTTP,    /* target: URL that answers 200 */
    PROBE_NODE,    /* the API server calls the node Ready, on news younger than the process */
};

struct argument {
    const char *text; /* with variables */
    /* Only where this option is set: "audit" (not none), "token-webhook", …; NULL: always */
    const char *when;
};

enum { COMPONENT_AFTER = 2, COMPONENTS_MOST = 24 };

struct component {
    const char *name;    /* of its log file */
    const char *program; /* path with variables */
    /* Its argv[0] where that is not the name: the built program is told by it what to be. */
    const struct argument *arguments;
    const char *after[COMPONENT_AFTER]; /* ready before this one starts */
    bool of_node;                       /* belongs to a node; otherwise to the control plane */
    const char *feature;                /* only with --with FEATURE; NULL: always */
    bool inside_out;                    /* gets the network namespace outside as descriptor 3 */
    const char
        *options; /* that its files are made from, separated by blanks: it starts again with them */
    enum probe_kind probe;
    const char *target; /* with variables */
    int stop_signal;    /* 0: SIGKILL, for parts that keep nothing and end slowly */
};

extern const struct component components[];
extern const size_t component_count;

bool component_is_wanted(const struct component *component, const struct cluster *cluster);
bool argument_is_wanted(const struct argument *argument, const struct cluster *cluster);

#endif
