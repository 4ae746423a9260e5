/*
 * Logging: levels, a message and key=value pairs, handed to the one sink that the program set.
 * Library code logs, only programs decide where it goes. Thread-safe. Never pass secrets: values
 * under keys that look secret (authorization, private_key, pass_phrase, password, token, secret) are
 * masked by log_write() as a second line of defence.
 */
#ifndef OKESTRA_BASE_LOG_H
#define OKESTRA_BASE_LOG_H

#include <stdbool.h>
#include <stddef.h>

enum log_level {
    LOG_LEVEL_TRACE,
    LOG_LEVEL_DEBUG,
    LOG_LEVEL_INFO,
    LOG_LEVEL_WARN,
    LOG_LEVEL_ERROR,
    LOG_LEVEL_OFF
};

struct log_field {
    const char *key;
    const char *value; /* NULL is written as "" */
};

typedef void log_sink(void *context, enum log_level level, const char *message,
                      const struct log_field *fields, size_t count);

/* Until a sink is set nothing is logged. Call before other threads start. */
void log_set_sink(log_sink *sink, void *context, enum log_level lowest);
bool log_enabled(enum log_level level);
void log_write(enum log_level level, const char *message, const struct log_field *fields,
               size_t count);

/* LOG(LOG_LEVEL_DEBUG, "retry", {"operation", name}, {"status", text}); */
#define LOG(level, message, ...)                                                                   \
    do {                                                                                           \
        if (log_enabled(level)) {                                                                  \
            const struct log_field log_fields[] = {{NULL, NULL}, ##__VA_ARGS__};                   \
            log_write((level), (message), log_fields + 1,                                          \
                      sizeof(log_fields) / sizeof(log_fields[0]) - 1);                             \
        }                                                                                          \
    } while (0)

/* "trace", "DEBUG", …; LOG_LEVEL_OFF for NULL and anything else. "JSON" means trace. */
enum log_level log_level_parse(const char *text);
const char *log_level_name(enum log_level level);
/* True when a key names something secret. */
bool log_key_is_secret(const char *key);

#endif
