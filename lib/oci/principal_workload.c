/*
 * OKE workload identity: a pod of an enhanced cluster shows its service account token to the proxy of
 * its control plane and gets a session token that is bound to a key of its own.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/base/clock.h"
#include "lib/base/encoding.h"
#include "lib/base/json.h"
#include "lib/base/str.h"
#include "lib/net/secret.h"
#include "lib/oci/federation.h"
#include "lib/oci/principal_internal.h"

enum { SESSION_KEY_BITS = 2048, PROXY_PORT = 12250 };

#define SERVICE_ACCOUNT "/var/run/secrets/kubernetes.io/serviceaccount/"

static const char *variable(const char *name, const char *fallback)
{
    const char *value = getenv(name);
    return text_empty(value) ? fallback : value;
}

static bool workload_region(struct oci_principal *principal, const struct oci_patience *patience,
                            struct oci_region *region, struct error *err)
{
    (void)principal;
    (void)patience;
    const char *text = variable("OCI_RESOURCE_PRINCIPAL_REGION", NULL);
    if (text)
        return oci_region_resolve(text, region, err);
    return error_set(err, ERROR_INVALID,
                     "no region is set, and OCI_RESOURCE_PRINCIPAL_REGION is not set");
}

static char *service_account_token(struct error *err)
{
    const char *text = variable("OCI_KUBERNETES_SERVICE_ACCOUNT_TOKEN_STRING", NULL);
    if (text)
        return secret_copy(text);
    SECRET_AUTO content = secret_read_file(
        variable("OCI_KUBERNETES_SERVICE_ACCOUNT_TOKEN_PATH", SERVICE_ACCOUNT "token"), err);
    if (!content) {
        error_wrap(err, "read the service account's token");
        return NULL;
    }
    struct slice trimmed = slice_trim(slice_from(content));
    return secret_new(trimmed.ptr, trimmed.length);
}

/* A JSON text (or plain text) of base64 of {"token":"ST$<jwt>"}. */
static char *read_answer(struct http_response *response, struct error *err)
{
    struct slice body =
        slice_trim((struct slice){str_text(&response->body), response->body.length});
    while (body.length && (body.ptr[0] == '"' || body.ptr[body.length - 1] == '"')) {
        size_t lead = body.ptr[0] == '"';
        body.ptr += lead;
        body.length -= lead;
        body.length -= body.length && body.ptr[body.length - 1] == '"';
    }
    HTTP_RESPONSE_AUTO(inner);
    str_reserve(&inner.body, body.length);
    char *token = NULL;
    if (!base64_decode(body.ptr, body.length, &inner.body))
        error_set(err, ERROR_REMOTE, "the answer is no base64");
    else
        token = oci_federation_member(&inner, "token", err);
    oci_federation_wipe(&inner);
    if (!token || !text_starts_with(token, "ST$"))
        return token;
    char *bare = secret_copy(token + 3);
    secret_free(token);
    return bare;
}

static char *ask(const char *url, const struct oci_key *session,
                 const struct oci_patience *patience, struct error *err)
{
    SECRET_AUTO bearer = service_account_token(err);
    if (!bearer)
        return NULL;
    STR_AUTO public_key = STR_INIT;
    oci_key_public_pem(session, &public_key);
    JSON_AUTO body = json_pack("{s:s}", "podKey", str_text(&public_key));
    struct oci_federation_request request = {.what = "ask the cluster for a token of this pod",
                                             .method = "POST",
                                             .url = url,
                                             .body = body,
                                             .bearer = bearer};
    const char *ca = variable("OCI_KUBERNETES_SERVICE_ACCOUNT_CERT_PATH", SERVICE_ACCOUNT "ca.crt");
    struct http_client *http =
        http_client_new(&(struct http_options){.no_proxy = true, .ca_file = ca});
    HTTP_RESPONSE_AUTO(response);
    bool ok = oci_federation_call(http, &request, patience, &response, err);
    char *token = ok ? read_answer(&response, err) : NULL;
    if (!ok && err->http_status == 403)
        error_wrap(err, "workload identity needs an ENHANCED cluster");
    oci_federation_wipe(&response);
    http_client_free(http);
    return token;
}

/* Half of its life, as Oracle's clients do. */
static void renew_at_half(struct oci_credential *credential)
{
    int64_t now = clock_wall_ms();
    if (credential->expire_wall_ms > now)
        credential->renew_wall_ms = now + (credential->expire_wall_ms - now) / 2;
}

static struct oci_credential *load_workload(struct oci_principal *principal,
                                            const struct oci_patience *patience, struct error *err)
{
    (void)principal;
    const char *host = variable("KUBERNETES_SERVICE_HOST", NULL);
    if (!host) {
        error_set(err, ERROR_INVALID,
                  "KUBERNETES_SERVICE_HOST is not set: workload identity works only in a pod");
        return NULL;
    }
    STR_AUTO url = STR_INIT;
    str_printf(&url, strchr(host, ':') ? "https://[%s]:%d%s" : "https://%s:%d%s", host, PROXY_PORT,
               "/resourcePrincipalSessionTokens");
    struct oci_key *session = oci_key_generate(SESSION_KEY_BITS, err);
    if (!session)
        return NULL;
    SECRET_AUTO token = ask(str_text(&url), session, patience, err);
    if (!token) {
        oci_key_free(session);
        return NULL;
    }
    struct oci_credential *credential = oci_credential_for_token(token, session, "res_tenant");
    renew_at_half(credential);
    return credential;
}

const struct oci_principal_kind oci_principal_workload = {
    .renewable = true, .load = load_workload, .region = workload_region};
