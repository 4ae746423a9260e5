#include "lib/base/log.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "lib/base/compiler.h"
#include "lib/base/str.h"

static struct {
    log_sink *sink;
    void *context;
    enum log_level lowest;
} logger = {NULL, NULL, LOG_LEVEL_OFF};

static const char *const level_names[] = {"trace", "debug", "info", "warn", "error", "off"};

void log_set_sink(log_sink *sink, void *context, enum log_level lowest)
{
    logger.sink = sink;
    logger.context = context;
    logger.lowest = lowest;
}

bool log_enabled(enum log_level level)
{
    return logger.sink && level >= logger.lowest && level < LOG_LEVEL_OFF;
}

bool log_key_is_secret(const char *key)
{
    static const char *const secret_parts[] = {"authorization", "private_key", "pass",   "token",
                                               "secret",        "credential",  "par_uri"};
    for (size_t i = 0; i < ARRAY_LENGTH(secret_parts); i++)
        if (strcasestr(key, secret_parts[i]))
            return true;
    return false;
}

void log_write(enum log_level level, const char *message, const struct log_field *fields,
               size_t count)
{
    enum { MOST_FIELDS = 16 };
    struct log_field masked[MOST_FIELDS];
    if (!log_enabled(level))
        return;
    if (count > MOST_FIELDS)
        count = MOST_FIELDS;
    for (size_t i = 0; i < count; i++) {
        masked[i] = fields[i];
        if (log_key_is_secret(fields[i].key))
            masked[i].value = "***";
        else if (!fields[i].value)
            masked[i].value = "";
    }
    logger.sink(logger.context, level, message, masked, count);
}

enum log_level log_level_parse(const char *text)
{
    if (!text)
        return LOG_LEVEL_OFF;
    if (strcasecmp(text, "json") == 0)
        return LOG_LEVEL_TRACE;
    for (size_t i = 0; i < ARRAY_LENGTH(level_names); i++)
        if (strcasecmp(text, level_names[i]) == 0)
            return (enum log_level)i;
    return LOG_LEVEL_OFF;
}

const char *log_level_name(enum log_level level)
{
    return level_names[level <= LOG_LEVEL_OFF ? level : LOG_LEVEL_OFF];
}
