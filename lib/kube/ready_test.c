#include "lib/kube/ready.h"

#include <string.h>

#include "lib/base/json.h"
#include "lib/base/test.h"
#include "lib/base/yaml.h"

static json_t *yaml(const char *text)
{
    ERROR_AUTO(err);
    STR_AUTO json = STR_INIT;
    if (!yaml_to_json(slice_from(text), &json, &err))
        fail_msg("%s: %s", text, error_message(&err));
    JSON_AUTO documents = json_parse(json.ptr, json.length, &err);
    return json_incref(json_array_get(documents, 0));
}

#define DEPLOYMENT(status)                                                                         \
    "{apiVersion: apps/v1, kind: Deployment, metadata: {generation: 2}, spec: {replicas: 2}, "     \
    "status: " status "}"
#define KAFKA(status)                                                                              \
    "{apiVersion: kafka.strimzi.io/v1, kind: Kafka, metadata: {generation: 2}, status: " status "}"

static const struct {
    const char *object;
    enum kube_verdict verdict;
    const char *why;
} cases[] = {
    {DEPLOYMENT("{observedGeneration: 1}"), KUBE_PENDING, "not seen the last change"},
    {DEPLOYMENT("{observedGeneration: 2, updatedReplicas: 1, replicas: 2}"), KUBE_PENDING,
     "1 of 2 replicas are of the new version"},
    {DEPLOYMENT("{observedGeneration: 2, updatedReplicas: 2, replicas: 3}"), KUBE_PENDING,
     "1 of 3 replicas are old ones"},
    {DEPLOYMENT("{observedGeneration: 2, updatedReplicas: 2, replicas: 2, availableReplicas: 1, "
                "conditions: [{type: ReplicaFailure, status: 'True', message: exceeded quota}]}"),
     KUBE_PENDING, "1 of 2 replicas are available; exceeded quota"},
    {DEPLOYMENT("{observedGeneration: 2, updatedReplicas: 2, replicas: 2, availableReplicas: 2}"),
     KUBE_DONE, ""},
    {DEPLOYMENT("{observedGeneration: 2, conditions: [{type: Progressing, status: 'False', "
                "reason: ProgressDeadlineExceeded}]}"),
     KUBE_FAILED, "does not get on: ProgressDeadlineExceeded"},
    {"{apiVersion: apps/v1, kind: StatefulSet, spec: {replicas: 2}, status: {readyReplicas: 2, "
     "updatedReplicas: 2, currentRevision: a, updateRevision: b}}",
     KUBE_PENDING, "2 of 2 replicas are of the new version"},
    {"{apiVersion: apps/v1, kind: StatefulSet, spec: {replicas: 2}, status: {readyReplicas: 2, "
     "updatedReplicas: 2, currentRevision: b, updateRevision: b}}",
     KUBE_DONE, ""},
    {"{apiVersion: apps/v1, kind: StatefulSet, spec: {replicas: 3, updateStrategy: {rollingUpdate: "
     "{partition: 2}}}, status: {readyReplicas: 3, updatedReplicas: 1}}",
     KUBE_DONE, ""},
    {"{apiVersion: apps/v1, kind: DaemonSet, status: {}}", KUBE_PENDING, "has not looked at it"},
    {"{apiVersion: apps/v1, kind: DaemonSet, status: {desiredNumberScheduled: 0}}", KUBE_DONE, ""},
    {"{apiVersion: batch/v1, kind: Job, status: {conditions: [{type: Failed, status: 'True', "
     "reason: BackoffLimitExceeded}]}}",
     KUBE_FAILED, "Failed: BackoffLimitExceeded"},
    {"{apiVersion: batch/v1, kind: Job, status: {conditions: [{type: Complete, status: 'True'}]}}",
     KUBE_DONE, ""},
    {"{apiVersion: v1, kind: Pod, status: {phase: Succeeded}}", KUBE_DONE, ""},
    {"{apiVersion: v1, kind: Pod, status: {phase: Failed}}", KUBE_FAILED, "phase Failed"},
    {"{apiVersion: v1, kind: Service, spec: {type: ClusterIP}}", KUBE_DONE, ""},
    {"{apiVersion: v1, kind: Service, spec: {type: LoadBalancer}, status: {loadBalancer: {}}}",
     KUBE_PENDING, "no address"},
    {"{apiVersion: v1, kind: Service, spec: {type: LoadBalancer}, status: {loadBalancer: {ingress: "
     "[{ip: 127.0.0.1}]}}}",
     KUBE_DONE, ""},
    {"{apiVersion: v1, kind: ConfigMap, data: {a: b}}", KUBE_DONE, ""},
    {"{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, status: {conditions: "
     "[{type: NamesAccepted, status: 'False', message: taken}]}}",
     KUBE_FAILED, "not accepted: taken"},
    {"{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, status: {conditions: "
     "[{type: Established, status: 'True'}]}}",
     KUBE_DONE, ""},
    {KAFKA("{}"), KUBE_PENDING, "its operator has not looked at it"},
    {KAFKA("{observedGeneration: 1, conditions: [{type: Ready, status: 'True'}]}"), KUBE_PENDING,
     "not seen the last change"},
    {KAFKA("{observedGeneration: 2, conditions: [{type: NotReady, status: 'True', message: no "
           "pool}]}"),
     KUBE_PENDING, "NotReady: no pool"},
    {KAFKA("{observedGeneration: 2, conditions: [{type: Ready, status: 'True'}]}"), KUBE_DONE, ""},
    {"{apiVersion: kafka.strimzi.io/v1, kind: KafkaNodePool}", KUBE_DONE, ""},
    {"{apiVersion: x.io/v1, kind: Thing, status: {conditions: [{type: Available, status: 'False', "
     "message: later}]}}",
     KUBE_PENDING, "Available is False: later"},
    {"{apiVersion: dapr.io/v1alpha1, kind: Component}", KUBE_DONE, ""},
};

static void test_rules(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        JSON_AUTO object = yaml(cases[i].object);
        STR_AUTO why = STR_INIT;
        enum kube_verdict verdict = kube_ready(object, &why);
        if (verdict != cases[i].verdict || !strstr(str_text(&why), cases[i].why))
            fail_msg("%s: %d, %s", cases[i].object, (int)verdict, str_text(&why));
    }
}

static void test_nothing_there(void **state)
{
    (void)state;
    STR_AUTO why = STR_INIT;
    assert_int_equal(kube_ready(NULL, &why), KUBE_PENDING);
    assert_string_equal(str_text(&why), "it does not exist");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rules),
        cmocka_unit_test(test_nothing_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
