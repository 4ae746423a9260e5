/* The calls by which network resources change in place, against a service that says yes to all. */
#include "provider/oci/ops.h"
#include "provider/oci/test_service.h"

extern const struct resource oke_default_security_list, oke_network_security_group_security_rule,
    oke_subnet, oke_vcn;

#define C                "\"compartment_id\":\"ocid1.compartment.oc1..a\""
#define V                "{\"id\":\"v\"," C ",\"state\":\"AVAILABLE\","
#define S                "{\"id\":\"s\"," C ",\"vcn_id\":\"v\",\"state\":\"AVAILABLE\","
#define POST(path, body) "POST /vcns/v/actions/" path " " body "\nGET /vcns/v\n"

static const struct {
    const struct resource *resource;
    const char *prior, *planned, *transcript;
} changes[] = {
    /* what is new comes before what is old goes */
    {&oke_vcn, V "\"cidr_blocks\":[\"10.0.0.0/16\"]}", V "\"cidr_blocks\":[\"10.1.0.0/16\"]}",
     POST("addCidr", "{\"cidrBlock\":\"10.1.0.0/16\"}")
         POST("removeCidr", "{\"cidrBlock\":\"10.0.0.0/16\"}") "GET /vcns/v\n"},
    /* a block that grows or shrinks is resized */
    {&oke_vcn, V "\"cidr_blocks\":[\"10.0.0.0/24\",\"10.9.0.0/16\"]}",
     V "\"cidr_blocks\":[\"10.9.0.0/16\",\"10.0.0.0/23\"]}",
     POST("modifyCidr", "{\"originalCidrBlock\":\"10.0.0.0/24\",\"newCidrBlock\":\"10.0.0.0/"
                        "23\"}") "GET /vcns/v\n"},
    /* one that becomes two: the first is a resize, the second is new */
    {&oke_vcn, V "\"cidr_blocks\":[\"10.0.0.0/16\"]}",
     V "\"cidr_blocks\":[\"10.0.0.0/17\",\"10.0.128.0/17\"]}",
     POST("modifyCidr", "{\"originalCidrBlock\":\"10.0.0.0/16\",\"newCidrBlock\":\"10.0.0.0/17\"}")
         POST("addCidr", "{\"cidrBlock\":\"10.0.128.0/17\"}") "GET /vcns/v\n"},
    {&oke_vcn,
     V "\"is_ipv6enabled\":false,\"is_oracle_gua_allocation_enabled\":true,\"cidr_blocks\":[]}",
     V "\"is_ipv6enabled\":true,\"is_oracle_gua_allocation_enabled\":true,\"cidr_blocks\":[]}",
     POST("addIpv6Cidr", "{\"isOracleGuaAllocationEnabled\":true}") "GET /vcns/v\n"},
    {&oke_vcn,
     V "\"is_ipv6enabled\":true,\"is_oracle_gua_allocation_enabled\":true,\"ipv6cidr_blocks\":"
       "[\"2001:db8::/56\"]}",
     V "\"is_ipv6enabled\":true,\"is_oracle_gua_allocation_enabled\":false,\"ipv6cidr_blocks\":"
       "[\"2001:db8::/56\"]}",
     POST("removeIpv6Cidr", "{\"ipv6CidrBlock\":\"2001:db8::/56\"}") "GET /vcns/v\n"},
    {&oke_vcn, V "\"is_ipv6enabled\":true,\"ipv6private_cidr_blocks\":[\"fd00:1::/56\"]}",
     V "\"is_ipv6enabled\":true,\"ipv6private_cidr_blocks\":[\"fd00:2::/56\"]}",
     POST("addIpv6Cidr", "{\"ipv6PrivateCidrBlock\":\"fd00:2::/56\"}")
         POST("removeIpv6Cidr", "{\"ipv6CidrBlock\":\"fd00:1::/56\"}") "GET /vcns/v\n"},
    {&oke_vcn, V "\"byoipv6cidr_details\":[]}",
     V
     "\"byoipv6cidr_details\":[{\"byoipv6range_id\":\"r\",\"ipv6cidr_block\":\"2001:db8::/64\"}]}",
     POST("addIpv6Cidr", "{\"byoipv6CidrDetail\":{\"byoipv6RangeId\":\"r\",\"ipv6CidrBlock\":"
                         "\"2001:db8::/64\"}}") "GET /vcns/v\n"},
    /* moved, then renamed, in this order */
    {&oke_vcn, V "\"display_name\":\"a\"}",
     "{\"id\":\"v\",\"compartment_id\":\"ocid1.compartment.oc1..b\",\"display_name\":\"b\"}",
     POST("changeCompartment",
          "{\"compartmentId\":\"ocid1.compartment.oc1..b\"}") "PUT /vcns/v "
                                                              "{\"displayName\":\"b\"}\n"},
    {&oke_subnet, S "\"cidr_block\":\"10.0.0.0/24\"}", S "\"cidr_block\":\"10.0.0.0/25\"}",
     "PUT /subnets/s {\"cidrBlock\":\"10.0.0.0/25\"}\n"},
    {&oke_subnet, S "\"ipv4cidr_blocks\":[\"10.0.0.0/24\"]}",
     S "\"ipv4cidr_blocks\":[\"10.0.0.0/24\",\"10.0.1.0/24\"]}",
     "POST /subnets/s/actions/addIpv4Cidr {\"ipv4CidrBlock\":\"10.0.1.0/24\"}\nGET /subnets/s\n"
     "GET /subnets/s\n"},
};

static void changes_in_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(changes); i++) {
        ERROR_AUTO(err);
        const struct value *after = NULL, *planned = about(changes[i].resource, changes[i].planned);
        PLAY({200, "{\"id\":\"v\",\"lifecycleState\":\"AVAILABLE\"}"});
        if (!changes[i].resource->ops->update(&service.op,
                                              about(changes[i].resource, changes[i].prior), planned,
                                              planned, &after, &err))
            fail_msg("%s: %s", changes[i].planned, error_message(&err));
        assert_transcript(changes[i].transcript);
    }
}

/* --- rules of groups ---------------------------------------------------------------------------- */

#define RULE(extra)                                                                                \
    "{\"id\":\"04ABEC\",\"network_security_group_id\":\"g\",\"protocol\":\"all\"," extra "}"
#define ANSWER                                                                                     \
    "{\"id\":\"04ABEC\",\"direction\":\"EGRESS\",\"protocol\":\"all\",\"destination\":"            \
    "\"0.0.0.0/0\",\"destinationType\":\"CIDR_BLOCK\",\"isStateless\":false}"

static void rules_are_replaced_as_a_whole(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    const struct resource *rule = &oke_network_security_group_security_rule;
    const struct value *after = NULL;
    const struct value *planned =
        about(rule, RULE("\"direction\":\"EGRESS\",\"destination\":\"0.0.0.0/0\","
                         "\"destination_type\":\"CIDR_BLOCK\""));
    PLAY({200, "{\"securityRules\":[" ANSWER "]}"});
    assert_true(rule->ops->update(&service.op, about(rule, RULE("\"direction\":\"INGRESS\"")),
                                  planned, planned, &after, &err));
    assert_transcript(
        "POST /networkSecurityGroups/g/actions/updateSecurityRules {\"securityRules\":"
        "[{\"destination\":\"0.0.0.0/0\",\"destinationType\":\"CIDR_BLOCK\","
        "\"direction\":\"EGRESS\",\"protocol\":\"all\",\"id\":\"04ABEC\"}]}\n");
    assert_string_equal(value_text(value_get(after, "id")), "04ABEC");
    assert_string_equal(value_text(value_get(after, "network_security_group_id")), "g");
}

static void a_rule_that_is_gone_is_removed(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    const struct resource *rule = &oke_network_security_group_security_rule;
    const struct value *prior = about(rule, RULE("\"direction\":\"EGRESS\""));
    PLAY({400, REFUSED("InvalidParameter", "no such rule")}, {200, "[]"});
    assert_true(rule->ops->remove(&service.op, prior, &err));
    PLAY({404, REFUSED("NotAuthorizedOrNotFound", "no such group")});
    assert_true(rule->ops->remove(&service.op, prior, &err));
    PLAY({400, REFUSED("InvalidParameter", "no")}, {200, "[" ANSWER "]"});
    assert_false(rule->ops->remove(&service.op, prior, &err));
    assert_transcript("POST /networkSecurityGroups/g/actions/removeSecurityRules "
                      "{\"securityRuleIds\":[\"04ABEC\"]}\n"
                      "GET /networkSecurityGroups/g/securityRules\n");
}

/* --- what comes with a VCN ---------------------------------------------------------------------- */

#define OBJECT                                                                                     \
    "{\"id\":\"l\",\"lifecycleState\":\"AVAILABLE\",\"displayName\":\"Default\","                  \
    "\"compartmentId\":\"ocid1.compartment.oc1..a\",\"ingressSecurityRules\":[{\"protocol\":"      \
    "\"6\",\"source\":\"0.0.0.0/0\"}],\"egressSecurityRules\":[]}"

static void default_objects_are_changed_and_set_back(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    const struct resource *list = &oke_default_security_list;
    const struct value *made = NULL,
                       *config = about(list, "{\"manage_default_resource_id\":\"l\"}");
    PLAY({200, OBJECT});
    assert_true(list->ops->create(
        &service.op, plan_of(list, "{\"manage_default_resource_id\":\"l\"}"), config, &made, &err));
    assert_transcript("GET /securityLists/l\nPUT /securityLists/l {\"ingressSecurityRules\":[]}\n");
    assert_string_equal(value_text(value_get(made, "manage_default_resource_id")), "l");
    PLAY({200, OBJECT});
    assert_true(list->ops->remove(&service.op, made, &err));
    assert_transcript(
        "PUT /securityLists/l {\"ingressSecurityRules\":[],\"egressSecurityRules\":[]}\n"
        "GET /securityLists/l\n");
    PLAY({404, REFUSED("NotAuthorizedOrNotFound", "gone with its VCN")});
    assert_true(list->ops->remove(&service.op, made, &err));
    PLAY({404, REFUSED("NotAuthorizedOrNotFound", "no such list")});
    assert_false(list->ops->create(
        &service.op, plan_of(list, "{\"manage_default_resource_id\":\"l\"}"), config, &made, &err));
    assert_in(error_message(&err), "there is no default security list l");
}

int main(void)
{
    const struct CMUnitTest tests[] = {SERVICE_TEST(changes_in_place),
                                       SERVICE_TEST(rules_are_replaced_as_a_whole),
                                       SERVICE_TEST(a_rule_that_is_gone_is_removed),
                                       SERVICE_TEST(default_objects_are_changed_and_set_back)};
    return cmocka_run_group_tests(tests, test_service_start, test_service_stop);
}
