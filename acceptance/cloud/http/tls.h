/*
 * The emulator's certificate authority: made once, kept in DIRECTORY/ca.pem and ca.key, and leaf
 * certificates minted for any host name on the fly, so that it can stand for every host of the cloud.
 */
#ifndef OKESTRA_CLOUD_TLS_H
#define OKESTRA_CLOUD_TLS_H

#include <openssl/ssl.h>
#include <stdbool.h>

#include "lib/base/error.h"

struct authority;

struct authority *authority_open(const char *directory, struct error *err); /* NULL and err */
void authority_free(struct authority *authority);

/* A server's context with a certificate for the host name or address; kept and owned by the
 * authority. NULL when the name cannot be in a certificate or there are too many names. */
SSL_CTX *authority_context(struct authority *authority, const char *host);
/* Of ca.pem. */
X509 *authority_certificate(const struct authority *authority);

struct authority_leaf {
    const char *common_name;
    const char *const *units; /* values of OU; ends with NULL; may be NULL */
    const char *alternatives; /* "DNS:name", "IP:address"; NULL: none */
    int days;
};
/* A certificate for the public key, signed by the authority. Aborts when out of memory. */
X509 *authority_issue(const struct authority *authority, EVP_PKEY *key,
                      const struct authority_leaf *leaf);

/* The key in the file, made (mode 0600) when the file is not there: "RSA" or "EC". NULL and err. */
EVP_PKEY *key_file_open(const char *path, const char *type, struct error *err);

#endif
