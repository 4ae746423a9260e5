/*
 * OCI REST client: one call signs, sends, retries by rule and explains failures; lists follow
 * pages.
 *
 * A client is thread-safe and meant to be shared. Making one does nothing on the network and reads
 * no key; the principal, the region and the home region are found with the first call that needs
 * them.
 *
 * Errors. Every text carries operation, object, HTTP status, service code and message,
 * opc-request-id and, for common causes, what to do. err->http_status, .service_code and
 * .request_id are filled; err->code is
 *   404 NOT_FOUND · 401, 403 DENIED · 409, 412 CONFLICT, with "already exists" codes EXISTS ·
 *   429 THROTTLED · out of capacity, limits and quotas CAPACITY · other 400 INVALID ·
 *   5xx and network UNAVAILABLE · deadline TIMEOUT · cancel CANCELLED · anything else REMOTE.
 *
 * Retries (within the deadline): network errors and 5xx but 501 for two minutes (15 s as long as no
 * service has ever answered), 429 for ten minutes; 409 IncorrectState, Conflict, LockConflict on
 * requests that change something for two minutes; for four minutes after a write to IAM also the
 * codes of eventual consistency, on POST and PUT and on requests with expect_exists. Never:
 * InvalidatedRetryToken, BucketNotEmpty, out of capacity. A POST without retry token is not
 * repeated once the service may have seen it. Rules of the request go first.
 */
#ifndef OKESTRA_OCI_CLIENT_H
#define OKESTRA_OCI_CLIENT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/arena.h"
#include "lib/base/compiler.h"
#include "lib/base/error.h"
#include "lib/base/str.h"
#include "lib/net/cancel.h"
#include "lib/net/http.h"
#include "lib/oci/endpoint.h"
#include "lib/oci/region.h"
#include "lib/oci/settings.h"

enum {
    OCI_RESPONSE_LIMIT = 32 * 1024 * 1024,
    OCI_LIST_ITEM_LIMIT = 100 * 1000,
    OCI_LIST_PAGE_LIMIT = 10 * 1000,
    OCI_RETRY_TOKEN_LIMIT = 64,
    OCI_ATTEMPT_TIMEOUT_MS = 60 * 1000,   /* for one attempt */
    OCI_CALL_TIMEOUT_MS = 10 * 60 * 1000, /* for a call without deadline */
};

struct oci_client;

/* Everything is copied. NULL, 0 and false mean the default. */
struct oci_client_options {
    struct oci_settings_input settings;
    const struct oci_endpoint_setting *endpoints;
    size_t endpoint_count;
    const char *client_host_overrides; /* NULL: environment */
    const char *domain_name_override;  /* NULL: environment */
    const char *ca_file;               /* NULL: environment custom_cert_location */
    bool insecure;                     /* also by environment accept_local_certs=true */
    const char *user_agent;
    bool disable_retries;
    int64_t retry_ms;       /* bound of all retries of one call; 0: by rule; -1: deadline only */
    int64_t consistency_ms; /* window after IAM writes; 0: four minutes; -1: none */
    int64_t attempt_timeout_ms;
};

/* NULL and err when settings, endpoints or files are wrong. */
struct oci_client *oci_client_new(const struct oci_client_options *options, struct error *err);
void oci_client_free(struct oci_client *client);

struct oci_query {
    const char *name;
    const char *value; /* NULL: left out */
};

/* One more case that is temporary (or never is) for an operation. Members that are 0 or NULL match
 * anything. The first rule that matches decides. */
struct oci_retry_rule {
    int status;
    const char *code;     /* service code, exact */
    const char *contains; /* part of the service's message, in any case */
    int64_t for_ms;       /* retried that long from the first attempt; 0: never */
};

struct oci_retry_policy {
    const struct oci_retry_rule *rules;
    size_t rule_count;
    int max_attempts; /* 0: no limit but time */
    bool disabled;
};

struct oci_request {
    enum oci_service service;
    const char *operation;         /* name in Oracle's API: "CreateVcn"; for errors and logs */
    const char *object;            /* what it is about: "VCN web" or an OCID; NULL: the path */
    const char *method;            /* "GET", … */
    const char *path;              /* after the base path, encoded: oci_path() */
    const struct oci_query *query; /* encoded by the call, sent in this order */
    size_t query_count;
    json_t *body;         /* borrowed; sent as application/json */
    const void *raw_body; /* instead of body */
    size_t raw_body_length;
    const char *content_type; /* of raw_body; NULL: application/octet-stream */
    const char *if_match;
    const char *if_none_match;
    const char *retry_token; /* opc-retry-token: the same for all attempts of one logical create */
    const struct oci_query *headers; /* more headers; not signed */
    size_t header_count;
    bool unsigned_body; /* PutObject and UploadPart */
    bool raw_response;  /* the bytes in .raw, also when they are JSON (GetObject) */
    bool repeatable;    /* a POST without retry token that may safely be sent twice */
    bool expect_exists; /* made a moment ago: for 20 s, and inside the window, 404 is lag */
    const char *region; /* other region than the client's; name or key */
    const struct oci_retry_policy *retry; /* NULL: default rules */
    struct cancel *cancel;
    int64_t deadline_ms; /* monotonic, for all attempts; 0: OCI_CALL_TIMEOUT_MS from now */
};

struct oci_response {
    int status;
    json_t *body;   /* NULL when empty or not JSON */
    struct str raw; /* the bytes, when the body is not JSON */
    char *etag;     /* the members below: NULL when absent */
    char *request_id;
    char *work_request_id;
    char *next_page;
    int64_t retry_after_ms; /* -1: absent */
    struct http_response_header *headers;
    size_t header_count;
    int attempts;
};

#define OCI_RESPONSE_INIT                                                                          \
    {                                                                                              \
        .retry_after_ms = -1                                                                       \
    }
#define OCI_RESPONSE_AUTO(name)                                                                    \
    CLEANUP(oci_response_free) struct oci_response name = OCI_RESPONSE_INIT

void oci_response_free(struct oci_response *response); /* also resets */
const char *oci_response_header(const struct oci_response *response, const char *name);

/* The only directive is %s: each argument is percent-encoded. NULL and err when an argument is
 * NULL, empty, "." or "..", which would address something else. Memory from the arena. */
char *oci_path(struct arena *arena, struct error *err, const char *format, ...) ATTR_PRINTF(3, 4);

/* True on 2xx; *response is then filled. On failure *response is empty but for .status, .request_id
 * and .attempts. Writes to identity go to the home region unless identity is overridden or the
 * request names a region. *response must be initialised; release it in both cases. */
bool oci_call(struct oci_client *client, const struct oci_request *request,
              struct oci_response *response, struct error *err);

/* All pages of a GET. Bare arrays, {"items": […]} and {"objects": […], "nextStartWith": …} are
 * understood; empty pages are no end. *items: new array. */
bool oci_list(struct oci_client *client, const struct oci_request *request, json_t **items,
              struct error *err);

/* 32 random letters and digits for opc-retry-token. buffer: 33 bytes. */
const char *oci_retry_token(char *buffer);

/* What the client works with. Results are cached and live as long as the client. NULL and err. */
const char *oci_client_tenancy(struct oci_client *client, struct error *err);
const char *oci_client_user(struct oci_client *client); /* NULL when the principal is no user */
const struct oci_region *oci_client_region(struct oci_client *client, struct error *err);
const char *oci_client_home_region(struct oci_client *client, struct cancel *cancel,
                                   struct error *err);
/* Object Storage namespace of the tenancy. */
const char *oci_client_namespace(struct oci_client *client, struct cancel *cancel,
                                 struct error *err);

#endif
