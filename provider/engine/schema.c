#include "provider/engine/schema.h"

#include <string.h>

const struct attribute *attribute_find(const struct attribute *table, const char *name)
{
    for (; table && table->name; table++)
        if (strcmp(table->name, name) == 0)
            return table;
    return NULL;
}

bool attribute_is_computed(const struct attribute *attribute)
{
    return attribute->flags & COMPUTED ||
           (attribute->default_value && !(attribute->flags & REQUIRED));
}
