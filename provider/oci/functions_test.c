/* All functions, through their descriptors. */
#include "provider/engine/schema.h"
#include "provider/value/test_values.h"
#include "provider/value/value_yaml.h"

#define HEX64 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

extern const struct function oke_function_cidr_plan, oke_function_parse_ocid,
    oke_function_image_ref, oke_function_manifest_decode_multi, oke_function_kubeconfig;

struct test_case {
    const char *arguments; /* JSON list */
    const char *result;    /* JSON; or, when it begins with "!", part of the error */
};

/* Arguments as the engine hands them over: those of any type wrapped. */
static const struct value *call(struct arena *arena, const struct function *function,
                                const char *json, int *argument, struct error *err)
{
    const struct value *list = value_of(arena, json), *arguments[4];
    for (size_t i = 0; i < value_count(list); i++) {
        arguments[i] = value_item(list, i);
        if (function->parameters[i].type->kind == TYPE_DYNAMIC)
            arguments[i] = value_dynamic(arena, type_of_value(arena, arguments[i]), arguments[i]);
    }
    return function->call(arena, arguments, value_count(list), argument, err);
}

static void check(const struct function *function, const struct test_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        ARENA_AUTO arena = arena_new();
        ERROR_AUTO(err);
        int argument = -1;
        const struct value *result = call(arena, function, cases[i].arguments, &argument, &err);
        if (*cases[i].result == '!') {
            if (result || !strstr(error_message(&err), cases[i].result + 1))
                fail_msg("%s(%s): %s", function->name, cases[i].arguments, error_message(&err));
            assert_true(argument >= 0);
            continue;
        }
        if (!result)
            fail_msg("%s(%s): %s", function->name, cases[i].arguments, error_message(&err));
        STR_AUTO json = STR_INIT;
        assert_true(value_json_encode(function->result, result, &json, &err));
        if (result->kind == VALUE_DYNAMIC)
            result = result->dynamic.value;
        assert_string_equal(printed(arena, result),
                            printed(arena, value_of(arena, cases[i].result)));
    }
}

static void test_cidr_plan(void **state)
{
    (void)state;
    static const struct test_case cases[] = {
        {"[\"10.0.0.0/16\",[]]", "{}"},
        {"[\"10.0.0.0/16\",[{\"name\":\"a\",\"prefix\":28},{\"name\":\"b\",\"prefix\":20},"
         "{\"name\":\"c\",\"prefix\":24}]]",
         "{\"a\":\"10.0.0.0/28\",\"b\":\"10.0.16.0/20\",\"c\":\"10.0.1.0/24\"}"},
        /* appended: the first three stay */
        {"[\"10.0.0.0/16\",[{\"name\":\"a\",\"prefix\":28},{\"name\":\"b\",\"prefix\":20},"
         "{\"name\":\"c\",\"prefix\":24},{\"name\":\"d\",\"prefix\":28},{\"name\":\"e\",\"prefix\":"
         "17}]]",
         "{\"a\":\"10.0.0.0/28\",\"b\":\"10.0.16.0/20\",\"c\":\"10.0.1.0/24\",\"d\":\"10.0.0.16/"
         "28\","
         "\"e\":\"10.0.128.0/17\"}"},
        /* a gap keeps what is behind it in place */
        {"[\"10.0.0.0/16\",[{\"name\":null,\"prefix\":24},{\"name\":\"b\",\"prefix\":24}]]",
         "{\"b\":\"10.0.1.0/24\"}"},
        {"[\"10.0.0.0/30\",[{\"name\":\"a\",\"prefix\":31},{\"name\":\"b\",\"prefix\":32},"
         "{\"name\":\"c\",\"prefix\":32}]]",
         "{\"a\":\"10.0.0.0/31\",\"b\":\"10.0.0.2/32\",\"c\":\"10.0.0.3/32\"}"},
        {"[\"10.0.0.0/16\",[{\"name\":\"all\",\"prefix\":16}]]", "{\"all\":\"10.0.0.0/16\"}"},
        {"[\"255.0.0.0/8\",[{\"name\":\"a\",\"prefix\":9},{\"name\":\"b\",\"prefix\":9}]]",
         "{\"a\":\"255.0.0.0/9\",\"b\":\"255.128.0.0/9\"}"},
        {"[\"2001:db8::/56\",[{\"name\":\"a\",\"prefix\":64},{\"name\":\"b\",\"prefix\":64}]]",
         "{\"a\":\"2001:db8::/64\",\"b\":\"2001:db8:0:1::/64\"}"},
        {"[\"ff00::/8\",[{\"name\":\"a\",\"prefix\":9},{\"name\":\"b\",\"prefix\":9},"
         "{\"name\":\"c\",\"prefix\":128}]]",
         "!no /128 is left for \"c\""},
        {"[\"ff00::/8\",[{\"name\":\"a\",\"prefix\":9},{\"name\":\"b\",\"prefix\":128},"
         "{\"name\":\"c\",\"prefix\":9}]]",
         "!no /9 is left for \"c\""},
        {"[\"10.0.0.0/30\",[{\"name\":\"a\",\"prefix\":31},{\"name\":\"b\",\"prefix\":30}]]",
         "!no /30 is left for \"b\""},
        {"[\"10.0.0.0/16\",[{\"name\":\"a\",\"prefix\":24},{\"name\":\"a\",\"prefix\":24}]]",
         "!the same name"},
        {"[\"10.0.0.0/16\",[{\"name\":\"a\",\"prefix\":15}]]", "!between 16 and 32"},
        {"[\"10.0.0.0/16\",[{\"name\":\"a\",\"prefix\":33}]]", "!between 16 and 32"},
        {"[\"10.0.0.0/16\",[{\"name\":\"a\",\"prefix\":24.5}]]", "!between 16 and 32"},
        {"[\"10.0.0.1/16\",[]]", "!bits set behind its prefix"},
        {"[\"10.0.0.0\",[]]", "!no CIDR block"},
        {"[\"0.0.0.0/0\",[]]", "!too large"},
    };
    check(&oke_function_cidr_plan, cases, ARRAY_LENGTH(cases));
}

static void test_parse_ocid(void **state)
{
    (void)state;
    static const struct test_case cases[] = {
        {"[\"ocid1.cluster.oc1.iad.aaaatest\"]", "{\"realm\":\"oc1\",\"region\":\"us-ashburn-1\","
                                                 "\"region_part\":\"iad\",\"type\":\"cluster\","
                                                 "\"unique\":\"aaaatest\"}"},
        {"[\"ocid1.containerrepo.oc1.eu-frankfurt-1.0.ns.abc\"]",
         "{\"realm\":\"oc1\",\"region\":\"eu-frankfurt-1\",\"region_part\":\"eu-frankfurt-1\","
         "\"type\":\"containerrepo\",\"unique\":\"0.ns.abc\"}"},
        {"[\"ocid1.tenancy.oc1..aaaa\"]",
         "{\"realm\":\"oc1\",\"region\":null,\"region_part\":null,\"type\":\"tenancy\","
         "\"unique\":\"aaaa\"}"},
        {"[\"\"]", "!an OCID is expected"},
        {"[\"vcn-1\"]", "!\"vcn-1\" is no OCID"},
    };
    check(&oke_function_parse_ocid, cases, ARRAY_LENGTH(cases));
}

static void test_image_ref(void **state)
{
    (void)state;
    static const struct test_case cases[] = {
        {"[\"fra.ocir.io/ns/todo/backend:1.0\"]",
         "{\"digest\":null,\"namespace\":\"ns\",\"reference\":\"fra.ocir.io/ns/todo/backend:1.0\","
         "\"region\":\"eu-frankfurt-1\",\"registry\":\"fra.ocir.io\",\"repository\":\"todo/"
         "backend\","
         "\"tag\":\"1.0\"}"},
        {"[{\"region\":\"phx\",\"namespace\":\"ns\",\"repository\":\"a/b\",\"tag\":\"t\","
         "\"digest\":\"sha256:" HEX64 "\"}]",
         "{\"digest\":\"sha256:" HEX64 "\",\"namespace\":\"ns\",\"reference\":"
         "\"ocir.us-phoenix-1.oci.oraclecloud.com/ns/a/b:t@sha256:" HEX64 "\","
         "\"region\":\"us-phoenix-1\",\"registry\":\"ocir.us-phoenix-1.oci.oraclecloud.com\","
         "\"repository\":\"a/b\",\"tag\":\"t\"}"},
        {"[{\"registry\":\"quay.io\",\"repository\":\"strimzi/operator\",\"tag\":1}]",
         "{\"digest\":null,\"namespace\":null,\"reference\":\"quay.io/strimzi/operator:1\","
         "\"region\":null,\"registry\":\"quay.io\",\"repository\":\"strimzi/"
         "operator\",\"tag\":\"1\"}"},
        {"[\"nginx\"]",
         "{\"digest\":null,\"namespace\":null,\"reference\":\"nginx\",\"region\":null,"
         "\"registry\":null,\"repository\":\"nginx\",\"tag\":null}"},
        {"[\"fra.ocir.io/alone\"]", "!names no repository"},
        {"[\"UPPER\"]", "!no repository name"},
        {"[[\"a\"]]", "!an object is expected"},
        {"[{\"repo\":\"x\"}]", "!there is no member \"repo\""},
        {"[{\"repositry\":\"x\"}]", "!is \"repository\" meant?"},
        {"[{\"repository\":\"x\"}]", "!either registry or region"},
        {"[{\"region\":\"fra\",\"registry\":\"x.io\",\"repository\":\"x\"}]",
         "!either registry or region"},
        {"[{\"region\":\"fra\",\"repository\":\"x\"}]", "!namespace is needed"},
        {"[{\"region\":\"fra\",\"namespace\":\"n\"}]", "!repository is needed"},
        {"[{\"region\":\"fra\",\"namespace\":[],\"repository\":\"x\"}]",
         "!namespace must be a text"},
    };
    check(&oke_function_image_ref, cases, ARRAY_LENGTH(cases));
}

static void test_manifest_decode_multi(void **state)
{
    (void)state;
    static const struct test_case cases[] = {
        {"[\"kind: A\\nmode: 0644\\n---\\n---\\nkind: B\\nlist: [1, null]\\n\"]",
         "[{\"kind\":\"A\",\"mode\":420},{\"kind\":\"B\",\"list\":[1,null]}]"},
        {"[\"\"]", "[]"},
        {"[\"kind: A\\n---\\n[x]\\n\"]", "!document 2 is no mapping"},
        {"[\"a: {\"]", "!YAML line 2"},
    };
    check(&oke_function_manifest_decode_multi, cases, ARRAY_LENGTH(cases));
}

static const char *kubeconfig(struct arena *arena, const char *arguments)
{
    ERROR_AUTO(err);
    int argument;
    const struct value *text = call(arena, &oke_function_kubeconfig, arguments, &argument, &err);
    if (!text)
        fail_msg("%s", error_message(&err));
    const struct value *documents = value_yaml_decode(arena, text->text, &err);
    if (!documents)
        fail_msg("%s\n%s", error_message(&err), value_text(text));
    return printed(arena, value_item(documents, 0));
}

static void test_kubeconfig(void **state)
{
    (void)state;
    ARENA_AUTO arena = arena_new();
    assert_string_equal(
        kubeconfig(arena, "[{\"endpoint\":\"203.0.113.5:6443\",\"token\":\"a\\\"b\\\\c\\n\","
                          "\"namespace\":\"todo\",\"certificate_authority\":"
                          "\"-----BEGIN CERTIFICATE-----\"}]"),
        printed(arena,
                value_of(arena,
                         "{\"apiVersion\":\"v1\",\"kind\":\"Config\",\"current-context\":\"oke\","
                         "\"clusters\":[{\"name\":\"oke\",\"cluster\":{\"server\":"
                         "\"https://203.0.113.5:6443\",\"certificate-authority-data\":"
                         "\"LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t\"}}],"
                         "\"users\":[{\"name\":\"oke\",\"user\":{\"token\":\"a\\\"b\\\\c\\n\"}}],"
                         "\"contexts\":[{\"name\":\"oke\",\"context\":{\"cluster\":\"oke\","
                         "\"user\":\"oke\",\"namespace\":\"todo\"}}]}")));
    assert_string_equal(
        kubeconfig(arena, "[{\"name\":\"x\",\"endpoint\":\"https://k:1\",\"cluster_id\":"
                          "\"ocid1.cluster.oc1.fra.aaaa\"}]"),
        printed(arena,
                value_of(arena,
                         "{\"apiVersion\":\"v1\",\"kind\":\"Config\",\"current-context\":\"x\","
                         "\"clusters\":[{\"name\":\"x\",\"cluster\":{\"server\":\"https://k:1\"}}],"
                         "\"users\":[{\"name\":\"x\",\"user\":{\"exec\":{\"apiVersion\":"
                         "\"client.authentication.k8s.io/v1beta1\",\"command\":\"oci\","
                         "\"interactiveMode\":\"Never\",\"args\":[\"ce\",\"cluster\","
                         "\"generate-token\",\"--cluster-id\",\"ocid1.cluster.oc1.fra.aaaa\","
                         "\"--region\",\"eu-frankfurt-1\"],\"env\":[]}}}],"
                         "\"contexts\":[{\"name\":\"x\",\"context\":{\"cluster\":\"x\","
                         "\"user\":\"x\"}}]}")));
    assert_non_null(strstr(kubeconfig(arena, "[{\"endpoint\":\"k\",\"exec\":{\"command\":\"c\","
                                             "\"env\":{\"A\":\"1\"}}}]"),
                           "name = \"A\""));
    static const struct test_case cases[] = {
        {"[{\"token\":\"t\"}]", "!endpoint of the cluster is missing"},
        {"[{\"endpoint\":\"k\"}]", "!exactly one of token, exec and cluster_id"},
        {"[{\"endpoint\":\"k\",\"token\":\"t\",\"cluster_id\":\"x\"}]", "!exactly one"},
        {"[{\"endpoint\":\"k\",\"cluster_id\":\"x\"}]", "!cluster_id: \"x\" is no OCID"},
        {"[{\"endpoint\":\"k y\",\"token\":\"t\"}]", "!endpoint: "},
        {"[{\"endpoint\":\"k\",\"token\":\"t\",\"certificate_authority\":\"AAAA\"}]",
         "!neither PEM nor"},
        {"[{\"endpoint\":\"k\",\"exec\":{\"args\":[]}}]", "!exec.command is needed"},
        {"[{\"endpoint\":\"k\",\"exec\":{\"command\":\"c\",\"args\":[1]}}]",
         "!exec.args must be a list of texts"},
    };
    check(&oke_function_kubeconfig, cases, ARRAY_LENGTH(cases));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cidr_plan),  cmocka_unit_test(test_parse_ocid),
        cmocka_unit_test(test_image_ref),  cmocka_unit_test(test_manifest_decode_multi),
        cmocka_unit_test(test_kubeconfig),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
