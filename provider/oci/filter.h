/*
 * `filter` blocks of data sources that list: name, values, regex. All filters must pass, of the values
 * one; texts are compared exactly, or searched for by a regular expression; numbers and bools by value;
 * lists of texts pass when one element does. A name is a field of the listed objects; a dot leads into
 * the only element of a nested list, or to the key of a map ("freeform_tags.team"). What names no field,
 * and expressions that are none, match nothing, as with oracle/oci, and here with a warning.
 */
#ifndef OKESTRA_PROVIDER_OCI_FILTER_H
#define OKESTRA_PROVIDER_OCI_FILTER_H

#include "provider/engine/diagnostics.h"
#include "provider/engine/schema.h"

enum { FILTER_MATCH_LIMIT = 1000 * 1000 }; /* steps of one search: bounds hostile expressions */

extern const struct attribute filter_fields[];

#define ATTRIBUTE_FILTER                                                                           \
    {                                                                                              \
        .name = "filter", .kind = ATTRIBUTE_OBJECT_SET, .flags = OPTIONAL,                         \
        .fields = filter_fields,                                                                   \
        .doc = "Keeps the objects that pass: each block names a field and the values that it may " \
               "have."                                                                             \
    }

/* The items (a list) that pass config's filters, in their order. fields: table of the items. */
const struct value *filter_apply(struct arena *arena, struct diagnostics *diagnostics,
                                 const struct value *config, const struct attribute *fields,
                                 const struct value *items);

#endif
