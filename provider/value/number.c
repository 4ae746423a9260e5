/* Numbers as canonical decimal text: [-]digits[.digits], no leading or trailing zeros, no exponent. */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "provider/value/value.h"

/* Go's big.Float can print exponents far beyond this; no attribute of ours comes near. */
enum { NUMBER_MAX_DIGITS = 4096 };

struct decimal {
    bool negative;
    const char *digits; /* integer and fraction digits without the point */
    size_t count;
    int64_t point; /* digits before the decimal point; may lie outside 0..count */
};

static bool scan_exponent(const char *text, size_t length, int64_t *exponent)
{
    size_t at = 0;
    bool negative = false;
    if (at < length && (text[at] == '+' || text[at] == '-'))
        negative = text[at++] == '-';
    if (at == length)
        return false;
    int64_t number = 0;
    for (; at < length; at++) {
        if (!isdigit((unsigned char)text[at]))
            return false;
        number = number * 10 + (text[at] - '0');
        if (number > NUMBER_MAX_DIGITS)
            return false;
    }
    *exponent = negative ? -number : number;
    return true;
}

static bool scan_decimal(const char *text, size_t length, char *digits, struct decimal *out)
{
    size_t at = 0;
    *out = (struct decimal){.digits = digits};
    if (at < length && (text[at] == '+' || text[at] == '-'))
        out->negative = text[at++] == '-';
    bool seen_point = false, seen_digit = false;
    for (; at < length; at++) {
        char c = text[at];
        if (c == '.' && !seen_point) {
            seen_point = true;
            continue;
        }
        if (!isdigit((unsigned char)c))
            break;
        seen_digit = true;
        if (c == '0' && out->count == 0) {
            out->point -= seen_point; /* leading zeros carry no digit */
            continue;
        }
        digits[out->count++] = c;
        out->point += !seen_point;
    }
    if (!seen_digit)
        return false;
    if (at < length) {
        int64_t exponent;
        if ((text[at] != 'e' && text[at] != 'E') ||
            !scan_exponent(text + at + 1, length - at - 1, &exponent))
            return false;
        out->point += exponent;
    }
    while (out->count && digits[out->count - 1] == '0')
        out->count--;
    return true;
}

const struct value *value_number(struct arena *arena, const char *text, size_t length)
{
    if (length == 0 || length > NUMBER_MAX_DIGITS)
        return NULL;
    struct decimal d;
    if (!scan_decimal(text, length, arena_alloc(arena, length), &d))
        return NULL;
    STR_AUTO out = STR_INIT;
    if (d.count == 0) {
        str_append_char(&out, '0');
    } else {
        if (d.point > NUMBER_MAX_DIGITS || d.point < -NUMBER_MAX_DIGITS)
            return NULL;
        if (d.negative)
            str_append_char(&out, '-');
        size_t whole = d.point > 0 ? (size_t)d.point : 0;
        if (whole == 0)
            str_append_char(&out, '0');
        for (size_t i = 0; i < whole; i++)
            str_append_char(&out, i < d.count ? d.digits[i] : '0');
        if (whole < d.count) {
            str_append_char(&out, '.');
            for (int64_t i = d.point; i < 0; i++)
                str_append_char(&out, '0');
            str_append_bytes(&out, d.digits + whole, d.count - whole);
        }
    }
    struct value *value = arena_new_of(arena, struct value);
    value->kind = VALUE_NUMBER;
    value->text = (struct slice){str_copy_to(&out, arena), out.length};
    return value;
}

const struct value *value_integer(struct arena *arena, int64_t number)
{
    struct value *value = arena_new_of(arena, struct value);
    char *text = arena_printf(arena, "%" PRId64, number);
    value->kind = VALUE_NUMBER;
    value->text = slice_from(text);
    return value;
}

const struct value *value_double(struct arena *arena, double number)
{
    if (!isfinite(number))
        return NULL;
    char text[40];
    for (int precision = 15; precision <= 17; precision++) {
        snprintf(text, sizeof(text), "%.*g", precision, number);
        double back = strtod(text, NULL);
        if (back >= number && back <= number)
            break;
    }
    return value_number(arena, text, strlen(text));
}

bool value_as_integer(const struct value *value, int64_t *number)
{
    if (!value || value->kind != VALUE_NUMBER || value->text.length > 20)
        return false;
    char *end;
    errno = 0;
    long long parsed = strtoll(value->text.ptr, &end, 10);
    if (errno || *end != '\0')
        return false;
    *number = parsed;
    return true;
}

bool value_as_double(const struct value *value, double *number)
{
    if (!value || value->kind != VALUE_NUMBER)
        return false;
    *number = strtod(value->text.ptr, NULL);
    return true;
}
