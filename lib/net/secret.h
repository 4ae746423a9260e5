/*
 * Memory for secrets: keys, passphrases, tokens.
 *
 * A secret lives on pages of its own that are left out of core dumps, kept out of swap where the
 * limits of the process allow it, and are overwritten on release. It is an ordinary NUL-terminated
 * text to readers. Functions accept NULL. Thread-safe.
 */
#ifndef OKESTRA_NET_SECRET_H
#define OKESTRA_NET_SECRET_H

#include <stddef.h>

#include "lib/base/compiler.h"
#include "lib/base/error.h"
#include "lib/base/str.h"

enum { SECRET_FILE_LIMIT = 256 * 1024 };

char *secret_new(const char *text, size_t length);
char *secret_copy(const char *text);
void secret_free(char *secret);
void secret_free_pointer(char **secret);
#define SECRET_AUTO CLEANUP(secret_free_pointer) char *

size_t secret_length(const char *secret);

/* The whole file (at most SECRET_FILE_LIMIT bytes), without passing through ordinary memory. NULL
 * and err on failure; the error names the path and never the content. */
char *secret_read_file(const char *path, struct error *err);

/* Overwrites and releases a struct str that held something secret for a moment. Reserve enough at
 * the start: growing leaves the old bytes behind. */
void secret_wipe_str(struct str *s);
#define SECRET_STR_AUTO CLEANUP(secret_wipe_str) struct str

#endif
