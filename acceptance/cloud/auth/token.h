/* Session tokens: JSON web tokens (RFC 7519, RS256) that the emulator signs and checks itself. A token
 * is bound to a session key of the client by its claim "jwk". */
#ifndef OKESTRA_CLOUD_TOKEN_H
#define OKESTRA_CLOUD_TOKEN_H

#include <jansson.h>
#include <openssl/evp.h>
#include <stdint.h>

#include "lib/base/str.h"

enum { TOKEN_LIFE_MS = 60 * 60 * 1000, TOKEN_LIMIT = 16 * 1024 };

/* Adds iat, exp and, unless session is NULL, jwk to the claims (which the caller keeps). */
void token_issue(EVP_PKEY *key, json_t *claims, EVP_PKEY *session, int64_t now_ms, int64_t life_ms,
                 struct str *token);
/* The claims of a good, unexpired token; NULL otherwise. New reference. */
json_t *token_verify(EVP_PKEY *key, const char *token, int64_t now_ms);
/* The session key of the claim "jwk"; NULL when it is none. Free with EVP_PKEY_free(). */
EVP_PKEY *token_session_key(const char *claim);

/* A public key: PEM with or without armour (bare base64 of its DER form). NULL when it is none. */
EVP_PKEY *public_key_parse(const char *text);
/* MD5 of the DER form in hex with colons, as API keys are named. */
void public_key_fingerprint(EVP_PKEY *key, struct str *out);
void public_key_pem(EVP_PKEY *key, struct str *out);

#endif
