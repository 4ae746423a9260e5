/* Members that a request left out. */
#ifndef OKESTRA_CLOUD_DEFAULTS_H
#define OKESTRA_CLOUD_DEFAULTS_H

#include <jansson.h>

/* Sets what is missing in `target` (an object) and, recursively, in its objects. `defaults` is stolen;
 * build it with json_pack(). */
void defaults_fill(json_t *target, json_t *defaults);

/* A PUT that names only some members of an object-valued field: puts the others back as they were. */
void defaults_keep(json_t *body, const json_t *before, const char *field);

#endif
