#include "provider/engine/conformance.h"

#include "provider/value/msgpack.h"
#include "provider/value/test_values.h"

static const struct attribute rule_fields[] = {
    {.name = "cidr", .kind = ATTRIBUTE_STRING, .flags = REQUIRED},
    {.name = "ports", .kind = ATTRIBUTE_STRING_SET, .flags = OPTIONAL},
    {.name = NULL},
};

static const struct attribute option_fields[] = {
    {.name = "mode", .kind = ATTRIBUTE_STRING, .flags = OPTIONAL},
    {.name = "size", .kind = ATTRIBUTE_INTEGER, .flags = OPTIONAL | COMPUTED},
    {.name = NULL},
};

static const struct attribute attributes[] = {
    {.name = "id", .kind = ATTRIBUTE_STRING, .flags = COMPUTED},
    {.name = "name", .kind = ATTRIBUTE_STRING, .flags = REQUIRED},
    {.name = "note", .kind = ATTRIBUTE_STRING, .flags = OPTIONAL},
    {.name = "region", .kind = ATTRIBUTE_STRING, .flags = OPTIONAL | COMPUTED},
    {.name = "size", .kind = ATTRIBUTE_NUMBER, .flags = OPTIONAL | COMPUTED},
    {.name = "public", .kind = ATTRIBUTE_BOOL, .flags = OPTIONAL, .default_value = "false"},
    {.name = "secret", .kind = ATTRIBUTE_STRING, .flags = OPTIONAL | WRITE_ONLY},
    {.name = "zones", .kind = ATTRIBUTE_STRING_LIST, .flags = OPTIONAL},
    {.name = "keys", .kind = ATTRIBUTE_STRING_SET, .flags = OPTIONAL},
    {.name = "tags", .kind = ATTRIBUTE_STRING_MAP, .flags = OPTIONAL},
    {.name = "options",
     .kind = ATTRIBUTE_OBJECT_LIST,
     .flags = OPTIONAL | COMPUTED | SINGLE,
     .fields = option_fields},
    {.name = "rules", .kind = ATTRIBUTE_OBJECT_SET, .flags = OPTIONAL, .fields = rule_fields},
    {.name = "any", .kind = ATTRIBUTE_DYNAMIC, .flags = OPTIONAL},
    {.name = NULL},
};

static const struct resource resource = {.name = "thing", .attributes = attributes};

/* {"type":…,"value":…} of the member "any" becomes a dynamic value, whose value may be "?". */
static const struct value *object_of(struct arena *arena, const char *json)
{
    const struct value *object = value_of(arena, json);
    const struct value *any = value_get(object, "any");
    if (any->kind != VALUE_MAP)
        return object;
    STR_AUTO text = STR_INIT;
    ERROR_AUTO(err);
    assert_true(value_json_encode(NULL, value_get(any, "type"), &text, &err));
    const struct type *type = type_of(arena, str_text(&text));
    return value_with(arena, object, "any", value_dynamic(arena, type, value_get(any, "value")));
}

/* broken: what the message must contain; NULL: the rules are kept. */
static void expect(const char *row, bool good, const struct error *err, const char *broken)
{
    assert_int_equal(good, !error_is_set(err));
    if (good != !broken)
        fail_msg("%s: %s", row, good ? "was taken" : error_message(err));
    if (!good && !strstr(error_message(err), broken))
        fail_msg("%s: %s", row, error_message(err));
    if (!good)
        assert_int_equal(err->code, ERROR_INTERNAL);
}

static void plans_follow_the_configuration(void **state)
{
    (void)state;
    static const struct {
        const char *prior, *config, *planned, *broken;
    } rows[] = {
        /* create */
        {"null", "{\"name\":\"a\"}", "{\"name\":\"a\"}", NULL},
        {"null", "{\"name\":\"a\"}",
         "{\"name\":\"a\",\"id\":\"?!\",\"region\":\"?\",\"size\":\"?\"}", NULL},
        {"null", "{\"name\":\"a\"}", "{\"name\":\"a\",\"id\":\"known\",\"region\":\"r\"}", NULL},
        {"null", "{\"name\":\"a\"}", "{\"name\":\"b\"}", "name is planned neither"},
        {"null", "{\"name\":\"a\"}", "{\"name\":null}", "name is planned neither"},
        {"null", "{\"name\":\"a\"}", "{\"name\":\"?\"}", "name is planned as unknown although"},
        {"null", "{\"name\":\"?\"}", "{\"name\":\"?\"}", NULL},
        {"null", "{\"name\":\"?!\"}", "{\"name\":\"?\"}", NULL},
        {"null", "{\"name\":\"?\"}", "{\"name\":\"b\"}", "name is planned neither"},
        {"null", "{\"name\":\"?\"}", "{\"name\":null}", "name is planned neither"},
        /* not configured */
        {"null", "{\"name\":\"a\"}", "{\"name\":\"a\",\"note\":\"x\"}",
         "note is planned although neither"},
        {"null", "{\"name\":\"a\"}", "{\"name\":\"a\",\"note\":\"?\"}",
         "note is planned although neither"},
        {"null", "{\"name\":\"a\"}", "{\"name\":\"a\",\"zones\":[]}", "zones is planned although"},
        {"null", "{\"name\":\"a\"}", "{\"name\":\"a\",\"tags\":{}}", "tags is planned although"},
        {"null", "{\"name\":\"a\"}", "{\"name\":\"a\",\"public\":false}", NULL},
        {"{\"name\":\"a\",\"note\":\"x\"}", "{\"name\":\"a\"}", "{\"name\":\"a\",\"note\":\"x\"}",
         "note is planned although neither"},
        {"{\"name\":\"a\",\"note\":\"x\"}", "{\"name\":\"a\"}", "{\"name\":\"a\"}", NULL},
        {"{\"name\":\"a\",\"region\":\"x\"}", "{\"name\":\"a\"}",
         "{\"name\":\"a\",\"region\":\"x\"}", NULL},
        {"{\"name\":\"a\",\"region\":\"x\"}", "{\"name\":\"a\"}",
         "{\"name\":\"a\",\"region\":\"y\"}", NULL},
        /* the prior value stands for the configured one */
        {"{\"name\":\"A\"}", "{\"name\":\"a\"}", "{\"name\":\"A\"}", NULL},
        {"{\"name\":\"A\"}", "{\"name\":\"a\"}", "{\"name\":\"a\"}", NULL},
        {"{\"name\":\"A\"}", "{\"name\":\"a\"}", "{\"name\":\"aa\"}", "name is planned neither"},
        {"{\"name\":\"A\"}", "{\"name\":\"?\"}", "{\"name\":\"A\"}", NULL},
        {"{\"name\":\"a\",\"note\":null}", "{\"name\":\"a\",\"note\":\"x\"}", "{\"name\":\"a\"}",
         "note is planned neither"},
        /* configured although computed */
        {"null", "{\"name\":\"a\",\"region\":\"x\"}", "{\"name\":\"a\",\"region\":\"y\"}",
         "region is planned neither"},
        {"null", "{\"name\":\"a\",\"region\":\"x\"}", "{\"name\":\"a\",\"region\":\"?\"}",
         "region is planned as unknown"},
        {"null", "{\"name\":\"a\",\"public\":true}", "{\"name\":\"a\",\"public\":false}",
         "public is planned neither"},
        {"null", "{\"name\":\"a\",\"size\":1.50}", "{\"name\":\"a\",\"size\":1.5}", NULL},
        /* write-only */
        {"null", "{\"name\":\"a\",\"secret\":\"s\"}", "{\"name\":\"a\"}", NULL},
        {"null", "{\"name\":\"a\",\"secret\":\"s\"}", "{\"name\":\"a\",\"secret\":\"s\"}",
         "secret is write-only"},
        {"null", "{\"name\":\"a\",\"secret\":\"?\"}", "{\"name\":\"a\",\"secret\":\"?\"}",
         "secret is write-only"},
        /* collections are one value */
        {"null", "{\"name\":\"a\",\"zones\":[\"x\",\"?\"]}",
         "{\"name\":\"a\",\"zones\":[\"x\",\"?\"]}", NULL},
        {"null", "{\"name\":\"a\",\"zones\":[\"x\",\"y\"]}",
         "{\"name\":\"a\",\"zones\":[\"y\",\"x\"]}", "zones is planned neither"},
        {"null", "{\"name\":\"a\",\"zones\":[]}", "{\"name\":\"a\"}", "zones is planned neither"},
        {"null", "{\"name\":\"a\",\"keys\":[\"x\",\"y\"]}",
         "{\"name\":\"a\",\"keys\":[\"y\",\"x\"]}", NULL},
        {"null", "{\"name\":\"a\",\"keys\":[\"x\"]}", "{\"name\":\"a\",\"keys\":[\"x\",\"y\"]}",
         "keys is planned neither"},
        {"null", "{\"name\":\"a\",\"tags\":{\"k\":\"v\"}}",
         "{\"name\":\"a\",\"tags\":{\"k\":\"w\"}}", "tags is planned neither"},
        {"null", "{\"name\":\"a\",\"options\":[{\"mode\":\"x\"}]}",
         "{\"name\":\"a\",\"options\":[{\"mode\":\"x\",\"size\":null}]}", NULL},
        {"null", "{\"name\":\"a\",\"options\":[{\"mode\":\"x\"}]}",
         "{\"name\":\"a\",\"options\":[{\"mode\":\"x\",\"size\":\"?\"}]}",
         "options is planned neither"},
        {"null", "{\"name\":\"a\"}", "{\"name\":\"a\",\"options\":[{\"mode\":\"?\"}]}", NULL},
        {"{\"name\":\"a\",\"options\":[{\"mode\":\"x\",\"size\":3}]}",
         "{\"name\":\"a\",\"options\":[{\"mode\":\"x\"}]}",
         "{\"name\":\"a\",\"options\":[{\"mode\":\"x\",\"size\":3}]}", NULL},
        {"null",
         "{\"name\":\"a\",\"rules\":[{\"cidr\":\"c\",\"ports\":[\"1\",\"2\"]},{\"cidr\":\"b\"}]}",
         "{\"name\":\"a\",\"rules\":[{\"cidr\":\"b\"},{\"cidr\":\"c\",\"ports\":[\"2\",\"1\"]}]}",
         NULL},
        /* dynamic */
        {"null", "{\"name\":\"a\",\"any\":{\"type\":\"string\",\"value\":\"x\"}}",
         "{\"name\":\"a\",\"any\":{\"type\":\"string\",\"value\":\"x\"}}", NULL},
        {"null", "{\"name\":\"a\",\"any\":{\"type\":\"string\",\"value\":\"1\"}}",
         "{\"name\":\"a\",\"any\":{\"type\":\"number\",\"value\":1}}", "any is planned neither"},
        {"null", "{\"name\":\"a\",\"any\":{\"type\":\"string\",\"value\":\"?\"}}",
         "{\"name\":\"a\",\"any\":{\"type\":\"string\",\"value\":\"?\"}}", NULL},
        {"null", "{\"name\":\"a\",\"any\":{\"type\":\"string\",\"value\":null}}",
         "{\"name\":\"a\"}", NULL},
        /* the whole object */
        {"null", "{\"name\":\"a\"}", "null", "planned as null"},
        {"null", "{\"name\":\"a\"}", "\"?\"", "the object is planned as unknown"},
        {"{\"name\":\"a\"}", "null", "null", NULL},
        {"{\"name\":\"a\"}", "null", "{\"name\":\"a\"}", "to be destroyed"},
        /* shape */
        {"null", "{\"name\":\"a\"}", "{\"name\":\"a\",\"size\":\"1\"}", "size is no number"},
        {"null", "{\"name\":\"a\"}", "{\"name\":\"a\",\"id\":1}", "id is no string"},
        {"null", "{\"name\":\"a\"}", "{\"name\":\"a\",\"other\":1}", "the object has a member"},
        {"null", "{\"name\":\"a\"}", "{\"name\":\"a\",\"options\":{}}", "options is no list"},
        {"null", "{\"name\":\"a\"}", "{\"name\":\"a\",\"options\":[{\"size\":true}]}",
         "options[0].size is no number"},
        {"null", "{\"name\":\"a\"}", "{\"name\":\"a\",\"options\":[{\"x\":1}]}",
         "options[0] has a member"},
        {"null", "{\"name\":\"a\"}", "{\"name\":\"a\",\"any\":\"x\"}",
         "any is dynamic and has no type"},
        {"null", "{\"name\":\"a\"}", "[]", "the object is no object"},
        /* the block */
        {"null", "{\"name\":\"a\",\"timeouts\":{\"create\":\"5m\"}}",
         "{\"name\":\"a\",\"timeouts\":{\"create\":\"5m\"}}", NULL},
        {"null", "{\"name\":\"a\",\"timeouts\":{\"create\":\"?\"}}",
         "{\"name\":\"a\",\"timeouts\":{\"create\":\"?\"}}", NULL},
        {"null", "{\"name\":\"a\",\"timeouts\":{}}", "{\"name\":\"a\"}",
         "timeouts is configured and not"},
        {"null", "{\"name\":\"a\"}", "{\"name\":\"a\",\"timeouts\":{}}",
         "timeouts is planned and not"},
        {"null", "{\"name\":\"a\"}", "{\"name\":\"a\",\"timeouts\":\"?\"}", "timeouts is a block"},
        {"null", "{\"name\":\"a\",\"timeouts\":\"?\"}", "{\"name\":\"a\",\"timeouts\":\"?\"}",
         NULL},
        {"null", "{\"name\":\"a\",\"timeouts\":\"?\"}", "{\"name\":\"a\"}",
         "timeouts is configured as unknown"},
        {"null", "{\"name\":\"a\",\"timeouts\":{\"create\":\"5m\"}}",
         "{\"name\":\"a\",\"timeouts\":{\"create\":\"6m\"}}", "timeouts.create is planned neither"},
        {"null", "{\"name\":\"a\",\"timeouts\":{}}",
         "{\"name\":\"a\",\"timeouts\":{\"create\":\"6m\"}}",
         "timeouts.create is planned although"},
        {"{\"name\":\"a\",\"timeouts\":{\"create\":\"300s\"}}",
         "{\"name\":\"a\",\"timeouts\":{\"create\":\"5m\"}}",
         "{\"name\":\"a\",\"timeouts\":{\"create\":\"300s\"}}", NULL},
    };
    ARENA_AUTO arena = arena_new();
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        ERROR_AUTO(err);
        const char *row =
            arena_printf(arena, "%s to %s with %s", rows[i].prior, rows[i].planned, rows[i].config);
        bool good = conformance_planned(&resource, object_of(arena, rows[i].prior),
                                        object_of(arena, rows[i].config),
                                        object_of(arena, rows[i].planned), &err);
        expect(row, good, &err, rows[i].broken);
    }
}

static void applied_objects_follow_the_plan(void **state)
{
    (void)state;
    static const struct {
        const char *planned, *applied, *broken;
    } rows[] = {
        {"{\"name\":\"a\",\"id\":\"?!\"}", "{\"name\":\"a\",\"id\":\"x\"}", NULL},
        {"{\"name\":\"a\",\"region\":\"?\"}", "{\"name\":\"a\"}", NULL},
        {"{\"name\":\"a\",\"id\":\"?!\"}", "{\"name\":\"a\"}",
         "id is null although planned as not null"},
        {"{\"name\":\"a\",\"id\":\"?!\"}", "{\"name\":\"a\",\"id\":\"?!\"}", "id is unknown"},
        {"{\"name\":\"a\"}", "{\"name\":\"b\"}", "name differs from the plan"},
        {"{\"name\":\"a\"}", "{\"name\":null}", "name is null although planned otherwise"},
        {"{\"name\":\"a\"}", "{\"name\":\"a\",\"note\":\"x\"}",
         "note is set although planned as null"},
        {"{\"name\":\"a\"}", "{\"name\":\"a\",\"zones\":[]}", "zones is set although"},
        {"{\"name\":\"a\",\"zones\":[]}", "{\"name\":\"a\"}", "zones is null although"},
        {"{\"name\":\"a\",\"size\":1.50}", "{\"name\":\"a\",\"size\":1.5}", NULL},
        {"{\"name\":\"a\",\"size\":1}", "{\"name\":\"a\",\"size\":2}", "size differs"},
        {"{\"name\":\"a\",\"public\":true}", "{\"name\":\"a\",\"public\":false}", "public differs"},
        {"{\"name\":\"a\"}", "{\"name\":\"a\",\"secret\":\"s\"}", "secret is write-only"},
        /* lists and maps */
        {"{\"name\":\"a\",\"zones\":[\"x\",\"?\"]}", "{\"name\":\"a\",\"zones\":[\"x\",\"y\"]}",
         NULL},
        {"{\"name\":\"a\",\"zones\":[\"x\",\"?!\"]}", "{\"name\":\"a\",\"zones\":[\"x\",null]}",
         "zones[1] is null although"},
        {"{\"name\":\"a\",\"zones\":[\"x\",\"?\"]}", "{\"name\":\"a\",\"zones\":[\"z\",\"y\"]}",
         "zones[0] differs"},
        {"{\"name\":\"a\",\"zones\":[\"x\"]}", "{\"name\":\"a\",\"zones\":[\"x\",\"y\"]}",
         "zones has another number"},
        {"{\"name\":\"a\",\"zones\":\"?\"}", "{\"name\":\"a\",\"zones\":[\"x\",\"y\"]}", NULL},
        {"{\"name\":\"a\",\"tags\":{\"k\":\"?\"}}", "{\"name\":\"a\",\"tags\":{\"k\":\"v\"}}",
         NULL},
        {"{\"name\":\"a\",\"tags\":{\"k\":\"v\"}}", "{\"name\":\"a\",\"tags\":{\"k\":\"w\"}}",
         "tags[\"k\"] differs"},
        {"{\"name\":\"a\",\"tags\":{\"k\":\"v\"}}", "{\"name\":\"a\",\"tags\":{\"l\":\"v\"}}",
         "tags[\"k\"] was planned and is missing"},
        {"{\"name\":\"a\",\"tags\":{\"k\":\"v\"}}", "{\"name\":\"a\",\"tags\":{}}",
         "tags has another number"},
        {"{\"name\":\"a\",\"options\":[{\"mode\":\"x\",\"size\":\"?\"}]}",
         "{\"name\":\"a\",\"options\":[{\"mode\":\"x\",\"size\":4}]}", NULL},
        {"{\"name\":\"a\",\"options\":[{\"mode\":\"x\",\"size\":\"?\"}]}",
         "{\"name\":\"a\",\"options\":[{\"mode\":\"y\",\"size\":4}]}", "options[0].mode differs"},
        /* sets */
        {"{\"name\":\"a\",\"keys\":[\"x\",\"y\"]}", "{\"name\":\"a\",\"keys\":[\"y\",\"x\"]}",
         NULL},
        {"{\"name\":\"a\",\"keys\":[\"x\",\"y\"]}", "{\"name\":\"a\",\"keys\":[\"y\",\"x\",\"y\"]}",
         NULL},
        {"{\"name\":\"a\",\"keys\":[\"x\",\"y\"]}", "{\"name\":\"a\",\"keys\":[\"y\"]}",
         "keys has other elements"},
        {"{\"name\":\"a\",\"keys\":[\"x\"]}", "{\"name\":\"a\",\"keys\":[\"y\",\"x\"]}",
         "keys has other elements"},
        {"{\"name\":\"a\",\"keys\":[\"x\",\"?\"]}", "{\"name\":\"a\",\"keys\":[\"y\",\"x\"]}",
         NULL},
        {"{\"name\":\"a\",\"keys\":[\"x\",\"?\"]}", "{\"name\":\"a\",\"keys\":[\"x\"]}", NULL},
        {"{\"name\":\"a\",\"keys\":[\"x\",\"?\"]}", "{\"name\":\"a\",\"keys\":[\"y\",\"z\"]}",
         "keys has other elements"},
        {"{\"name\":\"a\",\"keys\":[\"x\",\"?\"]}", "{\"name\":\"a\",\"keys\":[\"x\",\"y\",\"z\"]}",
         "keys has more elements"},
        {"{\"name\":\"a\",\"keys\":[\"x\",\"?\"]}", "{\"name\":\"a\",\"keys\":[\"x\",\"y\",\"y\"]}",
         NULL},
        {"{\"name\":\"a\",\"keys\":[\"?\"]}", "{\"name\":\"a\",\"keys\":[]}",
         "keys has other elements"},
        {"{\"name\":\"a\",\"rules\":[{\"cidr\":\"c\",\"ports\":\"?\"},{\"cidr\":\"d\"}]}",
         "{\"name\":\"a\",\"rules\":[{\"cidr\":\"d\"},{\"cidr\":\"c\",\"ports\":[\"1\"]}]}", NULL},
        {"{\"name\":\"a\",\"rules\":[{\"cidr\":\"c\",\"ports\":\"?\"},{\"cidr\":\"d\"}]}",
         "{\"name\":\"a\",\"rules\":[{\"cidr\":\"d\"},{\"cidr\":\"e\",\"ports\":[\"1\"]}]}",
         "rules has other elements"},
        {"{\"name\":\"a\",\"rules\":[{\"cidr\":\"?\"}]}",
         "{\"name\":\"a\",\"rules\":[{\"cidr\":\"c\",\"ports\":[]}]}", "rules has other elements"},
        /* dynamic */
        {"{\"name\":\"a\",\"any\":{\"type\":\"string\",\"value\":\"?\"}}",
         "{\"name\":\"a\",\"any\":{\"type\":\"string\",\"value\":\"x\"}}", NULL},
        {"{\"name\":\"a\",\"any\":{\"type\":\"string\",\"value\":\"?\"}}",
         "{\"name\":\"a\",\"any\":{\"type\":\"number\",\"value\":1}}", "any has another type"},
        {"{\"name\":\"a\",\"any\":{\"type\":\"string\",\"value\":\"?\"}}", "{\"name\":\"a\"}",
         "any has another type"},
        {"{\"name\":\"a\",\"any\":{\"type\":\"string\",\"value\":\"x\"}}",
         "{\"name\":\"a\",\"any\":{\"type\":\"string\",\"value\":\"y\"}}", "any differs"},
        {"{\"name\":\"a\",\"any\":{\"type\":[\"set\",\"string\"],\"value\":[\"x\",\"y\"]}}",
         "{\"name\":\"a\",\"any\":{\"type\":[\"set\",\"string\"],\"value\":[\"y\",\"x\"]}}", NULL},
        {"{\"name\":\"a\",\"any\":\"?\"}",
         "{\"name\":\"a\",\"any\":{\"type\":\"bool\",\"value\":true}}", NULL},
        /* the block and the whole object */
        {"{\"name\":\"a\",\"timeouts\":{\"create\":\"5m\"}}",
         "{\"name\":\"a\",\"timeouts\":{\"create\":\"5m\"}}", NULL},
        {"{\"name\":\"a\",\"timeouts\":{\"create\":\"5m\"}}",
         "{\"name\":\"a\",\"timeouts\":{\"create\":\"6m\"}}", "timeouts.create differs"},
        {"{\"name\":\"a\",\"timeouts\":{}}", "{\"name\":\"a\"}", "timeouts is null although"},
        {"{\"name\":\"a\"}", "{\"name\":\"a\",\"timeouts\":{}}", "timeouts is set although"},
        {"{\"name\":\"a\"}", "null", "the object is null although"},
        {"null", "{\"name\":\"a\"}", "the object is set although"},
        {"null", "null", NULL},
        {"{\"name\":\"a\"}", "{\"name\":[]}", "name is no string"},
    };
    ARENA_AUTO arena = arena_new();
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        ERROR_AUTO(err);
        const char *row = arena_printf(arena, "%s to %s", rows[i].planned, rows[i].applied);
        bool good = conformance_applied(&resource, object_of(arena, rows[i].planned),
                                        object_of(arena, rows[i].applied), &err);
        expect(row, good, &err, rows[i].broken);
    }
}

static void planned_prefixes_are_kept(void **state)
{
    (void)state;
    static const struct {
        const char *applied, *broken;
    } rows[] = {{"{\"name\":\"a\",\"id\":\"ocid1.vcn.x\"}", NULL},
                {"{\"name\":\"a\",\"id\":\"ocid1.vcn.\"}", NULL},
                {"{\"name\":\"a\",\"id\":\"ocid1.vcn\"}", "id does not start with"},
                {"{\"name\":\"a\",\"id\":\"ocid1.subnet.x\"}", "id does not start with"},
                {"{\"name\":\"a\",\"id\":null}", NULL}};
    static const struct value unknown = {.kind = VALUE_UNKNOWN,
                                         .unknown = {.prefix = {"ocid1.vcn.", 10}}};
    ARENA_AUTO arena = arena_new();
    const struct value *planned =
        value_with(arena, value_of(arena, "{\"name\":\"a\"}"), "id", &unknown);
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        ERROR_AUTO(err);
        bool good = conformance_applied(&resource, planned, value_of(arena, rows[i].applied), &err);
        expect(rows[i].applied, good, &err, rows[i].broken);
    }
}

static void states_are_known_and_of_their_shape(void **state)
{
    (void)state;
    static const struct {
        const char *state, *broken;
    } rows[] = {
        {"null", NULL},
        {"{}", NULL},
        {"{\"name\":\"a\",\"keys\":[\"x\",\"x\"],\"tags\":{},\"timeouts\":{\"delete\":\"1m\"}}",
         NULL},
        {"{\"name\":\"a\",\"any\":{\"type\":\"string\",\"value\":null}}", NULL},
        {"\"?\"", "the object is unknown"},
        {"[]", "the object is no object"},
        {"{\"name\":\"?\"}", "name is unknown"},
        {"{\"tags\":{\"a.b\":\"?\"}}", "tags[\"a.b\"] is unknown"},
        {"{\"options\":[{\"mode\":\"?\"}]}", "options[0].mode is unknown"},
        {"{\"any\":{\"type\":[\"list\",\"string\"],\"value\":[\"x\",\"?\"]}}", "any[1] is unknown"},
        {"{\"any\":{\"type\":[\"list\",\"string\"],\"value\":[1]}}", "any[0] is no string"},
        {"{\"any\":{\"type\":[\"tuple\",[\"bool\"]],\"value\":[]}}",
         "any is a tuple of another length"},
        {"{\"any\":{\"type\":[\"tuple\",[\"bool\"]],\"value\":[\"x\"]}}", "any[0] is no bool"},
        {"{\"any\":{\"type\":\"bool\",\"value\":\"x\"}}", "any is no bool"},
        {"{\"any\":{\"type\":[\"object\",{\"a\":\"bool\"}],\"value\":{\"b\":true}}}",
         "any has a member"},
        {"{\"secret\":\"x\"}", "secret is write-only and stored"},
        {"{\"names\":\"x\"}", "the object has a member"},
        {"{\"public\":\"true\"}", "public is no bool"},
        {"{\"tags\":[]}", "tags is no map"},
        {"{\"tags\":{\"a\":1}}", "tags[\"a\"] is no string"},
        {"{\"zones\":{}}", "zones is no list"},
        {"{\"zones\":[[]]}", "zones[0] is no string"},
        {"{\"rules\":[{\"cidr\":\"c\"},{\"cidr\":1}]}", "rules[1].cidr is no string"},
        {"{\"rules\":[{\"cidr\":\"c\",\"ports\":[\"1\",2]}]}", "rules[0].ports[1] is no string"},
        {"{\"rules\":[1]}", "rules[0] is no object"},
        {"{\"timeouts\":{\"sometimes\":\"1m\"}}", "timeouts has a member"},
    };
    ARENA_AUTO arena = arena_new();
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        ERROR_AUTO(err);
        expect(rows[i].state, conformance_state(&resource, object_of(arena, rows[i].state), &err),
               &err, rows[i].broken);
    }
    ERROR_AUTO(err);
    assert_true(conformance_state(&resource, NULL, &err));
    const struct value *bad = value_with(arena, NULL, "name", value_string_bytes(arena, "\xff", 1));
    expect("bytes", conformance_state(&resource, bad, &err), &err,
           "name is a string that is not UTF-8");
}

/* Messages go to logs: they tell where, never what. */
static void messages_hold_no_values(void **state)
{
    (void)state;
    ARENA_AUTO arena = arena_new();
    ERROR_AUTO(err);
    const struct value *planned =
        value_of(arena, "{\"name\":\"hunter1\",\"tags\":{\"k\":\"hunter2\"}}");
    const struct value *applied =
        value_of(arena, "{\"name\":\"hunter1\",\"tags\":{\"k\":\"hunter3\"}}");
    assert_false(conformance_applied(&resource, planned, applied, &err));
    assert_null(strstr(error_message(&err), "hunter"));
    error_reset(&err);
    assert_false(conformance_planned(&resource, &value_null, planned, applied, &err));
    assert_null(strstr(error_message(&err), "hunter"));
}

/* What passes is what Terraform can read: it survives the wire by its type. */
static void what_conforms_survives_the_wire(void **state)
{
    (void)state;
    ARENA_AUTO arena = arena_new();
    ERROR_AUTO(err);
    const struct value *object = object_of(
        arena, "{\"name\":\"a\",\"keys\":[\"x\"],\"options\":[{\"mode\":\"m\"}],"
               "\"any\":{\"type\":[\"map\",\"bool\"],\"value\":{\"t\":true}},\"timeouts\":{}}");
    assert_true(conformance_state(&resource, object, &err));
    STR_AUTO out = STR_INIT;
    msgpack_encode(resource_type(&resource), object, &out);
    const struct value *back =
        msgpack_decode(arena, resource_type(&resource), (struct slice){out.ptr, out.length}, &err);
    assert_true(back && value_equal(resource_type(&resource), object, back));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plans_follow_the_configuration),
        cmocka_unit_test(applied_objects_follow_the_plan),
        cmocka_unit_test(planned_prefixes_are_kept),
        cmocka_unit_test(states_are_known_and_of_their_shape),
        cmocka_unit_test(messages_hold_no_values),
        cmocka_unit_test(what_conforms_survives_the_wire),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
