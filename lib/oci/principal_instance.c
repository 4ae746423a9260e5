/*
 * Instance principals. The metadata service of the compute instance hands out a certificate and its
 * key; the auth service exchanges them for a session token that is bound to a key of our own.
 */
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/clock.h"
#include "lib/base/encoding.h"
#include "lib/base/json.h"
#include "lib/base/log.h"
#include "lib/base/str.h"
#include "lib/net/secret.h"
#include "lib/oci/federation.h"
#include "lib/oci/principal_internal.h"

enum { SESSION_KEY_BITS = 2048, METADATA_TIMEOUT_MS = 30 * 1000, METADATA_CONNECT_MS = 3 * 1000 };

static const char *const metadata_bases[] = {"http://169.254.169.254/opc/v2",
                                             "http://[fd00:c1::a9fe:a9fe]/opc/v2"};

static struct http_client *direct_client(struct oci_principal *principal)
{
    pthread_mutex_lock(&principal->mutex);
    if (!principal->direct)
        principal->direct = http_client_new(
            &(struct http_options){.no_proxy = true, .connect_timeout_ms = METADATA_CONNECT_MS});
    struct http_client *direct = principal->direct;
    pthread_mutex_unlock(&principal->mutex);
    return direct;
}

static bool fetch_from(struct oci_principal *principal, const char *base, const char *path,
                       const struct oci_patience *patience, struct http_response *response,
                       struct error *err)
{
    STR_AUTO url = STR_INIT;
    size_t length = strlen(base);
    while (length && base[length - 1] == '/')
        length--;
    str_append_bytes(&url, base, length);
    str_append(&url, path);
    struct oci_patience shorter = {patience->cancel, clock_monotonic_ms() + METADATA_TIMEOUT_MS};
    if (patience->deadline_ms && patience->deadline_ms < shorter.deadline_ms)
        shorter.deadline_ms = patience->deadline_ms;
    struct oci_federation_request request = {.what = "ask the instance metadata service",
                                             .method = "GET",
                                             .url = str_text(&url),
                                             .bearer = "Oracle"};
    return oci_federation_call(direct_client(principal), &request, &shorter, response, err);
}

/* The answer as a secret: one of them is the private key. */
static char *metadata(struct oci_principal *principal, const char *path,
                      const struct oci_patience *patience, struct error *err)
{
    HTTP_RESPONSE_AUTO(response);
    const char *base = getenv("OCI_METADATA_BASE_URL");
    bool ok = fetch_from(principal, text_empty(base) ? metadata_bases[0] : base, path, patience,
                         &response, err);
    if (!ok && text_empty(base) && err->code == ERROR_UNAVAILABLE && err->http_status == 0) {
        ERROR_AUTO(second);
        ok = fetch_from(principal, metadata_bases[1], path, patience, &response, &second);
        if (ok)
            error_reset(err);
    }
    if (!ok) {
        error_wrap(err, "instance principals work only on an OCI compute instance");
        return NULL;
    }
    char *text = secret_new(str_text(&response.body), response.body.length);
    oci_federation_wipe(&response);
    return text;
}

char *oci_instance_metadata(struct oci_principal *principal, const char *path,
                            const struct oci_patience *patience, struct error *err)
{
    SECRET_AUTO text = metadata(principal, path, patience, err);
    if (!text)
        return NULL;
    struct slice trimmed = slice_trim(slice_from(text));
    return mem_strndup(trimmed.ptr, trimmed.length);
}

/* regionInfo knows the realm; older images have only the region's name or key. */
bool oci_instance_region(struct oci_principal *principal, const struct oci_patience *patience,
                         struct oci_region *region, struct error *err)
{
    ERROR_AUTO(ignored);
    CLEANUP(free_pointer)
    char *info = oci_instance_metadata(principal, "/instance/regionInfo", patience, &ignored);
    if (info && oci_region_from_metadata(info, region, &ignored))
        return true;
    CLEANUP(free_pointer)
    char *name = oci_instance_metadata(principal, "/instance/region", patience, err);
    return name && oci_region_resolve(name, region, err);
}

void oci_auth_origin(const struct oci_region *region, struct str *origin)
{
    const char *given = getenv("OCI_SDK_AUTH_CLIENT_REGION_URL");
    if (text_empty(given)) {
        str_printf(origin, "https://auth.%s.%s", region->name, region->domain);
        return;
    }
    if (!strstr(given, "://"))
        str_append(origin, "https://");
    str_append(origin, given);
    while (origin->length && origin->ptr[origin->length - 1] == '/')
        str_truncate(origin, origin->length - 1);
}

/* --- the certificate ------------------------------------------------------------------------- */

struct leaf {
    char *certificate;  /* PEM */
    char *intermediate; /* PEM */
    struct oci_key *key;
    char *tenancy;
    struct str key_id;
};

static void leaf_free(struct leaf *leaf)
{
    secret_free(leaf->certificate);
    secret_free(leaf->intermediate);
    oci_key_free(leaf->key);
    free(leaf->tenancy);
    str_free(&leaf->key_id);
}

/* The tenancy is in one of the subject's attributes, which have no fixed type. */
static char *tenancy_of(X509 *certificate)
{
    static const char *const prefixes[] = {"opc-tenant:", "opc-identity:"};
    X509_NAME *subject = X509_get_subject_name(certificate);
    for (int i = 0; i < X509_NAME_entry_count(subject); i++) {
        unsigned char *text = NULL;
        const ASN1_STRING *value = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, i));
        if (ASN1_STRING_to_UTF8(&text, value) < 0)
            continue;
        char *tenancy = NULL;
        for (size_t p = 0; p < ARRAY_LENGTH(prefixes) && !tenancy; p++)
            if (text_starts_with((const char *)text, prefixes[p]))
                tenancy = mem_strdup((const char *)text + strlen(prefixes[p]));
        OPENSSL_free(text);
        if (tenancy)
            return tenancy;
    }
    return NULL;
}

static void append_fingerprint(X509 *certificate, struct str *out)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    if (!X509_digest(certificate, EVP_sha256(), digest, &size))
        fatal_error("cannot compute a certificate's digest");
    for (unsigned i = 0; i < size; i++)
        str_printf(out, "%s%02x", i ? ":" : "", digest[i]);
}

static bool read_certificate(struct leaf *leaf, struct error *err)
{
    BIO *bio = BIO_new_mem_buf(leaf->certificate, -1);
    if (!bio)
        fatal_error("out of memory");
    X509 *certificate = PEM_read_bio_X509(bio, NULL, NULL, NULL);
    BIO_free(bio);
    if (!certificate)
        return error_set(err, ERROR_REMOTE,
                         "the metadata service's cert.pem is no PEM certificate");
    leaf->tenancy = tenancy_of(certificate);
    if (leaf->tenancy) {
        str_printf(&leaf->key_id, "%s/fed-x509-sha256/", leaf->tenancy);
        append_fingerprint(certificate, &leaf->key_id);
    }
    X509_free(certificate);
    return leaf->tenancy ||
           error_set(err, ERROR_REMOTE, "the instance's certificate names no tenancy (opc-tenant)");
}

static bool read_leaf(struct oci_principal *principal, const struct oci_patience *patience,
                      struct leaf *leaf, struct error *err)
{
    leaf->certificate = metadata(principal, "/identity/cert.pem", patience, err);
    if (!leaf->certificate || !read_certificate(leaf, err))
        return false;
    leaf->intermediate = metadata(principal, "/identity/intermediate.pem", patience, err);
    if (!leaf->intermediate)
        return false;
    SECRET_AUTO key = metadata(principal, "/identity/key.pem", patience, err);
    if (key)
        leaf->key =
            oci_key_parse(key, secret_length(key), NULL, "the metadata service's key.pem", err);
    return leaf->key != NULL;
}

/* --- the exchange ---------------------------------------------------------------------------- */

static void set_stripped(json_t *object, const char *name, const char *pem)
{
    STR_AUTO text = STR_INIT;
    oci_federation_strip_pem(pem, &text);
    json_set_text(object, name, str_text(&text));
}

static json_t *exchange_body(const struct leaf *leaf, const struct oci_key *session)
{
    json_t *body = json_object();
    STR_AUTO public_key = STR_INIT;
    STR_AUTO intermediate = STR_INIT;
    oci_key_public_pem(session, &public_key);
    oci_federation_strip_pem(leaf->intermediate, &intermediate);
    set_stripped(body, "certificate", leaf->certificate);
    set_stripped(body, "publicKey", str_text(&public_key));
    json_object_set_new(body, "intermediateCertificates",
                        json_pack("[s]", str_text(&intermediate)));
    json_set_text(body, "fingerprintAlgorithm", "SHA256");
    return body;
}

static char *exchange(struct oci_principal *principal, const struct leaf *leaf,
                      const struct oci_key *session, const struct oci_patience *patience,
                      struct error *err)
{
    OCI_REGION_AUTO(region);
    const char *name = principal->settings->region;
    if (name ? !oci_region_resolve(name, &region, err)
             : !oci_instance_region(principal, patience, &region, err))
        return NULL;
    STR_AUTO url = STR_INIT;
    oci_auth_origin(&region, &url);
    str_append(&url, "/v1/x509");
    JSON_AUTO body = exchange_body(leaf, session);
    struct oci_federation_request request = {.what = "exchange the instance's certificate",
                                             .method = "POST",
                                             .url = str_text(&url),
                                             .body = body,
                                             .key_id = str_text(&leaf->key_id),
                                             .key = leaf->key,
                                             .leave_host_unsigned = true};
    HTTP_RESPONSE_AUTO(response);
    if (!oci_federation_call(principal->http, &request, patience, &response, err))
        return NULL;
    char *token = oci_federation_member(&response, "token", err);
    oci_federation_wipe(&response);
    return token;
}

struct oci_credential *oci_instance_credential(struct oci_principal *principal,
                                               const struct oci_patience *patience,
                                               struct error *err)
{
    CLEANUP(leaf_free) struct leaf leaf = {0};
    if (!read_leaf(principal, patience, &leaf, err))
        return NULL;
    struct oci_key *session = oci_key_generate(SESSION_KEY_BITS, err);
    if (!session)
        return NULL;
    SECRET_AUTO token = exchange(principal, &leaf, session, patience, err);
    if (!token) {
        oci_key_free(session);
        return NULL;
    }
    struct oci_credential *credential = oci_credential_for_token(token, session, NULL);
    credential->tenancy = leaf.tenancy;
    leaf.tenancy = NULL;
    return credential;
}

const struct oci_principal_kind oci_principal_instance = {
    .renewable = true, .load = oci_instance_credential, .region = oci_instance_region};
