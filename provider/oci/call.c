/* Calls: names, ids and paths worked out from the table, requests completed and sent. */
#include <string.h>

#include "lib/base/json.h"
#include "lib/base/log.h"
#include "provider/oci/ops_internal.h"

enum { MOST_PARAMETERS = 16, MOST_RULES = 16 };

/* --- the client --------------------------------------------------------------------------------- */

struct oci_client *api_client(const struct operation *op)
{
    return ((const struct provider_client *)op->client)->oci;
}

bool api_tag_is_ignored(const struct operation *op, const char *name)
{
    const struct provider_client *client = op->client;
    for (size_t i = 0; i < client->ignored_tag_count; i++)
        if (text_equal_nocase(client->ignored_tags[i], name))
            return true;
    return false;
}

/* --- names -------------------------------------------------------------------------------------- */

const char *api_name_attribute(const struct oci_api *api)
{
    return api->name ? api->name : "display_name";
}

const char *api_item_pattern(const struct api_call *call)
{
    if (call->api->item)
        return call->api->item;
    return arena_printf(call->op->arena, "%s/{id}", call->api->path);
}

const char *api_operation_name(const struct api_call *call, enum api_phase phase)
{
    const struct oci_api *api = call->api;
    const char *own = NULL, *verb = "Get", *plural = "";
    switch (phase) {
    case API_CREATE:
        own = api->operation.create;
        verb = "Create";
        break;
    case API_READ:
        own = api->operation.read;
        break;
    case API_UPDATE:
        own = api->operation.update;
        verb = "Update";
        break;
    case API_DELETE:
        own = api->operation.remove;
        verb = "Delete";
        break;
    case API_LIST:
        own = api->operation.list;
        verb = "List";
        plural = "s";
        break;
    }
    return own ? own : arena_printf(call->op->arena, "%s%s%s", verb, api->stem, plural);
}

/* "VCN web", else "VCN ocid1.vcn…", else "VCN" */
static const char *make_title(const struct api_call *call)
{
    const char *name = value_text(value_get(call->known, api_name_attribute(call->api)));
    if (text_empty(name))
        name = call->id;
    return text_empty(name) ? call->api->noun
                            : arena_printf(call->op->arena, "%s %s", call->api->noun, name);
}

/* Planned values, and those of the prior state where the plan does not know yet. */
static const struct value *known_of(struct arena *arena, const struct value *prior,
                                    const struct value *planned)
{
    if (value_is_null(planned))
        return prior;
    struct value_entry *entries = arena_array(arena, struct value_entry, value_count(planned));
    for (size_t i = 0; i < value_count(planned); i++) {
        entries[i] = planned->map.entries[i];
        if (value_is_unknown(entries[i].value))
            entries[i].value = value_get(prior, entries[i].key.ptr);
    }
    return value_map(arena, entries, value_count(planned));
}

struct api_call api_call_begin(struct operation *op, enum api_phase phase,
                               const struct value *prior, const struct value *planned,
                               const struct value *config)
{
    struct api_call call = {.op = op,
                            .api = op->resource->api,
                            .phase = phase,
                            .prior = prior ? prior : &value_null,
                            .planned = planned ? planned : &value_null,
                            .config = config ? config : &value_null};
    call.known = known_of(op->arena, call.prior, call.planned);
    call.target = value_is_null(call.prior) ? call.known : call.prior;
    call.id = value_text(value_get(call.prior, "id"));
    call.title = make_title(&call);
    return call;
}

void api_call_created(struct api_call *call, const char *id)
{
    struct arena *arena = call->op->arena;
    const struct value *parts = &value_empty_map;
    call->id = arena_strdup(arena, id);
    if (call->api->id && !api_parse(arena, call->api->id, id, &parts))
        LOG(LOG_LEVEL_WARN, "an id has an unexpected form", {"resource", call->op->resource->name});
    parts = value_with(arena, parts, "id", value_string(arena, id));
    for (size_t i = 0; i < value_count(parts); i++) {
        const struct value_entry *part = &parts->map.entries[i];
        call->known = value_with(arena, call->known, part->key.ptr, part->value);
        call->target = value_with(arena, call->target, part->key.ptr, part->value);
    }
    call->title = make_title(call);
    if (call->phase == API_CREATE)
        operation_created(call->op, call->id);
}

char *api_item_path(const struct api_call *call, struct error *err)
{
    return api_path(call->op->arena, api_item_pattern(call), call->target, err);
}

/* --- sending ------------------------------------------------------------------------------------ */

static size_t fill_query(const struct api_call *call, const struct api_query *table,
                         struct oci_query *query)
{
    size_t count = 0;
    for (; table && table->name; table++) {
        if (count == MOST_PARAMETERS)
            fatal_error("%s has too many query parameters", call->api->noun);
        query[count++] =
            (struct oci_query){table->name, api_text(call->op->arena, table->value, call->known)};
    }
    return count;
}

static size_t fill_rules(const struct api_call *call, struct oci_retry_rule *rules)
{
    size_t count = 0;
    for (const struct api_retry *retry = call->api->retry; retry && retry->phases; retry++) {
        if (!(retry->phases & call->phase))
            continue;
        if (count == MOST_RULES)
            fatal_error("%s has too many retry rules", call->api->noun);
        rules[count++] = retry->rule;
    }
    return count;
}

bool api_send(struct api_call *call, struct oci_request *request, const struct api_query *table,
              struct oci_response *response, struct error *err)
{
    struct oci_query query[MOST_PARAMETERS];
    struct oci_retry_rule rules[MOST_RULES];
    struct oci_retry_policy policy = {.rules = rules, .rule_count = fill_rules(call, rules)};
    request->service = call->api->service;
    if (!request->object)
        request->object = call->title;
    if (table) {
        request->query = query;
        request->query_count = fill_query(call, table, query);
    }
    if (!request->retry && policy.rule_count)
        request->retry = &policy;
    if (!request->cancel)
        request->cancel = call->op->cancel;
    if (!request->deadline_ms)
        request->deadline_ms = call->op->deadline_ms;
    bool good = oci_call(api_client(call->op), request, response, err);
    call->etag = good ? arena_strdup(call->op->arena, response->etag) : NULL;
    if (table)
        request->query = NULL;
    if (request->retry == &policy)
        request->retry = NULL;
    return good;
}

static struct oci_request plain_get(const struct operation *op, enum oci_service service,
                                    const char *operation, const char *path,
                                    const struct oci_query *query, size_t query_count)
{
    return (struct oci_request){.service = service,
                                .operation = operation,
                                .method = "GET",
                                .path = path,
                                .query = query,
                                .query_count = query_count,
                                .cancel = op->cancel,
                                .deadline_ms = op->deadline_ms};
}

bool api_get(struct operation *op, enum oci_service service, const char *operation,
             const char *path, const struct oci_query *query, size_t query_count, json_t **body,
             struct error *err)
{
    OCI_RESPONSE_AUTO(response);
    const struct oci_request request = plain_get(op, service, operation, path, query, query_count);
    if (!oci_call(api_client(op), &request, &response, err))
        return false;
    *body = json_incref(response.body);
    return true;
}

bool api_get_list(struct operation *op, enum oci_service service, const char *operation,
                  const char *path, const struct oci_query *query, size_t query_count,
                  json_t **items, struct error *err)
{
    const struct oci_request request = plain_get(op, service, operation, path, query, query_count);
    return oci_list(api_client(op), &request, items, err);
}

bool api_list_items(struct api_call *call, const struct api_query *table, json_t **items,
                    struct error *err)
{
    struct oci_query query[MOST_PARAMETERS];
    const char *path = api_path(call->op->arena, call->api->path, call->target, err);
    return path && api_get_list(call->op, call->api->service, api_operation_name(call, API_LIST),
                                path, query, fill_query(call, table, query), items, err);
}

bool api_act(struct api_call *call, const char *operation, const char *path, json_t *body,
             struct error *err)
{
    OCI_RESPONSE_AUTO(response);
    struct arena *arena = call->op->arena;
    const char *item = api_item_path(call, err);
    const char *below = item ? api_path(arena, path, call->target, err) : NULL;
    if (!below)
        return false;
    char token[33];
    struct oci_request request = {
        .operation = operation,
        .method = "POST",
        .path = arena_printf(arena, "%s%s", item, below),
        .body = body,
        .retry_token = call->api->flags & API_NO_RETRY_TOKEN ? NULL : oci_retry_token(token)};
    return api_send(call, &request, NULL, &response, err) && api_wait(call, &response, err);
}

/* --- reading one -------------------------------------------------------------------------------- */

/* The API's own id of what the call is about, as lists have it. */
static bool fetch_from_list(struct api_call *call, json_t **object, struct error *err)
{
    JSON_AUTO items = NULL;
    if (!api_list_items(call, call->api->read_query, &items, err))
        return false;
    const char *id = value_text(value_get(call->target, "id"));
    size_t index;
    json_t *item;
    json_array_foreach(items, index, item)
    {
        if (!text_equal(json_get_text(item, "id"), id))
            continue;
        *object = json_incref(item);
        return true;
    }
    return true;
}

static bool fetch_one(struct api_call *call, json_t **object, struct error *err)
{
    OCI_RESPONSE_AUTO(response);
    struct oci_request request = {.operation = api_operation_name(call, API_READ),
                                  .method = "GET",
                                  .path = api_item_path(call, err),
                                  .expect_exists = call->phase == API_CREATE};
    if (!request.path || !api_send(call, &request, call->api->read_query, &response, err))
        return false;
    *object = json_incref(response.body);
    return true;
}

bool api_fetch(struct api_call *call, json_t **object, struct error *err)
{
    *object = NULL;
    bool by_list = call->api->flags & API_READ_BY_LIST;
    if (by_list ? fetch_from_list(call, object, err) : fetch_one(call, object, err)) {
        if (api_is_gone(call->api, *object)) {
            json_decref(*object);
            *object = NULL;
        }
        return true;
    }
    if (err->code != ERROR_NOT_FOUND)
        return false;
    error_reset(err);
    return true;
}
