/* The network resources without a network: checks at plan time, bodies, and that the answer to what was
 * sent plans empty, in all the ways the service may write it. */
#include "provider/oci/network.h"

#include <string.h>

#include "lib/base/json.h"
#include "lib/base/test.h"
#include "provider/engine/apply.h"
#include "provider/engine/json_body.h"
#include "provider/engine/plan.h"
#include "provider/engine/read.h"
#include "provider/engine/validate.h"
#include "provider/oci/ops.h"
#include "provider/oci/ops_internal.h"
#include "provider/value/value_json.h"

extern const struct resource oke_network_security_group_security_rule, oke_route_table,
    oke_security_list, oke_service_gateway, oke_subnet, oke_vcn;

#define COMPARTMENT "\"compartment_id\":\"ocid1.compartment.oc1..aaaa\""
#define IN_VCN      COMPARTMENT ",\"vcn_id\":\"ocid1.vcn.oc1.phx.aaaa\""
#define GROUP       "\"network_security_group_id\":\"ocid1.networksecuritygroup.oc1.phx.aaaa\""
#define GATEWAY     "\"ocid1.internetgateway.oc1.phx.aaaa\""

static struct {
    struct arena *arena;
    struct provider_client client;
    struct operation op;
} world;

static const struct value *decode(const struct resource *resource, const char *json)
{
    ERROR_AUTO(err);
    const struct value *value = value_json_decode(world.arena, resource_type(resource),
                                                  VALUE_JSON_STATE, slice_from(json), &err);
    if (!value)
        fail_msg("%s: %s", json, error_message(&err));
    return value;
}

/* --- checks ------------------------------------------------------------------------------------- */

static const struct {
    const struct resource *resource;
    const char *config;
    const char *wrong; /* part of the only error; NULL: none */
} configs[] = {
    {&oke_vcn, "{" COMPARTMENT ",\"cidr_blocks\":[\"10.0.0.0/16\",\"10.1.0.0/16\"]}", NULL},
    {&oke_vcn, "{" COMPARTMENT ",\"cidr_block\":\"10.0.0.0/16\"}", NULL},
    {&oke_vcn, "{" COMPARTMENT "}", "at least one block"},
    {&oke_vcn, "{" COMPARTMENT ",\"cidr_blocks\":[]}", "at least one block"},
    {&oke_vcn, "{" COMPARTMENT ",\"cidr_blocks\":[\"10.0.0.0/16\",\"10.0.3.0/24\"]}",
     "10.0.3.0/24 overlaps 10.0.0.0/16"},
    {&oke_vcn, "{" COMPARTMENT ",\"cidr_blocks\":[\"10.0.0.1/16\"]}", "the block is 10.0.0.0/16"},
    {&oke_vcn, "{" COMPARTMENT ",\"cidr_block\":\"10.0.0.0/16\",\"cidr_blocks\":[\"10.0.0.0/16\"]}",
     "exclude each other"},
    {&oke_vcn, "{\"compartment_id\":\"ocid1.vcn.oc1..a\",\"cidr_blocks\":[\"10.0.0.0/16\"]}",
     "is the OCID of a vcn"},
    {&oke_subnet, "{" IN_VCN ",\"cidr_block\":\"10.0.0.0/24\"}", NULL},
    {&oke_subnet, "{" IN_VCN "}", "needs an address block"},
    {&oke_subnet, "{" IN_VCN ",\"cidr_block\":\"10.0.0.0/24\",\"dns_label\":\"my-net\"}",
     "is no DNS label"},
    {&oke_route_table,
     "{" IN_VCN ",\"route_rules\":[{\"destination\":\"0.0.0.0/0\",\"network_entity_id\":" GATEWAY
     "},{\"destination\":\"all-phx-services-in-oracle-services-network\",\"destination_type\":"
     "\"SERVICE_CIDR_BLOCK\",\"network_entity_id\":\"ocid1.servicegateway.oc1.phx.a\"}]}",
     NULL},
    {&oke_route_table, "{" IN_VCN ",\"route_rules\":[{\"network_entity_id\":" GATEWAY "}]}",
     "One of cidr_block, destination is needed"},
    {&oke_route_table,
     "{" IN_VCN
     ",\"route_rules\":[{\"destination\":\"all-phx-services\",\"network_entity_id\":" GATEWAY "}]}",
     "set destination_type to SERVICE_CIDR_BLOCK"},
    {&oke_route_table,
     "{" IN_VCN ",\"route_rules\":[{\"destination\":\"10.0.0.0/8\",\"destination_type\":"
     "\"SERVICE_CIDR_BLOCK\",\"network_entity_id\":" GATEWAY "}]}",
     "it is the label of a service"},
    {&oke_route_table,
     "{" IN_VCN ",\"route_rules\":[{\"destination\":\"0.0.0.0/0\",\"network_entity_id\":" GATEWAY
     "},{\"destination\":\"0.0.0.0/0\",\"description\":\"x\",\"network_entity_id\":" GATEWAY "}]}",
     "several for 0.0.0.0/0"},
    {&oke_route_table,
     "{" IN_VCN ",\"route_rules\":[{\"destination\":\"0.0.0.0/0\",\"network_entity_id\":"
     "\"ocid1.subnet.oc1.phx.a\"}]}",
     "is the OCID of a subnet"},
#define INGRESS(rule)                                                                              \
    "{" IN_VCN ",\"ingress_security_rules\":[{\"source\":\"0.0.0.0/0\"," rule "}]}"
    {&oke_security_list, INGRESS("\"protocol\":\"all\""), NULL},
    {&oke_security_list, INGRESS("\"protocol\":\"6\",\"tcp_options\":[{\"min\":80,\"max\":443}]"),
     NULL},
    {&oke_security_list, INGRESS("\"protocol\":\"tcp\""), "Did you mean \"6\"?"},
    {&oke_security_list, INGRESS("\"protocol\":\"256\""), "IANA protocol number"},
    {&oke_security_list, INGRESS("\"protocol\":\"17\",\"tcp_options\":[{\"min\":80,\"max\":80}]"),
     "tcp_options need protocol 6 (TCP), this rule has \"17\""},
    {&oke_security_list, INGRESS("\"protocol\":\"6\",\"tcp_options\":[{\"min\":443,\"max\":80}]"),
     "min 443 is greater than max 80"},
    {&oke_security_list, INGRESS("\"protocol\":\"6\",\"tcp_options\":[{\"min\":443}]"),
     "give both min and max"},
    {&oke_security_list, INGRESS("\"protocol\":\"6\",\"tcp_options\":[{\"min\":0,\"max\":80}]"),
     "between 1 and 65535"},
    {&oke_security_list,
     INGRESS(
         "\"protocol\":\"6\",\"tcp_options\":[{\"source_port_range\":[{\"min\":9,\"max\":1}]}]"),
     "min 9 is greater than max 1"},
    {&oke_security_list, INGRESS("\"protocol\":\"6\",\"icmp_options\":[{\"type\":3}]"),
     "icmp_options need protocol 1 (ICMP) or 58 (ICMPv6)"},
    {&oke_security_list, INGRESS("\"protocol\":\"58\",\"icmp_options\":[{\"type\":3}]"), NULL},
    {&oke_security_list, INGRESS("\"protocol\":\"6\",\"source_type\":\"SERVICE_CIDR_BLOCK\""),
     "the label of a service"},
    {&oke_security_list,
     "{" IN_VCN ",\"egress_security_rules\":[{\"protocol\":\"6\",\"destination\":\"10.0.0.0\"}]}",
     "is no CIDR block"},
    {&oke_network_security_group_security_rule,
     "{" GROUP ",\"direction\":\"INGRESS\",\"protocol\":\"all\",\"source\":\"0.0.0.0/0\","
     "\"source_type\":\"CIDR_BLOCK\"}",
     NULL},
    {&oke_network_security_group_security_rule,
     "{" GROUP ",\"direction\":\"EGRESS\",\"protocol\":\"all\",\"destination\":"
     "\"ocid1.networksecuritygroup.oc1.phx.b\",\"destination_type\":\"NETWORK_SECURITY_GROUP\"}",
     NULL},
    {&oke_network_security_group_security_rule,
     "{" GROUP ",\"direction\":\"EGRESS\",\"protocol\":\"all\"}",
     "A rule for EGRESS needs destination and destination_type"},
    {&oke_network_security_group_security_rule,
     "{" GROUP ",\"direction\":\"INGRESS\",\"protocol\":\"all\",\"source\":\"0.0.0.0/0\","
     "\"source_type\":\"CIDR_BLOCK\",\"destination\":\"0.0.0.0/0\"}",
     "A rule for INGRESS has no destination"},
    {&oke_network_security_group_security_rule,
     "{" GROUP ",\"direction\":\"INGRESS\",\"protocol\":\"all\",\"source\":\"0.0.0.0/0\","
     "\"source_type\":\"NETWORK_SECURITY_GROUP\"}",
     "is no OCID; expected is one of type networksecuritygroup"},
};

static void test_checks(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(configs); i++) {
        const struct resource *resource = configs[i].resource;
        const struct value *config = decode(resource, configs[i].config);
        struct diagnostics diagnostics;
        diagnostics_init(&diagnostics, world.arena);
        validate_object(resource->attributes, config, NULL, true, &diagnostics, world.arena);
        if (!diagnostics.errors && resource->validate)
            resource->validate(config, &diagnostics, world.arena);
        const char *detail = "";
        for (size_t j = 0; j < diagnostics.count; j++)
            if (diagnostics.items[j].severity == SEVERITY_ERROR)
                detail = diagnostics.items[j].detail;
        if (diagnostics.errors != (configs[i].wrong != NULL) ||
            !strstr(detail, configs[i].wrong ? configs[i].wrong : ""))
            fail_msg("%s: %zu errors: %s", configs[i].config, diagnostics.errors, detail);
    }
}

/* --- bodies and answers ------------------------------------------------------------------------- */

static const struct {
    const struct resource *resource;
    const char *config;
    const char *body;   /* what create sends of the members in question */
    const char *answer; /* the same as the service writes it */
} answers[] = {
    {&oke_security_list,
     "{" IN_VCN ",\"ingress_security_rules\":[{\"protocol\":\"1\",\"source\":\"0.0.0.0/0\","
     "\"icmp_options\":[{\"type\":3,\"code\":-1}]},{\"protocol\":\"6\",\"source\":\"10.0.0.0/16\","
     "\"description\":\"web\",\"tcp_options\":[{\"min\":80,\"max\":80}]}]}",
     "{\"egressSecurityRules\":[],\"ingressSecurityRules\":[{\"icmpOptions\":{\"type\":3},"
     "\"protocol\":\"1\",\"source\":\"0.0.0.0/0\"},{\"description\":\"web\",\"protocol\":\"6\","
     "\"source\":\"10.0.0.0/16\",\"tcpOptions\":{\"destinationPortRange\":{\"max\":80,\"min\":80}}}"
     "]}",
     "{\"egressSecurityRules\":[],\"ingressSecurityRules\":[{\"protocol\":\"6\",\"source\":"
     "\"10.0.0.0/16\",\"sourceType\":\"CIDR_BLOCK\",\"isStateless\":false,\"description\":\"web\","
     "\"tcpOptions\":{\"destinationPortRange\":{\"max\":80,\"min\":80},\"sourcePortRange\":null},"
     "\"udpOptions\":null,\"icmpOptions\":null},{\"protocol\":\"1\",\"source\":\"0.0.0.0/0\","
     "\"sourceType\":\"CIDR_BLOCK\",\"isStateless\":false,\"description\":null,\"icmpOptions\":"
     "{\"type\":3,\"code\":null},\"tcpOptions\":null,\"udpOptions\":null}]}"},
    {&oke_security_list,
     "{" IN_VCN ",\"egress_security_rules\":[{\"protocol\":\"6\",\"destination\":\"0.0.0.0/0\","
     "\"stateless\":true,\"tcp_options\":[{\"source_port_range\":[{\"min\":1,\"max\":9}]}]}]}",
     "{\"egressSecurityRules\":[{\"destination\":\"0.0.0.0/0\",\"isStateless\":true,\"protocol\":"
     "\"6\",\"tcpOptions\":{\"sourcePortRange\":{\"max\":9,\"min\":1}}}],\"ingressSecurityRules\":["
     "]"
     "}",
     "{\"egressSecurityRules\":[{\"destination\":\"0.0.0.0/0\",\"destinationType\":\"CIDR_BLOCK\","
     "\"isStateless\":true,\"protocol\":\"6\",\"tcpOptions\":{\"destinationPortRange\":null,"
     "\"sourcePortRange\":{\"max\":9,\"min\":1}}}],\"ingressSecurityRules\":[]}"},
    {&oke_route_table,
     "{" IN_VCN ",\"route_rules\":[{\"destination\":\"0.0.0.0/0\",\"network_entity_id\":" GATEWAY
     "}]}",
     "{\"routeRules\":[{\"destination\":\"0.0.0.0/0\",\"destinationType\":\"CIDR_BLOCK\","
     "\"networkEntityId\":" GATEWAY "}]}",
     "{\"routeRules\":[{\"cidrBlock\":\"0.0.0.0/0\",\"destination\":\"0.0.0.0/0\","
     "\"destinationType\":\"CIDR_BLOCK\",\"networkEntityId\":" GATEWAY ",\"routeType\":\"STATIC\","
     "\"description\":null},{\"destination\":\"10.0.0.0/16\",\"routeType\":\"LOCAL\","
     "\"networkEntityId\":" GATEWAY "}]}"},
    {&oke_route_table,
     "{" IN_VCN ",\"route_rules\":[{\"cidr_block\":\"0.0.0.0/0\",\"network_entity_id\":" GATEWAY
     "}]}",
     "{\"routeRules\":[{\"cidrBlock\":\"0.0.0.0/0\",\"networkEntityId\":" GATEWAY "}]}",
     "{\"routeRules\":[{\"cidrBlock\":\"0.0.0.0/0\",\"destination\":\"0.0.0.0/0\","
     "\"destinationType\":\"CIDR_BLOCK\",\"networkEntityId\":" GATEWAY "}]}"},
    {&oke_route_table, "{" IN_VCN "}", "{\"routeRules\":[]}", "{\"routeRules\":[]}"},
    {&oke_service_gateway,
     "{" IN_VCN ",\"services\":[{\"service_id\":\"ocid1.service.oc1.phx.a\"}]}",
     "{\"services\":[{\"serviceId\":\"ocid1.service.oc1.phx.a\"}]}",
     "{\"services\":[{\"serviceId\":\"ocid1.service.oc1.phx.a\",\"serviceName\":\"All\"}]}"},
    {&oke_vcn, "{" COMPARTMENT ",\"cidr_blocks\":[\"10.1.0.0/16\",\"10.0.0.0/16\"]}",
     "{\"cidrBlocks\":[\"10.1.0.0/16\",\"10.0.0.0/16\"]}",
     "{\"cidrBlocks\":[\"10.0.0.0/16\",\"10.1.0.0/16\"],\"cidrBlock\":\"10.0.0.0/16\"}"},
    {&oke_network_security_group_security_rule,
     "{" GROUP ",\"direction\":\"INGRESS\",\"protocol\":\"1\",\"source\":\"0.0.0.0/0\","
     "\"source_type\":\"CIDR_BLOCK\",\"icmp_options\":[{\"type\":8,\"code\":-1}]}",
     "{\"securityRules\":[{\"direction\":\"INGRESS\",\"icmpOptions\":{\"type\":8},\"protocol\":"
     "\"1\","
     "\"source\":\"0.0.0.0/0\",\"sourceType\":\"CIDR_BLOCK\"}]}",
     "{\"id\":\"04ABEC\",\"direction\":\"INGRESS\",\"protocol\":\"1\",\"source\":\"0.0.0.0/0\","
     "\"sourceType\":\"CIDR_BLOCK\",\"destination\":null,\"destinationType\":null,"
     "\"isStateless\":false,\"isValid\":true,\"icmpOptions\":{\"type\":8,\"code\":null},"
     "\"tcpOptions\":null}"},
};

static struct plan plan_of(const struct resource *resource, const struct value *prior,
                           const struct value *config, struct diagnostics *diagnostics)
{
    diagnostics_init(diagnostics, world.arena);
    struct plan plan = {.resource = resource,
                        .prior = prior,
                        .config = config,
                        .diagnostics = diagnostics,
                        .arena = world.arena};
    plan_make(&plan);
    return plan;
}

static void check_body(struct api_call *call, const struct resource *resource, const char *expected)
{
    ERROR_AUTO(err);
    JSON_AUTO body = json_body_from_value(world.arena, resource->attributes, BODY_CREATE, NULL,
                                          call->planned, call->config);
    if (call->api->body)
        assert_true(call->api->body(call, body, &err));
    json_object_del(body, "compartmentId");
    json_object_del(body, "vcnId");
    STR_AUTO text = STR_INIT;
    json_write(body, true, &text);
    assert_string_equal(str_text(&text), expected);
}

static void test_answers_plan_empty(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(answers); i++) {
        ERROR_AUTO(err);
        const struct resource *resource = answers[i].resource;
        const struct value *config = decode(resource, answers[i].config);
        struct diagnostics diagnostics;
        struct plan plan = plan_of(resource, &value_null, config, &diagnostics);
        world.op.resource = resource;
        struct api_call call = api_call_begin(&world.op, API_CREATE, NULL, plan.planned, config);
        check_body(&call, resource, answers[i].body);
        call.id = "the-id";
        JSON_AUTO answer = json_parse(answers[i].answer, strlen(answers[i].answer), &err);
        json_set_text(answer, "compartmentId", "ocid1.compartment.oc1..aaaa");
        json_set_text(answer, "vcnId", "ocid1.vcn.oc1.phx.aaaa");
        const struct value *remote = api_to_state(&call, answer, &err);
        assert_non_null(remote);
        const struct value *applied = apply_merge(world.arena, resource, plan.planned, remote);
        const struct value *read = read_merge(world.arena, resource, applied, remote);
        struct plan again = plan_of(resource, read, config, &diagnostics);
        if (!value_equal(resource_type(resource), applied, read) ||
            !value_equal(resource_type(resource), read, again.planned))
            fail_msg("%s does not plan empty", answers[i].config);
    }
}

static void test_an_imported_rule_plans_empty(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    const struct resource *resource = &oke_route_table;
    world.op.resource = resource;
    struct api_call call = api_call_begin(&world.op, API_READ, NULL, NULL, NULL);
    static const char answer_text[] =
        "{\"id\":\"the-id\",\"compartmentId\":\"ocid1.compartment.oc1..aaaa\",\"vcnId\":"
        "\"ocid1.vcn.oc1.phx.aaaa\",\"routeRules\":[{\"cidrBlock\":\"0.0.0.0/0\",\"destination\":"
        "\"0.0.0.0/0\",\"destinationType\":\"CIDR_BLOCK\",\"networkEntityId\":" GATEWAY "}]}";
    JSON_AUTO answer = json_parse(answer_text, strlen(answer_text), &err);
    const struct value *remote = api_to_state(&call, answer, &err);
    const struct value *imported = read_imported(world.arena, resource, &value_null, remote);
    struct diagnostics diagnostics;
    struct plan plan =
        plan_of(resource, imported,
                decode(resource, "{" IN_VCN ",\"route_rules\":[{\"destination\":"
                                 "\"0.0.0.0/0\",\"network_entity_id\":" GATEWAY "}]}"),
                &diagnostics);
    assert_true(value_equal(resource_type(resource), imported, plan.planned));
}

/* --- frame -------------------------------------------------------------------------------------- */

static int set_up(void **state)
{
    (void)state;
    world.arena = arena_new();
    world.op = (struct operation){.arena = world.arena, .client = &world.client};
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(world.arena);
    return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(test_checks), TEST(test_answers_plan_empty),
                                       TEST(test_an_imported_rule_plans_empty)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
