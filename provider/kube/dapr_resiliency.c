#include <string.h>

#include "lib/base/json.h"
#include "provider/kube/dapr.h"

static const struct attribute timeout_attributes[] = {
    {.name = "name", .flags = REQUIRED, .doc = "Name of the policy."},
    {.name = "duration",
     .flags = REQUIRED,
     .validate = kube_validate_go_duration,
     .doc = "How long a call may take.",
     .sample = "\"5s\""},
    KUBE_ATTRIBUTES_END,
};

static const struct attribute matching_attributes[] = {
    {.name = "http_status_codes",
     .flags = OPTIONAL,
     .json = "httpStatusCodes",
     .doc = "Which answers are tried again: `429,500-599`."},
    {.name = "grpc_status_codes",
     .flags = OPTIONAL,
     .json = "gRPCStatusCodes",
     .doc = "Which codes of gRPC."},
    KUBE_ATTRIBUTES_END,
};

static const struct attribute retry_attributes[] = {
    {.name = "name", .flags = REQUIRED, .doc = "Name of the policy."},
    {.name = "policy",
     .flags = REQUIRED,
     .one_of = (const char *const[]){"constant", "exponential", NULL},
     .doc = "How pauses grow."},
    {.name = "duration",
     .flags = OPTIONAL,
     .validate = kube_validate_go_duration,
     .doc = "The pause of `constant`."},
    {.name = "max_interval",
     .flags = OPTIONAL,
     .validate = kube_validate_go_duration,
     .doc = "The longest pause of `exponential`."},
    {.name = "max_retries",
     .kind = ATTRIBUTE_INTEGER,
     .flags = OPTIONAL,
     .minimum = -1,
     .maximum = INT32_MAX,
     .doc = "How often; -1, and nothing, mean for ever."},
    {.name = "matching",
     .kind = ATTRIBUTE_OBJECT_LIST,
     .flags = OPTIONAL | SINGLE,
     .fields = matching_attributes,
     .doc = "Which failures are tried again. Left out: all, refusals (4xx) too."},
    KUBE_ATTRIBUTES_END,
};

static const struct attribute breaker_attributes[] = {
    {.name = "name", .flags = REQUIRED, .doc = "Name of the policy."},
    {.name = "max_requests",
     .kind = ATTRIBUTE_INTEGER,
     .flags = OPTIONAL,
     .maximum = INT32_MAX,
     .doc = "Calls that are let through while it is half open."},
    {.name = "interval",
     .flags = OPTIONAL,
     .validate = kube_validate_go_duration,
     .doc = "After which failures are forgotten."},
    {.name = "timeout",
     .flags = OPTIONAL,
     .validate = kube_validate_go_duration,
     .doc = "How long it stays open."},
    {.name = "trip",
     .flags = OPTIONAL,
     .doc = "When it opens, as CEL.",
     .sample = "\"consecutiveFailures > 5\""},
    KUBE_ATTRIBUTES_END,
};

#define POLICY_FIELDS                                                                              \
    {.name = "timeout", .flags = OPTIONAL, .doc = "Name of a timeout."},                           \
        {.name = "retry", .flags = OPTIONAL, .doc = "Name of a retry policy."},                    \
    {                                                                                              \
        .name = "circuit_breaker", .flags = OPTIONAL, .doc = "Name of a circuit breaker."          \
    }

static const struct attribute direction_attributes[] = {POLICY_FIELDS, KUBE_ATTRIBUTES_END};

static const struct attribute app_attributes[] = {
    {.name = "name", .flags = REQUIRED, .doc = "App id."},
    POLICY_FIELDS,
    {.name = "circuit_breaker_cache_size",
     .kind = ATTRIBUTE_INTEGER,
     .flags = OPTIONAL,
     .maximum = INT32_MAX,
     .doc = "How many breakers are kept."},
    KUBE_ATTRIBUTES_END,
};

static const struct attribute component_attributes[] = {
    {.name = "name", .flags = REQUIRED, .doc = "Name of the component."},
    {.name = "inbound",
     .kind = ATTRIBUTE_OBJECT_LIST,
     .flags = OPTIONAL | SINGLE,
     .fields = direction_attributes,
     .doc = "Deliveries to the app."},
    {.name = "outbound",
     .kind = ATTRIBUTE_OBJECT_LIST,
     .flags = OPTIONAL | SINGLE,
     .fields = direction_attributes,
     .doc = "Calls to the component."},
    KUBE_ATTRIBUTES_END,
};

#define NAMED(name_, json_, fields_, doc_)                                                         \
    {                                                                                              \
        .name = (name_), .kind = ATTRIBUTE_OBJECT_LIST, .flags = OPTIONAL | ANY_ORDER,             \
        .json = (json_), .fields = (fields_), .doc = (doc_)                                        \
    }

static const struct attribute attributes[] = {
    KUBE_ATTRIBUTE_ID,
    KUBE_ATTRIBUTE_CLUSTER_ID,
    KUBE_ATTRIBUTE_NAME("Name of the object."),
    KUBE_ATTRIBUTE_NAMESPACE,
    NAMED("timeout", "spec.policies.timeouts", timeout_attributes, "A timeout."),
    NAMED("retry", "spec.policies.retries", retry_attributes, "A way to try again."),
    NAMED("circuit_breaker", "spec.policies.circuitBreakers", breaker_attributes,
          "A circuit breaker."),
    NAMED("app_target", "spec.targets.apps", app_attributes, "Policies for calls to an app."),
    NAMED("component_target", "spec.targets.components", component_attributes,
          "Policies for a component."),
    DAPR_ATTRIBUTE_SCOPES,
    DAPR_ATTRIBUTES_OF_OBJECT,
};

/* Members of the spec that are maps by name there and lists of blocks here. */
static const char *const map_paths[] = {"policies.timeouts", "policies.retries",
                                        "policies.circuitBreakers", "targets.apps",
                                        "targets.components"};
static const char timeouts_path[] = "policies.timeouts";

static json_t *map_of(json_t *list, bool plain)
{
    json_t *map = json_object();
    json_t *item;
    size_t at;
    json_array_foreach(list, at, item)
    {
        JSON_AUTO name = json_incref(json_object_get(item, "name"));
        json_object_del(item, "name");
        json_object_set(map, json_string_value(name),
                        plain ? json_object_get(item, "duration") : item);
    }
    return map;
}

static json_t *list_of(json_t *map, bool plain)
{
    json_t *list = json_array(), *member;
    const char *name;
    json_object_foreach(map, name, member)
    {
        json_t *item = plain ? json_object() : json_deep_copy(member);
        if (plain)
            json_object_set(item, "duration", member);
        json_set_text(item, "name", name);
        json_array_append_new(list, item);
    }
    return list;
}

/* Replaces what is at the path by what `change` makes of it. */
static void change_at(json_t *spec, const char *path, json_t *(*change)(json_t *, bool))
{
    const char *dot = strchr(path, '.');
    CLEANUP(free_pointer) char *above = mem_strndup(path, (size_t)(dot - path));
    json_t *holder = json_object_get(spec, above), *old = json_object_get(holder, dot + 1);
    if (old)
        json_object_set_new(holder, dot + 1, change(old, strcmp(path, timeouts_path) == 0));
}

static bool resiliency_desired(struct kube_call *call, const struct value *values,
                               const struct value *config, json_t *object, struct error *err)
{
    (void)call;
    (void)values;
    (void)config;
    (void)err;
    json_t *spec = json_object_get(object, "spec");
    if (!spec) {
        spec = json_object();
        json_object_set_new(object, "spec", spec);
    }
    for (size_t i = 0; i < ARRAY_LENGTH(map_paths); i++)
        change_at(spec, map_paths[i], map_of);
    static const char *const needed[] = {"policies", "targets"};
    for (size_t i = 0; i < ARRAY_LENGTH(needed); i++)
        if (!json_object_get(spec, needed[i]))
            json_object_set_new(spec, needed[i], json_object());
    return true;
}

static bool resiliency_received(struct kube_call *call, json_t *object, struct error *err)
{
    (void)call;
    (void)err;
    for (size_t i = 0; i < ARRAY_LENGTH(map_paths); i++)
        change_at(json_object_get(object, "spec"), map_paths[i], list_of);
    return true;
}

/* --- checks ------------------------------------------------------------------------------------- */

/* Names with a meaning of their own need no definition. */
static bool is_default_policy(const char *name)
{
    return text_starts_with(name, "Default") && text_ends_with(name, "Policy");
}

static bool is_defined(const struct value *policies, const char *name)
{
    if (value_is_unknown(policies))
        return true;
    for (size_t i = 0; i < value_count(policies); i++) {
        const struct value *given = value_get(value_item(policies, i), "name");
        if (!value_is_known(given) || text_equal(value_text(given), name))
            return true;
    }
    return false;
}

static void check_policies(const struct value *config, const struct value *target,
                           const struct path *path, struct diagnostics *diagnostics,
                           struct arena *arena)
{
    static const char *const kinds[] = {"timeout", "retry", "circuit_breaker"};
    for (size_t i = 0; i < ARRAY_LENGTH(kinds); i++) {
        const char *name = value_text(value_get(target, kinds[i]));
        if (name && !is_default_policy(name) && !is_defined(value_get(config, kinds[i]), name))
            diagnostics_error(diagnostics, path_attribute(arena, path, kinds[i]), "Unknown policy",
                              "There is no %s \"%s\" in this object: Dapr would go without.",
                              kinds[i], name);
    }
}

static void check_twins(const struct value *list, const char *attribute,
                        struct diagnostics *diagnostics, struct arena *arena)
{
    for (size_t i = 0; i < value_count(list); i++)
        for (size_t j = 0; j < i; j++) {
            const char *name = value_text(value_get(value_item(list, i), "name"));
            if (name && text_equal(name, value_text(value_get(value_item(list, j), "name"))))
                diagnostics_error(
                    diagnostics,
                    path_index(arena, path_attribute(arena, NULL, attribute), (int64_t)i),
                    "Two of one name", "\"%s\" is defined twice.", name);
        }
}

static void validate_resiliency(const struct value *config, struct diagnostics *diagnostics,
                                struct arena *arena)
{
    static const char *const lists[] = {"timeout", "retry", "circuit_breaker", "app_target",
                                        "component_target"};
    static const char *const directions[] = {"inbound", "outbound"};
    for (size_t i = 0; i < ARRAY_LENGTH(lists); i++)
        check_twins(value_get(config, lists[i]), lists[i], diagnostics, arena);
    const struct value *apps = value_get(config, "app_target");
    const struct value *components = value_get(config, "component_target");
    for (size_t i = 0; i < value_count(apps); i++)
        check_policies(config, value_item(apps, i),
                       path_index(arena, path_attribute(arena, NULL, "app_target"), (int64_t)i),
                       diagnostics, arena);
    for (size_t i = 0; i < value_count(components); i++)
        for (size_t j = 0; j < ARRAY_LENGTH(directions); j++) {
            const struct path *path =
                path_index(arena, path_attribute(arena, NULL, "component_target"), (int64_t)i);
            check_policies(config,
                           value_item(value_get(value_item(components, i), directions[j]), 0),
                           path_attribute(arena, path, directions[j]), diagnostics, arena);
        }
    const struct value *retries = value_get(config, "retry");
    for (size_t i = 0; i < value_count(retries); i++) {
        const struct value *most = value_get(value_item(retries, i), "max_retries");
        int64_t number = -1;
        if (!value_is_unknown(most) && (!value_as_integer(most, &number) || number < 0))
            diagnostics_warning(
                diagnostics, path_index(arena, path_attribute(arena, NULL, "retry"), (int64_t)i),
                "Retries without end",
                "Without max_retries a failing event is tried for ever, and blocks its partition.");
    }
}

static const struct kube_api api = {.api_version = "dapr.io/v1alpha1",
                                    .kind = "Resiliency",
                                    .no_wait = true,
                                    .desired = resiliency_desired,
                                    .received = resiliency_received};

const struct resource oke_dapr_resiliency = {
    .name = "dapr_resiliency",
    .summary = "Timeouts, retries and circuit breakers of Dapr.",
    .subcategory = "Dapr",
    .attributes = attributes,
    .ops = &kube_ops,
    .api = &api,
    .plan = kube_plan,
    .validate = validate_resiliency,
    .identity = kube_identity,
    .import_id = "[<cluster OCID>/]namespace/name",
    .example = "resource \"oke_dapr_resiliency\" \"todo\" {\n"
               "  cluster_id = oke_cluster.main.id\n"
               "  namespace  = oke_namespace.todo.name\n"
               "  name       = \"todo-resiliency\"\n"
               "\n"
               "  timeout {\n"
               "    name     = \"short\"\n"
               "    duration = \"5s\"\n"
               "  }\n"
               "\n"
               "  retry {\n"
               "    name        = \"some\"\n"
               "    policy      = \"constant\"\n"
               "    duration    = \"2s\"\n"
               "    max_retries = 5\n"
               "  }\n"
               "\n"
               "  component_target {\n"
               "    name = oke_dapr_component.pubsub.name\n"
               "    inbound {\n"
               "      timeout = \"short\"\n"
               "      retry   = \"some\"\n"
               "    }\n"
               "  }\n"
               "}\n",
};
