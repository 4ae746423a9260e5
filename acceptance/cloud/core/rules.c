/* Rules: of route tables, of security lists, of network security groups. */
#include <arpa/inet.h>
#include <string.h>

#include "acceptance/cloud/api/crud.h"
#include "acceptance/cloud/core/internal.h"
#include "acceptance/cloud/core/vnic.h"
#include "lib/base/encoding.h"
#include "lib/base/json.h"

/* --- blocks ------------------------------------------------------------------------------------------ */

static bool is_ipv6_block(const char *text)
{
    unsigned char bytes[16];
    char address[INET6_ADDRSTRLEN] = {0};
    const char *slash = strchr(text, '/');
    if (!slash || (size_t)(slash - text) >= sizeof(address))
        return false;
    memcpy(address, text, (size_t)(slash - text));
    size_t digits = strspn(slash + 1, "0123456789");
    if (inet_pton(AF_INET6, address, bytes) != 1 || digits < 1 || digits > 3 || slash[digits + 1])
        return false;
    long bits = strtol(slash + 1, NULL, 10);
    for (long bit = bits; bit < 128; bit++)
        if (bytes[bit / 8] & (0x80 >> bit % 8))
            return false;
    return bits <= 128;
}

bool core_check_block(struct call *call, const char *what, const char *text)
{
    struct cidr cidr;
    if (cidr_parse(text, &cidr))
        return !cidr_has_host_bits(cidr) ||
               call_invalid(call, "%s '%s' has bits set beyond its prefix", what, text);
    return (text && is_ipv6_block(text)) ||
           call_invalid(call, "%s '%.100s' is not a valid CIDR block", what, text ? text : "");
}

static bool check_peer(struct call *call, const char *what, const char *type, const char *value)
{
    if (text_equal(type, "CIDR_BLOCK"))
        return core_check_block(call, what, value);
    return core_is_service_label(call, value) ||
           call_invalid(call, "%s '%.100s' is no service of Oracle's network", what,
                        value ? value : "");
}

/* --- route tables ------------------------------------------------------------------------------------ */

static bool gateway_has_service(struct call *call, const struct object *gateway, const char *label)
{
    size_t i;
    json_t *service;
    json_array_foreach(
        json_object_get(gateway->body, "services"), i,
        service) if (text_equal(service_label(call, json_get_text(service, "serviceId")),
                                label)) return true;
    return false;
}

/* Both forms become one: destination and destinationType, and cidrBlock for blocks. */
static bool normalise_destination(struct call *call, json_t *rule)
{
    const char *block = json_get_text(rule, "cidrBlock");
    const char *destination = json_get_text(rule, "destination");
    const char *type = json_get_text(rule, "destinationType");
    if (block && destination)
        return call_invalid(call, "cidrBlock and destination must not be given together");
    if (!block && !destination)
        return call_invalid(call, "A route rule needs destination and destinationType");
    if (!block && !type)
        return call_invalid(call, "destinationType is required with destination");
    if (!destination) {
        json_set_text(rule, "destination", block);
        json_set_text(rule, "destinationType", "CIDR_BLOCK");
    } else if (text_equal(type, "CIDR_BLOCK")) {
        json_set_text(rule, "cidrBlock", destination);
    }
    if (!json_object_get(rule, "routeType"))
        json_set_text(rule, "routeType", "STATIC");
    return text_equal(json_get_text(rule, "routeType"), "STATIC") ||
           call_invalid(call, "routeType LOCAL is for Oracle's own rules");
}

static bool check_route_rule(struct call *call, const struct object *table, json_t *rule)
{
    static const char leads[] = "internetgateway|natgateway|servicegateway|privateip|drg|"
                                "localpeeringgateway";
    const char *id = json_get_text(rule, "networkEntityId");
    const struct object *entity = call_find(call, NULL, id);
    if (!entity || !normalise_destination(call, rule))
        return false;
    const char *type = json_get_text(rule, "destinationType");
    const char *destination = json_get_text(rule, "destination");
    const char *vcn = object_text(entity, "vcnId");
    if (!text_one_of(entity->kind->type, leads, false))
        return call_invalid(call, "networkEntityId %s is no gateway", id);
    if (vcn && !text_equal(vcn, object_text(table, "vcnId")))
        return call_invalid(call, "networkEntityId %s belongs to another VCN", id);
    if (!check_peer(call, "destination", type, destination))
        return false;
    if (text_equal(type, "SERVICE_CIDR_BLOCK") != (entity->kind == &kind_service_gateway))
        return call_invalid(call, "A destination of the type %s cannot lead to the %s %s", type,
                            entity->kind->title, id);
    return entity->kind != &kind_service_gateway ||
           gateway_has_service(call, entity, destination) ||
           call_invalid(call, "The service gateway %s does not have the service %s", id,
                        destination);
}

static bool check_route_rules(struct call *call, struct object *table)
{
    size_t i;
    json_t *rule;
    json_t *rules = json_object_get(table->body, "routeRules");
    json_array_foreach(rules, i, rule)
    {
        if (!check_route_rule(call, table, rule))
            return false;
        const char *destination = json_get_text(rule, "destination");
        for (size_t other = 0; other < i; other++)
            if (text_equal(json_get_text(json_array_get(rules, other), "destination"), destination))
                return call_invalid(call, "There are two rules for the destination %s",
                                    destination);
    }
    return true;
}

static bool route_table_update(struct call *call, struct object *table, const json_t *before)
{
    return json_equal(json_object_get(table->body, "routeRules"),
                      json_object_get(before, "routeRules")) ||
           check_route_rules(call, table);
}

const struct kind kind_route_table = {
    .type = "routetable",
    .title = "route table",
    .default_name = "routetable",
    .parent_field = "vcnId",
    .references = (const struct reference[]){{"vcnId", &kind_vcn},
                                             {"routeRules[].networkEntityId", NULL},
                                             {NULL}},
    .life = &core_life,
    .limit = 300,
    .limit_name = "route-table-count",
    .create = check_route_rules,
    .update = route_table_update,
    .remove = core_refuse_default};

/* --- security rules ---------------------------------------------------------------------------------- */

static bool check_protocol(struct call *call, const json_t *rule)
{
    static const struct {
        const char *options, *protocols, *title;
    } allowed[] = {{"tcpOptions", "6", "6 (TCP)"},
                   {"udpOptions", "17", "17 (UDP)"},
                   {"icmpOptions", "1|58", "1 (ICMP) and 58 (ICMPv6)"}};
    const char *protocol = json_get_text(rule, "protocol");
    size_t digits = strspn(protocol, "0123456789");
    if (strcmp(protocol, "all") != 0 &&
        (protocol[digits] || digits < 1 || digits > 3 || strtol(protocol, NULL, 10) > 255))
        return call_invalid(call, "protocol '%.64s' must be 'all' or a number from 0 to 255",
                            protocol);
    for (size_t i = 0; i < ARRAY_LENGTH(allowed); i++)
        if (json_object_get(rule, allowed[i].options) &&
            !text_one_of(protocol, allowed[i].protocols, false))
            return call_invalid(call, "%s is for the protocols %s only, not for %s",
                                allowed[i].options, allowed[i].title, protocol);
    return true;
}

static bool check_ports(struct call *call, const json_t *rule)
{
    static const char *const ranges[] = {
        "tcpOptions.destinationPortRange", "tcpOptions.sourcePortRange",
        "udpOptions.destinationPortRange", "udpOptions.sourcePortRange"};
    for (size_t i = 0; i < ARRAY_LENGTH(ranges); i++) {
        const json_t *range = json_at_path(rule, ranges[i]);
        if (range && json_get_integer(range, "min", 0) > json_get_integer(range, "max", 0))
            return call_invalid(call, "%s: min must not be above max", ranges[i]);
    }
    return true;
}

static bool check_list_rules(struct call *call, json_t *rules, const char *peer, const char *type)
{
    size_t i;
    json_t *rule;
    json_array_foreach(rules, i, rule)
    {
        if (!json_object_get(rule, type))
            json_set_text(rule, type, "CIDR_BLOCK");
        if (!json_object_get(rule, "isStateless"))
            json_object_set_new(rule, "isStateless", json_false());
        if (!check_protocol(call, rule) || !check_ports(call, rule) ||
            !check_peer(call, peer, json_get_text(rule, type), json_get_text(rule, peer)))
            return false;
    }
    return true;
}

static bool security_list_create(struct call *call, struct object *list)
{
    return check_list_rules(call, json_object_get(list->body, "ingressSecurityRules"), "source",
                            "sourceType") &&
           check_list_rules(call, json_object_get(list->body, "egressSecurityRules"), "destination",
                            "destinationType");
}

static bool security_list_update(struct call *call, struct object *list, const json_t *before)
{
    (void)before;
    return security_list_create(call, list);
}

const struct kind kind_security_list = {
    .type = "securitylist",
    .title = "security list",
    .default_name = "securitylist",
    .parent_field = "vcnId",
    .references = (const struct reference[]){{"vcnId", &kind_vcn}, {NULL}},
    .life = &core_life,
    .limit = 300,
    .limit_name = "security-list-count",
    .create = security_list_create,
    .update = security_list_update,
    .remove = core_refuse_default};

/* --- network security groups: the rules are parts of the group ---------------------------------------- */

static bool group_create(struct call *call, struct object *group)
{
    (void)call;
    json_object_set_new(group->hidden, "rules", json_array());
    return true;
}

const struct kind kind_network_security_group = {
    .type = "networksecuritygroup",
    .title = "network security group",
    .default_name = "networksecuritygroup",
    .parent_field = "vcnId",
    .references = (const struct reference[]){{"vcnId", &kind_vcn}, {NULL}},
    .life = &core_life,
    .limit = 1000,
    .limit_name = "network-security-group-count",
    .create = group_create};

static bool check_group_peer(struct call *call, const struct object *group, const char *peer,
                             const char *type, const char *value)
{
    if (!type || !value)
        return call_invalid(call, "%s and %sType are required for this direction", peer, peer);
    if (strcmp(type, "NETWORK_SECURITY_GROUP") != 0)
        return check_peer(call, peer, type, value);
    const struct object *other = store_find(call->store, &kind_network_security_group, value);
    return (other && object_alive(other) &&
            text_equal(object_text(other, "vcnId"), object_text(group, "vcnId"))) ||
           call_invalid(call, "%s '%.255s' is no network security group of this VCN", peer, value);
}

static bool check_group_rule(struct call *call, const struct object *group, json_t *rule)
{
    bool ingress = text_equal(json_get_text(rule, "direction"), "INGRESS");
    const char *peer = ingress ? "source" : "destination",
               *other = ingress ? "destination" : "source";
    const char *type = ingress ? "sourceType" : "destinationType";
    const char *other_type = ingress ? "destinationType" : "sourceType";
    if (json_object_get(rule, other) || json_object_get(rule, other_type))
        return call_invalid(call, "%s must not be given for this direction", other);
    if (!json_object_get(rule, "isStateless"))
        json_object_set_new(rule, "isStateless", json_false());
    return check_group_peer(call, group, peer, json_get_text(rule, type),
                            json_get_text(rule, peer)) &&
           check_protocol(call, rule) && check_ports(call, rule);
}

static json_t *rules_of(const struct object *group)
{
    return json_object_get(group->hidden, "rules");
}

static int find_rule(const struct object *group, const char *id)
{
    size_t i;
    json_t *rule;
    json_array_foreach(rules_of(group), i,
                       rule) if (text_equal(json_get_text(rule, "id"), id)) return (int)i;
    return -1;
}

/* Six digits that no rule of the group has. */
static const char *new_rule_id(struct call *call, const struct object *group)
{
    for (;;) {
        unsigned char bytes[3];
        random_bytes(bytes, sizeof(bytes));
        const char *id = arena_printf(call->arena, "%02X%02X%02X", bytes[0], bytes[1], bytes[2]);
        if (find_rule(group, id) < 0)
            return id;
    }
}

/* isValid: a group that it names may be gone meanwhile. New reference. */
static json_t *show_rule(const struct call *call, const json_t *rule)
{
    json_t *copy = json_deep_copy(rule);
    bool valid = true;
    static const char *const peers[][2] = {{"source", "sourceType"},
                                           {"destination", "destinationType"}};
    for (size_t i = 0; i < ARRAY_LENGTH(peers); i++)
        if (text_equal(json_get_text(rule, peers[i][1]), "NETWORK_SECURITY_GROUP")) {
            const struct object *group = store_find(call->store, &kind_network_security_group,
                                                    json_get_text(rule, peers[i][0]));
            valid = group && object_alive(group);
        }
    json_object_set_new(copy, "isValid", json_boolean(valid));
    return copy;
}

static struct object *open_group(struct call *call)
{
    return crud_open(call, &kind_network_security_group);
}

bool security_rules_add(struct call *call)
{
    struct object *group = open_group(call);
    size_t i;
    json_t *rule;
    if (!group)
        return false;
    json_t *added = json_array(), *given = json_object_get(call->body, "securityRules");
    JSON_AUTO answer = json_pack("{s:o}", "securityRules", added);
    if (json_array_size(rules_of(group)) + json_array_size(given) > NSG_RULES)
        return call_fail(call, 400, "LimitExceeded", "A network security group can have %d rules",
                         NSG_RULES);
    json_array_foreach(given, i, rule)
    {
        if (!check_group_rule(call, group, rule))
            return false;
        json_set_text(rule, "id", new_rule_id(call, group));
        json_set_text(rule, "timeCreated", call_time(call));
        json_array_append(rules_of(group), rule);
        json_array_append_new(added, show_rule(call, rule));
    }
    return call_reply(call, 200, json_incref(answer));
}

bool security_rules_update(struct call *call)
{
    struct object *group = open_group(call);
    size_t i;
    json_t *rule;
    if (!group)
        return false;
    json_t *updated = json_array();
    JSON_AUTO answer = json_pack("{s:o}", "securityRules", updated);
    json_array_foreach(json_object_get(call->body, "securityRules"), i, rule)
    {
        int index = find_rule(group, json_get_text(rule, "id"));
        if (index < 0)
            return call_not_found(call, "security rule", json_get_text(rule, "id"));
        if (!check_group_rule(call, group, rule))
            return false;
        const json_t *old = json_array_get(rules_of(group), (size_t)index);
        json_object_set(rule, "timeCreated", json_object_get(old, "timeCreated"));
        json_array_set(rules_of(group), (size_t)index, rule);
        json_array_append_new(updated, show_rule(call, rule));
    }
    return call_reply(call, 200, json_incref(answer));
}

bool security_rules_remove(struct call *call)
{
    struct object *group = open_group(call);
    size_t i;
    json_t *id;
    if (!group)
        return false;
    json_array_foreach(json_object_get(call->body, "securityRuleIds"), i, id)
    {
        int index = find_rule(group, json_string_value(id));
        if (index < 0)
            return call_not_found(call, "security rule", json_string_value(id));
        json_array_remove(rules_of(group), (size_t)index);
    }
    return call_reply(call, 204, NULL);
}

bool security_rules_list(struct call *call)
{
    const struct object *group = call_target_at(call, &kind_network_security_group, 0);
    const char *direction = call_query(call, "direction");
    size_t i;
    json_t *rule;
    if (!group)
        return false;
    json_t *found = json_array();
    json_array_foreach(rules_of(group), i,
                       rule) if (!direction ||
                                 text_equal(json_get_text(rule, "direction"), direction))
        json_array_append_new(found, show_rule(call, rule));
    return crud_reply_page(call, found);
}

bool security_group_vnics(struct call *call)
{
    const struct object *group = call_target_at(call, &kind_network_security_group, 0);
    if (!group)
        return false;
    json_t *found = json_array();
    for (const struct object *one = store_first(call->store, &kind_vnic); one;
         one = store_next(call->store, one)) {
        size_t i;
        json_t *id;
        json_array_foreach(json_object_get(one->body, "nsgIds"), i,
                           id) if (text_equal(json_string_value(id), group->id))
            json_array_append_new(found,
                                  json_pack("{s:s, s:s, s:s}", "vnicId", one->id, "resourceId",
                                            json_get_text(one->hidden, "owner"), "timeAssociated",
                                            object_text(one, "timeCreated")));
    }
    return crud_reply_page(call, found);
}
