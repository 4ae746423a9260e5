#include "acceptance/cloud/api/model.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "acceptance/cloud/api/tags.h"
#include "lib/base/clock.h"
#include "lib/base/json.h"

enum { DEEPEST = 16 };

struct check {
    struct model_fault *fault;
    struct str path;
    int depth;
};

static bool fail(struct check *check, const char *code, const char *format, ...) ATTR_PRINTF(3, 4);

static bool fail(struct check *check, const char *code, const char *format, ...)
{
    va_list args;
    check->fault->code = code;
    va_start(args, format);
    str_vprintf(&check->fault->message, format, args);
    va_end(args);
    return false;
}

static bool invalid(struct check *check, const char *what)
{
    return fail(check, "InvalidParameter", "%s %s", str_text(&check->path), what);
}

bool text_one_of(const char *text, const char *one_of, bool ignore_case)
{
    size_t length = strlen(text);
    for (const char *item = one_of; item; item = strchr(item, '|')) {
        item += *item == '|';
        size_t size = strcspn(item, "|");
        if (size == length &&
            (ignore_case ? strncasecmp(item, text, size) == 0 : memcmp(item, text, size) == 0))
            return true;
    }
    return false;
}

static bool check_text(struct check *check, const struct field *field, const json_t *value)
{
    if (!json_is_string(value))
        return invalid(check, "must be a string");
    const char *text = json_string_value(value);
    long long length = (long long)json_string_length(value);
    if (field->one_of && !text_one_of(text, field->one_of, false))
        return fail(check, "InvalidParameter", "%s must be one of %s, not '%.100s'",
                    str_text(&check->path), field->one_of, text);
    if (field->max && (length < field->min || length > field->max))
        return fail(check, "InvalidParameter", "%s size must be between %lld and %lld",
                    str_text(&check->path), field->min, field->max);
    return true;
}

static bool check_number(struct check *check, const struct field *field, const json_t *value)
{
    if (field->type == FIELD_INTEGER && !json_is_integer(value))
        return invalid(check, "must be an integer");
    if (!json_is_number(value))
        return invalid(check, "must be a number");
    double number = json_number_value(value);
    if ((field->max || field->min) && (number < (double)field->min || number > (double)field->max))
        return fail(check, "InvalidParameter", "%s must be between %lld and %lld, not %g",
                    str_text(&check->path), field->min, field->max, number);
    return true;
}

/* "2026-01-01" and "2026-01-01T00:00:00Z" */
static bool is_time(const char *text)
{
    int64_t ignored;
    char full[CLOCK_RFC3339_SIZE];
    if (strlen(text) != 10)
        return clock_parse_rfc3339(text, &ignored);
    memcpy(full, text, 10);
    memcpy(full + 10, "T00:00:00Z", 11);
    return clock_parse_rfc3339(full, &ignored);
}

static bool check_model(struct check *check, const struct model *model, json_t *value);

static bool check_tags(struct check *check, const struct field *field, json_t *value)
{
    const char *problem = field->type == FIELD_TEXT_MAP ? (strcmp(field->name, "freeformTags") == 0
                                                               ? tags_check_freeform(value)
                                                               : tags_check_text_map(value))
                                                        : tags_check_defined(value);
    return !problem || invalid(check, problem);
}

static bool check_one(struct check *check, const struct field *field, json_t *value)
{
    switch (field->type) {
    case FIELD_TEXT:
        return check_text(check, field, value);
    case FIELD_INTEGER:
    case FIELD_NUMBER:
        return check_number(check, field, value);
    case FIELD_BOOL:
        return json_is_boolean(value) || invalid(check, "must be true or false");
    case FIELD_TIME:
        return (json_is_string(value) && is_time(json_string_value(value))) ||
               invalid(check, "must be a time as in RFC 3339");
    case FIELD_MODEL:
        return check_model(check, field->model, value);
    case FIELD_TEXT_MAP:
    case FIELD_DEFINED_TAGS:
        return check_tags(check, field, value);
    case FIELD_ANY:
        return true;
    }
    return true;
}

static bool check_list(struct check *check, const struct field *field, json_t *value)
{
    if (!json_is_array(value))
        return invalid(check, "must be a list");
    size_t count = json_array_size(value);
    if (count < field->list_min || (field->list_max && count > field->list_max))
        return fail(check, "InvalidParameter", "%s must have between %u and %u items, not %zu",
                    str_text(&check->path), field->list_min, field->list_max, count);
    size_t length = check->path.length;
    for (size_t i = 0; i < count; i++) {
        str_printf(&check->path, "[%zu]", i);
        if (!check_one(check, field, json_array_get(value, i)))
            return false;
        str_truncate(&check->path, length);
    }
    return true;
}

static const struct field *find_field(const struct model *model, const char *name)
{
    for (const struct field *field = model->fields; field->name; field++)
        if (strcmp(field->name, name) == 0)
            return field;
    return NULL;
}

static void enter(struct check *check, const char *name)
{
    if (check->path.length)
        str_append_char(&check->path, '.');
    str_append(&check->path, name);
}

static bool check_fields(struct check *check, const struct model *model, json_t *value)
{
    const char *name;
    json_t *member;
    void *next;
    size_t length = check->path.length;
    json_object_foreach_safe(value, next, name, member)
    {
        const struct field *field = find_field(model, name);
        enter(check, name);
        if (!field)
            return fail(check, "InvalidParameter", "Unrecognized field '%s' in %s",
                        str_text(&check->path), model->name);
        if (json_is_null(member))
            json_object_del(value, name);
        else if (!(field->list ? check_list(check, field, member)
                               : check_one(check, field, member)))
            return false;
        str_truncate(&check->path, length);
    }
    for (const struct field *field = model->fields; field->name; field++)
        if (field->required && !json_object_get(value, field->name)) {
            enter(check, field->name);
            return fail(check, "MissingParameter", "%s is required", str_text(&check->path));
        }
    return true;
}

const struct model *model_choose(const struct model *model, const json_t *value)
{
    if (!model || !model->subtypes)
        return model;
    const json_t *given = json_object_get(value, model->discriminator);
    const char *text = given ? json_string_value(given) : model->fallback;
    for (const struct subtype *one = model->subtypes; text && one->value; one++)
        if (strcmp(one->value, text) == 0)
            return one->model;
    return NULL;
}

static bool refuse_subtype(struct check *check, const struct model *model, const json_t *value)
{
    const json_t *given = json_object_get(value, model->discriminator);
    const char *text = json_string_value(given);
    enter(check, model->discriminator);
    if (given)
        return fail(check, "InvalidParameter", "%s '%.100s' is not known in %s",
                    str_text(&check->path), text ? text : "?", model->name);
    return fail(check, "MissingParameter", "%s is required", str_text(&check->path));
}

static bool check_model(struct check *check, const struct model *model, json_t *value)
{
    if (!json_is_object(value))
        return invalid(check, "must be an object");
    if (check->depth == DEEPEST)
        return invalid(check, "is nested too deeply");
    const struct model *chosen = model_choose(model, value);
    if (!chosen)
        return refuse_subtype(check, model, value);
    check->depth++;
    bool ok = check_fields(check, chosen, value);
    check->depth--;
    return ok;
}

bool model_check(const struct model *model, json_t *body, struct model_fault *fault)
{
    struct check check = {.fault = fault};
    if (!json_is_object(body))
        str_append(&check.path, model->name);
    bool ok = check_model(&check, model, body);
    str_free(&check.path);
    return ok;
}

/* --- the tables as JSON -------------------------------------------------------------------------- */

static void describe(const struct model *model, json_t *all);

static const char *type_name(const struct field *field)
{
    static const char *const names[] = {
        [FIELD_TEXT] = "text",         [FIELD_INTEGER] = "integer",
        [FIELD_NUMBER] = "number",     [FIELD_BOOL] = "bool",
        [FIELD_TIME] = "time",         [FIELD_MODEL] = "model",
        [FIELD_TEXT_MAP] = "text map", [FIELD_DEFINED_TAGS] = "defined tags",
        [FIELD_ANY] = "any",
    };
    return field->type == FIELD_MODEL ? field->model->name : names[field->type];
}

static json_t *describe_field(const struct field *field, json_t *all)
{
    json_t *json = json_pack("{s:s, s:b, s:b}", "type", type_name(field), "required",
                             field->required, "list", field->list);
    if (field->one_of)
        json_set_text(json, "oneOf", field->one_of);
    if (field->type == FIELD_MODEL)
        describe(field->model, all);
    return json;
}

static void describe(const struct model *model, json_t *all)
{
    if (json_object_get(all, model->name))
        return;
    json_t *json = json_object();
    json_object_set_new(all, model->name, json);
    if (model->subtypes) {
        json_t *subtypes = json_object();
        json_set_text(json, "discriminator", model->discriminator);
        json_object_set_new(json, "subtypes", subtypes);
        for (const struct subtype *one = model->subtypes; one->value; one++) {
            json_set_text(subtypes, one->value, one->model->name);
            describe(one->model, all);
        }
        return;
    }
    json_t *fields = json_object();
    json_object_set_new(json, "fields", fields);
    for (const struct field *field = model->fields; field->name; field++)
        json_object_set_new(fields, field->name, describe_field(field, all));
}

void model_describe(const struct model *model, json_t *models)
{
    describe(model, models);
}
