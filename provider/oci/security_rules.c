#include "provider/oci/security_rules.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/json.h"

const char *const security_list_peer_types[] = {"CIDR_BLOCK", "SERVICE_CIDR_BLOCK", NULL};
const char *const security_group_peer_types[] = {"CIDR_BLOCK", "SERVICE_CIDR_BLOCK",
                                                 "NETWORK_SECURITY_GROUP", NULL};

const struct attribute security_icmp_fields[] = {
    {.name = "type",
     .kind = ATTRIBUTE_INTEGER,
     .flags = REQUIRED,
     .maximum = 255,
     .doc = "ICMP type: 3 is \"destination unreachable\"."},
    {.name = "code",
     .kind = ATTRIBUTE_INTEGER,
     .flags = OPTIONAL,
     .default_value = "-1",
     .minimum = -1,
     .maximum = 255,
     .doc = "ICMP code; -1 stands for all."},
    {.name = NULL},
};

const struct attribute security_port_range_fields[] = {
    {.name = "min",
     .kind = ATTRIBUTE_INTEGER,
     .flags = REQUIRED,
     .minimum = 1,
     .maximum = 65535,
     .doc = "The first port."},
    {.name = "max",
     .kind = ATTRIBUTE_INTEGER,
     .flags = REQUIRED,
     .minimum = 1,
     .maximum = 65535,
     .doc = "The last port."},
    {.name = NULL},
};

void security_strip_code(json_t *rule)
{
    json_t *options = json_object_get(rule, "icmpOptions");
    if (json_get_integer(options, "code", 0) < 0)
        json_object_del(options, "code");
}

void security_validate_protocol(const struct attribute *attribute, const struct value *value,
                                const struct path *path, struct diagnostics *diagnostics,
                                struct arena *arena)
{
    static const struct {
        const char *name, *number;
    } names[] = {{"icmp", "1"}, {"tcp", "6"}, {"udp", "17"}, {"icmpv6", "58"}, {"-1", "all"}};
    (void)arena;
    const char *text = value_text(value);
    bool number = text && *text && strlen(text) <= 3 &&
                  strspn(text, "0123456789") == strlen(text) && atoi(text) <= 255;
    if (number || text_equal_nocase(text, "all"))
        return;
    const char *meant = NULL;
    for (size_t i = 0; i < ARRAY_LENGTH(names); i++)
        if (text_equal_nocase(text, names[i].name))
            meant = names[i].number;
    diagnostics_error(diagnostics, path, "Invalid protocol",
                      "%s: \"%s\" is neither \"all\" nor an IANA protocol number.%s%s%s",
                      attribute->name, text ? text : "", meant ? " Did you mean \"" : "",
                      meant ? meant : "", meant ? "\"?" : "");
}

/* --- whole rules -------------------------------------------------------------------------------- */

static void check_range(const struct value *range, const char *name, const struct path *path,
                        struct diagnostics *diagnostics)
{
    int64_t min, max;
    const struct value *low = value_get(range, "min"), *high = value_get(range, "max");
    if (value_is_null(low) != value_is_null(high))
        diagnostics_error(diagnostics, path, "Incomplete port range",
                          "%s: give both min and max, or neither for all ports.", name);
    if (value_as_integer(low, &min) && value_as_integer(high, &max) && min > max)
        diagnostics_error(diagnostics, path, "Invalid port range",
                          "%s: min %" PRId64 " is greater than max %" PRId64 ".", name, min, max);
}

static void check_options(const struct value *rule, const struct path *parent,
                          struct diagnostics *diagnostics, struct arena *arena)
{
    static const struct {
        const char *name, *protocols[2], *human;
    } options[] = {{"tcp_options", {"6", "6"}, "6 (TCP)"},
                   {"udp_options", {"17", "17"}, "17 (UDP)"},
                   {"icmp_options", {"1", "58"}, "1 (ICMP) or 58 (ICMPv6)"}};
    const char *protocol = value_text(value_get(rule, "protocol"));
    for (size_t i = 0; i < ARRAY_LENGTH(options); i++) {
        const struct value *given = value_get(rule, options[i].name);
        if (!value_is_known(given) || value_count(given) == 0)
            continue;
        const struct path *path = path_attribute(arena, parent, options[i].name);
        if (protocol && strcmp(protocol, options[i].protocols[0]) != 0 &&
            strcmp(protocol, options[i].protocols[1]) != 0)
            diagnostics_error(diagnostics, path, "Options of another protocol",
                              "%s need protocol %s, this rule has \"%s\".", options[i].name,
                              options[i].human, protocol);
        const struct value *ports = value_item(given, 0);
        check_range(ports, options[i].name, path, diagnostics);
        check_range(value_item(value_get(ports, "source_port_range"), 0), "source_port_range", path,
                    diagnostics);
        check_range(value_item(value_get(ports, "destination_port_range"), 0),
                    "destination_port_range", path, diagnostics);
    }
}

static void check_peer(const struct value *rule, const char *peer, const struct path *parent,
                       struct diagnostics *diagnostics, struct arena *arena)
{
    const struct path *path = path_attribute(arena, parent, peer);
    const char *text = value_text(value_get(rule, peer));
    const struct value *kind = value_get(rule, arena_printf(arena, "%s_type", peer));
    if (!text || value_is_unknown(kind))
        return;
    const char *type = value_is_null(kind) ? "CIDR_BLOCK" : value_text(kind);
    struct attribute attribute = {.name = peer};
    struct cidr cidr;
    if (strcmp(type, "CIDR_BLOCK") == 0) {
        validate_cidr(&attribute, value_get(rule, peer), path, diagnostics, arena);
    } else if (strcmp(type, "NETWORK_SECURITY_GROUP") == 0) {
        attribute.validate_with = "networksecuritygroup";
        validate_ocid(&attribute, value_get(rule, peer), path, diagnostics, arena);
    } else if (cidr_parse(text, &cidr)) {
        diagnostics_error(
            diagnostics, path, "Invalid value",
            "%s: with SERVICE_CIDR_BLOCK it is the label of a service, which the data "
            "source oke_services tells, and not \"%s\".",
            peer, text);
    }
}

void security_check_rule(const struct value *rule, const char *peer, const struct path *parent,
                         struct diagnostics *diagnostics, struct arena *arena)
{
    check_options(rule, parent, diagnostics, arena);
    check_peer(rule, peer, parent, diagnostics, arena);
}
