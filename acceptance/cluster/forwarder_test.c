/* The cluster's side is a network namespace of its own, which takes root to make; without that the
 * tests are skipped. */
#include "acceptance/cluster/forwarder.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "acceptance/cluster/namespaces.h"
#include "lib/base/test.h"

#define LOOPBACK "127.0.0.1"

enum { INSIDE_PORT = 4000, BULK = 3 * 1024 * 1024, CHUNK = 64 * 1024, WAIT_S = 10 };

struct fixture {
    int outside, inside; /* namespaces */
    struct forwarder *forwarder;
    int server; /* listens inside */
    int port;   /* outside: leads to it */
};

static struct sockaddr_in loopback(int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

/* A port that is free now, and by the order in which the kernel gives them stays so for a while. */
static int free_port(void)
{
    struct sockaddr_in address = loopback(0);
    socklen_t length = sizeof(address);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, length), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &length), 0);
    close(fd);
    return ntohs(address.sin_port);
}

static int listen_here(int port)
{
    struct sockaddr_in address = loopback(port);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
    assert_int_equal(listen(fd, 16), 0);
    return fd;
}

static void set_patience(int fd)
{
    struct timeval patience = {.tv_sec = WAIT_S};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
}

static int connect_to(int port)
{
    struct sockaddr_in address = loopback(port);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    set_patience(fd);
    if (connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
        return fd;
    close(fd);
    return -1;
}

static int take(int listener)
{
    set_patience(listener);
    int fd = accept(listener, NULL, NULL);
    assert_true(fd >= 0);
    set_patience(fd);
    return fd;
}

static int set_up(void **state)
{
    static struct fixture only;
    struct fixture *fixture = *state = &only;
    ERROR_AUTO(err);
    fixture->outside = namespaces_open_network(&err);
    if (unshare(CLONE_NEWNET) < 0)
        return 0; /* no forwarder: the tests skip */
    fixture->inside = namespaces_open_network(&err);
    assert_true(namespaces_set_up_loopback(&err));
    fixture->server = listen_here(INSIDE_PORT);
    fixture->forwarder = forwarder_new(fixture->outside, &err);
    assert_non_null(fixture->forwarder);
    /* The test itself is outside from here on. */
    assert_int_equal(setns(fixture->outside, CLONE_NEWNET), 0);
    fixture->port = free_port();
    assert_int_equal(setns(fixture->inside, CLONE_NEWNET), 0);
    assert_non_null(forwarder_listen(fixture->forwarder, FORWARDER_OUTSIDE, LOOPBACK, fixture->port,
                                     LOOPBACK, INSIDE_PORT, &err));
    assert_int_equal(setns(fixture->outside, CLONE_NEWNET), 0);
    return 0;
}

#define NEEDS_ROOT(fixture)                                                                        \
    if (!(fixture)->forwarder)                                                                     \
    skip()

static void test_both_ways(void **state)
{
    struct fixture *fixture = *state;
    NEEDS_ROOT(fixture);
    int client = connect_to(fixture->port);
    int server = take(fixture->server);
    char text[8] = "";
    assert_int_equal(send(client, "ping", 4, 0), 4);
    assert_int_equal(recv(server, text, sizeof(text), 0), 4);
    assert_memory_equal(text, "ping", 4);
    assert_int_equal(send(server, "pong!", 5, 0), 5);
    assert_int_equal(recv(client, text, sizeof(text), 0), 5);
    assert_memory_equal(text, "pong!", 5);
    close(server);
    assert_int_equal(recv(client, text, sizeof(text), 0), 0);
    close(client);
}

/* One side says that it is done, and still gets the answer. */
static void test_half_closed(void **state)
{
    struct fixture *fixture = *state;
    NEEDS_ROOT(fixture);
    int client = connect_to(fixture->port);
    int server = take(fixture->server);
    char text[16] = "";
    assert_int_equal(send(client, "question", 8, 0), 8);
    assert_int_equal(shutdown(client, SHUT_WR), 0);
    assert_int_equal(recv(server, text, sizeof(text), MSG_WAITALL), 8);
    assert_int_equal(send(server, "answer", 6, 0), 6);
    close(server);
    assert_int_equal(recv(client, text, sizeof(text), MSG_WAITALL), 6);
    close(client);
}

static void *send_much(void *context)
{
    int fd = *(int *)context;
    static unsigned char bytes[CHUNK];
    memset(bytes, 0x5a, sizeof(bytes));
    for (size_t sent = 0; sent < BULK; sent += sizeof(bytes))
        if (send(fd, bytes, sizeof(bytes), MSG_NOSIGNAL) != sizeof(bytes))
            break;
    shutdown(fd, SHUT_WR);
    return NULL;
}

/* More than the buffers of all that is between them. */
static void test_much(void **state)
{
    struct fixture *fixture = *state;
    NEEDS_ROOT(fixture);
    int client = connect_to(fixture->port);
    int server = take(fixture->server);
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, send_much, &client), 0);
    size_t total = 0;
    static unsigned char bytes[CHUNK];
    for (ssize_t got; (got = recv(server, bytes, sizeof(bytes), 0)) > 0; total += (size_t)got)
        for (ssize_t i = 0; i < got; i++)
            if (bytes[i] != 0x5a)
                fail();
    pthread_join(thread, NULL);
    assert_int_equal(total, BULK);
    close(server);
    close(client);
}

static void test_nobody_there(void **state)
{
    struct fixture *fixture = *state;
    NEEDS_ROOT(fixture);
    ERROR_AUTO(err);
    assert_int_equal(setns(fixture->outside, CLONE_NEWNET), 0);
    int port = free_port();
    assert_int_equal(setns(fixture->inside, CLONE_NEWNET), 0);
    struct forwarder_listener *listener = forwarder_listen(fixture->forwarder, FORWARDER_OUTSIDE,
                                                           LOOPBACK, port, LOOPBACK, 4001, &err);
    assert_int_equal(setns(fixture->outside, CLONE_NEWNET), 0);
    assert_non_null(listener);
    int client = connect_to(port);
    char byte;
    assert_true(client >= 0);
    assert_true(recv(client, &byte, 1, 0) <= 0);
    close(client);
    forwarder_close(fixture->forwarder, listener);
    assert_int_equal(connect_to(port), -1);
}

/* From inside to this machine. */
static void test_way_out(void **state)
{
    struct fixture *fixture = *state;
    NEEDS_ROOT(fixture);
    ERROR_AUTO(err);
    int port = free_port();
    int outer = listen_here(port);
    assert_int_equal(setns(fixture->inside, CLONE_NEWNET), 0);
    assert_non_null(forwarder_listen(fixture->forwarder, FORWARDER_INSIDE, LOOPBACK, port, LOOPBACK,
                                     port, &err));
    int client = connect_to(port);
    assert_int_equal(setns(fixture->outside, CLONE_NEWNET), 0);
    int server = take(outer);
    char text[8] = "";
    assert_int_equal(send(client, "out", 3, 0), 3);
    assert_int_equal(recv(server, text, sizeof(text), 0), 3);
    close(client);
    close(server);
    close(outer);
}

static void test_taken(void **state)
{
    struct fixture *fixture = *state;
    NEEDS_ROOT(fixture);
    ERROR_AUTO(err);
    assert_int_equal(setns(fixture->inside, CLONE_NEWNET), 0);
    assert_null(forwarder_listen(fixture->forwarder, FORWARDER_OUTSIDE, LOOPBACK, fixture->port,
                                 LOOPBACK, INSIDE_PORT, &err));
    assert_int_equal(err.code, ERROR_EXISTS);
    int port = free_port();
    int first = forwarder_claim(fixture->forwarder, LOOPBACK, port);
    assert_true(first >= 0);
    assert_int_equal(forwarder_claim(fixture->forwarder, LOOPBACK, port), -1);
    close(first);
    assert_int_equal(setns(fixture->outside, CLONE_NEWNET), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_both_ways), cmocka_unit_test(test_half_closed),
        cmocka_unit_test(test_much),      cmocka_unit_test(test_nobody_there),
        cmocka_unit_test(test_way_out),   cmocka_unit_test(test_taken),
    };
    return cmocka_run_group_tests_name("forwarder", tests, set_up, NULL);
}
