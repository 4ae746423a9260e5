/* Claims of JSON web tokens (RFC 7519). Read, not verified: OCI does that. */
#ifndef OKESTRA_OCI_JWT_H
#define OKESTRA_OCI_JWT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/* The payload, or NULL when the text is no JWT. New reference. */
json_t *jwt_claims(const char *token);
/* Claim "exp" in Unix milliseconds; 0 when there is none. */
int64_t jwt_expiry_ms(const json_t *claims);

#endif
