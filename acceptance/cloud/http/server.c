#include "acceptance/cloud/http/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "acceptance/cloud/http/reason.h"
#include "lib/base/clock.h"
#include "lib/base/file.h"
#include "lib/base/log.h"

enum {
    READ_SIZE = 64 * 1024,
    OUTPUT_LIMIT = 4 * 1024 * 1024, /* a client that does not read is not read from */
    EVENTS = 64,
    SWEEP_MS = 1000,
    LAYERS = 2, /* the connection, and the inside of a tunnel */
    HANDSHAKE = 0x16,
};

struct layer {
    bool decided; /* the first byte has been seen */
    SSL *ssl;     /* NULL: plain */
    BIO *in, *out;
};

struct connection {
    struct server *server;
    struct connection *previous, *next;
    int fd;
    struct layer layers[LAYERS];
    int depth; /* of the layer that carries HTTP */
    struct http_parser *parser;
    char *tunnel;
    bool loopback;
    struct str output;
    size_t sent;
    uint32_t events;
    bool waiting;   /* an answer is being held back until due_ms */
    int64_t due_ms; /* monotonic */
    struct str held;
    bool closing; /* when the output is gone */
    bool dead;
    int64_t active_ms; /* monotonic: when the request began or the last one ended */
};

struct server {
    struct authority *authority;
    struct server_hooks hooks;
    int listener, epoll, signals;
    char *url;
    struct connection *connections;
    int count;
    bool accepting;
    int64_t sweep_ms;
};

static void run_requests(struct connection *connection);
static void receive(struct connection *connection, int level, const void *data, size_t length);

/* --- output: from HTTP down through the layers to the socket ------------------------------------- */

static void send_down(struct connection *connection, int level, const void *data, size_t length)
{
    struct layer *layer = level >= 0 ? &connection->layers[level] : NULL;
    if (!layer) {
        str_append_bytes(&connection->output, data, length);
        return;
    }
    if (!layer->ssl) {
        send_down(connection, level - 1, data, length);
        return;
    }
    if (length && SSL_write(layer->ssl, data, (int)length) <= 0) {
        connection->dead = true;
        return;
    }
    char *cipher;
    long pending = BIO_get_mem_data(layer->out, &cipher);
    if (pending > 0) {
        send_down(connection, level - 1, cipher, (size_t)pending);
        (void)BIO_reset(layer->out);
    }
}

static void watch(struct connection *connection)
{
    size_t unsent = connection->output.length - connection->sent;
    uint32_t events = (unsent ? (uint32_t)EPOLLOUT : 0) |
                      (unsent < OUTPUT_LIMIT && !connection->closing ? (uint32_t)EPOLLIN : 0);
    if (events == connection->events)
        return;
    connection->events = events;
    epoll_ctl(connection->server->epoll, EPOLL_CTL_MOD, connection->fd,
              &(struct epoll_event){.events = events, .data.ptr = connection});
}

static void flush(struct connection *connection)
{
    while (!connection->dead && connection->sent < connection->output.length) {
        ssize_t put = send(connection->fd, connection->output.ptr + connection->sent,
                           connection->output.length - connection->sent, MSG_NOSIGNAL);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
            break;
        if (put < 0)
            connection->dead = true;
        else
            connection->sent += (size_t)put;
    }
    if (connection->sent == connection->output.length) {
        str_clear(&connection->output);
        connection->sent = 0;
        connection->dead |= connection->closing;
    }
    if (!connection->dead)
        watch(connection);
}

/* --- requests ------------------------------------------------------------------------------------ */

static void append_head(struct str *out, int status, const struct str *headers, size_t length,
                        bool keep_alive)
{
    char date[CLOCK_HTTP_SIZE];
    str_printf(out, "HTTP/1.1 %d %s\r\nDate: %s\r\n", status, http_reason(status),
               clock_format_http(clock_wall_ms(), date));
    str_append_bytes(out, str_text(headers), headers->length);
    if (status != 204 && status != 304)
        str_printf(out, "Content-Length: %zu\r\n", length);
    str_append(out, keep_alive ? "\r\n" : "Connection: close\r\n\r\n");
}

static void answer_problem(struct connection *connection)
{
    struct http_problem problem = http_parser_problem(connection->parser);
    STR_AUTO body = STR_INIT;
    STR_AUTO out = STR_INIT;
    str_printf(&body, "{\"code\":\"%s\",\"message\":\"%s.\"}",
               problem.status == 413 ? "RequestEntityTooLarge" : "InvalidParameter", problem.text);
    struct str headers = STR_INIT;
    str_append(&headers, "Content-Type: application/json\r\n");
    append_head(&out, problem.status, &headers, body.length, false);
    str_append_bytes(&out, body.ptr, body.length);
    str_free(&headers);
    send_down(connection, connection->depth, out.ptr, out.length);
    connection->closing = true;
}

/* CONNECT host:port: what follows is the inside of a tunnel, and it ends here. */
static void open_tunnel(struct connection *connection)
{
    struct http_request *request = http_parser_request(connection->parser);
    char *colon = strrchr(request->target, ':');
    if (connection->depth + 1 == LAYERS || !colon) {
        static const char refusal[] = "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n"
                                      "Connection: close\r\n\r\n";
        send_down(connection, connection->depth, refusal, sizeof(refusal) - 1);
        connection->closing = true;
        return;
    }
    connection->tunnel = mem_strndup(request->target, (size_t)(colon - request->target));
    STR_AUTO rest = STR_INIT;
    http_parser_take_rest(connection->parser, &rest);
    http_parser_next(connection->parser);
    static const char agreed[] = "HTTP/1.1 200 Connection established\r\n\r\n";
    send_down(connection, connection->depth, agreed, sizeof(agreed) - 1);
    connection->depth++;
    if (rest.length)
        receive(connection, connection->depth, rest.ptr, rest.length);
}

static struct server_peer peer_of(const struct connection *connection)
{
    return (struct server_peer){connection->tunnel, connection->loopback};
}

static void end_answer(struct connection *connection, bool keep_alive)
{
    send_down(connection, connection->depth, str_text(&connection->held), connection->held.length);
    str_clear(&connection->held);
    connection->waiting = false;
    connection->closing |= !keep_alive;
    connection->active_ms = clock_monotonic_ms();
    http_parser_next(connection->parser);
}

static void serve_request(struct connection *connection)
{
    struct server *server = connection->server;
    struct http_request *request = http_parser_request(connection->parser);
    struct server_peer peer = peer_of(connection);
    struct server_answer answer = {.status = 500};
    server->hooks.handle(server->hooks.context, request, &peer, &answer);
    bool keep_alive = request->keep_alive;
    if (answer.drop) {
        connection->dead = answer.delay_ms == 0;
        connection->closing = true;
    } else {
        append_head(&connection->held, answer.status, &answer.headers, answer.body.length,
                    keep_alive);
        if (strcmp(request->method, "HEAD") != 0)
            str_append_bytes(&connection->held, str_text(&answer.body), answer.body.length);
    }
    str_free(&answer.headers);
    str_free(&answer.body);
    if (answer.delay_ms > 0) {
        connection->waiting = true;
        connection->due_ms = clock_monotonic_ms() + answer.delay_ms;
        connection->closing |= !keep_alive;
    } else if (!connection->dead) {
        end_answer(connection, keep_alive);
    }
}

static void meet_head(struct connection *connection)
{
    const struct server *server = connection->server;
    struct http_request *request = http_parser_request(connection->parser);
    struct server_peer peer = peer_of(connection);
    size_t limit = server->hooks.body_limit(server->hooks.context, request, &peer);
    http_parser_set_body_limit(connection->parser, limit);
    static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";
    if (request->expects_continue)
        send_down(connection, connection->depth, go_on, sizeof(go_on) - 1);
}

static void run_requests(struct connection *connection)
{
    while (!connection->dead && !connection->closing && !connection->waiting) {
        switch (http_parser_run(connection->parser)) {
        case HTTP_PARSE_MORE:
            return;
        case HTTP_PARSE_HEAD:
            meet_head(connection);
            break;
        case HTTP_PARSE_BAD:
            answer_problem(connection);
            return;
        case HTTP_PARSE_DONE:
            if (strcmp(http_parser_request(connection->parser)->method, "CONNECT") == 0)
                open_tunnel(connection);
            else
                serve_request(connection);
        }
    }
}

/* --- input: from the socket up through the layers to HTTP ---------------------------------------- */

static int choose_certificate(SSL *ssl, int *alert, void *context)
{
    (void)alert;
    struct connection *connection = context;
    const char *name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
    SSL_CTX *chosen = name ? authority_context(connection->server->authority, name) : NULL;
    if (chosen)
        SSL_set_SSL_CTX(ssl, chosen);
    return SSL_TLSEXT_ERR_OK;
}

static bool start_tls(struct connection *connection, struct layer *layer)
{
    const char *host = connection->tunnel ? connection->tunnel : "127.0.0.1";
    SSL_CTX *context = authority_context(connection->server->authority, host);
    if (!context)
        return false;
    SSL_CTX_set_tlsext_servername_callback(context, choose_certificate);
    SSL_CTX_set_tlsext_servername_arg(context, connection);
    layer->ssl = SSL_new(context);
    layer->in = BIO_new(BIO_s_mem());
    layer->out = BIO_new(BIO_s_mem());
    if (!layer->ssl || !layer->in || !layer->out)
        fatal_error("out of memory");
    SSL_set_bio(layer->ssl, layer->in, layer->out);
    SSL_set_accept_state(layer->ssl);
    return true;
}

static void receive_plain(struct connection *connection, int level, const void *data, size_t length)
{
    if (level < connection->depth) {
        receive(connection, level + 1, data, length);
        return;
    }
    if (http_parser_idle(connection->parser) && !connection->waiting)
        connection->active_ms = clock_monotonic_ms();
    http_parser_feed(connection->parser, data, length);
    run_requests(connection);
}

static void receive_tls(struct connection *connection, int level, const void *data, size_t length)
{
    struct layer *layer = &connection->layers[level];
    BIO_write(layer->in, data, (int)length);
    CLEANUP(free_pointer) char *chunk = mem_alloc(READ_SIZE);
    for (;;) {
        SSL_CTX_set_tlsext_servername_arg(SSL_get_SSL_CTX(layer->ssl), connection);
        ERR_clear_error();
        int got = SSL_read(layer->ssl, chunk, READ_SIZE);
        send_down(connection, level, NULL, 0); /* handshake messages */
        if (got <= 0) {
            if (SSL_get_error(layer->ssl, got) != SSL_ERROR_WANT_READ)
                connection->closing = true;
            return;
        }
        receive_plain(connection, level, chunk, (size_t)got);
        if (connection->dead)
            return;
    }
}

static void receive(struct connection *connection, int level, const void *data, size_t length)
{
    struct layer *layer = &connection->layers[level];
    if (!layer->decided) {
        layer->decided = true;
        if (*(const unsigned char *)data == HANDSHAKE && !start_tls(connection, layer)) {
            connection->dead = true;
            return;
        }
    }
    if (layer->ssl)
        receive_tls(connection, level, data, length);
    else
        receive_plain(connection, level, data, length);
}

static void read_socket(struct connection *connection)
{
    CLEANUP(free_pointer) char *data = mem_alloc(READ_SIZE);
    ssize_t got = recv(connection->fd, data, READ_SIZE, 0);
    if (got > 0)
        receive(connection, 0, data, (size_t)got);
    else if (got == 0 || (errno != EAGAIN && errno != EINTR))
        connection->dead = true;
}

/* --- connections --------------------------------------------------------------------------------- */

static void listen_again(struct server *server, bool accepting)
{
    if (server->accepting == accepting)
        return;
    server->accepting = accepting;
    epoll_ctl(server->epoll, EPOLL_CTL_MOD, server->listener,
              &(struct epoll_event){.events = accepting ? EPOLLIN : 0, .data.ptr = NULL});
}

static void close_connection(struct connection *connection)
{
    struct server *server = connection->server;
    *(connection->previous ? &connection->previous->next : &server->connections) = connection->next;
    if (connection->next)
        connection->next->previous = connection->previous;
    server->count--;
    for (int i = 0; i < LAYERS; i++)
        SSL_free(connection->layers[i].ssl);
    http_parser_free(connection->parser);
    close(connection->fd);
    str_free(&connection->output);
    str_free(&connection->held);
    free(connection->tunnel);
    free(connection);
    listen_again(server, true);
}

static bool is_loopback(const struct sockaddr_storage *address)
{
    if (address->ss_family == AF_INET)
        return ntohl(((const struct sockaddr_in *)address)->sin_addr.s_addr) >> 24 == 127;
    const struct in6_addr *six = &((const struct sockaddr_in6 *)address)->sin6_addr;
    return IN6_IS_ADDR_LOOPBACK(six) || (IN6_IS_ADDR_V4MAPPED(six) && six->s6_addr[12] == 127);
}

static void accept_one(struct server *server)
{
    struct sockaddr_storage address;
    socklen_t size = sizeof(address);
    int fd =
        accept4(server->listener, (struct sockaddr *)&address, &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) {
        if (errno == EMFILE || errno == ENFILE)
            listen_again(server, false); /* the next sweep tries again */
        return;
    }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
    struct connection *connection = mem_calloc(1, sizeof(*connection));
    connection->server = server;
    connection->fd = fd;
    connection->loopback = is_loopback(&address);
    connection->parser = http_parser_new();
    connection->active_ms = clock_monotonic_ms();
    connection->events = EPOLLIN;
    connection->next = server->connections;
    if (server->connections)
        server->connections->previous = connection;
    server->connections = connection;
    epoll_ctl(server->epoll, EPOLL_CTL_ADD, fd,
              &(struct epoll_event){.events = EPOLLIN, .data.ptr = connection});
    if (++server->count == SERVER_CONNECTIONS)
        listen_again(server, false);
}

static void serve_event(struct connection *connection, uint32_t events)
{
    if (events & EPOLLIN)
        read_socket(connection);
    else if (events & (EPOLLERR | EPOLLHUP))
        connection->dead = true;
    flush(connection);
    if (connection->dead)
        close_connection(connection);
}

/* Lets answers go whose delay is over; returns the milliseconds to the next one or -1. */
static int64_t release_answers(struct server *server, int64_t now)
{
    int64_t wait = -1;
    for (struct connection *connection = server->connections, *next; connection;
         connection = next) {
        next = connection->next;
        if (!connection->waiting)
            continue;
        if (connection->due_ms <= now) {
            bool keep_alive = !connection->closing;
            connection->closing = false;
            end_answer(connection, keep_alive);
            run_requests(connection);
            flush(connection);
            if (connection->dead)
                close_connection(connection);
        } else if (wait < 0 || connection->due_ms - now < wait) {
            wait = connection->due_ms - now;
        }
    }
    return wait;
}

static void sweep(struct server *server, int64_t now)
{
    if (now < server->sweep_ms)
        return;
    server->sweep_ms = now + SWEEP_MS;
    listen_again(server, server->count < SERVER_CONNECTIONS);
    for (struct connection *connection = server->connections, *next; connection;
         connection = next) {
        next = connection->next;
        int64_t limit = http_parser_idle(connection->parser) ? SERVER_IDLE_MS : SERVER_REQUEST_MS;
        if (!connection->waiting && now - connection->active_ms > limit)
            close_connection(connection);
    }
}

/* --- the loop ------------------------------------------------------------------------------------ */

static bool parse_listen(const char *text, struct sockaddr_storage *address, socklen_t *size,
                         struct error *err)
{
    const char *colon = strrchr(text, ':');
    char *end = NULL;
    unsigned long port = colon ? strtoul(colon + 1, &end, 10) : 0;
    if (!colon || colon[1] == '\0' || *end || port > 65535)
        return error_set(err, ERROR_INVALID, "\"%s\" is not ADDRESS:PORT", text);
    CLEANUP(free_pointer) char *host = mem_strndup(text, (size_t)(colon - text));
    struct sockaddr_in *four = (struct sockaddr_in *)address;
    struct sockaddr_in6 *six = (struct sockaddr_in6 *)address;
    size_t length = strlen(host);
    if (inet_pton(AF_INET, host, &four->sin_addr) == 1) {
        four->sin_family = AF_INET;
        four->sin_port = htons((uint16_t)port);
        *size = sizeof(*four);
        return true;
    }
    if (length > 2 && host[0] == '[' && host[length - 1] == ']') {
        host[length - 1] = '\0';
        six->sin6_family = AF_INET6;
        six->sin6_port = htons((uint16_t)port);
        *size = sizeof(*six);
        if (inet_pton(AF_INET6, host + 1, &six->sin6_addr) == 1)
            return true;
    }
    return error_set(err, ERROR_INVALID, "\"%s\" is no IP address", host);
}

static void remember_url(struct server *server)
{
    struct sockaddr_storage address;
    socklen_t size = sizeof(address);
    char host[INET6_ADDRSTRLEN];
    struct str url = STR_INIT;
    getsockname(server->listener, (struct sockaddr *)&address, &size);
    if (address.ss_family == AF_INET) {
        const struct sockaddr_in *four = (const struct sockaddr_in *)&address;
        inet_ntop(AF_INET, &four->sin_addr, host, sizeof(host));
        bool any = four->sin_addr.s_addr == htonl(INADDR_ANY);
        str_printf(&url, "https://%s:%d", any ? "127.0.0.1" : host, ntohs(four->sin_port));
    } else {
        const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)&address;
        inet_ntop(AF_INET6, &six->sin6_addr, host, sizeof(host));
        str_printf(&url, "https://[%s]:%d", host, ntohs(six->sin6_port));
    }
    server->url = str_steal(&url);
}

static bool open_listener(struct server *server, const char *listen_text, struct error *err)
{
    struct sockaddr_storage address = {0};
    socklen_t size;
    if (!parse_listen(listen_text, &address, &size, err))
        return false;
    server->listener = socket(address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (server->listener < 0)
        return error_set_errno(err, "open a socket");
    setsockopt(server->listener, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int));
    if (bind(server->listener, (struct sockaddr *)&address, size) < 0 ||
        listen(server->listener, SOMAXCONN) < 0)
        return error_set_errno(err, "listen on %s", listen_text);
    remember_url(server);
    return true;
}

struct server *server_new(const char *listen_text, struct authority *authority,
                          const struct server_hooks *hooks, struct error *err)
{
    struct server *server = mem_calloc(1, sizeof(*server));
    *server = (struct server){.authority = authority,
                              .hooks = *hooks,
                              .listener = -1,
                              .epoll = epoll_create1(EPOLL_CLOEXEC),
                              .signals = -1,
                              .accepting = true};
    if (open_listener(server, listen_text, err))
        return server;
    server_free(server);
    return NULL;
}

void server_free(struct server *server)
{
    if (!server)
        return;
    while (server->connections)
        close_connection(server->connections);
    file_close_pointer(&server->listener);
    file_close_pointer(&server->epoll);
    file_close_pointer(&server->signals);
    free(server->url);
    free(server);
}

const char *server_url(const struct server *server)
{
    return server->url;
}

static bool watch_signals(struct server *server, struct error *err)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    if (sigprocmask(SIG_BLOCK, &set, NULL) < 0 ||
        (server->signals = signalfd(-1, &set, SFD_CLOEXEC)) < 0)
        return error_set_errno(err, "watch signals");
    epoll_ctl(server->epoll, EPOLL_CTL_ADD, server->listener,
              &(struct epoll_event){.events = EPOLLIN, .data.ptr = NULL});
    epoll_ctl(server->epoll, EPOLL_CTL_ADD, server->signals,
              &(struct epoll_event){.events = EPOLLIN, .data.ptr = server});
    return true;
}

/* Read, so that it is not pending any more. */
static bool take_signal(const struct server *server)
{
    struct signalfd_siginfo info;
    return read(server->signals, &info, sizeof(info)) == sizeof(info);
}

static int next_timeout(struct server *server)
{
    int64_t now = clock_monotonic_ms();
    int64_t wait = server->hooks.tick(server->hooks.context);
    int64_t release = release_answers(server, now);
    sweep(server, now);
    if (release >= 0 && (wait < 0 || release < wait))
        wait = release;
    if ((server->connections || !server->accepting) && (wait < 0 || wait > SWEEP_MS))
        wait = SWEEP_MS;
    return wait < 0 ? -1 : (int)(wait < SWEEP_MS * 60 ? wait : SWEEP_MS * 60);
}

bool server_run(struct server *server, struct error *err)
{
    struct epoll_event events[EVENTS];
    if (!watch_signals(server, err))
        return false;
    for (;;) {
        int count = epoll_wait(server->epoll, events, EVENTS, next_timeout(server));
        if (count < 0 && errno != EINTR)
            return error_set_errno(err, "wait for events");
        for (int i = 0; i < count; i++) {
            if (events[i].data.ptr == server)
                return take_signal(server);
            if (!events[i].data.ptr)
                accept_one(server);
            else
                serve_event(events[i].data.ptr, events[i].events);
        }
    }
}
