#include <string.h>

#include "lib/base/json.h"
#include "provider/engine/plan.h"
#include "provider/oci/attributes.h"
#include "provider/oci/network.h"
#include "provider/oci/ops.h"

static const struct attribute attributes[] = {
    ATTRIBUTE_ID,
    ATTRIBUTE_COMPARTMENT_ID(0),
    ATTRIBUTE_VCN_ID,
    {.name = "availability_domain",
     .flags = OPTIONAL | COMPUTED | REPLACE,
     .equal = equal_any_case,
     .validate = validate_availability_domain,
     .doc = "Ties the subnet to one availability domain. Leave it out for a regional subnet, which "
            "OCI recommends."},
    {.name = "cidr_block",
     .flags = OPTIONAL | COMPUTED,
     .validate = validate_network_cidr,
     .conflicts = (const char *const[]){"ipv4cidr_blocks", NULL},
     .doc = "The IPv4 block, inside one of the VCN's. It can be resized in place as long as the "
            "address stays.",
     .sample = "\"10.0.1.0/24\""},
    {.name = "ipv4cidr_blocks",
     .kind = ATTRIBUTE_STRING_LIST,
     .flags = OPTIONAL | COMPUTED | ANY_ORDER,
     .json = "ipv4CidrBlocks",
     .validate = validate_network_cidr,
     .doc = "IPv4 blocks, when there are several. They are changed in place."},
    {.name = "dhcp_options_id",
     .flags = OPTIONAL | COMPUTED,
     .validate = validate_ocid,
     .validate_with = "dhcpoptions",
     .doc = "OCID of the DHCP options; the VCN's own by default."},
    ATTRIBUTE_DISPLAY_NAME,
    {.name = "dns_label",
     .flags = OPTIONAL | COMPUTED | REPLACE,
     .equal = equal_any_case,
     .validate = validate_dns_label,
     .doc = "First part of the subnet's domain name, unique in the VCN, which needs a label too.",
     .sample = "\"workers\""},
    {.name = "ipv6cidr_block",
     .flags = OPTIONAL | COMPUTED,
     .json = "ipv6CidrBlock",
     .equal = equal_cidr,
     .validate = validate_ipv6_cidr,
     .conflicts = (const char *const[]){"ipv6cidr_blocks", NULL},
     .doc = "The IPv6 block, a /64 inside one of the VCN's."},
    {.name = "ipv6cidr_blocks",
     .kind = ATTRIBUTE_STRING_LIST,
     .flags = OPTIONAL | COMPUTED | ANY_ORDER,
     .json = "ipv6CidrBlocks",
     .equal = equal_cidr,
     .validate = validate_ipv6_cidr,
     .doc = "IPv6 blocks, when there are several. They are changed in place."},
    {.name = "prohibit_internet_ingress",
     .kind = ATTRIBUTE_BOOL,
     .flags = OPTIONAL | COMPUTED | REPLACE,
     .conflicts = (const char *const[]){"prohibit_public_ip_on_vnic", NULL},
     .doc = "Whether nothing from the Internet gets in, by IPv4 or IPv6."},
    {.name = "prohibit_public_ip_on_vnic",
     .kind = ATTRIBUTE_BOOL,
     .flags = OPTIONAL | COMPUTED | REPLACE,
     .doc = "Whether the subnet is private: nothing in it can have a public address.",
     .sample = "true"},
    {.name = "route_table_id",
     .flags = OPTIONAL | COMPUTED,
     .validate = validate_ocid,
     .validate_with = "routetable",
     .doc = "OCID of the route table; the VCN's own by default.",
     .sample = "oke_route_table.private.id"},
    {.name = "security_list_ids",
     .kind = ATTRIBUTE_STRING_SET,
     .flags = OPTIONAL | COMPUTED,
     .max_items = 5,
     .validate = validate_ocid,
     .validate_with = "securitylist",
     .doc = "OCIDs of the security lists; the VCN's own by default.",
     .sample = "[oke_security_list.workers.id]"},
    {.name = "ipv6virtual_router_ip",
     .flags = COMPUTED,
     .json = "ipv6VirtualRouterIp",
     .doc = "IPv6 address of the virtual router."},
    {.name = "subnet_domain_name",
     .flags = COMPUTED,
     .doc = "`<dns_label>.<dns_label of the VCN>.oraclevcn.com`."},
    {.name = "virtual_router_ip", .flags = COMPUTED, .doc = "Address of the virtual router."},
    {.name = "virtual_router_mac", .flags = COMPUTED, .doc = "MAC address of the virtual router."},
    ATTRIBUTE_DEFINED_TAGS,
    ATTRIBUTE_FREEFORM_TAGS,
    ATTRIBUTE_STATE,
    ATTRIBUTE_TIME_CREATED,
    ATTRIBUTES_END,
};

static const struct network_blocks ipv4_blocks = {
    .attribute = "ipv4cidr_blocks",
    .add = "AddIpv4SubnetCidr",
    .add_path = "/actions/addIpv4Cidr",
    .add_member = "ipv4CidrBlock",
    .remove = "RemoveIpv4SubnetCidr",
    .remove_path = "/actions/removeIpv4Cidr",
    .remove_member = "ipv4CidrBlock",
    .modify = "ModifyIpv4SubnetCidr",
    .modify_path = "/actions/modifyIpv4Cidr",
    .modify_from = "ipv4CidrBlock",
    .modify_to = "updatedIpv4CidrBlock",
};
static const struct network_blocks ipv6_blocks = {
    .attribute = "ipv6cidr_blocks",
    .add = "AddIpv6SubnetCidr",
    .add_path = "/actions/addIpv6Cidr",
    .add_member = "ipv6CidrBlock",
    .remove = "RemoveIpv6SubnetCidr",
    .remove_path = "/actions/removeIpv6Cidr",
    .remove_member = "ipv6CidrBlock",
};

static bool change_ipv4(struct api_call *call, const struct api_action *action, struct error *err)
{
    (void)action;
    return network_change_blocks(call, &ipv4_blocks, err);
}

static bool change_ipv6(struct api_call *call, const struct api_action *action, struct error *err)
{
    (void)action;
    return network_change_blocks(call, &ipv6_blocks, err);
}

/* --- plan time ---------------------------------------------------------------------------------- */

static void validate(const struct value *config, struct diagnostics *diagnostics,
                     struct arena *arena)
{
    network_check_overlap(value_get(config, "ipv4cidr_blocks"), "ipv4cidr_blocks", diagnostics,
                          arena);
    if (value_is_null(value_get(config, "cidr_block")) &&
        value_is_null(value_get(config, "ipv4cidr_blocks")) &&
        value_is_null(value_get(config, "ipv6cidr_block")) &&
        value_is_null(value_get(config, "ipv6cidr_blocks")))
        diagnostics_error(diagnostics, path_attribute(arena, NULL, "cidr_block"),
                          "Missing argument",
                          "A subnet needs an address block: cidr_block, or one of its kin.");
}

static bool inside(const json_t *blocks, const struct cidr *subnet)
{
    size_t index;
    json_t *block;
    struct cidr outer;
    json_array_foreach(blocks, index, block)
    {
        if (cidr_parse(json_string_value(block), &outer) && cidr_contains(&outer, subnet))
            return true;
    }
    return false;
}

/* A warning only: the same apply may give the VCN the block that is missing now. */
static void check_inside_vcn(struct operation *op, struct plan *plan)
{
    ERROR_AUTO(ignored);
    JSON_AUTO vcn = NULL;
    struct cidr subnet;
    const char *block = value_text(value_get(plan->planned, "cidr_block"));
    if (!cidr_parse(block, &subnet) || !value_text(value_get(plan->planned, "vcn_id")))
        return;
    const char *path = api_path(op->arena, "/vcns/{vcn_id}", plan->planned, &ignored);
    if (!path || !api_get(op, OCI_CORE, "GetVcn", path, NULL, 0, &vcn, &ignored))
        return;
    const json_t *blocks = json_object_get(vcn, "cidrBlocks");
    STR_AUTO text = STR_INIT;
    json_write(blocks, false, &text);
    if (json_array_size(blocks) && !inside(blocks, &subnet))
        diagnostics_warning(plan->diagnostics, path_attribute(plan->arena, NULL, "cidr_block"),
                            "Subnet outside of its VCN",
                            "%s is in none of the blocks that the VCN has now: %s. OCI will refuse "
                            "it unless this apply adds such a block to the VCN.",
                            block, str_text(&text));
}

/* Only the prefix can change in place. */
static bool moves(const struct plan *plan)
{
    struct cidr before, after;
    return cidr_parse(value_text(value_get(plan->prior, "cidr_block")), &before) &&
           cidr_parse(value_text(value_get(plan->planned, "cidr_block")), &after) &&
           memcmp(before.address, after.address, sizeof(after.address)) != 0;
}

static void plan_blocks(struct operation *op, struct plan *plan)
{
    bool changed = plan_is_create(plan) || plan_changes(plan, "cidr_block");
    if (changed)
        check_inside_vcn(op, plan);
    if (plan_is_create(plan))
        return;
    if (moves(plan))
        plan_require_replace(plan, "cidr_block");
    if (plan_changes(plan, "cidr_block"))
        plan_set_unknown(plan, "ipv4cidr_blocks");
    else if (plan_changes(plan, "ipv4cidr_blocks"))
        plan_set_unknown(plan, "cidr_block");
    if (plan_changes(plan, "ipv6cidr_block"))
        plan_set_unknown(plan, "ipv6cidr_blocks");
    else if (plan_changes(plan, "ipv6cidr_blocks"))
        plan_set_unknown(plan, "ipv6cidr_block");
}

static const struct oci_api api = {
    .service = OCI_CORE,
    .noun = "subnet",
    .stem = "Subnet",
    .path = "/subnets",
    .ocid_type = "subnet",
    .flags = API_UPDATE_CHANGED,
    .states = &api_states_core,
    .list_query = network_list_query,
    /* Addresses of load balancers and nodes that are going away linger for minutes. */
    .retry = (const struct api_retry[]){{API_DELETE, {409, "Conflict", NULL, 10 * 60 * 1000}}, {0}},
    .actions =
        (const struct api_action[]){
            API_CHANGE_COMPARTMENT("ChangeSubnetCompartment"),
            {.attribute = "ipv4cidr_blocks", .run = change_ipv4},
            {.attribute = "ipv6cidr_blocks", .run = change_ipv6},
            {.attribute = NULL},
        },
};

const struct resource oke_subnet = {
    .name = "subnet",
    .summary = "A part of a VCN, with its own routes and security lists.",
    .subcategory = "Networking",
    .attributes = attributes,
    .ops = &oci_ops,
    .api = &api,
    .import_id = "the subnet's OCID",
    .moved_from = (const char *const[]){"oci_core_subnet", NULL},
    .validate = validate,
    .plan = plan_blocks,
    .list_attributes = network_list_attributes,
    .example = "resource \"oke_subnet\" \"workers\" {\n"
               "  compartment_id             = var.compartment_id\n"
               "  vcn_id                     = oke_vcn.main.id\n"
               "  cidr_block                 = \"10.0.1.0/24\"\n"
               "  display_name               = \"workers\"\n"
               "  dns_label                  = \"workers\"\n"
               "  prohibit_public_ip_on_vnic = true\n"
               "}\n",
};
