#include "provider/engine/timeouts.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/clock.h"

static const struct type_field fields[] = {{"create", &type_string},
                                           {"delete", &type_string},
                                           {"read", &type_string},
                                           {"update", &type_string}};
const struct type timeouts_type = {
    .kind = TYPE_OBJECT, .fields = fields, .count = ARRAY_LENGTH(fields)};

const struct attribute timeouts_attributes[] = {
    {"create", ATTRIBUTE_STRING, OPTIONAL, .doc = "How long creating may take, such as `30m`."},
    {"delete", ATTRIBUTE_STRING, OPTIONAL, .doc = "How long deleting may take."},
    {"read", ATTRIBUTE_STRING, OPTIONAL, .doc = "How long reading may take."},
    {"update", ATTRIBUTE_STRING, OPTIONAL, .doc = "How long an update may take."},
    {NULL},
};

/* "ms" stands before "m", which it begins with. */
static const struct unit {
    const char *name;
    double ms;
} units[] = {{"ms", 1},    {"us", 1e-3},  {"\xc2\xb5s", 1e-3}, {"\xce\xbcs", 1e-3},
             {"ns", 1e-6}, {"h", 3600e3}, {"m", 60e3},         {"s", 1e3}};

static const struct unit *find_unit(const char *text)
{
    for (size_t i = 0; i < ARRAY_LENGTH(units); i++)
        if (text_starts_with(text, units[i].name))
            return &units[i];
    return NULL;
}

bool timeouts_parse(const char *text, int64_t *milliseconds)
{
    const double limit = 30.0 * 365 * 86400 * 1000;
    double total = 0;
    if (strcmp(text, "0") == 0) {
        *milliseconds = 0;
        return true;
    }
    if (!*text)
        return false;
    while (*text) {
        /* strtod() reads more than Go does: only plain decimals may come before the unit. */
        size_t digits = strspn(text, "0123456789.");
        char *end;
        double number = strtod(text, &end);
        const struct unit *unit = find_unit(text + digits);
        if (digits == 0 || end != text + digits || !unit)
            return false;
        total += number * unit->ms;
        text = end + strlen(unit->name);
    }
    if (total > limit)
        return false;
    *milliseconds = (int64_t)(total + 1e-6);
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
        if (!text || (timeouts_parse(text, &ms) && ms > 0))
            continue;
        const struct path *path =
            path_attribute(arena, path_attribute(arena, NULL, "timeouts"), fields[i].name);
        diagnostics_error(diagnostics, path, "Invalid timeout",
                          "\"%s\" is no duration above zero. Write numbers with units, such as "
                          "\"30m\" or \"1h30m\".",
                          text);
    }
}
