#include "acceptance/cloud/api/pending.h"

static void replace(json_t *body, const json_t *with)
{
    json_object_clear(body);
    json_object_update(body, (json_t *)(uintptr_t)with);
}

void pending_hold(struct object *object, const json_t *before)
{
    json_object_set_new(object->hidden, "pending", json_deep_copy(object->body));
    replace(object->body, before);
}

void pending_end(struct object *object, bool failed)
{
    json_t *pending = json_object_get(object->hidden, "pending");
    if (pending && !failed)
        replace(object->body, pending);
    json_object_del(object->hidden, "pending");
}
