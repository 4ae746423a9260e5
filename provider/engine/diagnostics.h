/* Diagnostics: what the user is told, with the attribute it is about. */
#ifndef OKESTRA_PROVIDER_ENGINE_DIAGNOSTICS_H
#define OKESTRA_PROVIDER_ENGINE_DIAGNOSTICS_H

#include "lib/base/error.h"
#include "provider/value/path.h"

enum severity { SEVERITY_ERROR = 1, SEVERITY_WARNING = 2 }; /* values of tfplugin6 */

struct diagnostic {
    enum severity severity;
    const char *summary;
    const char *detail;
    const struct path *path; /* NULL: the whole object */
};

struct diagnostics {
    struct arena *arena; /* owns texts and items */
    struct diagnostic *items;
    size_t count, capacity;
    size_t errors;
};

void diagnostics_init(struct diagnostics *diagnostics, struct arena *arena);
/* Keep summaries constant and put variable text into the detail. */
void diagnostics_error(struct diagnostics *diagnostics, const struct path *path,
                       const char *summary, const char *detail, ...) ATTR_PRINTF(4, 5);
void diagnostics_warning(struct diagnostics *diagnostics, const struct path *path,
                         const char *summary, const char *detail, ...) ATTR_PRINTF(4, 5);
/* An error of lib/… as a diagnostic. */
void diagnostics_from_error(struct diagnostics *diagnostics, const struct path *path,
                            const char *summary, const struct error *err);

#endif
