#include "provider/engine/diagnostics.h"

#include <stdarg.h>

#include "lib/base/arena.h"

void diagnostics_init(struct diagnostics *diagnostics, struct arena *arena)
{
    *diagnostics = (struct diagnostics){.arena = arena};
}

static void add(struct diagnostics *diagnostics, enum severity severity, const struct path *path,
                const char *summary, const char *detail)
{
    if (diagnostics->count == diagnostics->capacity) {
        size_t capacity = diagnostics->capacity ? diagnostics->capacity * 2 : 4;
        diagnostics->items = arena_grow(diagnostics->arena, diagnostics->items,
                                        diagnostics->count * sizeof(*diagnostics->items),
                                        capacity * sizeof(*diagnostics->items));
        diagnostics->capacity = capacity;
    }
    diagnostics->items[diagnostics->count++] =
        (struct diagnostic){severity, arena_strdup(diagnostics->arena, summary), detail, path};
    diagnostics->errors += severity == SEVERITY_ERROR;
}

void diagnostics_error(struct diagnostics *diagnostics, const struct path *path,
                       const char *summary, const char *detail, ...)
{
    va_list args;
    va_start(args, detail);
    add(diagnostics, SEVERITY_ERROR, path, summary,
        arena_vprintf(diagnostics->arena, detail, args));
    va_end(args);
}

void diagnostics_warning(struct diagnostics *diagnostics, const struct path *path,
                         const char *summary, const char *detail, ...)
{
    va_list args;
    va_start(args, detail);
    add(diagnostics, SEVERITY_WARNING, path, summary,
        arena_vprintf(diagnostics->arena, detail, args));
    va_end(args);
}

void diagnostics_from_error(struct diagnostics *diagnostics, const struct path *path,
                            const char *summary, const struct error *err)
{
    diagnostics_error(diagnostics, path, summary, "%s", error_message(err));
}
