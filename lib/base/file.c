#include "lib/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void file_close_pointer(int *fd)
{
    if (*fd >= 0)
        close(*fd);
}

bool file_read(const char *path, size_t limit, struct str *out, struct error *err)
{
    CLEANUP(file_close_pointer) int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return error_set_errno(err, "open %s", path);
    size_t start = out->length;
    for (;;) {
        enum { CHUNK = 16 * 1024 };
        str_reserve(out, CHUNK);
        ssize_t got = read(fd, out->ptr + out->length, CHUNK);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return error_set_errno(err, "read %s", path);
        if (got == 0)
            break;
        out->length += (size_t)got;
        if (out->length - start > limit)
            return error_set(err, ERROR_INVALID, "%s is larger than %zu bytes", path, limit);
    }
    str_append_bytes(out, "", 0);
    return true;
}

static bool write_all(int fd, const char *data, size_t length)
{
    while (length) {
        ssize_t put = write(fd, data, length);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return false;
        data += put;
        length -= (size_t)put;
    }
    return true;
}

bool file_write_atomic(const char *path, const void *data, size_t length, mode_t mode,
                       struct error *err)
{
    STR_AUTO temporary = STR_INIT;
    str_printf(&temporary, "%s.XXXXXX", path);
    CLEANUP(file_close_pointer) int fd = mkostemp(temporary.ptr, O_CLOEXEC);
    if (fd < 0)
        return error_set_errno(err, "create a temporary file beside %s", path);
    if (fchmod(fd, mode) < 0 || !write_all(fd, data, length) || fsync(fd) < 0 ||
        rename(temporary.ptr, path) < 0) {
        error_set_errno(err, "write %s", path);
        unlink(temporary.ptr);
        return false;
    }
    return true;
}

bool file_make_directories(const char *path, mode_t mode, struct error *err)
{
    CLEANUP(free_pointer) char *copy = mem_strdup(path);
    for (char *at = copy + 1;; at++) {
        char c = *at;
        if (c != '/' && c != '\0')
            continue;
        *at = '\0';
        if (mkdir(copy, mode) < 0 && errno != EEXIST)
            return error_set_errno(err, "create directory %s", copy);
        *at = c;
        if (c == '\0')
            return true;
    }
}

bool file_exists(const char *path)
{
    return access(path, F_OK) == 0;
}

char *file_expand_home(const char *path)
{
    if (path[0] != '~' || (path[1] != '/' && path[1] != '\0'))
        return mem_strdup(path);
    const char *home = getenv("HOME");
    struct passwd entry, *found = NULL;
    char buffer[4096];
    if (text_empty(home) && getpwuid_r(getuid(), &entry, buffer, sizeof(buffer), &found) == 0 &&
        found)
        home = found->pw_dir;
    struct str expanded = STR_INIT;
    str_append(&expanded, text_empty(home) ? "/" : home);
    str_append(&expanded, path + 1);
    return str_steal(&expanded);
}
