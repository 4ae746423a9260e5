/* Data sources, ephemeral resources and actions against a scripted service. */
#include "provider/oci/registry.h"
#include "provider/oci/test_service.h"
#include "provider/value/test_values.h"

extern const struct resource oke_data_vcn, oke_data_vcns, oke_data_bucket, oke_data_auth_token,
    oke_data_clusters, oke_data_node_pool, oke_data_availability_domains, oke_data_container_images,
    oke_data_container_repositories, oke_data_node_image, oke_data_node_pool_option,
    oke_data_objectstorage_namespace, oke_data_cluster_kube_config, oke_data_images, oke_data_user,
    oke_data_network_security_group_security_rules;
extern const struct resource oke_ephemeral_auth_token, oke_ephemeral_cluster_token,
    oke_ephemeral_kubeconfig;
extern const struct action oke_action_cluster_rotate_credentials, oke_action_node_pool_cycle;

#define COMPARTMENT "ocid1.compartment.oc1..c"
#define VCN_ID      "ocid1.vcn.oc1.phx."
#define CLUSTER     "ocid1.cluster.oc1.phx.a"

#define VCN(id, name)                                                                              \
    "{\"id\":\"" VCN_ID id "\",\"compartmentId\":\"" COMPARTMENT "\",\"displayName\":\"" name      \
    "\",\"cidrBlocks\":[\"10.0.0.0/16\"],\"lifecycleState\":\"AVAILABLE\"}"

/* The result of opening with a configuration in JSON; NULL and err. */
static const struct value *open_with(const struct resource *resource, const char *json,
                                     struct error *err)
{
    const struct value *result = NULL;
    service.op.resource = resource;
    return resource->ops->open(&service.op, value_of(service.op.arena, json), &result, err) ? result
                                                                                            : NULL;
}

static const struct value *opened(const struct resource *resource, const char *json)
{
    ERROR_AUTO(err);
    const struct value *result = open_with(resource, json, &err);
    if (!result)
        fail_msg("%s %s: %s", resource->name, json, error_message(&err));
    return result;
}

static void refused(const struct resource *resource, const char *json, const char *message)
{
    ERROR_AUTO(err);
    if (open_with(resource, json, &err))
        fail_msg("%s %s was answered", resource->name, json);
    assert_in(error_message(&err), message);
}

static void assert_text(const struct value *object, const char *name, const char *expected)
{
    const char *text = value_text(value_get(object, name));
    if (!text_equal(text, expected))
        fail_msg("%s is \"%s\" instead of \"%s\"", name, text ? text : "(null)", expected);
}

/* --- look-ups ----------------------------------------------------------------------------------- */

static void one_by_id(void **state)
{
    (void)state;
    PLAY({200, VCN("a", "main")});
    const struct value *vcn = opened(&oke_data_vcn, "{\"vcn_id\":\"" VCN_ID "a\"}");
    assert_text(vcn, "id", VCN_ID "a");
    assert_text(vcn, "display_name", "main");
    assert_text(value_get(vcn, "cidr_blocks")->list.items[0] ? vcn : NULL, "state", "AVAILABLE");
    assert_transcript("GET /vcns/" VCN_ID "a\n");
    refused(&oke_data_vcn, "{\"vcn_id\":\"ocid1.subnet.oc1.phx.a\"}", "no OCID of a VCN");
}

static void one_by_id_that_does_not_exist(void **state)
{
    (void)state;
    PLAY({404, REFUSED("NotAuthorizedOrNotFound", "no")});
    refused(&oke_data_vcn, "{\"vcn_id\":\"" VCN_ID "a\"}", "there is no VCN " VCN_ID "a");
}

static void one_by_name(void **state)
{
    (void)state;
    PLAY({200, "[" VCN("a", "Main") "," VCN("b", "main") "]"});
    const struct value *vcn =
        opened(&oke_data_vcn, "{\"compartment_id\":\"" COMPARTMENT "\",\"display_name\":\"main\"}");
    assert_text(vcn, "vcn_id", VCN_ID "b");
    assert_transcript("GET /vcns?compartmentId=" COMPARTMENT "&displayName=main\n");
}

static void one_by_a_name_that_does_not_exist(void **state)
{
    (void)state;
    PLAY({200, "[]"}, {200, "[" VCN("a", "web") "," VCN("b", "db") "]"});
    refused(&oke_data_vcn, "{\"compartment_id\":\"" COMPARTMENT "\",\"display_name\":\"main\"}",
            "there is no VCN named \"main\" here; there are: web, db");
}

static void one_by_a_name_that_two_have(void **state)
{
    (void)state;
    PLAY({200, "[" VCN("a", "main") "," VCN("b", "main") "]"});
    refused(&oke_data_vcn, "{\"compartment_id\":\"" COMPARTMENT "\",\"display_name\":\"main\"}",
            "there are 2 of the name \"main\": " VCN_ID "a, " VCN_ID "b; use vcn_id");
}

static void one_by_nothing(void **state)
{
    (void)state;
    PLAY({500, ""});
    refused(&oke_data_vcn, "{}",
            "say which one: by vcn_id, or by compartment_id, and display_name");
    refused(&oke_data_vcn, "{\"display_name\":\"main\"}", "say which one");
    assert_transcript("");
}

static void one_with_an_id_of_parts(void **state)
{
    (void)state;
    PLAY({200, "{\"namespace\":\"ns\",\"name\":\"b\",\"compartmentId\":\"" COMPARTMENT "\"}"},
         {200, "{\"items\":[]}"});
    const struct value *bucket = opened(&oke_data_bucket, "{\"namespace\":\"ns\",\"name\":\"b\"}");
    assert_text(bucket, "compartment_id", COMPARTMENT);
    assert_in(str_text(&service.transcript), "GET /n/ns/b/b?");
    PLAY({200, "[{\"id\":\"ocid1.credential.oc1..t\",\"userId\":\"ocid1.user.oc1..aaaa\","
               "\"description\":\"push\",\"lifecycleState\":\"ACTIVE\"}]"});
    const struct value *token =
        opened(&oke_data_auth_token, "{\"user_id\":\"ocid1.user.oc1..aaaa\",\"auth_token_id\":"
                                     "\"ocid1.credential.oc1..t\"}");
    assert_text(token, "description", "push");
    assert_true(value_is_null(value_get(token, "token")));
}

static void all_that_match(void **state)
{
    (void)state;
    PLAY({200, "[" VCN("a", "web") "," VCN("b", "db") "]"});
    const struct value *vcns =
        opened(&oke_data_vcns, "{\"compartment_id\":\"" COMPARTMENT "\",\"filter\":[{\"name\":"
                               "\"display_name\",\"values\":[\"^d\"],\"regex\":true}]}");
    const struct value *list = value_get(vcns, "virtual_networks");
    assert_int_equal(value_count(list), 1);
    assert_text(value_item(list, 0), "id", VCN_ID "b");
    assert_true(text_starts_with(value_text(value_get(vcns, "id")), "vcns-"));
    PLAY({200, "[" VCN("a", "web") "]"});
    vcns =
        opened(&oke_data_vcns, "{\"compartment_id\":\"" COMPARTMENT "\",\"state\":\"TERMINATED\"}");
    assert_int_equal(value_count(value_get(vcns, "virtual_networks")), 0);
}

static void lists_of_states_and_within_objects(void **state)
{
    (void)state;
    static const char *const questions[] = {"[\"active\",\"UPDATING\"]", "[\"FAILED\"]", "[]"};
    for (size_t i = 0; i < ARRAY_LENGTH(questions); i++) {
        PLAY({200, "[{\"id\":\"" CLUSTER "\"}]"},
             {200, "{\"id\":\"" CLUSTER "\",\"name\":\"c\",\"lifecycleState\":\"ACTIVE\"}"});
        const char *config =
            arena_printf(service.op.arena, "{\"compartment_id\":\"" COMPARTMENT "\",\"state\":%s}",
                         questions[i]);
        const struct value *found = opened(&oke_data_clusters, config);
        assert_int_equal(value_count(value_get(found, "clusters")), i == 1 ? 0 : 1);
    }
    PLAY({200, "{\"items\":[{\"id\":\"ocid1.containerrepo.oc1.phx.r\"}],\"repositoryCount\":1}"},
         {200, "{\"id\":\"ocid1.containerrepo.oc1.phx.r\",\"displayName\":\"a\","
               "\"lifecycleState\":\"AVAILABLE\",\"imageCount\":3,\"layersSizeInBytes\":70}"});
    const struct value *found =
        opened(&oke_data_container_repositories, "{\"compartment_id\":\"" COMPARTMENT "\"}");
    const struct value *holder = value_item(value_get(found, "container_repository_collection"), 0);
    assert_text(value_item(value_get(holder, "items"), 0), "display_name", "a");
    assert_text(holder, "layers_size_in_bytes", "70");
    int64_t images;
    assert_true(value_as_integer(value_get(holder, "image_count"), &images) && images == 3);
}

#define RULE(id, direction) "{\"id\":\"" id "\",\"direction\":\"" direction "\",\"protocol\":\"6\"}"

static void narrowed_down_on_our_side(void **state)
{
    (void)state;
    PLAY({200, "[" RULE("AB12CD", "INGRESS") "," RULE("AB12CE", "EGRESS") "]"});
    const struct value *found =
        opened(&oke_data_network_security_group_security_rules,
               "{\"network_security_group_id\":\"ocid1.networksecuritygroup.oc1.phx.a\","
               "\"direction\":\"EGRESS\"}");
    const struct value *rules = value_get(found, "security_rules");
    assert_int_equal(value_count(rules), 1);
    assert_text(value_item(rules, 0), "id", "AB12CE");
}

static void the_nodes_of_a_pool(void **state)
{
    (void)state;
    PLAY({200,
          "{\"id\":\"ocid1.nodepool.oc1.phx.p\",\"name\":\"p\",\"lifecycleState\":\"ACTIVE\","
          "\"nodes\":[{\"id\":\"one\",\"lifecycleState\":\"DELETED\"},{\"id\":\"two\","
          "\"lifecycleState\":\"ACTIVE\",\"nodeError\":{\"code\":\"Full\",\"message\":\"m\"}}]}"});
    const struct value *pool =
        opened(&oke_data_node_pool, "{\"node_pool_id\":\"ocid1.nodepool.oc1.phx.p\"}");
    const struct value *nodes = value_get(pool, "nodes");
    assert_int_equal(value_count(nodes), 1);
    assert_text(value_item(nodes, 0), "id", "two");
    assert_text(value_item(value_get(value_item(nodes, 0), "error"), 0), "code", "Full");
}

/* --- sources ------------------------------------------------------------------------------------ */

static void a_list_is_sorted_and_follows_pages(void **state)
{
    (void)state;
    PLAY({200, "[{\"name\":\"x:AD-2\"},{\"name\":\"x:AD-3\"}]", "opc-next-page: p2\r\n"},
         {200, "[{\"name\":\"x:AD-1\"}]"});
    const struct value *found =
        opened(&oke_data_availability_domains, "{\"compartment_id\":\"" COMPARTMENT "\"}");
    const struct value *list = value_get(found, "availability_domains");
    assert_int_equal(value_count(list), 3);
    assert_text(value_item(list, 0), "name", "x:AD-1");
    assert_text(value_item(list, 2), "name", "x:AD-3");
    assert_in(str_text(&service.transcript), "page=p2");
}

static void parameters_without_a_value_are_left_out(void **state)
{
    (void)state;
    PLAY({200, "[]"});
    opened(&oke_data_images, "{\"compartment_id\":\"" COMPARTMENT
                             "\",\"operating_system\":\"Oracle Linux\",\"sort_order\":\"ASC\"}");
    assert_transcript("GET /images?compartmentId=" COMPARTMENT
                      "&operatingSystem=Oracle%20Linux&sortOrder=ASC\n");
}

static void answers_that_are_one_object(void **state)
{
    (void)state;
    PLAY({200, "{\"kubernetesVersions\":[\"v1.33.1\",\"v1.34.2\"],\"shapes\":[\"S\"],"
               "\"images\":[],\"sources\":[{\"sourceType\":\"IMAGE\",\"imageId\":\"i\","
               "\"sourceName\":\"n\"}]}"});
    const struct value *options =
        opened(&oke_data_node_pool_option, "{\"node_pool_option_id\":\"all\","
                                           "\"should_list_all_patch_versions\":true}");
    assert_int_equal(value_count(value_get(options, "kubernetes_versions")), 2);
    assert_text(value_item(value_get(options, "sources"), 0), "image_id", "i");
    assert_transcript("GET /nodePoolOptions/all?shouldListAllPatchVersions=true\n");
    PLAY({200, "{\"items\":[{\"id\":\"i\",\"digest\":\"sha256:1\",\"version\":\"1.0\"}],"
               "\"remainingItemsCount\":0}"});
    const struct value *found =
        opened(&oke_data_container_images, "{\"compartment_id\":\"" COMPARTMENT "\"}");
    const struct value *holder = value_item(value_get(found, "container_image_collection"), 0);
    assert_text(value_item(value_get(holder, "items"), 0), "version", "1.0");
    PLAY({200, "\"mytenancy\""});
    assert_text(opened(&oke_data_objectstorage_namespace, "{}"), "namespace", "mytenancy");
}

static void one_out_of_a_source(void **state)
{
    (void)state;
    PLAY({200, "{\"id\":\"ocid1.user.oc1..u\",\"name\":\"ci\",\"capabilities\":"
               "{\"canUseOAuth2ClientCredentials\":true}}"});
    const struct value *user = opened(&oke_data_user, "{\"user_id\":\"ocid1.user.oc1..u\"}");
    assert_text(user, "name", "ci");
    assert_true(value_as_bool(value_get(value_item(value_get(user, "capabilities"), 0),
                                        "can_use_oauth2client_credentials"),
                              false));
    PLAY({200, "[{\"id\":\"ocid1.user.oc1..u\",\"name\":\"ci\"}]"});
    assert_text(opened(&oke_data_user, "{\"name\":\"ci\"}"), "user_id", "ocid1.user.oc1..u");
    assert_transcript("GET /users?compartmentId=" TEST_TENANCY "&name=ci\n");
    PLAY({200, "[]"}, {200, "[{\"id\":\"ocid1.user.oc1..u\",\"name\":\"ci\"}]"});
    refused(&oke_data_user, "{\"name\":\"cd\"}", "no user named \"cd\" here; there are: ci");
    refused(&oke_data_user, "{}", "say which one: by user_id or by name");
}

#define IMAGE(id, name)                                                                            \
    "{\"sourceType\":\"IMAGE\",\"imageId\":\"" id "\",\"sourceName\":\"" name "\"}"

static void the_right_node_image(void **state)
{
    (void)state;
    PLAY({200,
          "{\"sources\":[" IMAGE("old", "Oracle-Linux-8.10-2026.01.29-0-OKE-1.34.2-10") "," IMAGE("arm", "Oracle-Linux-8.10-aarch64-2026.08.14-0-OKE-1.34.2-11") "," IMAGE(
              "new",
              "Oracle-Linux-8.10-2026.08.14-0-OKE-1.34.2-11") "," IMAGE("gpu",
                                                                        "Oracle-Linux-8.10-Gen2-"
                                                                        "GPU-2026.08.14-0-OKE-1.34."
                                                                        "2-11") "," IMAGE("other",
                                                                                          "Custom-"
                                                                                          "Image") "]}"});
    assert_text(opened(&oke_data_node_image, "{\"kubernetes_version\":\"v1.34.2\"}"), "image_id",
                "new");
    const struct value *arm =
        opened(&oke_data_node_image,
               "{\"kubernetes_version\":\"v1.34\",\"shape\":\"VM.Standard.A1.Flex\"}");
    assert_text(arm, "id", "arm");
    assert_text(arm, "architecture", "aarch64");
    assert_text(arm, "operating_system", "Oracle Linux");
    assert_text(opened(&oke_data_node_image,
                       "{\"kubernetes_version\":\"v1.34.2\",\"shape\":\"VM.GPU.A10.1\"}"),
                "image_id", "gpu");
    refused(&oke_data_node_image, "{\"kubernetes_version\":\"v1.35.0\"}",
            "no node image for Kubernetes v1.35.0 on x86_64. There are: v1.34.2 x86_64 "
            "(Oracle-Linux 8.10), v1.34.2 aarch64 (Oracle-Linux 8.10), v1.34.2 x86_64 GPU");
    refused(&oke_data_node_image,
            "{\"kubernetes_version\":\"v1.34.2\",\"shape\":\"VM.Standard.A1.Flex\","
            "\"architecture\":\"x86_64\"}",
            "architecture x86_64 does not run on the shape VM.Standard.A1.Flex");
}

/* --- kubeconfigs and tokens --------------------------------------------------------------------- */

static const char kubeconfig_text[] =
    "---\napiVersion: v1\nkind: \"\"\nclusters:\n- name: c\n  cluster:\n"
    "    server: https://203.0.113.5:6443\n"
    "    certificate-authority-data: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t\n";

static void kubeconfigs(void **state)
{
    (void)state;
    static const struct test_step steps[] = {
        {200, "{\"endpoints\":{\"publicEndpoint\":\"203.0.113.5:6443\"}}"}, {200, kubeconfig_text}};
    service.steps = steps + 1;
    service.count = 1;
    service.received = 0;
    str_clear(&service.transcript);
    assert_text(opened(&oke_data_cluster_kube_config,
                       "{\"cluster_id\":\"" CLUSTER "\",\"endpoint\":\"PRIVATE_ENDPOINT\"}"),
                "content", kubeconfig_text);
    assert_transcript("POST /clusters/" CLUSTER "/kubeconfig/content "
                      "{\"tokenVersion\":\"2.0.0\",\"endpoint\":\"PRIVATE_ENDPOINT\"}\n");
    service.steps = steps;
    service.count = 2;
    service.received = 0;
    const struct value *opened_one = opened(
        &oke_ephemeral_kubeconfig, "{\"cluster_id\":\"" CLUSTER "\",\"namespace\":\"todo\"}");
    assert_text(opened_one, "host", "https://203.0.113.5:6443");
    assert_text(opened_one, "cluster_ca_certificate", "-----BEGIN CERTIFICATE-----");
    const char *content = value_text(value_get(opened_one, "content"));
    assert_in(content, "namespace: \"todo\"");
    assert_in(str_text(&service.transcript), "\"endpoint\":\"PUBLIC_ENDPOINT\"");
    assert_in(content, value_text(value_get(opened_one, "token")));
}

static void a_kubeconfig_that_is_none(void **state)
{
    (void)state;
    PLAY({200, "{}"}, {200, "clusters: []\n"});
    refused(&oke_ephemeral_kubeconfig, "{\"cluster_id\":\"" CLUSTER "\"}", "names no server");
    assert_in(str_text(&service.transcript), "LEGACY_KUBERNETES");
    PLAY({200, "{\"endpoints\":{\"privateEndpoint\":\"10.0.0.2:6443\"}}"}, {200, "clusters: [\n"});
    refused(&oke_ephemeral_kubeconfig, "{\"cluster_id\":\"" CLUSTER "\"}",
            "kubeconfig of " CLUSTER ": YAML line");
    assert_in(str_text(&service.transcript), "PRIVATE_ENDPOINT");
}

static void a_cluster_token_needs_no_request(void **state)
{
    (void)state;
    PLAY({500, ""});
    const struct value *token =
        opened(&oke_ephemeral_cluster_token, "{\"cluster_id\":\"" CLUSTER "\"}");
    assert_true(text_starts_with(value_text(value_get(token, "token")),
                                 "aHR0cHM6Ly9jb250YWluZXJlbmdpbmUu"));
    int64_t until;
    assert_true(clock_parse_rfc3339(value_text(value_get(token, "time_expires")), &until));
    assert_in_range(until - clock_wall_ms(), 200 * 1000, 240 * 1000);
    assert_transcript("");
}

static void an_auth_token_ends_with_the_run(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    PLAY({200, "{\"id\":\"ocid1.credential.oc1..t\",\"token\":\"secret\"}"}, {204, ""});
    const struct value *token = opened(&oke_ephemeral_auth_token, "{\"description\":\"push\"}");
    assert_text(token, "token", "secret");
    assert_text(token, "user_id", "ocid1.user.oc1..aaaa");
    service.op.private_in = service.op.private_out;
    assert_true(oke_ephemeral_auth_token.close(&service.op, &err));
    assert_transcript("POST /users/ocid1.user.oc1..aaaa/authTokens {\"description\":\"push\"}\n"
                      "DELETE /users/ocid1.user.oc1..aaaa/authTokens/ocid1.credential.oc1..t\n");
    PLAY({404, REFUSED("NotAuthorizedOrNotFound", "gone")});
    assert_true(oke_ephemeral_auth_token.close(&service.op, &err));
    PLAY({403, REFUSED("NotAllowed", "no")});
    assert_false(oke_ephemeral_auth_token.close(&service.op, &err));
    assert_in(error_message(&err), "DeleteAuthToken");
}

/* --- actions ------------------------------------------------------------------------------------ */

static void note(void *context, const char *message)
{
    str_printf(context, "%s\n", message);
}

static bool invoke(const struct action *action, const char *json, struct str *lines,
                   struct error *err)
{
    service.op.resource = NULL;
    service.op.action = action;
    return action->invoke(&service.op, value_of(service.op.arena, json), note, lines, err);
}

#define WORK(state, percent)                                                                       \
    "{\"id\":\"w\",\"compartmentId\":\"" COMPARTMENT "\",\"status\":\"" state                      \
    "\",\"percentComplete\":" percent ",\"resources\":[]}"

static void credentials_are_rotated(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    STR_AUTO lines = STR_INIT;
    PLAY({202, "", "opc-work-request-id: w\r\n"}, {200, WORK("IN_PROGRESS", "40")},
         {200, WORK("SUCCEEDED", "100")}, {202, "", "opc-work-request-id: w\r\n"},
         {200, WORK("SUCCEEDED", "100")});
    if (!invoke(&oke_action_cluster_rotate_credentials,
                "{\"cluster_id\":\"" CLUSTER "\",\"complete\":true}", &lines, &err))
        fail_msg("%s", error_message(&err));
    assert_transcript("POST /clusters/" CLUSTER "/actions/startCredentialRotation "
                      "{\"autoCompletionDelayDuration\":\"P5D\"}\n"
                      "GET /workRequests/w\nGET /workRequests/w\n"
                      "POST /clusters/" CLUSTER "/actions/completeCredentialRotation\n"
                      "GET /workRequests/w\n");
    assert_in(str_text(&lines), "issue new credentials: IN_PROGRESS, 40 %");
    assert_in(str_text(&lines), "retire old credentials: SUCCEEDED");
}

static void a_cycle_that_fails(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    STR_AUTO lines = STR_INIT;
    PLAY({202, "", "opc-work-request-id: w\r\n"}, {200, WORK("FAILED", "10")},
         {200, "[{\"code\":\"PodEvictionFailure\",\"message\":\"a pod stays\","
               "\"timestamp\":\"2026-06-02T10:20:30Z\"}]"},
         {200, "[]"});
    assert_false(invoke(&oke_action_node_pool_cycle,
                        "{\"node_pool_id\":\"ocid1.nodepool.oc1.phx.p\",\"maximum_surge\":\"25%\","
                        "\"cycle_modes\":[\"BOOT_VOLUME_REPLACE\"]}",
                        &lines, &err));
    assert_in(error_message(&err), "a pod stays");
    assert_in(
        str_text(&service.transcript),
        "PUT /nodePools/ocid1.nodepool.oc1.phx.p {\"nodePoolCyclingDetails\":"
        "{\"isNodeCyclingEnabled\":true,\"maximumSurge\":\"25%\",\"maximumUnavailable\":\"0\","
        "\"cycleModes\":[\"BOOT_VOLUME_REPLACE\"]}}\n");
}

#define TEST(name)                                                                                 \
    cmocka_unit_test_setup_teardown(name, test_service_set_up, test_service_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(one_by_id),
        TEST(one_by_id_that_does_not_exist),
        TEST(one_by_name),
        TEST(one_by_a_name_that_does_not_exist),
        TEST(one_by_a_name_that_two_have),
        TEST(one_by_nothing),
        TEST(one_with_an_id_of_parts),
        TEST(all_that_match),
        TEST(lists_of_states_and_within_objects),
        TEST(narrowed_down_on_our_side),
        TEST(the_nodes_of_a_pool),
        TEST(a_list_is_sorted_and_follows_pages),
        TEST(parameters_without_a_value_are_left_out),
        TEST(answers_that_are_one_object),
        TEST(one_out_of_a_source),
        TEST(the_right_node_image),
        TEST(kubeconfigs),
        TEST(a_kubeconfig_that_is_none),
        TEST(a_cluster_token_needs_no_request),
        TEST(an_auth_token_ends_with_the_run),
        TEST(credentials_are_rotated),
        TEST(a_cycle_that_fails),
    };
    return cmocka_run_group_tests(tests, test_service_start, test_service_stop);
}
