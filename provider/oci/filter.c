#include "provider/oci/filter.h"

#include <string.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "lib/base/vec.h"

const struct attribute filter_fields[] = {
    {.name = "name",
     .flags = REQUIRED,
     .doc = "Field of the listed objects; `a.b` for a nested field or the key of a map."},
    {.name = "values",
     .kind = ATTRIBUTE_STRING_LIST,
     .flags = REQUIRED,
     .doc = "What it may be; one must match."},
    {.name = "regex",
     .kind = ATTRIBUTE_BOOL,
     .flags = OPTIONAL,
     .doc = "Whether the values are regular expressions, to be found anywhere in the field."},
    {.name = NULL},
};

struct filter {
    const char *name;
    const struct value *values;
    VEC(pcre2_code *) expressions; /* one for each value; empty without regex */
    bool regex;
};

/* --- building ----------------------------------------------------------------------------------- */

static const struct path *filter_path(struct arena *arena)
{
    return path_attribute(arena, NULL, "filter");
}

static void compile(struct filter *filter, struct arena *arena, struct diagnostics *diagnostics)
{
    for (size_t i = 0; i < value_count(filter->values); i++) {
        struct slice text = value_item(filter->values, i)->text;
        int code;
        PCRE2_SIZE offset;
        pcre2_code *expression =
            pcre2_compile((PCRE2_SPTR)text.ptr, text.length, PCRE2_UTF | PCRE2_NEVER_BACKSLASH_C,
                          &code, &offset, NULL);
        vec_push(&filter->expressions, expression);
        if (expression)
            continue;
        unsigned char why[128];
        pcre2_get_error_message(code, why, sizeof(why));
        diagnostics_warning(diagnostics, filter_path(arena), "Invalid regular expression",
                            "\"%.*s\" matches nothing: %s at character %zu.", (int)text.length,
                            text.ptr, (const char *)why, (size_t)offset);
    }
}

static void filter_free(struct filter *filter)
{
    for (size_t i = 0; i < filter->expressions.count; i++)
        pcre2_code_free(filter->expressions.items[i]);
    vec_free(&filter->expressions);
}

/* --- finding the field -------------------------------------------------------------------------- */

/* The rest behind the first dot; NULL when there is none. */
static const char *cut_name(struct arena *arena, const char *name, const char **head)
{
    const char *dot = strchr(name, '.');
    *head = dot ? arena_strndup(arena, name, (size_t)(dot - name)) : name;
    return dot ? dot + 1 : NULL;
}

/* Whether a name leads to a field at all, whatever an object holds there. */
static bool names_field(struct arena *arena, const struct attribute *fields, const char *name)
{
    const char *head, *rest = cut_name(arena, name, &head);
    const struct attribute *attribute = attribute_find(fields, head);
    if (!attribute || !rest)
        return attribute != NULL;
    return attribute->kind == ATTRIBUTE_STRING_MAP ||
           (attribute->fields && names_field(arena, attribute->fields, rest));
}

static const struct value *find_field(struct arena *arena, const struct attribute *fields,
                                      const struct value *item, const char *name)
{
    const char *head, *rest = cut_name(arena, name, &head);
    const struct attribute *attribute = attribute_find(fields, head);
    const struct value *value = value_get(item, head);
    if (!attribute || !rest)
        return attribute ? value : &value_null;
    if (attribute->kind == ATTRIBUTE_STRING_MAP)
        return value_get(value, rest);
    return attribute->fields && value_count(value) == 1
               ? find_field(arena, attribute->fields, value_item(value, 0), rest)
               : &value_null;
}

/* --- matching ----------------------------------------------------------------------------------- */

static bool search(const pcre2_code *expression, struct slice text)
{
    if (!expression)
        return false;
    pcre2_match_context *context = pcre2_match_context_create(NULL);
    pcre2_match_data *data = pcre2_match_data_create(1, NULL);
    if (!context || !data)
        fatal_error("out of memory");
    pcre2_set_match_limit(context, FILTER_MATCH_LIMIT);
    int found = pcre2_match(expression, (PCRE2_SPTR)(text.ptr ? text.ptr : ""), text.length, 0, 0,
                            data, context);
    pcre2_match_data_free(data);
    pcre2_match_context_free(context);
    return found >= 0;
}

static bool parse_bool(const char *text, bool *value)
{
    static const char *const words[] = {"1", "t", "T", "true",  "True",  "TRUE",
                                        "0", "f", "F", "false", "False", "FALSE"};
    for (size_t i = 0; i < ARRAY_LENGTH(words); i++)
        if (strcmp(text, words[i]) == 0) {
            *value = i < ARRAY_LENGTH(words) / 2;
            return true;
        }
    return false;
}

enum match { MATCH_NO, MATCH_YES, MATCH_NEVER };

static enum match match_value(struct arena *arena, const struct filter *filter, size_t index,
                              const struct value *field)
{
    struct slice wanted = value_item(filter->values, index)->text;
    const struct value *number;
    bool boolean, same = false;
    switch (field->kind) {
    case VALUE_NUMBER:
        number = value_number(arena, wanted.ptr, wanted.length);
        if (!number)
            return MATCH_NEVER;
        same = value_equal(NULL, number, field);
        break;
    case VALUE_BOOL:
        if (!parse_bool(wanted.ptr, &boolean))
            return MATCH_NEVER;
        same = boolean == field->boolean;
        break;
    case VALUE_STRING:
        same = filter->regex ? search(filter->expressions.items[index], field->text)
                             : slice_equal(wanted, field->text);
        break;
    default:
        break;
    }
    return same ? MATCH_YES : MATCH_NO;
}

/* A value that is no number (bool) where one is wanted ends the filter without a match. */
static bool matches_scalar(struct arena *arena, const struct filter *filter,
                           const struct value *field)
{
    enum match match = MATCH_NO;
    for (size_t i = 0; match == MATCH_NO && i < value_count(filter->values); i++)
        match = match_value(arena, filter, i, field);
    return match == MATCH_YES;
}

static bool matches(struct arena *arena, const struct filter *filter, const struct value *field)
{
    if (field->kind != VALUE_LIST)
        return matches_scalar(arena, filter, field);
    for (size_t i = 0; i < field->list.count; i++)
        if (field->list.items[i]->kind == VALUE_STRING &&
            matches_scalar(arena, filter, field->list.items[i]))
            return true;
    return false;
}

static const struct value *keep_matching(struct arena *arena, const struct filter *filter,
                                         const struct attribute *fields, const struct value *items)
{
    size_t count = value_count(items), kept = 0;
    const struct value **list = arena_array(arena, const struct value *, count);
    for (size_t i = 0; i < count; i++) {
        const struct value *item = value_item(items, i);
        if (matches(arena, filter, find_field(arena, fields, item, filter->name)))
            list[kept++] = item;
    }
    return value_list(arena, list, kept);
}

const struct value *filter_apply(struct arena *arena, struct diagnostics *diagnostics,
                                 const struct value *config, const struct attribute *fields,
                                 const struct value *items)
{
    const struct value *filters = value_get(config, "filter");
    for (size_t i = 0; i < value_count(filters); i++) {
        const struct value *block = value_item(filters, i);
        struct filter filter = {.name = value_text(value_get(block, "name")),
                                .values = value_get(block, "values"),
                                .regex = value_as_bool(value_get(block, "regex"), false)};
        if (!filter.name)
            continue;
        if (!names_field(arena, fields, filter.name))
            diagnostics_warning(diagnostics, filter_path(arena), "Filter without a field",
                                "\"%s\" is no field of the listed objects: nothing matches.",
                                filter.name);
        if (filter.regex)
            compile(&filter, arena, diagnostics);
        items = keep_matching(arena, &filter, fields, items);
        filter_free(&filter);
    }
    return items;
}
