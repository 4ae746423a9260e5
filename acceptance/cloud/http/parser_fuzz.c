/* The request parser: the same bytes at once and in pieces must give the same requests. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "acceptance/cloud/http/parser.h"
#include "lib/base/compiler.h"

enum { SMALL_BODY = 4096 };

/* What was read, as one text. */
static void drain(struct http_parser *parser, struct str *seen, bool *ended)
{
    while (!*ended) {
        enum http_parse result = http_parser_run(parser);
        const struct http_request *request = http_parser_request(parser);
        if (result == HTTP_PARSE_MORE)
            return;
        if (result == HTTP_PARSE_HEAD) {
            http_parser_set_body_limit(parser, SMALL_BODY);
            str_printf(seen, "%s %s|%zu;", request->method, request->target, request->header_count);
        } else if (result == HTTP_PARSE_DONE) {
            if (request->body.length > SMALL_BODY)
                abort();
            str_append_bytes(seen, str_text(&request->body), request->body.length);
            http_parser_next(parser);
        } else {
            struct http_problem problem = http_parser_problem(parser);
            if (problem.status < 400 || !problem.text)
                abort();
            str_printf(seen, "!%d", problem.status);
            *ended = true;
        }
    }
}

static void read_all(const uint8_t *data, size_t size, size_t piece, struct str *seen)
{
    struct http_parser *parser = http_parser_new();
    bool ended = false;
    for (size_t at = 0; at < size && !ended; at += piece) {
        http_parser_feed(parser, data + at, size - at < piece ? size - at : piece);
        drain(parser, seen, &ended);
    }
    http_parser_free(parser);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    STR_AUTO whole = STR_INIT;
    STR_AUTO pieces = STR_INIT;
    if (size == 0)
        return 0;
    read_all(data, size, size, &whole);
    read_all(data, size, 1 + data[0] % 7, &pieces);
    if (whole.length != pieces.length ||
        memcmp(str_text(&whole), str_text(&pieces), whole.length) != 0)
        abort();
    return 0;
}
