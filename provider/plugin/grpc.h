/*
 * A gRPC server for what Terraform needs: unary calls, server streams, calls that are held open;
 * many connections; messages up to GRPC_MAX_MESSAGE. No compression (refused as the specification
 * says), no client streams. Limits: limits.h.
 * Source: "gRPC over HTTP2" (PROTOCOL-HTTP2.md) and "Status codes" of the gRPC project.
 *
 * Threads: grpc_server_run() is the loop and owns all sockets. Handlers run on workers, or on the
 * loop where the table says so; these must not block. The functions on calls may be used by the
 * thread that runs the handler only.
 */
#ifndef OKESTRA_PROVIDER_PLUGIN_GRPC_H
#define OKESTRA_PROVIDER_PLUGIN_GRPC_H

#include <openssl/ssl.h>
#include <stdbool.h>

#include "lib/base/str.h"
#include "provider/plugin/grpc_wire.h"

struct grpc_call;
struct grpc_method;
struct grpc_server;

/* message: the request's bytes. A handler's last act is grpc_call_reply() or grpc_call_finish(): from
 * then on neither the call nor the message may be touched. */
typedef void grpc_handler(void *context, const struct grpc_method *method, struct grpc_call *call,
                          struct slice message);

enum grpc_run {
    GRPC_RUN_ON_WORKER,
    GRPC_RUN_ON_LOOP,
    GRPC_HOLD,            /* no handler: answered with headers and kept until the client cancels */
    GRPC_HOLD_UNTIL_SENT, /* likewise, but ends well when the client has sent all it wants to */
};

struct grpc_method {
    const char *path; /* "/tfplugin6.Provider/ReadResource" */
    grpc_handler *handler;
    enum grpc_run run;
    const void *data; /* for the handler */
};

struct grpc_setup {
    int listen_fd;      /* non-blocking; taken over */
    SSL_CTX *tls;       /* NULL: plaintext; outlives the server */
    bool own_user_only; /* refuse connections of other users */
    int watch_fd;       /* ends the server when the other end of this pipe closes; -1: none */
    /* Tables, each ended by a NULL path; the list is ended by NULL. */
    const struct grpc_method *const *methods;
    void *context; /* for handlers */
    /* NULL, or called once, on the loop, after grpc_server_stop(): handlers should end. */
    void (*stopping)(void *context);
};

struct grpc_server *grpc_server_new(const struct grpc_setup *setup);
/* Serves until grpc_server_stop(). false: the watched pipe was closed instead. */
bool grpc_server_run(struct grpc_server *server);
/* Takes no more calls, lets answers that are on their way leave (at most LOOP_DRAIN_MS) and ends
 * grpc_server_run(). From any thread and from signal handlers. */
void grpc_server_stop(struct grpc_server *server);
/* After grpc_server_run(): ends all connections and waits for the handlers, at most that long.
 * false: some still run, so nothing may be freed and the process should _exit(). */
bool grpc_server_end(struct grpc_server *server, int milliseconds);
void grpc_server_free(struct grpc_server *server); /* after grpc_server_end() was true */

/* Ends the call well with its one message. The bytes are taken over (malloc). */
void grpc_call_reply(struct grpc_call *call, void *bytes, size_t length);
/* The same; the bytes live as long as the server. */
void grpc_call_reply_constant(struct grpc_call *call, struct slice message);
/* One message of a server stream, sent at once; grpc_call_finish() follows. The bytes are taken over.
 * On a worker it waits while more than GRPC_MAX_QUEUED bytes of the stream are unsent. */
void grpc_call_send(struct grpc_call *call, void *bytes, size_t length);
/* Ends the call. text: any bytes, may be NULL. */
void grpc_call_finish(struct grpc_call *call, enum grpc_status status, const char *text);
/* The client reset the call, its deadline passed or its connection is gone. */
bool grpc_call_cancelled(const struct grpc_call *call);

#endif
