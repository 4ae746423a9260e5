#include "provider/plugin/http2.h"

#include <nghttp2/nghttp2.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/compiler.h"
#include "provider/plugin/limits.h"

enum { MOST_FIELDS = 8 };

struct http2_stream {
    struct http2_session *session;
    struct http2_stream *next, **link; /* all streams of the session */
    void *request;
    int32_t id;
    struct http2_chunk *first, **last; /* response body that is not sent yet */
    size_t queued;                     /* its bytes */
    bool request_ended;
    bool finished;
    struct str trailers; /* name NUL value NUL … */
    size_t trailer_count;
};

struct http2_session {
    nghttp2_session *nghttp2;
    const struct http2_upcalls *upcalls;
    void *context;
    struct http2_stream *streams;
    struct str *out; /* while http2_session_output() runs */
    size_t enough;
    bool refusing;
};

static struct http2_stream *stream_of(struct http2_session *session, int32_t id)
{
    return nghttp2_session_get_stream_user_data(session->nghttp2, id);
}

/* --- requests --------------------------------------------------------------------------------- */

static int on_begin(nghttp2_session *nghttp2, const nghttp2_frame *frame, void *user_data)
{
    struct http2_session *session = user_data;
    if (frame->hd.type != NGHTTP2_HEADERS || frame->headers.cat != NGHTTP2_HCAT_REQUEST)
        return 0;
    struct http2_stream *stream = mem_calloc(1, sizeof(*stream));
    stream->session = session;
    stream->id = frame->hd.stream_id;
    stream->last = &stream->first;
    stream->next = session->streams;
    stream->link = &session->streams;
    if (stream->next)
        stream->next->link = &stream->next;
    session->streams = stream;
    stream->request = session->upcalls->begin(session->context, stream);
    nghttp2_session_set_stream_user_data(nghttp2, stream->id, stream);
    return 0;
}

static int on_field(nghttp2_session *nghttp2, const nghttp2_frame *frame, const uint8_t *name,
                    size_t name_length, const uint8_t *value, size_t value_length, uint8_t flags,
                    void *user_data)
{
    (void)nghttp2;
    (void)flags;
    struct http2_session *session = user_data;
    struct http2_stream *stream = stream_of(session, frame->hd.stream_id);
    /* Trailers of a request mean nothing to us. */
    if (stream && frame->headers.cat == NGHTTP2_HCAT_REQUEST)
        session->upcalls->field(stream->request, (struct slice){(const char *)name, name_length},
                                (struct slice){(const char *)value, value_length});
    return 0;
}

static int on_frame(nghttp2_session *nghttp2, const nghttp2_frame *frame, void *user_data)
{
    (void)nghttp2;
    struct http2_session *session = user_data;
    if (frame->hd.type != NGHTTP2_DATA && frame->hd.type != NGHTTP2_HEADERS)
        return 0;
    struct http2_stream *stream = stream_of(session, frame->hd.stream_id);
    if (!stream)
        return 0;
    if (frame->hd.type == NGHTTP2_HEADERS && frame->headers.cat == NGHTTP2_HCAT_REQUEST)
        session->upcalls->header_end(stream->request);
    if (frame->hd.flags & NGHTTP2_FLAG_END_STREAM && !stream->request_ended) {
        stream->request_ended = true;
        session->upcalls->request_end(stream->request);
    }
    return 0;
}

static int on_data(nghttp2_session *nghttp2, uint8_t flags, int32_t id, const uint8_t *bytes,
                   size_t length, void *user_data)
{
    (void)nghttp2;
    (void)flags;
    struct http2_session *session = user_data;
    struct http2_stream *stream = stream_of(session, id);
    if (stream)
        session->upcalls->data(stream->request, (struct slice){(const char *)bytes, length});
    return 0;
}

/* --- responses -------------------------------------------------------------------------------- */

static void drop_chunk(struct http2_stream *stream)
{
    struct http2_chunk *chunk = stream->first;
    stream->first = chunk->next;
    if (!stream->first)
        stream->last = &stream->first;
    chunk->release(chunk);
}

static void stream_close(struct http2_stream *stream)
{
    *stream->link = stream->next;
    if (stream->next)
        stream->next->link = stream->link;
    while (stream->first)
        drop_chunk(stream);
    stream->session->upcalls->close(stream->request);
    str_free(&stream->trailers);
    free(stream);
}

static int on_stream_close(nghttp2_session *nghttp2, int32_t id, uint32_t error_code,
                           void *user_data)
{
    (void)error_code;
    struct http2_stream *stream = stream_of(user_data, id);
    if (!stream)
        return 0;
    nghttp2_session_set_stream_user_data(nghttp2, id, NULL);
    stream_close(stream);
    return 0;
}

static nghttp2_nv pair(struct slice name, struct slice value)
{
    return (nghttp2_nv){(uint8_t *)name.ptr, (uint8_t *)value.ptr, name.length, value.length,
                        NGHTTP2_NV_FLAG_NONE};
}

static void submit_trailers(struct http2_stream *stream)
{
    nghttp2_nv pairs[MOST_FIELDS];
    const char *text = str_text(&stream->trailers);
    for (size_t i = 0; i < stream->trailer_count; i++) {
        struct slice name = slice_from(text);
        struct slice value = slice_from(text + name.length + 1);
        text = value.ptr + value.length + 1;
        pairs[i] = pair(name, value);
    }
    nghttp2_submit_trailer(stream->session->nghttp2, stream->id, pairs, stream->trailer_count);
}

/* Only says how much there is; send_body() hands the bytes over, so that they are copied once. */
static ssize_t count_body(nghttp2_session *nghttp2, int32_t id, uint8_t *buffer, size_t length,
                          uint32_t *flags, nghttp2_data_source *source, void *user_data)
{
    (void)nghttp2;
    (void)id;
    (void)buffer;
    (void)user_data;
    struct http2_stream *stream = source->ptr;
    size_t count = stream->queued < length ? stream->queued : length;
    if (count == stream->queued && stream->finished) {
        *flags |= NGHTTP2_DATA_FLAG_EOF | NGHTTP2_DATA_FLAG_NO_END_STREAM;
        submit_trailers(stream);
    } else if (count == 0) {
        return NGHTTP2_ERR_DEFERRED;
    }
    if (count)
        *flags |= NGHTTP2_DATA_FLAG_NO_COPY;
    return (ssize_t)count;
}

/* Moves up to `most` bytes of the first chunk. */
static size_t take_from_chunk(struct http2_stream *stream, size_t most, struct str *out)
{
    struct http2_chunk *chunk = stream->first;
    const char *from = (const char *)chunk->head + chunk->sent;
    size_t count = chunk->head_length - chunk->sent;
    if (chunk->sent >= chunk->head_length) {
        from = chunk->bytes + (chunk->sent - chunk->head_length);
        count = chunk->length - (chunk->sent - chunk->head_length);
    }
    if (count > most)
        count = most;
    str_append_bytes(out, from, count);
    chunk->sent += count;
    if (chunk->sent == chunk->head_length + chunk->length)
        drop_chunk(stream);
    return count;
}

static int send_body(nghttp2_session *nghttp2, nghttp2_frame *frame, const uint8_t *frame_header,
                     size_t length, nghttp2_data_source *source, void *user_data)
{
    enum { FRAME_HEADER = 9 };
    (void)nghttp2;
    (void)frame; /* padding is never asked for */
    struct http2_session *session = user_data;
    struct http2_stream *stream = source->ptr;
    if (session->out->length >= session->enough)
        return NGHTTP2_ERR_WOULDBLOCK; /* it asks again in the next http2_session_output() */
    str_append_bytes(session->out, frame_header, FRAME_HEADER);
    for (size_t left = length; left > 0;)
        left -= take_from_chunk(stream, left, session->out);
    stream->queued -= length;
    session->upcalls->sent(stream->request, length);
    return 0;
}

/* A response that ended before its request: tell the client to stop sending (RFC 9113, 8.1). */
static int on_sent(nghttp2_session *nghttp2, const nghttp2_frame *frame, void *user_data)
{
    if (frame->hd.type != NGHTTP2_HEADERS || !(frame->hd.flags & NGHTTP2_FLAG_END_STREAM))
        return 0;
    struct http2_stream *stream = stream_of(user_data, frame->hd.stream_id);
    if (stream && !stream->request_ended)
        nghttp2_submit_rst_stream(nghttp2, NGHTTP2_FLAG_NONE, stream->id, NGHTTP2_NO_ERROR);
    return 0;
}

static void respond(struct http2_stream *stream, const struct http2_field *fields, size_t count,
                    const nghttp2_data_provider *body)
{
    nghttp2_nv pairs[MOST_FIELDS];
    if (count > MOST_FIELDS)
        fatal_error("HTTP/2 response with %zu fields", count);
    for (size_t i = 0; i < count; i++)
        pairs[i] = pair(fields[i].name, fields[i].value);
    nghttp2_submit_response(stream->session->nghttp2, stream->id, pairs, count, body);
}

void http2_stream_respond(struct http2_stream *stream, const struct http2_field *fields,
                          size_t count)
{
    nghttp2_data_provider body = {.source = {.ptr = stream}, .read_callback = count_body};
    respond(stream, fields, count, &body);
}

void http2_stream_respond_only(struct http2_stream *stream, const struct http2_field *fields,
                               size_t count)
{
    respond(stream, fields, count, NULL);
}

void http2_stream_write(struct http2_stream *stream, struct http2_chunk *chunk)
{
    chunk->next = NULL;
    *stream->last = chunk;
    stream->last = &chunk->next;
    stream->queued += chunk->head_length + chunk->length;
    nghttp2_session_resume_data(stream->session->nghttp2, stream->id);
}

void http2_stream_finish(struct http2_stream *stream, const struct http2_field *trailers,
                         size_t count)
{
    if (count > MOST_FIELDS)
        fatal_error("HTTP/2 response with %zu trailers", count);
    for (size_t i = 0; i < count; i++) {
        str_append_slice(&stream->trailers, trailers[i].name);
        str_append_char(&stream->trailers, '\0');
        str_append_slice(&stream->trailers, trailers[i].value);
        str_append_char(&stream->trailers, '\0');
    }
    stream->trailer_count = count;
    stream->finished = true;
    nghttp2_session_resume_data(stream->session->nghttp2, stream->id);
}

/* --- sessions --------------------------------------------------------------------------------- */

static nghttp2_session_callbacks *make_callbacks(void)
{
    nghttp2_session_callbacks *callbacks;
    if (nghttp2_session_callbacks_new(&callbacks) != 0)
        fatal_error("out of memory");
    nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks, on_begin);
    nghttp2_session_callbacks_set_on_header_callback(callbacks, on_field);
    nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, on_frame);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, on_data);
    nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, on_stream_close);
    nghttp2_session_callbacks_set_on_frame_send_callback(callbacks, on_sent);
    nghttp2_session_callbacks_set_send_data_callback(callbacks, send_body);
    return callbacks;
}

struct http2_session *http2_session_new(const struct http2_upcalls *upcalls, void *context)
{
    struct http2_session *session = mem_calloc(1, sizeof(*session));
    session->upcalls = upcalls;
    session->context = context;
    nghttp2_session_callbacks *callbacks = make_callbacks();
    nghttp2_option *option;
    if (nghttp2_option_new(&option) != 0)
        fatal_error("out of memory");
    nghttp2_option_set_no_closed_streams(option, 1);
    nghttp2_option_set_stream_reset_rate_limit(option, HTTP2_MAX_RESETS, HTTP2_RESETS_A_SECOND);
    if (nghttp2_session_server_new2(&session->nghttp2, callbacks, session, option) != 0)
        fatal_error("out of memory");
    nghttp2_option_del(option);
    nghttp2_session_callbacks_del(callbacks);
    const nghttp2_settings_entry settings[] = {
        {NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, HTTP2_MAX_STREAMS},
        {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, HTTP2_STREAM_WINDOW},
        {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, HTTP2_MAX_FIELD_SECTION}};
    nghttp2_submit_settings(session->nghttp2, NGHTTP2_FLAG_NONE, settings, ARRAY_LENGTH(settings));
    nghttp2_session_set_local_window_size(session->nghttp2, NGHTTP2_FLAG_NONE, 0,
                                          HTTP2_CONNECTION_WINDOW);
    return session;
}

void http2_session_free(struct http2_session *session)
{
    if (!session)
        return;
    while (session->streams)
        stream_close(session->streams);
    nghttp2_session_del(session->nghttp2);
    free(session);
}

bool http2_session_receive(struct http2_session *session, struct slice bytes)
{
    return nghttp2_session_mem_recv(session->nghttp2, (const uint8_t *)bytes.ptr, bytes.length) >=
           0;
}

bool http2_session_output(struct http2_session *session, size_t enough, struct str *out)
{
    const uint8_t *bytes;
    ssize_t count = 1;
    session->out = out;
    session->enough = enough;
    while (out->length < enough && count > 0) {
        count = nghttp2_session_mem_send(session->nghttp2, &bytes);
        if (count > 0)
            str_append_bytes(out, bytes, (size_t)count);
    }
    session->out = NULL;
    return count >= 0;
}

bool http2_session_wants_output(const struct http2_session *session)
{
    return nghttp2_session_want_write(session->nghttp2);
}

bool http2_session_over(const struct http2_session *session)
{
    return !nghttp2_session_want_read(session->nghttp2) &&
           !nghttp2_session_want_write(session->nghttp2);
}

void http2_session_refuse_new(struct http2_session *session)
{
    if (session->refusing)
        return;
    session->refusing = true;
    nghttp2_submit_goaway(session->nghttp2, NGHTTP2_FLAG_NONE,
                          nghttp2_session_get_last_proc_stream_id(session->nghttp2),
                          NGHTTP2_NO_ERROR, NULL, 0);
}
