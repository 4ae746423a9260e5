#include "provider/plugin/grpc.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "provider/plugin/limits.h"
#include "provider/plugin/loop.h"
#include "provider/plugin/workers.h"

struct grpc_call {
    struct worker_job job; /* first: jobs are cast back to calls */
    struct grpc_server *server;
    const struct grpc_method *method;
    struct grpc_call *next_open, **link_open; /* all calls whose stream exists; loop only */
    struct http2_stream *stream;              /* loop only; NULL once it is gone */
    struct grpc_reader reader;
    size_t field_bytes;
    int64_t began_ms, deadline_ms; /* monotonic; INT64_MAX: none */
    const char *http_refusal;      /* an HTTP status instead of an answer */
    enum grpc_status refusal;
    const char *refusal_text;
    bool is_post, is_grpc;
    bool responded;  /* loop only: the response header is submitted */
    bool dispatched; /* loop only: the handler's, no longer ours to refuse */
    atomic_bool cancelled;
    atomic_int references; /* stream, handler, ready list */
    atomic_size_t queued;  /* bytes of the answer that have not left, in outbox or stream */

    /* guarded by server->mutex */
    struct http2_chunk *outbox, **outbox_last;
    bool ready; /* on the ready list */
    bool ended; /* status is set */
    enum grpc_status status;
    char *status_text;
    struct grpc_call *next_ready;

    /* while the loop works through what was ready */
    struct grpc_call *next_forwarded;
    struct http2_chunk *forwarded;
    bool forwarded_end;
};

struct grpc_server {
    struct grpc_setup setup;
    struct loop *loop;
    struct workers *workers;
    pthread_t thread;               /* of the loop, once it runs */
    struct grpc_call *open;         /* loop only */
    size_t open_count, timed_count; /* loop only */
    atomic_size_t unread;           /* bytes of requests in memory */
    atomic_bool draining;
    pthread_mutex_t mutex;
    pthread_cond_t room;                   /* some call's queue became shorter */
    struct grpc_call *ready, **ready_last; /* calls with something new for the loop */
    atomic_size_t active;                  /* handlers that run or wait for a thread */
};

/* --- calls: lifetime -------------------------------------------------------------------------- */

static void release_chunks(struct http2_chunk *chunks)
{
    while (chunks) {
        struct http2_chunk *next = chunks->next;
        chunks->release(chunks);
        chunks = next;
    }
}

static void call_free(struct grpc_call *call)
{
    atomic_fetch_sub(&call->server->unread, call->reader.message.length);
    grpc_reader_free(&call->reader);
    release_chunks(call->outbox);
    release_chunks(call->forwarded); /* the stream was gone */
    free(call->status_text);
    free(call);
}

/* Calls whose handlers run on the loop are seen in the same turn. */
static void wake_loop(const struct grpc_server *server)
{
    if (!pthread_equal(server->thread, pthread_self()))
        loop_wake(server->loop);
}

static void unreference(struct grpc_call *call)
{
    if (atomic_fetch_sub(&call->references, 1) == 1)
        call_free(call);
}

/* Hands the call to the loop's next turn. The mutex is held; when it is released and the result is
 * true, the loop has to be woken. */
static bool make_ready(struct grpc_call *call)
{
    struct grpc_server *server = call->server;
    if (call->ready || atomic_load(&call->cancelled))
        return false;
    bool first = !server->ready;
    call->ready = true;
    atomic_fetch_add(&call->references, 1);
    call->next_ready = NULL;
    *server->ready_last = call;
    server->ready_last = &call->next_ready;
    return first;
}

/* --- calls: what handlers use ------------------------------------------------------------------ */

static void release_constant(struct http2_chunk *chunk)
{
    free(chunk);
}

static void release_buffer(struct http2_chunk *chunk)
{
    free((void *)chunk->bytes);
    free(chunk);
}

static struct http2_chunk *make_chunk(const void *bytes, size_t length,
                                      void (*release)(struct http2_chunk *chunk))
{
    struct http2_chunk *chunk = mem_alloc(sizeof(*chunk));
    *chunk = (struct http2_chunk){
        .head_length = GRPC_FRAME_HEADER, .bytes = bytes, .length = length, .release = release};
    grpc_frame_header(length, chunk->head);
    return chunk;
}

/* Drops the chunk when nobody waits for it any more. The mutex is held. */
static void put_in_outbox(struct grpc_call *call, struct http2_chunk *chunk)
{
    if (atomic_load(&call->cancelled) || call->ended) {
        chunk->release(chunk);
        return;
    }
    *call->outbox_last = chunk;
    call->outbox_last = &chunk->next;
    atomic_fetch_add(&call->queued, chunk->head_length + chunk->length);
}

/* A slow client shall not make a long stream pile up in memory. The mutex is held. */
static void wait_for_room(struct grpc_call *call)
{
    if (pthread_equal(call->server->thread, pthread_self()))
        return;
    while (atomic_load(&call->queued) > GRPC_MAX_QUEUED && !atomic_load(&call->cancelled))
        pthread_cond_wait(&call->server->room, &call->server->mutex);
}

void grpc_call_send(struct grpc_call *call, void *bytes, size_t length)
{
    struct grpc_server *server = call->server;
    struct http2_chunk *chunk = make_chunk(bytes, length, release_buffer);
    pthread_mutex_lock(&server->mutex);
    wait_for_room(call);
    put_in_outbox(call, chunk);
    bool wake = make_ready(call);
    pthread_mutex_unlock(&server->mutex);
    if (wake)
        wake_loop(server);
}

static void log_served(const struct grpc_call *call, enum grpc_status status)
{
    if (!log_enabled(LOG_LEVEL_DEBUG))
        return;
    char milliseconds[32], number[16];
    snprintf(milliseconds, sizeof(milliseconds), "%lld",
             (long long)(clock_monotonic_ms() - call->began_ms));
    snprintf(number, sizeof(number), "%d", (int)status);
    LOG(LOG_LEVEL_DEBUG, "served", {"rpc", call->method->path}, {"grpc_status", number},
        {"milliseconds", milliseconds});
}

/* The mutex is held; the result is that of make_ready(). */
static bool set_status(struct grpc_call *call, enum grpc_status status, const char *text)
{
    if (call->ended)
        return false;
    call->ended = true;
    call->status = status;
    call->status_text = text ? mem_strdup(text) : NULL;
    return make_ready(call);
}

/* The handler's last act. chunk: NULL for none. */
static void end_call(struct grpc_call *call, struct http2_chunk *chunk, enum grpc_status status,
                     const char *text)
{
    struct grpc_server *server = call->server;
    log_served(call, status);
    pthread_mutex_lock(&server->mutex);
    if (chunk)
        put_in_outbox(call, chunk);
    bool wake = set_status(call, status, text);
    pthread_mutex_unlock(&server->mutex);
    bool last = atomic_fetch_sub(&server->active, 1) == 1;
    unreference(call);
    if (wake || (last && atomic_load(&server->draining)))
        wake_loop(server);
}

void grpc_call_reply(struct grpc_call *call, void *bytes, size_t length)
{
    end_call(call, make_chunk(bytes, length, release_buffer), GRPC_OK, NULL);
}

void grpc_call_reply_constant(struct grpc_call *call, struct slice message)
{
    end_call(call, make_chunk(message.ptr, message.length, release_constant), GRPC_OK, NULL);
}

void grpc_call_finish(struct grpc_call *call, enum grpc_status status, const char *text)
{
    end_call(call, NULL, status, text);
}

bool grpc_call_cancelled(const struct grpc_call *call)
{
    return atomic_load(&call->cancelled);
}

/* --- answers, on the loop --------------------------------------------------------------------- */

#define FIELD(name, value)                                                                         \
    {                                                                                              \
        SLICE_LITERAL(name), SLICE_LITERAL(value)                                                  \
    }
#define STATUS_200   FIELD(":status", "200")
#define CONTENT_TYPE FIELD("content-type", "application/grpc")

struct status_fields {
    struct str number, text;
    struct http2_field fields[2];
    size_t count;
};

static void status_fields_make(struct status_fields *status, enum grpc_status code,
                               const char *text)
{
    *status = (struct status_fields){.count = 1};
    str_printf(&status->number, "%d", (int)code);
    status->fields[0] = (struct http2_field){SLICE_LITERAL("grpc-status"),
                                             {status->number.ptr, status->number.length}};
    if (text_empty(text))
        return;
    grpc_percent_encode(text, GRPC_MAX_STATUS_TEXT, &status->text);
    status->fields[status->count++] = (struct http2_field){SLICE_LITERAL("grpc-message"),
                                                           {status->text.ptr, status->text.length}};
}

static void status_fields_free(struct status_fields *status)
{
    str_free(&status->number);
    str_free(&status->text);
}

/* The answer of a call that had none so far: a status alone ("Trailers-Only"). */
static void respond_status(struct grpc_call *call, enum grpc_status code, const char *text)
{
    struct status_fields status;
    status_fields_make(&status, code, text);
    struct http2_field fields[5] = {STATUS_200, CONTENT_TYPE,
                                    FIELD("grpc-accept-encoding", "identity")};
    memcpy(fields + 3, status.fields, status.count * sizeof(fields[0]));
    http2_stream_respond_only(call->stream, fields, 3 + status.count);
    status_fields_free(&status);
    call->responded = true;
}

static void respond_header(struct grpc_call *call)
{
    static const struct http2_field fields[] = {STATUS_200, CONTENT_TYPE};
    http2_stream_respond(call->stream, fields, ARRAY_LENGTH(fields));
    call->responded = true;
}

static void finish_stream(struct grpc_call *call, enum grpc_status code, const char *text)
{
    struct status_fields status;
    status_fields_make(&status, code, text);
    http2_stream_finish(call->stream, status.fields, status.count);
    status_fields_free(&status);
}

/* Ends a call that no handler has got; a held one has its header already. */
static void refuse(struct grpc_call *call, enum grpc_status code, const char *text)
{
    pthread_mutex_lock(&call->server->mutex);
    call->ended = true;
    pthread_mutex_unlock(&call->server->mutex);
    LOG(LOG_LEVEL_WARN, "refused a call", {"rpc", call->method ? call->method->path : "unknown"},
        {"reason", text});
    if (call->responded)
        finish_stream(call, code, text);
    else
        respond_status(call, code, text);
    atomic_fetch_sub(&call->server->unread, call->reader.message.length);
    grpc_reader_free(&call->reader);
}

/* Passes on what the handler has produced so far. */
static void forward(struct grpc_call *call)
{
    if (!call->stream)
        return;
    if (!call->forwarded && call->forwarded_end && !call->responded) {
        respond_status(call, call->status, call->status_text);
        return;
    }
    if (!call->responded)
        respond_header(call);
    while (call->forwarded) {
        struct http2_chunk *chunk = call->forwarded;
        call->forwarded = chunk->next;
        http2_stream_write(call->stream, chunk);
    }
    if (call->forwarded_end)
        finish_stream(call, call->status, call->status_text);
}

/* Empties the ready list: what the calls hold for the loop becomes the loop's own. */
static struct grpc_call *take_ready(struct grpc_server *server)
{
    pthread_mutex_lock(&server->mutex);
    struct grpc_call *calls = server->ready;
    server->ready = NULL;
    server->ready_last = &server->ready;
    for (struct grpc_call *call = calls; call; call = call->next_ready) {
        call->ready = false;
        call->next_forwarded = call->next_ready;
        call->forwarded = call->outbox;
        call->forwarded_end = call->ended;
        call->outbox = NULL;
        call->outbox_last = &call->outbox;
    }
    pthread_mutex_unlock(&server->mutex);
    return calls;
}

/* Calls whose grpc-timeout is over get their status at once; the handler sees the cancellation. */
static void expire_calls(struct grpc_server *server)
{
    static const char late[] = "the client's deadline has passed";
    if (!server->timed_count)
        return;
    int64_t now = clock_monotonic_ms();
    for (struct grpc_call *call = server->open; call; call = call->next_open) {
        if (call->deadline_ms > now)
            continue;
        call->deadline_ms = INT64_MAX;
        server->timed_count--;
        pthread_mutex_lock(&server->mutex);
        bool ended = call->ended;
        if (!ended && call->dispatched) {
            set_status(call, GRPC_DEADLINE_EXCEEDED, late); /* this turn forwards it */
            atomic_store(&call->cancelled, true);
            pthread_cond_broadcast(&server->room);
        }
        pthread_mutex_unlock(&server->mutex);
        if (!ended && !call->dispatched)
            refuse(call, GRPC_DEADLINE_EXCEEDED, late);
    }
}

static void on_turn(void *context)
{
    struct grpc_server *server = context;
    expire_calls(server);
    struct grpc_call *calls = take_ready(server);
    while (calls) {
        struct grpc_call *call = calls;
        calls = call->next_forwarded;
        forward(call);
        unreference(call);
    }
}

static int64_t on_due(void *context)
{
    const struct grpc_server *server = context;
    int64_t due = INT64_MAX;
    if (server->timed_count)
        for (const struct grpc_call *call = server->open; call; call = call->next_open)
            if (call->deadline_ms < due)
                due = call->deadline_ms;
    return due;
}

static bool on_idle(void *context)
{
    struct grpc_server *server = context;
    if (atomic_load(&server->active) > 0)
        return false;
    pthread_mutex_lock(&server->mutex);
    bool idle = !server->ready;
    pthread_mutex_unlock(&server->mutex);
    return idle;
}

static void on_stopping(void *context)
{
    struct grpc_server *server = context;
    atomic_store(&server->draining, true);
    if (server->setup.stopping)
        server->setup.stopping(server->setup.context);
}

/* --- requests, on the loop -------------------------------------------------------------------- */

static void *on_begin(void *context, struct http2_stream *stream)
{
    struct grpc_server *server = context;
    struct grpc_call *call = mem_calloc(1, sizeof(*call));
    call->server = server;
    call->stream = stream;
    call->references = 1;
    call->outbox_last = &call->outbox;
    call->began_ms = clock_monotonic_ms();
    call->deadline_ms = INT64_MAX;
    call->next_open = server->open;
    call->link_open = &server->open;
    if (call->next_open)
        call->next_open->link_open = &call->next_open;
    server->open = call;
    if (++server->open_count > GRPC_MAX_CALLS) {
        call->refusal = GRPC_RESOURCE_EXHAUSTED;
        call->refusal_text = "too many open calls";
    }
    return call;
}

static void note_refusal(struct grpc_call *call, enum grpc_status status, const char *text)
{
    if (call->refusal == GRPC_OK) {
        call->refusal = status;
        call->refusal_text = text;
    }
}

static const struct grpc_method *find_method(const struct grpc_method *const *tables,
                                             struct slice path)
{
    for (; *tables; tables++)
        for (const struct grpc_method *method = *tables; method->path; method++)
            if (slice_equal_text(path, method->path))
                return method;
    return NULL;
}

static void on_field(void *request, struct slice name, struct slice value)
{
    struct grpc_call *call = request;
    int64_t timeout;
    call->field_bytes += name.length + value.length;
    if (call->field_bytes > HTTP2_MAX_FIELD_SECTION) {
        note_refusal(call, GRPC_RESOURCE_EXHAUSTED, "the request's header is too large");
    } else if (slice_equal_text(name, ":method")) {
        call->is_post = slice_equal_text(value, "POST");
    } else if (slice_equal_text(name, ":path")) {
        call->method = find_method(call->server->setup.methods, value);
    } else if (slice_equal_text(name, "content-type")) {
        call->is_grpc = grpc_content_type_valid(value);
    } else if (slice_equal_text(name, "grpc-encoding")) {
        if (!slice_equal_text(value, "identity"))
            note_refusal(call, GRPC_UNIMPLEMENTED, "compressed messages are not supported");
    } else if (slice_equal_text(name, "grpc-timeout")) {
        if (!grpc_timeout_parse(value, &timeout))
            note_refusal(call, GRPC_INTERNAL, "malformed grpc-timeout");
        else if (call->deadline_ms == INT64_MAX) {
            call->deadline_ms = call->began_ms + timeout;
            call->server->timed_count++;
        }
    }
}

/* What is no gRPC at all gets an HTTP status, as the specification wants. */
static bool refuse_http(struct grpc_call *call)
{
    static const struct http2_field not_post[] = {FIELD(":status", "405"), FIELD("allow", "POST")};
    static const struct http2_field not_grpc[] = {FIELD(":status", "415")};
    if (call->is_post && call->is_grpc)
        return false;
    pthread_mutex_lock(&call->server->mutex);
    call->ended = true;
    pthread_mutex_unlock(&call->server->mutex);
    http2_stream_respond_only(call->stream, call->is_post ? not_grpc : not_post,
                              call->is_post ? ARRAY_LENGTH(not_grpc) : ARRAY_LENGTH(not_post));
    call->responded = true;
    return true;
}

static void on_header_end(void *request)
{
    struct grpc_call *call = request;
    if (refuse_http(call))
        return;
    if (call->refusal == GRPC_OK && !call->method)
        note_refusal(call, GRPC_UNIMPLEMENTED, "unknown method");
    if (call->refusal != GRPC_OK)
        refuse(call, call->refusal, call->refusal_text);
    else if (call->method->run == GRPC_HOLD || call->method->run == GRPC_HOLD_UNTIL_SENT)
        respond_header(call);
}

static void on_data(void *request, struct slice bytes)
{
    struct grpc_call *call = request;
    struct grpc_server *server = call->server;
    const char *reason = NULL;
    if (call->responded || call->dispatched)
        return;
    size_t before = call->reader.message.length;
    enum grpc_status status = grpc_reader_put(&call->reader, bytes, GRPC_MAX_MESSAGE, &reason);
    size_t more = call->reader.message.length - before;
    if (atomic_fetch_add(&server->unread, more) + more > GRPC_MAX_UNREAD && status == GRPC_OK) {
        status = GRPC_RESOURCE_EXHAUSTED;
        reason = "too many bytes of requests wait to be served";
    }
    if (status != GRPC_OK)
        refuse(call, status, reason);
}

static void run_handler(struct worker_job *job)
{
    struct grpc_call *call = (struct grpc_call *)job;
    if (atomic_load(&call->cancelled))
        grpc_call_finish(call, GRPC_CANCELLED, NULL);
    else
        call->method->handler(call->server->setup.context, call->method, call,
                              grpc_reader_message(&call->reader));
}

static void dispatch(struct grpc_call *call)
{
    struct grpc_server *server = call->server;
    call->dispatched = true;
    call->job.run = run_handler;
    atomic_fetch_add(&call->references, 1);
    atomic_fetch_add(&server->active, 1);
    if (call->method->run == GRPC_RUN_ON_LOOP)
        run_handler(&call->job);
    else
        workers_submit(server->workers, &call->job);
}

static void on_request_end(void *request)
{
    struct grpc_call *call = request;
    const char *reason = NULL;
    if (call->responded) {
        if (call->method && call->method->run == GRPC_HOLD_UNTIL_SENT && !call->ended)
            finish_stream(call, GRPC_OK, NULL);
        return;
    }
    enum grpc_status status = grpc_reader_end(&call->reader, &reason);
    if (status != GRPC_OK)
        refuse(call, status, reason);
    else
        dispatch(call);
}

/* Lets senders look again. */
static void signal_room(struct grpc_server *server)
{
    pthread_mutex_lock(&server->mutex);
    pthread_cond_broadcast(&server->room);
    pthread_mutex_unlock(&server->mutex);
}

static void on_sent(void *request, size_t bytes)
{
    struct grpc_call *call = request;
    size_t before = atomic_fetch_sub(&call->queued, bytes);
    if (before > GRPC_MAX_QUEUED && before - bytes <= GRPC_MAX_QUEUED)
        signal_room(call->server);
}

static void on_close(void *request)
{
    struct grpc_call *call = request;
    struct grpc_server *server = call->server;
    *call->link_open = call->next_open;
    if (call->next_open)
        call->next_open->link_open = call->link_open;
    server->open_count--;
    if (call->deadline_ms != INT64_MAX)
        server->timed_count--;
    call->stream = NULL;
    atomic_store(&call->cancelled, true);
    if (atomic_load(&call->queued) > GRPC_MAX_QUEUED)
        signal_room(server);
    unreference(call);
}

/* --- server ----------------------------------------------------------------------------------- */

static const struct http2_upcalls upcalls = {.begin = on_begin,
                                             .field = on_field,
                                             .header_end = on_header_end,
                                             .data = on_data,
                                             .request_end = on_request_end,
                                             .sent = on_sent,
                                             .close = on_close};

struct grpc_server *grpc_server_new(const struct grpc_setup *setup)
{
    struct grpc_server *server = mem_calloc(1, sizeof(*server));
    server->setup = *setup;
    server->ready_last = &server->ready;
    pthread_mutex_init(&server->mutex, NULL);
    pthread_cond_init(&server->room, NULL);
    server->workers = workers_new();
    server->loop = loop_new(&(struct loop_setup){.listen_fd = setup->listen_fd,
                                                 .tls = setup->tls,
                                                 .own_user_only = setup->own_user_only,
                                                 .watch_fd = setup->watch_fd,
                                                 .upcalls = &upcalls,
                                                 .context = server,
                                                 .turn = on_turn,
                                                 .due = on_due,
                                                 .stopping = on_stopping,
                                                 .idle = on_idle});
    return server;
}

bool grpc_server_run(struct grpc_server *server)
{
    server->thread = pthread_self();
    return loop_run(server->loop) == LOOP_STOPPED;
}

void grpc_server_stop(struct grpc_server *server)
{
    loop_stop(server->loop);
}

bool grpc_server_end(struct grpc_server *server, int milliseconds)
{
    loop_close(server->loop);
    if (!workers_end(server->workers, milliseconds))
        return false;
    on_turn(server); /* gives back what is left on the ready list */
    return true;
}

void grpc_server_free(struct grpc_server *server)
{
    if (!server)
        return;
    loop_free(server->loop);
    workers_free(server->workers);
    pthread_cond_destroy(&server->room);
    pthread_mutex_destroy(&server->mutex);
    free(server);
}
