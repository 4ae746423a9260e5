#include "lib/base/json.h"
#include "provider/kube/strimzi.h"

static const struct attribute key_attributes[] = {
    {.name = "name", .flags = REQUIRED, .doc = "Name of the secret."},
    {.name = "key", .flags = REQUIRED, .doc = "The key in it."},
    KUBE_ATTRIBUTES_END,
};

static const struct attribute authentication_attributes[] = {
    {.name = "type",
     .flags = REQUIRED,
     .one_of = (const char *const[]){"tls", "tls-external", "scram-sha-512", NULL},
     .doc = "`tls`: a certificate that Strimzi makes; `tls-external`: one from elsewhere; "
            "`scram-sha-512`: a password."},
    {.name = "password_secret",
     .kind = ATTRIBUTE_OBJECT_LIST,
     .flags = OPTIONAL | SINGLE,
     .json = "password.valueFrom.secretKeyRef",
     .fields = key_attributes,
     .doc = "A password of your own, for `scram-sha-512`. Left out, Strimzi makes one."},
    {.name = "validity_days",
     .kind = ATTRIBUTE_INTEGER,
     .flags = OPTIONAL,
     .doc = "Life of the certificate, from Strimzi 1.1 on."},
    {.name = "renewal_days",
     .kind = ATTRIBUTE_INTEGER,
     .flags = OPTIONAL,
     .doc = "How long before its end it is renewed."},
    KUBE_ATTRIBUTES_END,
};

static const struct attribute resource_attributes[] = {
    {.name = "type",
     .flags = REQUIRED,
     .one_of = (const char *const[]){"topic", "group", "cluster", "transactionalId", NULL},
     .doc = "What it is."},
    {.name = "name", .flags = OPTIONAL, .doc = "Its name, `*` for all."},
    {.name = "pattern_type",
     .flags = OPTIONAL,
     .one_of = (const char *const[]){"literal", "prefix", NULL},
     .doc = "Whether `name` is the whole name or its beginning."},
    KUBE_ATTRIBUTES_END,
};

static const struct attribute acl_attributes[] = {
    {.name = "resource",
     .kind = ATTRIBUTE_OBJECT_LIST,
     .flags = REQUIRED | SINGLE,
     .fields = resource_attributes,
     .doc = "What may be used."},
    {.name = "operations",
     .kind = ATTRIBUTE_STRING_LIST,
     .flags = REQUIRED | ANY_ORDER,
     .min_items = 1,
     .one_of = (const char *const[]){"Read", "Write", "Create", "Delete", "Alter", "Describe",
                                     "ClusterAction", "AlterConfigs", "DescribeConfigs",
                                     "IdempotentWrite", "All", NULL},
     .doc = "How.",
     .sample = "[\"Read\", \"Describe\"]"},
    {.name = "host", .flags = OPTIONAL, .doc = "From which host; `*` for any."},
    {.name = "type",
     .flags = OPTIONAL,
     .one_of = (const char *const[]){"allow", "deny", NULL},
     .doc = "`allow` or `deny`."},
    KUBE_ATTRIBUTES_END,
};

static const struct attribute authorization_attributes[] = {
    {.name = "type",
     .flags = OPTIONAL,
     .default_value = "simple",
     .one_of = (const char *const[]){"simple", NULL},
     .doc = "Kind of authorization; the Kafka cluster must have the same."},
    {.name = "acls",
     .kind = ATTRIBUTE_OBJECT_LIST,
     .flags = REQUIRED | ANY_ORDER,
     .fields = acl_attributes,
     .doc = "One rule."},
    KUBE_ATTRIBUTES_END,
};

static const struct attribute quota_attributes[] = {
    {.name = "producer_byte_rate",
     .kind = ATTRIBUTE_INTEGER,
     .flags = OPTIONAL,
     .doc = "Bytes a second that it may write to each broker."},
    {.name = "consumer_byte_rate",
     .kind = ATTRIBUTE_INTEGER,
     .flags = OPTIONAL,
     .doc = "Bytes a second that it may read from each broker."},
    {.name = "request_percentage",
     .kind = ATTRIBUTE_INTEGER,
     .flags = OPTIONAL,
     .doc = "Part of a broker's time, in percent of one thread."},
    {.name = "controller_mutation_rate",
     .kind = ATTRIBUTE_NUMBER,
     .flags = OPTIONAL,
     .doc = "Partitions that it may create or delete in a second."},
    KUBE_ATTRIBUTES_END,
};

static const struct attribute attributes[] = {
    KUBE_ATTRIBUTE_ID,
    KUBE_ATTRIBUTE_CLUSTER_ID,
    STRIMZI_ATTRIBUTE_API_VERSION,
    KUBE_ATTRIBUTE_NAME("Name of the user."),
    KUBE_ATTRIBUTE_NAMESPACE,
    STRIMZI_ATTRIBUTE_KAFKA,
    {.name = "authentication",
     .kind = ATTRIBUTE_OBJECT_LIST,
     .flags = OPTIONAL | SINGLE,
     .json = "spec.authentication",
     .fields = authentication_attributes,
     .doc = "How it authenticates."},
    {.name = "authorization",
     .kind = ATTRIBUTE_OBJECT_LIST,
     .flags = OPTIONAL | SINGLE,
     .json = "spec.authorization",
     .fields = authorization_attributes,
     .doc = "What it may do."},
    {.name = "quotas",
     .kind = ATTRIBUTE_OBJECT_LIST,
     .flags = OPTIONAL | SINGLE,
     .json = "spec.quotas",
     .fields = quota_attributes,
     .doc = "How much it may use."},
    KUBE_ATTRIBUTE_ANY("template", "spec.template",
                       "`spec.template` of the object: metadata of the secret that is made."),
    KUBE_ATTRIBUTE_LABELS,
    KUBE_ATTRIBUTE_ANNOTATIONS,
    KUBE_ATTRIBUTE_ADOPT,
    KUBE_ATTRIBUTE_FORCE,
    KUBE_ATTRIBUTE_WAIT,
    {.name = "username",
     .flags = COMPUTED,
     .json = "status.username",
     .doc = "The principal in Kafka: `CN=<name>` for certificates."},
    {.name = "secret",
     .flags = COMPUTED,
     .json = "status.secret",
     .doc = "Name of the secret with its credentials."},
    KUBE_ATTRIBUTE_UID,
    KUBE_ATTRIBUTES_END,
};

static bool user_desired(struct kube_call *call, const struct value *values,
                         const struct value *config, json_t *object, struct error *err)
{
    json_t *authorization = json_at_path(object, "spec.authorization");
    if (authorization && !json_object_get(authorization, "type")) /* what the default says */
        json_set_text(authorization, "type", authorization_attributes[0].default_value);
    return strimzi_desired(call, values, config, object, err);
}

static const struct kube_api api = {.kind = "KafkaUser",
                                    .version = strimzi_version,
                                    .desired = user_desired,
                                    .received = strimzi_received};

const struct resource oke_kafka_user = {
    .name = "kafka_user",
    .summary = "A user of a Kafka cluster that Strimzi runs, with its rights.",
    .subcategory = "Kafka",
    .attributes = attributes,
    .ops = &kube_ops,
    .api = &api,
    .plan = kube_plan,
    .timeouts = {.create = 5 * 60, .update = 5 * 60, .remove = 5 * 60},
    .identity = kube_identity,
    .import_id = "[<cluster OCID>/]namespace/name",
    .example = "resource \"oke_kafka_user\" \"backend\" {\n"
               "  cluster_id = oke_cluster.main.id\n"
               "  namespace  = \"kafka\"\n"
               "  name       = \"backend\"\n"
               "  kafka      = oke_kafka.todo.name\n"
               "\n"
               "  authentication {\n"
               "    type = \"scram-sha-512\"\n"
               "  }\n"
               "\n"
               "  authorization {\n"
               "    acls {\n"
               "      resource {\n"
               "        type = \"topic\"\n"
               "        name = \"task-events\"\n"
               "      }\n"
               "      operations = [\"Write\", \"Describe\"]\n"
               "    }\n"
               "  }\n"
               "}\n",
};
