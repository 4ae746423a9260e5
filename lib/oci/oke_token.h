/*
 * Bearer tokens for OKE's Kubernetes API: the base64url of a signed URL, made offline. The API
 * server refuses them about five minutes after the date in the signature; make a new one for each
 * use, at least every four minutes. A token is a secret.
 */
#ifndef OKESTRA_OCI_OKE_TOKEN_H
#define OKESTRA_OCI_OKE_TOKEN_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/error.h"
#include "lib/base/str.h"
#include "lib/net/cancel.h"
#include "lib/oci/client.h"

enum { OCI_OKE_TOKEN_LIFETIME_MS = 4 * 60 * 1000 };

/* region: NULL for the client's. Appends the token; *expires_wall_ms (may be NULL) is the time
 * after which it should not be used any more. */
bool oci_oke_token(struct oci_client *client, const char *cluster_id, const char *region,
                   struct cancel *cancel, struct str *token, int64_t *expires_wall_ms,
                   struct error *err);

/* Puts a token together from an Authorization text; the pure part, for tests. */
void oci_oke_token_assemble(const char *host, const char *cluster_id, const char *authorization,
                            const char *date, const char *obo_token, struct str *token);

#endif
