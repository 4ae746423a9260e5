#include "acceptance/cloud/http/parser.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/base/compiler.h"
#include "lib/base/vec.h"

enum { CHUNK_LINE_LIMIT = 256, COMPACT_AT = 64 * 1024 };

enum state { IN_HEAD, IN_BODY, IN_CHUNK_LINE, IN_CHUNK, AFTER_CHUNK, IN_TRAILER, COMPLETE, FAILED };

struct http_parser {
    enum state state;
    struct str input;
    size_t consumed; /* of input */
    struct http_request request;
    size_t header_capacity;
    size_t body_limit;
    size_t remaining; /* of the body or the chunk */
    bool chunked;
    struct http_problem problem;
};

struct http_parser *http_parser_new(void)
{
    struct http_parser *parser = mem_calloc(1, sizeof(*parser));
    parser->body_limit = HTTP_BODY_LIMIT;
    return parser;
}

static void request_clear(struct http_request *request)
{
    free(request->method);
    free(request->target);
    free(request->path);
    free(request->query);
    for (size_t i = 0; i < request->header_count; i++) {
        free(request->headers[i].name);
        free(request->headers[i].value);
    }
    free(request->headers);
    str_free(&request->body);
    *request = (struct http_request){0};
}

void http_parser_free(struct http_parser *parser)
{
    if (!parser)
        return;
    request_clear(&parser->request);
    str_free(&parser->input);
    free(parser);
}

void http_parser_feed(struct http_parser *parser, const void *data, size_t length)
{
    if (parser->consumed == parser->input.length) {
        str_clear(&parser->input);
        parser->consumed = 0;
    }
    str_append_bytes(&parser->input, data, length);
}

static enum http_parse fail(struct http_parser *parser, int status, const char *text)
{
    parser->state = FAILED;
    parser->problem = (struct http_problem){status, text};
    return HTTP_PARSE_BAD;
}

static struct slice unread(const struct http_parser *parser)
{
    return (struct slice){str_text(&parser->input) + parser->consumed,
                          parser->input.length - parser->consumed};
}

static void consume(struct http_parser *parser, size_t count)
{
    parser->consumed += count;
    if (parser->consumed < COMPACT_AT)
        return;
    size_t left = parser->input.length - parser->consumed;
    if (left)
        memmove(parser->input.ptr, parser->input.ptr + parser->consumed, left);
    str_truncate(&parser->input, left);
    parser->consumed = 0;
}

/* RFC 9110 §5.6.2 */
static bool is_token(struct slice text)
{
    for (size_t i = 0; i < text.length; i++)
        if (!strchr("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz"
                    "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
                    text.ptr[i]) ||
            !text.ptr[i])
            return false;
    return text.length > 0;
}

static bool is_visible(struct slice text)
{
    for (size_t i = 0; i < text.length; i++)
        if ((unsigned char)text.ptr[i] <= ' ' || (unsigned char)text.ptr[i] >= 0x7f)
            return false;
    return text.length > 0;
}

static bool is_field_value(struct slice text)
{
    for (size_t i = 0; i < text.length; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if ((c < ' ' && c != '\t') || c == 0x7f)
            return false;
    }
    return true;
}

static char *copy(struct slice text)
{
    return mem_strndup(text.ptr, text.length);
}

static const char *parse_request_line(struct http_parser *parser, struct slice line, int *status)
{
    struct http_request *request = &parser->request;
    struct slice method, target, version;
    bool found;
    *status = 400;
    struct slice rest = slice_cut(line, ' ', &method, &found);
    if (!found || !is_token(method))
        return "the request line is malformed";
    version = slice_cut(rest, ' ', &target, &found);
    if (!found || !is_visible(target))
        return "the request line is malformed";
    if (target.length > HTTP_TARGET_LIMIT) {
        *status = 414;
        return "the request's target is too long";
    }
    bool one_one = slice_equal_text(version, "HTTP/1.1");
    if (!one_one && !slice_equal_text(version, "HTTP/1.0")) {
        *status = 505;
        return "HTTP/1.1 and HTTP/1.0 are spoken here";
    }
    if (target.ptr[0] != '/' && !slice_equal_text(method, "CONNECT"))
        return "the request's target is no path";
    request->minor = one_one;
    request->method = copy(method);
    request->target = copy(target);
    struct slice path;
    struct slice query = slice_cut(target, '?', &path, &found);
    request->path = copy(path);
    request->query = found ? copy(query) : NULL;
    return NULL;
}

static const char *parse_header(struct http_parser *parser, struct slice line)
{
    struct http_request *request = &parser->request;
    struct slice name;
    bool found;
    struct slice value = slice_trim(slice_cut(line, ':', &name, &found));
    if (!found || !is_token(name))
        return "a header is malformed";
    if (!is_field_value(value))
        return "a header has control characters";
    if (request->header_count == parser->header_capacity) {
        parser->header_capacity = parser->header_capacity ? parser->header_capacity * 2 : 16;
        request->headers =
            mem_realloc(request->headers, parser->header_capacity, sizeof(*request->headers));
    }
    request->headers[request->header_count++] = (struct http_field){copy(name), copy(value)};
    return NULL;
}

const char *http_request_header(const struct http_request *request, const char *name)
{
    for (size_t i = 0; i < request->header_count; i++)
        if (strcasecmp(request->headers[i].name, name) == 0)
            return request->headers[i].value;
    return NULL;
}

static int header_times(const struct http_request *request, const char *name)
{
    int times = 0;
    for (size_t i = 0; i < request->header_count; i++)
        times += strcasecmp(request->headers[i].name, name) == 0;
    return times;
}

static bool parse_size(const char *text, int base, size_t *size)
{
    if (!*text ||
        strspn(text, base == 16 ? "0123456789abcdefABCDEF" : "0123456789") != strlen(text))
        return false;
    if (strlen(text) > 15)
        return false;
    *size = (size_t)strtoull(text, NULL, base);
    return true;
}

/* What the headers say about the body and the connection. */
static enum http_parse read_framing(struct http_parser *parser)
{
    struct http_request *request = &parser->request;
    const char *length = http_request_header(request, "Content-Length");
    const char *coding = http_request_header(request, "Transfer-Encoding");
    const char *connection = http_request_header(request, "Connection");
    const char *expect = http_request_header(request, "Expect");
    if (header_times(request, "Content-Length") > 1 ||
        header_times(request, "Transfer-Encoding") > 1 || header_times(request, "Host") > 1 ||
        (length && coding))
        return fail(parser, 400, "the request's framing is ambiguous");
    if (request->minor && !http_request_header(request, "Host"))
        return fail(parser, 400, "the header Host is missing");
    if (coding && strcasecmp(coding, "chunked") != 0)
        return fail(parser, 501, "this transfer coding is not known");
    if (length && !parse_size(length, 10, &parser->remaining))
        return fail(parser, 400, "the header Content-Length is no number");
    request->keep_alive = request->minor ? !text_equal_nocase(connection, "close")
                                         : text_equal_nocase(connection, "keep-alive");
    request->expects_continue = request->minor && text_equal_nocase(expect, "100-continue");
    request->has_body = coding || length;
    parser->chunked = coding != NULL;
    parser->state = coding ? IN_CHUNK_LINE : IN_BODY;
    return HTTP_PARSE_HEAD;
}

static enum http_parse run_head(struct http_parser *parser)
{
    struct slice input = unread(parser);
    /* RFC 9112 §2.2: an empty line before a request is skipped. */
    while (input.length >= 2 && memcmp(input.ptr, "\r\n", 2) == 0) {
        consume(parser, 2);
        input = unread(parser);
    }
    size_t searched = input.length < HTTP_HEAD_LIMIT ? input.length : HTTP_HEAD_LIMIT;
    const char *end = memmem(input.ptr, searched, "\r\n\r\n", 4);
    if (!end)
        return input.length < HTTP_HEAD_LIMIT ? HTTP_PARSE_MORE
                                              : fail(parser, 431, "the request's head is too long");
    size_t length = (size_t)(end - input.ptr);
    struct slice head = {input.ptr, length};
    for (int number = 0; head.length; number++) {
        const char *crlf = memmem(head.ptr, head.length, "\r\n", 2);
        struct slice line = {head.ptr, crlf ? (size_t)(crlf - head.ptr) : head.length};
        int status = 400;
        if (number > HTTP_HEADER_LIMIT)
            return fail(parser, 431, "the request has too many headers");
        const char *problem =
            number ? parse_header(parser, line) : parse_request_line(parser, line, &status);
        if (problem)
            return fail(parser, status, problem);
        size_t used = line.length + (crlf ? 2 : 0);
        head.ptr += used;
        head.length -= used;
    }
    consume(parser, length + 4);
    return read_framing(parser);
}

/* Moves what has come of the body or chunk to the request. */
static bool take_body(struct http_parser *parser)
{
    struct slice input = unread(parser);
    size_t count = input.length < parser->remaining ? input.length : parser->remaining;
    str_append_bytes(&parser->request.body, input.ptr, count);
    consume(parser, count);
    parser->remaining -= count;
    return parser->remaining == 0;
}

static enum http_parse too_large(struct http_parser *parser)
{
    return fail(parser, 413, "the request's body is too large");
}

static enum http_parse run_body(struct http_parser *parser)
{
    if (parser->request.body.length + parser->remaining > parser->body_limit)
        return too_large(parser);
    if (!take_body(parser))
        return HTTP_PARSE_MORE;
    parser->state = COMPLETE;
    return HTTP_PARSE_DONE;
}

/* The next line, without its end, in *line; false: not there yet. */
static bool take_line(struct http_parser *parser, struct slice *line)
{
    struct slice input = unread(parser);
    const char *crlf = memmem(input.ptr, input.length, "\r\n", 2);
    if (!crlf)
        return false;
    *line = (struct slice){input.ptr, (size_t)(crlf - input.ptr)};
    return true;
}

static enum http_parse run_chunk_line(struct http_parser *parser)
{
    struct slice line, size;
    bool found;
    if (!take_line(parser, &line))
        return unread(parser).length > CHUNK_LINE_LIMIT
                   ? fail(parser, 400, "a chunk's size is malformed")
                   : HTTP_PARSE_MORE;
    slice_cut(line, ';', &size, &found);
    CLEANUP(free_pointer) char *text = copy(slice_trim(size));
    if (!parse_size(text, 16, &parser->remaining))
        return fail(parser, 400, "a chunk's size is malformed");
    if (parser->request.body.length + parser->remaining > parser->body_limit)
        return too_large(parser);
    consume(parser, line.length + 2);
    parser->state = parser->remaining ? IN_CHUNK : IN_TRAILER;
    return HTTP_PARSE_HEAD; /* go on; the loop of http_parser_run() swallows it */
}

static enum http_parse run_after_chunk(struct http_parser *parser)
{
    struct slice input = unread(parser);
    if (input.length < 2)
        return HTTP_PARSE_MORE;
    if (memcmp(input.ptr, "\r\n", 2) != 0)
        return fail(parser, 400, "a chunk is longer than it says");
    consume(parser, 2);
    parser->state = IN_CHUNK_LINE;
    return HTTP_PARSE_HEAD;
}

static enum http_parse run_trailer(struct http_parser *parser)
{
    struct slice line;
    if (!take_line(parser, &line))
        return unread(parser).length > HTTP_HEAD_LIMIT
                   ? fail(parser, 431, "the request's trailer is too long")
                   : HTTP_PARSE_MORE;
    consume(parser, line.length + 2);
    if (line.length)
        return HTTP_PARSE_HEAD;
    parser->state = COMPLETE;
    return HTTP_PARSE_DONE;
}

enum http_parse http_parser_run(struct http_parser *parser)
{
    for (;;) {
        enum http_parse result;
        switch (parser->state) {
        case IN_HEAD:
            return run_head(parser);
        case IN_BODY:
            return run_body(parser);
        case IN_CHUNK_LINE:
            result = run_chunk_line(parser);
            break;
        case IN_CHUNK:
            if (!take_body(parser))
                return HTTP_PARSE_MORE;
            parser->state = AFTER_CHUNK;
            continue;
        case AFTER_CHUNK:
            result = run_after_chunk(parser);
            break;
        case IN_TRAILER:
            result = run_trailer(parser);
            break;
        case COMPLETE:
            return HTTP_PARSE_DONE;
        default:
            return HTTP_PARSE_BAD;
        }
        if (result != HTTP_PARSE_HEAD)
            return result;
    }
}

struct http_request *http_parser_request(struct http_parser *parser)
{
    return &parser->request;
}

void http_parser_set_body_limit(struct http_parser *parser, size_t limit)
{
    parser->body_limit = limit;
}

void http_parser_next(struct http_parser *parser)
{
    request_clear(&parser->request);
    parser->header_capacity = 0;
    parser->body_limit = HTTP_BODY_LIMIT;
    parser->remaining = 0;
    parser->state = IN_HEAD;
}

void http_parser_take_rest(struct http_parser *parser, struct str *out)
{
    struct slice input = unread(parser);
    str_append_bytes(out, input.ptr, input.length);
    consume(parser, input.length);
}

bool http_parser_idle(const struct http_parser *parser)
{
    return parser->state == IN_HEAD && parser->consumed == parser->input.length;
}

struct http_problem http_parser_problem(const struct http_parser *parser)
{
    return parser->problem;
}
