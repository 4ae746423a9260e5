#include "provider/oci/node_pool_placement.h"

#include "lib/base/json.h"
#include "lib/base/test.h"

static void each_place_comes_once(void **state)
{
    (void)state;
    static const struct {
        const char *configs;
        const char *names[5], *narrowed[5];
    } cases[] = {
        {"[]", {NULL}, {NULL}},
        {"[{\"availabilityDomain\":\"A\"}]", {NULL}, {NULL}},
        {"[{\"availabilityDomain\":\"A\",\"faultDomains\":[\"F1\"]}]", {NULL}, {NULL}},
        {"[{\"availabilityDomain\":\"A\",\"faultDomains\":[\"F1\",\"F2\"]}]",
         {"A, F1", "A, F2"},
         {"[{\"availabilityDomain\":\"A\",\"faultDomains\":[\"F1\"]}]",
          "[{\"availabilityDomain\":\"A\",\"faultDomains\":[\"F2\"]}]"}},
        {"[{\"availabilityDomain\":\"A\",\"subnetId\":\"s\"},"
         "{\"availabilityDomain\":\"B\",\"faultDomains\":[\"F1\",\"F2\"]},"
         "{\"availabilityDomain\":\"C\"}]",
         {"A", "B, F1", "B, F2", "C"},
         {"[{\"availabilityDomain\":\"A\",\"subnetId\":\"s\"}]",
          "[{\"availabilityDomain\":\"B\",\"faultDomains\":[\"F1\"]}]",
          "[{\"availabilityDomain\":\"B\",\"faultDomains\":[\"F2\"]}]",
          "[{\"availabilityDomain\":\"C\"}]"}},
    };
    for (size_t c = 0; c < ARRAY_LENGTH(cases); c++) {
        JSON_AUTO configs = json_loads(cases[c].configs, 0, NULL);
        JSON_AUTO before = json_deep_copy(configs);
        for (size_t i = 0;; i++) {
            STR_AUTO name = STR_INIT;
            JSON_AUTO narrowed = placement_narrowed(configs, i, &name);
            if (!cases[c].names[i]) {
                assert_null(narrowed);
                break;
            }
            JSON_AUTO expected = json_loads(cases[c].narrowed[i], 0, NULL);
            assert_true(json_equal(narrowed, expected));
            assert_string_equal(str_text(&name), cases[c].names[i]);
        }
        assert_true(json_equal(configs, before));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_place_comes_once)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
