#include "acceptance/cloud/control/journal.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/base/encoding.h"
#include "lib/base/file.h"
#include "lib/base/json.h"

struct journal {
    int fd;
    json_t *lines;
};

struct journal *journal_open(const char *record, struct error *err)
{
    struct journal *journal = mem_calloc(1, sizeof(*journal));
    journal->lines = json_array();
    journal->fd = record ? open(record, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : -1;
    if (!record || journal->fd >= 0)
        return journal;
    error_set_errno(err, "open the record %s", record);
    journal_free(journal);
    return NULL;
}

void journal_free(struct journal *journal)
{
    if (!journal)
        return;
    file_close_pointer(&journal->fd);
    json_decref(journal->lines);
    free(journal);
}

/* JSON as JSON, other text as text, anything else in base64, nothing as null. */
static json_t *body_of(const struct str *body)
{
    ERROR_AUTO(ignored);
    if (!body->length)
        return json_null();
    json_t *json = json_parse(body->ptr, body->length, &ignored);
    if (json)
        return json;
    if (text_is_utf8(body->ptr, body->length) && !memchr(body->ptr, 0, body->length))
        return json_stringn(body->ptr, body->length);
    STR_AUTO text = STR_INIT;
    base64_encode(BASE64_STANDARD, body->ptr, body->length, &text);
    return json_string(str_text(&text));
}

static json_t *request_headers(const struct http_request *request)
{
    json_t *headers = json_object();
    for (size_t i = 0; i < request->header_count; i++)
        json_set_text(headers, request->headers[i].name, request->headers[i].value);
    return headers;
}

static json_t *answer_headers(const struct server_answer *answer)
{
    json_t *headers = json_object();
    struct slice rest = {str_text(&answer->headers), answer->headers.length}, line, name;
    bool found;
    while (rest.length) {
        rest = slice_cut(rest, '\n', &line, &found);
        struct slice value = slice_trim(slice_cut(line, ':', &name, &found));
        if (found)
            json_object_setn_new(headers, name.ptr, name.length,
                                 json_stringn(value.ptr, value.length));
    }
    return headers;
}

static json_t *line_of(const struct exchange *exchange)
{
    char time[CLOCK_RFC3339_SIZE];
    json_t *line = json_object();
    json_set_text(line, "time", clock_format_rfc3339(exchange->time_ms, time));
    json_set_text(line, "service", exchange->service);
    json_set_text(line, "operation", exchange->operation);
    json_set_text(line, "method", exchange->request->method);
    json_set_text(line, "path", exchange->request->target);
    return line;
}

/* The status is 0 when the connection was dropped. */
static json_t *status_of(const struct server_answer *answer)
{
    return json_integer(answer->drop ? 0 : answer->status);
}

static void write_record(const struct journal *journal, const struct exchange *exchange)
{
    JSON_AUTO line = line_of(exchange);
    json_object_set_new(line, "headers", request_headers(exchange->request));
    json_object_set_new(line, "body", body_of(&exchange->request->body));
    json_object_set_new(line, "status", status_of(exchange->answer));
    json_object_set_new(line, "response", body_of(&exchange->answer->body));
    json_object_set_new(line, "response_headers", answer_headers(exchange->answer));
    STR_AUTO text = STR_INIT;
    json_write(line, false, &text);
    str_append_char(&text, '\n');
    /* One write, so that lines stay whole; a full disk must not stop the emulator. */
    if (write(journal->fd, text.ptr, text.length) < 0)
        return;
}

void journal_add(struct journal *journal, const struct exchange *exchange)
{
    if (journal->fd >= 0)
        write_record(journal, exchange);
    json_t *line = line_of(exchange);
    json_object_set_new(line, "status", status_of(exchange->answer));
    if (json_array_size(journal->lines) == JOURNAL_LINES) {
        /* Halved at once: taking one from the front each time would move all others. */
        json_t *rest = json_array();
        for (size_t i = JOURNAL_LINES / 2; i < JOURNAL_LINES; i++)
            json_array_append(rest, json_array_get(journal->lines, i));
        json_decref(journal->lines);
        journal->lines = rest;
    }
    json_array_append_new(journal->lines, line);
}

json_t *journal_list(const struct journal *journal)
{
    return json_copy(journal->lines);
}

void journal_clear(struct journal *journal)
{
    json_array_clear(journal->lines);
}
