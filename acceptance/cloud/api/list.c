#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "acceptance/cloud/api/crud.h"
#include "acceptance/cloud/api/paths.h"
#include "acceptance/cloud/http/parser.h"
#include "lib/base/encoding.h"
#include "lib/base/json.h"

enum { DEFAULT_LIMIT = 100 };

/* --- filters ------------------------------------------------------------------------------------- */

static bool scalar_text(const json_t *value, struct str *out)
{
    if (json_is_string(value))
        str_append(out, json_string_value(value));
    else if (json_is_boolean(value))
        str_append(out, json_is_true(value) ? "true" : "false");
    else if (json_is_integer(value))
        str_printf(out, "%lld", (long long)json_integer_value(value));
    else
        return false;
    return true;
}

static bool passes(const struct call *call, const struct object *object, const struct query *query)
{
    const json_t *wanted = json_object_get(call->queries, query->name);
    if (!wanted)
        return true;
    STR_AUTO has = STR_INIT;
    if (!scalar_text(json_at_path(object->body, query->filter), &has))
        return false;
    size_t count = json_is_array(wanted) ? json_array_size(wanted) : 1;
    for (size_t i = 0; i < count; i++) {
        const char *text =
            json_string_value(json_is_array(wanted) ? json_array_get(wanted, i) : wanted);
        if (query->ignore_case ? strcasecmp(text, str_text(&has)) == 0
                               : strcmp(text, str_text(&has)) == 0)
            return true;
    }
    return false;
}

bool crud_matches(const struct call *call, const struct object *object)
{
    for (const struct query *query = call->operation->queries; query && query->name; query++)
        if (query->filter && !passes(call, object, query))
            return false;
    return true;
}

/* --- order --------------------------------------------------------------------------------------- */

struct order {
    const char *field;
    bool descending;
};

static struct order order_of(const struct call *call)
{
    static const struct {
        const char *value, *field;
        bool descending;
    } orders[] = {{"TIMECREATED", "timeCreated", true},
                  {"timeCreated", "timeCreated", true},
                  {"DISPLAYNAME", "displayName", false},
                  {"displayName", "displayName", false},
                  {"NAME", "name", false},
                  {"name", "name", false}};
    const char *by = call_query(call, "sortBy"), *way = call_query(call, "sortOrder");
    struct order order = {NULL, false};
    for (size_t i = 0; by && i < ARRAY_LENGTH(orders); i++)
        if (strcmp(orders[i].value, by) == 0)
            order = (struct order){orders[i].field, orders[i].descending};
    if (way)
        order.descending = strcasecmp(way, "DESC") == 0;
    return order;
}

static int compare(const void *a, const void *b, void *context)
{
    const struct order *order = context;
    const char *left = json_get_text(*(json_t *const *)a, order->field);
    const char *right = json_get_text(*(json_t *const *)b, order->field);
    int result = strcmp(left ? left : "", right ? right : "");
    return order->descending ? -result : result;
}

/* Merge sort, so that equal items stay in the order of creation. */
static void sort(json_t *array, const struct order *order)
{
    size_t count = json_array_size(array);
    json_t **items = mem_calloc(count + 1, sizeof(json_t *));
    for (size_t i = 0; i < count; i++)
        items[i] = json_incref(json_array_get(array, i));
    qsort_r(items, count, sizeof(json_t *), compare, (void *)(uintptr_t)order);
    json_array_clear(array);
    for (size_t i = 0; i < count; i++)
        json_array_append_new(array, items[i]);
    free(items);
}

/* --- pages --------------------------------------------------------------------------------------- */

/* A page token names where to go on, and fits only the query that it came from. */
static void page_check(const struct call *call, unsigned char digest[SHA256_SIZE])
{
    STR_AUTO text = STR_INIT;
    JSON_AUTO queries = json_copy(call->queries);
    json_object_del(queries, "page");
    json_object_del(queries, "limit");
    str_append(&text, call->request->path);
    json_write(queries, true, &text);
    sha256_digest(str_text(&text), text.length, digest);
}

static void make_token(const struct call *call, size_t next, struct str *token)
{
    unsigned char digest[SHA256_SIZE];
    STR_AUTO plain = STR_INIT;
    page_check(call, digest);
    str_append_bytes(&plain, digest, 8);
    str_printf(&plain, "%zu", next);
    base64_encode(BASE64_URL_NO_PAD, str_text(&plain), plain.length, token);
}

static bool read_token(struct call *call, const char *token, size_t *start)
{
    unsigned char digest[SHA256_SIZE];
    STR_AUTO plain = STR_INIT;
    page_check(call, digest);
    char *end = NULL;
    if (base64_decode(token, strlen(token), &plain) && plain.length > 8 &&
        memcmp(plain.ptr, digest, 8) == 0)
        *start = strtoul(plain.ptr + 8, &end, 10);
    return (end && !*end) || call_invalid(call, "The page token is not valid for this list");
}

static json_t *wrapped(const struct call *call, json_t *page)
{
    return call->operation->flags & OPERATION_ITEMS ? json_pack("{s:o}", "items", page) : page;
}

static bool reply_sorted(struct call *call, json_t *array)
{
    size_t start = 0, count = json_array_size(array);
    const char *token = call_query(call, "page");
    size_t limit = (size_t)call_query_integer(call, "limit", DEFAULT_LIMIT);
    if (token && !read_token(call, token, &start))
        return false;
    json_t *page = json_array();
    for (size_t i = start; i < count && i - start < limit; i++)
        json_array_append(page, json_array_get(array, i));
    if (start + limit < count) {
        STR_AUTO next = STR_INIT;
        make_token(call, start + limit, &next);
        call_set_header(call, "opc-next-page", str_text(&next));
    }
    return call_reply(call, call->operation->status ? call->operation->status : 200,
                      wrapped(call, page));
}

bool crud_reply_page(struct call *call, json_t *array)
{
    struct order order = order_of(call);
    if (order.field)
        sort(array, &order);
    bool ok = reply_sorted(call, array);
    json_decref(array);
    return ok;
}

/* --- the generic handler ------------------------------------------------------------------------- */

json_t *crud_summary(struct call *call, const struct object *object)
{
    json_t *view = call_view(call, object);
    const char *name;
    json_t *value;
    void *next;
    if (object->kind->summary)
        json_object_foreach_safe(view, next, name,
                                 value) if (!text_one_of(name, object->kind->summary, false))
            json_object_del(view, name);
    return view;
}

bool crud_list(struct call *call)
{
    const struct kind *kind = call->operation->kind;
    const char *compartment = call_query(call, "compartmentId");
    const char *parent = strchr(call->operation->path, '{') ? call->path_values[0] : NULL;
    if (compartment && !call_compartment(call, compartment))
        return false;
    if (parent && !store_find(call->store, NULL, parent))
        return call_not_found(call, kind->parent_field, parent);
    json_t *found = json_array();
    for (const struct object *one = store_first(call->store, kind); one;
         one = store_next(call->store, one))
        if (crud_matches(call, one) &&
            (!parent || text_equal(object_text(one, kind->parent_field), parent)))
            json_array_append_new(found, crud_summary(call, one));
    return crud_reply_page(call, found);
}
