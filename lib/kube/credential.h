/*
 * Who we are to the API server: headers and client certificate for each request, renewed as needed.
 * Thread-safe. Part of the client (client.h).
 */
#ifndef OKESTRA_KUBE_CREDENTIAL_H
#define OKESTRA_KUBE_CREDENTIAL_H

#include <stdint.h>

#include "lib/base/str.h"
#include "lib/kube/config.h"
#include "lib/net/cancel.h"

enum {
    KUBE_TOKEN_FILE_MS = 60 * 1000,    /* a token file is read again after that */
    KUBE_EXPIRY_MARGIN_MS = 20 * 1000, /* a credential is renewed that long before it expires */
    KUBE_EXEC_TIMEOUT_MS = 60 * 1000,
    KUBE_EXEC_OUTPUT_LIMIT = 1024 * 1024,
};

/* Makes a bearer token. Appends it to *token; *expires_ms: wall clock, 0 when it does not expire. */
typedef bool kube_token_source(void *context, struct str *token, int64_t *expires_ms,
                               struct cancel *cancel, struct error *err);

struct kube_credential;

/* config is borrowed. source may be NULL; it goes before what the configuration says. */
struct kube_credential *kube_credential_new(const struct kube_config *config,
                                            kube_token_source *source, void *context);
void kube_credential_free(struct kube_credential *credential);

/* Appends "Bearer …" or "Basic …", nothing when requests carry no such header. *generation counts the
 * credentials so far. */
bool kube_credential_header(struct kube_credential *credential, struct str *value, int *generation,
                            struct cancel *cancel, struct error *err);
/* The server refused the credential of that generation. True when another one can be had. */
bool kube_credential_refused(struct kube_credential *credential, int generation);
/* Copies of the client certificate and key in force (PEM), NULL when there are none. The caller frees
 * the one with free(), the other with secret_free(). After kube_credential_header(). */
void kube_credential_certificate(struct kube_credential *credential, char **certificate,
                                 char **key);

/* The output of an exec plugin: token, certificate, key, expiry. For tests and fuzzing. */
struct kube_exec_answer {
    char *token, *key; /* secrets */
    char *certificate;
    int64_t expires_ms; /* 0: never */
};
bool kube_exec_parse(const char *text, size_t length, const char *api_version,
                     struct kube_exec_answer *answer, struct error *err);
void kube_exec_answer_free(struct kube_exec_answer *answer);

#endif
