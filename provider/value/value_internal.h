/* What the files of provider/value share: values around memory that is in their arena already, and
 * orders. Nothing outside this folder includes it. */
#ifndef OKESTRA_PROVIDER_VALUE_VALUE_INTERNAL_H
#define OKESTRA_PROVIDER_VALUE_VALUE_INTERNAL_H

#include "provider/value/value.h"

/* A STRING or NUMBER with room for its text, which the caller fills in. One allocation. */
char *value_new_text(struct arena *arena, enum value_kind kind, size_t length,
                     const struct value **value);
/* The arrays are used as they are. value_new_map sorts in place; the last of equal keys wins. */
const struct value *value_new_list(struct arena *arena, const struct value *const *items,
                                   size_t count);
const struct value *value_new_map(struct arena *arena, struct value_entry *entries, size_t count);

/* Bytewise, the shorter first. */
int value_compare_keys(struct slice a, struct slice b);
/* As value_compare; below object types, members that are null count as absent. type may be NULL.
 * Sets must be in canonical order. */
int value_compare_typed(const struct type *type, const struct value *a, const struct value *b);
/* Both are LIST values of set(element). O(n log n). */
bool value_sets_equal(const struct type *element, const struct value *a, const struct value *b);

/* The type of a member; NULL when type is NULL or has no such member. */
const struct type *value_member_type(const struct type *type, struct slice key);
const struct type *value_item_type(const struct type *type, size_t index);

/* Position of a field of an object; false when there is none. */
bool type_find_field(const struct type *object, struct slice name, size_t *index);
/* A total order; 0 exactly for equal types. */
int type_compare(const struct type *a, const struct type *b);

#endif
