#include "provider/oci/function_arguments.h"

const struct value *argument_value(const struct value *argument)
{
    return argument->kind == VALUE_DYNAMIC ? argument->dynamic.value : argument;
}

static bool is_among(struct slice key, const char *const *names, size_t *count)
{
    for (*count = 0; names[*count]; ++*count)
        if (slice_equal_text(key, names[*count]))
            return true;
    return false;
}

bool argument_check_members(const struct value *object, const char *const *names, struct error *err)
{
    if (object->kind != VALUE_MAP)
        return error_set(err, ERROR_INVALID, "an object is expected");
    for (size_t i = 0; i < object->map.count; i++) {
        struct slice key = object->map.entries[i].key;
        size_t count;
        if (is_among(key, names, &count))
            continue;
        STR_AUTO name = STR_INIT;
        str_append_slice(&name, key);
        const char *nearest = text_nearest(str_text(&name), names, count);
        return error_set(err, ERROR_INVALID, "there is no member \"%s\"%s%s%s", str_text(&name),
                         nearest ? "; is \"" : "", nearest ? nearest : "",
                         nearest ? "\" meant?" : "");
    }
    return true;
}

bool argument_text(struct arena *arena, const struct value *object, const char *name,
                   const char **text, struct error *err)
{
    const struct value *member = argument_value(value_get(object, name));
    *text = NULL;
    if (value_is_null(member))
        return true;
    if (member->kind != VALUE_STRING && member->kind != VALUE_NUMBER)
        return error_set(err, ERROR_INVALID, "%s must be a text", name);
    *text = arena_strndup(arena, member->text.ptr, member->text.length);
    return true;
}
