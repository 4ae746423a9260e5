/* What the resources of Strimzi share. Sources: the CRDs of Strimzi 0.38 to 1.2, and
 * https://strimzi.io/docs/operators/latest/configuring */
#ifndef OKESTRA_PROVIDER_KUBE_STRIMZI_H
#define OKESTRA_PROVIDER_KUBE_STRIMZI_H

#include "provider/kube/api.h"

/* A member of the body that stands for the label strimzi.io/cluster. */
#define STRIMZI_CLUSTER "strimziCluster"

#define STRIMZI_ATTRIBUTE_KAFKA                                                                    \
    {                                                                                              \
        .name = "kafka", .flags = REQUIRED | REPLACE, .json = STRIMZI_CLUSTER,                     \
        .validate = kube_validate_label_name,                                                      \
        .doc = "Name of the Kafka cluster that it belongs to, in the same namespace.",             \
        .sample = "oke_kafka.todo.name"                                                            \
    }

#define STRIMZI_ATTRIBUTE_API_VERSION                                                              \
    {                                                                                              \
        .name = "api_version", .flags = OPTIONAL | LOCAL, .default_value = "kafka.strimzi.io/v1",  \
        .one_of = strimzi_versions,                                                                \
        .doc =                                                                                     \
            "`kafka.strimzi.io/v1` from Strimzi 0.49 on, `kafka.strimzi.io/v1beta2` up to 0.51."   \
    }

extern const char *const strimzi_versions[];

/* For struct kube_api: the attribute api_version; the label, both ways. */
const char *strimzi_version(const struct value *values);
bool strimzi_desired(struct kube_call *call, const struct value *values, const struct value *config,
                     json_t *object, struct error *err);
bool strimzi_received(struct kube_call *call, json_t *object, struct error *err);

/* For pools: refuses to take brokers away from a Kafka cluster that lives, unless delete_brokers. */
bool strimzi_keep_brokers(struct kube_call *call, struct error *err);

/* Config of topics and brokers: values that are numbers must be, and in range; a key that is none of
 * Kafka's is a warning with the nearest name. */
attribute_validate strimzi_validate_topic_config;
attribute_validate strimzi_validate_broker_config;

#endif
