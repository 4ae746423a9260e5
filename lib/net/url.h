/*
 * URLs: percent-encoding (RFC 3986), form encoding (application/x-www-form-urlencoded), taking
 * absolute http and https URLs apart. Pure functions, thread-safe.
 */
#ifndef OKESTRA_NET_URL_H
#define OKESTRA_NET_URL_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/base/compiler.h"
#include "lib/base/error.h"
#include "lib/base/str.h"

enum { URL_MAX_LENGTH = 32 * 1024 };

enum url_encoding {
    URL_COMPONENT, /* everything but A-Z a-z 0-9 - . _ ~ becomes %XX (upper-case hex) */
    URL_PATH,      /* as URL_COMPONENT, but "/" stays: for paths that are already split */
    URL_FORM,      /* as URL_COMPONENT, but a blank becomes "+" */
};

/* Appends the encoded text to *out. */
void url_encode(enum url_encoding encoding, const char *text, size_t length, struct str *out);
void url_encode_text(enum url_encoding encoding, const char *text, struct str *out);

/* Appends the decoded text to *out; plus_is_blank for form data and queries. False when a "%" is
 * not followed by two hex digits. The result may contain any byte, also NUL. */
bool url_decode(const char *text, size_t length, bool plus_is_blank, struct str *out);

/* Appends "?name=value" or "&name=value" (the first "?" in *url decides), both sides encoded as
 * URL_COMPONENT. A NULL value appends nothing. */
void url_append_query(struct str *url, const char *name, const char *value);

/* The decoded value of the first parameter `name` of a query string (without "?"); false when there
 * is none. Appends to *value. */
bool url_query_value(const char *query, const char *name, struct str *value);

struct url {
    char *scheme; /* "http" or "https" */
    char *host;   /* lower case; IPv6 literals without brackets */
    int port;     /* explicit, or 80 / 443 */
    char *path;   /* as written, at least "/" */
    char *query;  /* without "?"; NULL when there is none */
};

#define URL_INIT                                                                                   \
    {                                                                                              \
        NULL, NULL, 0, NULL, NULL                                                                  \
    }
#define URL_AUTO(name) CLEANUP(url_free) struct url name = URL_INIT

/* Absolute http(s) URLs only; user information, fragments, control characters, blanks and more than
 * URL_MAX_LENGTH bytes are refused. Release *url with url_free(). */
bool url_parse(const char *text, struct url *url, struct error *err);
void url_free(struct url *url);

/* What goes into the Host header: "host", or "host:port" when the port is not the scheme's own;
 * IPv6 literals in brackets. */
void url_append_authority(const struct url *url, struct str *out);
/* path and query as they stand in the request line */
void url_append_target(const struct url *url, struct str *out);
/* "https://host[:port]" */
void url_append_origin(const struct url *url, struct str *out);

/* localhost, *.localhost, 127.0.0.0/8 and ::1 */
bool url_host_is_loopback(const char *host);

#endif
