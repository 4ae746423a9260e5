#include "lib/oci/principal.h"

#include "lib/base/clock.h"
#include "lib/base/encoding.h"
#include "lib/base/json.h"
#include "lib/base/test.h"
#include "lib/net/test_server.h"
#include "lib/oci/client.h"
#include "lib/oci/test_keys.h"

#define TENANCY "ocid1.tenancy.oc1..aaaatenancy"
#define USER    "ocid1.user.oc1..aaaauser"
#define POD_IP  "127.12.250.1"

enum { MOST_REQUESTS = 64, POD_PORT = 12250 };

/* One server plays metadata service, auth service, resource service and API. */
static struct {
    struct test_server *server;
    int tokens;      /* handed out so far */
    int lifetime_s;  /* of the tokens */
    int refuse_api;  /* API calls that get a 401 */
    int refuse_auth; /* exchanges that get a 503 */
    int exchange_ms; /* how long an exchange takes */
    char *last_key_id, *last_headers, *last_body;
    int metadata_requests;
} world;

/* "<base64 of {}>.<base64 of claims>.x" */
static char *make_token(int number, int lifetime_s)
{
    struct str token = STR_INIT;
    STR_AUTO claims = STR_INIT;
    str_printf(&claims, "{\"exp\":%lld,\"jti\":\"token-%d\",\"res_tenant\":\"" TENANCY "\"}",
               (long long)clock_wall_ms() / 1000 + lifetime_s, number);
    str_append(&token, "e30.");
    base64_encode(BASE64_URL_NO_PAD, str_text(&claims), claims.length, &token);
    str_append(&token, ".x");
    return str_steal(&token);
}

static char *parameter(const char *authorization, const char *name)
{
    STR_AUTO start = STR_INIT;
    str_printf(&start, "%s=\"", name);
    const char *at = authorization ? strstr(authorization, str_text(&start)) : NULL;
    return at ? mem_strndup(at + start.length, strcspn(at + start.length, "\"")) : NULL;
}

static void note_signature(const struct test_exchange *exchange)
{
    CLEANUP(free_pointer) char *authorization = test_header(exchange, "authorization");
    free(world.last_key_id);
    free(world.last_headers);
    free(world.last_body);
    world.last_key_id = parameter(authorization, "keyId");
    world.last_headers = parameter(authorization, "headers");
    world.last_body = mem_strdup(str_text(&exchange->body));
}

static void answer_file(struct test_exchange *exchange, const char *name)
{
    CLEANUP(free_pointer) char *text = test_file_read(name);
    str_append(&exchange->answer, text);
}

static void answer_metadata(struct test_exchange *exchange, const char *path)
{
    CLEANUP(free_pointer) char *bearer = test_header(exchange, "authorization");
    world.metadata_requests++;
    if (!text_equal(bearer, "Bearer Oracle"))
        exchange->status = 401;
    else if (strcmp(path, "/instance/region") == 0)
        str_append(&exchange->answer, "phx\n");
    else if (strcmp(path, "/instance/id") == 0)
        str_append(&exchange->answer, "ocid1.instance.oc1.phx.aaaa");
    else if (strcmp(path, "/identity/cert.pem") == 0)
        answer_file(exchange, "leaf.pem");
    else if (strcmp(path, "/identity/key.pem") == 0)
        answer_file(exchange, "leaf.key");
    else if (strcmp(path, "/identity/intermediate.pem") == 0)
        answer_file(exchange, "ca.pem");
    else
        exchange->status = 404;
}

static void answer_token(struct test_exchange *exchange)
{
    note_signature(exchange);
    if (world.exchange_ms)
        usleep((unsigned)world.exchange_ms * 1000);
    if (world.refuse_auth > 0) {
        world.refuse_auth--;
        exchange->status = 503;
        return;
    }
    CLEANUP(free_pointer) char *token = make_token(++world.tokens, world.lifetime_s);
    str_printf(&exchange->answer, "{\"token\":\"%s\"}", token);
}

/* Two levels above the leaf. */
static void answer_resource(struct test_exchange *exchange)
{
    note_signature(exchange);
    if (strcmp(exchange->target, "/leaf") == 0)
        str_printf(&exchange->headers, "opc-parent-rpt-url: http://127.0.0.1:%d/parent\r\n",
                   world.server->port);
    str_append(&exchange->answer, "{\"resourcePrincipalToken\":\"rpt\","
                                  "\"servicePrincipalSessionToken\":\"spst\"}");
}

static void handle(void *context, struct test_exchange *exchange)
{
    (void)context;
    const char *target = exchange->target;
    if (text_starts_with(target, "/opc/v2")) {
        answer_metadata(exchange, target + 7);
    } else if (strcmp(target, "/v1/x509") == 0 ||
               strcmp(target, "/v1/resourcePrincipalSessionToken") == 0) {
        answer_token(exchange);
    } else if (text_starts_with(target, "/20160918/")) {
        note_signature(exchange);
        exchange->status = world.refuse_api-- > 0 ? 401 : 200;
        str_append(&exchange->answer, exchange->status == 200
                                          ? "{}"
                                          : "{\"code\":\"NotAuthenticated\",\"message\":\"m\"}");
    } else {
        answer_resource(exchange);
    }
}

struct fixture {
    struct oci_settings settings;
    struct http_client *http;
    struct oci_principal *principal;
};

static struct fixture make(struct oci_settings settings)
{
    struct fixture fixture = {.settings = settings};
    fixture.http = http_client_new(&(struct http_options){0});
    return fixture;
}

/* The settings must not move once the principal knows them. */
static void open_principal(struct fixture *fixture)
{
    fixture->principal = oci_principal_new(&fixture->settings, fixture->http);
}

static void close_principal(struct fixture *fixture)
{
    oci_principal_free(fixture->principal);
    http_client_free(fixture->http);
}

static struct oci_credential *get(struct fixture *fixture, struct error *err)
{
    return oci_principal_credential(fixture->principal, NULL, clock_monotonic_ms() + 20000, err);
}

static void assert_in(const char *text, const char *part)
{
    if (!text || !strstr(text, part))
        fail_msg("\"%s\" lacks \"%s\"", text ? text : "(null)", part);
}

/* --- people ---------------------------------------------------------------------------------- */

static void test_api_key(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    CLEANUP(free_pointer) char *key = test_path("leaf.key");
    CLEANUP(free_pointer) char *fingerprint = test_file_read("fingerprint");
    fingerprint[OCI_FINGERPRINT_SIZE - 1] = '\0';
    CLEANUP(free_pointer) char *delegation = test_path("delegation");
    test_file_write("delegation", "delegated\n");
    struct fixture fixture = make((struct oci_settings){.tenancy_ocid = (char[]){TENANCY},
                                                        .user_ocid = (char[]){USER},
                                                        .fingerprint = fingerprint,
                                                        .private_key_path = key,
                                                        .delegation_token_file = delegation});
    open_principal(&fixture);
    OCI_CREDENTIAL_AUTO credential = get(&fixture, &err);
    assert_non_null(credential);
    STR_AUTO expected = STR_INIT;
    str_printf(&expected, TENANCY "/" USER "/%s", fingerprint);
    assert_string_equal(oci_credential_key_id(credential), str_text(&expected));
    assert_string_equal(oci_credential_obo_token(credential), "delegated");
    assert_string_equal(oci_principal_tenancy(fixture.principal, NULL, 0, &err), TENANCY);
    assert_false(oci_principal_renew(fixture.principal, 1, NULL, 0, &err));
    assert_false(error_is_set(&err));
    OCI_REGION_AUTO(region);
    assert_false(oci_principal_region(fixture.principal, NULL, 0, &region, &err));
    assert_in(error_message(&err), "OCI_REGION");
    close_principal(&fixture);
}

static void test_api_key_refusals(void **state)
{
    (void)state;
    CLEANUP(free_pointer) char *key = test_path("leaf.key");
    char tenancy[] = TENANCY, user[] = USER;
    char other[] = "20:3b:97:13:55:1c:5b:0d:d3:37:d8:50:4e:c5:3a:34";
    char missing[] = "/nonexistent/key.pem";
    const struct {
        struct oci_settings settings;
        const char *first, *second;
    } rows[] = {
        {{.user_ocid = user, .private_key_path = key}, "tenancy_ocid", "is not set"},
        {{.tenancy_ocid = tenancy, .private_key_path = key}, "user_ocid", "is not set"},
        {{.tenancy_ocid = tenancy, .user_ocid = user}, "no private key is set", "key_file"},
        {{.tenancy_ocid = tenancy, .user_ocid = user, .private_key_path = missing},
         "/nonexistent/key.pem",
         "No such file"},
        {{.tenancy_ocid = tenancy,
          .user_ocid = user,
          .private_key_path = key,
          .fingerprint = other},
         other,
         "leaf.key"},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        ERROR_AUTO(err);
        struct fixture fixture = make(rows[i].settings);
        open_principal(&fixture);
        assert_null(get(&fixture, &err));
        assert_in(error_message(&err), "OCI credentials (ApiKey)");
        assert_in(error_message(&err), rows[i].first);
        assert_in(error_message(&err), rows[i].second);
        close_principal(&fixture);
    }
}

static void write_token(const char *name, int number, int lifetime_s)
{
    CLEANUP(free_pointer) char *token = make_token(number, lifetime_s);
    STR_AUTO line = STR_INIT;
    str_printf(&line, "%s\n", token);
    test_file_write(name, str_text(&line));
}

static void test_security_token(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    CLEANUP(free_pointer) char *key = test_path("leaf.key");
    CLEANUP(free_pointer) char *file = test_path("token");
    struct fixture fixture = make((struct oci_settings){.auth = OCI_AUTH_SECURITY_TOKEN,
                                                        .profile = (char[]){"S"},
                                                        .private_key_path = key,
                                                        .security_token_file = file});
    open_principal(&fixture);
    write_token("token", 1, 2);
    OCI_CREDENTIAL_AUTO first = get(&fixture, &err);
    assert_non_null(first);
    assert_true(text_starts_with(oci_credential_key_id(first), "ST$e30."));
    assert_null(strchr(oci_credential_key_id(first), '\n'));
    OCI_CREDENTIAL_AUTO again = get(&fixture, &err);
    assert_ptr_equal(first, again);
    /* The CLI has refreshed the file, and our token is about to expire. */
    write_token("token", 2, 3600);
    usleep(2100 * 1000);
    OCI_CREDENTIAL_AUTO second = get(&fixture, &err);
    assert_ptr_not_equal(first, second);
    assert_string_not_equal(oci_credential_key_id(first), oci_credential_key_id(second));
    close_principal(&fixture);

    write_token("token", 3, -60);
    fixture.http = http_client_new(&(struct http_options){0});
    open_principal(&fixture);
    assert_null(get(&fixture, &err));
    assert_in(error_message(&err), "expired at");
    assert_in(error_message(&err), "oci session refresh --profile S");
    close_principal(&fixture);
}

/* --- instances ------------------------------------------------------------------------------- */

static void test_instance_principal(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    struct fixture fixture = make((struct oci_settings){.auth = OCI_AUTH_INSTANCE_PRINCIPAL});
    open_principal(&fixture);
    world.refuse_auth = 1;
    OCI_CREDENTIAL_AUTO credential = get(&fixture, &err);
    if (!credential)
        fail_msg("%s", error_message(&err));
    assert_true(text_starts_with(oci_credential_key_id(credential), "ST$e30."));
    assert_true(text_starts_with(world.last_key_id, TENANCY "/fed-x509-sha256/"));
    CLEANUP(free_pointer) char *digest = test_file_read("leaf.sha256");
    assert_memory_equal(world.last_key_id + strlen(TENANCY "/fed-x509-sha256/"), digest,
                        32 * 3 - 1);
    assert_string_equal(world.last_headers,
                        "date (request-target) content-length content-type x-content-sha256");
    JSON_AUTO body = json_parse(world.last_body, strlen(world.last_body), &err);
    assert_string_equal(json_get_text(body, "fingerprintAlgorithm"), "SHA256");
    assert_true(text_starts_with(json_get_text(body, "certificate"), "MII"));
    assert_true(text_starts_with(json_get_text(body, "publicKey"), "MIIBIjAN"));
    assert_null(strpbrk(json_get_text(body, "certificate"), "-\n"));
    assert_true(text_starts_with(
        json_string_value(json_at_path(body, "intermediateCertificates.0")), "MII"));
    assert_string_equal(oci_principal_tenancy(fixture.principal, NULL, 0, &err), TENANCY);
    OCI_REGION_AUTO(region);
    assert_true(oci_principal_region(fixture.principal, NULL, 0, &region, &err));
    assert_string_equal(region.name, "us-phoenix-1");
    close_principal(&fixture);
}

static void *ask_often(void *context)
{
    struct fixture *fixture = context;
    for (int i = 0; i < 20; i++) {
        ERROR_AUTO(err);
        OCI_CREDENTIAL_AUTO credential = get(fixture, &err);
        if (!credential)
            return mem_strdup(error_message(&err));
        usleep(10 * 1000);
    }
    return NULL;
}

static void run_threads(struct fixture *fixture, int count, bool expect_success)
{
    pthread_t threads[8];
    for (int i = 0; i < count; i++)
        pthread_create(&threads[i], NULL, ask_often, fixture);
    for (int i = 0; i < count; i++) {
        void *failure;
        pthread_join(threads[i], &failure);
        if (expect_success && failure)
            fail_msg("%s", (char *)failure);
        assert_int_equal(failure == NULL, expect_success);
        free(failure);
    }
}

/* Eight threads, one exchange; and a failure is shared, too, instead of repeated by each. */
static void test_one_renewal_at_a_time(void **state)
{
    (void)state;
    struct fixture fixture = make((struct oci_settings){.auth = OCI_AUTH_INSTANCE_PRINCIPAL});
    open_principal(&fixture);
    world.exchange_ms = 100;
    run_threads(&fixture, 8, true);
    assert_int_equal(world.tokens, 1);
    close_principal(&fixture);

    setenv("OCI_METADATA_BASE_URL", "http://127.0.0.1:1/opc/v2", 1);
    fixture = make((struct oci_settings){.auth = OCI_AUTH_INSTANCE_PRINCIPAL});
    open_principal(&fixture);
    int64_t started = clock_monotonic_ms();
    run_threads(&fixture, 8, false);
    assert_true(clock_monotonic_ms() - started < 7000);
    close_principal(&fixture);
}

/* While the old token is still good, nobody waits for the new one. */
static void test_renewal_in_time(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    world.lifetime_s = 10;
    struct fixture fixture = make((struct oci_settings){.auth = OCI_AUTH_INSTANCE_PRINCIPAL});
    open_principal(&fixture);
    OCI_CREDENTIAL_AUTO first = get(&fixture, &err);
    assert_non_null(first);
    assert_true(
        oci_principal_renew(fixture.principal, oci_credential_generation(first), NULL, 0, &err));
    assert_int_equal(world.tokens, 2);
    /* Somebody else has renewed it already. */
    assert_true(
        oci_principal_renew(fixture.principal, oci_credential_generation(first), NULL, 0, &err));
    assert_int_equal(world.tokens, 2);
    OCI_CREDENTIAL_AUTO second = get(&fixture, &err);
    assert_int_equal(oci_credential_generation(second), 2);
    close_principal(&fixture);
}

/* A 401 makes the client renew the token once and go on. */
static void test_client_renews_after_401(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    OCI_RESPONSE_AUTO(response);
    CLEANUP(free_pointer) char *url = test_server_url(world.server, "");
    const struct oci_endpoint_setting endpoint = {"default", url};
    const struct oci_client_options options = {
        .settings = {.auth = "InstancePrincipal"}, .endpoints = &endpoint, .endpoint_count = 1};
    struct oci_client *client = oci_client_new(&options, &err);
    assert_non_null(client);
    const struct oci_request request = {
        .service = OCI_CORE, .operation = "GetVcn", .method = "GET", .path = "/vcns/v1"};
    world.refuse_api = 1;
    assert_true(oci_call(client, &request, &response, &err));
    assert_int_equal(world.tokens, 2);
    assert_int_equal(response.attempts, 2);
    world.refuse_api = 9;
    assert_false(oci_call(client, &request, &response, &err));
    assert_int_equal(world.tokens, 3);
    assert_int_equal(err.code, ERROR_DENIED);
    oci_client_free(client);
}

/* --- resources ------------------------------------------------------------------------------- */

static void test_resource_principal_2_2(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    CLEANUP(free_pointer) char *key = test_path("encrypted.key");
    CLEANUP(free_pointer) char *token = test_path("token");
    CLEANUP(free_pointer) char *passphrase = test_path("passphrase");
    write_token("token", 7, 3600);
    test_file_write("passphrase", "s3cret\n");
    setenv("OCI_RESOURCE_PRINCIPAL_VERSION", "2.2", 1);
    setenv("OCI_RESOURCE_PRINCIPAL_RPST", token, 1);
    setenv("OCI_RESOURCE_PRINCIPAL_PRIVATE_PEM", key, 1);
    setenv("OCI_RESOURCE_PRINCIPAL_PRIVATE_PEM_PASSPHRASE", passphrase, 1);
    setenv("OCI_RESOURCE_PRINCIPAL_REGION", "fra", 1);
    struct fixture fixture = make((struct oci_settings){.auth = OCI_AUTH_RESOURCE_PRINCIPAL});
    open_principal(&fixture);
    OCI_CREDENTIAL_AUTO credential = get(&fixture, &err);
    if (!credential)
        fail_msg("%s", error_message(&err));
    assert_true(text_starts_with(oci_credential_key_id(credential), "ST$e30."));
    assert_string_equal(oci_principal_tenancy(fixture.principal, NULL, 0, &err), TENANCY);
    OCI_REGION_AUTO(region);
    assert_true(oci_principal_region(fixture.principal, NULL, 0, &region, &err));
    assert_string_equal(region.name, "eu-frankfurt-1");
    close_principal(&fixture);

    /* Values instead of paths, then a mixture. */
    CLEANUP(free_pointer) char *token_text = make_token(8, 3600);
    CLEANUP(free_pointer) char *key_text = test_file_read("encrypted.key");
    setenv("OCI_RESOURCE_PRINCIPAL_RPST", token_text, 1);
    setenv("OCI_RESOURCE_PRINCIPAL_PRIVATE_PEM", key_text, 1);
    fixture = make((struct oci_settings){.auth = OCI_AUTH_RESOURCE_PRINCIPAL});
    open_principal(&fixture);
    assert_null(get(&fixture, &err));
    assert_in(error_message(&err), "must both be paths or both be values");
    error_reset(&err);
    setenv("OCI_RESOURCE_PRINCIPAL_PRIVATE_PEM_PASSPHRASE", "s3cret", 1);
    OCI_CREDENTIAL_AUTO literal = get(&fixture, &err);
    assert_non_null(literal);
    setenv("OCI_RESOURCE_PRINCIPAL_VERSION", "9.9", 1);
    close_principal(&fixture);
    fixture = make((struct oci_settings){.auth = OCI_AUTH_RESOURCE_PRINCIPAL});
    open_principal(&fixture);
    assert_null(get(&fixture, &err));
    assert_in(error_message(&err), "\"9.9\"");
    close_principal(&fixture);
}

static void test_resource_principal_1_1(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    CLEANUP(free_pointer) char *url = test_server_url(world.server, "");
    setenv("OCI_RESOURCE_PRINCIPAL_VERSION", "1.1", 1);
    setenv("OCI_RESOURCE_PRINCIPAL_RPT_ENDPOINT", url, 1);
    struct fixture fixture = make((struct oci_settings){.auth = OCI_AUTH_RESOURCE_PRINCIPAL});
    open_principal(&fixture);
    OCI_CREDENTIAL_AUTO credential = get(&fixture, &err);
    if (!credential)
        fail_msg("%s", error_message(&err));
    assert_int_equal(world.tokens, 2);
    JSON_AUTO body = json_parse(world.last_body, strlen(world.last_body), &err);
    assert_string_equal(json_get_text(body, "resourcePrincipalToken"), "rpt");
    assert_string_equal(json_get_text(body, "servicePrincipalSessionToken"), "spst");
    assert_true(text_starts_with(json_get_text(body, "sessionPublicKey"), "MIIBIjAN"));
    assert_in(world.last_headers, "date (request-target) host content-length");
    OCI_REGION_AUTO(region);
    assert_true(oci_principal_region(fixture.principal, NULL, 0, &region, &err));
    assert_string_equal(region.name, "us-phoenix-1");
    close_principal(&fixture);
}

/* A leaf of version 2.2 and one parent above it: two exchanges, the second signed with the token of
 * the first. */
static void test_resource_principal_3_0(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    CLEANUP(free_pointer) char *url = test_server_url(world.server, "/leaf");
    CLEANUP(free_pointer) char *auth = test_server_url(world.server, "");
    CLEANUP(free_pointer) char *key = test_path("leaf.key");
    CLEANUP(free_pointer) char *token = test_path("token");
    write_token("token", 70, 3600);
    setenv("OCI_RESOURCE_PRINCIPAL_VERSION", "3.0", 1);
    setenv("OCI_RESOURCE_PRINCIPAL_VERSION_FOR_LEAF_RESOURCE", "2.2", 1);
    setenv("OCI_RESOURCE_PRINCIPAL_RPST_FOR_LEAF_RESOURCE", token, 1);
    setenv("OCI_RESOURCE_PRINCIPAL_PRIVATE_PEM_FOR_LEAF_RESOURCE", key, 1);
    setenv("OCI_RESOURCE_PRINCIPAL_REGION_FOR_LEAF_RESOURCE", "fra", 1);
    setenv("OCI_RESOURCE_PRINCIPAL_RPT_URL_FOR_PARENT_RESOURCE", url, 1);
    setenv("OCI_RESOURCE_PRINCIPAL_RPST_ENDPOINT_FOR_PARENT_RESOURCE", auth, 1);
    struct fixture fixture = make((struct oci_settings){.auth = OCI_AUTH_RESOURCE_PRINCIPAL});
    open_principal(&fixture);
    OCI_CREDENTIAL_AUTO credential = get(&fixture, &err);
    if (!credential)
        fail_msg("%s", error_message(&err));
    assert_int_equal(world.tokens, 2);
    assert_true(text_starts_with(world.last_key_id, "ST$e30."));
    assert_string_not_equal(world.last_key_id, oci_credential_key_id(credential));
    OCI_REGION_AUTO(region);
    assert_true(oci_principal_region(fixture.principal, NULL, 0, &region, &err));
    assert_string_equal(region.name, "eu-frankfurt-1");
    close_principal(&fixture);
}

/* --- pods ------------------------------------------------------------------------------------ */

static void answer_pod(void *context, struct test_exchange *exchange)
{
    (void)context;
    CLEANUP(free_pointer) char *bearer = test_header(exchange, "authorization");
    note_signature(exchange);
    if (!text_equal(bearer, "Bearer service-account-token")) {
        exchange->status = 403;
        return;
    }
    CLEANUP(free_pointer) char *token = make_token(++world.tokens, 3600);
    STR_AUTO inner = STR_INIT;
    str_printf(&inner, "{\"token\":\"ST$%s\"}", token);
    str_append_char(&exchange->answer, '"');
    base64_encode(BASE64_STANDARD, str_text(&inner), inner.length, &exchange->answer);
    str_append_char(&exchange->answer, '"');
}

static void test_workload_identity(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    struct test_server *pod = test_server_start_at(answer_pod, NULL, true, POD_IP, POD_PORT);
    CLEANUP(free_pointer) char *ca = test_path("pod-ca.pem");
    CLEANUP(free_pointer) char *token = test_path("service-account");
    test_file_write("pod-ca.pem", pod->certificate);
    test_file_write("service-account", "service-account-token\n");
    setenv("KUBERNETES_SERVICE_HOST", POD_IP, 1);
    setenv("OCI_KUBERNETES_SERVICE_ACCOUNT_CERT_PATH", ca, 1);
    setenv("OCI_KUBERNETES_SERVICE_ACCOUNT_TOKEN_PATH", token, 1);
    setenv("OCI_RESOURCE_PRINCIPAL_REGION", "phx", 1);
    struct fixture fixture = make((struct oci_settings){.auth = OCI_AUTH_OKE_WORKLOAD_IDENTITY});
    open_principal(&fixture);
    OCI_CREDENTIAL_AUTO credential = get(&fixture, &err);
    if (!credential)
        fail_msg("%s", error_message(&err));
    assert_true(text_starts_with(oci_credential_key_id(credential), "ST$e30."));
    JSON_AUTO body = json_parse(world.last_body, strlen(world.last_body), &err);
    assert_true(text_starts_with(json_get_text(body, "podKey"), "-----BEGIN PUBLIC KEY-----\n"));
    assert_string_equal(oci_principal_tenancy(fixture.principal, NULL, 0, &err), TENANCY);
    close_principal(&fixture);

    setenv("OCI_KUBERNETES_SERVICE_ACCOUNT_TOKEN_STRING", "wrong-t0ken", 1);
    fixture = make((struct oci_settings){.auth = OCI_AUTH_OKE_WORKLOAD_IDENTITY});
    open_principal(&fixture);
    assert_null(get(&fixture, &err));
    assert_in(error_message(&err), "ENHANCED");
    assert_null(strstr(error_message(&err), "wrong-t0ken"));
    close_principal(&fixture);
    test_server_stop(pod);
}

static int set_up(void **state)
{
    (void)state;
    static const char *const clear[] = {
        "OCI_RESOURCE_PRINCIPAL_REGION", "OCI_RESOURCE_PRINCIPAL_VERSION",
        "OCI_RESOURCE_PRINCIPAL_RPT_ENDPOINT", "OCI_REGION", "http_proxy"};
    for (size_t i = 0; i < ARRAY_LENGTH(clear); i++)
        unsetenv(clear[i]);
    world.tokens = world.refuse_api = world.refuse_auth = world.exchange_ms = 0;
    world.lifetime_s = 3600;
    CLEANUP(free_pointer) char *metadata = test_server_url(world.server, "/opc/v2/");
    CLEANUP(free_pointer) char *auth = test_server_url(world.server, "");
    setenv("OCI_METADATA_BASE_URL", metadata, 1);
    setenv("OCI_SDK_AUTH_CLIENT_REGION_URL", auth, 1);
    return 0;
}

static int start(void **state)
{
    (void)state;
    test_directory_make();
    setenv("HOME", test_directory, 1);
    bool ok = test_run("openssl req -x509 -newkey rsa:2048 -nodes -keyout leaf.key -out leaf.pem"
                       " -subj '/CN=instance/OU=opc-certtype:instance/OU=opc-tenant:" TENANCY "' &&"
                       "openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem"
                       " -subj /CN=ca &&"
                       "openssl rsa -traditional -aes128 -in leaf.key -passout pass:s3cret"
                       " -out encrypted.key &&"
                       "openssl x509 -in leaf.pem -outform DER | openssl dgst -sha256 -c |"
                       " sed 's/.*= *//' >leaf.sha256 &&"
                       "openssl rsa -in leaf.key -pubout -outform DER | openssl md5 -c |"
                       " sed 's/.*= *//' >fingerprint");
    world.server = test_server_start(handle, NULL, false);
    return ok ? 0 : -1;
}

static int stop(void **state)
{
    (void)state;
    test_server_stop(world.server);
    test_directory_remove();
    free(world.last_key_id);
    free(world.last_headers);
    free(world.last_body);
    return 0;
}

#define TEST(name) cmocka_unit_test_setup(name, set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_api_key),
        TEST(test_api_key_refusals),
        TEST(test_security_token),
        TEST(test_instance_principal),
        TEST(test_one_renewal_at_a_time),
        TEST(test_renewal_in_time),
        TEST(test_client_renews_after_401),
        TEST(test_resource_principal_2_2),
        TEST(test_resource_principal_1_1),
        TEST(test_resource_principal_3_0),
        TEST(test_workload_identity),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
