#include "provider/oci/attributes.h"
#include "provider/oci/network.h"
#include "provider/oci/ops.h"

static const struct attribute attributes[] = {
    ATTRIBUTE_ID,
    ATTRIBUTE_COMPARTMENT_ID(0),
    ATTRIBUTE_VCN_ID,
    {.name = "block_traffic",
     .kind = ATTRIBUTE_BOOL,
     .flags = OPTIONAL | COMPUTED,
     .doc = "Whether traffic is blocked."},
    ATTRIBUTE_DISPLAY_NAME,
    {.name = "public_ip_id",
     .flags = OPTIONAL | COMPUTED | REPLACE,
     .validate = validate_ocid,
     .validate_with = "publicip",
     .doc = "OCID of a reserved public address to use; OCI takes one of its own by default."},
    ATTRIBUTE_GATEWAY_ROUTE_TABLE_ID,
    {.name = "nat_ip", .flags = COMPUTED, .doc = "The address that the Internet sees."},
    ATTRIBUTE_DEFINED_TAGS,
    ATTRIBUTE_FREEFORM_TAGS,
    ATTRIBUTE_STATE,
    ATTRIBUTE_TIME_CREATED,
    ATTRIBUTES_END,
};

static const struct oci_api api = {
    .service = OCI_CORE,
    .noun = "NAT gateway",
    .stem = "NatGateway",
    .path = "/natGateways",
    .ocid_type = "natgateway",
    .flags = API_UPDATE_CHANGED,
    .states = &api_states_core,
    .list_query = network_list_query,
    .actions = (const struct api_action[]){API_CHANGE_COMPARTMENT("ChangeNatGatewayCompartment"),
                                           {.attribute = NULL}}};

const struct resource oke_nat_gateway = {
    .name = "nat_gateway",
    .summary = "The way out to the Internet for addresses that are private.",
    .subcategory = "Networking",
    .attributes = attributes,
    .ops = &oci_ops,
    .api = &api,
    .import_id = "the gateway's OCID",
    .moved_from = (const char *const[]){"oci_core_nat_gateway", NULL},
    .list_attributes = network_list_attributes,
    .example = "resource \"oke_nat_gateway\" \"main\" {\n"
               "  compartment_id = var.compartment_id\n"
               "  vcn_id         = oke_vcn.main.id\n"
               "  display_name   = \"nat\"\n"
               "}\n",
};
