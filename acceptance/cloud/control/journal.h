/* What the emulator was asked: the last operations in memory, and every exchange in a file of JSON
 * lines (--record). */
#ifndef OKESTRA_CLOUD_JOURNAL_H
#define OKESTRA_CLOUD_JOURNAL_H

#include <jansson.h>
#include <stdint.h>

#include "acceptance/cloud/http/server.h"
#include "lib/base/error.h"

enum { JOURNAL_LINES = 20000 };

struct journal;

/* record: path of the file, appended to, mode 0600; NULL: none. NULL and err. */
struct journal *journal_open(const char *record, struct error *err);
void journal_free(struct journal *journal);

struct exchange {
    int64_t time_ms;
    const char *service, *operation; /* NULL: none was found */
    const struct http_request *request;
    const struct server_answer *answer;
};

void journal_add(struct journal *journal, const struct exchange *exchange);
/* The lines in memory, oldest first. New reference. */
json_t *journal_list(const struct journal *journal);
void journal_clear(struct journal *journal);

#endif
