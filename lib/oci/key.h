/*
 * RSA private keys: PKCS#1, PKCS#8, encrypted PKCS#8 and the old PEM encryption (DEK-Info). Text
 * around the PEM block (such as the OCI_API_KEY line of the console) and literal "\n" are
 * tolerated. Private numbers live on OpenSSL's secure heap, which is set up with the first key.
 */
#ifndef OKESTRA_OCI_KEY_H
#define OKESTRA_OCI_KEY_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/base/error.h"
#include "lib/base/str.h"

enum { OCI_KEY_PEM_LIMIT = 64 * 1024, OCI_KEY_MIN_BITS = 2048, OCI_FINGERPRINT_SIZE = 16 * 3 };

struct oci_key; /* immutable, thread-safe */

/* `origin` names the key in errors ("/home/x/.oci/key.pem", "private_key"). passphrase may be NULL,
 * and is ignored when the key is not encrypted. Errors tell apart: no PEM block, a public key or
 * certificate, encrypted without passphrase, wrong passphrase, not RSA, too short. */
struct oci_key *oci_key_parse(const char *pem, size_t length, const char *passphrase,
                              const char *origin, struct error *err);
struct oci_key *oci_key_read(const char *path, const char *passphrase, struct error *err);
struct oci_key *oci_key_generate(int bits, struct error *err);
void oci_key_free(struct oci_key *key);

/* MD5 of the public key's DER SubjectPublicKeyInfo as "aa:bb:…". buffer: OCI_FINGERPRINT_SIZE. */
const char *oci_key_fingerprint(const struct oci_key *key, char *buffer);
/* The public key as PEM (SubjectPublicKeyInfo). Appends. */
void oci_key_public_pem(const struct oci_key *key, struct str *out);
/* RSASSA-PKCS1-v1_5 with SHA-256, base64 (one line, padded). Appends. */
bool oci_key_sign(const struct oci_key *key, const void *data, size_t length, struct str *base64,
                  struct error *err);
bool oci_fingerprint_is_valid(const char *text);

#endif
