#include "provider/oci/attributes.h"
#include "provider/oci/network.h"
#include "provider/oci/ops.h"

static const struct attribute service_fields[] = {
    {.name = "service_id",
     .flags = REQUIRED | KEY,
     .validate = validate_ocid,
     .validate_with = "service",
     .doc = "OCID of the service; the data source `oke_services` lists them."},
    {.name = "service_name", .flags = COMPUTED, .doc = "Its name, in imported state."},
    ATTRIBUTES_END,
};

static const struct attribute attributes[] = {
    ATTRIBUTE_ID,
    ATTRIBUTE_COMPARTMENT_ID(0),
    ATTRIBUTE_VCN_ID,
    {.name = "services",
     .kind = ATTRIBUTE_OBJECT_SET,
     .flags = REQUIRED,
     .fields = service_fields,
     .doc = "What it leads to: either Object Storage, or all services of the region."},
    ATTRIBUTE_DISPLAY_NAME,
    ATTRIBUTE_GATEWAY_ROUTE_TABLE_ID,
    {.name = "block_traffic",
     .kind = ATTRIBUTE_BOOL,
     .flags = COMPUTED,
     .doc = "Whether traffic is blocked."},
    ATTRIBUTE_DEFINED_TAGS,
    ATTRIBUTE_FREEFORM_TAGS,
    ATTRIBUTE_STATE,
    ATTRIBUTE_TIME_CREATED,
    ATTRIBUTES_END,
};

static const struct oci_api api = {
    .service = OCI_CORE,
    .noun = "service gateway",
    .stem = "ServiceGateway",
    .path = "/serviceGateways",
    .ocid_type = "servicegateway",
    .flags = API_UPDATE_CHANGED,
    .states = &api_states_core,
    .list_query = (const struct api_query[]){{"compartmentId", "{compartment_id}"},
                                             {"vcnId", "{vcn_id}"},
                                             {NULL, NULL}},
    .actions = (const struct api_action[]){
        API_CHANGE_COMPARTMENT("ChangeServiceGatewayCompartment"), {.attribute = NULL}}};

const struct resource oke_service_gateway = {
    .name = "service_gateway",
    .summary = "The way to Oracle's services (registry, Object Storage, …) that never leaves OCI.",
    .subcategory = "Networking",
    .attributes = attributes,
    .ops = &oci_ops,
    .api = &api,
    .import_id = "the gateway's OCID",
    .moved_from = (const char *const[]){"oci_core_service_gateway", NULL},
    .list_attributes = network_list_attributes,
    .example = "data \"oke_services\" \"all\" {}\n"
               "\n"
               "resource \"oke_service_gateway\" \"main\" {\n"
               "  compartment_id = var.compartment_id\n"
               "  vcn_id         = oke_vcn.main.id\n"
               "  display_name   = \"services\"\n"
               "\n"
               "  services {\n"
               "    service_id = one([for s in data.oke_services.all.services : s.id if "
               "startswith(s.name, \"All \")])\n"
               "  }\n"
               "}\n",
};
