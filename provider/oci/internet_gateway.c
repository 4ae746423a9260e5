#include "provider/oci/attributes.h"
#include "provider/oci/network.h"
#include "provider/oci/ops.h"

static const struct attribute attributes[] = {
    ATTRIBUTE_ID,
    ATTRIBUTE_COMPARTMENT_ID(0),
    ATTRIBUTE_VCN_ID,
    ATTRIBUTE_DISPLAY_NAME,
    {.name = "enabled",
     .kind = ATTRIBUTE_BOOL,
     .flags = OPTIONAL,
     .json = "isEnabled",
     .default_value = "true",
     .doc = "Whether traffic flows."},
    ATTRIBUTE_GATEWAY_ROUTE_TABLE_ID,
    ATTRIBUTE_DEFINED_TAGS,
    ATTRIBUTE_FREEFORM_TAGS,
    ATTRIBUTE_STATE,
    ATTRIBUTE_TIME_CREATED,
    ATTRIBUTES_END,
};

static const struct oci_api api = {
    .service = OCI_CORE,
    .noun = "internet gateway",
    .stem = "InternetGateway",
    .path = "/internetGateways",
    .ocid_type = "internetgateway",
    .flags = API_UPDATE_CHANGED,
    .states = &api_states_core,
    .list_query = network_list_query,
    .actions = (const struct api_action[]){
        API_CHANGE_COMPARTMENT("ChangeInternetGatewayCompartment"), {.attribute = NULL}}};

const struct resource oke_internet_gateway = {
    .name = "internet_gateway",
    .summary = "The way between public addresses in a VCN and the Internet. A VCN has at most one.",
    .subcategory = "Networking",
    .attributes = attributes,
    .ops = &oci_ops,
    .api = &api,
    .import_id = "the gateway's OCID",
    .moved_from = (const char *const[]){"oci_core_internet_gateway", NULL},
    .list_attributes = network_list_attributes,
    .example = "resource \"oke_internet_gateway\" \"main\" {\n"
               "  compartment_id = var.compartment_id\n"
               "  vcn_id         = oke_vcn.main.id\n"
               "  display_name   = \"internet\"\n"
               "}\n",
};
