#include <ctype.h>
#include <string.h>

#include "acceptance/cloud/api/crud.h"
#include "acceptance/cloud/api/defaults.h"
#include "acceptance/cloud/http/parser.h"
#include "acceptance/cloud/objectstorage/objectstorage.h"
#include "lib/base/encoding.h"
#include "lib/base/json.h"

enum { BUCKETS = 10000 };

/* --- namespace ----------------------------------------------------------------------------------- */

static const char namespace_id[] = "object-storage-namespace";

bool os_get_namespace(struct call *call)
{
    const char *compartment = call_query(call, "compartmentId");
    if (compartment && !text_equal(compartment, call_settings(call)->tenancy) &&
        !call_compartment(call, compartment))
        return call_fail(call, 400, "InvalidCompartmentId", "There is no compartment %s",
                         compartment);
    return call_reply(call, 200, json_string(call_settings(call)->namespace));
}

/* False after 404 for any namespace but our own. */
static bool check_namespace(struct call *call)
{
    return text_equal(call->path_values[0], call_settings(call)->namespace) ||
           call_fail(call, 404, "NamespaceNotFound",
                     "You do not have authorization to perform this request, or the requested "
                     "resource could not be found.");
}

const char *namespace_default_compartment(const struct call *call, const char *field)
{
    const struct object *stored = store_find(call->store, &kind_namespace, namespace_id);
    const char *compartment = stored ? object_text(stored, field) : NULL;
    return compartment ? compartment : call_settings(call)->tenancy;
}

bool os_get_namespace_metadata(struct call *call)
{
    return check_namespace(call) &&
           call_reply(call, 200,
                      json_pack("{s:s, s:s, s:s}", "namespace", call_settings(call)->namespace,
                                "defaultS3CompartmentId",
                                namespace_default_compartment(call, "defaultS3CompartmentId"),
                                "defaultSwiftCompartmentId",
                                namespace_default_compartment(call, "defaultSwiftCompartmentId")));
}

bool os_update_namespace_metadata(struct call *call)
{
    const char *name;
    json_t *value;
    if (!check_namespace(call))
        return false;
    struct object *stored = store_find(call->store, &kind_namespace, namespace_id);
    stored = stored ? change_edit(call->change, stored)
                    : change_add(call->change, &kind_namespace, namespace_id);
    json_object_foreach(call->body, name, value)
    {
        if (!call_compartment(call, json_string_value(value)))
            return call_fail(call, 400, "InvalidCompartmentId", "%s: there is no such compartment",
                             name);
        json_object_set(stored->body, name, value);
    }
    return os_get_namespace_metadata(call);
}

const struct kind kind_namespace = {.type = "namespace", .title = "Namespace", .internal = true};

/* --- buckets ------------------------------------------------------------------------------------- */

struct object *bucket_find(const struct call *call, const char *namespace, const char *name)
{
    if (!text_equal(namespace, call_settings(call)->namespace))
        return NULL;
    for (struct object *bucket = store_first(call->store, &kind_bucket); bucket;
         bucket = store_next(call->store, bucket))
        if (text_equal(object_name(bucket), name))
            return bucket;
    return NULL;
}

struct object *bucket_target(struct call *call)
{
    struct object *bucket = bucket_find(call, call->path_values[0], call->path_values[1]);
    if (!bucket)
        call_fail(
            call, 404, "BucketNotFound",
            "Either the bucket named '%s' does not exist in the namespace '%s' or you are not "
            "authorized to access it",
            call->path_values[1], call->path_values[0]);
    return bucket;
}

static bool check_name(struct call *call, const char *name)
{
    size_t length = strlen(name);
    bool good = length > 0 && length <= BUCKET_NAME_LENGTH;
    for (const char *c = name; *c; c++)
        good &= isalnum((unsigned char)*c) || strchr("._-", *c);
    if (!good)
        return call_fail(call, 400, "InvalidBucketName",
                         "The bucket name '%s' is invalid: 1 to %d letters, digits and . _ -", name,
                         BUCKET_NAME_LENGTH);
    return !bucket_find(call, call_settings(call)->namespace, name) ||
           call_fail(call, 409, "BucketAlreadyExists",
                     "Either the bucket '%s' in namespace '%s' already exists or you are not "
                     "authorized to create it",
                     name, call_settings(call)->namespace);
}

static bool create(struct call *call, struct object *bucket)
{
    json_object_set_new(bucket->body, "namespace", json_string(call_settings(call)->namespace));
    defaults_fill(bucket->body,
                  json_pack("{s:{}, s:s, s:s, s:b, s:s, s:s, s:b, s:b, s:b, s:s, s:s?, s:n, s:n,"
                            " s:{}, s:{}}",
                            "metadata", "publicAccessType", "NoPublicAccess", "storageTier",
                            "Standard", "objectEventsEnabled", false, "versioning", "Disabled",
                            "autoTiering", "Disabled", "isBucketKeyEnabled", false,
                            "replicationEnabled", false, "isReadOnly", false, "bucketScope",
                            "NAMESPACE", "createdBy", call->user, "kmsKeyId",
                            "objectLifecyclePolicyEtag", "freeformTags", "definedTags"));
    return true;
}

struct object *bucket_create(struct call *call, const json_t *details)
{
    return check_name(call, json_get_text(details, "name"))
               ? crud_make(call, &kind_bucket, details, true)
               : NULL;
}

bool os_create_bucket(struct call *call)
{
    if (!check_namespace(call))
        return false;
    const struct object *bucket = bucket_create(call, call->body);
    if (!bucket)
        return false;
    call_set_header(
        call, "Location",
        arena_printf(call->arena, "/n/%s/b/%s", call->path_values[0], object_name(bucket)));
    return call_reply_object(call, 200, bucket);
}

static bool asked(const struct call *call, const char *field)
{
    size_t i;
    json_t *item;
    json_array_foreach(json_object_get(call->queries, "fields"), i, item)
    {
        if (text_equal(json_string_value(item), field))
            return true;
    }
    return false;
}

/* Counts every version, as the approximate figures of the service do. */
static void show_contents(struct call *call, const struct object *bucket, json_t *view)
{
    size_t count = 0;
    json_int_t size = 0;
    for (const struct object *one = store_first(call->store, &kind_stored_object); one;
         one = store_next(call->store, one)) {
        if (!text_equal(json_get_text(one->hidden, "bucket"), bucket->id))
            continue;
        count++;
        size += object_size(one);
    }
    if (asked(call, "approximateCount"))
        json_object_set_new(view, "approximateCount", json_integer((json_int_t)count));
    if (asked(call, "approximateSize"))
        json_object_set_new(view, "approximateSize", json_integer(size));
}

bool os_get_bucket(struct call *call)
{
    const struct object *bucket = bucket_target(call);
    if (!bucket)
        return false;
    call_reply_object(call, 200, bucket);
    if (text_equal(call->request->method, "HEAD"))
        return call_reply(call, 200, NULL);
    show_contents(call, bucket, call->reply.json);
    if (!asked(call, "autoTiering"))
        json_object_del(call->reply.json, "autoTiering");
    return true;
}

bool os_list_buckets(struct call *call)
{
    const char *compartment = call_query(call, "compartmentId");
    if (!check_namespace(call) || !call_compartment(call, compartment))
        return false;
    json_t *list = json_array();
    for (const struct object *bucket = store_first(call->store, &kind_bucket); bucket;
         bucket = store_next(call->store, bucket)) {
        if (!text_equal(object_text(bucket, "compartmentId"), compartment))
            continue;
        json_t *summary = crud_summary(call, bucket);
        if (!asked(call, "tags")) {
            json_object_del(summary, "freeformTags");
            json_object_del(summary, "definedTags");
        }
        json_array_append_new(list, summary);
    }
    return crud_reply_page(call, list);
}

/* 412 in the words of Object Storage. */
static bool check_match(struct call *call, const struct object *object)
{
    const char *wanted = call_header(call, "if-match");
    return !wanted || text_equal(wanted, "*") || text_equal(wanted, object->etag) ||
           call_fail(call, 412, "IfMatchFailed", "The If-Match header failed");
}

/* Metadata keys are merged; those that come with an empty value go. */
static void merge_metadata(struct object *bucket, const json_t *before, const json_t *given)
{
    const char *name;
    json_t *value;
    json_t *merged = json_deep_copy(json_object_get(before, "metadata"));
    json_object_foreach((json_t *)(uintptr_t)given, name, value)
    {
        if (text_empty(json_string_value(value)))
            json_object_del(merged, name);
        else
            json_object_set(merged, name, value);
    }
    json_object_set_new(bucket->body, "metadata", merged);
}

static bool update(struct call *call, struct object *bucket, const json_t *before)
{
    const char *given = call_text(call, "namespace");
    if (given && !text_equal(given, call_settings(call)->namespace))
        return call_fail(call, 404, "NamespaceNotFound", "There is no namespace %s", given);
    const char *key = call_text(call, "kmsKeyId");
    if (key && !*key)
        json_object_set_new(bucket->body, "kmsKeyId", json_null());
    if (json_object_get(call->body, "metadata"))
        merge_metadata(bucket, before, json_object_get(call->body, "metadata"));
    bool rules = false;
    for (const struct object *rule = store_first(call->store, &kind_retention_rule); rule;
         rule = store_next(call->store, rule))
        rules |= text_equal(json_get_text(rule->hidden, "bucket"), bucket->id);
    return !rules ||
           text_equal(object_text(bucket, "versioning"), json_get_text(before, "versioning")) ||
           call_fail(call, 409, "RetentionRuleConflict",
                     "A bucket with retention rules cannot have versioning");
}

bool os_update_bucket(struct call *call)
{
    struct object *bucket = bucket_target(call);
    const char *name = call_text(call, "name");
    const char *compartment = call_text(call, "compartmentId");
    if (!bucket || !check_match(call, bucket) ||
        (name && !text_equal(name, object_name(bucket)) && !check_name(call, name)) ||
        (compartment && !call_compartment(call, compartment)))
        return false;
    return crud_merge(call, change_edit(call->change, bucket), call->body) &&
           call_reply_object(call, 200, bucket);
}

static bool holds(const struct call *call, const struct kind *kind, const struct object *bucket)
{
    for (const struct object *one = store_first(call->store, kind); one;
         one = store_next(call->store, one))
        if (text_equal(json_get_text(one->hidden, "bucket"), bucket->id))
            return true;
    return false;
}

static void remove_of(struct call *call, const struct kind *kind, const struct object *bucket)
{
    for (struct object *one = store_first(call->store, kind), *next; one; one = next) {
        next = store_next(call->store, one);
        if (text_equal(json_get_text(one->hidden, "bucket"), bucket->id))
            change_remove(call->change, one);
    }
}

bool bucket_remove(struct call *call, struct object *bucket)
{
    static const struct {
        const struct kind *kind;
        const char *what;
    } contents[] = {{&kind_stored_object, "objects or versions of objects"},
                    {&kind_upload, "multipart uploads"},
                    {&kind_par, "pre-authenticated requests"}};
    for (size_t i = 0; i < ARRAY_LENGTH(contents); i++)
        if (holds(call, contents[i].kind, bucket))
            return call_fail(call, 409, "BucketNotEmpty",
                             "The bucket named '%s' is not empty: it has %s. Delete them first.",
                             object_name(bucket), contents[i].what);
    remove_of(call, &kind_retention_rule, bucket);
    remove_of(call, &kind_lifecycle_policy, bucket);
    change_remove(call->change, bucket);
    return true;
}

bool os_delete_bucket(struct call *call)
{
    struct object *bucket = bucket_target(call);
    return bucket && check_match(call, bucket) && bucket_remove(call, bucket) &&
           call_reply(call, 204, NULL);
}

static void view(struct call *call, const struct object *bucket, json_t *copy)
{
    (void)call;
    json_set_text(copy, "etag", bucket->etag);
}

const struct kind kind_bucket = {
    .type = "bucket",
    .title = "Bucket",
    .name_field = "name",
    .limit = BUCKETS,
    .limit_name = "bucket-count",
    .summary = "namespace|name|compartmentId|createdBy|timeCreated|etag|freeformTags|definedTags|"
               "bucketScope",
    .create = create,
    .update = update,
    .view = view,
};

/* --- lifecycle policy ----------------------------------------------------------------------------- */

static struct object *policy_of(struct call *call, const struct object *bucket)
{
    return store_find(call->store, &kind_lifecycle_policy,
                      arena_printf(call->arena, "lifecycle/%s", bucket->id));
}

bool os_put_lifecycle_policy(struct call *call)
{
    struct object *bucket = bucket_target(call);
    struct object *policy = bucket ? policy_of(call, bucket) : NULL;
    if (!bucket || (policy && !check_match(call, policy)))
        return false;
    policy = policy ? change_edit(call->change, policy)
                    : change_add(call->change, &kind_lifecycle_policy,
                                 arena_printf(call->arena, "lifecycle/%s", bucket->id));
    json_set_text(policy->hidden, "bucket", bucket->id);
    json_object_update(policy->body, call->body);
    json_set_text(policy->body, "timeCreated", call_time(call));
    change_edit(call->change, bucket);
    json_set_text(bucket->body, "objectLifecyclePolicyEtag", policy->etag);
    return call_reply_object(call, 200, policy);
}

static struct object *policy_target(struct call *call, struct object **bucket)
{
    *bucket = bucket_target(call);
    struct object *policy = *bucket ? policy_of(call, *bucket) : NULL;
    if (*bucket && !policy)
        call_fail(call, 404, "LifecyclePolicyNotFound",
                  "The bucket '%s' has no object lifecycle policy", object_name(*bucket));
    return policy;
}

bool os_get_lifecycle_policy(struct call *call)
{
    struct object *bucket;
    const struct object *policy = policy_target(call, &bucket);
    return policy && call_reply_object(call, 200, policy);
}

bool os_delete_lifecycle_policy(struct call *call)
{
    struct object *bucket;
    struct object *policy = policy_target(call, &bucket);
    if (!policy || !check_match(call, policy))
        return false;
    change_remove(call->change, policy);
    change_edit(call->change, bucket);
    json_object_set_new(bucket->body, "objectLifecyclePolicyEtag", json_null());
    return call_reply(call, 204, NULL);
}

const struct kind kind_lifecycle_policy = {
    .type = "lifecyclepolicy", .title = "Object lifecycle policy", .internal = true};
