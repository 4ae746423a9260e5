/* Attribute paths, as Terraform's diagnostics and requires_replace use them. Immutable, in an arena:
 * extending a path allocates one step that points at its parent. */
#ifndef OKESTRA_PROVIDER_VALUE_PATH_H
#define OKESTRA_PROVIDER_VALUE_PATH_H

#include <stdint.h>

#include "lib/base/arena.h"
#include "lib/base/str.h"
#include "provider/value/value.h"

enum path_step_kind { PATH_ATTRIBUTE, PATH_KEY, PATH_INDEX };

struct path {
    const struct path *parent; /* NULL at the first step */
    enum path_step_kind kind;
    const char *name; /* ATTRIBUTE, KEY */
    int64_t index;    /* INDEX */
};

/* The root path is NULL. */
const struct path *path_attribute(struct arena *arena, const struct path *parent, const char *name);
const struct path *path_key(struct arena *arena, const struct path *parent, const char *key);
const struct path *path_index(struct arena *arena, const struct path *parent, int64_t index);
size_t path_depth(const struct path *path);
/* Steps from the root into steps[0..depth-1]. */
void path_steps(const struct path *path, const struct path **steps);
/* "node_config_details[0].size" */
void path_print(const struct path *path, struct str *out);
/* The value at the path below root, or NULL when the path does not exist there. */
const struct value *path_lookup(const struct path *path, const struct value *root);

#endif
