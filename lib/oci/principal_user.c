/* Principals of people: API keys and the session tokens of `oci session authenticate`. */
#include <string.h>

#include "lib/base/clock.h"
#include "lib/base/str.h"
#include "lib/net/secret.h"
#include "lib/oci/principal_internal.h"

static struct oci_key *read_key(const struct oci_settings *settings, struct error *err)
{
    if (settings->private_key)
        return oci_key_parse(settings->private_key, secret_length(settings->private_key),
                             settings->private_key_password, "private_key", err);
    if (settings->private_key_path)
        return oci_key_read(settings->private_key_path, settings->private_key_password, err);
    error_set(err, ERROR_INVALID,
              "no private key is set: give private_key_path or private_key in the provider block, "
              "OCI_PRIVATE_KEY_PATH, or key_file in the config file");
    return NULL;
}

static bool require(const char *value, const char *names, struct error *err)
{
    return value || error_set(err, ERROR_INVALID, "%s is not set", names);
}

/* OCI would only answer "401 NotAuthenticated" to a key it does not know. */
static bool fingerprint_fits(const struct oci_settings *settings, const struct oci_key *key,
                             char *fingerprint, struct error *err)
{
    oci_key_fingerprint(key, fingerprint);
    if (!settings->fingerprint || text_equal_nocase(settings->fingerprint, fingerprint))
        return true;
    return error_set(err, ERROR_INVALID,
                     "the fingerprint that is set, %s, is not that of the private key in %s, which "
                     "is %s",
                     settings->fingerprint,
                     settings->private_key_path ? settings->private_key_path : "private_key",
                     fingerprint);
}

static struct oci_credential *load_api_key(struct oci_principal *principal,
                                           const struct oci_patience *patience, struct error *err)
{
    (void)patience;
    const struct oci_settings *settings = principal->settings;
    char fingerprint[OCI_FINGERPRINT_SIZE];
    if (!require(settings->tenancy_ocid, "tenancy_ocid (tenancy in the config file)", err) ||
        !require(settings->user_ocid, "user_ocid (user in the config file)", err))
        return NULL;
    struct oci_key *key = read_key(settings, err);
    if (!key)
        return NULL;
    if (!fingerprint_fits(settings, key, fingerprint, err)) {
        oci_key_free(key);
        return NULL;
    }
    STR_AUTO key_id = STR_INIT;
    str_printf(&key_id, "%s/%s/%s", settings->tenancy_ocid, settings->user_ocid, fingerprint);
    return oci_credential_new(str_text(&key_id), key);
}

const struct oci_principal_kind oci_principal_api_key = {.load = load_api_key};

static struct oci_credential *token_credential(const struct oci_settings *settings,
                                               const char *token, struct error *err)
{
    struct oci_key *key = read_key(settings, err);
    if (!key)
        return NULL;
    struct oci_credential *credential = oci_credential_for_token(token, key, "tenant");
    if (!credential->expire_wall_ms || clock_wall_ms() < credential->expire_wall_ms)
        return credential;
    char expired[CLOCK_RFC3339_SIZE];
    error_set(err, ERROR_DENIED,
              "the session token in %s expired at %s: run \"oci session refresh --profile %s\" or "
              "\"oci session authenticate\"",
              settings->security_token_file,
              clock_format_rfc3339(credential->expire_wall_ms, expired), settings->profile);
    oci_credential_release(credential);
    return NULL;
}

/* The file is read again when the token is about to expire: the CLI refreshes it in place. */
static struct oci_credential *load_security_token(struct oci_principal *principal,
                                                  const struct oci_patience *patience,
                                                  struct error *err)
{
    (void)patience;
    const struct oci_settings *settings = principal->settings;
    if (!require(settings->security_token_file, "security_token_file (in the config file)", err))
        return NULL;
    SECRET_AUTO text = secret_read_file(settings->security_token_file, err);
    if (!text) {
        error_wrap(err, "read the session token");
        return NULL;
    }
    struct slice trimmed = slice_trim(slice_from(text));
    if (trimmed.length == 0) {
        error_set(err, ERROR_INVALID, "the session token file %s is empty",
                  settings->security_token_file);
        return NULL;
    }
    SECRET_AUTO token = secret_new(trimmed.ptr, trimmed.length);
    return token_credential(settings, token, err);
}

const struct oci_principal_kind oci_principal_security_token = {.renewable = true,
                                                                .load = load_security_token};
