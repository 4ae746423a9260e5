/*
 * Container Engine for Kubernetes: clusters, node pools and their nodes, addons, virtual node pools,
 * workload mappings, and the options that one may choose from. States and rules; what is
 * real behind them is real.h's.
 */
#ifndef OKESTRA_CLOUD_CONTAINERENGINE_H
#define OKESTRA_CLOUD_CONTAINERENGINE_H

#include "acceptance/cloud/api/call.h"
#include "acceptance/cloud/api/work.h"

extern const struct service service_containerengine;

/* Simulated durations at --speed 1. */
enum {
    CLUSTER_CREATE_MS = 7 * 60 * 1000,
    CLUSTER_UPGRADE_MS = 10 * 60 * 1000,
    CLUSTER_CHANGE_MS = 60 * 1000,
    CLUSTER_DELETE_MS = 4 * 60 * 1000,
    POOL_CREATE_MS = 4 * 60 * 1000,
    POOL_CHANGE_MS = 3 * 60 * 1000,
    POOL_RENAME_MS = 10 * 1000, /* nothing happens to nodes */
    POOL_DELETE_MS = 3 * 60 * 1000,
    ADDON_MS = 60 * 1000,
    OKE_LINGER_MS = 60 * 60 * 1000, /* how long deleted objects stay readable */
};

#define OKE_BASE_PATH "/20180222"

extern const struct kind kind_oke_work;
extern const struct kind kind_cluster;
extern const struct kind kind_node_pool;
extern const struct kind kind_node;
extern const struct kind kind_addon;
extern const struct kind kind_virtual_node_pool;
extern const struct kind kind_virtual_node;
extern const struct kind kind_workload_mapping;

/* --- shared by the files of the service --------------------------------------------------------- */

/* Starts a work request for an object. entity: "cluster"; action: "CREATED", …; collection: "clusters". */
struct object *oke_start_work(struct call *call, const char *operation_type, struct object *object,
                              const char *entity, const char *action, const char *step,
                              int64_t duration_ms);
/* 200 without a body, as all mutations answer. */
bool oke_reply_accepted(struct call *call);
/* The message of the work request that has failed; for kind->step. */
const char *oke_failure(const struct call *call);
const char *oke_failure_code(const struct call *call);

bool cluster_is_enhanced(const struct object *cluster);
/* 409 unless the cluster is ACTIVE. */
bool cluster_check_active(struct call *call, const struct object *cluster);
/* 400 unless it is an ENHANCED_CLUSTER: `what` needs it. */
bool cluster_check_enhanced(struct call *call, const struct object *cluster, const char *what);
/* "FLANNEL_OVERLAY" or "OCI_VCN_IP_NATIVE" */
const char *cluster_cni(const struct object *cluster);

/* The pools of a cluster; for its deletion. False after 409 when one is busy. */
bool node_pools_remove_of(struct call *call, const struct object *cluster, int64_t delay_ms);
bool virtual_node_pools_remove_of(struct call *call, const struct object *cluster,
                                  int64_t delay_ms);
void addons_remove_of(struct call *call, const struct object *cluster);
void workload_mappings_remove_of(struct call *call, const struct object *cluster);

/* Nodes (node.c). The pool is open for editing. */
/* Makes the pool's nodes what its configuration says: new ones in the state CREATING, superfluous ones
 * DELETING. cycle: those that differ from the pool's settings are replaced, too. */
void nodes_reconcile(struct call *call, const struct object *pool, bool cycle);
/* The work is done: CREATING becomes ACTIVE, DELETING becomes DELETED. With failed, what was being
 * created is FAILING and carries the error. False when a node could not be made. */
bool nodes_settle(struct call *call, const struct object *pool, bool failed);
void nodes_delete_all(struct call *call, const struct object *pool);
/* As GetNodePool shows them. New reference. */
json_t *nodes_view(struct call *call, const struct object *pool);
bool node_alive(const struct object *node);
void node_delete(struct call *call, struct object *node);

/* Handlers. */
bool oke_create_cluster(struct call *call);
bool oke_update_cluster(struct call *call);
bool oke_delete_cluster(struct call *call);
bool oke_update_endpoint_config(struct call *call);
bool oke_migrate_to_native_vcn(struct call *call);
bool oke_get_migration_status(struct call *call);
bool oke_create_kubeconfig(struct call *call);
bool oke_start_credential_rotation(struct call *call);
bool oke_complete_credential_rotation(struct call *call);
bool oke_get_credential_rotation_status(struct call *call);
bool oke_get_cluster_options(struct call *call);
bool oke_get_node_pool_options(struct call *call);
bool oke_create_node_pool(struct call *call);
bool oke_update_node_pool(struct call *call);
bool oke_delete_node_pool(struct call *call);
bool oke_delete_node(struct call *call);
bool oke_list_addon_options(struct call *call);
bool oke_list_addons(struct call *call);
bool oke_install_addon(struct call *call);
bool oke_get_addon(struct call *call);
bool oke_update_addon(struct call *call);
bool oke_disable_addon(struct call *call);
bool oke_create_virtual_node_pool(struct call *call);
bool oke_update_virtual_node_pool(struct call *call);
bool oke_delete_virtual_node_pool(struct call *call);
bool oke_get_virtual_node(struct call *call);
bool oke_list_pod_shapes(struct call *call);
bool oke_create_workload_mapping(struct call *call);
bool oke_get_workload_mapping(struct call *call);
bool oke_update_workload_mapping(struct call *call);
bool oke_delete_workload_mapping(struct call *call);

#endif
