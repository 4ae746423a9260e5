#include "lib/oci/endpoint.h"

#include "lib/base/test.h"
#include "lib/oci/ocid.h"
#include "lib/oci/test_keys.h"

static void test_ocids(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    struct ocid ocid;
    assert_true(ocid_parse("ocid1.vcn.oc1.eu-frankfurt-1.aaaa", &ocid, &err));
    assert_true(slice_equal_text(ocid.type, "vcn"));
    assert_true(slice_equal_text(ocid.region, "eu-frankfurt-1"));
    assert_true(slice_equal_text(ocid.unique, "aaaa"));
    assert_true(ocid_parse("ocid1.tenancy.oc1..aaaa", &ocid, &err));
    assert_int_equal(ocid.region.length, 0);
    assert_true(ocid_is_a("ocid1.tenancy.oc1..aaaa", "compartment"));
    assert_false(ocid_is_a("ocid1.tenancy.oc1..aaaa", "user"));
    static const char *const bad[] = {"",
                                      "vcn",
                                      "ocid1.vcn.oc1",
                                      "ocid1.vcn.oc1.phx",
                                      "ocid1.vcn.oc1.phx.",
                                      "ocid2.vcn.oc1.phx.aaaa",
                                      "ocid1..oc1.phx.aaaa",
                                      "ocid1.vcn..phx.aaaa",
                                      "ocid1.vcn.oc1.phx.aa/aa",
                                      "ocid1.vcn.oc1.phx.aaaa.",
                                      " ocid1.vcn.oc1.phx.aaaa"};
    for (size_t i = 0; i < ARRAY_LENGTH(bad); i++)
        assert_false(ocid_is_valid(bad[i]));
    assert_false(ocid_is_valid(NULL));
    char too_long[400] = "ocid1.vcn.oc1.phx.";
    memset(too_long + strlen(too_long), 'a', 300);
    assert_false(ocid_is_valid(too_long));
}

static void test_regions(void **state)
{
    (void)state;
    static const struct {
        const char *text, *name, *key, *domain;
        bool known;
    } rows[] = {
        {"us-phoenix-1", "us-phoenix-1", "phx", "oraclecloud.com", true},
        {"FRA", "eu-frankfurt-1", "fra", "oraclecloud.com", true},
        {"EU-Madrid-2", "eu-madrid-2", "vll", "oraclecloud.eu", true},
        {"us-langley-1", "us-langley-1", "lfi", "oraclegovcloud.com", true},
        {"xx-Nowhere-1", "xx-nowhere-1", "xx-Nowhere-1", "oraclecloud.com", false},
        {"us-tatooine-1", "us-tatooine-1", "tat", "starwars.example", true},
        {"NEP", "xx-neptune-1", "nep", "neptune.example", true},
    };
    setenv("OCI_REGION_METADATA",
           "{\"realmKey\":\"oc99\",\"realmDomainComponent\":\"starwars.example\","
           "\"regionKey\":\"TAT\",\"regionIdentifier\":\"us-tatooine-1\"}",
           1);
    test_file_write(
        ".oci/regions-config.json",
        "[{\"realmKey\":\"oc98\"},{\"realmKey\":\"oc98\",\"realmDomainComponent\":"
        "\"neptune.example\",\"regionKey\":\"nep\",\"regionIdentifier\":\"xx-neptune-1\"}]");
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        ERROR_AUTO(err);
        OCI_REGION_AUTO(region);
        assert_true(oci_region_resolve(rows[i].text, &region, &err));
        assert_string_equal(region.name, rows[i].name);
        assert_string_equal(region.key, rows[i].key);
        assert_string_equal(region.domain, rows[i].domain);
        assert_int_equal(region.known, rows[i].known);
    }
    setenv("OCI_DEFAULT_REALM", "other.example", 1);
    ERROR_AUTO(err);
    OCI_REGION_AUTO(region);
    assert_true(oci_region_resolve("xx-nowhere-1", &region, &err));
    assert_string_equal(region.domain, "other.example");
    unsetenv("OCI_DEFAULT_REALM");
    OCI_REGION_AUTO(bad);
    assert_false(oci_region_resolve("a/b", &bad, &err));
    assert_false(oci_region_resolve("", &bad, &err));
    setenv("OCI_REGION_METADATA", "{", 1);
    assert_false(oci_region_resolve("xx-nowhere-1", &bad, &err));
    unsetenv("OCI_REGION_METADATA");
}

static void assert_origin(const struct oci_endpoints *endpoints, enum oci_service service,
                          const char *region_name, const char *expected)
{
    ERROR_AUTO(err);
    OCI_REGION_AUTO(region);
    STR_AUTO origin = STR_INIT;
    assert_true(oci_region_resolve(region_name, &region, &err));
    assert_true(oci_endpoints_origin(endpoints, service, &region, &origin, &err));
    assert_string_equal(str_text(&origin), expected);
}

static void test_templates(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    struct oci_endpoints *endpoints = oci_endpoints_new(&(struct oci_endpoint_options){0}, &err);
    static const struct {
        enum oci_service service;
        const char *origin, *base_path;
    } rows[] = {
        {OCI_IDENTITY, "https://identity.us-phoenix-1.oci.oraclecloud.com", "/20160918"},
        {OCI_CORE, "https://iaas.us-phoenix-1.oraclecloud.com", "/20160918"},
        {OCI_WORK_REQUESTS, "https://iaas.us-phoenix-1.oraclecloud.com", "/20160918"},
        {OCI_CONTAINER_ENGINE, "https://containerengine.us-phoenix-1.oci.oraclecloud.com",
         "/20180222"},
        {OCI_ARTIFACTS, "https://artifacts.us-phoenix-1.oci.oraclecloud.com", "/20160918"},
        {OCI_OBJECT_STORAGE, "https://objectstorage.us-phoenix-1.oraclecloud.com", ""},
        {OCI_DATABASE, "https://database.us-phoenix-1.oraclecloud.com", "/20160918"},
        {OCI_POSTGRESQL, "https://postgresql.us-phoenix-1.oci.oraclecloud.com", "/20220915"},
        {OCI_LOGGING, "https://logging.us-phoenix-1.oci.oraclecloud.com", "/20200531"},
        {OCI_MONITORING, "https://telemetry.us-phoenix-1.oraclecloud.com", "/20180401"},
        {OCI_BASTION, "https://bastion.us-phoenix-1.oci.oraclecloud.com", "/20210331"},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        assert_origin(endpoints, rows[i].service, "phx", rows[i].origin);
        assert_string_equal(oci_service_base_path(rows[i].service), rows[i].base_path);
        assert_int_equal(oci_service_from_name(oci_service_name(rows[i].service)), rows[i].service);
    }
    assert_origin(endpoints, OCI_CORE, "eu-frankfurt-2",
                  "https://iaas.eu-frankfurt-2.oraclecloud.eu");
    assert_origin(endpoints, OCI_CORE, "r1.example.com", "https://iaas.r1.example.com");
    STR_AUTO origin = STR_INIT;
    assert_false(oci_endpoints_origin(endpoints, OCI_CORE, NULL, &origin, &err));
    oci_endpoints_free(endpoints);
}

static void test_overrides(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    setenv("TF_VAR_CLIENT_HOST_OVERRIDES",
           "oci_core.VirtualNetworkClient=http://127.0.0.1:8080;broken;a=b=c;"
           "oci_identity.IdentityClient= host.example ;oci_nothing.Client=x;"
           "oci_logging.LoggingManagementClient=https://h/path;"
           "oci_work_requests.WorkRequestClient=https://localhost:7000",
           1);
    const struct oci_endpoint_setting settings[] = {{"artifacts", "https://a.example:8443/"},
                                                    {"identity", "http://[::1]:80"}};
    struct oci_endpoints *endpoints = oci_endpoints_new(
        &(struct oci_endpoint_options){
            .settings = settings, .setting_count = 2, .domain_name_override = "other.example"},
        &err);
    assert_non_null(endpoints);
    assert_origin(endpoints, OCI_CORE, "phx", "http://127.0.0.1:8080");
    assert_origin(endpoints, OCI_IDENTITY, "phx", "http://[::1]");
    assert_origin(endpoints, OCI_WORK_REQUESTS, "phx", "https://localhost:7000");
    assert_origin(endpoints, OCI_ARTIFACTS, "phx", "https://a.example:8443");
    assert_origin(endpoints, OCI_LOGGING, "phx", "https://logging.us-phoenix-1.oci.other.example");
    assert_true(oci_endpoints_overridden(endpoints, OCI_CORE));
    assert_false(oci_endpoints_overridden(endpoints, OCI_LOGGING));
    oci_endpoints_free(endpoints);
    unsetenv("TF_VAR_CLIENT_HOST_OVERRIDES");
}

static void test_settings_are_checked(void **state)
{
    (void)state;
    static const struct {
        struct oci_endpoint_setting setting;
        const char *text;
    } rows[] = {
        {{"cor", "https://h"}, "did you mean \"core\""},
        {{"core", "https://h/path"}, "scheme, host and port only"},
        {{"core", "https://u:s3cret@h"}, "user information"},
        {{"core", "ftp://h"}, "http"},
        {{"default", "https://h?x"}, "scheme, host and port only"},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        ERROR_AUTO(err);
        const struct oci_endpoint_options options = {.settings = &rows[i].setting,
                                                     .setting_count = 1};
        assert_null(oci_endpoints_new(&options, &err));
        if (!strstr(error_message(&err), rows[i].text))
            fail_msg("\"%s\" lacks \"%s\"", error_message(&err), rows[i].text);
        assert_null(strstr(error_message(&err), "s3cret"));
    }
    ERROR_AUTO(err);
    const struct oci_endpoint_setting both[] = {{"core", "http://c"}, {"default", "http://d"}};
    struct oci_endpoints *endpoints = oci_endpoints_new(
        &(struct oci_endpoint_options){.settings = both, .setting_count = 2}, &err);
    assert_origin(endpoints, OCI_CORE, "phx", "http://c");
    assert_origin(endpoints, OCI_DNS, "phx", "http://d");
    oci_endpoints_free(endpoints);
}

static int set_up(void **state)
{
    (void)state;
    unsetenv("CLIENT_HOST_OVERRIDES");
    unsetenv("OCI_CLIENT_HOST_OVERRIDES");
    test_directory_make();
    test_run("mkdir .oci");
    setenv("HOME", test_directory, 1);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    test_directory_remove();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ocids),
        cmocka_unit_test(test_regions),
        cmocka_unit_test(test_templates),
        cmocka_unit_test(test_overrides),
        cmocka_unit_test(test_settings_are_checked),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
