#include "acceptance/cloud/api/router.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "acceptance/cloud/http/parser.h"
#include "lib/base/json.h"
#include "lib/net/url.h"

/* --- services by host ---------------------------------------------------------------------------- */

static bool is_address(const char *host)
{
    return strspn(host, "0123456789.") == strlen(host) || strchr(host, ':') || host[0] == '[' ||
           strcasecmp(host, "localhost") == 0;
}

/* "identity.eu-frankfurt-1.oci.oraclecloud.com" for the labels "identity" */
static bool host_is(const struct settings *settings, const char *host, const char *labels,
                    size_t length)
{
    if (length == strlen(host) && strncasecmp(host, labels, length) == 0)
        return true;
    if (length > 2 && labels[0] == '*') {
        const char *dot = strchr(host, '.');
        return dot && dot != host && host_is(settings, dot + 1, labels + 2, length - 2);
    }
    size_t region = strlen(settings->region);
    return strncasecmp(host, labels, length) == 0 && host[length] == '.' &&
           strncasecmp(host + length + 1, settings->region, region) == 0 &&
           host[length + 1 + region] == '.';
}

static bool serves_host(const struct settings *settings, const struct service *service,
                        const char *host)
{
    for (const char *labels = service->hosts; labels && *labels;) {
        size_t length = strcspn(labels, "|");
        if (host_is(settings, host, labels, length))
            return true;
        labels += length + (labels[length] == '|');
    }
    return false;
}

/* --- paths --------------------------------------------------------------------------------------- */

static const char *decode(const char *text, size_t length, struct arena *arena)
{
    STR_AUTO value = STR_INIT;
    if (!url_decode(text, length, false, &value) || memchr(str_text(&value), 0, value.length) ||
        !text_is_utf8(str_text(&value), value.length))
        return NULL;
    return str_copy_to(&value, arena);
}

/* Fills values; the number of literal segments, or -1 when the path is another one. */
static int match_path(const char *template, const char *path, const char **values,
                      struct arena *arena)
{
    int literals = 0, count = 0;
    while (*template == '/' && *path == '/') {
        size_t wanted = strcspn(++template, "/"), has = strcspn(++path, "/");
        if (*template == '{') {
            bool rest = template[wanted - 2] == '+';
            has = rest ? strlen(path) : has;
            const char *value = has && count < ROUTE_VALUES ? decode(path, has, arena) : NULL;
            if (!value)
                return -1;
            values[count++] = value;
        } else {
            if (wanted != has || strncmp(template, path, has) != 0)
                return -1;
            literals++;
        }
        template += wanted;
        path += has;
    }
    return *template || *path ? -1 : literals;
}

static const struct query *find_query(const struct operation *operation, struct slice name)
{
    for (const struct query *one = operation->queries; one && one->name; one++)
        if (slice_equal_text(name, one->name))
            return one;
    return NULL;
}

static bool knows_queries(const struct operation *operation, const char *query)
{
    struct slice rest = slice_from(query), pair, name;
    bool found;
    while (rest.length) {
        rest = slice_cut(rest, '&', &pair, &found);
        slice_cut(pair, '=', &name, &found);
        if (!find_query(operation, name))
            return false;
    }
    return true;
}

/* The service that claims a request to a bare address; NULL: none does. */
static const struct service *claimant(const struct http_request *request)
{
    for (const struct service *const *service = all_services; *service; service++)
        if ((*service)->claims && (*service)->claims(request))
            return *service;
    return NULL;
}

static bool considered(const struct settings *settings, const struct service *service,
                       const char *host, const struct service *claimed)
{
    if (!is_address(host))
        return serves_host(settings, service, host);
    return claimed ? service == claimed : !service->claims;
}

static int score(const struct store *store, const struct operation *operation, int literals,
                 const char *first, const char *query)
{
    bool owns = operation->kind && store_find(store, operation->kind, first);
    return literals * 4 + (owns ? 2 : 0) + (knows_queries(operation, query) ? 1 : 0);
}

struct route router_find(const struct settings *settings, const struct store *store,
                         const struct http_request *request, const char *host, struct arena *arena)
{
    struct route best = {0};
    int best_score = -1;
    const struct service *claimed = is_address(host) ? claimant(request) : NULL;
    for (const struct service *const *service = all_services; *service; service++) {
        size_t base = strlen((*service)->base_path);
        if (!considered(settings, *service, host, claimed) ||
            strncmp(request->path, (*service)->base_path, base) != 0)
            continue;
        for (const struct operation *one = (*service)->operations; one->name; one++) {
            const char *values[ROUTE_VALUES] = {NULL};
            int literals = match_path(one->path, request->path + base, values, arena);
            if (literals < 0)
                continue;
            best.path_known = true;
            if (strcmp(one->method, request->method) != 0)
                continue;
            int points = score(store, one, literals, values[0], request->query);
            if (points <= best_score)
                continue;
            best_score = points;
            best.service = *service;
            best.operation = one;
            memcpy(best.values, values, sizeof(values));
        }
    }
    return best;
}

/* --- query parameters ---------------------------------------------------------------------------- */

static bool check_query(struct call *call, const struct query *query, const char *value)
{
    char *end = NULL;
    long long number = strtoll(value, &end, 10);
    size_t length = strlen(value);
    if (query->type == FIELD_INTEGER && (!length || *end))
        return call_invalid(call, "The query parameter %s must be an integer", query->name);
    if (query->type == FIELD_BOOL && !text_one_of(value, "true|false", true))
        return call_invalid(call, "The query parameter %s must be true or false", query->name);
    if (query->one_of && !text_one_of(value, query->one_of, query->ignore_case))
        return call_invalid(call, "The query parameter %s must be one of %s", query->name,
                            query->one_of);
    long long measured = query->type == FIELD_INTEGER ? number : (long long)length;
    if (query->max && (measured < query->min || measured > query->max))
        return call_invalid(call, "The query parameter %s must be between %lld and %lld%s",
                            query->name, query->min, query->max,
                            query->type == FIELD_INTEGER ? "" : " characters");
    return true;
}

static bool add_value(struct call *call, const struct query *query, const char *value)
{
    json_t *old = json_object_get(call->queries, query->name);
    if (!check_query(call, query, value))
        return false;
    if (!query->multi && !query->comma) {
        if (old)
            return call_invalid(call, "The query parameter %s is given twice", query->name);
        json_object_set_new(call->queries, query->name, json_string(value));
        return true;
    }
    if (!old)
        json_object_set_new(call->queries, query->name, old = json_array());
    json_array_append_new(old, json_string(value));
    return true;
}

static bool add_pair(struct call *call, struct slice name, struct slice value)
{
    const struct query *query = find_query(call->operation, name);
    if (!query)
        return call_invalid(call, "Unrecognized query parameter '%.*s'",
                            (int)(name.length < 100 ? name.length : 100), name.ptr);
    STR_AUTO decoded = STR_INIT;
    if (!url_decode(value.ptr, value.length, true, &decoded) ||
        memchr(str_text(&decoded), 0, decoded.length) ||
        !text_is_utf8(str_text(&decoded), decoded.length))
        return call_invalid(call, "The query parameter %s is malformed", query->name);
    if (!query->comma)
        return add_value(call, query, str_text(&decoded));
    struct slice rest = slice_from(str_text(&decoded)), item;
    bool found;
    do {
        rest = slice_cut(rest, ',', &item, &found);
        if (!add_value(call, query, arena_strndup(call->arena, item.ptr, item.length)))
            return false;
    } while (found);
    return true;
}

bool router_read_queries(struct call *call)
{
    struct slice rest = slice_from(call->request->query), pair, name;
    bool found;
    if (call->operation->flags & OPERATION_ANY_QUERY)
        return true;
    while (rest.length) {
        rest = slice_cut(rest, '&', &pair, &found);
        struct slice value = slice_cut(pair, '=', &name, &found);
        if (pair.length && !add_pair(call, name, value))
            return false;
    }
    for (const struct query *one = call->operation->queries; one && one->name; one++)
        if (one->required && !json_object_get(call->queries, one->name))
            return call_fail(call, 400, "MissingParameter", "The query parameter %s is required",
                             one->name);
    return true;
}
