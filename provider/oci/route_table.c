#include "lib/base/json.h"
#include "provider/oci/attributes.h"
#include "provider/oci/network.h"
#include "provider/oci/ops.h"
#include "provider/oci/route_rules.h"

static const char *const destination_types[] = {"CIDR_BLOCK", "SERVICE_CIDR_BLOCK", NULL};
static const char *const route_types[] = {"STATIC", "LOCAL", NULL};

const struct attribute route_rule_fields[] = {
    {.name = "network_entity_id",
     .flags = REQUIRED,
     .validate = validate_ocid,
     .validate_with = "internetgateway natgateway servicegateway drg localpeeringgateway privateip",
     .doc = "OCID of the gateway, or of the private IP, that traffic goes to.",
     .sample = "oke_nat_gateway.main.id"},
    {.name = "destination",
     .flags = OPTIONAL | COMPUTED | KEY,
     .doc = "Where traffic goes: an address block, or with `SERVICE_CIDR_BLOCK` the label of a "
            "service.",
     .sample = "\"0.0.0.0/0\""},
    {.name = "destination_type",
     .flags = OPTIONAL | COMPUTED,
     .one_of = destination_types,
     .doc = "`CIDR_BLOCK` (the default) or `SERVICE_CIDR_BLOCK`."},
    {.name = "cidr_block",
     .flags = OPTIONAL | COMPUTED | DEPRECATED,
     .validate = validate_cidr,
     .conflicts = (const char *const[]){"destination", NULL},
     .requires_one = (const char *const[]){"destination", NULL},
     .deprecated = "Use destination.",
     .doc = "An address block."},
    {.name = "description",
     .flags = OPTIONAL | COMPUTED,
     .max_length = 255,
     .doc = "What the rule is for."},
    {.name = "route_type",
     .flags = OPTIONAL | COMPUTED,
     .one_of = route_types,
     .doc = "`STATIC`; `LOCAL` rules are OCI's own."},
    ATTRIBUTES_END,
};

static const struct attribute attributes[] = {
    ATTRIBUTE_ID,
    ATTRIBUTE_COMPARTMENT_ID(0),
    ATTRIBUTE_VCN_ID,
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

bool route_rules_complete(struct api_call *call, json_t *body, struct error *err)
{
    (void)err;
    json_t *rules = json_object_get(body, "routeRules"), *rule;
    size_t index;
    if (!rules && call->phase == API_CREATE)
        json_object_set_new(body, "routeRules", json_array());
    json_array_foreach(rules, index, rule)
    {
        if (!json_object_get(rule, "destination"))
            continue;
        json_object_del(rule, "cidrBlock"); /* an imported state has both */
        if (!json_object_get(rule, "destinationType"))
            json_set_text(rule, "destinationType", "CIDR_BLOCK");
    }
    return true;
}

/* Local routes come and go with the VCN's blocks. */
bool route_rules_received(struct api_call *call, json_t *object, struct error *err)
{
    (void)call;
    (void)err;
    json_t *rules = json_object_get(object, "routeRules");
    for (size_t i = json_array_size(rules); i-- > 0;)
        if (text_equal(json_get_text(json_array_get(rules, i), "routeType"), "LOCAL"))
            json_array_remove(rules, i);
    return true;
}

static const char *destination_of(const struct value *rule)
{
    const char *destination = value_text(value_get(rule, "destination"));
    return destination ? destination : value_text(value_get(rule, "cidr_block"));
}

static void check_rule(const struct value *rule, const struct path *path,
                       struct diagnostics *diagnostics)
{
    const char *destination = value_text(value_get(rule, "destination"));
    const struct value *type = value_get(rule, "destination_type");
    bool block = value_is_null(type) || text_equal(value_text(type), "CIDR_BLOCK");
    struct cidr cidr;
    if (!destination || value_is_unknown(type))
        return;
    if (block && !cidr_parse(destination, &cidr))
        diagnostics_error(
            diagnostics, path, "Invalid destination",
            "destination: \"%s\" is no CIDR block, like 0.0.0.0/0. For the label of a "
            "service set destination_type to SERVICE_CIDR_BLOCK.",
            destination);
    else if (block && cidr_has_host_bits(&cidr))
        diagnostics_error(diagnostics, path, "Invalid destination",
                          "destination: \"%s\" has bits set beyond its prefix.", destination);
    else if (!block && cidr_parse(destination, &cidr))
        diagnostics_error(
            diagnostics, path, "Invalid destination",
            "destination: with SERVICE_CIDR_BLOCK it is the label of a service, which "
            "the data source oke_services tells, and not \"%s\".",
            destination);
}

void route_rules_validate(const struct value *config, struct diagnostics *diagnostics,
                          struct arena *arena)
{
    const struct value *rules = value_get(config, "route_rules");
    const struct path *path = path_attribute(arena, NULL, "route_rules");
    for (size_t i = 0; i < value_count(rules); i++) {
        check_rule(value_item(rules, i), path, diagnostics);
        const char *destination = destination_of(value_item(rules, i));
        for (size_t j = 0; j < i; j++)
            if (destination && text_equal(destination, destination_of(value_item(rules, j))))
                diagnostics_error(diagnostics, path, "Two rules for one destination",
                                  "A route table has one rule for a destination, here there are "
                                  "several for %s.",
                                  destination);
    }
}

static const struct oci_api api = {
    .service = OCI_CORE,
    .noun = "route table",
    .stem = "RouteTable",
    .path = "/routeTables",
    .ocid_type = "routetable",
    .flags = API_UPDATE_CHANGED,
    .states = &api_states_core,
    .list_query = network_list_query,
    .actions = (const struct api_action[]){API_CHANGE_COMPARTMENT("ChangeRouteTableCompartment"),
                                           {.attribute = NULL}},
    .body = route_rules_complete,
    .received = route_rules_received,
};

const struct resource oke_route_table = {
    .name = "route_table",
    .summary = "Which way traffic takes that leaves a subnet.",
    .subcategory = "Networking",
    .attributes = attributes,
    .ops = &oci_ops,
    .api = &api,
    .import_id = "the route table's OCID",
    .moved_from = (const char *const[]){"oci_core_route_table", NULL},
    .validate = route_rules_validate,
    .list_attributes = network_list_attributes,
    .example = "resource \"oke_route_table\" \"private\" {\n"
               "  compartment_id = var.compartment_id\n"
               "  vcn_id         = oke_vcn.main.id\n"
               "  display_name   = \"private\"\n"
               "\n"
               "  route_rules {\n"
               "    destination       = \"0.0.0.0/0\"\n"
               "    destination_type  = \"CIDR_BLOCK\"\n"
               "    network_entity_id = oke_nat_gateway.main.id\n"
               "  }\n"
               "}\n",
};
