/*
 * The emulated cloud as a whole: what main.c puts together and the dispatcher works with. Belongs to
 * the server's thread.
 */
#ifndef OKESTRA_CLOUD_CLOUD_H
#define OKESTRA_CLOUD_CLOUD_H

#include <openssl/evp.h>
#include <stdio.h>

#include "acceptance/cloud/api/call.h"
#include "acceptance/cloud/http/server.h"
#include "acceptance/cloud/http/tls.h"

struct faults;
struct journal;
struct known_keys;

struct cloud {
    struct settings settings;
    struct store *store;
    struct authority *authority;
    EVP_PKEY *token_key; /* signs session tokens */
    struct known_keys *known_keys;
    struct faults *faults;
    struct journal *journal;
    char *control_token; /* for /_emulator from elsewhere than loopback */
};

struct cloud_options {
    const char *directory;
    const char *record; /* path; NULL: none */
    double speed;
    const char *cluster_level; /* "control-plane", "full"; NULL: no real clusters */
};

/* Opens the state, or makes a new cloud with a tenancy and a user. NULL and err. */
struct cloud *cloud_open(const struct cloud_options *options, struct error *err);
void cloud_free(struct cloud *cloud);
/* Writes the files that clients use: config, key.pem, env, …; url as clients reach it. */
bool cloud_publish(struct cloud *cloud, const char *url, struct error *err);

/* --- for server.h; the context is the struct cloud ------------------------------------------------ */

size_t cloud_body_limit(void *context, const struct http_request *request,
                        const struct server_peer *peer);
void cloud_handle(void *context, struct http_request *request, const struct server_peer *peer,
                  struct server_answer *answer);
int64_t cloud_tick(void *context);

/* A call without request, in a change of its own; ends it. */
struct call *cloud_begin(struct cloud *cloud);
bool cloud_end(struct call *call, bool keep, struct error *err);

#endif
