/* From Ingress objects to nginx' configuration. */
#include <stdlib.h>
#include <string.h>

#include "acceptance/cluster/ingress.h"
#include "lib/base/file.h"
#include "lib/base/json.h"
#include "lib/base/vec.h"

#define PREFIX "nginx.ingress.kubernetes.io/"
#define CLASS  "nginx"

enum { SECONDS_MOST = 24 * 3600 };

enum kind { TEXT, BOOLEAN, SECONDS, SIZE, PROTOCOL };

static const struct annotation {
    const char *name;
    enum kind kind;
    const char *directive; /* of nginx, for those that are handed on as they are */
} table[] = {
    {PREFIX "backend-protocol", PROTOCOL, NULL},
    {PREFIX "force-ssl-redirect", BOOLEAN, NULL},
    {PREFIX "proxy-body-size", SIZE, "client_max_body_size"},
    {PREFIX "proxy-connect-timeout", SECONDS, "proxy_connect_timeout"},
    {PREFIX "proxy-read-timeout", SECONDS, "proxy_read_timeout"},
    {PREFIX "proxy-send-timeout", SECONDS, "proxy_send_timeout"},
    {PREFIX "rewrite-target", TEXT, NULL},
    {PREFIX "ssl-redirect", BOOLEAN, NULL},
    {PREFIX "use-regex", BOOLEAN, NULL},
};

static const char *annotation(const json_t *ingress, const char *name)
{
    return json_get_text(json_at_path(ingress, "metadata.annotations"), name);
}

bool ingress_is_ours(const json_t *ingress)
{
    const char *class = json_get_text(json_object_get(ingress, "spec"), "ingressClassName");
    if (!class)
        class = annotation(ingress, "kubernetes.io/ingress.class");
    return text_equal(class, CLASS);
}

/* ---- checks --------------------------------------------------------------------------------- */

/* What stands between double quotes in nginx' configuration and cannot end them. */
static bool can_be_quoted(const char *text)
{
    size_t length = strlen(text);
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)text[i] < ' ' || text[i] == '"' || text[i] == 0x7f)
            return false;
    return length == 0 || text[length - 1] != '\\';
}

static bool is_size(const char *value)
{
    size_t digits = strspn(value, "0123456789");
    return digits > 0 && digits < 10 &&
           (value[digits] == '\0' || (strchr("kKmMgG", value[digits]) && !value[digits + 1]));
}

static bool is_good(enum kind kind, const char *value)
{
    char *end = NULL;
    long number;
    switch (kind) {
    case BOOLEAN:
        return text_equal(value, "true") || text_equal(value, "false");
    case SECONDS:
        number = strtol(value, &end, 10);
        return end != value && *end == '\0' && number > 0 && number <= SECONDS_MOST;
    case SIZE:
        return is_size(value);
    case PROTOCOL:
        return text_equal_nocase(value, "HTTP") || text_equal_nocase(value, "HTTPS");
    case TEXT:
        return *value == '/' && can_be_quoted(value);
    }
    return false;
}

static bool check_annotations(const json_t *ingress, struct str *ignored, struct error *err)
{
    static const char *const wanted[] = {[TEXT] = "a path",
                                         [BOOLEAN] = "true or false",
                                         [SECONDS] = "a number of seconds",
                                         [SIZE] = "a size",
                                         [PROTOCOL] = "\"HTTP\" or \"HTTPS\""};
    const char *name;
    json_t *value;
    json_object_foreach(json_at_path(ingress, "metadata.annotations"), name, value)
    {
        const struct annotation *known = NULL;
        for (size_t i = 0; i < ARRAY_LENGTH(table); i++)
            if (strcmp(table[i].name, name) == 0)
                known = &table[i];
        if (known && !is_good(known->kind, json_string_value(value)))
            return error_set(err, ERROR_INVALID, "annotation %s is \"%s\": should be %s", name,
                             json_string_value(value), wanted[known->kind]);
        if (!known && ignored && text_starts_with(name, PREFIX))
            str_printf(ignored, "%s%s", ignored->length ? ", " : "", name);
    }
    return true;
}

bool ingress_check(const json_t *ingress, struct str *ignored, struct error *err)
{
    size_t i, j;
    json_t *rule, *path;
    json_array_foreach(json_at_path(ingress, "spec.rules"), i, rule)
    {
        const char *host = json_get_text(rule, "host");
        if (host && strspn(host, "abcdefghijklmnopqrstuvwxyz0123456789-.*") != strlen(host))
            return error_set(err, ERROR_INVALID, "the host \"%s\" is no name", host);
        json_array_foreach(json_at_path(rule, "http.paths"), j, path)
        {
            const char *text = json_get_text(path, "path");
            if (text && !can_be_quoted(text))
                return error_set(err, ERROR_INVALID, "the path \"%s\" cannot be served", text);
            if (!json_object_get(json_object_get(path, "backend"), "service"))
                return error_set(err, ERROR_INVALID, "the backend of \"%s\" is no service",
                                 text ? text : "/");
        }
    }
    return check_annotations(ingress, ignored, err);
}

/* ---- rendering ------------------------------------------------------------------------------ */

struct location {
    const json_t *ingress;
    const char *path, *type;
    const json_t *backend;
};

struct host {
    const char *name; /* "" for rules without a host */
    const char *certificate_namespace, *certificate;
    bool by_patterns; /* regular expressions or rewriting: then all its paths are patterns */
    VEC(struct location) locations;
};

struct hosts {
    VEC(struct host) all;
};

static struct host *host_named(struct hosts *hosts, const char *name)
{
    for (size_t i = 0; i < hosts->all.count; i++)
        if (strcmp(hosts->all.items[i].name, name) == 0)
            return &hosts->all.items[i];
    vec_push(&hosts->all, (struct host){.name = name});
    return &hosts->all.items[hosts->all.count - 1];
}

static bool is_true(const json_t *ingress, const char *name)
{
    return text_equal(annotation(ingress, name), "true");
}

static void add_rule(struct hosts *hosts, const json_t *ingress, const json_t *rule)
{
    const char *name = json_get_text(rule, "host");
    struct host *host = host_named(hosts, name ? name : "");
    host->by_patterns |= is_true(ingress, PREFIX "use-regex") ||
                         annotation(ingress, PREFIX "rewrite-target") != NULL;
    size_t index;
    json_t *path;
    json_array_foreach(json_at_path(rule, "http.paths"), index, path)
    {
        const char *text = json_get_text(path, "path");
        vec_push(&host->locations,
                 (struct location){.ingress = ingress,
                                   .path = text_empty(text) ? "/" : text,
                                   .type = json_get_text(path, "pathType"),
                                   .backend = json_at_path(path, "backend.service")});
    }
}

static void add_certificates(struct hosts *hosts, const json_t *ingress)
{
    size_t i, j;
    json_t *tls, *name;
    json_array_foreach(json_at_path(ingress, "spec.tls"), i, tls)
    {
        json_array_foreach(json_object_get(tls, "hosts"), j, name)
        {
            struct host *host = host_named(hosts, json_string_value(name));
            host->certificate = json_get_text(tls, "secretName");
            host->certificate_namespace =
                json_get_text(json_object_get(ingress, "metadata"), "namespace");
        }
    }
}

/* The longest first: patterns are tried in their order. */
static int by_length(const void *a, const void *b)
{
    size_t first = strlen(((const struct location *)a)->path);
    size_t second = strlen(((const struct location *)b)->path);
    return first < second ? 1 : first > second ? -1 : 0;
}

/* "10.96.1.2:80", or nothing when there is no such service or port. */
static void append_backend(const struct location *location, const json_t *services, struct str *out)
{
    STR_AUTO key = STR_INIT;
    str_printf(&key, "%s/%s",
               json_get_text(json_object_get(location->ingress, "metadata"), "namespace"),
               json_get_text(location->backend, "name"));
    const json_t *service = json_object_get(services, str_text(&key));
    const char *address = json_get_text(json_object_get(service, "spec"), "clusterIP");
    const json_t *wanted = json_object_get(location->backend, "port");
    size_t index;
    json_t *port;
    json_array_foreach(json_at_path(service, "spec.ports"), index, port)
    {
        bool same =
            json_get_text(wanted, "name")
                ? text_equal(json_get_text(port, "name"), json_get_text(wanted, "name"))
                : json_get_integer(port, "port", 0) == json_get_integer(wanted, "number", 0);
        if (same && address && strcmp(address, "None") != 0)
            str_printf(out, "%s:%ld", address, (long)json_get_integer(port, "port", 0));
    }
}

static void render_body(const struct location *location, const json_t *services, bool secure,
                        struct str *out)
{
    const json_t *ingress = location->ingress;
    const char *target = annotation(ingress, PREFIX "rewrite-target");
    const char *protocol = annotation(ingress, PREFIX "backend-protocol");
    bool redirect = is_true(ingress, PREFIX "force-ssl-redirect") ||
                    (secure && !text_equal(annotation(ingress, PREFIX "ssl-redirect"), "false"));
    for (size_t i = 0; i < ARRAY_LENGTH(table); i++) {
        const char *value = annotation(ingress, table[i].name);
        if (table[i].directive && value)
            str_printf(out, "        %s %s%s;\n", table[i].directive, value,
                       table[i].kind == SECONDS ? "s" : "");
    }
    if (redirect)
        str_append(out, "        if ($scheme = http) { return 308 https://$host$request_uri; }\n");
    if (target)
        str_printf(out, "        rewrite \"(?i)%s\" \"%s\" break;\n", location->path, target);
    STR_AUTO backend = STR_INIT;
    append_backend(location, services, &backend);
    if (backend.length)
        str_printf(out, "        proxy_pass %s://%s;\n",
                   text_equal_nocase(protocol, "HTTPS") ? "https" : "http", str_text(&backend));
    else
        str_append(out, "        return 503;\n");
    str_append(out, "    }\n");
}

static void render_location(const struct location *location, const struct host *host,
                            const json_t *services, bool secure, struct str *out)
{
    size_t length = strlen(location->path);
    bool whole = length == 1 || location->path[length - 1] == '/';
    if (host->by_patterns) {
        str_printf(out, "    location ~* \"^%s%s\" {\n", location->path,
                   text_equal(location->type, "Exact") ? "$" : "");
        render_body(location, services, secure, out);
        return;
    }
    if (text_equal(location->type, "Exact") || !whole) {
        str_printf(out, "    location = \"%s\" {\n", location->path);
        render_body(location, services, secure, out);
    }
    if (text_equal(location->type, "Exact"))
        return;
    /* A prefix is one of whole path elements: /api does not match /apis. */
    str_printf(out, "    location \"%s%s\" {\n", location->path, whole ? "" : "/");
    render_body(location, services, secure, out);
}

static void render_certificate(const struct host *host, const char *folder, struct str *out)
{
    STR_AUTO path = STR_INIT;
    str_printf(&path, "%s/%s.%s", folder, host->certificate_namespace, host->certificate);
    STR_AUTO certificate = STR_INIT;
    str_printf(&certificate, "%s.crt", str_text(&path));
    if (file_exists(str_text(&certificate)))
        str_printf(out, "    ssl_certificate %s.crt;\n    ssl_certificate_key %s.key;\n",
                   str_text(&path), str_text(&path));
}

static void render_host(struct host *host, const json_t *services, const char *certificates,
                        struct str *out)
{
    if (host->locations.count == 0)
        return;
    if (host->by_patterns)
        qsort(host->locations.items, host->locations.count, sizeof(*host->locations.items),
              by_length);
    str_printf(out,
               "server {\n    listen " CLUSTER_API_ADDRESS ":8080;\n    listen " CLUSTER_API_ADDRESS
               ":8443 ssl;\n    server_name %s;\n",
               *host->name ? host->name : "~."); /* any that no other server has */
    if (host->certificate)
        render_certificate(host, certificates, out);
    for (size_t i = 0; i < host->locations.count; i++)
        render_location(&host->locations.items[i], host, services, host->certificate != NULL, out);
    str_append(out, "}\n");
}

void ingress_render(const json_t *ingresses, const json_t *services, const char *certificates,
                    struct str *out)
{
    struct hosts hosts = {0};
    size_t i, j;
    json_t *ingress, *rule;
    json_array_foreach(ingresses, i, ingress)
    {
        json_array_foreach(json_at_path(ingress, "spec.rules"), j, rule)
        {
            add_rule(&hosts, ingress, rule);
        }
        add_certificates(&hosts, ingress);
    }
    for (size_t at = 0; at < hosts.all.count; at++) {
        render_host(&hosts.all.items[at], services, certificates, out);
        vec_free(&hosts.all.items[at].locations);
    }
    vec_free(&hosts.all);
}
