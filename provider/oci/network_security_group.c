#include "provider/oci/attributes.h"
#include "provider/oci/network.h"
#include "provider/oci/ops.h"

static const struct attribute attributes[] = {
    ATTRIBUTE_ID,           ATTRIBUTE_COMPARTMENT_ID(0), ATTRIBUTE_VCN_ID,
    ATTRIBUTE_DISPLAY_NAME, ATTRIBUTE_DEFINED_TAGS,      ATTRIBUTE_FREEFORM_TAGS,
    ATTRIBUTE_STATE,        ATTRIBUTE_TIME_CREATED,      ATTRIBUTES_END,
};

static const struct oci_api api = {
    .service = OCI_CORE,
    .noun = "network security group",
    .stem = "NetworkSecurityGroup",
    .path = "/networkSecurityGroups",
    .ocid_type = "networksecuritygroup",
    .flags = API_UPDATE_CHANGED,
    .states = &api_states_core,
    .list_query = network_list_query,
    .actions = (const struct api_action[]){
        API_CHANGE_COMPARTMENT("ChangeNetworkSecurityGroupCompartment"), {.attribute = NULL}}};

const struct resource oke_network_security_group = {
    .name = "network_security_group",
    .summary = "A group of network interfaces that the same security rules apply to.",
    .description = "The rules are resources of their own: "
                   "`oke_network_security_group_security_rule`.",
    .subcategory = "Networking",
    .attributes = attributes,
    .ops = &oci_ops,
    .api = &api,
    .import_id = "the group's OCID",
    .moved_from = (const char *const[]){"oci_core_network_security_group", NULL},
    .list_attributes = network_list_attributes,
    .example = "resource \"oke_network_security_group\" \"web\" {\n"
               "  compartment_id = var.compartment_id\n"
               "  vcn_id         = oke_vcn.main.id\n"
               "  display_name   = \"web\"\n"
               "}\n",
};
