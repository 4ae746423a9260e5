#include "lib/base/json.h"
#include "provider/engine/json_body.h"
#include "provider/kube/dapr.h"

static const struct attribute otel_attributes[] = {
    {.name = "endpoint_address", .flags = REQUIRED, .doc = "host:port of the collector."},
    {.name = "is_secure", .kind = ATTRIBUTE_BOOL, .flags = REQUIRED, .doc = "Use TLS."},
    {.name = "protocol",
     .flags = REQUIRED,
     .one_of = (const char *const[]){"grpc", "http", NULL},
     .doc = "`grpc` or `http`."},
    KUBE_ATTRIBUTES_END,
};

static const struct attribute tracing_attributes[] = {
    {.name = "sampling_rate",
     .flags = REQUIRED,
     .doc = "Part of the requests that is traced, from \"0\" to \"1\"."},
    {.name = "stdout",
     .kind = ATTRIBUTE_BOOL,
     .flags = OPTIONAL,
     .doc = "Write traces to the log."},
    {.name = "zipkin_endpoint_address",
     .flags = OPTIONAL,
     .json = "zipkin.endpointAddress",
     .doc = "URL of a Zipkin collector."},
    {.name = "otel",
     .kind = ATTRIBUTE_OBJECT_LIST,
     .flags = OPTIONAL | SINGLE,
     .fields = otel_attributes,
     .doc = "An OpenTelemetry collector."},
    KUBE_ATTRIBUTES_END,
};

static const struct attribute http_metrics_attributes[] = {
    {.name = "increased_cardinality",
     .kind = ATTRIBUTE_BOOL,
     .flags = OPTIONAL,
     .doc = "Count by path: many series."},
    {.name = "path_matching",
     .kind = ATTRIBUTE_STRING_LIST,
     .flags = OPTIONAL,
     .doc = "Paths that are counted apart."},
    {.name = "exclude_verbs",
     .kind = ATTRIBUTE_BOOL,
     .flags = OPTIONAL,
     .doc = "Do not count by method."},
    KUBE_ATTRIBUTES_END,
};

static const struct attribute metrics_attributes[] = {
    {.name = "enabled", .kind = ATTRIBUTE_BOOL, .flags = REQUIRED, .doc = "Whether there are any."},
    {.name = "http",
     .kind = ATTRIBUTE_OBJECT_LIST,
     .flags = OPTIONAL | SINGLE,
     .fields = http_metrics_attributes,
     .doc = "Metrics of HTTP calls."},
    {.name = "record_error_codes",
     .kind = ATTRIBUTE_BOOL,
     .flags = OPTIONAL,
     .doc = "Count Dapr's error codes."},
    KUBE_ATTRIBUTES_END,
};

static const struct attribute feature_attributes[] = {
    {.name = "name", .flags = REQUIRED, .doc = "Name of a preview feature."},
    {.name = "enabled", .kind = ATTRIBUTE_BOOL, .flags = REQUIRED, .doc = "On or off."},
    KUBE_ATTRIBUTES_END,
};

static const struct attribute attributes[] = {
    KUBE_ATTRIBUTE_ID,
    KUBE_ATTRIBUTE_CLUSTER_ID,
    KUBE_ATTRIBUTE_NAME("Name, for the annotation `dapr.io/config`."),
    KUBE_ATTRIBUTE_NAMESPACE,
    {.name = "tracing",
     .kind = ATTRIBUTE_OBJECT_LIST,
     .flags = OPTIONAL | SINGLE,
     .json = "spec.tracing",
     .fields = tracing_attributes,
     .doc = "Where traces go."},
    {.name = "metrics",
     .kind = ATTRIBUTE_OBJECT_LIST,
     .flags = OPTIONAL | SINGLE,
     .json = "spec.metrics",
     .fields = metrics_attributes,
     .doc = "What is counted."},
    {.name = "features",
     .kind = ATTRIBUTE_OBJECT_LIST,
     .flags = OPTIONAL | ANY_ORDER,
     .json = "spec.features",
     .fields = feature_attributes,
     .doc = "Preview features."},
    KUBE_ATTRIBUTE_ANY(
        "spec", "specMore",
        "Further members of `spec`: `mtls`, `accessControl`, `api`, `appHttpPipeline`, "
        "`httpPipeline`, `secrets`, `logging`, `nameResolution`, …"),
    DAPR_ATTRIBUTES_OF_OBJECT,
};

static const char *const own_members[] = {"tracing", "metrics", "features", NULL};

static bool configuration_desired(struct kube_call *call, const struct value *values,
                                  const struct value *config, json_t *object, struct error *err)
{
    (void)call;
    (void)values;
    (void)config;
    (void)err;
    kube_merge_more(object, "spec", "specMore");
    return true;
}

static bool configuration_received(struct kube_call *call, json_t *object, struct error *err)
{
    (void)err;
    kube_pick_more(call, object, json_object_get(object, "spec"), "spec", own_members);
    return true;
}

static const struct kube_api api = {.api_version = "dapr.io/v1alpha1",
                                    .kind = "Configuration",
                                    .no_wait = true,
                                    .desired = configuration_desired,
                                    .received = configuration_received};

const struct resource oke_dapr_configuration = {
    .name = "dapr_configuration",
    .summary = "How sidecars of Dapr behave.",
    .subcategory = "Dapr",
    .attributes = attributes,
    .ops = &kube_ops,
    .api = &api,
    .plan = kube_plan,
    .identity = kube_identity,
    .import_id = "[<cluster OCID>/]namespace/name",
    .example = "resource \"oke_dapr_configuration\" \"todo\" {\n"
               "  cluster_id = oke_cluster.main.id\n"
               "  namespace  = oke_namespace.todo.name\n"
               "  name       = \"todo-config\"\n"
               "\n"
               "  tracing {\n"
               "    sampling_rate = \"0.1\"\n"
               "    stdout        = true\n"
               "  }\n"
               "\n"
               "  metrics {\n"
               "    enabled = true\n"
               "  }\n"
               "}\n",
};
