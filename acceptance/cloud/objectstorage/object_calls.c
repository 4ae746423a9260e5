/* The operations on objects of the native API. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "acceptance/cloud/api/crud.h"
#include "acceptance/cloud/http/parser.h"
#include "acceptance/cloud/objectstorage/objectstorage.h"
#include "acceptance/cloud/objectstorage/retention.h"
#include "lib/base/clock.h"
#include "lib/base/encoding.h"
#include "lib/base/json.h"

#define META_PREFIX "opc-meta-"

/* --- conditions and ranges ------------------------------------------------------------------------ */

static bool names_etag(const char *header, const struct object *object)
{
    return object && (text_equal(header, "*") || text_equal(header, object_etag(object)));
}

bool object_check_conditions(struct call *call, const struct object *current)
{
    const char *match = call_header(call, "if-match");
    const char *none = call_header(call, "if-none-match");
    if (match && !names_etag(match, current))
        return call_fail(call, 412, "IfMatchFailed", "The If-Match header failed: the object %s",
                         current ? "has another entity tag" : "does not exist");
    return !none || !names_etag(none, current) ||
           call_fail(call, 412, "IfNoneMatchFailed",
                     "The If-None-Match header failed: the object exists");
}

bool object_parse_range(const char *text, size_t size, size_t *first, size_t *last)
{
    char *end;
    if (!text || strncasecmp(text, "bytes=", 6) != 0)
        return false;
    const char *at = text + 6;
    if (*at == '-' && isdigit((unsigned char)at[1])) {
        size_t count = strtoul(at + 1, &end, 10);
        *first = count < size ? size - count : 0;
        *last = size ? size - 1 : 0;
        return !*end;
    }
    if (!isdigit((unsigned char)*at))
        return false;
    *first = strtoul(at, &end, 10);
    if (*end != '-')
        return false;
    *last = end[1] ? strtoul(end + 1, &end, 10) : size - 1;
    if (*last >= size)
        *last = size ? size - 1 : 0;
    return (!*end || text_equal(end, "-")) && *first <= *last + (size == 0);
}

/* --- reading ------------------------------------------------------------------------------------- */

static void set_object_headers(struct call *call, const struct object *object)
{
    static const char *const headers[][2] = {{"contentLanguage", "Content-Language"},
                                             {"contentEncoding", "Content-Encoding"},
                                             {"contentDisposition", "Content-Disposition"},
                                             {"cacheControl", "Cache-Control"}};
    char time[CLOCK_HTTP_SIZE];
    int64_t modified_ms = 0;
    const char *name;
    json_t *value;
    clock_parse_rfc3339(object_text(object, "timeModified"), &modified_ms);
    call_set_header(call, "ETag", object_etag(object));
    call_set_header(call, "Last-Modified", clock_format_http(modified_ms, time));
    call_set_header(call, "Accept-Ranges", "bytes");
    call_set_header(call, "version-id", object_text(object, "versionId"));
    call_set_header(call, "storage-tier", object_text(object, "storageTier"));
    const char *multipart = json_get_text(object->hidden, "multipartMd5");
    if (multipart)
        call_set_header(call, "opc-multipart-md5", multipart);
    else
        call_set_header(call, "Content-MD5", object_md5(object));
    for (size_t i = 0; i < ARRAY_LENGTH(headers); i++)
        if (json_get_text(object->hidden, headers[i][0]))
            call_set_header(call, headers[i][1], json_get_text(object->hidden, headers[i][0]));
    json_object_foreach(json_object_get(object->hidden, "metadata"), name, value)
    {
        call_set_header(call, arena_printf(call->arena, META_PREFIX "%s", name),
                        json_string_value(value));
    }
}

static const char *type_of(const struct object *object)
{
    const char *type = json_get_text(object->hidden, "contentType");
    return type ? type : "application/octet-stream";
}

bool object_reply(struct call *call, const struct object *object)
{
    const char *none = call_header(call, "if-none-match");
    STR_AUTO content = STR_INIT;
    size_t first, last;
    if (none && names_etag(none, object)) {
        call_set_header(call, "ETag", object_etag(object));
        return call_reply(call, 304, NULL);
    }
    if (!object_check_conditions(call, object) || !object_read(call, object, &content))
        return false;
    set_object_headers(call, object);
    const char *range = call_header(call, "range");
    if (!object_parse_range(range, content.length, &first, &last))
        return call_reply_bytes(call, 200, type_of(object), str_text(&content), content.length);
    if (first >= content.length)
        return call_fail(call, 416, "InvalidRange", "The range %s lies outside the object", range);
    call_set_header(call, "Content-Range",
                    arena_printf(call->arena, "bytes %zu-%zu/%zu", first, last, content.length));
    return call_reply_bytes(call, 206, type_of(object), str_text(&content) + first,
                            last - first + 1);
}

static bool not_found(struct call *call, const struct object *bucket, const char *name)
{
    return call_fail(call, 404, "ObjectNotFound",
                     "The object '%s' was not found in the bucket '%s'", name, object_name(bucket));
}

bool os_get_object(struct call *call)
{
    const struct object *bucket = bucket_target(call);
    const char *name = call->path_values[2];
    if (!bucket)
        return false;
    const struct object *object =
        object_find_version(call, bucket, name, call_query(call, "versionId"));
    if (!object || object_is_marker(object))
        return not_found(call, bucket, name);
    if (text_equal(object_text(object, "archivalState"), "Archived") &&
        !text_equal(call->request->method, "HEAD"))
        return call_fail(call, 409, "NotRestored", "The object '%s' is archived: restore it first",
                         name);
    return object_reply(call, object);
}

/* --- writing ------------------------------------------------------------------------------------- */

static json_t *read_metadata(const struct call *call)
{
    json_t *metadata = json_object();
    for (size_t i = 0; i < call->request->header_count; i++) {
        const struct http_field *field = &call->request->headers[i];
        if (strncasecmp(field->name, META_PREFIX, strlen(META_PREFIX)) != 0)
            continue;
        STR_AUTO name = STR_INIT;
        for (const char *c = field->name + strlen(META_PREFIX); *c; c++)
            str_append_char(&name, (char)tolower((unsigned char)*c));
        json_set_text(metadata, str_text(&name), field->value);
    }
    return metadata;
}

static bool check_digest(struct call *call, const char *header, const void *data, size_t length)
{
    unsigned char digest[MD5_SIZE];
    STR_AUTO given = STR_INIT;
    md5_digest(data, length, digest);
    if (!base64_decode(header, strlen(header), &given) || given.length != MD5_SIZE)
        return call_fail(call, 400, "InvalidDigest", "Content-MD5 is no MD5 in base64");
    return memcmp(given.ptr, digest, MD5_SIZE) == 0 ||
           call_fail(call, 400, "UnmatchedContentMD5",
                     "The computed MD5 of the content does not match the header Content-MD5");
}

bool upload_read_headers(struct call *call, struct upload *upload)
{
    const char *md5 = call_header(call, "content-md5");
    const char *tier = call_header(call, "storage-tier");
    upload->data = str_text(&call->request->body);
    upload->length = call->request->body.length;
    upload->content_type = call_header(call, "content-type");
    upload->content_language = call_header(call, "content-language");
    upload->content_encoding = call_header(call, "content-encoding");
    upload->content_disposition = call_header(call, "content-disposition");
    upload->cache_control = call_header(call, "cache-control");
    upload->storage_tier = tier;
    if (tier && !text_one_of(tier, "Standard|InfrequentAccess|Archive", false))
        return call_fail(call, 400, "InvalidStorageTier", "There is no storage tier %s", tier);
    if (!call_header(call, "content-length") && !call_header(call, "transfer-encoding"))
        return call_fail(call, 411, "ContentLengthRequired", "Content-Length must be given");
    return !md5 || check_digest(call, md5, upload->data, upload->length);
}

static void set_upload_headers(struct call *call, const struct object *object)
{
    char time[CLOCK_HTTP_SIZE];
    call_set_header(call, "ETag", object_etag(object));
    call_set_header(call, "opc-content-md5", object_md5(object));
    call_set_header(call, "Last-Modified", clock_format_http(call->now_ms, time));
    call_set_header(call, "version-id", object_text(object, "versionId"));
}

bool os_put_object(struct call *call)
{
    struct object *bucket = bucket_target(call);
    struct upload upload = {.name = call->path_values[2]};
    if (!bucket || !object_check_conditions(call, object_find(call, bucket, upload.name)) ||
        !upload_read_headers(call, &upload))
        return false;
    JSON_AUTO metadata = read_metadata(call);
    upload.metadata = metadata;
    const struct object *object = object_put(call, bucket, &upload);
    if (!object)
        return false;
    set_upload_headers(call, object);
    return call_reply(call, 200, NULL);
}

bool os_delete_object(struct call *call)
{
    struct object *bucket = bucket_target(call);
    const char *name = call->path_values[2], *version = call_query(call, "versionId");
    const struct object *marker;
    char time[CLOCK_HTTP_SIZE];
    if (!bucket)
        return false;
    const struct object *current = object_find_version(call, bucket, name, version);
    if ((current && !object_check_conditions(call, current)) ||
        !object_delete(call, bucket, name, version, &marker))
        return false;
    call_set_header(call, "Last-Modified", clock_format_http(call->now_ms, time));
    if (marker) {
        call_set_header(call, "version-id", object_text(marker, "versionId"));
        call_set_header(call, "is-delete-marker", "true");
    }
    return call_reply(call, 204, NULL);
}

/* --- lists --------------------------------------------------------------------------------------- */

static const char list_fields[] =
    "name|size|etag|timeCreated|md5|timeModified|storageTier|archivalState";

/* "name,size": which members a list shows; false after 400. */
static bool read_fields(struct call *call, const char **fields)
{
    const char *text = call_query(call, "fields");
    char *joined = arena_printf(call->arena, "name%s%s", text ? "|" : "", text ? text : "");
    for (char *c = joined; *c; c++)
        if (*c == ',')
            *c = '|';
    struct slice rest = slice_from(joined), field;
    for (bool more = true; more;) {
        rest = slice_cut(rest, '|', &field, &more);
        const char *name = arena_strndup(call->arena, field.ptr, field.length);
        if (!text_one_of(name, list_fields, false))
            return call_fail(call, 400, "InvalidParameter", "fields: there is no field '%s'", name);
    }
    *fields = joined;
    return true;
}

static json_t *summary(const struct object *object, const char *fields)
{
    json_t *copy = json_object();
    const char *name;
    json_t *value;
    json_object_foreach(object->body, name, value)
    {
        if (text_one_of(name, fields, false))
            json_object_set(copy, name, value);
    }
    return copy;
}

bool os_list_objects(struct call *call)
{
    const struct object *bucket = bucket_target(call);
    const char *fields, *next;
    size_t count;
    struct listing listing = {
        call_query(call, "prefix"),     call_query(call, "start"),
        call_query(call, "startAfter"), call_query(call, "end"),
        call_query(call, "delimiter"),  (size_t)call_query_integer(call, "limit", LIST_LIMIT),
    };
    if (!bucket || !read_fields(call, &fields))
        return false;
    if (listing.delimiter && !text_equal(listing.delimiter, "/"))
        return call_invalid(call, "delimiter: only '/' is supported");
    const struct listed *entries = objects_list(call, bucket, &listing, &count, &next);
    json_t *objects = json_array(), *prefixes = json_array();
    for (size_t i = 0; i < count; i++) {
        if (entries[i].object)
            json_array_append_new(objects, summary(entries[i].object, fields));
        else
            json_array_append_new(prefixes, json_string(entries[i].prefix));
    }
    return call_reply(call, 200,
                      json_pack("{s:o, s:o, s:s?}", "objects", objects, "prefixes", prefixes,
                                "nextStartWith", next));
}

bool os_list_object_versions(struct call *call)
{
    const struct object *bucket = bucket_target(call);
    const char *prefix = call_query(call, "prefix"), *start = call_query(call, "start");
    const char *after = call_query(call, "startAfter"), *end = call_query(call, "end");
    const char *fields;
    size_t count;
    if (!bucket || !read_fields(call, &fields))
        return false;
    fields = arena_printf(call->arena, "%s|versionId|isDeleteMarker|timeModified", fields);
    struct object **sorted = objects_sorted(call, bucket, false, &count);
    json_t *items = json_array();
    for (size_t i = 0; i < count; i++) {
        const char *name = object_text(sorted[i], "name");
        if ((!prefix || text_starts_with(name, prefix)) && (!start || strcmp(name, start) >= 0) &&
            (!after || strcmp(name, after) > 0) && (!end || strcmp(name, end) < 0))
            json_array_append_new(items, summary(sorted[i], fields));
    }
    free(sorted);
    if (!crud_reply_page(call, items))
        return false;
    json_object_set_new(call->reply.json, "prefixes", json_array());
    return true;
}

/* --- several at once ------------------------------------------------------------------------------ */

static bool same_etag(struct call *call, const char *wanted, const struct object *object,
                      const char *code)
{
    return !wanted || names_etag(wanted, object) ||
           call_fail(call, 412, code, "The entity tag of the object is another one");
}

bool os_rename_object(struct call *call)
{
    struct object *bucket = bucket_target(call);
    const char *from = call_text(call, "sourceName"), *to = call_text(call, "newName");
    const struct object *marker;
    STR_AUTO content = STR_INIT;
    struct object *source = bucket ? object_find(call, bucket, from) : NULL;
    if (!source)
        return bucket && not_found(call, bucket, from);
    const struct object *old = object_find(call, bucket, to);
    if (!same_etag(call, call_text(call, "srcObjIfMatchETag"), source, "IfMatchFailed") ||
        (call_text(call, "newObjIfMatchETag") &&
         !same_etag(call, call_text(call, "newObjIfMatchETag"), old, "IfMatchFailed")))
        return false;
    if (old && text_equal(call_text(call, "newObjIfNoneMatchETag"), "*"))
        return call_fail(call, 412, "IfNoneMatchFailed", "The object '%s' exists", to);
    if (!object_read(call, source, &content))
        return false;
    struct upload upload = {
        .name = to,
        .data = str_text(&content),
        .length = content.length,
        .content_type = json_get_text(source->hidden, "contentType"),
        .storage_tier = object_text(source, "storageTier"),
        .metadata = json_object_get(source->hidden, "metadata"),
    };
    const struct object *renamed = object_put(call, bucket, &upload);
    if (!renamed || !object_delete(call, bucket, from, NULL, &marker))
        return false;
    set_upload_headers(call, renamed);
    return call_reply(call, 200, NULL);
}

bool os_batch_delete_objects(struct call *call)
{
    struct object *bucket = bucket_target(call);
    bool quiet = json_get_bool(call->body, "isSkipDeletedResult", false);
    size_t i;
    json_t *item;
    if (!bucket)
        return false;
    json_t *deleted = json_array(), *failed = json_array();
    json_array_foreach(json_object_get(call->body, "objects"), i, item)
    {
        const struct object *marker;
        const char *name = json_get_text(item, "objectName");
        const char *match = json_get_text(item, "ifMatch");
        const struct object *object = object_find(call, bucket, name);
        bool fits = !match || names_etag(match, object);
        if (fits && (!object || object_delete(call, bucket, name, NULL, &marker))) {
            if (!quiet)
                json_array_append_new(deleted, json_pack("{s:s, s:s}", "objectName", name,
                                                         "timeLastModified", call_time(call)));
        } else {
            json_array_append_new(failed, json_pack("{s:s, s:i, s:s}", "objectName", name,
                                                    "statusCode", fits ? 409 : 412, "errorMessage",
                                                    fits ? "The object is retained"
                                                         : "The entity tag is another one"));
        }
    }
    return call_reply(call, 200, json_pack("{s:o, s:o}", "deleted", deleted, "failed", failed));
}
