/* Planning, applying and reading when things go wrong: kills, failures, stops, hooks, broken rules. */
#include <sys/wait.h>

#include "lib/base/log.h"
#include "provider/engine/plan.h"
#include "provider/engine/test_cloud.h"
#include "provider/engine/test_engine.h"

static const struct attribute option_fields[] = {
    {.name = "mode", .flags = REQUIRED, .doc = "Mode."},
    {.name = "size", .kind = ATTRIBUTE_INTEGER, .flags = OPTIONAL | COMPUTED, .doc = "Size."},
    {.name = NULL},
};

static const struct attribute attributes[] = {
    {.name = "id", .flags = COMPUTED, .doc = "Id."},
    {.name = "name", .flags = REQUIRED, .doc = "Name."},
    {.name = "zone", .flags = OPTIONAL | COMPUTED | REPLACE, .doc = "Zone."},
    {.name = "note", .flags = OPTIONAL, .doc = "Note."},
    {.name = "password", .flags = OPTIONAL | WRITE_ONLY | SENSITIVE, .doc = "Password."},
    {.name = "password_version", .flags = OPTIONAL | LOCAL, .doc = "Version."},
    {.name = "place", .flags = OPTIONAL | LOCAL | REPLACE, .doc = "Place."},
    {.name = "revision", .flags = COMPUTED | VOLATILE, .doc = "Revision."},
    {.name = "options",
     .kind = ATTRIBUTE_OBJECT_LIST,
     .flags = OPTIONAL | COMPUTED | SINGLE,
     .fields = option_fields,
     .doc = "Options."},
    {.name = NULL},
};

/* --- hooks, which tests set ---------------------------------------------------------------------- */

static void (*plan_hook)(struct operation *op, struct plan *plan);
static bool (*update_hook)(struct operation *op, const struct value **state, struct error *err);

static void run_plan_hook(struct operation *op, struct plan *plan)
{
    if (plan_hook)
        plan_hook(op, plan);
}

static bool update(struct operation *op, const struct value *prior, const struct value *planned,
                   const struct value *config, const struct value **state, struct error *err)
{
    if (update_hook && !update_hook(op, state, err))
        return false;
    return (update_hook && *state) || test_cloud_update(op, prior, planned, config, state, err);
}

static const struct resource_ops ops = {.create = test_cloud_create,
                                        .read = test_cloud_read,
                                        .update = update,
                                        .remove = test_cloud_remove};
static const struct resource thing = {.name = "thing",
                                      .summary = "A thing.",
                                      .attributes = attributes,
                                      .ops = &ops,
                                      .plan = run_plan_hook,
                                      .timeouts = {.create = 60}};

static bool configure(const struct value *config, const char *terraform_version, void **client,
                      struct error *err)
{
    (void)config;
    (void)terraform_version;
    (void)err;
    *client = &test_cloud;
    return true;
}

static const struct attribute no_attributes[] = {{.name = NULL}};
static const struct provider provider = {.name = "oke",
                                         .version = "0",
                                         .summary = "For tests.",
                                         .attributes = no_attributes,
                                         .resources =
                                             (const struct resource *const[]){&thing, NULL},
                                         .configure = configure};

/* --- a journal and a cloud that survive ---------------------------------------------------------- */

static char directory[] = "/tmp/okestra-engine-XXXXXX";
static char journal_path[64], cloud_path[64];
static struct arena *arena;
static struct test_engine test;

static int make_directory(void **state)
{
    (void)state;
    assert_non_null(mkdtemp(directory));
    snprintf(journal_path, sizeof(journal_path), "%s/journal", directory);
    snprintf(cloud_path, sizeof(cloud_path), "%s/cloud", directory);
    return 0;
}

static int remove_directory(void **state)
{
    (void)state;
    return rmdir(directory);
}

static int start(void **state)
{
    (void)state;
    test_cloud_reset();
    test_cloud.file = cloud_path;
    plan_hook = NULL;
    update_hook = NULL;
    arena = arena_new();
    test_engine_start(&test, arena, &provider, journal_path);
    return 0;
}

static int end(void **state)
{
    (void)state;
    test_engine_end(&test);
    arena_free(arena);
    test_cloud_free();
    unlink(journal_path);
    unlink(cloud_path);
    return 0;
}

static const struct value *config_of(const char *json)
{
    return value_of(arena, json);
}

static const char *text_at(const struct value *state, const char *name)
{
    const char *text = value_text(value_get(state, name));
    return text ? text : "(none)";
}

static size_t objects(void)
{
    test_cloud_load();
    return json_object_size(test_cloud.objects);
}

static void expect_error(const char *summary, const char *detail)
{
    assert_int_equal(test.last.errors, 1);
    if (!strstr(test.last.items[0].summary, summary) || !strstr(test.last.items[0].detail, detail))
        fail_msg("%s: %s", test.last.items[0].summary, test.last.items[0].detail);
}

/* --- kills ---------------------------------------------------------------------------------------- */

/* A Terraform with its provider creates `count` of the same, one after the other, and both are killed: the
 * provider in that phase of the last create, or, with NEVER, before the state of any was stored. */
static void killed_apply(enum test_phase phase, int count)
{
    pid_t terraform = fork(), provider_process;
    if (terraform == 0) {
        if ((provider_process = fork()) == 0) {
            const struct value *config = config_of("{\"name\":\"a\"}");
            test_engine_start(&test, arena, &provider, journal_path);
            for (int i = 1; i <= count; i++) {
                test_cloud.dies_at = i == count ? phase : NEVER;
                test_create(&test, config);
            }
            _exit(9);
        }
        int status = 0;
        waitpid(provider_process, &status, 0);
        _exit(WEXITSTATUS(status));
    }
    int status = 0;
    assert_int_equal(waitpid(terraform, &status, 0), terraform);
    assert_int_equal(WEXITSTATUS(status), 9);
}

static void a_killed_create_is_finished(void **state)
{
    (void)state;
    static const struct {
        enum test_phase phase;
        bool no_ids;
        size_t made;
    } rows[] = {{BEFORE_REQUEST, false, 0}, {AFTER_REQUEST, false, 1}, {AFTER_REPORT, false, 1},
                {NEVER, false, 1},          {AFTER_REQUEST, true, 1},  {NEVER, true, 1}};
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        end(NULL);
        start(NULL);
        test_cloud.no_ids = rows[i].no_ids;
        killed_apply(rows[i].phase, 1);
        assert_int_equal(objects(), rows[i].made);
        const struct value *made = test_create(&test, config_of("{\"name\":\"a\"}"));
        assert_int_equal(objects(), 1);
        assert_string_equal(text_at(made, "id"), "object-1");
        test_expect_equal(&test, "settled", made,
                          test_plan(&test, made, config_of("{\"name\":\"a\"}")));
    }
}

static void identical_resources_stay_two(void **state)
{
    (void)state;
    static const enum test_phase phases[] = {BEFORE_REQUEST, AFTER_REQUEST, AFTER_REPORT, NEVER};
    for (size_t i = 0; i < ARRAY_LENGTH(phases); i++) {
        end(NULL);
        start(NULL);
        killed_apply(phases[i], 2);
        const struct value *config = config_of("{\"name\":\"a\"}");
        const struct value *first = test_create(&test, config);
        const struct value *second = test_create(&test, config);
        assert_int_equal(objects(), 2);
        assert_string_not_equal(text_at(first, "id"), text_at(second, "id"));
    }
}

/* Two providers, one after the other, of one Terraform that lives. */
static void what_terraform_was_given_is_not_given_again(void **state)
{
    (void)state;
    pid_t first = fork();
    if (first == 0) {
        test_engine_start(&test, arena, &provider, journal_path);
        test_create(&test, config_of("{\"name\":\"a\"}"));
        _exit(0);
    }
    waitpid(first, NULL, 0);
    assert_int_equal(objects(), 1);
    test_create(&test, config_of("{\"name\":\"a\"}"));
    assert_int_equal(objects(), 2);
}

static void another_configuration_continues_nothing(void **state)
{
    (void)state;
    killed_apply(AFTER_REQUEST, 1);
    test_create(&test, config_of("{\"name\":\"b\"}"));
    test_create(&test, config_of("{\"name\":\"a\",\"note\":\"x\"}"));
    test_create(&test, config_of("{\"name\":\"a\",\"place\":\"elsewhere\"}"));
    assert_int_equal(objects(), 4);
    /* What only steers the provider, and secrets, make no other object. */
    const struct value *same = test_create(
        &test, config_of("{\"name\":\"a\",\"password\":\"s\",\"password_version\":\"7\","
                         "\"timeouts\":{\"create\":\"5m\"}}"));
    assert_int_equal(objects(), 4);
    assert_string_equal(text_at(same, "id"), "object-1");
}

/* The id stands in a prior state: whoever has it, a create of the same is another object. */
static void a_state_with_the_id_ends_the_matter(void **state)
{
    (void)state;
    killed_apply(AFTER_REPORT, 1);
    const struct value *known =
        config_of("{\"id\":\"object-1\",\"name\":\"a\",\"zone\":\"MADE 0\"}");
    test_cloud_load();
    test_read(&test, known);
    test_create(&test, config_of("{\"name\":\"a\"}"));
    assert_int_equal(objects(), 2);
}

static void plan_and_finish(const struct value *made, const char *config)
{
    struct engine *before = test.engine;
    test_engine_start(&test, arena, &provider, journal_path);
    test_plan(&test, made, config_of(config));
    engine_finish(test.engine);
    test_engine_end(&test);
    test.engine = before;
}

/* Between a plan and its apply the provider ends as well, and the state is still to be written. */
static void only_runs_to_the_end_end_the_journal(void **state)
{
    (void)state;
    const struct value *made = test_create(&test, config_of("{\"name\":\"a\"}"));
    engine_finish(test.engine);
    plan_and_finish(made, "{\"name\":\"b\"}");
    assert_true(file_exists(journal_path));
    plan_and_finish(made, "{\"name\":\"a\"}");
    assert_false(file_exists(journal_path));
}

/* As a Terraform leaves it that is killed in the middle of writing its state. */
static void a_lost_state_is_found_again(void **state)
{
    (void)state;
    char old[256];
    assert_non_null(getcwd(old, sizeof(old)));
    const struct value *made = test_create(&test, config_of("{\"name\":\"a\"}"));
    engine_finish(test.engine);
    assert_int_equal(chdir(directory), 0);
    for (size_t lost = 0; lost < 2; lost++) {
        FILE *file = fopen("terraform.tfstate", "we");
        assert_true(file && (lost || fputs("{}", file) >= 0) && fclose(file) == 0);
        struct engine *before = test.engine;
        test_engine_start(&test, arena, &provider, journal_path);
        const struct value *again = test_create(&test, config_of("{\"name\":\"a\"}"));
        assert_int_equal(objects(), 2);
        assert_int_equal(strcmp(text_at(again, "id"), text_at(made, "id")) == 0, lost);
        test_engine_end(&test);
        test.engine = before;
    }
    assert_int_equal(unlink("terraform.tfstate"), 0);
    assert_int_equal(chdir(old), 0);
}

static void what_is_gone_meanwhile_is_made_anew(void **state)
{
    (void)state;
    killed_apply(AFTER_REPORT, 1);
    test_cloud_load();
    json_object_clear(test_cloud.objects);
    json_object_clear(test_cloud.tokens);
    test_cloud_save();
    const struct value *made = test_create(&test, config_of("{\"name\":\"a\"}"));
    assert_int_equal(objects(), 1);
    assert_string_equal(text_at(made, "id"), "object-2");
}

/* --- failures ------------------------------------------------------------------------------------- */

static const struct value *try_create(const struct value *config)
{
    return test_apply_tried(&test, &value_null, test_plan(&test, &value_null, config), config);
}

/* With an answer that leaves open whether it was made, the next create sends the same token. */
static void an_open_failure_keeps_the_token(void **state)
{
    (void)state;
    static const struct {
        enum error_code code;
        int http_status;
        bool kept;
    } rows[] = {
        {ERROR_UNAVAILABLE, 500, true}, {ERROR_UNAVAILABLE, 0, true}, {ERROR_TIMEOUT, 0, true},
        {ERROR_THROTTLED, 429, true},   {ERROR_CANCELLED, 0, true},   {ERROR_INTERNAL, 0, true},
        {ERROR_INVALID, 400, false},    {ERROR_DENIED, 401, false},   {ERROR_NOT_FOUND, 404, false},
        {ERROR_EXISTS, 409, false},     {ERROR_CONFLICT, 409, false}, {ERROR_REMOTE, 400, false},
        {ERROR_REMOTE, 500, true},      {ERROR_CAPACITY, 400, false}, {ERROR_CAPACITY, 500, true}};
    const struct value *config = config_of("{\"name\":\"a\"}");
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        test_cloud.fails = rows[i].code;
        test_cloud.http_status = rows[i].http_status;
        unlink(journal_path);
        assert_true(value_is_null(try_create(config)));
        expect_error("Cannot create oke_thing", "the cloud fails");
        if (file_exists(journal_path) != rows[i].kept)
            fail_msg("row %zu: the entry %s", i, rows[i].kept ? "went" : "stayed");
    }
}

static void an_object_that_fails_later_is_in_the_state(void **state)
{
    (void)state;
    test_cloud.makes_and_fails = true;
    const struct value *made =
        try_create(config_of("{\"name\":\"a\",\"note\":\"n\",\"timeouts\":{\"create\":\"1m\"}}"));
    expect_error("Cannot create oke_thing", "does not become ready");
    assert_string_equal(text_at(made, "id"), "object-1");
    assert_string_equal(text_at(made, "note"), "n");
    assert_true(value_is_null(value_get(made, "zone")));
    assert_true(test.identity.length > 0);
    /* Terraform destroys it and makes another one. */
    test_cloud.makes_and_fails = false;
    test_apply(&test, made, &value_null, &value_null);
    made = test_create(&test, config_of("{\"name\":\"a\"}"));
    assert_string_equal(text_at(made, "id"), "object-2");
    assert_int_equal(objects(), 1);
}

static void failures_keep_the_state_true(void **state)
{
    (void)state;
    const struct value *config = config_of("{\"name\":\"a\",\"note\":\"n\"}");
    const struct value *other = config_of("{\"name\":\"a\",\"note\":\"other\"}");
    const struct value *made = test_create(&test, config);
    const struct value *planned = test_plan(&test, made, other);
    test_cloud.fails = ERROR_CONFLICT;
    test_expect_equal(&test, "read", made, test_read_tried(&test, made));
    expect_error("Cannot read oke_thing", "the cloud fails");
    test_expect_equal(&test, "update", made, test_apply_tried(&test, made, planned, other));
    expect_error("Cannot update oke_thing", "the cloud fails");
    test_expect_equal(&test, "delete", made,
                      test_apply_tried(&test, made, &value_null, &value_null));
    expect_error("Cannot delete oke_thing", "the cloud fails");
    test_cloud.fails = ERROR_NONE;
    json_object_clear(test_cloud.objects);
    test_cloud_save();
    assert_true(value_is_null(test_read(&test, made)));
    assert_int_equal(test.identity.length, 0);
}

static bool half_done(struct operation *op, const struct value **state, struct error *err)
{
    *state = test_cloud_state(op, "object-1");
    *state = value_with(op->arena, *state, "name", value_string(op->arena, "half"));
    return error_set(err, ERROR_TIMEOUT, "half of it was done");
}

static void a_half_done_update_shows_what_is(void **state)
{
    (void)state;
    const struct value *made = test_create(&test, config_of("{\"name\":\"a\"}"));
    const struct value *other = config_of("{\"name\":\"b\"}");
    update_hook = half_done;
    const struct value *now = test_apply_tried(&test, made, test_plan(&test, made, other), other);
    expect_error("Cannot update oke_thing", "half of it was done");
    assert_string_equal(text_at(now, "name"), "half");
}

/* --- updates -------------------------------------------------------------------------------------- */

static void a_version_announces_a_write_only_value(void **state)
{
    (void)state;
    const struct value *first =
        config_of("{\"name\":\"a\",\"password\":\"one\",\"password_version\":\"1\"}");
    const struct value *second =
        config_of("{\"name\":\"a\",\"password\":\"two\",\"password_version\":\"2\"}");
    const struct value *third =
        config_of("{\"name\":\"b\",\"password\":\"three\",\"password_version\":\"2\"}");
    const struct value *made = test_create(&test, first);
    const json_t *object = json_object_get(test_cloud.objects, "object-1");
    assert_string_equal(json_get_text(object, "password"), "one");
    assert_true(value_is_null(value_get(made, "password")));
    made = test_apply(&test, made, test_plan(&test, made, second), second);
    assert_string_equal(json_get_text(object, "password"), "two");
    assert_int_equal(test_cloud.updates, 1);
    test_apply(&test, made, test_plan(&test, made, third), third);
    assert_string_equal(json_get_text(object, "name"), "b");
    assert_string_equal(json_get_text(object, "password"), "two");
}

static void volatile_values_are_unknown_in_updates_only(void **state)
{
    (void)state;
    const struct value *config = config_of("{\"name\":\"a\"}");
    const struct value *made = test_create(&test, config);
    assert_true(value_is_known(value_get(test_plan(&test, made, config), "revision")));
    config = config_of("{\"name\":\"a\",\"timeouts\":{\"create\":\"9m\"}}");
    assert_true(value_is_known(value_get(test_plan(&test, made, config), "revision")));
    config = config_of("{\"name\":\"b\"}");
    const struct value *planned = test_plan(&test, made, config);
    assert_true(value_is_unknown(value_get(planned, "revision")));
    assert_true(value_is_known(value_get(planned, "zone")));
}

static void removing_what_the_user_had_said_clears_it(void **state)
{
    (void)state;
    const struct value *made = test_create(&test, config_of("{\"name\":\"a\",\"note\":\"n\"}"));
    const struct value *config = config_of("{\"name\":\"a\"}");
    made = test_apply(&test, made, test_plan(&test, made, config), config);
    assert_string_equal(json_get_text(json_object_get(test_cloud.objects, "object-1"), "note"), "");
    test_expect_equal(&test, "settled", made, test_read(&test, made));
    test_expect_equal(&test, "settled", made, test_plan(&test, made, config));
}

/* --- hooks ---------------------------------------------------------------------------------------- */

static void plan_knows_better(struct operation *op, struct plan *plan)
{
    op->private_out = SLICE_LITERAL("from the plan");
    if (plan_is_create(plan)) {
        plan_set(plan, "zone", value_string(plan->arena, "MADE 0"));
        plan_set(plan, "note", value_string(plan->arena, "not computed: stays out"));
        plan_set(plan, "name", value_string(plan->arena, "configured: stays out"));
    } else if (plan_changes(plan, "name")) {
        plan_require_replace(plan, "name");
        plan_require_replace(plan, "name");
        plan_set_unknown(plan, "zone");
    }
}

static bool sees_private(struct operation *op, const struct value **state, struct error *err)
{
    (void)state;
    assert_true(slice_equal_text(op->private_in, "from the plan"));
    op->private_out = SLICE_LITERAL("from the update");
    (void)err;
    return true;
}

static void a_plan_hook_says_what_it_may(void **state)
{
    (void)state;
    plan_hook = plan_knows_better;
    const struct value *config = config_of("{\"name\":\"a\"}");
    const struct value *planned = test_plan(&test, &value_null, config);
    assert_string_equal(text_at(planned, "zone"), "MADE 0");
    assert_string_equal(text_at(planned, "name"), "a");
    assert_true(value_is_null(value_get(planned, "note")));
    assert_int_equal(test.replace_count, 0);
    const struct value *made = test_apply(&test, &value_null, planned, config);
    planned = test_plan(&test, made, config_of("{\"name\":\"b\"}"));
    assert_int_equal(test.replace_count, 1);
    assert_string_equal(test.replace[0]->name, "name");
    assert_true(value_is_unknown(value_get(planned, "zone")));
}

static void private_data_travels_from_plan_to_apply(void **state)
{
    (void)state;
    const struct value *made = test_create(&test, config_of("{\"name\":\"a\"}"));
    const struct value *config = config_of("{\"name\":\"a\",\"note\":\"n\"}");
    plan_hook = plan_knows_better;
    update_hook = sees_private;
    const struct value *planned = test_plan(&test, made, config);
    test_apply(&test, made, planned, config);
    assert_true(
        slice_equal_text(engine_open_private(test.private_bytes).resource, "from the update"));
    assert_false(engine_open_private(test.private_bytes).imported);
}

/* --- rules ---------------------------------------------------------------------------------------- */

static bool answers_unknown(struct operation *op, const struct value **state, struct error *err)
{
    (void)err;
    *state = value_with(op->arena, test_cloud_state(op, "object-1"), "revision",
                        value_list(op->arena, NULL, 0));
    return true;
}

static const char *logged;
static char logged_rule[200];

static void keep_log(void *context, enum log_level level, const char *message,
                     const struct log_field *fields, size_t count)
{
    (void)context;
    if (level != LOG_LEVEL_ERROR)
        return;
    logged = message;
    for (size_t i = 0; i < count; i++)
        if (strcmp(fields[i].key, "rule") == 0)
            snprintf(logged_rule, sizeof(logged_rule), "%s", fields[i].value);
}

static void a_broken_rule_fails_in_tests_and_is_logged_otherwise(void **state)
{
    (void)state;
    const struct value *made = test_create(&test, config_of("{\"name\":\"a\"}"));
    const struct value *config = config_of("{\"name\":\"b\"}");
    const struct value *planned = test_plan(&test, made, config);
    update_hook = answers_unknown;
    test_apply_tried(&test, made, planned, config);
    expect_error("Provider bug", "attribute revision");
    test.engine->fatal_conformance = false;
    log_set_sink(keep_log, NULL, LOG_LEVEL_ERROR);
    test_apply(&test, made, planned, config);
    log_set_sink(NULL, NULL, LOG_LEVEL_OFF);
    assert_non_null(logged);
    assert_non_null(strstr(logged_rule, "revision"));
}

/* --- the provider around it ----------------------------------------------------------------------- */

static struct cancel *seen_cancel;

static bool sees_cancel(struct operation *op, const struct value **state, struct error *err)
{
    (void)state;
    seen_cancel = op->cancel;
    engine_stop(op->engine);
    return cancel_raised(op->cancel) ? error_set(err, ERROR_CANCELLED, "stopped") : true;
}

static void a_stop_ends_this_run_only(void **state)
{
    (void)state;
    const struct value *made = test_create(&test, config_of("{\"name\":\"a\"}"));
    const struct value *config = config_of("{\"name\":\"b\"}");
    const struct value *planned = test_plan(&test, made, config);
    update_hook = sees_cancel;
    test_apply_tried(&test, made, planned, config);
    expect_error("Cannot update oke_thing", "stopped");
    update_hook = NULL;
    diagnostics_init(&test.last, arena);
    engine_configure(test.engine, arena, "1.11.4", (struct dynamic_value){0}, &test.last);
    struct configuration *now = engine_configuration_get(test.engine);
    assert_false(cancel_raised(now->cancel));
    engine_configuration_put(test.engine, now);
    test_apply(&test, made, planned, config);
}

static void nothing_happens_before_the_configuration(void **state)
{
    (void)state;
    struct engine *engine = engine_new(&provider);
    struct engine *configured = test.engine;
    const struct value *made = test_create(&test, config_of("{\"name\":\"a\"}"));
    test.engine = engine;
    test_read_tried(&test, made);
    expect_error("Provider not configured", "before it configured it");
    test.engine = configured;
    engine_free(engine);
}

static void what_cannot_be_read_is_refused(void **state)
{
    (void)state;
    struct plan_response response = {0};
    const struct plan_request bad = {.type_name = "oke_thing",
                                     .config = {.msgpack = SLICE_LITERAL("\xc1")}};
    engine_plan(test.engine, arena, &bad, &response, &test.last);
    expect_error("Malformed value from Terraform", "");
    diagnostics_init(&test.last, arena);
    const struct plan_request unknown = {.type_name = "oke_nothing"};
    engine_plan(test.engine, arena, &unknown, &response, &test.last);
    expect_error("Unknown type", "oke_nothing");
    diagnostics_init(&test.last, arena);
    const struct plan_request foreign = {.type_name = "thing"};
    engine_plan(test.engine, arena, &foreign, &response, &test.last);
    expect_error("Unknown type", "\"thing\"");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, start, end)
    const struct CMUnitTest tests[] = {
        TEST(a_killed_create_is_finished),
        TEST(identical_resources_stay_two),
        TEST(what_terraform_was_given_is_not_given_again),
        TEST(another_configuration_continues_nothing),
        TEST(a_state_with_the_id_ends_the_matter),
        TEST(only_runs_to_the_end_end_the_journal),
        TEST(a_lost_state_is_found_again),
        TEST(what_is_gone_meanwhile_is_made_anew),
        TEST(an_open_failure_keeps_the_token),
        TEST(an_object_that_fails_later_is_in_the_state),
        TEST(failures_keep_the_state_true),
        TEST(a_half_done_update_shows_what_is),
        TEST(a_version_announces_a_write_only_value),
        TEST(volatile_values_are_unknown_in_updates_only),
        TEST(removing_what_the_user_had_said_clears_it),
        TEST(a_plan_hook_says_what_it_may),
        TEST(private_data_travels_from_plan_to_apply),
        TEST(a_broken_rule_fails_in_tests_and_is_logged_otherwise),
        TEST(a_stop_ends_this_run_only),
        TEST(nothing_happens_before_the_configuration),
        TEST(what_cannot_be_read_is_refused),
    };
    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
