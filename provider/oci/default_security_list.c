#include "provider/oci/attributes.h"
#include "provider/oci/default_object.h"
#include "provider/oci/security_rules.h"

static const struct attribute attributes[] = {
    ATTRIBUTE_ID,
    ATTRIBUTE_DEFAULT_RESOURCE_ID("securitylist", "oke_vcn.main.default_security_list_id"),
    ATTRIBUTE_DEFAULT_COMPARTMENT_ID,
    ATTRIBUTE_DISPLAY_NAME,
    {.name = "ingress_security_rules",
     .kind = ATTRIBUTE_OBJECT_SET,
     .flags = OPTIONAL,
     .fields = security_ingress_fields,
     .max_items = 200,
     .doc = "What may come in."},
    {.name = "egress_security_rules",
     .kind = ATTRIBUTE_OBJECT_SET,
     .flags = OPTIONAL,
     .fields = security_egress_fields,
     .max_items = 200,
     .doc = "What may go out."},
    ATTRIBUTE_DEFINED_TAGS,
    ATTRIBUTE_FREEFORM_TAGS,
    ATTRIBUTE_STATE,
    ATTRIBUTE_TIME_CREATED,
    ATTRIBUTES_END,
};

static const struct oci_api api = {
    .service = OCI_CORE,
    .noun = "default security list",
    .stem = "SecurityList",
    .path = "/securityLists",
    .ocid_type = "securitylist",
    .flags = API_UPDATE_CHANGED,
    .states = &api_states_core,
    .actions = (const struct api_action[]){API_CHANGE_COMPARTMENT("ChangeSecurityListCompartment"),
                                           {.attribute = NULL}},
    .body = security_list_complete,
};

DEFAULT_OBJECT_OPS("{\"ingressSecurityRules\":[],\"egressSecurityRules\":[]}");

const struct resource oke_default_security_list = {
    .name = "default_security_list",
    .summary = "The security list that a VCN comes with. Destroying it removes its rules.",
    .description =
        "OCI fills it with rules that let SSH in and everything out; those go unless they "
        "are written here.",
    .subcategory = "Networking",
    .attributes = attributes,
    .ops = &ops,
    .api = &api,
    .import_id = "the security list's OCID",
    .moved_from = (const char *const[]){"oci_core_default_security_list", NULL},
    .validate = security_list_validate,
    .example = "# Nothing in and nothing out: subnets have lists of their own.\n"
               "resource \"oke_default_security_list\" \"main\" {\n"
               "  manage_default_resource_id = oke_vcn.main.default_security_list_id\n"
               "}\n",
};
