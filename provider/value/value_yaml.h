/*
 * YAML streams as values, read as Kubernetes tools read manifests: YAML 1.1 plain scalars ("yes" is
 * true, 0644 is 420), with anchors, aliases and merge keys ("<<"). Mappings become maps with string
 * keys (true and 1 as keys become their text), sequences lists.
 *
 * Refused, with the line: a key that comes twice, keys that are collections or null, unknown tags,
 * infinities, anything beyond the limits. Aliases count with all they stand for, so that a small text
 * cannot grow into a large value. All errors are ERROR_INVALID. Results borrow nothing from the text.
 */
#ifndef OKESTRA_PROVIDER_VALUE_VALUE_YAML_H
#define OKESTRA_PROVIDER_VALUE_VALUE_YAML_H

#include "lib/base/error.h"
#include "provider/value/value.h"

enum {
    VALUE_YAML_MAX_BYTES = 16 * 1024 * 1024,
    VALUE_YAML_MAX_DEPTH = 100,
    VALUE_YAML_MAX_NODES = 1000 * 1000, /* of one stream, aliases expanded */
};

/* A list with one value for each document; documents without content are left out. NULL and err. */
const struct value *value_yaml_decode(struct arena *arena, struct slice text, struct error *err);

#endif
