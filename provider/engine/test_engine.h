/* Calls of the engine with values instead of bytes. A call that brings diagnostics fails the test, unless
 * `last` is looked at: the functions ending in _tried keep them there. */
#ifndef OKESTRA_PROVIDER_ENGINE_TEST_ENGINE_H
#define OKESTRA_PROVIDER_ENGINE_TEST_ENGINE_H

#include "provider/engine/engine_internal.h"
#include "provider/value/msgpack.h"
#include "provider/value/test_values.h"

struct test_engine {
    struct engine *engine;
    const struct resource *resource;
    const char *type_name;
    struct arena *arena;
    struct diagnostics last;
    struct slice private_bytes;
    struct slice identity;
    const struct path **replace;
    size_t replace_count;
};

/* An engine of its own for one resource. The journal is at `journal`; NULL: none is kept. */
static inline void test_engine_start(struct test_engine *test, struct arena *arena,
                                     const struct provider *provider, const char *journal)
{
    static char name[80];
    *test = (struct test_engine){.engine = engine_new(provider), .arena = arena};
    test->engine->fatal_conformance = true;
    journal_free(test->engine->journal);
    test->engine->journal = journal_new(journal ? journal : "/nonexistent/journal");
    test->resource = provider->resources[0];
    snprintf(name, sizeof(name), "%s_%s", provider->name, test->resource->name);
    test->type_name = name;
    diagnostics_init(&test->last, arena);
    engine_configure(test->engine, arena, "1.11.4", (struct dynamic_value){0}, &test->last);
    assert_int_equal(test->last.errors, 0);
}

static inline void test_engine_end(struct test_engine *test)
{
    engine_free(test->engine);
}

static inline struct dynamic_value test_bytes(struct test_engine *test, const struct type *type,
                                              const struct value *value)
{
    return (struct dynamic_value){.msgpack = engine_encode(test->arena, type, value)};
}

static inline const struct value *test_value(struct test_engine *test, const struct type *type,
                                             struct slice bytes)
{
    ERROR_AUTO(err);
    if (!bytes.length)
        return &value_null;
    const struct value *value = msgpack_decode(test->arena, type, bytes, &err);
    if (!value)
        fail_msg("the engine answers what cannot be read: %s", error_message(&err));
    return value;
}

static inline void test_expect_good(const struct test_engine *test, const char *what)
{
    if (test->last.errors)
        fail_msg("%s: %s: %s", what, test->last.items[0].summary, test->last.items[0].detail);
}

static inline const struct value *test_plan_tried(struct test_engine *test,
                                                  const struct value *prior,
                                                  const struct value *config)
{
    const struct type *type = resource_type(test->resource);
    const struct plan_request request = {.type_name = test->type_name,
                                         .prior = test_bytes(test, type, prior),
                                         .proposed = test_bytes(test, type, config),
                                         .config = test_bytes(test, type, config),
                                         .prior_private = test->private_bytes};
    struct plan_response response = {0};
    diagnostics_init(&test->last, test->arena);
    engine_plan(test->engine, test->arena, &request, &response, &test->last);
    test->private_bytes = response.object.private_bytes;
    test->identity = response.object.identity;
    test->replace = response.replace;
    test->replace_count = response.replace_count;
    return test_value(test, type, response.object.state);
}

static inline const struct value *test_plan(struct test_engine *test, const struct value *prior,
                                            const struct value *config)
{
    const struct value *planned = test_plan_tried(test, prior, config);
    test_expect_good(test, "plan");
    return planned;
}

static inline const struct value *test_apply_tried(struct test_engine *test,
                                                   const struct value *prior,
                                                   const struct value *planned,
                                                   const struct value *config)
{
    const struct type *type = resource_type(test->resource);
    const struct apply_request request = {.type_name = test->type_name,
                                          .prior = test_bytes(test, type, prior),
                                          .planned = test_bytes(test, type, planned),
                                          .config = test_bytes(test, type, config),
                                          .planned_private = test->private_bytes};
    struct object_response response = {0};
    diagnostics_init(&test->last, test->arena);
    engine_apply(test->engine, test->arena, &request, &response, &test->last);
    test->private_bytes = response.private_bytes;
    test->identity = response.identity;
    return test_value(test, type, response.state);
}

static inline const struct value *test_apply(struct test_engine *test, const struct value *prior,
                                             const struct value *planned,
                                             const struct value *config)
{
    const struct value *state = test_apply_tried(test, prior, planned, config);
    test_expect_good(test, "apply");
    return state;
}

/* Plan and apply of a new object. */
static inline const struct value *test_create(struct test_engine *test, const struct value *config)
{
    return test_apply(test, &value_null, test_plan(test, &value_null, config), config);
}

static inline const struct value *test_read_tried(struct test_engine *test,
                                                  const struct value *state)
{
    const struct type *type = resource_type(test->resource);
    struct object_response response = {0};
    diagnostics_init(&test->last, test->arena);
    engine_read(test->engine, test->arena, test->type_name, test_bytes(test, type, state),
                test->private_bytes, (struct dynamic_value){0}, &response, &test->last);
    test->private_bytes = response.private_bytes;
    test->identity = response.identity;
    return test_value(test, type, response.state);
}

static inline const struct value *test_read(struct test_engine *test, const struct value *state)
{
    state = test_read_tried(test, state);
    test_expect_good(test, "read");
    return state;
}

/* Import and the read that Terraform does after it. identity: used when id is NULL. */
static inline const struct value *test_import_tried(struct test_engine *test, const char *id,
                                                    struct slice identity)
{
    const struct type *type = resource_type(test->resource);
    struct object_response response = {0};
    diagnostics_init(&test->last, test->arena);
    engine_import(test->engine, test->arena, test->type_name, id,
                  (struct dynamic_value){.msgpack = identity}, &response, &test->last);
    test->private_bytes = response.private_bytes;
    test->identity = response.identity;
    const struct value *state = test_value(test, type, response.state);
    return test->last.errors ? state : test_read_tried(test, state);
}

static inline const struct value *test_import(struct test_engine *test, const char *id)
{
    const struct value *state = test_import_tried(test, id, (struct slice){0});
    test_expect_good(test, "import");
    return state;
}

static inline bool test_equal(const struct test_engine *test, const struct value *a,
                              const struct value *b)
{
    return value_equal(resource_type(test->resource), a, b);
}

static inline void test_expect_equal(const struct test_engine *test, const char *what,
                                     const struct value *expected, const struct value *found)
{
    if (!test_equal(test, expected, found))
        fail_msg("%s:\nexpected %s\nfound    %s", what, printed(test->arena, expected),
                 printed(test->arena, found));
}

#endif
