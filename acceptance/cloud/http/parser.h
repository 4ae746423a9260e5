/*
 * HTTP/1.1 requests (RFC 9112): bytes in, structure out. Knows nothing of sockets. Strict where
 * leniency lets requests be smuggled: no bare CR or NUL, no blank before a colon, no folded lines, no
 * Content-Length beside Transfer-Encoding, no second Content-Length or Host.
 */
#ifndef OKESTRA_CLOUD_PARSER_H
#define OKESTRA_CLOUD_PARSER_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/base/str.h"

enum {
    HTTP_HEAD_LIMIT = 64 * 1024, /* request line and headers together */
    HTTP_TARGET_LIMIT = 16 * 1024,
    HTTP_HEADER_LIMIT = 100,       /* number of them */
    HTTP_BODY_LIMIT = 1024 * 1024, /* unless raised after HTTP_PARSE_HEAD */
};

struct http_field {
    char *name; /* as sent */
    char *value;
};

struct http_request {
    char *method;
    char *target; /* as on the wire */
    char *path;   /* of the target, still encoded; the authority for CONNECT */
    char *query;  /* NULL without "?" */
    int minor;    /* HTTP/1.0 or 1.1 */
    struct http_field *headers;
    size_t header_count;
    struct str body;
    bool keep_alive, expects_continue, has_body;
};

/* The value of the first header of that name; case does not matter. NULL when there is none. */
const char *http_request_header(const struct http_request *request, const char *name);

enum http_parse {
    HTTP_PARSE_MORE, /* feed more bytes */
    HTTP_PARSE_HEAD, /* the head is complete: the body's limit may be set now; comes once */
    HTTP_PARSE_DONE, /* the request is complete */
    HTTP_PARSE_BAD,  /* http_parser_problem() says why; nothing more can be read */
};

struct http_parser;

struct http_parser *http_parser_new(void);
void http_parser_free(struct http_parser *parser); /* accepts NULL */
void http_parser_feed(struct http_parser *parser, const void *data, size_t length);
/* Call until it says MORE, DONE or BAD. */
enum http_parse http_parser_run(struct http_parser *parser);
/* Valid from HEAD on, until http_parser_next(). */
struct http_request *http_parser_request(struct http_parser *parser);
void http_parser_set_body_limit(struct http_parser *parser, size_t limit);
/* After DONE: goes on to the next request. */
void http_parser_next(struct http_parser *parser);
/* After DONE: takes the bytes that follow, for what comes after CONNECT. Appends to *out. */
void http_parser_take_rest(struct http_parser *parser, struct str *out);
/* True when nothing of a further request has come. */
bool http_parser_idle(const struct http_parser *parser);

struct http_problem {
    int status; /* 400, 413, 414, 431, 501 or 505 */
    const char *text;
};
struct http_problem http_parser_problem(const struct http_parser *parser);

#endif
