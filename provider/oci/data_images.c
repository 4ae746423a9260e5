/* The data sources image and images. */
#include "provider/oci/attributes.h"
#include "provider/oci/filter.h"
#include "provider/oci/source.h"

#define IS(name_, doc_)                                                                            \
    {                                                                                              \
        .name = (name_), .kind = ATTRIBUTE_BOOL, .flags = COMPUTED, .doc = (doc_)                  \
    }

static const struct attribute agent_features[] = {
    IS("is_management_supported", "Whether it runs commands."),
    IS("is_monitoring_supported", "Whether it sends metrics."),
    ATTRIBUTES_END,
};

static const struct attribute launch_options[] = {
    ATTRIBUTE_TOLD("boot_volume_type", "`ISCSI`, `PARAVIRTUALIZED`, …"),
    ATTRIBUTE_TOLD("firmware", "`BIOS` or `UEFI_64`."),
    IS("is_consistent_volume_naming_enabled", "Whether volumes keep their device names."),
    IS("is_pv_encryption_in_transit_enabled", "Whether traffic to volumes is encrypted."),
    ATTRIBUTE_TOLD("network_type", "`VFIO`, `PARAVIRTUALIZED`, …"),
    ATTRIBUTE_TOLD("remote_data_volume_type", "`ISCSI`, `PARAVIRTUALIZED`, …"),
    ATTRIBUTES_END,
};

/* What one image and each of a list have, but for the id. */
#define IMAGE                                                                                      \
    {.name = "agent_features",                                                                     \
     .kind = ATTRIBUTE_OBJECT_LIST,                                                                \
     .flags = COMPUTED | SINGLE,                                                                   \
     .fields = agent_features,                                                                     \
     .doc = "What the agent on it can do."},                                                       \
        ATTRIBUTE_TOLD("base_image_id", "OCID of the image that it was made from."),               \
        {.name = "billable_size_in_gbs",                                                           \
         .flags = COMPUTED,                                                                        \
         .json = "billableSizeInGBs",                                                              \
         .json_kind = JSON_INTEGER_TEXT,                                                           \
         .doc = "Size that is paid for, in GB."},                                                  \
        ATTRIBUTE_TOLD("compartment_id", "Its compartment; null for images of Oracle."),           \
        IS("create_image_allowed", "Whether instances of it can be made into images."),            \
        {.name = "defined_tags",                                                                   \
         .kind = ATTRIBUTE_STRING_MAP,                                                             \
         .flags = COMPUTED,                                                                        \
         .json_kind = JSON_TWO_LEVEL_MAP,                                                          \
         .doc = "Defined tags, as `\"namespace.key\" = \"value\"`."},                              \
        ATTRIBUTE_TOLD("display_name", "Its name."),                                               \
        {.name = "freeform_tags",                                                                  \
         .kind = ATTRIBUTE_STRING_MAP,                                                             \
         .flags = COMPUTED,                                                                        \
         .doc = "Free-form tags."},                                                                \
        ATTRIBUTE_TOLD("launch_mode", "How instances of it run: `NATIVE`, `PARAVIRTUALIZED`, …"),  \
        {.name = "launch_options",                                                                 \
         .kind = ATTRIBUTE_OBJECT_LIST,                                                            \
         .flags = COMPUTED | SINGLE,                                                               \
         .fields = launch_options,                                                                 \
         .doc = "How instances of it are set up."},                                                \
        ATTRIBUTE_TOLD("listing_type", "`COMMUNITY` or `NONE`."),                                  \
        ATTRIBUTE_TOLD("operating_system", "Such as `Oracle Linux`."),                             \
        ATTRIBUTE_TOLD("operating_system_version", "Such as `8`."),                                \
        {.name = "size_in_mbs",                                                                    \
         .flags = COMPUTED,                                                                        \
         .json = "sizeInMBs",                                                                      \
         .json_kind = JSON_INTEGER_TEXT,                                                           \
         .doc = "Size of the boot volume, in MB."},                                                \
        ATTRIBUTE_STATE, ATTRIBUTE_TIME_CREATED, ATTRIBUTES_END

static const struct attribute fields[] = {ATTRIBUTE_ID, IMAGE};

static const struct attribute one[] = {
    ATTRIBUTE_ID,
    ATTRIBUTE_OCID("image_id", REQUIRED, "image", "OCID of the image."),
    IMAGE,
};

static const struct attribute many[] = {
    ATTRIBUTE_SOURCE_ID,
    ATTRIBUTE_COMPARTMENT_ID(0),
    {.name = "display_name", .flags = OPTIONAL, .doc = "Only images of exactly this name."},
    {.name = "operating_system",
     .flags = OPTIONAL,
     .doc = "Only images with this system.",
     .sample = "\"Oracle Linux\""},
    {.name = "operating_system_version", .flags = OPTIONAL, .doc = "Only this version of it."},
    {.name = "shape", .flags = OPTIONAL, .doc = "Only images that run on this shape."},
    {.name = "state", .flags = OPTIONAL, .doc = "Only images in this lifecycle state."},
    {.name = "sort_by",
     .flags = OPTIONAL,
     .one_of = (const char *const[]){"TIMECREATED", "DISPLAYNAME", NULL},
     .doc = "What they are sorted by."},
    {.name = "sort_order",
     .flags = OPTIONAL,
     .one_of = (const char *const[]){"ASC", "DESC", NULL},
     .doc = "Ascending or descending. By time the newest come first when it is left out."},
    ATTRIBUTE_FILTER,
    {.name = "images",
     .kind = ATTRIBUTE_OBJECT_LIST,
     .flags = COMPUTED,
     .fields = fields,
     .doc = "The images."},
    ATTRIBUTES_END,
};

const struct resource oke_data_image = {
    .name = "image",
    .summary = "One compute image, by its OCID.",
    .subcategory = "Compute",
    .attributes = one,
    .ops = &oci_source_ops,
    .api = &(const struct oci_source){.service = OCI_COMPUTE,
                                      .operation = "GetImage",
                                      .path = "/images/{image_id}"},
    .example = "data \"oke_image\" \"node\" {\n"
               "  image_id = var.image_id\n"
               "}\n",
};

const struct resource oke_data_images = {
    .name = "images",
    .summary = "Compute images: Oracle's and one's own.",
    .description = "For worker nodes of OKE use `oke_node_image`, which knows the images that are "
                   "prepared for a Kubernetes version.",
    .subcategory = "Compute",
    .attributes = many,
    .ops = &oci_source_ops,
    .api =
        &(const struct oci_source){
            .service = OCI_COMPUTE,
            .operation = "ListImages",
            .path = "/images",
            .query =
                (const struct api_query[]){{"compartmentId", "{compartment_id}"},
                                           {"displayName", "{display_name}"},
                                           {"operatingSystem", "{operating_system}"},
                                           {"operatingSystemVersion", "{operating_system_version}"},
                                           {"shape", "{shape}"},
                                           {"lifecycleState", "{state}"},
                                           {"sortBy", "{sort_by}"},
                                           {"sortOrder", "{sort_order}"},
                                           {NULL}},
            .list = "images"},
    .example = "data \"oke_images\" \"linux\" {\n"
               "  compartment_id   = var.compartment_id\n"
               "  operating_system = \"Oracle Linux\"\n"
               "  shape            = \"VM.Standard.A1.Flex\"\n"
               "  sort_by          = \"TIMECREATED\"\n"
               "}\n",
};
