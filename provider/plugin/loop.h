/*
 * Event loop of an HTTP/2 server: one listening socket, its connections, TLS, one thread.
 *
 * All upcalls run on the thread that called loop_run(). loop_wake() and loop_stop() may be called
 * from any thread, and from signal handlers.
 */
#ifndef OKESTRA_PROVIDER_PLUGIN_LOOP_H
#define OKESTRA_PROVIDER_PLUGIN_LOOP_H

#include <openssl/ssl.h>
#include <stdbool.h>
#include <stdint.h>

#include "provider/plugin/http2.h"

struct loop;

struct loop_setup {
    int listen_fd;      /* non-blocking; the loop closes it */
    SSL_CTX *tls;       /* NULL: plaintext; outlives the loop */
    bool own_user_only; /* unix sockets: only processes of our user and root may connect */
    int watch_fd;       /* the loop ends when the other end of this pipe is closed; -1: none */
    const struct http2_upcalls *upcalls;
    void *context; /* of the sessions and of the functions below */
    /* Called in each turn, after input was read and before output is written. */
    void (*turn)(void *context);
    /* Monotonic milliseconds at which turn() wants to be called again; INT64_MAX: it does not. */
    int64_t (*due)(void *context);
    /* loop_stop() was noticed. */
    void (*stopping)(void *context);
    /* From then on: true when no answer is outstanding any more. */
    bool (*idle)(void *context);
};

enum loop_end { LOOP_STOPPED, LOOP_ABANDONED };

struct loop *loop_new(const struct loop_setup *setup);
void loop_close(struct loop *loop); /* ends all connections; loop_wake() may still be called */
void loop_free(struct loop *loop);
/* Serves until loop_stop() (LOOP_STOPPED: answers that were outstanding have left, or LOOP_DRAIN_MS
 * passed) or until the watched pipe closes (LOOP_ABANDONED). */
enum loop_end loop_run(struct loop *loop);
void loop_wake(struct loop *loop);
void loop_stop(struct loop *loop);

#endif
