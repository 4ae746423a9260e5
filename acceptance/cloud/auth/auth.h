/* Who is calling? */
#ifndef OKESTRA_CLOUD_AUTH_H
#define OKESTRA_CLOUD_AUTH_H

#include "acceptance/cloud/api/call.h"

/*
 * Verifies the call's signature: by an API key ("tenancy/user/fingerprint") or the session key of a
 * token ("ST$…"). Sets call->user. False after 401.
 */
bool auth_check(struct call *call, unsigned signature_flags);
/* … of any request, such as the one inside an OKE token. NULL, or why it is refused. */
const char *auth_check_request(struct call *call, const struct http_request *request,
                               unsigned signature_flags, const char **user);
/* 401 NotAuthenticated; what is wrong goes to the log only, except for a wrong date. */
bool auth_refuse(struct call *call, const char *problem);

/* Public keys that were parsed before: OpenSSL takes longer to parse one than to verify with it. */
struct known_keys *known_keys_new(void);
void known_keys_free(struct known_keys *keys);

/* Federation, instance metadata, resource principals, workload identity. */
extern const struct service service_auth;
extern const struct service service_metadata;

/* Writes the files of the principals that have no configuration: session token, resource principal,
 * service account. */
bool auth_publish(struct cloud *cloud, struct error *err);

#endif
