/*
 * Data sources that follow from a resource: LOOK_UP(vcn, vcns, virtual_networks) in registry.def makes
 *
 *   oke_vcn    one object: by `vcn_id`, or by name and what its lists are filtered by
 *   oke_vcns   all that match, in the list `virtual_networks`, with `filter` blocks
 *
 * Both have all attributes of the resource that the API shows, read by the resource's own operations
 * (import and read, list), so that hooks and special cases hold for them, too. The tables are made
 * when the program starts. What deviates stands in a table in look_up.c.
 */
#ifndef OKESTRA_PROVIDER_OCI_LOOK_UP_H
#define OKESTRA_PROVIDER_OCI_LOOK_UP_H

#include "provider/engine/operation.h"

struct look_up_special {
    const char *singular;         /* whose; NULL ends the table */
    const char *id;               /* argument that names one; NULL: <singular>_id */
    bool wrapped;                 /* the list is within an object: <list>[0].items */
    bool many_states;             /* the argument `state` of the list is a list of states */
    const char *const *arguments; /* attributes that narrow the list down on our side */
    const struct attribute *more; /* more attributes of the one */
    /* Fills them in. */
    bool (*complete)(struct operation *op, const struct value **result, struct error *err);
    const struct attribute *totals; /* more attributes of the object around a wrapped list */
    /* The object with them. */
    const struct value *(*add_totals)(struct arena *arena, const struct value *collection);
};

#endif
