/* A server session on any bytes of a client, given in pieces, with an application that answers. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "provider/plugin/http2.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST_OPEN = 64 };

static const char preface[] = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

struct request {
    struct http2_stream *stream;
    bool answered, ended;
};

static size_t open_requests;

static void *begin(void *context, struct http2_stream *stream)
{
    (void)context;
    struct request *request = mem_calloc(1, sizeof(*request));
    request->stream = stream;
    open_requests++;
    return request;
}

static void field(void *data, struct slice name, struct slice value)
{
    const struct request *request = data;
    if (request->ended || !name.ptr || !value.ptr)
        abort();
}

/* Some requests are refused at once, some are answered while they are sent. */
static void header_end(void *data)
{
    static const struct http2_field refused[] = {{{":status", 7}, {"404", 3}}};
    static const struct http2_field good[] = {{{":status", 7}, {"200", 3}}, {{"a", 1}, {"b", 1}}};
    struct request *request = data;
    if (open_requests > MOST_OPEN)
        http2_stream_respond_only(request->stream, refused, 1);
    else
        http2_stream_respond(request->stream, good, 2);
    request->answered = open_requests <= MOST_OPEN;
}

static void release(struct http2_chunk *chunk)
{
    free(chunk);
}

static void body(void *data, struct slice bytes)
{
    struct request *request = data;
    if (!request->answered || request->ended)
        return;
    struct http2_chunk *chunk = mem_calloc(1, sizeof(*chunk) + bytes.length);
    if (bytes.length)
        memcpy(chunk + 1, bytes.ptr, bytes.length);
    chunk->bytes = (const char *)(chunk + 1);
    chunk->length = bytes.length;
    chunk->head_length = bytes.length % sizeof(chunk->head);
    chunk->release = release;
    if (chunk->head_length + chunk->length)
        http2_stream_write(request->stream, chunk);
    else
        release(chunk);
}

static void request_end(void *data)
{
    static const struct http2_field trailers[] = {{{"grpc-status", 11}, {"0", 1}}};
    struct request *request = data;
    if (request->ended)
        abort();
    request->ended = true;
    if (request->answered)
        http2_stream_finish(request->stream, trailers, 1);
}

static void sent(void *data, size_t bytes)
{
    (void)data;
    if (!bytes)
        abort();
}

static void close_request(void *data)
{
    open_requests--;
    free(data);
}

static const struct http2_upcalls upcalls = {.begin = begin,
                                             .field = field,
                                             .header_end = header_end,
                                             .data = body,
                                             .request_end = request_end,
                                             .sent = sent,
                                             .close = close_request};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct http2_session *session = http2_session_new(&upcalls, NULL);
    struct slice opening = {preface, sizeof(preface) - 1};
    size_t piece = size ? 1 + data[0] % 97u : 1;
    bool good = http2_session_receive(session, opening);
    for (size_t at = 0; good && at < size; at += piece) {
        STR_AUTO out = STR_INIT;
        size_t length = size - at < piece ? size - at : piece;
        good = http2_session_receive(session, (struct slice){(const char *)data + at, length}) &&
               http2_session_output(session, 1000, &out);
        if (at > size / 2)
            http2_session_refuse_new(session);
    }
    STR_AUTO rest = STR_INIT;
    http2_session_output(session, 1 << 20, &rest);
    http2_session_free(session);
    if (open_requests != 0)
        abort();
    return 0;
}
