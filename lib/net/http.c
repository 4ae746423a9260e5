#include "lib/net/http.h"

#include <curl/curl.h>
#include <openssl/ssl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "lib/base/vec.h"
#include "lib/net/secret.h"
#include "lib/net/trust.h"
#include "lib/net/url.h"

enum {
    SLOT_ORIGINS = 4, /* connections that a slot keeps open, and origins that it remembers */
    POLL_LIMIT_MS = 1000,
    HEADER_LINE_LIMIT = 64 * 1024,
};

/* One libcurl handle with its own connections. Used by one thread at a time. */
struct slot {
    CURLM *multi;
    CURL *easy;
    uint64_t origins[SLOT_ORIGINS]; /* hashes, most recent first; 0: unused */
    struct slot *next;
    char detail[CURL_ERROR_SIZE];
};

struct http_client {
    char *user_agent, *ca_file, *ca_data, *cert_file, *key_file, *cert_data, *proxy;
    struct curl_slist *connect_to;
    char *key_data; /* secret */
    bool insecure, no_proxy;
    int64_t connect_timeout_ms;

    pthread_mutex_t mutex; /* for what follows */
    CURLSH *share;         /* NULL until the first request */
    X509_STORE *trust;     /* NULL until the first https request */
    struct slot *idle;     /* most recently used first */

    pthread_mutex_t share_locks[CURL_LOCK_DATA_LAST];
};

static char *copy_text(const char *text)
{
    return text_empty(text) ? NULL : mem_strdup(text);
}

static struct curl_slist *connect_list(const char *address)
{
    if (text_empty(address))
        return NULL;
    STR_AUTO entry = STR_INIT;
    str_printf(&entry, "::%s", address); /* for any host and port of URLs */
    struct curl_slist *list = curl_slist_append(NULL, str_text(&entry));
    if (!list)
        fatal_error("out of memory");
    return list;
}

struct http_client *http_client_new(const struct http_options *options)
{
    struct http_client *client = mem_calloc(1, sizeof(*client));
    client->user_agent = copy_text(options->user_agent);
    client->ca_file = copy_text(options->ca_file);
    client->ca_data = copy_text(options->ca_data);
    client->cert_file = copy_text(options->client_cert_file);
    client->key_file = copy_text(options->client_key_file);
    client->cert_data = copy_text(options->client_cert_data);
    client->key_data = secret_copy(options->client_key_data);
    client->insecure = options->insecure;
    client->no_proxy = options->no_proxy;
    client->proxy = copy_text(options->proxy);
    client->connect_to = connect_list(options->connect_to);
    client->connect_timeout_ms =
        options->connect_timeout_ms > 0 ? options->connect_timeout_ms : HTTP_CONNECT_TIMEOUT_MS;
    pthread_mutex_init(&client->mutex, NULL);
    for (size_t i = 0; i < ARRAY_LENGTH(client->share_locks); i++)
        pthread_mutex_init(&client->share_locks[i], NULL);
    return client;
}

static void slot_free(struct slot *slot)
{
    curl_easy_cleanup(slot->easy);
    curl_multi_cleanup(slot->multi);
    free(slot);
}

void http_client_free(struct http_client *client)
{
    if (!client)
        return;
    while (client->idle) {
        struct slot *slot = client->idle;
        client->idle = slot->next;
        slot_free(slot);
    }
    if (client->share)
        curl_share_cleanup(client->share);
    X509_STORE_free(client->trust);
    free(client->user_agent);
    free(client->ca_file);
    free(client->ca_data);
    free(client->cert_file);
    free(client->key_file);
    free(client->cert_data);
    free(client->proxy);
    curl_slist_free_all(client->connect_to);
    secret_free(client->key_data);
    for (size_t i = 0; i < ARRAY_LENGTH(client->share_locks); i++)
        pthread_mutex_destroy(&client->share_locks[i]);
    pthread_mutex_destroy(&client->mutex);
    free(client);
}

void http_response_free(struct http_response *response)
{
    str_free(&response->body);
    for (size_t i = 0; i < response->header_count; i++) {
        free(response->headers[i].name);
        free(response->headers[i].value);
    }
    free(response->headers);
    *response = (struct http_response)HTTP_RESPONSE_INIT;
}

const char *http_response_header(const struct http_response *response, const char *name)
{
    for (size_t i = 0; i < response->header_count; i++)
        if (strcasecmp(response->headers[i].name, name) == 0)
            return response->headers[i].value;
    return NULL;
}

/* --- start-up with the first request --------------------------------------------------------- */

static void global_start(void)
{
    struct sigaction action;
    /* A peer that closes its connection must not end the process. */
    if (sigaction(SIGPIPE, NULL, &action) == 0 && action.sa_handler == SIG_DFL) {
        action.sa_handler = SIG_IGN;
        sigaction(SIGPIPE, &action, NULL);
    }
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        fatal_error("cannot initialise libcurl");
}

static void share_lock(CURL *easy, curl_lock_data data, curl_lock_access access, void *context)
{
    (void)easy;
    (void)access;
    struct http_client *client = context;
    pthread_mutex_lock(&client->share_locks[data]);
}

static void share_unlock(CURL *easy, curl_lock_data data, void *context)
{
    (void)easy;
    struct http_client *client = context;
    pthread_mutex_unlock(&client->share_locks[data]);
}

static CURLSH *share_new(struct http_client *client)
{
    CURLSH *share = curl_share_init();
    if (!share)
        fatal_error("out of memory");
    curl_share_setopt(share, CURLSHOPT_LOCKFUNC, share_lock);
    curl_share_setopt(share, CURLSHOPT_UNLOCKFUNC, share_unlock);
    curl_share_setopt(share, CURLSHOPT_USERDATA, client);
    curl_share_setopt(share, CURLSHOPT_SHARE, CURL_LOCK_DATA_DNS);
    curl_share_setopt(share, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
    return share;
}

/* The trust store, parsed once for all connections; NULL and err. */
static X509_STORE *client_trust(struct http_client *client, struct error *err)
{
    pthread_mutex_lock(&client->mutex);
    if (!client->trust)
        client->trust = trust_store_load(client->ca_file, client->ca_data, err);
    X509_STORE *trust = client->trust;
    pthread_mutex_unlock(&client->mutex);
    return trust;
}

/* --- slots ----------------------------------------------------------------------------------- */

static uint64_t origin_hash(const char *origin)
{
    uint64_t hash = 0xcbf29ce484222325u; /* FNV-1a */
    for (; *origin; origin++)
        hash = (hash ^ (unsigned char)*origin) * 0x100000001b3u;
    return hash ? hash : 1;
}

static bool slot_knows(const struct slot *slot, uint64_t origin)
{
    for (size_t i = 0; i < SLOT_ORIGINS; i++)
        if (slot->origins[i] == origin)
            return true;
    return false;
}

static void slot_remember(struct slot *slot, uint64_t origin)
{
    size_t at = 0;
    while (at < SLOT_ORIGINS - 1 && slot->origins[at] != origin)
        at++;
    memmove(slot->origins + 1, slot->origins, at * sizeof(slot->origins[0]));
    slot->origins[0] = origin;
}

static struct slot *slot_new(CURLSH *share)
{
    struct slot *slot = mem_calloc(1, sizeof(*slot));
    slot->multi = curl_multi_init();
    slot->easy = curl_easy_init();
    if (!slot->multi || !slot->easy)
        fatal_error("out of memory");
    curl_multi_setopt(slot->multi, CURLMOPT_MAXCONNECTS, (long)SLOT_ORIGINS);
    curl_easy_setopt(slot->easy, CURLOPT_SHARE, share);
    return slot;
}

/* An idle slot that talked to the origin lately, else the one unused for the longest time, else a
 * new one. */
static struct slot *slot_take(struct http_client *client, uint64_t origin)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, global_start);
    pthread_mutex_lock(&client->mutex);
    if (!client->share)
        client->share = share_new(client);
    struct slot **choice = NULL;
    for (struct slot **at = &client->idle; *at; at = &(*at)->next) {
        choice = at;
        if (slot_knows(*at, origin))
            break;
    }
    struct slot *slot = NULL;
    if (choice) {
        slot = *choice;
        *choice = slot->next;
    }
    CURLSH *share = client->share;
    pthread_mutex_unlock(&client->mutex);
    if (!slot)
        slot = slot_new(share);
    slot_remember(slot, origin);
    return slot;
}

static void slot_give_back(struct http_client *client, struct slot *slot)
{
    curl_easy_reset(slot->easy);
    pthread_mutex_lock(&client->mutex);
    slot->next = client->idle;
    client->idle = slot;
    pthread_mutex_unlock(&client->mutex);
}

/* --- one transfer ---------------------------------------------------------------------------- */

struct transfer {
    struct http_client *client;
    const struct http_request *request;
    struct http_response *response;
    struct slot *slot;
    struct error *trust_error;
    struct curl_slist *headers;
    const char *origin;
    size_t limit;
    int64_t last_activity;
    bool too_large, stopped;
};

static size_t on_body(char *data, size_t size, size_t count, void *context)
{
    struct transfer *transfer = context;
    struct http_response *response = transfer->response;
    size_t length = size * count;
    transfer->last_activity = clock_monotonic_ms();
    if (transfer->request->on_body && response->status / 100 == 2) {
        transfer->stopped =
            !transfer->request->on_body(transfer->request->on_body_context, data, length);
        return transfer->stopped ? 0 : length;
    }
    if (length > transfer->limit - response->body.length) {
        transfer->too_large = true;
        return 0;
    }
    str_append_bytes(&response->body, data, length);
    return length;
}

static void add_header(struct http_response *response, struct slice name, struct slice value)
{
    size_t count = response->header_count;
    if ((count & (count - 1)) == 0)
        response->headers =
            mem_realloc(response->headers, count ? count * 2 : 1, sizeof(*response->headers));
    char *lower = mem_strndup(name.ptr, name.length);
    for (char *c = lower; *c; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c - 'A' + 'a');
    response->headers[count].name = lower;
    response->headers[count].value = mem_strndup(value.ptr, value.length);
    response->header_count++;
}

/* Each status line starts over: an interim (1xx) response may come first. */
static size_t on_header(char *data, size_t size, size_t count, void *context)
{
    struct transfer *transfer = context;
    struct http_response *response = transfer->response;
    struct slice line = {data, size * count}, name;
    transfer->last_activity = clock_monotonic_ms();
    if (slice_starts_with(line, "HTTP/")) {
        http_response_free(response);
        const char *blank = memchr(line.ptr, ' ', line.length);
        response->status = blank ? (int)strtol(blank + 1, NULL, 10) : 0;
        return line.length;
    }
    if (response->header_count == HTTP_HEADER_LIMIT || line.length > HEADER_LINE_LIMIT) {
        transfer->too_large = true;
        return 0;
    }
    bool found;
    struct slice value = slice_cut(line, ':', &name, &found);
    if (found)
        add_header(response, slice_trim(name), slice_trim(value));
    return line.length;
}

static CURLcode on_tls_context(CURL *easy, void *tls_context, void *context)
{
    (void)easy;
    struct transfer *transfer = context;
    X509_STORE *trust = client_trust(transfer->client, transfer->trust_error);
    if (!trust)
        return CURLE_SSL_CACERT_BADFILE;
    SSL_CTX_set1_cert_store(tls_context, trust);
    return CURLE_OK;
}

static void set_tls(struct transfer *transfer, CURL *easy)
{
    const struct http_client *client = transfer->client;
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(easy, CURLOPT_CAINFO, NULL);
    curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
    curl_easy_setopt(easy, CURLOPT_CA_CACHE_TIMEOUT, 0L);
    if (client->insecure) {
        curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L);
        curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L);
    } else {
        curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, on_tls_context);
        curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, transfer);
    }
    if (client->cert_data && client->key_data) {
        struct curl_blob cert = {client->cert_data, strlen(client->cert_data), CURL_BLOB_COPY};
        struct curl_blob key = {client->key_data, strlen(client->key_data), CURL_BLOB_NOCOPY};
        curl_easy_setopt(easy, CURLOPT_SSLCERT_BLOB, &cert);
        curl_easy_setopt(easy, CURLOPT_SSLKEY_BLOB, &key);
    } else if (client->cert_file) {
        curl_easy_setopt(easy, CURLOPT_SSLCERT, client->cert_file);
        curl_easy_setopt(easy, CURLOPT_SSLKEY,
                         client->key_file ? client->key_file : client->cert_file);
    }
}

static bool method_is(const struct http_request *request, const char *method)
{
    return strcmp(request->method, method) == 0;
}

static void set_method(const struct http_request *request, CURL *easy)
{
    bool plain = method_is(request, "GET") || method_is(request, "HEAD") ||
                 method_is(request, "DELETE") || method_is(request, "OPTIONS");
    if (request->body || !plain) {
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body_length);
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request->body ? request->body : "");
    } else if (method_is(request, "HEAD")) {
        curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
    }
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request->method);
}

/* They may carry tokens. */
static void release_headers(struct transfer *transfer)
{
    for (struct curl_slist *line = transfer->headers; line; line = line->next)
        OPENSSL_cleanse(line->data, strlen(line->data));
    curl_slist_free_all(transfer->headers);
}

static void append_line(struct transfer *transfer, const char *line)
{
    struct curl_slist *grown = curl_slist_append(transfer->headers, line);
    if (!grown)
        fatal_error("out of memory");
    transfer->headers = grown;
}

static void set_headers(struct transfer *transfer, CURL *easy)
{
    const struct http_request *request = transfer->request;
    SECRET_STR_AUTO line = STR_INIT;
    bool has_type = false;
    for (size_t i = 0; i < request->header_count; i++) {
        const struct http_header *header = &request->headers[i];
        has_type |= strcasecmp(header->name, "content-type") == 0;
        str_clear(&line);
        /* libcurl drops a header that ends in ":" and sends an empty one for ";". */
        if (text_empty(header->value))
            str_printf(&line, "%s;", header->name);
        else
            str_printf(&line, "%s: %s", header->name, header->value);
        append_line(transfer, str_text(&line));
    }
    if (!has_type)
        append_line(transfer, "Content-Type:");
    append_line(transfer, "Expect:");
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, transfer->headers);
}

static void set_options(struct transfer *transfer, const struct url *url)
{
    const struct http_client *client = transfer->client;
    CURL *easy = transfer->slot->easy;
    transfer->slot->detail[0] = '\0';
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer->slot->detail);
    curl_easy_setopt(easy, CURLOPT_URL, transfer->request->url);
    curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(easy, CURLOPT_MAXAGE_CONN, (long)HTTP_IDLE_CONNECTION_S);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)client->connect_timeout_ms);
    curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, client->user_agent);
    if (client->proxy)
        curl_easy_setopt(easy, CURLOPT_PROXY, client->proxy);
    else if (client->no_proxy || url_host_is_loopback(url->host))
        curl_easy_setopt(easy, CURLOPT_PROXY, "");
    if (client->connect_to)
        curl_easy_setopt(easy, CURLOPT_CONNECT_TO, client->connect_to);
    if (transfer->request->send_once)
        curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, transfer);
    set_method(transfer->request, easy);
    set_headers(transfer, easy);
    set_tls(transfer, easy);
}

/* Milliseconds until the nearest of our own limits, at most POLL_LIMIT_MS; 0 when one has passed. */
static int time_left(const struct transfer *transfer)
{
    const struct http_request *request = transfer->request;
    int64_t now = clock_monotonic_ms(), left = POLL_LIMIT_MS;
    if (request->deadline_ms && request->deadline_ms - now < left)
        left = request->deadline_ms - now;
    if (request->idle_timeout_ms) {
        int64_t idle = transfer->last_activity + request->idle_timeout_ms - now;
        if (idle < left)
            left = idle;
    }
    return left > 0 ? (int)left : 0;
}

enum end { END_DONE, END_CANCELLED, END_TIMEOUT };

static enum end drive(struct transfer *transfer)
{
    struct cancel *cancel = transfer->request->cancel;
    struct curl_waitfd wake = {cancel_descriptor(cancel), CURL_WAIT_POLLIN, 0};
    unsigned wakes = wake.fd >= 0 ? 1 : 0;
    CURLM *multi = transfer->slot->multi;
    for (;;) {
        int running = 0;
        if (cancel_raised(cancel))
            return END_CANCELLED;
        if (curl_multi_perform(multi, &running) != CURLM_OK)
            fatal_error("libcurl is used wrongly");
        if (!running)
            return END_DONE;
        int left = time_left(transfer);
        if (left == 0)
            return END_TIMEOUT;
        curl_multi_poll(multi, &wake, wakes, left, NULL);
    }
}

static CURLcode transfer_result(CURLM *multi)
{
    int queued;
    const CURLMsg *message = curl_multi_info_read(multi, &queued);
    return message && message->msg == CURLMSG_DONE ? message->data.result : CURLE_GOT_NOTHING;
}

static const char *trusted_by(const struct http_client *client)
{
    if (client->ca_file)
        return client->ca_file;
    const char *bundle = client->ca_data ? "the CA data that was given" : trust_system_bundle();
    return bundle ? bundle : "none";
}

static bool explain(const struct transfer *transfer, CURLcode code, struct error *err)
{
    const struct http_client *client = transfer->client;
    const char *detail =
        transfer->slot->detail[0] ? transfer->slot->detail : curl_easy_strerror(code);
    switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
        return error_set(err, ERROR_UNAVAILABLE,
                         "cannot reach %s: %s (is the name right, and is there a network?)",
                         transfer->origin, detail);
    case CURLE_COULDNT_RESOLVE_PROXY:
        return error_set(err, ERROR_UNAVAILABLE,
                         "cannot reach %s: %s (the proxy comes from HTTPS_PROXY or http_proxy)",
                         transfer->origin, detail);
    case CURLE_PEER_FAILED_VERIFICATION:
        return error_set(err, ERROR_INVALID, "%s is not trusted: %s (trusted authorities: %s)",
                         transfer->origin, detail, trusted_by(client));
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ENGINE_INITFAILED:
        return error_set(err, ERROR_INVALID, "cannot set up TLS for %s: %s", transfer->origin,
                         detail);
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
        return error_set(err, ERROR_INVALID, "bad URL for %s: %s", transfer->origin, detail);
    default:
        return error_set(err, ERROR_UNAVAILABLE, "cannot reach %s: %s", transfer->origin, detail);
    }
}

static bool judge(struct transfer *transfer, enum end end, struct error *err)
{
    if (end == END_CANCELLED)
        return error_set(err, ERROR_CANCELLED, "request to %s was cancelled", transfer->origin);
    if (end == END_TIMEOUT)
        return error_set(err, ERROR_TIMEOUT, "no answer from %s in time", transfer->origin);
    CURLcode code = transfer_result(transfer->slot->multi);
    if (error_is_set(transfer->trust_error)) {
        error_move(err, transfer->trust_error);
        return error_wrap(err, "cannot set up TLS for %s", transfer->origin);
    }
    if (transfer->too_large)
        return error_set(err, ERROR_INVALID, "the answer of %s is larger than its limit",
                         transfer->origin);
    if (code == CURLE_OK || transfer->stopped)
        return true;
    return explain(transfer, code, err);
}

static void log_transfer(const struct transfer *transfer, int64_t started, const struct error *err)
{
    if (!log_enabled(LOG_LEVEL_DEBUG))
        return;
    STR_AUTO status = STR_INIT;
    STR_AUTO elapsed = STR_INIT;
    str_printf(&status, "%d", transfer->response->status);
    str_printf(&elapsed, "%lld", (long long)(clock_monotonic_ms() - started));
    LOG(LOG_LEVEL_DEBUG, "http", {"method", transfer->request->method},
        {"url", transfer->request->url}, {"status", str_text(&status)},
        {"elapsed_ms", str_text(&elapsed)}, {"error", err->message});
}

static bool run(struct transfer *transfer, const struct url *url, struct error *err)
{
    struct slot *slot = transfer->slot;
    set_options(transfer, url);
    int64_t started = transfer->last_activity = clock_monotonic_ms();
    if (curl_multi_add_handle(slot->multi, slot->easy) != CURLM_OK)
        fatal_error("libcurl is used wrongly");
    bool ok = judge(transfer, drive(transfer), err);
    long sent = 0;
    curl_easy_getinfo(slot->easy, CURLINFO_REQUEST_SIZE, &sent);
    transfer->response->request_sent = sent > 0;
    curl_multi_remove_handle(slot->multi, slot->easy);
    log_transfer(transfer, started, err);
    release_headers(transfer);
    return ok;
}

/* A line break inside a value would start a header of its own. */
static bool headers_are_clean(const struct http_request *request)
{
    for (size_t i = 0; i < request->header_count; i++)
        if (strpbrk(request->headers[i].name, "\r\n: ") ||
            (request->headers[i].value && strpbrk(request->headers[i].value, "\r\n")))
            return false;
    return true;
}

bool http_perform(struct http_client *client, const struct http_request *request,
                  struct http_response *response, struct error *err)
{
    http_response_free(response);
    URL_AUTO(url);
    if (!url_parse(request->url, &url, err))
        return false;
    STR_AUTO origin = STR_INIT;
    url_append_origin(&url, &origin);
    ERROR_AUTO(trust_error);
    struct transfer transfer = {.client = client,
                                .request = request,
                                .response = response,
                                .trust_error = &trust_error,
                                .origin = str_text(&origin)};
    transfer.limit = request->response_limit ? request->response_limit : HTTP_RESPONSE_LIMIT;
    if (!headers_are_clean(request))
        return error_set(err, ERROR_INVALID, "a header for %s holds a line break", transfer.origin);
    if (cancel_raised(request->cancel))
        return error_set(err, ERROR_CANCELLED, "request to %s was cancelled", transfer.origin);
    transfer.slot = slot_take(client, origin_hash(transfer.origin));
    bool ok = run(&transfer, &url, err);
    slot_give_back(client, transfer.slot);
    return ok;
}
