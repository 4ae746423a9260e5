/* Numbers as canonical decimal text: [-]digits[.digits], no leading or trailing zeros, no exponent. */
#include <errno.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "provider/value/value_internal.h"

struct decimal {
    bool negative;
    size_t count;  /* of digits: integer and fraction without zeros at either end */
    int64_t point; /* digits before the decimal point; may lie outside 0..count */
    char digits[VALUE_MAX_NUMBER];
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Large exponents stay at a value that no plain notation can have: zero may carry any of them. */
static bool scan_exponent(const char *text, size_t length, int64_t *exponent)
{
    const int64_t enough = 4 * VALUE_MAX_NUMBER;
    size_t at = 0;
    bool negative = false;
    if (at < length && (text[at] == '+' || text[at] == '-'))
        negative = text[at++] == '-';
    if (at == length)
        return false;
    int64_t number = 0;
    for (; at < length; at++) {
        if (!is_digit(text[at]))
            return false;
        if (number < enough)
            number = number * 10 + (text[at] - '0');
    }
    *exponent = negative ? -number : number;
    return true;
}

static bool scan_decimal(const char *text, size_t length, struct decimal *out)
{
    size_t at = 0;
    out->negative = false;
    out->count = 0;
    out->point = 0;
    if (at < length && (text[at] == '+' || text[at] == '-'))
        out->negative = text[at++] == '-';
    bool seen_point = false, seen_digit = false;
    for (; at < length; at++) {
        char c = text[at];
        if (c == '.' && !seen_point) {
            seen_point = true;
            continue;
        }
        if (!is_digit(c))
            break;
        seen_digit = true;
        if (c == '0' && out->count == 0) {
            out->point -= seen_point; /* leading zeros carry no digit */
            continue;
        }
        out->digits[out->count++] = c;
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
    while (out->count && out->digits[out->count - 1] == '0')
        out->count--;
    return true;
}

const struct value *value_number(struct arena *arena, const char *text, size_t length)
{
    struct decimal d;
    if (length == 0 || length > VALUE_MAX_NUMBER || !scan_decimal(text, length, &d))
        return NULL;
    if (d.count == 0)
        return value_integer(arena, 0);
    if (d.point > VALUE_MAX_NUMBER || d.point < -VALUE_MAX_NUMBER)
        return NULL;
    size_t whole = d.point > 0 ? (size_t)d.point : 0;
    size_t gap = d.point < 0 ? (size_t)-d.point : 0; /* zeros between the point and the digits */
    size_t fraction = d.count > whole ? gap + d.count - whole : 0;
    size_t total = d.negative + (whole ? whole : 1) + (fraction ? 1 + fraction : 0);
    if (total > VALUE_MAX_NUMBER)
        return NULL;
    const struct value *value;
    char *to = value_new_text(arena, VALUE_NUMBER, total, &value);
    memset(to, '0', total);
    if (d.negative)
        *to++ = '-';
    size_t leading = whole < d.count ? whole : d.count;
    memcpy(to, d.digits, leading);
    if (fraction) {
        to += whole ? whole : 1;
        *to = '.';
        memcpy(to + 1 + gap, d.digits + leading, d.count - leading);
    }
    return value;
}

const struct value *value_integer(struct arena *arena, int64_t number)
{
    char text[24];
    char *at = text + sizeof(text);
    uint64_t rest = number < 0 ? -(uint64_t)number : (uint64_t)number;
    do
        *--at = (char)('0' + rest % 10);
    while (rest /= 10);
    if (number < 0)
        *--at = '-';
    const struct value *value;
    size_t length = (size_t)(text + sizeof(text) - at);
    memcpy(value_new_text(arena, VALUE_NUMBER, length, &value), at, length);
    return value;
}

const struct value *value_double(struct arena *arena, double number)
{
    if (!isfinite(number))
        return NULL;
    char text[40];
    /* Decimals of up to 15 digits survive the way through a normal double, so that the shortest text
     * has 15 digits after %g cut its zeros, or more. Subnormal numbers may need fewer. */
    for (int precision = fabs(number) < DBL_MIN ? 1 : 15; precision <= 17; precision++) {
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
    double parsed = strtod(value->text.ptr, NULL);
    if (!isfinite(parsed))
        return false;
    *number = parsed;
    return true;
}
