/* The descriptors as JSON: what a test needs to know to make configurations of any resource. */
#include "lib/base/json.h"
#include "provider/docs/docs.h"
#include "provider/engine/engine.h"
#include "provider/engine/timeouts.h"
#include "provider/value/value_json.h"

static const char *const kind_names[] = {
    [ATTRIBUTE_STRING] = "string",           [ATTRIBUTE_BOOL] = "bool",
    [ATTRIBUTE_INTEGER] = "integer",         [ATTRIBUTE_NUMBER] = "number",
    [ATTRIBUTE_STRING_LIST] = "string_list", [ATTRIBUTE_STRING_SET] = "string_set",
    [ATTRIBUTE_STRING_MAP] = "string_map",   [ATTRIBUTE_OBJECT_LIST] = "object_list",
    [ATTRIBUTE_OBJECT_SET] = "object_set",   [ATTRIBUTE_DYNAMIC] = "dynamic",
};

static const char *const json_kind_names[] = {
    [JSON_PLAIN] = "plain",
    [JSON_INTEGER_TEXT] = "integer_text",
    [JSON_NUMBER_TEXT] = "number_text",
    [JSON_DOCUMENT] = "document",
    [JSON_TWO_LEVEL_MAP] = "two_level_map",
};

static const struct flag_name {
    unsigned flag;
    const char *name;
} flag_names[] = {
    {REQUIRED, "required"},
    {OPTIONAL, "optional"},
    {COMPUTED, "computed"},
    {REPLACE, "replace"},
    {SENSITIVE, "sensitive"},
    {WRITE_ONLY, "write_only"},
    {SINGLE, "single"},
    {VOLATILE, "volatile"},
    {CREATE_ONLY, "create_only"},
    {LOCAL, "local"},
    {UNREADABLE, "unreadable"},
    {DEPRECATED, "deprecated"},
    {KEY, "key"},
    {UPDATE_WHEN_CHANGED, "update_when_changed"},
    {ANY_ORDER, "any_order"},
};

static void put_text(json_t *object, const char *key, const char *text)
{
    if (text)
        json_object_set_new(object, key, json_string(text));
}

static void put_number(json_t *object, const char *key, int64_t number)
{
    if (number)
        json_object_set_new(object, key, json_integer(number));
}

static void put_names(json_t *object, const char *key, const char *const *names)
{
    if (!names)
        return;
    json_t *array = json_array();
    for (; *names; names++)
        json_array_append_new(array, json_string(*names));
    json_object_set_new(object, key, array);
}

static json_t *flags_to_json(unsigned flags)
{
    json_t *array = json_array();
    for (size_t i = 0; i < ARRAY_LENGTH(flag_names); i++)
        if (flags & flag_names[i].flag)
            json_array_append_new(array, json_string(flag_names[i].name));
    return array;
}

static json_t *table_to_json(const struct attribute *table);

static json_t *attribute_to_json(const struct attribute *attribute)
{
    json_t *object = json_object();
    put_text(object, "name", attribute->name);
    put_text(object, "kind", kind_names[attribute->kind]);
    json_object_set_new(object, "flags", flags_to_json(attribute->flags));
    put_text(object, "json", attribute_json_name(NULL, attribute));
    put_text(object, "json_kind", json_kind_names[attribute->json_kind]);
    put_text(object, "default", attribute->default_value);
    put_names(object, "one_of", attribute->one_of);
    if (attribute->one_of_any_case)
        json_object_set_new(object, "one_of_any_case", json_true());
    if (attribute->minimum || attribute->maximum) {
        json_object_set_new(object, "minimum", json_integer(attribute->minimum));
        json_object_set_new(object, "maximum", json_integer(attribute->maximum));
    }
    put_number(object, "min_items", attribute->min_items);
    put_number(object, "max_items", attribute->max_items);
    put_number(object, "min_length", attribute->min_length);
    put_number(object, "max_length", attribute->max_length);
    json_object_set_new(object, "validated", json_boolean(attribute->validate != NULL));
    json_object_set_new(object, "semantic_equality", json_boolean(attribute->equal != NULL));
    put_names(object, "conflicts", attribute->conflicts);
    put_names(object, "requires_one", attribute->requires_one);
    put_text(object, "doc", attribute->doc);
    put_text(object, "sample", attribute->sample);
    if (attribute->fields)
        json_object_set_new(object, "fields", table_to_json(attribute->fields));
    return object;
}

static json_t *table_to_json(const struct attribute *table)
{
    json_t *array = json_array();
    for (; table && table->name; table++)
        json_array_append_new(array, attribute_to_json(table));
    return array;
}

static json_t *named(const struct provider *provider, const char *name, const char *summary,
                     const char *subcategory, const char *example)
{
    STR_AUTO full = STR_INIT;
    json_t *object = json_object();
    str_printf(&full, "%s_%s", provider->name, name);
    put_text(object, "name", str_text(&full));
    put_text(object, "summary", summary);
    put_text(object, "subcategory", subcategory);
    put_text(object, "example", example);
    return object;
}

static json_t *opened_to_json(const struct provider *provider, const struct resource *resource)
{
    json_t *object = named(provider, resource->name, resource->summary, resource->subcategory,
                           resource->example);
    json_object_set_new(object, "attributes", table_to_json(resource->attributes));
    return object;
}

static json_int_t seconds(int configured)
{
    return configured ? configured : TIMEOUTS_DEFAULT_SECONDS;
}

static json_t *resource_to_json(const struct provider *provider, const struct resource *resource)
{
    json_t *object = opened_to_json(provider, resource), *identity = json_array();
    const struct resource_timeouts *timeouts = &resource->timeouts;
    for (const struct identity_attribute *part = engine_identity(resource); part->name; part++)
        json_array_append_new(identity, json_string(part->name));
    json_object_set_new(object, "identity", identity);
    put_text(object, "import_id", resource->import_id);
    put_names(object, "moved_from", resource->moved_from);
    json_object_set_new(object, "timeouts",
                        json_pack("{sI, sI, sI, sI}", "create", seconds(timeouts->create), "read",
                                  seconds(timeouts->read), "update", seconds(timeouts->update),
                                  "delete", seconds(timeouts->remove)));
    json_object_set_new(object, "updatable", json_boolean(resource->ops->update != NULL));
    if (resource->list_attributes)
        json_object_set_new(object, "list_attributes", table_to_json(resource->list_attributes));
    return object;
}

static json_t *list_to_json(const struct provider *provider, const struct resource *const *list,
                            json_t *(*one)(const struct provider *provider,
                                           const struct resource *resource))
{
    json_t *array = json_array();
    for (; list && *list; list++)
        json_array_append_new(array, one(provider, *list));
    return array;
}

static json_t *type_to_json(const struct type *type)
{
    STR_AUTO text = STR_INIT;
    ERROR_AUTO(err);
    type_json_encode(type, &text);
    return json_parse(str_text(&text), text.length, &err);
}

static json_t *functions_to_json(const struct provider *provider)
{
    json_t *array = json_array();
    for (const struct function *const *at = provider->functions; at && *at; at++) {
        json_t *object = json_object(), *parameters = json_array();
        put_text(object, "name", (*at)->name);
        put_text(object, "summary", (*at)->summary);
        put_text(object, "example", (*at)->example);
        const struct function_parameter *parameter = (*at)->parameters;
        for (; parameter && parameter->name; parameter++)
            json_array_append_new(parameters, json_pack("{ss, so, sb}", "name", parameter->name,
                                                        "type", type_to_json(parameter->type),
                                                        "nullable", (int)parameter->allow_null));
        json_object_set_new(object, "parameters", parameters);
        json_object_set_new(object, "result", type_to_json((*at)->result));
        json_array_append_new(array, object);
    }
    return array;
}

static json_t *actions_to_json(const struct provider *provider)
{
    json_t *array = json_array();
    for (const struct action *const *at = provider->actions; at && *at; at++) {
        const struct action *action = *at;
        json_t *object =
            named(provider, action->name, action->summary, action->subcategory, action->example);
        json_object_set_new(object, "attributes", table_to_json(action->attributes));
        json_array_append_new(array, object);
    }
    return array;
}

void docs_print_descriptors(const struct provider *provider, struct str *out)
{
    JSON_AUTO document =
        json_pack("{ss, ss, so, so, so, so, so, so}", "name", provider->name, "version",
                  provider->version, "attributes", table_to_json(provider->attributes), "resources",
                  list_to_json(provider, provider->resources, resource_to_json), "data_sources",
                  list_to_json(provider, provider->data_sources, opened_to_json), "ephemerals",
                  list_to_json(provider, provider->ephemerals, opened_to_json), "functions",
                  functions_to_json(provider), "actions", actions_to_json(provider));
    json_write(document, false, out);
}
