#include <string.h>

#include "lib/base/clock.h"
#include "provider/engine/plan.h"
#include "provider/oci/attributes.h"
#include "provider/oci/ops.h"

static const char *const access_types[] = {
    "ObjectRead",         "ObjectWrite", "ObjectReadWrite", "AnyObjectRead", "AnyObjectWrite",
    "AnyObjectReadWrite", NULL};
static const char *const listing_actions[] = {"Deny", "ListObjects", NULL};

static const struct attribute attributes[] = {
    {.name = "id", .flags = COMPUTED, .doc = "`n/<namespace>/b/<bucket>/p/<par_id>`."},
    {.name = "namespace",
     .flags = REQUIRED | REPLACE,
     .min_length = 1,
     .doc = "Object Storage namespace of the tenancy.",
     .sample = "oke_bucket.state.namespace"},
    {.name = "bucket",
     .flags = REQUIRED | REPLACE,
     .min_length = 1,
     .doc = "Name of the bucket.",
     .sample = "oke_bucket.state.name"},
    {.name = "name",
     .flags = REQUIRED | REPLACE,
     .min_length = 1,
     .max_length = 255,
     .doc = "Name of the request.",
     .sample = "\"terraform-state\""},
    {.name = "access_type",
     .flags = REQUIRED | REPLACE,
     .one_of = access_types,
     .doc = "`ObjectRead`, `ObjectWrite`, `ObjectReadWrite` for one object, `AnyObjectRead`, "
            "`AnyObjectWrite`, `AnyObjectReadWrite` for all of the bucket or below a prefix.",
     .sample = "\"ObjectReadWrite\""},
    {.name = "time_expires",
     .flags = REQUIRED | REPLACE,
     .equal = equal_time,
     .validate = validate_rfc3339,
     .doc = "When it ends (RFC 3339).",
     .sample = "\"2036-01-01T00:00:00Z\""},
    {.name = "object_name",
     .flags = OPTIONAL | COMPUTED | REPLACE,
     .max_length = 1024,
     .doc = "The object; for `AnyObject…` a prefix of names.",
     .sample = "\"terraform.tfstate\""},
    {.name = "bucket_listing_action",
     .flags = OPTIONAL | COMPUTED | REPLACE,
     .one_of = listing_actions,
     .doc = "`ListObjects` lets callers list, with `AnyObject…` that reads; `Deny` by default."},
    {.name = "access_uri",
     .flags = COMPUTED | SENSITIVE,
     .doc = "The path that opens the door: a secret. OCI tells it once; null after an import."},
    {.name = "full_path",
     .flags = COMPUTED | SENSITIVE,
     .doc = "The same as a whole URL. OCI tells it once; null after an import."},
    {.name = "par_id", .flags = COMPUTED, .json = "id", .doc = "Id within the bucket."},
    ATTRIBUTE_TIME_CREATED,
    ATTRIBUTES_END,
};

/* The two secrets come with the create and never again. */
static bool keep_secrets(struct api_call *call, const json_t *object, const struct value **state,
                         struct error *err)
{
    (void)object;
    static const char *const secrets[] = {"access_uri", "full_path"};
    if (call->phase == API_CREATE)
        return !value_is_null(value_get(*state, "access_uri")) ||
               error_set(
                   err, ERROR_REMOTE,
                   "%s was made, but the answer with its secret path got lost, and OCI does not "
                   "tell it again: the next apply will replace it",
                   call->title);
    for (size_t i = 0; i < ARRAY_LENGTH(secrets); i++)
        *state =
            value_with(call->op->arena, *state, secrets[i], value_get(call->prior, secrets[i]));
    return true;
}

static void validate(const struct value *config, struct diagnostics *diagnostics,
                     struct arena *arena)
{
    const char *access = value_text(value_get(config, "access_type"));
    bool any = text_starts_with(access, "Any");
    if (access && !any && value_is_null(value_get(config, "object_name")))
        diagnostics_error(diagnostics, path_attribute(arena, NULL, "object_name"),
                          "Missing argument", "access_type %s needs object_name.", access);
    if (access && !(any && strstr(access, "Read")) &&
        text_equal(value_text(value_get(config, "bucket_listing_action")), "ListObjects"))
        diagnostics_error(diagnostics, path_attribute(arena, NULL, "bucket_listing_action"),
                          "Nothing to list", "access_type %s cannot list objects.", access);
}

static void plan_request(struct operation *op, struct plan *plan)
{
    (void)op;
    int64_t expires;
    const char *text = value_text(value_get(plan->config, "time_expires"));
    if ((plan_is_create(plan) || plan->replace_count) && text &&
        clock_parse_rfc3339(text, &expires) && expires <= clock_wall_ms())
        diagnostics_error(plan->diagnostics, path_attribute(plan->arena, NULL, "time_expires"),
                          "Time in the past", "time_expires is %s, which is over.", text);
}

static const struct attribute list_attributes[] = {
    {.name = "namespace", .flags = REQUIRED, .doc = "Object Storage namespace of the tenancy."},
    {.name = "bucket", .flags = REQUIRED, .doc = "Name of the bucket."},
    ATTRIBUTES_END,
};

static const struct oci_api api = {
    .service = OCI_OBJECT_STORAGE,
    .noun = "pre-authenticated request",
    .stem = "PreauthenticatedRequest",
    .path = "/n/{namespace}/b/{bucket}/p",
    .item = "/n/{namespace}/b/{bucket}/p/{par_id}",
    .id = "n/{namespace}/b/{bucket}/p/{par_id}",
    .name = "name",
    .flags = API_NO_RETRY_TOKEN | API_DISCARD_LOST,
    .state = keep_secrets,
};

const struct resource oke_preauthenticated_request = {
    .name = "preauthenticated_request",
    .summary = "A URL that gives access to objects without credentials.",
    .subcategory = "Object Storage",
    .attributes = attributes,
    .ops = &(const struct resource_ops){.create = api_create,
                                        .read = api_read,
                                        .remove = api_remove,
                                        .import = api_import,
                                        .list = api_list},
    .api = &api,
    .import_id = "`n/<namespace>/b/<bucket>/p/<par_id>`",
    .moved_from = (const char *const[]){"oci_objectstorage_preauthrequest", NULL},
    .validate = validate,
    .plan = plan_request,
    .list_attributes = list_attributes,
    .example = "resource \"oke_preauthenticated_request\" \"state\" {\n"
               "  namespace    = oke_bucket.state.namespace\n"
               "  bucket       = oke_bucket.state.name\n"
               "  name         = \"terraform-state\"\n"
               "  access_type  = \"ObjectReadWrite\"\n"
               "  object_name  = \"terraform.tfstate\"\n"
               "  time_expires = \"2036-01-01T00:00:00Z\"\n"
               "}\n",
};
