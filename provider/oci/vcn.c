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
     .flags = OPTIONAL | COMPUTED,
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
     .doc = "Whether Oracle assigns a /56 of public addresses. On by default with IPv6."},
    {.name = "ipv6private_cidr_blocks",
     .kind = ATTRIBUTE_STRING_LIST,
     .flags = OPTIONAL | COMPUTED,
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
    {.name = "security_attributes",
     .kind = ATTRIBUTE_STRING_MAP,
     .flags = OPTIONAL | COMPUTED,
     .json_kind = JSON_TWO_LEVEL_MAP,
     .doc = "Zero Trust Packet Routing attributes, as `\"namespace.key.value\" = \"…\"`."},
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
            {.attribute = "cidr_blocks", .operation = "AddVcnCidr", .run = network_change_cidrs},
            {.attribute = NULL},
        },
    .blockers = blockers,
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
    .list_attributes = network_list_attributes,
    .example = "resource \"oke_vcn\" \"main\" {\n"
               "  compartment_id = var.compartment_id\n"
               "  cidr_blocks    = [\"10.0.0.0/16\"]\n"
               "  display_name   = \"main\"\n"
               "  dns_label      = \"main\"\n"
               "}\n",
};
