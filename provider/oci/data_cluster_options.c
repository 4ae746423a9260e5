/* What OKE offers: the data sources cluster_option and node_pool_option. */
#include "provider/oci/attributes.h"
#include "provider/oci/source.h"

#define ALL_OR_CLUSTER(name_)                                                                      \
    {                                                                                              \
        .name = (name_), .flags = REQUIRED,                                                        \
        .doc = "`all`, or the OCID of a cluster: what can be used with it.", .sample = "\"all\""   \
    }

#define FOR_COMPARTMENT                                                                            \
    ATTRIBUTE_OCID("compartment_id", OPTIONAL, "compartment tenancy",                              \
                   "OCID of the compartment whose limits count.")

#define ALL_PATCHES                                                                                \
    {                                                                                              \
        .name = "should_list_all_patch_versions", .kind = ATTRIBUTE_BOOL, .flags = OPTIONAL,       \
        .doc = "All patch versions instead of the newest of each minor version."                   \
    }

#define VERSIONS                                                                                   \
    {                                                                                              \
        .name = "kubernetes_versions", .kind = ATTRIBUTE_STRING_LIST, .flags = COMPUTED,           \
        .doc = "Kubernetes versions, the newest last."                                             \
    }

static const struct attribute network_options[] = {
    ATTRIBUTE_TOLD("cni_type", "`FLANNEL_OVERLAY` or `OCI_VCN_IP_NATIVE`."),
    ATTRIBUTES_END,
};

static const struct attribute cluster_attributes[] = {
    ATTRIBUTE_SOURCE_ID,
    ALL_OR_CLUSTER("cluster_option_id"),
    FOR_COMPARTMENT,
    ALL_PATCHES,
    VERSIONS,
    {.name = "cluster_pod_network_options",
     .kind = ATTRIBUTE_OBJECT_LIST,
     .flags = COMPUTED,
     .fields = network_options,
     .doc = "Networks for pods."},
    ATTRIBUTES_END,
};

static const struct attribute sources[] = {
    ATTRIBUTE_TOLD("image_id", "OCID of the image."),
    ATTRIBUTE_TOLD("source_name", "Name of the image."),
    ATTRIBUTE_TOLD("source_type", "`IMAGE`."),
    ATTRIBUTES_END,
};

static const struct attribute node_pool_attributes[] = {
    ATTRIBUTE_SOURCE_ID,
    ALL_OR_CLUSTER("node_pool_option_id"),
    FOR_COMPARTMENT,
    {.name = "node_pool_k8s_version",
     .flags = OPTIONAL,
     .validate = validate_kubernetes_version,
     .doc = "Only images for this Kubernetes version."},
    {.name = "node_pool_os_arch",
     .flags = OPTIONAL,
     .one_of = (const char *const[]){"X86_64", "AARCH64", NULL},
     .doc = "Only images for this architecture."},
    {.name = "node_pool_os_type",
     .flags = OPTIONAL,
     .one_of = (const char *const[]){"OL7", "OL8", "OL9", "UBUNTU", NULL},
     .doc = "Only images with this system."},
    ALL_PATCHES,
    VERSIONS,
    {.name = "shapes",
     .kind = ATTRIBUTE_STRING_LIST,
     .flags = COMPUTED,
     .doc = "Shapes that nodes can have."},
    {.name = "images",
     .kind = ATTRIBUTE_STRING_LIST,
     .flags = COMPUTED,
     .doc = "Names of images; `sources` has their OCIDs."},
    {.name = "sources",
     .kind = ATTRIBUTE_OBJECT_LIST,
     .flags = COMPUTED,
     .fields = sources,
     .doc = "Images that nodes can start from."},
    ATTRIBUTES_END,
};

const struct resource oke_data_cluster_option = {
    .name = "cluster_option",
    .summary = "Kubernetes versions and pod networks that OKE offers for clusters.",
    .subcategory = "Kubernetes Engine",
    .attributes = cluster_attributes,
    .ops = &oci_source_ops,
    .api =
        &(const struct oci_source){
            .service = OCI_CONTAINER_ENGINE,
            .operation = "GetClusterOptions",
            .path = "/clusterOptions/{cluster_option_id}",
            .query = (const struct api_query[]){{"compartmentId", "{compartment_id}"},
                                                {"shouldListAllPatchVersions",
                                                 "{should_list_all_patch_versions}"},
                                                {NULL}}},
    .example = "data \"oke_cluster_option\" \"all\" {\n"
               "  cluster_option_id = \"all\"\n"
               "}\n",
};

const struct resource oke_data_node_pool_option = {
    .name = "node_pool_option",
    .summary = "Kubernetes versions, shapes and images that OKE offers for worker nodes.",
    .description = "The data source `oke_node_image` picks the right image out of these.",
    .subcategory = "Kubernetes Engine",
    .attributes = node_pool_attributes,
    .ops = &oci_source_ops,
    .api =
        &(const struct oci_source){
            .service = OCI_CONTAINER_ENGINE,
            .operation = "GetNodePoolOptions",
            .path = "/nodePoolOptions/{node_pool_option_id}",
            .query = (const struct api_query[]){{"compartmentId", "{compartment_id}"},
                                                {"shouldListAllPatchVersions",
                                                 "{should_list_all_patch_versions}"},
                                                {"nodePoolOsType", "{node_pool_os_type}"},
                                                {"nodePoolOsArch", "{node_pool_os_arch}"},
                                                {"nodePoolK8sVersion", "{node_pool_k8s_version}"},
                                                {NULL}}},
    .example = "data \"oke_node_pool_option\" \"all\" {\n"
               "  node_pool_option_id = \"all\"\n"
               "}\n",
};
