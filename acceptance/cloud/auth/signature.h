/*
 * Verifies the signatures of requests: the emulator's own reading of the rules (draft-cavage-http-
 * signatures-08 as Oracle uses it), on OpenSSL alone, shared with no client.
 */
#ifndef OKESTRA_CLOUD_SIGNATURE_H
#define OKESTRA_CLOUD_SIGNATURE_H

#include <openssl/evp.h>
#include <stdbool.h>
#include <stdint.h>

#include "acceptance/cloud/http/parser.h"
#include "lib/base/arena.h"

enum { SIGNATURE_SKEW_MS = 5 * 60 * 1000 };

struct signature {
    const char *version, *key_id, *algorithm, *headers, *signature;
};

enum signature_flag {
    SIGNATURE_BODY_UNSIGNED = 1, /* uploads of objects */
    SIGNATURE_HOST_UNSIGNED = 2, /* federation */
};

/* Takes the Authorization header apart; false when there is none of the scheme Signature. */
bool signature_parse(const struct http_request *request, struct arena *arena,
                     struct signature *signature);
/* NULL, or why the request is refused; from the arena. */
const char *signature_verify(const struct http_request *request, const struct signature *signature,
                             EVP_PKEY *key, unsigned flags, int64_t now_ms, struct arena *arena);

#endif
