/*
 * YAML streams as JSON, read as Kubernetes tools read manifests: YAML 1.1 plain scalars ("yes" is true,
 * 0644 is 420), with anchors, aliases and merge keys ("<<"). Mappings become objects with sorted keys
 * (true and 1 as keys become their text). Numbers keep every digit.
 *
 * Refused, with the line: a key that comes twice, keys that are collections or null, unknown tags,
 * infinities, anything beyond the limits. Aliases count with all they stand for, so that a small text
 * cannot grow into a large value.
 */
#ifndef OKESTRA_BASE_YAML_H
#define OKESTRA_BASE_YAML_H

#include <stdbool.h>

#include "lib/base/error.h"
#include "lib/base/str.h"

enum {
    YAML_MAX_BYTES = 16 * 1024 * 1024,
    YAML_MAX_DEPTH = 100,
    YAML_MAX_JSON = 64 * 1024 * 1024,
    YAML_MAX_NODES = 1000 * 1000, /* of one stream, aliases expanded */
};

/* Appends an array with one value for each document; documents without content are left out. False
 * with ERROR_INVALID and *json as it was. */
bool yaml_to_json(struct slice text, struct str *json, struct error *err);

#endif
