#include "lib/oci/principal.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/base/clock.h"
#include "lib/base/json.h"
#include "lib/base/log.h"
#include "lib/base/str.h"
#include "lib/net/secret.h"
#include "lib/oci/jwt.h"
#include "lib/oci/principal_internal.h"

enum {
    WAIT_SLICE_MS = 100,           /* how often a waiting thread looks at its cancel flag */
    QUIET_AFTER_FAILURE_MS = 10000 /* while the old token is still good */
};

static const struct oci_principal_kind *const kinds[] = {
    [OCI_AUTH_API_KEY] = &oci_principal_api_key,
    [OCI_AUTH_SECURITY_TOKEN] = &oci_principal_security_token,
    [OCI_AUTH_INSTANCE_PRINCIPAL] = &oci_principal_instance,
    [OCI_AUTH_RESOURCE_PRINCIPAL] = &oci_principal_resource,
    [OCI_AUTH_OKE_WORKLOAD_IDENTITY] = &oci_principal_workload,
};

/* --- credentials ----------------------------------------------------------------------------- */

struct oci_credential *oci_credential_new(const char *key_id, struct oci_key *key)
{
    struct oci_credential *credential = mem_calloc(1, sizeof(*credential));
    atomic_init(&credential->references, 1);
    credential->key = key;
    credential->key_id = secret_copy(key_id);
    return credential;
}

/* Renewal is due after nine tenths of what is left of the token's life, but not later than five
 * minutes before its end when it lives longer than that. */
static void plan_renewal(struct oci_credential *credential, int64_t expire_wall_ms)
{
    enum { EARLY_MS = 5 * 60 * 1000 };
    int64_t now = clock_wall_ms(), left = expire_wall_ms - now;
    credential->expire_wall_ms = expire_wall_ms;
    credential->renew_wall_ms =
        left > 10 * EARLY_MS ? expire_wall_ms - EARLY_MS : now + left / 10 * 9;
}

struct oci_credential *oci_credential_for_token(const char *token, struct oci_key *key,
                                                const char *tenancy_claim)
{
    SECRET_STR_AUTO key_id = STR_INIT;
    str_reserve(&key_id, strlen(token) + 4);
    str_printf(&key_id, "ST$%s", token);
    struct oci_credential *credential = oci_credential_new(str_text(&key_id), key);
    JSON_AUTO claims = jwt_claims(token);
    int64_t expiry = jwt_expiry_ms(claims);
    if (expiry)
        plan_renewal(credential, expiry);
    const char *tenancy = tenancy_claim ? json_get_text(claims, tenancy_claim) : NULL;
    credential->tenancy = tenancy ? mem_strdup(tenancy) : NULL;
    return credential;
}

const char *oci_credential_key_id(const struct oci_credential *credential)
{
    return credential->key_id;
}

const struct oci_key *oci_credential_key(const struct oci_credential *credential)
{
    return credential->key;
}

const char *oci_credential_obo_token(const struct oci_credential *credential)
{
    return credential->obo_token;
}

uint64_t oci_credential_generation(const struct oci_credential *credential)
{
    return credential->generation;
}

void oci_credential_release(struct oci_credential *credential)
{
    if (!credential || atomic_fetch_sub(&credential->references, 1) > 1)
        return;
    oci_key_free(credential->key);
    secret_free(credential->key_id);
    secret_free(credential->obo_token);
    free(credential->tenancy);
    free(credential);
}

void oci_credential_release_pointer(struct oci_credential **credential)
{
    oci_credential_release(*credential);
    *credential = NULL;
}

static struct oci_credential *share(struct oci_credential *credential)
{
    atomic_fetch_add(&credential->references, 1);
    return credential;
}

/* --- the principal --------------------------------------------------------------------------- */

struct oci_principal *oci_principal_new(const struct oci_settings *settings,
                                        struct http_client *http)
{
    struct oci_principal *principal = mem_calloc(1, sizeof(*principal));
    principal->settings = settings;
    principal->http = http;
    principal->kind = kinds[settings->auth];
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_mutex_init(&principal->mutex, NULL);
    pthread_cond_init(&principal->loaded, &attributes);
    pthread_condattr_destroy(&attributes);
    return principal;
}

void oci_principal_free(struct oci_principal *principal)
{
    if (!principal)
        return;
    oci_credential_release(principal->current);
    http_client_free(principal->direct);
    error_free(&principal->last_failure);
    free(principal->tenancy);
    pthread_cond_destroy(&principal->loaded);
    pthread_mutex_destroy(&principal->mutex);
    free(principal);
}

static void copy_error(struct error *to, const struct error *from)
{
    error_set(to, from->code, "%s", error_message(from));
    to->http_status = from->http_status;
    to->service_code = from->service_code ? mem_strdup(from->service_code) : NULL;
    to->request_id = from->request_id ? mem_strdup(from->request_id) : NULL;
}

/* Waits, with the mutex held, until the running load has ended. */
static bool wait_for_load(struct oci_principal *principal, const struct oci_patience *patience,
                          struct error *err)
{
    while (principal->loading) {
        int64_t now = clock_monotonic_ms(), until = now + WAIT_SLICE_MS;
        if (cancel_raised(patience->cancel))
            return error_set(err, ERROR_CANCELLED, "cancelled while waiting for credentials");
        if (patience->deadline_ms && now >= patience->deadline_ms)
            return error_set(err, ERROR_TIMEOUT, "no credentials in time");
        struct timespec time = {until / 1000, (until % 1000) * 1000000};
        pthread_cond_timedwait(&principal->loaded, &principal->mutex, &time);
    }
    return true;
}

/* With a delegation token (console shell) the principal acts for its user. */
static bool add_delegation(const struct oci_settings *settings, struct oci_credential *credential,
                           struct error *err)
{
    if (!settings->delegation_token_file)
        return true;
    SECRET_AUTO text = secret_read_file(settings->delegation_token_file, err);
    if (!text)
        return error_wrap(err, "read the delegation token");
    struct slice token = slice_trim(slice_from(text));
    credential->obo_token = secret_new(token.ptr, token.length);
    return true;
}

static struct oci_credential *load_unlocked(struct oci_principal *principal,
                                            const struct oci_patience *patience, struct error *err)
{
    struct oci_credential *fresh = principal->kind->load(principal, patience, err);
    if (!fresh || add_delegation(principal->settings, fresh, err))
        return fresh;
    oci_credential_release(fresh);
    return NULL;
}

/* Runs the loader without the mutex, which is held before and after. */
static bool load(struct oci_principal *principal, const struct oci_patience *patience,
                 struct error *err)
{
    principal->loading = true;
    pthread_mutex_unlock(&principal->mutex);
    struct oci_credential *fresh = load_unlocked(principal, patience, err);
    pthread_mutex_lock(&principal->mutex);
    principal->loading = false;
    principal->attempts++;
    error_free(&principal->last_failure);
    if (fresh) {
        uint64_t generation = principal->current ? principal->current->generation : 0;
        fresh->generation = generation + 1;
        oci_credential_release(principal->current);
        principal->current = fresh;
    } else {
        copy_error(&principal->last_failure, err);
        principal->quiet_until_ms = clock_monotonic_ms() + QUIET_AFTER_FAILURE_MS;
    }
    pthread_cond_broadcast(&principal->loaded);
    return fresh != NULL;
}

static bool is_good(const struct oci_credential *credential, int64_t limit_wall_ms)
{
    return credential && (limit_wall_ms == 0 || clock_wall_ms() < limit_wall_ms);
}

/* The old credential does while it is renewed elsewhere, and for a while after a failed renewal. */
static bool old_one_does(const struct oci_principal *principal)
{
    const struct oci_credential *current = principal->current;
    return current && is_good(current, current->expire_wall_ms) &&
           (principal->loading || clock_monotonic_ms() < principal->quiet_until_ms);
}

/* Waits for the load of another thread; when that fails, its error is ours, too. */
static bool join_load(struct oci_principal *principal, const struct oci_patience *patience,
                      struct error *err)
{
    uint64_t attempts = principal->attempts;
    if (!wait_for_load(principal, patience, err))
        return false;
    if (principal->attempts == attempts || !error_is_set(&principal->last_failure))
        return true;
    /* It ran out of its own time or was cancelled: that is not our failure. */
    if (principal->last_failure.code == ERROR_CANCELLED ||
        principal->last_failure.code == ERROR_TIMEOUT)
        return true;
    copy_error(err, &principal->last_failure);
    return false;
}

static struct oci_credential *obtain(struct oci_principal *principal,
                                     const struct oci_patience *patience, struct error *err)
{
    for (;;) {
        struct oci_credential *current = principal->current;
        if (current && is_good(current, current->renew_wall_ms))
            return share(current);
        if (old_one_does(principal))
            return share(current);
        if (principal->loading) {
            if (!join_load(principal, patience, err))
                return NULL;
            continue;
        }
        if (load(principal, patience, err))
            return share(principal->current);
        if (!old_one_does(principal))
            return NULL;
        LOG(LOG_LEVEL_WARN, "cannot renew OCI credentials yet", {"error", error_message(err)});
        error_reset(err);
        return share(principal->current);
    }
}

struct oci_credential *oci_principal_credential(struct oci_principal *principal,
                                                struct cancel *cancel, int64_t deadline_ms,
                                                struct error *err)
{
    struct oci_patience patience = {cancel, deadline_ms};
    pthread_mutex_lock(&principal->mutex);
    struct oci_credential *credential = obtain(principal, &patience, err);
    pthread_mutex_unlock(&principal->mutex);
    if (!credential)
        error_wrap(err, "OCI credentials (%s)", oci_auth_name(principal->settings->auth));
    return credential;
}

static bool renew(struct oci_principal *principal, uint64_t generation,
                  const struct oci_patience *patience, struct error *err)
{
    if (!wait_for_load(principal, patience, err))
        return false;
    if (principal->current && principal->current->generation != generation)
        return true;
    return load(principal, patience, err);
}

bool oci_principal_renew(struct oci_principal *principal, uint64_t generation,
                         struct cancel *cancel, int64_t deadline_ms, struct error *err)
{
    if (!principal->kind->renewable)
        return false;
    struct oci_patience patience = {cancel, deadline_ms};
    pthread_mutex_lock(&principal->mutex);
    bool ok = renew(principal, generation, &patience, err);
    pthread_mutex_unlock(&principal->mutex);
    return ok;
}

const char *oci_principal_tenancy(struct oci_principal *principal, struct cancel *cancel,
                                  int64_t deadline_ms, struct error *err)
{
    if (principal->settings->tenancy_ocid)
        return principal->settings->tenancy_ocid;
    OCI_CREDENTIAL_AUTO credential = oci_principal_credential(principal, cancel, deadline_ms, err);
    if (!credential)
        return NULL;
    pthread_mutex_lock(&principal->mutex);
    if (!principal->tenancy && credential->tenancy)
        principal->tenancy = mem_strdup(credential->tenancy);
    const char *tenancy = principal->tenancy;
    pthread_mutex_unlock(&principal->mutex);
    if (!tenancy)
        error_set(err, ERROR_INVALID,
                  "the tenancy is not known: set tenancy_ocid (provider block, OCI_TENANCY_OCID or "
                  "tenancy in the config file)");
    return tenancy;
}

const char *oci_principal_user(struct oci_principal *principal)
{
    bool is_user = principal->settings->auth == OCI_AUTH_API_KEY ||
                   principal->settings->auth == OCI_AUTH_SECURITY_TOKEN;
    return is_user ? principal->settings->user_ocid : NULL;
}

bool oci_principal_settings_region(const struct oci_principal *principal, struct oci_region *region,
                                   struct error *err)
{
    if (principal->settings->region)
        return oci_region_resolve(principal->settings->region, region, err);
    return error_set(
        err, ERROR_INVALID,
        "no region is set: give region in the provider block, OCI_REGION, or region in "
        "the config file");
}

bool oci_principal_region(struct oci_principal *principal, struct cancel *cancel,
                          int64_t deadline_ms, struct oci_region *region, struct error *err)
{
    struct oci_patience patience = {cancel, deadline_ms};
    if (principal->settings->region || !principal->kind->region)
        return oci_principal_settings_region(principal, region, err);
    return principal->kind->region(principal, &patience, region, err);
}

enum oci_auth oci_principal_auth(const struct oci_principal *principal)
{
    return principal->settings->auth;
}
