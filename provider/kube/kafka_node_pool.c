#include "provider/kube/strimzi.h"

static const char *const storage_types[] = {"ephemeral", "persistent-claim", "jbod", NULL};

#define STORAGE_FIELDS                                                                             \
    {.name = "size",                                                                               \
     .flags = OPTIONAL,                                                                            \
     .validate = kube_validate_quantity,                                                           \
     .doc = "Size of the volume. It can grow, if its class allows it, and never shrink.",          \
     .sample = "\"20Gi\""},                                                                        \
        {.name = "size_limit",                                                                     \
         .flags = OPTIONAL,                                                                        \
         .validate = kube_validate_quantity,                                                       \
         .doc = "Limit of an `ephemeral` volume."},                                                \
        {.name = "class", .flags = OPTIONAL, .doc = "Storage class. It cannot be changed."},       \
        {.name = "delete_claim",                                                                   \
         .kind = ATTRIBUTE_BOOL,                                                                   \
         .flags = OPTIONAL,                                                                        \
         .doc = "Delete the claim, and the data with it, when the cluster is deleted."},           \
        {.name = "selector",                                                                       \
         .kind = ATTRIBUTE_STRING_MAP,                                                             \
         .flags = OPTIONAL,                                                                        \
         .doc = "Labels of the volumes to choose from."},                                          \
        {.name = "volume_attributes_class",                                                        \
         .flags = OPTIONAL,                                                                        \
         .doc = "Class of attributes that can be changed."},                                       \
    {                                                                                              \
        .name = "kraft_metadata", .flags = OPTIONAL,                                               \
        .one_of = (const char *const[]){"shared", NULL},                                           \
        .doc = "`shared`: the volume that also holds KRaft's metadata."                            \
    }

static const struct attribute volume_attributes[] = {
    {.name = "id",
     .kind = ATTRIBUTE_INTEGER,
     .flags = REQUIRED,
     .maximum = INT32_MAX,
     .doc = "Number of the volume."},
    {.name = "type",
     .flags = REQUIRED,
     .one_of = (const char *const[]){"ephemeral", "persistent-claim", NULL},
     .doc = "Kind of the volume."},
    STORAGE_FIELDS,
    KUBE_ATTRIBUTES_END,
};

static const struct attribute storage_attributes[] = {
    {.name = "type",
     .flags = REQUIRED,
     .one_of = storage_types,
     .doc = "`ephemeral`, `persistent-claim`, or `jbod` with several volumes."},
    STORAGE_FIELDS,
    {.name = "volumes",
     .kind = ATTRIBUTE_OBJECT_LIST,
     .flags = OPTIONAL | ANY_ORDER,
     .fields = volume_attributes,
     .doc = "A volume of `jbod`."},
    KUBE_ATTRIBUTES_END,
};

static const struct attribute jvm_attributes[] = {
    {.name = "xms",
     .flags = OPTIONAL,
     .json = "-Xms",
     .doc = "Heap at the start.",
     .sample = "\"512m\""},
    {.name = "xmx", .flags = OPTIONAL, .json = "-Xmx", .doc = "Largest heap."},
    {.name = "xx",
     .kind = ATTRIBUTE_STRING_MAP,
     .flags = OPTIONAL,
     .json = "-XX",
     .doc = "Further `-XX` options."},
    {.name = "gc_logging_enabled",
     .kind = ATTRIBUTE_BOOL,
     .flags = OPTIONAL,
     .doc = "Log garbage collections."},
    KUBE_ATTRIBUTES_END,
};

static const struct attribute attributes[] = {
    KUBE_ATTRIBUTE_ID,
    KUBE_ATTRIBUTE_CLUSTER_ID,
    STRIMZI_ATTRIBUTE_API_VERSION,
    KUBE_ATTRIBUTE_NAME("Name of the pool."),
    KUBE_ATTRIBUTE_NAMESPACE,
    STRIMZI_ATTRIBUTE_KAFKA,
    {.name = "replicas",
     .kind = ATTRIBUTE_INTEGER,
     .flags = REQUIRED,
     .json = "spec.replicas",
     .maximum = 1000,
     .doc = "How many nodes. Controllers cannot become more or fewer in a running cluster."},
    {.name = "roles",
     .kind = ATTRIBUTE_STRING_LIST,
     .flags = REQUIRED | ANY_ORDER,
     .json = "spec.roles",
     .min_items = 1,
     .one_of = (const char *const[]){"controller", "broker", NULL},
     .doc = "What the nodes are.",
     .sample = "[\"controller\", \"broker\"]"},
    {.name = "storage",
     .kind = ATTRIBUTE_OBJECT_LIST,
     .flags = REQUIRED | SINGLE,
     .json = "spec.storage",
     .fields = storage_attributes,
     .doc = "Where the nodes keep their data."},
    KUBE_ATTRIBUTE_RESOURCES("spec.resources", "What a node gets of its machine."),
    {.name = "jvm_options",
     .kind = ATTRIBUTE_OBJECT_LIST,
     .flags = OPTIONAL | SINGLE,
     .json = "spec.jvmOptions",
     .fields = jvm_attributes,
     .doc = "Options of the Java machine."},
    KUBE_ATTRIBUTE_ANY("template", "spec.template",
                       "`spec.template` of the object: pods, containers, claims and so on."),
    KUBE_ATTRIBUTE_LABELS,
    KUBE_ATTRIBUTE_ANNOTATIONS,
    KUBE_ATTRIBUTE_ADOPT,
    KUBE_ATTRIBUTE_FORCE,
    {.name = "delete_brokers",
     .kind = ATTRIBUTE_BOOL,
     .flags = OPTIONAL | LOCAL,
     .default_value = "false",
     .doc =
         "Let a pool with brokers be deleted while its Kafka cluster lives. Kubernetes removes the "
         "pods at once then, whatever partitions they hold."},
    KUBE_ATTRIBUTE_UID,
    KUBE_ATTRIBUTES_END,
};

static void plan_pool(struct operation *op, struct plan *plan)
{
    (void)op;
    static const char *const fixed[] = {"type", "class"};
    const struct value *before = value_item(value_get(plan->prior, "storage"), 0);
    const struct value *after = value_item(value_get(plan->planned, "storage"), 0);
    for (size_t i = 0; i < ARRAY_LENGTH(fixed); i++) {
        const char *was = value_text(value_get(before, fixed[i]));
        const char *will = value_text(value_get(after, fixed[i]));
        if (was && will && !text_equal(was, will))
            diagnostics_error(
                plan->diagnostics, path_attribute(plan->arena, NULL, "storage"),
                "Storage that cannot be changed",
                "The %s of storage is %s and cannot become %s: Strimzi would ignore the "
                "change. Make another pool and move the partitions.",
                fixed[i], was, will);
    }
}

static const struct kube_api api = {.kind = "KafkaNodePool",
                                    .no_wait = true,
                                    .version = strimzi_version,
                                    .desired = strimzi_desired,
                                    .received = strimzi_received,
                                    .before_delete = strimzi_keep_brokers,
                                    .plan = plan_pool};

const struct resource oke_kafka_node_pool = {
    .name = "kafka_node_pool",
    .summary = "Nodes of a Kafka cluster that are alike.",
    .description =
        "A pool has no state of its own: `oke_kafka` waits until all is ready. Make the pools "
        "before their cluster, or beside it.",
    .subcategory = "Kafka",
    .attributes = attributes,
    .ops = &kube_ops,
    .api = &api,
    .plan = kube_plan,
    .identity = kube_identity,
    .import_id = "[<cluster OCID>/]namespace/name",
    .example = "resource \"oke_kafka_node_pool\" \"dual\" {\n"
               "  cluster_id = oke_cluster.main.id\n"
               "  namespace  = \"kafka\"\n"
               "  name       = \"dual\"\n"
               "  kafka      = \"todo-kafka\"\n"
               "  replicas   = 1\n"
               "  roles      = [\"controller\", \"broker\"]\n"
               "\n"
               "  storage {\n"
               "    type = \"persistent-claim\"\n"
               "    size = \"20Gi\"\n"
               "  }\n"
               "}\n",
};
