#include "provider/engine/json_body.h"

#include "lib/base/json.h"
#include "provider/value/test_values.h"

static const struct attribute option_fields[] = {
    {.name = "mode", .flags = REQUIRED | REPLACE, .doc = "Mode."},
    {.name = "max_size",
     .kind = ATTRIBUTE_INTEGER,
     .flags = OPTIONAL,
     .json = "limits.maxSize",
     .doc = "Size."},
    {.name = "state", .flags = COMPUTED, .doc = "State."},
    {.name = NULL},
};
static const struct attribute attributes[] = {
    {.name = "id", .flags = COMPUTED, .doc = "Id."},
    {.name = "display_name", .flags = OPTIONAL, .doc = "Name."},
    {.name = "is_ipv6enabled",
     .kind = ATTRIBUTE_BOOL,
     .flags = OPTIONAL,
     .json = "isIpv6Enabled",
     .doc = "IPv6."},
    {.name = "count", .kind = ATTRIBUTE_INTEGER, .flags = OPTIONAL, .doc = "Count."},
    {.name = "ratio", .kind = ATTRIBUTE_NUMBER, .flags = OPTIONAL, .doc = "Ratio."},
    {.name = "bytes", .flags = OPTIONAL, .json_kind = JSON_INTEGER_TEXT, .doc = "Bytes."},
    {.name = "weight", .flags = OPTIONAL, .json_kind = JSON_NUMBER_TEXT, .doc = "Weight."},
    {.name = "policy", .flags = OPTIONAL, .json_kind = JSON_DOCUMENT, .doc = "Policy."},
    {.name = "zones", .kind = ATTRIBUTE_STRING_LIST, .flags = OPTIONAL, .doc = "Zones."},
    {.name = "keys",
     .kind = ATTRIBUTE_STRING_SET,
     .flags = OPTIONAL,
     .json = "a.b.keys",
     .doc = "Keys."},
    {.name = "depth",
     .kind = ATTRIBUTE_INTEGER,
     .flags = OPTIONAL,
     .json = "a.b.depth",
     .doc = "Depth."},
    {.name = "tags", .kind = ATTRIBUTE_STRING_MAP, .flags = OPTIONAL, .doc = "Tags."},
    {.name = "defined_tags",
     .kind = ATTRIBUTE_STRING_MAP,
     .flags = OPTIONAL,
     .json_kind = JSON_TWO_LEVEL_MAP,
     .doc = "Tags."},
    {.name = "options",
     .kind = ATTRIBUTE_OBJECT_LIST,
     .flags = OPTIONAL | SINGLE,
     .fields = option_fields,
     .doc = "Options."},
    {.name = "rules",
     .kind = ATTRIBUTE_OBJECT_LIST,
     .flags = OPTIONAL,
     .fields = option_fields,
     .doc = "Rules."},
    {.name = "manifest", .kind = ATTRIBUTE_DYNAMIC, .flags = OPTIONAL, .doc = "Manifest."},
    {.name = "fixed", .flags = OPTIONAL | REPLACE, .doc = "Fixed."},
    {.name = "first", .flags = OPTIONAL | CREATE_ONLY, .doc = "First."},
    {.name = "rare", .flags = OPTIONAL | UPDATE_WHEN_CHANGED, .doc = "Rare."},
    {.name = "local", .flags = OPTIONAL | LOCAL, .doc = "Local."},
    {.name = "hidden", .flags = OPTIONAL | UNREADABLE, .doc = "Hidden."},
    {.name = "password", .flags = OPTIONAL | WRITE_ONLY, .doc = "Password."},
    {.name = "password_version", .flags = OPTIONAL | LOCAL, .doc = "Version."},
    {.name = "key", .flags = OPTIONAL | WRITE_ONLY, .doc = "Key."},
    {.name = NULL},
};

static void expect_json(const char *row, json_t *found, const char *expected)
{
    STR_AUTO text = STR_INIT;
    json_write(found, true, &text);
    json_decref(found);
    if (strcmp(str_text(&text), expected) != 0)
        fail_msg("%s: %s instead of %s", row, str_text(&text), expected);
}

static void creates_hold_what_is_set(void **state)
{
    (void)state;
    static const struct {
        const char *planned, *body;
    } rows[] = {
        {"{}", "{}"},
        {"{\"id\":\"x\",\"local\":\"x\",\"display_name\":null,\"count\":\"?\"}", "{}"},
        {"{\"display_name\":\"é\\u0000\"}", "{\"displayName\":\"é\\u0000\"}"},
        {"{\"display_name\":\"\",\"zones\":[],\"tags\":{},\"is_ipv6enabled\":false}",
         "{\"displayName\":\"\",\"isIpv6Enabled\":false,\"tags\":{},\"zones\":[]}"},
        {"{\"count\":-3,\"ratio\":2.5}", "{\"count\":-3,\"ratio\":2.5}"},
        {"{\"ratio\":3.0}", "{\"ratio\":3}"},
        {"{\"bytes\":\"9007199254740993\",\"weight\":\"1.5\"}",
         "{\"bytes\":9007199254740993,\"weight\":1.5}"},
        {"{\"bytes\":\"many\"}", "{\"bytes\":\"many\"}"},
        {"{\"policy\":\"{\\\"b\\\": [1], \\\"a\\\": null}\"}",
         "{\"policy\":{\"a\":null,\"b\":[1]}}"},
        {"{\"policy\":\"{no JSON\"}", "{\"policy\":\"{no JSON\"}"},
        {"{\"zones\":[\"a\",\"b\"],\"keys\":[\"k\"],\"depth\":2}",
         "{\"a\":{\"b\":{\"depth\":2,\"keys\":[\"k\"]}},\"zones\":[\"a\",\"b\"]}"},
        {"{\"tags\":{\"a.b\":\"c\"},\"defined_tags\":{\"a.b\":\"1\",\"a.c.d\":\"2\",\"e\":\"3\"}}",
         "{\"definedTags\":{\"a\":{\"b\":\"1\",\"c.d\":\"2\"},\"e\":\"3\"},"
         "\"tags\":{\"a.b\":\"c\"}}"},
        {"{\"options\":[{\"mode\":\"m\",\"max_size\":7,\"state\":\"s\"}]}",
         "{\"options\":{\"limits\":{\"maxSize\":7},\"mode\":\"m\"}}"},
        {"{\"options\":[]}", "{}"},
        {"{\"rules\":[{\"mode\":\"m\"},{\"mode\":\"n\",\"max_size\":\"?\"}]}",
         "{\"rules\":[{\"mode\":\"m\"},{\"mode\":\"n\"}]}"},
        {"{\"rules\":[]}", "{\"rules\":[]}"},
        {"{\"fixed\":\"f\",\"first\":\"f\",\"rare\":\"r\",\"hidden\":\"h\"}",
         "{\"first\":\"f\",\"fixed\":\"f\",\"hidden\":\"h\",\"rare\":\"r\"}"},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        ARENA_AUTO arena = arena_new();
        const struct value *planned = value_of(arena, rows[i].planned);
        expect_json(rows[i].planned,
                    json_body_from_value(arena, attributes, BODY_CREATE, NULL, planned, planned),
                    rows[i].body);
    }
}

static void updates_hold_what_can_change(void **state)
{
    (void)state;
    static const struct {
        const char *prior, *planned, *body;
    } rows[] = {
        {"{\"fixed\":\"f\",\"first\":\"f\",\"rare\":\"r\",\"hidden\":\"h\"}",
         "{\"fixed\":\"g\",\"first\":\"g\",\"rare\":\"r\",\"hidden\":\"h\"}", "{\"hidden\":\"h\"}"},
        {"{\"rare\":\"r\"}", "{\"rare\":\"s\"}", "{\"rare\":\"s\"}"},
        /* what was set and is no more */
        {"{\"display_name\":\"a\",\"is_ipv6enabled\":true,\"count\":3,\"bytes\":\"5\",\"zones\":"
         "[\"z\"],\"tags\":{\"a\":\"b\"},\"options\":[{\"mode\":\"m\"}],\"rules\":[{\"mode\":"
         "\"m\"}]}",
         "{}",
         "{\"bytes\":null,\"count\":null,\"displayName\":\"\",\"isIpv6Enabled\":false,"
         "\"options\":null,\"rules\":[],\"tags\":{},\"zones\":[]}"},
        {"{\"display_name\":\"\",\"is_ipv6enabled\":false,\"zones\":[]}", "{}", "{}"},
        {"{\"display_name\":\"a\"}", "{\"display_name\":\"?\"}", "{}"},
        /* elements are whole; single objects lack what cannot change */
        {"{\"rules\":[{\"mode\":\"m\"}]}", "{\"rules\":[{\"mode\":\"m\",\"max_size\":1}]}",
         "{\"rules\":[{\"limits\":{\"maxSize\":1},\"mode\":\"m\"}]}"},
        {"{\"options\":[{\"mode\":\"m\",\"max_size\":2}]}",
         "{\"options\":[{\"mode\":\"m\",\"max_size\":1}]}",
         "{\"options\":{\"limits\":{\"maxSize\":1}}}"},
        {"{\"options\":[{\"mode\":\"m\",\"max_size\":2}]}", "{\"options\":[{\"mode\":\"m\"}]}",
         "{\"options\":{\"limits\":{\"maxSize\":null}}}"},
        {"{}", "{\"options\":[{\"mode\":\"m\"}]}", "{\"options\":{\"mode\":\"m\"}}"},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        ARENA_AUTO arena = arena_new();
        const struct value *planned = value_of(arena, rows[i].planned);
        expect_json(rows[i].planned,
                    json_body_from_value(arena, attributes, BODY_UPDATE,
                                         value_of(arena, rows[i].prior), planned, planned),
                    rows[i].body);
    }
}

static void write_only_values_come_from_the_configuration(void **state)
{
    (void)state;
    ARENA_AUTO arena = arena_new();
    const struct value *config =
        value_of(arena, "{\"password\":\"p\",\"key\":\"k\",\"password_version\":\"2\"}");
    const struct value *planned = value_of(arena, "{\"password_version\":\"2\"}");
    const struct value *older = value_of(arena, "{\"password_version\":\"1\"}");
    expect_json("create",
                json_body_from_value(arena, attributes, BODY_CREATE, NULL, planned, config),
                "{\"key\":\"k\",\"password\":\"p\"}");
    expect_json("another version",
                json_body_from_value(arena, attributes, BODY_UPDATE, older, planned, config),
                "{\"key\":\"k\",\"password\":\"p\"}");
    expect_json("the same version",
                json_body_from_value(arena, attributes, BODY_UPDATE, planned, planned, config),
                "{\"key\":\"k\"}");
}

static void one_attribute_is_added_like_in_a_create(void **state)
{
    (void)state;
    ARENA_AUTO arena = arena_new();
    json_t *body = json_pack("{s{s{si}}}", "a", "b", "depth", 1);
    json_body_add(arena, body, attribute_find(attributes, "keys"), value_of(arena, "[\"k\"]"));
    json_body_add(arena, body, attribute_find(attributes, "id"), value_of(arena, "\"x\""));
    json_body_add(arena, body, attribute_find(attributes, "count"), &value_null);
    json_body_add(arena, body, attribute_find(attributes, "ratio"), &value_unknown);
    json_body_add(arena, body, attribute_find(attributes, "options"), &value_empty_list);
    expect_json("add", body, "{\"a\":{\"b\":{\"depth\":1,\"keys\":[\"k\"]}},\"id\":\"x\"}");
}

static void answers_become_values(void **state)
{
    (void)state;
    static const struct {
        const char *answer, *expected;
    } rows[] = {
        {"{}", "{}"},
        {"{\"id\":null,\"unknownToUs\":{\"a\":[1]},\"local\":\"x\",\"hidden\":\"x\","
         "\"password\":\"x\"}",
         "{}"},
        {"{\"displayName\":\"a\",\"isIpv6Enabled\":true,\"count\":3,\"ratio\":0.1}",
         "{\"display_name\":\"a\",\"is_ipv6enabled\":true,\"count\":3,\"ratio\":0.1}"},
        {"{\"policy\":{\"b\":[1],\"a\":\"x\"}}",
         "{\"policy\":\"{\\\"a\\\":\\\"x\\\",\\\"b\\\":[1]}\"}"},
        {"{\"policy\":\"x\"}", "{\"policy\":\"\\\"x\\\"\"}"},
        /* APIs are not always true to their types */
        {"{\"displayName\":7,\"isIpv6Enabled\":\"True\",\"count\":\"12\",\"zones\":[1,null,\"b\"]}",
         "{\"display_name\":\"7\",\"is_ipv6enabled\":true,\"count\":12,\"zones\":[\"1\",\"b\"]}"},
        {"{\"displayName\":{\"a\":[1]},\"isIpv6Enabled\":\"maybe\",\"count\":\"x\",\"zones\":\"b\","
         "\"tags\":[],\"rules\":{\"mode\":\"m\"},\"options\":7}",
         "{\"display_name\":\"{\\\"a\\\":[1]}\"}"},
        {"{\"bytes\":9007199254740993,\"weight\":1.5}",
         "{\"bytes\":\"9007199254740993\",\"weight\":\"1.5\"}"},
        {"{\"a\":{\"b\":{\"keys\":[\"k\"],\"depth\":0}}}", "{\"keys\":[\"k\"],\"depth\":0}"},
        {"{\"a\":{\"b\":null}}", "{}"},
        {"{\"a\":7}", "{}"},
        {"{\"tags\":{\"a\":\"b\",\"c\":null,\"d\":1}}", "{\"tags\":{\"a\":\"b\",\"d\":\"1\"}}"},
        {"{\"definedTags\":{\"a\":{\"b\":\"1\",\"c.d\":true},\"e\":\"3\",\"f\":null,\"g\":{}}}",
         "{\"defined_tags\":{\"a.b\":\"1\",\"a.c.d\":\"true\",\"e\":\"3\"}}"},
        {"{\"options\":{\"limits\":{\"maxSize\":7},\"mode\":\"m\",\"state\":\"s\"}}",
         "{\"options\":[{\"mode\":\"m\",\"max_size\":7,\"state\":\"s\"}]}"},
        {"{\"options\":{},\"rules\":[{\"mode\":\"m\"},null,7]}",
         "{\"options\":[{}],\"rules\":[{\"mode\":\"m\"}]}"},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        ARENA_AUTO arena = arena_new();
        ERROR_AUTO(err);
        JSON_AUTO answer = json_parse(rows[i].answer, strlen(rows[i].answer), &err);
        const struct value *found = json_body_to_value(arena, attributes, answer);
        if (!value_equal(attributes_type(attributes), value_of(arena, rows[i].expected), found))
            fail_msg("%s: %s", rows[i].answer, printed(arena, found));
    }
}

static void no_object_is_an_empty_one(void **state)
{
    (void)state;
    ARENA_AUTO arena = arena_new();
    const struct value *nothing = json_body_to_value(arena, attributes, NULL);
    assert_true(value_equal(attributes_type(attributes), &value_empty_map, nothing));
}

/* A manifest goes and comes as it is, whatever its types. */
static void dynamic_values_go_and_come(void **state)
{
    (void)state;
    static const char text[] = "{\"manifest\":{\"a\":[1,\"x\",null,{\"b\":true}],\"c\":{},"
                               "\"d\":1.25,\"e\":[]}}";
    ARENA_AUTO arena = arena_new();
    ERROR_AUTO(err);
    JSON_AUTO json = json_parse(text, strlen(text), &err);
    const struct value *value = json_body_to_value(arena, attributes, json);
    const struct value *manifest = value_get(value, "manifest");
    assert_int_equal(manifest->kind, VALUE_DYNAMIC);
    assert_int_equal(manifest->dynamic.type->kind, TYPE_OBJECT);
    expect_json("manifest",
                json_body_from_value(arena, attributes, BODY_CREATE, NULL, value, value), text);
    JSON_AUTO scalar = json_pack("{ss}", "manifest", "only text");
    value = json_body_to_value(arena, attributes, scalar);
    assert_int_equal(value_get(value, "manifest")->dynamic.type->kind, TYPE_STRING);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(creates_hold_what_is_set),
        cmocka_unit_test(updates_hold_what_can_change),
        cmocka_unit_test(write_only_values_come_from_the_configuration),
        cmocka_unit_test(one_attribute_is_added_like_in_a_create),
        cmocka_unit_test(answers_become_values),
        cmocka_unit_test(no_object_is_an_empty_one),
        cmocka_unit_test(dynamic_values_go_and_come),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
