#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

#include "acceptance/cloud/api/crud.h"
#include "acceptance/cloud/core/internal.h"
#include "acceptance/cloud/core/vnic.h"
#include "lib/base/encoding.h"
#include "lib/base/json.h"

static const struct object *vcn_of(const struct call *call, const struct object *subnet)
{
    return store_find(call->store, &kind_vcn, object_text(subnet, "vcnId"));
}

/* --- addresses ------------------------------------------------------------------------------------- */

static bool inside_vcn(struct call *call, const struct object *vcn, const char *text,
                       struct cidr cidr)
{
    size_t i;
    json_t *block;
    struct cidr outer;
    json_array_foreach(json_object_get(vcn->body, "cidrBlocks"), i,
                       block) if (cidr_parse(json_string_value(block), &outer) &&
                                  cidr_contains(outer, cidr)) return true;
    return call_invalid(call, "The CIDR block %s is not within a block of the VCN %s", text,
                        vcn->id);
}

static bool apart_from(struct call *call, const struct object *other, const char *text,
                       struct cidr cidr)
{
    size_t i;
    json_t *block;
    struct cidr taken;
    json_array_foreach(json_object_get(other->body, "ipv4CidrBlocks"), i, block) if (
        cidr_parse(json_string_value(block), &taken) &&
        cidr_overlaps(
            taken, cidr)) return call_invalid(call,
                                              "The CIDR block %s overlaps with %s of the subnet %s",
                                              text, json_string_value(block), other->id);
    return true;
}

/* Within the VCN and apart from all others; blocks of `self` count unless it is NULL. */
static bool check_block(struct call *call, const struct object *subnet, const char *text,
                        bool apart_from_self)
{
    struct cidr cidr;
    const struct object *vcn = vcn_of(call, subnet);
    if (!core_parse_block(call, "cidrBlock", text, &cidr) || !inside_vcn(call, vcn, text, cidr))
        return false;
    for (const struct object *one = store_first(call->store, &kind_subnet); one;
         one = store_next(call->store, one))
        if ((one != subnet || apart_from_self) && object_exists(one) &&
            text_equal(object_text(one, "vcnId"), vcn->id) && !apart_from(call, one, text, cidr))
            return false;
    return true;
}

static bool set_blocks(struct call *call, struct object *subnet)
{
    const char *one = object_text(subnet, "cidrBlock");
    json_t *blocks = json_object_get(subnet->body, "ipv4CidrBlocks");
    if (one && json_array_size(blocks) &&
        !text_equal(one, json_string_value(json_array_get(blocks, 0))))
        return call_invalid(call, "cidrBlock and ipv4CidrBlocks contradict each other");
    if (one && !json_array_size(blocks))
        json_object_set_new(subnet->body, "ipv4CidrBlocks", blocks = json_pack("[s]", one));
    if (!json_array_size(blocks))
        return call_fail(call, 400, "MissingParameter", "cidrBlock is required");
    json_object_set(subnet->body, "cidrBlock", json_array_get(blocks, 0));
    size_t i;
    json_t *block;
    json_array_foreach(blocks, i, block) if (!check_block(call, subnet, json_string_value(block),
                                                          false)) return false;
    return true;
}

static void set_router(struct call *call, struct object *subnet)
{
    struct cidr cidr;
    unsigned char bytes[3];
    cidr_parse(object_text(subnet, "cidrBlock"), &cidr);
    random_bytes(bytes, sizeof(bytes));
    json_set_text(subnet->body, "virtualRouterIp", ipv4_format(call->arena, cidr_first(cidr) + 1));
    if (!object_text(subnet, "virtualRouterMac"))
        json_set_text(
            subnet->body, "virtualRouterMac",
            arena_printf(call->arena, "00:00:17:%02X:%02X:%02X", bytes[0], bytes[1], bytes[2]));
}

/* A /64 within one of the VCN's IPv6 blocks. */
static bool check_ipv6(struct call *call, const struct object *vcn, const char *text)
{
    static const char *const fields[] = {"ipv6CidrBlocks", "ipv6PrivateCidrBlocks",
                                         "byoipv6CidrBlocks"};
    unsigned char inner[16], outer[16];
    const char *slash = strchr(text, '/');
    if (!slash || strcmp(slash, "/64") != 0 ||
        inet_pton(AF_INET6, arena_strndup(call->arena, text, (size_t)(slash - text)), inner) != 1)
        return call_invalid(call, "The IPv6 block '%.64s' must be a /64", text);
    for (size_t f = 0; f < ARRAY_LENGTH(fields); f++) {
        size_t i;
        json_t *block;
        json_array_foreach(json_object_get(vcn->body, fields[f]), i, block)
        {
            const char *whole = json_string_value(block), *end = strchr(whole, '/');
            if (end &&
                inet_pton(AF_INET6, arena_strndup(call->arena, whole, (size_t)(end - whole)),
                          outer) == 1 &&
                memcmp(inner, outer, 7) == 0)
                return true;
        }
    }
    return call_invalid(call, "The IPv6 block %s is not within a block of the VCN %s", text,
                        vcn->id);
}

static bool set_ipv6(struct call *call, struct object *subnet)
{
    const char *one = object_text(subnet, "ipv6CidrBlock");
    json_t *blocks = json_object_get(subnet->body, "ipv6CidrBlocks");
    if (one && !json_array_size(blocks))
        json_object_set_new(subnet->body, "ipv6CidrBlocks", blocks = json_pack("[s]", one));
    size_t i;
    json_t *block;
    json_array_foreach(blocks, i, block) if (!check_ipv6(call, vcn_of(call, subnet),
                                                         json_string_value(block))) return false;
    if (json_array_size(blocks))
        json_object_set(subnet->body, "ipv6CidrBlock", json_array_get(blocks, 0));
    return true;
}

/* --- the rest --------------------------------------------------------------------------------------- */

static bool check_label(struct call *call, struct object *subnet)
{
    const char *label = object_text(subnet, "dnsLabel");
    const char *domain = object_text(vcn_of(call, subnet), "vcnDomainName");
    if (!label)
        return true;
    if (!core_check_dns_label(call, subnet))
        return false;
    if (!domain)
        return call_invalid(call, "dnsLabel needs a VCN with a dnsLabel");
    for (const struct object *one = store_first(call->store, &kind_subnet); one;
         one = store_next(call->store, one))
        if (one != subnet && object_exists(one) &&
            text_equal(object_text(one, "vcnId"), object_text(subnet, "vcnId")) &&
            text_equal_nocase(object_text(one, "dnsLabel"), label))
            return call_invalid(call, "dnsLabel '%s' is a duplicate of the subnet %s's", label,
                                one->id);
    json_set_text(subnet->body, "subnetDomainName",
                  arena_printf(call->arena, "%s.%s", label, domain));
    return true;
}

static bool set_access(struct call *call, struct object *subnet)
{
    const json_t *address = json_object_get(subnet->body, "prohibitPublicIpOnVnic");
    const json_t *ingress = json_object_get(subnet->body, "prohibitInternetIngress");
    bool prohibit = json_is_true(address) || json_is_true(ingress);
    if (address && ingress && json_is_true(address) != json_is_true(ingress))
        return call_invalid(
            call, "prohibitPublicIpOnVnic and prohibitInternetIngress contradict each other");
    json_object_set_new(subnet->body, "prohibitPublicIpOnVnic", json_boolean(prohibit));
    json_object_set_new(subnet->body, "prohibitInternetIngress", json_boolean(prohibit));
    return true;
}

static bool check_neighbours(struct call *call, const struct object *subnet)
{
    return core_same_vcn(call, subnet, "routeTableId", &kind_route_table) &&
           core_same_vcn(call, subnet, "dhcpOptionsId", &kind_dhcp_options) &&
           core_same_vcn(call, subnet, "securityListIds", &kind_security_list);
}

static void set_defaults(struct call *call, struct object *subnet)
{
    const struct object *vcn = vcn_of(call, subnet);
    if (!object_text(subnet, "routeTableId"))
        json_set_text(subnet->body, "routeTableId", object_text(vcn, "defaultRouteTableId"));
    if (!object_text(subnet, "dhcpOptionsId"))
        json_set_text(subnet->body, "dhcpOptionsId", object_text(vcn, "defaultDhcpOptionsId"));
    if (!json_object_get(subnet->body, "securityListIds"))
        json_object_set_new(subnet->body, "securityListIds",
                            json_pack("[s]", object_text(vcn, "defaultSecurityListId")));
}

static bool create(struct call *call, struct object *subnet)
{
    const char *domain = object_text(subnet, "availabilityDomain");
    if (domain && !call_availability_domain_number(call, domain))
        return call_invalid(call, "availabilityDomain '%.100s' does not exist", domain);
    set_defaults(call, subnet);
    if (!set_blocks(call, subnet) || !set_ipv6(call, subnet) || !check_label(call, subnet) ||
        !set_access(call, subnet) || !check_neighbours(call, subnet))
        return false;
    set_router(call, subnet);
    return true;
}

/* Only the mask of the block may change. */
static bool update(struct call *call, struct object *subnet, const json_t *before)
{
    const char *block = object_text(subnet, "cidrBlock"), *old = json_get_text(before, "cidrBlock");
    if (!text_equal(block, old)) {
        struct cidr has, was;
        if (!core_parse_block(call, "cidrBlock", block, &has) || !cidr_parse(old, &was))
            return false;
        if (has.address != was.address)
            return call_invalid(call, "cidrBlock can change only its prefix: %s", old);
        if (!check_block(call, subnet, block, false))
            return false;
        json_array_set_new(json_object_get(subnet->body, "ipv4CidrBlocks"), 0, json_string(block));
    }
    return set_ipv6(call, subnet) && check_neighbours(call, subnet);
}

static bool remove_subnet(struct call *call, struct object *subnet)
{
    for (const struct object *one = store_first(call->store, &kind_vnic); one;
         one = store_next(call->store, one))
        if (text_equal(object_text(one, "subnetId"), subnet->id))
            return call_conflict(call, "The subnet %s references the VNIC %s: remove that first",
                                 subnet->id, one->id);
    return true;
}

const struct kind kind_subnet = {
    .type = "subnet",
    .title = "subnet",
    .default_name = "subnet",
    .parent_field = "vcnId",
    .references = (const struct reference[]){{"vcnId", &kind_vcn},
                                             {"routeTableId", &kind_route_table},
                                             {"dhcpOptionsId", &kind_dhcp_options},
                                             {"securityListIds", &kind_security_list},
                                             {NULL}},
    .life = &lifecycle_core,
    .limit = 300,
    .limit_name = "subnet-count",
    .create = create,
    .update = update,
    .remove = remove_subnet,
    .step = core_take_pending};

/* --- changes of the blocks -------------------------------------------------------------------------- */

static bool start_blocks(struct call *call, struct object *subnet, const char *field,
                         const char *first, json_t *blocks)
{
    return core_start_pending(
        call, subnet, "UPDATE_SUBNET", "subnet",
        json_pack("{s:o, s:O*}", field, blocks, first, json_array_get(blocks, 0)));
}

/* Not in use by a VNIC, and one of the blocks; -1 after call_fail(). */
static int open_block(struct call *call, const struct object *subnet, const char *text)
{
    size_t i;
    json_t *block;
    struct cidr cidr;
    uint32_t address;
    if (cidr_parse(text, &cidr))
        for (const struct object *one = store_first(call->store, &kind_vnic); one;
             one = store_next(call->store, one))
            if (text_equal(object_text(one, "subnetId"), subnet->id) &&
                ipv4_parse(object_text(one, "privateIp"), &address) &&
                cidr_contains_address(cidr, address)) {
                call_conflict(call, "The CIDR block %s is in use by the VNIC %s", text, one->id);
                return -1;
            }
    json_array_foreach(json_object_get(subnet->body, "ipv4CidrBlocks"), i,
                       block) if (text_equal(json_string_value(block), text)) return (int)i;
    call_invalid(call, "The subnet %s has no CIDR block %.64s", subnet->id, text);
    return -1;
}

bool subnet_add_cidr(struct call *call)
{
    struct object *subnet = crud_open(call, &kind_subnet);
    const char *text = call_text(call, "ipv4CidrBlock");
    if (!subnet || !check_block(call, subnet, text, true))
        return false;
    json_t *blocks = json_copy(json_object_get(subnet->body, "ipv4CidrBlocks"));
    json_array_append_new(blocks, json_string(text));
    return start_blocks(call, subnet, "ipv4CidrBlocks", "cidrBlock", blocks);
}

bool subnet_remove_cidr(struct call *call)
{
    struct object *subnet = crud_open(call, &kind_subnet);
    int index = subnet ? open_block(call, subnet, call_text(call, "ipv4CidrBlock")) : -1;
    if (index < 0)
        return false;
    json_t *blocks = json_copy(json_object_get(subnet->body, "ipv4CidrBlocks"));
    json_array_remove(blocks, (size_t)index);
    if (json_array_size(blocks))
        return start_blocks(call, subnet, "ipv4CidrBlocks", "cidrBlock", blocks);
    json_decref(blocks);
    return call_invalid(call, "The last CIDR block of a subnet cannot be removed");
}

bool subnet_modify_cidr(struct call *call)
{
    struct object *subnet = crud_open(call, &kind_subnet);
    const char *text = call_text(call, "updatedIpv4CidrBlock");
    int index = subnet ? open_block(call, subnet, call_text(call, "ipv4CidrBlock")) : -1;
    if (index < 0 || !check_block(call, subnet, text, false))
        return false;
    json_t *blocks = json_copy(json_object_get(subnet->body, "ipv4CidrBlocks"));
    json_array_set_new(blocks, (size_t)index, json_string(text));
    return start_blocks(call, subnet, "ipv4CidrBlocks", "cidrBlock", blocks);
}

bool subnet_add_ipv6_cidr(struct call *call)
{
    struct object *subnet = crud_open(call, &kind_subnet);
    const char *text = call_text(call, "ipv6CidrBlock");
    if (!subnet || !check_ipv6(call, vcn_of(call, subnet), text))
        return false;
    json_t *blocks = json_copy(json_object_get(subnet->body, "ipv6CidrBlocks"));
    if (!blocks)
        blocks = json_array();
    json_array_append_new(blocks, json_string(text));
    return start_blocks(call, subnet, "ipv6CidrBlocks", "ipv6CidrBlock", blocks);
}

bool subnet_remove_ipv6_cidr(struct call *call)
{
    struct object *subnet = crud_open(call, &kind_subnet);
    if (!subnet)
        return false;
    json_t *blocks = json_copy(json_object_get(subnet->body, "ipv6CidrBlocks"));
    for (size_t i = 0; i < json_array_size(blocks); i++)
        if (text_equal(json_string_value(json_array_get(blocks, i)),
                       call_text(call, "ipv6CidrBlock"))) {
            json_array_remove(blocks, i);
            if (!json_array_size(blocks))
                json_object_del(subnet->body, "ipv6CidrBlock");
            return start_blocks(call, subnet, "ipv6CidrBlocks", "ipv6CidrBlock", blocks);
        }
    json_decref(blocks);
    return call_invalid(call, "The subnet %s has no IPv6 block %.64s", subnet->id,
                        call_text(call, "ipv6CidrBlock"));
}
