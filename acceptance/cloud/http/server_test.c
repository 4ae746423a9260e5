/* The server over real sockets: plain, TLS, tunnels, pipelines, delays, drops, limits. */
#include "lib/base/test.h"

#include <arpa/inet.h>
#include <errno.h>
#include <openssl/x509v3.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "acceptance/cloud/http/server.h"
#include "lib/base/clock.h"
#include "lib/base/compiler.h"

static char directory[64];
static struct authority *authority;
static struct server *server;
static pthread_t thread;
static int port;

/* --- the server: answers with what it saw -------------------------------------------------------------- */

static size_t limit_body(void *context, const struct http_request *request,
                         const struct server_peer *peer)
{
    (void)context;
    (void)peer;
    return strcmp(request->path, "/large") == 0 ? 8 * 1024 * 1024 : HTTP_BODY_LIMIT;
}

static void handle(void *context, struct http_request *request, const struct server_peer *peer,
                   struct server_answer *answer)
{
    (void)context;
    answer->status = 200;
    str_append(&answer->headers, "X-Test: yes\r\n");
    if (strcmp(request->path, "/drop") == 0)
        answer->drop = true;
    if (strcmp(request->path, "/slow") == 0)
        answer->delay_ms = 150;
    if (strcmp(request->path, "/large") == 0)
        str_append_bytes(&answer->body, str_text(&request->body), request->body.length);
    else
        str_printf(&answer->body, "%s %s %s %zu", request->method, request->path,
                   peer->tunnel ? peer->tunnel : "-", request->body.length);
}

static int64_t tick(void *context)
{
    (void)context;
    return -1;
}

static void *run(void *context)
{
    (void)context;
    ERROR_AUTO(err);
    if (!server_run(server, &err))
        fatal_error("%s", error_message(&err));
    return NULL;
}

static int set_up(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    signal(SIGPIPE, SIG_IGN);
    strcpy(directory, "/tmp/okestra-server-XXXXXX");
    const struct server_hooks hooks = {NULL, limit_body, handle, tick};
    if (!mkdtemp(directory) || !(authority = authority_open(directory, &err)) ||
        !(server = server_new("127.0.0.1:0", authority, &hooks, &err)))
        return -1;
    port = (int)strtol(strrchr(server_url(server), ':') + 1, NULL, 10);
    return pthread_create(&thread, NULL, run, NULL);
}

static int tear_down(void **state)
{
    (void)state;
    kill(getpid(), SIGTERM);
    pthread_join(thread, NULL);
    server_free(server);
    authority_free(authority);
    static const char *const files[] = {"ca.pem", "ca.key"};
    for (size_t i = 0; i < ARRAY_LENGTH(files); i++) {
        char path[96];
        snprintf(path, sizeof(path), "%s/%s", directory, files[i]);
        unlink(path);
    }
    return rmdir(directory);
}

/* --- the client ------------------------------------------------------------------------------------------ */

struct client {
    int fd;
    SSL_CTX *context;
    SSL *ssl;
    struct str read;
};

static void client_open(struct client *client)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
    *client = (struct client){.fd = socket(AF_INET, SOCK_STREAM, 0)};
    setsockopt(client->fd, SOL_SOCKET, SO_RCVTIMEO, &(struct timeval){.tv_sec = 20},
               sizeof(struct timeval));
    assert_int_equal(connect(client->fd, (struct sockaddr *)&address, sizeof(address)), 0);
}

static void client_start_tls(struct client *client, const char *name, const char *address)
{
    client->context = SSL_CTX_new(TLS_client_method());
    X509_STORE_add_cert(SSL_CTX_get_cert_store(client->context), authority_certificate(authority));
    SSL_CTX_set_verify(client->context, SSL_VERIFY_PEER, NULL);
    client->ssl = SSL_new(client->context);
    if (name) {
        SSL_set_tlsext_host_name(client->ssl, name);
        SSL_set1_host(client->ssl, name);
    } else {
        X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(client->ssl), address);
    }
    SSL_set_fd(client->ssl, client->fd);
    if (SSL_connect(client->ssl) != 1)
        fail_msg("TLS: %s", X509_verify_cert_error_string(SSL_get_verify_result(client->ssl)));
}

static void client_close(struct client *client)
{
    SSL_free(client->ssl);
    SSL_CTX_free(client->context);
    close(client->fd);
    str_free(&client->read);
}
#define CLIENT(name) CLEANUP(client_close) struct client name

static void client_write(struct client *client, const void *data, size_t length)
{
    const char *at = data;
    while (length) {
        ssize_t put = client->ssl ? SSL_write(client->ssl, at, (int)length)
                                  : send(client->fd, at, length, MSG_NOSIGNAL);
        assert_true(put > 0);
        at += put;
        length -= (size_t)put;
    }
}

/* False at the end of the stream. */
static bool client_fill(struct client *client)
{
    char chunk[16384];
    ssize_t got = client->ssl ? SSL_read(client->ssl, chunk, sizeof(chunk))
                              : recv(client->fd, chunk, sizeof(chunk), 0);
    if (got > 0)
        str_append_bytes(&client->read, chunk, (size_t)got);
    return got > 0;
}

static void client_expect(struct client *client, const char *text)
{
    while (!strstr(str_text(&client->read), text))
        if (!client_fill(client))
            fail_msg("no '%s' in: %s", text, str_text(&client->read));
}

static void client_expect_end(struct client *client)
{
    while (client_fill(client))
        continue;
}

static void client_send(struct client *client, const char *text)
{
    client_write(client, text, strlen(text));
}

#define HOST "Host: 127.0.0.1\r\n"

/* --- tests ----------------------------------------------------------------------------------------------- */

static void test_plain(void **state)
{
    (void)state;
    CLIENT(client);
    client_open(&client);
    client_send(&client, "GET /a HTTP/1.1\r\n" HOST "\r\nPOST /b HTTP/1.1\r\n" HOST
                         "Content-Length: 3\r\n\r\nabcHEAD /c HTTP/1.1\r\n" HOST
                         "Connection: close\r\n\r\n");
    client_expect_end(&client);
    const char *text = str_text(&client.read);
    const char *a = strstr(text, "GET /a - 0"), *b = strstr(text, "POST /b - 3");
    assert_true(a && b && a < b);
    assert_non_null(strstr(b, "Connection: close"));
    assert_null(strstr(text, "HEAD /c")); /* a length, no body */
    assert_non_null(strstr(b, "Content-Length: 11"));
    assert_non_null(strstr(text, "HTTP/1.1 200 OK\r\n"));
    assert_non_null(strstr(text, "X-Test: yes\r\n"));
}

static void test_tls(void **state)
{
    (void)state;
    CLIENT(client);
    client_open(&client);
    client_start_tls(&client, NULL, "127.0.0.1");
    for (int i = 0; i < 3; i++) {
        str_clear(&client.read);
        client_send(&client, "GET /t HTTP/1.1\r\n" HOST "\r\n");
        client_expect(&client, "GET /t - 0");
    }
    CLIENT(named);
    client_open(&named);
    client_start_tls(&named, "iaas.eu-frankfurt-1.oraclecloud.com", NULL);
    client_send(&named, "GET /n HTTP/1.1\r\n" HOST "\r\n");
    client_expect(&named, "GET /n - 0");
}

static void test_tunnel(void **state)
{
    (void)state;
    CLIENT(client);
    client_open(&client);
    client_send(&client, "CONNECT identity.x.oci.oraclecloud.com:443 HTTP/1.1\r\n" HOST "\r\n");
    client_expect(&client, "200 Connection established\r\n\r\n");
    str_clear(&client.read);
    client_start_tls(&client, "identity.x.oci.oraclecloud.com", NULL);
    client_send(&client, "GET /i HTTP/1.1\r\nHost: identity.x.oci.oraclecloud.com\r\n\r\n");
    client_expect(&client, "GET /i identity.x.oci.oraclecloud.com 0");
    /* No tunnel in the tunnel. */
    client_send(&client, "CONNECT a:443 HTTP/1.1\r\n" HOST "\r\n");
    client_expect(&client, "400 Bad Request");
    CLIENT(plain);
    client_open(&plain);
    client_send(&plain, "CONNECT a:80 HTTP/1.1\r\n" HOST "\r\nGET /p HTTP/1.1\r\n" HOST "\r\n");
    client_expect(&plain, "GET /p a 0");
}

static void test_large(void **state)
{
    (void)state;
    enum { SIZE = 5 * 1024 * 1024 };
    CLIENT(client);
    char *body = mem_alloc(SIZE);
    memset(body, 'x', SIZE);
    client_open(&client);
    client_start_tls(&client, NULL, "127.0.0.1");
    client_send(&client, "PUT /large HTTP/1.1\r\n" HOST
                         "Content-Length: 5242880\r\nExpect: 100-continue\r\n\r\n");
    client_expect(&client, "HTTP/1.1 100 Continue\r\n\r\n");
    str_clear(&client.read);
    client_write(&client, body, SIZE);
    free(body);
    client_expect(&client, "\r\n\r\n");
    size_t head = (size_t)(strstr(client.read.ptr, "\r\n\r\n") + 4 - client.read.ptr);
    while (client.read.length < head + SIZE)
        assert_true(client_fill(&client));
    assert_int_equal(client.read.length, head + SIZE);
    CLIENT(refused);
    client_open(&refused);
    client_send(&refused, "PUT /small HTTP/1.1\r\n" HOST "Content-Length: 5242880\r\n\r\n");
    client_expect(&refused, "413 Content Too Large");
    client_expect(&refused, "RequestEntityTooLarge");
    client_expect_end(&refused);
}

static void test_delay_and_drop(void **state)
{
    (void)state;
    CLIENT(slow);
    CLIENT(quick);
    client_open(&slow);
    client_open(&quick);
    int64_t start = clock_monotonic_ms();
    client_send(&slow, "GET /slow HTTP/1.1\r\n" HOST "\r\nGET /next HTTP/1.1\r\n" HOST "\r\n");
    client_send(&quick, "GET /quick HTTP/1.1\r\n" HOST "\r\n");
    client_expect(&quick, "GET /quick"); /* the others do not wait */
    client_expect(&slow, "GET /next");
    assert_true(clock_monotonic_ms() - start >= 150);
    assert_true(strstr(slow.read.ptr, "GET /slow") < strstr(slow.read.ptr, "GET /next"));
    client_send(&slow, "GET /drop HTTP/1.1\r\n" HOST "\r\n");
    str_clear(&slow.read);
    client_expect_end(&slow);
    assert_int_equal(slow.read.length, 0);
}

static void test_bad_input(void **state)
{
    (void)state;
    CLIENT(client);
    client_open(&client);
    client_send(&client, "nonsense\r\n\r\n");
    client_expect(&client, "HTTP/1.1 400 Bad Request");
    client_expect(&client, "\"code\":\"InvalidParameter\"");
    client_expect_end(&client);
    CLIENT(garbage);
    client_open(&garbage);
    client_write(&garbage, "\026\003\001\377\377garbage garbage", 20); /* no handshake */
    client_expect_end(&garbage);
    CLIENT(half); /* goes away in the middle */
    client_open(&half);
    client_send(&half, "POST /x HTTP/1.1\r\n" HOST "Content-Length: 10\r\n\r\nabc");
    CLIENT(after);
    client_open(&after);
    client_send(&after, "GET /after HTTP/1.1\r\n" HOST "\r\n");
    client_expect(&after, "GET /after");
}

/* More clients than there is room for: those wait, none is refused. */
static void test_many_connections(void **state)
{
    (void)state;
    struct client *clients = mem_calloc(SERVER_CONNECTIONS, sizeof(*clients));
    for (int i = 0; i < SERVER_CONNECTIONS; i++) {
        client_open(&clients[i]);
        client_send(&clients[i], "GET /m HTTP/1.1\r\n" HOST "\r\n");
        client_expect(&clients[i], "GET /m");
    }
    CLIENT(late);
    client_open(&late);
    client_send(&late, "GET /late HTTP/1.1\r\n" HOST "\r\n");
    setsockopt(late.fd, SOL_SOCKET, SO_RCVTIMEO, &(struct timeval){.tv_usec = 50000},
               sizeof(struct timeval));
    assert_false(client_fill(&late));
    setsockopt(late.fd, SOL_SOCKET, SO_RCVTIMEO, &(struct timeval){.tv_sec = 20},
               sizeof(struct timeval));
    client_close(&clients[0]);
    client_expect(&late, "GET /late");
    for (int i = 1; i < SERVER_CONNECTIONS; i++)
        client_close(&clients[i]);
    free(clients);
}

static void test_listen(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:65536", "host:0", "[::1:0", ""};
    const struct server_hooks hooks = {NULL, limit_body, handle, tick};
    for (size_t i = 0; i < ARRAY_LENGTH(wrong); i++) {
        ERROR_AUTO(err);
        assert_null(server_new(wrong[i], authority, &hooks, &err));
        assert_true(error_is_set(&err));
    }
    ERROR_AUTO(err);
    char taken[32];
    snprintf(taken, sizeof(taken), "127.0.0.1:%d", port);
    assert_null(server_new(taken, authority, &hooks, &err));
    assert_non_null(strstr(error_message(&err), taken));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_plain),
                                       cmocka_unit_test(test_tls),
                                       cmocka_unit_test(test_tunnel),
                                       cmocka_unit_test(test_large),
                                       cmocka_unit_test(test_delay_and_drop),
                                       cmocka_unit_test(test_bad_input),
                                       cmocka_unit_test(test_many_connections),
                                       cmocka_unit_test(test_listen)};
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
