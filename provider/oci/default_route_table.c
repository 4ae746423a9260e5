#include "provider/oci/attributes.h"
#include "provider/oci/default_object.h"
#include "provider/oci/route_rules.h"

static const struct attribute attributes[] = {
    ATTRIBUTE_ID,
    ATTRIBUTE_DEFAULT_RESOURCE_ID("routetable", "oke_vcn.main.default_route_table_id"),
    ATTRIBUTE_DEFAULT_COMPARTMENT_ID,
    ATTRIBUTE_DISPLAY_NAME,
    {.name = "route_rules",
     .kind = ATTRIBUTE_OBJECT_SET,
     .flags = OPTIONAL,
     .fields = route_rule_fields,
     .max_items = 200,
     .doc = "The rules; each destination can have one."},
    ATTRIBUTE_DEFINED_TAGS,
    ATTRIBUTE_FREEFORM_TAGS,
    ATTRIBUTE_STATE,
    ATTRIBUTE_TIME_CREATED,
    ATTRIBUTES_END,
};

static const struct oci_api api = {
    .service = OCI_CORE,
    .noun = "default route table",
    .stem = "RouteTable",
    .path = "/routeTables",
    .ocid_type = "routetable",
    .flags = API_UPDATE_CHANGED,
    .states = &api_states_core,
    .actions = (const struct api_action[]){API_CHANGE_COMPARTMENT("ChangeRouteTableCompartment"),
                                           {.attribute = NULL}},
    .body = route_rules_complete,
    .received = route_rules_received,
};

DEFAULT_OBJECT_OPS("{\"routeRules\":[]}");

const struct resource oke_default_route_table = {
    .name = "default_route_table",
    .summary = "The route table that a VCN comes with. Destroying it removes its rules.",
    .subcategory = "Networking",
    .attributes = attributes,
    .ops = &ops,
    .api = &api,
    .import_id = "the route table's OCID",
    .moved_from = (const char *const[]){"oci_core_default_route_table", NULL},
    .validate = route_rules_validate,
    .example = "resource \"oke_default_route_table\" \"main\" {\n"
               "  manage_default_resource_id = oke_vcn.main.default_route_table_id\n"
               "\n"
               "  route_rules {\n"
               "    destination       = \"0.0.0.0/0\"\n"
               "    network_entity_id = oke_internet_gateway.main.id\n"
               "  }\n"
               "}\n",
};
