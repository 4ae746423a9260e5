/* The annotations of OKE's cloud controller manager (1.35), as data. */
#include <stdlib.h>
#include <string.h>

#include "acceptance/cluster/load_balancer.h"
#include "lib/base/json.h"

#define LB  "service.beta.kubernetes.io/oci-load-balancer-"
#define OCI "oci.oraclecloud.com/"
#define NLB "oci-network-load-balancer.oraclecloud.com/"

enum { FLEXIBLE_LEAST_MBPS = 10, FLEXIBLE_MOST_MBPS = 8192 };

enum kind { TEXT, BOOLEAN, NUMBER, CHOICE, OCID, OCIDS, PORTS, JSON };

static const struct annotation {
    const char *name;
    enum kind kind;
    const char *choices; /* separated by blanks */
    long least, most;
} table[] = {
    {LB "internal", BOOLEAN, NULL, 0, 0},
    {LB "shape", CHOICE, "100Mbps 400Mbps 8000Mbps flexible", 0, 0},
    {LB "shape-flex-min", NUMBER, NULL, 1, FLEXIBLE_MOST_MBPS},
    {LB "shape-flex-max", NUMBER, NULL, 1, FLEXIBLE_MOST_MBPS},
    {LB "subnet1", OCID, "ocid1.subnet.", 0, 0},
    {LB "subnet2", OCID, "ocid1.subnet.", 0, 0},
    {LB "ssl-ports", PORTS, NULL, 0, 0},
    {LB "tls-secret", TEXT, NULL, 0, 0},
    {LB "tls-backendset-secret", TEXT, NULL, 0, 0},
    {LB "backend-protocol", CHOICE, "TCP HTTP HTTP2 GRPC", 0, 0},
    {LB "connection-idle-timeout", NUMBER, NULL, 1, 7200},
    {LB "connection-proxy-protocol-version", NUMBER, NULL, 1, 2},
    {LB "health-check-retries", NUMBER, NULL, 1, 100},
    {LB "health-check-timeout", NUMBER, NULL, 1, 600000},
    {LB "health-check-interval", NUMBER, NULL, 1000, 1800000},
    {LB "security-list-management-mode", CHOICE, "All Frontend None", 0, 0},
    {OCI "load-balancer-type", CHOICE, "lb nlb", 0, 0},
    {OCI "oci-network-security-groups", OCIDS, "ocid1.networksecuritygroup.", 0, 5},
    {OCI "oci-backend-network-security-group", OCIDS, "ocid1.networksecuritygroup.", 0, 5},
    {OCI "security-rule-management-mode", CHOICE, "SL-All SL-Frontend NSG None", 0, 0},
    {OCI "loadbalancer-policy", CHOICE, "ROUND_ROBIN LEAST_CONNECTIONS IP_HASH", 0, 0},
    {OCI "oci-load-balancer-listener-ssl-config", JSON, NULL, 0, 0},
    {OCI "oci-load-balancer-backendset-ssl-config", JSON, NULL, 0, 0},
    {OCI "oci-load-balancer-rule-sets", JSON, NULL, 0, 0},
    {OCI "node-label-selector", TEXT, NULL, 0, 0},
    {OCI "initial-freeform-tags-override", JSON, NULL, 0, 0},
    {OCI "initial-defined-tags-override", JSON, NULL, 0, 0},
    {OCI "ingress-ip-mode", CHOICE, "VIP Proxy", 0, 0},
    {OCI "workload-service-account", TEXT, NULL, 0, 0},
    {NLB "internal", BOOLEAN, NULL, 0, 0},
    {NLB "subnet", OCID, "ocid1.subnet.", 0, 0},
    {NLB "oci-network-security-groups", OCIDS, "ocid1.networksecuritygroup.", 0, 5},
    {NLB "backend-policy", CHOICE, "FIVE_TUPLE THREE_TUPLE TWO_TUPLE", 0, 0},
    {NLB "security-list-management-mode", CHOICE, "All Frontend None", 0, 0},
    {NLB "health-check-retries", NUMBER, NULL, 1, 100},
    {NLB "health-check-timeout", NUMBER, NULL, 1, 600000},
    {NLB "health-check-interval", NUMBER, NULL, 1000, 1800000},
    {NLB "is-preserve-source", BOOLEAN, NULL, 0, 0},
    {NLB "is-ppv2-enabled", BOOLEAN, NULL, 0, 0},
    {NLB "external-ip-only", BOOLEAN, NULL, 0, 0},
    {NLB "assigned-private-ipv4", TEXT, NULL, 0, 0},
    {NLB "assigned-ipv6", TEXT, NULL, 0, 0},
    {NLB "node-label-selector", TEXT, NULL, 0, 0},
    {NLB "initial-freeform-tags-override", JSON, NULL, 0, 0},
    {NLB "initial-defined-tags-override", JSON, NULL, 0, 0},
    {NLB "freeform-tags", JSON, NULL, 0, 0},
    {NLB "defined-tags", JSON, NULL, 0, 0},
};

static const struct annotation *find(const char *name)
{
    for (size_t i = 0; i < ARRAY_LENGTH(table); i++)
        if (strcmp(table[i].name, name) == 0)
            return &table[i];
    return NULL;
}

/* A number of only digits; "10Mbps" is a mistake that the documentation of shapes invites. */
static bool is_number(const char *text, long least, long most)
{
    char *end = NULL;
    long number = strtol(text, &end, 10);
    return *text >= '0' && *text <= '9' && *end == '\0' && number >= least && number <= most;
}

/* Visits the parts of a comma list; false when one does not please, or there are too many. */
static bool all_parts(const struct annotation *annotation, const char *value,
                      bool (*good)(const struct annotation *, const char *))
{
    long count = 0;
    for (struct slice rest = slice_from(value), head; rest.length; count++) {
        bool found;
        rest = slice_cut(rest, ',', &head, &found);
        head = slice_trim(head);
        CLEANUP(free_pointer) char *one = mem_strndup(head.ptr, head.length);
        if (!good(annotation, one))
            return false;
    }
    return count > 0 && (!annotation->most || count <= annotation->most);
}

static bool is_port(const struct annotation *annotation, const char *text)
{
    (void)annotation;
    return is_number(text, 1, 65535);
}

static bool is_ocid(const struct annotation *annotation, const char *text)
{
    return text_starts_with(text, annotation->choices);
}

static bool is_choice(const struct annotation *annotation, const char *value)
{
    for (struct slice rest = slice_from(annotation->choices), head; rest.length;) {
        bool found;
        rest = slice_cut(rest, ' ', &head, &found);
        if (slice_equal_text(head, value))
            return true;
    }
    return false;
}

static bool is_json(const char *value)
{
    ERROR_AUTO(ignored);
    JSON_AUTO json = json_parse(value, strlen(value), &ignored);
    return json_is_object(json) || json_is_array(json);
}

static bool check_value(const struct annotation *annotation, const char *value, struct error *err)
{
    const char *wanted = NULL;
    switch (annotation->kind) {
    case BOOLEAN:
        wanted = strcmp(value, "true") == 0 || strcmp(value, "false") == 0 ? NULL : "true or false";
        break;
    case NUMBER:
        if (!is_number(value, annotation->least, annotation->most))
            return error_set(err, ERROR_INVALID,
                             "annotation %s is \"%s\": should be a number from %ld to %ld, without "
                             "unit",
                             annotation->name, value, annotation->least, annotation->most);
        break;
    case CHOICE:
        if (!is_choice(annotation, value))
            return error_set(err, ERROR_INVALID, "annotation %s is \"%s\": should be one of %s",
                             annotation->name, value, annotation->choices);
        break;
    case OCID:
        wanted = is_ocid(annotation, value) ? NULL : "an OCID of that type of resource";
        break;
    case OCIDS:
        wanted = all_parts(annotation, value, is_ocid)
                     ? NULL
                     : "at most five OCIDs of that type of resource, separated by commas";
        break;
    case PORTS:
        wanted = all_parts(annotation, value, is_port) ? NULL : "ports, separated by commas";
        break;
    case JSON:
        wanted = is_json(value) ? NULL : "JSON";
        break;
    case TEXT:
        wanted = *value ? NULL : "not empty";
        break;
    }
    return !wanted || error_set(err, ERROR_INVALID, "annotation %s is \"%s\": should be %s",
                                annotation->name, value, wanted);
}

static bool looks_like_ours(const char *name)
{
    return text_starts_with(name, LB) || text_starts_with(name, NLB) ||
           text_starts_with(name, OCI "oci-") || text_starts_with(name, OCI "load");
}

static void note_unknown(const char *name, struct str *unknown)
{
    const char *names[ARRAY_LENGTH(table)];
    for (size_t i = 0; i < ARRAY_LENGTH(table); i++)
        names[i] = table[i].name;
    const char *nearest = text_nearest(name, names, ARRAY_LENGTH(names));
    str_printf(unknown, "%s%s", unknown->length ? ", " : "", name);
    if (nearest)
        str_printf(unknown, " (did you mean %s?)", nearest);
}

static bool check_flexible(const json_t *annotations, struct error *err)
{
    const char *least = json_get_text(annotations, LB "shape-flex-min");
    const char *most = json_get_text(annotations, LB "shape-flex-max");
    if (!text_equal(json_get_text(annotations, LB "shape"), "flexible"))
        return true;
    if (!least || !most)
        return error_set(err, ERROR_INVALID,
                         "the flexible shape needs both annotations " LB "shape-flex-min and -max");
    return strtol(least, NULL, 10) <= strtol(most, NULL, 10) ||
           error_set(err, ERROR_INVALID,
                     "the flexible shape's minimum of %s Mbps is above its maximum of %s Mbps",
                     least, most);
}

static bool check_ports(const json_t *service, bool network, struct error *err)
{
    size_t index;
    json_t *port;
    json_array_foreach(json_at_path(service, "spec.ports"), index, port)
    {
        const char *protocol = json_get_text(port, "protocol");
        if (!network && protocol && strcmp(protocol, "TCP") != 0)
            return error_set(err, ERROR_INVALID,
                             "port %ld is %s: a load balancer takes TCP; " OCI
                             "load-balancer-type \"nlb\" takes UDP, too",
                             (long)json_get_integer(port, "port", 0), protocol);
    }
    return true;
}

bool load_balancer_check(const json_t *service, struct str *unknown, struct error *err)
{
    json_t *annotations = json_at_path(service, "metadata.annotations");
    const char *name;
    json_t *value;
    json_object_foreach(annotations, name, value)
    {
        const struct annotation *annotation = find(name);
        if (annotation && !check_value(annotation, json_string_value(value), err))
            return false;
        if (!annotation && unknown && looks_like_ours(name))
            note_unknown(name, unknown);
    }
    bool network = text_equal(json_get_text(annotations, OCI "load-balancer-type"), "nlb");
    return check_flexible(annotations, err) && check_ports(service, network, err);
}

/* The controller brings a flexible shape's numbers into the range that the service takes. */
static long clamp(const char *text)
{
    long number = text ? strtol(text, NULL, 10) : 0;
    return number < FLEXIBLE_LEAST_MBPS  ? FLEXIBLE_LEAST_MBPS
           : number > FLEXIBLE_MOST_MBPS ? FLEXIBLE_MOST_MBPS
                                         : number;
}

json_t *load_balancer_describe(const json_t *service)
{
    const json_t *annotations = json_at_path(service, "metadata.annotations");
    bool network = text_equal(json_get_text(annotations, OCI "load-balancer-type"), "nlb");
    const char *internal = json_get_text(annotations, network ? NLB "internal" : LB "internal");
    const char *shape = json_get_text(annotations, LB "shape");
    json_t *result = json_object();
    json_set_text(result, "type", network ? "nlb" : "lb");
    json_object_set_new(result, "internal", json_boolean(text_equal(internal, "true")));
    if (network)
        return result;
    json_set_text(result, "shape", shape ? shape : "100Mbps");
    if (text_equal(shape, "flexible")) {
        const char *least = json_get_text(annotations, LB "shape-flex-min");
        const char *most = json_get_text(annotations, LB "shape-flex-max");
        json_object_set_new(result, "minimum_mbps", json_integer(clamp(least)));
        json_object_set_new(result, "maximum_mbps", json_integer(clamp(most)));
    }
    return result;
}
