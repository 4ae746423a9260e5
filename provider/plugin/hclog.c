#include "provider/plugin/hclog.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/base/vec.h"
#include "provider/plugin/limits.h"

/* A line of a key shorter than this is its header or could be ordinary text. */
enum { SHORTEST_LINE = 24 };

static const char mask[] = "***";
static const char module_name[] = "provider.oke";

static struct {
    pthread_mutex_t mutex;
    VEC(struct slice) items;
} secrets = {.mutex = PTHREAD_MUTEX_INITIALIZER};

/* --- secrets ---------------------------------------------------------------------------------- */

/* The mutex is held. */
static void add_secret(struct slice secret)
{
    if (secret.length < HCLOG_MIN_SECRET || secrets.items.count >= HCLOG_MAX_SECRETS)
        return;
    for (size_t i = 0; i < secrets.items.count; i++)
        if (slice_equal(secrets.items.items[i], secret))
            return;
    const struct slice copy = {mem_strndup(secret.ptr, secret.length), secret.length};
    vec_push(&secrets.items, copy);
    /* The longest first: where one secret holds another, the whole must go. */
    for (size_t i = secrets.items.count - 1;
         i > 0 && secrets.items.items[i - 1].length < secrets.items.items[i].length; i--) {
        secrets.items.items[i] = secrets.items.items[i - 1];
        secrets.items.items[i - 1] = copy;
    }
}

void hclog_register_secret(const void *bytes, size_t length)
{
    struct slice rest = slice_trim((struct slice){bytes, length});
    pthread_mutex_lock(&secrets.mutex);
    add_secret(rest);
    if (rest.length && memchr(rest.ptr, '\n', rest.length)) {
        struct slice line;
        bool found = true;
        while (found) {
            rest = slice_cut(rest, '\n', &line, &found);
            line = slice_trim(line);
            if (line.length >= SHORTEST_LINE && !slice_starts_with(line, "-----"))
                add_secret(line);
        }
    }
    pthread_mutex_unlock(&secrets.mutex);
}

/* Appends text with every secret masked. */
static void append_masked(struct slice text, struct str *out)
{
    while (text.length > 0) {
        const char *first = NULL;
        size_t length = 0;
        pthread_mutex_lock(&secrets.mutex);
        for (size_t i = 0; i < secrets.items.count; i++) {
            const struct slice secret = secrets.items.items[i];
            const char *at = memmem(text.ptr, text.length, secret.ptr, secret.length);
            if (at && (!first || at < first)) {
                first = at;
                length = secret.length;
            }
        }
        pthread_mutex_unlock(&secrets.mutex);
        if (!first) {
            str_append_slice(out, text);
            return;
        }
        str_append_bytes(out, text.ptr, (size_t)(first - text.ptr));
        str_append(out, mask);
        size_t done = (size_t)(first - text.ptr) + length;
        text = (struct slice){text.ptr + done, text.length - done};
    }
}

/* --- records ---------------------------------------------------------------------------------- */

/* A JSON string of valid UTF-8: masked first, cut second, so that no cut leaves half a secret. */
static void append_json(const char *text, struct str *out)
{
    STR_AUTO masked = STR_INIT;
    STR_AUTO clean = STR_INIT;
    append_masked(slice_from(text), &masked);
    bool cut = masked.length > HCLOG_MAX_VALUE;
    str_append_utf8(&clean, str_text(&masked), cut ? HCLOG_MAX_VALUE : masked.length);
    str_append_char(out, '"');
    for (size_t i = 0; i < clean.length; i++) {
        unsigned char c = (unsigned char)clean.ptr[i];
        if (c == '"' || c == '\\')
            str_append_bytes(out, (const char[]){'\\', (char)c}, 2);
        else if (c < 0x20 || c == 0x7f)
            str_printf(out, "\\u%04x", c);
        else
            str_append_char(out, (char)c);
    }
    str_append(out, cut ? "…\"" : "\"");
}

void hclog_format(enum log_level level, int64_t wall_ms, const char *message,
                  const struct log_field *fields, size_t count, struct str *out)
{
    char time[CLOCK_RFC3339_SIZE];
    size_t start = out->length;
    clock_format_rfc3339(wall_ms, time);
    time[strlen(time) - 1] = '\0'; /* six digits of fraction are required */
    str_printf(out, "{\"@level\":\"%s\",\"@timestamp\":\"%s000Z\",\"@module\":\"%s\",\"@message\":",
               log_level_name(level), time, module_name);
    append_json(message, out);
    for (size_t i = 0; i < count; i++) {
        size_t before = out->length;
        if (text_empty(fields[i].key) || fields[i].key[0] == '@')
            continue; /* these names are the format's own */
        str_append_char(out, ',');
        append_json(fields[i].key, out);
        str_append_char(out, ':');
        append_json(fields[i].value ? fields[i].value : "", out);
        if (out->length - start > HCLOG_MAX_LINE - 2) {
            str_truncate(out, before);
            break;
        }
    }
    str_append(out, "}\n");
}

static void write_record(void *context, enum log_level level, const char *message,
                         const struct log_field *fields, size_t count)
{
    static pthread_mutex_t writing = PTHREAD_MUTEX_INITIALIZER;
    (void)context;
    STR_AUTO line = STR_INIT;
    hclog_format(level, clock_wall_ms(), message, fields, count, &line);
    /* A pipe takes more than 4096 bytes in pieces, between which other threads could write. */
    pthread_mutex_lock(&writing);
    for (size_t done = 0; done < line.length;) {
        ssize_t put = write(STDERR_FILENO, line.ptr + done, line.length - done);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            break;
        done += (size_t)put;
    }
    pthread_mutex_unlock(&writing);
}

enum log_level hclog_level(void)
{
    static const char *const names[] = {"TF_LOG_PROVIDER_OKE", "TF_LOG_PROVIDER", "TF_LOG"};
    for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
        const char *text = getenv(names[i]);
        if (text_empty(text))
            continue;
        enum log_level level = log_level_parse(text);
        return level == LOG_LEVEL_OFF && !text_equal_nocase(text, "off") ? LOG_LEVEL_TRACE : level;
    }
    return LOG_LEVEL_OFF;
}

void hclog_start(void)
{
    log_set_sink(write_record, NULL, hclog_level());
}
