/* Lists that follow pages, and the look-ups of a client that need them. */
#include <stdlib.h>
#include <string.h>

#include "lib/base/json.h"
#include "lib/base/log.h"
#include "lib/base/vec.h"
#include "lib/oci/client_internal.h"

/* Where the next page comes from. */
struct cursor {
    const char *parameter; /* "page" or "start" */
    char *value;           /* NULL: there is none */
};

static json_t *items_of(const json_t *body, const char **kind)
{
    *kind = "page";
    if (json_is_array(body))
        return (json_t *)(uintptr_t)body;
    json_t *items = json_object_get(body, "items");
    if (json_is_array(items))
        return items;
    *kind = "start";
    items = json_object_get(body, "objects");
    return json_is_array(items) ? items : NULL;
}

/* The query of the request with the cursor in place of a parameter of that name. */
static struct oci_query *page_query(const struct oci_request *request, const struct cursor *cursor,
                                    size_t *count)
{
    struct oci_query *query = mem_calloc(request->query_count + 1, sizeof(*query));
    *count = 0;
    for (size_t i = 0; i < request->query_count; i++)
        if (!cursor->value || strcmp(request->query[i].name, cursor->parameter) != 0)
            query[(*count)++] = request->query[i];
    if (cursor->value)
        query[(*count)++] = (struct oci_query){cursor->parameter, cursor->value};
    return query;
}

static bool take_page(const struct oci_request *request, const struct oci_response *response,
                      json_t *all, struct cursor *cursor, struct error *err)
{
    STR_AUTO title = STR_INIT;
    oci_request_title(request, &title);
    const json_t *items = items_of(response->body, &cursor->parameter);
    if (!items)
        return error_set(err, ERROR_REMOTE, "%s: the answer is no list (opc-request-id %s)",
                         str_text(&title), response->request_id ? response->request_id : "none");
    if (json_array_size(all) + json_array_size(items) > OCI_LIST_ITEM_LIMIT)
        return error_set(err, ERROR_INVALID, "%s: more than %d items", str_text(&title),
                         OCI_LIST_ITEM_LIMIT);
    json_array_extend(all, (json_t *)(uintptr_t)items);
    const char *next = strcmp(cursor->parameter, "start") == 0
                           ? json_get_text(response->body, "nextStartWith")
                           : response->next_page;
    if (!text_empty(next) && text_equal(next, cursor->value))
        return error_set(err, ERROR_REMOTE, "%s: the service repeats page \"%s\"", str_text(&title),
                         next);
    free(cursor->value);
    cursor->value = text_empty(next) ? NULL : mem_strdup(next);
    return true;
}

bool oci_list(struct oci_client *client, const struct oci_request *request, json_t **items,
              struct error *err)
{
    JSON_AUTO all = json_array();
    struct cursor cursor = {"page", NULL};
    bool ok = true;
    for (int page = 0; ok && (page == 0 || cursor.value); page++) {
        OCI_RESPONSE_AUTO(response);
        struct oci_request part = *request;
        CLEANUP(free_pointer)
        struct oci_query *query = page_query(request, &cursor, &part.query_count);
        part.query = query;
        ok = page < OCI_LIST_PAGE_LIMIT || error_set(err, ERROR_INVALID, "%s: more than %d pages",
                                                     request->operation, OCI_LIST_PAGE_LIMIT);
        ok = ok && oci_call(client, &part, &response, err) &&
             take_page(request, &response, all, &cursor, err);
    }
    free(cursor.value);
    if (ok)
        *items = json_incref(all);
    return ok;
}

/* Keeps the first answer when several threads asked. Takes `value`. */
static const char *remember(struct oci_client *client, char **slot, char *value)
{
    pthread_mutex_lock(&client->mutex);
    if (*slot)
        free(value);
    else
        *slot = value;
    const char *kept = *slot;
    pthread_mutex_unlock(&client->mutex);
    return kept;
}

static const char *remembered(struct oci_client *client, char *const *slot)
{
    pthread_mutex_lock(&client->mutex);
    const char *kept = *slot;
    pthread_mutex_unlock(&client->mutex);
    return kept;
}

static const char *home_among(const json_t *subscriptions)
{
    size_t index;
    json_t *subscription;
    json_array_foreach(subscriptions, index, subscription)
    {
        if (json_get_bool(subscription, "isHomeRegion", false))
            return json_get_text(subscription, "regionName");
    }
    return NULL;
}

const char *oci_client_home_region(struct oci_client *client, struct cancel *cancel,
                                   struct error *err)
{
    const char *known = remembered(client, &client->home_region);
    if (known)
        return known;
    const char *tenancy = oci_client_tenancy(client, err);
    if (!tenancy)
        return NULL;
    ARENA_AUTO arena = arena_new();
    const char *path = oci_path(arena, err, "/tenancies/%s/regionSubscriptions", tenancy);
    if (!path)
        return NULL;
    JSON_AUTO subscriptions = NULL;
    const struct oci_request request = {.service = OCI_IDENTITY,
                                        .operation = "ListRegionSubscriptions",
                                        .object = tenancy,
                                        .method = "GET",
                                        .path = path,
                                        .cancel = cancel};
    const char *home = NULL;
    bool listed = oci_list(client, &request, &subscriptions, err);
    if (listed)
        home = home_among(subscriptions);
    if (!listed && err->code != ERROR_NOT_FOUND && err->code != ERROR_DENIED)
        return NULL;
    if (!home) {
        /* Callers without the right to look usually work in the home region. */
        const struct oci_region *region = oci_client_region(client, err);
        LOG(LOG_LEVEL_WARN, "home region unknown, the configured region is taken",
            {"reason", error_message(err)});
        home = region ? region->name : NULL;
    }
    if (!home)
        return NULL;
    error_reset(err);
    return remember(client, &client->home_region, mem_strdup(home));
}

const char *oci_client_namespace(struct oci_client *client, struct cancel *cancel,
                                 struct error *err)
{
    const char *known = remembered(client, &client->object_namespace);
    if (known)
        return known;
    OCI_RESPONSE_AUTO(response);
    const struct oci_request request = {.service = OCI_OBJECT_STORAGE,
                                        .operation = "GetNamespace",
                                        .object = "of the tenancy",
                                        .method = "GET",
                                        .path = "/n",
                                        .cancel = cancel};
    if (!oci_call(client, &request, &response, err))
        return NULL;
    const char *name = json_string_value(response.body);
    if (!name) {
        error_set(err, ERROR_REMOTE, "GetNamespace: the answer is no text");
        return NULL;
    }
    return remember(client, &client->object_namespace, mem_strdup(name));
}
