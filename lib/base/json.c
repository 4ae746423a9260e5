#include "lib/base/json.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

void json_decref_pointer(json_t **json)
{
    json_decref(*json);
}

json_t *json_parse(const char *text, size_t length, struct error *err)
{
    if (length > JSON_MAX_DOCUMENT) {
        error_set(err, ERROR_INVALID, "JSON document is larger than %d bytes", JSON_MAX_DOCUMENT);
        return NULL;
    }
    json_error_t where;
    json_t *json = json_loadb(text, length, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, &where);
    if (!json)
        error_set(err, ERROR_INVALID, "invalid JSON at line %d, column %d: %s", where.line,
                  where.column, where.text);
    return json;
}

static int append_chunk(const char *data, size_t length, void *out)
{
    str_append_bytes(out, data, length);
    return 0;
}

void json_write(const json_t *json, bool sort, struct str *out)
{
    size_t flags = JSON_COMPACT | JSON_ENCODE_ANY | (sort ? (size_t)JSON_SORT_KEYS : 0);
    if (json_dump_callback(json, append_chunk, out, flags) != 0)
        fatal_error("cannot write a JSON value");
}

const char *json_get_text(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

int64_t json_get_integer(const json_t *object, const char *key, int64_t fallback)
{
    const json_t *value = json_object_get(object, key);
    return json_is_integer(value) ? json_integer_value(value) : fallback;
}

bool json_get_bool(const json_t *object, const char *key, bool fallback)
{
    const json_t *value = json_object_get(object, key);
    return json_is_boolean(value) ? json_is_true(value) : fallback;
}

json_t *json_at_path(const json_t *json, const char *path)
{
    const json_t *at = json;
    while (at && *path) {
        size_t length = strcspn(path, ".");
        CLEANUP(free_pointer) char *step = mem_strndup(path, length);
        at = json_is_array(at) && isdigit((unsigned char)*step)
                 ? json_array_get(at, strtoul(step, NULL, 10))
                 : json_object_get(at, step);
        path += length + (path[length] == '.');
    }
    return (json_t *)at;
}

void json_set_text(json_t *object, const char *key, const char *text)
{
    json_object_set_new(object, key, text ? json_string(text) : json_null());
}
