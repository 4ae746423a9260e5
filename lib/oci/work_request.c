#include "lib/oci/work_request.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/clock.h"
#include "lib/base/json.h"
#include "lib/net/retry.h"
#include "lib/oci/client_internal.h"
#include "lib/oci/poll.h"

enum { LOG_LINES = 10 };

enum oci_service oci_work_request_service(enum oci_service service)
{
    switch (service) {
    case OCI_CORE:
    case OCI_COMPUTE:
    case OCI_COMPUTE_MANAGEMENT:
    case OCI_BLOCK_STORAGE:
    case OCI_DATABASE:
        return OCI_WORK_REQUESTS;
    default:
        return service;
    }
}

static const char *const good_ends[] = {"SUCCEEDED", "COMPLETED", NULL};
static const char *const bad_ends[] = {"FAILED", "CANCELED", "CANCELLED", "NEEDS_ATTENTION", NULL};

static bool is_one_of(const char *text, const char *const *list)
{
    for (; text && *list; list++)
        if (strcmp(text, *list) == 0)
            return true;
    return false;
}

static bool contains_type(const json_t *resource, const char *type)
{
    const char *own = json_get_text(resource, "entityType");
    return own && strcasestr(own, type);
}

/* The entity with the preferred action, else the last of the type. Types are matched as parts, so an
 * exact match goes first ("loggroup" contains "log"). */
static const char *find_identifier(const json_t *body, const struct oci_work_request_query *query)
{
    const json_t *resources = json_object_get(body, "resources");
    const char *found = NULL;
    int best = -1;
    size_t index;
    json_t *resource;
    json_array_foreach(resources, index, resource)
    {
        const char *identifier = json_get_text(resource, "identifier");
        if (text_empty(identifier) || !contains_type(resource, query->entity_type))
            continue;
        bool exact = text_equal_nocase(json_get_text(resource, "entityType"), query->entity_type);
        bool acted =
            query->action && text_equal(json_get_text(resource, "actionType"), query->action);
        int score = 2 * acted + exact;
        if (score >= best) {
            best = score;
            found = identifier;
        }
    }
    return found;
}

static bool get(struct oci_client *client, const struct oci_work_request_query *query,
                const struct oci_wait *wait, struct oci_response *response, struct error *err)
{
    ARENA_AUTO arena = arena_new();
    const char *path = oci_path(arena, err, "/workRequests/%s", query->id);
    if (!path)
        return false;
    const struct oci_request request = {.service = oci_work_request_service(query->service),
                                        .operation = "GetWorkRequest",
                                        .object = query->id,
                                        .method = "GET",
                                        .path = path,
                                        .expect_exists = true,
                                        .cancel = wait->cancel,
                                        .deadline_ms = wait->deadline_ms};
    return oci_call(client, &request, response, err);
}

static void note_identifier(const json_t *body, const struct oci_work_request_query *query,
                            char **identifier)
{
    const char *found = query->entity_type ? find_identifier(body, query) : NULL;
    if (!found || !identifier || text_equal(*identifier, found))
        return;
    free(*identifier);
    *identifier = mem_strdup(found);
}

bool oci_work_request_identifier(struct oci_client *client,
                                 const struct oci_work_request_query *query,
                                 const struct oci_wait *wait, char **identifier, struct error *err)
{
    OCI_RESPONSE_AUTO(response);
    *identifier = NULL;
    if (!get(client, query, wait, &response, err))
        return error_wrap(err, "%s", query->what);
    note_identifier(response.body, query, identifier);
    return true;
}

/* --- failures -------------------------------------------------------------------------------- */

/* Messages of /errors or /logs, one after the other. Best effort: they only explain. */
static void append_messages(struct oci_client *client, const struct oci_work_request_query *query,
                            const struct oci_wait *wait, const char *what, const char *compartment,
                            struct str *out)
{
    ERROR_AUTO(ignored);
    ARENA_AUTO arena = arena_new();
    JSON_AUTO items = NULL;
    const struct oci_query parameters[] = {{"compartmentId", compartment}};
    const struct oci_request request = {
        .service = oci_work_request_service(query->service),
        .operation = strcmp(what, "errors") == 0 ? "ListWorkRequestErrors" : "ListWorkRequestLogs",
        .object = query->id,
        .method = "GET",
        .path = oci_path(arena, &ignored, "/workRequests/%s/%s", query->id, what),
        .query = parameters,
        .query_count = query->service == OCI_CONTAINER_ENGINE ? 1 : 0,
        .cancel = wait->cancel,
        .deadline_ms = clock_monotonic_ms() + 30 * 1000};
    if (!request.path || !oci_list(client, &request, &items, &ignored))
        return;
    size_t count = json_array_size(items), first = count > LOG_LINES ? count - LOG_LINES : 0;
    for (size_t i = first; i < count; i++) {
        const json_t *item = json_array_get(items, i);
        const char *code = json_get_text(item, "code");
        const char *message = json_get_text(item, "message");
        if (message)
            str_printf(out, "%s%s%s%s", out->length ? "; " : "", code ? code : "", code ? ": " : "",
                       message);
    }
}

/* Identity has them inside the work request. */
static void append_inline(const json_t *body, struct str *out)
{
    size_t index;
    json_t *item;
    json_array_foreach(json_object_get(body, "errors"), index, item)
    {
        const char *message = json_get_text(item, "message");
        if (message)
            str_printf(out, "%s%s", out->length ? "; " : "", message);
    }
}

/* The messages become parts of a sentence. */
static void strip_full_stop(struct str *text)
{
    if (text->length && text->ptr[text->length - 1] == '.')
        str_truncate(text, text->length - 1);
}

static enum error_code code_of(const char *reasons)
{
    static const char *const capacity[] = {"out of host capacity", "out of capacity",
                                           "LimitExceeded",        "QuotaExceeded",
                                           "limit exceeded",       "service limit"};
    for (size_t i = 0; i < ARRAY_LENGTH(capacity); i++)
        if (strcasestr(reasons, capacity[i]))
            return ERROR_CAPACITY;
    return ERROR_REMOTE;
}

static bool explain_failure(struct oci_client *client, const struct oci_work_request_query *query,
                            const struct oci_wait *wait, const json_t *body, struct error *err)
{
    STR_AUTO reasons = STR_INIT;
    STR_AUTO logs = STR_INIT;
    const char *compartment = query->compartment_id;
    if (!compartment)
        compartment = json_get_text(body, "compartmentId");
    append_inline(body, &reasons);
    if (!reasons.length) {
        append_messages(client, query, wait, "errors", compartment, &reasons);
        append_messages(client, query, wait, "logs", compartment, &logs);
    }
    strip_full_stop(&reasons);
    const char *operation = json_get_text(body, "operationType");
    const char *status = json_get_text(body, "status");
    STR_AUTO both = STR_INIT;
    str_append(&both, str_text(&reasons));
    str_append(&both, str_text(&logs));
    return error_set(err, code_of(str_text(&both)), "%s: work request %s%s%s%s ended as %s: %s%s%s",
                     query->what, query->id, operation ? " (" : "", operation ? operation : "",
                     operation ? ")" : "", status,
                     reasons.length ? str_text(&reasons) : "the service gives no reason",
                     logs.length ? ". Its last log lines: " : "", str_text(&logs));
}

/* --- waiting --------------------------------------------------------------------------------- */

bool oci_work_request_wait(struct oci_client *client, const struct oci_work_request_query *query,
                           const struct oci_wait *wait, char **identifier, struct error *err)
{
    struct oci_poll poll = oci_poll_start(wait);
    if (identifier)
        *identifier = NULL;
    for (;;) {
        OCI_RESPONSE_AUTO(response);
        if (!get(client, query, wait, &response, err))
            return error_wrap(err, "%s: wait for work request", query->what);
        note_identifier(response.body, query, identifier);
        const char *status = json_get_text(response.body, "status");
        const json_t *percent = json_object_get(response.body, "percentComplete");
        oci_poll_report(&poll, status, json_is_number(percent) ? json_number_value(percent) : -1);
        if (is_one_of(status, good_ends))
            return true;
        if (is_one_of(status, bad_ends))
            return explain_failure(client, query, wait, response.body, err);
        if (!oci_poll_pause(&poll, response.retry_after_ms, err))
            return error_wrap(err, "%s: work request %s is still %s", query->what, query->id,
                              status ? status : "without a status");
    }
}
