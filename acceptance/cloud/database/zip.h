/* ZIP archives, written: files as they are, without compression (APPNOTE.TXT 4.3). */
#ifndef OKESTRA_CLOUD_ZIP_H
#define OKESTRA_CLOUD_ZIP_H

#include <stddef.h>
#include <stdint.h>

#include "lib/base/str.h"

struct zip_file {
    const char *name;
    const void *data;
    size_t length; /* less than 4 GiB */
};

/* Appends an archive of the files (at most 65535); all bear the time wall_ms. */
void zip_append(struct str *out, const struct zip_file *files, size_t count, int64_t wall_ms);

#endif
