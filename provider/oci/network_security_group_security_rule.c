#include "lib/base/json.h"
#include "provider/engine/json_body.h"
#include "provider/engine/plan.h"
#include "provider/oci/attributes.h"
#include "provider/oci/ops.h"
#include "provider/oci/security_rules.h"

static const char *const directions[] = {"INGRESS", "EGRESS", NULL};

static const struct attribute port_fields[] = {
    {.name = "destination_port_range",
     .kind = ATTRIBUTE_OBJECT_LIST,
     .flags = OPTIONAL | SINGLE,
     .fields = security_port_range_fields,
     .doc = "Only to these ports."},
    {.name = "source_port_range",
     .kind = ATTRIBUTE_OBJECT_LIST,
     .flags = OPTIONAL | SINGLE,
     .fields = security_port_range_fields,
     .doc = "Only from these ports."},
    ATTRIBUTES_END,
};

static const struct attribute attributes[] = {
    {.name = "id", .flags = COMPUTED, .doc = "The rule's id, unique in its group."},
    {.name = "network_security_group_id",
     .flags = REQUIRED | REPLACE,
     .validate = validate_ocid,
     .validate_with = "networksecuritygroup",
     .doc = "OCID of the group.",
     .sample = "oke_network_security_group.web.id"},
    {.name = "direction",
     .flags = REQUIRED,
     .one_of = directions,
     .doc = "`INGRESS` or `EGRESS`.",
     .sample = "\"INGRESS\""},
    SECURITY_PROTOCOL,
    {.name = "source",
     .flags = OPTIONAL,
     .doc = "For `INGRESS`: an address block, the label of a service or the OCID of a group.",
     .sample = "\"10.0.0.0/16\""},
    {.name = "source_type",
     .flags = OPTIONAL | COMPUTED,
     .one_of = security_group_peer_types,
     .doc = "What `source` is: `CIDR_BLOCK`, `SERVICE_CIDR_BLOCK` or `NETWORK_SECURITY_GROUP`.",
     .sample = "\"CIDR_BLOCK\""},
    {.name = "destination",
     .flags = OPTIONAL | COMPUTED,
     .doc = "For `EGRESS`: an address block, the label of a service or the OCID of a group."},
    {.name = "destination_type",
     .flags = OPTIONAL | COMPUTED,
     .one_of = security_group_peer_types,
     .doc = "What `destination` is."},
    {.name = "stateless",
     .kind = ATTRIBUTE_BOOL,
     .flags = OPTIONAL | COMPUTED,
     .json = "isStateless",
     .doc = "Whether answers need a rule of their own."},
    SECURITY_DESCRIPTION,
    SECURITY_ICMP_OPTIONS,
    {.name = "tcp_options",
     .kind = ATTRIBUTE_OBJECT_LIST,
     .flags = OPTIONAL | SINGLE,
     .fields = port_fields,
     .doc = "Only these TCP ports."},
    {.name = "udp_options",
     .kind = ATTRIBUTE_OBJECT_LIST,
     .flags = OPTIONAL | SINGLE,
     .fields = port_fields,
     .doc = "Only these UDP ports."},
    {.name = "is_valid",
     .kind = ATTRIBUTE_BOOL,
     .flags = COMPUTED,
     .doc = "False when the rule names a group that is gone."},
    ATTRIBUTE_TIME_CREATED,
    ATTRIBUTES_END,
};

/* --- calls: rules are added, changed and removed by actions of their group ---------------------- */

/* Rules travel in lists. The group is in the path. */
static bool wrap(struct api_call *call, json_t *body, struct error *err)
{
    (void)err;
    json_object_del(body, "networkSecurityGroupId");
    security_strip_code(body);
    if (call->phase == API_UPDATE)
        json_set_text(body, "id", call->id);
    JSON_AUTO rule = json_copy(body);
    json_object_clear(body);
    json_object_set_new(body, "securityRules", json_pack("[O]", rule));
    return true;
}

static bool act(struct api_call *call, const char *operation, const char *path, json_t *body,
                struct oci_response *response, struct error *err)
{
    struct oci_request request = {.operation = operation,
                                  .method = "POST",
                                  .path = api_path(call->op->arena, path, call->target, err),
                                  .body = body,
                                  .repeatable = true};
    return request.path && api_send(call, &request, NULL, response, err);
}

#define GROUP "/networkSecurityGroups/{network_security_group_id}"

/* The whole rule replaces the old one. */
static bool update(struct operation *op, const struct value *prior, const struct value *planned,
                   const struct value *config, const struct value **state, struct error *err)
{
    OCI_RESPONSE_AUTO(response);
    struct api_call call = api_call_begin(op, API_UPDATE, prior, planned, config);
    JSON_AUTO body =
        json_body_from_value(op->arena, attributes, BODY_CREATE, NULL, planned, config);
    wrap(&call, body, err);
    if (!act(&call, "UpdateNetworkSecurityGroupSecurityRules", GROUP "/actions/updateSecurityRules",
             body, &response, err))
        return false;
    json_t *rule = json_at_path(response.body, "securityRules.0");
    JSON_AUTO fetched = NULL;
    if (!rule && !api_fetch(&call, &fetched, err))
        return false;
    if (!rule && !fetched)
        return error_set(err, ERROR_NOT_FOUND, "%s went away while it was updated", call.title);
    *state = api_to_state(&call, rule ? rule : fetched, err);
    return *state != NULL;
}

static bool is_missing(struct api_call *call)
{
    ERROR_AUTO(ignored);
    JSON_AUTO rule = NULL;
    return api_fetch(call, &rule, &ignored) && !rule;
}

static bool remove_rule(struct operation *op, const struct value *prior, struct error *err)
{
    OCI_RESPONSE_AUTO(response);
    struct api_call call = api_call_begin(op, API_DELETE, prior, NULL, NULL);
    JSON_AUTO body = json_pack("{s:[s]}", "securityRuleIds", call.id);
    if (act(&call, "RemoveNetworkSecurityGroupSecurityRules", GROUP "/actions/removeSecurityRules",
            body, &response, err))
        return true;
    /* An unknown rule is refused in one way or the other. */
    if (err->code != ERROR_NOT_FOUND && !(err->code == ERROR_INVALID && is_missing(&call)))
        return false;
    error_reset(err);
    return true;
}

static const struct resource_ops ops = {.create = api_create,
                                        .read = api_read,
                                        .update = update,
                                        .remove = remove_rule,
                                        .import = api_import,
                                        .list = api_list};

static const struct oci_api api = {
    .service = OCI_CORE,
    .noun = "security rule",
    .stem = "NetworkSecurityGroupSecurityRule",
    .operation = {.create = "AddNetworkSecurityGroupSecurityRules"},
    .path = GROUP "/securityRules",
    .create_path = GROUP "/actions/addSecurityRules",
    .import_id = "networkSecurityGroups/{network_security_group_id}/securityRules/{id}",
    .name = "description",
    .flags = API_READ_BY_LIST | API_NO_RETRY_TOKEN,
    .answer = "securityRules.0",
    .body = wrap,
};

/* --- plan time ---------------------------------------------------------------------------------- */

static void check_peers(const struct value *config, bool ingress, struct diagnostics *diagnostics,
                        struct arena *arena)
{
    static const char *const peers[] = {"destination", "source"};
    const char *needed = peers[ingress], *excluded = peers[!ingress];
    const char *type = arena_printf(arena, "%s_type", needed);
    const char *direction = ingress ? "INGRESS" : "EGRESS";
    if (value_is_null(value_get(config, needed)) || value_is_null(value_get(config, type)))
        diagnostics_error(diagnostics, path_attribute(arena, NULL, needed), "Missing argument",
                          "A rule for %s needs %s and %s.", direction, needed, type);
    if (!value_is_null(value_get(config, excluded)))
        diagnostics_error(diagnostics, path_attribute(arena, NULL, excluded),
                          "Argument of the other direction", "A rule for %s has no %s.", direction,
                          excluded);
    security_check_rule(config, needed, NULL, diagnostics, arena);
}

static void validate(const struct value *config, struct diagnostics *diagnostics,
                     struct arena *arena)
{
    const char *direction = value_text(value_get(config, "direction"));
    if (direction)
        check_peers(config, text_equal(direction, "INGRESS"), diagnostics, arena);
}

/* The other direction has no use for what the old one had. */
static void forget_other_side(struct operation *op, struct plan *plan)
{
    (void)op;
    if (plan_is_create(plan) || !plan_changes(plan, "direction"))
        return;
    bool ingress = text_equal(value_text(value_get(plan->planned, "direction")), "INGRESS");
    static const char *const of_egress[] = {"destination", "destination_type"};
    for (size_t i = 0; ingress && i < ARRAY_LENGTH(of_egress); i++)
        if (value_is_null(value_get(plan->config, of_egress[i])))
            plan_set_unknown(plan, of_egress[i]);
    if (!ingress && value_is_null(value_get(plan->config, "source_type")))
        plan_set_unknown(plan, "source_type");
}

const struct resource oke_network_security_group_security_rule = {
    .name = "network_security_group_security_rule",
    .summary = "A rule of a network security group.",
    .subcategory = "Networking",
    .attributes = attributes,
    .ops = &ops,
    .api = &api,
    .identity = (const struct identity_attribute[]){{"network_security_group_id", false,
                                                     "OCID of the group."},
                                                    {"id", false, "The rule's id."},
                                                    {NULL, false, NULL}},
    .import_id = "networkSecurityGroups/<group OCID>/securityRules/<rule id>",
    .moved_from = (const char *const[]){"oci_core_network_security_group_security_rule", NULL},
    .validate = validate,
    .plan = forget_other_side,
    .list_attributes = (const struct attribute[]){{.name = "network_security_group_id",
                                                   .flags = REQUIRED,
                                                   .validate = validate_ocid,
                                                   .validate_with = "networksecuritygroup",
                                                   .doc = "OCID of the group."},
                                                  ATTRIBUTES_END},
    .example = "resource \"oke_network_security_group_security_rule\" \"https\" {\n"
               "  network_security_group_id = oke_network_security_group.web.id\n"
               "  direction                 = \"INGRESS\"\n"
               "  protocol                  = \"6\"\n"
               "  source                    = \"0.0.0.0/0\"\n"
               "  source_type               = \"CIDR_BLOCK\"\n"
               "\n"
               "  tcp_options {\n"
               "    destination_port_range {\n"
               "      min = 443\n"
               "      max = 443\n"
               "    }\n"
               "  }\n"
               "}\n",
};
