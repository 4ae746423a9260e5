/*
 * A small HTTP/1.1 server on a loopback port, for unit tests only (all functions are static). It
 * keeps connections open, serves each on a thread of its own, and counts what tests ask about.
 */
#ifndef OKESTRA_NET_TEST_SERVER_H
#define OKESTRA_NET_TEST_SERVER_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/base/compiler.h"
#include "lib/base/str.h"

enum { TEST_SERVER_CONNECTIONS = 256 };

struct test_exchange {
    char *method, *target, *head; /* head: request line and headers as received */
    struct str body;
    int number; /* requests so far, this one included */
    int connection;
    /* the answer */
    int status;
    struct str headers; /* lines that end in CRLF */
    struct str answer;
    bool drop;      /* close without an answer */
    bool no_length; /* body until close */
};

typedef void test_handler(void *context, struct test_exchange *exchange);

struct test_server {
    int listener, port;
    test_handler *handler;
    void *context;
    SSL_CTX *tls;
    char *certificate, *private_key; /* PEM, when TLS is on */
    pthread_t thread;
    pthread_t workers[TEST_SERVER_CONNECTIONS];
    int sockets[TEST_SERVER_CONNECTIONS];
    atomic_int connections, requests, resumed;
    pthread_mutex_t mutex; /* one handler at a time */
};

struct test_stream {
    struct test_server *server;
    int fd, number;
    SSL *ssl;
    struct str buffer;
};

ATTR_UNUSED static char *test_header(const struct test_exchange *exchange, const char *name)
{
    size_t length = strlen(name);
    for (const char *line = strstr(exchange->head, "\r\n"); line; line = strstr(line, "\r\n")) {
        line += 2;
        if (strncasecmp(line, name, length) == 0 && line[length] == ':') {
            const char *value = line + length + 1 + strspn(line + length + 1, " ");
            return mem_strndup(value, strcspn(value, "\r"));
        }
    }
    return NULL;
}

static ssize_t test_read(struct test_stream *stream, void *data, size_t size)
{
    return stream->ssl ? SSL_read(stream->ssl, data, (int)size) : recv(stream->fd, data, size, 0);
}

static bool test_write(struct test_stream *stream, const char *data, size_t size)
{
    while (size) {
        ssize_t put = stream->ssl ? SSL_write(stream->ssl, data, (int)size)
                                  : send(stream->fd, data, size, MSG_NOSIGNAL);
        if (put <= 0)
            return false;
        data += put;
        size -= (size_t)put;
    }
    return true;
}

static bool test_fill(struct test_stream *stream)
{
    char chunk[4096];
    ssize_t got = test_read(stream, chunk, sizeof(chunk));
    if (got <= 0)
        return false;
    str_append_bytes(&stream->buffer, chunk, (size_t)got);
    return true;
}

static bool test_read_request(struct test_stream *stream, struct test_exchange *exchange)
{
    char *end;
    while (!(end = strstr(str_text(&stream->buffer), "\r\n\r\n")))
        if (!test_fill(stream))
            return false;
    size_t head = (size_t)(end - stream->buffer.ptr) + 4;
    exchange->head = mem_strndup(stream->buffer.ptr, head);
    char *blank = strchr(exchange->head, ' ');
    exchange->method = mem_strndup(exchange->head, (size_t)(blank - exchange->head));
    exchange->target = mem_strndup(blank + 1, strcspn(blank + 1, " "));
    char *length_text = test_header(exchange, "content-length");
    size_t length = length_text ? strtoul(length_text, NULL, 10) : 0;
    free(length_text);
    while (stream->buffer.length < head + length)
        if (!test_fill(stream))
            return false;
    str_append_bytes(&exchange->body, stream->buffer.ptr + head, length);
    struct str rest = STR_INIT;
    str_append_bytes(&rest, stream->buffer.ptr + head + length,
                     stream->buffer.length - head - length);
    str_free(&stream->buffer);
    stream->buffer = rest;
    return true;
}

/* False when the connection shall end. */
static bool test_serve_one(struct test_stream *stream)
{
    struct test_server *server = stream->server;
    struct test_exchange exchange = {.status = 200, .connection = stream->number};
    bool go_on = test_read_request(stream, &exchange);
    if (go_on) {
        exchange.number = atomic_fetch_add(&server->requests, 1) + 1;
        pthread_mutex_lock(&server->mutex);
        server->handler(server->context, &exchange);
        pthread_mutex_unlock(&server->mutex);
        struct str out = STR_INIT;
        str_printf(&out, "HTTP/1.1 %d Test\r\n", exchange.status);
        str_append_bytes(&out, str_text(&exchange.headers), exchange.headers.length);
        if (!exchange.no_length)
            str_printf(&out, "Content-Length: %zu\r\n", exchange.answer.length);
        str_append(&out, "\r\n");
        if (strcmp(exchange.method, "HEAD") != 0)
            str_append_bytes(&out, str_text(&exchange.answer), exchange.answer.length);
        go_on = !exchange.drop && test_write(stream, out.ptr, out.length) && !exchange.no_length;
        str_free(&out);
    }
    free(exchange.method);
    free(exchange.target);
    free(exchange.head);
    str_free(&exchange.body);
    str_free(&exchange.headers);
    str_free(&exchange.answer);
    return go_on;
}

static void *test_serve(void *context)
{
    struct test_stream *stream = context;
    bool ready = true;
    if (stream->server->tls) {
        stream->ssl = SSL_new(stream->server->tls);
        SSL_set_fd(stream->ssl, stream->fd);
        ready = SSL_accept(stream->ssl) == 1;
        if (ready && SSL_session_reused(stream->ssl))
            atomic_fetch_add(&stream->server->resumed, 1);
    }
    while (ready && test_serve_one(stream))
        continue;
    SSL_free(stream->ssl);
    shutdown(stream->fd, SHUT_RDWR);
    str_free(&stream->buffer);
    free(stream);
    return NULL;
}

static void *test_accept(void *context)
{
    struct test_server *server = context;
    for (;;) {
        int fd = accept(server->listener, NULL, NULL);
        if (fd < 0)
            return NULL;
        int number = atomic_fetch_add(&server->connections, 1);
        if (number >= TEST_SERVER_CONNECTIONS)
            fatal_error("the test server got too many connections");
        struct test_stream *stream = mem_calloc(1, sizeof(*stream));
        *stream = (struct test_stream){.server = server, .fd = fd, .number = number};
        server->sockets[number] = fd;
        pthread_create(&server->workers[number], NULL, test_serve, stream);
    }
}

static char *test_take_text(BIO *bio)
{
    char *text;
    long length = BIO_get_mem_data(bio, &text);
    char *copy = mem_strndup(text, (size_t)length);
    BIO_free(bio);
    return copy;
}

static void test_make_certificate(struct test_server *server, const char *address)
{
    STR_AUTO alternatives = STR_INIT;
    str_printf(&alternatives, "IP:%s,DNS:localhost", address);
    EVP_PKEY *key = EVP_RSA_gen(2048);
    X509 *certificate = X509_new();
    X509_set_version(certificate, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -60);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_set_pubkey(certificate, key);
    X509_NAME *name = X509_get_subject_name(certificate);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"test", -1, -1, 0);
    X509_set_issuer_name(certificate, name);
    X509_EXTENSION *names =
        X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, str_text(&alternatives));
    X509_add_ext(certificate, names, -1);
    X509_EXTENSION_free(names);
    X509_sign(certificate, key, EVP_sha256());
    server->tls = SSL_CTX_new(TLS_server_method());
    SSL_CTX_use_certificate(server->tls, certificate);
    SSL_CTX_use_PrivateKey(server->tls, key);
    SSL_CTX_set_session_id_context(server->tls, (const unsigned char *)"test", 4);
    BIO *pem = BIO_new(BIO_s_mem());
    PEM_write_bio_X509(pem, certificate);
    server->certificate = test_take_text(pem);
    pem = BIO_new(BIO_s_mem());
    PEM_write_bio_PrivateKey(pem, key, NULL, NULL, 0, NULL, NULL);
    server->private_key = test_take_text(pem);
    X509_free(certificate);
    EVP_PKEY_free(key);
}

/* port 0: any free one */
ATTR_UNUSED static struct test_server *test_server_start_at(test_handler *handler, void *context,
                                                            bool tls, const char *address, int port)
{
    struct test_server *server = mem_calloc(1, sizeof(*server));
    server->handler = handler;
    server->context = context;
    pthread_mutex_init(&server->mutex, NULL);
    if (tls)
        test_make_certificate(server, address);
    struct sockaddr_in name = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    socklen_t size = sizeof(name);
    inet_pton(AF_INET, address, &name.sin_addr);
    server->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(server->listener, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int));
    if (bind(server->listener, (struct sockaddr *)&name, size) < 0 ||
        listen(server->listener, 64) < 0 ||
        getsockname(server->listener, (struct sockaddr *)&name, &size) < 0)
        fatal_error("cannot start the test server");
    server->port = ntohs(name.sin_port);
    pthread_create(&server->thread, NULL, test_accept, server);
    return server;
}

ATTR_UNUSED static struct test_server *test_server_start(test_handler *handler, void *context,
                                                         bool tls)
{
    return test_server_start_at(handler, context, tls, "127.0.0.1", 0);
}

ATTR_UNUSED static void test_server_stop(struct test_server *server)
{
    shutdown(server->listener, SHUT_RDWR);
    pthread_join(server->thread, NULL);
    close(server->listener);
    for (int i = 0; i < atomic_load(&server->connections); i++) {
        shutdown(server->sockets[i], SHUT_RDWR);
        pthread_join(server->workers[i], NULL);
        close(server->sockets[i]);
    }
    SSL_CTX_free(server->tls);
    free(server->certificate);
    free(server->private_key);
    pthread_mutex_destroy(&server->mutex);
    free(server);
}

/* "http://127.0.0.1:PORT<path>"; caller frees */
ATTR_UNUSED static char *test_server_url(const struct test_server *server, const char *path)
{
    struct str url = STR_INIT;
    str_printf(&url, "%s://127.0.0.1:%d%s", server->tls ? "https" : "http", server->port, path);
    return str_steal(&url);
}

#endif
