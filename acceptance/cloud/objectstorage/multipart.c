/* Multipart uploads. Parts are objects of the state, too; their contents are files. */
#include <stdlib.h>
#include <string.h>

#include "acceptance/cloud/api/crud.h"
#include "acceptance/cloud/http/parser.h"
#include "acceptance/cloud/objectstorage/objectstorage.h"
#include "lib/base/encoding.h"
#include "lib/base/json.h"

enum { ID_LENGTH = 32 };

static void view(struct call *call, const struct object *object, json_t *copy)
{
    (void)call;
    (void)object;
    json_object_del(copy, "name");
}

const struct kind kind_upload = {
    .type = "multipartupload", .title = "Multipart upload", .internal = true, .view = view};
const struct kind kind_upload_part = {
    .type = "uploadpart", .title = "Upload part", .internal = true};

static const char *part_id(const struct call *call, const struct object *upload, json_int_t number)
{
    return arena_printf(call->arena, "part/%s/%lld", upload->id, (long long)number);
}

struct object *upload_begin(struct call *call, const struct object *bucket,
                            const struct upload *details)
{
    STR_AUTO id = STR_INIT;
    random_base32(&id, ID_LENGTH);
    const char *tier =
        details->storage_tier ? details->storage_tier : object_text(bucket, "storageTier");
    struct object *upload = change_add(call->change, &kind_upload, str_text(&id));
    JSON_AUTO body =
        json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "namespace", call_settings(call)->namespace,
                  "bucket", object_name(bucket), "object", details->name, "uploadId", upload->id,
                  "timeCreated", call_time(call), "storageTier", tier);
    json_object_update(upload->body, body);
    json_set_text(upload->hidden, "bucket", bucket->id);
    json_set_text(upload->hidden, "contentType", details->content_type);
    json_object_set_new(upload->hidden, "metadata",
                        details->metadata ? json_deep_copy(details->metadata) : json_object());
    return upload;
}

struct object *upload_find(const struct call *call, const struct object *bucket, const char *name,
                           const char *id)
{
    struct object *upload = store_find(call->store, &kind_upload, id);
    return upload && text_equal(json_get_text(upload->hidden, "bucket"), bucket->id) &&
                   text_equal(object_text(upload, "object"), name)
               ? upload
               : NULL;
}

struct object *upload_part_find(const struct call *call, const struct object *upload,
                                json_int_t number)
{
    return store_find(call->store, &kind_upload_part, part_id(call, upload, number));
}

static void remove_part(struct call *call, struct object *part)
{
    blob_release(call, json_get_text(part->hidden, "blob"));
    change_remove(call->change, part);
}

struct object *upload_part_put(struct call *call, struct object *upload, json_int_t number,
                               const void *data, size_t length)
{
    unsigned char digest[MD5_SIZE];
    STR_AUTO md5 = STR_INIT;
    struct object *old = upload_part_find(call, upload, number);
    const char *blob = blob_write(call, data, length);
    if (!blob)
        return NULL;
    if (old)
        remove_part(call, old);
    md5_digest(data, length, digest);
    base64_encode(BASE64_STANDARD, digest, sizeof(digest), &md5);
    struct object *part =
        change_add(call->change, &kind_upload_part, part_id(call, upload, number));
    JSON_AUTO body = json_pack("{s:I, s:I, s:s, s:s}", "partNumber", number, "size",
                               (json_int_t)length, "md5", str_text(&md5), "etag", part->etag);
    json_object_update(part->body, body);
    json_set_text(part->hidden, "upload", upload->id);
    json_set_text(part->hidden, "blob", blob);
    return part;
}

static struct object *next_part(const struct call *call, const struct object *upload,
                                const struct object *after)
{
    struct object *part =
        after ? store_next(call->store, after) : store_first(call->store, &kind_upload_part);
    while (part && !text_equal(json_get_text(part->hidden, "upload"), upload->id))
        part = store_next(call->store, part);
    return part;
}

void upload_remove(struct call *call, struct object *upload)
{
    for (struct object *part = next_part(call, upload, NULL), *next; part; part = next) {
        next = next_part(call, upload, part);
        remove_part(call, part);
    }
    change_remove(call->change, upload);
}

struct object *upload_commit(struct call *call, struct object *bucket, struct object *upload,
                             const json_int_t *numbers, size_t count)
{
    STR_AUTO content = STR_INIT;
    STR_AUTO digests = STR_INIT;
    STR_AUTO md5 = STR_INIT;
    unsigned char digest[MD5_SIZE];
    for (size_t i = 0; i < count; i++) {
        const struct object *part = upload_part_find(call, upload, numbers[i]);
        const char *text = object_md5(part);
        if (!blob_read(call, json_get_text(part->hidden, "blob"), &content))
            return NULL;
        base64_decode(text, strlen(text), &digests);
    }
    md5_digest(str_text(&digests), digests.length, digest);
    base64_encode(BASE64_STANDARD, digest, sizeof(digest), &md5);
    str_printf(&md5, "-%zu", count);
    const struct upload details = {
        .name = object_text(upload, "object"),
        .data = str_text(&content),
        .length = content.length,
        .content_type = json_get_text(upload->hidden, "contentType"),
        .storage_tier = object_text(upload, "storageTier"),
        .multipart_md5 = str_text(&md5),
        .metadata = json_object_get(upload->hidden, "metadata"),
    };
    struct object *object = object_put(call, bucket, &details);
    if (object)
        upload_remove(call, upload);
    return object;
}

/* --- the native API ------------------------------------------------------------------------------- */

/* The upload that path and query name; NULL after 404. */
static struct object *target(struct call *call, struct object **bucket)
{
    const char *id = call_query(call, "uploadId");
    *bucket = bucket_target(call);
    struct object *upload = *bucket ? upload_find(call, *bucket, call->path_values[2], id) : NULL;
    if (*bucket && !upload)
        call_fail(call, 404, "NoSuchUpload", "There is no multipart upload '%s' of the object '%s'",
                  id, call->path_values[2]);
    return upload;
}

bool os_create_upload(struct call *call)
{
    struct object *bucket = bucket_target(call);
    const char *name = call_text(call, "object");
    if (!bucket || !object_check_conditions(call, object_find(call, bucket, name)))
        return false;
    const struct upload details = {
        .name = name,
        .content_type = call_text(call, "contentType"),
        .storage_tier = call_text(call, "storageTier"),
        .metadata = json_object_get(call->body, "metadata"),
    };
    return call_reply(call, 200, call_view(call, upload_begin(call, bucket, &details)));
}

bool os_list_uploads(struct call *call)
{
    const struct object *bucket = bucket_target(call);
    if (!bucket)
        return false;
    json_t *list = json_array();
    for (const struct object *one = store_first(call->store, &kind_upload); one;
         one = store_next(call->store, one))
        if (text_equal(json_get_text(one->hidden, "bucket"), bucket->id))
            json_array_append_new(list, call_view(call, one));
    return crud_reply_page(call, list);
}

static int compare_parts(const void *a, const void *b)
{
    json_int_t left = json_get_integer(*(json_t *const *)a, "partNumber", 0);
    json_int_t right = json_get_integer(*(json_t *const *)b, "partNumber", 0);
    return (left > right) - (left < right);
}

bool os_list_parts(struct call *call)
{
    struct object *bucket;
    const struct object *upload = target(call, &bucket);
    if (!upload)
        return false;
    json_t *parts[PART_NUMBER_LIMIT];
    size_t count = 0;
    for (struct object *part = next_part(call, upload, NULL); part && count < PART_NUMBER_LIMIT;
         part = next_part(call, upload, part))
        parts[count++] = part->body;
    qsort(parts, count, sizeof(json_t *), compare_parts);
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append(list, parts[i]);
    return crud_reply_page(call, list);
}

bool os_upload_part(struct call *call)
{
    struct object *bucket;
    struct object *upload = target(call, &bucket);
    struct upload details = {0};
    if (!upload || !upload_read_headers(call, &details))
        return false;
    const struct object *part = upload_part_put(
        call, upload, call_query_integer(call, "uploadPartNum", 0), details.data, details.length);
    if (!part)
        return false;
    call_set_header(call, "ETag", object_text(part, "etag"));
    call_set_header(call, "opc-content-md5", object_md5(part));
    return call_reply(call, 200, NULL);
}

/* The parts to commit are there, with these entity tags, in ascending order. */
static bool check_parts(struct call *call, const struct object *upload, const json_t *list,
                        json_int_t *numbers)
{
    size_t i;
    json_t *item;
    json_array_foreach(list, i, item)
    {
        numbers[i] = json_get_integer(item, "partNum", 0);
        const struct object *part = upload_part_find(call, upload, numbers[i]);
        if (!part || !text_equal(object_text(part, "etag"), json_get_text(item, "etag")))
            return call_fail(call, 400, "InvalidUploadPart",
                             "Part %lld was not uploaded with the entity tag given",
                             (long long)numbers[i]);
        if (i > 0 && numbers[i] <= numbers[i - 1])
            return call_fail(call, 400, "InvalidUploadPartOrder",
                             "The parts must come in ascending order");
    }
    return true;
}

bool os_commit_upload(struct call *call)
{
    struct object *bucket;
    struct object *upload = target(call, &bucket);
    const json_t *list = json_object_get(call->body, "partsToCommit");
    size_t count = json_array_size(list);
    if (!upload || !object_check_conditions(call, object_find(call, bucket, call->path_values[2])))
        return false;
    json_int_t *numbers = arena_array(call->arena, json_int_t, count + 1);
    if (!check_parts(call, upload, list, numbers))
        return false;
    const struct object *object = upload_commit(call, bucket, upload, numbers, count);
    if (!object)
        return false;
    call_set_header(call, "ETag", object_etag(object));
    call_set_header(call, "opc-multipart-md5", json_get_text(object->hidden, "multipartMd5"));
    call_set_header(call, "version-id", object_text(object, "versionId"));
    return call_reply(call, 200, NULL);
}

bool os_abort_upload(struct call *call)
{
    struct object *bucket;
    struct object *upload = target(call, &bucket);
    if (!upload)
        return false;
    upload_remove(call, upload);
    return call_reply(call, 204, NULL);
}
