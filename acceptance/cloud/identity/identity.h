/* The identity service: compartments, users, groups, policies, credentials. */
#ifndef OKESTRA_CLOUD_IDENTITY_H
#define OKESTRA_CLOUD_IDENTITY_H

#include "acceptance/cloud/api/operation.h"

extern const struct service service_identity;

extern const struct kind kind_tenancy, kind_compartment, kind_user, kind_group, kind_api_key;
extern const struct kind kind_policy, kind_dynamic_group, kind_membership;
/* Passwords of the registry: hidden.digest is the SHA-256 of the token in hex. */
extern const struct kind kind_auth_token;
/* Of the S3 API: id is the access key, hidden.key the secret. */
extern const struct kind kind_customer_secret_key;

#endif
