#include "acceptance/cluster/forwarder.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "acceptance/cluster/namespaces.h"
#include "lib/base/compiler.h"

enum { EVENTS = 64 };

enum watched { LISTENER, END };

struct forwarder_listener {
    enum watched kind; /* first, as in struct end */
    int fd;            /* -1: closed */
    int target_network;
    struct sockaddr_in target;
    struct forwarder_listener *next; /* all there ever were: an event may still name a closed one */
};

/* One of the two sockets of a connection, and the bytes read from it that the other has yet to take. */
struct end {
    enum watched kind;
    int fd;
    uint32_t interest;
    bool finished; /* nothing more comes from it */
    bool told;     /* it knows that nothing more comes from the other */
    size_t start, length;
    unsigned char bytes[FORWARDER_BUFFER];
    struct connection *connection;
    struct end *other;
};

struct connection {
    struct end ends[2];
    bool over;
    struct connection *next_over;
};

struct forwarder {
    int outside, inside, events;
    pthread_mutex_t mutex;
    struct forwarder_listener *listeners;
    struct connection *over; /* to be released after the events at hand */
};

static void close_connection(struct forwarder *forwarder, struct connection *connection)
{
    if (connection->over)
        return;
    connection->over = true;
    close(connection->ends[0].fd);
    close(connection->ends[1].fd);
    connection->next_over = forwarder->over;
    forwarder->over = connection;
}

static void release_over(struct forwarder *forwarder)
{
    while (forwarder->over) {
        struct connection *connection = forwarder->over;
        forwarder->over = connection->next_over;
        free(connection);
    }
}

static bool would_block(void)
{
    return errno == EAGAIN || errno == EINTR || errno == EINPROGRESS || errno == ENOTCONN;
}

/* Moves what can be moved from one end to the other; false when the connection is broken. */
static bool pump(struct end *from)
{
    struct end *to = from->other;
    for (;;) {
        if (from->length == 0 && !from->finished) {
            ssize_t got = recv(from->fd, from->bytes, sizeof(from->bytes), 0);
            if (got < 0)
                return would_block();
            from->finished = got == 0;
            from->start = 0;
            from->length = (size_t)got;
        }
        if (from->length == 0)
            break;
        ssize_t put = send(to->fd, from->bytes + from->start, from->length, MSG_NOSIGNAL);
        if (put < 0)
            return would_block();
        from->start += (size_t)put;
        from->length -= (size_t)put;
    }
    if (!to->told) {
        to->told = true;
        shutdown(to->fd, SHUT_WR);
    }
    return true;
}

static void set_interest(struct forwarder *forwarder, struct end *end)
{
    uint32_t interest = (uint32_t)(!end->finished && end->length == 0 ? EPOLLIN : 0) |
                        (uint32_t)(end->other->length > 0 ? EPOLLOUT : 0);
    if (interest == end->interest)
        return;
    end->interest = interest;
    struct epoll_event event = {.events = interest, .data.ptr = end};
    epoll_ctl(forwarder->events, EPOLL_CTL_MOD, end->fd, &event);
}

static void serve(struct forwarder *forwarder, struct end *end, uint32_t happened)
{
    struct connection *connection = end->connection;
    if (connection->over)
        return;
    bool broken = (happened & EPOLLERR) || !pump(end) || !pump(end->other);
    bool done = end->told && end->other->told;
    if (broken || done) {
        close_connection(forwarder, connection);
        return;
    }
    set_interest(forwarder, end);
    set_interest(forwarder, end->other);
}

static void watch(struct forwarder *forwarder, struct end *end, uint32_t interest)
{
    end->interest = interest;
    struct epoll_event event = {.events = interest, .data.ptr = end};
    epoll_ctl(forwarder->events, EPOLL_CTL_ADD, end->fd, &event);
    int on = 1;
    setsockopt(end->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

static void take_connection(struct forwarder *forwarder, struct forwarder_listener *listener)
{
    int accepted = accept4(listener->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (accepted < 0)
        return;
    int made = namespaces_socket(listener->target_network, forwarder->inside);
    if (made < 0 ||
        (connect(made, (const struct sockaddr *)&listener->target, sizeof(listener->target)) < 0 &&
         errno != EINPROGRESS)) {
        close(accepted);
        if (made >= 0)
            close(made);
        return;
    }
    struct connection *connection = mem_calloc(1, sizeof(*connection));
    int sockets[] = {accepted, made};
    for (int i = 0; i < 2; i++) {
        connection->ends[i].kind = END;
        connection->ends[i].fd = sockets[i];
        connection->ends[i].connection = connection;
        connection->ends[i].other = &connection->ends[1 - i];
    }
    /* The first news of the made one is that it is connected, or not. */
    watch(forwarder, &connection->ends[1], EPOLLOUT);
    watch(forwarder, &connection->ends[0], 0);
}

static void *serve_all(void *context)
{
    struct forwarder *forwarder = context;
    struct epoll_event events[EVENTS];
    for (;;) {
        int count = epoll_wait(forwarder->events, events, EVENTS, -1);
        pthread_mutex_lock(&forwarder->mutex);
        for (int i = 0; i < count; i++) {
            enum watched *kind = events[i].data.ptr;
            if (*kind == END)
                serve(forwarder, events[i].data.ptr, events[i].events);
            else if (((struct forwarder_listener *)events[i].data.ptr)->fd >= 0)
                take_connection(forwarder, events[i].data.ptr);
        }
        release_over(forwarder);
        pthread_mutex_unlock(&forwarder->mutex);
    }
    return NULL;
}

struct forwarder *forwarder_new(int outside, struct error *err)
{
    int inside = namespaces_open_network(err);
    if (inside < 0)
        return NULL;
    struct forwarder *forwarder = mem_calloc(1, sizeof(*forwarder));
    forwarder->outside = outside;
    forwarder->inside = inside;
    forwarder->events = epoll_create1(EPOLL_CLOEXEC);
    pthread_mutex_init(&forwarder->mutex, NULL);
    pthread_t thread;
    errno = pthread_create(&thread, NULL, serve_all, forwarder);
    if (errno != 0) {
        error_set_errno(err, "start the forwarder's thread");
        close(forwarder->events);
        close(inside);
        free(forwarder);
        return NULL;
    }
    pthread_detach(thread);
    return forwarder;
}

static struct sockaddr_in address_of(const char *address, int port)
{
    struct sockaddr_in result = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    inet_pton(AF_INET, address, &result.sin_addr);
    return result;
}

static int bind_at(const struct forwarder *forwarder, int network, const char *address, int port,
                   bool reuse)
{
    struct sockaddr_in place = address_of(address, port);
    int fd = namespaces_socket(network, forwarder->inside);
    int on = reuse; /* what a listener left in TIME_WAIT is no reason to refuse */
    if (fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == 0 &&
        bind(fd, (const struct sockaddr *)&place, sizeof(place)) == 0)
        return fd;
    int reason = errno;
    if (fd >= 0)
        close(fd);
    errno = reason;
    return -1;
}

int forwarder_claim(struct forwarder *forwarder, const char *address, int port)
{
    return bind_at(forwarder, forwarder->outside, address, port, false);
}

struct forwarder_listener *forwarder_listen(struct forwarder *forwarder, enum forwarder_side at,
                                            const char *address, int port, const char *target,
                                            int target_port, struct error *err)
{
    bool inside = at == FORWARDER_INSIDE;
    int fd =
        bind_at(forwarder, inside ? forwarder->inside : forwarder->outside, address, port, true);
    if (fd < 0 || listen(fd, FORWARDER_BACKLOG) < 0) {
        bool taken = errno == EADDRINUSE;
        error_set_errno(err, "listen on %s:%d", address, port);
        if (taken)
            err->code = ERROR_EXISTS;
        if (fd >= 0)
            close(fd);
        return NULL;
    }
    struct forwarder_listener *listener = mem_calloc(1, sizeof(*listener));
    listener->kind = LISTENER;
    listener->fd = fd;
    listener->target_network = inside ? forwarder->outside : forwarder->inside;
    listener->target = address_of(target, target_port);
    pthread_mutex_lock(&forwarder->mutex);
    listener->next = forwarder->listeners;
    forwarder->listeners = listener;
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = listener};
    epoll_ctl(forwarder->events, EPOLL_CTL_ADD, fd, &event);
    pthread_mutex_unlock(&forwarder->mutex);
    return listener;
}

void forwarder_close(struct forwarder *forwarder, struct forwarder_listener *listener)
{
    if (!listener)
        return;
    pthread_mutex_lock(&forwarder->mutex);
    close(listener->fd);
    listener->fd = -1;
    pthread_mutex_unlock(&forwarder->mutex);
}
