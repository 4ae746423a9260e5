/*
 * Layout: what follows from an attribute table, worked out once for each table and kept as long as the
 * process: the object type, the attributes in the order of object members, names in JSON. Thread-safe;
 * finding what is there takes no lock. Tables must be constant and live for ever.
 */
#ifndef OKESTRA_PROVIDER_ENGINE_LAYOUT_H
#define OKESTRA_PROVIDER_ENGINE_LAYOUT_H

#include "provider/engine/schema.h"

struct layout {
    const struct type *type; /* the object; its fields are in the order of `attributes` */
    size_t count;
    /* Sorted by name, bytewise. NULL stands for the `timeouts` block of a resource. */
    const struct attribute *const *attributes;
    bool has_keys; /* some attribute has the flag KEY */
};

const struct layout *layout_of_table(const struct attribute *table);
/* With the `timeouts` block. */
const struct layout *layout_of_resource(const struct resource *resource);
/* The object type of an identity, for the attributes of the resource that it names. */
const struct type *layout_identity_type(const struct resource *resource,
                                        const struct identity_attribute *identity);

/* The member of the index-th attribute; &value_null when absent. Fast for objects that have all. */
const struct value *layout_member(const struct layout *layout, const struct value *object,
                                  size_t index);
/* The object with members[i] for the i-th attribute; borrows the array. */
const struct value *layout_object(struct arena *arena, const struct layout *layout,
                                  const struct value *const *members);
const struct attribute *layout_find(const struct layout *layout, const char *name); /* or NULL */

#endif
