/* What the resources do beyond the generic operations, against a service that plays scripted answers. */
#include "provider/engine/plan.h"
#include "provider/oci/ops.h"
#include "provider/oci/test_service.h"

extern const struct resource oke_addon, oke_auth_token, oke_bucket, oke_cluster, oke_compartment,
    oke_log, oke_node_pool, oke_policy, oke_postgresql_db_system;

#define COMPARTMENT "\"compartment_id\":\"ocid1.compartment.oc1..aaaa\""
#define C_ID        "\"compartmentId\":\"ocid1.compartment.oc1..aaaa\""
#define WORK        "opc-work-request-id: w1\r\n"
#define SUCCEEDED(entity, id)                                                                      \
    "{\"id\":\"w1\",\"status\":\"SUCCEEDED\"," C_ID ",\"resources\":[{\"entityType\":\"" entity    \
    "\",\"identifier\":\"" id "\"}]}"
#define FAILED(entity, id)                                                                         \
    "{\"id\":\"w1\",\"status\":\"FAILED\"," C_ID ",\"resources\":[{\"entityType\":\"" entity       \
    "\",\"identifier\":\"" id "\"}]}"

static bool create(const struct resource *resource, const char *json, const struct value **state,
                   struct error *err)
{
    *state = NULL;
    const struct value *planned = plan_of(resource, json);
    return resource->ops->create(&service.op, planned, about(resource, json), state, err);
}

static bool refresh(const struct resource *resource, const char *prior, const struct value **state,
                    struct error *err)
{
    *state = NULL;
    return resource->ops->read(&service.op, about(resource, prior), state, err);
}

static bool update(const struct resource *resource, const char *prior, const char *planned,
                   struct error *err)
{
    const struct value *state = NULL, *after = about(resource, planned);
    return resource->ops->update(&service.op, about(resource, prior), after, after, &state, err);
}

static void good(bool result, const struct error *err)
{
    if (!result)
        fail_msg("%s\n%s", error_message(err), str_text(&service.transcript));
}

static const char *text(const struct value *state, const char *name)
{
    const char *member = value_text(value_get(state, name));
    return member ? member : "(none)";
}

/* --- identity ----------------------------------------------------------------------------------- */

static void compartment_goes_below_the_tenancy(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    const struct value *made;
    PLAY({200, "{\"id\":\"ocid1.compartment.oc1..c\",\"lifecycleState\":\"ACTIVE\"}"});
    good(create(&oke_compartment, "{\"name\":\"a\",\"description\":\"b\"}", &made, &err), &err);
    assert_transcript(
        "POST /compartments {\"description\":\"b\",\"name\":\"a\",\"compartmentId\":\"" TEST_TENANCY
        "\"}\n");
}

#define POLICY(statement)                                                                          \
    "{\"id\":\"ocid1.policy.oc1..p\"," COMPARTMENT                                                 \
    ",\"name\":\"p\",\"description\":\"d\",\"statements\":[\"" statement "\"]}"
#define STORED                                                                                     \
    "{\"id\":\"ocid1.policy.oc1..p\",\"lifecycleState\":\"ACTIVE\",\"statements\":[\"rewritten\"]" \
    "}"

static void statements_are_ours_until_someone_writes(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    const struct value *seen;
    PLAY({200, STORED, "etag: one\r\n"}, {200, STORED, "etag: one\r\n"},
         {200, STORED, "etag: two\r\n"});
    good(create(&oke_policy, POLICY("mine"), &seen, &err), &err);
    service.op.private_in = service.op.private_out;
    good(refresh(&oke_policy, POLICY("mine"), &seen, &err), &err);
    assert_string_equal(value_text(value_item(value_get(seen, "statements"), 0)), "mine");
    good(refresh(&oke_policy, POLICY("mine"), &seen, &err), &err);
    assert_string_equal(value_text(value_item(value_get(seen, "statements"), 0)), "rewritten");
}

#define AUTH_TOKEN(member)                                                                         \
    "{\"id\":\"ocid1.credential.oc1..t\",\"user_id\":\"ocid1.user.oc1..u\",\"description\":"       \
    "\"d\"" member "}"
#define STORED_TOKEN "{\"id\":\"ocid1.credential.oc1..t\",\"lifecycleState\":\"ACTIVE\""

static void token_is_kept_and_its_loss_told(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    const struct value *seen;
    PLAY({200, STORED_TOKEN ",\"token\":\"secret\"}"}, {200, "[" STORED_TOKEN "}]"},
         {200, STORED_TOKEN "}"});
    good(create(&oke_auth_token, AUTH_TOKEN(""), &seen, &err), &err);
    assert_string_equal(text(seen, "token"), "secret");
    good(refresh(&oke_auth_token, AUTH_TOKEN(",\"token\":\"secret\""), &seen, &err), &err);
    assert_string_equal(text(seen, "token"), "secret");
    assert_false(create(&oke_auth_token, AUTH_TOKEN(""), &seen, &err));
    assert_in(error_message(&err), "got lost");
}

/* --- clusters ----------------------------------------------------------------------------------- */

#define CLUSTER "ocid1.cluster.oc1.phx.c"
#define CLUSTER_STATE(version, more)                                                               \
    "{\"id\":\"" CLUSTER "\"," COMPARTMENT ",\"name\":\"c\",\"vcn_id\":\"ocid1.vcn.oc1.phx.v\","   \
    "\"kubernetes_version\":\"" version "\"" more "}"
#define ENDPOINT(public, groups)                                                                   \
    ",\"endpoint_config\":[{\"subnet_id\":\"s\",\"is_public_ip_enabled\":" public ",\"nsg_"        \
                                                                                  "ids\":" groups  \
                                                                                  ",\"security_"   \
                                                                                  "attributes\":"  \
                                                                                  "null}]"
#define ACTIVE_CLUSTER "{\"id\":\"" CLUSTER "\",\"lifecycleState\":\"ACTIVE\"}"

static void cluster_changes_its_endpoint_first(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    PLAY({202, "", WORK}, {200, SUCCEEDED("cluster", CLUSTER)}, {200, ACTIVE_CLUSTER},
         {202, "", WORK}, {200, SUCCEEDED("cluster", CLUSTER)}, {200, ACTIVE_CLUSTER});
    good(update(&oke_cluster, CLUSTER_STATE("v1.33.1", ENDPOINT("false", "[\"g\"]")),
                CLUSTER_STATE("1.34.2", ENDPOINT("true", "null")), &err),
         &err);
    assert_transcript("POST /clusters/" CLUSTER "/actions/updateEndpointConfig "
                      "{\"isPublicIpEnabled\":true,\"nsgIds\":[]}\n"
                      "GET /workRequests/w1\n"
                      "GET /clusters/" CLUSTER "\n"
                      "PUT /clusters/" CLUSTER " {\"kubernetesVersion\":\"v1.34.2\"}\n"
                      "GET /workRequests/w1\n"
                      "GET /clusters/" CLUSTER "\n");
}

#define BALANCERS(discovery)                                                                       \
    ",\"options\":[{\"service_lb_config\":[{\"backend_nsg_ids\":[\"g\"],\"freeform_tags\":{\"a\":" \
    "\"1\"}}],"                                                                                    \
    "\"open_id_connect_discovery\":" discovery "}]"

static void options_are_sent_as_a_whole(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    PLAY({202, "", WORK}, {200, SUCCEEDED("cluster", CLUSTER)}, {200, ACTIVE_CLUSTER});
    good(update(&oke_cluster, CLUSTER_STATE("v1.33.1", BALANCERS("null")),
                CLUSTER_STATE("v1.33.1",
                              BALANCERS("[{\"is_open_id_connect_discovery_enabled\":true}]")),
                &err),
         &err);
    assert_in(
        str_text(&service.transcript),
        "PUT /clusters/" CLUSTER
        " {\"options\":{\"openIdConnectDiscovery\":{\"isOpenIdConnectDiscoveryEnabled\":true},"
        "\"serviceLbConfig\":{\"backendNsgIds\":[\"g\"],\"freeformTags\":{\"a\":\"1\"}}}}\n");
}

static void old_cluster_migrates_to_an_endpoint(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    PLAY({202, "", WORK}, {200, SUCCEEDED("cluster", CLUSTER)}, {200, ACTIVE_CLUSTER});
    good(update(&oke_cluster, CLUSTER_STATE("v1.33.1", ""),
                CLUSTER_STATE("v1.33.1", ENDPOINT("true", "null")), &err),
         &err);
    assert_in(str_text(&service.transcript),
              "POST /clusters/" CLUSTER "/actions/migrateToNativeVcn {\"endpointConfig\":"
              "{\"isPublicIpEnabled\":true,\"subnetId\":\"s\"}}\n");
}

/* Plans from prior to config; the first error's detail, "replace" or "". */
static const char *plan(const struct resource *resource, const char *prior, const char *config)
{
    struct plan plan = {.resource = resource,
                        .prior = prior ? about(resource, prior) : &value_null,
                        .config = about(resource, config),
                        .diagnostics = &service.diagnostics,
                        .arena = service.op.arena};
    service.diagnostics.count = service.diagnostics.errors = 0;
    plan_make(&plan);
    resource->plan(&service.op, &plan);
    if (service.diagnostics.errors)
        return service.diagnostics.items[0].detail;
    return plan.replace_count ? "replace" : "";
}

#define PODS(cidr)                                                                                 \
    ",\"options\":[{\"kubernetes_network_config\":[{\"pods_cidr\":\"" cidr                         \
    "\",\"services_cidr\":null}]}]"
#define DISCOVERY                                                                                  \
    ",\"options\":[{\"open_id_connect_discovery\":[{\"is_open_id_connect_discovery_enabled\":"     \
    "true}]}]"
#define NO_PODS ",\"options\":[{\"kubernetes_network_config\":null}]"

static void cluster_plans_are_checked(void **state)
{
    (void)state;
    PLAY({200, "{\"id\":\"" CLUSTER "\",\"lifecycleState\":\"ACTIVE\",\"options\":"
               "{\"kubernetesNetworkConfig\":{\"podsCidr\":\"10.244.0.0/16\"}}}"});
    static const struct {
        const char *prior, *config, *expected;
    } cases[] = {
        {CLUSTER_STATE("v1.33.1", ""), CLUSTER_STATE("1.33.1", ""), ""},
        {CLUSTER_STATE("v1.33.1", ""), CLUSTER_STATE("v1.34.0", ""), ""},
        {CLUSTER_STATE("v1.32.1", ""), CLUSTER_STATE("v1.34.0", ""), "one minor version"},
        {CLUSTER_STATE("v1.34.1", ""), CLUSTER_STATE("v1.33.9", ""), "cannot go back"},
        {CLUSTER_STATE("v1.34.1", ",\"type\":\"ENHANCED_CLUSTER\""),
         CLUSTER_STATE("v1.34.1", ",\"type\":\"BASIC_CLUSTER\""), "never back"},
        {NULL, CLUSTER_STATE("v1.34.1", ",\"type\":\"ENHANCED_CLUSTER\""), "needs endpoint_config"},
        {NULL, CLUSTER_STATE("v1.34.1", DISCOVERY), "needs type"},
        {CLUSTER_STATE("v1.34.1", ",\"type\":\"ENHANCED_CLUSTER\"" ENDPOINT("true", "null")),
         CLUSTER_STATE("v1.34.1", DISCOVERY), ""},
        {CLUSTER_STATE("v1.34.1", PODS("10.1.0.0/16")),
         CLUSTER_STATE("v1.34.1", PODS("10.2.0.0/16")), "replace"},
        {CLUSTER_STATE("v1.34.1", PODS("10.1.0.0/16")), CLUSTER_STATE("v1.34.1", NO_PODS), ""},
        /* The state does not tell: OCI is asked. */
        {CLUSTER_STATE("v1.34.1", NO_PODS), CLUSTER_STATE("v1.34.1", PODS("10.244.0.0/16")), ""},
        {CLUSTER_STATE("v1.34.1", NO_PODS), CLUSTER_STATE("v1.34.1", PODS("10.2.0.0/16")),
         "replace"},
        {CLUSTER_STATE("v1.34.1", ENDPOINT("true", "null")), CLUSTER_STATE("v1.34.1", ""), ""},
        {CLUSTER_STATE("v1.34.1", ENDPOINT("true", "null")),
         CLUSTER_STATE("v1.34.1", ENDPOINT("false", "null")), ""},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        const char *result = plan(&oke_cluster, cases[i].prior, cases[i].config);
        if (*cases[i].expected ? !strstr(result, cases[i].expected) : *result)
            fail_msg("%zu: %s", i, result);
    }
}

static void new_cluster_is_compared_with_its_network(void **state)
{
    (void)state;
    PLAY({200, "{\"cidrBlocks\":[\"10.0.0.0/16\",\"10.96.0.0/12\"]}"});
    assert_in(plan(&oke_cluster, NULL, CLUSTER_STATE("v1.34.1", "")), "services_cidr overlaps");
    service.steps = (const struct test_step[]){{200, "{\"cidrBlocks\":[\"10.0.0.0/16\"]}"},
                                               {200, "{\"prohibitPublicIpOnVnic\":true}"}};
    service.count = 2;
    service.received = 0;
    assert_in(plan(&oke_cluster, NULL, CLUSTER_STATE("v1.34.1", ENDPOINT("true", "null"))),
              "allows public addresses");
}

static void addon_is_named_for_its_installation(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    const struct value *made;
    PLAY({202, "", WORK}, {200, SUCCEEDED("addon", "x")},
         {200, "{\"name\":\"CertManager\",\"lifecycleState\":\"ACTIVE\"}"});
    good(create(&oke_addon,
                "{\"cluster_id\":\"" CLUSTER "\",\"addon_name\":\"CertManager\","
                "\"remove_addon_resources_on_delete\":true,\"override_existing\":false}",
                &made, &err),
         &err);
    assert_in(str_text(&service.transcript), "POST /clusters/" CLUSTER "/addons "
                                             "{\"isOverrideExisting\":false,\"addonName\":"
                                             "\"CertManager\"}\n");
    assert_string_equal(text(made, "id"), "clusters/" CLUSTER "/addons/CertManager");
    assert_string_equal(text(made, "addon_name"), "CertManager");
}

/* --- node pools --------------------------------------------------------------------------------- */

#define POOL                "ocid1.nodepool.oc1.phx.p"
#define PLACE(domain, more) "{\"availability_domain\":\"" domain "\",\"subnet_id\":\"s\"" more "}"
#define POOL_STATE(version, size, groups)                                                          \
    "{\"id\":\"" POOL "\"," COMPARTMENT ",\"cluster_id\":\"" CLUSTER "\",\"name\":\"p\","          \
    "\"kubernetes_version\":\"" version "\",\"node_shape\":\"VM.Standard.A1.Flex\","               \
    "\"node_config_details\":[{\"size\":" size ",\"nsg_ids\":" groups                              \
    ",\"placement_configs\":[" PLACE("AD-1", "") "," PLACE("AD-2", "") "]}]}"
#define X86_POOL                                                                                   \
    "{\"id\":\"" POOL "\"," COMPARTMENT ",\"cluster_id\":\"" CLUSTER "\",\"name\":\"p\","          \
    "\"node_shape\":\"VM.Standard.E4.Flex\"}"
#define BOTH                                                                                       \
    "[{\"availabilityDomain\":\"AD-1\",\"subnetId\":\"s\"},{\"availabilityDomain\":\"AD-2\","      \
    "\"subnetId\":\"s\"}]"
#define ACTIVE_POOL    "{\"id\":\"" POOL "\",\"lifecycleState\":\"ACTIVE\"}"
#define CLUSTER_OF_134 "{\"id\":\"" CLUSTER "\",\"kubernetesVersion\":\"v1.34.1\"}"
#define POST_POOL(places)                                                                          \
    "POST /nodePools {\"clusterId\":\"" CLUSTER "\"," C_ID ",\"kubernetesVersion\":\"v1.34.1\","   \
    "\"name\":\"p\",\"nodeConfigDetails\":{\"placementConfigs\":" places                           \
    ",\"size\":1},\"nodeShape\":\"VM.Standard.A1.Flex\"}\n"
#define NO_HOSTS                                                                                   \
    "[{\"code\":\"InternalError\",\"message\":\"Out of host capacity.\",\"timestamp\":\"t\"}]"

static void pool_without_hosts_goes_elsewhere(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    const struct value *made;
    PLAY({200, CLUSTER_OF_134}, {202, "", WORK}, {200, FAILED("nodepool", POOL)},
         {200, FAILED("nodepool", POOL)}, {200, NO_HOSTS}, {200, "[]"}, {202, "", WORK},
         {200, SUCCEEDED("nodepool", POOL)}, {404, REFUSED("NotAuthorizedOrNotFound", "gone")},
         {202, "", WORK}, {200, SUCCEEDED("nodepool", POOL)}, {200, SUCCEEDED("nodepool", POOL)},
         {200, ACTIVE_POOL}, {202, "", WORK}, {200, SUCCEEDED("nodepool", POOL)},
         {200, ACTIVE_POOL});
    good(create(&oke_node_pool, POOL_STATE("v1.34.1", "1", "null"), &made, &err), &err);
    const char *sent = str_text(&service.transcript);
    assert_in(sent, POST_POOL(BOTH));
    assert_in(sent, "DELETE /nodePools/" POOL "\n");
    assert_in(sent, POST_POOL("[{\"availabilityDomain\":\"AD-1\",\"subnetId\":\"s\"}]"));
    assert_in(sent,
              "PUT /nodePools/" POOL " {\"nodeConfigDetails\":{\"placementConfigs\":" BOTH "}}\n");
    assert_int_equal(service.diagnostics.count, 1);
    assert_int_equal(service.diagnostics.items[0].severity, SEVERITY_WARNING);
    assert_in(service.diagnostics.items[0].detail, "AD-1");
}

static void lack_of_hosts_names_shape_and_place(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    const struct value *made;
    PLAY({200, CLUSTER_OF_134}, {500, REFUSED("InternalError", "Out of host capacity.")});
    assert_false(create(&oke_node_pool, POOL_STATE("v1.34.1", "1", "null"), &made, &err));
    assert_in(error_message(&err), "no hosts of shape VM.Standard.A1.Flex in AD-1, AD-2");
    assert_in(error_message(&err), "Out of host capacity");
}

static void pool_sends_what_changed(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    PLAY({202, "", WORK}, {200, SUCCEEDED("nodepool", POOL)}, {200, ACTIVE_POOL});
    good(update(&oke_node_pool, POOL_STATE("v1.34.1", "1", "[\"g\"]"),
                POOL_STATE("v1.34.1", "2", "null"), &err),
         &err);
    assert_transcript("PUT /nodePools/" POOL " {\"nodeConfigDetails\":{\"size\":2}}\n"
                      "GET /workRequests/w1\nGET /nodePools/" POOL "\n");
}

static void node_versions_follow_the_cluster(void **state)
{
    (void)state;
    PLAY({200, CLUSTER_OF_134});
    assert_string_equal(plan(&oke_node_pool, NULL, POOL_STATE("v1.34.1", "1", "null")), "");
    assert_string_equal(plan(&oke_node_pool, NULL, POOL_STATE("v1.35.0", "1", "null")), "");
    assert_in(plan(&oke_node_pool, NULL, POOL_STATE("v1.36.0", "1", "null")),
              "upgrade the cluster");
    assert_in(plan(&oke_node_pool, NULL, POOL_STATE("v1.30.0", "1", "null")), "three minor");
    assert_string_equal(plan(&oke_node_pool, POOL_STATE("v1.34.1", "1", "null"), X86_POOL),
                        "replace");
    ERROR_AUTO(err);
    const struct value *made;
    assert_false(create(&oke_node_pool, POOL_STATE("v1.35.0", "1", "null"), &made, &err));
    assert_in(error_message(&err), "the control plane has v1.34.1");
}

#define POOL_OF(shape, version)                                                                    \
    "{" COMPARTMENT ",\"name\":\"p\",\"node_shape\":\"" shape                                      \
    "\",\"kubernetes_version\":\"" version                                                         \
    "\",\"node_source_details\":[{\"source_type\":\"IMAGE\",\"image_id\":\"i\"}]}"

static void images_go_with_shape_and_version(void **state)
{
    (void)state;
    PLAY({200, "{\"displayName\":\"Oracle-Linux-8.10-aarch64-2026.01.29-0-OKE-1.34.2-1234\"}"});
    assert_string_equal(plan(&oke_node_pool, NULL, POOL_OF("VM.Standard.A1.Flex", "v1.34.2")), "");
    assert_in(plan(&oke_node_pool, NULL, POOL_OF("VM.Standard.E4.Flex", "v1.34.2")),
              "is for Arm processors");
    assert_in(plan(&oke_node_pool, NULL, POOL_OF("VM.Standard.A1.Flex", "1.34.1")),
              "has Kubernetes 1.34.2");
    service.steps = (const struct test_step[]){{200, "{\"displayName\":\"my own image\"}"}};
    assert_string_equal(plan(&oke_node_pool, NULL, POOL_OF("VM.Standard.E4.Flex", "v1.30.0")), "");
}

/* --- the rest ----------------------------------------------------------------------------------- */

#define RULE(name, days)                                                                           \
    "{\"display_name\":\"" name "\",\"duration\":[{\"time_amount\":\"" days                        \
    "\",\"time_unit\":\"DAYS\"}]}"
#define BUCKET(rules, more)                                                                        \
    "{\"id\":\"n/ns/b/x\"," COMPARTMENT ",\"namespace\":\"ns\",\"name\":\"x\",\"access_type\":"    \
    "\"NoPublicAccess\",\"retention_rules\":" rules more "}"
#define STORED_BUCKET "{\"id\":\"ocid1.bucket.oc1.phx.b\",\"namespace\":\"ns\",\"name\":\"x\"}"
#define STORED_RULE(name, days)                                                                    \
    "{\"id\":\"" name "-id\",\"displayName\":\"" name "\",\"duration\":{\"timeAmount\":" days      \
    ",\"timeUnit\":\"DAYS\"}}"

#define ALL_RULES                                                                                  \
    "{\"items\":[" STORED_RULE("old", "1") "," STORED_RULE("same", "2") "," STORED_RULE("other",   \
                                                                                        "3") "]}"

static void bucket_gets_its_rules(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    PLAY({200, ALL_RULES}, {204, ""}, {200, ALL_RULES}, {200, "{}"}, {200, "{}"},
         {200, STORED_BUCKET}, {200, "{\"items\":[]}"});
    good(update(&oke_bucket, BUCKET("[" RULE("old", "1") "]", ""),
                BUCKET("[" RULE("same", "2") "," RULE("other", "4") "," RULE("new", "5") "]", ""),
                &err),
         &err);
    assert_transcript(
        "GET /n/ns/b/x/retentionRules\n"
        "DELETE /n/ns/b/x/retentionRules/old-id\n"
        "GET /n/ns/b/x/retentionRules\n"
        "PUT /n/ns/b/x/retentionRules/other-id {\"displayName\":\"other\",\"duration\":"
        "{\"timeAmount\":4,\"timeUnit\":\"DAYS\"}}\n"
        "POST /n/ns/b/x/retentionRules {\"displayName\":\"new\",\"duration\":"
        "{\"timeAmount\":5,\"timeUnit\":\"DAYS\"}}\n"
        "GET /n/ns/b/x?fields=approximateCount%2CapproximateSize%2CautoTiering\n"
        "GET /n/ns/b/x/retentionRules\n");
}

static void metadata_goes_when_empty(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    PLAY({200, "{}"}, {200, STORED_BUCKET}, {200, "{\"items\":[]}"});
    good(update(&oke_bucket, BUCKET("null", ",\"metadata\":{\"a\":\"1\",\"b\":\"2\"}"),
                BUCKET("null", ",\"metadata\":{\"b\":\"3\"}"), &err),
         &err);
    assert_in(str_text(&service.transcript),
              "POST /n/ns/b/x {\"metadata\":{\"b\":\"3\",\"a\":\"\"}}\n");
}

static void full_bucket_names_what_is_inside(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    PLAY({409, REFUSED("BucketNotEmpty", "not empty")},
         {200, "{\"objects\":[{\"name\":\"a.txt\"}],\"nextStartWith\":\"b\"}"},
         {200, "{\"items\":[]}"}, {200, "[{\"id\":\"p1\",\"name\":\"par\"}]"}, {200, "[]"});
    assert_false(oke_bucket.ops->remove(&service.op, about(&oke_bucket, BUCKET("null", "")), &err));
    assert_in(error_message(&err), "object a.txt");
    assert_in(error_message(&err), "pre-authenticated request par (p1)");
    assert_int_equal(service.received, 5);
}

#define LOG(group)                                                                                 \
    "{\"id\":\"ocid1.log.oc1.phx.l\",\"display_name\":\"l\",\"log_type\":\"CUSTOM\","              \
    "\"log_group_id\":\"" group "\"}"

static void moved_log_is_found_in_its_new_group(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    PLAY({202, "", WORK}, {200, SUCCEEDED("log", "ocid1.log.oc1.phx.l")},
         {200, "{\"id\":\"ocid1.log.oc1.phx.l\",\"lifecycleState\":\"ACTIVE\"}"});
    good(update(&oke_log, LOG("g1"), LOG("g2"), &err), &err);
    assert_in(str_text(&service.transcript),
              "POST /logGroups/g1/logs/ocid1.log.oc1.phx.l/actions/changeLogGroup "
              "{\"targetLogGroupId\":\"g2\"}\n");
    assert_null(strstr(str_text(&service.transcript), "GET /logGroups/g1/logs"));
    assert_in(str_text(&service.transcript), "GET /logGroups/g2/logs/ocid1.log.oc1.phx.l\n");
}

#define DB_SYSTEM(count, config, state)                                                            \
    "{\"id\":\"ocid1.postgresqldbsystem.oc1.phx.d\"," COMPARTMENT ",\"display_name\":\"d\","       \
    "\"instance_count\":" count ",\"config_id\":\"" config "\",\"apply_config\":\"RELOAD\","       \
    "\"state\":\"" state "\",\"instances\":[{\"id\":\"i1\"},{\"id\":\"i2\"}]}"
#define ACTIVE_DB "{\"id\":\"ocid1.postgresqldbsystem.oc1.phx.d\",\"lifecycleState\":\"ACTIVE\"}"
#define DB_PATH   "/dbSystems/ocid1.postgresqldbsystem.oc1.phx.d"

static void db_system_is_patched_and_stopped(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    PLAY({200, ACTIVE_DB});
    good(update(&oke_postgresql_db_system, DB_SYSTEM("2", "c1", "ACTIVE"),
                DB_SYSTEM("1", "c2", "INACTIVE"), &err),
         &err);
    const char *sent = str_text(&service.transcript);
    assert_in(sent, "PUT " DB_PATH " {\"dbConfigurationParams\":{\"configId\":\"c2\","
                    "\"applyConfig\":\"RELOAD\"}}\n");
    assert_in(sent, "PATCH " DB_PATH " {\"items\":[{\"operation\":\"REMOVE\",\"selection\":"
                    "\"instances[?id == 'i2']\"}]}\n");
    assert_in(sent, "POST " DB_PATH "/actions/stop\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SERVICE_TEST(compartment_goes_below_the_tenancy),
        SERVICE_TEST(statements_are_ours_until_someone_writes),
        SERVICE_TEST(token_is_kept_and_its_loss_told),
        SERVICE_TEST(cluster_changes_its_endpoint_first),
        SERVICE_TEST(old_cluster_migrates_to_an_endpoint),
        SERVICE_TEST(options_are_sent_as_a_whole),
        SERVICE_TEST(cluster_plans_are_checked),
        SERVICE_TEST(new_cluster_is_compared_with_its_network),
        SERVICE_TEST(addon_is_named_for_its_installation),
        SERVICE_TEST(pool_without_hosts_goes_elsewhere),
        SERVICE_TEST(lack_of_hosts_names_shape_and_place),
        SERVICE_TEST(pool_sends_what_changed),
        SERVICE_TEST(node_versions_follow_the_cluster),
        SERVICE_TEST(images_go_with_shape_and_version),
        SERVICE_TEST(bucket_gets_its_rules),
        SERVICE_TEST(metadata_goes_when_empty),
        SERVICE_TEST(full_bucket_names_what_is_inside),
        SERVICE_TEST(moved_log_is_found_in_its_new_group),
        SERVICE_TEST(db_system_is_patched_and_stopped),
    };
    return cmocka_run_group_tests(tests, test_service_start, test_service_stop);
}
