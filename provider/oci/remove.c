/* Deleting: with patience for what is leaving, and the names of what is not. */
#include <string.h>

#include "lib/base/clock.h"
#include "lib/base/json.h"
#include "lib/net/retry.h"
#include "provider/oci/ops_internal.h"

enum { CONFLICT_PATIENCE_MS = 2 * 60 * 1000, MOST_NAMED = 20, MOST_QUERY = 8, MOST_RULES = 16 };

static const struct retry_backoff backoff = {.first_ms = 500, .most_ms = 10000, .factor = 1.6};

/* --- blockers ----------------------------------------------------------------------------------- */

struct obstacles {
    struct str names;
    int staying, leaving;
};

/* A part of the object itself goes with it: the default route table of a VCN. */
static bool is_own_part(const struct value *state, const char *id)
{
    for (size_t i = 0; id && i < value_count(state); i++)
        if (text_equal(value_text(state->map.entries[i].value), id))
            return true;
    return false;
}

static void note_obstacle(const struct api_call *call, const struct api_blocker *blocker,
                          const json_t *item, struct obstacles *obstacles)
{
    static const char *const going[] = {"TERMINATING", "DELETING", "DETACHING"};
    static const char *const gone[] = {"TERMINATED", "DELETED", "DETACHED"};
    const char *state = json_get_text(item, "lifecycleState");
    const char *id = json_get_text(item, blocker->id ? blocker->id : "id");
    if (is_own_part(call->prior, id))
        return;
    for (size_t i = 0; i < ARRAY_LENGTH(gone); i++) {
        if (text_equal(state, gone[i]))
            return;
        if (text_equal(state, going[i])) {
            obstacles->leaving++;
            return;
        }
    }
    if (++obstacles->staying > MOST_NAMED)
        return;
    const char *name = json_get_text(item, "displayName");
    if (!name)
        name = json_get_text(item, "name");
    if (!name)
        name = json_get_text(item, "object");
    if (text_equal(name, id))
        name = NULL;
    str_printf(&obstacles->names, "\n  %s %s%s%s%s", blocker->noun, name ? name : "",
               name ? " (" : "", id ? id : "without an id", name ? ")" : "");
}

static bool list_blockers(struct api_call *call, const struct api_blocker *blocker, json_t **items,
                          struct error *err)
{
    struct oci_query query[MOST_QUERY];
    size_t count = 0;
    for (const struct api_query *q = blocker->query; q && q->name && count < MOST_QUERY; q++)
        query[count++] =
            (struct oci_query){q->name, api_text(call->op->arena, q->value, call->known)};
    const char *path = api_path(call->op->arena, blocker->path, call->known, err);
    if (!path || !blocker->first_page)
        return path && api_get_list(call->op, blocker->service, blocker->operation, path, query,
                                    count, items, err);
    JSON_AUTO page = NULL;
    if (!api_get(call->op, blocker->service, blocker->operation, path, query, count, &page, err))
        return false;
    json_t *objects = json_object_get(page, "objects"), *all = json_object_get(page, "items");
    *items = json_incref(objects ? objects : all ? all : page);
    return true;
}

/* Best effort: what cannot be listed is not named. */
static void find_obstacles(struct api_call *call, struct obstacles *obstacles)
{
    for (const struct api_blocker *blocker = call->api->blockers; blocker && blocker->noun;
         blocker++) {
        ERROR_AUTO(ignored);
        JSON_AUTO items = NULL;
        size_t index;
        json_t *item;
        if (!list_blockers(call, blocker, &items, &ignored))
            continue;
        json_array_foreach(items, index, item) note_obstacle(call, blocker, item, obstacles);
    }
    if (obstacles->staying > MOST_NAMED)
        str_printf(&obstacles->names, "\n  and %d more", obstacles->staying - MOST_NAMED);
}

/* --- DELETE ------------------------------------------------------------------------------------- */

/* Where obstacles can be named we wait ourselves: looking for them tells waiting from giving up. */
static size_t delete_rules(const struct api_call *call, struct oci_retry_rule *rules)
{
    size_t count = 0;
    for (const struct api_retry *retry = call->api->retry; retry && retry->phases; retry++)
        if (retry->phases & API_DELETE && count < MOST_RULES - 1)
            rules[count++] = retry->rule;
    if (call->api->blockers)
        rules[count++] = (struct oci_retry_rule){.status = 409, .for_ms = 0};
    return count;
}

static bool send_delete(struct api_call *call, struct oci_response *response, struct error *err)
{
    struct oci_retry_rule rules[MOST_RULES];
    const struct oci_retry_policy policy = {.rules = rules,
                                            .rule_count = delete_rules(call, rules)};
    struct oci_request request = {.operation = api_operation_name(call, API_DELETE),
                                  .method = "DELETE",
                                  .path = api_item_path(call, err),
                                  .retry = &policy};
    return request.path && api_send(call, &request, call->api->delete_query, response, err);
}

/* Adds to the error what is in the way. True when something is that stays. */
static bool name_obstacles(struct api_call *call, int *leaving, struct error *err)
{
    struct obstacles obstacles = {.names = STR_INIT};
    find_obstacles(call, &obstacles);
    *leaving = obstacles.leaving;
    if (obstacles.staying > 0) {
        struct error refined = ERROR_INIT;
        error_set(&refined, err->code,
                  "%s\n%s cannot go before these, which Terraform does not delete by itself "
                  "here; delete them, or import them into this configuration:%s",
                  error_message(err), call->title, str_text(&obstacles.names));
        refined.http_status = err->http_status;
        error_move(err, &refined);
    }
    str_free(&obstacles.names);
    return obstacles.staying > 0;
}

/* A refused delete. True: try again. */
static bool worth_waiting(struct api_call *call, int64_t started_ms, int attempt, struct error *err)
{
    int leaving;
    if (name_obstacles(call, &leaving, err))
        return false;
    int64_t patience = leaving ? 0 : started_ms + CONFLICT_PATIENCE_MS;
    if (patience == 0 || patience > call->op->deadline_ms)
        patience = call->op->deadline_ms;
    return retry_sleep(&backoff, attempt, -1, patience, call->op->cancel) == RETRY_AGAIN;
}

/* A service may find out only while it deletes. */
static bool wait_gone(struct api_call *call, const struct oci_response *response, struct error *err)
{
    int leaving;
    if (api_wait_gone(call, response, err))
        return true;
    if (err->code == ERROR_REMOTE || err->code == ERROR_CONFLICT)
        name_obstacles(call, &leaving, err);
    return false;
}

bool api_delete(struct api_call *call, struct error *err)
{
    int64_t started_ms = clock_monotonic_ms();
    for (int attempt = 1;; attempt++) {
        OCI_RESPONSE_AUTO(response);
        if (send_delete(call, &response, err))
            return wait_gone(call, &response, err);
        if (err->code == ERROR_NOT_FOUND) {
            error_reset(err);
            return true;
        }
        if (err->code != ERROR_CONFLICT || !call->api->blockers ||
            !worth_waiting(call, started_ms, attempt, err))
            return false;
        error_reset(err);
    }
}

bool api_remove(struct operation *op, const struct value *prior, struct error *err)
{
    struct api_call call = api_call_begin(op, API_DELETE, prior, NULL, NULL);
    if (call.api->keep && call.api->keep(&call))
        return true;
    if (call.api->before_delete && !call.api->before_delete(&call, err))
        return false;
    return api_delete(&call, err);
}
