#include "provider/kube/clusters.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/clock.h"
#include "lib/base/encoding.h"
#include "lib/base/json.h"
#include "lib/base/vec.h"
#include "lib/net/secret.h"

/* --- the provider block ------------------------------------------------------------------------- */

static const struct attribute exec_attributes[] = {
    {.name = "api_version",
     .flags = REQUIRED,
     .one_of = (const char *const[]){"client.authentication.k8s.io/v1",
                                     "client.authentication.k8s.io/v1beta1", NULL},
     .doc = "Version of the protocol that the program speaks."},
    {.name = "command", .flags = REQUIRED, .doc = "The program."},
    {.name = "args", .kind = ATTRIBUTE_STRING_LIST, .flags = OPTIONAL, .doc = "Its arguments."},
    {.name = "env",
     .kind = ATTRIBUTE_STRING_MAP,
     .flags = OPTIONAL,
     .doc = "Environment variables for it."},
    {.name = NULL},
};

const struct attribute kube_provider_attributes[] = {
    {.name = "host",
     .flags = OPTIONAL,
     .doc = "URL of the API server. Environment: `KUBE_HOST`.",
     .sample = "\"https://127.0.0.1:6443\""},
    {.name = "token",
     .flags = OPTIONAL | SENSITIVE,
     .doc = "Bearer token. Environment: `KUBE_TOKEN`."},
    {.name = "username", .flags = OPTIONAL, .doc = "For basic authentication: `KUBE_USER`."},
    {.name = "password",
     .flags = OPTIONAL | SENSITIVE,
     .doc = "For basic authentication: `KUBE_PASSWORD`."},
    {.name = "insecure",
     .kind = ATTRIBUTE_BOOL,
     .flags = OPTIONAL,
     .doc = "Do not verify the server's certificate: `KUBE_INSECURE`."},
    {.name = "client_certificate",
     .flags = OPTIONAL,
     .doc = "PEM text of the client certificate: `KUBE_CLIENT_CERT_DATA`."},
    {.name = "client_key",
     .flags = OPTIONAL | SENSITIVE,
     .doc = "PEM text of its key: `KUBE_CLIENT_KEY_DATA`."},
    {.name = "cluster_ca_certificate",
     .flags = OPTIONAL,
     .doc = "PEM text of the authorities to trust: `KUBE_CLUSTER_CA_CERT_DATA`."},
    {.name = "tls_server_name",
     .flags = OPTIONAL,
     .doc = "Name in the server's certificate, when it is not the host's: `KUBE_TLS_SERVER_NAME`."},
    {.name = "proxy_url", .flags = OPTIONAL, .doc = "Proxy for the API: `KUBE_PROXY_URL`."},
    {.name = "config_path",
     .flags = OPTIONAL,
     .conflicts = (const char *const[]){"config_paths", NULL},
     .doc = "A kubeconfig file: `KUBE_CONFIG_PATH`. No file is read unless it is named.",
     .sample = "\"~/.kube/config\""},
    {.name = "config_paths",
     .kind = ATTRIBUTE_STRING_LIST,
     .flags = OPTIONAL,
     .doc = "Several that are merged: `KUBE_CONFIG_PATHS`."},
    {.name = "config_context", .flags = OPTIONAL, .doc = "Context in the kubeconfig: `KUBE_CTX`."},
    {.name = "config_context_auth_info",
     .flags = OPTIONAL,
     .doc = "Its user, instead of the context's: `KUBE_CTX_AUTH_INFO`."},
    {.name = "config_context_cluster",
     .flags = OPTIONAL,
     .doc = "Its cluster, instead of the context's: `KUBE_CTX_CLUSTER`."},
    {.name = "exec",
     .kind = ATTRIBUTE_OBJECT_LIST,
     .flags = OPTIONAL | SINGLE,
     .fields = exec_attributes,
     .doc = "A program that prints credentials."},
    {.name = NULL},
};

/* Everything that the block and the environment say, as texts. */
enum setting {
    SET_HOST,
    SET_TOKEN,
    SET_USERNAME,
    SET_PASSWORD,
    SET_INSECURE,
    SET_CERTIFICATE,
    SET_KEY,
    SET_CA,
    SET_SERVER_NAME,
    SET_PROXY,
    SET_CONFIG_PATH,
    SET_CONFIG_PATHS,
    SET_CONTEXT,
    SET_CONTEXT_USER,
    SET_CONTEXT_CLUSTER,
    SETTING_COUNT,
};

static const struct {
    const char *attribute, *variable;
    bool secret;
} settings_table[SETTING_COUNT] = {
    [SET_HOST] = {"host", "KUBE_HOST", false},
    [SET_TOKEN] = {"token", "KUBE_TOKEN", true},
    [SET_USERNAME] = {"username", "KUBE_USER", false},
    [SET_PASSWORD] = {"password", "KUBE_PASSWORD", true},
    [SET_INSECURE] = {"insecure", "KUBE_INSECURE", false},
    [SET_CERTIFICATE] = {"client_certificate", "KUBE_CLIENT_CERT_DATA", false},
    [SET_KEY] = {"client_key", "KUBE_CLIENT_KEY_DATA", true},
    [SET_CA] = {"cluster_ca_certificate", "KUBE_CLUSTER_CA_CERT_DATA", false},
    [SET_SERVER_NAME] = {"tls_server_name", "KUBE_TLS_SERVER_NAME", false},
    [SET_PROXY] = {"proxy_url", "KUBE_PROXY_URL", false},
    [SET_CONFIG_PATH] = {"config_path", "KUBE_CONFIG_PATH", false},
    [SET_CONFIG_PATHS] = {"config_paths", "KUBE_CONFIG_PATHS", false},
    [SET_CONTEXT] = {"config_context", "KUBE_CTX", false},
    [SET_CONTEXT_USER] = {"config_context_auth_info", "KUBE_CTX_AUTH_INFO", false},
    [SET_CONTEXT_CLUSTER] = {"config_context_cluster", "KUBE_CTX_CLUSTER", false},
};

/* --- clusters ----------------------------------------------------------------------------------- */

struct cluster {
    struct kube_clusters *owner;
    char *id; /* NULL: that of the provider block */
    struct kube_client *client;
};

struct kube_clusters {
    struct kube_cluster_source source;
    char *user_agent;
    struct arena *arena;
    char *settings[SETTING_COUNT]; /* secrets, or in the arena */
    bool has_block;
    const struct kube_exec *exec;

    pthread_mutex_t mutex;
    VEC(struct cluster *) known;
};

static void read_text(struct kube_clusters *clusters, enum setting setting, const char *text)
{
    if (text_empty(text))
        return;
    clusters->settings[setting] =
        settings_table[setting].secret ? secret_copy(text) : arena_strdup(clusters->arena, text);
}

/* "a:b", and bools as text. */
static const char *setting_text(struct kube_clusters *clusters, const struct value *value)
{
    STR_AUTO text = STR_INIT;
    if (!value_is_known(value))
        return NULL;
    if (value->kind == VALUE_BOOL)
        return value->boolean ? "true" : "false";
    if (value->kind != VALUE_LIST)
        return value_text(value);
    for (size_t i = 0; i < value_count(value); i++)
        str_printf(&text, "%s%s", i ? ":" : "",
                   value_text(value_item(value, i)) ? value_text(value_item(value, i)) : "");
    return str_copy_to(&text, clusters->arena);
}

static const struct kube_exec *read_exec(struct arena *arena, const struct value *block)
{
    const struct value *args = value_get(block, "args"), *env = value_get(block, "env");
    struct kube_exec *exec = arena_new_of(arena, struct kube_exec);
    size_t arg_count = value_count(args), env_count = value_count(env);
    const char **arguments = arena_array(arena, const char *, arg_count + 1);
    const char **environment = arena_array(arena, const char *, env_count + 1);
    for (size_t i = 0; i < arg_count; i++)
        arguments[i] = arena_strdup(arena, value_text(value_item(args, i)));
    for (size_t i = 0; i < env_count; i++) {
        const struct value_entry *entry = &env->map.entries[i];
        const char *text = value_text(entry->value);
        environment[i] = arena_printf(arena, "%.*s=%s", (int)entry->key.length, entry->key.ptr,
                                      text ? text : "");
    }
    exec->command = arena_strdup(arena, value_text(value_get(block, "command")));
    exec->api_version = arena_strdup(arena, value_text(value_get(block, "api_version")));
    exec->arguments = arguments;
    exec->environment = environment;
    exec->interactive = KUBE_INTERACTIVE_NEVER;
    return exec->command && exec->api_version ? exec : NULL;
}

struct kube_clusters *kube_clusters_new(const struct value *block,
                                        const struct kube_cluster_source *source,
                                        const char *user_agent)
{
    struct kube_clusters *clusters = mem_calloc(1, sizeof(*clusters));
    const struct value *only = value_item(block, 0);
    clusters->source = *source;
    clusters->user_agent = mem_strdup(user_agent);
    clusters->arena = arena_new();
    clusters->has_block = value_count(block) > 0;
    pthread_mutex_init(&clusters->mutex, NULL);
    for (int i = 0; i < SETTING_COUNT; i++) {
        const char *text = setting_text(clusters, value_get(only, settings_table[i].attribute));
        read_text(clusters, (enum setting)i, text ? text : getenv(settings_table[i].variable));
    }
    const struct value *exec = value_item(value_get(only, "exec"), 0);
    if (value_is_known(exec))
        clusters->exec = read_exec(clusters->arena, exec);
    return clusters;
}

void kube_clusters_free(struct kube_clusters *clusters)
{
    if (!clusters)
        return;
    for (size_t i = 0; i < clusters->known.count; i++) {
        kube_client_free(clusters->known.items[i]->client);
        free(clusters->known.items[i]->id);
        free(clusters->known.items[i]);
    }
    vec_free(&clusters->known);
    for (int i = 0; i < SETTING_COUNT; i++)
        if (settings_table[i].secret)
            secret_free(clusters->settings[i]);
    free(clusters->user_agent);
    arena_free(clusters->arena);
    pthread_mutex_destroy(&clusters->mutex);
    free(clusters);
}

/* --- the cluster of the provider block ---------------------------------------------------------- */

static void set_text(struct kube_config *config, const char **member, const char *text)
{
    if (text)
        *member = arena_strdup(config->arena, text);
}

static void set_secret(char **member, const char *text)
{
    if (!text)
        return;
    secret_free(*member);
    *member = secret_copy(text);
}

/* Single settings go before what a kubeconfig says. */
static void apply_settings(const struct kube_clusters *clusters, struct kube_config *config)
{
    char *const *settings = clusters->settings;
    set_text(config, &config->server, settings[SET_HOST]);
    set_text(config, &config->username, settings[SET_USERNAME]);
    set_text(config, &config->client_certificate, settings[SET_CERTIFICATE]);
    set_text(config, &config->ca, settings[SET_CA]);
    set_text(config, &config->tls_server_name, settings[SET_SERVER_NAME]);
    set_text(config, &config->proxy_url, settings[SET_PROXY]);
    set_secret(&config->token, settings[SET_TOKEN]);
    set_secret(&config->password, settings[SET_PASSWORD]);
    set_secret(&config->client_key, settings[SET_KEY]);
    if (settings[SET_INSECURE])
        config->insecure = text_equal_nocase(settings[SET_INSECURE], "true");
    if (clusters->exec)
        config->exec = clusters->exec;
}

static struct kube_config *block_config(struct kube_clusters *clusters, struct error *err)
{
    char *const *settings = clusters->settings;
    const char *paths =
        settings[SET_CONFIG_PATHS] ? settings[SET_CONFIG_PATHS] : settings[SET_CONFIG_PATH];
    bool in_pod = clusters->has_block && !paths && !settings[SET_HOST] &&
                  !text_empty(getenv("KUBERNETES_SERVICE_HOST"));
    struct kube_config *config = NULL;
    if (paths)
        config =
            kube_config_load(&(struct kube_config_source){.paths = paths,
                                                          .context = settings[SET_CONTEXT],
                                                          .user = settings[SET_CONTEXT_USER],
                                                          .cluster = settings[SET_CONTEXT_CLUSTER]},
                             err);
    else if (in_pod)
        config = kube_config_in_cluster(err);
    else if (settings[SET_HOST])
        config = kube_config_new();
    else
        error_set(err, ERROR_INVALID,
                  "no cluster is given: set cluster_id to a cluster of OKE, or name one in the "
                  "provider block: kubernetes { config_path = \"~/.kube/config\" }");
    if (!config)
        return NULL;
    apply_settings(clusters, config);
    if (kube_config_check(config, err))
        return config;
    kube_config_free(config);
    return NULL;
}

/* --- clients ------------------------------------------------------------------------------------ */

static bool make_token(void *context, struct str *token, int64_t *expires_ms, struct cancel *cancel,
                       struct error *err)
{
    struct cluster *cluster = context;
    const struct kube_cluster_source *source = &cluster->owner->source;
    return source->token(source->context, cluster->id, token, expires_ms, cancel, err);
}

static struct kube_config *make_config(struct kube_clusters *clusters, struct operation *op,
                                       const char *cluster_id, struct error *err)
{
    if (!cluster_id)
        return block_config(clusters, err);
    struct kube_config *config = kube_config_new();
    config->context = arena_strdup(config->arena, cluster_id);
    if (clusters->source.find(op, cluster_id, config, err) && kube_config_check(config, err))
        return config;
    error_wrap(err, "find the Kubernetes API of %s", cluster_id);
    kube_config_free(config);
    return NULL;
}

static struct cluster *find_known(struct kube_clusters *clusters, const char *cluster_id)
{
    for (size_t i = 0; i < clusters->known.count; i++)
        if (text_equal(clusters->known.items[i]->id, cluster_id))
            return clusters->known.items[i];
    return NULL;
}

/* The lock is not held while a cluster is looked for: others must not wait for one that is slow. When
 * two look for the same one, the first client stays. */
struct kube_client *kube_clusters_get(struct kube_clusters *clusters, struct operation *op,
                                      const char *cluster_id, struct error *err)
{
    pthread_mutex_lock(&clusters->mutex);
    struct cluster *known = find_known(clusters, cluster_id);
    pthread_mutex_unlock(&clusters->mutex);
    if (known)
        return known->client;
    struct kube_config *config = make_config(clusters, op, cluster_id, err);
    if (!config)
        return NULL;
    struct cluster *made = mem_calloc(1, sizeof(*made));
    *made = (struct cluster){.owner = clusters, .id = cluster_id ? mem_strdup(cluster_id) : NULL};
    made->client = kube_client_new(
        &(struct kube_client_options){.config = config,
                                      .token_source = cluster_id ? make_token : NULL,
                                      .token_context = made,
                                      .user_agent = clusters->user_agent});
    pthread_mutex_lock(&clusters->mutex);
    known = find_known(clusters, cluster_id);
    if (!known)
        vec_push(&clusters->known, made);
    pthread_mutex_unlock(&clusters->mutex);
    if (!known)
        return made->client;
    kube_client_free(made->client);
    free(made->id);
    free(made);
    return known->client;
}

/* --- kubeconfig for other programs -------------------------------------------------------------- */

/* JSON is YAML. */
static json_t *kubeconfig_cluster(const struct kube_config *config)
{
    json_t *cluster = json_pack("{s:s}", "server", config->server);
    if (config->insecure)
        json_object_set_new(cluster, "insecure-skip-tls-verify", json_true());
    if (config->tls_server_name)
        json_object_set_new(cluster, "tls-server-name", json_string(config->tls_server_name));
    if (config->proxy_url)
        json_object_set_new(cluster, "proxy-url", json_string(config->proxy_url));
    if (config->ca) {
        STR_AUTO data = STR_INIT;
        base64_encode(BASE64_STANDARD, config->ca, strlen(config->ca), &data);
        json_object_set_new(cluster, "certificate-authority-data", json_string(str_text(&data)));
    }
    return cluster;
}

static void set_data(json_t *user, const char *name, const char *pem)
{
    if (!pem)
        return;
    SECRET_STR_AUTO data = STR_INIT;
    str_reserve(&data, strlen(pem) * 2);
    base64_encode(BASE64_STANDARD, pem, strlen(pem), &data);
    json_object_set_new(user, name, json_string(str_text(&data)));
}

static bool kubeconfig_user(struct kube_client *client, const struct kube_config *config,
                            struct cancel *cancel, json_t *user, struct error *err)
{
    SECRET_STR_AUTO token = STR_INIT;
    SECRET_AUTO key = NULL;
    CLEANUP(free_pointer) char *certificate = NULL;
    if (!kube_client_token(client, &token, cancel, err))
        return false;
    kube_client_certificate(client, &certificate, &key);
    set_data(user, "client-certificate-data", certificate);
    set_data(user, "client-key-data", key);
    if (token.length)
        json_object_set_new(user, "token", json_string(str_text(&token)));
    if (config->username) {
        json_object_set_new(user, "username", json_string(config->username));
        json_object_set_new(user, "password", json_string(config->password));
    }
    if (config->as_user)
        json_object_set_new(user, "as", json_string(config->as_user));
    return true;
}

bool kube_clusters_kubeconfig(struct kube_clusters *clusters, struct operation *op,
                              const char *cluster_id, struct str *text, struct error *err)
{
    struct kube_client *client = kube_clusters_get(clusters, op, cluster_id, err);
    if (!client)
        return false;
    const struct kube_config *config = kube_client_config(client);
    JSON_AUTO user = json_object();
    if (!kubeconfig_user(client, config, op->cancel, user, err))
        return false;
    JSON_AUTO document =
        json_pack("{s:s, s:s, s:[{s:s, s:o}], s:[{s:s, s:O}], s:[{s:s, s:{s:s, s:s, s:s}}], s:s}",
                  "apiVersion", "v1", "kind", "Config", "clusters", "name", "cluster", "cluster",
                  kubeconfig_cluster(config), "users", "name", "user", "user", user, "contexts",
                  "name", "context", "context", "cluster", "cluster", "user", "user", "namespace",
                  config->default_namespace, "current-context", "context");
    json_write(document, false, text);
    return true;
}
