#include "lib/oci/client.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/clock.h"
#include "lib/base/encoding.h"
#include "lib/net/secret.h"
#include "lib/net/url.h"
#include "lib/oci/client_internal.h"

enum { CONSISTENCY_MS = 4 * 60 * 1000 };

static struct http_client *make_http(const struct oci_client_options *options)
{
    const char *ca_file = options->ca_file;
    if (text_empty(ca_file))
        ca_file = oci_environment_exact("custom_cert_location");
    if (text_empty(ca_file))
        ca_file = getenv("OCI_DEFAULT_CERTS_PATH");
    bool insecure =
        options->insecure || text_equal_nocase(oci_environment_exact("accept_local_certs"), "true");
    return http_client_new(&(struct http_options){
        .user_agent = text_empty(options->user_agent) ? "okestra" : options->user_agent,
        .ca_file = ca_file,
        .insecure = insecure});
}

struct oci_client *oci_client_new(const struct oci_client_options *options, struct error *err)
{
    struct oci_endpoints *endpoints = oci_endpoints_new(
        &(struct oci_endpoint_options){.settings = options->endpoints,
                                       .setting_count = options->endpoint_count,
                                       .client_host_overrides = options->client_host_overrides,
                                       .domain_name_override = options->domain_name_override},
        err);
    if (!endpoints)
        return NULL;
    struct oci_settings *settings = oci_settings_resolve(&options->settings, err);
    if (!settings) {
        oci_endpoints_free(endpoints);
        return NULL;
    }
    struct oci_client *client = mem_calloc(1, sizeof(*client));
    client->settings = settings;
    client->endpoints = endpoints;
    client->http = make_http(options);
    client->principal = oci_principal_new(settings, client->http);
    client->disable_retries = options->disable_retries;
    client->retry_ms = options->retry_ms;
    client->consistency_ms = options->consistency_ms ? options->consistency_ms : CONSISTENCY_MS;
    client->attempt_timeout_ms =
        options->attempt_timeout_ms ? options->attempt_timeout_ms : OCI_ATTEMPT_TIMEOUT_MS;
    pthread_mutex_init(&client->mutex, NULL);
    return client;
}

void oci_client_free(struct oci_client *client)
{
    if (!client)
        return;
    oci_principal_free(client->principal);
    http_client_free(client->http);
    oci_settings_free(client->settings);
    oci_endpoints_free(client->endpoints);
    if (client->region)
        oci_region_free(client->region);
    free(client->region);
    free(client->home_region);
    free(client->object_namespace);
    pthread_mutex_destroy(&client->mutex);
    free(client);
}

struct oci_principal *oci_client_principal(struct oci_client *client)
{
    return client->principal;
}

const char *oci_client_tenancy(struct oci_client *client, struct error *err)
{
    return oci_principal_tenancy(client->principal, NULL,
                                 clock_monotonic_ms() + OCI_CALL_TIMEOUT_MS, err);
}

const char *oci_client_user(struct oci_client *client)
{
    return oci_principal_user(client->principal);
}

/* Several threads may find it out at the same time; the first answer stays. */
const struct oci_region *oci_client_region(struct oci_client *client, struct error *err)
{
    pthread_mutex_lock(&client->mutex);
    struct oci_region *known = client->region;
    pthread_mutex_unlock(&client->mutex);
    if (known)
        return known;
    struct oci_region found = OCI_REGION_INIT;
    if (!oci_principal_region(client->principal, NULL, clock_monotonic_ms() + OCI_CALL_TIMEOUT_MS,
                              &found, err))
        return NULL;
    pthread_mutex_lock(&client->mutex);
    if (client->region) {
        oci_region_free(&found);
    } else {
        client->region = mem_calloc(1, sizeof(found));
        *client->region = found;
    }
    known = client->region;
    pthread_mutex_unlock(&client->mutex);
    return known;
}

/* --- paths and tokens ------------------------------------------------------------------------ */

static bool is_fit_for_path(const char *text, struct error *err)
{
    if (text_empty(text))
        return error_set(err, ERROR_INVALID, "a part of a request path is empty");
    if (strcmp(text, ".") == 0 || strcmp(text, "..") == 0)
        return error_set(err, ERROR_INVALID, "\"%s\" cannot be part of a request path", text);
    return true;
}

char *oci_path(struct arena *arena, struct error *err, const char *format, ...)
{
    STR_AUTO path = STR_INIT;
    va_list args;
    bool ok = true;
    va_start(args, format);
    for (const char *at = format; ok && *at; at++) {
        if (at[0] != '%' || at[1] != 's') {
            str_append_char(&path, *at);
            continue;
        }
        const char *text = va_arg(args, const char *);
        ok = is_fit_for_path(text, err);
        if (ok)
            url_encode_text(URL_COMPONENT, text, &path);
        at++;
    }
    va_end(args);
    return ok ? str_copy_to(&path, arena) : NULL;
}

const char *oci_retry_token(char *buffer)
{
    static const char alphabet[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    unsigned char raw[32];
    random_bytes(raw, sizeof(raw));
    for (size_t i = 0; i < sizeof(raw); i++)
        buffer[i] = alphabet[raw[i] % (sizeof(alphabet) - 1)];
    buffer[sizeof(raw)] = '\0';
    return buffer;
}

/* --- responses ------------------------------------------------------------------------------- */

void oci_response_free(struct oci_response *response)
{
    json_decref(response->body);
    secret_wipe_str(&response->raw);
    free(response->etag);
    free(response->request_id);
    free(response->work_request_id);
    free(response->next_page);
    for (size_t i = 0; i < response->header_count; i++) {
        free(response->headers[i].name);
        free(response->headers[i].value);
    }
    free(response->headers);
    *response = (struct oci_response)OCI_RESPONSE_INIT;
}

const char *oci_response_header(const struct oci_response *response, const char *name)
{
    for (size_t i = 0; i < response->header_count; i++)
        if (text_equal_nocase(response->headers[i].name, name))
            return response->headers[i].value;
    return NULL;
}
