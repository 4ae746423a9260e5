#include "acceptance/cloud/api/lifecycle.h"

#include <string.h>

const struct lifecycle lifecycle_core = {.creating = "PROVISIONING",
                                         .active = "AVAILABLE",
                                         .updating = "UPDATING",
                                         .deleting = "TERMINATING",
                                         .deleted = "TERMINATED",
                                         .create_ms = 300,
                                         .update_ms = 300,
                                         .delete_ms = 300,
                                         .linger_ms = 20 * 1000};

const struct lifecycle lifecycle_identity = {.active = "ACTIVE"};

bool lifecycle_settled(const struct object *object)
{
    const struct lifecycle *life = object->kind->life;
    const char *state = object_state(object);
    const char *const unsettled[] = {life ? life->creating : NULL, life ? life->updating : NULL,
                                     life ? life->deleting : NULL, life ? life->deleted : NULL};
    for (size_t i = 0; state && i < ARRAY_LENGTH(unsettled); i++)
        if (unsettled[i] && strcmp(unsettled[i], state) == 0)
            return false;
    return true;
}

static void end_deletion(struct call *call, struct object *object)
{
    const struct lifecycle *life = object->kind->life;
    if (!life->deleted) {
        change_remove(call->change, object);
        return;
    }
    call_set_state(object, life->deleted);
    if (life->linger_ms != LINGER_FOR_EVER)
        call_schedule(call, object, "vanish", life->linger_ms);
}

void lifecycle_take(struct call *call, struct object *object, const char *step, bool failed)
{
    const struct kind *kind = object->kind;
    if ((kind->step && kind->step(call, object, step, failed)) || !kind->life)
        return;
    if (strcmp(step, "activate") == 0)
        call_set_state(object, failed ? "FAILED" : kind->life->active);
    else if (strcmp(step, "updated") == 0 || (strcmp(step, "deleted") == 0 && failed))
        call_set_state(object, kind->life->active);
    else if (strcmp(step, "deleted") == 0)
        end_deletion(call, object);
    else if (strcmp(step, "vanish") == 0)
        change_remove(call->change, object);
}
