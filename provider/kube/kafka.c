#include <string.h>

#include "lib/base/json.h"
#include "provider/kube/strimzi.h"

enum { FIRST_PORT = 9092, METRICS_PORT = 9404, JMX_PORT = 9999, LISTENER_NAME = 11 };

static void validate_listener_name(const struct attribute *attribute, const struct value *value,
                                   const struct path *path, struct diagnostics *diagnostics,
                                   struct arena *arena)
{
    (void)attribute;
    (void)arena;
    const char *text = value_text(value);
    size_t length = text ? strlen(text) : 1;
    if (text && (length == 0 || length > LISTENER_NAME ||
                 strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789") != length))
        diagnostics_error(diagnostics, path, "Not a name for a listener",
                          "\"%s\": it is made of at most %d lower-case letters and digits.", text,
                          LISTENER_NAME);
}

static void validate_port(const struct attribute *attribute, const struct value *value,
                          const struct path *path, struct diagnostics *diagnostics,
                          struct arena *arena)
{
    (void)attribute;
    (void)arena;
    int64_t port;
    if (value_as_integer(value, &port) && (port == METRICS_PORT || port == JMX_PORT))
        diagnostics_error(diagnostics, path, "Port that Strimzi uses itself",
                          "%lld is the port of %s.", (long long)port,
                          port == JMX_PORT ? "JMX" : "metrics");
}

static const struct attribute listener_authentication_attributes[] = {
    {.name = "type",
     .flags = REQUIRED,
     .one_of = (const char *const[]){"tls", "scram-sha-512", "custom", NULL},
     .doc = "`tls`, `scram-sha-512` or `custom`."},
    {.name = "sasl",
     .kind = ATTRIBUTE_BOOL,
     .flags = OPTIONAL,
     .doc = "For `custom`: SASL is used."},
    KUBE_ATTRIBUTE_JSON("listener_config", "listenerConfig",
                        "For `custom`: Kafka's configuration."),
    KUBE_ATTRIBUTES_END,
};

static const struct attribute listener_attributes[] = {
    {.name = "name",
     .flags = REQUIRED,
     .validate = validate_listener_name,
     .doc = "Its name.",
     .sample = "\"plain\""},
    {.name = "port",
     .kind = ATTRIBUTE_INTEGER,
     .flags = REQUIRED,
     .minimum = FIRST_PORT,
     .maximum = 65535,
     .validate = validate_port,
     .doc = "Its port."},
    {.name = "type",
     .flags = REQUIRED,
     .one_of = (const char *const[]){"internal", "cluster-ip", "nodeport", "loadbalancer",
                                     "ingress", "route", "tlsroute", NULL},
     .doc = "How clients reach it."},
    {.name = "tls", .kind = ATTRIBUTE_BOOL, .flags = REQUIRED, .doc = "Encrypt the connection."},
    {.name = "authentication",
     .kind = ATTRIBUTE_OBJECT_LIST,
     .flags = OPTIONAL | SINGLE,
     .fields = listener_authentication_attributes,
     .doc = "How clients authenticate."},
    KUBE_ATTRIBUTE_JSON("configuration", "configuration", "Everything else about it."),
    KUBE_ATTRIBUTE_JSON("network_policy_peers", "networkPolicyPeers",
                        "Who may connect, as peers of a NetworkPolicy. An empty list: nobody."),
    KUBE_ATTRIBUTES_END,
};

static const struct attribute authorization_attributes[] = {
    {.name = "type",
     .flags = REQUIRED,
     .one_of = (const char *const[]){"simple", "custom", "opa", "keycloak", NULL},
     .doc = "`simple`: by the ACLs of users."},
    {.name = "super_users",
     .kind = ATTRIBUTE_STRING_LIST,
     .flags = OPTIONAL,
     .doc = "Users that may do everything: `CN=name` for certificates."},
    {.name = "authorizer_class", .flags = OPTIONAL, .doc = "For `custom`: the class."},
    {.name = "supports_admin_api",
     .kind = ATTRIBUTE_BOOL,
     .flags = OPTIONAL,
     .doc = "For `custom`: it takes ACLs from users."},
    KUBE_ATTRIBUTES_END,
};

#define OPERATOR_FIELDS                                                                            \
    {.name = "watched_namespace", .flags = OPTIONAL, .doc = "Another namespace to watch."},        \
        {.name = "reconciliation_interval_ms",                                                     \
         .kind = ATTRIBUTE_INTEGER,                                                                \
         .flags = OPTIONAL,                                                                        \
         .doc = "How often everything is looked at."},                                             \
        KUBE_ATTRIBUTE_RESOURCES("resources", "What its container gets."),                         \
        KUBE_ATTRIBUTE_JSON("logging", "logging", "Its log levels.")

static const struct attribute topic_operator_attributes[] = {OPERATOR_FIELDS, KUBE_ATTRIBUTES_END};
static const struct attribute user_operator_attributes[] = {
    OPERATOR_FIELDS,
    {.name = "secret_prefix", .flags = OPTIONAL, .doc = "Goes before the names of its secrets."},
    KUBE_ATTRIBUTES_END,
};

static const struct attribute entity_operator_attributes[] = {
    {.name = "topic_operator",
     .kind = ATTRIBUTE_OBJECT_LIST,
     .flags = OPTIONAL | SINGLE,
     .fields = topic_operator_attributes,
     .doc = "Manages topics."},
    {.name = "user_operator",
     .kind = ATTRIBUTE_OBJECT_LIST,
     .flags = OPTIONAL | SINGLE,
     .fields = user_operator_attributes,
     .doc = "Manages users."},
    KUBE_ATTRIBUTE_JSON("template", "template", "Template of its pod."),
    KUBE_ATTRIBUTES_END,
};

static const struct attribute status_listener_attributes[] = {
    {.name = "name", .flags = COMPUTED, .doc = "Its name."},
    {.name = "bootstrap_servers", .flags = COMPUTED, .doc = "Where clients begin."},
    {.name = "certificates",
     .kind = ATTRIBUTE_STRING_LIST,
     .flags = COMPUTED,
     .doc = "PEM of the authorities to trust."},
    KUBE_ATTRIBUTES_END,
};

static const struct attribute attributes[] = {
    KUBE_ATTRIBUTE_ID,
    KUBE_ATTRIBUTE_CLUSTER_ID,
    STRIMZI_ATTRIBUTE_API_VERSION,
    KUBE_ATTRIBUTE_NAME("Name of the cluster."),
    KUBE_ATTRIBUTE_NAMESPACE,
    {.name = "version",
     .flags = OPTIONAL,
     .json = "spec.kafka.version",
     .doc = "Version of Kafka. Left out: the operator's newest."},
    {.name = "metadata_version",
     .flags = OPTIONAL,
     .json = "spec.kafka.metadataVersion",
     .doc = "Version of KRaft's metadata."},
    {.name = "listeners",
     .kind = ATTRIBUTE_OBJECT_LIST,
     .flags = REQUIRED | ANY_ORDER,
     .json = "spec.kafka.listeners",
     .min_items = 1,
     .fields = listener_attributes,
     .doc = "Where clients connect."},
    {.name = "config",
     .kind = ATTRIBUTE_STRING_MAP,
     .flags = OPTIONAL,
     .json = "spec.kafka.config",
     .validate = strimzi_validate_broker_config,
     .doc = "Configuration of the brokers.",
     .sample = "{ \"default.replication.factor\" = \"1\" }"},
    {.name = "authorization",
     .kind = ATTRIBUTE_OBJECT_LIST,
     .flags = OPTIONAL | SINGLE,
     .json = "spec.kafka.authorization",
     .fields = authorization_attributes,
     .doc = "Whether users have rights of their own."},
    {.name = "entity_operator",
     .kind = ATTRIBUTE_OBJECT_LIST,
     .flags = OPTIONAL | SINGLE,
     .json = "spec.entityOperator",
     .fields = entity_operator_attributes,
     .doc = "What manages topics and users. Without it `oke_kafka_topic` never gets ready."},
    KUBE_ATTRIBUTE_ANY(
        "kafka", "kafkaMore",
        "Further members of `spec.kafka`: `rack`, `metricsConfig`, `logging`, `template`, "
        "`jvmOptions`, …; for v1beta2 also `replicas` and `storage`."),
    KUBE_ATTRIBUTE_ANY("spec", "specMore",
                       "Further members of `spec`: `clusterCa`, `cruiseControl`, `kafkaExporter`, "
                       "`maintenanceTimeWindows`, …; for v1beta2 also `zookeeper`."),
    KUBE_ATTRIBUTE_LABELS,
    KUBE_ATTRIBUTE_ANNOTATIONS,
    KUBE_ATTRIBUTE_ADOPT,
    KUBE_ATTRIBUTE_FORCE,
    KUBE_ATTRIBUTE_WAIT,
    {.name = "bootstrap_servers",
     .flags = COMPUTED,
     .json = "status.bootstrapServers",
     .doc = "Where clients begin: of the first listener."},
    {.name = "listener_status",
     .kind = ATTRIBUTE_OBJECT_LIST,
     .flags = COMPUTED,
     .json = "status.listeners",
     .fields = status_listener_attributes,
     .doc = "The listeners as they are."},
    {.name = "kafka_cluster_id",
     .flags = COMPUTED,
     .json = "status.clusterId",
     .doc = "The id that the cluster gave itself."},
    {.name = "kafka_version",
     .flags = COMPUTED | VOLATILE,
     .json = "status.kafkaVersion",
     .doc = "The version that runs."},
    KUBE_ATTRIBUTE_UID,
    KUBE_ATTRIBUTES_END,
};

static bool kafka_desired(struct kube_call *call, const struct value *values,
                          const struct value *config, json_t *object, struct error *err)
{
    (void)call;
    (void)values;
    (void)config;
    (void)err;
    kube_merge_more(object, "spec", "specMore");
    JSON_AUTO more = json_incref(json_object_get(object, "kafkaMore"));
    json_t *spec = json_object_get(object, "spec");
    json_object_del(object, "kafkaMore");
    if (more)
        json_object_set(spec, "kafkaMore", more);
    kube_merge_more(spec, "kafka", "kafkaMore");
    return true;
}

static bool kafka_received(struct kube_call *call, json_t *object, struct error *err)
{
    (void)err;
    static const char *const in_kafka[] = {"version", "metadataVersion", "listeners",
                                           "config",  "authorization",   NULL};
    static const char *const in_spec[] = {"kafka", "entityOperator", NULL};
    JSON_AUTO spec = json_incref(json_object_get(object, "spec"));
    kube_pick_more(call, object, json_object_get(spec, "kafka"), "kafka", in_kafka);
    kube_pick_more(call, object, spec, "spec", in_spec);
    return true;
}

static bool kafka_state(struct kube_call *call, const json_t *live, const struct value **state,
                        struct error *err)
{
    (void)err;
    const char *first = json_get_text(json_at_path(live, "status.listeners.0"), "bootstrapServers");
    *state = value_with(call->op->arena, *state, "bootstrap_servers",
                        value_string(call->op->arena, first));
    return true;
}

/* --- checks ------------------------------------------------------------------------------------- */

static void check_twins(const struct value *listeners, size_t at, const char *member,
                        struct diagnostics *diagnostics, struct arena *arena)
{
    const struct value *mine = value_get(value_item(listeners, at), member);
    for (size_t i = 0; i < at; i++)
        if (value_is_known(mine) &&
            value_equal(NULL, value_get(value_item(listeners, i), member), mine)) {
            const struct path *path = path_attribute(arena, NULL, "listeners");
            diagnostics_error(diagnostics,
                              path_attribute(arena, path_index(arena, path, (int64_t)at), member),
                              "Two listeners alike", "Two listeners have the same %s.", member);
        }
}

static void validate_kafka(const struct value *config, struct diagnostics *diagnostics,
                           struct arena *arena)
{
    const struct value *listeners = value_get(config, "listeners");
    for (size_t i = 0; value_is_known(listeners) && i < value_count(listeners); i++) {
        const struct value *listener = value_item(listeners, i);
        const struct value *authentication = value_item(value_get(listener, "authentication"), 0);
        const char *type = value_text(value_get(listener, "type"));
        const struct value *tls = value_get(listener, "tls");
        bool plain = value_is_known(tls) && !value_as_bool(tls, true);
        bool needs_tls = text_equal(value_text(value_get(authentication, "type")), "tls") ||
                         text_equal(type, "ingress") || text_equal(type, "route") ||
                         text_equal(type, "tlsroute");
        const struct path *path =
            path_index(arena, path_attribute(arena, NULL, "listeners"), (int64_t)i);
        if (plain && needs_tls)
            diagnostics_error(
                diagnostics, path_attribute(arena, path, "tls"), "TLS is needed",
                "Listeners of type %s, or with authentication by certificate, need tls = "
                "true.",
                type ? type : "unknown");
        check_twins(listeners, i, "name", diagnostics, arena);
        check_twins(listeners, i, "port", diagnostics, arena);
    }
}

static const struct kube_api api = {.kind = "Kafka",
                                    .version = strimzi_version,
                                    .desired = kafka_desired,
                                    .received = kafka_received,
                                    .state = kafka_state};

const struct resource oke_kafka = {
    .name = "kafka",
    .summary = "A Kafka cluster that Strimzi runs.",
    .description = "Its nodes are in `oke_kafka_node_pool`. When both are in one configuration, "
                   "let the cluster "
                   "depend on its pools, and topics and users on the cluster: then they are "
                   "deleted in an order in "
                   "which the operators can still do their work.",
    .subcategory = "Kafka",
    .attributes = attributes,
    .ops = &kube_ops,
    .api = &api,
    .plan = kube_plan,
    .validate = validate_kafka,
    .timeouts = {.create = 20 * 60, .update = 30 * 60, .remove = 10 * 60},
    .identity = kube_identity,
    .import_id = "[<cluster OCID>/]namespace/name",
    .example = "resource \"oke_kafka\" \"todo\" {\n"
               "  cluster_id = oke_cluster.main.id\n"
               "  namespace  = \"kafka\"\n"
               "  name       = \"todo-kafka\"\n"
               "\n"
               "  listeners {\n"
               "    name = \"plain\"\n"
               "    port = 9092\n"
               "    type = \"internal\"\n"
               "    tls  = false\n"
               "  }\n"
               "\n"
               "  entity_operator {\n"
               "    topic_operator {}\n"
               "    user_operator {}\n"
               "  }\n"
               "\n"
               "  depends_on = [oke_kafka_node_pool.dual]\n"
               "}\n",
};
