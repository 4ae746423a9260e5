#include "lib/kube/client.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/base/clock.h"
#include "lib/base/json.h"
#include "lib/base/log.h"
#include "lib/base/vec.h"
#include "lib/kube/client_internal.h"
#include "lib/net/retry.h"
#include "lib/net/secret.h"
#include "lib/net/url.h"

static const struct retry_backoff backoff = {.first_ms = 100, .most_ms = 5000, .factor = 2};

struct kube_client *kube_client_new(const struct kube_client_options *options)
{
    struct kube_client *client = mem_calloc(1, sizeof(*client));
    client->config = options->config;
    client->credential =
        kube_credential_new(client->config, options->token_source, options->token_context);
    client->user_agent = mem_strdup(options->user_agent ? options->user_agent : "okestra");
    client->retry = !options->disable_retries;
    pthread_mutex_init(&client->mutex, NULL);
    kube_mapper_init(&client->mapper);
    return client;
}

void kube_client_free(struct kube_client *client)
{
    if (!client)
        return;
    for (size_t i = 0; i < client->https.count; i++)
        http_client_free(client->https.items[i]);
    vec_free(&client->https);
    kube_mapper_clear(&client->mapper);
    kube_credential_free(client->credential);
    kube_config_free(client->config);
    free(client->user_agent);
    pthread_mutex_destroy(&client->mutex);
    free(client);
}

const struct kube_config *kube_client_config(const struct kube_client *client)
{
    return client->config;
}

bool kube_client_token(struct kube_client *client, struct str *token, struct cancel *cancel,
                       struct error *err)
{
    static const char bearer[] = "Bearer ";
    SECRET_STR_AUTO header = STR_INIT;
    str_reserve(&header, KUBE_CREDENTIAL_LIMIT / 16);
    int generation;
    if (!kube_credential_header(client->credential, &header, &generation, cancel, err))
        return false;
    if (text_starts_with(str_text(&header), bearer))
        str_append(token, str_text(&header) + strlen(bearer));
    return true;
}

void kube_client_certificate(struct kube_client *client, char **certificate, char **key)
{
    kube_credential_certificate(client->credential, certificate, key);
}

/* --- connections -------------------------------------------------------------------------------- */

/* The server's URL as requests name it: with the name of its certificate, when that is another one. */
static void append_server(const struct kube_config *config, struct str *url, struct str *connect_to)
{
    URL_AUTO(server);
    ERROR_AUTO(ignored);
    if (!config->tls_server_name || !url_parse(config->server, &server, &ignored)) {
        str_append(url, config->server);
        return;
    }
    bool ipv6 = strchr(server.host, ':');
    str_printf(connect_to, "%s%s%s:%d", ipv6 ? "[" : "", server.host, ipv6 ? "]" : "", server.port);
    free(server.host);
    server.host = mem_strdup(config->tls_server_name);
    url_append_origin(&server, url);
    if (strcmp(server.path, "/") != 0)
        str_append(url, server.path);
}

/* The client for the certificate in force. An earlier one may still be in use: it stays. */
static struct http_client *connection(struct kube_client *client, int generation)
{
    const struct kube_config *config = client->config;
    pthread_mutex_lock(&client->mutex);
    bool renewed = config->exec && !config->token && generation != client->generation;
    if (client->https.count == 0 || renewed) {
        STR_AUTO url = STR_INIT;
        STR_AUTO connect_to = STR_INIT;
        append_server(config, &url, &connect_to);
        CLEANUP(free_pointer) char *certificate = NULL;
        SECRET_AUTO key = NULL;
        kube_credential_certificate(client->credential, &certificate, &key);
        if (client->https.count == 0 || certificate)
            vec_push(&client->https,
                     http_client_new(&(struct http_options){.user_agent = client->user_agent,
                                                            .ca_data = config->ca,
                                                            .insecure = config->insecure,
                                                            .client_cert_data = certificate,
                                                            .client_key_data = key,
                                                            .proxy = config->proxy_url,
                                                            .connect_to = str_text(&connect_to)}));
        client->generation = generation;
    }
    struct http_client *http = client->https.items[client->https.count - 1];
    pthread_mutex_unlock(&client->mutex);
    return http;
}

/* --- errors ------------------------------------------------------------------------------------- */

static enum error_code code_of(int status, const char *reason)
{
    switch (status) {
    case 404:
        return ERROR_NOT_FOUND;
    case 401:
    case 403:
        return ERROR_DENIED;
    case 409:
        return text_equal(reason, "AlreadyExists") ? ERROR_EXISTS : ERROR_CONFLICT;
    case 429:
        return ERROR_THROTTLED;
    case 400:
    case 413:
    case 415:
    case 422:
        return ERROR_INVALID;
    default:
        return status >= 500 ? ERROR_UNAVAILABLE : ERROR_REMOTE;
    }
}

bool kube_status_error(const json_t *status, int http_status, struct error *err)
{
    const char *reason = json_get_text(status, "reason");
    const char *message = json_get_text(status, "message");
    int code = http_status ? http_status : (int)json_get_integer(status, "code", 0);
    error_set(err, code_of(code, reason), "%s (HTTP %d%s%s)",
              text_empty(message) ? "the API server gives no reason" : message, code,
              reason ? " " : "", reason ? reason : "");
    err->http_status = code;
    err->service_code = reason ? mem_strdup(reason) : NULL;
    return false;
}

static const char *remedy(const struct error *err)
{
    if (err->http_status == 401)
        return "; the credentials are not, or no longer, accepted: check user, token and the clock "
               "of this machine";
    if (text_equal(err->service_code, "NamespaceTerminating"))
        return "; the namespace is being deleted";
    return "";
}

static bool explain(const struct kube_request *request, const struct http_response *response,
                    struct error *err)
{
    ERROR_AUTO(ignored);
    JSON_AUTO status = json_parse(str_text(&response->body), response->body.length, &ignored);
    const char *audit = http_response_header(response, "audit-id");
    if (status && text_equal(json_get_text(status, "kind"), "Status")) {
        kube_status_error(status, response->status, err);
        if (request->status)
            *request->status = json_incref(status);
    } else {
        struct slice said = slice_trim((struct slice){response->body.ptr, response->body.length});
        error_set(err, code_of(response->status, NULL), "HTTP %d%s%.*s", response->status,
                  said.length ? ": " : "", (int)(said.length > 300 ? 300 : said.length),
                  said.length ? said.ptr : "");
        err->http_status = response->status;
    }
    if (audit)
        err->request_id = mem_strdup(audit);
    ERROR_AUTO(whole);
    error_move(&whole, err);
    error_set(err, whole.code, "%s: %s%s%s%s", request->object ? request->object : request->path,
              error_message(&whole), audit ? ", audit id " : "", audit ? audit : "",
              remedy(&whole));
    err->http_status = whole.http_status;
    err->service_code = whole.service_code;
    err->request_id = whole.request_id;
    whole.service_code = whole.request_id = NULL;
    return false;
}

/* Warning: 299 - "text" (RFC 7234 §5.5); quotes inside are escaped by a backslash. */
static void pass_warnings(const struct kube_scope *scope, const struct http_response *response)
{
    for (size_t i = 0; scope->on_warning && i < response->header_count; i++) {
        if (strcasecmp(response->headers[i].name, "warning") != 0)
            continue;
        const char *from = strchr(response->headers[i].value, '"');
        STR_AUTO text = STR_INIT;
        for (from = from ? from + 1 : ""; *from && *from != '"'; from++) {
            if (*from == '\\' && from[1])
                from++;
            str_append_char(&text, *from);
        }
        if (text.length)
            scope->on_warning(scope->context, str_text(&text));
    }
}

/* --- one call ----------------------------------------------------------------------------------- */

struct call {
    struct kube_client *client;
    const struct kube_scope *scope;
    const struct kube_request *request;
    struct str url, body;
    int64_t deadline_ms, started_ms;
    int attempt, generation;
    bool renewed;  /* the credential was, after a 401 */
    bool streamed; /* the sink has had something */
};

static bool stream(void *context, const char *data, size_t length)
{
    struct call *call = context;
    call->streamed = true;
    return call->request->sink(call->request->sink_context, data, length);
}

static void add_impersonation(const struct kube_config *config, struct http_header *headers,
                              size_t *count, size_t most)
{
    if (config->as_user)
        headers[(*count)++] = (struct http_header){"Impersonate-User", config->as_user};
    if (config->as_uid)
        headers[(*count)++] = (struct http_header){"Impersonate-Uid", config->as_uid};
    for (size_t i = 0; config->as_groups && config->as_groups[i] && *count < most; i++)
        headers[(*count)++] = (struct http_header){"Impersonate-Group", config->as_groups[i]};
}

static bool attempt(struct call *call, struct http_response *response, struct error *err)
{
    const struct kube_request *request = call->request;
    SECRET_STR_AUTO authorization = STR_INIT;
    str_reserve(&authorization, KUBE_CREDENTIAL_LIMIT / 16);
    if (!kube_credential_header(call->client->credential, &authorization, &call->generation,
                                call->scope->cancel, err))
        return error_wrap(err, "credentials for %s", call->client->config->server);
    struct http_header headers[64] = {{"Accept", request->accept ? request->accept
                                                 : request->text ? "text/plain, */*"
                                                                 : "application/json"}};
    size_t count = 1;
    if (authorization.length)
        headers[count++] = (struct http_header){"Authorization", str_text(&authorization)};
    if (request->body)
        headers[count++] = (struct http_header){
            "Content-Type", request->content_type ? request->content_type : "application/json"};
    add_impersonation(call->client->config, headers, &count, ARRAY_LENGTH(headers));
    int64_t until = request->sink ? call->deadline_ms : clock_monotonic_ms() + KUBE_ATTEMPT_MS;
    struct http_request http = {
        .method = request->method,
        .url = str_text(&call->url),
        .headers = headers,
        .header_count = count,
        .body = request->body ? call->body.ptr : NULL,
        .body_length = call->body.length,
        .deadline_ms = until < call->deadline_ms ? until : call->deadline_ms,
        .idle_timeout_ms = request->idle_timeout_ms,
        .cancel = call->scope->cancel,
        .on_body = request->sink ? stream : NULL,
        .on_body_context = call,
        .send_once = request->once,
    };
    return http_perform(connection(call->client, call->generation), &http, response, err);
}

/* Server-side apply answers 500 to a field that the schema does not have; nothing will change that. */
static bool is_bad_field(const struct http_response *response)
{
    return response->status == 500 &&
           strstr(str_text(&response->body), "failed to create typed patch object");
}

static bool is_temporary(const struct call *call, const struct http_response *response,
                         const struct error *network)
{
    bool seen = response->request_sent;
    if (call->streamed || (call->request->once && seen))
        return false;
    if (error_is_set(network))
        return network->code == ERROR_UNAVAILABLE ||
               (network->code == ERROR_TIMEOUT && clock_monotonic_ms() < call->deadline_ms);
    return response->status == 429 ||
           (response->status >= 500 && response->status != 501 && !is_bad_field(response));
}

/* True: try again. */
static bool pause_before_retry(struct call *call, const struct http_response *response,
                               bool temporary)
{
    struct kube_client *client = call->client;
    if (response->status == 401 && !call->renewed &&
        kube_credential_refused(client->credential, call->generation)) {
        call->renewed = true;
        return true;
    }
    if (!temporary || !client->retry)
        return false;
    int64_t bound = client->answered ? KUBE_RETRY_MS : KUBE_UNREACHED_RETRY_MS;
    int64_t until = call->started_ms + bound;
    if (until > call->deadline_ms)
        until = call->deadline_ms;
    int64_t after = retry_after_ms(http_response_header(response, "retry-after"));
    return retry_sleep(&backoff, call->attempt, after, until, call->scope->cancel) == RETRY_AGAIN;
}

static bool take_answer(const struct call *call, const struct http_response *response,
                        json_t **answer, struct str *text, struct error *err)
{
    const struct kube_request *request = call->request;
    if (request->text && text)
        str_append_slice(text, (struct slice){response->body.ptr, response->body.length});
    if (!answer || request->text || request->sink || response->body.length == 0)
        return true;
    *answer = json_parse(str_text(&response->body), response->body.length, err);
    return *answer ||
           error_wrap(err, "answer about %s", request->object ? request->object : request->path);
}

/* True: the call has ended, well or with err. */
static bool one_round(struct call *call, json_t **answer, struct str *text, struct error *err)
{
    HTTP_RESPONSE_AUTO(response);
    ERROR_AUTO(network);
    call->attempt++;
    bool answered = attempt(call, &response, &network);
    if (answered)
        call->client->answered = true;
    if (answered && response.status / 100 == 2) {
        pass_warnings(call->scope, &response);
        take_answer(call, &response, answer, text, err);
        return true;
    }
    bool temporary = is_temporary(call, &response, &network);
    if (pause_before_retry(call, &response, temporary)) {
        LOG(LOG_LEVEL_INFO, "the API server did not do it; trying again",
            {"object", call->request->object ? call->request->object : call->request->path},
            {"error", answered ? "" : error_message(&network)});
        return false;
    }
    if (answered) {
        explain(call->request, &response, err);
        if (is_bad_field(&response))
            err->code = ERROR_INVALID;
    } else {
        error_move(err, &network);
        error_wrap(err, "%s", call->request->object ? call->request->object : call->request->path);
    }
    return true;
}

bool kube_call(struct kube_client *client, const struct kube_scope *scope,
               const struct kube_request *request, json_t **answer, struct str *text,
               struct error *err)
{
    struct call call = {.client = client,
                        .scope = scope,
                        .request = request,
                        .started_ms = clock_monotonic_ms(),
                        .deadline_ms = scope->deadline_ms};
    if (!call.deadline_ms)
        call.deadline_ms = call.started_ms + KUBE_CALL_MS;
    if (answer)
        *answer = NULL;
    STR_AUTO connect_to = STR_INIT;
    append_server(client->config, &call.url, &connect_to);
    str_append(&call.url, request->path);
    for (size_t i = 0; i < request->query_count; i++)
        url_append_query(&call.url, request->query[i].name, request->query[i].value);
    if (request->body)
        json_write(request->body, false, &call.body);
    while (!one_round(&call, answer, text, err))
        continue;
    str_free(&call.url);
    secret_wipe_str(&call.body);
    return !error_is_set(err);
}
