#include "provider/engine/engine_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/encoding.h"
#include "lib/base/file.h"
#include "lib/base/log.h"
#include "provider/engine/validate.h"
#include "provider/value/msgpack.h"
#include "provider/value/value_json.h"

struct engine *engine_new(const struct provider *provider)
{
    struct engine *engine = mem_calloc(1, sizeof(*engine));
    engine->provider = provider;
    engine->journal = journal_new(NULL);
    engine->fatal_conformance = text_equal(getenv("OKE_CONFORMANCE"), "fatal");
    pthread_mutex_init(&engine->mutex, NULL);
    return engine;
}

static void release(struct configuration *configuration)
{
    if (!configuration || --configuration->references > 0)
        return;
    if (configuration->client_free)
        configuration->client_free(configuration->client);
    cancel_free(configuration->cancel);
    free(configuration->scope);
    free(configuration);
}

void engine_free(struct engine *engine)
{
    if (!engine)
        return;
    release(engine->configuration);
    journal_free(engine->journal);
    pthread_mutex_destroy(&engine->mutex);
    free(engine);
}

const struct provider *engine_provider(const struct engine *engine)
{
    return engine->provider;
}

void engine_stop(struct engine *engine)
{
    pthread_mutex_lock(&engine->mutex);
    if (engine->configuration)
        cancel_raise(engine->configuration->cancel);
    pthread_mutex_unlock(&engine->mutex);
}

struct configuration *engine_configuration_get(struct engine *engine)
{
    pthread_mutex_lock(&engine->mutex);
    struct configuration *configuration = engine->configuration;
    if (configuration)
        configuration->references++;
    pthread_mutex_unlock(&engine->mutex);
    return configuration;
}

void engine_configuration_put(struct engine *engine, struct configuration *configuration)
{
    pthread_mutex_lock(&engine->mutex);
    release(configuration);
    pthread_mutex_unlock(&engine->mutex);
}

const struct resource *engine_find(const struct provider *provider,
                                   const struct resource *const *list, const char *type_name)
{
    size_t prefix = strlen(provider->name);
    if (!type_name || strncmp(type_name, provider->name, prefix) != 0 || type_name[prefix] != '_')
        return NULL;
    for (; list && *list; list++)
        if (strcmp((*list)->name, type_name + prefix + 1) == 0)
            return *list;
    return NULL;
}

const struct resource *engine_resource(struct engine *engine, const char *type_name,
                                       struct diagnostics *diagnostics)
{
    const struct resource *resource =
        engine_find(engine->provider, engine->provider->resources, type_name);
    if (!resource)
        diagnostics_error(diagnostics, NULL, "Unknown resource type",
                          "This version of the provider has no resource type \"%s\".",
                          type_name ? type_name : "");
    return resource;
}

const struct value *engine_decode(struct arena *arena, const struct type *type,
                                  struct dynamic_value bytes, struct diagnostics *diagnostics)
{
    ERROR_AUTO(err);
    const struct value *value = &value_null;
    if (bytes.msgpack.length)
        value = msgpack_decode(arena, type, bytes.msgpack, &err);
    else if (bytes.json.length)
        value = value_json_decode(arena, type, VALUE_JSON_STRICT, bytes.json, &err);
    if (!value)
        diagnostics_from_error(diagnostics, NULL, "Malformed value from Terraform", &err);
    return value;
}

struct slice engine_encode(struct arena *arena, const struct type *type, const struct value *value)
{
    STR_AUTO out = STR_INIT;
    msgpack_encode(type, value, &out);
    return (struct slice){arena_memdup(arena, out.ptr, out.length), out.length};
}

bool engine_operation_begin(struct operation *op, struct engine *engine, struct arena *arena,
                            const struct resource *resource, struct diagnostics *diagnostics)
{
    *op = (struct operation){
        .arena = arena, .resource = resource, .diagnostics = diagnostics, .engine = engine};
    op->configuration = engine_configuration_get(engine);
    if (!op->configuration) {
        diagnostics_error(diagnostics, NULL, "Provider not configured",
                          "Terraform used the provider before configuring it.");
        return false;
    }
    op->client = op->configuration->client;
    op->cancel = op->configuration->cancel;
    if (resource)
        op->deadline_ms = timeouts_deadline(resource, NULL, PHASE_READ);
    return true;
}

void engine_operation_end(struct operation *op)
{
    intent_free(op->intent);
    op->intent = NULL;
    engine_configuration_put(op->engine, op->configuration);
}

const char *operation_retry_token(struct operation *op)
{
    return op->intent ? op->intent->token : NULL;
}

const char *operation_created_earlier(struct operation *op)
{
    return op->intent && op->intent->replay ? op->intent->object_id : NULL;
}

bool operation_is_replay(struct operation *op)
{
    return op->intent && op->intent->replay;
}

void operation_created(struct operation *op, const char *id)
{
    if (op->intent && id && !text_equal(op->intent->object_id, id))
        journal_created(op->engine->journal, op->intent, id);
}

/* --- provider configuration --------------------------------------------------------------------- */

void engine_validate_provider(struct engine *engine, struct arena *arena,
                              struct dynamic_value config, struct diagnostics *diagnostics)
{
    const struct provider *provider = engine->provider;
    const struct value *value =
        engine_decode(arena, attributes_type(provider->attributes), config, diagnostics);
    if (!value || value_is_null(value))
        return;
    validate_object(provider->attributes, value, NULL, true, diagnostics, arena);
    if (provider->validate && !diagnostics->errors)
        provider->validate(value, diagnostics, arena);
}

/* Workspace and provider block, without secrets: what tells the creates of one account and workspace
 * from those of another in the shared journal. */
static char *make_scope(const struct provider *provider, const struct value *config)
{
    STR_AUTO text = STR_INIT;
    const char *workspace = getenv("TF_WORKSPACE"), *data = getenv("TF_DATA_DIR");
    STR_AUTO path = STR_INIT;
    str_printf(&path, "%s/environment", text_empty(data) ? ".terraform" : data);
    ERROR_AUTO(ignored);
    if (!text_empty(workspace))
        str_append(&text, workspace);
    else if (!file_read(str_text(&path), 4096, &text, &ignored))
        str_append(&text, "default");
    for (const struct attribute *attribute = provider->attributes; attribute->name; attribute++)
        if (!(attribute->flags & SENSITIVE)) {
            str_append_char(&text, '\n');
            value_print(value_get(config, attribute->name), &text);
        }
    unsigned char digest[SHA256_SIZE];
    sha256_digest(text.ptr, text.length, digest);
    struct str scope = STR_INIT;
    hex_encode(digest, 8, &scope);
    return str_steal(&scope);
}

void engine_configure(struct engine *engine, struct arena *arena, const char *terraform_version,
                      struct dynamic_value config, struct diagnostics *diagnostics)
{
    const struct provider *provider = engine->provider;
    const struct value *value =
        engine_decode(arena, attributes_type(provider->attributes), config, diagnostics);
    if (!value)
        return;
    ERROR_AUTO(err);
    void *client = NULL;
    if (!provider->configure(value, terraform_version, &client, &err)) {
        diagnostics_from_error(diagnostics, NULL, "The provider cannot be configured", &err);
        return;
    }
    struct configuration *configuration = mem_calloc(1, sizeof(*configuration));
    configuration->client = client;
    configuration->client_free = provider->client_free;
    configuration->cancel = cancel_new();
    configuration->scope = make_scope(provider, value);
    configuration->references = 1;
    pthread_mutex_lock(&engine->mutex);
    struct configuration *old = engine->configuration;
    engine->configuration = configuration;
    release(old);
    pthread_mutex_unlock(&engine->mutex);
}

void engine_validate(struct engine *engine, struct arena *arena, enum object_class object_class,
                     const char *type_name, struct dynamic_value config, bool write_only_allowed,
                     struct diagnostics *diagnostics)
{
    const struct provider *provider = engine->provider;
    const struct resource *const *lists[] = {provider->resources, provider->data_sources,
                                             provider->ephemerals, provider->resources};
    const struct attribute *table = NULL;
    const struct type *type = NULL;
    const struct resource *resource = NULL;
    if (object_class == CLASS_ACTION) {
        for (const struct action *const *action = provider->actions; action && *action; action++)
            if (text_equal(type_name + strlen(provider->name) + 1, (*action)->name))
                table = (*action)->attributes;
    } else {
        resource = engine_find(provider, lists[object_class], type_name);
        if (resource)
            table = object_class == CLASS_LIST ? resource->list_attributes : resource->attributes;
    }
    if (!table) {
        diagnostics_error(diagnostics, NULL, "Unknown type",
                          "This version of the provider has no \"%s\" of this kind.", type_name);
        return;
    }
    type = object_class == CLASS_RESOURCE ? resource_type(resource) : attributes_type(table);
    const struct value *value = engine_decode(arena, type, config, diagnostics);
    if (!value || value_is_null(value))
        return;
    validate_object(table, value, NULL, write_only_allowed, diagnostics, arena);
    if (object_class == CLASS_RESOURCE)
        timeouts_validate(value, diagnostics, arena);
    if (resource && object_class != CLASS_LIST && resource->validate && !diagnostics->errors)
        resource->validate(value, diagnostics, arena);
}
