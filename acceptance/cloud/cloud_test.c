/* The dispatcher and what every service gets from it: signatures, checks, retry tokens, etags, pages,
 * faults, time, and state that is saved or undone. */
#include "lib/base/test.h"

#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "acceptance/cloud/test_cloud.h"

static struct test_cloud *cloud;

static int set_up(void **state)
{
    (void)state;
    cloud = test_cloud_new(TEST_NO_WAITS);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    test_cloud_free(cloud);
    return 0;
}

static const char *tenancy(void)
{
    return cloud->cloud->settings.tenancy;
}

static void is_refused(struct test_answer answer, int status, const char *code, const char *says)
{
    const char *has = json_get_text(answer.json, "code");
    const char *message = json_get_text(answer.json, "message");
    if (answer.status != status || !text_equal(has, code) || !message || !strstr(message, says))
        fail_msg("%d %s %s, wanted %d %s %s", answer.status, has ? has : "-",
                 message ? message : "-", status, code, says);
    test_answer_free(&answer);
}

static char *vcn_body(const char *more)
{
    struct str body = STR_INIT;
    str_printf(&body, "{\"compartmentId\":\"%s\",\"cidrBlocks\":[\"10.0.0.0/16\"]%s}", tenancy(),
               more);
    return str_steal(&body);
}

static struct test_answer make_vcn(const char *more, const char *headers)
{
    CLEANUP(free_pointer) char *body = vcn_body(more);
    return test_send(
        cloud, &(struct test_request){
                   .method = "POST", .target = "/20160918/vcns", .body = body, .headers = headers});
}

/* Caller frees. */
static char *new_vcn(void)
{
    TEST_ANSWER answer = make_vcn("", NULL);
    assert_int_equal(answer.status, 200);
    return mem_strdup(json_get_text(answer.json, "id"));
}

static char *path_of(const char *id)
{
    struct str path = STR_INIT;
    str_printf(&path, "/20160918/vcns/%s", id);
    return str_steal(&path);
}

static char *list_path(const char *more)
{
    struct str path = STR_INIT;
    str_printf(&path, "/20160918/vcns?compartmentId=%s%s", tenancy(), more);
    return str_steal(&path);
}

static size_t vcn_count(void)
{
    CLEANUP(free_pointer) char *path = list_path("");
    TEST_ANSWER answer = test_call(cloud, "GET", path, NULL);
    assert_int_equal(answer.status, 200);
    return json_array_size(answer.json);
}

static void control(const char *method, const char *path, const char *body, int status)
{
    STR_AUTO target = STR_INIT;
    str_printf(&target, "/_emulator/%s", path);
    TEST_ANSWER answer = test_send(cloud, &(struct test_request){.method = method,
                                                                 .target = str_text(&target),
                                                                 .body = body,
                                                                 .without_signature = true});
    assert_int_equal(answer.status, status);
}

/* --- signatures ------------------------------------------------------------------------------------ */

static void test_signatures(void **state)
{
    (void)state;
    CLEANUP(free_pointer) char *body = vcn_body("");
    CLEANUP(free_pointer) char *other = vcn_body(" ");
    const struct test_request good = {.method = "POST", .target = "/20160918/vcns", .body = body};
    const struct test_request bad[] = {
        {"POST", "/20160918/vcns", body, .sent_body = other},
        {"POST", "/20160918/vcns", body, .sent_target = "/20160918/vcns?"},
        {"POST", "/20160918/vcns", body, .without_signature = true},
        {"POST", "/20160918/vcns", body, .key_id = "a/b/c"},
        {"POST", "/20160918/vcns", body, .key_id = "ST$a.b.c"},
        {"POST", "/20160918/vcns", body, .list = "date (request-target) host"},
        {"POST", "/20160918/vcns", body,
         .list = "date host content-length content-type x-content-sha256"},
        {"POST", "/20160918/vcns", body,
         .list = "date (request-target) content-length content-type x-content-sha256"},
        {"POST", "/20160918/vcns", body,
         .list = "(request-target) host content-length content-type x-content-sha256"},
        {"POST", "/20160918/vcns", body,
         .list = "date (request-target) host content-length content-type x-content-sha256 x-nil"},
    };
    TEST_ANSWER answer = test_send(cloud, &good);
    assert_int_equal(answer.status, 200);
    for (size_t i = 0; i < ARRAY_LENGTH(bad); i++)
        is_refused(test_send(cloud, &bad[i]), 401, "NotAuthenticated", "authenticate");
    for (int sign = -1; sign <= 1; sign += 2) {
        struct test_request skewed = good;
        skewed.skew_ms = sign * (int64_t)(5 * 60 + 5) * 1000;
        is_refused(test_send(cloud, &skewed), 401, "NotAuthenticated", "clock skew");
        skewed.skew_ms = sign * (int64_t)(5 * 60 - 5) * 1000;
        TEST_ANSWER near = test_send(cloud, &skewed);
        assert_int_equal(near.status, 200);
    }
    assert_int_equal(vcn_count(), 3);
}

/* A token that is bound to no session key signs nothing. */
static void test_tokens(void **state)
{
    (void)state;
    static const struct {
        const char *file;
        bool good;
    } cases[] = {{"session.token", true},
                 {"resource-principal.token", true},
                 {"service-account.token", false}};
    STR_AUTO path = STR_INIT;
    ERROR_AUTO(err);
    str_printf(&path, "%s/session.key", cloud->directory);
    EVP_PKEY *mine = cloud->key;
    cloud->key = key_file_open(str_text(&path), "RSA", &err);
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        STR_AUTO key_id = STR_INIT;
        str_append(&key_id, "ST$");
        str_clear(&path);
        str_printf(&path, "%s/%s", cloud->directory, cases[i].file);
        assert_true(file_read(str_text(&path), 16384, &key_id, &err));
        struct test_request request = {
            .method = "GET", .target = "/20160918/regions", .key_id = str_text(&key_id)};
        TEST_ANSWER answer = test_send(cloud, &request);
        assert_int_equal(answer.status, cases[i].good ? 200 : 401);
        /* One bit of the token changed. */
        key_id.ptr[key_id.length - 10] ^= 1;
        TEST_ANSWER forged = test_send(cloud, &request);
        assert_int_equal(forged.status, 401);
    }
    EVP_PKEY_free(cloud->key);
    cloud->key = mine;
}

/* --- requests ---------------------------------------------------------------------------------------- */

static void test_bodies(void **state)
{
    (void)state;
    static const struct {
        const char *more, *code, *says;
    } cases[] = {
        {",\"colour\":\"blue\"", "InvalidParameter", "Unrecognized field 'colour'"},
        {",\"displayName\":7", "InvalidParameter", "displayName must be a string"},
        {",\"displayName\":\"\"", "InvalidParameter", "displayName size must be between 1 and 255"},
        {",\"isIpv6Enabled\":\"yes\"", "InvalidParameter", "isIpv6Enabled must be true or false"},
        {",\"freeformTags\":{\"a\":1}", "InvalidParameter", "freeformTags must have texts"},
        {",\"freeformTags\":{\"a b\":\"c\"}", "InvalidParameter", "freeformTags must have keys"},
        {",\"definedTags\":{\"a\":\"b\"}", "InvalidParameter", "definedTags must have"},
        {",\"byoipv6CidrDetails\":[{\"ipv6CidrBlock\":\"x\"}]", "MissingParameter",
         "byoipv6CidrDetails[0].byoipv6RangeId is required"},
        {",\"cidrBlocks\":[]", "CannotParseRequest", "duplicate"},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++)
        is_refused(make_vcn(cases[i].more, NULL), 400, cases[i].code, cases[i].says);
    is_refused(test_call(cloud, "POST", "/20160918/vcns", "{}"), 400, "MissingParameter",
               "compartmentId is required");
    is_refused(test_call(cloud, "POST", "/20160918/vcns", ""), 400, "MissingParameter", "no body");
    is_refused(test_call(cloud, "POST", "/20160918/vcns", "["), 400, "CannotParseRequest", "JSON");
    /* null is as good as absent */
    TEST_ANSWER answer = make_vcn(",\"displayName\":null,\"dnsLabel\":null", NULL);
    assert_int_equal(answer.status, 200);
}

static void test_queries(void **state)
{
    (void)state;
    static const struct {
        const char *more, *says;
    } cases[] = {{"&colour=blue", "Unrecognized query parameter 'colour'"},
                 {"&limit=0", "limit must be between 1 and 1000"},
                 {"&limit=1001", "limit must be between 1 and 1000"},
                 {"&limit=x", "limit must be an integer"},
                 {"&sortBy=COLOUR", "sortBy must be one of"},
                 {"&displayName=a&displayName=b", "displayName is given twice"},
                 {"&displayName=%zz", "displayName is malformed"},
                 {"&page=bm9uc2Vuc2U", "page token is not valid"}};
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        CLEANUP(free_pointer) char *path = list_path(cases[i].more);
        is_refused(test_call(cloud, "GET", path, NULL), 400, "InvalidParameter", cases[i].says);
    }
    is_refused(test_call(cloud, "GET", "/20160918/vcns", NULL), 400, "MissingParameter",
               "compartmentId is required");
}

static void test_routes(void **state)
{
    (void)state;
    static const struct {
        const char *tunnel, *target;
        int status;
    } cases[] = {{"iaas.eu-frankfurt-1.oraclecloud.com", "/20160918/services", 200},
                 {"IAAS.eu-frankfurt-1.oraclecloud.com", "/20160918/services", 200},
                 {"identity.eu-frankfurt-1.oci.oraclecloud.com", "/20160918/regions", 200},
                 {"identity.eu-frankfurt-1.oraclecloud.com", "/20160918/regions", 200},
                 {"identity.eu-frankfurt-1.oci.oraclecloud.com", "/20160918/services", 404},
                 {"iaas.us-phoenix-1.oraclecloud.com", "/20160918/services", 404},
                 {"example.com", "/20160918/services", 404},
                 {NULL, "/20160918/nothing", 404},
                 {NULL, "/20160918/vcns/", 404},
                 {NULL, "/20160918/services/a%00b", 404}};
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        TEST_ANSWER answer = test_send(cloud, &(struct test_request){.method = "GET",
                                                                     .target = cases[i].target,
                                                                     .tunnel = cases[i].tunnel});
        if (answer.status != cases[i].status)
            fail_msg("%s %s: %d", cases[i].tunnel, cases[i].target, answer.status);
    }
    is_refused(test_call(cloud, "PUT", "/20160918/services", "{}"), 405, "MethodNotAllowed", "PUT");
}

/* --- etags, retry tokens, pages ------------------------------------------------------------------------ */

static void test_etags(void **state)
{
    (void)state;
    CLEANUP(free_pointer) char *id = new_vcn();
    CLEANUP(free_pointer) char *path = path_of(id);
    TEST_ANSWER answer = test_call(cloud, "GET", path, NULL);
    CLEANUP(free_pointer) char *etag = test_answer_header(&answer, "etag");
    STR_AUTO good = STR_INIT;
    str_printf(&good, "if-match: %s\r\n", etag);
    struct test_request request = {.method = "PUT",
                                   .target = path,
                                   .body = "{\"displayName\":\"x\"}",
                                   .headers = "if-match: stale\r\n"};
    is_refused(test_send(cloud, &request), 412, "NoEtagMatch", id);
    request.headers = str_text(&good);
    TEST_ANSWER changed = test_send(cloud, &request);
    assert_int_equal(changed.status, 200);
    is_refused(test_send(cloud, &request), 412, "NoEtagMatch", id); /* it is another one now */
    request.headers = "if-match: *\r\n";
    TEST_ANSWER any = test_send(cloud, &request);
    assert_int_equal(any.status, 200);
}

static void test_retry_tokens(void **state)
{
    (void)state;
    static const char token[] = "opc-retry-token: one\r\n";
    TEST_ANSWER first = make_vcn("", token);
    TEST_ANSWER second = make_vcn("", token);
    const char *id = json_get_text(first.json, "id");
    assert_int_equal(second.status, 200);
    assert_string_equal(json_get_text(second.json, "id"), id);
    CLEANUP(free_pointer) char *etag = test_answer_header(&second, "etag");
    assert_non_null(etag);
    is_refused(make_vcn(",\"displayName\":\"other\"", token), 409, "InvalidatedRetryToken",
               "another request");
    /* It outlives the program. */
    test_cloud_close(cloud);
    test_cloud_open(cloud);
    TEST_ANSWER third = make_vcn("", token);
    assert_string_equal(json_get_text(third.json, "id"), id);
    assert_int_equal(vcn_count(), 1);
    CLEANUP(free_pointer) char *path = path_of(id);
    TEST_ANSWER deleted = test_call(cloud, "DELETE", path, NULL);
    assert_int_equal(deleted.status, 204);
    is_refused(make_vcn("", token), 409, "InvalidatedRetryToken", "has been deleted");
    /* A refused call leaves no token behind. */
    static const char other[] = "opc-retry-token: two\r\n";
    is_refused(make_vcn(",\"dnsLabel\":\"1\"", other), 400, "InvalidParameter", "dnsLabel");
    TEST_ANSWER after = make_vcn("", other);
    assert_int_equal(after.status, 200);
}

static void test_pages(void **state)
{
    (void)state;
    for (int i = 0; i < 5; i++)
        free(new_vcn());
    size_t seen = 0;
    int pages = 0;
    char *next = NULL;
    do {
        STR_AUTO more = STR_INIT;
        str_append(&more, "&limit=2");
        if (next)
            str_printf(&more, "&page=%s", next);
        CLEANUP(free_pointer) char *path = list_path(str_text(&more));
        TEST_ANSWER answer = test_call(cloud, "GET", path, NULL);
        assert_int_equal(answer.status, 200);
        seen += json_array_size(answer.json);
        free(next);
        next = test_answer_header(&answer, "opc-next-page");
        if (pages++ == 0) { /* a token is good for its own list only */
            STR_AUTO foreign = STR_INIT;
            str_printf(&foreign, "&displayName=a&page=%s", next);
            CLEANUP(free_pointer) char *wrong = list_path(str_text(&foreign));
            is_refused(test_call(cloud, "GET", wrong, NULL), 400, "InvalidParameter", "page token");
        }
    } while (next);
    assert_int_equal(seen, 5);
    assert_int_equal(pages, 3);
}

/* --- time ------------------------------------------------------------------------------------------- */

static void is_in_state(const char *id, const char *wanted)
{
    CLEANUP(free_pointer) char *path = path_of(id);
    TEST_ANSWER answer = test_call(cloud, "GET", path, NULL);
    const char *state = json_get_text(answer.json, "lifecycleState");
    assert_string_equal(state ? state : "none", wanted);
}

static void test_lifecycle(void **state)
{
    (void)state;
    TEST_ANSWER made = make_vcn("", NULL);
    CLEANUP(free_pointer) char *id = mem_strdup(json_get_text(made.json, "id"));
    CLEANUP(free_pointer) char *path = path_of(id);
    assert_string_equal(json_get_text(made.json, "lifecycleState"), "PROVISIONING");
    is_in_state(id, "AVAILABLE");
    /* The next step waits in the state, not in the program. */
    cloud->cloud->settings.speed = 1e-6;
    TEST_ANSWER deleted = test_call(cloud, "DELETE", path, NULL);
    assert_int_equal(deleted.status, 204);
    is_in_state(id, "TERMINATING");
    is_refused(test_call(cloud, "DELETE", path, NULL), 409, "IncorrectState", "TERMINATING");
    is_refused(test_call(cloud, "PUT", path, "{}"), 409, "IncorrectState", "TERMINATING");
    test_cloud_close(cloud);
    test_cloud_open(cloud);
    is_in_state(id, "TERMINATING");
    assert_true(cloud_tick(cloud->cloud) > 0);
}

static void test_deletion_conflicts(void **state)
{
    (void)state;
    CLEANUP(free_pointer) char *id = new_vcn();
    CLEANUP(free_pointer) char *path = path_of(id);
    STR_AUTO body = STR_INIT;
    str_printf(&body, "{\"compartmentId\":\"%s\",\"vcnId\":\"%s\",\"cidrBlock\":\"10.0.0.0/24\"}",
               tenancy(), id);
    TEST_ANSWER subnet = test_call(cloud, "POST", "/20160918/subnets", str_text(&body));
    assert_int_equal(subnet.status, 200);
    is_refused(test_call(cloud, "DELETE", path, NULL), 409, "IncorrectState",
               json_get_text(subnet.json, "id"));
    STR_AUTO subnet_path = STR_INIT;
    str_printf(&subnet_path, "/20160918/subnets/%s", json_get_text(subnet.json, "id"));
    TEST_ANSWER gone = test_call(cloud, "DELETE", str_text(&subnet_path), NULL);
    assert_int_equal(gone.status, 204);
    TEST_ANSWER answer = test_call(cloud, "DELETE", path, NULL);
    assert_int_equal(answer.status, 204);
    /* What was made with it has gone with it. */
    assert_null(store_find(cloud->cloud->store, NULL, json_get_text(subnet.json, "routeTableId")));
}

/* --- faults ------------------------------------------------------------------------------------------ */

static void test_faults(void **state)
{
    (void)state;
    control(
        "POST", "faults",
        "[{\"operation\":\"CreateVcn\",\"kind\":\"status\",\"status\":429,\"skip\":1,\"count\":2,"
        "\"retryAfter\":3}]",
        204);
    free(new_vcn());
    for (int i = 0; i < 2; i++) {
        TEST_ANSWER answer = make_vcn("", NULL);
        CLEANUP(free_pointer) char *wait = test_answer_header(&answer, "retry-after");
        assert_int_equal(answer.status, 429);
        assert_string_equal(json_get_text(answer.json, "code"), "TooManyRequests");
        assert_string_equal(wait, "3");
    }
    free(new_vcn());
    control("POST", "faults",
            "[{\"operation\":\"CreateVcn\",\"kind\":\"drop\"},"
            "{\"operation\":\"CreateVcn\",\"kind\":\"drop\",\"when\":\"after\",\"skip\":1},"
            "{\"operation\":\"CreateVcn\",\"kind\":\"capacity\",\"skip\":2},"
            "{\"operation\":\"CreateVcn\",\"kind\":\"delay\",\"ms\":70,\"skip\":3},"
            "{\"operation\":\"*\",\"service\":\"identity\",\"kind\":\"conflict\"}]",
            204);
    TEST_ANSWER before = make_vcn("", NULL);
    assert_true(before.drop);
    assert_int_equal(vcn_count(), 2);
    TEST_ANSWER after = make_vcn("", NULL);
    assert_true(after.drop);
    assert_int_equal(vcn_count(), 3);
    is_refused(make_vcn("", NULL), 500, "InternalError", "Out of host capacity");
    TEST_ANSWER late = make_vcn("", NULL);
    assert_int_equal(late.delay_ms, 70);
    is_refused(test_call(cloud, "GET", "/20160918/regions", NULL), 409, "IncorrectState", "");
    TEST_ANSWER good = test_call(cloud, "GET", "/20160918/regions", NULL);
    assert_int_equal(good.status, 200);
    control("POST", "faults", "{\"operation\":\"CreateVcn\",\"kind\":\"earthquake\"}", 400);
    control("POST", "faults", "{\"kind\":\"delay\"}", 400);
    control("DELETE", "faults", NULL, 204);
}

static void test_stuck_and_failed_work(void **state)
{
    (void)state;
    CLEANUP(free_pointer) char *good = new_vcn();
    control("POST", "faults",
            "[{\"operation\":\"CreateVcn\",\"kind\":\"stuck\"},{\"operation\":\"AddVcnCidr\","
            "\"kind\":\"work\",\"code\":\"Oops\",\"message\":\"no room\"}]",
            204);
    CLEANUP(free_pointer) char *stuck = new_vcn();
    is_in_state(stuck, "PROVISIONING");
    CLEANUP(free_pointer) char *path = path_of(good);
    STR_AUTO action = STR_INIT;
    str_printf(&action, "%s/actions/addCidr", path);
    TEST_ANSWER answer =
        test_call(cloud, "POST", str_text(&action), "{\"cidrBlock\":\"10.1.0.0/16\"}");
    CLEANUP(free_pointer) char *work = test_answer_header(&answer, "opc-work-request-id");
    STR_AUTO errors = STR_INIT;
    is_in_state(good, "AVAILABLE");
    str_printf(&errors, "/20160918/workRequests/%s/errors", work);
    TEST_ANSWER list = test_call(cloud, "GET", str_text(&errors), NULL);
    assert_string_equal(json_get_text(json_array_get(list.json, 0), "message"), "no room");
    TEST_ANSWER vcn = test_call(cloud, "GET", path, NULL);
    assert_int_equal(json_array_size(json_object_get(vcn.json, "cidrBlocks")), 1);
}

/* --- control ----------------------------------------------------------------------------------------- */

static void test_control(void **state)
{
    (void)state;
    CLEANUP(free_pointer) char *id = new_vcn();
    STR_AUTO body = STR_INIT;
    str_printf(&body, "{\"id\":\"%s\",\"patch\":{\"displayName\":\"drift\",\"dnsLabel\":null}}",
               id);
    control("POST", "mutate", str_text(&body), 204);
    CLEANUP(free_pointer) char *path = path_of(id);
    TEST_ANSWER vcn = test_call(cloud, "GET", path, NULL);
    assert_string_equal(json_get_text(vcn.json, "displayName"), "drift");
    struct test_request request = {
        .method = "GET", .target = "/_emulator/objects", .without_signature = true};
    TEST_ANSWER objects = test_send(cloud, &request);
    assert_string_equal(json_get_text(json_at_path(objects.json, "vcn.0"), "id"), id);
    assert_null(json_object_get(objects.json, "tenancy"));
    assert_null(json_object_get(objects.json, "retrytoken"));
    /* From another machine only with the token. */
    STR_AUTO header = STR_INIT;
    request.from_elsewhere = true;
    TEST_ANSWER refused = test_send(cloud, &request);
    assert_int_equal(refused.status, 403);
    str_printf(&header, "Authorization: Bearer %s\r\n", cloud->cloud->control_token);
    request.headers = str_text(&header);
    TEST_ANSWER allowed = test_send(cloud, &request);
    assert_int_equal(allowed.status, 200);
}

/* What a cluster leaves behind keeps its subnet. */
static void test_left_behind(void **state)
{
    (void)state;
    CLEANUP(free_pointer) char *vcn = new_vcn();
    STR_AUTO body = STR_INIT;
    str_printf(&body, "{\"compartmentId\":\"%s\",\"vcnId\":\"%s\",\"cidrBlock\":\"10.0.0.0/24\"}",
               tenancy(), vcn);
    TEST_ANSWER subnet = test_call(cloud, "POST", "/20160918/subnets", str_text(&body));
    const char *subnet_id = json_get_text(subnet.json, "id");
    str_clear(&body);
    str_printf(
        &body,
        "{\"kind\":\"loadbalancer\",\"body\":{\"compartmentId\":\"%s\",\"displayName\":\"lb\","
        "\"shapeName\":\"flexible\",\"subnetIds\":[\"%s\"]}}",
        tenancy(), subnet_id);
    control("POST", "objects", str_text(&body), 200);
    control("POST", "objects", "{\"kind\":\"dragon\",\"body\":{}}", 400);
    STR_AUTO list_target = STR_INIT;
    str_printf(&list_target, "/20170115/loadBalancers?compartmentId=%s", tenancy());
    TEST_ANSWER list = test_call(cloud, "GET", str_text(&list_target), NULL);
    const char *id = json_get_text(json_array_get(list.json, 0), "id");
    assert_non_null(id);
    STR_AUTO subnet_target = STR_INIT;
    str_printf(&subnet_target, "/20160918/subnets/%s", subnet_id);
    is_refused(test_call(cloud, "DELETE", str_text(&subnet_target), NULL), 409, "IncorrectState",
               id);
    STR_AUTO target = STR_INIT;
    str_printf(&target, "/20170115/loadBalancers/%s", id);
    TEST_ANSWER deleted = test_call(cloud, "DELETE", str_text(&target), NULL);
    assert_int_equal(deleted.status, 204);
    TEST_ANSWER gone = test_call(cloud, "DELETE", str_text(&subnet_target), NULL);
    assert_int_equal(gone.status, 204);
}

/* A change that cannot be saved did not happen, and the client hears so. */
static void test_full_disk(void **state)
{
    (void)state;
    struct stat info;
    struct rlimit old, small;
    STR_AUTO path = STR_INIT;
    str_printf(&path, "%s/state.log", cloud->directory);
    stat(str_text(&path), &info);
    getrlimit(RLIMIT_FSIZE, &old);
    small = old;
    small.rlim_cur = (rlim_t)info.st_size + 100;
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &small);
    struct test_answer answer = make_vcn("", "opc-retry-token: t\r\n");
    setrlimit(RLIMIT_FSIZE, &old);
    is_refused(answer, 500, "InternalServerError", "could not be saved");
    assert_int_equal(vcn_count(), 0);
    TEST_ANSWER again = make_vcn("", "opc-retry-token: t\r\n");
    assert_int_equal(again.status, 200);
    assert_int_equal(vcn_count(), 1);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(test_signatures),   TEST(test_tokens),
                                       TEST(test_bodies),       TEST(test_queries),
                                       TEST(test_routes),       TEST(test_etags),
                                       TEST(test_retry_tokens), TEST(test_pages),
                                       TEST(test_lifecycle),    TEST(test_deletion_conflicts),
                                       TEST(test_faults),       TEST(test_stuck_and_failed_work),
                                       TEST(test_control),      TEST(test_left_behind),
                                       TEST(test_full_disk)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
