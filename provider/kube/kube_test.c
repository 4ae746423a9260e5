/* What in-cluster resources check and compare without a cluster. */
#include <string.h>
#include <zlib.h>

#include "lib/base/encoding.h"
#include "lib/base/json.h"
#include "lib/base/test.h"
#include "provider/kube/api.h"
#include "provider/kube/dapr_metadata.h"
#include "provider/kube/helm_record.h"
#include "provider/kube/strimzi.h"
#include "provider/value/test_values.h"

extern const struct resource oke_dapr_component, oke_dapr_resiliency, oke_kafka, oke_manifest;

/* All diagnostics as "E path: detail\n". */
static const char *told(struct arena *arena, const struct diagnostics *diagnostics)
{
    STR_AUTO text = STR_INIT;
    for (size_t i = 0; i < diagnostics->count; i++) {
        const struct diagnostic *one = &diagnostics->items[i];
        str_append(&text, one->severity == SEVERITY_ERROR ? "E " : "W ");
        if (one->path)
            path_print(one->path, &text);
        str_printf(&text, ": %s\n", one->detail);
    }
    return str_copy_to(&text, arena);
}

static const char *checked(struct arena *arena, attribute_validate *validate,
                           enum attribute_kind kind, const char *json)
{
    struct diagnostics diagnostics;
    const struct attribute attribute = {.name = "a", .kind = kind};
    diagnostics_init(&diagnostics, arena);
    validate(&attribute, value_of(arena, json), path_attribute(arena, NULL, "a"), &diagnostics,
             arena);
    return told(arena, &diagnostics);
}

static const char *validated(struct arena *arena, const struct resource *resource, const char *json)
{
    struct diagnostics diagnostics;
    diagnostics_init(&diagnostics, arena);
    resource->validate(value_of(arena, json), &diagnostics, arena);
    return told(arena, &diagnostics);
}

static void expect(const char *text, const char *part)
{
    if (*part ? !strstr(text, part) : *text)
        fail_msg("\"%s\" is not in \"%s\"", part, text);
}

/* --- texts -------------------------------------------------------------------------------------- */

static void test_names(void **state)
{
    (void)state;
    static const struct {
        attribute_validate *validate;
        const char *json, *part;
    } cases[] = {
        {kube_validate_name, "\"a.b-c.1\"", ""},
        {kube_validate_name, "\"A\"", "lower-case"},
        {kube_validate_name, "\"a-\"", "begins and ends"},
        {kube_validate_name, "\"\"", "begins and ends"},
        {kube_validate_label_name, "\"todo-app\"", ""},
        {kube_validate_label_name, "\"todo.app\"", "at most 63"},
        {kube_validate_cluster_id, "\"ocid1.cluster.oc1.phx.a\"", ""},
        {kube_validate_cluster_id, "\"ocid1.vcn.oc1.phx.a\"", "ocid1.cluster."},
        {kube_validate_go_duration, "\"1h30m\"", ""},
        {kube_validate_go_duration, "\"PT1H\"", "durations are written"},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        ARENA_AUTO arena = arena_new();
        expect(checked(arena, cases[i].validate, ATTRIBUTE_STRING, cases[i].json), cases[i].part);
    }
}

static void test_labels(void **state)
{
    (void)state;
    static const struct {
        const char *json, *part;
    } cases[] = {
        {"{\"app\":\"x\",\"app.kubernetes.io/name\":\"\",\"A_b.c-1\":\"V_1.x\"}", ""},
        {"{\"/x\":\"1\"}", "no label key"},
        {"{\"x/\":\"1\"}", "no label key"},
        {"{\"a b\":\"1\"}", "E a[\"a b\"]"},
        {"{\"a\":\"-x\"}", "a label value"},
        {"{\"a\":\"x y\"}", "a label value"},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        ARENA_AUTO arena = arena_new();
        expect(checked(arena, kube_validate_labels, ATTRIBUTE_STRING_MAP, cases[i].json),
               cases[i].part);
    }
}

static void test_quantities(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        bool same;
    } cases[] = {
        {"\"1000m\"", "\"1\"", true},
        {"\"0.5Gi\"", "\"512Mi\"", true},
        {"\"1G\"", "\"1000M\"", true},
        {"\"1e3\"", "\"1k\"", true},
        {"\"1Gi\"", "\"1G\"", false},
        {"\"100m\"", "\"0.2\"", false},
        {"{\"cpu\":\"1000m\",\"memory\":\"1Gi\"}", "{\"cpu\":\"1\",\"memory\":\"1024Mi\"}", true},
        {"{\"cpu\":\"1\"}", "{\"memory\":\"1\"}", false},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        ARENA_AUTO arena = arena_new();
        if (kube_equal_quantity(value_of(arena, cases[i].a), value_of(arena, cases[i].b)) !=
            cases[i].same)
            fail_msg("%s and %s", cases[i].a, cases[i].b);
    }
    static const char *const bad[] = {"\"\"",     "\"x\"",   "\"1 Gi\"",  "\"1gi\"",
                                      "\"0x10\"", "\"nan\"", "\"1.5.2\"", "\"inf\""};
    for (size_t i = 0; i < ARRAY_LENGTH(bad); i++) {
        ARENA_AUTO arena = arena_new();
        expect(checked(arena, kube_validate_quantity, ATTRIBUTE_STRING, bad[i]), "a quantity is");
    }
}

static void test_import_ids(void **state)
{
    (void)state;
    static const struct {
        const char *id;
        size_t parts;
        const char *cluster, *first, *second;
    } cases[] = {
        {"a/b", 2, NULL, "a", "b"},
        {"a", 1, NULL, "a", NULL},
        {"ocid1.cluster.oc1.phx.x/a/b", 2, "ocid1.cluster.oc1.phx.x", "a", "b"},
        {"ocid1.cluster.oc1.phx.x/a", 1, "ocid1.cluster.oc1.phx.x", "a", NULL},
    };
    static const struct {
        const char *id;
        size_t parts;
    } bad[] = {{"a", 2}, {"a/b/c", 2}, {"a//b", 2}, {"", 1}, {"ocid1.cluster.x", 1}, {"a/", 1}};
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        ARENA_AUTO arena = arena_new();
        ERROR_AUTO(err);
        const char *cluster, *parts[2] = {NULL, NULL};
        assert_true(kube_parse_import_id(arena, cases[i].id, "form", &cluster, parts,
                                         cases[i].parts, &err));
        assert_true(text_equal(cluster, cases[i].cluster));
        assert_true(text_equal(parts[0], cases[i].first));
        assert_true(text_equal(parts[1], cases[i].second));
    }
    for (size_t i = 0; i < ARRAY_LENGTH(bad); i++) {
        ARENA_AUTO arena = arena_new();
        ERROR_AUTO(err);
        const char *cluster, *parts[2] = {NULL, NULL};
        if (kube_parse_import_id(arena, bad[i].id, "form", &cluster, parts, bad[i].parts, &err))
            fail_msg("\"%s\" passes", bad[i].id);
    }
}

/* --- Strimzi ------------------------------------------------------------------------------------ */

static void test_topic_config(void **state)
{
    (void)state;
    static const struct {
        const char *json, *part;
    } cases[] = {
        {"{\"retention.ms\":\"604800000\",\"cleanup.policy\":\"compact,delete\"}", ""},
        {"{\"retention.ms\":\"-1\"}", ""},
        {"{\"retention.ms\":\"-2\"}", "at least -1"},
        {"{\"retention.ms\":\"7d\"}", "whole number"},
        {"{\"cleanup.policy\":\"none\"}", "compact|delete"},
        {"{\"preallocate\":\"yes\"}", "true or false"},
        {"{\"min.cleanable.dirty.ratio\":\"2\"}", "from 0 to 1"},
        {"{\"retention.msec\":\"1\"}", "Did you mean \"retention.ms\"?"},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        ARENA_AUTO arena = arena_new();
        expect(checked(arena, strimzi_validate_topic_config, ATTRIBUTE_STRING_MAP, cases[i].json),
               cases[i].part);
    }
}

static void test_broker_config(void **state)
{
    (void)state;
    ARENA_AUTO arena = arena_new();
    expect(checked(arena, strimzi_validate_broker_config, ATTRIBUTE_STRING_MAP,
                   "{\"ssl.protocol\":\"TLSv1.3\",\"min.insync.replicas\":\"2\"}"),
           "");
    expect(
        checked(arena, strimzi_validate_broker_config, ATTRIBUTE_STRING_MAP, "{\"node.id\":\"1\"}"),
        "W a[\"node.id\"]");
}

static void test_listeners(void **state)
{
    (void)state;
    ARENA_AUTO arena = arena_new();
    expect(validated(
               arena, &oke_kafka,
               "{\"listeners\":[{\"name\":\"a\",\"port\":9092,\"type\":\"internal\",\"tls\":false},"
               "{\"name\":\"a\",\"port\":9093,\"type\":\"internal\",\"tls\":true}]}"),
           "E listeners[1].name");
    expect(validated(
               arena, &oke_kafka,
               "{\"listeners\":[{\"name\":\"a\",\"port\":9092,\"type\":\"internal\",\"tls\":false,"
               "\"authentication\":[{\"type\":\"tls\"}]}]}"),
           "E listeners[0].tls");
}

/* --- Dapr --------------------------------------------------------------------------------------- */

#define KAFKA(metadata) "{\"type\":\"pubsub.kafka\",\"metadata\":[" metadata "]}"
#define GOOD_KAFKA                                                                                 \
    "{\"name\":\"brokers\",\"value\":\"b:9092\"},{\"name\":\"authType\",\"value\":\"none\"},"      \
    "{\"name\":\"initialOffset\",\"value\":\"oldest\"}"

static void test_components(void **state)
{
    (void)state;
    static const struct {
        const char *json, *part;
    } cases[] = {
        {KAFKA(GOOD_KAFKA), ""},
        {KAFKA(GOOD_KAFKA ",{\"name\":\"brokres\",\"value\":\"x\"}"),
         "W metadata[3].name: pubsub.kafka v1 has no setting \"brokres\", which it would ignore. "
         "Did you "
         "mean \"brokers\"?"},
        {KAFKA("{\"name\":\"authType\",\"value\":\"none\"}"), "needs the setting \"brokers\""},
        {KAFKA("{\"name\":\"brokers\",\"value\":\"b\"}"), "needs the setting \"authType\""},
        {KAFKA(GOOD_KAFKA ",{\"name\":\"saslMechanism\",\"value\":\"SHA512\"}"),
         "E metadata[3].value"},
        {KAFKA(GOOD_KAFKA ",{\"name\":\"consumerGroup\",\"value\":\"todo\"}"),
         "One consumer group"},
        {"{\"type\":\"state.postgresql\",\"version\":\"v2\",\"metadata\":[]}",
         "\"connectionString\" or \"host\""},
        {"{\"type\":\"state.postgresql\",\"version\":\"v2\",\"metadata\":[{\"name\":"
         "\"connectionString\","
         "\"secret_key_ref\":[{\"name\":\"db\"}]},{\"name\":\"tableName\",\"value\":\"t\"}]}",
         "has no setting \"tableName\""},
        {"{\"type\":\"somebody.elses\",\"metadata\":[{\"name\":\"anything\",\"value\":\"x\"}]}",
         ""},
        {"{\"type\":\"x\",\"metadata\":[{\"name\":\"a\",\"value\":\"x\",\"env_ref\":\"Y\"}]}",
         "one of value, secret_key_ref and env_ref"},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        ARENA_AUTO arena = arena_new();
        const char *text = validated(arena, &oke_dapr_component, cases[i].json);
        if (strstr(cases[i].part, "One consumer group"))
            expect(text, "all apps that use this component are one group");
        else
            expect(text, cases[i].part);
    }
}

static void test_resiliency(void **state)
{
    (void)state;
    ARENA_AUTO arena = arena_new();
    expect(
        validated(arena, &oke_dapr_resiliency,
                  "{\"retry\":[{\"name\":\"r\",\"max_retries\":3}],\"app_target\":[{\"name\":\"a\","
                  "\"retry\":\"r\",\"timeout\":\"DefaultTimeoutPolicy\"}]}"),
        "");
    expect(
        validated(arena, &oke_dapr_resiliency,
                  "{\"component_target\":[{\"name\":\"c\",\"inbound\":[{\"retry\":\"gone\"}]}]}"),
        "E component_target[0].inbound.retry: There is no retry \"gone\"");
    expect(validated(arena, &oke_dapr_resiliency, "{\"retry\":[{\"name\":\"r\"}]}"),
           "blocks its partition");
    expect(
        validated(arena, &oke_dapr_resiliency, "{\"timeout\":[{\"name\":\"t\"},{\"name\":\"t\"}]}"),
        "E timeout[1]: \"t\" is defined twice");
}

/* --- manifests ---------------------------------------------------------------------------------- */

static void test_manifests(void **state)
{
    (void)state;
    static const struct {
        const char *json, *part;
    } cases[] = {
        {"{\"yaml_body\":\"apiVersion: v1\\nkind: ConfigMap\\nmetadata: {name: a}\\n\"}", ""},
        {"{\"yaml_body\":\"a: [\"}", "E yaml_body: YAML line"},
        {"{\"yaml_body\":\"a: 1\\n---\\nb: 2\\n\"}", "more than one document"},
        {"{\"yaml_body\":\"\"}", "it is no object"},
        {"{\"yaml_body\":\"kind: X\"}", "apiVersion and kind"},
        {"{\"yaml_body\":\"{apiVersion: v1, kind: List, items: []}\"}", "it is a list"},
        {"{\"yaml_body\":\"{apiVersion: v1, kind: Pod, metadata: {generateName: a-}}\"}",
         "names that the server makes up"},
        {"{\"yaml_body\":\"{apiVersion: v1, kind: Pod, metadata: {name: a}, status: {}}\"}",
         "status is the cluster's"},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        ARENA_AUTO arena = arena_new();
        expect(validated(arena, &oke_manifest, cases[i].json), cases[i].part);
    }
}

static void test_nulls_and_secrets(void **state)
{
    (void)state;
    JSON_AUTO object = json_pack("{s:s, s:n, s:{s:n, s:[{s:n, s:i}]}}", "kind", "X", "gone", "a",
                                 "b", "c", "d", "e", 1);
    kube_strip_nulls(object);
    STR_AUTO text = STR_INIT;
    json_write(object, true, &text);
    assert_string_equal(str_text(&text), "{\"a\":{\"c\":[{\"e\":1}]},\"kind\":\"X\"}");
    JSON_AUTO secret =
        json_pack("{s:s, s:{s:s}}", "kind", "Secret", "data", "password", "aHVudGVyMg==");
    kube_hide_secret(secret);
    str_clear(&text);
    json_write(secret, true, &text);
    assert_null(strstr(str_text(&text), "aHVudGVyMg"));
    assert_non_null(strstr(str_text(&text), "sha256:"));
}

/* --- Helm --------------------------------------------------------------------------------------- */

static void pack(const char *json, struct str *out)
{
    STR_AUTO packed = STR_INIT;
    STR_AUTO inner = STR_INIT;
    z_stream stream = {.next_in = (unsigned char *)(uintptr_t)json, .avail_in = (uInt)strlen(json)};
    assert_int_equal(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    str_reserve(&packed, deflateBound(&stream, strlen(json)) + 1);
    stream.next_out = (unsigned char *)packed.ptr;
    stream.avail_out = (uInt)packed.capacity;
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    base64_encode(BASE64_STANDARD, packed.ptr, stream.total_out, &inner);
    deflateEnd(&stream);
    base64_encode(BASE64_STANDARD, str_text(&inner), inner.length, out);
}

static void test_helm_records(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    STR_AUTO text = STR_INIT;
    pack("{\"version\":3}", &text);
    JSON_AUTO record = helm_record_decode(str_text(&text), &err);
    assert_int_equal(json_get_integer(record, "version", 0), 3);
    assert_null(helm_record_decode("%%%", &err));
    error_reset(&err);
    assert_null(helm_record_decode("YWJj", &err)); /* base64 of what is none */
    error_reset(&err);
    str_truncate(&text, text.length / 2 / 4 * 4);
    assert_null(helm_record_decode(str_text(&text), &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_labels),
        cmocka_unit_test(test_quantities),
        cmocka_unit_test(test_import_ids),
        cmocka_unit_test(test_topic_config),
        cmocka_unit_test(test_broker_config),
        cmocka_unit_test(test_listeners),
        cmocka_unit_test(test_components),
        cmocka_unit_test(test_resiliency),
        cmocka_unit_test(test_manifests),
        cmocka_unit_test(test_nulls_and_secrets),
        cmocka_unit_test(test_helm_records),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
