/* The schema as Terraform prints it. Members and their order are those of its package jsonprovider. */
#include "lib/base/json.h"
#include "provider/docs/docs.h"
#include "provider/engine/engine.h"
#include "provider/engine/timeouts.h"
#include "provider/value/value_json.h"

static json_t *type_to_json(const struct type *type)
{
    STR_AUTO text = STR_INIT;
    ERROR_AUTO(err);
    type_json_encode(type, &text);
    return json_parse(str_text(&text), text.length, &err);
}

/* Left out when empty, as Go's "omitempty" does. */
static void put_text(json_t *object, const char *key, const char *text)
{
    if (!text_empty(text))
        json_object_set_new(object, key, json_string(text));
}

static void put_true(json_t *object, const char *key, bool value)
{
    if (value)
        json_object_set_new(object, key, json_true());
}

static void put_members(json_t *object, const char *key, json_t *members)
{
    if (json_object_size(members))
        json_object_set_new(object, key, members);
    else
        json_decref(members);
}

/* --- blocks ------------------------------------------------------------------------------------- */

static json_t *attribute_to_json(const struct attribute *attribute)
{
    json_t *object = json_object();
    json_object_set_new(object, "type", type_to_json(attribute_type(attribute)));
    put_text(object, "description", attribute->doc);
    put_text(object, "description_kind", "markdown");
    put_true(object, "deprecated", attribute->flags & DEPRECATED);
    put_text(object, "deprecation_message", attribute->deprecated);
    put_true(object, "required", attribute->flags & REQUIRED);
    put_true(object, "optional", attribute->flags & OPTIONAL);
    put_true(object, "computed", attribute_is_computed(attribute));
    put_true(object, "sensitive", attribute->flags & SENSITIVE);
    put_true(object, "write_only", attribute->flags & WRITE_ONLY);
    return object;
}

static json_t *block_to_json(const struct attribute *table, const char *description,
                             const char *kind, json_t *block_types)
{
    json_t *block = json_object(), *attributes = json_object();
    for (; table && table->name; table++)
        json_object_set_new(attributes, table->name, attribute_to_json(table));
    put_members(block, "attributes", attributes);
    put_members(block, "block_types", block_types);
    put_text(block, "description", description);
    put_text(block, "description_kind", kind);
    return block;
}

static json_t *schema_to_json(int64_t version, json_t *block)
{
    return json_pack("{sI, so}", "version", (json_int_t)version, "block", block);
}

static json_t *plain_schema(const struct attribute *table, const char *summary)
{
    return schema_to_json(0, block_to_json(table, summary, "markdown", json_object()));
}

static json_t *resource_schema(const struct resource *resource)
{
    json_t *timeouts = block_to_json(timeouts_attributes, NULL, "plain", json_object());
    json_t *block_types =
        json_pack("{s{ss, so}}", "timeouts", "nesting_mode", "single", "block", timeouts);
    return schema_to_json(
        resource->schema_version,
        block_to_json(resource->attributes, resource->summary, "markdown", block_types));
}

static json_t *opened_schema(const struct resource *resource)
{
    return plain_schema(resource->attributes, resource->summary);
}

static json_t *list_schema(const struct resource *resource)
{
    return resource->list_attributes ? plain_schema(resource->list_attributes, resource->summary)
                                     : NULL;
}

static json_t *identity_schema(const struct resource *resource)
{
    json_t *attributes = json_object();
    for (const struct identity_attribute *part = engine_identity(resource); part->name; part++) {
        json_t *object = json_object();
        const struct attribute *attribute = attribute_find(resource->attributes, part->name);
        json_object_set_new(object, "type", type_to_json(attribute_type(attribute)));
        put_text(object, "description", part->doc);
        put_true(object, "required_for_import", !part->optional);
        put_true(object, "optional_for_import", part->optional);
        json_object_set_new(attributes, part->name, object);
    }
    return json_pack("{si, so}", "version", 0, "attributes", attributes);
}

/* --- the whole ---------------------------------------------------------------------------------- */

static void put_list(json_t *provider_json, const char *key, const struct provider *provider,
                     const struct resource *const *list,
                     json_t *(*schema)(const struct resource *resource))
{
    json_t *members = json_object();
    for (; list && *list; list++) {
        json_t *one = schema(*list);
        STR_AUTO name = STR_INIT;
        str_printf(&name, "%s_%s", provider->name, (*list)->name);
        if (one)
            json_object_set_new(members, str_text(&name), one);
    }
    put_members(provider_json, key, members);
}

static json_t *parameter_to_json(const struct function_parameter *parameter)
{
    json_t *object = json_object();
    put_text(object, "name", parameter->name);
    put_text(object, "description", parameter->doc);
    put_true(object, "is_nullable", parameter->allow_null);
    json_object_set_new(object, "type", type_to_json(parameter->type));
    return object;
}

static json_t *functions_to_json(const struct provider *provider)
{
    json_t *functions = json_object();
    for (const struct function *const *at = provider->functions; at && *at; at++) {
        const struct function *function = *at;
        json_t *object = json_object(), *parameters = json_array();
        put_text(object, "description", function->description);
        put_text(object, "summary", function->summary);
        json_object_set_new(object, "return_type", type_to_json(function->result));
        const struct function_parameter *parameter = function->parameters;
        for (; parameter && parameter->name; parameter++)
            json_array_append_new(parameters, parameter_to_json(parameter));
        if (json_array_size(parameters))
            json_object_set(object, "parameters", parameters);
        json_decref(parameters);
        if (function->variadic)
            json_object_set_new(object, "variadic_parameter",
                                parameter_to_json(function->variadic));
        json_object_set_new(functions, function->name, object);
    }
    return functions;
}

static json_t *actions_to_json(const struct provider *provider)
{
    json_t *actions = json_object();
    for (const struct action *const *at = provider->actions; at && *at; at++) {
        STR_AUTO name = STR_INIT;
        str_printf(&name, "%s_%s", provider->name, (*at)->name);
        json_object_set_new(actions, str_text(&name),
                            plain_schema((*at)->attributes, (*at)->summary));
    }
    return actions;
}

void docs_print_schema(const struct provider *provider, const char *address, struct str *out)
{
    json_t *all = json_object();
    json_object_set_new(all, "provider", plain_schema(provider->attributes, provider->summary));
    put_list(all, "resource_schemas", provider, provider->resources, resource_schema);
    put_list(all, "data_source_schemas", provider, provider->data_sources, opened_schema);
    put_list(all, "ephemeral_resource_schemas", provider, provider->ephemerals, opened_schema);
    put_members(all, "functions", functions_to_json(provider));
    put_list(all, "resource_identity_schemas", provider, provider->resources, identity_schema);
    put_list(all, "list_resource_schemas", provider, provider->resources, list_schema);
    put_members(all, "action_schemas", actions_to_json(provider));
    JSON_AUTO document =
        json_pack("{ss, s{so}}", "format_version", "1.0", "provider_schemas", address, all);
    json_write(document, false, out);
}
