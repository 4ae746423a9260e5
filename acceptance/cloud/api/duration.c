#include "acceptance/cloud/api/duration.h"

#include <ctype.h>

#include "lib/base/compiler.h"

enum { MAX_DIGITS = 7 };

/* "12M" gives 12; the unit must be that. False without moving *text when it is not there. */
static bool read_part(const char **text, char unit, int64_t factor, int64_t *seconds)
{
    const char *at = *text;
    int64_t number = 0;
    while (isdigit((unsigned char)*at) && at - *text < MAX_DIGITS)
        number = number * 10 + (*at++ - '0');
    if (at == *text || *at != unit)
        return false;
    *seconds += number * factor;
    *text = at + 1;
    return true;
}

bool duration_parse(const char *text, int64_t *seconds)
{
    static const struct {
        char unit;
        int64_t factor;
    } times[] = {{'H', 3600}, {'M', 60}, {'S', 1}};
    if (!text || *text++ != 'P')
        return false;
    *seconds = 0;
    bool any = read_part(&text, 'D', 86400, seconds);
    if (*text == 'T') {
        text++;
        any = false;
        for (size_t i = 0; i < ARRAY_LENGTH(times); i++)
            any |= read_part(&text, times[i].unit, times[i].factor, seconds);
    }
    return any && !*text;
}
