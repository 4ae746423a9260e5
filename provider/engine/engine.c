#include "provider/engine/engine.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/base/encoding.h"
#include "lib/base/file.h"
#include "provider/engine/engine_internal.h"
#include "provider/engine/validate.h"
#include "provider/value/msgpack.h"
#include "provider/value/value_json.h"

enum { MAX_WORKSPACE_NAME = 4096 };

struct engine *engine_new(const struct provider *provider)
{
    struct engine *engine = mem_calloc(1, sizeof(*engine));
    engine->provider = provider;
    engine->journal = journal_new(NULL);
    engine->fatal_conformance = text_equal(getenv("OKE_CONFORMANCE"), "fatal");
    pthread_mutex_init(&engine->mutex, NULL);
    return engine;
}

void engine_free(struct engine *engine)
{
    if (!engine)
        return;
    engine_configuration_put(engine, engine->configuration);
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

void engine_serve_many(struct engine *engine)
{
    journal_serve_many(engine->journal);
}

/* After a mere plan, Terraform is about to apply it by another process: nothing is stored for good. */
void engine_finish(struct engine *engine)
{
    if (engine->applies || !engine->plans_changes)
        journal_finish(engine->journal);
}

/* --- finding and translating -------------------------------------------------------------------- */

/* The name after "oke_"; NULL when it does not begin like that. */
static const char *short_name(const struct engine *engine, const char *name)
{
    size_t prefix = strlen(engine->provider->name);
    bool ours = text_starts_with(name, engine->provider->name) && name[prefix] == '_';
    return ours ? name + prefix + 1 : NULL;
}

static void report_unknown(struct diagnostics *diagnostics, const char *what, const char *name)
{
    diagnostics_error(diagnostics, NULL, "Unknown type",
                      "This version of the provider has no %s \"%s\".", what, name ? name : "");
}

const struct resource *engine_find(struct engine *engine, const struct resource *const *list,
                                   const char *type_name, struct diagnostics *diagnostics)
{
    const char *name = short_name(engine, type_name);
    for (; name && list && *list; list++)
        if (strcmp((*list)->name, name) == 0)
            return *list;
    report_unknown(diagnostics, "type", type_name);
    return NULL;
}

const struct resource *engine_resource(struct engine *engine, const char *type_name,
                                       struct diagnostics *diagnostics)
{
    return engine_find(engine, engine->provider->resources, type_name, diagnostics);
}

const struct action *engine_action(struct engine *engine, const char *full_name,
                                   struct diagnostics *diagnostics)
{
    const char *name = short_name(engine, full_name);
    const struct action *const *action = engine->provider->actions;
    for (; name && action && *action; action++)
        if (strcmp((*action)->name, name) == 0)
            return *action;
    report_unknown(diagnostics, "action", full_name);
    return NULL;
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

void engine_note_seen(struct engine *engine, const struct value *state)
{
    const char *id = value_text(value_get(state, "id"));
    if (id)
        journal_seen(engine->journal, id);
}

void engine_note_removed(struct engine *engine, const struct value *state)
{
    const char *id = value_text(value_get(state, "id"));
    if (id)
        journal_removed(engine->journal, id);
}

/* --- provider configuration --------------------------------------------------------------------- */

static void release(struct configuration *configuration)
{
    if (configuration->client_free)
        configuration->client_free(configuration->client);
    cancel_free(configuration->cancel);
    free(configuration->scope);
    free(configuration);
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
    if (!configuration)
        return;
    pthread_mutex_lock(&engine->mutex);
    bool last = --configuration->references == 0;
    pthread_mutex_unlock(&engine->mutex);
    if (last)
        release(configuration);
}

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

/* The workspace as Terraform keeps it: TF_WORKSPACE, else a file in its data directory. */
static void append_workspace(struct str *out)
{
    const char *workspace = getenv("TF_WORKSPACE"), *data = getenv("TF_DATA_DIR");
    STR_AUTO path = STR_INIT;
    ERROR_AUTO(none);
    str_printf(&path, "%s/environment", text_empty(data) ? ".terraform" : data);
    if (!text_empty(workspace))
        str_append(out, workspace);
    else if (!file_read(str_text(&path), MAX_WORKSPACE_NAME, out, &none))
        str_append(out, "default");
}

/* Terraform truncates its state file before it writes it, and takes an empty one for no state. Backends
 * elsewhere write in one piece. */
static bool state_is_lost(void)
{
    STR_AUTO workspace = STR_INIT;
    STR_AUTO path = STR_INIT;
    struct stat info;
    append_workspace(&workspace);
    if (!text_equal(str_text(&workspace), "default"))
        str_printf(&path, "terraform.tfstate.d/%s/", str_text(&workspace));
    str_append(&path, "terraform.tfstate");
    return stat(str_text(&path), &info) == 0 && info.st_size == 0;
}

/* Workspace and provider block, without secrets: tells the creates of one workspace and account from
 * those of another in the journal that they share. */
static char *make_scope(const struct provider *provider, const struct value *config)
{
    STR_AUTO text = STR_INIT;
    append_workspace(&text);
    for (const struct attribute *attribute = provider->attributes; attribute->name; attribute++)
        if (!(attribute->flags & (SENSITIVE | WRITE_ONLY))) {
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
    *configuration = (struct configuration){.client = client,
                                            .client_free = provider->client_free,
                                            .cancel = cancel_new(),
                                            .scope = make_scope(provider, value),
                                            .references = 1};
    journal_start_run(engine->journal);
    if (state_is_lost())
        journal_lost(engine->journal);
    pthread_mutex_lock(&engine->mutex);
    struct configuration *old = engine->configuration;
    engine->configuration = configuration;
    pthread_mutex_unlock(&engine->mutex);
    engine_configuration_put(engine, old);
}

/* --- validation --------------------------------------------------------------------------------- */

void engine_validate(struct engine *engine, struct arena *arena, enum object_class object_class,
                     const char *type_name, struct dynamic_value config, bool write_only_allowed,
                     struct diagnostics *diagnostics)
{
    const struct provider *provider = engine->provider;
    const struct resource *const *const lists[] = {[CLASS_RESOURCE] = provider->resources,
                                                   [CLASS_DATA_SOURCE] = provider->data_sources,
                                                   [CLASS_EPHEMERAL] = provider->ephemerals,
                                                   [CLASS_LIST] = provider->resources};
    const struct resource *resource = NULL;
    const struct attribute *table = NULL;
    if (object_class == CLASS_ACTION) {
        const struct action *action = engine_action(engine, type_name, diagnostics);
        table = action ? action->attributes : NULL;
    } else {
        resource = engine_find(engine, lists[object_class], type_name, diagnostics);
        if (resource)
            table = object_class == CLASS_LIST ? resource->list_attributes : resource->attributes;
        if (resource && !table)
            report_unknown(diagnostics, "list resource", type_name);
    }
    if (!table)
        return;
    const struct type *type =
        object_class == CLASS_RESOURCE ? resource_type(resource) : attributes_type(table);
    const struct value *value = engine_decode(arena, type, config, diagnostics);
    if (!value || value_is_null(value))
        return;
    validate_object(table, value, NULL, write_only_allowed, diagnostics, arena);
    if (object_class == CLASS_RESOURCE)
        timeouts_validate(value, diagnostics, arena);
    if (resource && object_class != CLASS_LIST && resource->validate && !diagnostics->errors)
        resource->validate(value, diagnostics, arena);
}
