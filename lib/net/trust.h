/*
 * Which certificate authorities are trusted. libcurl is built without a path of its own, so the
 * bundle is looked for at run time: SSL_CERT_FILE, then the places of the common distributions.
 */
#ifndef OKESTRA_NET_TRUST_H
#define OKESTRA_NET_TRUST_H

#include <openssl/x509.h>

#include "lib/base/error.h"

enum { TRUST_BUNDLE_LIMIT = 32 * 1024 * 1024 };

/* Path of the system's bundle, or NULL when there is none. Not cached. */
const char *trust_system_bundle(void);

/* The certificates of ca_file and ca_data (PEM), or of the system's bundle when both are NULL. Any
 * certificate in it is an anchor, also intermediate and server certificates. Release with
 * X509_STORE_free(). NULL and err. */
X509_STORE *trust_store_load(const char *ca_file, const char *ca_data, struct error *err);

#endif
