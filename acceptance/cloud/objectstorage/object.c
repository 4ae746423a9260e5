/* Objects and their versions: what both APIs do with them. */
#include <stdlib.h>
#include <string.h>

#include "acceptance/cloud/objectstorage/objectstorage.h"
#include "acceptance/cloud/objectstorage/retention.h"
#include "lib/base/clock.h"
#include "lib/base/encoding.h"
#include "lib/base/json.h"

const struct kind kind_stored_object = {
    .type = "object", .title = "Object", .name_field = "name", .internal = true};

const char *object_etag(const struct object *object)
{
    return object_text(object, "etag");
}

json_int_t object_size(const struct object *object)
{
    return json_get_integer(object->body, "size", 0);
}

bool object_is_marker(const struct object *object)
{
    return json_get_bool(object->body, "isDeleteMarker", false);
}

const char *object_md5(const struct object *object)
{
    return object_text(object, "md5");
}

/* --- look-ups ------------------------------------------------------------------------------------ */

static const char *current_id(struct arena *arena, const struct object *bucket, const char *name)
{
    return arena_printf(arena, "object/%s/%s", bucket->id, name);
}

static struct object *newest(const struct call *call, const struct object *bucket, const char *name)
{
    return store_find(call->store, &kind_stored_object, current_id(call->arena, bucket, name));
}

struct object *object_find(const struct call *call, const struct object *bucket, const char *name)
{
    struct object *object = newest(call, bucket, name);
    return object && !object_is_marker(object) ? object : NULL;
}

static bool is_of(const struct object *object, const struct object *bucket, const char *name)
{
    return text_equal(json_get_text(object->hidden, "bucket"), bucket->id) &&
           (!name || text_equal(object_text(object, "name"), name));
}

struct object *object_find_version(const struct call *call, const struct object *bucket,
                                   const char *name, const char *version)
{
    if (!version)
        return object_find(call, bucket, name);
    struct object *object = newest(call, bucket, name);
    if (object && text_equal(object_text(object, "versionId"), version))
        return object;
    object = store_find(call->store, &kind_stored_object,
                        arena_printf(call->arena, "version/%s", version));
    return object && is_of(object, bucket, name) ? object : NULL;
}

/* --- storing ------------------------------------------------------------------------------------- */

static const char *new_uuid(struct call *call)
{
    unsigned char bytes[16];
    STR_AUTO hex = STR_INIT;
    random_bytes(bytes, sizeof(bytes));
    hex_encode(bytes, sizeof(bytes), &hex);
    return arena_printf(call->arena, "%.8s-%.4s-%.4s-%.4s-%s", hex.ptr, hex.ptr + 8, hex.ptr + 12,
                        hex.ptr + 16, hex.ptr + 20);
}

/* Gives up the id of the current version, for the one that takes its place. */
static void retire(struct call *call, struct object *old)
{
    const char *version = object_text(old, "versionId");
    struct object *copy = change_add(call->change, &kind_stored_object,
                                     arena_printf(call->arena, "version/%s", version));
    json_object_update(copy->body, old->body);
    json_object_update(copy->hidden, old->hidden);
    change_remove(call->change, old);
}

static void drop(struct call *call, struct object *object)
{
    blob_release(call, json_get_text(object->hidden, "blob"));
    change_remove(call->change, object);
}

static bool versioned(const struct object *bucket)
{
    return text_equal(object_text(bucket, "versioning"), "Enabled");
}

/* Versions that were made while versioning was enabled outlive it. */
static void make_room(struct call *call, const struct object *bucket, const char *name)
{
    struct object *old = newest(call, bucket, name);
    if (!old)
        return;
    if (versioned(bucket) || json_get_bool(old->hidden, "versioned", false))
        retire(call, old);
    else
        drop(call, old);
}

static struct object *add(struct call *call, const struct object *bucket, const char *name)
{
    struct object *object =
        change_add(call->change, &kind_stored_object, current_id(call->arena, bucket, name));
    json_set_text(object->body, "name", name);
    json_set_text(object->body, "etag", new_uuid(call));
    json_set_text(object->body, "versionId", new_uuid(call));
    json_set_text(object->body, "timeCreated", call_time(call));
    json_set_text(object->body, "timeModified", call_time(call));
    json_object_set_new(object->body, "isDeleteMarker", json_false());
    json_set_text(object->hidden, "bucket", bucket->id);
    json_object_set_new(object->hidden, "versioned", json_boolean(versioned(bucket)));
    return object;
}

static const char *md5_of(struct call *call, const void *data, size_t length)
{
    unsigned char digest[MD5_SIZE];
    STR_AUTO text = STR_INIT;
    md5_digest(data, length, digest);
    base64_encode(BASE64_STANDARD, digest, sizeof(digest), &text);
    return str_copy_to(&text, call->arena);
}

static void set_headers(struct object *object, const struct upload *upload)
{
    const struct {
        const char *name, *value;
    } headers[] = {{"contentType", upload->content_type},
                   {"contentLanguage", upload->content_language},
                   {"contentEncoding", upload->content_encoding},
                   {"contentDisposition", upload->content_disposition},
                   {"cacheControl", upload->cache_control},
                   {"multipartMd5", upload->multipart_md5}};
    for (size_t i = 0; i < ARRAY_LENGTH(headers); i++)
        if (headers[i].value)
            json_set_text(object->hidden, headers[i].name, headers[i].value);
    json_object_set_new(object->hidden, "metadata",
                        upload->metadata ? json_deep_copy(upload->metadata) : json_object());
}

static bool check_name(struct call *call, const char *name)
{
    size_t length = strlen(name);
    return (length > 0 && length <= OBJECT_NAME_LENGTH && !strpbrk(name, "\r\n")) ||
           call_fail(call, 400, "InvalidObjectName", "The object name is invalid");
}

struct object *object_put(struct call *call, struct object *bucket, const struct upload *upload)
{
    const char *tier =
        upload->storage_tier ? upload->storage_tier : object_text(bucket, "storageTier");
    if (!check_name(call, upload->name))
        return NULL;
    if (!versioned(bucket) &&
        !retention_check(call, bucket, object_find(call, bucket, upload->name)))
        return NULL;
    const char *blob = blob_write(call, upload->data, upload->length);
    if (!blob)
        return NULL;
    make_room(call, bucket, upload->name);
    struct object *object = add(call, bucket, upload->name);
    json_object_set_new(object->body, "size", json_integer((json_int_t)upload->length));
    json_set_text(object->body, "md5", md5_of(call, upload->data, upload->length));
    json_set_text(object->body, "storageTier", tier);
    if (text_equal(tier, "Archive"))
        json_set_text(object->body, "archivalState", "Archived");
    json_set_text(object->hidden, "blob", blob);
    set_headers(object, upload);
    return object;
}

/* The newest of the older versions comes back to the top. */
static void restore_previous(struct call *call, const struct object *bucket, const char *name)
{
    struct object *last = NULL;
    for (struct object *one = store_first(call->store, &kind_stored_object); one;
         one = store_next(call->store, one))
        if (is_of(one, bucket, name))
            last = one;
    if (!last)
        return;
    struct object *copy =
        change_add(call->change, &kind_stored_object, current_id(call->arena, bucket, name));
    json_object_update(copy->body, last->body);
    json_object_update(copy->hidden, last->hidden);
    change_remove(call->change, last);
}

static bool delete_version(struct call *call, struct object *bucket, const char *name,
                           const char *version, const struct object **marker)
{
    struct object *object = object_find_version(call, bucket, name, version);
    if (!object)
        return call_fail(call, 404, "ObjectNotFound",
                         "The object '%s' has no version '%s' in the bucket '%s'", name, version,
                         object_name(bucket));
    bool was_current = object == newest(call, bucket, name);
    if (!retention_check(call, bucket, object))
        return false;
    *marker = object_is_marker(object) ? object : NULL;
    drop(call, object);
    if (was_current)
        restore_previous(call, bucket, name);
    return true;
}

bool object_delete(struct call *call, struct object *bucket, const char *name, const char *version,
                   const struct object **marker)
{
    struct object *object = object_find(call, bucket, name);
    *marker = NULL;
    if (version)
        return delete_version(call, bucket, name, version, marker);
    if (!object)
        return call_fail(call, 404, "ObjectNotFound",
                         "The object '%s' was not found in the bucket '%s'", name,
                         object_name(bucket));
    if (!versioned(bucket) && !retention_check(call, bucket, object))
        return false;
    bool keep = versioned(bucket) || json_get_bool(object->hidden, "versioned", false);
    make_room(call, bucket, name);
    if (!keep)
        return true;
    struct object *added = add(call, bucket, name);
    json_object_set_new(added->body, "isDeleteMarker", json_true());
    *marker = added;
    return true;
}

bool object_read(struct call *call, const struct object *object, struct str *out)
{
    return blob_read(call, json_get_text(object->hidden, "blob"), out);
}

/* --- lists --------------------------------------------------------------------------------------- */

static int compare(const void *a, const void *b)
{
    const struct object *left = *(const struct object *const *)a;
    const struct object *right = *(const struct object *const *)b;
    int by_name = strcmp(object_text(left, "name"), object_text(right, "name"));
    if (by_name != 0)
        return by_name;
    int by_time = strcmp(object_text(right, "timeModified"), object_text(left, "timeModified"));
    return by_time != 0 ? by_time : (left->number < right->number) - (left->number > right->number);
}

struct object **objects_sorted(const struct call *call, const struct object *bucket,
                               bool current_only, size_t *count)
{
    size_t capacity = 16;
    struct object **list = mem_calloc(capacity, sizeof(struct object *));
    *count = 0;
    for (struct object *one = store_first(call->store, &kind_stored_object); one;
         one = store_next(call->store, one)) {
        bool current = text_starts_with(one->id, "object/") && !object_is_marker(one);
        if (!is_of(one, bucket, NULL) || (current_only && !current))
            continue;
        if (*count == capacity)
            list = mem_realloc(list, capacity *= 2, sizeof(struct object *));
        list[(*count)++] = one;
    }
    qsort(list, *count, sizeof(struct object *), compare);
    return list;
}

static bool listed(const char *name, const struct listing *listing)
{
    return (!listing->prefix || text_starts_with(name, listing->prefix)) &&
           (!listing->start || strcmp(name, listing->start) >= 0) &&
           (!listing->start_after || strcmp(name, listing->start_after) > 0) &&
           (!listing->end || strcmp(name, listing->end) < 0);
}

/* What stands for all names that share it up to the delimiter; NULL: the name stands for itself. */
static const char *common_prefix(struct call *call, const char *name, const struct listing *listing)
{
    size_t skip = listing->prefix ? strlen(listing->prefix) : 0;
    const char *found =
        text_empty(listing->delimiter) ? NULL : strstr(name + skip, listing->delimiter);
    return found ? arena_strndup(call->arena, name,
                                 (size_t)(found - name) + strlen(listing->delimiter))
                 : NULL;
}

struct listed *objects_list(struct call *call, const struct object *bucket,
                            const struct listing *listing, size_t *count, const char **next)
{
    size_t total;
    struct object **sorted = objects_sorted(call, bucket, true, &total);
    struct listed *entries = arena_array(call->arena, struct listed, total + 1);
    *count = 0;
    *next = NULL;
    for (size_t i = 0; i < total; i++) {
        const char *name = object_text(sorted[i], "name");
        const char *prefix = listed(name, listing) ? common_prefix(call, name, listing) : NULL;
        if (!listed(name, listing) ||
            (prefix && *count > 0 && text_equal(entries[*count - 1].prefix, prefix)))
            continue;
        if (*count == listing->limit) {
            *next = arena_strdup(call->arena, name);
            break;
        }
        entries[(*count)++] = (struct listed){prefix ? NULL : sorted[i], prefix};
    }
    free(sorted);
    return entries;
}
