/*
 * HTTP/1.1 client on libcurl.
 *
 * One http_client serves any number of threads. It keeps a pool of transfer slots, each with its
 * open connections; a request takes a free slot that last talked to the same host, so connections
 * are reused without being shared between threads at the same time (which libcurl does not allow).
 * DNS answers, TLS sessions and the parsed trust store are shared by all slots. Nothing is
 * initialised before the first request.
 *
 * Targets are sent byte for byte as given (no dot-segment removal, no re-encoding), redirects are
 * not followed, "Expect: 100-continue" is never sent, bodies always carry Content-Length.
 *
 * Proxies come from the environment (HTTPS_PROXY, https_proxy, http_proxy, ALL_PROXY, NO_PROXY);
 * loopback hosts are always direct.
 *
 * SIGPIPE is set to be ignored with the first request, unless the program handles it.
 *
 * Trust: ca_file and ca_data replace the system's bundle, which is otherwise SSL_CERT_FILE or the
 * first of the usual places that exists. TLS 1.2 or newer.
 */
#ifndef OKESTRA_NET_HTTP_H
#define OKESTRA_NET_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/compiler.h"
#include "lib/base/error.h"
#include "lib/base/str.h"
#include "lib/net/cancel.h"

enum {
    HTTP_RESPONSE_LIMIT = 64 * 1024 * 1024, /* body bytes, unless the request says less */
    HTTP_HEADER_LIMIT = 256,                /* header lines of one response */
    HTTP_CONNECT_TIMEOUT_MS = 10 * 1000,
    HTTP_IDLE_CONNECTION_S = 55, /* older idle connections are not reused */
};

struct http_client;

/* All texts are copied. NULL and 0 mean the default. */
struct http_options {
    const char *user_agent;
    const char *ca_file;          /* PEM bundle that replaces the system's */
    const char *ca_data;          /* PEM text, added to ca_file when both are given */
    bool insecure;                /* accept any certificate */
    const char *client_cert_file; /* PEM; for mutual TLS */
    const char *client_key_file;
    const char *client_cert_data; /* PEM text, instead of the files */
    const char *client_key_data;  /* kept as a secret */
    bool no_proxy;                /* ignore the proxy environment */
    const char *proxy;            /* URL, instead of the environment's */
    /* "host:port" that all connections go to, whatever the URL names: for servers whose certificate
     * has another name than their address. */
    const char *connect_to;
    int64_t connect_timeout_ms;
};

struct http_client *http_client_new(const struct http_options *options);
/* No request may be running. Accepts NULL. */
void http_client_free(struct http_client *client);

struct http_header {
    const char *name;
    const char *value;
};

/* Receives a part of a successful (2xx) body; false ends the transfer, which then counts as
 * finished. Runs on the thread that called http_perform(). */
typedef bool http_body_sink(void *context, const char *data, size_t length);

struct http_request {
    const char *method; /* upper case */
    const char *url;    /* absolute, already encoded */
    const struct http_header *headers;
    size_t header_count;
    const void *body; /* NULL: no body at all for GET, HEAD, DELETE; an empty one for the others */
    size_t body_length;
    int64_t deadline_ms;     /* clock_monotonic_ms() time; 0: none */
    int64_t idle_timeout_ms; /* longest silence of the other side; 0: none */
    struct cancel *cancel;   /* may be NULL */
    size_t response_limit;   /* 0: HTTP_RESPONSE_LIMIT; does not apply to a sink */
    http_body_sink *on_body; /* NULL: the body is collected. Error bodies always are */
    void *on_body_context;
    /* libcurl repeats a request by itself when a kept connection turns out to be dead. Set this for
     * requests that must not reach the server twice: they get a connection of their own. */
    bool send_once;
};

struct http_response_header {
    char *name; /* lower case */
    char *value;
};

struct http_response {
    int status;
    struct str body;
    struct http_response_header *headers;
    size_t header_count;
    /* Set also when http_perform() fails: whether the other side may have seen the request. */
    bool request_sent;
};

#define HTTP_RESPONSE_INIT                                                                         \
    {                                                                                              \
        0                                                                                          \
    }
#define HTTP_RESPONSE_AUTO(name)                                                                   \
    CLEANUP(http_response_free) struct http_response name = HTTP_RESPONSE_INIT

void http_response_free(struct http_response *response); /* also resets */
/* The first header of that name in any case, NULL when there is none. */
const char *http_response_header(const struct http_response *response, const char *name);

/* True when an answer of any status came in complete. Otherwise err has ERROR_UNAVAILABLE
 * (network), ERROR_TIMEOUT, ERROR_CANCELLED or ERROR_INVALID (URL, TLS set-up, answer larger than
 * its limit); the text names the host and never a header or body. *response must be initialised;
 * release it in both cases. */
bool http_perform(struct http_client *client, const struct http_request *request,
                  struct http_response *response, struct error *err);

#endif
