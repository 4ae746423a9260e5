/*
 * Errors: one type, passed as last parameter.
 *
 * A function that can fail takes `struct error *err` (never NULL), sets it exactly once on failure
 * and leaves it alone on success. Callers add what they were trying: error_wrap(err, "create VCN
 * %s", name) turns "connection refused" into "create VCN web: connection refused".
 * Declare ERROR_AUTO(err) or release with error_free(). Secrets must never be put in.
 */
#ifndef OKESTRA_BASE_ERROR_H
#define OKESTRA_BASE_ERROR_H

#include <stdbool.h>

#include "lib/base/compiler.h"

enum error_code {
    ERROR_NONE = 0,
    ERROR_INVALID,     /* bad input: configuration, file, argument */
    ERROR_NOT_FOUND,   /* the object does not exist */
    ERROR_EXISTS,      /* it exists already */
    ERROR_CONFLICT,    /* the other side is busy or changed meanwhile (409, 412) */
    ERROR_DENIED,      /* not authenticated or not allowed */
    ERROR_THROTTLED,   /* 429 */
    ERROR_CAPACITY,    /* out of host capacity, quota or service limit */
    ERROR_UNAVAILABLE, /* network failure or 5xx */
    ERROR_TIMEOUT,     /* a deadline passed */
    ERROR_CANCELLED,   /* the user asked to stop */
    ERROR_REMOTE,      /* any other refusal by the other side */
    ERROR_INTERNAL,    /* a broken expectation of our own */
};

struct error {
    enum error_code code;
    int http_status;    /* 0 when no response was received */
    char *service_code; /* owned; e.g. "IncorrectState"; NULL when none */
    char *request_id;   /* owned; opc-request-id; NULL when none */
    char *message;      /* owned; NULL while no error is set */
};

#define ERROR_INIT                                                                                 \
    {                                                                                              \
        ERROR_NONE, 0, NULL, NULL, NULL                                                            \
    }
#define ERROR_AUTO(name) CLEANUP(error_free) struct error name = ERROR_INIT

void error_free(struct error *err); /* releases and resets to ERROR_INIT */
#define error_reset(err) error_free(err)

/* Sets the error. Replaces what was there. Always returns false so that callers can write
 * `return error_set(…)` in functions of type bool. */
bool error_set(struct error *err, enum error_code code, const char *format, ...) ATTR_PRINTF(3, 4);
/* Prefixes the message with "<text>: ". Returns false. */
bool error_wrap(struct error *err, const char *format, ...) ATTR_PRINTF(2, 3);
/* Sets from errno: "<text>: <strerror>". Returns false. */
bool error_set_errno(struct error *err, const char *format, ...) ATTR_PRINTF(2, 3);
/* Moves *from to *to; *from is empty afterwards. */
void error_move(struct error *to, struct error *from);

bool error_is_set(const struct error *err);
const char *error_message(const struct error *err); /* never NULL */

#endif
