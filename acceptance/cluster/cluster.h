/*
 * One cluster: its state folder, its options, and the variables that configuration files and arguments
 * of its parts are written with.
 *
 * STATE holds cluster.json (options), kubeconfig, status.json, pki/, config/, logs/, and what the parts
 * keep: etcd/, containerd/, kubelet/, volumes/, registry/.
 */
#ifndef OKESTRA_CLUSTER_CLUSTER_H
#define OKESTRA_CLUSTER_CLUSTER_H

#include <jansson.h>
#include <stdbool.h>

#include "lib/base/error.h"
#include "lib/base/str.h"

/* The machine as the cluster sees it: the API server and, for pods, the ports of --reach. */
#define CLUSTER_API_ADDRESS "10.250.0.1"
enum { CLUSTER_API_PORT = 6443, CLUSTER_REGISTRY_PORT = 5000 };

struct cluster {
    char *state;  /* absolute, no symbolic links */
    char *cgroup; /* name of its control groups, unique on this machine */
    json_t *options;
    json_t *variables;
};

/* Whether a folder can hold a cluster's state: not where the cluster has folders of its own. */
bool cluster_check_place(const char *state, struct error *err);
/* The folder must exist. Options of the command line come on top of those kept in it. */
struct cluster *cluster_open(const char *state, int count, char **arguments, struct error *err);
void cluster_free(struct cluster *cluster); /* accepts NULL */
void cluster_free_pointer(struct cluster **cluster);
#define CLUSTER_AUTO CLEANUP(cluster_free_pointer) struct cluster *

/* Works out the variables from the options, and writes keys, certificates, kubeconfigs and
 * configuration files. */
bool cluster_prepare(struct cluster *cluster, struct error *err);

bool cluster_has_node(const struct cluster *cluster);
bool cluster_has(const struct cluster *cluster, const char *feature); /* of --with */
/* "STATE/name". The caller frees. */
char *cluster_path(const struct cluster *cluster, const char *name);
/* The folder of the built parts: beside this program. */
const char *cluster_binaries(void);

/* Appends the text with each ${NAME} replaced. A name that nobody set is ERROR_INTERNAL. */
bool cluster_expand(const struct cluster *cluster, const char *text, struct str *out,
                    struct error *err);

#endif
