/* Files: whole-file reads with a limit, atomic writes with a mode, directories. */
#ifndef OKESTRA_BASE_FILE_H
#define OKESTRA_BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "lib/base/error.h"
#include "lib/base/str.h"

/* Appends the file to *out. More than `limit` bytes is ERROR_INVALID. */
bool file_read(const char *path, size_t limit, struct str *out, struct error *err);
/* Writes path.<random>.tmp with `mode`, fsyncs, renames. A full disk leaves the old file. */
bool file_write_atomic(const char *path, const void *data, size_t length, mode_t mode,
                       struct error *err);
/* mkdir -p; existing directories are fine, their mode is left alone. */
bool file_make_directories(const char *path, mode_t mode, struct error *err);
bool file_exists(const char *path);
/* "~" and "~/…" become $HOME (or the passwd entry). Caller frees. */
char *file_expand_home(const char *path);
void file_close_pointer(int *fd); /* for CLEANUP(file_close_pointer) int fd = … */

#endif
