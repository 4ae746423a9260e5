/* Between the files of the identity service. */
#ifndef OKESTRA_CLOUD_IDENTITY_INTERNAL_H
#define OKESTRA_CLOUD_IDENTITY_INTERNAL_H

#include "acceptance/cloud/api/call.h"
#include "acceptance/cloud/identity/identity.h"

extern const struct kind kind_identity_work;

/* compartment.c */
bool compartment_get(struct call *call);
bool compartment_list(struct call *call);
bool compartment_delete(struct call *call);
bool compartment_move(struct call *call);
bool compartment_recover(struct call *call);

/* credentials.c: what belongs to a user */
bool api_key_upload(struct call *call);
bool api_key_delete(struct call *call);
bool auth_token_create(struct call *call);
bool auth_token_update(struct call *call);
bool secret_key_create(struct call *call);
bool secret_key_update(struct call *call);
bool credential_delete(struct call *call);
/* All of a user, with the user. */
void credentials_remove(struct call *call, const struct object *user);
/* A key for the user; NULL after 400 when it is no RSA key or there already. */
struct object *api_key_add(struct call *call, const char *user, const char *text);

/* statements.c: the policy language and the rules of dynamic groups. False after 400. */
bool statement_check(struct call *call, const char *compartment, const char *text);
bool matching_rule_check(struct call *call, const char *text);

/* Only letters, digits, ".", "-" and "_" (and more), as names of identity have them. */
bool identity_name_check(struct call *call, const char *name, const char *more);

#endif
