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

/* TIMECREATED, TIME_CREATED and timeCreated all mean the member timeCreated. */
static bool means(const char *value, const char *member)
{
    for (; *value; value++) {
        if (*value == '_')
            continue;
        if (strncasecmp(value, member, 1) != 0)
            return false;
        member++;
    }
    return !*member;
}

/* Times come newest first, unless the caller wants it otherwise. */
static struct order order_of(const struct call *call, const json_t *items)
{
    const char *by = call_query(call, "sortBy"), *way = call_query(call, "sortOrder"), *name;
    struct order order = {NULL, false};
    json_t *value;
    if (by)
        json_object_foreach(json_array_get(items, 0), name, value) if (means(by, name)) order =
            (struct order){name, text_starts_with(name, "time")};
    if (way)
        order.descending = strcasecmp(way, "DESC") == 0;
    return order;
}

struct place {
    json_t *item;
    size_t number; /* in the order of creation, which equal items keep */
};

static int compare(const void *a, const void *b, void *context)
{
    const struct order *order = context;
    const struct place *left = a, *right = b;
    const char *left_text = order->field ? json_get_text(left->item, order->field) : NULL;
    const char *right_text = order->field ? json_get_text(right->item, order->field) : NULL;
    int result = strcmp(left_text ? left_text : "", right_text ? right_text : "");
    if (result == 0)
        result = left->number < right->number ? -1 : 1;
    return order->descending ? -result : result;
}

/* By the field, or, without one, turned round if that is wanted. */
static void sort(json_t *array, const struct order *order)
{
    size_t count = json_array_size(array);
    struct place *places = mem_calloc(count + 1, sizeof(*places));
    for (size_t i = 0; i < count; i++)
        places[i] = (struct place){json_incref(json_array_get(array, i)), i};
    qsort_r(places, count, sizeof(*places), compare, (void *)(uintptr_t)order);
    json_array_clear(array);
    for (size_t i = 0; i < count; i++)
        json_array_append_new(array, places[i].item);
    free(places);
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
    struct order order = order_of(call, array);
    if (order.field || order.descending)
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
