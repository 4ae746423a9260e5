/* Planning. Resources see this in their plan hook: reading through the members, changing through the
 * functions. The rules are explained in README.md beside this. */
#ifndef OKESTRA_PROVIDER_ENGINE_PLAN_H
#define OKESTRA_PROVIDER_ENGINE_PLAN_H

#include "provider/engine/diagnostics.h"
#include "provider/engine/schema.h"

struct plan {
    const struct resource *resource;
    const struct value *prior; /* null when creating */
    bool imported;             /* prior was imported, and not written since */
    const struct value *config;
    const struct value *planned; /* after the generic rules; read it again after each change */
    struct diagnostics *diagnostics;
    struct arena *arena;
    const struct path **replace; /* requires_replace */
    size_t replace_count, replace_capacity;
};

bool plan_is_create(const struct plan *plan);
/* True when the attribute's planned value differs from prior (unknown differs). */
bool plan_changes(const struct plan *plan, const char *name);
/* Only for computed attributes that the config leaves null; others stay as they are. */
void plan_set(struct plan *plan, const char *name, const struct value *value);
void plan_set_unknown(struct plan *plan, const char *attribute);
void plan_require_replace(struct plan *plan, const char *attribute);

/* For the engine: the generic rules. The caller sets resource, prior, config, arena. */
void plan_make(struct plan *plan);

#endif
