#include "provider/kube/api.h"

const struct value *kube_move_metadata(struct arena *arena, const char *source_type,
                                       const struct value *source)
{
    (void)source_type;
    static const char *const members[] = {"name", "namespace", "labels", "annotations", "uid"};
    const struct value *metadata = value_item(value_get(source, "metadata"), 0);
    for (size_t i = 0; i < ARRAY_LENGTH(members); i++) {
        const struct value *member = value_get(metadata, members[i]);
        bool empty = member->kind == VALUE_MAP && value_count(member) == 0;
        if (!value_is_null(member) && !empty)
            source = value_with(arena, source, members[i], member);
    }
    return source;
}
