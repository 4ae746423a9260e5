#include "lib/base/clock.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "lib/base/compiler.h"

static const char *const days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

static int64_t read_clock(clockid_t id)
{
    struct timespec now;
    clock_gettime(id, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t clock_wall_ms(void)
{
    return read_clock(CLOCK_REALTIME);
}

int64_t clock_monotonic_ms(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

static struct tm split_time(int64_t wall_ms, int *milliseconds)
{
    int64_t seconds = wall_ms / 1000, rest = wall_ms % 1000;
    if (rest < 0) {
        rest += 1000;
        seconds--;
    }
    *milliseconds = (int)rest;
    time_t time = (time_t)seconds;
    struct tm parts;
    gmtime_r(&time, &parts);
    return parts;
}

const char *clock_format_rfc3339(int64_t wall_ms, char *buffer)
{
    int ms;
    struct tm t = split_time(wall_ms, &ms);
    snprintf(buffer, CLOCK_RFC3339_SIZE, "%04u-%02u-%02uT%02u:%02u:%02u.%03uZ",
             (unsigned)(t.tm_year + 1900) % 10000U, (unsigned)(t.tm_mon + 1) % 100U,
             (unsigned)t.tm_mday % 100U, (unsigned)t.tm_hour % 100U, (unsigned)t.tm_min % 100U,
             (unsigned)t.tm_sec % 100U, (unsigned)ms % 1000U);
    return buffer;
}

const char *clock_format_http(int64_t wall_ms, char *buffer)
{
    int ms;
    struct tm t = split_time(wall_ms, &ms);
    snprintf(buffer, CLOCK_HTTP_SIZE, "%s, %02u %s %04u %02u:%02u:%02u GMT", days[t.tm_wday % 7],
             (unsigned)t.tm_mday % 100U, months[t.tm_mon % 12],
             (unsigned)(t.tm_year + 1900) % 10000U, (unsigned)t.tm_hour % 100U,
             (unsigned)t.tm_min % 100U, (unsigned)t.tm_sec % 100U);
    return buffer;
}

static bool valid_parts(const struct tm *t)
{
    return t->tm_mon >= 0 && t->tm_mon < 12 && t->tm_mday >= 1 && t->tm_mday <= 31 &&
           t->tm_hour < 24 && t->tm_min < 60 && t->tm_sec <= 60;
}

static bool parse_offset(const char *text, int64_t *offset_seconds)
{
    if (strcmp(text, "Z") == 0 || strcmp(text, "z") == 0) {
        *offset_seconds = 0;
        return true;
    }
    int hours, minutes, used = 0;
    if ((text[0] != '+' && text[0] != '-') ||
        sscanf(text + 1, "%2d:%2d%n", &hours, &minutes, &used) != 2 || used != 5 ||
        text[6] != '\0' || hours > 23 || minutes > 59)
        return false;
    *offset_seconds = (text[0] == '-' ? -1 : 1) * (hours * 3600 + minutes * 60);
    return true;
}

bool clock_parse_rfc3339(const char *text, int64_t *wall_ms)
{
    struct tm t = {0};
    int used = 0;
    char separator;
    if (sscanf(text, "%4d-%2d-%2d%c%2d:%2d:%2d%n", &t.tm_year, &t.tm_mon, &t.tm_mday, &separator,
               &t.tm_hour, &t.tm_min, &t.tm_sec, &used) != 7 ||
        used != 19 || (separator != 'T' && separator != 't' && separator != ' '))
        return false;
    t.tm_year -= 1900;
    t.tm_mon -= 1;
    if (!valid_parts(&t))
        return false;
    text += used;
    int64_t ms = 0;
    if (*text == '.') {
        int64_t scale = 100;
        if (!isdigit((unsigned char)*++text))
            return false;
        for (; isdigit((unsigned char)*text); text++, scale /= 10)
            ms += (*text - '0') * scale;
    }
    int64_t offset;
    if (!parse_offset(text, &offset))
        return false;
    *wall_ms = ((int64_t)timegm(&t) - offset) * 1000 + ms;
    return true;
}

bool clock_parse_http(const char *text, int64_t *wall_ms)
{
    struct tm t = {0};
    char day[4], month[4];
    int used = 0;
    if (sscanf(text, "%3[A-Za-z], %2d %3[A-Za-z] %4d %2d:%2d:%2d GMT%n", day, &t.tm_mday, month,
               &t.tm_year, &t.tm_hour, &t.tm_min, &t.tm_sec, &used) != 7 ||
        used == 0 || text[used] != '\0')
        return false;
    t.tm_mon = -1;
    for (int i = 0; i < 12; i++)
        if (strcmp(months[i], month) == 0)
            t.tm_mon = i;
    t.tm_year -= 1900;
    if (!valid_parts(&t))
        return false;
    *wall_ms = (int64_t)timegm(&t) * 1000;
    return true;
}
