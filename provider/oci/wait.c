/* Waiting for what an answer has begun, by work request and lifecycle state. */
#include <stdlib.h>
#include <string.h>

#include "lib/base/clock.h"
#include "lib/base/json.h"
#include "lib/base/log.h"
#include "lib/oci/lifecycle.h"
#include "lib/oci/work_request.h"
#include "provider/oci/ops_internal.h"

/* How long a deleted object may look alive before its state shows that it is leaving. */
enum { STILL_ALIVE_MS = 60 * 1000, MOST_STATES = 16 };

#define STATES(...) ((const char *const[]){__VA_ARGS__, NULL})

const struct api_states api_states_core = {.busy = STATES("PROVISIONING", "UPDATING"),
                                           .alive = STATES("AVAILABLE"),
                                           .leaving = STATES("TERMINATING"),
                                           .gone = STATES("TERMINATED")};
const struct api_states api_states_active = {.busy = STATES("CREATING", "UPDATING"),
                                             .alive = STATES("ACTIVE", "INACTIVE"),
                                             .leaving = STATES("DELETING"),
                                             .gone = STATES("DELETED")};
const struct api_states api_states_attention = {.busy = STATES("CREATING", "UPDATING"),
                                                .alive =
                                                    STATES("ACTIVE", "NEEDS_ATTENTION", "INACTIVE"),
                                                .leaving = STATES("DELETING"),
                                                .gone = STATES("DELETED")};

/* --- states ------------------------------------------------------------------------------------- */

static const char *state_of(const struct oci_api *api, const json_t *object)
{
    const char *member =
        api->states && api->states->member ? api->states->member : "lifecycleState";
    return json_string_value(json_at_path(object, member));
}

bool api_state_is_one_of(const struct oci_api *api, const json_t *object, const char *const *states)
{
    const char *state = state_of(api, object);
    for (; state && states && *states; states++)
        if (strcmp(state, *states) == 0)
            return true;
    return false;
}

bool api_is_gone(const struct oci_api *api, const json_t *object)
{
    return !object || (api->states && api_state_is_one_of(api, object, api->states->gone));
}

static void join(const char *const **lists, size_t count, const char **joined)
{
    size_t length = 0;
    for (size_t i = 0; i < count; i++)
        for (const char *const *state = lists[i]; state && *state; state++)
            if (length + 1 < MOST_STATES)
                joined[length++] = *state;
    joined[length] = NULL;
}

/* --- work requests ------------------------------------------------------------------------------ */

static void log_progress(void *context, const char *state, double percent, int64_t elapsed_ms)
{
    const struct api_call *call = context;
    LOG(LOG_LEVEL_DEBUG, "waiting", {"for", call->title}, {"state", state},
        {"elapsed", arena_printf(call->op->arena, "%lld s", (long long)(elapsed_ms / 1000))});
    (void)percent;
}

static struct oci_wait wait_of(struct api_call *call)
{
    return (struct oci_wait){.deadline_ms = call->op->deadline_ms,
                             .cancel = call->op->cancel,
                             .progress = log_progress,
                             .context = call};
}

static struct oci_work_request_query query_of(const struct api_call *call, const char *id)
{
    static const struct {
        enum api_phase phase;
        const char *verb, *action;
    } phases[] = {{API_CREATE, "create", "CREATED"},
                  {API_UPDATE, "update", "UPDATED"},
                  {API_DELETE, "delete", "DELETED"}};
    struct oci_work_request_query query = {.service = call->api->service,
                                           .id = id,
                                           .compartment_id =
                                               value_text(value_get(call->known, "compartment_id")),
                                           .entity_type = call->api->work_request_entity,
                                           .what = call->title};
    for (size_t i = 0; i < ARRAY_LENGTH(phases); i++)
        if (phases[i].phase == call->phase) {
            query.action = phases[i].action;
            query.what = arena_printf(call->op->arena, "%s %s", phases[i].verb, call->title);
        }
    return query;
}

static void note_id(struct api_call *call, const char *identifier)
{
    if (identifier && !call->id)
        api_call_created(call, identifier);
}

/* Takes the id of a new object from its work request as early as possible: the journal wants it. */
static bool wait_work_request(struct api_call *call, const char *id, struct error *err)
{
    CLEANUP(free_pointer) char *early = NULL, *late = NULL;
    const struct oci_work_request_query query = query_of(call, id);
    const struct oci_wait wait = wait_of(call);
    if (!call->id && !oci_work_request_identifier(api_client(call->op), &query, &wait, &early, err))
        return false;
    note_id(call, early);
    bool good = oci_work_request_wait(api_client(call->op), &query, &wait, &late, err);
    note_id(call, late);
    if (good && !call->id)
        return error_set(err, ERROR_REMOTE,
                         "%s: work request %s succeeded, but does not name what it made",
                         query.what, id);
    return good;
}

/* --- lifecycle ---------------------------------------------------------------------------------- */

static bool wait_state(struct api_call *call, const char *const *pending,
                       const char *const *targets, bool gone, int64_t most_ms, json_t **object,
                       struct error *err)
{
    const struct oci_request get = {.service = call->api->service,
                                    .operation = api_operation_name(call, API_READ),
                                    .object = call->title,
                                    .method = "GET",
                                    .path = api_item_path(call, err)};
    if (!get.path)
        return false;
    struct oci_state_wait wait = {.get = &get,
                                  .what = call->title,
                                  .state_member = call->api->states->member,
                                  .pending = pending,
                                  .targets = targets,
                                  .gone_is_target = gone,
                                  .gone_is_pending = call->phase == API_CREATE,
                                  .wait = wait_of(call)};
    if (most_ms &&
        (!wait.wait.deadline_ms || clock_monotonic_ms() + most_ms < wait.wait.deadline_ms))
        wait.wait.deadline_ms = clock_monotonic_ms() + most_ms;
    json_t *latest = NULL;
    bool good = oci_wait_state(api_client(call->op), &wait, &latest, err);
    call->etag = NULL; /* it changed under way */
    if (latest || good) {
        json_decref(*object);
        *object = latest;
    }
    return good;
}

static bool wait_alive(struct api_call *call, json_t **object, struct error *err)
{
    const struct api_states *states = call->api->states;
    if (!states || call->api->flags & API_READ_BY_LIST ||
        (*object && api_state_is_one_of(call->api, *object, states->alive)))
        return true;
    return wait_state(call, states->busy, states->alive, false, 0, object, err);
}

bool api_wait_for(struct api_call *call, const struct oci_response *response, json_t **object,
                  struct error *err)
{
    if (response->work_request_id && call->api->work_request_entity) {
        if (!wait_work_request(call, response->work_request_id, err))
            return false;
        json_decref(*object); /* as it was before the work was done */
        *object = NULL;
    }
    return wait_alive(call, object, err);
}

bool api_wait(struct api_call *call, const struct oci_response *response, struct error *err)
{
    JSON_AUTO object = NULL;
    return api_wait_for(call, response, &object, err);
}

/* First until it leaves or is gone, then until it is gone: one that comes back to life says that the
 * service gave up deleting it. */
bool api_wait_gone(struct api_call *call, const struct oci_response *response, struct error *err)
{
    if (response->work_request_id && call->api->work_request_entity &&
        !wait_work_request(call, response->work_request_id, err))
        return false;
    const struct api_states *states = call->api->states;
    if (!states || call->api->flags & API_READ_BY_LIST)
        return true;
    const char *leaving[MOST_STATES], *alive[MOST_STATES];
    join((const char *const *[]){states->leaving, states->gone}, 2, leaving);
    join((const char *const *[]){states->alive, states->busy}, 2, alive);
    JSON_AUTO object = NULL;
    return wait_state(call, alive, leaving, true, STILL_ALIVE_MS, &object, err) &&
           (api_is_gone(call->api, object) ||
            wait_state(call, states->leaving, states->gone, true, 0, &object, err));
}
