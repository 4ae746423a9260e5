#include "provider/plugin/grpc.h"

#include "lib/base/test.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/stat.h>

#include "provider/plugin/limits.h"
#include "provider/plugin/test_client.h"

/* --- the server under test -------------------------------------------------------------------- */

static atomic_int running, most_running, seen_cancelled;
static atomic_bool gate_open;

static void echo(void *context, const struct grpc_method *method, struct grpc_call *call,
                 struct slice message)
{
    (void)context;
    (void)method;
    char *copy = mem_strndup(message.ptr, message.length);
    grpc_call_reply(call, copy, message.length);
}

static const char constant_answer[] = "constant";

static void constant(void *context, const struct grpc_method *method, struct grpc_call *call,
                     struct slice message)
{
    (void)context;
    (void)message;
    assert_string_equal(method->data, "data of the table");
    grpc_call_reply_constant(call, SLICE_LITERAL(constant_answer));
}

static void fail_call(void *context, const struct grpc_method *method, struct grpc_call *call,
                      struct slice message)
{
    (void)context;
    (void)method;
    (void)message;
    grpc_call_finish(call, GRPC_UNAVAILABLE, "100% \"größer\"\n\x01");
}

/* "COUNT SIZE": so many messages of that many bytes; ends early when cancelled. */
static void stream(void *context, const struct grpc_method *method, struct grpc_call *call,
                   struct slice message)
{
    (void)context;
    (void)method;
    char text[32] = "";
    int count = 0, size = 0;
    memcpy(text, message.ptr, message.length < 31 ? message.length : 31);
    sscanf(text, "%d %d", &count, &size);
    for (int i = 0; i < count && !grpc_call_cancelled(call); i++) {
        char *bytes = mem_calloc(1, (size_t)size);
        memset(bytes, 'a' + i % 26, (size_t)size);
        grpc_call_send(call, bytes, (size_t)size);
    }
    if (grpc_call_cancelled(call))
        seen_cancelled++;
    grpc_call_finish(call, GRPC_OK, NULL);
}

/* Blocks until the gate opens or the call is cancelled. */
static void wait_at_gate(void *context, const struct grpc_method *method, struct grpc_call *call,
                         struct slice message)
{
    (void)context;
    (void)method;
    int now = ++running;
    for (int most = most_running;
         now > most && !atomic_compare_exchange_weak(&most_running, &most, now);)
        continue;
    while (!gate_open && !grpc_call_cancelled(call))
        usleep(1000);
    if (grpc_call_cancelled(call))
        seen_cancelled++;
    running--;
    echo(context, method, call, message);
}

static struct grpc_server *server;

static void stop(void *context, const struct grpc_method *method, struct grpc_call *call,
                 struct slice message)
{
    echo(context, method, call, message);
    grpc_server_stop(server);
}

static const struct grpc_method table_a[] = {
    {"/t/Echo", echo, GRPC_RUN_ON_WORKER, NULL},
    {"/t/EchoOnLoop", echo, GRPC_RUN_ON_LOOP, NULL},
    {"/t/Constant", constant, GRPC_RUN_ON_LOOP, "data of the table"},
    {"/t/Fail", fail_call, GRPC_RUN_ON_WORKER, NULL},
    {NULL, NULL, GRPC_RUN_ON_LOOP, NULL},
};
static const struct grpc_method table_b[] = {
    {"/t/Stream", stream, GRPC_RUN_ON_WORKER, NULL},
    {"/t/Gate", wait_at_gate, GRPC_RUN_ON_WORKER, NULL},
    {"/t/Stop", stop, GRPC_RUN_ON_LOOP, NULL},
    {"/t/Hold", NULL, GRPC_HOLD, NULL},
    {"/t/HoldUntilSent", NULL, GRPC_HOLD_UNTIL_SENT, NULL},
    {NULL, NULL, GRPC_RUN_ON_LOOP, NULL},
};
static const struct grpc_method *const tables[] = {table_a, table_b, NULL};

static char address[64];
static pthread_t thread;

static void *run(void *argument)
{
    (void)argument;
    grpc_server_run(server);
    return NULL;
}

static int start_server(void **state)
{
    (void)state;
    static int number;
    struct sockaddr_un where = {.sun_family = AF_UNIX};
    snprintf(address, sizeof(address), "@okestra-grpc-test-%d-%d", (int)getpid(), number++);
    memcpy(where.sun_path + 1, address + 1, strlen(address) - 1);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(address));
    assert_int_equal(bind(fd, (struct sockaddr *)&where, size), 0);
    assert_int_equal(listen(fd, 128), 0);
    running = most_running = seen_cancelled = 0;
    gate_open = false;
    server = grpc_server_new(&(struct grpc_setup){
        .listen_fd = fd, .own_user_only = true, .watch_fd = -1, .methods = tables});
    assert_int_equal(pthread_create(&thread, NULL, run, NULL), 0);
    return 0;
}

static int stop_server(void **state)
{
    (void)state;
    gate_open = true;
    grpc_server_stop(server);
    pthread_join(thread, NULL);
    assert_true(grpc_server_end(server, TEST_PATIENCE_MS));
    grpc_server_free(server);
    return 0;
}

static void connect_client(struct test_client *client, int window)
{
    int fd = test_connect(address);
    assert_true(fd >= 0);
    test_client_start(client, fd, NULL, window);
}

/* Runs a call with one message and expects a gRPC status. */
static void expect(struct test_client *client, struct test_call *call, const char *message,
                   int status)
{
    test_call_add_message(call, message, strlen(message));
    assert_true(test_call_run(client, call));
    assert_string_equal(call->http_status, "200");
    assert_string_equal(call->content, "application/grpc");
    assert_int_equal(call->grpc_status, status);
}

/* client: keeps the connection going meanwhile; NULL for none. */
static bool wait_for(struct test_client *client, atomic_int *counter, int value)
{
    int64_t until = clock_monotonic_ms() + TEST_PATIENCE_MS;
    while (*counter != value && clock_monotonic_ms() < until)
        if (client)
            test_client_turn(client, 1);
        else
            usleep(1000);
    return *counter == value;
}

/* --- calls ------------------------------------------------------------------------------------ */

static void unary_calls(void **state)
{
    (void)state;
    static const char *const paths[] = {"/t/Echo", "/t/EchoOnLoop"};
    struct test_client client;
    connect_client(&client, 0);
    for (size_t i = 0; i < 2 * ARRAY_LENGTH(paths); i++) {
        struct test_call call = TEST_CALL(paths[i / 2]);
        const char *message = i % 2 ? "hello" : "";
        expect(&client, &call, message, GRPC_OK);
        struct slice answer = test_call_message(&call, 0);
        assert_non_null(answer.ptr);
        assert_true(slice_equal_text(answer, message));
        assert_null(test_call_message(&call, 1).ptr);
        assert_int_equal(call.error_code, NGHTTP2_NO_ERROR);
        test_call_free(&call);
    }
    struct test_call call = TEST_CALL("/t/Constant");
    expect(&client, &call, "x", GRPC_OK);
    assert_memory_equal(test_call_message(&call, 0).ptr, "constant", 8);
    test_call_free(&call);
    test_client_stop(&client);
}

static void message_over_many_frames(void **state)
{
    (void)state;
    for (size_t piece = 1; piece <= 7; piece += 2) {
        struct test_client client;
        connect_client(&client, 0);
        struct test_call call = TEST_CALL("/t/Echo");
        call.piece = piece;
        expect(&client, &call, "divided into many little frames", GRPC_OK);
        assert_true(
            slice_equal_text(test_call_message(&call, 0), "divided into many little frames"));
        test_call_free(&call);
        test_client_stop(&client);
    }
}

static void status_with_text(void **state)
{
    (void)state;
    struct test_client client;
    connect_client(&client, 0);
    struct test_call call = TEST_CALL("/t/Fail");
    expect(&client, &call, "x", GRPC_UNAVAILABLE);
    assert_string_equal(str_text(&call.message), "100% \"größer\"\n\x01");
    assert_int_equal(call.data.length, 0);
    test_call_free(&call);
    test_client_stop(&client);
}

struct refused {
    const char *path, *name, *value;
    const char *frame;
    size_t length;
    int status;
    const char *text;
};

static void refused_requests(void **state)
{
    (void)state;
    static const struct refused refusals[] = {
        {"/t/None", NULL, NULL, "\0\0\0\0\1x", 6, GRPC_UNIMPLEMENTED, "unknown method"},
        {"/", NULL, NULL, "\0\0\0\0\1x", 6, GRPC_UNIMPLEMENTED, "unknown method"},
        {"/t/Echo/", NULL, NULL, "\0\0\0\0\1x", 6, GRPC_UNIMPLEMENTED, "unknown method"},
        {"/t/Echo", "grpc-encoding", "gzip", "\1\0\0\0\1x", 6, GRPC_UNIMPLEMENTED,
         "compressed messages are not supported"},
        {"/t/Echo", NULL, NULL, "\1\0\0\0\1x", 6, GRPC_UNIMPLEMENTED,
         "compressed messages are not supported"},
        {"/t/Echo", NULL, NULL, "\0\0\0\0\1x\0\0\0\0\1y", 12, GRPC_UNIMPLEMENTED,
         "the method takes exactly one message"},
        {"/t/Echo", NULL, NULL, "", 0, GRPC_UNIMPLEMENTED, "the method takes exactly one message"},
        {"/t/Echo", NULL, NULL, "\0\0\0", 3, GRPC_INTERNAL, "the request ended within its message"},
        {"/t/Echo", NULL, NULL, "\0\xff\xff\xff\xff", 5, GRPC_RESOURCE_EXHAUSTED,
         "the request is larger than this server accepts"},
        {"/t/Echo", "grpc-timeout", "soon", "\0\0\0\0\1x", 6, GRPC_INTERNAL,
         "malformed grpc-timeout"},
        {"/t/Echo", "grpc-timeout", "0S", "\0\0\0\0\1x", 6, GRPC_DEADLINE_EXCEEDED,
         "the client's deadline has passed"},
    };
    struct test_client client;
    connect_client(&client, 0);
    for (size_t i = 0; i < ARRAY_LENGTH(refusals); i++) {
        const struct refused *refused = &refusals[i];
        struct test_call call = TEST_CALL(refused->path);
        call.extra_name = refused->name;
        call.extra_value = refused->value;
        str_append_bytes(&call.body, refused->frame, refused->length);
        /* An expired deadline only shows when the handler cannot be faster. */
        if (refused->status == GRPC_DEADLINE_EXCEEDED)
            call.path = "/t/Gate";
        assert_true(test_call_run(&client, &call));
        assert_string_equal(call.http_status, "200");
        assert_int_equal(call.grpc_status, refused->status);
        assert_string_equal(str_text(&call.message), refused->text);
        test_call_free(&call);
    }
    /* The connection is as good as new. */
    struct test_call call = TEST_CALL("/t/Echo");
    expect(&client, &call, "still here", GRPC_OK);
    test_call_free(&call);
    test_client_stop(&client);
}

static void not_grpc_at_all(void **state)
{
    (void)state;
    struct test_client client;
    connect_client(&client, 0);
    struct test_call get = TEST_CALL("/t/Echo");
    get.method = "GET";
    assert_true(test_call_run(&client, &get));
    assert_string_equal(get.http_status, "405");
    struct test_call json = TEST_CALL("/t/Echo");
    json.content_type = "application/json";
    str_append(&json.body, "{}");
    assert_true(test_call_run(&client, &json));
    assert_string_equal(json.http_status, "415");
    test_call_free(&get);
    test_call_free(&json);
    test_client_stop(&client);
}

/* A method that is not there is answered before the client has sent its request, and the client
 * told to stop sending it. */
static void early_answer(void **state)
{
    (void)state;
    struct test_client client;
    connect_client(&client, 0);
    struct test_call call = TEST_CALL("/t/None");
    call.keep_open = true;
    assert_true(test_call_run(&client, &call));
    assert_int_equal(call.grpc_status, GRPC_UNIMPLEMENTED);
    assert_int_equal(call.error_code, NGHTTP2_NO_ERROR);
    test_call_free(&call);
    test_client_stop(&client);
}

static void header_too_large(void **state)
{
    (void)state;
    struct test_client client;
    connect_client(&client, 0);
    struct test_call call = TEST_CALL("/t/Echo");
    char *value = mem_alloc(HTTP2_MAX_FIELD_SECTION + 1);
    memset(value, 'v', HTTP2_MAX_FIELD_SECTION);
    value[HTTP2_MAX_FIELD_SECTION] = '\0';
    call.extra_name = "x-large";
    call.extra_value = value;
    expect(&client, &call, "x", GRPC_RESOURCE_EXHAUSTED);
    free(value);
    test_call_free(&call);
    test_client_stop(&client);
}

/* --- large and many --------------------------------------------------------------------------- */

static void large_messages(void **state)
{
    (void)state;
    enum { LARGE = 80 * 1024 * 1024 };
    char *bytes = mem_alloc(LARGE);
    for (size_t i = 0; i < LARGE; i++)
        bytes[i] = (char)(i * 2654435761u >> 24);
    for (int window = 0; window <= 1 << 20; window += 1 << 20) {
        struct test_client client;
        connect_client(&client, window);
        struct test_call call = TEST_CALL("/t/Echo");
        test_call_add_message(&call, bytes, LARGE);
        assert_true(test_call_run(&client, &call));
        assert_int_equal(call.grpc_status, GRPC_OK);
        assert_int_equal(test_call_message(&call, 0).length, LARGE);
        assert_memory_equal(test_call_message(&call, 0).ptr, bytes, LARGE);
        test_call_free(&call);
        test_client_stop(&client);
    }
    free(bytes);
}

static void server_stream(void **state)
{
    (void)state;
    struct test_client client;
    connect_client(&client, 0);
    struct test_call call = TEST_CALL("/t/Stream");
    expect(&client, &call, "1000 3", GRPC_OK);
    for (size_t i = 0; i < 1000; i++) {
        struct slice message = test_call_message(&call, i);
        assert_int_equal(message.length, 3);
        assert_true(message.ptr && message.ptr[0] == 'a' + (int)i % 26);
    }
    assert_null(test_call_message(&call, 1000).ptr);
    test_call_free(&call);
    test_client_stop(&client);
}

/* A client that does not read makes the handler wait and fills no memory; a reset frees it. */
static void slow_reader_and_cancel(void **state)
{
    (void)state;
    struct test_client client;
    connect_client(&client, 0);
    struct test_call call = TEST_CALL("/t/Stream");
    const char *order = "1000000 65536"; /* 64 GiB, if it were not for flow control */
    test_call_add_message(&call, order, strlen(order));
    test_call_start(&client, &call);
    while (call.data.length < 1000000)
        test_client_turn(&client, 100);
    usleep(50000);
    assert_int_equal(seen_cancelled, 0);
    nghttp2_submit_rst_stream(client.session, NGHTTP2_FLAG_NONE, call.id, NGHTTP2_CANCEL);
    test_client_write(&client);
    assert_true(wait_for(&client, &seen_cancelled, 1));
    struct test_call next = TEST_CALL("/t/Echo");
    expect(&client, &next, "goes on", GRPC_OK);
    test_call_free(&call);
    test_call_free(&next);
    test_client_stop(&client);
}

static void lost_connection_cancels(void **state)
{
    (void)state;
    struct test_client client;
    connect_client(&client, 0);
    struct test_call calls[3] = {TEST_CALL("/t/Gate"), TEST_CALL("/t/Gate"), TEST_CALL("/t/Gate")};
    for (size_t i = 0; i < 3; i++) {
        test_call_add_message(&calls[i], "x", 1);
        test_call_start(&client, &calls[i]);
    }
    assert_true(wait_for(&client, &running, 3));
    test_client_stop(&client);
    assert_true(wait_for(NULL, &seen_cancelled, 3));
    for (size_t i = 0; i < 3; i++)
        test_call_free(&calls[i]);
}

/* As many handlers block at once as the client wants, and control calls do not wait behind them. */
static void blocking_handlers_in_parallel(void **state)
{
    (void)state;
    enum { CALLS = 100 };
    struct test_client client;
    connect_client(&client, 0);
    struct test_call calls[CALLS];
    for (size_t i = 0; i < CALLS; i++) {
        calls[i] = (struct test_call)TEST_CALL("/t/Gate");
        test_call_add_message(&calls[i], "x", 1);
        test_call_start(&client, &calls[i]);
    }
    assert_true(wait_for(&client, &running, CALLS));
    struct test_call control = TEST_CALL("/t/EchoOnLoop");
    expect(&client, &control, "at once", GRPC_OK);
    gate_open = true;
    for (size_t i = 0; i < CALLS; i++) {
        assert_true(test_call_wait(&client, &calls[i]));
        assert_int_equal(calls[i].grpc_status, GRPC_OK);
        test_call_free(&calls[i]);
    }
    test_call_free(&control);
    test_client_stop(&client);
}

static void a_thousand_streams(void **state)
{
    (void)state;
    enum { CALLS = 2000 };
    struct test_client client;
    connect_client(&client, 0);
    struct test_call *calls = mem_calloc(CALLS, sizeof(*calls));
    for (size_t i = 0; i < CALLS; i++) {
        calls[i] = (struct test_call)TEST_CALL("/t/Gate");
        test_call_add_message(&calls[i], &i, sizeof(i));
        test_call_start(&client, &calls[i]);
    }
    assert_true(wait_for(&client, &running, WORKERS_MAX)); /* the others wait in the queue */
    gate_open = true;
    for (size_t i = 0; i < CALLS; i++) {
        assert_true(test_call_wait(&client, &calls[i]));
        assert_int_equal(calls[i].grpc_status, GRPC_OK);
        assert_memory_equal(test_call_message(&calls[i], 0).ptr, &i, sizeof(i));
        test_call_free(&calls[i]);
    }
    assert_int_equal(most_running, WORKERS_MAX);
    free(calls);
    test_client_stop(&client);
}

static void many_connections(void **state)
{
    (void)state;
    enum { CLIENTS = 50 };
    struct test_client clients[CLIENTS];
    for (size_t i = 0; i < CLIENTS; i++)
        connect_client(&clients[i], 0);
    for (size_t round = 0; round < 2; round++)
        for (size_t i = 0; i < CLIENTS; i++) {
            struct test_call call = TEST_CALL("/t/Echo");
            expect(&clients[i], &call, "x", GRPC_OK);
            test_call_free(&call);
        }
    for (size_t i = 0; i < CLIENTS; i++)
        test_client_stop(&clients[i]);
}

static void connections_beyond_the_limit_are_closed(void **state)
{
    (void)state;
    int fds[LOOP_MAX_CONNECTIONS + 1];
    for (size_t i = 0; i < ARRAY_LENGTH(fds); i++) {
        fds[i] = test_connect(address);
        assert_true(fds[i] >= 0);
    }
    struct pollfd polled = {.fd = fds[LOOP_MAX_CONNECTIONS], .events = POLLIN};
    int64_t until = clock_monotonic_ms() + TEST_PATIENCE_MS;
    char byte[64];
    ssize_t got = 1;
    while (got > 0 && clock_monotonic_ms() < until && poll(&polled, 1, 1000) > 0)
        got = read(polled.fd, byte, sizeof(byte));
    assert_true(got <= 0);
    for (size_t i = 0; i < ARRAY_LENGTH(fds); i++)
        close(fds[i]);
}

/* --- held calls, deadlines, ends -------------------------------------------------------------- */

static void held_calls(void **state)
{
    (void)state;
    struct test_client client;
    connect_client(&client, 0);
    struct test_call hold = TEST_CALL("/t/Hold"), until_sent = TEST_CALL("/t/HoldUntilSent");
    test_call_add_message(&hold, "", 0);
    until_sent.keep_open = true;
    test_call_start(&client, &hold);
    test_call_start(&client, &until_sent);
    for (int i = 0; i < 20 && !(hold.headers && until_sent.headers); i++)
        test_client_turn(&client, 100);
    assert_true(hold.headers && until_sent.headers);
    assert_false(hold.closed || until_sent.closed);
    until_sent.keep_open = false;
    nghttp2_session_resume_data(client.session, until_sent.id);
    assert_true(test_call_wait(&client, &until_sent));
    assert_int_equal(until_sent.grpc_status, GRPC_OK);
    assert_false(hold.closed);
    nghttp2_submit_rst_stream(client.session, NGHTTP2_FLAG_NONE, hold.id, NGHTTP2_CANCEL);
    struct test_call echo_call = TEST_CALL("/t/Echo");
    expect(&client, &echo_call, "x", GRPC_OK);
    test_call_free(&hold);
    test_call_free(&until_sent);
    test_call_free(&echo_call);
    test_client_stop(&client);
}

static void deadlines(void **state)
{
    (void)state;
    struct test_client client;
    connect_client(&client, 0);
    struct test_call gate = TEST_CALL("/t/Gate"), hold = TEST_CALL("/t/Hold"),
                     unsent = TEST_CALL("/t/Echo");
    gate.extra_name = hold.extra_name = unsent.extra_name = "grpc-timeout";
    gate.extra_value = hold.extra_value = unsent.extra_value = "60m";
    unsent.keep_open = true;
    test_call_add_message(&gate, "x", 1);
    test_call_add_message(&hold, "x", 1);
    int64_t start = clock_monotonic_ms();
    test_call_start(&client, &gate);
    test_call_start(&client, &hold);
    test_call_start(&client, &unsent);
    assert_true(test_call_wait(&client, &gate));
    assert_true(test_call_wait(&client, &hold));
    assert_true(test_call_wait(&client, &unsent));
    assert_true(clock_monotonic_ms() - start >= 59);
    assert_int_equal(gate.grpc_status, GRPC_DEADLINE_EXCEEDED);
    assert_int_equal(hold.grpc_status, GRPC_DEADLINE_EXCEEDED);
    assert_int_equal(unsent.grpc_status, GRPC_DEADLINE_EXCEEDED);
    assert_true(wait_for(&client, &seen_cancelled, 1));
    struct test_call in_time = TEST_CALL("/t/Echo");
    in_time.extra_name = "grpc-timeout";
    in_time.extra_value = "20S";
    expect(&client, &in_time, "x", GRPC_OK);
    test_call_free(&gate);
    test_call_free(&hold);
    test_call_free(&unsent);
    test_call_free(&in_time);
    test_client_stop(&client);
}

/* The answer to the call that stops the server arrives, and so do those that were under way. */
static void stop_lets_answers_leave(void **state)
{
    (void)state;
    struct test_client client;
    connect_client(&client, 0);
    struct test_call gate = TEST_CALL("/t/Gate"), hold = TEST_CALL("/t/Hold"),
                     last = TEST_CALL("/t/Stop");
    test_call_add_message(&gate, "x", 1);
    test_call_add_message(&hold, "x", 1);
    test_call_start(&client, &gate);
    test_call_start(&client, &hold);
    assert_true(wait_for(&client, &running, 1));
    expect(&client, &last, "bye", GRPC_OK);
    gate_open = true;
    assert_true(test_call_wait(&client, &gate));
    assert_int_equal(gate.grpc_status, GRPC_OK);
    assert_true(client.goaway);
    assert_int_equal(test_connect(address), -1);
    test_call_free(&gate);
    test_call_free(&hold);
    test_call_free(&last);
    test_client_stop(&client);
}

static void pings_are_answered(void **state)
{
    (void)state;
    struct test_client client;
    connect_client(&client, 0);
    for (int i = 0; i < 100; i++)
        nghttp2_submit_ping(client.session, NGHTTP2_FLAG_NONE, NULL);
    struct test_call call = TEST_CALL("/t/Echo");
    expect(&client, &call, "x", GRPC_OK);
    assert_false(client.ended || client.goaway);
    test_call_free(&call);
    test_client_stop(&client);
}

static void garbage_closes_the_connection(void **state)
{
    (void)state;
    static const struct slice openings[] = {
        SLICE_LITERAL("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"),
        SLICE_LITERAL("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nthis is certainly no HTTP/2 frame"),
        SLICE_LITERAL("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 a TLS hello, unexpected")};
    for (size_t i = 0; i < ARRAY_LENGTH(openings); i++) {
        int fd = test_connect(address);
        assert_int_equal(write(fd, openings[i].ptr, openings[i].length),
                         (ssize_t)openings[i].length);
        char buffer[256];
        struct pollfd polled = {.fd = fd, .events = POLLIN};
        ssize_t got = 1;
        while (got > 0 && poll(&polled, 1, TEST_PATIENCE_MS) > 0)
            got = read(fd, buffer, sizeof(buffer));
        assert_true(got <= 0);
        close(fd);
    }
    struct test_client client;
    connect_client(&client, 0);
    struct test_call call = TEST_CALL("/t/Echo");
    expect(&client, &call, "x", GRPC_OK);
    test_call_free(&call);
    test_client_stop(&client);
}

static void watched_pipe_ends_the_server(void **state)
{
    (void)state;
    int ends[2];
    struct sockaddr_un where = {.sun_family = AF_UNIX}; /* autobind: the kernel chooses a name */
    assert_int_equal(pipe(ends), 0);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&where, sizeof(sa_family_t)), 0);
    assert_int_equal(listen(fd, 1), 0);
    struct grpc_server *watching = grpc_server_new(
        &(struct grpc_setup){.listen_fd = fd, .watch_fd = ends[1], .methods = tables});
    close(ends[0]);
    assert_false(grpc_server_run(watching));
    assert_true(grpc_server_end(watching, TEST_PATIENCE_MS));
    grpc_server_free(watching);
    close(ends[1]);
}

#define WITH_SERVER(test) cmocka_unit_test_setup_teardown(test, start_server, stop_server)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_SERVER(unary_calls),
        WITH_SERVER(message_over_many_frames),
        WITH_SERVER(status_with_text),
        WITH_SERVER(refused_requests),
        WITH_SERVER(not_grpc_at_all),
        WITH_SERVER(early_answer),
        WITH_SERVER(header_too_large),
        WITH_SERVER(large_messages),
        WITH_SERVER(server_stream),
        WITH_SERVER(slow_reader_and_cancel),
        WITH_SERVER(lost_connection_cancels),
        WITH_SERVER(blocking_handlers_in_parallel),
        WITH_SERVER(a_thousand_streams),
        WITH_SERVER(many_connections),
        WITH_SERVER(connections_beyond_the_limit_are_closed),
        WITH_SERVER(held_calls),
        WITH_SERVER(deadlines),
        WITH_SERVER(stop_lets_answers_leave),
        WITH_SERVER(pings_are_answered),
        WITH_SERVER(garbage_closes_the_connection),
        cmocka_unit_test(watched_pipe_ends_the_server),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
