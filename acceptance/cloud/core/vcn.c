/* VCNs: their CIDR blocks, and what is made and dies with them. */
#include <string.h>

#include "acceptance/cloud/api/crud.h"
#include "acceptance/cloud/core/internal.h"
#include "lib/base/encoding.h"
#include "lib/base/json.h"

enum { FEWEST_BITS = 16, MOST_BITS = 30, LABEL_LIMIT = 15 };

bool core_parse_block(struct call *call, const char *what, const char *text, struct cidr *cidr)
{
    if (!cidr_parse(text, cidr))
        return call_invalid(call, "%s '%.64s' is not a valid CIDR block", what, text);
    if (cidr_has_host_bits(*cidr))
        return call_invalid(call, "%s '%s' has bits set beyond its prefix", what, text);
    if (cidr->bits < FEWEST_BITS || cidr->bits > MOST_BITS)
        return call_invalid(call, "The prefix of %s '%s' must be between /%d and /%d", what, text,
                            FEWEST_BITS, MOST_BITS);
    return true;
}

bool core_check_dns_label(struct call *call, const struct object *object)
{
    const char *label = object_text(object, "dnsLabel");
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    static const char digits[] = "0123456789";
    if (!label)
        return true;
    for (const char *c = label; *c; c++)
        if (!strchr(letters, *c) && (c == label || !strchr(digits, *c)))
            return call_invalid(call, "dnsLabel '%.64s' must be letters and digits after a letter",
                                label);
    return (*label && strlen(label) <= LABEL_LIMIT) ||
           call_invalid(call, "dnsLabel '%.64s' must have 1 to %d characters", label, LABEL_LIMIT);
}

static bool check_blocks(struct call *call, const json_t *blocks)
{
    size_t count = json_array_size(blocks);
    struct cidr cidrs[VCN_CIDRS];
    if (!count)
        return call_invalid(call, "cidrBlocks must have at least one block");
    if (count > VCN_CIDRS)
        return call_fail(call, 400, "LimitExceeded",
                         "A VCN can have %d CIDR blocks (vcn-cidr-block-count)", VCN_CIDRS);
    for (size_t i = 0; i < count; i++) {
        const char *text = json_string_value(json_array_get(blocks, i));
        if (!core_parse_block(call, "cidrBlocks", text, &cidrs[i]))
            return false;
        for (size_t other = 0; other < i; other++)
            if (cidr_overlaps(cidrs[i], cidrs[other]))
                return call_invalid(call, "The CIDR block %s overlaps with %s", text,
                                    json_string_value(json_array_get(blocks, other)));
    }
    return true;
}

/* A /56 out of Oracle's global unicast addresses. */
static const char *random_ipv6_block(struct call *call)
{
    unsigned char bytes[3];
    random_bytes(bytes, sizeof(bytes));
    return arena_printf(call->arena, "2603:c020:%x:%x00::/56", bytes[0] << 8 | bytes[1], bytes[2]);
}

static void add_ipv6_blocks(struct call *call, struct object *vcn)
{
    size_t i;
    json_t *detail;
    json_t *own = json_array();
    bool enabled = json_get_bool(vcn->hidden, "isIpv6Enabled", false);
    json_array_foreach(json_object_get(vcn->hidden, "byoipv6CidrDetails"), i, detail)
        json_array_append(own, json_object_get(detail, "ipv6CidrBlock"));
    json_object_set_new(vcn->body, "byoipv6CidrBlocks", own);
    json_object_set_new(vcn->body, "ipv6CidrBlocks", json_array());
    if (enabled && json_get_bool(vcn->hidden, "isOracleGuaAllocationEnabled", true))
        json_array_append_new(json_object_get(vcn->body, "ipv6CidrBlocks"),
                              json_string(random_ipv6_block(call)));
    if (!json_object_get(vcn->body, "ipv6PrivateCidrBlocks"))
        json_object_set_new(vcn->body, "ipv6PrivateCidrBlocks", json_array());
}

/* --- the default objects --------------------------------------------------------------------------- */

static json_t *default_rules(const char *vcn_block)
{
    return json_pack("[{s:s, s:s, s:s, s:b, s:{s:{s:i, s:i}}},"
                     " {s:s, s:s, s:s, s:b, s:{s:i, s:i}},"
                     " {s:s, s:s, s:s, s:b, s:{s:i}}]",
                     "protocol", "6", "source", "0.0.0.0/0", "sourceType", "CIDR_BLOCK",
                     "isStateless", 0, "tcpOptions", "destinationPortRange", "min", 22, "max",
                     22, /* */
                     "protocol", "1", "source", "0.0.0.0/0", "sourceType", "CIDR_BLOCK",
                     "isStateless", 0, "icmpOptions", "type", 3, "code", 4, /* */
                     "protocol", "1", "source", vcn_block, "sourceType", "CIDR_BLOCK",
                     "isStateless", 0, "icmpOptions", "type", 3);
}

static json_t *default_options(const struct object *vcn)
{
    json_t *options = json_pack("[{s:s, s:s, s:[]}]", "type", "DomainNameServer", "serverType",
                                "VcnLocalPlusInternet", "customDnsServers");
    const char *domain = object_text(vcn, "vcnDomainName");
    if (domain)
        json_array_append_new(options, json_pack("{s:s, s:[s]}", "type", "SearchDomain",
                                                 "searchDomainNames", domain));
    return options;
}

/* The members are stolen. */
static bool make_default(struct call *call, struct object *vcn, const struct kind *kind,
                         const char *title, const char *field, json_t *details)
{
    json_set_text(details, "compartmentId", object_text(vcn, "compartmentId"));
    json_set_text(details, "vcnId", vcn->id);
    json_set_text(details, "displayName",
                  arena_printf(call->arena, "Default %s for %s", title, object_name(vcn)));
    struct object *object = crud_make(call, kind, details, false);
    json_decref(details);
    if (!object)
        return false;
    call_set_state(object, kind->life->active);
    json_set_text(object->hidden, "ownedBy", vcn->id);
    json_set_text(vcn->body, field, object->id);
    return true;
}

static bool make_defaults(struct call *call, struct object *vcn)
{
    json_t *egress = json_pack("[{s:s, s:s, s:s, s:b}]", "protocol", "all", "destination",
                               "0.0.0.0/0", "destinationType", "CIDR_BLOCK", "isStateless", 0);
    return make_default(call, vcn, &kind_route_table, "Route Table", "defaultRouteTableId",
                        json_pack("{s:[]}", "routeRules")) &&
           make_default(call, vcn, &kind_security_list, "Security List", "defaultSecurityListId",
                        json_pack("{s:o, s:o}", "ingressSecurityRules",
                                  default_rules(object_text(vcn, "cidrBlock")),
                                  "egressSecurityRules", egress)) &&
           make_default(call, vcn, &kind_dhcp_options, "DHCP Options", "defaultDhcpOptionsId",
                        json_pack("{s:o, s:s}", "options", default_options(vcn), "domainNameType",
                                  "CUSTOM_DOMAIN"));
}

bool core_refuse_default(struct call *call, struct object *object)
{
    const char *owner = json_get_text(object->hidden, "ownedBy");
    return !owner || call_bad_state(call, "The %s %s is the default one of the VCN %s",
                                    object->kind->title, object->id, owner);
}

static bool create(struct call *call, struct object *vcn)
{
    const char *one = object_text(vcn, "cidrBlock");
    json_t *blocks = json_object_get(vcn->body, "cidrBlocks");
    if (one && blocks)
        return call_invalid(call, "cidrBlock and cidrBlocks must not be given together");
    if (one)
        json_object_set_new(vcn->body, "cidrBlocks", blocks = json_pack("[s]", one));
    if (!check_blocks(call, blocks) || !core_check_dns_label(call, vcn))
        return false;
    json_object_set(vcn->body, "cidrBlock", json_array_get(blocks, 0));
    const char *label = object_text(vcn, "dnsLabel");
    if (label)
        json_set_text(vcn->body, "vcnDomainName",
                      arena_printf(call->arena, "%s.oraclevcn.com", label));
    add_ipv6_blocks(call, vcn);
    return make_defaults(call, vcn);
}

const struct kind kind_vcn = {.type = "vcn",
                              .title = "VCN",
                              .default_name = "vcn",
                              .life = &lifecycle_core,
                              .limit = 50 * 20,
                              .limit_name = "vcn-count",
                              .create = create,
                              .step = core_take_pending};

/* --- changes of the blocks ------------------------------------------------------------------------- */

/* The subnet that lies in the block, if any. */
static const struct object *subnet_inside(const struct call *call, const struct object *vcn,
                                          const char *block)
{
    struct cidr outer, inner;
    if (!cidr_parse(block, &outer))
        return NULL;
    for (const struct object *one = store_first(call->store, &kind_subnet); one;
         one = store_next(call->store, one))
        if (object_exists(one) && text_equal(object_text(one, "vcnId"), vcn->id) &&
            cidr_parse(object_text(one, "cidrBlock"), &inner) && cidr_contains(outer, inner))
            return one;
    return NULL;
}

static int index_of(const json_t *blocks, const char *block)
{
    size_t i;
    json_t *one;
    json_array_foreach(blocks, i, one) if (text_equal(json_string_value(one), block)) return (int)i;
    return -1;
}

static bool start_blocks(struct call *call, struct object *vcn, json_t *blocks)
{
    if (!check_blocks(call, blocks)) {
        json_decref(blocks);
        return false;
    }
    json_t *first = json_array_get(blocks, 0);
    return core_start_pending(call, vcn, "UPDATE_VCN", "vcn",
                              json_pack("{s:o, s:O}", "cidrBlocks", blocks, "cidrBlock", first));
}

bool vcn_add_cidr(struct call *call)
{
    struct object *vcn = crud_open(call, &kind_vcn);
    if (!vcn)
        return false;
    json_t *blocks = json_copy(json_object_get(vcn->body, "cidrBlocks"));
    json_array_append(blocks, json_object_get(call->body, "cidrBlock"));
    return start_blocks(call, vcn, blocks);
}

/* Its place among the VCN's blocks; -1 after call_fail(). */
static int open_block(struct call *call, const struct object *vcn, const char *block)
{
    int index = index_of(json_object_get(vcn->body, "cidrBlocks"), block);
    const struct object *subnet = subnet_inside(call, vcn, block);
    if (index < 0) {
        call_invalid(call, "The VCN %s has no CIDR block %.64s", vcn->id, block);
    } else if (subnet) {
        call_invalid(call, "The CIDR block %s is in use by the subnet %s", block, subnet->id);
        return -1;
    }
    return index;
}

bool vcn_remove_cidr(struct call *call)
{
    struct object *vcn = crud_open(call, &kind_vcn);
    int index = vcn ? open_block(call, vcn, call_text(call, "cidrBlock")) : -1;
    if (index < 0)
        return false;
    json_t *blocks = json_copy(json_object_get(vcn->body, "cidrBlocks"));
    json_array_remove(blocks, (size_t)index);
    return start_blocks(call, vcn, blocks);
}

bool vcn_modify_cidr(struct call *call)
{
    struct object *vcn = crud_open(call, &kind_vcn);
    int index = vcn ? open_block(call, vcn, call_text(call, "originalCidrBlock")) : -1;
    if (index < 0)
        return false;
    json_t *blocks = json_copy(json_object_get(vcn->body, "cidrBlocks"));
    json_array_set(blocks, (size_t)index, json_object_get(call->body, "newCidrBlock"));
    return start_blocks(call, vcn, blocks);
}

bool vcn_add_ipv6_cidr(struct call *call)
{
    struct object *vcn = crud_open(call, &kind_vcn);
    if (!vcn)
        return false;
    const char *private = call_text(call, "ipv6PrivateCidrBlock");
    const json_t *own = json_object_get(call->body, "byoipv6CidrDetail");
    const char *field = private ? "ipv6PrivateCidrBlocks"
                        : own   ? "byoipv6CidrBlocks"
                                : "ipv6CidrBlocks";
    const char *block = private ? private
                        : own   ? json_get_text(own, "ipv6CidrBlock")
                                : random_ipv6_block(call);
    json_t *blocks = json_copy(json_object_get(vcn->body, field));
    if (!private && !own && json_array_size(blocks)) {
        json_decref(blocks);
        return call_invalid(call, "The VCN %s has an IPv6 block of Oracle already", vcn->id);
    }
    json_array_append_new(blocks, json_string(block));
    return core_start_pending(call, vcn, "UPDATE_VCN", "vcn", json_pack("{s:o}", field, blocks));
}

bool vcn_remove_ipv6_cidr(struct call *call)
{
    static const char *const fields[] = {"ipv6CidrBlocks", "ipv6PrivateCidrBlocks",
                                         "byoipv6CidrBlocks"};
    struct object *vcn = crud_open(call, &kind_vcn);
    const char *block = call_text(call, "ipv6CidrBlock");
    for (size_t i = 0; vcn && i < ARRAY_LENGTH(fields); i++) {
        json_t *blocks = json_object_get(vcn->body, fields[i]);
        int index = index_of(blocks, block);
        if (index < 0)
            continue;
        blocks = json_copy(blocks);
        json_array_remove(blocks, (size_t)index);
        return core_start_pending(call, vcn, "UPDATE_VCN", "vcn",
                                  json_pack("{s:o}", fields[i], blocks));
    }
    return vcn && call_invalid(call, "The VCN %s has no IPv6 block %.64s", vcn->id, block);
}
