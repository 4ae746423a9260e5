#include "provider/oci/attributes.h"
#include "provider/oci/oke.h"
#include "provider/oci/ops.h"

static const struct attribute configuration_fields[] = {
    {.name = "key",
     .flags = OPTIONAL | COMPUTED | KEY,
     .doc = "Setting, such as `numOfReplicas`.",
     .sample = "\"numOfReplicas\""},
    {.name = "value",
     .flags = OPTIONAL | COMPUTED,
     .equal = equal_json,
     .doc = "Its value: text, often JSON.",
     .sample = "\"2\""},
    ATTRIBUTES_END,
};

static const struct attribute error_fields[] = {
    ATTRIBUTE_TOLD("code", "Code."),
    ATTRIBUTE_TOLD("message", "What is wrong."),
    ATTRIBUTE_TOLD("status", "HTTP status."),
    ATTRIBUTES_END,
};

static const struct attribute attributes[] = {
    ATTRIBUTE_TOLD("id", "`clusters/<cluster OCID>/addons/<name>`."),
    {.name = "cluster_id",
     .flags = REQUIRED | REPLACE,
     .validate = validate_ocid,
     .validate_with = "cluster",
     .doc = "OCID of the cluster, an enhanced one.",
     .sample = "oke_cluster.main.id"},
    {.name = "addon_name",
     .flags = REQUIRED | REPLACE,
     .json = "name",
     .validate = validate_name,
     .validate_with = "-_",
     .doc =
         "Which add-on, such as `CertManager`, `ClusterAutoscaler` or `KubernetesMetricsServer`.",
     .sample = "\"CertManager\""},
    {.name = "remove_addon_resources_on_delete",
     .kind = ATTRIBUTE_BOOL,
     .flags = REQUIRED | LOCAL,
     .doc =
         "Whether destroying also removes what the add-on runs in the cluster. Otherwise OKE only "
         "stops to manage it.",
     .sample = "true"},
    {.name = "configurations",
     .kind = ATTRIBUTE_OBJECT_LIST,
     .flags = OPTIONAL | COMPUTED | ANY_ORDER,
     .fields = configuration_fields,
     .doc = "Settings of the add-on."},
    {.name = "override_existing",
     .kind = ATTRIBUTE_BOOL,
     .flags = OPTIONAL | CREATE_ONLY | UNREADABLE,
     .json = "isOverrideExisting",
     .default_value = "false",
     .doc = "Whether an add-on that was installed by hand is taken over."},
    ATTRIBUTE_TEXT("version", OPTIONAL,
                   "Version to stay at; without it OKE keeps the add-on up to date."),
    ATTRIBUTE_BLOCK("addon_error", COMPUTED | VOLATILE, error_fields,
                    "What is wrong, in the state `NEEDS_ATTENTION`."),
    {.name = "current_installed_version",
     .flags = COMPUTED | VOLATILE,
     .doc = "Version that runs."},
    ATTRIBUTE_STATE,
    ATTRIBUTE_TIME_CREATED,
    ATTRIBUTES_END,
};

/* The name is called otherwise here than everywhere else. */
static bool name_for_install(struct api_call *call, json_t *body, struct error *err)
{
    (void)err;
    if (call->phase == API_CREATE) {
        json_object_set(body, "addonName", json_object_get(body, "name"));
        json_object_del(body, "name");
    }
    return true;
}

/* OCI cannot tell what shall happen at the end; it wants to be told. */
static bool import(struct operation *op, const char *id, const struct value **state,
                   struct error *err)
{
    if (!api_import(op, id, state, err))
        return false;
    *state = value_with(op->arena, *state, "remove_addon_resources_on_delete", &value_true);
    return true;
}

static const struct attribute list_attributes[] = {
    ATTRIBUTE_OCID("cluster_id", REQUIRED, "cluster", "OCID of the cluster."),
    ATTRIBUTES_END,
};

static const struct oci_api api = {
    .service = OCI_CONTAINER_ENGINE,
    .noun = "add-on",
    .stem = "Addon",
    .operation = {.create = "InstallAddon", .remove = "DisableAddon"},
    .path = "/clusters/{cluster_id}/addons",
    .item = "/clusters/{cluster_id}/addons/{addon_name}",
    .id = "clusters/{cluster_id}/addons/{addon_name}",
    .name = "addon_name",
    .flags = API_KEYED_BY_NAME | API_LIST_SUMMARY,
    .states = &api_states_attention,
    .work_request_entity = "addon",
    .retry = oke_retry,
    .delete_query =
        (const struct api_query[]){{"isRemoveExistingAddOn", "{remove_addon_resources_on_delete}"},
                                   {NULL}},
    .body = name_for_install,
};

const struct resource oke_addon = {
    .name = "addon",
    .summary = "An add-on of an enhanced cluster, which OKE installs and keeps up to date.",
    .subcategory = "Kubernetes Engine",
    .attributes = attributes,
    .ops = &(const struct resource_ops){.create = api_create,
                                        .read = api_read,
                                        .update = api_update,
                                        .remove = api_remove,
                                        .import = import,
                                        .list = api_list},
    .api = &api,
    .identity = (const struct identity_attribute[]){{"cluster_id", false, "OCID of the cluster."},
                                                    {"addon_name", false, "Name of the add-on."},
                                                    {NULL}},
    .import_id = "`clusters/<cluster OCID>/addons/<name>`",
    .moved_from = (const char *const[]){"oci_containerengine_addon", NULL},
    .list_attributes = list_attributes,
    .example = "resource \"oke_addon\" \"cert_manager\" {\n"
               "  cluster_id                       = oke_cluster.main.id\n"
               "  addon_name                       = \"CertManager\"\n"
               "  remove_addon_resources_on_delete = true\n"
               "\n"
               "  configurations {\n"
               "    key   = \"numOfReplicas\"\n"
               "    value = \"1\"\n"
               "  }\n"
               "}\n",
};
