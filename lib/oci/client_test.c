#include "lib/oci/client.h"

#include "lib/base/clock.h"
#include "lib/base/json.h"
#include "lib/base/log.h"
#include "lib/base/test.h"
#include "lib/net/test_server.h"
#include "lib/oci/lifecycle.h"
#include "lib/oci/oke_token.h"
#include "lib/oci/test_keys.h"
#include "lib/oci/work_request.h"

#define TENANCY "ocid1.tenancy.oc1..aaaatenancy"
#define USER    "ocid1.user.oc1..aaaauser"
#define CLUSTER "ocid1.cluster.oc1.phx.aaaacluster"

enum { MOST_REQUESTS = 64 };

/* The server plays one step for each request; the last step is repeated. */
struct step {
    int status;
    const char *headers, *body;
    bool drop;
};

static struct {
    struct test_server *server;
    struct oci_client *client;
    const struct step *steps;
    int count, received;
    char *heads[MOST_REQUESTS], *bodies[MOST_REQUESTS];
} world;

static void handle(void *context, struct test_exchange *exchange)
{
    (void)context;
    int number = world.received < world.count ? world.received : world.count - 1;
    const struct step *step = &world.steps[number];
    exchange->status = step->status;
    exchange->drop = step->drop;
    str_append(&exchange->headers, "opc-request-id: REQ1\r\n");
    str_append(&exchange->headers, step->headers);
    str_append(&exchange->answer, step->body);
    if (world.received == MOST_REQUESTS)
        fatal_error("too many requests");
    world.heads[world.received] = mem_strdup(exchange->head);
    world.bodies[world.received++] = mem_strdup(str_text(&exchange->body));
}

static void forget_requests(void)
{
    for (int i = 0; i < world.received; i++) {
        free(world.heads[i]);
        free(world.bodies[i]);
    }
    world.received = 0;
}

static void play(const struct step *steps, int count)
{
    forget_requests();
    world.steps = steps;
    world.count = count;
}

#define PLAY(...)                                                                                  \
    const struct step steps[] = {__VA_ARGS__};                                                     \
    play(steps, (int)ARRAY_LENGTH(steps))

static char *sent_header(int request, const char *name)
{
    return test_header(&(struct test_exchange){.head = world.heads[request]}, name);
}

static const struct oci_request get_vcn = {.service = OCI_CORE,
                                           .operation = "GetVcn",
                                           .object = "VCN web",
                                           .method = "GET",
                                           .path = "/vcns/v1"};
static const struct oci_request create_vcn = {.service = OCI_CORE,
                                              .operation = "CreateVcn",
                                              .object = "VCN web",
                                              .method = "POST",
                                              .path = "/vcns",
                                              .retry_token = "token1"};

static void assert_in(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("\"%s\" lacks \"%s\"", text, part);
}

/* --- requests -------------------------------------------------------------------------------- */

static void test_a_request_on_the_wire(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    OCI_RESPONSE_AUTO(response);
    PLAY({200, "etag: e1\r\nopc-work-request-id: w1\r\nContent-Type: application/json\r\n",
          "{\"id\":\"v1\"}", false});
    JSON_AUTO body = json_pack("{s:s}", "displayName", "web");
    const struct oci_query query[] = {{"a", "x y"}, {"left-out", NULL}, {"b", "/"}};
    struct oci_request request = create_vcn;
    request.body = body;
    request.query = query;
    request.query_count = 3;
    request.if_match = "e0";
    assert_true(oci_call(world.client, &request, &response, &err));
    assert_string_equal(json_get_text(response.body, "id"), "v1");
    assert_string_equal(response.etag, "e1");
    assert_string_equal(response.work_request_id, "w1");
    assert_string_equal(response.request_id, "REQ1");
    assert_int_equal(response.attempts, 1);
    assert_true(text_starts_with(world.heads[0], "POST /20160918/vcns?a=x%20y&b=%2F HTTP/1.1\r\n"));
    assert_string_equal(world.bodies[0], "{\"displayName\":\"web\"}");
    static const struct {
        const char *name, *value;
    } headers[] = {{"content-type", "application/json"},
                   {"opc-retry-token", "token1"},
                   {"if-match", "e0"},
                   {"user-agent", "okestra"},
                   {"expect", NULL},
                   {"content-length", "21"}};
    for (size_t i = 0; i < ARRAY_LENGTH(headers); i++) {
        CLEANUP(free_pointer) char *value = sent_header(0, headers[i].name);
        if (!text_equal(value, headers[i].value))
            fail_msg("%s: %s", headers[i].name, value);
    }
    CLEANUP(free_pointer) char *authorization = sent_header(0, "authorization");
    assert_in(authorization, "keyId=\"" TENANCY "/" USER "/");
    CLEANUP(free_pointer) char *id = sent_header(0, "opc-request-id");
    assert_int_equal(strlen(id), 32);
}

/* The signature over what really went out, checked by OpenSSL's command line. */
static void test_signature_of_the_wire(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    OCI_RESPONSE_AUTO(response);
    PLAY({200, "", "", false});
    struct oci_request request = create_vcn;
    assert_true(oci_call(world.client, &request, &response, &err));
    CLEANUP(free_pointer) char *authorization = sent_header(0, "authorization");
    CLEANUP(free_pointer) char *date = sent_header(0, "date");
    CLEANUP(free_pointer) char *host = sent_header(0, "host");
    CLEANUP(free_pointer) char *digest = sent_header(0, "x-content-sha256");
    STR_AUTO text = STR_INIT;
    str_printf(&text,
               "date: %s\n(request-target): post /20160918/vcns\nhost: %s\ncontent-length: 0\n"
               "content-type: application/json\nx-content-sha256: %s",
               date, host, digest);
    assert_string_equal(digest, "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    const char *start = strstr(authorization, "signature=\"") + 11;
    CLEANUP(free_pointer) char *signature = mem_strndup(start, strcspn(start, "\""));
    test_file_write("signature.b64", signature);
    test_file_write("string", str_text(&text));
    assert_true(test_run("openssl base64 -d -A -in signature.b64 -out signature && "
                         "openssl dgst -sha256 -verify public.pem -signature signature string"));
}

static void test_paths(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    ARENA_AUTO arena = arena_new();
    assert_string_equal(oci_path(arena, &err, "/n/%s/b/%s/o/%s", "ns", "a b", "x/../y"),
                        "/n/ns/b/a%20b/o/x%2F..%2Fy");
    assert_string_equal(oci_path(arena, &err, "/vcns/%s", CLUSTER), "/vcns/" CLUSTER);
    static const char *const bad[] = {"", ".", ".."};
    for (size_t i = 0; i < ARRAY_LENGTH(bad); i++) {
        assert_null(oci_path(arena, &err, "/vcns/%s", bad[i]));
        assert_int_equal(err.code, ERROR_INVALID);
    }
    char one[33], two[33];
    assert_string_not_equal(oci_retry_token(one), oci_retry_token(two));
    assert_int_equal(strlen(one), 32);
}

static void test_raw_bodies(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    OCI_RESPONSE_AUTO(response);
    PLAY({200, "Content-Type: application/x-yaml\r\n", "kind: \"\"\n", false},
         {200, "Content-Type: application/json\r\n", "{\"a\":1}", false},
         {200, "Content-Type: application/json\r\n", "{\"a\":", false});
    struct oci_request request = get_vcn;
    assert_true(oci_call(world.client, &request, &response, &err));
    assert_null(response.body);
    assert_string_equal(str_text(&response.raw), "kind: \"\"\n");
    request.raw_response = true;
    assert_true(oci_call(world.client, &request, &response, &err));
    assert_string_equal(str_text(&response.raw), "{\"a\":1}");
    request.raw_response = false;
    assert_false(oci_call(world.client, &request, &response, &err));
    assert_in(error_message(&err), "GetVcn VCN web: unreadable answer (opc-request-id REQ1)");

    request = (struct oci_request){.service = OCI_OBJECT_STORAGE,
                                   .operation = "PutObject",
                                   .method = "PUT",
                                   .path = "/n/ns/b/b/o/o",
                                   .raw_body = "bytes",
                                   .raw_body_length = 5,
                                   .unsigned_body = true};
    error_reset(&err);
    const struct step ok = {200, "", "", false};
    play(&ok, 1);
    assert_true(oci_call(world.client, &request, &response, &err));
    CLEANUP(free_pointer) char *authorization = sent_header(0, "authorization");
    assert_in(authorization, "headers=\"date (request-target) host\"");
    CLEANUP(free_pointer) char *type = sent_header(0, "content-type");
    assert_string_equal(type, "application/octet-stream");
    assert_string_equal(world.bodies[0], "bytes");
    assert_null(sent_header(0, "x-content-sha256"));
}

/* --- errors ---------------------------------------------------------------------------------- */

static void test_errors_are_explained(void **state)
{
    (void)state;
    static const struct {
        int status;
        const char *body;
        enum error_code code;
        const char *service_code, *text;
    } rows[] = {
        {404, "{\"code\":\"NotAuthorizedOrNotFound\",\"message\":\"Not found.\"}", ERROR_NOT_FOUND,
         "NotAuthorizedOrNotFound", "does not exist in this region"},
        {401, "{\"code\":\"NotAuthenticated\",\"message\":\"no\"}", ERROR_DENIED,
         "NotAuthenticated", "the public key is among the user's API keys"},
        {400, "{\"code\":\"InvalidParameter\",\"message\":\"bad cidr\"}", ERROR_INVALID,
         "InvalidParameter", "HTTP 400 InvalidParameter: bad cidr."},
        {400, "{\"code\":\"LimitExceeded\",\"message\":\"vcn-count\"}", ERROR_CAPACITY,
         "LimitExceeded", "service limit"},
        {403, "{\"code\":\"NotAllowed\",\"message\":\"home\"}", ERROR_DENIED, "NotAllowed",
         "home region"},
        {409, "{\"code\":\"InvalidatedRetryToken\",\"message\":\"x\"}", ERROR_CONFLICT,
         "InvalidatedRetryToken", "An earlier attempt"},
        {409, "{\"code\":\"CompartmentAlreadyExists\",\"message\":\"x\"}", ERROR_EXISTS,
         "CompartmentAlreadyExists", "x"},
        {412, "{\"code\":\"NoEtagMatch\",\"message\":\"x\"}", ERROR_CONFLICT, "NoEtagMatch",
         "changed by someone else"},
        {500, "{\"code\":\"InternalError\",\"message\":\"Out of host capacity.\"}", ERROR_CAPACITY,
         "InternalError", "try another availability"},
        {501, "{\"code\":\"MethodNotImplemented\",\"message\":\"x\"}", ERROR_UNAVAILABLE,
         "MethodNotImplemented", "x"},
        {404, "<html>", ERROR_NOT_FOUND, NULL, "without a service code: no message"},
        {418, "", ERROR_REMOTE, NULL, "HTTP 418"},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        ERROR_AUTO(err);
        OCI_RESPONSE_AUTO(response);
        const struct step step = {rows[i].status, "", rows[i].body, false};
        play(&step, 1);
        struct oci_request request = create_vcn;
        assert_false(oci_call(world.client, &request, &response, &err));
        assert_int_equal(world.received, 1);
        assert_int_equal(err.code, rows[i].code);
        assert_int_equal(err.http_status, rows[i].status);
        assert_int_equal(response.status, rows[i].status);
        assert_true(text_equal(err.service_code, rows[i].service_code));
        assert_string_equal(err.request_id, "REQ1");
        assert_in(error_message(&err), "CreateVcn VCN web: HTTP");
        assert_in(error_message(&err), rows[i].text);
        assert_in(error_message(&err), "(opc-request-id REQ1)");
    }
}

static void test_clock_skew_is_explained(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    OCI_RESPONSE_AUTO(response);
    char date[CLOCK_HTTP_SIZE];
    STR_AUTO headers = STR_INIT;
    str_printf(&headers, "Date: %s\r\n", clock_format_http(clock_wall_ms() - 3600 * 1000, date));
    PLAY({401, str_text(&headers), "{\"code\":\"NotAuthenticated\",\"message\":\"no\"}", false});
    assert_false(oci_call(world.client, &get_vcn, &response, &err));
    assert_in(error_message(&err), "ahead of the service's");
    assert_in(error_message(&err), date);
}

/* --- retries --------------------------------------------------------------------------------- */

#define REFUSAL(status, code)                                                                      \
    {                                                                                              \
        (status), "", "{\"code\":\"" code "\",\"message\":\"m\"}", false                           \
    }
#define GOOD                                                                                       \
    {                                                                                              \
        200, "", "{\"id\":\"v1\"}", false                                                          \
    }
#define DROP                                                                                       \
    {                                                                                              \
        0, "", "", true                                                                            \
    }

static void test_retried(void **state)
{
    (void)state;
    static const struct {
        struct step steps[3];
        const struct oci_request *request;
        int attempts;
    } rows[] = {
        {{REFUSAL(429, "TooManyRequests"), GOOD}, &get_vcn, 2},
        {{REFUSAL(500, "InternalServerError"), REFUSAL(503, "ServiceUnavailable"), GOOD},
         &create_vcn,
         3},
        {{REFUSAL(409, "IncorrectState"), GOOD}, &create_vcn, 2},
        {{REFUSAL(409, "LockConflict"), GOOD}, &create_vcn, 2},
        {{DROP, DROP, GOOD}, &create_vcn, 3}, /* the first one is repeated by libcurl */
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        ERROR_AUTO(err);
        OCI_RESPONSE_AUTO(response);
        play(rows[i].steps, 3);
        if (!oci_call(world.client, rows[i].request, &response, &err))
            fail_msg("row %zu: %s", i, error_message(&err));
        assert_int_equal(world.received, rows[i].attempts);
        if (rows[i].request->retry_token) {
            CLEANUP(free_pointer) char *first = sent_header(0, "opc-retry-token");
            CLEANUP(free_pointer) char *last = sent_header(rows[i].attempts - 1, "opc-retry-token");
            assert_string_equal(first, last);
        }
        CLEANUP(free_pointer) char *first_id = sent_header(0, "opc-request-id");
        CLEANUP(free_pointer) char *last_id = sent_header(rows[i].attempts - 1, "opc-request-id");
        assert_string_not_equal(first_id, last_id);
    }
}

static void test_not_retried(void **state)
{
    (void)state;
    struct oci_request without_token = create_vcn;
    without_token.retry_token = NULL;
    const struct {
        struct step step;
        const struct oci_request *request;
    } rows[] = {
        {REFUSAL(501, "MethodNotImplemented"), &get_vcn},
        {REFUSAL(404, "NotAuthorizedOrNotFound"), &get_vcn},
        {REFUSAL(409, "InvalidatedRetryToken"), &create_vcn},
        {REFUSAL(409, "BucketNotEmpty"), &create_vcn},
        {REFUSAL(409, "IncorrectState"), &get_vcn},
        {REFUSAL(500, "InternalServerError"), &without_token},
        {DROP, &without_token},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        ERROR_AUTO(err);
        OCI_RESPONSE_AUTO(response);
        play(&rows[i].step, 1);
        assert_false(oci_call(world.client, rows[i].request, &response, &err));
        assert_int_equal(world.received, 1);
    }
    ERROR_AUTO(err);
    OCI_RESPONSE_AUTO(response);
    play(&rows[6].step, 1);
    assert_false(oci_call(world.client, &without_token, &response, &err));
    assert_in(error_message(&err), "may have been carried out");
    assert_int_equal(err.code, ERROR_UNAVAILABLE);
}

/* A request that must not arrive twice is not repeated by the HTTP layer either, when the kept
 * connection breaks. */
static void test_once_means_once(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    OCI_RESPONSE_AUTO(response);
    PLAY(GOOD, DROP, GOOD);
    struct oci_request once = create_vcn;
    once.retry_token = NULL;
    assert_true(oci_call(world.client, &get_vcn, &response, &err));
    assert_false(oci_call(world.client, &once, &response, &err));
    assert_int_equal(world.received, 2);
}

static void test_own_rules_and_bounds(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    OCI_RESPONSE_AUTO(response);
    static const struct oci_retry_rule rules[] = {
        {.status = 409, .code = "Conflict", .contains = "permanent", .for_ms = 0},
        {.status = 404, .code = "NotAuthorizedOrNotFound", .for_ms = 60000},
    };
    struct oci_retry_policy policy = {.rules = rules, .rule_count = 2};
    struct oci_request request = create_vcn;
    request.retry = &policy;
    PLAY(REFUSAL(404, "NotAuthorizedOrNotFound"),
         {409, "", "{\"code\":\"Conflict\",\"message\":\"A Permanent problem\"}", false}, GOOD);
    assert_false(oci_call(world.client, &request, &response, &err));
    assert_int_equal(world.received, 2);
    assert_in(error_message(&err), "after 2 attempts in");
    error_reset(&err);

    const struct step busy = REFUSAL(503, "ServiceUnavailable");
    play(&busy, 1);
    policy.max_attempts = 2;
    assert_false(oci_call(world.client, &request, &response, &err));
    assert_int_equal(world.received, 2);
    assert_int_equal(response.attempts, 2);
    error_reset(&err);

    play(&busy, 1);
    request.retry = NULL;
    int64_t started = clock_monotonic_ms();
    request.deadline_ms = started + 300;
    assert_false(oci_call(world.client, &request, &response, &err));
    assert_true(clock_monotonic_ms() - started < 400);
    assert_int_equal(err.code, ERROR_UNAVAILABLE);
    error_reset(&err);

    const struct step later = {429, "Retry-After: 120\r\n", "", false};
    play(&later, 1);
    assert_false(oci_call(world.client, &request, &response, &err));
    assert_int_equal(world.received, 1);
    assert_int_equal(err.code, ERROR_THROTTLED);
}

static void *raise_soon(void *context)
{
    usleep(100 * 1000);
    cancel_raise(context);
    return NULL;
}

static void test_cancelled_between_attempts(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    OCI_RESPONSE_AUTO(response);
    PLAY({429, "Retry-After: 60\r\n", "", false});
    struct cancel *cancel = cancel_new();
    struct oci_request request = get_vcn;
    request.cancel = cancel;
    pthread_t thread;
    pthread_create(&thread, NULL, raise_soon, cancel);
    assert_false(oci_call(world.client, &request, &response, &err));
    pthread_join(thread, NULL);
    cancel_free(cancel);
    assert_int_equal(err.code, ERROR_CANCELLED);
    assert_in(error_message(&err), "cancelled while waiting");
}

static void test_consistency_after_iam_writes(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    OCI_RESPONSE_AUTO(response);
    const struct step missing[] = {REFUSAL(404, "NotAuthorizedOrNotFound"), GOOD};
    const struct step good = GOOD;
    const struct oci_request create_policy = {.service = OCI_IDENTITY,
                                              .operation = "CreatePolicy",
                                              .method = "POST",
                                              .path = "/policies",
                                              .retry_token = "t"};
    struct oci_request put = get_vcn;
    put.method = "PUT";
    play(missing, 2);
    assert_false(oci_call(world.client, &put, &response, &err));
    error_reset(&err);
    play(&good, 1);
    assert_true(oci_call(world.client, &create_policy, &response, &err));
    play(missing, 2);
    assert_true(oci_call(world.client, &put, &response, &err));
    assert_int_equal(world.received, 2);
    play(missing, 2);
    assert_false(oci_call(world.client, &get_vcn, &response, &err));
    error_reset(&err);
    struct oci_request expected = get_vcn;
    expected.expect_exists = true;
    play(missing, 2);
    assert_true(oci_call(world.client, &expected, &response, &err));
}

static void *call_often(void *context)
{
    (void)context;
    for (int i = 0; i < 6; i++) {
        ERROR_AUTO(err);
        OCI_RESPONSE_AUTO(response);
        if (!oci_call(world.client, &get_vcn, &response, &err))
            return mem_strdup(error_message(&err));
    }
    return NULL;
}

static void test_threads_share_a_client(void **state)
{
    (void)state;
    PLAY(GOOD);
    pthread_t threads[8];
    for (size_t i = 0; i < ARRAY_LENGTH(threads); i++)
        pthread_create(&threads[i], NULL, call_often, NULL);
    for (size_t i = 0; i < ARRAY_LENGTH(threads); i++) {
        void *failure;
        pthread_join(threads[i], &failure);
        if (failure)
            fail_msg("%s", (char *)failure);
    }
    assert_int_equal(world.received, 48);
}

/* --- lists and look-ups ---------------------------------------------------------------------- */

static void test_lists(void **state)
{
    (void)state;
    static const struct {
        struct step steps[3];
        size_t items;
        int requests;
        const char *second;
    } rows[] = {
        {{{200, "opc-next-page: p 2\r\n", "[1,2]", false},
          {200, "opc-next-page: p3\r\n", "[]", false},
          {200, "", "[3]", false}},
         3,
         3,
         "&page=p%202 "},
        {{{200, "opc-next-page: n\r\n", "{\"items\":[1]}", false},
          {200, "", "{\"items\":[2]}", false}},
         2,
         2,
         "&page=n "},
        {{{200, "", "{\"objects\":[1],\"nextStartWith\":\"o/2\"}", false},
          {200, "", "{\"objects\":[2],\"nextStartWith\":null}", false}},
         2,
         2,
         "&start=o%2F2 "},
        {{{200, "", "[]", false}}, 0, 1, NULL},
    };
    const struct oci_query query[] = {{"compartmentId", "c"}};
    struct oci_request request = get_vcn;
    request.query = query;
    request.query_count = 1;
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        ERROR_AUTO(err);
        JSON_AUTO items = NULL;
        play(rows[i].steps, 3);
        assert_true(oci_list(world.client, &request, &items, &err));
        assert_int_equal(json_array_size(items), rows[i].items);
        assert_int_equal(world.received, rows[i].requests);
        if (rows[i].second)
            assert_in(world.heads[1], rows[i].second);
    }
    ERROR_AUTO(err);
    JSON_AUTO items = NULL;
    PLAY({200, "", "{\"things\":[]}", false});
    assert_false(oci_list(world.client, &request, &items, &err));
    assert_in(error_message(&err), "the answer is no list");
    error_reset(&err);
    const struct step endless = {200, "opc-next-page: same\r\n", "[]", false};
    play(&endless, 1);
    assert_false(oci_list(world.client, &request, &items, &err));
    assert_in(error_message(&err), "repeats page");
}

static void test_look_ups(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    PLAY({200, "",
          "[{\"regionName\":\"us-ashburn-1\",\"isHomeRegion\":false},"
          "{\"regionName\":\"eu-frankfurt-1\",\"isHomeRegion\":true}]",
          false},
         {200, "Content-Type: application/json\r\n", "\"ns1\"", false});
    assert_string_equal(oci_client_home_region(world.client, NULL, &err), "eu-frankfurt-1");
    assert_string_equal(oci_client_home_region(world.client, NULL, &err), "eu-frankfurt-1");
    assert_in(world.heads[0], "GET /20160918/tenancies/" TENANCY "/regionSubscriptions ");
    assert_string_equal(oci_client_namespace(world.client, NULL, &err), "ns1");
    assert_string_equal(oci_client_namespace(world.client, NULL, &err), "ns1");
    assert_int_equal(world.received, 2);
    assert_string_equal(oci_client_tenancy(world.client, &err), TENANCY);
    assert_string_equal(oci_client_user(world.client), USER);
    assert_string_equal(oci_client_region(world.client, &err)->name, "us-phoenix-1");
    STR_AUTO token = STR_INIT;
    int64_t expires;
    assert_true(oci_oke_token(world.client, CLUSTER, NULL, NULL, &token, &expires, &err));
    assert_true(text_starts_with(str_text(&token), "aHR0cHM6Ly9jb250YWluZXJlbmdpbmUu"));
    assert_in_range(expires - clock_wall_ms(), 230 * 1000, 240 * 1000);
    assert_false(oci_oke_token(world.client, TENANCY, NULL, NULL, &token, &expires, &err));
}

/* --- waits ----------------------------------------------------------------------------------- */

static const struct oci_work_request_query cluster_query = {.service = OCI_CONTAINER_ENGINE,
                                                            .id = "w1",
                                                            .compartment_id = "c1",
                                                            .entity_type = "cluster",
                                                            .action = "CREATED",
                                                            .what = "create cluster todo"};

#define WORK(status, action, type)                                                                 \
    {                                                                                              \
        200, "",                                                                                   \
            "{\"status\":\"" status "\",\"operationType\":\"CLUSTER_CREATE\",\"resources\":["      \
            "{\"entityType\":\"subnet\",\"actionType\":\"RELATED\",\"identifier\":\"s1\"},"        \
            "{\"entityType\":\"" type "\",\"actionType\":\"" action "\",\"identifier\":\"c9\"}]}", \
            false                                                                                  \
    }

static void count_polls(void *context, const char *state, double percent, int64_t elapsed_ms)
{
    assert_non_null(state);
    assert_true(percent >= -1 && elapsed_ms >= 0);
    ++*(int *)context;
}

static void test_work_request(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    CLEANUP(free_pointer) char *identifier = NULL;
    int polls = 0;
    PLAY(WORK("ACCEPTED", "IN_PROGRESS", "cluster"), WORK("IN_PROGRESS", "IN_PROGRESS", "cluster"),
         WORK("SUCCEEDED", "CREATED", "Cluster"));
    const struct oci_wait wait = {.progress = count_polls, .context = &polls};
    assert_true(oci_work_request_wait(world.client, &cluster_query, &wait, &identifier, &err));
    assert_string_equal(identifier, "c9");
    assert_int_equal(polls, 3);
    assert_in(world.heads[0], "GET /20180222/workRequests/w1 ");
    free(identifier);
    const struct step first = WORK("ACCEPTED", "IN_PROGRESS", "cluster");
    play(&first, 1);
    assert_true(
        oci_work_request_identifier(world.client, &cluster_query, &wait, &identifier, &err));
    assert_string_equal(identifier, "c9");
}

static void test_failed_work_request(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    CLEANUP(free_pointer) char *identifier = NULL;
    PLAY(WORK("FAILED", "FAILED", "cluster"),
         {200, "", "[{\"code\":\"LaunchError\",\"message\":\"Out of host capacity.\"}]", false},
         {200, "", "[{\"message\":\"creating node\"},{\"message\":\"giving up\"}]", false});
    const struct oci_wait wait = {0};
    assert_false(oci_work_request_wait(world.client, &cluster_query, &wait, &identifier, &err));
    assert_int_equal(err.code, ERROR_CAPACITY);
    assert_string_equal(identifier, "c9");
    assert_string_equal(error_message(&err),
                        "create cluster todo: work request w1 (CLUSTER_CREATE) ended as FAILED: "
                        "LaunchError: Out of host capacity. Its last log lines: creating node; "
                        "giving up");
    assert_in(world.heads[1], "/workRequests/w1/errors?compartmentId=c1 ");
}

static void test_work_request_limits(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    PLAY(WORK("IN_PROGRESS", "IN_PROGRESS", "cluster"));
    struct oci_wait wait = {.deadline_ms = clock_monotonic_ms() + 1000};
    assert_false(oci_work_request_wait(world.client, &cluster_query, &wait, NULL, &err));
    assert_int_equal(err.code, ERROR_TIMEOUT);
    assert_in(error_message(&err), "still IN_PROGRESS");
    error_reset(&err);
    struct cancel *cancel = cancel_new();
    wait = (struct oci_wait){.cancel = cancel, .first_ms = 5000};
    pthread_t thread;
    pthread_create(&thread, NULL, raise_soon, cancel);
    int64_t started = clock_monotonic_ms();
    assert_false(oci_work_request_wait(world.client, &cluster_query, &wait, NULL, &err));
    pthread_join(thread, NULL);
    cancel_free(cancel);
    assert_int_equal(err.code, ERROR_CANCELLED);
    assert_true(clock_monotonic_ms() - started < 4000);
    assert_int_equal(oci_work_request_service(OCI_CORE), OCI_WORK_REQUESTS);
    assert_int_equal(oci_work_request_service(OCI_DATABASE), OCI_WORK_REQUESTS);
    assert_int_equal(oci_work_request_service(OCI_IDENTITY), OCI_IDENTITY);
    assert_int_equal(oci_work_request_service(OCI_LOGGING), OCI_LOGGING);
}

#define STATE(name)                                                                                \
    {                                                                                              \
        200, "", "{\"id\":\"v1\",\"lifecycleState\":\"" name "\",\"lifecycleDetails\":\"why\"}",   \
            false                                                                                  \
    }

static void test_lifecycle(void **state)
{
    (void)state;
    static const char *const pending[] = {"PROVISIONING", NULL};
    static const char *const targets[] = {"AVAILABLE", NULL};
    ERROR_AUTO(err);
    json_t *body = NULL;
    struct oci_state_wait wait = {
        .get = &get_vcn, .what = "VCN web", .pending = pending, .targets = targets};
    const struct step good[] = {STATE("PROVISIONING"), STATE("AVAILABLE")};
    play(good, 2);
    assert_true(oci_wait_state(world.client, &wait, &body, &err));
    assert_string_equal(json_get_text(body, "lifecycleState"), "AVAILABLE");
    json_decref(body);

    const struct step bad[] = {STATE("PROVISIONING"), STATE("FAILED")};
    play(bad, 2);
    assert_false(oci_wait_state(world.client, &wait, &body, &err));
    assert_in(error_message(&err), "VCN web went to state FAILED instead of AVAILABLE: why");
    assert_string_equal(json_get_text(body, "lifecycleState"), "FAILED");
    json_decref(body);
    error_reset(&err);

    const struct step gone[] = {STATE("TERMINATING"), REFUSAL(404, "NotAuthorizedOrNotFound")};
    static const char *const terminating[] = {"TERMINATING", NULL};
    wait.pending = terminating;
    wait.targets = NULL;
    wait.gone_is_target = true;
    play(gone, 2);
    assert_true(oci_wait_state(world.client, &wait, &body, &err));
    assert_null(body);

    const struct step late[] = {REFUSAL(404, "NotAuthorizedOrNotFound"), STATE("AVAILABLE")};
    wait = (struct oci_state_wait){
        .get = &get_vcn, .what = "VCN web", .targets = targets, .gone_is_pending = true};
    play(late, 2);
    assert_true(oci_wait_state(world.client, &wait, NULL, &err));
    wait.gone_is_pending = false;
    play(late, 2);
    assert_false(oci_wait_state(world.client, &wait, NULL, &err));
    assert_int_equal(err.code, ERROR_NOT_FOUND);
    error_reset(&err);

    const struct step stuck = STATE("PROVISIONING");
    play(&stuck, 1);
    wait.pending = NULL;
    wait.wait.deadline_ms = clock_monotonic_ms() + 200;
    assert_false(oci_wait_state(world.client, &wait, NULL, &err));
    assert_int_equal(err.code, ERROR_TIMEOUT);
    assert_in(error_message(&err), "(now PROVISIONING)");
}

/* --- secrets --------------------------------------------------------------------------------- */

static void collect_log(void *context, enum log_level level, const char *message,
                        const struct log_field *fields, size_t count)
{
    (void)level;
    struct str *out = context;
    str_printf(out, "%s", message);
    for (size_t i = 0; i < count; i++)
        str_printf(out, " %s=%s", fields[i].key, fields[i].value);
    str_append_char(out, '\n');
}

static void test_no_secrets_in_logs(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    OCI_RESPONSE_AUTO(response);
    STR_AUTO log = STR_INIT;
    log_set_sink(collect_log, &log, LOG_LEVEL_TRACE);
    PLAY({200, "",
          "{\"id\":\"v1\",\"token\":\"S3CRET1\",\"list\":[{\"accessUri\":\"S3CRET2\",\"fullPath\":"
          "\"S3CRET3\"}]}",
          false});
    JSON_AUTO body = json_pack("{s:s,s:s}", "adminPassword", "S3CRET3", "displayName", "web");
    struct oci_request request = create_vcn;
    request.body = body;
    assert_true(oci_call(world.client, &request, &response, &err));
    log_set_sink(NULL, NULL, LOG_LEVEL_OFF);
    assert_in(str_text(&log), "\"displayName\":\"web\"");
    assert_in(str_text(&log), "\"accessUri\":\"***\"");
    assert_null(strstr(str_text(&log), "S3CRET"));
    assert_null(strstr(str_text(&log), "signature="));
    assert_string_equal(json_get_text(response.body, "token"), "S3CRET1");
}

/* Each test has a client of its own: what is cached must not leak from one to the next. */
static int set_up(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    CLEANUP(free_pointer) char *url = test_server_url(world.server, "");
    CLEANUP(free_pointer) char *key = test_path("key.pem");
    const struct oci_endpoint_setting endpoint = {"default", url};
    const struct oci_client_options options = {.settings = {.tenancy_ocid = TENANCY,
                                                            .user_ocid = USER,
                                                            .private_key_path = key,
                                                            .region = "phx"},
                                               .endpoints = &endpoint,
                                               .endpoint_count = 1};
    world.client = oci_client_new(&options, &err);
    return world.client ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    oci_client_free(world.client);
    forget_requests();
    return 0;
}

static int start(void **state)
{
    (void)state;
    test_directory_make();
    setenv("HOME", test_directory, 1);
    if (!test_run("openssl genrsa -out key.pem 2048 && "
                  "openssl rsa -in key.pem -pubout -out public.pem"))
        return -1;
    world.server = test_server_start(handle, NULL, false);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    test_server_stop(world.server);
    test_directory_remove();
    return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_request_on_the_wire),
        TEST(test_signature_of_the_wire),
        TEST(test_paths),
        TEST(test_raw_bodies),
        TEST(test_errors_are_explained),
        TEST(test_clock_skew_is_explained),
        TEST(test_retried),
        TEST(test_not_retried),
        TEST(test_once_means_once),
        TEST(test_own_rules_and_bounds),
        TEST(test_cancelled_between_attempts),
        TEST(test_consistency_after_iam_writes),
        TEST(test_threads_share_a_client),
        TEST(test_lists),
        TEST(test_look_ups),
        TEST(test_work_request),
        TEST(test_failed_work_request),
        TEST(test_work_request_limits),
        TEST(test_lifecycle),
        TEST(test_no_secrets_in_logs),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
