/*
 * HTTP/2, the server's side of one connection: bytes in, bytes out, no sockets. A thin layer over
 * nghttp2 that keeps streams, queues response bodies without copying them, and knows nothing of
 * gRPC.
 * Source: RFC 9113.
 *
 * One thread at a time per session. Upcalls happen inside http2_session_receive(), _output() and
 * _free(); they may call any http2_stream_… function but no http2_session_… one.
 */
#ifndef OKESTRA_PROVIDER_PLUGIN_HTTP2_H
#define OKESTRA_PROVIDER_PLUGIN_HTTP2_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/str.h"

struct http2_session;
struct http2_stream;

struct http2_field {
    struct slice name, value;
};

/* A piece of a response body. Allocated by the caller, released by calling release() once it is
 * sent or the stream is gone. */
struct http2_chunk {
    struct http2_chunk *next;
    unsigned char head[8]; /* sent before the bytes */
    size_t head_length;
    const char *bytes;
    size_t length;
    size_t sent; /* of head and bytes together; set to 0 by the caller */
    void (*release)(struct http2_chunk *chunk);
};

struct http2_upcalls {
    /* A request begins. Its result is the `request` of all calls below. */
    void *(*begin)(void *context, struct http2_stream *stream);
    void (*field)(void *request, struct slice name, struct slice value);
    /* The header is complete. */
    void (*header_end)(void *request);
    void (*data)(void *request, struct slice bytes);
    /* The client has sent everything; also called when the header already ended the request. */
    void (*request_end)(void *request);
    /* That many bytes of the response body have left the queue. */
    void (*sent)(void *request, size_t bytes);
    /* The stream is gone, for whatever reason. Always the last call for a request. */
    void (*close)(void *request);
};

/* upcalls and context outlive the session. */
struct http2_session *http2_session_new(const struct http2_upcalls *upcalls, void *context);
/* Closes all streams. */
void http2_session_free(struct http2_session *session);

/* false: the peer speaks no HTTP/2 or broke its rules; send what is pending and close. */
bool http2_session_receive(struct http2_session *session, struct slice bytes);
/* Appends what is to be sent until *out holds `enough` bytes or all is there. false: as above. */
bool http2_session_output(struct http2_session *session, size_t enough, struct str *out);
bool http2_session_wants_output(const struct http2_session *session);
/* Nothing more will come or go: after a GOAWAY and the end of all streams. */
bool http2_session_over(const struct http2_session *session);
/* Takes no more requests; those that have begun go on. */
void http2_session_refuse_new(struct http2_session *session);

/* Response header; a body and trailers follow. */
void http2_stream_respond(struct http2_stream *stream, const struct http2_field *fields,
                          size_t count);
/* The whole response in one header. */
void http2_stream_respond_only(struct http2_stream *stream, const struct http2_field *fields,
                               size_t count);
/* Queues a piece of the body; the chunk is taken over. After http2_stream_respond(). */
void http2_stream_write(struct http2_stream *stream, struct http2_chunk *chunk);
/* Ends the response after what is queued. */
void http2_stream_finish(struct http2_stream *stream, const struct http2_field *trailers,
                         size_t count);

#endif
