/* All calls beside plan, apply and read of a resource; and bad requests. */
#include "provider/engine/test_cloud.h"
#include "provider/engine/test_engine.h"

/* --- a provider with one of each ------------------------------------------------------------------ */

static const struct attribute option_fields[] = {
    {.name = "mode", .flags = REQUIRED, .doc = "Mode."},
    {.name = "level", .kind = ATTRIBUTE_INTEGER, .flags = OPTIONAL, .doc = "Level."},
    {.name = NULL},
};
static const struct attribute thing_attributes[] = {
    {.name = "id", .flags = COMPUTED, .doc = "Id."},
    {.name = "name", .flags = REQUIRED, .doc = "Name."},
    {.name = "size",
     .kind = ATTRIBUTE_INTEGER,
     .flags = OPTIONAL,
     .default_value = "3",
     .doc = "Size."},
    {.name = "note", .flags = OPTIONAL, .doc = "Note."},
    {.name = "old", .flags = OPTIONAL | DEPRECATED, .doc = "Old.", .deprecated = "Use note."},
    {.name = "secret", .flags = OPTIONAL | SENSITIVE, .doc = "Secret."},
    {.name = "password", .flags = OPTIONAL | WRITE_ONLY, .doc = "Password."},
    {.name = "local", .flags = OPTIONAL | LOCAL, .doc = "Local."},
    {.name = "tags", .kind = ATTRIBUTE_STRING_MAP, .flags = OPTIONAL | COMPUTED, .doc = "Tags."},
    {.name = "options",
     .kind = ATTRIBUTE_OBJECT_LIST,
     .flags = OPTIONAL | SINGLE,
     .fields = option_fields,
     .doc = "Options."},
    {.name = NULL},
};

static bool import_by_name(struct operation *op, const char *id, const struct value **state,
                           struct error *err)
{
    const char *found;
    json_t *object;
    if (!text_starts_with(id, "name/"))
        return error_set(err, ERROR_INVALID, "it does not begin with name/");
    json_object_foreach(test_cloud.objects, found, object)
    {
        if (text_equal(json_get_text(object, "name"), id + 5))
            *state = value_with(op->arena, &value_empty_map, "id", value_string(op->arena, found));
    }
    if (!*state)
        *state = value_with(op->arena, &value_empty_map, "id", value_string(op->arena, "none"));
    return true;
}

static const struct value *take_over(struct arena *arena, const char *source_type,
                                     const struct value *source)
{
    assert_string_equal(source_type, "oci_thing");
    if (value_is_null(value_get(source, "display_name")))
        return NULL;
    return value_with(arena, source, "name", value_get(source, "display_name"));
}

static void refuse_bad(const struct value *config, struct diagnostics *diagnostics,
                       struct arena *arena)
{
    if (text_equal(value_text(value_get(config, "name")), "bad"))
        diagnostics_error(diagnostics, path_attribute(arena, NULL, "name"), "Bad name",
                          "Not this one.");
}

static const struct resource_ops thing_ops = {.create = test_cloud_create,
                                              .read = test_cloud_read,
                                              .update = test_cloud_update,
                                              .remove = test_cloud_remove,
                                              .import = import_by_name,
                                              .list = test_cloud_list};
static const struct attribute list_attributes[] = {
    {.name = "name", .flags = OPTIONAL, .doc = "Name."},
    {.name = NULL},
};
static const struct resource thing = {
    .name = "thing",
    .summary = "A thing.",
    .attributes = thing_attributes,
    .schema_version = 2,
    .ops = &thing_ops,
    .identity = (const struct identity_attribute[]){{"id", false, NULL}, {"note", true, NULL}, {0}},
    .import_id = "name/ and its name",
    .moved_from = (const char *const[]){"oci_thing", NULL},
    .move_state = take_over,
    .validate = refuse_bad,
    .list_attributes = list_attributes,
};

/* Data source and ephemeral resource: they double the input. */
static const struct attribute look_attributes[] = {
    {.name = "input", .flags = REQUIRED, .doc = "Input."},
    {.name = "output", .flags = COMPUTED, .doc = "Output."},
    {.name = "choice", .flags = OPTIONAL | COMPUTED, .doc = "Choice."},
    {.name = NULL},
};

static bool look(struct operation *op, const struct value *config, const struct value **result,
                 struct error *err)
{
    const char *input = value_text(value_get(config, "input"));
    if (text_equal(input, "fail"))
        return error_set(err, ERROR_NOT_FOUND, "there is nothing");
    const struct value *found =
        value_with(op->arena, &value_empty_map, "output",
                   value_string(op->arena, arena_printf(op->arena, "%s%s", input, input)));
    *result = value_with(op->arena, found, "choice", value_string(op->arena, "ours"));
    op->private_out = slice_from(arena_printf(op->arena, "opened %s", input));
    return true;
}

static bool renew(struct operation *op, int64_t *renew_at_ms, struct error *err)
{
    if (slice_equal_text(op->private_in, "opened stuck"))
        return error_set(err, ERROR_UNAVAILABLE, "it is stuck");
    *renew_at_ms = 12345;
    if (slice_equal_text(op->private_in, "opened x"))
        op->private_out = SLICE_LITERAL("renewed");
    return true;
}

static char closed[32];
static bool close_it(struct operation *op, struct error *err)
{
    snprintf(closed, sizeof(closed), "%.*s", (int)op->private_in.length, op->private_in.ptr);
    return slice_equal_text(op->private_in, "fail") ? error_set(err, ERROR_TIMEOUT, "too late")
                                                    : true;
}

static const struct resource look_up = {.name = "look",
                                        .summary = "A look.",
                                        .attributes = look_attributes,
                                        .ops = &(const struct resource_ops){.open = look},
                                        .renew = renew,
                                        .close = close_it};

static const struct value *join(struct arena *arena, const struct value *const *arguments,
                                size_t count, int *argument, struct error *err)
{
    STR_AUTO text = STR_INIT;
    for (size_t i = 0; i < count; i++) {
        const char *part = value_text(arguments[i]);
        if (text_equal(part, "bad")) {
            *argument = (int)i;
            error_set(err, ERROR_INVALID, "this one is bad");
            return NULL;
        }
        str_append(&text, part ? part : "-");
    }
    return value_string(arena, str_text(&text));
}

static const struct function join_function = {
    .name = "join",
    .summary = "Joins.",
    .parameters = (const struct function_parameter[]){{"first", &type_string, false, "First."},
                                                      {"second", &type_string, true, "Second."},
                                                      {NULL, NULL, false, NULL}},
    .variadic = &(const struct function_parameter){"rest", &type_string, false, "Rest."},
    .result = &type_string,
    .call = join,
};

static bool invoke(struct operation *op, const struct value *config,
                   void (*progress)(void *context, const char *message), void *context,
                   struct error *err)
{
    assert_ptr_equal(op->client, &test_cloud);
    progress(context, value_text(value_get(config, "input")));
    return text_equal(value_text(value_get(config, "input")), "fail")
               ? error_set(err, ERROR_CONFLICT, "it is busy")
               : true;
}

static const struct attribute act_attributes[] = {
    {.name = "input", .flags = REQUIRED, .min_length = 2, .doc = "Input."},
    {.name = NULL},
};
static const struct action act = {
    .name = "act", .summary = "Acts.", .attributes = act_attributes, .invoke = invoke};

static const struct attribute provider_attributes[] = {
    {.name = "region", .flags = OPTIONAL, .max_length = 8, .doc = "Region."},
    {.name = "token", .flags = OPTIONAL | SENSITIVE, .doc = "Token."},
    {.name = NULL},
};

static int clients;

static bool configure(const struct value *config, const char *terraform_version, void **client,
                      struct error *err)
{
    assert_string_equal(terraform_version, "1.11.4");
    if (text_equal(value_text(value_get(config, "region")), "nowhere"))
        return error_set(err, ERROR_INVALID, "there is no such region");
    clients++;
    *client = &test_cloud;
    return true;
}

static void client_free(void *client)
{
    assert_ptr_equal(client, &test_cloud);
    clients--;
}

static void check_provider(const struct value *config, struct diagnostics *diagnostics,
                           struct arena *arena)
{
    (void)arena;
    if (value_is_unknown(value_get(config, "region")))
        diagnostics_warning(diagnostics, NULL, "Unknown region", "It will be known later.");
}

static const struct provider provider = {
    .name = "oke",
    .version = "0",
    .summary = "For tests.",
    .attributes = provider_attributes,
    .resources = (const struct resource *const[]){&thing, NULL},
    .data_sources = (const struct resource *const[]){&look_up, NULL},
    .ephemerals = (const struct resource *const[]){&look_up, NULL},
    .functions = (const struct function *const[]){&join_function, NULL},
    .actions = (const struct action *const[]){&act, NULL},
    .validate = check_provider,
    .configure = configure,
    .client_free = client_free,
};

/* --- around each test ----------------------------------------------------------------------------- */

static struct arena *arena;
static struct test_engine test;

static int start(void **state)
{
    (void)state;
    test_cloud_reset();
    arena = arena_new();
    test_engine_start(&test, arena, &provider, NULL);
    return 0;
}

static int end(void **state)
{
    (void)state;
    test_engine_end(&test);
    arena_free(arena);
    test_cloud_free();
    assert_int_equal(clients, 0);
    return 0;
}

static const struct value *value(const char *json)
{
    return value_of(arena, json);
}

static void start_diagnostics(void)
{
    diagnostics_init(&test.last, arena);
}

static void expect_error(const char *summary, const char *detail)
{
    assert_true(test.last.errors > 0);
    if (!strstr(test.last.items[0].summary, summary) || !strstr(test.last.items[0].detail, detail))
        fail_msg("%s: %s", test.last.items[0].summary, test.last.items[0].detail);
    start_diagnostics();
}

static void expect_answer(const struct type *type, struct slice bytes, const char *json)
{
    const struct value *found = test_value(&test, type, bytes);
    if (!value_equal(type, value(json), found))
        fail_msg("expected %s, found %s", json, printed(arena, found));
}

/* --- states from elsewhere ------------------------------------------------------------------------ */

static void upgrades_read_states_of_older_versions(void **state)
{
    (void)state;
    struct slice bytes = engine_upgrade(
        test.engine, arena, "oke_thing", 1,
        SLICE_LITERAL("{\"id\":\"x\",\"name\":7,\"size\":\"4\",\"gone\":[1],\"password\":\"p\"}"),
        &test.last);
    test_expect_good(&test, "upgrade");
    expect_answer(resource_type(&thing), bytes, "{\"id\":\"x\",\"name\":\"7\",\"size\":4}");
    engine_upgrade(test.engine, arena, "oke_thing", 3, SLICE_LITERAL("{}"), &test.last);
    expect_error("State from a newer provider", "schema version 3");
    engine_upgrade(test.engine, arena, "oke_thing", 2, SLICE_LITERAL("{\"id\":"), &test.last);
    expect_error("Unreadable state", "");
    engine_upgrade(test.engine, arena, "oke_none", 2, SLICE_LITERAL("{}"), &test.last);
    expect_error("Unknown type", "oke_none");
}

static void identities_are_read_and_upgraded(void **state)
{
    (void)state;
    const struct type *type = engine_identity_type(&thing);
    test_create(&test, value("{\"name\":\"a\",\"note\":\"n\"}"));
    expect_answer(type, test.identity, "{\"id\":\"object-1\",\"note\":\"n\"}");
    struct slice bytes = engine_upgrade_identity(test.engine, arena, "oke_thing", 0,
                                                 SLICE_LITERAL("{\"id\":\"y\"}"), &test.last);
    expect_answer(type, bytes, "{\"id\":\"y\"}");
    engine_upgrade_identity(test.engine, arena, "oke_thing", 0, SLICE_LITERAL("["), &test.last);
    expect_error("Unreadable identity", "");
}

static void imports_by_id_and_identity(void **state)
{
    (void)state;
    const struct value *config =
        value("{\"name\":\"a\",\"size\":5,\"local\":\"l\",\"options\":[{\"mode\":\"m\"}]}");
    test_create(&test, config);
    const struct value *imported = test_import(&test, "name/a");
    assert_true(engine_open_private(test.private_bytes).imported);
    const struct value *planned = test_plan(&test, imported, config);
    /* Only what the API cannot know is left to say. */
    test_expect_equal(&test, "import", planned,
                      value_with(arena, imported, "local", value_string(arena, "l")));
    struct slice identity =
        engine_encode(arena, engine_identity_type(&thing), value("{\"id\":\"object-1\"}"));
    imported = test_import_tried(&test, NULL, identity);
    test_expect_good(&test, "import by the needed part of the identity");
    assert_string_equal(value_text(value_get(imported, "name")), "a");
    identity = engine_encode(arena, engine_identity_type(&thing),
                             value("{\"id\":\"object-1\",\"note\":\"n\"}"));
    imported = test_import_tried(&test, "", identity);
    test_expect_good(&test, "import by identity");
    assert_string_equal(value_text(value_get(imported, "name")), "a");
}

static void failed_imports_say_what_the_id_is(void **state)
{
    (void)state;
    test_import_tried(&test, "nonsense", (struct slice){0});
    expect_error("Cannot import", "\"nonsense\": it does not begin with name/");
    test_import_tried(&test, "name/none", (struct slice){0});
    expect_error("Cannot import", "\"name/none\": there is no such object\n"
                                  "The import id is name/ and its name.");
    test_import_tried(&test, NULL, (struct slice){0});
    expect_error("Cannot import", "neither an id nor an identity");
    test_import_tried(&test, NULL, SLICE_LITERAL("\x93"));
    expect_error("Cannot import", "oke_thing: ");
}

static const struct value *move(const char *address, const char *type, const char *json)
{
    struct object_response response = {0};
    const struct move_request request = {.source_provider_address = address,
                                         .source_type_name = type,
                                         .target_type_name = "oke_thing",
                                         .source_state_json = slice_from(json)};
    engine_move(test.engine, arena, &request, &response, &test.last);
    return test_value(&test, resource_type(&thing), response.state);
}

static void moves_take_over_foreign_states(void **state)
{
    (void)state;
    static const char oracle[] = "registry.terraform.io/oracle/oci";
    const struct value *moved =
        move(oracle, "oci_thing",
             "{\"id\":\"x\",\"display_name\":\"a\",\"note\":\"\",\"old\":null,\"password\":\"p\","
             "\"options\":[],\"tags\":{},\"unknown_to_us\":{\"deep\":[1,2]}}");
    test_expect_good(&test, "move");
    test_expect_equal(&test, "move", value("{\"id\":\"x\",\"name\":\"a\",\"size\":3,\"tags\":{}}"),
                      moved);
    move("registry.terraform.io/hashicorp/aws", "oci_thing", "{}");
    expect_error("Move not supported", "cannot take over the state of oci_thing from registry");
    move(oracle, "oci_other", "{}");
    expect_error("Move not supported", "oci_other");
    move(oracle, "oci_thing", "{\"id\":\"x\"}");
    expect_error("Unreadable state of the moved resource", "does not look like one of oci_thing");
    move(oracle, "oci_thing", "{");
    expect_error("Unreadable state of the moved resource", "");
}

static void generated_configurations_hold_what_users_write(void **state)
{
    (void)state;
    const struct type *type = resource_type(&thing);
    struct slice bytes = engine_generate_config(
        test.engine, arena, "oke_thing",
        test_bytes(&test, type,
                   value("{\"id\":\"x\",\"name\":\"a\",\"size\":3,\"note\":\"\",\"old\":\"o\","
                         "\"secret\":\"s\",\"tags\":{\"k\":\"v\"},\"options\":[{\"mode\":\"m\"}],"
                         "\"timeouts\":{\"create\":\"1m\"}}")),
        &test.last);
    expect_answer(type, bytes,
                  "{\"name\":\"a\",\"tags\":{\"k\":\"v\"},\"options\":[{\"mode\":\"m\"}]}");
    bytes = engine_generate_config(test.engine, arena, "oke_thing",
                                   test_bytes(&test, type, &value_null), &test.last);
    assert_true(value_is_null(test_value(&test, type, bytes)));
}

/* --- lists ---------------------------------------------------------------------------------------- */

struct listed {
    size_t count, objects, leave_after;
    char names[64];
    char problem[128];
};

static bool collect(void *context, const struct list_event *event)
{
    struct listed *listed = context;
    if (event->diagnostic) {
        snprintf(listed->problem, sizeof(listed->problem), "%s: %s", event->diagnostic->summary,
                 event->diagnostic->detail);
        return true;
    }
    listed->count++;
    listed->objects += event->object.length > 0;
    assert_true(event->identity.length > 0);
    strncat(listed->names, event->display_name, sizeof(listed->names) - strlen(listed->names) - 1);
    return listed->count != listed->leave_after;
}

static struct listed list(const char *config, bool objects, int64_t limit, size_t leave_after)
{
    struct listed listed = {.leave_after = leave_after};
    const struct type *type = attributes_type(list_attributes);
    engine_list(test.engine, arena, "oke_thing", test_bytes(&test, type, value(config)), objects,
                limit, collect, &listed);
    return listed;
}

static void lists_stream_what_is_there(void **state)
{
    (void)state;
    for (char name[] = "a"; *name < 'f'; (*name)++)
        test_create(&test,
                    value_with(arena, value("{\"size\":4}"), "name", value_string(arena, name)));
    struct listed all = list("{}", true, 0, 0);
    assert_int_equal(all.count, 5);
    assert_int_equal(all.objects, 5);
    assert_string_equal(all.names, "abcde");
    assert_string_equal(all.problem, "");
    assert_int_equal(list("{}", false, 0, 0).objects, 0);
    assert_int_equal(list("{}", false, 2, 0).count, 2);
    assert_int_equal(list("{}", false, 0, 3).count, 3);
    assert_string_equal(list("{\"name\":\"c\"}", false, 0, 0).names, "c");
    test_cloud.fails = ERROR_DENIED;
    assert_string_equal(list("{}", false, 0, 0).problem, "Cannot list oke_thing: the cloud fails");
    struct listed none = {0};
    engine_list(test.engine, arena, "oke_none", (struct dynamic_value){0}, false, 0, collect,
                &none);
    assert_non_null(strstr(none.problem, "Unknown type"));
}

/* --- look-ups, secrets that live for a moment, functions, actions ---------------------------------- */

static struct slice read_look(const char *config)
{
    const struct type *type = attributes_type(look_attributes);
    return engine_read_data_source(test.engine, arena, "oke_look",
                                   test_bytes(&test, type, value(config)), &test.last);
}

static void data_sources_answer_below_what_was_asked(void **state)
{
    (void)state;
    const struct type *type = attributes_type(look_attributes);
    expect_answer(type, read_look("{\"input\":\"x\"}"),
                  "{\"input\":\"x\",\"output\":\"xx\",\"choice\":\"ours\"}");
    expect_answer(type, read_look("{\"input\":\"x\",\"choice\":\"mine\"}"),
                  "{\"input\":\"x\",\"output\":\"xx\",\"choice\":\"mine\"}");
    assert_int_equal(read_look("{\"input\":\"fail\"}").length, 0);
    expect_error("Cannot read oke_look", "there is nothing");
}

static void ephemerals_open_renew_and_close(void **state)
{
    (void)state;
    struct ephemeral_response opened = {0}, renewed = {0};
    const struct type *type = attributes_type(look_attributes);
    engine_open_ephemeral(test.engine, arena, "oke_look",
                          test_bytes(&test, type, value("{\"input\":\"x\"}")), &opened, &test.last);
    expect_answer(type, opened.result, "{\"input\":\"x\",\"output\":\"xx\",\"choice\":\"ours\"}");
    assert_true(slice_equal_text(opened.private_bytes, "opened x"));
    assert_int_equal(opened.renew_at_ms, 12345);
    engine_renew_ephemeral(test.engine, arena, "oke_look", opened.private_bytes, &renewed,
                           &test.last);
    assert_true(slice_equal_text(renewed.private_bytes, "renewed"));
    engine_close_ephemeral(test.engine, arena, "oke_look", renewed.private_bytes, &test.last);
    test_expect_good(&test, "ephemeral");
    assert_string_equal(closed, "renewed");
    engine_close_ephemeral(test.engine, arena, "oke_look", SLICE_LITERAL("fail"), &test.last);
    expect_error("Cannot close oke_look", "too late");
    engine_renew_ephemeral(test.engine, arena, "oke_look", SLICE_LITERAL("opened stuck"), &renewed,
                           &test.last);
    expect_error("Cannot renew oke_look", "it is stuck");
    engine_open_ephemeral(test.engine, arena, "oke_look",
                          test_bytes(&test, type, value("{\"input\":\"fail\"}")), &opened,
                          &test.last);
    expect_error("Cannot open oke_look", "there is nothing");
}

static void functions_take_what_they_declare(void **state)
{
    (void)state;
    static const struct {
        const char *arguments; /* a JSON array */
        const char *result, *error;
        int argument;
    } rows[] = {
        {"[\"a\",\"b\"]", "ab", NULL, -1},
        {"[\"a\",null]", "a-", NULL, -1},
        {"[\"a\",\"b\",\"c\",\"d\"]", "abcd", NULL, -1},
        {"[\"a\",\"b\",\"c\",\"bad\"]", NULL, "this one is bad", 3},
        {"[null,\"b\"]", NULL, "must not be null", 0},
        {"[\"?\",\"b\"]", NULL, "is not known", 0},
        {"[\"a\",\"b\",null]", NULL, "must not be null", 2},
        {"[\"a\"]", NULL, "\"second\" is missing", -1},
        {"[]", NULL, "\"first\" is missing", -1},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        const struct value *list = value(rows[i].arguments);
        struct dynamic_value arguments[8];
        const char *error;
        int argument;
        for (size_t j = 0; j < value_count(list); j++)
            arguments[j] = test_bytes(&test, &type_string, value_item(list, j));
        struct slice result = engine_call_function(test.engine, arena, "join", arguments,
                                                   value_count(list), &error, &argument);
        assert_int_equal(argument, rows[i].argument);
        if (rows[i].result)
            assert_string_equal(value_text(test_value(&test, &type_string, result)),
                                rows[i].result);
        else if (result.length || !error || !strstr(error, rows[i].error))
            fail_msg("%s: %s", rows[i].arguments, error ? error : "was taken");
    }
    const char *error;
    int argument;
    const struct dynamic_value wrong = {.msgpack = SLICE_LITERAL("\x07")};
    assert_int_equal(
        engine_call_function(test.engine, arena, "none", NULL, 0, &error, &argument).length, 0);
    assert_non_null(strstr(error, "no function \"none\""));
    engine_call_function(test.engine, arena, "join", &wrong, 1, &error, &argument);
    assert_int_equal(argument, 0);
}

static char told[64];
static void tell(void *context, const char *message)
{
    assert_ptr_equal(context, &test);
    snprintf(told, sizeof(told), "%s", message);
}

static void actions_tell_how_it_goes(void **state)
{
    (void)state;
    const struct type *type = attributes_type(act_attributes);
    engine_plan_action(test.engine, arena, "oke_act",
                       test_bytes(&test, type, value("{\"input\":\"?\"}")), &test.last);
    test_expect_good(&test, "plan of an action");
    engine_plan_action(test.engine, arena, "oke_act",
                       test_bytes(&test, type, value("{\"input\":\"x\"}")), &test.last);
    expect_error("Value too short", "at least 2");
    engine_invoke_action(test.engine, arena, "oke_act",
                         test_bytes(&test, type, value("{\"input\":\"go\"}")), tell, &test,
                         &test.last);
    test_expect_good(&test, "action");
    assert_string_equal(told, "go");
    engine_invoke_action(test.engine, arena, "oke_act",
                         test_bytes(&test, type, value("{\"input\":\"fail\"}")), tell, &test,
                         &test.last);
    expect_error("oke_act failed", "it is busy");
    engine_plan_action(test.engine, arena, "oke_none", (struct dynamic_value){0}, &test.last);
    expect_error("Unknown type", "no action \"oke_none\"");
}

/* --- validation ----------------------------------------------------------------------------------- */

static void validate(enum object_class object_class, const char *type_name, const struct type *type,
                     const char *config, bool write_only_allowed)
{
    start_diagnostics();
    engine_validate(test.engine, arena, object_class, type_name,
                    test_bytes(&test, type, value(config)), write_only_allowed, &test.last);
}

static void each_class_is_validated_by_its_table(void **state)
{
    (void)state;
    const struct type *type = resource_type(&thing);
    validate(CLASS_RESOURCE, "oke_thing", type, "{\"name\":\"a\",\"password\":\"p\"}", true);
    test_expect_good(&test, "validation");
    validate(CLASS_RESOURCE, "oke_thing", type, "{\"name\":\"a\",\"password\":\"p\"}", false);
    expect_error("Terraform 1.11 or newer is needed", "password");
    validate(CLASS_RESOURCE, "oke_thing", type, "{\"name\":\"bad\"}", true);
    expect_error("Bad name", "Not this one.");
    validate(CLASS_RESOURCE, "oke_thing", type, "{\"name\":\"?\"}", true);
    test_expect_good(&test, "unknown values");
    validate(CLASS_RESOURCE, "oke_thing", type,
             "{\"name\":\"a\",\"timeouts\":{\"create\":\"soon\"}}", true);
    expect_error("Invalid timeout", "\"soon\"");
    validate(CLASS_RESOURCE, "oke_thing", type, "{\"name\":\"a\",\"options\":[{\"level\":1}]}",
             true);
    expect_error("Missing required argument", "\"mode\"");
    validate(CLASS_DATA_SOURCE, "oke_look", attributes_type(look_attributes), "{\"input\":\"x\"}",
             true);
    test_expect_good(&test, "validation");
    validate(CLASS_EPHEMERAL, "oke_look", attributes_type(look_attributes), "{\"input\":\"x\"}",
             true);
    test_expect_good(&test, "validation");
    validate(CLASS_LIST, "oke_thing", attributes_type(list_attributes), "{}", true);
    test_expect_good(&test, "validation");
    validate(CLASS_ACTION, "oke_act", attributes_type(act_attributes), "{\"input\":\"x\"}", true);
    expect_error("Value too short", "input");
    validate(CLASS_DATA_SOURCE, "oke_thing", attributes_type(look_attributes), "null", true);
    expect_error("Unknown type", "oke_thing");
}

static void the_provider_block_is_checked(void **state)
{
    (void)state;
    const struct type *type = attributes_type(provider_attributes);
    start_diagnostics();
    engine_validate_provider(test.engine, arena,
                             test_bytes(&test, type, value("{\"region\":\"?\"}")), &test.last);
    assert_int_equal(test.last.errors, 0);
    assert_int_equal(test.last.count, 1);
    start_diagnostics();
    engine_validate_provider(test.engine, arena,
                             test_bytes(&test, type, value("{\"region\":\"too long it is\"}")),
                             &test.last);
    expect_error("Value too long", "region may have at most 8 characters");
    engine_configure(test.engine, arena, "1.11.4",
                     test_bytes(&test, type, value("{\"region\":\"nowhere\"}")), &test.last);
    expect_error("The provider cannot be configured", "there is no such region");
    assert_int_equal(clients, 1);
    engine_configure(test.engine, arena, "1.11.4",
                     test_bytes(&test, type, value("{\"region\":\"here\"}")), &test.last);
    test_expect_good(&test, "configuration");
    assert_int_equal(clients, 1); /* the first one is gone */
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, start, end)
    const struct CMUnitTest tests[] = {
        TEST(upgrades_read_states_of_older_versions),
        TEST(identities_are_read_and_upgraded),
        TEST(imports_by_id_and_identity),
        TEST(failed_imports_say_what_the_id_is),
        TEST(moves_take_over_foreign_states),
        TEST(generated_configurations_hold_what_users_write),
        TEST(lists_stream_what_is_there),
        TEST(data_sources_answer_below_what_was_asked),
        TEST(ephemerals_open_renew_and_close),
        TEST(functions_take_what_they_declare),
        TEST(actions_tell_how_it_goes),
        TEST(each_class_is_validated_by_its_table),
        TEST(the_provider_block_is_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
