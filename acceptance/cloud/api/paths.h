/* Paths into JSON: "a.b" goes into objects, "a[].b" into each item of a list; lists of texts need no
 * brackets at the end. */
#ifndef OKESTRA_CLOUD_PATHS_H
#define OKESTRA_CLOUD_PATHS_H

#include <jansson.h>
#include <stdbool.h>

/* Calls visit for each non-empty text that the path leads to, until it says false; then so does this. */
bool path_visit(const json_t *json, const char *path,
                bool (*visit)(void *context, const char *text), void *context);
/* The first text, or NULL. */
const char *path_text(const json_t *json, const char *path);

#endif
