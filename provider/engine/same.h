/*
 * Semantic equality: two spellings of one thing are no change.
 *
 * The two sides are not alike. One asks (the configuration when planning, the prior state when
 * reading), the other holds (the prior state, the API's answer). Inside nested objects, where Terraform
 * lets nothing be filled in beside what the user wrote, a null on the asking side means "not mine to
 * say": it is the same as whatever a computed attribute holds, as the default of one that has a
 * default, and as an empty value (empty text or collection, false) of any other.
 * A value that is asked for and not held is a change, unless it is the default or empty.
 */
#ifndef OKESTRA_PROVIDER_ENGINE_SAME_H
#define OKESTRA_PROVIDER_ENGINE_SAME_H

#include "provider/engine/schema.h"

/* For both: unknown values are the same as nothing; at this level null is only the same as null. */
bool same_planned(const struct attribute *attribute, const struct value *config,
                  const struct value *prior);
/* The same for a member of a nested object: here null means "not mine to say", as above. */
bool same_planned_field(const struct attribute *field, const struct value *config,
                        const struct value *prior);
/* Nested LOCAL, UNREADABLE and WRITE_ONLY attributes take no part: the API cannot know them. */
bool same_read(const struct attribute *attribute, const struct value *prior,
               const struct value *remote);

/* A semantic union of both that shows a drift and nothing else: the prior spelling wherever prior and
 * remote are the same, at any depth, the remote value where they are not. Both known. */
const struct value *same_merge(struct arena *arena, const struct attribute *attribute,
                               const struct value *prior, const struct value *remote);

/* True when the value says no more than null does: empty, false or the default. */
bool same_as_nothing(const struct attribute *attribute, const struct value *value);
/* The planned value of attribute.default_value. */
const struct value *attribute_default(struct arena *arena, const struct attribute *attribute);

#endif
