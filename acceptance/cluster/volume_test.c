#include "acceptance/cluster/volume.h"

#include "lib/base/test.h"

static void test_sizes(void **state)
{
    (void)state;
    static const struct {
        const char *request;
        long gib;
    } rows[] = {
        {"1Gi", 50},       {"50Gi", 50}, {"50.5Gi", 51}, {"51Gi", 51},    {"100G", 94},
        {"1Ti", 1024},     {"2T", 1863}, {"1024Mi", 50}, {"32Ti", 32768}, {"33Ti", 0},
        {"1", 50},         {"0", 0},     {"-1Gi", 0},    {"Gi", 0},       {"10 Gi", 0},
        {"10gigabyte", 0}, {NULL, 0},    {"", 0},        {"nan", 0},      {"infGi", 0},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
        assert_int_equal(volume_size_gib(rows[i].request), rows[i].gib);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_sizes)};
    return cmocka_run_group_tests_name("volume", tests, NULL, NULL);
}
