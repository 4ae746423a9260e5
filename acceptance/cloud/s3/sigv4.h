/*
 * AWS Signature Version 4 as the S3-compatible endpoint of Object Storage checks it: the signature in the
 * Authorization header, over the headers it names and x-amz-content-sha256. Pure functions; the secret
 * key is looked up by the caller between parsing and verifying.
 *
 * Source: the published description of Signature Version 4 for S3 (the path is encoded once, "/" stays).
 */
#ifndef OKESTRA_CLOUD_S3_SIGV4_H
#define OKESTRA_CLOUD_S3_SIGV4_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/arena.h"

enum {
    SIGV4_MAX_SKEW_MS = 15 * 60 * 1000,
    SIGV4_MAX_HEADERS = 64,    /* signed headers of one request */
    SIGV4_MAX_PARAMETERS = 64, /* query parameters of one request */
};

struct sigv4_header {
    const char *name, *value;
};

/* What came in. path and query as they stand in the request line, query without "?" (NULL: none). */
struct sigv4_request {
    const char *method;
    const char *path;
    const char *query;
    const struct sigv4_header *headers;
    size_t header_count;
};

/* The parts of an Authorization header; all in the arena. */
struct sigv4_authorization {
    const char *access_key;
    const char *date; /* of the credential scope: YYYYMMDD */
    const char *region;
    const char *service;
    const char *signed_headers[SIGV4_MAX_HEADERS]; /* sorted, lower case */
    size_t signed_header_count;
    const char *signature;    /* 64 hex digits */
    const char *time;         /* x-amz-date: YYYYMMDDTHHMMSSZ */
    const char *payload_hash; /* x-amz-content-sha256 */
};

enum sigv4_result {
    SIGV4_OK,
    SIGV4_ANONYMOUS,         /* no Authorization header */
    SIGV4_MALFORMED,         /* it cannot be read, or names another algorithm */
    SIGV4_SCOPE,             /* the scope's date, service or terminator is wrong */
    SIGV4_DATE,              /* x-amz-date is missing or no date */
    SIGV4_SKEWED,            /* more than SIGV4_MAX_SKEW_MS from now */
    SIGV4_PAYLOAD_MISSING,   /* no x-amz-content-sha256 */
    SIGV4_PAYLOAD_STREAMING, /* aws-chunked or trailing checksums, which Object Storage lacks */
    SIGV4_PAYLOAD_INVALID,   /* neither UNSIGNED-PAYLOAD nor a SHA-256 in hex */
    SIGV4_PAYLOAD_MISMATCH,  /* the body has another SHA-256 */
    SIGV4_HEADERS_UNSIGNED, /* host or an x-amz- header is not signed, or a signed one is missing */
    SIGV4_SIGNATURE_MISMATCH, /* signed with another key, or changed on the way */
};

/* Reads the header and checks everything that needs neither key nor body. */
enum sigv4_result sigv4_parse(struct arena *arena, const struct sigv4_request *request,
                              int64_t now_ms, struct sigv4_authorization *authorization);

/* The request signed with `secret` must give the same signature. */
enum sigv4_result sigv4_verify(struct arena *arena, const struct sigv4_request *request,
                               const struct sigv4_authorization *authorization, const char *secret);

/* The body against the hash that was signed. */
enum sigv4_result sigv4_verify_body(const struct sigv4_authorization *authorization,
                                    const void *body, size_t length);

/* The signature that `secret` gives, as 64 hex digits; for tests and verification. */
const char *sigv4_sign(struct arena *arena, const struct sigv4_request *request,
                       const struct sigv4_authorization *authorization, const char *secret);

#endif
