#include "provider/oci/kubernetes.h"

#include "lib/base/json.h"
#include "lib/base/test.h"

static void versions_are_read(void **state)
{
    (void)state;
    struct kubernetes_version version;
    assert_true(kubernetes_version_parse("v1.34.2", &version));
    assert_int_equal(version.minor, 34);
    assert_true(kubernetes_version_parse("1.34.2", &version));
    static const char *const bad[] = {"",        "v",       "1.34",    "v1.34.",  "v1.34.2-rc1",
                                      "vv1.3.4", "1.34.2 ", " 1.34.2", "v1.-4.2", "v1.34.2.1",
                                      "latest",  "V1.34.2"};
    for (size_t i = 0; i < ARRAY_LENGTH(bad); i++)
        if (kubernetes_version_parse(bad[i], &version))
            fail_msg("accepted: %s", bad[i]);
    assert_false(kubernetes_version_parse(NULL, &version));
}

static void v_does_not_matter(void **state)
{
    (void)state;
    ARENA_AUTO arena = arena_new();
    assert_true(
        equal_kubernetes_version(value_string(arena, "v1.31.1"), value_string(arena, "1.31.1")));
    assert_false(
        equal_kubernetes_version(value_string(arena, "v1.31.1"), value_string(arena, "v1.31.10")));
    JSON_AUTO body = json_pack("{ss}", "kubernetesVersion", "1.31.1");
    kubernetes_version_canonical(body);
    assert_string_equal(json_string_value(json_object_get(body, "kubernetesVersion")), "v1.31.1");
    kubernetes_version_canonical(body);
    assert_string_equal(json_string_value(json_object_get(body, "kubernetesVersion")), "v1.31.1");
}

static void upgrades_go_step_by_step(void **state)
{
    (void)state;
    assert_null(kubernetes_upgrade_problem("v1.31.1", "v1.31.4"));
    assert_null(kubernetes_upgrade_problem("v1.31.10", "1.32.1"));
    assert_non_null(kubernetes_upgrade_problem("v1.31.1", "v1.33.0"));
    assert_non_null(kubernetes_upgrade_problem("v1.31.10", "v1.31.9"));
    assert_null(kubernetes_upgrade_problem(NULL, "v1.31.9"));
}

static void nodes_follow_the_control_plane(void **state)
{
    (void)state;
    assert_null(kubernetes_skew_problem("v1.34.2", "v1.34.2", false));
    assert_null(kubernetes_skew_problem("v1.34.2", "v1.31.9", false));
    assert_non_null(kubernetes_skew_problem("v1.34.2", "v1.30.9", false));
    assert_non_null(kubernetes_skew_problem("v1.27.2", "v1.24.1", false));
    assert_non_null(kubernetes_skew_problem("v1.34.2", "v1.34.3", false));
    assert_null(kubernetes_skew_problem("v1.34.2", "v1.35.0", true));
    assert_non_null(kubernetes_skew_problem("v1.34.2", "v1.36.0", true));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(versions_are_read),
        cmocka_unit_test(v_does_not_matter),
        cmocka_unit_test(upgrades_go_step_by_step),
        cmocka_unit_test(nodes_follow_the_control_plane),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
