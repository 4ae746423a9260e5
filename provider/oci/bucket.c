#include "lib/base/json.h"
#include "provider/engine/plan.h"
#include "provider/oci/attributes.h"
#include "provider/oci/bucket_retention.h"
#include "provider/oci/ops.h"
#include "provider/oci/ops_internal.h"

static const char *const access_types[] = {"NoPublicAccess", "ObjectRead", "ObjectReadWithoutList",
                                           NULL};
static const char *const tiers[] = {"Standard", "Archive", NULL};
static const char *const versionings[] = {"Enabled", "Suspended", "Disabled", NULL};
static const char *const auto_tierings[] = {"Disabled", "InfrequentAccess", NULL};
static const char *const scopes[] = {"NAMESPACE", "REGION", NULL};

static const struct attribute attributes[] = {
    ATTRIBUTE_TOLD("id", "`n/<namespace>/b/<name>`."),
    ATTRIBUTE_COMPARTMENT_ID(0),
    {.name = "namespace",
     .flags = REQUIRED | REPLACE,
     .min_length = 1,
     .doc = "Object Storage namespace of the tenancy.",
     .sample = "data.oke_objectstorage_namespace.this.namespace"},
    {.name = "name",
     .flags = REQUIRED | REPLACE,
     .max_length = 256,
     .validate = validate_name,
     .validate_with = "._-",
     .doc = "Name, unique in namespace and region: letters, digits, `.`, `_` and `-`.",
     .sample = "\"todo-terraform-state\""},
    {.name = "access_type",
     .flags = OPTIONAL,
     .json = "publicAccessType",
     .default_value = "NoPublicAccess",
     .one_of = access_types,
     .doc = "What anybody may do: `NoPublicAccess`, `ObjectRead` (read and list) or "
            "`ObjectReadWithoutList`.",
     .sample = "\"NoPublicAccess\""},
    {.name = "storage_tier",
     .flags = OPTIONAL | COMPUTED | REPLACE,
     .one_of = tiers,
     .doc = "`Standard` or `Archive`."},
    {.name = "versioning",
     .flags = OPTIONAL | COMPUTED,
     .one_of = versionings,
     .doc = "`Enabled`, `Suspended` or, if it never was enabled, `Disabled`.",
     .sample = "\"Enabled\""},
    {.name = "auto_tiering",
     .flags = OPTIONAL | COMPUTED,
     .one_of = auto_tierings,
     .doc = "`InfrequentAccess` moves what is rarely read to a cheaper tier; `Disabled`."},
    {.name = "bucket_scope",
     .flags = OPTIONAL | COMPUTED,
     .one_of = scopes,
     .doc = "Where the name is unique: `NAMESPACE` or `REGION`."},
    ATTRIBUTE_OCID("kms_key_id", OPTIONAL | COMPUTED, "key",
                   "OCID of the key that encrypts objects; one of Oracle's by default."),
    ATTRIBUTE_SWITCH("object_events_enabled", OPTIONAL | COMPUTED,
                     "Whether changes of objects emit events."),
    ATTRIBUTE_SWITCH("is_bucket_key_enabled", OPTIONAL | COMPUTED,
                     "Whether objects share a data key, which spares requests to the key service."),
    {.name = "metadata",
     .kind = ATTRIBUTE_STRING_MAP,
     .flags = OPTIONAL,
     .doc = "Keys and values of your own."},
    {.name = "retention_rules",
     .kind = ATTRIBUTE_OBJECT_SET,
     .flags = OPTIONAL,
     .fields = retention_rule_fields,
     .max_items = 100,
     .doc = "Rules that forbid changing and deleting objects; not together with versioning."},
    {.name = "approximate_count",
     .flags = COMPUTED,
     .json_kind = JSON_INTEGER_TEXT,
     .doc = "About how many objects there are."},
    {.name = "approximate_size",
     .flags = COMPUTED,
     .json_kind = JSON_INTEGER_TEXT,
     .doc = "About how many bytes they have."},
    {.name = "bucket_id", .flags = COMPUTED, .json = "id", .doc = "The OCID."},
    ATTRIBUTE_TOLD("created_by", "OCID of who made it."),
    {.name = "etag", .flags = COMPUTED | VOLATILE, .doc = "Changes with each change."},
    {.name = "object_lifecycle_policy_etag",
     .flags = COMPUTED | VOLATILE,
     .doc = "Etag of the lifecycle policy."},
    ATTRIBUTE_SWITCH("is_read_only", COMPUTED, "Whether it is the target of a replication."),
    ATTRIBUTE_SWITCH("replication_enabled", COMPUTED, "Whether it is the source of a replication."),
    ATTRIBUTE_DEFINED_TAGS,
    ATTRIBUTE_FREEFORM_TAGS,
    ATTRIBUTE_TIME_CREATED,
    ATTRIBUTES_END,
};

/* Rules have calls of their own; a metadata key goes when it is sent empty. */
static bool complete_body(struct api_call *call, json_t *body, struct error *err)
{
    (void)err;
    json_object_del(body, "retentionRules");
    json_t *metadata = json_object_get(body, "metadata");
    const struct value *before = value_get(call->prior, "metadata");
    for (size_t i = 0; metadata && i < value_count(before); i++)
        if (!json_object_get(metadata, before->map.entries[i].key.ptr))
            json_object_set_new(metadata, before->map.entries[i].key.ptr, json_string(""));
    return true;
}

/* First the bucket, then what it can only get as an update: its rules. */
static bool create(struct operation *op, const struct value *planned, const struct value *config,
                   const struct value **state, struct error *err)
{
    if (!api_create(op, planned, config, state, err))
        return false;
    if (value_count(value_get(planned, "retention_rules")) == 0)
        return true;
    struct api_call call = api_call_begin(op, API_UPDATE, *state, planned, config);
    return api_change(&call, state, err);
}

static void validate(const struct value *config, struct diagnostics *diagnostics,
                     struct arena *arena)
{
    if (text_equal(value_text(value_get(config, "versioning")), "Enabled") &&
        value_count(value_get(config, "retention_rules")) > 0)
        diagnostics_error(diagnostics, path_attribute(arena, NULL, "retention_rules"),
                          "Conflicting arguments",
                          "A bucket has either versioning or retention_rules.");
}

static void plan_bucket(struct operation *op, struct plan *plan)
{
    (void)op;
    const char *before = value_text(value_get(plan->prior, "versioning"));
    const char *after = value_text(value_get(plan->planned, "versioning"));
    if (before && !text_equal(before, after) && text_equal(after, "Disabled"))
        diagnostics_error(plan->diagnostics, path_attribute(plan->arena, NULL, "versioning"),
                          "Versioning can only be suspended",
                          "The bucket has versioning = \"%s\": it can become \"Suspended\", not "
                          "\"Disabled\" again.",
                          before);
}

static const struct attribute list_attributes[] = {
    {.name = "namespace", .flags = REQUIRED, .doc = "Object Storage namespace of the tenancy."},
    ATTRIBUTE_COMPARTMENT_ID(0),
    ATTRIBUTES_END,
};

#define INSIDE(singular, operation_name, below, id_member)                                         \
    {                                                                                              \
        .noun = singular, .operation = operation_name, .service = OCI_OBJECT_STORAGE,              \
        .path = "/n/{namespace}/b/{name}" below, .id = id_member, .first_page = true,              \
        .query = (const struct api_query[])                                                        \
        {                                                                                          \
            {"limit", "21"},                                                                       \
            {                                                                                      \
                NULL                                                                               \
            }                                                                                      \
        }                                                                                          \
    }

static const struct oci_api api = {
    .service = OCI_OBJECT_STORAGE,
    .noun = "bucket",
    .stem = "Bucket",
    .path = "/n/{namespace}/b",
    .item = "/n/{namespace}/b/{name}",
    .id = "n/{namespace}/b/{name}",
    .name = "name",
    .flags = API_NO_RETRY_TOKEN | API_KEYED_BY_NAME | API_UPDATE_BY_POST | API_UPDATE_CHANGED |
             API_LIST_SUMMARY | API_READ_AFTER_WRITE,
    .read_query =
        (const struct api_query[]){{"fields", "approximateCount,approximateSize,autoTiering"},
                                   {NULL}},
    .list_query = (const struct api_query[]){{"compartmentId", "{compartment_id}"}, {NULL}},
    .actions =
        (const struct api_action[]){
            /* Versioning wants a bucket without rules, and rules one without versioning. */
            {.attribute = "retention_rules", .run = bucket_remove_rules},
            {.attribute = "retention_rules", .run = bucket_put_rules, .after_update = true},
            {.attribute = NULL}},
    .blockers =
        (const struct api_blocker[]){
            INSIDE("object", "ListObjects", "/o", "name"),
            INSIDE("object version", "ListObjectVersions", "/objectversions", "versionId"),
            INSIDE("pre-authenticated request", "ListPreauthenticatedRequests", "/p", "id"),
            INSIDE("multipart upload", "ListMultipartUploads", "/u", "uploadId"),
            {.noun = NULL}},
    .body = complete_body,
    .received = bucket_add_rules,
};

const struct resource oke_bucket = {
    .name = "bucket",
    .summary = "A bucket of Object Storage.",
    .description = "A bucket is only destroyed when it is empty; the error names what is inside.",
    .subcategory = "Object Storage",
    .attributes = attributes,
    .ops = &(const struct resource_ops){.create = create,
                                        .read = api_read,
                                        .update = api_update,
                                        .remove = api_remove,
                                        .import = api_import,
                                        .list = api_list},
    .api = &api,
    .identity =
        (const struct identity_attribute[]){{"namespace", false, "Object Storage namespace."},
                                            {"name", false, "Name of the bucket."},
                                            {NULL}},
    .import_id = "`n/<namespace>/b/<name>`",
    .moved_from = (const char *const[]){"oci_objectstorage_bucket", NULL},
    .validate = validate,
    .plan = plan_bucket,
    .list_attributes = list_attributes,
    .example = "resource \"oke_bucket\" \"state\" {\n"
               "  compartment_id = var.compartment_id\n"
               "  namespace      = data.oke_objectstorage_namespace.this.namespace\n"
               "  name           = \"todo-terraform-state\"\n"
               "  access_type    = \"NoPublicAccess\"\n"
               "  versioning     = \"Enabled\"\n"
               "}\n",
};
