#include "acceptance/cloud/api/paths.h"

#include <string.h>

enum { SEGMENT_LIMIT = 64 };

typedef bool visitor(void *context, const char *text);

static bool visit_end(const json_t *json, visitor *visit, void *context)
{
    size_t i;
    json_t *item;
    json_array_foreach(json, i, item) if (!visit_end(item, visit, context)) return false;
    const char *text = json_string_value(json);
    return !text || !*text || visit(context, text);
}

bool path_visit(const json_t *json, const char *path, visitor *visit, void *context)
{
    char segment[SEGMENT_LIMIT]; /* paths are constants of ours */
    size_t length = strcspn(path, ".");
    bool list = length > 2 && memcmp(path + length - 2, "[]", 2) == 0;
    size_t size = list ? length - 2 : length;
    if (!json || size >= sizeof(segment))
        return true;
    memcpy(segment, path, size);
    segment[size] = '\0';
    const json_t *member = json_object_get(json, segment);
    if (!path[length])
        return visit_end(member, visit, context);
    if (!list)
        return path_visit(member, path + length + 1, visit, context);
    size_t i;
    json_t *item;
    json_array_foreach(member, i,
                       item) if (!path_visit(item, path + length + 1, visit, context)) return false;
    return true;
}

static bool take_first(void *context, const char *text)
{
    *(const char **)context = text;
    return false;
}

const char *path_text(const json_t *json, const char *path)
{
    const char *text = NULL;
    path_visit(json, path, take_first, &text);
    return text;
}
