#include "lib/kube/config.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/encoding.h"
#include "lib/base/file.h"
#include "lib/base/json.h"
#include "lib/base/vec.h"
#include "lib/base/yaml.h"
#include "lib/net/secret.h"
#include "lib/net/url.h"

struct kube_config *kube_config_new(void)
{
    struct kube_config *config = mem_calloc(1, sizeof(*config));
    config->arena = arena_new();
    config->default_namespace = "default";
    return config;
}

void kube_config_free(struct kube_config *config)
{
    if (!config)
        return;
    secret_free(config->client_key);
    secret_free(config->token);
    secret_free(config->password);
    json_decref(config->exec_cluster);
    arena_free(config->arena);
    free(config);
}

void kube_config_free_pointer(struct kube_config **config)
{
    kube_config_free(*config);
}

static const char *without_slash(struct kube_config *config, const char *url)
{
    size_t length = url ? strlen(url) : 0;
    while (length && url[length - 1] == '/')
        length--;
    return arena_strndup(config->arena, url ? url : "", length);
}

bool kube_config_check(struct kube_config *config, struct error *err)
{
    URL_AUTO(url);
    if (text_empty(config->server))
        return error_set(err, ERROR_INVALID, "no server is given");
    if (!url_parse(config->server, &url, err))
        return error_wrap(err, "server %s", config->server);
    if (url.query)
        return error_set(err, ERROR_INVALID, "server %s: a query cannot be used", config->server);
    config->server = without_slash(config, config->server);
    if (config->insecure && config->ca)
        return error_set(err, ERROR_INVALID,
                         "server %s: insecure-skip-tls-verify excludes a certificate authority",
                         config->server);
    if (!config->client_certificate != !config->client_key)
        return error_set(err, ERROR_INVALID,
                         "a client certificate and its key go together; one of them is missing");
    if (!config->username != !config->password)
        return error_set(err, ERROR_INVALID,
                         "a user name and a password go together; one of them is missing");
    return true;
}

/* --- files -------------------------------------------------------------------------------------- */

/* One entry of clusters, users or contexts, and the folder that its file names start from (NULL:
 * the text came without a file). */
struct named {
    const json_t *body;
    const char *folder;
};

struct files {
    struct kube_config *config;
    json_t *documents[KUBE_CONFIG_FILES];
    const char *folders[KUBE_CONFIG_FILES];
    size_t count;
};

static void files_free(struct files *files)
{
    for (size_t i = 0; i < files->count; i++)
        json_decref(files->documents[i]);
}

static bool add_text(struct files *files, struct slice text, const char *folder, struct error *err)
{
    SECRET_STR_AUTO json = STR_INIT; /* holds tokens and keys */
    str_reserve(&json, text.length * 2 + 1024);
    if (!yaml_to_json(text, &json, err))
        return false;
    JSON_AUTO documents = json_parse(json.ptr, json.length, err);
    if (!documents)
        return false;
    json_t *document = json_array_get(documents, 0);
    if (json_array_size(documents) > 1 || (document && !json_is_object(document)))
        return error_set(err, ERROR_INVALID, "this is no kubeconfig");
    if (!document)
        return true;
    files->folders[files->count] = folder;
    files->documents[files->count++] = json_incref(document);
    return true;
}

static const char *folder_of(struct arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/');
    return !slash ? "." : slash == path ? "/" : arena_strndup(arena, path, (size_t)(slash - path));
}

static bool add_file(struct files *files, const char *path, struct error *err)
{
    if (files->count == KUBE_CONFIG_FILES)
        return error_set(err, ERROR_INVALID, "more than %d kubeconfig files", KUBE_CONFIG_FILES);
    SECRET_STR_AUTO text = STR_INIT;
    if (!file_read(path, KUBE_CONFIG_FILE_LIMIT, &text, err))
        return false;
    return add_text(files, (struct slice){text.ptr, text.length},
                    folder_of(files->config->arena, path), err) ||
           error_wrap(err, "%s", path);
}

/* Of several files those that are not there are passed over, as kubectl does. */
static bool add_files(struct files *files, const char *paths, struct error *err)
{
    struct arena *arena = files->config->arena;
    size_t named = 0;
    const char *first = NULL;
    for (struct slice rest = slice_from(paths), path; rest.length;) {
        rest = slice_cut(rest, ':', &path, NULL);
        if (!path.length)
            continue;
        named++;
        CLEANUP(free_pointer)
        char *expanded = file_expand_home(arena_strndup(arena, path.ptr, path.length));
        first = first ? first : arena_strdup(arena, expanded);
        if (file_exists(expanded) && !add_file(files, expanded, err))
            return false;
    }
    if (files->count == 0 && named <= 1)
        return error_set(err, ERROR_NOT_FOUND, "there is no kubeconfig %s", first ? first : paths);
    return true;
}

static struct named find(const struct files *files, const char *list, const char *member,
                         const char *name)
{
    for (size_t i = 0; name && i < files->count; i++) {
        const json_t *entries = json_object_get(files->documents[i], list), *entry;
        size_t at;
        json_array_foreach(entries, at, entry) if (text_equal(json_get_text(entry, "name"),
                                                              name)) return (struct named){
            json_object_get(entry, member), files->folders[i]};
    }
    return (struct named){NULL, NULL};
}

/* --- members ------------------------------------------------------------------------------------ */

static const char *member(struct kube_config *config, const json_t *object, const char *name)
{
    const char *text = json_get_text(object, name);
    return text_empty(text) ? NULL : arena_strdup(config->arena, text);
}

static const char *resolve(struct kube_config *config, const char *folder, const char *path,
                           struct error *err)
{
    if (*path == '/')
        return path;
    if (!folder) {
        error_set(err, ERROR_INVALID, "the relative file name %s has no folder to start from",
                  path);
        return NULL;
    }
    return arena_printf(config->arena, "%s/%s", folder, path);
}

/* The PEM of "<name>-data" or of the file "<name>", as a secret; NULL with or without err. */
static char *credential(struct kube_config *config, const struct named *from, const char *name,
                        struct error *err)
{
    const char *data = json_get_text(from->body, arena_printf(config->arena, "%s-data", name));
    const char *path = member(config, from->body, name);
    if (text_empty(data)) {
        path = path ? resolve(config, from->folder, path, err) : NULL;
        char *content = path ? secret_read_file(path, err) : NULL;
        if (error_is_set(err))
            error_wrap(err, "%s", name);
        return content;
    }
    SECRET_STR_AUTO decoded = STR_INIT;
    size_t length = strlen(data);
    str_reserve(&decoded, length);
    if (length > KUBE_CREDENTIAL_LIMIT || !base64_decode(data, length, &decoded)) {
        error_set(err, ERROR_INVALID, "%s-data is no base64 of at most %d bytes", name,
                  KUBE_CREDENTIAL_LIMIT);
        return NULL;
    }
    return secret_new(str_text(&decoded), decoded.length);
}

/* For what is not secret. */
static const char *certificate(struct kube_config *config, const struct named *from,
                               const char *name, struct error *err)
{
    SECRET_AUTO content = credential(config, from, name, err);
    return arena_strdup(config->arena, content);
}

static bool read_cluster(struct kube_config *config, const struct named *cluster, struct error *err)
{
    config->server = without_slash(config, member(config, cluster->body, "server"));
    config->tls_server_name = member(config, cluster->body, "tls-server-name");
    config->proxy_url = member(config, cluster->body, "proxy-url");
    config->insecure = json_get_bool(cluster->body, "insecure-skip-tls-verify", false);
    config->ca = certificate(config, cluster, "certificate-authority", err);
    return !error_is_set(err);
}

static const char *const *texts(struct kube_config *config, const json_t *array)
{
    size_t count = json_array_size(array);
    const char **list = arena_array(config->arena, const char *, count + 1);
    for (size_t i = 0; i < count; i++) {
        const char *text = json_string_value(json_array_get(array, i));
        list[i] = arena_strdup(config->arena, text ? text : "");
    }
    return list;
}

static const char *const *environment(struct kube_config *config, const json_t *pairs)
{
    size_t count = json_array_size(pairs), kept = 0;
    const char **list = arena_array(config->arena, const char *, count + 1);
    for (size_t i = 0; i < count; i++) {
        const char *name = json_get_text(json_array_get(pairs, i), "name");
        const char *value = json_get_text(json_array_get(pairs, i), "value");
        if (!text_empty(name))
            list[kept++] = arena_printf(config->arena, "%s=%s", name, value ? value : "");
    }
    return list;
}

/* What a plugin with provideClusterInfo is told of the cluster. */
static json_t *exec_cluster(const struct kube_config *config, const json_t *cluster)
{
    json_t *info = json_object();
    json_set_text(info, "server", config->server ? config->server : "");
    if (config->tls_server_name)
        json_set_text(info, "tls-server-name", config->tls_server_name);
    if (config->proxy_url)
        json_set_text(info, "proxy-url", config->proxy_url);
    if (config->insecure)
        json_object_set_new(info, "insecure-skip-tls-verify", json_true());
    if (config->ca) {
        STR_AUTO data = STR_INIT;
        base64_encode(BASE64_STANDARD, config->ca, strlen(config->ca), &data);
        json_set_text(info, "certificate-authority-data", str_text(&data));
    }
    const json_t *extensions = json_object_get(cluster, "extensions"), *extension;
    size_t at;
    json_array_foreach(extensions, at,
                       extension) if (text_equal(json_get_text(extension, "name"),
                                                 "client.authentication.k8s.io/exec"))
        json_object_set(info, "config", json_object_get(extension, "extension"));
    return info;
}

static bool read_exec(struct kube_config *config, const struct named *user, const json_t *cluster,
                      struct error *err)
{
    static const char *const versions[] = {"client.authentication.k8s.io/v1",
                                           "client.authentication.k8s.io/v1beta1"};
    static const char *const modes[] = {"Never", "IfAvailable", "Always"};
    const json_t *body = json_object_get(user->body, "exec");
    struct kube_exec *exec = arena_new_of(config->arena, struct kube_exec);
    exec->command = member(config, body, "command");
    exec->api_version = member(config, body, "apiVersion");
    if (!exec->command)
        return error_set(err, ERROR_INVALID, "exec: there is no command");
    bool known = false;
    for (size_t i = 0; i < ARRAY_LENGTH(versions); i++)
        known |= text_equal(exec->api_version, versions[i]);
    if (!known)
        return error_set(err, ERROR_INVALID, "exec: the apiVersion \"%s\" is none of %s and %s",
                         exec->api_version ? exec->api_version : "", versions[0], versions[1]);
    if (strchr(exec->command, '/') &&
        !(exec->command = resolve(config, user->folder, exec->command, err)))
        return error_wrap(err, "exec");
    exec->arguments = texts(config, json_object_get(body, "args"));
    exec->environment = environment(config, json_object_get(body, "env"));
    exec->install_hint = member(config, body, "installHint");
    exec->interactive = KUBE_INTERACTIVE_IF_AVAILABLE;
    for (size_t i = 0; i < ARRAY_LENGTH(modes); i++)
        if (text_equal(json_get_text(body, "interactiveMode"), modes[i]))
            exec->interactive = (enum kube_interactive)i;
    if (json_get_bool(body, "provideClusterInfo", false))
        exec->cluster = config->exec_cluster = exec_cluster(config, cluster);
    config->exec = exec;
    return true;
}

static bool read_user(struct kube_config *config, const struct named *user, const json_t *cluster,
                      struct error *err)
{
    config->client_certificate = certificate(config, user, "client-certificate", err);
    if (error_is_set(err))
        return false;
    config->client_key = credential(config, user, "client-key", err);
    if (error_is_set(err))
        return false;
    const char *token_file = member(config, user->body, "tokenFile");
    if (token_file && !(config->token_file = resolve(config, user->folder, token_file, err)))
        return false;
    config->token = secret_copy(json_get_text(user->body, "token"));
    config->username = member(config, user->body, "username");
    config->password = secret_copy(json_get_text(user->body, "password"));
    config->as_user = member(config, user->body, "as");
    config->as_uid = member(config, user->body, "as-uid");
    const json_t *groups = json_object_get(user->body, "as-groups");
    config->as_groups = json_array_size(groups) ? texts(config, groups) : NULL;
    return !json_object_get(user->body, "exec") || read_exec(config, user, cluster, err);
}

/* --- one configuration -------------------------------------------------------------------------- */

static const char *current_context(const struct files *files)
{
    for (size_t i = 0; i < files->count; i++) {
        const char *name = json_get_text(files->documents[i], "current-context");
        if (!text_empty(name))
            return name;
    }
    return NULL;
}

/* ": there are a, b", for a context that is not there. */
static bool no_context(const struct files *files, const char *name, struct error *err)
{
    STR_AUTO names = STR_INIT;
    for (size_t i = 0; i < files->count; i++) {
        const json_t *contexts = json_object_get(files->documents[i], "contexts"), *context;
        size_t at;
        json_array_foreach(contexts, at, context)
            str_printf(&names, "%s%s", names.length ? ", " : "",
                       json_get_text(context, "name") ? json_get_text(context, "name") : "");
    }
    return error_set(err, ERROR_NOT_FOUND, "the kubeconfig has no context \"%s\"; it has %s", name,
                     names.length ? str_text(&names) : "none");
}

static bool choose(const struct files *files, const struct kube_config_source *source,
                   struct error *err)
{
    struct kube_config *config = files->config;
    const char *name = source->context ? source->context : current_context(files);
    const json_t *context = find(files, "contexts", "context", name).body;
    bool needed = !source->cluster || !source->user;
    if (!name && needed)
        return error_set(err, ERROR_NOT_FOUND,
                         "the kubeconfig has no current-context: name a context");
    if (name && !context && (needed || source->context))
        return no_context(files, name, err);
    config->context = arena_strdup(config->arena, name);
    const char *cluster_name =
        source->cluster ? source->cluster : json_get_text(context, "cluster");
    const char *user_name = source->user ? source->user : json_get_text(context, "user");
    struct named cluster = find(files, "clusters", "cluster", cluster_name);
    struct named user = find(files, "users", "user", user_name);
    if (!cluster.body)
        return error_set(err, ERROR_NOT_FOUND, "the kubeconfig has no cluster \"%s\"",
                         cluster_name ? cluster_name : "");
    if (!text_empty(user_name) && !user.body)
        return error_set(err, ERROR_NOT_FOUND, "the kubeconfig has no user \"%s\"", user_name);
    const char *namespace = member(config, context, "namespace");
    if (namespace)
        config->default_namespace = namespace;
    if (!read_cluster(config, &cluster, err))
        return error_wrap(err, "cluster \"%s\"", cluster_name);
    if (!read_user(config, &user, cluster.body, err))
        return error_wrap(err, "user \"%s\"", user_name);
    return kube_config_check(config, err) || error_wrap(err, "context \"%s\"", name ? name : "");
}

struct kube_config *kube_config_load(const struct kube_config_source *source, struct error *err)
{
    struct kube_config *config = kube_config_new();
    struct files files = {.config = config};
    const char *paths = source->paths ? source->paths : getenv("KUBECONFIG");
    bool good = source->text ? add_text(&files, slice_from(source->text), NULL, err)
                             : add_files(&files, text_empty(paths) ? "~/.kube/config" : paths, err);
    good = good && choose(&files, source, err);
    files_free(&files);
    if (good)
        return config;
    error_wrap(err, "kubeconfig");
    kube_config_free(config);
    return NULL;
}

struct kube_config *kube_config_in_cluster(struct error *err)
{
    static const char folder[] = "/var/run/secrets/kubernetes.io/serviceaccount";
    const char *host = getenv("KUBERNETES_SERVICE_HOST"), *port = getenv("KUBERNETES_SERVICE_PORT");
    if (text_empty(host) || text_empty(port)) {
        error_set(err, ERROR_NOT_FOUND, "this process runs in no pod of a cluster");
        return NULL;
    }
    struct kube_config *config = kube_config_new();
    bool ipv6 = strchr(host, ':');
    config->context = "in-cluster";
    config->server = arena_printf(config->arena, "https://%s%s%s:%s", ipv6 ? "[" : "", host,
                                  ipv6 ? "]" : "", port);
    config->token_file = arena_printf(config->arena, "%s/token", folder);
    STR_AUTO ca = STR_INIT, namespace = STR_INIT;
    bool good = file_read(arena_printf(config->arena, "%s/ca.crt", folder), KUBE_CREDENTIAL_LIMIT,
                          &ca, err) &&
                file_read(arena_printf(config->arena, "%s/namespace", folder),
                          KUBE_CREDENTIAL_LIMIT, &namespace, err);
    if (good) {
        config->ca = str_copy_to(&ca, config->arena);
        config->default_namespace = str_copy_to(&namespace, config->arena);
        good = kube_config_check(config, err);
    }
    if (good)
        return config;
    error_wrap(err, "service account of this pod");
    kube_config_free(config);
    return NULL;
}
