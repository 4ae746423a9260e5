#include "acceptance/cloud/database/zip.h"

#include <string.h>
#include <time.h>
#include <zlib.h>

enum {
    LOCAL_HEADER = 0x04034b50,
    CENTRAL_HEADER = 0x02014b50,
    END_OF_DIRECTORY = 0x06054b50,
    VERSION = 20,
    UTF8_NAMES = 0x0800,
};

static void put(struct str *out, uint64_t number, int bytes)
{
    for (int i = 0; i < bytes; i++)
        str_append_char(out, (char)(number >> (8 * i)));
}

/* Date and time as MS-DOS had them: two seconds are the smallest unit, 1980 the first year. */
static uint32_t dos_time(int64_t wall_ms)
{
    time_t seconds = (time_t)(wall_ms / 1000);
    struct tm tm;
    gmtime_r(&seconds, &tm);
    uint32_t date = (uint32_t)((tm.tm_year - 80) << 9 | (tm.tm_mon + 1) << 5 | tm.tm_mday);
    return date << 16 | (uint32_t)(tm.tm_hour << 11 | tm.tm_min << 5 | tm.tm_sec / 2);
}

/* What the local and the central header have in common. */
static void put_description(struct str *out, const struct zip_file *file, uint32_t time)
{
    uLong checksum = crc32(0, file->data, (uInt)file->length);
    put(out, VERSION, 2);
    put(out, UTF8_NAMES, 2);
    put(out, 0, 2); /* stored */
    put(out, time, 4);
    put(out, checksum, 4);
    put(out, file->length, 4);
    put(out, file->length, 4);
    put(out, strlen(file->name), 2);
    put(out, 0, 2); /* extra field */
}

static void put_central(struct str *out, const struct zip_file *file, uint32_t time, size_t offset)
{
    put(out, CENTRAL_HEADER, 4);
    put(out, VERSION, 2);
    put_description(out, file, time);
    put(out, 0, 2); /* comment */
    put(out, 0, 2); /* disk */
    put(out, 0, 2); /* internal attributes */
    put(out, 0, 4); /* external attributes */
    put(out, offset, 4);
    str_append(out, file->name);
}

void zip_append(struct str *out, const struct zip_file *files, size_t count, int64_t wall_ms)
{
    STR_AUTO directory = STR_INIT;
    uint32_t time = dos_time(wall_ms);
    size_t start = out->length;
    for (size_t i = 0; i < count; i++) {
        put_central(&directory, &files[i], time, out->length - start);
        put(out, LOCAL_HEADER, 4);
        put_description(out, &files[i], time);
        str_append(out, files[i].name);
        str_append_bytes(out, files[i].data, files[i].length);
    }
    size_t offset = out->length - start;
    str_append_bytes(out, str_text(&directory), directory.length);
    put(out, END_OF_DIRECTORY, 4);
    put(out, 0, 4); /* disks */
    put(out, count, 2);
    put(out, count, 2);
    put(out, directory.length, 4);
    put(out, offset, 4);
    put(out, 0, 2); /* comment */
}
