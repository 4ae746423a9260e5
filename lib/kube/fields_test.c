#include "lib/kube/fields.h"

#include <string.h>

#include "lib/base/error.h"
#include "lib/base/json.h"
#include "lib/base/test.h"

static json_t *parse(const char *text)
{
    ERROR_AUTO(err);
    json_t *json = json_parse(text, strlen(text), &err);
    if (!json)
        fail_msg("%s: %s", text, error_message(&err));
    return json;
}

static void assert_json(const json_t *json, const char *expected)
{
    STR_AUTO text = STR_INIT;
    json_write(json, true, &text);
    JSON_AUTO other = parse(expected);
    STR_AUTO wanted = STR_INIT;
    json_write(other, true, &wanted);
    assert_string_equal(str_text(&text), str_text(&wanted));
}

static const char deployment[] =
    "{\"apiVersion\":\"apps/"
    "v1\",\"kind\":\"Deployment\",\"metadata\":{\"name\":\"a\",\"namespace\":\"n\","
    "\"uid\":\"1\",\"labels\":{\"x\":\"1\",\"y\":\"2\"},\"managedFields\":["
    "{\"manager\":\"hpa\",\"operation\":\"Update\",\"subresource\":\"scale\",\"fieldsV1\":{\"f:"
    "spec\":"
    "{\"f:replicas\":{}}}},"
    "{\"manager\":\"us\",\"operation\":\"Update\",\"fieldsV1\":{\"f:status\":{}}},"
    "{\"manager\":\"us\",\"operation\":\"Apply\",\"fieldsV1\":{\"f:metadata\":{\"f:labels\":{\"f:"
    "x\":{}}},"
    "\"f:spec\":{\"f:containers\":{\"k:{\\\"name\\\":\\\"c\\\"}\":{\".\":{},\"f:image\":{},\"f:"
    "name\":{}}},"
    "\"f:finalizers\":{\"v:\\\"keep\\\"\":{}},\"f:atomic\":{}}}}]},"
    "\"spec\":{\"replicas\":3,\"containers\":[{\"name\":\"side\",\"image\":\"s\"},"
    "{\"name\":\"c\",\"image\":\"i\",\"terminationMessagePath\":\"/dev\"}],"
    "\"finalizers\":[\"other\",\"keep\"],\"atomic\":[{\"a\":1},{\"b\":2}]}}";

static void test_select_what_is_owned(void **state)
{
    (void)state;
    JSON_AUTO object = parse(deployment);
    const json_t *fields = kube_fields_of(object, "us", NULL);
    JSON_AUTO owned = kube_fields_select(object, fields);
    assert_json(
        owned,
        "{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"metadata\":{\"name\":\"a\","
        "\"namespace\":\"n\",\"labels\":{\"x\":\"1\"}},\"spec\":{\"containers\":[{\"name\":"
        "\"c\",\"image\":\"i\"}],\"finalizers\":[\"keep\"],\"atomic\":[{\"a\":1},{\"b\":2}]}}");
    assert_null(kube_fields_of(object, "nobody", NULL));
    assert_null(kube_fields_of(object, "hpa", "scale")); /* owns by update */
    JSON_AUTO nothing = kube_fields_select(object, NULL);
    assert_json(nothing,
                "{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"metadata\":{\"name\":\"a\","
                "\"namespace\":\"n\"}}");
}

/* Another manager's items and members do not show, whatever their order. */
static void test_overlap(void **state)
{
    (void)state;
    JSON_AUTO object = parse(deployment);
    JSON_AUTO desired =
        parse("{\"spec\":{\"replicas\":1,\"containers\":[{\"name\":\"c\",\"image\":\"new\"}],"
              "\"atomic\":[{\"a\":1}],\"absent\":true}}");
    JSON_AUTO found = kube_fields_overlap(object, desired, kube_fields_of(object, "us", NULL));
    assert_json(found,
                "{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"metadata\":{\"name\":\"a\","
                "\"namespace\":\"n\"},\"spec\":{\"replicas\":3,\"containers\":[{\"name\":\"c\","
                "\"image\":\"i\"}],\"atomic\":[{\"a\":1},{\"b\":2}]}}");
}

/* An object that only has what the server added, and so no managers. */
static void test_overlap_without_managers(void **state)
{
    (void)state;
    JSON_AUTO object = parse("{\"metadata\":{\"name\":\"a\",\"labels\":{\"x\":\"1\"}}}");
    JSON_AUTO desired = parse("{\"metadata\":{\"name\":\"a\"}}");
    JSON_AUTO fields = kube_fields_of_all(object);
    JSON_AUTO found = kube_fields_overlap(object, desired, fields);
    assert_json(found, "{\"metadata\":{\"name\":\"a\"}}");
}

static void test_other_managers(void **state)
{
    (void)state;
    JSON_AUTO object = parse(deployment);
    STR_AUTO text = STR_INIT;
    kube_fields_other_managers(object, "us", &text);
    assert_string_equal(str_text(&text), "hpa (by scale)");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_select_what_is_owned),
        cmocka_unit_test(test_overlap),
        cmocka_unit_test(test_overlap_without_managers),
        cmocka_unit_test(test_other_managers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
