/* The `timeouts` block: Go durations ("90s", "1h30m") that bound each phase. */
#ifndef OKESTRA_PROVIDER_ENGINE_TIMEOUTS_H
#define OKESTRA_PROVIDER_ENGINE_TIMEOUTS_H

#include "provider/engine/diagnostics.h"
#include "provider/engine/schema.h"

enum timeouts_phase { PHASE_CREATE, PHASE_READ, PHASE_UPDATE, PHASE_DELETE };

enum { TIMEOUTS_DEFAULT_SECONDS = 20 * 60 };

extern const struct type timeouts_type; /* object: create, delete, read, update */
extern const struct attribute timeouts_attributes[];

/* Go's time.ParseDuration without a sign (https://pkg.go.dev/time#ParseDuration), whole milliseconds.
 * False on bad syntax and beyond 30 years. */
bool timeouts_parse(const char *text, int64_t *milliseconds);
/* The monotonic deadline of a phase that starts now. object: planned or prior state; NULL: none. */
int64_t timeouts_deadline(const struct resource *resource, const struct value *object,
                          enum timeouts_phase phase);
void timeouts_validate(const struct value *config, struct diagnostics *diagnostics,
                       struct arena *arena);

#endif
