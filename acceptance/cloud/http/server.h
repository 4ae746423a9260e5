/*
 * The HTTP server: one thread, one epoll loop, which also runs the handler and the timers, so that all
 * state has one owner and needs no locks.
 *
 * Plain HTTP and TLS share the port (the first byte tells). CONNECT makes a tunnel that ends here: TLS
 * inside it is answered with a certificate for the name asked for.
 */
#ifndef OKESTRA_CLOUD_SERVER_H
#define OKESTRA_CLOUD_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "acceptance/cloud/http/parser.h"
#include "acceptance/cloud/http/tls.h"
#include "lib/base/error.h"

enum {
    SERVER_CONNECTIONS = 512,
    SERVER_IDLE_MS = 120 * 1000,   /* between requests */
    SERVER_REQUEST_MS = 60 * 1000, /* from the first byte to the last */
};

struct server_peer {
    const char *tunnel; /* host name of the CONNECT; NULL outside of tunnels */
    bool loopback;
};

struct server_answer {
    int status;
    struct str headers; /* lines that end in CRLF; without Content-Length */
    struct str body;
    int64_t delay_ms; /* before the answer leaves */
    bool drop;        /* close the connection instead */
};

struct server_hooks {
    void *context;
    /* How much body a request may have, by its head. */
    size_t (*body_limit)(void *context, const struct http_request *request,
                         const struct server_peer *peer);
    void (*handle)(void *context, struct http_request *request, const struct server_peer *peer,
                   struct server_answer *answer);
    /* Does what is due and returns the milliseconds until it wants to be called again; -1: never. */
    int64_t (*tick)(void *context);
};

struct server;

/* Listens on "ADDRESS:PORT" (an IPv4 address, or IPv6 in brackets; port 0: any free one). NULL, err. */
struct server *server_new(const char *listen, struct authority *authority,
                          const struct server_hooks *hooks, struct error *err);
void server_free(struct server *server);
/* "https://127.0.0.1:PORT" */
const char *server_url(const struct server *server);
/* Serves until SIGTERM or SIGINT, which it blocks and reads. */
bool server_run(struct server *server, struct error *err);

#endif
