/* What the kinds of principals share. For lib/oci only. */
#ifndef OKESTRA_OCI_PRINCIPAL_INTERNAL_H
#define OKESTRA_OCI_PRINCIPAL_INTERNAL_H

#include <pthread.h>
#include <stdatomic.h>

#include "lib/oci/principal.h"

struct oci_credential {
    atomic_int references;
    uint64_t generation;
    struct oci_key *key;
    char *key_id;           /* secret */
    char *obo_token;        /* secret, or NULL */
    char *tenancy;          /* NULL: the settings know */
    int64_t renew_wall_ms;  /* renewed from then on; 0: never */
    int64_t expire_wall_ms; /* useless from then on; 0: never */
};

/* The time that a load may take. */
struct oci_patience {
    struct cancel *cancel;
    int64_t deadline_ms;
};

/* One kind of principal. */
struct oci_principal_kind {
    bool renewable;
    /* Makes a credential; NULL and err. One thread at a time. */
    struct oci_credential *(*load)(struct oci_principal *principal,
                                   const struct oci_patience *patience, struct error *err);
    /* The region where the principal lives, when no region is set; NULL: it has none. */
    bool (*region)(struct oci_principal *principal, const struct oci_patience *patience,
                   struct oci_region *region, struct error *err);
};

extern const struct oci_principal_kind oci_principal_api_key;
extern const struct oci_principal_kind oci_principal_security_token;
extern const struct oci_principal_kind oci_principal_instance;
extern const struct oci_principal_kind oci_principal_resource;
extern const struct oci_principal_kind oci_principal_workload;

struct oci_principal {
    const struct oci_settings *settings;
    struct http_client *http;
    const struct oci_principal_kind *kind;

    pthread_mutex_t mutex;      /* for what follows */
    struct http_client *direct; /* without proxy, for the metadata service */
    pthread_cond_t loaded;
    bool loading;
    uint64_t attempts;         /* finished loads */
    struct error last_failure; /* of the latest load; unset after success */
    struct oci_credential *current;
    int64_t quiet_until_ms; /* monotonic: no renewal before, after a failed one */
    char *tenancy;
};

/* Takes the key. The token (NULL for API keys) gives expiry, and tenancy by `tenancy_claim`. */
struct oci_credential *oci_credential_for_token(const char *token, struct oci_key *key,
                                                const char *tenancy_claim);
struct oci_credential *oci_credential_new(const char *key_id, struct oci_key *key);

/* The settings' region, or ERROR_INVALID that says where to set it. */
bool oci_principal_settings_region(const struct oci_principal *principal, struct oci_region *region,
                                   struct error *err);

/* Credential of the instance that we run on; also the base of resource principals 1.1. */
struct oci_credential *oci_instance_credential(struct oci_principal *principal,
                                               const struct oci_patience *patience,
                                               struct error *err);
bool oci_instance_region(struct oci_principal *principal, const struct oci_patience *patience,
                         struct oci_region *region, struct error *err);
/* Text of the metadata service; `path` below its base ("/instance/id"). Caller frees. */
char *oci_instance_metadata(struct oci_principal *principal, const char *path,
                            const struct oci_patience *patience, struct error *err);
/* "https://auth.<region>.<domain>", or what OCI_SDK_AUTH_CLIENT_REGION_URL says. */
void oci_auth_origin(const struct oci_region *region, struct str *origin);

#endif
