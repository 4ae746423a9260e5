#include "provider/engine/timeouts.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/clock.h"

static const struct type_field fields[] = {
    {"create", &type_string}, {"delete", &type_string}, {"update", &type_string}};
const struct type timeouts_type = {.kind = TYPE_OBJECT, .fields = fields, .count = 3};

const struct attribute timeouts_attributes[] = {
    {"create", ATTRIBUTE_STRING, OPTIONAL, .doc = "How long creating may take, such as `30m`."},
    {"delete", ATTRIBUTE_STRING, OPTIONAL, .doc = "How long deleting may take."},
    {"update", ATTRIBUTE_STRING, OPTIONAL, .doc = "How long an update may take."},
    {0},
};

bool timeouts_parse(const char *text, int64_t *milliseconds)
{
    static const struct {
        const char *unit;
        double ms;
    } units[] = {{"ms", 1}, {"us", 1e-3}, {"ns", 1e-6}, {"h", 3600e3}, {"m", 60e3}, {"s", 1e3}};
    double total = 0;
    if (strcmp(text, "0") == 0) {
        *milliseconds = 0;
        return true;
    }
    if (!*text)
        return false;
    while (*text) {
        char *end;
        if (!strchr("0123456789.", *text))
            return false;
        double number = strtod(text, &end);
        if (end == text || strspn(text, "0123456789.") != (size_t)(end - text))
            return false;
        size_t i = 0;
        while (i < ARRAY_LENGTH(units) && !text_starts_with(end, units[i].unit))
            i++;
        if (i == ARRAY_LENGTH(units))
            return false;
        total += number * units[i].ms;
        text = end + strlen(units[i].unit);
    }
    if (total > 1e12)
        return false;
    *milliseconds = (int64_t)total;
    return true;
}

int64_t timeouts_deadline(const struct resource *resource, const struct value *object,
                          enum timeouts_phase phase)
{
    static const char *const names[] = {"create", "read", "update", "delete"};
    const int seconds[] = {resource->timeouts.create, resource->timeouts.read,
                           resource->timeouts.update, resource->timeouts.remove};
    int64_t ms = (seconds[phase] ? seconds[phase] : TIMEOUTS_DEFAULT_SECONDS) * (int64_t)1000;
    const char *text = value_text(value_get(value_get(object, "timeouts"), names[phase]));
    int64_t configured;
    if (text && timeouts_parse(text, &configured))
        ms = configured;
    return clock_monotonic_ms() + ms;
}

void timeouts_validate(const struct value *config, struct diagnostics *diagnostics,
                       struct arena *arena)
{
    const struct value *timeouts = value_get(config, "timeouts");
    for (size_t i = 0; i < ARRAY_LENGTH(fields); i++) {
        const char *text = value_text(value_get(timeouts, fields[i].name));
        int64_t ms;
        if (text && !timeouts_parse(text, &ms))
            diagnostics_error(
                diagnostics,
                path_attribute(arena, path_attribute(arena, NULL, "timeouts"), fields[i].name),
                "Invalid timeout",
                "\"%s\" is no duration. Write numbers with units, such as \"30m\" or \"1h30m\".",
                text);
    }
}
