#include "provider/value/path.h"

#include <inttypes.h>

static const struct path *extend(struct arena *arena, const struct path *parent,
                                 enum path_step_kind kind, const char *name, int64_t index)
{
    struct path *path = arena_new_of(arena, struct path);
    *path = (struct path){parent, kind, arena_strdup(arena, name), index};
    return path;
}

const struct path *path_attribute(struct arena *arena, const struct path *parent, const char *name)
{
    return extend(arena, parent, PATH_ATTRIBUTE, name, 0);
}

const struct path *path_key(struct arena *arena, const struct path *parent, const char *key)
{
    return extend(arena, parent, PATH_KEY, key, 0);
}

const struct path *path_index(struct arena *arena, const struct path *parent, int64_t index)
{
    return extend(arena, parent, PATH_INDEX, NULL, index);
}

size_t path_depth(const struct path *path)
{
    size_t depth = 0;
    for (; path; path = path->parent)
        depth++;
    return depth;
}

void path_steps(const struct path *path, const struct path **steps)
{
    for (size_t depth = path_depth(path); path; path = path->parent)
        steps[--depth] = path;
}

void path_print(const struct path *path, struct str *out)
{
    if (!path)
        return;
    path_print(path->parent, out);
    switch (path->kind) {
    case PATH_ATTRIBUTE:
        str_printf(out, "%s%s", path->parent ? "." : "", path->name);
        break;
    case PATH_KEY:
        str_append(out, "[\"");
        for (const char *c = path->name; *c; c++) {
            if (*c == '"' || *c == '\\')
                str_append_char(out, '\\');
            str_append_char(out, *c);
        }
        str_append(out, "\"]");
        break;
    case PATH_INDEX:
        str_printf(out, "[%" PRId64 "]", path->index);
        break;
    }
}

const struct value *path_lookup(const struct path *path, const struct value *root)
{
    if (!path)
        return root;
    const struct value *parent = path_lookup(path->parent, root);
    if (!parent)
        return NULL;
    if (path->kind == PATH_INDEX) {
        bool inside = parent->kind == VALUE_LIST && path->index >= 0 &&
                      (uint64_t)path->index < parent->list.count;
        return inside ? parent->list.items[path->index] : NULL;
    }
    return value_find(parent, slice_from(path->name));
}
