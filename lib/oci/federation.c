#include "lib/oci/federation.h"

#include <openssl/crypto.h>
#include <string.h>

#include "lib/base/clock.h"
#include "lib/base/json.h"
#include "lib/net/retry.h"
#include "lib/net/secret.h"
#include "lib/net/url.h"
#include "lib/oci/signer.h"

static const struct retry_backoff backoff = {1000, 4000, 2.0};

void oci_federation_wipe(struct http_response *response)
{
    secret_wipe_str(&response->body);
    http_response_free(response);
}

void oci_federation_strip_pem(const char *pem, struct str *out)
{
    struct slice rest = slice_from(pem);
    while (rest.length) {
        bool found;
        struct slice line;
        rest = slice_cut(rest, '\n', &line, &found);
        if (!slice_starts_with(line, "-----"))
            str_append_slice(out, slice_trim(line));
    }
}

char *oci_federation_member(const struct http_response *response, const char *name,
                            struct error *err)
{
    JSON_AUTO json = json_parse(str_text(&response->body), response->body.length, err);
    if (!json)
        return NULL;
    const char *text = json_get_text(json, name);
    if (text_empty(text)) {
        error_set(err, ERROR_REMOTE, "the answer has no \"%s\"", name);
        return NULL;
    }
    char *secret = secret_copy(text);
    /* The text belongs to this tree alone, which is released next. */
    OPENSSL_cleanse((void *)(uintptr_t)text, strlen(text));
    return secret;
}

/* What goes on the wire in one attempt. */
struct attempt {
    struct str target, host, date, digest, length, authorization;
    struct http_header headers[8];
    size_t header_count;
};

static void attempt_free(struct attempt *attempt)
{
    secret_wipe_str(&attempt->authorization);
    str_free(&attempt->target);
    str_free(&attempt->host);
    str_free(&attempt->date);
    str_free(&attempt->digest);
    str_free(&attempt->length);
}

static void add_header(struct attempt *attempt, const char *name, const char *value)
{
    attempt->headers[attempt->header_count++] = (struct http_header){name, value};
}

static bool sign(const struct oci_federation_request *request, const struct str *body,
                 struct attempt *attempt, struct error *err)
{
    char date[CLOCK_HTTP_SIZE];
    URL_AUTO(url);
    if (!url_parse(request->url, &url, err))
        return false;
    str_append(&attempt->date, clock_format_http(clock_wall_ms(), date));
    url_append_target(&url, &attempt->target);
    url_append_authority(&url, &attempt->host);
    struct oci_sign_input input = {.method = request->method,
                                   .target = str_text(&attempt->target),
                                   .host = str_text(&attempt->host),
                                   .date = str_text(&attempt->date),
                                   .sign_body = request->body != NULL,
                                   .content_type = "application/json",
                                   .body = str_text(body),
                                   .body_length = body->length};
    if (request->leave_host_unsigned)
        input.host = NULL;
    if (!oci_sign(&input, request->key_id, request->key, &attempt->authorization, err))
        return false;
    add_header(attempt, "Date", str_text(&attempt->date));
    add_header(attempt, "Host", str_text(&attempt->host));
    if (request->body) {
        oci_content_sha256(str_text(body), body->length, &attempt->digest);
        add_header(attempt, "x-content-sha256", str_text(&attempt->digest));
    }
    return true;
}

static bool send_once(struct http_client *http, const struct oci_federation_request *request,
                      const struct str *body, const struct oci_patience *patience,
                      struct http_response *response, struct error *err)
{
    CLEANUP(attempt_free) struct attempt attempt = {0};
    if (request->key && !sign(request, body, &attempt, err))
        return false;
    if (request->bearer)
        str_printf(&attempt.authorization, "Bearer %s", request->bearer);
    add_header(&attempt, "Authorization", str_text(&attempt.authorization));
    if (request->body)
        add_header(&attempt, "Content-Type", "application/json");
    struct http_request wire = {.method = request->method,
                                .url = request->url,
                                .headers = attempt.headers,
                                .header_count = attempt.header_count,
                                .body = request->body ? str_text(body) : NULL,
                                .body_length = body->length,
                                .deadline_ms = patience->deadline_ms,
                                .cancel = patience->cancel,
                                .response_limit = OCI_FEDERATION_LIMIT};
    return http_perform(http, &wire, response, err);
}

static bool refuse(const struct http_response *response, struct error *err)
{
    ERROR_AUTO(ignored);
    JSON_AUTO json = json_parse(str_text(&response->body), response->body.length, &ignored);
    const char *code = json_get_text(json, "code"), *message = json_get_text(json, "message");
    enum error_code kind = response->status == 401 || response->status == 403 ? ERROR_DENIED
                           : response->status >= 500                          ? ERROR_UNAVAILABLE
                                                                              : ERROR_REMOTE;
    error_set(err, kind, "HTTP %d%s%s%s%s", response->status, code ? " " : "", code ? code : "",
              message ? ": " : "", message ? message : "");
    err->http_status = response->status;
    err->service_code = code ? mem_strdup(code) : NULL;
    return false;
}

bool oci_federation_call(struct http_client *http, const struct oci_federation_request *request,
                         const struct oci_patience *patience, struct http_response *response,
                         struct error *err)
{
    STR_AUTO body = STR_INIT;
    if (request->body)
        json_write(request->body, false, &body);
    for (int attempt = 1;; attempt++) {
        error_reset(err);
        bool answered = send_once(http, request, &body, patience, response, err);
        if (answered && response->status / 100 == 2)
            return true;
        bool temporary = answered ? response->status >= 500 || response->status == 429
                                  : err->code == ERROR_UNAVAILABLE;
        if (answered)
            refuse(response, err);
        if (!temporary || attempt == OCI_FEDERATION_TRIES ||
            retry_sleep(&backoff, attempt, -1, patience->deadline_ms, patience->cancel) !=
                RETRY_AGAIN)
            break;
        oci_federation_wipe(response);
    }
    oci_federation_wipe(response);
    return error_wrap(err, "%s (%s)", request->what, request->url);
}
