#include "acceptance/cloud/store/log.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "lib/base/file.h"
#include "lib/base/json.h"

enum { CRC_DIGITS = 8, PREFIX = CRC_DIGITS + 1, LIVE_SHARE = 4 };

static const char header[] = "okestra-state 1\n";

struct state_log {
    char *path;
    int fd;
    off_t length;      /* of what is good and on disk */
    off_t live_length; /* right after the last snapshot */
    bool broken;       /* what is in the file is no longer known */
    state_log_snapshot *snapshot;
    void *context;
};

static void encode_line(const json_t *record, struct str *line)
{
    STR_AUTO text = STR_INIT;
    json_write(record, false, &text);
    uLong crc = crc32(0, (const Bytef *)str_text(&text), (uInt)text.length);
    str_printf(line, "%08lx ", crc);
    str_append_bytes(line, str_text(&text), text.length);
    str_append_char(line, '\n');
}

/* NULL without err: the line is damaged. */
static json_t *decode_line(struct slice line)
{
    if (line.length <= PREFIX || line.ptr[CRC_DIGITS] != ' ')
        return NULL;
    char digits[PREFIX] = {0};
    memcpy(digits, line.ptr, CRC_DIGITS);
    char *end;
    uLong wanted = strtoul(digits, &end, 16);
    struct slice text = {line.ptr + PREFIX, line.length - PREFIX};
    if (*end || crc32(0, (const Bytef *)text.ptr, (uInt)text.length) != wanted)
        return NULL;
    ERROR_AUTO(ignored);
    return json_parse(text.ptr, text.length, &ignored);
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

/* Applies all good records; log->length becomes where they end. */
static bool replay(struct state_log *log, const struct str *content, state_log_apply *apply,
                   struct error *err)
{
    struct slice rest = {str_text(content), content->length};
    if (content->length < sizeof(header) - 1 &&
        strncmp(header, rest.ptr, content->length) == 0) { /* new, or torn while it was made */
        if (ftruncate(log->fd, 0) < 0 || !write_all(log->fd, header, sizeof(header) - 1) ||
            fsync(log->fd) < 0)
            return error_set_errno(err, "write %s", log->path);
        log->length = sizeof(header) - 1;
        return true;
    }
    if (!slice_starts_with(rest, header))
        return error_set(err, ERROR_INVALID, "%s is not a state of this emulator", log->path);
    rest.ptr += sizeof(header) - 1;
    rest.length -= sizeof(header) - 1;
    for (int number = 2; rest.length; number++) {
        const char *newline = memchr(rest.ptr, '\n', rest.length);
        struct slice line = {rest.ptr, newline ? (size_t)(newline - rest.ptr) : rest.length};
        JSON_AUTO record = newline ? decode_line(line) : NULL;
        bool last = !newline || newline + 1 == rest.ptr + rest.length;
        if (!record && last)
            break; /* what a crash leaves: the record was never acknowledged */
        if (!record)
            return error_set(err, ERROR_INVALID, "%s line %d is damaged", log->path, number);
        if (!apply(log->context, record, err))
            return error_wrap(err, "%s line %d", log->path, number);
        rest.ptr += line.length + 1;
        rest.length -= line.length + 1;
    }
    log->length = (off_t)(content->length - rest.length);
    if (rest.length && (ftruncate(log->fd, log->length) < 0 || fsync(log->fd) < 0))
        return error_set_errno(err, "cut %s", log->path);
    return true;
}

static bool sync_directory(const char *path)
{
    CLEANUP(free_pointer) char *copy = mem_strdup(path);
    CLEANUP(file_close_pointer) int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return fd >= 0 && fsync(fd) == 0;
}

static bool open_locked(struct state_log *log, struct error *err)
{
    log->fd = open(log->path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (log->fd < 0)
        return error_set_errno(err, "open %s", log->path);
    if (flock(log->fd, LOCK_EX | LOCK_NB) < 0)
        return error_set(err, ERROR_CONFLICT, "%s is in use by another emulator", log->path);
    return true;
}

struct state_log *state_log_open(const char *path, state_log_apply *apply,
                                 state_log_snapshot *snapshot, void *context, struct error *err)
{
    struct state_log *log = mem_calloc(1, sizeof(*log));
    *log = (struct state_log){
        .path = mem_strdup(path), .fd = -1, .snapshot = snapshot, .context = context};
    STR_AUTO content = STR_INIT;
    if (open_locked(log, err) && file_read(path, STATE_LOG_LIMIT, &content, err) &&
        replay(log, &content, apply, err)) {
        if (!sync_directory(path))
            error_set_errno(err, "sync the directory of %s", path);
        else
            return log;
    }
    state_log_close(log);
    return NULL;
}

void state_log_close(struct state_log *log)
{
    if (!log)
        return;
    file_close_pointer(&log->fd);
    free(log->path);
    free(log);
}

bool state_log_append(struct state_log *log, const json_t *record, struct error *err)
{
    if (log->broken)
        return error_set(err, ERROR_INTERNAL, "%s failed before: restart the emulator", log->path);
    STR_AUTO line = STR_INIT;
    encode_line(record, &line);
    bool written = write_all(log->fd, line.ptr, line.length);
    if (written && fdatasync(log->fd) == 0) {
        log->length += (off_t)line.length;
        return true;
    }
    error_set_errno(err, "write %s", log->path);
    if (ftruncate(log->fd, log->length) < 0 || fdatasync(log->fd) < 0)
        log->broken = true;
    return false;
}

static bool write_snapshot(const struct state_log *log, int fd, off_t *length)
{
    STR_AUTO out = STR_INIT;
    str_append(&out, header);
    void *cursor = NULL;
    for (json_t *record; (record = log->snapshot(log->context, &cursor)); json_decref(record)) {
        encode_line(record, &out);
        if (out.length < 1024 * 1024)
            continue;
        *length += (off_t)out.length;
        if (!write_all(fd, out.ptr, out.length)) {
            json_decref(record);
            return false;
        }
        str_clear(&out);
    }
    *length += (off_t)out.length;
    return write_all(fd, str_text(&out), out.length) && fsync(fd) == 0;
}

void state_log_compact_if_due(struct state_log *log)
{
    if (log->broken || log->length < STATE_LOG_COMPACT_AT ||
        log->length < log->live_length * LIVE_SHARE)
        return;
    STR_AUTO path = STR_INIT;
    str_printf(&path, "%s.new", log->path);
    int fd = open(str_text(&path), O_RDWR | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
    off_t length = 0;
    /* The lock goes with the new file before it takes the old one's name. */
    if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB) < 0 || !write_snapshot(log, fd, &length) ||
        rename(str_text(&path), log->path) < 0) {
        file_close_pointer(&fd);
        unlink(str_text(&path));
        log->live_length = log->length; /* not again at once */
        return;
    }
    file_close_pointer(&log->fd);
    log->fd = fd;
    log->length = log->live_length = length;
    log->broken = !sync_directory(log->path);
}
