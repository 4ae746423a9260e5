#include "provider/oci/attributes.h"
#include "provider/oci/filter.h"
#include "provider/oci/source.h"

static const struct attribute fields[] = {
    ATTRIBUTE_TOLD("compartment_id", "Compartment of the repository."),
    {.name = "defined_tags",
     .kind = ATTRIBUTE_STRING_MAP,
     .flags = COMPUTED,
     .json_kind = JSON_TWO_LEVEL_MAP,
     .doc = "Defined tags, as `\"namespace.key\" = \"value\"`."},
    ATTRIBUTE_TOLD("digest", "`sha256:` and 64 digits."),
    ATTRIBUTE_TOLD("display_name", "Repository and version, or digest."),
    {.name = "freeform_tags",
     .kind = ATTRIBUTE_STRING_MAP,
     .flags = COMPUTED,
     .doc = "Free-form tags."},
    ATTRIBUTE_ID,
    ATTRIBUTE_TOLD("repository_id", "OCID of the repository."),
    ATTRIBUTE_TOLD("repository_name", "Name of the repository."),
    ATTRIBUTE_STATE,
    {.name = "system_tags",
     .kind = ATTRIBUTE_STRING_MAP,
     .flags = COMPUTED,
     .json_kind = JSON_TWO_LEVEL_MAP,
     .doc = "Tags that OCI set."},
    ATTRIBUTE_TIME_CREATED,
    ATTRIBUTE_TOLD("version", "The newest tag; null when it has none."),
    ATTRIBUTES_END,
};

static const struct attribute collection[] = {
    {.name = "items",
     .kind = ATTRIBUTE_OBJECT_LIST,
     .flags = COMPUTED,
     .fields = fields,
     .doc = "The images."},
    ATTRIBUTES_END,
};

static const struct attribute attributes[] = {
    ATTRIBUTE_SOURCE_ID,
    ATTRIBUTE_COMPARTMENT_ID(0),
    {.name = "compartment_id_in_subtree",
     .kind = ATTRIBUTE_BOOL,
     .flags = OPTIONAL,
     .doc = "Also those of compartments below it."},
    {.name = "display_name", .flags = OPTIONAL, .doc = "Only images of exactly this name."},
    {.name = "image_digest", .flags = OPTIONAL, .doc = "Only images with this digest."},
    {.name = "image_id", .flags = OPTIONAL, .doc = "Only this image."},
    {.name = "is_versioned",
     .kind = ATTRIBUTE_BOOL,
     .flags = OPTIONAL,
     .doc = "Only images that have a tag, or that have none."},
    {.name = "repository_id", .flags = OPTIONAL, .doc = "Only images of this repository."},
    {.name = "repository_name", .flags = OPTIONAL, .doc = "Only images of this repository."},
    {.name = "state", .flags = OPTIONAL, .doc = "Only images in this lifecycle state."},
    {.name = "version", .flags = OPTIONAL, .doc = "Only images with this tag."},
    ATTRIBUTE_FILTER,
    {.name = "container_image_collection",
     .kind = ATTRIBUTE_OBJECT_LIST,
     .flags = COMPUTED,
     .fields = collection,
     .doc = "One element with all that was found."},
    ATTRIBUTES_END,
};

const struct resource oke_data_container_images = {
    .name = "container_images",
    .summary = "Images in OCI Registry.",
    .subcategory = "Container Registry",
    .attributes = attributes,
    .ops = &oci_source_ops,
    .api =
        &(const struct oci_source){
            .service = OCI_ARTIFACTS,
            .operation = "ListContainerImages",
            .path = "/container/images",
            .query = (const struct api_query[]){{"compartmentId", "{compartment_id}"},
                                                {"compartmentIdInSubtree",
                                                 "{compartment_id_in_subtree}"},
                                                {"displayName", "{display_name}"},
                                                {"imageId", "{image_id}"},
                                                {"imageDigest", "{image_digest}"},
                                                {"isVersioned", "{is_versioned}"},
                                                {"repositoryId", "{repository_id}"},
                                                {"repositoryName", "{repository_name}"},
                                                {"version", "{version}"},
                                                {"lifecycleState", "{state}"},
                                                {NULL}},
            .list = "container_image_collection",
            .wrapped = true},
    .example = "data \"oke_container_images\" \"backend\" {\n"
               "  compartment_id  = var.compartment_id\n"
               "  repository_name = \"todo/backend\"\n"
               "}\n",
};
