#include "provider/kube/dapr.h"

static const struct attribute rule_attributes[] = {
    {.name = "match", .flags = REQUIRED, .doc = "A CEL expression over `event`."},
    {.name = "path", .flags = REQUIRED, .doc = "Where such events are posted to."},
    KUBE_ATTRIBUTES_END,
};

static const struct attribute routes_attributes[] = {
    {.name = "rules",
     .kind = ATTRIBUTE_OBJECT_LIST,
     .flags = OPTIONAL,
     .fields = rule_attributes,
     .doc = "The first rule that matches decides."},
    {.name = "default", .flags = OPTIONAL, .doc = "Where all other events are posted to."},
    KUBE_ATTRIBUTES_END,
};

static const struct attribute bulk_attributes[] = {
    {.name = "enabled",
     .kind = ATTRIBUTE_BOOL,
     .flags = REQUIRED,
     .doc = "Deliver several at once."},
    {.name = "max_messages_count",
     .kind = ATTRIBUTE_INTEGER,
     .flags = OPTIONAL,
     .doc = "The most in one delivery."},
    {.name = "max_await_duration_ms",
     .kind = ATTRIBUTE_INTEGER,
     .flags = OPTIONAL,
     .doc = "How long to wait for more."},
    KUBE_ATTRIBUTES_END,
};

static const struct attribute attributes[] = {
    KUBE_ATTRIBUTE_ID,
    KUBE_ATTRIBUTE_CLUSTER_ID,
    KUBE_ATTRIBUTE_NAME("Name of the subscription."),
    KUBE_ATTRIBUTE_NAMESPACE,
    {.name = "pubsub_name",
     .flags = REQUIRED,
     .json = "spec.pubsubname",
     .doc = "Name of the pubsub component.",
     .sample = "oke_dapr_component.pubsub.name"},
    {.name = "topic", .flags = REQUIRED, .json = "spec.topic", .doc = "The topic."},
    {.name = "routes",
     .kind = ATTRIBUTE_OBJECT_LIST,
     .flags = REQUIRED | SINGLE,
     .json = "spec.routes",
     .fields = routes_attributes,
     .doc = "Where events go to in the app."},
    {.name = "dead_letter_topic",
     .flags = OPTIONAL,
     .json = "spec.deadLetterTopic",
     .doc = "Where events go that could not be handled."},
    {.name = "bulk_subscribe",
     .kind = ATTRIBUTE_OBJECT_LIST,
     .flags = OPTIONAL | SINGLE,
     .json = "spec.bulkSubscribe",
     .fields = bulk_attributes,
     .doc = "Delivery of several events at once."},
    {.name = "metadata",
     .kind = ATTRIBUTE_STRING_MAP,
     .flags = OPTIONAL,
     .json = "spec.metadata",
     .doc = "Settings such as `rawPayload`.",
     .sample = "{ rawPayload = \"true\" }"},
    DAPR_ATTRIBUTE_SCOPES,
    DAPR_ATTRIBUTES_OF_OBJECT,
};

static const struct kube_api api = {
    .api_version = "dapr.io/v2alpha1", .kind = "Subscription", .no_wait = true};

const struct resource oke_dapr_subscription = {
    .name = "dapr_subscription",
    .summary = "What an app gets of a topic, and where.",
    .subcategory = "Dapr",
    .attributes = attributes,
    .ops = &kube_ops,
    .api = &api,
    .plan = kube_plan,
    .identity = kube_identity,
    .import_id = "[<cluster OCID>/]namespace/name",
    .example = "resource \"oke_dapr_subscription\" \"audit\" {\n"
               "  cluster_id        = oke_cluster.main.id\n"
               "  namespace         = oke_namespace.todo.name\n"
               "  name              = \"audit-task-events\"\n"
               "  pubsub_name       = oke_dapr_component.pubsub.name\n"
               "  topic             = \"task-events\"\n"
               "  dead_letter_topic = \"task-events-dlq\"\n"
               "  scopes            = [\"audit-worker\"]\n"
               "\n"
               "  routes {\n"
               "    default = \"/events/task\"\n"
               "  }\n"
               "}\n",
};
