/*
 * A gRPC client for tests, on nghttp2's client side: blocking, one connection, any number of
 * streams. It can do what no well-behaved client does: break frames, stall, reset, speak gzip.
 * Header only, so that each test program is one file.
 */
#ifndef OKESTRA_PROVIDER_PLUGIN_TEST_CLIENT_H
#define OKESTRA_PROVIDER_PLUGIN_TEST_CLIENT_H

#include <errno.h>
#include <nghttp2/nghttp2.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/base/compiler.h"
#include "lib/base/str.h"
#include "provider/plugin/grpc_wire.h"

enum { TEST_PATIENCE_MS = 20000, TEST_CHUNK = 64 * 1024 };

struct test_client {
    int fd;
    SSL *ssl;
    nghttp2_session *session;
    bool ended; /* the server closed the connection */
    bool goaway;
};

/* One call. Initialise with TEST_CALL, free with test_call_free(). */
struct test_call {
    const char *path;
    const char *method;                   /* "POST" when NULL */
    const char *content_type;             /* "application/grpc" when NULL */
    const char *extra_name, *extra_value; /* a further field */
    struct str body;                      /* framed by the caller */
    size_t body_sent, piece;              /* most bytes of a DATA frame; 0: no limit */
    bool keep_open;                       /* does not end the request */

    int32_t id;
    struct str data;
    char http_status[8], content[32];
    int grpc_status; /* -1: none came */
    struct str message;
    bool headers, closed;
    uint32_t error_code;
};

static inline ssize_t test_body(nghttp2_session *session, int32_t id, uint8_t *buffer,
                                size_t length, uint32_t *flags, nghttp2_data_source *source,
                                void *user_data)
{
    (void)session;
    (void)id;
    (void)user_data;
    struct test_call *call = source->ptr;
    size_t left = call->body.length - call->body_sent;
    if (call->piece && length > call->piece)
        length = call->piece;
    if (length > left)
        length = left;
    if (length)
        memcpy(buffer, call->body.ptr + call->body_sent, length);
    call->body_sent += length;
    if (call->body_sent == call->body.length) {
        if (!call->keep_open)
            *flags |= NGHTTP2_DATA_FLAG_EOF;
        else if (length == 0)
            return NGHTTP2_ERR_DEFERRED;
    }
    return (ssize_t)length;
}

static inline int test_on_header(nghttp2_session *session, const nghttp2_frame *frame,
                                 const uint8_t *name, size_t name_length, const uint8_t *value,
                                 size_t value_length, uint8_t flags, void *user_data)
{
    (void)flags;
    (void)user_data;
    struct test_call *call = nghttp2_session_get_stream_user_data(session, frame->hd.stream_id);
    struct slice key = {(const char *)name, name_length};
    struct slice text = {(const char *)value, value_length};
    if (!call)
        return 0;
    if (slice_equal_text(key, ":status") && value_length < sizeof(call->http_status))
        memcpy(call->http_status, value, value_length);
    else if (slice_equal_text(key, "content-type") && value_length < sizeof(call->content))
        memcpy(call->content, value, value_length);
    else if (slice_equal_text(key, "grpc-status"))
        call->grpc_status = atoi((const char *)value);
    else if (slice_equal_text(key, "grpc-message"))
        grpc_percent_decode(text, &call->message);
    return 0;
}

static inline int test_on_frame(nghttp2_session *session, const nghttp2_frame *frame,
                                void *user_data)
{
    struct test_client *client = user_data;
    if (frame->hd.type == NGHTTP2_GOAWAY)
        client->goaway = true;
    struct test_call *call = nghttp2_session_get_stream_user_data(session, frame->hd.stream_id);
    if (call && frame->hd.type == NGHTTP2_HEADERS)
        call->headers = true;
    return 0;
}

static inline int test_on_data(nghttp2_session *session, uint8_t flags, int32_t id,
                               const uint8_t *bytes, size_t length, void *user_data)
{
    (void)flags;
    (void)user_data;
    struct test_call *call = nghttp2_session_get_stream_user_data(session, id);
    if (call)
        str_append_bytes(&call->data, bytes, length);
    return 0;
}

static inline int test_on_close(nghttp2_session *session, int32_t id, uint32_t error_code,
                                void *user_data)
{
    (void)user_data;
    struct test_call *call = nghttp2_session_get_stream_user_data(session, id);
    if (call) {
        call->closed = true;
        call->error_code = error_code;
    }
    return 0;
}

static inline int test_connect(const char *address)
{
    struct sockaddr_un where = {.sun_family = AF_UNIX};
    size_t length = strlen(address);
    memcpy(where.sun_path, address, length + (address[0] != '@'));
    if (address[0] == '@')
        where.sun_path[0] = '\0';
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    socklen_t size =
        (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length + (address[0] != '@'));
    if (fd < 0 || connect(fd, (struct sockaddr *)&where, size) != 0)
        return -1;
    return fd;
}

/* window: flow control window of streams and connection; 0: HTTP/2's default of 64 KiB. */
static inline void test_client_start(struct test_client *client, int fd, SSL *ssl, int window)
{
    *client = (struct test_client){.fd = fd, .ssl = ssl};
    nghttp2_session_callbacks *callbacks;
    nghttp2_session_callbacks_new(&callbacks);
    nghttp2_session_callbacks_set_on_header_callback(callbacks, test_on_header);
    nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, test_on_frame);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, test_on_data);
    nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, test_on_close);
    nghttp2_session_client_new(&client->session, callbacks, client);
    nghttp2_session_callbacks_del(callbacks);
    const nghttp2_settings_entry settings[] = {
        {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, window ? (uint32_t)window : 65535}};
    nghttp2_submit_settings(client->session, NGHTTP2_FLAG_NONE, settings, 1);
    if (window)
        nghttp2_session_set_local_window_size(client->session, NGHTTP2_FLAG_NONE, 0, window);
}

static inline void test_client_stop(struct test_client *client)
{
    nghttp2_session_del(client->session);
    SSL_free(client->ssl);
    if (client->fd >= 0)
        close(client->fd);
}

static inline void test_client_write(struct test_client *client)
{
    const uint8_t *bytes;
    ssize_t count;
    while (!client->ended && (count = nghttp2_session_mem_send(client->session, &bytes)) > 0)
        for (ssize_t done = 0; done < count;) {
            ssize_t put =
                client->ssl ? SSL_write(client->ssl, bytes + done, (int)(count - done))
                            : send(client->fd, bytes + done, (size_t)(count - done), MSG_NOSIGNAL);
            if (put <= 0) {
                client->ended = true;
                return;
            }
            done += put;
        }
}

/* Sends what is pending and reads once, waiting at most that long. */
static inline void test_client_turn(struct test_client *client, int milliseconds)
{
    uint8_t buffer[TEST_CHUNK];
    struct pollfd polled = {.fd = client->fd, .events = POLLIN};
    test_client_write(client);
    bool pending = client->ssl && SSL_pending(client->ssl) > 0;
    if (client->ended || (!pending && poll(&polled, 1, milliseconds) <= 0))
        return;
    ssize_t got = client->ssl ? SSL_read(client->ssl, buffer, sizeof(buffer))
                              : read(client->fd, buffer, sizeof(buffer));
    if (got <= 0 || nghttp2_session_mem_recv(client->session, buffer, (size_t)got) < 0)
        client->ended = true;
    test_client_write(client);
}

#define TEST_CALL(call_path)                                                                       \
    {                                                                                              \
        .path = (call_path), .grpc_status = -1                                                     \
    }

static inline void test_call_free(struct test_call *call)
{
    str_free(&call->body);
    str_free(&call->data);
    str_free(&call->message);
}

static inline void test_call_add_message(struct test_call *call, const void *bytes, size_t length)
{
    unsigned char header[GRPC_FRAME_HEADER];
    grpc_frame_header(length, header);
    str_append_bytes(&call->body, header, sizeof(header));
    str_append_bytes(&call->body, bytes, length);
}

static inline nghttp2_nv test_field(const char *name, const char *value)
{
    return (nghttp2_nv){(uint8_t *)name, (uint8_t *)value, strlen(name), strlen(value),
                        NGHTTP2_NV_FLAG_NONE};
}

static inline void test_call_start(struct test_client *client, struct test_call *call)
{
    nghttp2_nv fields[8] = {
        test_field(":method", call->method ? call->method : "POST"),
        test_field(":scheme", "http"),
        test_field(":path", call->path),
        test_field(":authority", "unused"),
        test_field("te", "trailers"),
        test_field("content-type", call->content_type ? call->content_type : "application/grpc")};
    size_t count = 6;
    if (call->extra_name)
        fields[count++] = test_field(call->extra_name, call->extra_value);
    nghttp2_data_provider body = {.source = {.ptr = call}, .read_callback = test_body};
    bool empty = !call->body.length && !call->keep_open;
    call->id =
        nghttp2_submit_request(client->session, NULL, fields, count, empty ? NULL : &body, call);
    test_client_write(client);
}

/* false: it did not close within TEST_PATIENCE_MS. */
static inline bool test_call_wait(struct test_client *client, struct test_call *call)
{
    int64_t until = clock_monotonic_ms() + TEST_PATIENCE_MS;
    while (!call->closed && !client->ended && clock_monotonic_ms() < until)
        test_client_turn(client, 100);
    return call->closed;
}

static inline bool test_call_run(struct test_client *client, struct test_call *call)
{
    test_call_start(client, call);
    return test_call_wait(client, call);
}

/* The bytes of the n-th message of the answer; an empty slice with ptr NULL when there is none. */
static inline struct slice test_call_message(const struct test_call *call, size_t n)
{
    const unsigned char *at = (const unsigned char *)call->data.ptr;
    size_t left = call->data.length;
    while (left >= GRPC_FRAME_HEADER) {
        size_t length = (size_t)at[1] << 24 | (size_t)at[2] << 16 | (size_t)at[3] << 8 | at[4];
        if (length > left - GRPC_FRAME_HEADER)
            break;
        if (n-- == 0)
            return (struct slice){(const char *)at + GRPC_FRAME_HEADER, length};
        at += GRPC_FRAME_HEADER + length;
        left -= GRPC_FRAME_HEADER + length;
    }
    return (struct slice){NULL, 0};
}

#endif
