#include "acceptance/cloud/containerengine/containerengine.h"
#include "lib/base/json.h"

static const struct work_flavour flavour = {
    .kind = &kind_oke_work,
    .failed_action = "FAILED",
    .resource_query = "resourceId",
};

const struct kind kind_oke_work = {
    .type = "clustersworkrequest",
    .title = "Work request",
    .internal = true,
    .step = work_step,
    .work = &flavour,
};

struct object *oke_start_work(struct call *call, const char *operation_type, struct object *object,
                              const char *entity, const char *action, const char *step,
                              int64_t duration_ms)
{
    static const char *const collections[][2] = {{"cluster", "clusters"},
                                                 {"nodepool", "nodePools"},
                                                 {"virtualnodepool", "virtualNodePools"}};
    const char *uri = arena_printf(call->arena, OKE_BASE_PATH "/%s", object->id);
    for (size_t i = 0; i < ARRAY_LENGTH(collections); i++)
        if (text_equal(collections[i][0], entity))
            uri = arena_printf(call->arena, OKE_BASE_PATH "/%s/%s", collections[i][1], object->id);
    const struct work_entity resource = {entity, action, uri};
    return work_start(call, &flavour, operation_type, object, &resource, step, duration_ms);
}

bool oke_reply_accepted(struct call *call)
{
    return call_reply(call, 200, NULL);
}

static const char *failure(const struct call *call, const char *member, const char *fallback)
{
    const json_t *why = call->work ? json_object_get(call->work->hidden, "failure") : NULL;
    const char *text = json_get_text(why, member);
    return text ? text : fallback;
}

const char *oke_failure(const struct call *call)
{
    return failure(call, "message", "The work request has failed.");
}

const char *oke_failure_code(const struct call *call)
{
    return failure(call, "code", "InternalError");
}
