/*
 * Kubernetes API client: one call authenticates, sends, retries and explains.
 *
 * A client is thread-safe and meant to be shared; making one does nothing on the network. A credential
 * that expires or is refused (401) is renewed once for each call.
 *
 * Errors name the object, what the server said, status, reason and audit id. err->http_status is
 * filled, .service_code has the reason ("AlreadyExists"), .request_id the audit id; err->code is
 *   404 NOT_FOUND · 401, 403 DENIED · 409 AlreadyExists EXISTS · other 409 CONFLICT · 410 REMOTE with
 *   reason Expired · 429 THROTTLED · 400, 413, 415, 422 INVALID · 5xx and network UNAVAILABLE ·
 *   deadline TIMEOUT · cancel CANCELLED · anything else REMOTE.
 *
 * Retries within the deadline, at most KUBE_RETRY_MS: network errors, 429 and 5xx (but 501), where a
 * Retry-After is honoured. A failing admission webhook is a 500 and retried as well: it may be starting.
 * Requests marked `once` are repeated only when the server cannot have seen them.
 * Source: https://kubernetes.io/docs/reference/using-api/api-concepts/
 */
#ifndef OKESTRA_KUBE_CLIENT_H
#define OKESTRA_KUBE_CLIENT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "lib/base/error.h"
#include "lib/base/str.h"
#include "lib/kube/config.h"
#include "lib/kube/credential.h"
#include "lib/net/cancel.h"
#include "lib/net/http.h"

enum {
    KUBE_RETRY_MS = 2 * 60 * 1000,
    KUBE_UNREACHED_RETRY_MS = 15 * 1000, /* as long as the server has never answered */
    KUBE_ATTEMPT_MS = 65 * 1000,         /* the server gives up on a request after 60 s */
    KUBE_CALL_MS = 5 * 60 * 1000,        /* for calls without a deadline */
};

struct kube_client;

struct kube_client_options {
    struct kube_config *config;      /* taken over, also on failure */
    kube_token_source *token_source; /* instead of what the configuration says; or NULL */
    void *token_context;             /* must outlive the client */
    const char *user_agent;
    bool disable_retries;
};

/* Never NULL. */
struct kube_client *kube_client_new(const struct kube_client_options *options);
void kube_client_free(struct kube_client *client); /* no call may be running; accepts NULL */
const struct kube_config *kube_client_config(const struct kube_client *client);

/* The credential in force, for programs that are told how to reach the cluster: a bearer token (nothing is
 * appended when there is none), and the client certificate with its key (NULL when there is none; the
 * caller frees the one with free(), the other with secret_free()). */
bool kube_client_token(struct kube_client *client, struct str *token, struct cancel *cancel,
                       struct error *err);
void kube_client_certificate(struct kube_client *client, char **certificate, char **key);

/* What a caller wants of all calls of one operation. */
struct kube_scope {
    struct cancel *cancel; /* or NULL */
    int64_t deadline_ms;   /* monotonic; 0: KUBE_CALL_MS from each call */
    /* Text of a Warning header; it may come more than once. Or NULL. */
    void (*on_warning)(void *context, const char *warning);
    void *context;
};

struct kube_query {
    const char *name;
    const char *value; /* NULL: left out */
};

struct kube_request {
    const char *method;
    const char *path;   /* encoded: kube_object_path() */
    const char *object; /* for errors: "deployment todo-app/backend"; NULL: the path */
    const struct kube_query *query;
    size_t query_count;
    const json_t *body;
    const char *content_type; /* NULL: application/json */
    const char *accept;       /* NULL: application/json */
    bool once;                /* may not reach the server twice */
    bool text;                /* the answer is text (logs) */
    http_body_sink *sink;     /* streams a 2xx answer (watch): no retries after its first byte */
    void *sink_context;
    int64_t idle_timeout_ms; /* longest silence while streaming; 0: none */
    json_t **status;         /* of a failure: the server's Status (new reference); or NULL */
};

/* *answer (new reference; may be NULL): the JSON of a 2xx answer; NULL when it is empty or streamed.
 * *text, when the request wants that, is appended to. */
bool kube_call(struct kube_client *client, const struct kube_scope *scope,
               const struct kube_request *request, json_t **answer, struct str *text,
               struct error *err);

/* A Status object as an error, the way kube_call() does it; also for ERROR events of watches. */
bool kube_status_error(const json_t *status, int http_status, struct error *err);

#endif
