/* What an answer means: from JSON through the hooks to a state; defined tags that are not ours. */
#include <string.h>

#include "lib/base/json.h"
#include "provider/engine/json_body.h"
#include "provider/oci/ops_internal.h"

/* --- ignored tags ------------------------------------------------------------------------------- */

static const char defined_tags[] = "definedTags";

/* The object without the members that are to be ignored, or only those. */
static json_t *select_tags(const struct api_call *call, const json_t *tags, bool ignored)
{
    json_t *selected = json_object();
    const char *namespace, *key;
    json_t *inner, *value;
    json_object_foreach((json_t *)tags, namespace, inner)
    {
        json_object_foreach(inner, key, value)
        {
            const char *name = arena_printf(call->op->arena, "%s.%s", namespace, key);
            if (api_tag_is_ignored(call->op, name) != ignored)
                continue;
            json_t *holder = json_object_get(selected, namespace);
            if (!holder) {
                holder = json_object();
                json_object_set_new(selected, namespace, holder);
            }
            json_object_set(holder, key, value);
        }
    }
    return selected;
}

static void merge_tags(json_t *into, const json_t *tags)
{
    const char *namespace;
    json_t *inner;
    json_object_foreach((json_t *)tags, namespace, inner)
    {
        json_t *holder = json_object_get(into, namespace);
        if (holder)
            json_object_update(holder, inner);
        else
            json_object_set(into, namespace, inner);
    }
}

static const struct attribute *tags_attribute(const struct api_call *call)
{
    return attribute_find(call->op->resource->attributes, "defined_tags");
}

void api_hide_ignored_tags(const struct api_call *call, json_t *object)
{
    json_t *received = json_object_get(object, defined_tags);
    const struct attribute *attribute = tags_attribute(call);
    if (!attribute || !json_is_object(received))
        return;
    JSON_AUTO known = json_object();
    json_body_add(call->op->arena, known, attribute, value_get(call->known, "defined_tags"));
    JSON_AUTO ours = select_tags(call, json_object_get(known, defined_tags), true);
    json_t *visible = select_tags(call, received, false);
    merge_tags(visible, ours);
    json_object_set_new(object, defined_tags, visible);
}

bool api_keep_ignored_tags(struct api_call *call, json_t *body, struct error *err)
{
    json_t *sent = json_object_get(body, defined_tags);
    const struct provider_client *client = call->op->client;
    if (!json_is_object(sent) || !client->ignored_tag_count)
        return true;
    JSON_AUTO present = NULL;
    if (!api_fetch(call, &present, err))
        return false;
    JSON_AUTO kept = select_tags(call, json_object_get(present, defined_tags), true);
    merge_tags(sent, kept);
    return true;
}

/* --- state -------------------------------------------------------------------------------------- */

const struct value *api_to_state(struct api_call *call, json_t *object, struct error *err)
{
    struct arena *arena = call->op->arena;
    const struct oci_api *api = call->api;
    if (api->received && !api->received(call, object, err))
        return NULL;
    api_hide_ignored_tags(call, object);
    const struct value *state = json_body_to_value(arena, call->op->resource->attributes, object);
    api_fill_placeholders(arena, api_item_pattern(call), call->target, &state);
    const char *id = call->id;
    if (api->id) {
        api_fill_placeholders(arena, api->id, call->target, &state);
        id = api_text(arena, api->id, state);
    }
    if (id && (api->id || value_is_null(value_get(state, "id"))))
        state = value_with(arena, state, "id", value_string(arena, id));
    if (api->state && !api->state(call, object, &state, err))
        return NULL;
    return state;
}
