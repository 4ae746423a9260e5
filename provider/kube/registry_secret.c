#include <string.h>

#include "lib/base/encoding.h"
#include "lib/base/json.h"
#include "provider/kube/api.h"

static const char secret_type[] = "kubernetes.io/dockerconfigjson",
                  data_key[] = ".dockerconfigjson";

static const struct attribute attributes[] = {
    KUBE_ATTRIBUTE_ID,
    KUBE_ATTRIBUTE_CLUSTER_ID,
    KUBE_ATTRIBUTE_NAME("Its name, for `imagePullSecrets`."),
    KUBE_ATTRIBUTE_NAMESPACE,
    {.name = "server",
     .flags = REQUIRED,
     .json = "registry.server",
     .min_length = 1,
     .doc = "The registry, as images name it.",
     .sample = "\"fra.ocir.io\""},
    {.name = "username",
     .flags = REQUIRED,
     .json = "registry.username",
     .min_length = 1,
     .doc = "User name. For OCIR: `<namespace>/<user>`."},
    {.name = "password",
     .flags = OPTIONAL | SENSITIVE,
     .json = "registry.password",
     .requires_one = (const char *const[]){"password_wo", NULL},
     .conflicts = (const char *const[]){"password_wo", NULL},
     .doc = "Password; for OCIR an auth token. It is stored in the state: prefer `password_wo`."},
    {.name = "password_wo",
     .flags = OPTIONAL | WRITE_ONLY,
     .json = "registry.passwordWo",
     .doc = "The password, sent to the cluster and stored nowhere else. Needs Terraform 1.11 or "
            "OpenTofu 1.11."},
    {.name = "password_wo_version",
     .kind = ATTRIBUTE_INTEGER,
     .flags = OPTIONAL | LOCAL,
     .doc = "Change it when `password_wo` changed: nothing else can tell."},
    {.name = "email",
     .flags = OPTIONAL,
     .json = "registry.email",
     .doc = "Mail address, if wanted."},
    KUBE_ATTRIBUTE_LABELS,
    KUBE_ATTRIBUTE_ANNOTATIONS,
    KUBE_ATTRIBUTE_ADOPT,
    KUBE_ATTRIBUTE_FORCE,
    KUBE_ATTRIBUTE_UID,
    KUBE_ATTRIBUTES_END,
};

static void encode(const char *text, struct str *out)
{
    base64_encode(BASE64_STANDARD, text, strlen(text), out);
}

/* {"auths":{server:{username,password,email,auth}}} in base64. */
static void write_login(const json_t *registry, struct str *encoded)
{
    const char *user = json_get_text(registry, "username");
    const char *password = json_get_text(registry, "password");
    const char *email = json_get_text(registry, "email");
    STR_AUTO pair = STR_INIT;
    STR_AUTO auth = STR_INIT;
    STR_AUTO text = STR_INIT;
    str_printf(&pair, "%s:%s", user ? user : "", password ? password : "");
    encode(str_text(&pair), &auth);
    json_t *login = json_pack("{s:s, s:s, s:s}", "username", user ? user : "", "password",
                              password ? password : "", "auth", str_text(&auth));
    if (email)
        json_set_text(login, "email", email);
    JSON_AUTO whole = json_object();
    json_t *auths = json_object();
    json_object_set_new(auths, json_get_text(registry, "server"), login);
    json_object_set_new(whole, "auths", auths);
    json_write(whole, true, &text);
    encode(str_text(&text), encoded);
}

static bool login_desired(struct kube_call *call, const struct value *values,
                          const struct value *config, json_t *object, struct error *err)
{
    (void)call;
    (void)values;
    (void)config;
    (void)err;
    STR_AUTO encoded = STR_INIT;
    json_t *registry = json_object_get(object, "registry");
    json_t *write_only = json_object_get(registry, "passwordWo");
    if (write_only)
        json_object_set(registry, "password", write_only);
    if (json_get_text(registry, "server"))
        write_login(registry, &encoded);
    json_object_del(object, "registry");
    json_set_text(object, "type", secret_type);
    json_object_set_new(object, "data", json_pack("{s:s}", data_key, str_text(&encoded)));
    return true;
}

static bool login_received(struct kube_call *call, json_t *object, struct error *err)
{
    const char *encoded = json_get_text(json_object_get(object, "data"), data_key);
    STR_AUTO text = STR_INIT;
    if (!encoded || !base64_decode(encoded, strlen(encoded), &text))
        return true;
    JSON_AUTO whole = json_parse(str_text(&text), text.length, err);
    if (!whole) /* somebody made something else of it: that is a drift and no failure */
        error_reset(err);
    const char *wanted = value_text(value_get(call->values, "server")), *server;
    json_t *auths = json_object_get(whole, "auths"), *login;
    json_object_foreach(auths, server, login)
    {
        if (wanted && json_object_get(auths, wanted) && strcmp(server, wanted) != 0)
            continue;
        json_t *registry = json_deep_copy(login);
        json_set_text(registry, "server", server);
        if (value_is_null(value_get(call->values, "password")))
            json_object_del(registry, "password");
        json_object_set_new(object, "registry", registry);
        break;
    }
    return true;
}

static const struct kube_api api = {.api_version = "v1",
                                    .kind = "Secret",
                                    .no_wait = true,
                                    .desired = login_desired,
                                    .received = login_received};

const struct resource oke_registry_secret = {
    .name = "registry_secret",
    .summary = "A secret with which nodes pull images from a private registry.",
    .subcategory = "Kubernetes",
    .attributes = attributes,
    .ops = &kube_ops,
    .api = &api,
    .plan = kube_plan,
    .identity = kube_identity,
    .import_id = "[<cluster OCID>/]namespace/name",
    .example = "resource \"oke_registry_secret\" \"ocir\" {\n"
               "  cluster_id = oke_cluster.main.id\n"
               "  namespace  = oke_namespace.todo.name\n"
               "  name       = \"ocir-secret\"\n"
               "  server     = \"fra.ocir.io\"\n"
               "  username   = \"mytenancy/me@example.com\"\n"
               "  password   = oke_auth_token.ocir.token\n"
               "}\n",
};
