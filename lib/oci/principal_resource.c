/*
 * Resource principals: of functions and the like (2.2: token and key are given), of instances that
 * act for a resource (1.1: two exchanges), and nested ones (3.0: a leaf that acts for its parents).
 */
#include <stdlib.h>
#include <string.h>

#include "lib/base/json.h"
#include "lib/base/str.h"
#include "lib/net/secret.h"
#include "lib/net/url.h"
#include "lib/oci/federation.h"
#include "lib/oci/principal_internal.h"

#define PREFIX "OCI_RESOURCE_PRINCIPAL_"
#define LEAF   "_FOR_LEAF_RESOURCE"
#define PARENT "_FOR_PARENT_RESOURCE"

enum { SESSION_KEY_BITS = 2048, DEEPEST_NESTING = 10 };

/* The variables of one level: 3.0 has the same as 1.1 and 2.2, with a suffix. */
static const struct variables {
    const char *version, *token, *key, *passphrase, *region;
    const char *rpt_endpoint, *rpt_path, *rpt_id, *rpst_endpoint;
} plain = {PREFIX "VERSION",      PREFIX "RPST",
           PREFIX "PRIVATE_PEM",  PREFIX "PRIVATE_PEM_PASSPHRASE",
           PREFIX "REGION",       PREFIX "RPT_ENDPOINT",
           PREFIX "RPT_PATH",     PREFIX "RPT_ID",
           PREFIX "RPST_ENDPOINT"},
  leaf = {PREFIX "VERSION" LEAF,      PREFIX "RPST" LEAF,
          PREFIX "PRIVATE_PEM" LEAF,  PREFIX "PRIVATE_PEM_PASSPHRASE" LEAF,
          PREFIX "REGION" LEAF,       PREFIX "RPT_ENDPOINT" LEAF,
          PREFIX "RPT_PATH" LEAF,     PREFIX "RESOURCE_ID" LEAF,
          PREFIX "RPST_ENDPOINT" LEAF};

static const char *variable(const char *name)
{
    const char *value = getenv(name);
    return text_empty(value) ? NULL : value;
}

static const char *require(const char *name, struct error *err)
{
    const char *value = variable(name);
    if (!value)
        error_set(err, ERROR_INVALID, "%s is not set", name);
    return value;
}

static bool is_nested(void)
{
    return text_equal(variable(plain.version), "3.0");
}

static bool resource_region(struct oci_principal *principal, const struct oci_patience *patience,
                            struct oci_region *region, struct error *err)
{
    const struct variables *variables = is_nested() ? &leaf : &plain;
    const char *text = variable(variables->region);
    if (text)
        return oci_region_resolve(text, region, err);
    if (text_equal(variable(variables->version), "1.1"))
        return oci_instance_region(principal, patience, region, err);
    return error_set(err, ERROR_INVALID, "no region is set, and %s is not set", variables->region);
}

/* --- 2.2 ------------------------------------------------------------------------------------- */

/* An absolute path is read, anything else is the value itself. */
static char *value_or_file(const char *text, struct error *err)
{
    if (text[0] != '/')
        return secret_copy(text);
    SECRET_AUTO content = secret_read_file(text, err);
    if (!content)
        return NULL;
    struct slice trimmed = slice_trim(slice_from(content));
    return secret_new(trimmed.ptr, trimmed.length);
}

static struct oci_key *given_key(const struct variables *variables, struct error *err)
{
    const char *key = require(variables->key, err);
    const char *passphrase = variable(variables->passphrase);
    if (!key)
        return NULL;
    if (passphrase && (key[0] == '/') != (passphrase[0] == '/')) {
        error_set(err, ERROR_INVALID, "%s and %s must both be paths or both be values",
                  variables->key, variables->passphrase);
        return NULL;
    }
    SECRET_AUTO pem = value_or_file(key, err);
    SECRET_AUTO password = pem && passphrase ? value_or_file(passphrase, err) : NULL;
    if (!pem || (passphrase && !password))
        return NULL;
    return oci_key_parse(pem, secret_length(pem), password, key[0] == '/' ? key : variables->key,
                         err);
}

static struct oci_credential *load_given(const struct variables *variables, struct error *err)
{
    const char *token = require(variables->token, err);
    SECRET_AUTO text = token ? value_or_file(token, err) : NULL;
    struct oci_key *key = text ? given_key(variables, err) : NULL;
    return key ? oci_credential_for_token(text, key, "res_tenant") : NULL;
}

/* --- 1.1 and 3.0: exchanges ------------------------------------------------------------------ */

struct exchange {
    struct oci_principal *principal;
    const struct oci_patience *patience;
    const struct oci_key *session; /* the key that the new token is bound to */
    const char *rpst_origin;
};

/* "{id}" in the path stands for the resource's OCID. */
static void append_path(const char *path, const char *id, struct str *url)
{
    const char *mark = strstr(path, "{id}");
    if (!mark) {
        str_append(url, path);
        return;
    }
    str_append_bytes(url, path, (size_t)(mark - path));
    url_encode_text(URL_COMPONENT, id, url);
    str_append(url, mark + 4);
}

static char *session_token(const struct exchange *exchange, const struct oci_credential *credential,
                           const char *resource_token, const char *service_token, struct error *err)
{
    STR_AUTO url = STR_INIT;
    STR_AUTO pem = STR_INIT;
    STR_AUTO public_key = STR_INIT;
    str_printf(&url, "%s/v1/resourcePrincipalSessionToken", exchange->rpst_origin);
    oci_key_public_pem(exchange->session, &pem);
    oci_federation_strip_pem(str_text(&pem), &public_key);
    JSON_AUTO body = json_pack("{s:s, s:s, s:s}", "resourcePrincipalToken", resource_token,
                               "servicePrincipalSessionToken", service_token, "sessionPublicKey",
                               str_text(&public_key));
    struct oci_federation_request request = {.what = "exchange the resource principal token",
                                             .method = "POST",
                                             .url = str_text(&url),
                                             .body = body,
                                             .key_id = credential->key_id,
                                             .key = credential->key};
    HTTP_RESPONSE_AUTO(response);
    if (!oci_federation_call(exchange->principal->http, &request, exchange->patience, &response,
                             err))
        return NULL;
    char *token = oci_federation_member(&response, "token", err);
    oci_federation_wipe(&response);
    return token;
}

/* Asks the resource's service for its tokens and the auth service for a session token. *parent (may
 * be NULL) is the URL of the next level, if any; caller frees. */
static char *climb(const struct exchange *exchange, const struct oci_credential *credential,
                   const char *url, char **parent, struct error *err)
{
    struct oci_federation_request request = {.what = "ask for the resource principal token",
                                             .method = "GET",
                                             .url = url,
                                             .key_id = credential->key_id,
                                             .key = credential->key};
    HTTP_RESPONSE_AUTO(response);
    if (!oci_federation_call(exchange->principal->http, &request, exchange->patience, &response,
                             err))
        return NULL;
    const char *next = http_response_header(&response, "opc-parent-rpt-url");
    if (parent && !text_empty(next))
        *parent = mem_strdup(next);
    SECRET_AUTO resource = oci_federation_member(&response, "resourcePrincipalToken", err);
    SECRET_AUTO service =
        resource ? oci_federation_member(&response, "servicePrincipalSessionToken", err) : NULL;
    oci_federation_wipe(&response);
    return service ? session_token(exchange, credential, resource, service, err) : NULL;
}

static bool rpst_origin(struct oci_principal *principal, const char *given,
                        const struct oci_patience *patience, struct str *origin, struct error *err)
{
    if (given) {
        URL_AUTO(url);
        if (!url_parse(given, &url, err))
            return false;
        url_append_origin(&url, origin);
        return true;
    }
    OCI_REGION_AUTO(region);
    if (!oci_principal_region(principal, patience->cancel, patience->deadline_ms, &region, err))
        return false;
    oci_auth_origin(&region, origin);
    return true;
}

static bool resource_url(struct oci_principal *principal, const struct variables *variables,
                         const struct oci_patience *patience, struct str *url, struct error *err)
{
    const char *endpoint = require(variables->rpt_endpoint, err);
    const char *path = variable(variables->rpt_path), *id = variable(variables->rpt_id);
    if (!endpoint)
        return false;
    CLEANUP(free_pointer)
    char *instance = id ? NULL : oci_instance_metadata(principal, "/instance/id", patience, err);
    if (!id && !instance)
        return false;
    str_append(url, endpoint);
    append_path(path ? path : "/20180711/resourcePrincipalToken/{id}", id ? id : instance, url);
    return true;
}

/* Takes the session key; tenancy is copied. */
static struct oci_credential *with_tenancy(const char *token, struct oci_key *session,
                                           const char *tenancy)
{
    struct oci_credential *credential = oci_credential_for_token(token, session, "res_tenant");
    if (!credential->tenancy && tenancy)
        credential->tenancy = mem_strdup(tenancy);
    return credential;
}

static struct oci_credential *load_for_instance(struct oci_principal *principal,
                                                const struct variables *variables,
                                                const struct oci_patience *patience,
                                                struct error *err)
{
    STR_AUTO url = STR_INIT;
    STR_AUTO origin = STR_INIT;
    if (!resource_url(principal, variables, patience, &url, err) ||
        !rpst_origin(principal, variable(variables->rpst_endpoint), patience, &origin, err))
        return NULL;
    OCI_CREDENTIAL_AUTO instance = oci_instance_credential(principal, patience, err);
    struct oci_key *session = instance ? oci_key_generate(SESSION_KEY_BITS, err) : NULL;
    if (!session)
        return NULL;
    struct exchange exchange = {principal, patience, session, str_text(&origin)};
    SECRET_AUTO token = climb(&exchange, instance, str_text(&url), NULL, err);
    if (token)
        return with_tenancy(token, session, instance->tenancy);
    oci_key_free(session);
    return NULL;
}

static struct oci_credential *load_level(struct oci_principal *principal,
                                         const struct variables *variables,
                                         const struct oci_patience *patience, struct error *err)
{
    const char *version = require(variables->version, err);
    if (!version)
        return NULL;
    if (strcmp(version, "2.2") == 0)
        return load_given(variables, err);
    if (strcmp(version, "1.1") == 0)
        return load_for_instance(principal, variables, patience, err);
    error_set(err, ERROR_INVALID, "%s is \"%.20s\"; 1.1 and 2.2 are known%s", variables->version,
              version, variables == &plain ? ", and 3.0" : "");
    return NULL;
}

/* From the leaf upwards: each level's token signs the question for the next. */
static char *climb_all(const struct exchange *exchange, const struct oci_credential *credential,
                       const char *first, struct error *err)
{
    CLEANUP(free_pointer) char *url = mem_strdup(first);
    SECRET_AUTO token = NULL;
    for (int depth = 1;; depth++) {
        char *parent = NULL;
        struct oci_credential signer = *credential;
        SECRET_STR_AUTO key_id = STR_INIT;
        if (token) {
            str_printf(&key_id, "ST$%s", token);
            signer.key_id = key_id.ptr;
            signer.key = (struct oci_key *)(uintptr_t)exchange->session;
        }
        char *next = climb(exchange, &signer, url, &parent, err);
        bool last = !next || !parent || depth == DEEPEST_NESTING || text_equal_nocase(parent, url);
        if (last) {
            free(parent);
            return next;
        }
        secret_free(token);
        token = next;
        free(url);
        url = parent;
    }
}

static struct oci_credential *load_nested(struct oci_principal *principal,
                                          const struct oci_patience *patience, struct error *err)
{
    STR_AUTO origin = STR_INIT;
    const char *url = require(PREFIX "RPT_URL" PARENT, err);
    if (!url ||
        !rpst_origin(principal, variable(PREFIX "RPST_ENDPOINT" PARENT), patience, &origin, err))
        return NULL;
    OCI_CREDENTIAL_AUTO base = load_level(principal, &leaf, patience, err);
    struct oci_key *session = base ? oci_key_generate(SESSION_KEY_BITS, err) : NULL;
    if (!session)
        return NULL;
    struct exchange exchange = {principal, patience, session, str_text(&origin)};
    SECRET_AUTO token = climb_all(&exchange, base, url, err);
    if (token)
        return with_tenancy(token, session, base->tenancy);
    oci_key_free(session);
    return NULL;
}

static struct oci_credential *load_resource(struct oci_principal *principal,
                                            const struct oci_patience *patience, struct error *err)
{
    return is_nested() ? load_nested(principal, patience, err)
                       : load_level(principal, &plain, patience, err);
}

const struct oci_principal_kind oci_principal_resource = {
    .renewable = true, .load = load_resource, .region = resource_region};
