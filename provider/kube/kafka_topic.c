#include "provider/kube/strimzi.h"

static const struct attribute attributes[] = {
    KUBE_ATTRIBUTE_ID,
    KUBE_ATTRIBUTE_CLUSTER_ID,
    STRIMZI_ATTRIBUTE_API_VERSION,
    KUBE_ATTRIBUTE_NAME("Name of the object, and of the topic unless `topic_name` says another."),
    KUBE_ATTRIBUTE_NAMESPACE,
    STRIMZI_ATTRIBUTE_KAFKA,
    {.name = "topic_name",
     .flags = OPTIONAL | REPLACE,
     .json = "spec.topicName",
     .min_length = 1,
     .max_length = 249,
     .doc = "Name of the topic in Kafka, for names with capitals or `_`."},
    {.name = "partitions",
     .kind = ATTRIBUTE_INTEGER,
     .flags = OPTIONAL,
     .json = "spec.partitions",
     .minimum = 1,
     .maximum = INT32_MAX,
     .doc = "How many partitions. They can become more and never fewer.",
     .sample = "3"},
    {.name = "replicas",
     .kind = ATTRIBUTE_INTEGER,
     .flags = OPTIONAL,
     .json = "spec.replicas",
     .minimum = 1,
     .maximum = INT16_MAX,
     .doc = "Copies of each partition. A change needs Cruise Control in the cluster.",
     .sample = "1"},
    {.name = "config",
     .kind = ATTRIBUTE_STRING_MAP,
     .flags = OPTIONAL,
     .json = "spec.config",
     .validate = strimzi_validate_topic_config,
     .doc = "Topic configuration of Kafka.",
     .sample = "{ \"retention.ms\" = \"604800000\" }"},
    KUBE_ATTRIBUTE_LABELS,
    KUBE_ATTRIBUTE_ANNOTATIONS,
    KUBE_ATTRIBUTE_ADOPT,
    KUBE_ATTRIBUTE_FORCE,
    KUBE_ATTRIBUTE_WAIT,
    {.name = "topic_id",
     .flags = COMPUTED,
     .json = "status.topicId",
     .doc = "The id that Kafka gave it."},
    KUBE_ATTRIBUTE_UID,
    KUBE_ATTRIBUTES_END,
};

static void plan_topic(struct operation *op, struct plan *plan)
{
    (void)op;
    int64_t before, after, copies, in_sync;
    const struct value *config = value_get(plan->planned, "config");
    const struct path *partitions = path_attribute(plan->arena, NULL, "partitions");
    if (value_as_integer(value_get(plan->prior, "partitions"), &before) &&
        value_as_integer(value_get(plan->planned, "partitions"), &after) && after < before)
        diagnostics_error(
            plan->diagnostics, partitions, "Partitions cannot become fewer",
            "The topic has %lld partitions; Kafka cannot take any away. Make a topic of "
            "another name, or replace this one (its messages are lost then).",
            (long long)before);
    const char *text = value_text(value_get(config, "min.insync.replicas"));
    const struct value *number =
        text ? value_number(plan->arena, text, slice_from(text).length) : NULL;
    if (value_as_integer(value_get(plan->planned, "replicas"), &copies) && number &&
        value_as_integer(number, &in_sync) && in_sync > copies)
        diagnostics_error(
            plan->diagnostics, path_attribute(plan->arena, NULL, "config"),
            "More replicas in sync than there are",
            "min.insync.replicas is %lld and the topic has %lld replicas: nothing could "
            "ever be written to it.",
            (long long)in_sync, (long long)copies);
}

static const struct kube_api api = {.kind = "KafkaTopic",
                                    .version = strimzi_version,
                                    .desired = strimzi_desired,
                                    .received = strimzi_received,
                                    .plan = plan_topic};

const struct resource oke_kafka_topic = {
    .name = "kafka_topic",
    .summary = "A topic of a Kafka cluster that Strimzi runs.",
    .subcategory = "Kafka",
    .attributes = attributes,
    .ops = &kube_ops,
    .api = &api,
    .plan = kube_plan,
    .timeouts = {.create = 5 * 60, .update = 5 * 60, .remove = 5 * 60},
    .identity = kube_identity,
    .import_id = "[<cluster OCID>/]namespace/name",
    .example = "resource \"oke_kafka_topic\" \"task_events\" {\n"
               "  cluster_id = oke_cluster.main.id\n"
               "  namespace  = \"kafka\"\n"
               "  name       = \"task-events\"\n"
               "  kafka      = oke_kafka.todo.name\n"
               "  partitions = 3\n"
               "  replicas   = 1\n"
               "  config     = { \"retention.ms\" = \"604800000\" }\n"
               "}\n",
};
