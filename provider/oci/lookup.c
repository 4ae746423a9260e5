/* Finding objects by what is known of them: after lost answers, for killed runs, taken names, lists. */
#include <string.h>

#include "lib/base/json.h"
#include "provider/engine/json_body.h"
#include "provider/engine/same.h"
#include "provider/oci/ops_internal.h"

/* --- candidates --------------------------------------------------------------------------------- */

/* A call about a listed object, as if it had been read: for paths, fetching and the hooks. */
static struct api_call call_about(struct api_call *call, const json_t *item)
{
    struct operation *op = call->op;
    const struct value *state = json_body_to_value(op->arena, op->resource->attributes, item);
    api_fill_placeholders(op->arena, api_item_pattern(call), call->target, &state);
    const char *id = json_get_text(item, "id");
    if (call->api->id) {
        api_fill_placeholders(op->arena, call->api->id, call->target, &state);
        id = api_text(op->arena, call->api->id, state);
    }
    state = value_with(op->arena, state, "id", value_string(op->arena, id));
    struct api_call about = api_call_begin(op, API_READ, state, NULL, NULL);
    about.context = call->context;
    return about;
}

static bool is_live(const struct oci_api *api, const json_t *item)
{
    return !api_is_gone(api, item) &&
           (!api->states || !api_state_is_one_of(api, item, api->states->leaving));
}

/* The whole object, where lists tell only a part. NULL in *whole when it went away meanwhile. */
static bool complete(struct api_call *about, json_t *item, json_t **whole, struct error *err)
{
    if (about->api->flags & API_LIST_SUMMARY)
        return api_fetch(about, whole, err);
    *whole = json_incref(item);
    return true;
}

/* Everything that the user decides is as planned. */
static bool looks_as_planned(const struct api_call *call, const struct value *state)
{
    const struct attribute *attribute = call->op->resource->attributes;
    for (; attribute->name; attribute++) {
        const struct value *planned = value_get(call->planned, attribute->name);
        if (!(attribute->flags & (REQUIRED | OPTIONAL)) ||
            attribute->flags & (LOCAL | UNREADABLE | WRITE_ONLY) || !value_is_known(planned))
            continue;
        const struct value *present = value_get(state, attribute->name);
        if (!same_read(attribute, planned, present) &&
            !(value_is_null(present) && same_as_nothing(attribute, planned)))
            return false;
    }
    return true;
}

static bool has_planned_name(const struct api_call *call, const json_t *item)
{
    const struct attribute *attribute =
        attribute_find(call->op->resource->attributes, api_name_attribute(call->api));
    if (!attribute)
        return true;
    const char *name = value_text(value_get(call->planned, attribute->name));
    return !name || text_equal_nocase(
                        name, json_get_text(item, attribute_json_name(call->op->arena, attribute)));
}

static bool pick(struct api_call *call, const json_t *items, bool exact, json_t **object,
                 struct error *err)
{
    size_t index;
    json_t *item;
    json_array_foreach(items, index, item)
    {
        if (!is_live(call->api, item) || !has_planned_name(call, item))
            continue;
        struct api_call about = call_about(call, item);
        JSON_AUTO whole = NULL;
        if (!complete(&about, item, &whole, err))
            return false;
        if (!whole)
            continue;
        JSON_AUTO copy = json_deep_copy(whole);
        const struct value *state = exact ? api_to_state(&about, copy, err) : NULL;
        if (exact && !state)
            return false;
        if (exact && !looks_as_planned(call, state))
            continue;
        *object = json_incref(whole);
        return true;
    }
    return true;
}

static bool search(struct api_call *call, bool exact, json_t **object, struct error *err)
{
    *object = NULL;
    if (call->api->flags & API_KEYED_BY_NAME)
        return api_fetch(call, object, err);
    JSON_AUTO items = NULL;
    if (!api_list_items(call, call->api->list_query, &items, err))
        return error_wrap(err, "look for %s", call->title);
    return pick(call, items, exact, object, err);
}

bool api_look_up(struct api_call *call, json_t **object, struct error *err)
{
    return search(call, true, object, err);
}

bool api_find_by_name(struct api_call *call, json_t **object, struct error *err)
{
    return search(call, false, object, err);
}

/* --- lists -------------------------------------------------------------------------------------- */

bool api_list(struct operation *op, const struct value *config,
              bool (*found)(void *context, const struct value *state, const char *display_name),
              void *context, struct error *err)
{
    struct api_call call = api_call_begin(op, API_LIST, NULL, config, config);
    JSON_AUTO items = NULL;
    if (!api_list_items(&call, call.api->list_query, &items, err))
        return false;
    size_t index;
    json_t *item;
    json_array_foreach(items, index, item)
    {
        if (!is_live(call.api, item) || !has_planned_name(&call, item))
            continue;
        struct api_call about = call_about(&call, item);
        JSON_AUTO whole = NULL;
        if (!complete(&about, item, &whole, err))
            return false;
        if (!whole)
            continue;
        const struct value *state = api_to_state(&about, whole, err);
        if (!state)
            return false;
        const char *name = value_text(value_get(state, api_name_attribute(call.api)));
        if (!found(context, state, text_empty(name) ? about.id : name))
            return true;
    }
    return true;
}
