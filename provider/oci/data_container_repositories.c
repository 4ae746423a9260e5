/* What the list of container repositories tells of all of them together. */
#include "provider/oci/data_container_repositories.h"

#include <inttypes.h>
#include <stdlib.h>

#include "provider/oci/attributes.h"

#define COUNT(name_, doc_)                                                                         \
    {                                                                                              \
        .name = (name_), .kind = ATTRIBUTE_INTEGER, .flags = COMPUTED, .doc = (doc_)               \
    }

const struct attribute container_repository_totals[] = {
    COUNT("image_count", "Images in all of them."),
    COUNT("layer_count", "Layers in all of them."),
    ATTRIBUTE_TOLD("layers_size_in_bytes", "Size of all layers."),
    COUNT("remaining_items_count", "Always 0: all are listed."),
    COUNT("repository_count", "Number of repositories."),
    ATTRIBUTES_END,
};

static int64_t sum(const struct value *items, const char *member)
{
    int64_t total = 0, number;
    for (size_t i = 0; i < value_count(items); i++) {
        const struct value *value = value_get(value_item(items, i), member);
        if (value_as_integer(value, &number))
            total += number;
        else if (value_text(value))
            total += strtoll(value_text(value), NULL, 10);
    }
    return total;
}

const struct value *container_repository_add_totals(struct arena *arena,
                                                    const struct value *collection)
{
    const struct value *items = value_get(collection, "items");
    const struct value_entry entries[] = {
        {slice_from("image_count"), value_integer(arena, sum(items, "image_count"))},
        {slice_from("items"), items},
        {slice_from("layer_count"), value_integer(arena, sum(items, "layer_count"))},
        {slice_from("layers_size_in_bytes"),
         value_string(arena, arena_printf(arena, "%" PRId64, sum(items, "layers_size_in_bytes")))},
        {slice_from("remaining_items_count"), value_integer(arena, 0)},
        {slice_from("repository_count"), value_integer(arena, (int64_t)value_count(items))},
    };
    return value_map(arena, entries, ARRAY_LENGTH(entries));
}
