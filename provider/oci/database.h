/* What the two databases share. */
#ifndef OKESTRA_PROVIDER_OCI_DATABASE_H
#define OKESTRA_PROVIDER_OCI_DATABASE_H

#include "provider/oci/ops.h"

/* Whether a lifecycle state is one of a database that is stopped or about to be. */
bool database_is_stopped(const char *state);
/* For the attribute `state`: any two states of a running database are the same, and any two of a
 * stopped one. */
bool equal_power_state(const struct value *a, const struct value *b);
/* Action: start or stop, as planned. */
bool database_change_power(struct api_call *call, const struct api_action *action,
                           struct error *err);
/* create: as api_create, and stops what shall be stopped. */
bool database_create(struct operation *op, const struct value *planned, const struct value *config,
                     const struct value **state, struct error *err);
/* Passwords of both services: small and capital letters and digits, perhaps others; the value is not
 * shown. */
struct password_rule {
    size_t shortest, longest;
    bool special;          /* a character that is neither letter nor digit is needed */
    const char *forbidden; /* characters */
    const char *name;      /* that must not be part of it; NULL: none */
};

void database_check_password(const struct attribute *attribute, const struct value *value,
                             const struct path *path, struct diagnostics *diagnostics,
                             const struct password_rule *rule);

#endif
