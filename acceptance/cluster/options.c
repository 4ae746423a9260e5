#include "acceptance/cluster/options.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/file.h"
#include "lib/base/json.h"

enum { OPTIONS_LIMIT = 1024 * 1024, PORT_LIMIT = 65535 };

enum kind { TEXT, CHOICE, ADDRESS, NETWORK, FILE_PATH, URL, PORT, SECONDS, LIST, CHOICES, PAIRS };

enum lasting { CHANGES, NODE, CLUSTER }; /* of what the option is a lasting property */

struct option {
    const char *name;
    enum kind kind;
    const char *preset;  /* NULL: none */
    const char *choices; /* for CHOICE and CHOICES: separated by blanks */
    const char *help;
    enum lasting lasting;
};

static const struct option table[] = {
    {"level", CHOICE, "full", "control-plane full",
     "control-plane: etcd, API server, controllers, scheduler; full: a node as well"},
    {"with", CHOICES, NULL, "kwok metrics-server registry ingress",
     "more parts: kwok, metrics-server, registry, ingress"},
    {"port", PORT, "6443", NULL,
     "the API server answers on 127.0.0.1 at this port, the registry at the next one"},
    {"name", TEXT, "local", NULL, "the cluster's name in the kubeconfig"},
    {"node-name", TEXT, "10.0.10.2", NULL, "name of the real node; OKE takes its address", NODE},
    {"node-ip", ADDRESS, "10.0.10.2", NULL, "address of the real node", NODE},
    {"node-label", PAIRS, NULL, NULL, "a label of the real node (again for more)"},
    {"service-cidr", NETWORK, "10.96.0.0/16", NULL, "addresses of services", CLUSTER},
    {"pod-cidr", NETWORK, "10.244.0.0/16", NULL, "addresses of pods", CLUSTER},
    {"issuer", URL, "https://kubernetes.default.svc.cluster.local", NULL,
     "issuer of service account tokens", CLUSTER},
    {"token-webhook", URL, NULL, NULL, "who is asked whether a bearer token is good (TokenReview)"},
    {"token-webhook-ca", FILE_PATH, NULL, NULL, "PEM file of the authority of that URL"},
    {"token-cache", SECONDS, "10", NULL, "how long its answers are remembered"},
    {"audit", CHOICE, "none", "none metadata request",
     "what STATE/logs/audit.log holds of each request"},
    {"apiserver-flag", LIST, NULL, NULL, "a further flag of kube-apiserver (again for more)"},
    {"image", LIST, NULL, NULL, "an image archive that the node shall have (again for more)"},
    {"registry-host", PAIRS, NULL, NULL,
     "NAME=URL: images of the registry NAME come from URL (again for more)"},
    {"reach", LIST, NULL, NULL,
     "a port of this machine's 127.0.0.1 that the cluster may use, too (again for more)"},
};

static const struct option *find(const char *name, size_t length)
{
    for (size_t i = 0; i < ARRAY_LENGTH(table); i++)
        if (strlen(table[i].name) == length && strncmp(table[i].name, name, length) == 0)
            return &table[i];
    return NULL;
}

static bool is_list(const struct option *option)
{
    return option->kind == LIST || option->kind == CHOICES || option->kind == PAIRS;
}

static bool is_choice(const char *choices, struct slice value)
{
    for (struct slice rest = slice_from(choices), head; rest.length;) {
        bool found;
        rest = slice_cut(rest, ' ', &head, &found);
        if (slice_equal(head, value))
            return true;
    }
    return false;
}

/* A node's share is a /24 of it, and services want more than a handful. */
static bool is_network(const char *text)
{
    struct slice address;
    bool found;
    struct slice bits = slice_cut(slice_from(text), '/', &address, &found);
    CLEANUP(free_pointer) char *copy = mem_strndup(address.ptr, address.length);
    struct in_addr binary;
    long size = found ? strtol(bits.ptr, NULL, 10) : 0;
    return inet_pton(AF_INET, copy, &binary) == 1 && size >= 8 && size <= 24 &&
           (ntohl(binary.s_addr) & (UINT32_MAX >> size)) == 0;
}

static bool is_number(const char *text, long lowest, long highest)
{
    char *end = NULL;
    long number = strtol(text, &end, 10);
    return end != text && *end == '\0' && number >= lowest && number <= highest;
}

/* What is wrong with the value; NULL when nothing is. */
static const char *complaint(const struct option *option, const char *value)
{
    struct in_addr address;
    const char *equals = strchr(value, '=');
    switch (option->kind) {
    case CHOICE:
    case CHOICES:
        return is_choice(option->choices, slice_from(value)) ? NULL : option->choices;
    case ADDRESS:
        return inet_pton(AF_INET, value, &address) == 1 ? NULL : "an IPv4 address";
    case NETWORK:
        return is_network(value) ? NULL : "an IPv4 network of /8 to /24 (its first address)";
    case URL:
        return text_starts_with(value, "http://") || text_starts_with(value, "https://")
                   ? NULL
                   : "an http or https URL";
    case PORT:
        return is_number(value, 1024, PORT_LIMIT - 1) ? NULL : "a port from 1024 on";
    case SECONDS:
        return is_number(value, 0, 3600) ? NULL : "seconds, at most 3600";
    case FILE_PATH:
        return *value != '/'        ? "an absolute path"
               : file_exists(value) ? NULL
                                    : "a file that exists";
    case PAIRS:
        return equals && equals != value ? NULL : "NAME=VALUE";
    case TEXT:
    case LIST:
        return *value ? NULL : "not empty";
    }
    return NULL;
}

static bool set(json_t *options, const struct option *option, const char *value, bool first,
                struct error *err)
{
    const char *wrong = complaint(option, value);
    if (wrong)
        return error_set(err, ERROR_INVALID, "--%s %s: should be %s%s", option->name, value,
                         option->choices ? "one of: " : "", wrong);
    if (!is_list(option)) {
        json_set_text(options, option->name, value);
        return true;
    }
    if (first)
        json_object_set_new(options, option->name, json_array());
    json_array_append_new(json_object_get(options, option->name), json_string(value));
    return true;
}

/* "a,b" gives two values of a list of choices. */
static bool take(json_t *options, const struct option *option, const char *value, bool first,
                 struct error *err)
{
    if (option->kind != CHOICES)
        return set(options, option, value, first, err);
    for (struct slice rest = slice_from(value), head; rest.length; first = false) {
        bool found;
        rest = slice_cut(rest, ',', &head, &found);
        CLEANUP(free_pointer) char *one = mem_strndup(head.ptr, head.length);
        if (!set(options, option, one, first, err))
            return false;
    }
    return true;
}

bool options_parse(json_t *options, int count, char **arguments, struct error *err)
{
    bool seen[ARRAY_LENGTH(table)] = {false};
    for (int i = 0; i < count; i++) {
        const char *argument = arguments[i];
        const char *name = text_starts_with(argument, "--") ? argument + 2 : "";
        const char *equals = strchr(name, '=');
        const struct option *option = find(name, equals ? (size_t)(equals - name) : strlen(name));
        if (!option)
            return error_set(err, ERROR_INVALID, "unknown option %s (see local-cluster --help)",
                             argument);
        if (!equals && i + 1 == count)
            return error_set(err, ERROR_INVALID, "%s needs a value", argument);
        const char *value = equals ? equals + 1 : arguments[++i];
        size_t index = (size_t)(option - table);
        if (!take(options, option, value, !seen[index], err))
            return false;
        seen[index] = true;
    }
    return true;
}

bool options_may_follow(const json_t *options, const json_t *before, struct error *err)
{
    bool has_node = strcmp(options_text(before, "level"), "full") == 0 &&
                    strcmp(options_text(options, "level"), "full") == 0;
    for (size_t i = 0; i < ARRAY_LENGTH(table); i++) {
        const char *was = json_get_text(before, table[i].name);
        if (!was || table[i].lasting == CHANGES || (table[i].lasting == NODE && !has_node) ||
            strcmp(was, options_text(options, table[i].name)) == 0)
            continue;
        return error_set(err, ERROR_CONFLICT,
                         "--%s is %s and cannot change while there is %s: end it first (down%s)",
                         table[i].name, was, table[i].lasting == NODE ? "the node" : "this cluster",
                         table[i].lasting == NODE ? ", or --level control-plane" : " --purge");
    }
    return true;
}

void options_complete(json_t *options)
{
    for (size_t i = 0; i < ARRAY_LENGTH(table); i++)
        if (table[i].preset && !json_object_get(options, table[i].name))
            json_set_text(options, table[i].name, table[i].preset);
}

void options_describe(struct str *out)
{
    for (size_t i = 0; i < ARRAY_LENGTH(table); i++) {
        str_printf(out, "  --%-18s %s", table[i].name, table[i].help);
        if (table[i].preset)
            str_printf(out, " [%s]", table[i].preset);
        str_append_char(out, '\n');
    }
}

const char *options_text(const json_t *options, const char *name)
{
    const char *text = json_get_text(options, name);
    return text ? text : "";
}

long options_number(const json_t *options, const char *name)
{
    return strtol(options_text(options, name), NULL, 10);
}

const json_t *options_list(const json_t *options, const char *name)
{
    return json_object_get(options, name);
}

bool options_list_has(const json_t *options, const char *name, const char *value)
{
    size_t index;
    json_t *item;
    json_array_foreach(json_object_get(options, name), index, item)
    {
        if (text_equal(json_string_value(item), value))
            return true;
    }
    return false;
}

static char *options_path(const char *state)
{
    struct str path = STR_INIT;
    str_printf(&path, "%s/cluster.json", state);
    return str_steal(&path);
}

bool options_load(json_t **options, const char *state, struct error *err)
{
    CLEANUP(free_pointer) char *path = options_path(state);
    *options = NULL;
    if (!file_exists(path)) {
        *options = json_object();
        return true;
    }
    STR_AUTO text = STR_INIT;
    if (!file_read(path, OPTIONS_LIMIT, &text, err))
        return false;
    *options = json_parse(str_text(&text), text.length, err);
    return *options || error_wrap(err, "%s", path);
}

bool options_save(const json_t *options, const char *state, struct error *err)
{
    CLEANUP(free_pointer) char *path = options_path(state);
    STR_AUTO text = STR_INIT;
    json_write(options, false, &text);
    str_append_char(&text, '\n');
    return file_write_atomic(path, text.ptr, text.length, 0600, err);
}
