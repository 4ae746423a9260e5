/*
 * Request signatures of OCI: draft-cavage-http-signatures-08 with rsa-sha256, "version 1". Pure
 * functions. GET, HEAD and DELETE sign "date (request-target) host"; POST, PUT and PATCH add
 * "content-length content-type x-content-sha256".
 */
#ifndef OKESTRA_OCI_SIGNER_H
#define OKESTRA_OCI_SIGNER_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/base/error.h"
#include "lib/base/str.h"
#include "lib/oci/key.h"

struct oci_sign_input {
    const char *method;       /* any case */
    const char *target;       /* path and query as in the request line */
    const char *host;         /* as in the Host header; NULL: not signed (federation) */
    const char *date;         /* HTTP date */
    bool sign_body;           /* the three body headers take part */
    const char *content_type; /* as sent */
    const void *body;
    size_t body_length;
    const char *obo_token; /* delegation token; NULL: none */
};

/* Base64 of the SHA-256 of the body, for x-content-sha256. Appends. */
void oci_content_sha256(const void *body, size_t length, struct str *out);
void oci_signing_string(const struct oci_sign_input *input, struct str *out);
/* The names that are signed, blank-separated, in order. */
void oci_signed_headers(const struct oci_sign_input *input, struct str *out);
/* "Signature algorithm="rsa-sha256",headers="…",keyId="…",signature="…",version="1"". Appends. */
void oci_authorization(const char *signed_headers, const char *key_id, const char *signature,
                       struct str *out);
bool oci_sign(const struct oci_sign_input *input, const char *key_id, const struct oci_key *key,
              struct str *authorization, struct error *err);

#endif
