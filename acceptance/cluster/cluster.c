#include "acceptance/cluster/cluster.h"

#include <arpa/inet.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "acceptance/cluster/config.h"
#include "acceptance/cluster/options.h"
#include "acceptance/cluster/pki.h"
#include "lib/base/encoding.h"
#include "lib/base/file.h"
#include "lib/base/json.h"
#include "lib/net/url.h"

enum { CGROUP_DIGITS = 12, OKE_DNS_HOST = 5 * 256 + 5 };

/* What the namespaces have for themselves hides what the machine has there. */
bool cluster_check_place(const char *state, struct error *err)
{
    static const char *const hidden[] = {"/run/", "/var/lib/", "/var/log/", "/proc/", "/sys/"};
    for (size_t i = 0; i < ARRAY_LENGTH(hidden); i++)
        if (text_starts_with(state, hidden[i]))
            return error_set(err, ERROR_INVALID,
                             "the state folder %s cannot be below %s, which each cluster has for "
                             "itself",
                             state, hidden[i]);
    return true;
}

struct cluster *cluster_open(const char *state, int count, char **arguments, struct error *err)
{
    struct cluster *cluster = mem_calloc(1, sizeof(*cluster));
    cluster->state = realpath(state, NULL);
    if (!cluster->state) {
        error_set_errno(err, "state folder %s", state);
    } else if (cluster_check_place(cluster->state, err) &&
               options_load(&cluster->options, cluster->state, err) &&
               options_parse(cluster->options, count, arguments, err)) {
        options_complete(cluster->options);
        unsigned char digest[SHA256_SIZE];
        sha256_digest(cluster->state, strlen(cluster->state), digest);
        STR_AUTO name = STR_INIT;
        str_append(&name, "okestra-");
        hex_encode(digest, CGROUP_DIGITS / 2, &name);
        cluster->cgroup = str_steal(&name);
        return cluster;
    }
    cluster_free(cluster);
    return NULL;
}

void cluster_free(struct cluster *cluster)
{
    if (!cluster)
        return;
    free(cluster->state);
    free(cluster->cgroup);
    json_decref(cluster->options);
    json_decref(cluster->variables);
    free(cluster);
}

void cluster_free_pointer(struct cluster **cluster)
{
    cluster_free(*cluster);
}

bool cluster_has_node(const struct cluster *cluster)
{
    return strcmp(options_text(cluster->options, "level"), "full") == 0;
}

bool cluster_has(const struct cluster *cluster, const char *feature)
{
    return options_list_has(cluster->options, "with", feature);
}

char *cluster_path(const struct cluster *cluster, const char *name)
{
    struct str path = STR_INIT;
    str_printf(&path, "%s/%s", cluster->state, name);
    return str_steal(&path);
}

const char *cluster_binaries(void)
{
    static char path[PATH_MAX];
    if (*path)
        return path;
    ssize_t length = readlink("/proc/self/exe", path, sizeof(path) - sizeof("/cluster"));
    char *slash = length > 0 ? memrchr(path, '/', (size_t)length) : NULL;
    if (!slash)
        fatal_error("/proc/self/exe cannot be read");
    memcpy(slash, "/cluster", sizeof("/cluster"));
    return path;
}

/* The address number `host` of a network; with_size: as the network of /24 that starts there. */
static void set_address(struct cluster *cluster, const char *name, const char *network,
                        uint32_t host, bool with_size)
{
    struct slice address;
    bool found;
    slice_cut(slice_from(network), '/', &address, &found);
    CLEANUP(free_pointer) char *copy = mem_strndup(address.ptr, address.length);
    struct in_addr binary;
    inet_pton(AF_INET, copy, &binary); /* the options are checked */
    binary.s_addr = htonl(ntohl(binary.s_addr) + host);
    char text[INET_ADDRSTRLEN];
    inet_ntop(AF_INET, &binary, text, sizeof(text));
    STR_AUTO value = STR_INIT;
    str_printf(&value, "%s%s", text, with_size ? "/24" : "");
    json_set_text(cluster->variables, name, str_text(&value));
}

/* OKE's node labels, and those of the options. */
static void set_node_labels(struct cluster *cluster)
{
    static const char usual[] =
        "oci.oraclecloud.com/fault-domain=FAULT-DOMAIN-1,topology.kubernetes.io/"
        "region=us-ashburn-1,"
        "topology.kubernetes.io/zone=US-ASHBURN-AD-1,node.kubernetes.io/instance-type="
        "VM.Standard.A1.Flex";
    STR_AUTO labels = STR_INIT;
    const json_t *given = options_list(cluster->options, "node-label");
    /* Later ones win in the kubelet, which wants each key once. */
    for (struct slice rest = slice_from(usual), head; rest.length;) {
        bool found;
        struct slice key;
        rest = slice_cut(rest, ',', &head, &found);
        slice_cut(head, '=', &key, &found);
        bool replaced = false;
        size_t index;
        json_t *item;
        json_array_foreach(given, index, item)
        {
            struct slice name;
            slice_cut(slice_from(json_string_value(item)), '=', &name, &found);
            replaced |= slice_equal(name, key);
        }
        if (replaced)
            continue;
        str_append(&labels, labels.length ? "," : "");
        str_append_slice(&labels, head);
    }
    size_t index;
    json_t *item;
    json_array_foreach(given, index, item)
    {
        str_append(&labels, labels.length ? "," : "");
        str_append(&labels, json_string_value(item));
    }
    json_set_text(cluster->variables, "NODE_LABELS", str_text(&labels));
}

static void set_variables(struct cluster *cluster)
{
    const json_t *options = cluster->options;
    const struct {
        const char *name, *value;
    } plain[] = {
        {"STATE", cluster->state},
        {"BINARIES", cluster_binaries()},
        {"CGROUP", cluster->cgroup},
        {"API_ADDRESS", CLUSTER_API_ADDRESS},
        {"NODE", options_text(options, "node-name")},
        {"NODE_IP", options_text(options, "node-ip")},
        {"SERVICE_CIDR", options_text(options, "service-cidr")},
        {"POD_CIDR", options_text(options, "pod-cidr")},
        {"ISSUER", options_text(options, "issuer")},
        {"TOKEN_CACHE", options_text(options, "token-cache")},
        {"TOKEN_WEBHOOK", options_text(options, "token-webhook")},
        {"AUDIT_LEVEL",
         strcmp(options_text(options, "audit"), "request") == 0 ? "Request" : "Metadata"},
    };
    json_decref(cluster->variables);
    cluster->variables = json_object();
    for (size_t i = 0; i < ARRAY_LENGTH(plain); i++)
        json_set_text(cluster->variables, plain[i].name, plain[i].value);
    STR_AUTO authority = STR_INIT;
    if (*options_text(options, "token-webhook-ca"))
        str_printf(&authority, ", certificate-authority: \"%s\"",
                   options_text(options, "token-webhook-ca"));
    json_set_text(cluster->variables, "TOKEN_WEBHOOK_CA", str_text(&authority));
    set_address(cluster, "KUBERNETES_IP", options_text(options, "service-cidr"), 1, false);
    set_address(cluster, "NODE_POD_CIDR", options_text(options, "pod-cidr"), 0, true);
    /* OKE puts its DNS at 10.96.5.5; a network of /24 is too small for that. */
    bool small = text_ends_with(options_text(options, "service-cidr"), "/24") ||
                 text_ends_with(options_text(options, "service-cidr"), "/23") ||
                 text_ends_with(options_text(options, "service-cidr"), "/22");
    set_address(cluster, "DNS_IP", options_text(options, "service-cidr"), small ? 10 : OKE_DNS_HOST,
                false);
    set_node_labels(cluster);
}

bool cluster_expand(const struct cluster *cluster, const char *text, struct str *out,
                    struct error *err)
{
    for (const char *at; (at = strstr(text, "${")); text = at + 1) {
        str_append_bytes(out, text, (size_t)(at - text));
        const char *end = strchr(at, '}');
        if (!end)
            return error_set(err, ERROR_INTERNAL, "a variable without end: %.20s", at);
        CLEANUP(free_pointer) char *name = mem_strndup(at + 2, (size_t)(end - at - 2));
        const char *value = json_get_text(cluster->variables, name);
        if (!value)
            return error_set(err, ERROR_INTERNAL, "no variable ${%s}", name);
        str_append(out, value);
        at = end;
    }
    str_append(out, text);
    return true;
}

static bool make_certificates(const struct cluster *cluster, struct error *err)
{
    CLEANUP(free_pointer) char *pki = cluster_path(cluster, "pki");
    STR_AUTO names = STR_INIT;
    return cluster_expand(cluster,
                          "IP:127.0.0.1,IP:${API_ADDRESS},IP:${KUBERNETES_IP},DNS:localhost,"
                          "DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,"
                          "DNS:kubernetes.default.svc.cluster.local",
                          &names, err) &&
           pki_make(pki, str_text(&names), err) &&
           (!cluster_has_node(cluster) ||
            pki_make_node(pki, options_text(cluster->options, "node-name"),
                          options_text(cluster->options, "node-ip"), err));
}

/* The parts reach the API server at its own address, everybody else through this machine's port. */
static bool write_kubeconfigs(const struct cluster *cluster, struct error *err)
{
    static const char *const parts[] = {"kube-controller-manager", "kube-scheduler", "kube-proxy",
                                        "coredns", "cloud"};
    const char *name = options_text(cluster->options, "name");
    CLEANUP(free_pointer) char *pki = cluster_path(cluster, "pki");
    CLEANUP(free_pointer) char *admin = cluster_path(cluster, "kubeconfig");
    STR_AUTO inside = STR_INIT;
    STR_AUTO outside = STR_INIT;
    str_printf(&inside, "https://%s:%d", CLUSTER_API_ADDRESS, CLUSTER_API_PORT);
    str_printf(&outside, "https://127.0.0.1:%s", options_text(cluster->options, "port"));
    if (!pki_write_kubeconfig(admin, pki, "admin", name, str_text(&outside), err))
        return false;
    for (size_t i = 0; i < ARRAY_LENGTH(parts); i++) {
        STR_AUTO path = STR_INIT;
        str_printf(&path, "%s/config/%s.kubeconfig", cluster->state, parts[i]);
        if (!pki_write_kubeconfig(str_text(&path), pki, parts[i], name, str_text(&inside), err))
            return false;
    }
    CLEANUP(free_pointer) char *node = cluster_path(cluster, "config/node.kubeconfig");
    return !cluster_has_node(cluster) ||
           pki_write_kubeconfig(node, pki, "node", name, str_text(&inside), err);
}

static bool write_configuration(const struct cluster *cluster, struct error *err)
{
    for (const struct config_file *file = config_files; file->name; file++) {
        STR_AUTO path = STR_INIT;
        STR_AUTO text = STR_INIT;
        str_printf(&path, "%s/config/%s", cluster->state, file->name);
        if (!cluster_expand(cluster, file->text, &text, err) ||
            !file_write_atomic(str_text(&path), str_text(&text), text.length, 0600, err))
            return error_wrap(err, "configuration file %s", file->name);
    }
    return true;
}

/* Where containerd asks for the images of a registry: only there, never the real one. */
static bool write_registry(const struct cluster *cluster, const char *name, const char *url,
                           struct error *err)
{
    STR_AUTO path = STR_INIT;
    STR_AUTO text = STR_INIT;
    str_printf(&path, "%s/config/registries/%s", cluster->state, name);
    if (!file_make_directories(str_text(&path), 0755, err))
        return false;
    str_append(&path, "/hosts.toml");
    str_printf(&text,
               "server = \"%s\"\n\n[host.\"%s\"]\n  capabilities = [\"pull\", \"resolve\"]\n", url,
               url);
    return file_write_atomic(str_text(&path), text.ptr, text.length, 0644, err);
}

static bool write_registries(const struct cluster *cluster, struct error *err)
{
    STR_AUTO own = STR_INIT;
    STR_AUTO name = STR_INIT;
    str_printf(&own, "http://%s:%d", CLUSTER_API_ADDRESS, CLUSTER_REGISTRY_PORT);
    /* What is pushed to this machine's port is pulled by the same name. */
    str_printf(&name, "127.0.0.1:%ld", options_number(cluster->options, "port") + 1);
    if (cluster_has(cluster, "registry") &&
        !write_registry(cluster, str_text(&name), str_text(&own), err))
        return false;
    size_t index;
    json_t *item;
    json_array_foreach(options_list(cluster->options, "registry-host"), index, item)
    {
        struct slice host;
        bool found;
        struct slice url = slice_cut(slice_from(json_string_value(item)), '=', &host, &found);
        CLEANUP(free_pointer) char *copy = mem_strndup(host.ptr, host.length);
        if (strchr(copy, '/'))
            return error_set(err, ERROR_INVALID, "--registry-host %s: \"%s\" is no registry name",
                             json_string_value(item), copy);
        URL_AUTO(parsed);
        bool own_one = slice_equal_text(url, "registry");
        if (!own_one && !url_parse(url.ptr, &parsed, err))
            return error_wrap(err, "--registry-host %s", json_string_value(item));
        if (!write_registry(cluster, copy, own_one ? str_text(&own) : url.ptr, err))
            return false;
    }
    return true;
}

bool cluster_prepare(struct cluster *cluster, struct error *err)
{
    static const char *const folders[] = {"config/cni", "config/registries", "etcd",
                                          "logs/pods",  "volumes",           "registry",
                                          "kubelet",    "containerd/opt"};
    for (size_t i = 0; i < ARRAY_LENGTH(folders); i++) {
        CLEANUP(free_pointer) char *path = cluster_path(cluster, folders[i]);
        if (!file_make_directories(path, 0700, err))
            return false;
    }
    set_variables(cluster);
    return make_certificates(cluster, err) && write_kubeconfigs(cluster, err) &&
           write_configuration(cluster, err) && write_registries(cluster, err);
}
