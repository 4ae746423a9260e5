#include "acceptance/cloud/s3/s3.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "acceptance/cloud/api/call.h"
#include "acceptance/cloud/http/parser.h"
#include "acceptance/cloud/identity/identity.h"
#include "acceptance/cloud/objectstorage/objectstorage.h"
#include "acceptance/cloud/s3/sigv4.h"
#include "acceptance/cloud/s3/xml.h"
#include "lib/base/clock.h"
#include "lib/base/encoding.h"
#include "lib/base/json.h"
#include "lib/net/url.h"

#define DECLARATION "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
#define XMLNS       "xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\""
#define META_PREFIX "x-amz-meta-"

/* --- answers ------------------------------------------------------------------------------------- */

static bool reply_xml(struct call *call, int status, const struct str *xml)
{
    return call_reply_bytes(call, status, "application/xml", str_text(xml), xml->length);
}

static bool fail(struct call *call, int status, const char *code, const char *format, ...)
    ATTR_PRINTF(4, 5);

static bool fail(struct call *call, int status, const char *code, const char *format, ...)
{
    va_list args;
    STR_AUTO xml = STR_INIT;
    va_start(args, format);
    const char *message = arena_vprintf(call->arena, format, args);
    va_end(args);
    str_append(&xml, DECLARATION "<Error>");
    xml_append(&xml, "Code", code);
    xml_append(&xml, "Message", message);
    xml_append(&xml, "Resource", call->request->path);
    str_append(&xml, "</Error>");
    str_clear(&call->reply.headers);
    reply_xml(call, status, &xml);
    return false;
}

/* What the native API refused, in the words of this one. Always false. */
static bool translate_failure(struct call *call)
{
    static const char *const codes[][2] = {
        {"ObjectNotFound", "NoSuchKey"},
        {"BucketNotFound", "NoSuchBucket"},
        {"IfMatchFailed", "PreconditionFailed"},
        {"IfNoneMatchFailed", "PreconditionFailed"},
        {"UnmatchedContentMD5", "BadDigest"},
        {"InvalidUploadPart", "InvalidPart"},
        {"InvalidUploadPartOrder", "InvalidPartOrder"},
        {"InternalServerError", "InternalError"},
    };
    if (!call->reply.json)
        return false;
    const char *native = json_get_text(call->reply.json, "code");
    const char *code = arena_strdup(call->arena, native);
    for (size_t i = 0; i < ARRAY_LENGTH(codes); i++)
        if (text_equal(codes[i][0], native))
            code = codes[i][1];
    const char *message = arena_strdup(call->arena, json_get_text(call->reply.json, "message"));
    return fail(call, call->reply.status, code, "%s", message);
}

/* --- who is calling ------------------------------------------------------------------------------- */

static bool refuse(struct call *call, enum sigv4_result why)
{
    static const struct {
        int status;
        const char *code, *message;
    } answers[] = {
        [SIGV4_ANONYMOUS] = {403, "AccessDenied", "The request is not signed"},
        [SIGV4_MALFORMED] = {400, "AuthorizationHeaderMalformed",
                             "The authorization header cannot be read; only AWS4-HMAC-SHA256 is "
                             "supported"},
        [SIGV4_SCOPE] = {400, "AuthorizationHeaderMalformed",
                         "The credential's scope does not fit the request"},
        [SIGV4_DATE] = {403, "AccessDenied", "x-amz-date is missing or no date"},
        [SIGV4_SKEWED] = {403, "RequestTimeTooSkewed",
                          "The difference between the request time and the current time is too "
                          "large"},
        [SIGV4_PAYLOAD_MISSING] = {400, "InvalidArgument", "x-amz-content-sha256 is missing"},
        [SIGV4_PAYLOAD_STREAMING] = {501, "NotImplemented",
                                     "Chunked payloads and trailing checksums are not supported"},
        [SIGV4_PAYLOAD_INVALID] = {400, "InvalidArgument",
                                   "x-amz-content-sha256 must be UNSIGNED-PAYLOAD or a SHA-256"},
        [SIGV4_PAYLOAD_MISMATCH] = {400, "XAmzContentSHA256Mismatch",
                                    "x-amz-content-sha256 is not the SHA-256 of the body"},
        [SIGV4_HEADERS_UNSIGNED] = {403, "AccessDenied",
                                    "There are headers that must be signed and are not"},
        [SIGV4_SIGNATURE_MISMATCH] = {403, "SignatureDoesNotMatch",
                                      "The signature does not match the one calculated for the "
                                      "request"},
    };
    return fail(call, answers[why].status, answers[why].code, "%s", answers[why].message);
}

/* "<namespace>.compat.objectstorage.…" must be our namespace. */
static bool check_host(struct call *call)
{
    const char *host = call_header(call, "host");
    const char *namespace = call_settings(call)->namespace;
    const char *compat = host ? strstr(host, ".compat.objectstorage.") : NULL;
    return !compat ||
           ((size_t)(compat - host) == strlen(namespace) &&
            strncmp(host, namespace, strlen(namespace)) == 0) ||
           fail(call, 403, "AccessDenied", "The namespace in the host name is unknown");
}

static bool check_scope(struct call *call, const struct sigv4_authorization *authorization)
{
    const char *region = call_settings(call)->region;
    return text_equal(authorization->region, region) ||
           text_equal(authorization->region, "us-east-1") ||
           fail(call, 400, "AuthorizationHeaderMalformed",
                "The region '%s' is wrong; expecting '%s'", authorization->region, region);
}

static bool authenticate(struct call *call)
{
    const struct http_request *http = call->request;
    struct sigv4_header *headers =
        arena_array(call->arena, struct sigv4_header, http->header_count);
    struct sigv4_authorization authorization;
    for (size_t i = 0; i < http->header_count; i++)
        headers[i] = (struct sigv4_header){http->headers[i].name, http->headers[i].value};
    const struct sigv4_request request = {http->method, http->path, http->query, headers,
                                          http->header_count};
    enum sigv4_result result = sigv4_parse(call->arena, &request, call->now_ms, &authorization);
    if (result != SIGV4_OK)
        return refuse(call, result);
    const struct object *key =
        store_find(call->store, &kind_customer_secret_key, authorization.access_key);
    if (!key || !object_alive(key))
        return fail(call, 403, "InvalidAccessKeyId", "The access key does not exist");
    result = sigv4_verify(call->arena, &request, &authorization, json_get_text(key->hidden, "key"));
    if (result == SIGV4_OK)
        result = sigv4_verify_body(&authorization, str_text(&http->body), http->body.length);
    if (result != SIGV4_OK)
        return refuse(call, result);
    call->user = arena_strdup(call->arena, object_text(key, "userId"));
    return check_scope(call, &authorization) && check_host(call);
}

/* --- the request ---------------------------------------------------------------------------------- */

/* The value of a query parameter, "" for one without; NULL when it is not there. */
static const char *parameter(struct call *call, const char *name)
{
    struct slice rest = slice_from(call->request->query), pair, key;
    bool more = rest.length > 0, found;
    while (more) {
        STR_AUTO decoded = STR_INIT;
        rest = slice_cut(rest, '&', &pair, &more);
        struct slice value = slice_cut(pair, '=', &key, &found);
        if (slice_equal_text(key, name) && url_decode(value.ptr, value.length, true, &decoded))
            return str_copy_to(&decoded, call->arena);
    }
    return NULL;
}

/* Parts of the S3 API that Object Storage does not have. */
static bool check_subresource(struct call *call)
{
    static const char *const missing[] = {
        "acl",     "policy",    "cors",        "website",     "logging",           "notification",
        "tagging", "lifecycle", "replication", "encryption",  "requestPayment",    "accelerate",
        "torrent", "retention", "legal-hold",  "object-lock", "publicAccessBlock", "versions",
    };
    for (size_t i = 0; i < ARRAY_LENGTH(missing); i++)
        if (parameter(call, missing[i]))
            return fail(call, 501, "NotImplemented", "?%s is not implemented", missing[i]);
    return true;
}

static struct object *bucket_of(struct call *call)
{
    const char *name = call->path_values[0];
    struct object *bucket = bucket_find(call, call_settings(call)->namespace, name);
    if (!bucket)
        fail(call, 404, "NoSuchBucket", "The bucket '%s' does not exist", name);
    return bucket;
}

/* The MD5 in hex, or that of the parts with their number, in quotes. */
static const char *etag_of(struct call *call, const struct object *object)
{
    const char *multipart = json_get_text(object->hidden, "multipartMd5");
    const char *text = multipart ? multipart : object_md5(object);
    const char *dash = strrchr(text, '-');
    STR_AUTO digest = STR_INIT;
    STR_AUTO hex = STR_INIT;
    base64_decode(text, multipart && dash ? (size_t)(dash - text) : strlen(text), &digest);
    hex_encode(digest.ptr, digest.length, &hex);
    return arena_printf(call->arena, "\"%s%s\"", str_text(&hex), multipart && dash ? dash : "");
}

static bool names_etag(struct call *call, const char *header, const struct object *object)
{
    if (!object)
        return false;
    const char *etag = etag_of(call, object);
    size_t length = strlen(etag);
    return text_equal(header, "*") || text_equal(header, etag) ||
           (strlen(header) == length - 2 && strncmp(header, etag + 1, length - 2) == 0);
}

static bool check_conditions(struct call *call, const struct object *current)
{
    const char *match = call_header(call, "if-match"), *none = call_header(call, "if-none-match");
    if ((match && !names_etag(call, match, current)) || (none && names_etag(call, none, current)))
        return fail(call, 412, "PreconditionFailed",
                    "At least one of the preconditions did not hold");
    return true;
}

/* --- buckets -------------------------------------------------------------------------------------- */

static bool list_buckets(struct call *call)
{
    STR_AUTO xml = STR_INIT;
    const char *compartment = namespace_default_compartment(call, "defaultS3CompartmentId");
    str_append(&xml, DECLARATION "<ListAllMyBucketsResult " XMLNS "><Owner>");
    xml_append(&xml, "ID", call_settings(call)->namespace);
    str_append(&xml, "</Owner><Buckets>");
    for (const struct object *bucket = store_first(call->store, &kind_bucket); bucket;
         bucket = store_next(call->store, bucket)) {
        if (!text_equal(object_text(bucket, "compartmentId"), compartment))
            continue;
        str_append(&xml, "<Bucket>");
        xml_append(&xml, "Name", object_name(bucket));
        xml_append(&xml, "CreationDate", object_text(bucket, "timeCreated"));
        str_append(&xml, "</Bucket>");
    }
    str_append(&xml, "</Buckets></ListAllMyBucketsResult>");
    return reply_xml(call, 200, &xml);
}

static bool create_bucket(struct call *call)
{
    JSON_AUTO details = json_pack("{s:s, s:s}", "name", call->path_values[0], "compartmentId",
                                  namespace_default_compartment(call, "defaultS3CompartmentId"));
    if (!bucket_create(call, details))
        return translate_failure(call);
    call_set_header(call, "Location", arena_printf(call->arena, "/%s", call->path_values[0]));
    return call_reply(call, 200, NULL);
}

static bool delete_bucket(struct call *call)
{
    struct object *bucket = bucket_of(call);
    if (!bucket)
        return false;
    return bucket_remove(call, bucket) ? call_reply(call, 204, NULL) : translate_failure(call);
}

static bool head_bucket(struct call *call)
{
    if (!bucket_of(call))
        return false;
    call_set_header(call, "x-amz-bucket-region", call_settings(call)->region);
    return call_reply(call, 200, NULL);
}

static void append_key(struct call *call, struct str *xml, const char *element, const char *key)
{
    STR_AUTO encoded = STR_INIT;
    if (text_equal(parameter(call, "encoding-type"), "url"))
        url_encode_text(URL_PATH, key, &encoded);
    xml_append(xml, element, encoded.length ? str_text(&encoded) : key);
}

static void append_contents(struct call *call, struct str *xml, const struct object *object)
{
    str_append(xml, "<Contents>");
    append_key(call, xml, "Key", object_text(object, "name"));
    xml_append(xml, "LastModified", object_text(object, "timeModified"));
    xml_append(xml, "ETag", etag_of(call, object));
    str_printf(xml, "<Size>%lld</Size>", (long long)object_size(object));
    xml_append(xml, "StorageClass", "STANDARD");
    str_append(xml, "</Contents>");
}

/* Continuation tokens hold the name to go on with. */
static const char *read_token(struct call *call, const char *token)
{
    STR_AUTO name = STR_INIT;
    return token && base64_decode(token, strlen(token), &name) ? str_copy_to(&name, call->arena)
                                                               : NULL;
}

static void append_next(struct call *call, struct str *xml, bool second, const char *next,
                        const struct listed *last)
{
    STR_AUTO token = STR_INIT;
    str_printf(xml, "<IsTruncated>%s</IsTruncated>", next ? "true" : "false");
    if (next && second) {
        base64_encode(BASE64_URL_NO_PAD, next, strlen(next), &token);
        xml_append(xml, "NextContinuationToken", str_text(&token));
    } else if (next && last) {
        append_key(call, xml, "NextMarker",
                   last->object ? object_text(last->object, "name") : last->prefix);
    }
}

/* ListObjects and, with list-type=2, ListObjectsV2. */
static bool list_objects(struct call *call, const struct object *bucket)
{
    bool second = text_equal(parameter(call, "list-type"), "2");
    const char *limit = parameter(call, "max-keys"), *next;
    char *end = NULL;
    unsigned long wanted = limit ? strtoul(limit, &end, 10) : LIST_LIMIT;
    if (limit && (!isdigit((unsigned char)*limit) || *end))
        return fail(call, 400, "InvalidArgument", "max-keys is no number");
    struct listing listing = {
        .prefix = parameter(call, "prefix"),
        .start = read_token(call, parameter(call, "continuation-token")),
        .start_after = parameter(call, second ? "start-after" : "marker"),
        .delimiter = parameter(call, "delimiter"),
        .limit = wanted < LIST_LIMIT ? wanted : LIST_LIMIT,
    };
    size_t count;
    const struct listed *entries = objects_list(call, bucket, &listing, &count, &next);
    STR_AUTO xml = STR_INIT;
    str_append(&xml, DECLARATION "<ListBucketResult " XMLNS ">");
    xml_append(&xml, "Name", object_name(bucket));
    append_key(call, &xml, "Prefix", listing.prefix ? listing.prefix : "");
    str_printf(&xml, "<MaxKeys>%zu</MaxKeys>", listing.limit);
    if (second)
        str_printf(&xml, "<KeyCount>%zu</KeyCount>", count);
    append_next(call, &xml, second, next, count ? &entries[count - 1] : NULL);
    for (size_t i = 0; i < count; i++)
        if (entries[i].object)
            append_contents(call, &xml, entries[i].object);
    for (size_t i = 0; i < count; i++)
        if (!entries[i].object) {
            str_append(&xml, "<CommonPrefixes>");
            append_key(call, &xml, "Prefix", entries[i].prefix);
            str_append(&xml, "</CommonPrefixes>");
        }
    str_append(&xml, "</ListBucketResult>");
    return reply_xml(call, 200, &xml);
}

static bool get_bucket(struct call *call)
{
    const struct object *bucket = bucket_of(call);
    STR_AUTO xml = STR_INIT;
    if (!bucket)
        return false;
    if (parameter(call, "location")) {
        str_append(&xml, DECLARATION);
        xml_append(&xml, "LocationConstraint", call_settings(call)->region);
        return reply_xml(call, 200, &xml);
    }
    if (parameter(call, "versioning")) {
        const char *versioning = object_text(bucket, "versioning");
        str_append(&xml, DECLARATION "<VersioningConfiguration " XMLNS ">");
        if (!text_equal(versioning, "Disabled"))
            xml_append(&xml, "Status", versioning);
        str_append(&xml, "</VersioningConfiguration>");
        return reply_xml(call, 200, &xml);
    }
    return list_objects(call, bucket);
}

/* --- objects -------------------------------------------------------------------------------------- */

static bool no_such_key(struct call *call)
{
    return fail(call, 404, "NoSuchKey", "The specified key does not exist: %s",
                call->path_values[1]);
}

static void set_headers(struct call *call, const struct object *object)
{
    char time[CLOCK_HTTP_SIZE];
    int64_t modified_ms = 0;
    const char *name;
    json_t *value;
    clock_parse_rfc3339(object_text(object, "timeModified"), &modified_ms);
    call_set_header(call, "ETag", etag_of(call, object));
    call_set_header(call, "Last-Modified", clock_format_http(modified_ms, time));
    call_set_header(call, "Accept-Ranges", "bytes");
    call_set_header(call, "x-amz-version-id", object_text(object, "versionId"));
    json_object_foreach(json_object_get(object->hidden, "metadata"), name, value)
    {
        call_set_header(call, arena_printf(call->arena, META_PREFIX "%s", name),
                        json_string_value(value));
    }
}

static bool get_object(struct call *call)
{
    const struct object *bucket = bucket_of(call);
    STR_AUTO content = STR_INIT;
    size_t first, last;
    if (!bucket)
        return false;
    const struct object *object =
        object_find_version(call, bucket, call->path_values[1], parameter(call, "versionId"));
    if (!object || object_is_marker(object))
        return no_such_key(call);
    const char *none = call_header(call, "if-none-match"), *range = call_header(call, "range");
    const char *type = json_get_text(object->hidden, "contentType");
    if (none && names_etag(call, none, object)) {
        set_headers(call, object);
        return call_reply(call, 304, NULL);
    }
    if (!check_conditions(call, object))
        return false;
    if (!object_read(call, object, &content))
        return translate_failure(call);
    set_headers(call, object);
    type = type ? type : "binary/octet-stream";
    if (!object_parse_range(range, content.length, &first, &last))
        return call_reply_bytes(call, 200, type, str_text(&content), content.length);
    if (first >= content.length)
        return fail(call, 416, "InvalidRange", "The range lies outside the object");
    call_set_header(call, "Content-Range",
                    arena_printf(call->arena, "bytes %zu-%zu/%zu", first, last, content.length));
    return call_reply_bytes(call, 206, type, str_text(&content) + first, last - first + 1);
}

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

static bool put_part(struct call *call, struct object *bucket, const char *upload_id)
{
    struct upload details = {0};
    struct object *upload = upload_find(call, bucket, call->path_values[1], upload_id);
    long number = strtol(parameter(call, "partNumber"), NULL, 10);
    if (!upload)
        return fail(call, 404, "NoSuchUpload", "The multipart upload does not exist");
    if (number < 1 || number > PART_NUMBER_LIMIT)
        return fail(call, 400, "InvalidArgument", "partNumber must be from 1 to %d",
                    PART_NUMBER_LIMIT);
    if (!upload_read_headers(call, &details))
        return translate_failure(call);
    const struct object *part = upload_part_put(call, upload, number, details.data, details.length);
    if (!part)
        return translate_failure(call);
    call_set_header(call, "ETag", etag_of(call, part));
    return call_reply(call, 200, NULL);
}

static bool put_object(struct call *call)
{
    struct object *bucket = bucket_of(call);
    struct upload upload = {.name = call->path_values[1]};
    if (!bucket)
        return false;
    if (call_header(call, "x-amz-copy-source"))
        return fail(call, 501, "NotImplemented", "Copying is not implemented");
    const char *upload_id = parameter(call, "uploadId");
    if (upload_id && parameter(call, "partNumber"))
        return put_part(call, bucket, upload_id);
    if (!check_conditions(call, object_find(call, bucket, upload.name)))
        return false;
    JSON_AUTO metadata = read_metadata(call);
    upload.metadata = metadata;
    const struct object *object =
        upload_read_headers(call, &upload) ? object_put(call, bucket, &upload) : NULL;
    if (!object)
        return translate_failure(call);
    call_set_header(call, "ETag", etag_of(call, object));
    call_set_header(call, "x-amz-version-id", object_text(object, "versionId"));
    return call_reply(call, 200, NULL);
}

static bool delete_object(struct call *call)
{
    struct object *bucket = bucket_of(call);
    const char *name = call->path_values[1], *version = parameter(call, "versionId");
    const struct object *marker = NULL;
    if (!bucket)
        return false;
    const char *upload_id = parameter(call, "uploadId");
    if (upload_id) {
        struct object *upload = upload_find(call, bucket, name, upload_id);
        if (!upload)
            return fail(call, 404, "NoSuchUpload", "The multipart upload does not exist");
        upload_remove(call, upload);
        return call_reply(call, 204, NULL);
    }
    /* What is not there counts as deleted. */
    const struct object *object = object_find_version(call, bucket, name, version);
    if (object && !check_conditions(call, object))
        return false;
    if (object && !object_delete(call, bucket, name, version, &marker))
        return translate_failure(call);
    if (marker)
        call_set_header(call, "x-amz-delete-marker", "true");
    return call_reply(call, 204, NULL);
}

/* --- multipart uploads ----------------------------------------------------------------------------- */

static bool begin_upload(struct call *call, const struct object *bucket)
{
    STR_AUTO xml = STR_INIT;
    JSON_AUTO metadata = read_metadata(call);
    const struct upload details = {.name = call->path_values[1],
                                   .content_type = call_header(call, "content-type"),
                                   .metadata = metadata};
    const struct object *upload = upload_begin(call, bucket, &details);
    str_append(&xml, DECLARATION "<InitiateMultipartUploadResult " XMLNS ">");
    xml_append(&xml, "Bucket", object_name(bucket));
    xml_append(&xml, "Key", call->path_values[1]);
    xml_append(&xml, "UploadId", upload->id);
    str_append(&xml, "</InitiateMultipartUploadResult>");
    return reply_xml(call, 200, &xml);
}

/* The numbers of <Part><PartNumber/><ETag/></Part>; false after 400. */
static bool read_parts(struct call *call, const struct object *upload,
                       const struct xml_element *root, json_int_t *numbers, size_t *count)
{
    *count = 0;
    for (const struct xml_element *part = root->children; part; part = part->next) {
        const char *number = xml_child_text(part, "PartNumber");
        const char *etag = xml_child_text(part, "ETag");
        if (!text_equal(part->name, "Part") || !number || !etag || *count == PART_NUMBER_LIMIT)
            return fail(call, 400, "MalformedXML", "The list of parts cannot be read");
        numbers[*count] = strtol(number, NULL, 10);
        const struct object *stored = upload_part_find(call, upload, numbers[*count]);
        if (!stored || !names_etag(call, etag, stored))
            return fail(call, 400, "InvalidPart", "Part %s was not uploaded with this ETag",
                        number);
        if (*count > 0 && numbers[*count] <= numbers[*count - 1])
            return fail(call, 400, "InvalidPartOrder", "The parts are not in ascending order");
        ++*count;
    }
    return *count > 0 || fail(call, 400, "MalformedXML", "There are no parts");
}

static bool complete_upload(struct call *call, struct object *bucket, struct object *upload)
{
    ERROR_AUTO(err);
    STR_AUTO xml = STR_INIT;
    size_t count;
    json_int_t *numbers = arena_array(call->arena, json_int_t, PART_NUMBER_LIMIT);
    const struct str *body = &call->request->body;
    const struct xml_element *root = xml_parse(call->arena, str_text(body), body->length, &err);
    if (!root || !text_equal(root->name, "CompleteMultipartUpload"))
        return fail(call, 400, "MalformedXML", "The body is no CompleteMultipartUpload");
    if (!check_conditions(call, object_find(call, bucket, call->path_values[1])) ||
        !read_parts(call, upload, root, numbers, &count))
        return false;
    const struct object *object = upload_commit(call, bucket, upload, numbers, count);
    if (!object)
        return translate_failure(call);
    str_append(&xml, DECLARATION "<CompleteMultipartUploadResult " XMLNS ">");
    xml_append(&xml, "Location", call->request->path);
    xml_append(&xml, "Bucket", object_name(bucket));
    xml_append(&xml, "Key", call->path_values[1]);
    xml_append(&xml, "ETag", etag_of(call, object));
    str_append(&xml, "</CompleteMultipartUploadResult>");
    return reply_xml(call, 200, &xml);
}

static bool post_object(struct call *call)
{
    struct object *bucket = bucket_of(call);
    const char *upload_id = parameter(call, "uploadId");
    if (!bucket)
        return false;
    if (parameter(call, "uploads"))
        return begin_upload(call, bucket);
    if (!upload_id)
        return fail(call, 501, "NotImplemented", "This is not implemented");
    struct object *upload = upload_find(call, bucket, call->path_values[1], upload_id);
    return upload ? complete_upload(call, bucket, upload)
                  : fail(call, 404, "NoSuchUpload", "The multipart upload does not exist");
}

/* --- tables ---------------------------------------------------------------------------------------- */

#define HANDLER(name)                                                                              \
    static bool name##_signed(struct call *call)                                                   \
    {                                                                                              \
        return authenticate(call) && check_subresource(call) && name(call);                        \
    }
HANDLER(list_buckets)
HANDLER(get_bucket)
HANDLER(head_bucket)
HANDLER(create_bucket)
HANDLER(delete_bucket)
HANDLER(get_object)
HANDLER(put_object)
HANDLER(delete_object)
HANDLER(post_object)

/* The handlers check signatures themselves; buckets may be named with a slash at the end. */
#define ROW(name, method, path, handler)                                                           \
    {                                                                                              \
        (name), (method), (path), (handler),                                                       \
            .flags = OPERATION_PUBLIC | OPERATION_RAW_BODY | OPERATION_ANY_QUERY                   \
    }
#define BUCKET_ROWS(name, method, handler)                                                         \
    ROW(name, method, "/{bucketName}", handler), ROW(name, method, "/{bucketName}/", handler)
#define OBJECT "/{bucketName}/{objectName+}"

static const struct operation operations[] = {
    ROW("S3ListBuckets", "GET", "/", list_buckets_signed),
    BUCKET_ROWS("S3GetBucket", "GET", get_bucket_signed),
    BUCKET_ROWS("S3HeadBucket", "HEAD", head_bucket_signed),
    BUCKET_ROWS("S3CreateBucket", "PUT", create_bucket_signed),
    BUCKET_ROWS("S3DeleteBucket", "DELETE", delete_bucket_signed),
    ROW("S3GetObject", "GET", OBJECT, get_object_signed),
    ROW("S3HeadObject", "HEAD", OBJECT, get_object_signed),
    ROW("S3PutObject", "PUT", OBJECT, put_object_signed),
    ROW("S3DeleteObject", "DELETE", OBJECT, delete_object_signed),
    ROW("S3PostObject", "POST", OBJECT, post_object_signed),
    {NULL},
};

static const struct kind *const kinds[] = {NULL};

static bool claims(const struct http_request *request)
{
    const char *authorization = http_request_header(request, "authorization");
    return authorization && strncasecmp(authorization, "AWS4-", 5) == 0;
}

const struct service service_s3 = {
    .name = "s3",
    .hosts = "*.compat.objectstorage",
    .base_path = "",
    .operations = operations,
    .kinds = kinds,
    .claims = claims,
};
