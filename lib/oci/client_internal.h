/* What the parts of the OCI client share. For lib/oci only. */
#ifndef OKESTRA_OCI_CLIENT_INTERNAL_H
#define OKESTRA_OCI_CLIENT_INTERNAL_H

#include <pthread.h>
#include <stdatomic.h>

#include "lib/net/http.h"
#include "lib/net/retry.h"
#include "lib/oci/client.h"
#include "lib/oci/principal.h"

struct oci_client {
    struct oci_settings *settings;
    struct oci_endpoints *endpoints;
    struct http_client *http;
    struct oci_principal *principal;
    bool disable_retries;
    int64_t retry_ms, consistency_ms, attempt_timeout_ms;
    _Atomic int64_t last_iam_write_ms; /* monotonic; 0: none */
    atomic_bool answered;              /* some service has answered once */

    pthread_mutex_t mutex; /* for what follows; once set, they stay until the client is freed */
    struct oci_region *region;
    char *home_region, *object_namespace;
};

struct oci_principal *oci_client_principal(struct oci_client *client);

/* What came out of one attempt. */
struct oci_outcome {
    int status;          /* 0: no answer */
    bool sent;           /* the service may have seen the request */
    const char *code;    /* service code, or NULL */
    const char *message; /* the service's message, or NULL */
};

bool oci_request_is_mutation(const struct oci_request *request);

/* How long, from the first attempt on, an outcome like this is tried again; 0: not at all.
 * *backoff gets the pauses. */
int64_t oci_retry_window(const struct oci_client *client, const struct oci_request *request,
                         const struct oci_outcome *outcome, int64_t started_ms,
                         const struct retry_backoff **backoff);

/* Fills err from a refusal: the code, all parts of the text, what to do. `note` takes the place of
 * the usual hint; NULL: none. */
void oci_explain(const struct oci_request *request, const struct oci_outcome *outcome,
                 enum oci_auth auth, const char *note, const char *request_id, struct error *err);
/* "CreateVcn VCN web" */
void oci_request_title(const struct oci_request *request, struct str *out);
enum error_code oci_error_code(const struct oci_outcome *outcome);

/* At TRACE: a body with what looks secret masked. */
void oci_log_body(const char *message, const struct oci_request *request, const json_t *body);

#endif
