/* For tests: a cloud in a temporary directory, and signed calls without sockets. Included by tests alone. */
#ifndef OKESTRA_CLOUD_TEST_CLOUD_H
#define OKESTRA_CLOUD_TEST_CLOUD_H

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "acceptance/cloud/cloud.h"
#include "acceptance/cloud/http/parser.h"
#include "acceptance/cloud/identity/identity.h"
#include "lib/base/clock.h"
#include "lib/base/compiler.h"
#include "lib/base/encoding.h"
#include "lib/base/file.h"
#include "lib/base/json.h"

enum { TEST_NO_WAITS = 1000000 }; /* a speed at which everything is done at the next tick */

struct test_cloud {
    char directory[64];
    double speed;
    struct cloud *cloud;
    EVP_PKEY *key;
    char *key_id;
};

/* A call: what is signed, and what is sent instead, if anything. */
struct test_request {
    const char *method, *target, *body;
    const char *headers;     /* more lines, each with CRLF */
    const char *host;        /* NULL: 127.0.0.1:1 */
    const char *tunnel;      /* host of the CONNECT */
    const char *list;        /* signed headers; NULL: as Oracle's SDKs have it */
    const char *key_id;      /* NULL: the initial user's */
    int64_t skew_ms;         /* of the date */
    const char *sent_body;   /* NULL: as signed */
    const char *sent_target; /* NULL: as signed */
    bool without_signature, from_elsewhere;
};

struct test_answer {
    int status;
    json_t *json;  /* NULL without a JSON body */
    char *headers; /* lines */
    int64_t delay_ms;
    bool drop;
};

ATTR_UNUSED static void test_answer_free(struct test_answer *answer)
{
    json_decref(answer->json);
    free(answer->headers);
    *answer = (struct test_answer){0};
}
#define TEST_ANSWER CLEANUP(test_answer_free) struct test_answer

/* Opens (again) the state in test->directory. */
ATTR_UNUSED static void test_cloud_open(struct test_cloud *test)
{
    ERROR_AUTO(err);
    STR_AUTO path = STR_INIT;
    const struct cloud_options options = {test->directory, NULL, test->speed};
    test->cloud = cloud_open(&options, &err);
    if (!test->cloud || !cloud_publish(test->cloud, "https://127.0.0.1:1", &err))
        fatal_error("%s", error_message(&err));
    str_printf(&path, "%s/key.pem", test->directory);
    test->key = key_file_open(str_text(&path), "RSA", &err);
    test->key_id = mem_strdup(store_first(test->cloud->store, &kind_api_key)->id);
}

ATTR_UNUSED static void test_cloud_close(struct test_cloud *test)
{
    cloud_free(test->cloud);
    EVP_PKEY_free(test->key);
    free(test->key_id);
}

/* RSA keys take long to make: the first cloud's are used for all of a test program. */
static void test_share_keys(const struct test_cloud *test, bool made)
{
    static const char *const names[] = {"key.pem", "token.key", "session.key"};
    static struct str keys[ARRAY_LENGTH(names)];
    for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
        ERROR_AUTO(err);
        STR_AUTO path = STR_INIT;
        str_printf(&path, "%s/%s", test->directory, names[i]);
        if (made && !keys[i].length)
            file_read(str_text(&path), 64 * 1024, &keys[i], &err);
        else if (!made && keys[i].length)
            file_write_atomic(str_text(&path), keys[i].ptr, keys[i].length, 0600, &err);
        if (error_is_set(&err))
            fatal_error("%s", error_message(&err));
    }
}

ATTR_UNUSED static struct test_cloud *test_cloud_new(double speed)
{
    struct test_cloud *test = mem_calloc(1, sizeof(*test));
    test->speed = speed;
    strcpy(test->directory, "/tmp/okestra-cloud-XXXXXX");
    if (!mkdtemp(test->directory))
        fatal_error("cannot make a directory");
    test_share_keys(test, false);
    test_cloud_open(test);
    test_share_keys(test, true);
    return test;
}

ATTR_UNUSED static void test_cloud_free(struct test_cloud *test)
{
    static const char *const files[] = {
        "ca.key",        "ca.pem",        "config",
        "env",           "key.pem",       "session.key",
        "session.token", "token.key",     "resource-principal.token",
        "state.log",     "control-token", "service-account.token"};
    test_cloud_close(test);
    for (size_t i = 0; i < ARRAY_LENGTH(files); i++) {
        STR_AUTO path = STR_INIT;
        str_printf(&path, "%s/%s", test->directory, files[i]);
        unlink(str_text(&path));
    }
    rmdir(test->directory);
    free(test);
}

/* --- signing, by the rules of the API reference ---------------------------------------------------- */

static void test_sign(const struct test_cloud *test, const char *text, struct str *signature)
{
    unsigned char bytes[1024];
    size_t length = sizeof(bytes);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    if (EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, test->key) != 1 ||
        EVP_DigestSign(context, bytes, &length, (const unsigned char *)text, strlen(text)) != 1)
        fatal_error("cannot sign");
    EVP_MD_CTX_free(context);
    base64_encode(BASE64_STANDARD, bytes, length, signature);
}

static void test_digest(const char *body, struct str *digest)
{
    unsigned char bytes[SHA256_SIZE];
    sha256_digest(body, strlen(body), bytes);
    base64_encode(BASE64_STANDARD, bytes, sizeof(bytes), digest);
}

/* "name: value" of a header that is signed. */
static void test_append_line(const struct test_request *request, const char *date,
                             const char *digest, const char *name, struct str *out)
{
    const char *host = request->host ? request->host : "127.0.0.1:1";
    const char *body = request->body ? request->body : "";
    if (strcmp(name, "(request-target)") == 0) {
        str_printf(out, "%s: ", name);
        for (const char *c = request->method; *c; c++)
            str_append_char(out, (char)(*c | 0x20));
        str_printf(out, " %s", request->target);
    } else if (strcmp(name, "content-length") == 0) {
        str_printf(out, "%s: %zu", name, strlen(body));
    } else {
        str_printf(out, "%s: %s", name,
                   strcmp(name, "date") == 0           ? date
                   : strcmp(name, "host") == 0         ? host
                   : strcmp(name, "content-type") == 0 ? "application/json"
                                                       : digest);
    }
}

static void test_append_signature(const struct test_cloud *test, const struct test_request *request,
                                  const char *date, const char *digest, struct str *head)
{
    bool body = strcmp(request->method, "POST") == 0 || strcmp(request->method, "PUT") == 0;
    const char *list = request->list ? request->list
                       : body        ? "date (request-target) host content-length content-type "
                                       "x-content-sha256"
                                     : "date (request-target) host";
    STR_AUTO text = STR_INIT;
    STR_AUTO signature = STR_INIT;
    struct slice rest = slice_from(list), word;
    for (bool found = true; found;) {
        rest = slice_cut(rest, ' ', &word, &found);
        CLEANUP(free_pointer) char *name = mem_strndup(word.ptr, word.length);
        if (text.length)
            str_append_char(&text, '\n');
        test_append_line(request, date, digest, name, &text);
    }
    test_sign(test, str_text(&text), &signature);
    str_printf(head,
               "Authorization: Signature version=\"1\",keyId=\"%s\",algorithm=\"rsa-sha256\","
               "headers=\"%s\",signature=\"%s\"\r\n",
               request->key_id ? request->key_id : test->key_id, list, str_text(&signature));
}

static void test_write_request(const struct test_cloud *test, const struct test_request *request,
                               struct str *out)
{
    char date[CLOCK_HTTP_SIZE];
    STR_AUTO digest = STR_INIT;
    const char *body = request->body ? request->body : "";
    const char *sent = request->sent_body ? request->sent_body : body;
    clock_format_http(clock_wall_ms() + request->skew_ms, date);
    test_digest(body, &digest);
    str_printf(out, "%s %s HTTP/1.1\r\nHost: %s\r\nDate: %s\r\n", request->method,
               request->sent_target ? request->sent_target : request->target,
               request->host ? request->host : "127.0.0.1:1", date);
    if (!request->without_signature)
        test_append_signature(test, request, date, str_text(&digest), out);
    if (strcmp(request->method, "POST") == 0 || strcmp(request->method, "PUT") == 0)
        str_printf(out,
                   "Content-Type: application/json\r\nContent-Length: %zu\r\n"
                   "x-content-sha256: %s\r\n",
                   strlen(sent), str_text(&digest));
    str_printf(out, "%s\r\n%s", request->headers ? request->headers : "", sent);
}

/* Through the parser and the dispatcher, as the server does it. */
ATTR_UNUSED static struct test_answer test_send(const struct test_cloud *test,
                                                const struct test_request *request)
{
    STR_AUTO wire = STR_INIT;
    test_write_request(test, request, &wire);
    struct http_parser *parser = http_parser_new();
    http_parser_feed(parser, wire.ptr, wire.length);
    enum http_parse head = http_parser_run(parser), done = http_parser_run(parser);
    if (head != HTTP_PARSE_HEAD || done != HTTP_PARSE_DONE)
        fatal_error("the request cannot be parsed: %s", str_text(&wire));
    const struct server_peer peer = {request->tunnel, !request->from_elsewhere};
    struct server_answer answer = {0};
    cloud_handle(test->cloud, http_parser_request(parser), &peer, &answer);
    http_parser_free(parser);
    ERROR_AUTO(ignored);
    struct test_answer result = {.status = answer.status,
                                 .headers = mem_strdup(str_text(&answer.headers)),
                                 .delay_ms = answer.delay_ms,
                                 .drop = answer.drop};
    if (answer.body.length)
        result.json = json_parse(answer.body.ptr, answer.body.length, &ignored);
    str_free(&answer.headers);
    str_free(&answer.body);
    return result;
}

ATTR_UNUSED static struct test_answer test_call(const struct test_cloud *test, const char *method,
                                                const char *target, const char *body)
{
    return test_send(test,
                     &(struct test_request){.method = method, .target = target, .body = body});
}

/* The value of a header of the answer; caller frees; NULL when there is none. */
ATTR_UNUSED static char *test_answer_header(const struct test_answer *answer, const char *name)
{
    struct slice rest = slice_from(answer->headers), line, key;
    for (bool found = true; found;) {
        bool colon;
        rest = slice_cut(rest, '\n', &line, &found);
        struct slice value = slice_trim(slice_cut(line, ':', &key, &colon));
        if (colon && key.length == strlen(name) && strncasecmp(key.ptr, name, key.length) == 0)
            return mem_strndup(value.ptr, value.length);
    }
    return NULL;
}

#endif
