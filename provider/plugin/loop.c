#include "provider/plugin/loop.h"

#include <errno.h>
#include <openssl/err.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "lib/base/vec.h"
#include "provider/plugin/limits.h"

/* After accept() ran out of descriptors, the listening socket is left alone for this long. */
enum { ACCEPT_PAUSE_MS = 100 };

struct connection {
    int fd;
    SSL *ssl; /* NULL: plaintext */
    struct http2_session *session;
    struct str out;
    size_t out_sent;
    int64_t handshake_deadline; /* INT64_MAX once TLS is set up */
    bool wants_write;           /* TLS needs the socket writable before it can read on */
    bool unread;                /* the turn ended before the input did */
    bool last_words;            /* the session broke: send what is pending, then close */
    bool dead;
};

struct loop {
    struct loop_setup setup;
    int wake_fd;
    atomic_bool wake_pending, stopping;
    VEC(struct connection *) connections;
    VEC(struct pollfd) polled;
    int64_t drain_until; /* 0: not stopping */
    int64_t accept_again;
    unsigned char chunk[LOOP_READ_CHUNK];
};

/* --- one connection --------------------------------------------------------------------------- */

static struct connection *connection_new(const struct loop *loop, int fd)
{
    struct connection *connection = mem_calloc(1, sizeof(*connection));
    connection->fd = fd;
    connection->handshake_deadline = INT64_MAX;
    if (loop->setup.tls) {
        connection->ssl = SSL_new(loop->setup.tls);
        if (!connection->ssl || SSL_set_fd(connection->ssl, fd) != 1)
            fatal_error("out of memory");
        SSL_set_accept_state(connection->ssl);
        connection->handshake_deadline = clock_monotonic_ms() + LOOP_HANDSHAKE_MS;
    }
    connection->session = http2_session_new(loop->setup.upcalls, loop->setup.context);
    return connection;
}

static void connection_free(struct connection *connection)
{
    http2_session_free(connection->session);
    if (connection->ssl) {
        if (SSL_is_init_finished(connection->ssl))
            SSL_shutdown(connection->ssl);
        SSL_free(connection->ssl);
        ERR_clear_error();
    }
    close(connection->fd);
    str_free(&connection->out);
    free(connection);
}

/* Why a handshake failed, for the log: most likely a certificate that is not Terraform's. */
static void log_tls_failure(const struct connection *connection)
{
    if (SSL_is_init_finished(connection->ssl))
        return;
    char text[256] = "connection closed";
    unsigned long code = ERR_peek_error();
    if (code)
        ERR_error_string_n(code, text, sizeof(text));
    LOG(LOG_LEVEL_WARN, "TLS handshake failed", {"reason", text});
}

/* The result of an SSL call that moved no bytes: 0 to try again, -1 at the connection's end. */
static ssize_t tls_result(struct connection *connection, int result)
{
    switch (SSL_get_error(connection->ssl, result)) {
    case SSL_ERROR_WANT_READ:
        return 0;
    case SSL_ERROR_WANT_WRITE:
        connection->wants_write = true;
        return 0;
    default:
        log_tls_failure(connection);
        return -1;
    }
}

/* Bytes read, 0 when none are there now, -1 when the connection has ended. */
static ssize_t receive(struct connection *connection, void *buffer, size_t length)
{
    if (!connection->ssl) {
        ssize_t got = read(connection->fd, buffer, length);
        if (got < 0 && (errno == EAGAIN || errno == EINTR))
            return 0;
        return got > 0 ? got : -1;
    }
    ERR_clear_error();
    connection->wants_write = false;
    int got = SSL_read(connection->ssl, buffer, (int)length);
    return got > 0 ? got : tls_result(connection, got);
}

static ssize_t transmit(struct connection *connection, const void *bytes, size_t length)
{
    if (!connection->ssl) {
        ssize_t put = send(connection->fd, bytes, length, MSG_NOSIGNAL);
        if (put < 0 && (errno == EAGAIN || errno == EINTR))
            return 0;
        return put > 0 ? put : -1;
    }
    ERR_clear_error();
    int put = SSL_write(connection->ssl, bytes, (int)length);
    return put > 0 ? put : tls_result(connection, put);
}

/* Whether another receive() may find something without asking the kernel in vain: poll() tells when
 * more arrives. */
static bool more_to_receive(const struct connection *connection, size_t got)
{
    if (connection->ssl)
        return SSL_has_pending(connection->ssl);
    return got == LOOP_READ_CHUNK;
}

static void connection_read(struct connection *connection, unsigned char *buffer)
{
    connection->unread = false;
    for (size_t total = 0; !connection->last_words;) {
        ssize_t got = receive(connection, buffer, LOOP_READ_CHUNK);
        if (got < 0)
            connection->dead = true;
        if (got <= 0)
            return;
        if (!http2_session_receive(connection->session,
                                   (struct slice){(const char *)buffer, (size_t)got}))
            connection->last_words = true;
        total += (size_t)got;
        if (!more_to_receive(connection, (size_t)got))
            return;
        if (total >= LOOP_READ_TURN) {
            connection->unread = true;
            return;
        }
    }
}

/* Refills the output buffer when it is empty. false: there is nothing to send. */
static bool output_ready(struct connection *connection)
{
    if (connection->out_sent < connection->out.length)
        return true;
    str_clear(&connection->out);
    connection->out_sent = 0;
    if (!http2_session_output(connection->session, LOOP_READ_CHUNK, &connection->out))
        connection->last_words = true;
    return connection->out.length > 0;
}

static void connection_write(struct connection *connection)
{
    if (connection->ssl && !SSL_is_init_finished(connection->ssl))
        return;
    connection->handshake_deadline = INT64_MAX;
    while (!connection->dead && output_ready(connection)) {
        ssize_t put = transmit(connection, connection->out.ptr + connection->out_sent,
                               connection->out.length - connection->out_sent);
        if (put < 0)
            connection->dead = true;
        if (put <= 0)
            return;
        connection->out_sent += (size_t)put;
    }
    if (connection->last_words || http2_session_over(connection->session))
        connection->dead = true;
}

static bool connection_has_output(const struct connection *connection)
{
    if (connection->ssl && !SSL_is_init_finished(connection->ssl))
        return false;
    return connection->out_sent < connection->out.length ||
           http2_session_wants_output(connection->session);
}

/* --- the loop --------------------------------------------------------------------------------- */

/* Only a pipe or socket tells when its other end is closed. */
static bool can_be_watched(int fd)
{
    struct stat info;
    return fd >= 0 && fstat(fd, &info) == 0 && (S_ISFIFO(info.st_mode) || S_ISSOCK(info.st_mode));
}

struct loop *loop_new(const struct loop_setup *setup)
{
    struct loop *loop = mem_calloc(1, sizeof(*loop));
    loop->setup = *setup;
    if (!can_be_watched(setup->watch_fd))
        loop->setup.watch_fd = -1;
    loop->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (loop->wake_fd < 0)
        fatal_error("eventfd: %s", strerror(errno));
    return loop;
}

static void stop_listening(struct loop *loop)
{
    if (loop->setup.listen_fd >= 0)
        close(loop->setup.listen_fd);
    loop->setup.listen_fd = -1;
}

void loop_close(struct loop *loop)
{
    for (size_t i = 0; i < loop->connections.count; i++)
        connection_free(loop->connections.items[i]);
    loop->connections.count = 0;
    stop_listening(loop);
}

void loop_free(struct loop *loop)
{
    if (!loop)
        return;
    loop_close(loop);
    vec_free(&loop->connections);
    vec_free(&loop->polled);
    close(loop->wake_fd);
    free(loop);
}

void loop_wake(struct loop *loop)
{
    int saved = errno;
    uint64_t one = 1;
    if (!atomic_exchange(&loop->wake_pending, true)) {
        ssize_t ignored = write(loop->wake_fd, &one, sizeof(one));
        (void)ignored;
    }
    errno = saved;
}

void loop_stop(struct loop *loop)
{
    atomic_store(&loop->stopping, true);
    loop_wake(loop);
}

static bool may_connect(const struct loop *loop, int fd)
{
    struct ucred peer;
    socklen_t length = sizeof(peer);
    if (!loop->setup.own_user_only)
        return true;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length) == 0 &&
        (peer.uid == geteuid() || peer.uid == 0))
        return true;
    LOG(LOG_LEVEL_WARN, "refused a connection of another user");
    return false;
}

static void accept_connections(struct loop *loop)
{
    while (loop->setup.listen_fd >= 0) {
        int fd = accept4(loop->setup.listen_fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0) {
            if (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS)
                loop->accept_again = clock_monotonic_ms() + ACCEPT_PAUSE_MS;
            return;
        }
        if (loop->connections.count < LOOP_MAX_CONNECTIONS && may_connect(loop, fd))
            vec_push(&loop->connections, connection_new(loop, fd));
        else
            close(fd);
    }
}

static void remove_dead(struct loop *loop, int64_t now)
{
    size_t kept = 0;
    for (size_t i = 0; i < loop->connections.count; i++) {
        struct connection *connection = loop->connections.items[i];
        if (connection->dead || connection->handshake_deadline <= now)
            connection_free(connection);
        else
            loop->connections.items[kept++] = connection;
    }
    loop->connections.count = kept;
}

enum { POLLED_LISTEN, POLLED_WAKE, POLLED_WATCH, POLLED_FIXED };

static void collect(struct loop *loop, int64_t now)
{
    bool accepting = loop->accept_again <= now;
    loop->polled.count = 0;
    vec_push(&loop->polled,
             (struct pollfd){.fd = accepting ? loop->setup.listen_fd : -1, .events = POLLIN});
    vec_push(&loop->polled, (struct pollfd){.fd = loop->wake_fd, .events = POLLIN});
    vec_push(&loop->polled, (struct pollfd){.fd = loop->setup.watch_fd});
    for (size_t i = 0; i < loop->connections.count; i++) {
        const struct connection *connection = loop->connections.items[i];
        short events = POLLIN;
        if (connection->wants_write || connection_has_output(connection))
            events |= POLLOUT;
        vec_push(&loop->polled, (struct pollfd){.fd = connection->fd, .events = events});
    }
}

static int poll_timeout(const struct loop *loop, int64_t now)
{
    int64_t until = loop->setup.due(loop->setup.context);
    if (loop->drain_until && loop->drain_until < until)
        until = loop->drain_until;
    if (loop->accept_again > now && loop->accept_again < until)
        until = loop->accept_again;
    for (size_t i = 0; i < loop->connections.count; i++) {
        const struct connection *connection = loop->connections.items[i];
        if (connection->unread)
            return 0;
        if (connection->handshake_deadline < until)
            until = connection->handshake_deadline;
    }
    if (until == INT64_MAX)
        return -1;
    int64_t left = until - now;
    return left <= 0 ? 0 : left > INT32_MAX ? INT32_MAX : (int)left;
}

/* One round of waiting, reading, working and writing. */
static void serve(struct loop *loop)
{
    int64_t now = clock_monotonic_ms();
    collect(loop, now);
    if (poll(loop->polled.items, (nfds_t)loop->polled.count, poll_timeout(loop, now)) < 0) {
        if (errno != EINTR)
            fatal_error("poll: %s", strerror(errno));
        for (size_t i = 0; i < loop->polled.count; i++)
            loop->polled.items[i].revents = 0;
    }
    uint64_t ignored;
    if (loop->polled.items[POLLED_WAKE].revents)
        while (read(loop->wake_fd, &ignored, sizeof(ignored)) > 0)
            continue;
    /* Behind the read and before turn(): who wakes from here on writes again, who woke before is
     * served by this turn. */
    atomic_store(&loop->wake_pending, false);
    for (size_t i = 0; i < loop->connections.count; i++) {
        struct connection *connection = loop->connections.items[i];
        if (loop->polled.items[POLLED_FIXED + i].revents & ~POLLOUT || connection->wants_write ||
            connection->unread)
            connection_read(connection, loop->chunk);
    }
    loop->setup.turn(loop->setup.context);
    for (size_t i = 0; i < loop->connections.count; i++)
        connection_write(loop->connections.items[i]);
    remove_dead(loop, clock_monotonic_ms());
    if (loop->polled.items[POLLED_LISTEN].revents)
        accept_connections(loop);
}

static bool drained(const struct loop *loop)
{
    if (clock_monotonic_ms() >= loop->drain_until)
        return true;
    if (!loop->setup.idle(loop->setup.context))
        return false;
    for (size_t i = 0; i < loop->connections.count; i++)
        if (connection_has_output(loop->connections.items[i]))
            return false;
    return true;
}

static void begin_to_stop(struct loop *loop)
{
    loop->drain_until = clock_monotonic_ms() + LOOP_DRAIN_MS;
    stop_listening(loop);
    for (size_t i = 0; i < loop->connections.count; i++)
        http2_session_refuse_new(loop->connections.items[i]->session);
    loop->setup.stopping(loop->setup.context);
}

enum loop_end loop_run(struct loop *loop)
{
    for (;;) {
        if (atomic_load(&loop->stopping)) {
            if (!loop->drain_until)
                begin_to_stop(loop);
            if (drained(loop))
                return LOOP_STOPPED;
        }
        serve(loop);
        if (loop->polled.items[POLLED_WATCH].revents & (POLLERR | POLLHUP | POLLNVAL))
            return LOOP_ABANDONED;
    }
}
