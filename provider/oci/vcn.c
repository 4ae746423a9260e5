#include "lib/base/json.h"
#include "provider/engine/plan.h"
#include "provider/oci/attributes.h"
#include "provider/oci/network.h"
#include "provider/oci/ops.h"

static const struct attribute byoip_fields[] = {
    {.name = "byoipv6range_id",
     .flags = REQUIRED | KEY,
     .json = "byoipv6RangeId",
     .doc = "OCID of the range that was brought to OCI."},
    {.name = "ipv6cidr_block",
     .flags = REQUIRED,
     .json = "ipv6CidrBlock",
     .equal = equal_cidr,
     .validate = validate_ipv6_cidr,
     .doc = "The part of it for this VCN, /64 or larger."},
    ATTRIBUTES_END,
};

static const struct attribute attributes[] = {
    ATTRIBUTE_ID,
    ATTRIBUTE_COMPARTMENT_ID(0),
    {.name = "cidr_block",
     .flags = OPTIONAL | COMPUTED | REPLACE | DEPRECATED,
     .validate = validate_network_cidr,
     .conflicts = (const char *const[]){"cidr_blocks", NULL},
     .deprecated = "Use cidr_blocks.",
     .doc = "The first IPv4 block."},
    {.name = "cidr_blocks",
     .kind = ATTRIBUTE_STRING_LIST,
     .flags = OPTIONAL | COMPUTED | ANY_ORDER,
     .max_items = 16,
     .validate = validate_network_cidr,
     .doc =
         "IPv4 blocks, /16 to /30, that do not overlap. Blocks are added, resized and removed in "
         "place.",
     .sample = "[\"10.0.0.0/16\"]"},
    ATTRIBUTE_DISPLAY_NAME,
    {.name = "dns_label",
     .flags = OPTIONAL | COMPUTED | REPLACE,
     .equal = equal_any_case,
     .validate = validate_dns_label,
     .doc = "First part of the VCN's domain name, `<label>.oraclevcn.com`. Subnets can have labels "
            "only when their VCN has one.",
     .sample = "\"main\""},
    {.name = "is_ipv6enabled",
     .kind = ATTRIBUTE_BOOL,
     .flags = OPTIONAL | COMPUTED,
     .json = "isIpv6Enabled",
     .doc = "Whether the VCN has IPv6. It cannot be turned off again."},
    {.name = "is_oracle_gua_allocation_enabled",
     .kind = ATTRIBUTE_BOOL,
     .flags = OPTIONAL | UNREADABLE,
     .default_value = "true",
     .doc = "Whether Oracle assigns a /56 of public addresses, once there is IPv6."},
    {.name = "ipv6private_cidr_blocks",
     .kind = ATTRIBUTE_STRING_LIST,
     .flags = OPTIONAL | COMPUTED | ANY_ORDER,
     .json = "ipv6PrivateCidrBlocks",
     .equal = equal_cidr,
     .validate = validate_ipv6_cidr,
     .doc = "Private IPv6 blocks."},
    {.name = "byoipv6cidr_details",
     .kind = ATTRIBUTE_OBJECT_LIST,
     .flags = OPTIONAL | UNREADABLE,
     .json = "byoipv6CidrDetails",
     .fields = byoip_fields,
     .doc = "IPv6 blocks from ranges that were brought to OCI."},
    ATTRIBUTE_SECURITY_ATTRIBUTES(OPTIONAL | COMPUTED),
    {.name = "byoipv6cidr_blocks",
     .kind = ATTRIBUTE_STRING_LIST,
     .flags = COMPUTED,
     .json = "byoipv6CidrBlocks",
     .doc = "IPv6 blocks from ranges that were brought to OCI."},
    {.name = "ipv6cidr_blocks",
     .kind = ATTRIBUTE_STRING_LIST,
     .flags = COMPUTED,
     .json = "ipv6CidrBlocks",
     .doc = "IPv6 blocks that Oracle assigned."},
    {.name = "default_dhcp_options_id",
     .flags = COMPUTED,
     .doc = "OCID of the DHCP options that came with the VCN."},
    {.name = "default_route_table_id",
     .flags = COMPUTED,
     .doc = "OCID of the route table that came with the VCN."},
    {.name = "default_security_list_id",
     .flags = COMPUTED,
     .doc = "OCID of the security list that came with the VCN."},
    {.name = "vcn_domain_name", .flags = COMPUTED, .doc = "`<dns_label>.oraclevcn.com`."},
    ATTRIBUTE_DEFINED_TAGS,
    ATTRIBUTE_FREEFORM_TAGS,
    ATTRIBUTE_STATE,
    ATTRIBUTE_TIME_CREATED,
    ATTRIBUTES_END,
};

/* --- address blocks ----------------------------------------------------------------------------- */

static const struct network_blocks ipv4_blocks = {
    .attribute = "cidr_blocks",
    .add = "AddVcnCidr",
    .add_path = "/actions/addCidr",
    .add_member = "cidrBlock",
    .remove = "RemoveVcnCidr",
    .remove_path = "/actions/removeCidr",
    .remove_member = "cidrBlock",
    .modify = "ModifyVcnCidr",
    .modify_path = "/actions/modifyCidr",
    .modify_from = "originalCidrBlock",
    .modify_to = "newCidrBlock",
};
static const struct network_blocks private_blocks = {
    .attribute = "ipv6private_cidr_blocks",
    .add = "AddIpv6VcnCidr",
    .add_path = "/actions/addIpv6Cidr",
    .add_member = "ipv6PrivateCidrBlock",
    .remove = "RemoveIpv6VcnCidr",
    .remove_path = "/actions/removeIpv6Cidr",
    .remove_member = "ipv6CidrBlock",
};

static bool change_cidrs(struct api_call *call, const struct api_action *action, struct error *err)
{
    (void)action;
    return network_change_blocks(call, &ipv4_blocks, err);
}

static bool change_private_blocks(struct api_call *call, const struct api_action *action,
                                  struct error *err)
{
    (void)action;
    return network_change_blocks(call, &private_blocks, err);
}

static bool wants_oracle_block(const struct value *object)
{
    return value_as_bool(value_get(object, "is_ipv6enabled"), false) &&
           value_as_bool(value_get(object, "is_oracle_gua_allocation_enabled"), true);
}

static bool add_ipv6(struct api_call *call, json_t *body, struct error *err)
{
    return api_act(call, "AddIpv6VcnCidr", "/actions/addIpv6Cidr", body, err);
}

static bool remove_ipv6(struct api_call *call, const char *block, struct error *err)
{
    JSON_AUTO body = json_pack("{s:s}", "ipv6CidrBlock", block);
    return api_act(call, "RemoveIpv6VcnCidr", "/actions/removeIpv6Cidr", body, err);
}

static bool add_oracle_block(struct api_call *call, struct error *err)
{
    JSON_AUTO body = json_pack("{s:b}", "isOracleGuaAllocationEnabled", 1);
    return add_ipv6(call, body, err);
}

/* Turning it off has no call: plan_blocks refuses it. */
static bool enable_ipv6(struct api_call *call, const struct api_action *action, struct error *err)
{
    (void)action;
    return !wants_oracle_block(call->planned) || add_oracle_block(call, err);
}

static bool change_oracle_block(struct api_call *call, const struct api_action *action,
                                struct error *err)
{
    (void)action;
    const struct value *held = value_get(call->prior, "ipv6cidr_blocks");
    bool had_ipv6 = value_as_bool(value_get(call->prior, "is_ipv6enabled"), false);
    if (wants_oracle_block(call->planned) && had_ipv6 && value_count(held) == 0)
        return add_oracle_block(call, err);
    for (size_t i = 0; !wants_oracle_block(call->planned) && i < value_count(held); i++)
        if (!remove_ipv6(call, value_text(value_item(held, i)), err))
            return false;
    return true;
}

static bool holds_detail(const struct value *details, const struct value *block)
{
    for (size_t i = 0; i < value_count(details); i++)
        if (equal_cidr(value_get(value_item(details, i), "ipv6cidr_block"), block))
            return true;
    return false;
}

static bool change_own_blocks(struct api_call *call, const struct api_action *action,
                              struct error *err)
{
    const struct value *prior = value_get(call->prior, action->attribute);
    const struct value *planned = value_get(call->planned, action->attribute);
    for (size_t i = 0; i < value_count(planned); i++) {
        const struct value *detail = value_item(planned, i);
        const struct value *block = value_get(detail, "ipv6cidr_block");
        if (holds_detail(prior, block))
            continue;
        JSON_AUTO body = json_pack("{s:{s:s, s:s}}", "byoipv6CidrDetail", "byoipv6RangeId",
                                   value_text(value_get(detail, "byoipv6range_id")),
                                   "ipv6CidrBlock", value_text(block));
        if (!add_ipv6(call, body, err))
            return false;
    }
    for (size_t i = 0; i < value_count(prior); i++) {
        const struct value *block = value_get(value_item(prior, i), "ipv6cidr_block");
        if (!holds_detail(planned, block) && !remove_ipv6(call, value_text(block), err))
            return false;
    }
    return true;
}

/* The API does not tell whether IPv6 is on: any block says so, and so does the absence of the one that
 * was not wanted. */
static bool infer_ipv6(struct api_call *call, json_t *object, struct error *err)
{
    (void)err;
    bool any = json_array_size(json_object_get(object, "ipv6CidrBlocks")) ||
               json_array_size(json_object_get(object, "ipv6PrivateCidrBlocks")) ||
               json_array_size(json_object_get(object, "byoipv6CidrBlocks"));
    bool unwanted =
        !value_as_bool(value_get(call->known, "is_oracle_gua_allocation_enabled"), true);
    if (!any && unwanted)
        any = value_as_bool(value_get(call->known, "is_ipv6enabled"), false);
    json_object_set_new(object, "isIpv6Enabled", json_boolean(any));
    return true;
}

/* Without IPv6 there is nothing to assign. */
static bool drop_oracle_block(struct api_call *call, json_t *body, struct error *err)
{
    (void)call;
    (void)err;
    if (!json_get_bool(body, "isIpv6Enabled", false))
        json_object_del(body, "isOracleGuaAllocationEnabled");
    return true;
}

static void plan_blocks(struct operation *op, struct plan *plan)
{
    (void)op;
    if (plan_is_create(plan))
        return;
    if (plan_changes(plan, "cidr_blocks"))
        plan_set_unknown(plan, "cidr_block");
    if (plan_changes(plan, "is_ipv6enabled") ||
        plan_changes(plan, "is_oracle_gua_allocation_enabled"))
        plan_set_unknown(plan, "ipv6cidr_blocks");
    if (plan_changes(plan, "byoipv6cidr_details"))
        plan_set_unknown(plan, "byoipv6cidr_blocks");
    bool blocks_change =
        plan_changes(plan, "ipv6private_cidr_blocks") || plan_changes(plan, "byoipv6cidr_details");
    if (blocks_change && value_is_null(value_get(plan->config, "is_ipv6enabled")))
        plan_set_unknown(plan, "is_ipv6enabled");
    if (value_as_bool(value_get(plan->prior, "is_ipv6enabled"), false) &&
        !value_as_bool(value_get(plan->planned, "is_ipv6enabled"), true))
        diagnostics_error(
            plan->diagnostics, path_attribute(plan->arena, NULL, "is_ipv6enabled"),
            "IPv6 cannot be turned off",
            "OCI keeps IPv6 on once a VCN has it. Leave is_ipv6enabled on, or replace "
            "the VCN.");
}

static void validate(const struct value *config, struct diagnostics *diagnostics,
                     struct arena *arena)
{
    const struct value *blocks = value_get(config, "cidr_blocks");
    network_check_overlap(blocks, "cidr_blocks", diagnostics, arena);
    if (value_is_null(value_get(config, "cidr_block")) &&
        (value_is_null(blocks) || (value_is_known(blocks) && value_count(blocks) == 0)))
        diagnostics_error(diagnostics, path_attribute(arena, NULL, "cidr_blocks"),
                          "Missing argument", "A VCN needs at least one block in cidr_blocks.");
}

/* --- the table ---------------------------------------------------------------------------------- */

/* What a VCN must lose before it can go. */
#define IN_VCN(singular, operation_name, collection)                                               \
    {                                                                                              \
        .noun = singular, .operation = operation_name, .service = OCI_CORE, .path = collection,    \
        .query = (const struct api_query[]){                                                       \
            {"compartmentId", "{compartment_id}"}, {"vcnId", "{id}"}, {NULL}},                     \
    }

static const struct api_blocker blockers[] = {
    IN_VCN("subnet", "ListSubnets", "/subnets"),
    IN_VCN("internet gateway", "ListInternetGateways", "/internetGateways"),
    IN_VCN("NAT gateway", "ListNatGateways", "/natGateways"),
    IN_VCN("service gateway", "ListServiceGateways", "/serviceGateways"),
    IN_VCN("network security group", "ListNetworkSecurityGroups", "/networkSecurityGroups"),
    IN_VCN("route table", "ListRouteTables", "/routeTables"),
    IN_VCN("security list", "ListSecurityLists", "/securityLists"),
    {.noun = NULL},
};

static const struct oci_api api = {
    .service = OCI_CORE,
    .noun = "VCN",
    .stem = "Vcn",
    .path = "/vcns",
    .ocid_type = "vcn",
    .flags = API_UPDATE_CHANGED,
    .states = &api_states_core,
    .list_query = (const struct api_query[]){{"compartmentId", "{compartment_id}"},
                                             {"displayName", "{display_name}"},
                                             {NULL}},
    .actions =
        (const struct api_action[]){
            API_CHANGE_COMPARTMENT("ChangeVcnCompartment"),
            {.attribute = "cidr_blocks", .run = change_cidrs},
            {.attribute = "is_ipv6enabled", .run = enable_ipv6},
            {.attribute = "is_oracle_gua_allocation_enabled", .run = change_oracle_block},
            {.attribute = "ipv6private_cidr_blocks", .run = change_private_blocks},
            {.attribute = "byoipv6cidr_details", .run = change_own_blocks},
            {.attribute = NULL},
        },
    .blockers = blockers,
    .body = drop_oracle_block,
    .received = infer_ipv6,
};

const struct resource oke_vcn = {
    .name = "vcn",
    .summary = "A virtual cloud network (VCN): the private network that everything else lives in.",
    .subcategory = "Networking",
    .attributes = attributes,
    .ops = &oci_ops,
    .api = &api,
    .import_id = "the VCN's OCID",
    .moved_from = (const char *const[]){"oci_core_vcn", "oci_core_virtual_network", NULL},
    .validate = validate,
    .plan = plan_blocks,
    .list_attributes =
        (const struct attribute[]){
            ATTRIBUTE_COMPARTMENT_ID(0),
            {.name = "display_name", .flags = OPTIONAL, .doc = "Only those of this name."},
            ATTRIBUTES_END},
    .example = "resource \"oke_vcn\" \"main\" {\n"
               "  compartment_id = var.compartment_id\n"
               "  cidr_blocks    = [\"10.0.0.0/16\"]\n"
               "  display_name   = \"main\"\n"
               "  dns_label      = \"main\"\n"
               "}\n",
};
