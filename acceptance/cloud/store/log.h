/*
 * An append-only log of JSON records. Each is a line: CRC-32 of the text in eight hex digits, a blank,
 * the text. A record is on disk when state_log_append() returns true. Not thread-safe.
 */
#ifndef OKESTRA_CLOUD_LOG_H
#define OKESTRA_CLOUD_LOG_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "lib/base/error.h"

struct state_log;

enum { STATE_LOG_LIMIT = 1024 * 1024 * 1024, STATE_LOG_COMPACT_AT = 4 * 1024 * 1024 };

typedef bool state_log_apply(void *context, const json_t *record, struct error *err);
/* The next record of a snapshot that stands for the whole log; *cursor is NULL at first. New
 * reference; NULL at the end. */
typedef json_t *state_log_snapshot(void *context, void **cursor);

/*
 * Opens or makes the file (mode 0600, locked against a second process) and applies what is in it. An
 * incomplete last record, as a crash leaves it, is cut off. NULL and err for any other damage.
 */
struct state_log *state_log_open(const char *path, state_log_apply *apply,
                                 state_log_snapshot *snapshot, void *context, struct error *err);
void state_log_close(struct state_log *log); /* accepts NULL */

/* False and err when it could not be made durable; then the log is as before. */
bool state_log_append(struct state_log *log, const json_t *record, struct error *err);
/* Replaces the log by a snapshot once it is long and mostly history. A failure leaves it as it is. */
void state_log_compact_if_due(struct state_log *log);

#endif
