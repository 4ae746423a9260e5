/*
 * Object Storage: buckets, objects with their versions, multipart uploads, pre-authenticated requests,
 * retention rules, lifecycle policies. The native API (service_objectstorage), the links of pre-
 * authenticated requests (service_par) and the S3-compatible API (../s3) share what is declared here.
 *
 * An object version is one object of the state; its content is a file below STATE/blobs. The current
 * version of a name (it may be a delete marker) has the id "object/<bucket>/<name>", older ones
 * "version/<version id>".
 */
#ifndef OKESTRA_CLOUD_OBJECTSTORAGE_H
#define OKESTRA_CLOUD_OBJECTSTORAGE_H

#include "acceptance/cloud/api/call.h"

extern const struct service service_objectstorage;
extern const struct service service_par;

extern const struct kind kind_bucket;
extern const struct kind kind_stored_object;
extern const struct kind kind_blob;
extern const struct kind kind_upload;
extern const struct kind kind_upload_part;
extern const struct kind kind_par;
extern const struct kind kind_retention_rule;
extern const struct kind kind_lifecycle_policy;
extern const struct kind kind_namespace;

enum {
    OBJECT_NAME_LENGTH = 1024,
    BUCKET_NAME_LENGTH = 256,
    LIST_LIMIT = 1000,
    PART_NUMBER_LIMIT = 10000,
};

/* --- buckets ------------------------------------------------------------------------------------- */

/* NULL when there is none; any namespace but our own has none. */
struct object *bucket_find(const struct call *call, const char *namespace, const char *name);
/* That of the path's first two parameters; NULL after 404 BucketNotFound. */
struct object *bucket_target(struct call *call);
/* NULL after call_fail(). details as CreateBucketDetails. */
struct object *bucket_create(struct call *call, const json_t *details);
/* False after 409 BucketNotEmpty. */
bool bucket_remove(struct call *call, struct object *bucket);
const char *namespace_default_compartment(const struct call *call, const char *field);

/* --- objects ------------------------------------------------------------------------------------- */

/* What is uploaded. Texts may be NULL. */
struct upload {
    const char *name;
    const void *data;
    size_t length;
    const char *content_type, *content_language, *content_encoding, *content_disposition;
    const char *cache_control, *storage_tier;
    const char *multipart_md5; /* "<base64>-<parts>"; NULL for single uploads */
    json_t *metadata;          /* borrowed; NULL: none */
};

/* The current version; NULL when there is none or it is a delete marker. */
struct object *object_find(const struct call *call, const struct object *bucket, const char *name);
/* That version; version NULL: the current one. NULL when there is none. */
struct object *object_find_version(const struct call *call, const struct object *bucket,
                                   const char *name, const char *version);
/* Stores it as the current version. NULL after call_fail(): retention, name. */
struct object *object_put(struct call *call, struct object *bucket, const struct upload *upload);
/* Deletes the current version (with versioning: puts a delete marker on top), or the version given.
 * *marker gets the marker or NULL. False after call_fail(). */
bool object_delete(struct call *call, struct object *bucket, const char *name, const char *version,
                   const struct object **marker);
/* Appends the content. False after 500. */
bool object_read(struct call *call, const struct object *object, struct str *out);
const char *object_etag(const struct object *object);
json_int_t object_size(const struct object *object);
bool object_is_marker(const struct object *object);
/* base64 of the MD5 */
const char *object_md5(const struct object *object);

/* The versions of a bucket, sorted by name, newest first within a name; current_only: just current ones
 * that are no delete markers. Free the array with free(). */
struct object **objects_sorted(const struct call *call, const struct object *bucket,
                               bool current_only, size_t *count);

/* One page of a listing, as both APIs make it. */
struct listing {
    const char *prefix, *start, *start_after, *end, *delimiter; /* NULL: none */
    size_t limit;
};
struct listed {
    const struct object *object; /* NULL for a common prefix */
    const char *prefix;          /* in the arena */
};
/* Entries in the arena, in order; *next gets the name to go on with, NULL at the end. */
struct listed *objects_list(struct call *call, const struct object *bucket,
                            const struct listing *listing, size_t *count, const char **next);

/* Content, conditions and headers of an object as the answer to GET and HEAD. */
bool object_reply(struct call *call, const struct object *object);
/* "bytes=A-B", "bytes=A-", "bytes=-N" of `size` bytes; anything else is no range (RFC 9110 §14.2). *first
 * may lie outside. */
bool object_parse_range(const char *text, size_t size, size_t *first, size_t *last);
/* Reads the headers of an upload; false after call_fail() (digest, name). */
bool upload_read_headers(struct call *call, struct upload *upload);
/* False after 412: if-match and if-none-match of the request against the current version (may be NULL). */
bool object_check_conditions(struct call *call, const struct object *current);

/* --- multipart uploads ---------------------------------------------------------------------------- */

struct object *upload_begin(struct call *call, const struct object *bucket,
                            const struct upload *details);
/* NULL when there is none. */
struct object *upload_find(const struct call *call, const struct object *bucket, const char *name,
                           const char *id);
struct object *upload_part_put(struct call *call, struct object *upload, json_int_t number,
                               const void *data, size_t length);
struct object *upload_part_find(const struct call *call, const struct object *upload,
                                json_int_t number);
/* Puts the parts (numbers in ascending order) together as an object. NULL after call_fail(). */
struct object *upload_commit(struct call *call, struct object *bucket, struct object *upload,
                             const json_int_t *numbers, size_t count);
void upload_remove(struct call *call, struct object *upload);

/* --- content --------------------------------------------------------------------------------------- */

/* Writes a file for the content; its name, or NULL after 500. */
const char *blob_write(struct call *call, const void *data, size_t length);
/* Appends it; false after 500. */
bool blob_read(struct call *call, const char *name, struct str *out);
/* The file goes once this change is on disk. */
void blob_release(struct call *call, const char *name);

/* --- handlers -------------------------------------------------------------------------------------- */

bool os_get_namespace(struct call *call);
bool os_get_namespace_metadata(struct call *call);
bool os_update_namespace_metadata(struct call *call);
bool os_list_buckets(struct call *call);
bool os_create_bucket(struct call *call);
bool os_get_bucket(struct call *call);
bool os_update_bucket(struct call *call);
bool os_delete_bucket(struct call *call);
bool os_put_lifecycle_policy(struct call *call);
bool os_get_lifecycle_policy(struct call *call);
bool os_delete_lifecycle_policy(struct call *call);
bool os_create_retention_rule(struct call *call);
bool os_list_retention_rules(struct call *call);
bool os_get_retention_rule(struct call *call);
bool os_update_retention_rule(struct call *call);
bool os_delete_retention_rule(struct call *call);
bool os_put_object(struct call *call);
bool os_get_object(struct call *call);
bool os_delete_object(struct call *call);
bool os_list_objects(struct call *call);
bool os_list_object_versions(struct call *call);
bool os_rename_object(struct call *call);
bool os_batch_delete_objects(struct call *call);
bool os_create_upload(struct call *call);
bool os_list_uploads(struct call *call);
bool os_list_parts(struct call *call);
bool os_upload_part(struct call *call);
bool os_commit_upload(struct call *call);
bool os_abort_upload(struct call *call);
bool os_create_par(struct call *call);
bool os_list_pars(struct call *call);
bool os_get_par(struct call *call);
bool os_delete_par(struct call *call);

#endif
