#include <string.h>

#include "lib/base/json.h"
#include "provider/kube/dapr.h"
#include "provider/kube/dapr_metadata.h"

static const struct attribute secret_key_attributes[] = {
    {.name = "name", .flags = REQUIRED, .doc = "Name of the secret."},
    {.name = "key", .flags = OPTIONAL, .doc = "The key in it; left out, as the secret's name."},
    KUBE_ATTRIBUTES_END,
};

static const struct attribute metadata_attributes[] = {
    {.name = "name", .flags = REQUIRED, .doc = "Name of the setting."},
    {.name = "value", .flags = OPTIONAL, .doc = "Its value, as text."},
    {.name = "secret_key_ref",
     .kind = ATTRIBUTE_OBJECT_LIST,
     .flags = OPTIONAL | SINGLE,
     .fields = secret_key_attributes,
     .doc = "Or where its value is kept."},
    {.name = "env_ref", .flags = OPTIONAL, .doc = "Or an environment variable of the sidecar."},
    KUBE_ATTRIBUTES_END,
};

static const struct attribute attributes[] = {
    KUBE_ATTRIBUTE_ID,
    KUBE_ATTRIBUTE_CLUSTER_ID,
    KUBE_ATTRIBUTE_NAME("Name of the component, as apps use it."),
    KUBE_ATTRIBUTE_NAMESPACE,
    {.name = "type",
     .flags = REQUIRED,
     .json = "spec.type",
     .min_length = 1,
     .doc = "What it is.",
     .sample = "\"pubsub.kafka\""},
    {.name = "version",
     .flags = OPTIONAL,
     .json = "spec.version",
     .default_value = "v1",
     .doc = "Version of the component's code."},
    {.name = "init_timeout",
     .flags = OPTIONAL,
     .json = "spec.initTimeout",
     .validate = kube_validate_go_duration,
     .doc = "How long it may take to start; Dapr's own default is 5 s."},
    {.name = "ignore_errors",
     .kind = ATTRIBUTE_BOOL,
     .flags = OPTIONAL,
     .json = "spec.ignoreErrors",
     .doc = "Let sidecars start without it when it fails."},
    {.name = "metadata",
     .kind = ATTRIBUTE_OBJECT_LIST,
     .flags = OPTIONAL | ANY_ORDER,
     .json = "spec.metadata",
     .fields = metadata_attributes,
     .doc = "Its settings. Those of common components are checked when planning."},
    {.name = "secret_store",
     .flags = OPTIONAL,
     .json = "auth.secretStore",
     .doc = "Secret store that resolves `secret_key_ref`. Left out: Kubernetes itself."},
    DAPR_ATTRIBUTE_SCOPES,
    DAPR_ATTRIBUTES_OF_OBJECT,
};

/* The CRD wants the list, be it empty. */
static bool component_desired(struct kube_call *call, const struct value *values,
                              const struct value *config, json_t *object, struct error *err)
{
    (void)call;
    (void)values;
    (void)config;
    (void)err;
    json_t *spec = json_object_get(object, "spec");
    if (!json_object_get(spec, "metadata"))
        json_object_set_new(spec, "metadata", json_array());
    return true;
}

static bool component_received(struct kube_call *call, json_t *object, struct error *err)
{
    (void)call;
    (void)err;
    json_t *spec = json_object_get(object, "spec");
    if (json_array_size(json_object_get(spec, "metadata")) == 0)
        json_object_del(spec, "metadata");
    return true;
}

/* --- checks ------------------------------------------------------------------------------------- */

static bool is_word(const char *text, const char *words)
{
    for (struct slice rest = slice_from(words), word; rest.length;) {
        rest = slice_cut(rest, '|', &word, NULL);
        if (slice_equal_text(word, text))
            return true;
    }
    return false;
}

static void check_item(const struct dapr_component_type *type, const struct value *item,
                       const struct path *path, struct diagnostics *diagnostics,
                       struct arena *arena)
{
    const char *name = value_text(value_get(item, "name"));
    const char *text = value_text(value_get(item, "value"));
    const struct dapr_key *key = name ? dapr_key(type, name) : NULL;
    if (name && !key) {
        const char *nearest = dapr_nearest_key(type, name);
        diagnostics_warning(diagnostics, path_attribute(arena, path, "name"),
                            "Unknown metadata of a Dapr component",
                            "%s %s has no setting \"%s\", which it would ignore.%s%s%s", type->type,
                            type->version, name, nearest ? " Did you mean \"" : "",
                            nearest ? nearest : "", nearest ? "\"?" : "");
    }
    if (key && key->words && text && !is_word(text, key->words))
        diagnostics_error(diagnostics, path_attribute(arena, path, "value"),
                          "Bad metadata of a Dapr component", "%s = \"%s\": it must be one of %s.",
                          key->name, text, key->words);
}

static bool has_setting(const struct value *metadata, const char *name)
{
    for (size_t i = 0; i < value_count(metadata); i++) {
        const struct value *given = value_get(value_item(metadata, i), "name");
        if (!value_is_known(given) || text_equal_nocase(value_text(given), name))
            return true;
    }
    return false;
}

static void check_needed(const struct dapr_component_type *type, const struct value *metadata,
                         struct diagnostics *diagnostics, struct arena *arena)
{
    const struct path *path = path_attribute(arena, NULL, "metadata");
    for (const struct dapr_key *key = type->keys; key->name; key++)
        if (key->required && !has_setting(metadata, key->name))
            diagnostics_error(diagnostics, path, "Missing metadata of a Dapr component",
                              "%s needs the setting \"%s\".", type->type, key->name);
    bool found = !type->either;
    for (size_t i = 0; type->either && type->either[i]; i++)
        found |= has_setting(metadata, type->either[i]);
    if (!found)
        diagnostics_error(diagnostics, path, "Missing metadata of a Dapr component",
                          "%s needs the setting \"%s\" or \"%s\".", type->type, type->either[0],
                          type->either[1]);
}

static const char *setting(const struct value *metadata, const char *name)
{
    for (size_t i = 0; i < value_count(metadata); i++) {
        const struct value *item = value_item(metadata, i);
        if (text_equal_nocase(value_text(value_get(item, "name")), name))
            return value_text(value_get(item, "value"));
    }
    return NULL;
}

/* TLS is on for every kind of authentication but none: what fails then says so nowhere. */
static void check_kafka(const struct value *metadata, struct diagnostics *diagnostics,
                        struct arena *arena)
{
    const struct path *path = path_attribute(arena, NULL, "metadata");
    if (!has_setting(metadata, "authType") && !has_setting(metadata, "authRequired"))
        diagnostics_error(diagnostics, path, "Missing metadata of a Dapr component",
                          "pubsub.kafka needs the setting \"authType\": none, password, mtls, …");
    const char *group = setting(metadata, "consumerGroup");
    if (group && !strchr(group, '{'))
        diagnostics_warning(
            diagnostics, path, "One consumer group for all apps",
            "With consumerGroup = \"%s\" all apps that use this component are one group: "
            "each event reaches only one of them. Leave it out, and each app is a group "
            "of its own.",
            group);
    if (!setting(metadata, "initialOffset"))
        diagnostics_warning(
            diagnostics, path, "Events before the first start are skipped",
            "pubsub.kafka begins at the newest event unless initialOffset is set to "
            "\"oldest\": what was sent before an app's first start is lost to it.");
}

static void validate_component(const struct value *config, struct diagnostics *diagnostics,
                               struct arena *arena)
{
    const char *name = value_text(value_get(config, "type"));
    const char *version = value_text(value_get(config, "version"));
    const struct value *metadata = value_get(config, "metadata");
    const struct dapr_component_type *type =
        name ? dapr_component_type(name, version ? version : "v1") : NULL;
    const struct path *path = path_attribute(arena, NULL, "metadata");
    if (value_is_unknown(metadata))
        return;
    for (size_t i = 0; i < value_count(metadata); i++) {
        const struct value *item = value_item(metadata, i);
        int given = !value_is_null(value_get(item, "value")) +
                    (value_count(value_get(item, "secret_key_ref")) > 0) +
                    !value_is_null(value_get(item, "env_ref"));
        const struct path *at = path_index(arena, path, (int64_t)i);
        if (value_is_known(item) && given > 1)
            diagnostics_error(diagnostics, at, "Several values for one setting",
                              "Set one of value, secret_key_ref and env_ref.");
        if (type)
            check_item(type, item, at, diagnostics, arena);
    }
    if (type)
        check_needed(type, metadata, diagnostics, arena);
    if (type && text_equal(type->type, "pubsub.kafka"))
        check_kafka(metadata, diagnostics, arena);
}

static const struct kube_api api = {.api_version = "dapr.io/v1alpha1",
                                    .kind = "Component",
                                    .no_wait = true,
                                    .desired = component_desired,
                                    .received = component_received};

const struct resource oke_dapr_component = {
    .name = "dapr_component",
    .summary = "A Dapr component: a message broker, a state store, a binding.",
    .subcategory = "Dapr",
    .attributes = attributes,
    .ops = &kube_ops,
    .api = &api,
    .plan = kube_plan,
    .validate = validate_component,
    .identity = kube_identity,
    .import_id = "[<cluster OCID>/]namespace/name",
    .example = "resource \"oke_dapr_component\" \"pubsub\" {\n"
               "  cluster_id = oke_cluster.main.id\n"
               "  namespace  = oke_namespace.todo.name\n"
               "  name       = \"pubsub-kafka\"\n"
               "  type       = \"pubsub.kafka\"\n"
               "\n"
               "  metadata {\n"
               "    name  = \"brokers\"\n"
               "    value = \"todo-kafka-kafka-bootstrap.kafka.svc:9092\"\n"
               "  }\n"
               "  metadata {\n"
               "    name  = \"authType\"\n"
               "    value = \"none\"\n"
               "  }\n"
               "  metadata {\n"
               "    name  = \"initialOffset\"\n"
               "    value = \"oldest\"\n"
               "  }\n"
               "}\n",
};
