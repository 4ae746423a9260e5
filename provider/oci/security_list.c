#include "lib/base/json.h"
#include "provider/oci/attributes.h"
#include "provider/oci/network.h"
#include "provider/oci/ops.h"
#include "provider/oci/security_rules.h"

static const struct attribute port_fields[] = {
    {.name = "min",
     .kind = ATTRIBUTE_INTEGER,
     .flags = OPTIONAL,
     .json = "destinationPortRange.min",
     .minimum = 1,
     .maximum = 65535,
     .doc = "The first destination port. Without min and max all ports are meant."},
    {.name = "max",
     .kind = ATTRIBUTE_INTEGER,
     .flags = OPTIONAL,
     .json = "destinationPortRange.max",
     .minimum = 1,
     .maximum = 65535,
     .doc = "The last destination port."},
    {.name = "source_port_range",
     .kind = ATTRIBUTE_OBJECT_LIST,
     .flags = OPTIONAL | SINGLE,
     .fields = security_port_range_fields,
     .doc = "Only from these source ports."},
    ATTRIBUTES_END,
};

#define PORT_OPTIONS(option, protocol)                                                             \
    {                                                                                              \
        .name = option, .kind = ATTRIBUTE_OBJECT_LIST, .flags = OPTIONAL | SINGLE,                 \
        .fields = port_fields, .doc = "Only these " protocol " ports."                             \
    }

/* The fields of both directions; peer is "source" or "destination". */
#define RULE_FIELDS(peer, where)                                                                   \
    SECURITY_PROTOCOL,                                                                             \
        {.name = peer,                                                                             \
         .flags = REQUIRED | KEY,                                                                  \
         .doc = where ": an address block, or with `SERVICE_CIDR_BLOCK` the label of a service.",  \
         .sample = "\"10.0.0.0/16\""},                                                             \
        {.name = peer "_type",                                                                     \
         .flags = OPTIONAL | COMPUTED,                                                             \
         .one_of = security_list_peer_types,                                                       \
         .doc = "`CIDR_BLOCK` (the default) or `SERVICE_CIDR_BLOCK`."},                            \
        {.name = "stateless",                                                                      \
         .kind = ATTRIBUTE_BOOL,                                                                   \
         .flags = OPTIONAL,                                                                        \
         .json = "isStateless",                                                                    \
         .default_value = "false",                                                                 \
         .doc = "Whether answers need a rule of their own."},                                      \
        SECURITY_DESCRIPTION, SECURITY_ICMP_OPTIONS, PORT_OPTIONS("tcp_options", "TCP"),           \
        PORT_OPTIONS("udp_options", "UDP"), ATTRIBUTES_END,

const struct attribute security_ingress_fields[] = {RULE_FIELDS("source", "Where it comes from")};
const struct attribute security_egress_fields[] = {RULE_FIELDS("destination", "Where it goes")};

static const struct attribute attributes[] = {
    ATTRIBUTE_ID,
    ATTRIBUTE_COMPARTMENT_ID(0),
    ATTRIBUTE_VCN_ID,
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

static const char *const directions[] = {"ingressSecurityRules", "egressSecurityRules"};

/* The API wants both lists when creating. */
bool security_list_complete(struct api_call *call, json_t *body, struct error *err)
{
    (void)err;
    for (size_t i = 0; i < ARRAY_LENGTH(directions); i++) {
        json_t *rules = json_object_get(body, directions[i]), *rule;
        size_t index;
        if (!rules && call->phase == API_CREATE)
            json_object_set_new(body, directions[i], json_array());
        json_array_foreach(rules, index, rule) security_strip_code(rule);
    }
    return true;
}

void security_list_validate(const struct value *config, struct diagnostics *diagnostics,
                            struct arena *arena)
{
    static const struct {
        const char *attribute, *peer;
    } sides[] = {{"ingress_security_rules", "source"}, {"egress_security_rules", "destination"}};
    for (size_t i = 0; i < ARRAY_LENGTH(sides); i++) {
        const struct value *rules = value_get(config, sides[i].attribute);
        for (size_t j = 0; j < value_count(rules); j++)
            security_check_rule(value_item(rules, j), sides[i].peer,
                                path_attribute(arena, NULL, sides[i].attribute), diagnostics,
                                arena);
    }
}

static const struct oci_api api = {
    .service = OCI_CORE,
    .noun = "security list",
    .stem = "SecurityList",
    .path = "/securityLists",
    .ocid_type = "securitylist",
    .flags = API_UPDATE_CHANGED,
    .states = &api_states_core,
    .list_query = network_list_query,
    .actions = (const struct api_action[]){API_CHANGE_COMPARTMENT("ChangeSecurityListCompartment"),
                                           {.attribute = NULL}},
    .body = security_list_complete,
};

const struct resource oke_security_list = {
    .name = "security_list",
    .summary = "Rules for all traffic in and out of the subnets that name the list.",
    .subcategory = "Networking",
    .attributes = attributes,
    .ops = &oci_ops,
    .api = &api,
    .import_id = "the security list's OCID",
    .moved_from = (const char *const[]){"oci_core_security_list", NULL},
    .validate = security_list_validate,
    .list_attributes = network_list_attributes,
    .example = "resource \"oke_security_list\" \"web\" {\n"
               "  compartment_id = var.compartment_id\n"
               "  vcn_id         = oke_vcn.main.id\n"
               "  display_name   = \"web\"\n"
               "\n"
               "  ingress_security_rules {\n"
               "    description = \"HTTPS from anywhere\"\n"
               "    protocol    = \"6\"\n"
               "    source      = \"0.0.0.0/0\"\n"
               "    tcp_options {\n"
               "      min = 443\n"
               "      max = 443\n"
               "    }\n"
               "  }\n"
               "\n"
               "  egress_security_rules {\n"
               "    protocol    = \"all\"\n"
               "    destination = \"0.0.0.0/0\"\n"
               "  }\n"
               "}\n",
};
