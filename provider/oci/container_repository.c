#include <string.h>

#include "provider/engine/diagnostics.h"
#include "provider/oci/attributes.h"
#include "provider/oci/ops.h"

static const char *const formats[] = {"TEXT_MARKDOWN", "TEXT_PLAIN", NULL};

static const struct attribute readme_fields[] = {
    {.name = "content",
     .flags = REQUIRED,
     .max_length = 500000,
     .doc = "Its text.",
     .sample = "\"# Todo backend\""},
    {.name = "format",
     .flags = REQUIRED,
     .one_of = formats,
     .one_of_any_case = true,
     .equal = equal_any_case,
     .doc = "`TEXT_MARKDOWN` or `TEXT_PLAIN`.",
     .sample = "\"TEXT_MARKDOWN\""},
    ATTRIBUTES_END,
};

/* What `docker push` can name: small letters, digits and single separators, parts divided by slashes. */
static void validate_path(const struct attribute *attribute, const struct value *value,
                          const struct path *path, struct diagnostics *diagnostics,
                          struct arena *arena)
{
    (void)arena;
    const char *text = value_text(value);
    bool good = text && !strpbrk(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") && !strstr(text, "//") &&
                !strchr("/._-", text[0]) && !strchr("/._-", text[strlen(text) - 1]) &&
                strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789/._-") == strlen(text);
    if (!good)
        diagnostics_error(
            diagnostics, path, "Invalid value",
            "%s: \"%.200s\" may have small letters and digits with . _ - between them, "
            "and parts divided by slashes, like team/todo-backend.",
            attribute->name, text ? text : "");
}

static const struct attribute attributes[] = {
    ATTRIBUTE_ID,
    ATTRIBUTE_COMPARTMENT_ID(0),
    {.name = "display_name",
     .flags = REQUIRED | REPLACE,
     .min_length = 1,
     .max_length = 255,
     .validate = validate_path,
     .doc = "Name, unique in tenancy and region, without registry and namespace: `team/app`.",
     .sample = "\"todo-backend\""},
    ATTRIBUTE_SWITCH("is_immutable", OPTIONAL | COMPUTED,
                     "Whether a tag, once pushed, can never be pushed again."),
    {.name = "is_public",
     .kind = ATTRIBUTE_BOOL,
     .flags = OPTIONAL | COMPUTED,
     .doc = "Whether anybody may pull, without login.",
     .sample = "false"},
    ATTRIBUTE_BLOCK("readme", OPTIONAL | COMPUTED, readme_fields,
                    "The page that the console shows."),
    {.name = "billable_size_in_gbs",
     .flags = COMPUTED,
     .json = "billableSizeInGBs",
     .json_kind = JSON_INTEGER_TEXT,
     .doc = "Size that is charged, in GB."},
    {.name = "layers_size_in_bytes",
     .flags = COMPUTED,
     .json_kind = JSON_INTEGER_TEXT,
     .doc = "Size of all layers."},
    {.name = "image_count",
     .kind = ATTRIBUTE_INTEGER,
     .flags = COMPUTED,
     .doc = "Number of images."},
    {.name = "layer_count",
     .kind = ATTRIBUTE_INTEGER,
     .flags = COMPUTED,
     .doc = "Number of layers."},
    ATTRIBUTE_TOLD("created_by", "OCID of who made it."),
    ATTRIBUTE_TOLD("namespace",
                   "Namespace of the tenancy: `<registry>/<namespace>/<display_name>`."),
    {.name = "system_tags",
     .kind = ATTRIBUTE_STRING_MAP,
     .flags = COMPUTED,
     .json_kind = JSON_TWO_LEVEL_MAP,
     .doc = "Tags that OCI sets."},
    ATTRIBUTE_DEFINED_TAGS,
    ATTRIBUTE_FREEFORM_TAGS,
    ATTRIBUTE_STATE,
    ATTRIBUTE_TIME_CREATED,
    ATTRIBUTE_TOLD("time_last_pushed", "When an image was last pushed (RFC 3339)."),
    ATTRIBUTES_END,
};

static const struct api_states states = {.busy = (const char *const[]){NULL},
                                         .alive = (const char *const[]){"AVAILABLE", NULL},
                                         .leaving = (const char *const[]){"DELETING", NULL},
                                         .gone = (const char *const[]){"DELETED", NULL}};

static const struct attribute list_attributes[] = {
    ATTRIBUTE_COMPARTMENT_ID(0),
    ATTRIBUTE_TEXT("display_name", OPTIONAL, "Only those of exactly this name."),
    ATTRIBUTE_SWITCH("is_public", OPTIONAL,
                     "Only those that everybody may pull from, or that nobody may."),
    ATTRIBUTE_SWITCH("compartment_id_in_subtree", OPTIONAL, "Also those of compartments below it."),
    ATTRIBUTES_END,
};

static const struct oci_api api = {
    .service = OCI_ARTIFACTS,
    .noun = "container repository",
    .stem = "ContainerRepository",
    .operation = {.list = "ListContainerRepositories"},
    .path = "/container/repositories",
    .ocid_type = "containerrepo",
    .flags = API_LIST_SUMMARY | API_UPDATE_CHANGED,
    .states = &states,
    .list_query =
        (const struct api_query[]){{"compartmentId", "{compartment_id}"},
                                   {"displayName", "{display_name}"},
                                   {"isPublic", "{is_public}"},
                                   {"compartmentIdInSubtree", "{compartment_id_in_subtree}"},
                                   {NULL}},
    .actions =
        (const struct api_action[]){API_CHANGE_COMPARTMENT("ChangeContainerRepositoryCompartment"),
                                    {.attribute = NULL}},
};

const struct resource oke_container_repository = {
    .name = "container_repository",
    .summary = "A repository of the container registry (OCIR).",
    .description = "Destroying a repository deletes its images.",
    .subcategory = "Container Registry",
    .attributes = attributes,
    .ops = &oci_ops,
    .api = &api,
    .import_id = "the repository's OCID",
    .moved_from = (const char *const[]){"oci_artifacts_container_repository", NULL},
    .list_attributes = list_attributes,
    .example = "resource \"oke_container_repository\" \"backend\" {\n"
               "  compartment_id = var.compartment_id\n"
               "  display_name   = \"todo-backend\"\n"
               "  is_public      = false\n"
               "}\n",
};
