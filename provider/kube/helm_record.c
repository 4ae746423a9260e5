#include "provider/kube/helm_record.h"

#include <string.h>
#include <zlib.h>

#include "lib/base/encoding.h"
#include "lib/base/json.h"

static bool inflate_all(const struct str *packed, struct str *out, struct error *err)
{
    z_stream stream = {.next_in = (unsigned char *)packed->ptr, .avail_in = (uInt)packed->length};
    if (inflateInit2(&stream, 15 + 16) != Z_OK) /* gzip */
        fatal_error("out of memory");
    int state = Z_OK;
    while (state == Z_OK && out->length <= HELM_RECORD_LIMIT) {
        unsigned char buffer[32 * 1024];
        stream.next_out = buffer;
        stream.avail_out = sizeof(buffer);
        state = inflate(&stream, Z_NO_FLUSH);
        str_append_bytes(out, buffer, sizeof(buffer) - stream.avail_out);
        if (state == Z_BUF_ERROR && stream.avail_in == 0)
            break;
    }
    inflateEnd(&stream);
    return state == Z_STREAM_END ||
           error_set(err, ERROR_INVALID, "the record of the release cannot be unpacked");
}

json_t *helm_record_decode(const char *data, struct error *err)
{
    STR_AUTO outer = STR_INIT;
    STR_AUTO inner = STR_INIT;
    STR_AUTO text = STR_INIT;
    if (!base64_decode(data, strlen(data), &outer) ||
        !base64_decode(str_text(&outer), outer.length, &inner)) {
        error_set(err, ERROR_INVALID, "the record of the release is not base64");
        return NULL;
    }
    if (!inflate_all(&inner, &text, err))
        return NULL;
    json_t *record = json_parse(str_text(&text), text.length, err);
    if (!record)
        error_wrap(err, "record of the release");
    return record;
}

bool helm_record_find(struct kube_call *call, const char *namespace_name, const char *name,
                      json_t **found, struct error *err)
{
    struct kube_object secrets = {.kind = kube_kind_built_in("v1", "Secret"),
                                  .namespace_name = namespace_name};
    *found = NULL;
    const char *selector =
        arena_printf(call->op->arena, "owner=helm,name=%s,status notin (superseded)", name);
    JSON_AUTO items = kube_list(call->client, &call->scope, &secrets, selector, NULL, NULL, err);
    if (!items)
        return false;
    const json_t *item, *newest = NULL;
    long best = -1;
    size_t at;
    json_array_foreach(items, at, item)
    {
        const char *version = json_get_text(json_at_path(item, "metadata.labels"), "version");
        long revision = version ? strtol(version, NULL, 10) : 0;
        if (revision > best) {
            best = revision;
            newest = item;
        }
    }
    const char *data = json_get_text(json_object_get(newest, "data"), "release");
    if (!data)
        return true;
    json_t *record = helm_record_decode(data, err);
    if (record)
        *found = json_pack("{s:s, s:o}", "secret", kube_name(newest), "record", record);
    return record != NULL;
}

bool helm_record_discard(struct kube_call *call, const char *namespace_name, const char *secret,
                         struct error *err)
{
    struct kube_object object = {.kind = kube_kind_built_in("v1", "Secret"),
                                 .namespace_name = namespace_name,
                                 .name = secret};
    struct kube_delete options = {.grace_seconds = -1};
    return kube_delete(call->client, &call->scope, &object, &options, err);
}
