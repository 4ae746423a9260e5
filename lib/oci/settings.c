#include "lib/oci/settings.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/base/file.h"
#include "lib/base/log.h"
#include "lib/base/str.h"
#include "lib/net/secret.h"
#include "lib/oci/config.h"
#include "lib/oci/key.h"
#include "lib/oci/ocid.h"

static const struct {
    enum oci_auth auth;
    const char *name;
} auth_names[] = {
    {OCI_AUTH_API_KEY, "ApiKey"},
    {OCI_AUTH_SECURITY_TOKEN, "SecurityToken"},
    {OCI_AUTH_INSTANCE_PRINCIPAL, "InstancePrincipal"},
    {OCI_AUTH_INSTANCE_PRINCIPAL, "InstancePrincipalWithCerts"},
    {OCI_AUTH_RESOURCE_PRINCIPAL, "ResourcePrincipal"},
    {OCI_AUTH_OKE_WORKLOAD_IDENTITY, "OKEWorkloadIdentity"},
    {OCI_AUTH_API_KEY, "api_key"},
    {OCI_AUTH_SECURITY_TOKEN, "security_token"},
    {OCI_AUTH_INSTANCE_PRINCIPAL, "instance_principal"},
    {OCI_AUTH_INSTANCE_PRINCIPAL, "instance_obo_user"},
    {OCI_AUTH_RESOURCE_PRINCIPAL, "resource_principal"},
    {OCI_AUTH_OKE_WORKLOAD_IDENTITY, "oke_workload_identity"},
};

bool oci_auth_parse(const char *text, enum oci_auth *auth, struct error *err)
{
    for (size_t i = 0; i < ARRAY_LENGTH(auth_names); i++)
        if (text_equal_nocase(text, auth_names[i].name)) {
            *auth = auth_names[i].auth;
            return true;
        }
    return error_set(err, ERROR_INVALID,
                     "auth \"%.100s\" is not one of ApiKey, SecurityToken, InstancePrincipal, "
                     "ResourcePrincipal, OKEWorkloadIdentity",
                     text);
}

const char *oci_auth_name(enum oci_auth auth)
{
    for (size_t i = 0; i < ARRAY_LENGTH(auth_names); i++)
        if (auth_names[i].auth == auth)
            return auth_names[i].name;
    return "";
}

static const char *lookup(const char *prefix, const char *name, bool upper)
{
    STR_AUTO variable = STR_INIT;
    str_append(&variable, prefix);
    for (const char *c = name; *c; c++)
        str_append_char(&variable, upper && *c >= 'a' && *c <= 'z' ? (char)(*c - 'a' + 'A') : *c);
    const char *value = getenv(str_text(&variable));
    return text_empty(value) ? NULL : value;
}

const char *oci_environment(const char *name)
{
    const char *value = lookup("TF_VAR_", name, false);
    return value ? value : lookup("OCI_", name, true);
}

const char *oci_environment_exact(const char *name)
{
    const char *value = lookup("TF_VAR_", name, false);
    if (!value)
        value = lookup("OCI_", name, false);
    return value ? value : lookup("", name, false);
}

/* Where values come from, in order. */
struct sources {
    const struct oci_config *config; /* NULL: no config file */
    const char *profile;
};

/* `name` is the name of the attribute, `key` that of the config file; either may be NULL. */
static const char *choose(const struct sources *sources, const char *explicit_value,
                          const char *name, const char *key)
{
    if (!text_empty(explicit_value))
        return explicit_value;
    const char *value = name ? oci_environment(name) : NULL;
    if (!value && key && sources->config)
        value = oci_config_get(sources->config, sources->profile, key);
    return value;
}

static char *copy(const char *text)
{
    return text ? mem_strdup(text) : NULL;
}

/* Relative paths are relative to the working directory, as with the official clients. */
static char *copy_path(const char *text)
{
    return text ? file_expand_home(text) : NULL;
}

static char *default_config_path(void)
{
    static const char *const places[] = {"~/.oci/config", "~/.oraclebmc/config"};
    const char *chosen = getenv("OCI_CONFIG_FILE");
    if (!text_empty(chosen))
        return file_expand_home(chosen);
    for (size_t i = 0; i < ARRAY_LENGTH(places); i++) {
        char *path = file_expand_home(places[i]);
        if (file_exists(path))
            return path;
        free(path);
    }
    return NULL;
}

static void list_profiles(const struct oci_config *config, struct str *out)
{
    const char *name;
    for (size_t i = 0; i < 20 && (name = oci_config_profile_at(config, i)); i++)
        str_printf(out, "%s%s", i ? ", " : "", name);
}

/* *config stays NULL when there is no file and nobody asked for one. */
static bool load_config(const struct oci_settings_input *input, const char *profile,
                        struct oci_config **config, struct error *err)
{
    bool named = !text_empty(input->config_file) || !text_empty(getenv("OCI_CONFIG_FILE"));
    CLEANUP(free_pointer)
    char *path = text_empty(input->config_file) ? default_config_path()
                                                : file_expand_home(input->config_file);
    bool present = path && file_exists(path);
    if (!present && named)
        return error_set(err, ERROR_NOT_FOUND, "the OCI config file %s does not exist", path);
    if (!present && profile)
        return error_set(err, ERROR_NOT_FOUND,
                         "config_file_profile is \"%s\", but there is no ~/.oci/config", profile);
    if (!present)
        return true;
    *config = oci_config_read(path, err);
    if (!*config)
        return false;
    if (!profile || oci_config_has_profile(*config, profile))
        return true;
    STR_AUTO names = STR_INIT;
    list_profiles(*config, &names);
    return error_set(err, ERROR_NOT_FOUND, "%s has no profile [%s]; it has: %s", path, profile,
                     str_text(&names));
}

/* An explicit or environment key text wins over a path from a weaker source, and the other way
 * round. */
static void choose_key(struct oci_settings *settings, const struct oci_settings_input *input,
                       const struct sources *sources)
{
    const char *text = input->private_key, *path = input->private_key_path;
    if (text_empty(text) && text_empty(path)) {
        text = oci_environment("private_key");
        path = text ? NULL : oci_environment("private_key_path");
    }
    if (text_empty(text) && text_empty(path))
        path = choose(sources, NULL, NULL, "key_file");
    if (!text_empty(text))
        settings->private_key = secret_copy(text);
    else
        settings->private_key_path = copy_path(path);
}

static void fill(struct oci_settings *settings, const struct oci_settings_input *input,
                 const struct sources *sources)
{
    settings->tenancy_ocid = copy(choose(sources, input->tenancy_ocid, "tenancy_ocid", "tenancy"));
    settings->user_ocid = copy(choose(sources, input->user_ocid, "user_ocid", "user"));
    settings->fingerprint = copy(choose(sources, input->fingerprint, "fingerprint", "fingerprint"));
    settings->region = copy(choose(sources, input->region, "region", "region"));
    settings->security_token_file =
        copy_path(choose(sources, NULL, "security_token_file", "security_token_file"));
    settings->delegation_token_file =
        copy_path(choose(sources, NULL, NULL, "delegation_token_file"));
    const char *password =
        choose(sources, input->private_key_password, "private_key_password", "pass_phrase");
    if (!password && sources->config)
        password = oci_config_get(sources->config, sources->profile, "passphrase");
    settings->private_key_password = secret_copy(password);
    settings->profile = mem_strdup(sources->profile);
    settings->config_file = sources->config ? copy(oci_config_path(sources->config)) : NULL;
    choose_key(settings, input, sources);
}

static bool check_ocid(const char *text, const char *type, const char *name, struct error *err)
{
    struct ocid ocid;
    if (!text)
        return true;
    if (!ocid_parse(text, &ocid, err))
        return error_wrap(err, "%s", name);
    if (!slice_equal_text(ocid.type, type))
        return error_set(err, ERROR_INVALID, "%s: \"%s\" is the OCID of a %.*s, not of a %s", name,
                         text, (int)ocid.type.length, ocid.type.ptr, type);
    return true;
}

static bool check(const struct oci_settings *settings, struct error *err)
{
    if (settings->fingerprint && !oci_fingerprint_is_valid(settings->fingerprint))
        return error_set(err, ERROR_INVALID,
                         "fingerprint \"%.100s\" is not 16 hexadecimal bytes separated by colons",
                         settings->fingerprint);
    return check_ocid(settings->tenancy_ocid, "tenancy", "tenancy_ocid", err) &&
           check_ocid(settings->user_ocid, "user", "user_ocid", err);
}

/* A profile that only has a session token says so by what it lacks. */
static bool choose_auth(struct oci_settings *settings, const struct oci_settings_input *input,
                        const struct sources *sources, struct error *err)
{
    const char *text = choose(sources, input->auth, "auth", "authentication_type");
    if (text)
        return oci_auth_parse(text, &settings->auth, err);
    bool token_only = settings->security_token_file && !settings->user_ocid;
    settings->auth = token_only ? OCI_AUTH_SECURITY_TOKEN : OCI_AUTH_API_KEY;
    return true;
}

struct oci_settings *oci_settings_resolve(const struct oci_settings_input *input, struct error *err)
{
    struct oci_config *config = NULL;
    const char *profile =
        choose(&(struct sources){0}, input->config_file_profile, "config_file_profile", NULL);
    if (!load_config(input, profile, &config, err)) {
        oci_config_free(config);
        return NULL;
    }
    struct sources sources = {config, profile ? profile : OCI_CONFIG_DEFAULT_PROFILE};
    struct oci_settings *settings = mem_calloc(1, sizeof(*settings));
    fill(settings, input, &sources);
    bool ok = choose_auth(settings, input, &sources, err) && check(settings, err);
    if (!ok && config)
        error_wrap(err, "OCI settings (with %s, profile %s)", oci_config_path(config),
                   sources.profile);
    oci_config_free(config);
    if (ok)
        return settings;
    oci_settings_free(settings);
    return NULL;
}

void oci_settings_free(struct oci_settings *settings)
{
    if (!settings)
        return;
    free(settings->tenancy_ocid);
    free(settings->user_ocid);
    free(settings->fingerprint);
    secret_free(settings->private_key);
    free(settings->private_key_path);
    secret_free(settings->private_key_password);
    free(settings->region);
    free(settings->security_token_file);
    free(settings->delegation_token_file);
    free(settings->config_file);
    free(settings->profile);
    free(settings);
}
