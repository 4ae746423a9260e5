#include "acceptance/cloud/containerengine/version.h"

#include "lib/base/compiler.h"
#include "lib/base/json.h"
#include "lib/base/test.h"

static void only_full_versions_are_valid(void **state)
{
    (void)state;
    static const char *const wrong[] = {"",          "v",     "1.34.2",  "v1.34",       "v1.34.2 ",
                                        "v1.34.2.1", "v1..2", "v1.34.x", "v1.34.12345", "V1.34.2"};
    for (size_t i = 0; i < ARRAY_LENGTH(wrong); i++)
        assert_false(version_valid(wrong[i]));
    assert_false(version_valid(NULL));
    assert_true(version_valid("v1.34.10"));
}

static void numbers_compare_as_numbers(void **state)
{
    (void)state;
    assert_true(version_compare("v1.9.2", "v1.33.10") < 0);
    assert_true(version_compare("v1.33.10", "v1.33.9") > 0);
    assert_int_equal(version_compare("v1.33.10", "v1.33.10"), 0);
}

static void the_control_plane_goes_up_by_one_minor(void **state)
{
    (void)state;
    assert_true(version_upgrade_allowed("v1.34.2", "v1.35.0"));
    assert_true(version_upgrade_allowed("v1.34.1", "v1.34.2"));
    assert_false(version_upgrade_allowed("v1.34.2", "v1.34.2"));
    assert_false(version_upgrade_allowed("v1.34.2", "v1.36.1"));
    assert_false(version_upgrade_allowed("v1.34.2", "v1.34.1"));
    assert_false(version_upgrade_allowed("v1.34.2", "v1.33.9"));
    assert_false(version_upgrade_allowed("v1.34.2", "v2.35.0"));
}

static void nodes_are_up_to_three_minors_older(void **state)
{
    (void)state;
    assert_true(version_node_allowed("v1.36.1", "v1.36.1"));
    assert_true(version_node_allowed("v1.36.1", "v1.33.10"));
    assert_false(version_node_allowed("v1.36.1", "v1.32.0"));
    assert_false(version_node_allowed("v1.35.0", "v1.35.2"));
}

static void the_offer_ascends_and_upgrades_come_from_it(void **state)
{
    (void)state;
    JSON_AUTO all = version_list(true);
    JSON_AUTO newest = version_list(false);
    assert_true(json_array_size(all) > json_array_size(newest));
    for (size_t i = 0; i < json_array_size(all); i++) {
        const char *version = json_string_value(json_array_get(all, i));
        assert_true(version_valid(version) && version_offered(version));
        if (i > 0)
            assert_true(version_compare(json_string_value(json_array_get(all, i - 1)), version) <
                        0);
        JSON_AUTO upgrades = version_upgrades(version);
        for (size_t j = 0; j < json_array_size(upgrades); j++)
            assert_true(
                version_upgrade_allowed(version, json_string_value(json_array_get(upgrades, j))));
    }
    JSON_AUTO last =
        version_upgrades(json_string_value(json_array_get(all, json_array_size(all) - 1)));
    assert_int_equal(json_array_size(last), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_full_versions_are_valid),
        cmocka_unit_test(numbers_compare_as_numbers),
        cmocka_unit_test(the_control_plane_goes_up_by_one_minor),
        cmocka_unit_test(nodes_are_up_to_three_minors_older),
        cmocka_unit_test(the_offer_ascends_and_upgrades_come_from_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
