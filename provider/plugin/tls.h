/*
 * AutoMTLS: both sides make a certificate for this one process; each trusts exactly the other's.
 * Source: hashicorp/go-plugin (behaviour of client.go and mtls.go); RFC 8446, RFC 5246, RFC 7301.
 */
#ifndef OKESTRA_PROVIDER_PLUGIN_TLS_H
#define OKESTRA_PROVIDER_PLUGIN_TLS_H

#include <openssl/ssl.h>

#include "lib/base/error.h"
#include "lib/base/str.h"

struct tls;

/* Makes a P-256 key and a self-signed certificate for "localhost". client_pem is what Terraform
 * gave in PLUGIN_CLIENT_CERT: the only certificate that may connect. NULL on failure. Split from
 * the context below so that the handshake line can leave as early as possible. */
struct tls *tls_new(const char *client_pem, struct error *err);
void tls_free(struct tls *tls); /* accepts NULL */
/* Standard base64 of the certificate's DER, without padding, as the handshake line wants it. */
void tls_certificate(const struct tls *tls, struct str *out);
/* TLS 1.2 and later, ALPN "h2", the client's certificate required. Owned by *tls. NULL on failure.
 */
SSL_CTX *tls_server_context(struct tls *tls, struct error *err);

#endif
