/*
 * An API in memory for tests: it serves any attribute table as a strict, well-behaved API would. It fills
 * in what is computed, normalises what has an `equal`, gives sets back in another order and empty values
 * for what was left out, hides what is unreadable, honours retry tokens, and refuses members that do not
 * belong into an update. Operations of resources run against it by test_cloud_ops.
 *
 * With `file` set, it outlives the process (see dies_at).
 */
#ifndef OKESTRA_PROVIDER_ENGINE_TEST_CLOUD_H
#define OKESTRA_PROVIDER_ENGINE_TEST_CLOUD_H

#include <ctype.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/file.h"
#include "lib/base/json.h"
#include "provider/engine/json_body.h"
#include "provider/engine/operation.h"
#include "provider/value/test_random.h"

enum test_phase { NEVER, BEFORE_REQUEST, AFTER_REQUEST, AFTER_REPORT };

struct test_cloud {
    json_t *objects;            /* by id */
    json_t *tokens;             /* id by retry token */
    struct test_random *random; /* NULL: always the same answers */
    const char *file;
    unsigned writes;                           /* so far: makes volatile values and ids */
    unsigned creates, reads, updates, removes; /* calls that did something */
    enum test_phase dies_at;                   /* _exit() at this phase of a create */
    enum error_code fails;                     /* every call fails with it; ERROR_NONE: none does */
    int http_status;
    bool makes_and_fails; /* a create makes the object and fails */
    bool no_ids;          /* creates do not report the id */
};

static struct test_cloud test_cloud;

/* --- keeping ------------------------------------------------------------------------------------ */

static inline void test_cloud_free(void)
{
    json_decref(test_cloud.objects);
    json_decref(test_cloud.tokens);
    test_cloud = (struct test_cloud){0};
}

static inline void test_cloud_reset(void)
{
    test_cloud_free();
    test_cloud = (struct test_cloud){.objects = json_object(), .tokens = json_object()};
}

static inline void test_cloud_save(void)
{
    if (test_cloud.file) {
        JSON_AUTO all = json_pack("{sO, sO, si}", "objects", test_cloud.objects, "tokens",
                                  test_cloud.tokens, "writes", (int)test_cloud.writes);
        assert_int_equal(json_dump_file(all, test_cloud.file, 0), 0);
    }
}

static inline void test_cloud_load(void)
{
    if (test_cloud.file && file_exists(test_cloud.file)) {
        JSON_AUTO all = json_load_file(test_cloud.file, 0, NULL);
        assert_non_null(all);
        json_decref(test_cloud.objects);
        json_decref(test_cloud.tokens);
        test_cloud.objects = json_incref(json_object_get(all, "objects"));
        test_cloud.tokens = json_incref(json_object_get(all, "tokens"));
        test_cloud.writes = (unsigned)json_get_integer(all, "writes", 0);
    }
}

/* --- members of objects ------------------------------------------------------------------------- */

static inline json_t *test_member(const json_t *object, const struct attribute *attribute)
{
    return json_at_path(object, attribute_json_name(NULL, attribute));
}

/* Takes the reference; NULL removes. */
static inline void test_put_member(json_t *object, const struct attribute *attribute, json_t *value)
{
    const char *name = attribute_json_name(NULL, attribute), *dot;
    while ((dot = strchr(name, '.'))) {
        char step[64] = {0};
        memcpy(step, name, (size_t)(dot - name));
        if (!json_object_get(object, step))
            json_object_set_new(object, step, json_object());
        object = json_object_get(object, step);
        name = dot + 1;
    }
    if (value)
        json_object_set_new(object, name, value);
    else
        json_object_del(object, name);
}

static inline json_t *test_scalar_made(const struct attribute *attribute, const char *text)
{
    if (attribute->json_kind != JSON_PLAIN)
        return json_integer(strtoll(text, NULL, 10));
    if (attribute->kind == ATTRIBUTE_BOOL)
        return json_boolean(strcmp(text, "false") != 0);
    if (attribute->kind == ATTRIBUTE_INTEGER || attribute->kind == ATTRIBUTE_NUMBER)
        return json_integer(strtoll(text, NULL, 10));
    return json_string(text);
}

/* What the API makes of a computed attribute, or of one with a default that was left out. */
static inline json_t *test_made_value(const struct attribute *attribute)
{
    char text[64];
    unsigned change = attribute->flags & VOLATILE ? test_cloud.writes : 0;
    bool textual = attribute->kind == ATTRIBUTE_STRING && attribute->json_kind == JSON_PLAIN;
    if (textual)
        snprintf(text, sizeof(text), "MADE %u", change);
    else
        snprintf(text, sizeof(text), "%d", (int)attribute->minimum + (int)(change % 1000));
    const char *value = attribute->default_value ? attribute->default_value
                        : attribute->one_of      ? attribute->one_of[0]
                                                 : text;
    switch (attribute->kind) {
    case ATTRIBUTE_STRING_LIST:
    case ATTRIBUTE_STRING_SET:
        return attribute->default_value ? json_array() : json_pack("[s]", value);
    case ATTRIBUTE_STRING_MAP:
        return attribute->default_value                     ? json_object()
               : attribute->json_kind == JSON_TWO_LEVEL_MAP ? json_pack("{s{ss}}", "a", "b", value)
                                                            : json_pack("{ss}", "a", value);
    case ATTRIBUTE_OBJECT_LIST:
    case ATTRIBUTE_OBJECT_SET:
        return attribute->flags & SINGLE  ? json_object()
               : attribute->default_value ? json_array()
                                          : json_pack("[{}]");
    default:
        return test_scalar_made(attribute, value);
    }
}

static inline json_t *test_upper(const json_t *json)
{
    if (json_is_array(json)) {
        json_t *array = json_array();
        for (size_t i = 0; i < json_array_size(json); i++)
            json_array_append_new(array, test_upper(json_array_get(json, i)));
        return array;
    }
    if (!json_is_string(json))
        return json_deep_copy(json);
    char *text = mem_strdup(json_string_value(json));
    for (char *at = text; *at; at++)
        *at = (char)toupper((unsigned char)*at);
    json_t *upper = json_string(text);
    free(text);
    return upper;
}

typedef void test_visit(const struct attribute *table, json_t *object);

static inline void test_for_elements(const struct attribute *attribute, json_t *value,
                                     test_visit *visit)
{
    if (attribute->fields && json_is_object(value))
        visit(attribute->fields, value);
    for (size_t i = 0; attribute->fields && i < json_array_size(value); i++)
        visit(attribute->fields, json_array_get(value, i));
}

/* Fills in and normalises what was written. */
static inline void test_cloud_complete(const struct attribute *table, json_t *object)
{
    for (; table->name; table++) {
        json_t *value = test_member(object, table);
        bool settable = table->flags & (REQUIRED | OPTIONAL);
        if (json_is_null(value)) {
            test_put_member(object, table, NULL);
            value = NULL;
        }
        if (table->flags & LOCAL) {
            assert_null(value);
            continue;
        }
        bool fills = !settable ? !value || table->flags & VOLATILE
                               : !value && (table->flags & COMPUTED || table->default_value);
        if (fills && strcmp(table->name, "id") != 0)
            test_put_member(object, table, test_made_value(table));
        else if (value && table->equal)
            test_put_member(object, table, test_upper(value));
        test_for_elements(table, test_member(object, table), test_cloud_complete);
    }
}

static inline void test_shuffle(json_t *array)
{
    for (size_t i = json_array_size(array); i > 1; i--) {
        size_t j = random_below(test_cloud.random, i);
        json_t *last = json_incref(json_array_get(array, i - 1));
        json_array_set(array, i - 1, json_array_get(array, j));
        json_array_set_new(array, j, last);
    }
}

static inline json_t *test_empty(const struct attribute *attribute)
{
    switch (attribute->kind) {
    case ATTRIBUTE_STRING:
        return attribute->json_kind == JSON_PLAIN ? json_string("") : json_null();
    case ATTRIBUTE_BOOL:
        return json_false();
    case ATTRIBUTE_STRING_MAP:
        return json_object();
    case ATTRIBUTE_INTEGER:
    case ATTRIBUTE_NUMBER:
    case ATTRIBUTE_DYNAMIC:
        return json_null();
    default:
        return attribute->flags & SINGLE ? json_object() : json_array();
    }
}

/* What is seen from outside. */
static inline void test_cloud_answer(const struct attribute *table, json_t *object)
{
    for (; table->name; table++) {
        json_t *value = test_member(object, table);
        bool optional =
            (table->flags & OPTIONAL) && !(table->flags & COMPUTED) && !table->default_value;
        if (table->flags & (UNREADABLE | WRITE_ONLY)) {
            test_put_member(object, table, NULL);
        } else if (!value && optional && test_cloud.random && random_below(test_cloud.random, 2)) {
            test_put_member(object, table, test_empty(table));
        } else if (value && test_cloud.random &&
                   (table->kind == ATTRIBUTE_STRING_SET || table->kind == ATTRIBUTE_OBJECT_SET ||
                    table->flags & ANY_ORDER)) {
            test_shuffle(value);
        }
        test_for_elements(table, test_member(object, table), test_cloud_answer);
    }
}

static inline const struct value *test_cloud_state(struct operation *op, const char *id)
{
    JSON_AUTO seen = json_deep_copy(json_object_get(test_cloud.objects, id));
    test_cloud_answer(op->resource->attributes, seen);
    return json_body_to_value(op->arena, op->resource->attributes, seen);
}

/* --- operations --------------------------------------------------------------------------------- */

static inline bool test_cloud_fails(struct error *err)
{
    if (test_cloud.fails == ERROR_NONE)
        return false;
    error_set(err, test_cloud.fails, "the cloud fails");
    err->http_status = test_cloud.http_status;
    return true;
}

static inline void test_phase_reached(enum test_phase phase)
{
    if (test_cloud.dies_at == phase)
        _exit(9);
}

static inline const char *test_cloud_make(struct operation *op, json_t *body)
{
    const char *token = operation_retry_token(op);
    const char *known = json_get_text(test_cloud.tokens, token);
    if (known)
        return known;
    char id[32];
    snprintf(id, sizeof(id), "object-%u", ++test_cloud.writes);
    test_cloud.creates++;
    test_cloud_complete(op->resource->attributes, body);
    json_object_set_new(body, "id", json_string(id));
    json_object_set(test_cloud.objects, id, body);
    json_object_set_new(test_cloud.tokens, token, json_string(id));
    test_cloud_save();
    return json_get_text(test_cloud.tokens, token);
}

static inline bool test_cloud_create(struct operation *op, const struct value *planned,
                                     const struct value *config, const struct value **state,
                                     struct error *err)
{
    test_cloud_load();
    if (test_cloud_fails(err))
        return false;
    const char *earlier = operation_created_earlier(op);
    if (earlier && !json_object_get(test_cloud.objects, earlier))
        return error_set(err, ERROR_NOT_FOUND, "what was made earlier is gone");
    test_phase_reached(BEFORE_REQUEST);
    JSON_AUTO body = json_body_from_value(op->arena, op->resource->attributes, BODY_CREATE, NULL,
                                          planned, config);
    const char *id = test_cloud_make(op, body);
    test_phase_reached(AFTER_REQUEST);
    if (!test_cloud.no_ids)
        operation_created(op, id);
    test_phase_reached(AFTER_REPORT);
    if (test_cloud.makes_and_fails)
        return error_set(err, ERROR_TIMEOUT, "the object does not become ready");
    *state = test_cloud_state(op, id);
    return true;
}

static inline bool test_cloud_read(struct operation *op, const struct value *prior,
                                   const struct value **state, struct error *err)
{
    const char *id = value_text(value_get(prior, "id"));
    if (test_cloud_fails(err))
        return false;
    test_cloud_load();
    test_cloud.reads++;
    assert_non_null(id);
    *state = json_object_get(test_cloud.objects, id) ? test_cloud_state(op, id) : NULL;
    return true;
}

static inline void test_cloud_merge(const struct attribute *table, json_t *object,
                                    const json_t *body)
{
    for (; table->name; table++) {
        json_t *value = test_member(body, table);
        if (!value)
            continue;
        json_t *old = test_member(object, table);
        assert_false(table->flags & (REPLACE | CREATE_ONLY | LOCAL));
        assert_true(table->flags & (REQUIRED | OPTIONAL));
        if (table->flags & SINGLE && json_is_object(old) && json_is_object(value))
            test_cloud_merge(table->fields, old, value);
        else
            test_put_member(object, table, json_incref(value));
    }
}

static inline bool test_cloud_update(struct operation *op, const struct value *prior,
                                     const struct value *planned, const struct value *config,
                                     const struct value **state, struct error *err)
{
    const char *id = value_text(value_get(prior, "id"));
    json_t *object = json_object_get(test_cloud.objects, id);
    if (test_cloud_fails(err))
        return false;
    assert_non_null(object);
    JSON_AUTO body = json_body_from_value(op->arena, op->resource->attributes, BODY_UPDATE, prior,
                                          planned, config);
    test_cloud.updates++;
    test_cloud.writes++;
    test_cloud_merge(op->resource->attributes, object, body);
    test_cloud_complete(op->resource->attributes, object);
    test_cloud_save();
    *state = test_cloud_state(op, id);
    return true;
}

static inline bool test_cloud_remove(struct operation *op, const struct value *prior,
                                     struct error *err)
{
    (void)op;
    if (test_cloud_fails(err))
        return false;
    test_cloud.removes++;
    json_object_del(test_cloud.objects, value_text(value_get(prior, "id")));
    test_cloud_save();
    return true;
}

static inline bool test_cloud_list(struct operation *op, const struct value *config,
                                   bool (*found)(void *context, const struct value *state,
                                                 const char *display_name),
                                   void *context, struct error *err)
{
    const char *wanted = value_text(value_get(config, "name")), *id;
    json_t *object;
    if (test_cloud_fails(err))
        return false;
    json_object_foreach(test_cloud.objects, id, object)
    {
        const char *name = json_get_text(object, "name");
        if ((!wanted || text_equal(name, wanted)) &&
            !found(context, test_cloud_state(op, id), name))
            break;
    }
    return true;
}

static const struct resource_ops test_cloud_ops ATTR_UNUSED = {.create = test_cloud_create,
                                                               .read = test_cloud_read,
                                                               .update = test_cloud_update,
                                                               .remove = test_cloud_remove};
static const struct resource_ops test_cloud_list_ops ATTR_UNUSED = {.create = test_cloud_create,
                                                                    .read = test_cloud_read,
                                                                    .update = test_cloud_update,
                                                                    .remove = test_cloud_remove,
                                                                    .list = test_cloud_list};

#endif
