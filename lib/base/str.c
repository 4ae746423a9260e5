#include "lib/base/str.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/base/arena.h"

struct slice slice_from(const char *text)
{
    return (struct slice){text ? text : "", text ? strlen(text) : 0};
}

bool slice_equal(struct slice a, struct slice b)
{
    return a.length == b.length && (a.length == 0 || memcmp(a.ptr, b.ptr, a.length) == 0);
}

bool slice_equal_text(struct slice a, const char *text)
{
    return slice_equal(a, slice_from(text));
}

bool slice_starts_with(struct slice a, const char *prefix)
{
    size_t length = strlen(prefix);
    return a.length >= length && memcmp(a.ptr, prefix, length) == 0;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct slice slice_trim(struct slice a)
{
    while (a.length && is_blank(a.ptr[0])) {
        a.ptr++;
        a.length--;
    }
    while (a.length && is_blank(a.ptr[a.length - 1]))
        a.length--;
    return a;
}

struct slice slice_cut(struct slice a, char separator, struct slice *head, bool *found)
{
    const char *at = a.length ? memchr(a.ptr, separator, a.length) : NULL;
    if (found)
        *found = at != NULL;
    if (!at) {
        *head = a;
        return (struct slice){a.ptr ? a.ptr + a.length : NULL, 0};
    }
    *head = (struct slice){a.ptr, (size_t)(at - a.ptr)};
    return (struct slice){at + 1, a.length - head->length - 1};
}

void str_free(struct str *s)
{
    free(s->ptr);
    *s = (struct str)STR_INIT;
}

void str_clear(struct str *s)
{
    str_truncate(s, 0);
}

void str_reserve(struct str *s, size_t more)
{
    size_t need;
    if (__builtin_add_overflow(s->length, more, &need) || need == SIZE_MAX)
        fatal_error("string too long");
    if (need + 1 <= s->capacity)
        return;
    size_t capacity = s->capacity ? s->capacity : 64;
    while (capacity < need + 1)
        capacity = capacity > SIZE_MAX / 2 ? need + 1 : capacity * 2;
    s->ptr = mem_realloc(s->ptr, capacity, 1);
    s->capacity = capacity;
}

void str_append_bytes(struct str *s, const void *data, size_t length)
{
    str_reserve(s, length);
    if (length)
        memcpy(s->ptr + s->length, data, length);
    s->length += length;
    s->ptr[s->length] = '\0';
}

void str_append(struct str *s, const char *text)
{
    if (text)
        str_append_bytes(s, text, strlen(text));
}

void str_append_slice(struct str *s, struct slice slice)
{
    str_append_bytes(s, slice.ptr, slice.length);
}

void str_append_char(struct str *s, char c)
{
    str_append_bytes(s, &c, 1);
}

void str_vprintf(struct str *s, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (length < 0)
        fatal_error("cannot format \"%s\"", format);
    str_reserve(s, (size_t)length);
    vsnprintf(s->ptr + s->length, (size_t)length + 1, format, args);
    s->length += (size_t)length;
}

void str_printf(struct str *s, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    str_vprintf(s, format, args);
    va_end(args);
}

void str_truncate(struct str *s, size_t length)
{
    if (length < s->length)
        s->length = length;
    if (s->ptr)
        s->ptr[s->length] = '\0';
}

const char *str_text(const struct str *s)
{
    return s->ptr ? s->ptr : "";
}

char *str_steal(struct str *s)
{
    str_reserve(s, 0);
    s->ptr[s->length] = '\0';
    char *text = s->ptr;
    *s = (struct str)STR_INIT;
    return text;
}

char *str_copy_to(const struct str *s, struct arena *arena)
{
    return arena_strndup(arena, str_text(s), s->length);
}

bool text_equal(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

bool text_equal_nocase(const char *a, const char *b)
{
    return a == b || (a && b && strcasecmp(a, b) == 0);
}

bool text_starts_with(const char *text, const char *prefix)
{
    return text && strncmp(text, prefix, strlen(prefix)) == 0;
}

bool text_ends_with(const char *text, const char *suffix)
{
    if (!text)
        return false;
    size_t length = strlen(text), tail = strlen(suffix);
    return length >= tail && strcmp(text + length - tail, suffix) == 0;
}

bool text_empty(const char *text)
{
    return !text || !*text;
}

enum { NEAREST_MAX_LENGTH = 64 };

static size_t edit_distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
    size_t row[NEAREST_MAX_LENGTH + 1];
    for (size_t j = 0; j <= b_length; j++)
        row[j] = j;
    for (size_t i = 1; i <= a_length; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b_length; j++) {
            size_t above = row[j];
            size_t best =
                diagonal + (tolower((unsigned char)a[i - 1]) != tolower((unsigned char)b[j - 1]));
            if (above + 1 < best)
                best = above + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            diagonal = above;
            row[j] = best;
        }
    }
    return row[b_length];
}

const char *text_nearest(const char *text, const char *const *candidates, size_t count)
{
    size_t length = strlen(text);
    if (length > NEAREST_MAX_LENGTH)
        return NULL;
    const char *best = NULL;
    size_t best_distance = length / 3 + 2;
    for (size_t i = 0; i < count; i++) {
        size_t candidate_length = strlen(candidates[i]);
        if (candidate_length > NEAREST_MAX_LENGTH)
            continue;
        size_t distance = edit_distance(text, length, candidates[i], candidate_length);
        if (distance < best_distance) {
            best = candidates[i];
            best_distance = distance;
        }
    }
    return best;
}

/* Length of the valid UTF-8 sequence at the start of bytes, 0 when there is none. */
static size_t utf8_sequence(const unsigned char *bytes, size_t length)
{
    unsigned char first = bytes[0];
    if (first < 0x80)
        return 1;
    size_t size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4 || size > length)
        return 0;
    for (size_t i = 1; i < size; i++)
        if ((bytes[i] & 0xc0) != 0x80)
            return 0;
    bool overlong = (first == 0xe0 && bytes[1] < 0xa0) || (first == 0xf0 && bytes[1] < 0x90);
    bool surrogate = first == 0xed && bytes[1] > 0x9f;
    bool too_large = first == 0xf4 && bytes[1] > 0x8f;
    return overlong || surrogate || too_large ? 0 : size;
}

bool text_is_utf8(const char *text, size_t length)
{
    for (size_t at = 0; at < length;) {
        size_t size = utf8_sequence((const unsigned char *)text + at, length - at);
        if (!size)
            return false;
        at += size;
    }
    return true;
}

void str_append_utf8(struct str *s, const char *text, size_t length)
{
    for (size_t at = 0; at < length;) {
        size_t size = utf8_sequence((const unsigned char *)text + at, length - at);
        if (size)
            str_append_bytes(s, text + at, size);
        else
            str_append(s, "\xef\xbf\xbd");
        at += size ? size : 1;
    }
}
