#include "lib/base/json.h"
#include "provider/engine/json_body.h"
#include "provider/kube/api.h"

static const struct attribute quota_attributes[] = {
    {.name = "hard",
     .kind = ATTRIBUTE_STRING_MAP,
     .flags = REQUIRED,
     .equal = kube_equal_quantity,
     .validate = kube_validate_quantity,
     .doc = "Limits by resource, such as `requests.cpu`, `limits.memory`, `pods`.",
     .sample = "{ \"requests.cpu\" = \"1\", \"requests.memory\" = \"4Gi\" }"},
    {.name = "scopes",
     .kind = ATTRIBUTE_STRING_SET,
     .flags = OPTIONAL,
     .doc = "Count only objects of these scopes, such as `NotTerminating`."},
    KUBE_ATTRIBUTES_END,
};

#define LIMIT_MAP(name_, doc_)                                                                     \
    {                                                                                              \
        .name = (name_), .kind = ATTRIBUTE_STRING_MAP, .flags = OPTIONAL,                          \
        .equal = kube_equal_quantity, .validate = kube_validate_quantity, .doc = (doc_)            \
    }

static const struct attribute limit_attributes[] = {
    {.name = "type",
     .flags = OPTIONAL,
     .default_value = "Container",
     .one_of = (const char *const[]){"Container", "Pod", "PersistentVolumeClaim", NULL},
     .doc = "What the limits are for."},
    LIMIT_MAP("default", "Limits of containers that name none."),
    LIMIT_MAP("default_request", "Requests of containers that name none."),
    LIMIT_MAP("min", "The least that may be asked for."),
    LIMIT_MAP("max", "The most that may be asked for."),
    LIMIT_MAP("max_limit_request_ratio", "How far a limit may be above its request."),
    KUBE_ATTRIBUTES_END,
};

static const struct attribute attributes[] = {
    KUBE_ATTRIBUTE_ID,
    KUBE_ATTRIBUTE_CLUSTER_ID,
    {.name = "name",
     .flags = REQUIRED | REPLACE,
     .json = "metadata.name",
     .validate = kube_validate_label_name,
     .doc = "Its name.",
     .sample = "\"todo-app\""},
    KUBE_ATTRIBUTE_LABELS,
    KUBE_ATTRIBUTE_ANNOTATIONS,
    {.name = "quota",
     .kind = ATTRIBUTE_OBJECT_LIST,
     .flags = OPTIONAL | SINGLE,
     .json = "quota",
     .fields = quota_attributes,
     .doc = "A ResourceQuota in the namespace, of the same name."},
    {.name = "limit_range",
     .kind = ATTRIBUTE_OBJECT_LIST,
     .flags = OPTIONAL,
     .json = "limitRange",
     .fields = limit_attributes,
     .doc = "The limits of a LimitRange in the namespace, of the same name."},
    KUBE_ATTRIBUTE_ADOPT,
    KUBE_ATTRIBUTE_FORCE,
    KUBE_ATTRIBUTE_WAIT,
    KUBE_ATTRIBUTE_UID,
    KUBE_ATTRIBUTES_END,
};

/* The attributes of the parts are none of the namespace itself. */
static bool namespace_desired(struct kube_call *call, const struct value *values,
                              const struct value *config, json_t *object, struct error *err)
{
    (void)call;
    (void)values;
    (void)config;
    (void)err;
    json_object_del(object, "quota");
    json_object_del(object, "limitRange");
    return true;
}

/* The API server gives each namespace this label, in the name of who made it. */
static bool namespace_received(struct kube_call *call, json_t *object, struct error *err)
{
    static const char own[] = "kubernetes.io/metadata.name";
    (void)err;
    json_t *metadata = json_object_get(object, "metadata");
    json_t *labels = json_object_get(metadata, "labels");
    if (!value_is_null(value_get(value_get(call->values, "labels"), own)))
        return true;
    json_object_del(labels, own);
    if (json_object_size(labels) == 0)
        json_object_del(metadata, "labels");
    return true;
}

static json_t *quota_desired(struct kube_call *call, const struct value *values)
{
    const struct value *quota = value_item(value_get(values, "quota"), 0);
    if (value_is_null(quota))
        return NULL;
    json_t *object = json_object();
    json_object_set_new(object, "spec",
                        json_body_from_value(call->op->arena, quota_attributes, BODY_CREATE, NULL,
                                             quota, &value_null));
    return object;
}

static const struct value *quota_received(struct kube_call *call, const json_t *object,
                                          const struct value *state)
{
    struct arena *arena = call->op->arena;
    const struct value *quota = &value_null;
    if (object) {
        const struct value *only =
            json_body_to_value(arena, quota_attributes, json_object_get(object, "spec"));
        quota = value_list(arena, &only, 1);
    }
    return value_with(arena, state, "quota", quota);
}

static json_t *limits_desired(struct kube_call *call, const struct value *values)
{
    const struct value *limits = value_get(values, "limit_range");
    if (value_count(limits) == 0)
        return NULL;
    json_t *list = json_array();
    for (size_t i = 0; i < value_count(limits); i++) {
        json_t *limit = json_body_from_value(call->op->arena, limit_attributes, BODY_CREATE, NULL,
                                             value_item(limits, i), &value_null);
        /* The API server has no default for it. */
        if (!json_object_get(limit, "type"))
            json_set_text(limit, "type", limit_attributes[0].default_value);
        json_array_append_new(list, limit);
    }
    return json_pack("{s:{s:o}}", "spec", "limits", list);
}

static const struct value *limits_received(struct kube_call *call, const json_t *object,
                                           const struct value *state)
{
    struct arena *arena = call->op->arena;
    const json_t *limits = json_at_path(object, "spec.limits"), *limit;
    const struct value **items =
        arena_array(arena, const struct value *, json_array_size(limits) + 1);
    size_t at;
    json_array_foreach(limits, at, limit) items[at] =
        json_body_to_value(arena, limit_attributes, limit);
    return value_with(arena, state, "limit_range",
                      object ? value_list(arena, items, json_array_size(limits)) : &value_null);
}

static const struct kube_part parts[] = {
    {.api_version = "v1",
     .kind = "ResourceQuota",
     .desired = quota_desired,
     .received = quota_received,
     .inside = true},
    {.api_version = "v1",
     .kind = "LimitRange",
     .desired = limits_desired,
     .received = limits_received,
     .inside = true},
    {.kind = NULL},
};

static const struct kube_api api = {
    .api_version = "v1",
    .kind = "Namespace",
    .parts = parts,
    .desired = namespace_desired,
    .received = namespace_received,
};

const struct resource oke_namespace = {
    .name = "namespace",
    .summary = "A namespace, with its quota and limits.",
    .subcategory = "Kubernetes",
    .attributes = attributes,
    .ops = &kube_ops,
    .api = &api,
    .plan = kube_plan,
    .identity = kube_cluster_identity,
    .import_id = "[<cluster OCID>/]name",
    .moved_from = (const char *const[]){"kubernetes_namespace", "kubernetes_namespace_v1", NULL},
    .move_state = kube_move_metadata,
    .example = "resource \"oke_namespace\" \"todo\" {\n"
               "  cluster_id = oke_cluster.main.id\n"
               "  name       = \"todo-app\"\n"
               "  labels     = { \"pod-security.kubernetes.io/enforce\" = \"restricted\" }\n"
               "\n"
               "  quota {\n"
               "    hard = { \"requests.cpu\" = \"1\", \"requests.memory\" = \"4Gi\" }\n"
               "  }\n"
               "\n"
               "  limit_range {\n"
               "    default         = { cpu = \"200m\", memory = \"256Mi\" }\n"
               "    default_request = { cpu = \"50m\", memory = \"64Mi\" }\n"
               "  }\n"
               "}\n",
};
