/*
 * Principals: who signs. Each kind hands out credentials (key id and private key); those with a
 * token renew it before it expires, one renewal at a time, while other threads go on with the old
 * token as long as it is valid. Nothing is read or sent before the first credential is asked for.
 * Thread-safe.
 */
#ifndef OKESTRA_OCI_PRINCIPAL_H
#define OKESTRA_OCI_PRINCIPAL_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/compiler.h"
#include "lib/base/error.h"
#include "lib/net/cancel.h"
#include "lib/net/http.h"
#include "lib/oci/key.h"
#include "lib/oci/region.h"
#include "lib/oci/settings.h"

struct oci_principal;

/* What one request is signed with. Reference counted and immutable. */
struct oci_credential;

const char *oci_credential_key_id(const struct oci_credential *credential); /* secret with tokens */
const struct oci_key *oci_credential_key(const struct oci_credential *credential);
const char *oci_credential_obo_token(const struct oci_credential *credential); /* NULL: none */
/* Counts renewals; for oci_principal_renew(). */
uint64_t oci_credential_generation(const struct oci_credential *credential);
void oci_credential_release(struct oci_credential *credential);
void oci_credential_release_pointer(struct oci_credential **credential);
#define OCI_CREDENTIAL_AUTO CLEANUP(oci_credential_release_pointer) struct oci_credential *

/* settings and http stay owned by the caller and must outlive the principal. */
struct oci_principal *oci_principal_new(const struct oci_settings *settings,
                                        struct http_client *http);
void oci_principal_free(struct oci_principal *principal);

/* The current credential, renewed first when it is about to expire. Release it. NULL and err. */
struct oci_credential *oci_principal_credential(struct oci_principal *principal,
                                                struct cancel *cancel, int64_t deadline_ms,
                                                struct error *err);
/* After a 401: renews unless that has happened since `generation`. False without err being set when
 * this kind of principal has nothing to renew; false with err when the renewal failed. */
bool oci_principal_renew(struct oci_principal *principal, uint64_t generation,
                         struct cancel *cancel, int64_t deadline_ms, struct error *err);

/* Tenancy of the principal. May read files or ask the metadata service. NULL and err. Valid as long
 * as the principal. */
const char *oci_principal_tenancy(struct oci_principal *principal, struct cancel *cancel,
                                  int64_t deadline_ms, struct error *err);
/* User OCID for API keys and session tokens, else NULL. */
const char *oci_principal_user(struct oci_principal *principal);
/* The region from the settings, or the one where the principal lives. */
bool oci_principal_region(struct oci_principal *principal, struct cancel *cancel,
                          int64_t deadline_ms, struct oci_region *region, struct error *err);
enum oci_auth oci_principal_auth(const struct oci_principal *principal);

#endif
