/* Updating: sub-actions, the update body, and what the object is then. */
#include "lib/base/json.h"
#include "provider/engine/apply.h"
#include "provider/engine/json_body.h"
#include "provider/oci/ops_internal.h"

static bool changes(const struct api_call *call, const struct attribute *attribute)
{
    const struct value *planned = value_get(call->planned, attribute->name);
    return !value_is_unknown(planned) &&
           apply_matters(attribute, value_get(call->prior, attribute->name), planned);
}

/* --- actions ------------------------------------------------------------------------------------ */

static bool run_action(struct api_call *call, const struct api_action *action,
                       const struct attribute *attribute, struct error *err)
{
    if (action->run)
        return action->run(call, action, err);
    JSON_AUTO value = json_object();
    JSON_AUTO body = json_object();
    json_body_add(call->op->arena, value, attribute, value_get(call->planned, attribute->name));
    json_object_set(body, action->member,
                    json_at_path(value, attribute_json_name(call->op->arena, attribute)));
    return api_act(call, action->operation, action->path, body, err);
}

static bool run_actions(struct api_call *call, bool after_update, bool *ran, struct error *err)
{
    const struct api_action *action = call->api->actions;
    for (; action && action->attribute; action++) {
        const struct attribute *attribute =
            attribute_find(call->op->resource->attributes, action->attribute);
        if (action->after_update != after_update || !attribute || !changes(call, attribute))
            continue;
        *ran = true;
        if (!run_action(call, action, attribute, err))
            return false;
    }
    return true;
}

/* --- the body ----------------------------------------------------------------------------------- */

static bool has_action(const struct oci_api *api, const char *attribute)
{
    for (const struct api_action *action = api->actions; action && action->attribute; action++)
        if (text_equal(action->attribute, attribute))
            return true;
    return false;
}

/* Left out: what actions do, and what did not change where the API wants only changes. Null on both
 * sides says nothing. */
static json_t *update_body(const struct api_call *call)
{
    struct arena *arena = call->op->arena;
    const struct value *prior = call->prior, *planned = call->planned;
    const struct attribute *attribute = call->op->resource->attributes;
    for (; attribute->name; attribute++) {
        bool unchanged = call->api->flags & API_UPDATE_CHANGED && !changes(call, attribute) &&
                         !(attribute->flags & WRITE_ONLY);
        if (!unchanged && !has_action(call->api, attribute->name))
            continue;
        if (value_is_null(value_get(prior, attribute->name)) &&
            value_is_null(value_get(planned, attribute->name)))
            continue;
        prior = value_with(arena, prior, attribute->name, &value_null);
        planned = value_with(arena, planned, attribute->name, &value_null);
    }
    return json_body_from_value(arena, call->op->resource->attributes, BODY_UPDATE, prior, planned,
                                call->config);
}

static bool send_update(struct api_call *call, json_t *body, json_t **object, struct error *err)
{
    OCI_RESPONSE_AUTO(response);
    bool post = call->api->flags & API_UPDATE_BY_POST;
    struct oci_request request = {.operation = api_operation_name(call, API_UPDATE),
                                  .method = post ? "POST" : "PUT",
                                  .path = api_item_path(call, err),
                                  .body = body,
                                  .repeatable = true};
    if (!request.path || !api_send(call, &request, call->api->update_query, &response, err))
        return false;
    if (!(call->api->flags & API_READ_AFTER_WRITE) && json_is_object(response.body))
        *object = json_incref(response.body);
    call->target = call->known; /* what names it may just have changed */
    return api_wait_for(call, &response, object, err);
}

/* Again with another body as long as the hook knows one. */
static bool update_within_capacity(struct api_call *call, json_t *body, json_t **object,
                                   struct error *err)
{
    for (int attempt = 1;; attempt++) {
        if (send_update(call, body, object, err))
            return true;
        if (err->code != ERROR_CAPACITY || !call->api->out_of_capacity ||
            !call->api->out_of_capacity(call, attempt, body))
            return false;
        error_reset(err);
    }
}

static bool run_update(struct api_call *call, json_t **object, struct error *err)
{
    JSON_AUTO body = update_body(call);
    if (!api_keep_ignored_tags(call, body, err) ||
        (call->api->body && !call->api->body(call, body, err)))
        return false;
    return json_object_size(body) == 0 || update_within_capacity(call, body, object, err);
}

/* --- all of it ---------------------------------------------------------------------------------- */

static bool run_all(struct api_call *call, json_t **object, struct error *err)
{
    bool before = false, after = false;
    if (!run_actions(call, false, &before, err) || !run_update(call, object, err) ||
        !run_actions(call, true, &after, err))
        return false;
    if (after) {
        json_decref(*object);
        *object = NULL;
    }
    return true;
}

bool api_change(struct api_call *call, const struct value **state, struct error *err)
{
    JSON_AUTO object = NULL;
    if (!run_all(call, &object, err)) {
        /* Some of it may be done: the state shall say what. */
        ERROR_AUTO(ignored);
        JSON_AUTO present = NULL;
        if (api_fetch(call, &present, &ignored) && present)
            *state = api_to_state(call, present, &ignored);
        return false;
    }
    if (!object && !api_fetch(call, &object, err))
        return false;
    if (!object)
        return error_set(err, ERROR_NOT_FOUND, "%s went away while it was updated", call->title);
    *state = api_to_state(call, object, err);
    return *state != NULL;
}

bool api_update(struct operation *op, const struct value *prior, const struct value *planned,
                const struct value *config, const struct value **state, struct error *err)
{
    struct api_call call = api_call_begin(op, API_UPDATE, prior, planned, config);
    return api_change(&call, state, err);
}
