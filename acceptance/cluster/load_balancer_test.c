#include "acceptance/cluster/load_balancer.h"

#include <string.h>

#include "lib/base/json.h"
#include "lib/base/test.h"

#define LB  "service.beta.kubernetes.io/oci-load-balancer-"
#define OCI "oci.oraclecloud.com/"
#define NLB "oci-network-load-balancer.oraclecloud.com/"

/* "name=value|name=value" */
static json_t *service_with(const char *annotations, const char *protocol)
{
    json_t *object = json_object();
    for (struct slice rest = slice_from(annotations), head; rest.length;) {
        bool found;
        struct slice name;
        rest = slice_cut(rest, '|', &head, &found);
        struct slice value = slice_cut(head, '=', &name, &found);
        CLEANUP(free_pointer) char *key = mem_strndup(name.ptr, name.length);
        json_object_set_new(object, key, json_stringn(value.ptr, value.length));
    }
    return json_pack("{s:{s:o}, s:{s:[{s:i, s:s}]}}", "metadata", "annotations", object, "spec",
                     "ports", "port", 80, "protocol", protocol);
}

static void test_good(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "",
        "example.com/other=anything",
        LB "internal=true",
        LB "shape=400Mbps",
        LB "shape=flexible|" LB "shape-flex-min=10|" LB "shape-flex-max=100",
        LB "ssl-ports=443, 8443",
        LB "backend-protocol=HTTP",
        LB "subnet1=ocid1.subnet.oc1.iad.a",
        OCI "oci-network-security-groups=ocid1.networksecuritygroup.oc1.iad.a,"
            "ocid1.networksecuritygroup.oc1.iad.b",
        OCI "loadbalancer-policy=IP_HASH",
        OCI "initial-freeform-tags-override={\"a\":\"b\"}",
        OCI "load-balancer-type=nlb|" NLB "backend-policy=TWO_TUPLE",
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        ERROR_AUTO(err);
        STR_AUTO unknown = STR_INIT;
        JSON_AUTO service = service_with(rows[i], "TCP");
        assert_true(load_balancer_check(service, &unknown, &err));
        assert_int_equal(unknown.length, 0);
    }
}

static void test_wrong(void **state)
{
    (void)state;
    static const struct {
        const char *annotations, *protocol, *part;
    } rows[] = {
        {LB "internal=yes", "TCP", "true or false"},
        {LB "shape=200Mbps", "TCP", "100Mbps 400Mbps 8000Mbps flexible"},
        {LB "shape=flexible", "TCP", "needs both"},
        {LB "shape=flexible|" LB "shape-flex-min=10", "TCP", "needs both"},
        {LB "shape=flexible|" LB "shape-flex-min=10Mbps|" LB "shape-flex-max=100", "TCP",
         "without unit"},
        {LB "shape=flexible|" LB "shape-flex-min=100|" LB "shape-flex-max=10", "TCP", "above"},
        {LB "ssl-ports=https", "TCP", "ports"},
        {LB "ssl-ports=", "TCP", "ports"},
        {LB "subnet1=ocid1.vcn.oc1.iad.a", "TCP", "OCID"},
        {OCI "oci-network-security-groups=a", "TCP", "five OCIDs"},
        {OCI "initial-freeform-tags-override=a", "TCP", "JSON"},
        {OCI "load-balancer-type=alb", "TCP", "lb nlb"},
        {"", "UDP", "takes TCP"},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        ERROR_AUTO(err);
        JSON_AUTO service = service_with(rows[i].annotations, rows[i].protocol);
        assert_false(load_balancer_check(service, NULL, &err));
        assert_non_null(strstr(error_message(&err), rows[i].part));
    }
}

static void test_unknown(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    STR_AUTO unknown = STR_INIT;
    JSON_AUTO service = service_with(LB "shape-flex-minimum=10", "TCP");
    assert_true(load_balancer_check(service, &unknown, &err));
    assert_non_null(strstr(str_text(&unknown), "did you mean " LB "shape-flex-min?"));
}

static void test_description(void **state)
{
    (void)state;
    JSON_AUTO plain = service_with("", "TCP");
    JSON_AUTO one = load_balancer_describe(plain);
    assert_string_equal(json_get_text(one, "shape"), "100Mbps");
    assert_false(json_get_bool(one, "internal", true));
    /* The numbers are brought into the service's range. */
    JSON_AUTO flexible = service_with(LB "shape=flexible|" LB "shape-flex-min=5|" LB
                                         "shape-flex-max=8000|" LB "internal=true",
                                      "TCP");
    JSON_AUTO two = load_balancer_describe(flexible);
    assert_int_equal(json_get_integer(two, "minimum_mbps", 0), 10);
    assert_int_equal(json_get_integer(two, "maximum_mbps", 0), 8000);
    assert_true(json_get_bool(two, "internal", false));
    JSON_AUTO network = service_with(OCI "load-balancer-type=nlb|" NLB "internal=true", "UDP");
    JSON_AUTO three = load_balancer_describe(network);
    assert_string_equal(json_get_text(three, "type"), "nlb");
    assert_true(json_get_bool(three, "internal", false));
    assert_null(json_get_text(three, "shape"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good),
        cmocka_unit_test(test_wrong),
        cmocka_unit_test(test_unknown),
        cmocka_unit_test(test_description),
    };
    return cmocka_run_group_tests_name("load_balancer", tests, NULL, NULL);
}
