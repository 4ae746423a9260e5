#include "lib/base/json.h"
#include "provider/engine/json_body.h"
#include "provider/kube/strimzi.h"

static const struct attribute listener_attributes[] = {
    {.name = "name", .flags = COMPUTED, .doc = "Its name."},
    {.name = "bootstrap_servers", .flags = COMPUTED, .doc = "Where clients begin."},
    {.name = "certificates",
     .kind = ATTRIBUTE_STRING_LIST,
     .flags = COMPUTED,
     .doc = "PEM of the authorities to trust."},
    KUBE_ATTRIBUTES_END,
};

static const struct attribute attributes[] = {
    {.name = "id", .flags = COMPUTED, .json = "metadata.uid", .doc = "`namespace/name`"},
    {.name = "cluster_id",
     .flags = OPTIONAL,
     .validate = kube_validate_cluster_id,
     .doc = "OCID of the OKE cluster that it is in. Left out: the cluster of the provider block's "
            "`kubernetes`."},
    {.name = "namespace",
     .flags = REQUIRED,
     .json = "metadata.namespace",
     .doc = "The namespace that it is in.",
     .sample = "\"kafka\""},
    {.name = "name",
     .flags = REQUIRED,
     .json = "metadata.name",
     .doc = "Name of the Kafka cluster.",
     .sample = "\"todo-kafka\""},
    {.name = "api_version",
     .flags = OPTIONAL,
     .json = "apiVersion",
     .one_of = strimzi_versions,
     .doc = "`kafka.strimzi.io/v1`, which is the default, or `kafka.strimzi.io/v1beta2`."},
    {.name = "ready",
     .kind = ATTRIBUTE_BOOL,
     .flags = COMPUTED,
     .doc = "Strimzi says that it is ready."},
    {.name = "bootstrap_servers",
     .flags = COMPUTED,
     .json = "status.bootstrapServers",
     .doc = "Where clients begin: of the first listener."},
    {.name = "listeners",
     .kind = ATTRIBUTE_OBJECT_LIST,
     .flags = COMPUTED,
     .json = "status.listeners",
     .fields = listener_attributes,
     .doc = "The listeners as they are."},
    {.name = "kafka_cluster_id",
     .flags = COMPUTED,
     .json = "status.clusterId",
     .doc = "The id that the cluster gave itself."},
    {.name = "kafka_version",
     .flags = COMPUTED,
     .json = "status.kafkaVersion",
     .doc = "The version that runs."},
    KUBE_ATTRIBUTES_END,
};

static bool open_kafka(struct operation *op, const struct value *config,
                       const struct value **result, struct error *err)
{
    struct kube_call call;
    STR_AUTO why = STR_INIT;
    if (!kube_call_begin(&call, op, config, &value_null, err))
        return false;
    struct kube_object object = {.kind = kube_kind_built_in(strimzi_version(config), "Kafka"),
                                 .namespace_name = value_text(value_get(config, "namespace")),
                                 .name = value_text(value_get(config, "name"))};
    JSON_AUTO live = kube_get(call.client, &call.scope, &object, err);
    if (!live)
        return false;
    const json_t *first = json_at_path(live, "status.listeners.0");
    const struct value *found = json_body_to_value(op->arena, attributes, live);
    found = value_with(op->arena, found, "id",
                       value_string(op->arena, arena_printf(op->arena, "%s/%s",
                                                            object.namespace_name, object.name)));
    found = value_with(op->arena, found, "ready", value_bool(kube_ready(live, &why) == KUBE_DONE));
    *result = value_with(op->arena, found, "bootstrap_servers",
                         value_string(op->arena, json_get_text(first, "bootstrapServers")));
    return true;
}

const struct resource oke_data_kafka = {
    .name = "kafka",
    .summary = "A Kafka cluster that Strimzi runs.",
    .subcategory = "Kafka",
    .attributes = attributes,
    .ops = &(const struct resource_ops){.open = open_kafka},
    .example = "data \"oke_kafka\" \"todo\" {\n"
               "  cluster_id = oke_cluster.main.id\n"
               "  namespace  = \"kafka\"\n"
               "  name       = \"todo-kafka\"\n"
               "}\n"
               "\n"
               "output \"brokers\" {\n"
               "  value = data.oke_kafka.todo.bootstrap_servers\n"
               "}\n",
};
