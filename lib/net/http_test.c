#include "lib/net/http.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/clock.h"
#include "lib/base/test.h"
#include "lib/net/test_server.h"

/* Answers by target; "/echo" gives the request back. */
static void handle(void *context, struct test_exchange *exchange)
{
    (void)context;
    const char *target = exchange->target;
    if (strcmp(target, "/drop") == 0) {
        exchange->drop = true;
    } else if (strcmp(target, "/drop-first") == 0) {
        exchange->drop = exchange->connection == 0;
    } else if (strcmp(target, "/slow") == 0) {
        usleep(400 * 1000);
    } else if (strcmp(target, "/404") == 0) {
        exchange->status = 404;
        str_append(&exchange->answer, "no such thing");
    } else if (strcmp(target, "/big") == 0) {
        for (int i = 0; i < 1000; i++)
            str_append(&exchange->answer, "0123456789");
    } else if (strcmp(target, "/many-headers") == 0) {
        for (int i = 0; i < 2 * HTTP_HEADER_LIMIT; i++)
            str_printf(&exchange->headers, "X-%d: y\r\n", i);
    } else {
        str_append(&exchange->headers, "X-Test:  some value \r\nETag: abc\r\n");
        str_append(&exchange->answer, exchange->head);
        str_append_bytes(&exchange->answer, str_text(&exchange->body), exchange->body.length);
    }
}

struct fixture {
    struct test_server *server;
    struct http_client *client;
};

static int set_up(void **state)
{
    struct fixture *fixture = mem_calloc(1, sizeof(*fixture));
    fixture->server = test_server_start(handle, NULL, false);
    fixture->client = http_client_new(&(struct http_options){.user_agent = "okestra-test/1"});
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    http_client_free(fixture->client);
    test_server_stop(fixture->server);
    free(fixture);
    return 0;
}

static bool get(struct fixture *fixture, const char *method, const char *path,
                struct http_request request, struct http_response *response, struct error *err)
{
    CLEANUP(free_pointer) char *url = test_server_url(fixture->server, path);
    request.method = method;
    request.url = url;
    return http_perform(fixture->client, &request, response, err);
}

static void test_exchange_of_bytes(void **state)
{
    struct fixture *fixture = *state;
    ERROR_AUTO(err);
    HTTP_RESPONSE_AUTO(response);
    const struct http_header headers[] = {
        {"X-One", "1"}, {"Host", "other.example"}, {"X-Empty", ""}};
    struct http_request request = {.headers = headers, .header_count = 3};
    assert_true(get(fixture, "GET", "/a/../b/./c?x=%2F&y", request, &response, &err));
    assert_int_equal(response.status, 200);
    const char *text = str_text(&response.body);
    assert_non_null(strstr(text, "GET /a/../b/./c?x=%2F&y HTTP/1.1\r\n"));
    assert_non_null(strstr(text, "Host: other.example\r\n"));
    assert_non_null(strstr(text, "X-One: 1\r\n"));
    assert_non_null(strstr(text, "X-Empty:\r\n"));
    assert_non_null(strstr(text, "User-Agent: okestra-test/1\r\n"));
    assert_null(strcasestr(text, "content-"));
    assert_string_equal(http_response_header(&response, "x-test"), "some value");
    assert_string_equal(http_response_header(&response, "etag"), "abc");
    assert_null(http_response_header(&response, "nothing"));
}

static void test_bodies(void **state)
{
    struct fixture *fixture = *state;
    static const struct {
        const char *method, *body, *length;
    } rows[] = {
        {"POST", NULL, "Content-Length: 0\r\n"},
        {"PUT", NULL, "Content-Length: 0\r\n"},
        {"POST", "{}", "Content-Length: 2\r\n"},
        {"PUT", "abc", "Content-Length: 3\r\n"},
        {"PATCH", "[]", "Content-Length: 2\r\n"},
        {"DELETE", "x", "Content-Length: 1\r\n"},
        {"DELETE", NULL, NULL},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        ERROR_AUTO(err);
        HTTP_RESPONSE_AUTO(response);
        struct http_request request = {.body = rows[i].body,
                                       .body_length = rows[i].body ? strlen(rows[i].body) : 0};
        assert_true(get(fixture, rows[i].method, "/echo", request, &response, &err));
        const char *text = str_text(&response.body);
        assert_true(text_starts_with(text, rows[i].method));
        if (rows[i].length)
            assert_non_null(strstr(text, rows[i].length));
        else
            assert_null(strcasestr(text, "Content-Length"));
        assert_null(strcasestr(text, "Expect"));
        assert_null(strcasestr(text, "Transfer-Encoding"));
        assert_null(strcasestr(text, "Content-Type"));
        assert_true(text_ends_with(text, rows[i].body ? rows[i].body : "\r\n\r\n"));
    }
}

static void test_large_upload(void **state)
{
    struct fixture *fixture = *state;
    ERROR_AUTO(err);
    HTTP_RESPONSE_AUTO(response);
    STR_AUTO body = STR_INIT;
    for (int i = 0; i < 100000; i++)
        str_append(&body, "0123456789");
    struct http_request request = {.body = body.ptr, .body_length = body.length};
    assert_true(get(fixture, "PUT", "/echo", request, &response, &err));
    assert_null(strcasestr(str_text(&response.body), "Expect:"));
    assert_true(response.body.length > body.length);
}

static void test_head_and_errors(void **state)
{
    struct fixture *fixture = *state;
    ERROR_AUTO(err);
    HTTP_RESPONSE_AUTO(response);
    assert_true(get(fixture, "HEAD", "/echo", (struct http_request){0}, &response, &err));
    assert_int_equal(response.body.length, 0);
    assert_true(get(fixture, "GET", "/404", (struct http_request){0}, &response, &err));
    assert_int_equal(response.status, 404);
    assert_string_equal(str_text(&response.body), "no such thing");
    assert_int_equal(atomic_load(&fixture->server->connections), 1);
}

static void test_limits(void **state)
{
    struct fixture *fixture = *state;
    ERROR_AUTO(err);
    HTTP_RESPONSE_AUTO(response);
    struct http_request request = {.response_limit = 9999};
    assert_false(get(fixture, "GET", "/big", request, &response, &err));
    assert_int_equal(err.code, ERROR_INVALID);
    error_reset(&err);
    request.response_limit = 10000;
    assert_true(get(fixture, "GET", "/big", request, &response, &err));
    assert_false(get(fixture, "GET", "/many-headers", request, &response, &err));
    assert_int_equal(err.code, ERROR_INVALID);
    error_reset(&err);
    const struct http_header bad = {"X-Bad", "a\r\nX-Injected: b"};
    request = (struct http_request){.headers = &bad, .header_count = 1};
    assert_false(get(fixture, "GET", "/echo", request, &response, &err));
    assert_int_equal(err.code, ERROR_INVALID);
}

static void test_deadline_and_silence(void **state)
{
    struct fixture *fixture = *state;
    ERROR_AUTO(err);
    HTTP_RESPONSE_AUTO(response);
    int64_t started = clock_monotonic_ms();
    struct http_request request = {.deadline_ms = started + 50};
    assert_false(get(fixture, "GET", "/slow", request, &response, &err));
    assert_int_equal(err.code, ERROR_TIMEOUT);
    assert_true(response.request_sent);
    error_reset(&err);
    request = (struct http_request){.idle_timeout_ms = 50};
    assert_false(get(fixture, "GET", "/slow", request, &response, &err));
    assert_int_equal(err.code, ERROR_TIMEOUT);
    assert_true(clock_monotonic_ms() - started < 390);
}

static void *raise_soon(void *context)
{
    usleep(50 * 1000);
    cancel_raise(context);
    return NULL;
}

static void test_cancel(void **state)
{
    struct fixture *fixture = *state;
    ERROR_AUTO(err);
    HTTP_RESPONSE_AUTO(response);
    struct cancel *cancel = cancel_new();
    pthread_t thread;
    pthread_create(&thread, NULL, raise_soon, cancel);
    int64_t started = clock_monotonic_ms();
    struct http_request request = {.cancel = cancel};
    assert_false(get(fixture, "GET", "/slow", request, &response, &err));
    assert_int_equal(err.code, ERROR_CANCELLED);
    assert_true(clock_monotonic_ms() - started < 300);
    pthread_join(thread, NULL);
    error_reset(&err);
    assert_false(get(fixture, "GET", "/echo", request, &response, &err));
    assert_int_equal(err.code, ERROR_CANCELLED);
    assert_false(response.request_sent);
    assert_false(cancel_sleep_until(cancel, clock_monotonic_ms() + 10000));
    cancel_free(cancel);
    assert_true(cancel_sleep_until(NULL, clock_monotonic_ms() + 1));
    assert_false(cancel_raised(NULL));
}

static void test_unreachable(void **state)
{
    struct fixture *fixture = *state;
    ERROR_AUTO(err);
    HTTP_RESPONSE_AUTO(response);
    struct http_request request = {.method = "GET", .url = "http://127.0.0.1:1/x"};
    assert_false(http_perform(fixture->client, &request, &response, &err));
    assert_int_equal(err.code, ERROR_UNAVAILABLE);
    assert_false(response.request_sent);
    assert_non_null(strstr(error_message(&err), "http://127.0.0.1:1"));
}

static void test_dropped_connections(void **state)
{
    struct fixture *fixture = *state;
    ERROR_AUTO(err);
    HTTP_RESPONSE_AUTO(response);
    struct http_request once = {.send_once = true};
    assert_false(get(fixture, "POST", "/drop", once, &response, &err));
    assert_int_equal(err.code, ERROR_UNAVAILABLE);
    assert_true(response.request_sent);
    assert_int_equal(atomic_load(&fixture->server->requests), 1);
}

/* A kept connection that turns out to be dead is replaced without the caller noticing, unless the
 * request must not be sent twice. */
static void test_kept_connection_dies(void **state)
{
    struct fixture *fixture = *state;
    ERROR_AUTO(err);
    HTTP_RESPONSE_AUTO(response);
    assert_true(get(fixture, "GET", "/echo", (struct http_request){0}, &response, &err));
    assert_true(get(fixture, "GET", "/drop-first", (struct http_request){0}, &response, &err));
    assert_int_equal(atomic_load(&fixture->server->requests), 3);
    assert_int_equal(atomic_load(&fixture->server->connections), 2);
}

static bool collect(void *context, const char *data, size_t length)
{
    struct str *out = context;
    str_append_bytes(out, data, length);
    return out->length < 5000;
}

static void test_stream(void **state)
{
    struct fixture *fixture = *state;
    ERROR_AUTO(err);
    HTTP_RESPONSE_AUTO(response);
    STR_AUTO out = STR_INIT;
    struct http_request request = {.on_body = collect, .on_body_context = &out};
    assert_true(get(fixture, "GET", "/big", request, &response, &err));
    assert_true(out.length >= 5000);
    assert_int_equal(response.body.length, 0);
    str_clear(&out);
    assert_true(get(fixture, "GET", "/404", request, &response, &err));
    assert_int_equal(out.length, 0);
    assert_string_equal(str_text(&response.body), "no such thing");
}

static void *many_requests(void *context)
{
    struct fixture *fixture = context;
    for (int i = 0; i < 50; i++) {
        ERROR_AUTO(err);
        HTTP_RESPONSE_AUTO(response);
        if (!get(fixture, "GET", "/echo", (struct http_request){0}, &response, &err))
            return mem_strdup(error_message(&err));
    }
    return NULL;
}

static void test_threads_reuse_connections(void **state)
{
    struct fixture *fixture = *state;
    pthread_t threads[8];
    for (size_t i = 0; i < ARRAY_LENGTH(threads); i++)
        pthread_create(&threads[i], NULL, many_requests, fixture);
    for (size_t i = 0; i < ARRAY_LENGTH(threads); i++) {
        void *failure;
        pthread_join(threads[i], &failure);
        if (failure)
            fail_msg("%s", (char *)failure);
    }
    assert_int_equal(atomic_load(&fixture->server->requests), 400);
    assert_in_range(atomic_load(&fixture->server->connections), 1, 8);
}

static void test_loopback_ignores_proxy(void **state)
{
    struct fixture *fixture = *state;
    ERROR_AUTO(err);
    HTTP_RESPONSE_AUTO(response);
    setenv("http_proxy", "http://127.0.0.1:1", 1);
    setenv("https_proxy", "http://127.0.0.1:1", 1);
    bool direct = get(fixture, "GET", "/echo", (struct http_request){0}, &response, &err);
    struct http_request request = {.method = "GET", .url = "http://example.invalid/"};
    bool proxied = http_perform(fixture->client, &request, &response, &err);
    unsetenv("http_proxy");
    unsetenv("https_proxy");
    assert_true(direct);
    assert_false(proxied);
    assert_non_null(strstr(error_message(&err), "http://example.invalid"));
    assert_non_null(strstr(error_message(&err), "port 1"));
}

static void test_tls(void **state)
{
    (void)state;
    struct fixture fixture = {.server = test_server_start(handle, NULL, true)};
    ERROR_AUTO(err);
    HTTP_RESPONSE_AUTO(response);
    fixture.client = http_client_new(&(struct http_options){0});
    assert_false(get(&fixture, "GET", "/echo", (struct http_request){0}, &response, &err));
    assert_int_equal(err.code, ERROR_INVALID);
    assert_non_null(strstr(error_message(&err), "is not trusted"));
    assert_false(response.request_sent);
    http_client_free(fixture.client);
    error_reset(&err);

    fixture.client =
        http_client_new(&(struct http_options){.ca_data = fixture.server->certificate});
    assert_true(get(&fixture, "GET", "/echo", (struct http_request){0}, &response, &err));
    assert_true(get(&fixture, "GET", "/echo", (struct http_request){0}, &response, &err));
    int connections = atomic_load(&fixture.server->connections);
    struct http_request once = {.send_once = true};
    assert_true(get(&fixture, "POST", "/echo", once, &response, &err));
    assert_int_equal(atomic_load(&fixture.server->connections), connections + 1);
    assert_int_equal(atomic_load(&fixture.server->resumed), 1);
    http_client_free(fixture.client);

    fixture.client = http_client_new(&(struct http_options){.insecure = true});
    assert_true(get(&fixture, "GET", "/echo", (struct http_request){0}, &response, &err));
    http_client_free(fixture.client);

    fixture.client = http_client_new(&(struct http_options){.ca_file = "/nonexistent/ca.pem"});
    assert_false(get(&fixture, "GET", "/echo", (struct http_request){0}, &response, &err));
    assert_non_null(strstr(error_message(&err), "/nonexistent/ca.pem"));
    http_client_free(fixture.client);
    test_server_stop(fixture.server);
}

static int accept_any(X509_STORE_CTX *context, void *unused)
{
    (void)context;
    (void)unused;
    return 1;
}

/* The server wants a certificate from us; its own one serves for that. */
static void test_client_certificate(void **state)
{
    (void)state;
    struct fixture fixture = {.server = test_server_start(handle, NULL, true)};
    struct test_server *server = fixture.server;
    SSL_CTX_set_verify(server->tls, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
    SSL_CTX_set_cert_verify_callback(server->tls, accept_any, NULL);
    const struct http_options rows[] = {
        {.ca_data = server->certificate},
        {.ca_data = server->certificate,
         .client_cert_data = server->certificate,
         .client_key_data = server->private_key},
        {.ca_data = server->certificate,
         .client_cert_data = server->certificate,
         .client_key_data = "not a key"},
        {.ca_data = server->certificate, .client_cert_file = "/nonexistent/cert.pem"},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        ERROR_AUTO(err);
        HTTP_RESPONSE_AUTO(response);
        fixture.client = http_client_new(&rows[i]);
        bool ok = get(&fixture, "GET", "/echo", (struct http_request){0}, &response, &err);
        assert_int_equal(ok, i == 1);
        assert_int_equal(err.code, i == 1   ? ERROR_NONE
                                   : i == 0 ? ERROR_UNAVAILABLE
                                            : ERROR_INVALID);
        assert_null(strstr(error_message(&err), "not a key"));
        http_client_free(fixture.client);
    }
    test_server_stop(server);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_exchange_of_bytes),
        TEST(test_bodies),
        TEST(test_large_upload),
        TEST(test_head_and_errors),
        TEST(test_limits),
        TEST(test_deadline_and_silence),
        TEST(test_cancel),
        TEST(test_unreachable),
        TEST(test_dropped_connections),
        TEST(test_kept_connection_dies),
        TEST(test_stream),
        TEST(test_threads_reuse_connections),
        TEST(test_loopback_ignores_proxy),
        cmocka_unit_test(test_tls),
        cmocka_unit_test(test_client_certificate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
