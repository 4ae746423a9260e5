#include "lib/oci/oke_token.h"

#include <string.h>

#include "lib/base/clock.h"
#include "lib/base/encoding.h"
#include "lib/net/secret.h"
#include "lib/net/url.h"
#include "lib/oci/client_internal.h"
#include "lib/oci/ocid.h"
#include "lib/oci/signer.h"

static void append_target(const char *cluster_id, struct str *out)
{
    str_append(out, "/cluster_request/");
    url_encode_text(URL_COMPONENT, cluster_id, out);
}

static void append_parameter(struct str *url, const char *separator_and_name, const char *value)
{
    str_append(url, separator_and_name);
    url_encode_text(URL_FORM, value, url);
}

void oci_oke_token_assemble(const char *host, const char *cluster_id, const char *authorization,
                            const char *date, const char *obo_token, struct str *token)
{
    SECRET_STR_AUTO url = STR_INIT;
    /* Percent-encoding at most triples; what follows is a few hundred bytes. */
    str_reserve(&url, 1024 + 3 * (strlen(authorization) + (obo_token ? strlen(obo_token) : 0)));
    str_printf(&url, "https://%s", host);
    append_target(cluster_id, &url);
    append_parameter(&url, "?authorization=", authorization);
    append_parameter(&url, "&date=", date);
    if (obo_token)
        append_parameter(&url, "&opc-obo-token=", obo_token);
    str_reserve(token, url.length * 4 / 3 + 8);
    base64_encode(BASE64_URL, str_text(&url), url.length, token);
}

static bool host_of(struct oci_client *client, const char *region, struct str *host,
                    struct error *err)
{
    OCI_REGION_AUTO(other);
    if (region && !oci_region_resolve(region, &other, err))
        return false;
    const struct oci_region *chosen = region ? &other : oci_client_region(client, err);
    if (!chosen)
        return false;
    /* Not the API's own host: no ".oci." here, and the CLI writes this domain in every realm. Nothing
     * is sent there; OKE replays the signature. */
    str_printf(host, "containerengine.%s.oraclecloud.com", chosen->name);
    return true;
}

static bool sign(const struct oci_credential *credential, const char *host, const char *cluster_id,
                 const char *date, struct str *authorization, struct error *err)
{
    STR_AUTO target = STR_INIT;
    append_target(cluster_id, &target);
    struct oci_sign_input input = {
        .method = "get", .target = str_text(&target), .host = host, .date = date};
    return oci_sign(&input, oci_credential_key_id(credential), oci_credential_key(credential),
                    authorization, err);
}

bool oci_oke_token(struct oci_client *client, const char *cluster_id, const char *region,
                   struct cancel *cancel, struct str *token, int64_t *expires_wall_ms,
                   struct error *err)
{
    STR_AUTO host = STR_INIT;
    if (!ocid_is_a(cluster_id, "cluster"))
        return error_set(err, ERROR_INVALID, "\"%.100s\" is not the OCID of a cluster",
                         cluster_id ? cluster_id : "");
    OCI_CREDENTIAL_AUTO credential = oci_principal_credential(
        oci_client_principal(client), cancel, clock_monotonic_ms() + OCI_CALL_TIMEOUT_MS, err);
    if (!credential || !host_of(client, region, &host, err))
        return error_wrap(err, "make a token for cluster %s", cluster_id);
    char date[CLOCK_HTTP_SIZE];
    int64_t now = clock_wall_ms();
    clock_format_http(now, date);
    SECRET_STR_AUTO authorization = STR_INIT;
    str_reserve(&authorization, 4096);
    if (!sign(credential, str_text(&host), cluster_id, date, &authorization, err))
        return error_wrap(err, "make a token for cluster %s", cluster_id);
    oci_oke_token_assemble(str_text(&host), cluster_id, str_text(&authorization), date,
                           oci_credential_obo_token(credential), token);
    if (expires_wall_ms)
        *expires_wall_ms = now + OCI_OKE_TOKEN_LIFETIME_MS;
    return true;
}
