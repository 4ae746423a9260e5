#include <string.h>

#include "lib/base/encoding.h"
#include "lib/base/json.h"
#include "provider/kube/api.h"

static void validate_keys(const struct attribute *attribute, const struct value *value,
                          const struct path *path, struct diagnostics *diagnostics,
                          struct arena *arena)
{
    (void)attribute;
    for (size_t i = 0; i < value_count(value); i++) {
        struct slice key = value->map.entries[i].key;
        size_t good = strspn(arena_strndup(arena, key.ptr, key.length),
                             "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.");
        if (key.length == 0 || key.length > KUBE_NAME_LIMIT || good < key.length)
            diagnostics_error(diagnostics, path, "Not a key of a secret",
                              "\"%.*s\": keys are made of letters, digits, \"-\", \"_\" and \".\".",
                              (int)key.length, key.ptr);
    }
}

static const struct attribute attributes[] = {
    KUBE_ATTRIBUTE_ID,
    KUBE_ATTRIBUTE_CLUSTER_ID,
    KUBE_ATTRIBUTE_NAME("Its name."),
    KUBE_ATTRIBUTE_NAMESPACE,
    {.name = "type",
     .flags = OPTIONAL | REPLACE,
     .default_value = "Opaque",
     .doc = "What it holds, such as `kubernetes.io/tls`."},
    {.name = "data",
     .kind = ATTRIBUTE_STRING_MAP,
     .flags = OPTIONAL | SENSITIVE,
     .validate = validate_keys,
     .doc = "Texts by key. They are stored in the state: prefer `data_wo`."},
    {.name = "binary_data",
     .kind = ATTRIBUTE_STRING_MAP,
     .flags = OPTIONAL | SENSITIVE,
     .validate = validate_keys,
     .doc = "Bytes by key, as base64."},
    {.name = "data_wo",
     .kind = ATTRIBUTE_STRING_MAP,
     .flags = OPTIONAL | WRITE_ONLY,
     .validate = validate_keys,
     .doc = "Texts by key that are sent to the cluster and stored nowhere else. Needs Terraform "
            "1.11 or "
            "OpenTofu 1.11."},
    {.name = "data_wo_version",
     .kind = ATTRIBUTE_INTEGER,
     .flags = OPTIONAL | LOCAL,
     .doc = "Change it when `data_wo` changed: nothing else can tell."},
    {.name = "immutable",
     .kind = ATTRIBUTE_BOOL,
     .flags = OPTIONAL,
     .doc = "Its data can never be changed."},
    KUBE_ATTRIBUTE_LABELS,
    KUBE_ATTRIBUTE_ANNOTATIONS,
    KUBE_ATTRIBUTE_ADOPT,
    KUBE_ATTRIBUTE_FORCE,
    KUBE_ATTRIBUTE_UID,
    KUBE_ATTRIBUTES_END,
};

static void add_encoded(json_t *data, const struct value *texts)
{
    for (size_t i = 0; value_is_known(texts) && i < value_count(texts); i++) {
        const struct value_entry *entry = &texts->map.entries[i];
        if (!value_is_known(entry->value))
            continue;
        STR_AUTO encoded = STR_INIT;
        base64_encode(BASE64_STANDARD, entry->value->text.ptr, entry->value->text.length, &encoded);
        json_object_setn_new(data, entry->key.ptr, entry->key.length,
                             json_string(str_text(&encoded)));
    }
}

static bool secret_desired(struct kube_call *call, const struct value *values,
                           const struct value *config, json_t *object, struct error *err)
{
    (void)call;
    (void)err;
    JSON_AUTO binary = json_incref(json_object_get(object, "binaryData"));
    json_t *data = json_object();
    add_encoded(data, value_get(values, "data"));
    add_encoded(data, value_get(config, "data_wo"));
    if (binary)
        json_object_update(data, binary);
    json_object_del(object, "binaryData");
    json_object_del(object, "dataWo");
    json_object_del(object, "data");
    if (json_object_size(data))
        json_object_set(object, "data", data);
    json_decref(data);
    return true;
}

/* Back to where the user has them: bytes that are no text can only be in binary_data. */
static bool secret_received(struct kube_call *call, json_t *object, struct error *err)
{
    (void)err;
    JSON_AUTO data = json_incref(json_object_get(object, "data"));
    json_t *texts = json_object(), *binary = json_object(), *value;
    const char *key;
    json_object_foreach(data, key, value)
    {
        STR_AUTO decoded = STR_INIT;
        bool as_binary =
            value_find(value_get(call->values, "binary_data"), slice_from(key)) != NULL;
        const char *text = json_string_value(value);
        if (!as_binary && text && base64_decode(text, strlen(text), &decoded) &&
            text_is_utf8(str_text(&decoded), decoded.length) &&
            !memchr(str_text(&decoded), '\0', decoded.length))
            json_object_set_new(texts, key, json_stringn(str_text(&decoded), decoded.length));
        else
            json_object_set(binary, key, value);
    }
    json_object_del(object, "data");
    if (json_object_size(texts))
        json_object_set(object, "data", texts);
    if (json_object_size(binary))
        json_object_set(object, "binaryData", binary);
    json_decref(texts);
    json_decref(binary);
    return true;
}

static const struct kube_api api = {.api_version = "v1",
                                    .kind = "Secret",
                                    .no_wait = true,
                                    .desired = secret_desired,
                                    .received = secret_received};

const struct resource oke_secret = {
    .name = "secret",
    .summary = "A secret, whose data need not be in the state.",
    .subcategory = "Kubernetes",
    .attributes = attributes,
    .ops = &kube_ops,
    .api = &api,
    .plan = kube_plan,
    .identity = kube_identity,
    .import_id = "[<cluster OCID>/]namespace/name",
    .moved_from = (const char *const[]){"kubernetes_secret", "kubernetes_secret_v1", NULL},
    .move_state = kube_move_metadata,
    .example = "resource \"oke_secret\" \"database\" {\n"
               "  cluster_id = oke_cluster.main.id\n"
               "  namespace  = oke_namespace.todo.name\n"
               "  name       = \"db-credentials\"\n"
               "\n"
               "  data_wo         = { password = var.database_password }\n"
               "  data_wo_version = 1\n"
               "}\n",
};
