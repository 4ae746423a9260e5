/*
 * Who we are and which region, put together from all sources. For each value the first of:
 *
 *   1. what the caller set (provider block)
 *   2. the environment: TF_VAR_<name>, then OCI_<NAME>
 *   3. the chosen profile of the config file   4. its DEFAULT profile
 *
 * The config file is `config_file`, else OCI_CONFIG_FILE, else ~/.oci/config, else
 * ~/.oraclebmc/config. It may be missing unless it or a profile was named.
 */
#ifndef OKESTRA_OCI_SETTINGS_H
#define OKESTRA_OCI_SETTINGS_H

#include <stdbool.h>

#include "lib/base/error.h"

enum oci_auth {
    OCI_AUTH_API_KEY,
    OCI_AUTH_SECURITY_TOKEN,
    OCI_AUTH_INSTANCE_PRINCIPAL,
    OCI_AUTH_RESOURCE_PRINCIPAL,
    OCI_AUTH_OKE_WORKLOAD_IDENTITY,
};

/* "ApiKey", "SecurityToken", "InstancePrincipal", "ResourcePrincipal", "OKEWorkloadIdentity", in
 * any case, also the CLI's spelling ("api_key", "instance_principal", …). */
bool oci_auth_parse(const char *text, enum oci_auth *auth, struct error *err);
const char *oci_auth_name(enum oci_auth auth);

/* Members that are NULL are not set. As input: borrowed. As result: owned by oci_settings. */
struct oci_settings_input {
    const char *auth;
    const char *tenancy_ocid;
    const char *user_ocid;
    const char *fingerprint;
    const char *private_key; /* PEM text; literal "\n" are line ends */
    const char *private_key_path;
    const char *private_key_password;
    const char *region;
    const char *config_file;
    const char *config_file_profile;
};

struct oci_settings {
    enum oci_auth auth;
    char *tenancy_ocid;
    char *user_ocid;
    char *fingerprint;
    char *private_key;          /* secret */
    char *private_key_path;     /* expanded; not set when private_key is */
    char *private_key_password; /* secret */
    char *region;               /* as written: name or key */
    char *security_token_file;  /* expanded */
    char *delegation_token_file;
    char *config_file; /* the file that was read, or NULL */
    char *profile;     /* the profile in use */
};

/* Reads environment and config file; nothing on the network. NULL and err when the file or profile
 * that was asked for is missing, or a value is malformed. Missing values are the principal's
 * business: it knows which it needs. */
struct oci_settings *oci_settings_resolve(const struct oci_settings_input *input,
                                          struct error *err);
void oci_settings_free(struct oci_settings *settings);

/* TF_VAR_<name>, then OCI_<NAME in upper case>; NULL when unset or empty. */
const char *oci_environment(const char *name);
/* TF_VAR_<name>, OCI_<name>, <name>, all in exact case. */
const char *oci_environment_exact(const char *name);

#endif
