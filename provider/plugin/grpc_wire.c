#include "provider/plugin/grpc_wire.h"

#include <string.h>

/* A message's memory is reserved as announced up to this size, and grown by what really arrives
 * above. */
enum { RESERVED_AT_ONCE = 1024 * 1024 };

void grpc_frame_header(size_t length, unsigned char header[GRPC_FRAME_HEADER])
{
    header[0] = 0;
    for (int i = 0; i < 4; i++)
        header[1 + i] = (unsigned char)(length >> (24 - 8 * i));
}

void grpc_reader_free(struct grpc_reader *reader)
{
    str_free(&reader->message);
}

static void read_header(struct grpc_reader *reader)
{
    reader->compressed = reader->header[0] != 0;
    for (size_t i = 1; i < GRPC_FRAME_HEADER; i++)
        reader->expected = reader->expected << 8 | reader->header[i];
}

enum grpc_status grpc_reader_put(struct grpc_reader *reader, struct slice bytes, size_t limit,
                                 const char **reason)
{
    while (bytes.length && reader->header_length < GRPC_FRAME_HEADER) {
        reader->header[reader->header_length++] = (unsigned char)*bytes.ptr++;
        bytes.length--;
        if (reader->header_length == GRPC_FRAME_HEADER)
            read_header(reader);
    }
    if (reader->header_length < GRPC_FRAME_HEADER)
        return GRPC_OK;
    if (reader->compressed) {
        *reason = "compressed messages are not supported";
        return GRPC_UNIMPLEMENTED;
    }
    if (reader->expected > limit) {
        *reason = "the request is larger than this server accepts";
        return GRPC_RESOURCE_EXHAUSTED;
    }
    if (bytes.length > reader->expected - reader->message.length) {
        *reason = "the method takes exactly one message";
        return GRPC_UNIMPLEMENTED;
    }
    if (!reader->message.capacity)
        str_reserve(&reader->message,
                    reader->expected < RESERVED_AT_ONCE ? reader->expected : RESERVED_AT_ONCE);
    if (bytes.length)
        str_append_bytes(&reader->message, bytes.ptr, bytes.length);
    return GRPC_OK;
}

enum grpc_status grpc_reader_end(const struct grpc_reader *reader, const char **reason)
{
    if (reader->header_length == 0) {
        *reason = "the method takes exactly one message";
        return GRPC_UNIMPLEMENTED;
    }
    if (reader->header_length < GRPC_FRAME_HEADER || reader->message.length < reader->expected) {
        *reason = "the request ended within its message";
        return GRPC_INTERNAL;
    }
    return GRPC_OK;
}

struct slice grpc_reader_message(const struct grpc_reader *reader)
{
    return (struct slice){str_text(&reader->message), reader->message.length};
}

void grpc_percent_encode(const char *text, size_t limit, struct str *out)
{
    static const char digits[] = "0123456789ABCDEF";
    size_t end = out->length + limit;
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        bool plain = c >= 0x20 && c < 0x7f && c != '%';
        if (out->length + (plain ? 1 : 3) > end)
            return;
        if (plain)
            str_append_char(out, (char)c);
        else
            str_append_bytes(out, (const char[]){'%', digits[c >> 4], digits[c & 15]}, 3);
    }
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Broken escapes are kept as they are, as the specification wants. */
void grpc_percent_decode(struct slice text, struct str *out)
{
    for (size_t i = 0; i < text.length; i++) {
        int high = i + 2 < text.length && text.ptr[i] == '%' ? hex_digit(text.ptr[i + 1]) : -1;
        int low = high >= 0 ? hex_digit(text.ptr[i + 2]) : -1;
        if (low >= 0) {
            str_append_char(out, (char)(high << 4 | low));
            i += 2;
        } else {
            str_append_char(out, text.ptr[i]);
        }
    }
}

bool grpc_timeout_parse(struct slice text, int64_t *milliseconds)
{
    enum { MOST_DIGITS = 8 };
    static const struct {
        char unit;
        int64_t nanoseconds;
    } units[] = {{'H', 3600000000000}, {'M', 60000000000}, {'S', 1000000000},
                 {'m', 1000000},       {'u', 1000},        {'n', 1}};
    if (text.length < 2 || text.length > MOST_DIGITS + 1)
        return false;
    int64_t number = 0;
    for (size_t i = 0; i + 1 < text.length; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return false;
        number = number * 10 + (text.ptr[i] - '0');
    }
    for (size_t i = 0; i < ARRAY_LENGTH(units); i++)
        if (units[i].unit == text.ptr[text.length - 1]) {
            int64_t a_millisecond = 1000000, unit = units[i].nanoseconds;
            *milliseconds = unit >= a_millisecond
                                ? number * (unit / a_millisecond)
                                : (number * unit + a_millisecond - 1) / a_millisecond;
            return true;
        }
    return false;
}

bool grpc_content_type_valid(struct slice text)
{
    static const char base[] = "application/grpc";
    size_t length = sizeof(base) - 1;
    return slice_starts_with(text, base) &&
           (text.length == length || text.ptr[length] == '+' || text.ptr[length] == ';');
}
