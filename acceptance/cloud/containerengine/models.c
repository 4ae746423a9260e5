#include "acceptance/cloud/containerengine/models.h"

static const struct model create_cluster_endpoint_config_details = {
    "CreateClusterEndpointConfigDetails",
    (const struct field[]){{"subnetId", FIELD_TEXT},
                           {"nsgIds", FIELD_TEXT, .list = true, .list_max = 5},
                           {"isPublicIpEnabled", FIELD_BOOL},
                           {"securityAttributes", FIELD_DEFINED_TAGS},
                           FIELDS_END}};

static const struct model kubernetes_network_config = {
    "KubernetesNetworkConfig",
    (const struct field[]){{"podsCidr", FIELD_TEXT}, {"servicesCidr", FIELD_TEXT}, FIELDS_END}};

static const struct model add_on_options = {
    "AddOnOptions", (const struct field[]){{"isKubernetesDashboardEnabled", FIELD_BOOL},
                                           {"isTillerEnabled", FIELD_BOOL},
                                           FIELDS_END}};

static const struct model admission_controller_options = {
    "AdmissionControllerOptions",
    (const struct field[]){{"isPodSecurityPolicyEnabled", FIELD_BOOL}, FIELDS_END}};

static const struct model persistent_volume_config_details = {
    "PersistentVolumeConfigDetails", (const struct field[]){FIELDS_TAGS, FIELDS_END}};

static const struct model service_lb_config_details = {
    "ServiceLbConfigDetails",
    (const struct field[]){
        {"backendNsgIds", FIELD_TEXT, .list = true, .list_max = 5}, FIELDS_TAGS, FIELDS_END}};

static const struct model key_value = {
    "KeyValue", (const struct field[]){{"key", FIELD_TEXT}, {"value", FIELD_TEXT}, FIELDS_END}};

static const struct model open_id_connect_token_authentication_config = {
    "OpenIdConnectTokenAuthenticationConfig",
    (const struct field[]){{"issuerUrl", FIELD_TEXT},
                           {"clientId", FIELD_TEXT},
                           {"usernameClaim", FIELD_TEXT},
                           {"usernamePrefix", FIELD_TEXT},
                           {"groupsClaim", FIELD_TEXT},
                           {"groupsPrefix", FIELD_TEXT},
                           {"requiredClaims", FIELD_MODEL, .list = true, .model = &key_value},
                           {"caCertificate", FIELD_TEXT},
                           {"signingAlgorithms", FIELD_TEXT, .list = true},
                           {"isOpenIdConnectAuthEnabled", FIELD_BOOL, .required = true},
                           {"configurationFile", FIELD_TEXT},
                           FIELDS_END}};

static const struct model open_id_connect_discovery = {
    "OpenIdConnectDiscovery",
    (const struct field[]){{"isOpenIdConnectDiscoveryEnabled", FIELD_BOOL}, FIELDS_END}};

static const struct model cluster_create_options = {
    "ClusterCreateOptions",
    (const struct field[]){
        {"serviceLbSubnetIds", FIELD_TEXT, .list = true, .list_max = 2},
        {"ipFamilies", FIELD_TEXT, .list = true, .one_of = "IPv4|IPv6"},
        {"kubernetesNetworkConfig", FIELD_MODEL, .model = &kubernetes_network_config},
        {"addOns", FIELD_MODEL, .model = &add_on_options},
        {"admissionControllerOptions", FIELD_MODEL, .model = &admission_controller_options},
        {"persistentVolumeConfig", FIELD_MODEL, .model = &persistent_volume_config_details},
        {"serviceLbConfig", FIELD_MODEL, .model = &service_lb_config_details},
        {"openIdConnectTokenAuthenticationConfig", FIELD_MODEL,
         .model = &open_id_connect_token_authentication_config},
        {"openIdConnectDiscovery", FIELD_MODEL, .model = &open_id_connect_discovery},
        FIELDS_END}};

static const struct model key_details = {
    "KeyDetails", (const struct field[]){{"kmsKeyId", FIELD_TEXT}, FIELDS_END}};

static const struct model create_image_policy_config_details = {
    "CreateImagePolicyConfigDetails",
    (const struct field[]){{"isPolicyEnabled", FIELD_BOOL},
                           {"keyDetails", FIELD_MODEL, .list = true, .model = &key_details},
                           FIELDS_END}};

static const struct model flannel_overlay_cluster_pod_network_option_details = {
    "FlannelOverlayClusterPodNetworkOptionDetails",
    (const struct field[]){
        {"cniType", FIELD_TEXT, .required = true, .one_of = "FLANNEL_OVERLAY|OCI_VCN_IP_NATIVE"},
        FIELDS_END}};

static const struct model oci_vcn_ip_native_cluster_pod_network_option_details = {
    "OciVcnIpNativeClusterPodNetworkOptionDetails",
    (const struct field[]){
        {"cniType", FIELD_TEXT, .required = true, .one_of = "FLANNEL_OVERLAY|OCI_VCN_IP_NATIVE"},
        FIELDS_END}};

static const struct model cluster_pod_network_option_details = {
    "ClusterPodNetworkOptionDetails", .discriminator = "cniType",
    .subtypes = (const struct subtype[]){
        {"FLANNEL_OVERLAY", &flannel_overlay_cluster_pod_network_option_details},
        {"OCI_VCN_IP_NATIVE", &oci_vcn_ip_native_cluster_pod_network_option_details},
        {NULL}}};

const struct model create_cluster_details = {
    "CreateClusterDetails",
    (const struct field[]){
        {"name", FIELD_TEXT, .required = true, .min = 1, .max = 255},
        FIELD_COMPARTMENT,
        {"endpointConfig", FIELD_MODEL, .model = &create_cluster_endpoint_config_details},
        {"vcnId", FIELD_TEXT, .required = true},
        {"kubernetesVersion", FIELD_TEXT, .required = true},
        {"kmsKeyId", FIELD_TEXT},
        {"options", FIELD_MODEL, .model = &cluster_create_options},
        {"imagePolicyConfig", FIELD_MODEL, .model = &create_image_policy_config_details},
        {"clusterPodNetworkOptions", FIELD_MODEL, .list = true, .list_min = 1, .list_max = 1,
         .model = &cluster_pod_network_option_details},
        {"type", FIELD_TEXT, .one_of = "BASIC_CLUSTER|ENHANCED_CLUSTER"},
        FIELDS_TAGS,
        FIELDS_END}};

static const struct model update_cluster_options_details = {
    "UpdateClusterOptionsDetails",
    (const struct field[]){
        {"admissionControllerOptions", FIELD_MODEL, .model = &admission_controller_options},
        {"persistentVolumeConfig", FIELD_MODEL, .model = &persistent_volume_config_details},
        {"serviceLbConfig", FIELD_MODEL, .model = &service_lb_config_details},
        {"openIdConnectTokenAuthenticationConfig", FIELD_MODEL,
         .model = &open_id_connect_token_authentication_config},
        {"openIdConnectDiscovery", FIELD_MODEL, .model = &open_id_connect_discovery},
        FIELDS_END}};

static const struct model update_image_policy_config_details = {
    "UpdateImagePolicyConfigDetails",
    (const struct field[]){{"isPolicyEnabled", FIELD_BOOL},
                           {"keyDetails", FIELD_MODEL, .list = true, .model = &key_details},
                           FIELDS_END}};

const struct model update_cluster_details = {
    "UpdateClusterDetails",
    (const struct field[]){
        {"name", FIELD_TEXT, .min = 1, .max = 255},
        {"kubernetesVersion", FIELD_TEXT},
        {"options", FIELD_MODEL, .model = &update_cluster_options_details},
        {"imagePolicyConfig", FIELD_MODEL, .model = &update_image_policy_config_details},
        {"type", FIELD_TEXT, .one_of = "BASIC_CLUSTER|ENHANCED_CLUSTER"},
        FIELDS_TAGS,
        FIELDS_END}};

const struct model update_cluster_endpoint_config_details = {
    "UpdateClusterEndpointConfigDetails",
    (const struct field[]){{"nsgIds", FIELD_TEXT, .list = true, .list_max = 5},
                           {"isPublicIpEnabled", FIELD_BOOL},
                           {"securityAttributes", FIELD_DEFINED_TAGS},
                           FIELDS_END}};

static const struct model cluster_endpoint_config = {
    "ClusterEndpointConfig",
    (const struct field[]){{"subnetId", FIELD_TEXT},
                           {"nsgIds", FIELD_TEXT, .list = true, .list_max = 5},
                           {"isPublicIpEnabled", FIELD_BOOL},
                           {"securityAttributes", FIELD_DEFINED_TAGS},
                           FIELDS_END}};

const struct model cluster_migrate_to_native_vcn_details = {
    "ClusterMigrateToNativeVcnDetails",
    (const struct field[]){
        {"endpointConfig", FIELD_MODEL, .required = true, .model = &cluster_endpoint_config},
        {"decommissionDelayDuration", FIELD_TEXT},
        FIELDS_END}};

const struct model create_cluster_kubeconfig_content_details = {
    "CreateClusterKubeconfigContentDetails",
    (const struct field[]){
        {"tokenVersion", FIELD_TEXT},
        {"expiration", FIELD_INTEGER},
        {"endpoint", FIELD_TEXT,
         .one_of = "LEGACY_KUBERNETES|PRIVATE_ENDPOINT|PUBLIC_ENDPOINT|VCN_HOSTNAME"},
        FIELDS_END}};

const struct model start_credential_rotation_details = {
    "StartCredentialRotationDetails",
    (const struct field[]){{"autoCompletionDelayDuration", FIELD_TEXT, .required = true},
                           FIELDS_END}};

static const struct model node_source_via_image_details = {
    "NodeSourceViaImageDetails",
    (const struct field[]){{"sourceType", FIELD_TEXT, .required = true, .one_of = "IMAGE"},
                           {"imageId", FIELD_TEXT, .required = true},
                           {"bootVolumeSizeInGBs", FIELD_INTEGER, .min = 50, .max = 32768},
                           FIELDS_END}};

static const struct model node_source_details = {
    "NodeSourceDetails", .discriminator = "sourceType",
    .subtypes = (const struct subtype[]){{"IMAGE", &node_source_via_image_details}, {NULL}}};

static const struct model create_node_shape_config_details = {
    "CreateNodeShapeConfigDetails",
    (const struct field[]){{"ocpus", FIELD_NUMBER, .min = 1, .max = 1024},
                           {"memoryInGBs", FIELD_NUMBER, .min = 1, .max = 16384},
                           FIELDS_END}};

static const struct model terminate_preemption_action = {
    "TerminatePreemptionAction",
    (const struct field[]){{"type", FIELD_TEXT, .required = true, .one_of = "TERMINATE"},
                           {"isPreserveBootVolume", FIELD_BOOL},
                           FIELDS_END}};

static const struct model preemption_action = {
    "PreemptionAction", .discriminator = "type",
    .subtypes = (const struct subtype[]){{"TERMINATE", &terminate_preemption_action}, {NULL}}};

static const struct model preemptible_node_config_details = {
    "PreemptibleNodeConfigDetails",
    (const struct field[]){
        {"preemptionAction", FIELD_MODEL, .required = true, .model = &preemption_action},
        FIELDS_END}};

static const struct model node_pool_placement_config_details = {
    "NodePoolPlacementConfigDetails",
    (const struct field[]){
        {"availabilityDomain", FIELD_TEXT, .required = true},
        {"subnetId", FIELD_TEXT, .required = true},
        {"capacityReservationId", FIELD_TEXT},
        {"hostGroupId", FIELD_TEXT},
        {"preemptibleNodeConfig", FIELD_MODEL, .model = &preemptible_node_config_details},
        {"faultDomains", FIELD_TEXT, .list = true},
        FIELDS_END}};

static const struct model oci_vcn_ip_native_node_pool_pod_network_option_details = {
    "OciVcnIpNativeNodePoolPodNetworkOptionDetails",
    (const struct field[]){
        {"cniType", FIELD_TEXT, .required = true, .one_of = "FLANNEL_OVERLAY|OCI_VCN_IP_NATIVE"},
        {"maxPodsPerNode", FIELD_INTEGER, .min = 1, .max = 110},
        {"podNsgIds", FIELD_TEXT, .list = true, .list_max = 5},
        {"podSubnetIds", FIELD_TEXT, .list = true},
        FIELDS_END}};

static const struct model flannel_overlay_node_pool_pod_network_option_details = {
    "FlannelOverlayNodePoolPodNetworkOptionDetails",
    (const struct field[]){
        {"cniType", FIELD_TEXT, .required = true, .one_of = "FLANNEL_OVERLAY|OCI_VCN_IP_NATIVE"},
        FIELDS_END}};

static const struct model node_pool_pod_network_option_details = {
    "NodePoolPodNetworkOptionDetails", .discriminator = "cniType",
    .subtypes = (const struct subtype[]){
        {"OCI_VCN_IP_NATIVE", &oci_vcn_ip_native_node_pool_pod_network_option_details},
        {"FLANNEL_OVERLAY", &flannel_overlay_node_pool_pod_network_option_details},
        {NULL}}};

static const struct model create_node_pool_node_config_details = {
    "CreateNodePoolNodeConfigDetails",
    (const struct field[]){{"size", FIELD_INTEGER, .required = true, .min = 0, .max = 1000},
                           {"nsgIds", FIELD_TEXT, .list = true, .list_max = 5},
                           {"kmsKeyId", FIELD_TEXT},
                           {"isPvEncryptionInTransitEnabled", FIELD_BOOL},
                           {"computeClusterId", FIELD_TEXT},
                           {"placementConfigs", FIELD_MODEL, .required = true, .list = true,
                            .list_min = 1, .model = &node_pool_placement_config_details},
                           {"nodePoolPodNetworkOptionDetails", FIELD_MODEL,
                            .model = &node_pool_pod_network_option_details},
                           FIELDS_TAGS,
                           FIELDS_END}};

static const struct model node_eviction_node_pool_settings = {
    "NodeEvictionNodePoolSettings",
    (const struct field[]){{"evictionGraceDuration", FIELD_TEXT},
                           {"isForceDeleteAfterGraceDuration", FIELD_BOOL},
                           {"isForceActionAfterGraceDuration", FIELD_BOOL},
                           FIELDS_END}};

static const struct model node_pool_cycling_details = {
    "NodePoolCyclingDetails",
    (const struct field[]){
        {"maximumUnavailable", FIELD_TEXT},
        {"maximumSurge", FIELD_TEXT},
        {"isNodeCyclingEnabled", FIELD_BOOL},
        {"cycleModes", FIELD_TEXT, .list = true, .one_of = "BOOT_VOLUME_REPLACE|INSTANCE_REPLACE"},
        FIELDS_END}};

static const struct model ipv6_address_ipv6_subnet_cidr_pair_details = {
    "Ipv6AddressIpv6SubnetCidrPairDetails", (const struct field[]){{"ipv6Address", FIELD_TEXT},
                                                                   {"ipv6SubnetCidr", FIELD_TEXT},
                                                                   FIELDS_END}};

static const struct model create_vnic_details = {
    "CreateVnicDetails",
    (const struct field[]){FIELD_DISPLAY_NAME,
                           {"assignIpv6Ip", FIELD_BOOL},
                           {"assignPublicIp", FIELD_BOOL},
                           {"ipCount", FIELD_INTEGER},
                           {"applicationResources", FIELD_TEXT, .list = true},
                           {"ipv6AddressIpv6SubnetCidrPairDetails", FIELD_MODEL, .list = true,
                            .model = &ipv6_address_ipv6_subnet_cidr_pair_details},
                           {"nsgIds", FIELD_TEXT, .list = true, .list_max = 5},
                           {"skipSourceDestCheck", FIELD_BOOL},
                           {"subnetId", FIELD_TEXT, .required = true},
                           {"securityAttributes", FIELD_DEFINED_TAGS},
                           FIELDS_TAGS,
                           FIELDS_END}};

static const struct model node_pool_secondary_vnic_details = {
    "NodePoolSecondaryVnicDetails",
    (const struct field[]){
        {"createVnicDetails", FIELD_MODEL, .required = true, .model = &create_vnic_details},
        FIELD_DISPLAY_NAME,
        {"nicIndex", FIELD_INTEGER},
        FIELDS_END}};

static const struct model node_pool_primary_vnic_details = {
    "NodePoolPrimaryVnicDetails",
    (const struct field[]){{"securityAttributes", FIELD_DEFINED_TAGS}, FIELDS_END}};

const struct model create_node_pool_details = {
    "CreateNodePoolDetails",
    (const struct field[]){
        FIELD_COMPARTMENT,
        {"clusterId", FIELD_TEXT, .required = true},
        {"name", FIELD_TEXT, .required = true, .min = 1, .max = 255},
        {"kubernetesVersion", FIELD_TEXT},
        {"nodeMetadata", FIELD_TEXT_MAP},
        {"nodeImageName", FIELD_TEXT},
        {"nodeSourceDetails", FIELD_MODEL, .model = &node_source_details},
        {"nodeShape", FIELD_TEXT, .required = true},
        {"nodeShapeConfig", FIELD_MODEL, .model = &create_node_shape_config_details},
        {"initialNodeLabels", FIELD_MODEL, .list = true, .model = &key_value},
        {"sshPublicKey", FIELD_TEXT},
        {"quantityPerSubnet", FIELD_INTEGER, .min = 0, .max = 1000},
        {"subnetIds", FIELD_TEXT, .list = true},
        {"nodeConfigDetails", FIELD_MODEL, .model = &create_node_pool_node_config_details},
        {"nodeEvictionNodePoolSettings", FIELD_MODEL, .model = &node_eviction_node_pool_settings},
        {"nodePoolCyclingDetails", FIELD_MODEL, .model = &node_pool_cycling_details},
        {"secondaryVnics", FIELD_MODEL, .list = true, .model = &node_pool_secondary_vnic_details},
        {"networkLaunchType", FIELD_TEXT, .one_of = "E1000|PARAVIRTUALIZED|VFIO"},
        {"primaryVnic", FIELD_MODEL, .model = &node_pool_primary_vnic_details},
        FIELDS_TAGS,
        FIELDS_END}};

static const struct model update_node_pool_node_config_details = {
    "UpdateNodePoolNodeConfigDetails",
    (const struct field[]){{"size", FIELD_INTEGER, .min = 0, .max = 1000},
                           {"nsgIds", FIELD_TEXT, .list = true, .list_max = 5},
                           {"kmsKeyId", FIELD_TEXT},
                           {"isPvEncryptionInTransitEnabled", FIELD_BOOL},
                           {"placementConfigs", FIELD_MODEL, .list = true, .list_min = 1,
                            .model = &node_pool_placement_config_details},
                           {"nodePoolPodNetworkOptionDetails", FIELD_MODEL,
                            .model = &node_pool_pod_network_option_details},
                           FIELDS_TAGS,
                           FIELDS_END}};

static const struct model update_node_shape_config_details = {
    "UpdateNodeShapeConfigDetails",
    (const struct field[]){{"ocpus", FIELD_NUMBER, .min = 1, .max = 1024},
                           {"memoryInGBs", FIELD_NUMBER, .min = 1, .max = 16384},
                           FIELDS_END}};

const struct model update_node_pool_details = {
    "UpdateNodePoolDetails",
    (const struct field[]){
        {"name", FIELD_TEXT, .min = 1, .max = 255},
        {"kubernetesVersion", FIELD_TEXT},
        {"initialNodeLabels", FIELD_MODEL, .list = true, .model = &key_value},
        {"quantityPerSubnet", FIELD_INTEGER, .min = 0, .max = 1000},
        {"subnetIds", FIELD_TEXT, .list = true},
        {"nodeConfigDetails", FIELD_MODEL, .model = &update_node_pool_node_config_details},
        {"nodeMetadata", FIELD_TEXT_MAP},
        {"nodeSourceDetails", FIELD_MODEL, .model = &node_source_details},
        {"sshPublicKey", FIELD_TEXT},
        {"nodeShape", FIELD_TEXT},
        {"nodeShapeConfig", FIELD_MODEL, .model = &update_node_shape_config_details},
        {"nodeEvictionNodePoolSettings", FIELD_MODEL, .model = &node_eviction_node_pool_settings},
        {"nodePoolCyclingDetails", FIELD_MODEL, .model = &node_pool_cycling_details},
        {"secondaryVnics", FIELD_MODEL, .list = true, .model = &node_pool_secondary_vnic_details},
        {"networkLaunchType", FIELD_TEXT, .one_of = "E1000|PARAVIRTUALIZED|VFIO"},
        {"primaryVnic", FIELD_MODEL, .model = &node_pool_primary_vnic_details},
        FIELDS_TAGS,
        FIELDS_END}};

static const struct model addon_configuration = {
    "AddonConfiguration",
    (const struct field[]){{"key", FIELD_TEXT}, {"value", FIELD_TEXT}, FIELDS_END}};

const struct model install_addon_details = {
    "InstallAddonDetails", (const struct field[]){{"addonName", FIELD_TEXT, .required = true},
                                                  {"version", FIELD_TEXT},
                                                  {"configurations", FIELD_MODEL, .list = true,
                                                   .model = &addon_configuration},
                                                  {"isOverrideExisting", FIELD_BOOL},
                                                  FIELDS_END}};

const struct model update_addon_details = {
    "UpdateAddonDetails", (const struct field[]){{"version", FIELD_TEXT},
                                                 {"configurations", FIELD_MODEL, .list = true,
                                                  .model = &addon_configuration},
                                                 FIELDS_END}};

static const struct model node_eviction_settings = {
    "NodeEvictionSettings", (const struct field[]){{"evictionGraceDuration", FIELD_TEXT},
                                                   {"isForceActionAfterGraceDuration", FIELD_BOOL},
                                                   FIELDS_END}};

const struct model reboot_cluster_node_details = {
    "RebootClusterNodeDetails",
    (const struct field[]){{"nodeEvictionSettings", FIELD_MODEL, .model = &node_eviction_settings},
                           FIELDS_END}};

const struct model replace_boot_volume_cluster_node_details = {
    "ReplaceBootVolumeClusterNodeDetails",
    (const struct field[]){{"nodeEvictionSettings", FIELD_MODEL, .model = &node_eviction_settings},
                           FIELDS_END}};

static const struct model initial_virtual_node_label = {
    "InitialVirtualNodeLabel",
    (const struct field[]){{"key", FIELD_TEXT}, {"value", FIELD_TEXT}, FIELDS_END}};

static const struct model taint = {
    "Taint", (const struct field[]){
                 {"key", FIELD_TEXT},
                 {"value", FIELD_TEXT},
                 {"effect", FIELD_TEXT, .one_of = "NoSchedule|PreferNoSchedule|NoExecute"},
                 FIELDS_END}};

static const struct model placement_configuration = {
    "PlacementConfiguration",
    (const struct field[]){{"availabilityDomain", FIELD_TEXT, .required = true},
                           {"faultDomain", FIELD_TEXT, .list = true},
                           {"subnetId", FIELD_TEXT, .required = true},
                           FIELDS_END}};

static const struct model pod_configuration = {
    "PodConfiguration", (const struct field[]){{"subnetId", FIELD_TEXT, .required = true},
                                               {"nsgIds", FIELD_TEXT, .list = true, .list_max = 5},
                                               {"shape", FIELD_TEXT, .required = true},
                                               FIELDS_END}};

static const struct model virtual_node_tags = {"VirtualNodeTags",
                                               (const struct field[]){FIELDS_TAGS, FIELDS_END}};

static const struct model virtual_node_pool_cycling_details = {
    "VirtualNodePoolCyclingDetails",
    (const struct field[]){{"maximumUnavailable", FIELD_TEXT},
                           {"maximumSurge", FIELD_TEXT},
                           {"isVirtualNodeCyclingEnabled", FIELD_BOOL},
                           FIELDS_END}};

const struct model create_virtual_node_pool_details = {
    "CreateVirtualNodePoolDetails",
    (const struct field[]){
        FIELD_COMPARTMENT,
        {"clusterId", FIELD_TEXT, .required = true},
        {"displayName", FIELD_TEXT, .required = true},
        {"initialVirtualNodeLabels", FIELD_MODEL, .list = true,
         .model = &initial_virtual_node_label},
        {"taints", FIELD_MODEL, .list = true, .model = &taint},
        {"size", FIELD_INTEGER, .required = true, .min = 0, .max = 1000},
        {"placementConfigurations", FIELD_MODEL, .required = true, .list = true, .list_min = 1,
         .model = &placement_configuration},
        {"nsgIds", FIELD_TEXT, .list = true, .list_max = 5},
        {"podConfiguration", FIELD_MODEL, .required = true, .model = &pod_configuration},
        {"virtualNodeTags", FIELD_MODEL, .model = &virtual_node_tags},
        {"virtualNodePoolCyclingDetails", FIELD_MODEL, .model = &virtual_node_pool_cycling_details},
        FIELDS_TAGS,
        FIELDS_END}};

const struct model update_virtual_node_pool_details = {
    "UpdateVirtualNodePoolDetails",
    (const struct field[]){
        FIELD_DISPLAY_NAME,
        {"initialVirtualNodeLabels", FIELD_MODEL, .list = true,
         .model = &initial_virtual_node_label},
        {"taints", FIELD_MODEL, .list = true, .model = &taint},
        {"size", FIELD_INTEGER, .min = 0, .max = 1000},
        {"placementConfigurations", FIELD_MODEL, .list = true, .model = &placement_configuration},
        {"nsgIds", FIELD_TEXT, .list = true, .list_max = 5},
        {"podConfiguration", FIELD_MODEL, .model = &pod_configuration},
        {"virtualNodeTags", FIELD_MODEL, .model = &virtual_node_tags},
        {"virtualNodePoolCyclingDetails", FIELD_MODEL, .model = &virtual_node_pool_cycling_details},
        FIELDS_TAGS,
        FIELDS_END}};

const struct model create_workload_mapping_details = {
    "CreateWorkloadMappingDetails",
    (const struct field[]){{"namespace", FIELD_TEXT, .required = true},
                           {"mappedCompartmentId", FIELD_TEXT, .required = true},
                           FIELDS_TAGS,
                           FIELDS_END}};

const struct model update_workload_mapping_details = {
    "UpdateWorkloadMappingDetails",
    (const struct field[]){{"mappedCompartmentId", FIELD_TEXT}, FIELDS_TAGS, FIELDS_END}};
