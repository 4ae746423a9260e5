/* One call: put together once, then signed and sent until it is answered or not worth another try. */
#include <stdlib.h>
#include <string.h>

#include "lib/base/clock.h"
#include "lib/base/encoding.h"
#include "lib/base/json.h"
#include "lib/base/log.h"
#include "lib/net/secret.h"
#include "lib/net/url.h"
#include "lib/oci/client_internal.h"
#include "lib/oci/signer.h"

enum { REQUEST_HEADERS = 24, SKEW_LIMIT_MS = 4 * 60 * 1000 };

/* What stays the same for all attempts of a call. */
struct call {
    struct oci_client *client;
    const struct oci_request *request;
    struct str url, target, host, body, digest;
    struct str request_id;    /* of the latest attempt, as we sent it */
    const char *content_type; /* NULL: none */
    bool sign_body;
    int64_t started_ms, deadline_ms;
    int attempts;
    bool renewed;        /* the principal, after a 401 */
    uint64_t generation; /* of the latest credential */
};

static void call_free(struct call *call)
{
    str_free(&call->url);
    str_free(&call->target);
    str_free(&call->host);
    secret_wipe_str(&call->body);
    str_free(&call->digest);
    str_free(&call->request_id);
}

/* --- preparation ----------------------------------------------------------------------------- */

static bool method_has_body(const char *method)
{
    return strcmp(method, "POST") == 0 || strcmp(method, "PUT") == 0 ||
           strcmp(method, "PATCH") == 0;
}

static void prepare_body(struct call *call)
{
    const struct oci_request *request = call->request;
    if (request->body)
        json_write(request->body, false, &call->body);
    else if (request->raw_body)
        str_append_bytes(&call->body, request->raw_body, request->raw_body_length);
    bool has_body = method_has_body(request->method);
    if (request->raw_body)
        call->content_type =
            request->content_type ? request->content_type : "application/octet-stream";
    else if (request->body || has_body)
        call->content_type = "application/json";
    call->sign_body = has_body && !request->unsigned_body;
    if (call->sign_body)
        oci_content_sha256(str_text(&call->body), call->body.length, &call->digest);
}

/* IAM is written in the home region only. */
static bool wants_home_region(const struct call *call)
{
    return call->request->service == OCI_IDENTITY && oci_request_is_mutation(call->request) &&
           !oci_endpoints_overridden(call->client->endpoints, OCI_IDENTITY);
}

static bool append_origin(struct call *call, struct error *err)
{
    struct oci_client *client = call->client;
    const struct oci_request *request = call->request;
    const char *other = request->region;
    if (!other && wants_home_region(call)) {
        other = oci_client_home_region(client, request->cancel, err);
        if (!other)
            return error_wrap(err, "find the tenancy's home region");
    }
    OCI_REGION_AUTO(resolved);
    const struct oci_region *region = &resolved;
    if (oci_endpoints_overridden(client->endpoints, request->service))
        region = NULL;
    else if (other && !oci_region_resolve(other, &resolved, err))
        return false;
    else if (!other && !(region = oci_client_region(client, err)))
        return false;
    return oci_endpoints_origin(client->endpoints, request->service, region, &call->url, err);
}

static bool prepare_url(struct call *call, struct error *err)
{
    const struct oci_request *request = call->request;
    if (!append_origin(call, err))
        return false;
    str_append(&call->url, oci_service_base_path(request->service));
    str_append(&call->url, request->path);
    for (size_t i = 0; i < request->query_count; i++)
        url_append_query(&call->url, request->query[i].name, request->query[i].value);
    URL_AUTO(url);
    if (!url_parse(str_text(&call->url), &url, err))
        return false;
    url_append_target(&url, &call->target);
    url_append_authority(&url, &call->host);
    return true;
}

/* --- one attempt ----------------------------------------------------------------------------- */

struct headers {
    struct http_header items[REQUEST_HEADERS];
    size_t count;
};

static void add(struct headers *headers, const char *name, const char *value)
{
    if (value && headers->count < REQUEST_HEADERS)
        headers->items[headers->count++] = (struct http_header){name, value};
}

static void new_request_id(struct str *id)
{
    unsigned char raw[16];
    random_bytes(raw, sizeof(raw));
    hex_encode(raw, sizeof(raw), id);
}

static void collect_headers(const struct call *call, struct headers *headers)
{
    const struct oci_request *request = call->request;
    add(headers, "Host", str_text(&call->host));
    add(headers, "Content-Type", call->content_type);
    add(headers, "x-content-sha256", call->sign_body ? str_text(&call->digest) : NULL);
    add(headers, "opc-request-id", str_text(&call->request_id));
    add(headers, "opc-retry-token", request->retry_token);
    add(headers, "if-match", request->if_match);
    add(headers, "if-none-match", request->if_none_match);
    for (size_t i = 0; i < request->header_count; i++)
        add(headers, request->headers[i].name, request->headers[i].value);
}

static bool sign(const struct call *call, const struct oci_credential *credential, const char *date,
                 struct str *authorization, struct error *err)
{
    struct oci_sign_input input = {.method = call->request->method,
                                   .target = str_text(&call->target),
                                   .host = str_text(&call->host),
                                   .date = date,
                                   .sign_body = call->sign_body,
                                   .content_type = call->content_type,
                                   .body = str_text(&call->body),
                                   .body_length = call->body.length,
                                   .obo_token = oci_credential_obo_token(credential)};
    return oci_sign(&input, oci_credential_key_id(credential), oci_credential_key(credential),
                    authorization, err);
}

static int64_t attempt_deadline(const struct call *call)
{
    int64_t limit = clock_monotonic_ms() + call->client->attempt_timeout_ms;
    return limit < call->deadline_ms ? limit : call->deadline_ms;
}

static bool send_attempt(struct call *call, struct http_response *response, struct error *err)
{
    const struct oci_request *request = call->request;
    OCI_CREDENTIAL_AUTO credential =
        oci_principal_credential(call->client->principal, request->cancel, call->deadline_ms, err);
    if (!credential)
        return false;
    call->generation = oci_credential_generation(credential);
    char date[CLOCK_HTTP_SIZE];
    SECRET_STR_AUTO authorization = STR_INIT;
    str_reserve(&authorization, 8192);
    clock_format_http(clock_wall_ms(), date);
    if (!sign(call, credential, date, &authorization, err))
        return false;
    str_clear(&call->request_id);
    new_request_id(&call->request_id);
    struct headers headers = {.count = 0};
    collect_headers(call, &headers);
    add(&headers, "Date", date);
    add(&headers, "Authorization", str_text(&authorization));
    add(&headers, "opc-obo-token", oci_credential_obo_token(credential));
    bool has_body = call->content_type != NULL;
    struct http_request wire = {
        .method = request->method,
        .url = str_text(&call->url),
        .headers = headers.items,
        .header_count = headers.count,
        .body = has_body ? str_text(&call->body) : NULL,
        .body_length = call->body.length,
        .deadline_ms = attempt_deadline(call),
        .cancel = request->cancel,
        .response_limit = OCI_RESPONSE_LIMIT,
        /* What is sent twice must be counted, even where it does no harm: a name that is taken at the
         * second attempt may have been taken by the first. */
        .send_once = strcmp(request->method, "POST") == 0 && !request->retry_token,
    };
    call->attempts++;
    return http_perform(call->client->http, &wire, response, err);
}

/* --- answers --------------------------------------------------------------------------------- */

static char *copy_header(const struct http_response *http, const char *name)
{
    const char *value = http_response_header(http, name);
    return value ? mem_strdup(value) : NULL;
}

static bool looks_like_json(const struct http_response *http)
{
    const char *type = http_response_header(http, "content-type");
    const char *text = str_text(&http->body);
    return type ? strcasestr(type, "json") != NULL : strchr("{[\"", *text) && *text;
}

/* Moves the headers and the body over. */
static bool accept_answer(const struct call *call, struct http_response *http,
                          struct oci_response *response, struct error *err)
{
    response->status = http->status;
    response->etag = copy_header(http, "etag");
    free(response->request_id); /* of an attempt before */
    response->request_id = copy_header(http, "opc-request-id");
    response->work_request_id = copy_header(http, "opc-work-request-id");
    response->next_page = copy_header(http, "opc-next-page");
    response->retry_after_ms = retry_after_ms(http_response_header(http, "retry-after"));
    bool json = looks_like_json(http) && !call->request->raw_response && http->body.length;
    if (json) {
        response->body = json_parse(str_text(&http->body), http->body.length, err);
        if (!response->body) {
            STR_AUTO title = STR_INIT;
            oci_request_title(call->request, &title);
            return error_wrap(err, "%s: unreadable answer (opc-request-id %s)", str_text(&title),
                              response->request_id ? response->request_id : "none");
        }
        oci_log_body("oci response", call->request, response->body);
    } else {
        response->raw = http->body;
        http->body = (struct str)STR_INIT;
    }
    response->headers = http->headers;
    response->header_count = http->header_count;
    http->headers = NULL;
    http->header_count = 0;
    return true;
}

static void note_success(const struct call *call)
{
    const struct oci_request *request = call->request;
    if (request->service == OCI_IDENTITY && oci_request_is_mutation(request) &&
        strcmp(request->method, "DELETE") != 0)
        atomic_store(&call->client->last_iam_write_ms, clock_monotonic_ms());
}

/* Says how far the clocks are apart when that explains a 401. */
static bool explain_skew(const struct http_response *http, struct str *note)
{
    int64_t theirs;
    const char *date = http_response_header(http, "date");
    if (http->status != 401 || !date || !clock_parse_http(date, &theirs))
        return false;
    int64_t ahead = clock_wall_ms() - theirs;
    if (llabs(ahead) < SKEW_LIMIT_MS)
        return false;
    str_printf(
        note,
        "The clock of this machine is %lld s %s the service's (%s); OCI accepts five minutes. "
        "Set the clock, for example by NTP.",
        (long long)(llabs(ahead) / 1000), ahead > 0 ? "ahead of" : "behind", date);
    return true;
}

/* The service extends our id; without an answer ours is all there is to search its logs for. */
static const char *request_id_of(const struct call *call, const struct http_response *http)
{
    const char *theirs = http_response_header(http, "opc-request-id");
    return theirs ? theirs : str_text(&call->request_id);
}

/* A refusal as error; *outcome points into *parsed. */
static void read_refusal(const struct call *call, const struct http_response *http, json_t **parsed,
                         struct oci_outcome *outcome, struct error *err)
{
    ERROR_AUTO(ignored);
    *parsed = json_parse(str_text(&http->body), http->body.length, &ignored);
    *outcome = (struct oci_outcome){.status = http->status,
                                    .sent = true,
                                    .code = json_get_text(*parsed, "code"),
                                    .message = json_get_text(*parsed, "message")};
    STR_AUTO note = STR_INIT;
    bool skewed = explain_skew(http, &note);
    oci_explain(call->request, outcome, oci_principal_auth(call->client->principal),
                skewed ? str_text(&note) : NULL, request_id_of(call, http), err);
}

/* A network failure: name the operation, and say when it may have been carried out. */
static void read_failure(const struct call *call, const struct http_response *http, int before,
                         struct oci_outcome *outcome, struct error *err)
{
    *outcome = (struct oci_outcome){.status = 0, .sent = http->request_sent};
    STR_AUTO title = STR_INIT;
    oci_request_title(call->request, &title);
    bool doubtful = http->request_sent && oci_request_is_mutation(call->request);
    if (call->attempts == before) { /* not even sent: credentials, for example */
        error_wrap(err, "%s", str_text(&title));
        return;
    }
    error_wrap(err, "%s (opc-request-id %s%s)", str_text(&title), str_text(&call->request_id),
               doubtful ? "; it was sent and may have been carried out" : "");
    if (!err->request_id)
        err->request_id = mem_strdup(str_text(&call->request_id));
}

/* --- the loop -------------------------------------------------------------------------------- */

/* After the first 401 a token is renewed once. */
static bool renew_after(struct call *call, const struct oci_outcome *outcome)
{
    if (outcome->status != 401 || call->renewed)
        return false;
    call->renewed = true;
    ERROR_AUTO(failure);
    bool ok = oci_principal_renew(call->client->principal, call->generation, call->request->cancel,
                                  call->deadline_ms, &failure);
    if (!ok && error_is_set(&failure))
        LOG(LOG_LEVEL_WARN, "cannot renew OCI credentials", {"error", error_message(&failure)});
    return ok;
}

static void log_retry(const struct call *call, const struct error *err)
{
    STR_AUTO attempt = STR_INIT;
    str_printf(&attempt, "%d", call->attempts);
    LOG(LOG_LEVEL_INFO, "oci retry", {"operation", call->request->operation},
        {"attempt", str_text(&attempt)}, {"reason", error_message(err)});
}

static void give_up(const struct call *call, struct error *err)
{
    if (call->attempts > 1)
        error_wrap(err, "after %d attempts in %lld s", call->attempts,
                   (long long)((clock_monotonic_ms() - call->started_ms + 500) / 1000));
}

static bool attempts_are_used_up(const struct call *call)
{
    const struct oci_retry_policy *policy = call->request->retry;
    return policy && policy->max_attempts && call->attempts >= policy->max_attempts;
}

/* True when the pause before the next attempt is over; otherwise err is final. */
static bool pause_before_retry(const struct call *call, const struct oci_outcome *outcome,
                               const struct http_response *http, struct error *err)
{
    const struct retry_backoff *backoff;
    int64_t window =
        oci_retry_window(call->client, call->request, outcome, call->started_ms, &backoff);
    if (window <= 0 || attempts_are_used_up(call)) {
        give_up(call, err);
        return false;
    }
    int64_t until = call->started_ms + window;
    if (until > call->deadline_ms)
        until = call->deadline_ms;
    log_retry(call, err);
    int64_t asked = retry_after_ms(http_response_header(http, "retry-after"));
    switch (retry_sleep(backoff, call->attempts, asked, until, call->request->cancel)) {
    case RETRY_AGAIN:
        return true;
    case RETRY_CANCELLED:
        err->code = ERROR_CANCELLED;
        error_wrap(err, "cancelled while waiting to try again");
        return false;
    case RETRY_NO_TIME:
        break;
    }
    give_up(call, err);
    return false;
}

/* One attempt is a timeout of its own; only the call's deadline is one to the caller. */
static void adjust_timeout(const struct call *call, struct error *err)
{
    if (err->code == ERROR_TIMEOUT && clock_monotonic_ms() < call->deadline_ms)
        err->code = ERROR_UNAVAILABLE;
}

static bool is_final(const struct error *err)
{
    return err->code != ERROR_UNAVAILABLE;
}

static bool run(struct call *call, struct oci_response *response, struct error *err)
{
    for (;;) {
        HTTP_RESPONSE_AUTO(http);
        JSON_AUTO parsed = NULL;
        struct oci_outcome outcome;
        error_reset(err);
        int before = call->attempts;
        bool answered = send_attempt(call, &http, err);
        response->attempts = call->attempts;
        if (answered)
            atomic_store(&call->client->answered, true);
        if (answered && http.status / 100 == 2) {
            note_success(call);
            return accept_answer(call, &http, response, err);
        }
        if (answered) {
            read_refusal(call, &http, &parsed, &outcome, err);
            response->status = http.status;
            free(response->request_id);
            response->request_id = mem_strdup(request_id_of(call, &http));
        } else {
            adjust_timeout(call, err);
            read_failure(call, &http, before, &outcome, err);
            if (is_final(err) || call->attempts == before)
                return false;
        }
        if (renew_after(call, &outcome))
            continue;
        if (!pause_before_retry(call, &outcome, &http, err))
            return false;
    }
}

bool oci_call(struct oci_client *client, const struct oci_request *request,
              struct oci_response *response, struct error *err)
{
    CLEANUP(call_free) struct call call = {.client = client, .request = request};
    oci_response_free(response);
    call.started_ms = clock_monotonic_ms();
    call.deadline_ms =
        request->deadline_ms ? request->deadline_ms : call.started_ms + OCI_CALL_TIMEOUT_MS;
    prepare_body(&call);
    if (!prepare_url(&call, err)) {
        STR_AUTO title = STR_INIT;
        oci_request_title(request, &title);
        return error_wrap(err, "%s", str_text(&title));
    }
    oci_log_body("oci request", request, request->body);
    bool ok = run(&call, response, err);
    if (ok)
        return true;
    int status = response->status, attempts = response->attempts;
    char *request_id = response->request_id;
    response->request_id = NULL;
    oci_response_free(response);
    response->status = status;
    response->attempts = attempts;
    response->request_id = request_id;
    return false;
}
