/* Request bodies of the Container Engine API, named as in Oracle's SDKs. */
#ifndef OKESTRA_CLOUD_CONTAINERENGINE_MODELS_H
#define OKESTRA_CLOUD_CONTAINERENGINE_MODELS_H

#include "acceptance/cloud/api/model.h"

extern const struct model create_cluster_details;
extern const struct model update_cluster_details;
extern const struct model update_cluster_endpoint_config_details;
extern const struct model cluster_migrate_to_native_vcn_details;
extern const struct model create_cluster_kubeconfig_content_details;
extern const struct model start_credential_rotation_details;
extern const struct model create_node_pool_details;
extern const struct model update_node_pool_details;
extern const struct model install_addon_details;
extern const struct model update_addon_details;
extern const struct model reboot_cluster_node_details;
extern const struct model replace_boot_volume_cluster_node_details;
extern const struct model create_virtual_node_pool_details;
extern const struct model update_virtual_node_pool_details;
extern const struct model create_workload_mapping_details;
extern const struct model update_workload_mapping_details;

#endif
