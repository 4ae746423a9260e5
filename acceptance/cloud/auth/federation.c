/*
 * Where session tokens come from: the instance metadata service, the exchange of an instance's
 * certificate, of resource principal tokens, of a pod's service account token. Each hands out a token
 * that is bound to the caller's session key.
 */
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <string.h>

#include "acceptance/cloud/auth/auth.h"
#include "acceptance/cloud/auth/signature.h"
#include "acceptance/cloud/auth/token.h"
#include "acceptance/cloud/cloud.h"
#include "acceptance/cloud/http/parser.h"
#include "acceptance/cloud/identity/identity.h"
#include "lib/base/clock.h"
#include "lib/base/encoding.h"
#include "lib/base/file.h"
#include "lib/base/json.h"

enum { LEAF_DAYS = 1, FILE_TOKEN_LIFE_MS = 24 * 60 * 60 * 1000, DEEPEST_NESTING = 10 };

#define AUDIENCE_POD "okestra-service-account"

/* The one instance that exists, for instance principals. From the arena. */
static const char *instance_id(struct call *call)
{
    const struct settings *settings = call_settings(call);
    return arena_printf(call->arena, "ocid1.instance.%s.%s.%s", settings->realm, settings->region,
                        strrchr(settings->tenancy, '.') + 1);
}

/* Stolen claims; the token is from the arena. */
static const char *issue(struct call *call, json_t *claims, EVP_PKEY *session)
{
    STR_AUTO token = STR_INIT;
    token_issue(call->cloud->token_key, claims, session, call->now_ms, TOKEN_LIFE_MS, &token);
    json_decref(claims);
    return str_copy_to(&token, call->arena);
}

static json_t *resource_claims(const struct settings *settings, const char *resource)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:s}", "sub", resource, "ptype", "resource",
                     "res_tenant", settings->tenancy, "res_compartment", settings->tenancy,
                     "opc-tenant", settings->tenancy);
}

static bool reply_token(struct call *call, json_t *claims, const char *key_text)
{
    EVP_PKEY *session = public_key_parse(key_text);
    if (!session || EVP_PKEY_base_id(session) != EVP_PKEY_RSA) {
        EVP_PKEY_free(session);
        json_decref(claims);
        return call_invalid(call, "The session's public key is no RSA key in PEM form");
    }
    const char *token = issue(call, claims, session);
    EVP_PKEY_free(session);
    return call_reply(call, 200, json_pack("{s:s}", "token", token));
}

/* --- instance principals ----------------------------------------------------------------------------- */

static X509 *parse_certificate(const char *text)
{
    STR_AUTO der = STR_INIT;
    if (!base64_decode(text, strlen(text), &der))
        return NULL;
    const unsigned char *bytes = (const unsigned char *)str_text(&der);
    return d2i_X509(NULL, &bytes, (long)der.length);
}

static void append_digest(X509 *certificate, const EVP_MD *md, const char *format, struct str *out)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    X509_digest(certificate, md, digest, &size);
    for (unsigned i = 0; i < size; i++) {
        if (i)
            str_append_char(out, ':');
        str_printf(out, format[0] == 'X' ? "%02X" : "%02x", digest[i]);
    }
}

static bool key_id_fits(struct call *call, X509 *certificate, const char *key_id)
{
    const char *tenancy = call_settings(call)->tenancy;
    STR_AUTO sha256 = STR_INIT;
    STR_AUTO sha1 = STR_INIT;
    str_printf(&sha256, "%s/fed-x509-sha256/", tenancy);
    append_digest(certificate, EVP_sha256(), "x", &sha256);
    str_printf(&sha1, "%s/fed-x509/", tenancy);
    append_digest(certificate, EVP_sha1(), "X", &sha1);
    return strcmp(key_id, str_text(&sha256)) == 0 || strcmp(key_id, str_text(&sha1)) == 0;
}

/* NULL, or why the certificate and the request signed with it are not good. */
static const char *check_certificate(struct call *call, X509 *certificate)
{
    struct signature signature;
    X509 *root = authority_certificate(call->cloud->authority);
    if (!certificate || X509_verify(certificate, X509_get0_pubkey(root)) != 1 ||
        X509_cmp_current_time(X509_get0_notAfter(certificate)) < 0)
        return "the certificate is not of this cloud";
    if (!signature_parse(call->request, call->arena, &signature))
        return "there is no signature";
    if (!key_id_fits(call, certificate, signature.key_id))
        return "the keyId is not of the certificate";
    return signature_verify(call->request, &signature, X509_get0_pubkey(certificate),
                            SIGNATURE_HOST_UNSIGNED, call->now_ms, call->arena);
}

static bool exchange_certificate(struct call *call)
{
    X509 *certificate = parse_certificate(call_text(call, "certificate"));
    const char *problem = check_certificate(call, certificate);
    X509_free(certificate);
    if (problem)
        return auth_refuse(call, problem);
    return reply_token(call,
                       json_pack("{s:s, s:s, s:s, s:s}", "sub", instance_id(call), "ptype",
                                 "instance", "opc-tenant", call_settings(call)->tenancy,
                                 "opc-compartment", call_settings(call)->tenancy),
                       call_text(call, "publicKey"));
}

/* --- resource principals ------------------------------------------------------------------------------ */

static bool resource_token(struct call *call)
{
    const struct settings *settings = call_settings(call);
    const char *resource = call->path_values[0];
    int64_t levels = call_query_integer(call, "levels", 0);
    json_t *claims = resource_claims(settings, resource);
    json_t *service = json_pack("{s:s, s:s}", "sub", "service", "opc-tenant", settings->tenancy);
    if (levels > 0)
        call_set_header(call, "opc-parent-rpt-url",
                        arena_printf(call->arena, "%s%s?levels=%lld", settings->url,
                                     call->request->path, (long long)levels - 1));
    return call_reply(call, 200,
                      json_pack("{s:s, s:s}", "resourcePrincipalToken", issue(call, claims, NULL),
                                "servicePrincipalSessionToken", issue(call, service, NULL)));
}

static bool exchange_resource_token(struct call *call)
{
    EVP_PKEY *key = call->cloud->token_key;
    JSON_AUTO resource = token_verify(key, call_text(call, "resourcePrincipalToken"), call->now_ms);
    JSON_AUTO service =
        token_verify(key, call_text(call, "servicePrincipalSessionToken"), call->now_ms);
    const char *subject = json_get_text(resource, "sub");
    if (!subject || !service)
        return auth_refuse(call, "a token of the exchange is not good");
    return reply_token(call, resource_claims(call_settings(call), subject),
                       call_text(call, "sessionPublicKey"));
}

/* --- workload identity ------------------------------------------------------------------------------- */

/* The answer is a JSON text: base64 of {"token": "ST$…"}. */
static bool exchange_pod_token(struct call *call)
{
    static const char scheme[] = "Bearer ";
    const char *bearer = call_header(call, "Authorization");
    JSON_AUTO pod =
        bearer && text_starts_with(bearer, scheme)
            ? token_verify(call->cloud->token_key, bearer + sizeof(scheme) - 1, call->now_ms)
            : NULL;
    if (!text_equal(json_get_text(pod, "aud"), AUDIENCE_POD))
        return auth_refuse(call, "the service account's token is not good");
    json_t *claims = resource_claims(call_settings(call), json_get_text(pod, "sub"));
    json_set_text(claims, "ptype", "workload");
    if (!reply_token(call, claims, call_text(call, "podKey")))
        return false;
    const char *token = json_get_text(call->reply.json, "token");
    JSON_AUTO inner = json_object();
    STR_AUTO plain = STR_INIT;
    STR_AUTO coded = STR_INIT;
    json_set_text(inner, "token", arena_printf(call->arena, "ST$%s", token));
    json_write(inner, false, &plain);
    base64_encode(BASE64_STANDARD, str_text(&plain), plain.length, &coded);
    return call_reply(call, 200, json_string(str_text(&coded)));
}

/* --- instance metadata -------------------------------------------------------------------------------- */

static bool allowed(struct call *call)
{
    return text_equal(call_header(call, "Authorization"), "Bearer Oracle") ||
           auth_refuse(call, "the metadata service wants the header Authorization: Bearer Oracle");
}

static bool reply_text(struct call *call, const char *text)
{
    return allowed(call) && call_reply_bytes(call, 200, "text/plain", text, strlen(text));
}

static bool metadata_region(struct call *call)
{
    return reply_text(call, call_settings(call)->region);
}

static bool metadata_id(struct call *call)
{
    return reply_text(call, instance_id(call));
}

static bool metadata_region_info(struct call *call)
{
    const struct settings *settings = call_settings(call);
    return allowed(call) &&
           call_reply(call, 200,
                      json_pack("{s:s, s:s, s:s, s:s}", "realmKey", settings->realm,
                                "realmDomainComponent", settings->domain, "regionKey",
                                settings->region_key, "regionIdentifier", settings->region));
}

static bool metadata_instance(struct call *call)
{
    const struct settings *settings = call_settings(call);
    return allowed(call) &&
           call_reply(call, 200,
                      json_pack("{s:s, s:s, s:s, s:s, s:s}", "id", instance_id(call),
                                "compartmentId", settings->tenancy, "tenantId", settings->tenancy,
                                "region", settings->region, "canonicalRegionName",
                                settings->region));
}

static EVP_PKEY *instance_key(struct call *call)
{
    ERROR_AUTO(err);
    const char *path = arena_printf(call->arena, "%s/instance.key", store_directory(call->store));
    EVP_PKEY *key = key_file_open(path, "RSA", &err);
    if (!key)
        call_fail(call, 500, "InternalServerError", "%s", error_message(&err));
    return key;
}

static bool reply_bio(struct call *call, BIO *bio)
{
    char *data;
    long length = BIO_get_mem_data(bio, &data);
    call_reply_bytes(call, 200, "text/plain", data, (size_t)length);
    BIO_free(bio);
    return true;
}

static bool metadata_key(struct call *call)
{
    EVP_PKEY *key = allowed(call) ? instance_key(call) : NULL;
    if (!key)
        return false;
    BIO *bio = BIO_new(BIO_s_mem());
    PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL);
    EVP_PKEY_free(key);
    return reply_bio(call, bio);
}

static bool metadata_certificate(struct call *call)
{
    EVP_PKEY *key = allowed(call) ? instance_key(call) : NULL;
    if (!key)
        return false;
    const char *units[] = {
        "opc-certtype:instance", arena_printf(call->arena, "opc-instance:%s", instance_id(call)),
        arena_printf(call->arena, "opc-tenant:%s", call_settings(call)->tenancy), NULL};
    X509 *certificate = authority_issue(
        call->cloud->authority, key,
        &(struct authority_leaf){.common_name = "instance", .units = units, .days = LEAF_DAYS});
    BIO *bio = BIO_new(BIO_s_mem());
    PEM_write_bio_X509(bio, certificate);
    X509_free(certificate);
    EVP_PKEY_free(key);
    return reply_bio(call, bio);
}

static bool metadata_intermediate(struct call *call)
{
    if (!allowed(call))
        return false;
    BIO *bio = BIO_new(BIO_s_mem());
    PEM_write_bio_X509(bio, authority_certificate(call->cloud->authority));
    return reply_bio(call, bio);
}

/* --- tables ------------------------------------------------------------------------------------------- */

static const struct model x509_details = {
    "X509FederationDetails",
    (const struct field[]){{"certificate", FIELD_TEXT, .required = true, .min = 1, .max = 32768},
                           {"publicKey", FIELD_TEXT, .required = true, .min = 1, .max = 16384},
                           {"intermediateCertificates", FIELD_TEXT, .list = true},
                           {"fingerprintAlgorithm", FIELD_TEXT, .one_of = "SHA256|SHA1"},
                           {"purpose", FIELD_TEXT},
                           FIELDS_END}};

static const struct model session_details = {
    "ResourcePrincipalSessionDetails",
    (const struct field[]){
        {"resourcePrincipalToken", FIELD_TEXT, .required = true, .min = 1, .max = TOKEN_LIMIT},
        {"servicePrincipalSessionToken", FIELD_TEXT, .required = true, .min = 1,
         .max = TOKEN_LIMIT},
        {"sessionPublicKey", FIELD_TEXT, .required = true, .min = 1, .max = 16384},
        FIELDS_END}};

static const struct model pod_details = {
    "PodSessionDetails",
    (const struct field[]){{"podKey", FIELD_TEXT, .required = true, .min = 1, .max = 16384},
                           FIELDS_END}};

static const struct query nesting_queries[] = {
    {"levels", FIELD_INTEGER, .min = 0, .max = DEEPEST_NESTING}, QUERIES_END};

const struct service service_auth = {
    .name = "auth",
    .hosts = "auth",
    .base_path = "",
    .operations = (const struct operation[]){
        {"CreateX509Token", "POST", "/v1/x509", exchange_certificate, .body = &x509_details,
         .flags = OPERATION_PUBLIC},
        {"GetResourcePrincipalToken", "GET", "/20180711/resourcePrincipalToken/{id}",
         resource_token, .queries = nesting_queries},
        {"CreateResourcePrincipalSessionToken", "POST", "/v1/resourcePrincipalSessionToken",
         exchange_resource_token, .body = &session_details},
        {"CreateWorkloadSessionToken", "POST", "/resourcePrincipalSessionTokens",
         exchange_pod_token, .body = &pod_details, .flags = OPERATION_PUBLIC},
        {NULL}}};

const struct service service_metadata = {
    .name = "auth",
    .hosts = "169.254.169.254",
    .base_path = "/opc/v2",
    .operations = (const struct operation[]){
        {"GetInstance", "GET", "/instance/", metadata_instance, .flags = OPERATION_PUBLIC},
        {"GetInstanceId", "GET", "/instance/id", metadata_id, .flags = OPERATION_PUBLIC},
        {"GetInstanceRegion", "GET", "/instance/region", metadata_region,
         .flags = OPERATION_PUBLIC},
        {"GetInstanceRegionInfo", "GET", "/instance/regionInfo", metadata_region_info,
         .flags = OPERATION_PUBLIC},
        {"GetInstanceCertificate", "GET", "/identity/cert.pem", metadata_certificate,
         .flags = OPERATION_PUBLIC},
        {"GetInstanceKey", "GET", "/identity/key.pem", metadata_key, .flags = OPERATION_PUBLIC},
        {"GetInstanceIntermediate", "GET", "/identity/intermediate.pem", metadata_intermediate,
         .flags = OPERATION_PUBLIC},
        {NULL}}};

/* --- files -------------------------------------------------------------------------------------------- */

/* DIRECTORY/NAME.token, bound to the session key if there is one. Steals the claims. */
static bool write_token(struct cloud *cloud, const char *name, json_t *claims, EVP_PKEY *session,
                        struct error *err)
{
    STR_AUTO path = STR_INIT;
    STR_AUTO token = STR_INIT;
    str_printf(&path, "%s/%s.token", store_directory(cloud->store), name);
    token_issue(cloud->token_key, claims, session, clock_wall_ms(), FILE_TOKEN_LIFE_MS, &token);
    json_decref(claims);
    return file_write_atomic(str_text(&path), token.ptr, token.length, 0600, err);
}

bool auth_publish(struct cloud *cloud, struct error *err)
{
    const struct settings *settings = &cloud->settings;
    json_t *user = json_pack("{s:s, s:s, s:s}", "sub", settings->user, "ptype", "user",
                             "opc-tenant", settings->tenancy);
    json_t *pod = json_pack("{s:s, s:s}", "sub", "system:serviceaccount:default:default", "aud",
                            AUDIENCE_POD);
    json_t *resource = resource_claims(settings, "ocid1.fnfunc.oc1..local");
    STR_AUTO path = STR_INIT;
    str_printf(&path, "%s/session.key", store_directory(cloud->store));
    EVP_PKEY *session = key_file_open(str_text(&path), "RSA", err);
    bool ok = session && write_token(cloud, "session", json_incref(user), session, err) &&
              write_token(cloud, "resource-principal", json_incref(resource), session, err) &&
              write_token(cloud, "service-account", json_incref(pod), NULL, err);
    EVP_PKEY_free(session);
    json_decref(user);
    json_decref(resource);
    json_decref(pod);
    return ok;
}
