/* YAML streams as values: what lib/base/yaml.h reads, with its rules and limits. Mappings become maps,
 * sequences lists. Results borrow nothing from the text. */
#ifndef OKESTRA_PROVIDER_VALUE_VALUE_YAML_H
#define OKESTRA_PROVIDER_VALUE_VALUE_YAML_H

#include "lib/base/error.h"
#include "provider/value/value.h"

/* A list with one value for each document; documents without content are left out. NULL and ERROR_INVALID. */
const struct value *value_yaml_decode(struct arena *arena, struct slice text, struct error *err);

#endif
