/* Creating, so that there is one object afterwards: not none, not two. README.md tells the cases. */
#include "lib/base/json.h"
#include "lib/base/log.h"
#include "provider/engine/json_body.h"
#include "provider/oci/ops_internal.h"

/* --- ids ---------------------------------------------------------------------------------------- */

/* The Terraform id of a received object; NULL when it tells none. */
static const char *id_of(struct api_call *call, const json_t *object)
{
    struct arena *arena = call->op->arena;
    if (!call->api->id)
        return json_get_text(object, "id");
    const struct value *state = json_body_to_value(arena, call->op->resource->attributes, object);
    api_fill_placeholders(arena, call->api->id, call->target, &state);
    return api_text(arena, call->api->id, state);
}

static void note_object(struct api_call *call, const json_t *object)
{
    const char *id = id_of(call, object);
    if (id && !call->id)
        api_call_created(call, id);
}

/* --- objects that exist already ----------------------------------------------------------------- */

/* Waits for an object that an earlier request made. Takes over *object. */
static bool continue_with(struct api_call *call, json_t **object, struct error *err)
{
    note_object(call, *object);
    LOG(LOG_LEVEL_INFO, "continuing with the object that an earlier request made",
        {"resource", call->op->resource->name}, {"id", call->id});
    const struct oci_response nothing = OCI_RESPONSE_INIT;
    return api_wait_for(call, &nothing, object, err);
}

/* Deletes what an earlier request made: the answer with its secret is lost. */
static bool discard(const struct api_call *call, const char *id, struct error *err)
{
    struct api_call lost = *call;
    lost.phase = API_DELETE;
    if (id)
        api_call_created(&lost, id);
    return api_delete(&lost, err);
}

/* An earlier run reported the id and was killed. */
static bool continue_earlier(struct api_call *call, const char *id, json_t **object,
                             struct error *err)
{
    if (call->api->flags & API_DISCARD_LOST) {
        if (!discard(call, id, err))
            return false;
    } else {
        api_call_created(call, id);
        if (!api_fetch(call, object, err))
            return false;
    }
    if (!*object)
        return error_set(err, ERROR_NOT_FOUND,
                         "%s, which an interrupted run had begun, does not exist any more", id);
    return continue_with(call, object, err);
}

/* Looks for what a request without an answer may have made. Nothing found: *object stays NULL. */
static bool recover(struct api_call *call, json_t **object, struct error *err)
{
    if (!api_look_up(call, object, err) || !*object)
        return !error_is_set(err);
    if (!(call->api->flags & API_DISCARD_LOST))
        return continue_with(call, object, err);
    bool discarded = discard(call, id_of(call, *object), err);
    json_decref(*object);
    *object = NULL;
    return discarded;
}

/* --- refusals ----------------------------------------------------------------------------------- */

static bool name_is_taken(const struct error *err)
{
    return err->code == ERROR_EXISTS;
}

/* Adds how to go on. */
static void explain_taken(struct api_call *call, struct error *err)
{
    ERROR_AUTO(ignored);
    JSON_AUTO object = NULL;
    if (!api_find_by_name(call, &object, &ignored) || !object)
        return;
    const char *id = id_of(call, object);
    struct error refined = ERROR_INIT;
    error_set(&refined, err->code,
              "%s\nIt is %s. To manage it here: terraform import oke_%s.<name> '%s'",
              error_message(err), id ? id : "there", call->op->resource->name, id ? id : "<id>");
    refined.http_status = err->http_status;
    error_move(err, &refined);
}

/* Takes the object of the planned name over: the update to the plan is the caller's. */
static bool adopt(struct api_call *call, json_t **object, bool *adopted, struct error *err)
{
    struct error refusal = ERROR_INIT;
    error_move(&refusal, err);
    if (!api_find_by_name(call, object, err))
        return false;
    if (!*object) {
        error_move(err, &refusal);
        return false;
    }
    error_free(&refusal);
    *adopted = true;
    note_object(call, *object);
    diagnostics_warning(call->op->diagnostics, NULL, "Existing object taken over",
                        "%s existed already; it is managed by this configuration now.",
                        call->title);
    return true;
}

/* --- the request -------------------------------------------------------------------------------- */

/* One token for each logical create; another body, after a lack of capacity, is another create. */
static const char *retry_token(const struct api_call *call, int attempt)
{
    const char *token = operation_retry_token(call->op);
    if (call->api->flags & API_NO_RETRY_TOKEN || !token)
        return NULL;
    return attempt == 1 ? token : arena_printf(call->op->arena, "%s-%d", token, attempt);
}

static json_t *answered_object(const struct oci_api *api, const struct oci_response *response)
{
    json_t *object = api->answer ? json_at_path(response->body, api->answer) : response->body;
    return json_is_object(object) ? json_incref(object) : NULL;
}

struct creation {
    struct api_call *call;
    json_t *body;
    int attempt;
    bool recovered; /* a lost answer was looked into once */
    bool resent;    /* the request goes out again after its answer was lost */
    bool adopted;
};

static bool accept(struct creation *creation, const struct oci_response *response, json_t **object,
                   struct error *err)
{
    struct api_call *call = creation->call;
    *object = answered_object(call->api, response);
    note_object(call, *object);
    if (!api_wait_for(call, response, object, err))
        return false;
    if (call->api->flags & API_READ_AFTER_WRITE) {
        json_decref(*object);
        *object = NULL;
    }
    return true;
}

static bool send_create(struct creation *creation, json_t **object, struct error *err);

/* What a refusal or a lost answer means. True with *object, or false with err. */
static bool handle_refusal(struct creation *creation, const struct oci_response *response,
                           json_t **object, struct error *err)
{
    struct api_call *call = creation->call;
    const struct oci_api *api = call->api;
    bool no_token = api->flags & API_NO_RETRY_TOKEN;
    bool lost = err->code == ERROR_UNAVAILABLE && no_token && !creation->recovered;
    bool spent =
        text_equal(err->service_code, "InvalidatedRetryToken") && operation_is_replay(call->op);
    if (name_is_taken(err) && api->flags & API_KEYED_BY_NAME &&
        (response->attempts > 1 || creation->resent)) {
        error_reset(err);
        return api_fetch(call, object, err) && *object && continue_with(call, object, err);
    }
    if (name_is_taken(err) && api->adopt && api->adopt(call))
        return adopt(call, object, &creation->adopted, err);
    if (name_is_taken(err))
        explain_taken(call, err);
    if (!lost && !spent)
        return false;
    creation->recovered = true;
    error_reset(err);
    if (!recover(call, object, err))
        return false;
    if (*object)
        return true;
    if (spent) /* the engine begins afresh */
        return error_set(err, ERROR_NOT_FOUND,
                         "%s, which an interrupted run had begun, does not exist any more",
                         call->title);
    creation->resent = true;
    return send_create(creation, object, err);
}

static bool send_create(struct creation *creation, json_t **object, struct error *err)
{
    OCI_RESPONSE_AUTO(response);
    struct api_call *call = creation->call;
    const char *path = call->api->create_path ? call->api->create_path : call->api->path;
    struct oci_request request = {.operation = api_operation_name(call, API_CREATE),
                                  .method = "POST",
                                  .path = api_path(call->op->arena, path, call->known, err),
                                  .body = creation->body,
                                  .retry_token = retry_token(call, creation->attempt),
                                  .repeatable = call->api->flags & API_KEYED_BY_NAME};
    if (!request.path)
        return false;
    if (api_send(call, &request, NULL, &response, err))
        return accept(creation, &response, object, err);
    return handle_refusal(creation, &response, object, err);
}

/* Removes what a lack of capacity left half-made, so that the next attempt makes no twin. */
static bool clear_away(struct api_call *call, struct error *err)
{
    if (!call->id)
        return true;
    struct api_call half_made = *call;
    half_made.phase = API_DELETE;
    if (!api_delete(&half_made, err))
        return error_wrap(err, "remove %s, for which there was no capacity", call->title);
    struct operation *op = call->op;
    *call = api_call_begin(op, API_CREATE, NULL, call->planned, call->config);
    return true;
}

static bool create_within_capacity(struct creation *creation, json_t **object, struct error *err)
{
    struct api_call *call = creation->call;
    for (creation->attempt = 1;; creation->attempt++) {
        if (send_create(creation, object, err))
            return true;
        if (err->code != ERROR_CAPACITY || !call->api->out_of_capacity ||
            !call->api->out_of_capacity(call, creation->attempt, creation->body))
            return false;
        void *context = call->context;
        error_reset(err);
        json_decref(*object);
        *object = NULL;
        if (!clear_away(call, err))
            return false;
        call->context = context;
    }
}

static bool obtain(struct creation *creation, json_t **object, struct error *err)
{
    struct api_call *call = creation->call;
    const char *earlier = operation_created_earlier(call->op);
    if (earlier)
        return continue_earlier(call, earlier, object, err);
    if (operation_is_replay(call->op) && call->api->flags & API_NO_RETRY_TOKEN) {
        creation->recovered = true;
        if (!recover(call, object, err) || *object)
            return *object != NULL;
    }
    creation->body = json_body_from_value(call->op->arena, call->op->resource->attributes,
                                          BODY_CREATE, NULL, call->planned, call->config);
    api_drop_placeholders(call->op->arena, call->api->path, call->op->resource->attributes,
                          creation->body);
    if (call->api->body && !call->api->body(call, creation->body, err))
        return false;
    return create_within_capacity(creation, object, err);
}

/* --- all of it ---------------------------------------------------------------------------------- */

/* What is known of an object that a failed create leaves behind. */
static void report_remains(struct api_call *call, json_t *object, const struct error *failure,
                           const struct value **state)
{
    ERROR_AUTO(ignored);
    JSON_AUTO present = json_incref(object);
    if (!present && call->id && failure->code != ERROR_CANCELLED)
        api_fetch(call, &present, &ignored);
    if (call->id && present && !api_is_gone(call->api, present))
        *state = api_to_state(call, present, &ignored);
}

static bool finish(struct creation *creation, json_t *object, const struct value **state,
                   struct error *err)
{
    struct api_call *call = creation->call;
    JSON_AUTO present = json_incref(object);
    if (!present && !api_fetch(call, &present, err))
        return false;
    if (!present)
        return error_set(err, ERROR_REMOTE,
                         "%s was made, but is gone again: something else deletes it", call->title);
    *state = api_to_state(call, present, err);
    if (!*state || !creation->adopted)
        return *state != NULL;
    struct api_call change =
        api_call_begin(call->op, API_UPDATE, *state, call->planned, call->config);
    return api_change(&change, state, err);
}

bool api_create(struct operation *op, const struct value *planned, const struct value *config,
                const struct value **state, struct error *err)
{
    struct api_call call = api_call_begin(op, API_CREATE, NULL, planned, config);
    struct creation creation = {.call = &call, .attempt = 1};
    JSON_AUTO object = NULL;
    bool good = obtain(&creation, &object, err) && finish(&creation, object, state, err);
    json_decref(creation.body);
    if (!good && !*state)
        report_remains(&call, object, err, state);
    return good;
}
