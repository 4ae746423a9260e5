#include "lib/base/test.h"

#include <string.h>

#include "acceptance/cloud/http/parser.h"
#include "lib/base/compiler.h"

static enum http_parse feed(struct http_parser *parser, const char *text)
{
    http_parser_feed(parser, text, strlen(text));
    return http_parser_run(parser);
}

static void free_parser(struct http_parser **parser)
{
    http_parser_free(*parser);
}
#define PARSER(name) CLEANUP(free_parser) struct http_parser *name = http_parser_new()

static void test_request(void **state)
{
    (void)state;
    PARSER(parser);
    assert_int_equal(
        feed(parser, "POST /20160918/vcns?a=b&c=%20 HTTP/1.1\r\nHost: h\r\nX-Y:  v \r\n"),
        HTTP_PARSE_MORE);
    assert_int_equal(feed(parser, "Content-Length: 5\r\n\r\nhe"), HTTP_PARSE_HEAD);
    const struct http_request *request = http_parser_request(parser);
    assert_string_equal(request->method, "POST");
    assert_string_equal(request->target, "/20160918/vcns?a=b&c=%20");
    assert_string_equal(request->path, "/20160918/vcns");
    assert_string_equal(request->query, "a=b&c=%20");
    assert_string_equal(http_request_header(request, "x-y"), "v");
    assert_null(http_request_header(request, "x"));
    assert_true(request->keep_alive);
    assert_int_equal(http_parser_run(parser), HTTP_PARSE_MORE);
    assert_int_equal(feed(parser, "lloGET /n HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"),
                     HTTP_PARSE_DONE);
    assert_string_equal(str_text(&request->body), "hello");
    /* The next one came with it. */
    http_parser_next(parser);
    assert_int_equal(http_parser_run(parser), HTTP_PARSE_HEAD);
    assert_int_equal(http_parser_run(parser), HTTP_PARSE_DONE);
    assert_string_equal(request->target, "/n");
    assert_null(request->query);
    assert_false(request->keep_alive);
    http_parser_next(parser);
    assert_true(http_parser_idle(parser));
}

static void test_byte_by_byte(void **state)
{
    (void)state;
    PARSER(parser);
    static const char text[] = "PUT /o HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
                               "3;x=y\r\nabc\r\nA\r\n0123456789\r\n0\r\nTrailer: t\r\n\r\n";
    for (size_t i = 0; text[i + 1]; i++) {
        http_parser_feed(parser, text + i, 1);
        enum http_parse result = http_parser_run(parser);
        assert_true(result == HTTP_PARSE_MORE || result == HTTP_PARSE_HEAD);
    }
    http_parser_feed(parser, "\n", 1);
    assert_int_equal(http_parser_run(parser), HTTP_PARSE_DONE);
    assert_string_equal(str_text(&http_parser_request(parser)->body), "abc0123456789");
}

static void test_problems(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int status;
    } cases[] = {
        {"GET\r\n\r\n", 400},
        {"GET / HTTP/2.0\r\nHost: h\r\n\r\n", 505},
        {"GET http://h/ HTTP/1.1\r\nHost: h\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\n\r\n", 400}, /* no Host */
        {"GET / HTTP/1.1\r\nHost: h\r\nHost: h\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\nHost : h\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\nHost: h\r\n folded\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\nHost: h\r\nA: b\rc\r\n\r\n", 400},
        {"GET / HTTP/1.1\nHost: h\n\r\n\r\n", 505}, /* bare line feeds end no line */
        {"G\001T / HTTP/1.1\r\nHost: h\r\n\r\n", 400},
        {"GET /\x80 HTTP/1.1\r\nHost: h\r\n\r\n", 400},
        {"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n", 400},
        {"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
         400},
        {"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n", 400},
        {"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999999999999999\r\n\r\n", 400},
        {"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip\r\n\r\n", 501},
        {"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1048577\r\n\r\n", 413},
        {"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n200000\r\n", 413},
        {"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", 400},
        {"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n", 400},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        PARSER(parser);
        http_parser_feed(parser, cases[i].text, strlen(cases[i].text));
        enum http_parse result = http_parser_run(parser);
        if (result == HTTP_PARSE_HEAD)
            result = http_parser_run(parser);
        if (result != HTTP_PARSE_BAD || http_parser_problem(parser).status != cases[i].status)
            fail_msg("%s: %d, status %d", cases[i].text, (int)result,
                     http_parser_problem(parser).status);
    }
}

static void test_limits(void **state)
{
    (void)state;
    PARSER(endless);
    STR_AUTO head = STR_INIT;
    str_append(&head, "GET / HTTP/1.1\r\nHost: h\r\n");
    while (head.length < HTTP_HEAD_LIMIT)
        str_append(&head, "A: bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\r\n");
    http_parser_feed(endless, head.ptr, head.length);
    assert_int_equal(http_parser_run(endless), HTTP_PARSE_BAD);
    assert_int_equal(http_parser_problem(endless).status, 431);

    PARSER(many);
    str_clear(&head);
    str_append(&head, "GET / HTTP/1.1\r\nHost: h\r\n");
    for (int i = 0; i < HTTP_HEADER_LIMIT; i++)
        str_append(&head, "A: b\r\n");
    str_append(&head, "\r\n");
    http_parser_feed(many, head.ptr, head.length);
    assert_int_equal(http_parser_run(many), HTTP_PARSE_BAD);
    assert_int_equal(http_parser_problem(many).status, 431);

    PARSER(target);
    str_clear(&head);
    str_append(&head, "GET /");
    for (int i = 0; i < HTTP_TARGET_LIMIT; i++)
        str_append_char(&head, 'a');
    str_append(&head, " HTTP/1.1\r\nHost: h\r\n\r\n");
    http_parser_feed(target, head.ptr, head.length);
    assert_int_equal(http_parser_run(target), HTTP_PARSE_BAD);
    assert_int_equal(http_parser_problem(target).status, 414);

    PARSER(raised);
    assert_int_equal(feed(raised, "PUT /o HTTP/1.1\r\nHost: h\r\nContent-Length: 1048577\r\n\r\n"),
                     HTTP_PARSE_HEAD);
    http_parser_set_body_limit(raised, 2 * HTTP_BODY_LIMIT);
    assert_int_equal(http_parser_run(raised), HTTP_PARSE_MORE);
}

static void test_connect(void **state)
{
    (void)state;
    PARSER(parser);
    STR_AUTO rest = STR_INIT;
    assert_int_equal(feed(parser, "CONNECT iaas.x:443 HTTP/1.1\r\nHost: iaas.x:443\r\n\r\n\026abc"),
                     HTTP_PARSE_HEAD);
    assert_int_equal(http_parser_run(parser), HTTP_PARSE_DONE);
    assert_string_equal(http_parser_request(parser)->target, "iaas.x:443");
    http_parser_take_rest(parser, &rest);
    assert_string_equal(str_text(&rest), "\026abc");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_request), cmocka_unit_test(test_byte_by_byte),
        cmocka_unit_test(test_problems), cmocka_unit_test(test_limits),
        cmocka_unit_test(test_connect)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
