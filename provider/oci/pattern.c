/* Texts with placeholders: "/users/{user_id}/authTokens". */
#include <string.h>

#include "lib/net/url.h"
#include "provider/oci/ops.h"
#include "provider/oci/ops_internal.h"

/* Cuts the next literal and placeholder off *pattern; name.ptr is NULL when only a literal was left. */
static void next_part(struct slice *pattern, struct slice *literal, struct slice *name)
{
    bool found;
    *name = (struct slice){NULL, 0};
    *pattern = slice_cut(*pattern, '{', literal, &found);
    if (found)
        *pattern = slice_cut(*pattern, '}', name, &found);
}

static const struct value *lookup(const struct value *known, struct slice name)
{
    const struct value *value = value_find(known, name);
    return value ? value : &value_null;
}

/* Scalars as text; false when there is none. */
static bool append_value(struct str *out, const struct value *value, bool encode)
{
    if (!value_is_known(value))
        return false;
    struct slice text;
    if (value->kind == VALUE_BOOL)
        text = slice_from(value->boolean ? "true" : "false");
    else if (value->kind == VALUE_STRING || value->kind == VALUE_NUMBER)
        text = value->text;
    else
        return false;
    if (text.length == 0)
        return false;
    if (encode)
        url_encode(URL_COMPONENT, text.ptr, text.length, out);
    else
        str_append_slice(out, text);
    return true;
}

/* "." and ".." as a whole segment would address something else. */
static bool changes_the_path(const struct value *value)
{
    return value->kind == VALUE_STRING &&
           (slice_equal_text(value->text, ".") || slice_equal_text(value->text, ".."));
}

char *api_path(struct arena *arena, const char *pattern, const struct value *known,
               struct error *err)
{
    STR_AUTO out = STR_INIT;
    struct slice rest = slice_from(pattern), literal, name;
    while (rest.length) {
        next_part(&rest, &literal, &name);
        str_append_slice(&out, literal);
        if (!name.ptr)
            continue;
        const struct value *value = lookup(known, name);
        if (changes_the_path(value) || !append_value(&out, value, true)) {
            error_set(err, ERROR_INVALID, "%.*s is not known, which the path %s needs",
                      (int)name.length, name.ptr, pattern);
            return NULL;
        }
    }
    return str_copy_to(&out, arena);
}

char *api_text(struct arena *arena, const char *pattern, const struct value *known)
{
    STR_AUTO out = STR_INIT;
    struct slice rest = slice_from(pattern), literal, name;
    while (rest.length) {
        next_part(&rest, &literal, &name);
        str_append_slice(&out, literal);
        if (name.ptr && !append_value(&out, lookup(known, name), false))
            return NULL;
    }
    return str_copy_to(&out, arena);
}

bool api_parse(struct arena *arena, const char *pattern, const char *text,
               const struct value **values)
{
    const struct value *result = &value_empty_map;
    struct slice rest = slice_from(pattern), literal, name, following;
    while (rest.length) {
        next_part(&rest, &literal, &name);
        if (strncmp(text, literal.ptr, literal.length) != 0)
            return false;
        text += literal.length;
        if (!name.ptr)
            continue;
        struct slice ahead = rest, unused;
        next_part(&ahead, &following, &unused);
        const char *stop = strchr(text, '\0');
        if (following.length)
            stop = memmem(text, strlen(text), following.ptr, following.length);
        if (!stop || stop == text)
            return false;
        result = value_with(arena, result, arena_strndup(arena, name.ptr, name.length),
                            value_string_bytes(arena, text, (size_t)(stop - text)));
        text = stop;
    }
    *values = result;
    return *text == '\0';
}

void api_fill_placeholders(struct arena *arena, const char *pattern, const struct value *from,
                           const struct value **state)
{
    struct slice rest = slice_from(pattern), literal, name;
    while (rest.length) {
        next_part(&rest, &literal, &name);
        const struct value *present = name.ptr ? value_find(*state, name) : NULL;
        if (!present || !value_is_null(present))
            continue;
        const struct value *value = lookup(from, name);
        if (value_is_known(value))
            *state = value_with(arena, *state, arena_strndup(arena, name.ptr, name.length), value);
    }
}

void api_drop_placeholders(struct arena *arena, const char *pattern,
                           const struct attribute *attributes, json_t *body)
{
    struct slice rest = slice_from(pattern), literal, name;
    while (rest.length) {
        next_part(&rest, &literal, &name);
        const struct attribute *attribute =
            name.ptr ? attribute_find(attributes, arena_strndup(arena, name.ptr, name.length))
                     : NULL;
        if (attribute)
            json_object_del(body, attribute_json_name(arena, attribute));
    }
}
