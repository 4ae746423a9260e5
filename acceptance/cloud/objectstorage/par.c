/* Pre-authenticated requests: links that need no signature. The secret in the link is kept as a digest. */
#include <ctype.h>
#include <openssl/crypto.h>
#include <string.h>

#include "acceptance/cloud/api/crud.h"
#include "acceptance/cloud/http/parser.h"
#include "acceptance/cloud/objectstorage/objectstorage.h"
#include "lib/base/clock.h"
#include "lib/base/encoding.h"
#include "lib/base/json.h"
#include "lib/net/url.h"

enum { SECRET_LENGTH = 64, ID_BYTES = 33 };

const struct kind kind_par = {
    .type = "preauthenticatedrequest",
    .title = "Pre-authenticated request",
    .name_field = "name",
    .summary = "id|name|objectName|bucketListingAction|accessType|timeExpires|timeCreated",
};

static const char *digest_of(struct call *call, const char *secret)
{
    unsigned char digest[SHA256_SIZE];
    STR_AUTO hex = STR_INIT;
    sha256_digest(secret, strlen(secret), digest);
    hex_encode(digest, sizeof(digest), &hex);
    return str_copy_to(&hex, call->arena);
}

/* --- the native API ------------------------------------------------------------------------------- */

static bool check_details(struct call *call)
{
    const char *type = call_text(call, "accessType"), *name = call_text(call, "objectName");
    const char *listing = call_text(call, "bucketListingAction");
    bool any = text_starts_with(type, "Any");
    int64_t expires_ms;
    if (!any && text_empty(name))
        return call_fail(call, 400, "InvalidObjectName",
                         "objectName: access of type %s is for one object, which must be named",
                         type);
    if (listing && text_equal(listing, "ListObjects") &&
        !text_one_of(type, "AnyObjectRead|AnyObjectReadWrite", false))
        return call_invalid(call, "bucketListingAction: access of type %s cannot list", type);
    return (clock_parse_rfc3339(call_text(call, "timeExpires"), &expires_ms) &&
            expires_ms > call->now_ms) ||
           call_invalid(call, "timeExpires must be in the future");
}

bool os_create_par(struct call *call)
{
    const struct object *bucket = bucket_target(call);
    unsigned char bytes[ID_BYTES];
    STR_AUTO secret = STR_INIT;
    STR_AUTO id = STR_INIT;
    STR_AUTO uri = STR_INIT;
    if (!bucket || !check_details(call))
        return false;
    const char *name = call_text(call, "objectName");
    random_base32(&secret, SECRET_LENGTH);
    random_bytes(bytes, sizeof(bytes));
    base64_encode(BASE64_STANDARD, bytes, sizeof(bytes), &id);
    str_printf(&id, ":%s", name ? name : "");
    struct object *par = change_add(call->change, &kind_par, str_text(&id));
    json_object_update(par->body, call->body);
    json_set_text(par->body, "id", par->id);
    json_set_text(par->body, "timeCreated", call_time(call));
    if (!json_object_get(par->body, "bucketListingAction"))
        json_set_text(par->body, "bucketListingAction", "Deny");
    json_set_text(par->hidden, "bucket", bucket->id);
    json_set_text(par->hidden, "digest", digest_of(call, str_text(&secret)));
    str_printf(&uri, "/p/%s/n/%s/b/%s/o/", str_text(&secret), call_settings(call)->namespace,
               object_name(bucket));
    if (name && !text_starts_with(call_text(call, "accessType"), "Any"))
        url_encode_text(URL_PATH, name, &uri);
    json_t *reply = call_view(call, par);
    json_set_text(reply, "accessUri", str_text(&uri));
    json_set_text(reply, "fullPath",
                  arena_printf(call->arena, "https://%s.objectstorage.%s.oci.customer-oci.com%s",
                               call_settings(call)->namespace, call_settings(call)->region,
                               str_text(&uri)));
    return call_reply(call, 200, reply);
}

static struct object *target(struct call *call)
{
    const struct object *bucket = bucket_target(call);
    struct object *par = bucket ? store_find(call->store, &kind_par, call->path_values[2]) : NULL;
    if (par && text_equal(json_get_text(par->hidden, "bucket"), bucket->id))
        return par;
    if (bucket)
        call_fail(call, 404, "NotAuthorizedOrNotFound", "There is no pre-authenticated request %s",
                  call->path_values[2]);
    return NULL;
}

bool os_get_par(struct call *call)
{
    const struct object *par = target(call);
    return par && call_reply(call, 200, call_view(call, par));
}

bool os_list_pars(struct call *call)
{
    const struct object *bucket = bucket_target(call);
    const char *prefix = call_query(call, "objectNamePrefix");
    if (!bucket)
        return false;
    json_t *list = json_array();
    for (const struct object *par = store_first(call->store, &kind_par); par;
         par = store_next(call->store, par)) {
        const char *name = object_text(par, "objectName");
        if (text_equal(json_get_text(par->hidden, "bucket"), bucket->id) &&
            (!prefix || (name && text_starts_with(name, prefix))))
            json_array_append_new(list, crud_summary(call, par));
    }
    return crud_reply_page(call, list);
}

bool os_delete_par(struct call *call)
{
    struct object *par = target(call);
    if (!par)
        return false;
    change_remove(call->change, par);
    return call_reply(call, 204, NULL);
}

/* --- the links ------------------------------------------------------------------------------------ */

static bool refuse(struct call *call)
{
    return call_fail(call, 404, "NotAuthorizedOrNotFound",
                     "Either there is no such pre-authenticated request, or it has expired, or it "
                     "does not allow this");
}

/* /p/{secret}/n/{namespace}/b/{bucket}/o/{object}: the bucket, if the link is good. */
static struct object *open_link(struct call *call, const struct object **par)
{
    struct object *bucket = bucket_find(call, call->path_values[1], call->path_values[2]);
    const char *digest = digest_of(call, call->path_values[0]);
    *par = NULL;
    for (const struct object *one = store_first(call->store, &kind_par); one && bucket;
         one = store_next(call->store, one)) {
        const char *stored = json_get_text(one->hidden, "digest");
        if (text_equal(json_get_text(one->hidden, "bucket"), bucket->id) &&
            CRYPTO_memcmp(stored, digest, strlen(digest)) == 0)
            *par = one;
    }
    int64_t expires_ms;
    bool good = *par && clock_parse_rfc3339(object_text(*par, "timeExpires"), &expires_ms) &&
                expires_ms > call->now_ms;
    return good ? bucket : NULL;
}

/* access is "Read" or "Write". */
static bool allows(const struct object *par, const char *access, const char *name)
{
    const char *type = object_text(par, "accessType"), *own = object_text(par, "objectName");
    if (!strstr(type, access))
        return false;
    return text_starts_with(type, "Any") ? !own || text_starts_with(name, own)
                                         : text_equal(own, name);
}

static bool link_get(struct call *call)
{
    const struct object *par;
    const char *name = call->path_values[3];
    const struct object *bucket = open_link(call, &par);
    if (!bucket || !allows(par, "Read", name))
        return refuse(call);
    const struct object *object = object_find(call, bucket, name);
    return object ? object_reply(call, object)
                  : call_fail(call, 404, "ObjectNotFound", "The object '%s' does not exist", name);
}

static bool link_put(struct call *call)
{
    const struct object *par;
    struct upload upload = {.name = call->path_values[3]};
    struct object *bucket = open_link(call, &par);
    if (!bucket || !allows(par, "Write", upload.name))
        return refuse(call);
    if (!object_check_conditions(call, object_find(call, bucket, upload.name)) ||
        !upload_read_headers(call, &upload))
        return false;
    const struct object *object = object_put(call, bucket, &upload);
    if (!object)
        return false;
    call_set_header(call, "ETag", object_etag(object));
    call_set_header(call, "opc-content-md5", object_md5(object));
    return call_reply(call, 200, NULL);
}

static bool link_list(struct call *call)
{
    const struct object *par;
    const struct object *bucket = open_link(call, &par);
    const char *next;
    size_t count;
    if (!bucket || !text_equal(object_text(par, "bucketListingAction"), "ListObjects"))
        return refuse(call);
    const struct listing listing = {.prefix = object_text(par, "objectName"), .limit = LIST_LIMIT};
    const struct listed *entries = objects_list(call, bucket, &listing, &count, &next);
    json_t *objects = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(objects,
                              json_pack("{s:s}", "name", object_text(entries[i].object, "name")));
    return call_reply(call, 200, json_pack("{s:o, s:[]}", "objects", objects, "prefixes"));
}

#define LINK        "/p/{secret}/n/{namespaceName}/b/{bucketName}/o/"
#define LINK_OBJECT LINK "{objectName+}"

static const struct operation operations[] = {
    {"GetObjectByLink", "GET", LINK_OBJECT, link_get, .flags = OPERATION_PUBLIC},
    {"HeadObjectByLink", "HEAD", LINK_OBJECT, link_get, .flags = OPERATION_PUBLIC},
    {"PutObjectByLink", "PUT", LINK_OBJECT, link_put,
     .flags = OPERATION_PUBLIC | OPERATION_RAW_BODY},
    {"ListObjectsByLink", "GET", LINK, link_list, .flags = OPERATION_PUBLIC},
    {NULL},
};

static const struct kind *const kinds[] = {NULL};

const struct service service_par = {
    .name = "par",
    .hosts = "objectstorage|*.objectstorage",
    .base_path = "",
    .operations = operations,
    .kinds = kinds,
};
