/*
 * Semantic equality: two spellings of one thing are no change.
 *
 * Inside nested objects a null stands for "not mine to say": it matches whatever the server filled in
 * when the attribute is computed, and the default or an empty value otherwise.
 */
#ifndef OKESTRA_PROVIDER_ENGINE_SAME_H
#define OKESTRA_PROVIDER_ENGINE_SAME_H

#include "provider/engine/schema.h"

/* Unknown values are the same as nothing. Null is only the same as null. */
bool same_value(const struct attribute *attribute, const struct value *a, const struct value *b);
/* True when the API's value says no more than null does: empty, false or the default. */
bool same_as_nothing(const struct attribute *attribute, const struct value *value);
/* The planned value of attribute.default_value. */
const struct value *attribute_default(struct arena *arena, const struct attribute *attribute);

#endif
