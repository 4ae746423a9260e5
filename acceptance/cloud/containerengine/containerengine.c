#include "acceptance/cloud/containerengine/containerengine.h"

#include "acceptance/cloud/api/crud.h"
#include "acceptance/cloud/containerengine/models.h"

#define QUERY_NAME                                                                                 \
    {                                                                                              \
        "name", .min = 1, .max = 255, .filter = "name"                                             \
    }
#define QUERY_CLUSTER                                                                              \
    {                                                                                              \
        "clusterId", .min = 1, .max = 255, .filter = "clusterId"                                   \
    }
#define QUERIES_SORT_USUAL QUERIES_SORT("ID|NAME|TIME_CREATED")
#define QUERY_STATES(states)                                                                       \
    {                                                                                              \
        "lifecycleState", .multi = true, .one_of = (states), .filter = "lifecycleState"            \
    }

static const struct query cluster_queries[] = {
    QUERY_COMPARTMENT,
    QUERY_NAME,
    QUERIES_PAGING,
    QUERIES_SORT_USUAL,
    QUERY_STATES("ACTIVE|CREATING|DELETED|DELETING|FAILED|UPDATING"),
    QUERIES_END,
};

static const struct query get_cluster_queries[] = {
    {"shouldIncludeOidcConfigFile", FIELD_BOOL},
    QUERIES_END,
};

static const struct query node_pool_queries[] = {
    QUERY_COMPARTMENT,
    QUERY_CLUSTER,
    QUERY_NAME,
    QUERIES_PAGING,
    QUERIES_SORT_USUAL,
    QUERY_STATES("ACTIVE|CREATING|DELETED|DELETING|FAILED|INACTIVE|NEEDS_ATTENTION|UPDATING"),
    QUERIES_END,
};

#define QUERIES_OVERRIDE                                                                           \
    {"overrideEvictionGraceDuration"},                                                             \
    {                                                                                              \
        "isForceDeletionAfterOverrideGraceDuration", FIELD_BOOL                                    \
    }

static const struct query override_queries[] = {QUERIES_OVERRIDE, QUERIES_END};

static const struct query delete_node_queries[] = {
    {"isDecrementSize", FIELD_BOOL},
    QUERIES_OVERRIDE,
    QUERIES_END,
};

static const struct query cluster_option_queries[] = {
    {"compartmentId", .min = 1, .max = 255},
    {"shouldListAllPatchVersions", FIELD_BOOL},
    QUERIES_END,
};

static const struct query node_pool_option_queries[] = {
    {"compartmentId", .min = 1, .max = 255},
    {"shouldListAllPatchVersions", FIELD_BOOL},
    {"nodePoolOsType", .one_of = "OL7|OL8|UBUNTU"},
    {"nodePoolOsArch", .one_of = "AARCH64|X86_64"},
    {"nodePoolK8sVersion"},
    QUERIES_END,
};

static const struct query addon_option_queries[] = {
    {"kubernetesVersion", .required = true},
    {"addonName"},
    QUERIES_PAGING,
    QUERIES_SORT("NAME|TIME_CREATED"),
    {"shouldShowAllVersions", FIELD_BOOL},
    QUERIES_END,
};

static const struct query addon_queries[] = {
    QUERIES_PAGING,
    QUERIES_SORT("NAME|TIME_CREATED"),
    QUERIES_END,
};

static const struct query disable_addon_queries[] = {
    {"isRemoveExistingAddOn", FIELD_BOOL, .required = true},
    QUERIES_END,
};

static const struct query virtual_node_pool_queries[] = {
    QUERY_COMPARTMENT,
    QUERY_CLUSTER,
    {"name", .filter = "displayName"},
    QUERIES_PAGING,
    QUERIES_SORT_USUAL,
    QUERY_STATES("ACTIVE|CREATING|DELETED|DELETING|FAILED|NEEDS_ATTENTION|UPDATING"),
    QUERIES_END,
};

static const struct query delete_virtual_node_pool_queries[] = {
    {"overrideEvictionGraceDurationVnp"},
    {"isForceDeletionAfterOverrideGraceDurationVnp", FIELD_BOOL},
    QUERIES_END,
};

static const struct query virtual_node_queries[] = {
    {"name", .filter = "displayName"},
    QUERIES_PAGING,
    QUERIES_SORT_USUAL,
    QUERIES_END,
};

static const struct query pod_shape_queries[] = {
    {"compartmentId", .required = true},
    {"availabilityDomain"},
    {"name"},
    QUERIES_PAGING,
    QUERIES_SORT_USUAL,
    QUERIES_END,
};

static const struct query workload_mapping_queries[] = {
    QUERIES_PAGING,
    QUERIES_SORT("NAMESPACE|TIMECREATED"),
    QUERIES_END,
};

static const struct query work_queries[] = {
    QUERY_COMPARTMENT,
    {"clusterId"},
    {"resourceId"},
    {"resourceType", .one_of = "CLUSTER|NODEPOOL"},
    {"status", .multi = true, .filter = "status"},
    QUERIES_PAGING,
    QUERIES_SORT("ID|OPERATION_TYPE|STATUS|TIME_ACCEPTED|TIME_FINISHED|TIME_STARTED"),
    QUERIES_END,
};

static const struct query work_line_queries[] = {QUERY_COMPARTMENT, QUERIES_END};

#define CLUSTER  "/clusters/{clusterId}"
#define ADDON    CLUSTER "/addons/{addonName}"
#define MAPPING  CLUSTER "/workloadMappings/{workloadMappingId}"
#define POOL     "/nodePools/{nodePoolId}"
#define VIRTUAL  "/virtualNodePools/{virtualNodePoolId}"
#define REQUEST  "/workRequests/{workRequestId}"
#define RETRY    OPERATION_RETRY_TOKEN
#define OPTIONAL OPERATION_BODY_OPTIONAL

static const struct operation operations[] = {
    {"ListClusters", "GET", "/clusters", crud_list, &kind_cluster, cluster_queries},
    {"CreateCluster", "POST", "/clusters", oke_create_cluster, NULL, NULL, &create_cluster_details,
     RETRY},
    {"GetCluster", "GET", CLUSTER, crud_get, &kind_cluster, get_cluster_queries},
    {"UpdateCluster", "PUT", CLUSTER, oke_update_cluster, &kind_cluster, NULL,
     &update_cluster_details},
    {"DeleteCluster", "DELETE", CLUSTER, oke_delete_cluster, &kind_cluster},
    {"UpdateClusterEndpointConfig", "POST", CLUSTER "/actions/updateEndpointConfig",
     oke_update_endpoint_config, &kind_cluster, NULL, &update_cluster_endpoint_config_details},
    {"ClusterMigrateToNativeVcn", "POST", CLUSTER "/actions/migrateToNativeVcn",
     oke_migrate_to_native_vcn, &kind_cluster, NULL, &cluster_migrate_to_native_vcn_details},
    {"GetClusterMigrateToNativeVcnStatus", "GET", CLUSTER "/migrateToNativeVcnStatus",
     oke_get_migration_status, &kind_cluster},
    {"CreateKubeconfig", "POST", CLUSTER "/kubeconfig/content", oke_create_kubeconfig,
     &kind_cluster, NULL, &create_cluster_kubeconfig_content_details, OPTIONAL},
    {"StartCredentialRotation", "POST", CLUSTER "/actions/startCredentialRotation",
     oke_start_credential_rotation, &kind_cluster, NULL, &start_credential_rotation_details, RETRY},
    {"CompleteCredentialRotation", "POST", CLUSTER "/actions/completeCredentialRotation",
     oke_complete_credential_rotation, &kind_cluster, NULL, NULL, RETRY},
    {"GetCredentialRotationStatus", "GET", CLUSTER "/credentialRotationStatus",
     oke_get_credential_rotation_status, &kind_cluster},
    {"GetClusterOptions", "GET", "/clusterOptions/{clusterOptionId}", oke_get_cluster_options, NULL,
     cluster_option_queries},
    {"GetNodePoolOptions", "GET", "/nodePoolOptions/{nodePoolOptionId}", oke_get_node_pool_options,
     NULL, node_pool_option_queries},
    {"ListNodePools", "GET", "/nodePools", crud_list, &kind_node_pool, node_pool_queries},
    {"CreateNodePool", "POST", "/nodePools", oke_create_node_pool, NULL, NULL,
     &create_node_pool_details, RETRY},
    {"GetNodePool", "GET", POOL, crud_get, &kind_node_pool},
    {"UpdateNodePool", "PUT", POOL, oke_update_node_pool, &kind_node_pool, override_queries,
     &update_node_pool_details},
    {"DeleteNodePool", "DELETE", POOL, oke_delete_node_pool, &kind_node_pool, override_queries},
    {"DeleteNode", "DELETE", POOL "/node/{nodeId}", oke_delete_node, &kind_node_pool,
     delete_node_queries},
    {"ListAddonOptions", "GET", "/addonOptions", oke_list_addon_options, NULL,
     addon_option_queries},
    {"ListAddons", "GET", CLUSTER "/addons", oke_list_addons, &kind_cluster, addon_queries},
    {"InstallAddon", "POST", CLUSTER "/addons", oke_install_addon, &kind_cluster, NULL,
     &install_addon_details, RETRY},
    {"GetAddon", "GET", ADDON, oke_get_addon, &kind_cluster},
    {"UpdateAddon", "PUT", ADDON, oke_update_addon, &kind_cluster, NULL, &update_addon_details},
    {"DisableAddon", "DELETE", ADDON, oke_disable_addon, &kind_cluster, disable_addon_queries},
    {"ListVirtualNodePools", "GET", "/virtualNodePools", crud_list, &kind_virtual_node_pool,
     virtual_node_pool_queries},
    {"CreateVirtualNodePool", "POST", "/virtualNodePools", oke_create_virtual_node_pool, NULL, NULL,
     &create_virtual_node_pool_details, RETRY},
    {"GetVirtualNodePool", "GET", VIRTUAL, crud_get, &kind_virtual_node_pool},
    {"UpdateVirtualNodePool", "PUT", VIRTUAL, oke_update_virtual_node_pool, &kind_virtual_node_pool,
     NULL, &update_virtual_node_pool_details},
    {"DeleteVirtualNodePool", "DELETE", VIRTUAL, oke_delete_virtual_node_pool,
     &kind_virtual_node_pool, delete_virtual_node_pool_queries},
    {"ListVirtualNodes", "GET", VIRTUAL "/virtualNodes", crud_list, &kind_virtual_node,
     virtual_node_queries},
    {"GetVirtualNode", "GET", VIRTUAL "/virtualNodes/{virtualNodeId}", oke_get_virtual_node,
     &kind_virtual_node_pool},
    {"ListPodShapes", "GET", "/podShapes", oke_list_pod_shapes, NULL, pod_shape_queries},
    {"ListWorkloadMappings", "GET", CLUSTER "/workloadMappings", crud_list, &kind_workload_mapping,
     workload_mapping_queries},
    {"CreateWorkloadMapping", "POST", CLUSTER "/workloadMappings", oke_create_workload_mapping,
     &kind_cluster, NULL, &create_workload_mapping_details, RETRY},
    {"GetWorkloadMapping", "GET", MAPPING, oke_get_workload_mapping, &kind_cluster},
    {"UpdateWorkloadMapping", "PUT", MAPPING, oke_update_workload_mapping, &kind_cluster, NULL,
     &update_workload_mapping_details},
    {"DeleteWorkloadMapping", "DELETE", MAPPING, oke_delete_workload_mapping, &kind_cluster},
    {"ListWorkRequests", "GET", "/workRequests", work_list, &kind_oke_work, work_queries},
    {"GetWorkRequest", "GET", REQUEST, work_get, &kind_oke_work},
    {"ListWorkRequestErrors", "GET", REQUEST "/errors", work_list_errors, &kind_oke_work,
     work_line_queries},
    {"ListWorkRequestLogs", "GET", REQUEST "/logs", work_list_logs, &kind_oke_work,
     work_line_queries},
    {NULL},
};

static const struct kind *const kinds[] = {
    &kind_oke_work,          &kind_cluster,      &kind_node_pool,        &kind_node, &kind_addon,
    &kind_virtual_node_pool, &kind_virtual_node, &kind_workload_mapping, NULL,
};

const struct service service_containerengine = {
    .name = "containerengine",
    .hosts = "containerengine",
    .base_path = OKE_BASE_PATH,
    .operations = operations,
    .kinds = kinds,
};
