#include "provider/plugin/schema_message.h"

#include "provider/engine/engine.h"
#include "provider/engine/timeouts.h"
#include "provider/plugin/message.h"
#include "provider/value/value_json.h"

static size_t count_of(const void *list)
{
    const void *const *items = list;
    size_t count = 0;
    while (items && items[count])
        count++;
    return count;
}

static char *type_name(struct arena *arena, const struct provider *provider, const char *name)
{
    return arena_printf(arena, "%s_%s", provider->name, name);
}

static ProtobufCBinaryData type_bytes(struct arena *arena, const struct type *type)
{
    STR_AUTO json = STR_INIT;
    type_json_encode(type, &json);
    return (ProtobufCBinaryData){json.length, arena_memdup(arena, json.ptr, json.length)};
}

/* --- schemas ---------------------------------------------------------------------------------- */

static Tfplugin6__Schema__Attribute *attribute_message(struct arena *arena,
                                                       const struct attribute *attribute)
{
    Tfplugin6__Schema__Attribute *message =
        MESSAGE_NEW(arena, Schema__Attribute, schema__attribute);
    message->name = text_of_constant(attribute->name);
    message->type = type_bytes(arena, attribute_type(attribute));
    message->description = text_of_constant(attribute->doc);
    message->description_kind = TFPLUGIN6__STRING_KIND__MARKDOWN;
    message->required = (attribute->flags & REQUIRED) != 0;
    message->optional = (attribute->flags & OPTIONAL) != 0;
    message->computed = attribute_is_computed(attribute);
    message->sensitive = (attribute->flags & SENSITIVE) != 0;
    message->write_only = (attribute->flags & WRITE_ONLY) != 0;
    message->deprecated = (attribute->flags & DEPRECATED) != 0;
    message->deprecation_message = text_of_constant(attribute->deprecated);
    return message;
}

static Tfplugin6__Schema__Block *block_message(struct arena *arena, const struct attribute *table)
{
    Tfplugin6__Schema__Block *block = MESSAGE_NEW(arena, Schema__Block, schema__block);
    size_t count = 0;
    while (table && table[count].name)
        count++;
    block->attributes = arena_array(arena, Tfplugin6__Schema__Attribute *, count);
    block->n_attributes = count;
    for (size_t i = 0; i < count; i++)
        block->attributes[i] = attribute_message(arena, &table[i]);
    return block;
}

static Tfplugin6__Schema *schema_message(struct arena *arena, const struct attribute *table,
                                         const char *description)
{
    Tfplugin6__Schema *schema = MESSAGE_NEW(arena, Schema, schema);
    schema->block = block_message(arena, table);
    schema->block->description = text_of_constant(description);
    schema->block->description_kind = TFPLUGIN6__STRING_KIND__MARKDOWN;
    return schema;
}

static Tfplugin6__Schema__NestedBlock *timeouts_message(struct arena *arena)
{
    Tfplugin6__Schema__NestedBlock *nested =
        MESSAGE_NEW(arena, Schema__NestedBlock, schema__nested_block);
    nested->type_name = text_of_constant("timeouts");
    nested->block = block_message(arena, timeouts_attributes);
    nested->nesting = TFPLUGIN6__SCHEMA__NESTED_BLOCK__NESTING_MODE__SINGLE;
    return nested;
}

static Tfplugin6__Schema *resource_message(struct arena *arena, const struct resource *resource)
{
    Tfplugin6__Schema *schema = schema_message(arena, resource->attributes, resource->summary);
    schema->version = resource->schema_version;
    schema->block->version = resource->schema_version;
    schema->block->block_types = arena_array(arena, Tfplugin6__Schema__NestedBlock *, 1);
    schema->block->block_types[0] = timeouts_message(arena);
    schema->block->n_block_types = 1;
    return schema;
}

static Tfplugin6__Function__Parameter *parameter_message(struct arena *arena,
                                                         const struct function_parameter *parameter)
{
    Tfplugin6__Function__Parameter *message =
        MESSAGE_NEW(arena, Function__Parameter, function__parameter);
    message->name = text_of_constant(parameter->name);
    message->type = type_bytes(arena, parameter->type);
    message->allow_null_value = parameter->allow_null;
    message->description = text_of_constant(parameter->doc);
    message->description_kind = TFPLUGIN6__STRING_KIND__MARKDOWN;
    return message;
}

static Tfplugin6__Function *function_message(struct arena *arena, const struct function *function)
{
    Tfplugin6__Function *message = MESSAGE_NEW(arena, Function, function);
    size_t count = 0;
    while (function->parameters && function->parameters[count].name)
        count++;
    message->parameters = arena_array(arena, Tfplugin6__Function__Parameter *, count);
    message->n_parameters = count;
    for (size_t i = 0; i < count; i++)
        message->parameters[i] = parameter_message(arena, &function->parameters[i]);
    if (function->variadic)
        message->variadic_parameter = parameter_message(arena, function->variadic);
    message->return_ = MESSAGE_NEW(arena, Function__Return, function__return);
    message->return_->type = type_bytes(arena, function->result);
    message->summary = text_of_constant(function->summary);
    message->description = text_of_constant(function->description);
    message->description_kind = TFPLUGIN6__STRING_KIND__MARKDOWN;
    return message;
}

static Tfplugin6__ResourceIdentitySchema *identity_message(struct arena *arena,
                                                           const struct resource *resource)
{
    typedef Tfplugin6__ResourceIdentitySchema__IdentityAttribute attribute_of_identity;
    Tfplugin6__ResourceIdentitySchema *schema =
        MESSAGE_NEW(arena, ResourceIdentitySchema, resource_identity_schema);
    const struct identity_attribute *identity = engine_identity(resource);
    size_t count = 0;
    while (identity[count].name)
        count++;
    schema->identity_attributes = arena_array(arena, attribute_of_identity *, count);
    schema->n_identity_attributes = count;
    for (size_t i = 0; i < count; i++) {
        attribute_of_identity *message =
            MESSAGE_NEW(arena, ResourceIdentitySchema__IdentityAttribute,
                        resource_identity_schema__identity_attribute);
        const struct attribute *attribute = attribute_find(resource->attributes, identity[i].name);
        message->name = text_of_constant(identity[i].name);
        message->type = type_bytes(arena, attribute_type(attribute));
        message->required_for_import = !identity[i].optional;
        message->optional_for_import = identity[i].optional;
        message->description = text_of_constant(identity[i].doc);
        schema->identity_attributes[i] = message;
    }
    return schema;
}

static Tfplugin6__ServerCapabilities *capabilities_message(struct arena *arena)
{
    Tfplugin6__ServerCapabilities *message =
        MESSAGE_NEW(arena, ServerCapabilities, server_capabilities);
    message->plan_destroy = true;
    message->get_provider_schema_optional = true;
    message->move_resource_state = true;
    message->generate_resource_config = true;
    return message;
}

/* --- responses -------------------------------------------------------------------------------- */

/* Begins a loop that fills the repeated member `field` with one new message for each entry of a
 * NULL-terminated list; the body, a block, sees `item` and `i`. */
#define FOR_EACH(response, field, Type, type, list)                                                \
    (response)->field = arena_array(arena, Tfplugin6__##Type *, count_of(list));                   \
    for (size_t i = 0; i < count_of(list); i++)                                                    \
        for (Tfplugin6__##Type *item = (response)->field[(response)->n_##field++] =                \
                 MESSAGE_NEW(arena, Type, type);                                                   \
             item; item = NULL)

void schema_fill_metadata(struct arena *arena, const struct provider *provider,
                          Tfplugin6__GetMetadata__Response *response)
{
    response->server_capabilities = capabilities_message(arena);
    FOR_EACH(response, resources, GetMetadata__ResourceMetadata, get_metadata__resource_metadata,
             provider->resources)
    {
        item->type_name = type_name(arena, provider, provider->resources[i]->name);
    }
    FOR_EACH(response, data_sources, GetMetadata__DataSourceMetadata,
             get_metadata__data_source_metadata, provider->data_sources)
    {
        item->type_name = type_name(arena, provider, provider->data_sources[i]->name);
    }
    FOR_EACH(response, ephemeral_resources, GetMetadata__EphemeralMetadata,
             get_metadata__ephemeral_metadata, provider->ephemerals)
    {
        item->type_name = type_name(arena, provider, provider->ephemerals[i]->name);
    }
    FOR_EACH(response, functions, GetMetadata__FunctionMetadata, get_metadata__function_metadata,
             provider->functions)
    {
        item->name = text_of_constant(provider->functions[i]->name);
    }
    FOR_EACH(response, actions, GetMetadata__ActionMetadata, get_metadata__action_metadata,
             provider->actions)
    {
        item->type_name = type_name(arena, provider, provider->actions[i]->name);
    }
    size_t count = count_of(provider->resources);
    response->list_resources =
        arena_array(arena, Tfplugin6__GetMetadata__ListResourceMetadata *, count);
    for (size_t i = 0; i < count; i++) {
        if (!provider->resources[i]->list_attributes)
            continue;
        Tfplugin6__GetMetadata__ListResourceMetadata *item = MESSAGE_NEW(
            arena, GetMetadata__ListResourceMetadata, get_metadata__list_resource_metadata);
        item->type_name = type_name(arena, provider, provider->resources[i]->name);
        response->list_resources[response->n_list_resources++] = item;
    }
}

static void fill_list_schemas(struct arena *arena, const struct provider *provider,
                              Tfplugin6__GetProviderSchema__Response *response)
{
    typedef Tfplugin6__GetProviderSchema__Response__ListResourceSchemasEntry entry_message;
    size_t count = count_of(provider->resources);
    response->list_resource_schemas = arena_array(arena, entry_message *, count);
    for (size_t i = 0; i < count; i++) {
        const struct resource *resource = provider->resources[i];
        if (!resource->list_attributes)
            continue;
        entry_message *entry =
            MESSAGE_NEW(arena, GetProviderSchema__Response__ListResourceSchemasEntry,
                        get_provider_schema__response__list_resource_schemas_entry);
        entry->key = type_name(arena, provider, resource->name);
        entry->value = schema_message(arena, resource->list_attributes, resource->summary);
        response->list_resource_schemas[response->n_list_resource_schemas++] = entry;
    }
}

void schema_fill_provider(struct arena *arena, const struct provider *provider,
                          Tfplugin6__GetProviderSchema__Response *response)
{
    response->server_capabilities = capabilities_message(arena);
    response->provider = schema_message(arena, provider->attributes, provider->summary);
    FOR_EACH(response, resource_schemas, GetProviderSchema__Response__ResourceSchemasEntry,
             get_provider_schema__response__resource_schemas_entry, provider->resources)
    {
        item->key = type_name(arena, provider, provider->resources[i]->name);
        item->value = resource_message(arena, provider->resources[i]);
    }
    FOR_EACH(response, data_source_schemas, GetProviderSchema__Response__DataSourceSchemasEntry,
             get_provider_schema__response__data_source_schemas_entry, provider->data_sources)
    {
        const struct resource *source = provider->data_sources[i];
        item->key = type_name(arena, provider, source->name);
        item->value = schema_message(arena, source->attributes, source->summary);
    }
    FOR_EACH(response, ephemeral_resource_schemas,
             GetProviderSchema__Response__EphemeralResourceSchemasEntry,
             get_provider_schema__response__ephemeral_resource_schemas_entry, provider->ephemerals)
    {
        const struct resource *ephemeral = provider->ephemerals[i];
        item->key = type_name(arena, provider, ephemeral->name);
        item->value = schema_message(arena, ephemeral->attributes, ephemeral->summary);
    }
    FOR_EACH(response, functions, GetProviderSchema__Response__FunctionsEntry,
             get_provider_schema__response__functions_entry, provider->functions)
    {
        item->key = text_of_constant(provider->functions[i]->name);
        item->value = function_message(arena, provider->functions[i]);
    }
    FOR_EACH(response, action_schemas, GetProviderSchema__Response__ActionSchemasEntry,
             get_provider_schema__response__action_schemas_entry, provider->actions)
    {
        const struct action *action = provider->actions[i];
        item->key = type_name(arena, provider, action->name);
        item->value = MESSAGE_NEW(arena, ActionSchema, action_schema);
        item->value->schema = schema_message(arena, action->attributes, action->summary);
    }
    fill_list_schemas(arena, provider, response);
}

void schema_fill_functions(struct arena *arena, const struct provider *provider,
                           Tfplugin6__GetFunctions__Response *response)
{
    FOR_EACH(response, functions, GetFunctions__Response__FunctionsEntry,
             get_functions__response__functions_entry, provider->functions)
    {
        item->key = text_of_constant(provider->functions[i]->name);
        item->value = function_message(arena, provider->functions[i]);
    }
}

void schema_fill_identities(struct arena *arena, const struct provider *provider,
                            Tfplugin6__GetResourceIdentitySchemas__Response *response)
{
    FOR_EACH(response, identity_schemas, GetResourceIdentitySchemas__Response__IdentitySchemasEntry,
             get_resource_identity_schemas__response__identity_schemas_entry, provider->resources)
    {
        item->key = type_name(arena, provider, provider->resources[i]->name);
        item->value = identity_message(arena, provider->resources[i]);
    }
}
