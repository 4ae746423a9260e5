/*
 * Log records as Terraform reads them: one JSON object a line on stderr (hclog's format).
 * Thread-safe. Registered secrets are masked wherever they occur.
 */
#ifndef OKESTRA_PROVIDER_PLUGIN_HCLOG_H
#define OKESTRA_PROVIDER_PLUGIN_HCLOG_H

#include <stdint.h>

#include "lib/base/log.h"
#include "lib/base/str.h"

/* Sets the sink of lib/base/log.h. The level comes from TF_LOG_PROVIDER_OKE, TF_LOG_PROVIDER or
 * TF_LOG; as in Terraform a name that is none means trace, and no variable means off. */
void hclog_start(void);
/* Every later record has *** in place of these bytes; for a text of several lines (a PEM key) also
 * in place of each long line. Shorter secrets than HCLOG_MIN_SECRET are left alone. Copies. */
void hclog_register_secret(const void *bytes, size_t length);

/* The level that the environment asks for. */
enum log_level hclog_level(void);
/* Appends one record with its newline, at most HCLOG_MAX_LINE bytes. */
void hclog_format(enum log_level level, int64_t wall_ms, const char *message,
                  const struct log_field *fields, size_t count, struct str *out);

#endif
