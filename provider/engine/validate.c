#include "provider/engine/validate.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct check {
    const struct attribute *attribute;
    const struct path *path;
    struct diagnostics *diagnostics;
    struct arena *arena;
    bool write_only_allowed;
};

static void check_one_of(const struct check *check, const char *text)
{
    const struct attribute *attribute = check->attribute;
    STR_AUTO allowed = STR_INIT;
    size_t count = 0;
    for (; attribute->one_of[count]; count++) {
        if (attribute->one_of_any_case ? text_equal_nocase(text, attribute->one_of[count])
                                       : text_equal(text, attribute->one_of[count]))
            return;
        str_printf(&allowed, "%s\"%s\"", count ? ", " : "", attribute->one_of[count]);
    }
    const char *nearest = text_nearest(text, attribute->one_of, count);
    diagnostics_error(check->diagnostics, check->path, "Invalid value",
                      "%s must be one of %s, not \"%s\".%s%s%s", attribute->name,
                      str_text(&allowed), text, nearest ? " Did you mean \"" : "",
                      nearest ? nearest : "", nearest ? "\"?" : "");
}

static void check_string(const struct check *check, const struct value *value)
{
    const struct attribute *attribute = check->attribute;
    const char *text = value_text(value);
    if (!text)
        return;
    size_t characters = 0;
    for (size_t i = 0; i < value->text.length; i++)
        characters += ((unsigned char)text[i] & 0xc0) != 0x80;
    if (attribute->min_length && characters < (size_t)attribute->min_length)
        diagnostics_error(check->diagnostics, check->path, "Value too short",
                          "%s needs at least %d character%s, \"%s\" has %zu.", attribute->name,
                          attribute->min_length, attribute->min_length == 1 ? "" : "s", text,
                          characters);
    if (attribute->max_length && characters > (size_t)attribute->max_length)
        diagnostics_error(check->diagnostics, check->path, "Value too long",
                          "%s may have at most %d characters, this has %zu.", attribute->name,
                          attribute->max_length, characters);
    if (attribute->one_of)
        check_one_of(check, text);
}

static void check_number(const struct check *check, const struct value *value)
{
    const struct attribute *attribute = check->attribute;
    int64_t integer;
    double number;
    if (value->kind != VALUE_NUMBER)
        return;
    if (attribute->kind == ATTRIBUTE_INTEGER && !value_as_integer(value, &integer)) {
        diagnostics_error(check->diagnostics, check->path, "Not a whole number",
                          "%s must be a whole number, not %s.", attribute->name, value->text.ptr);
        return;
    }
    if ((attribute->minimum || attribute->maximum) && value_as_double(value, &number) &&
        (number < (double)attribute->minimum || number > (double)attribute->maximum))
        diagnostics_error(check->diagnostics, check->path, "Number out of range",
                          "%s must be between %" PRId64 " and %" PRId64 ", not %s.",
                          attribute->name, attribute->minimum, attribute->maximum, value->text.ptr);
}

static void check_count(const struct check *check, const struct value *value)
{
    const struct attribute *attribute = check->attribute;
    size_t count = value_count(value);
    size_t most = attribute->flags & SINGLE ? 1 : (size_t)attribute->max_items;
    size_t least = attribute->min_items                               ? (size_t)attribute->min_items
                   : attribute->flags & REQUIRED && attribute->fields ? 1
                                                                      : 0;
    if (most && count > most)
        diagnostics_error(check->diagnostics, check->path, "Too many elements",
                          "%s may be given at most %zu time%s, not %zu.", attribute->name, most,
                          most == 1 ? "" : "s", count);
    if (count < least)
        diagnostics_error(check->diagnostics, check->path, "Too few elements",
                          "%s needs at least %zu element%s.", attribute->name, least,
                          least == 1 ? "" : "s");
}

static void check_elements(const struct check *check, const struct value *value)
{
    const struct attribute *attribute = check->attribute;
    bool set = attribute->kind == ATTRIBUTE_OBJECT_SET || attribute->kind == ATTRIBUTE_STRING_SET;
    check_count(check, value);
    for (size_t i = 0; i < value_count(value); i++) {
        const struct value *item = value_item(value, i);
        /* Elements of sets have no address of their own. */
        const struct path *path =
            set ? check->path : path_index(check->arena, check->path, (int64_t)i);
        if (value_is_null(item))
            diagnostics_error(check->diagnostics, path, "Null element", "An element of %s is null.",
                              attribute->name);
        else if (!value_is_known(item))
            continue;
        else if (attribute->fields)
            validate_object(attribute->fields, item, path, check->write_only_allowed,
                            check->diagnostics, check->arena);
        else {
            struct check inner = *check;
            inner.path = path;
            check_string(&inner, item);
        }
    }
}

static void check_kind(const struct check *check, const struct value *value)
{
    switch (check->attribute->kind) {
    case ATTRIBUTE_STRING:
        check_string(check, value);
        break;
    case ATTRIBUTE_INTEGER:
    case ATTRIBUTE_NUMBER:
        check_number(check, value);
        break;
    case ATTRIBUTE_STRING_LIST:
    case ATTRIBUTE_STRING_SET:
    case ATTRIBUTE_OBJECT_LIST:
    case ATTRIBUTE_OBJECT_SET:
        check_elements(check, value);
        break;
    case ATTRIBUTE_STRING_MAP:
        for (size_t i = 0; i < value_count(value); i++) {
            struct check inner = *check;
            inner.path = path_key(check->arena, check->path, value->map.entries[i].key.ptr);
            if (value_is_null(value->map.entries[i].value))
                diagnostics_error(check->diagnostics, inner.path, "Null element",
                                  "The value of key \"%s\" in %s is null.",
                                  value->map.entries[i].key.ptr, check->attribute->name);
            else if (value_is_known(value->map.entries[i].value))
                check_string(&inner, value->map.entries[i].value);
        }
        break;
    case ATTRIBUTE_BOOL:
    case ATTRIBUTE_DYNAMIC:
        break;
    }
}

static bool is_given(const struct value *value)
{
    return !value_is_null(value) &&
           !(value_is_known(value) && (value->kind == VALUE_LIST || value->kind == VALUE_MAP) &&
             value_count(value) == 0);
}

static void check_siblings(const struct check *check, const struct value *config)
{
    const struct attribute *attribute = check->attribute;
    bool given = is_given(value_get(config, attribute->name));
    for (const char *const *other = attribute->conflicts; given && other && *other; other++)
        if (is_given(value_get(config, *other)))
            diagnostics_error(check->diagnostics, check->path, "Conflicting arguments",
                              "%s and %s exclude each other: give one of them.", attribute->name,
                              *other);
    if (!attribute->requires_one || given)
        return;
    STR_AUTO names = STR_INIT;
    str_append(&names, attribute->name);
    for (const char *const *other = attribute->requires_one; *other; other++) {
        if (is_given(value_get(config, *other)))
            return;
        str_printf(&names, ", %s", *other);
    }
    diagnostics_error(check->diagnostics, check->path, "Missing argument", "One of %s is needed.",
                      str_text(&names));
}

static void check_attribute(const struct check *check, const struct value *value)
{
    const struct attribute *attribute = check->attribute;
    bool nested = check->path && check->path->parent;
    if (value_is_null(value)) {
        /* Terraform itself checks the required attributes of the outermost level. */
        if (attribute->flags & REQUIRED && nested)
            diagnostics_error(check->diagnostics, check->path, "Missing required argument",
                              "The argument \"%s\" is required, but no definition was found.",
                              attribute->name);
        return;
    }
    if (!(attribute->flags & (REQUIRED | OPTIONAL)) && nested) {
        diagnostics_error(check->diagnostics, check->path, "Read-only attribute",
                          "%s is decided by the provider and cannot be set.", attribute->name);
        return;
    }
    if (attribute->flags & WRITE_ONLY && !check->write_only_allowed)
        diagnostics_error(check->diagnostics, check->path, "Terraform 1.11 or newer is needed",
                          "%s is write-only: this Terraform would store it in its state.",
                          attribute->name);
    if (attribute->flags & DEPRECATED && nested)
        diagnostics_warning(check->diagnostics, check->path, "Deprecated argument",
                            "%s is deprecated. %s", attribute->name,
                            attribute->deprecated ? attribute->deprecated : "");
    if (!value_is_known(value))
        return;
    size_t errors = check->diagnostics->errors;
    check_kind(check, value);
    if (attribute->validate && check->diagnostics->errors == errors)
        attribute->validate(attribute, value, check->path, check->diagnostics, check->arena);
}

void validate_object(const struct attribute *table, const struct value *config,
                     const struct path *path, bool write_only_allowed,
                     struct diagnostics *diagnostics, struct arena *arena)
{
    for (const struct attribute *attribute = table; attribute->name; attribute++) {
        struct check check = {attribute, path_attribute(arena, path, attribute->name), diagnostics,
                              arena, write_only_allowed};
        check_attribute(&check, value_get(config, attribute->name));
        check_siblings(&check, config);
    }
}
