#include "acceptance/cloud/core/cidr.h"

#include "lib/base/test.h"

static struct cidr parsed(const char *text)
{
    struct cidr cidr;
    assert_true(cidr_parse(text, &cidr));
    return cidr;
}

static void only_blocks_are_parsed(void **state)
{
    (void)state;
    static const char *const wrong[] = {"",
                                        "10.0.0.0",
                                        "10.0.0.0/",
                                        "10.0.0.0/33",
                                        "10.0.0/8",
                                        "010.0.0.0/8",
                                        "10.0.0.0/08",
                                        "10.0.0.0/-1",
                                        "10.0.0.0/8 ",
                                        "256.0.0.0/8",
                                        "::/0",
                                        "/8",
                                        "10.0.0.0/016",
                                        "1000.1000.1000.1000.1000/8"};
    struct cidr cidr;
    for (size_t i = 0; i < ARRAY_LENGTH(wrong); i++)
        assert_false(cidr_parse(wrong[i], &cidr));
    assert_false(cidr_parse(NULL, &cidr));
}

static void blocks_are_written_as_read(void **state)
{
    (void)state;
    ARENA_AUTO arena = arena_new();
    static const char *const texts[] = {"0.0.0.0/0", "10.1.2.3/16", "255.255.255.255/32"};
    for (size_t i = 0; i < ARRAY_LENGTH(texts); i++)
        assert_string_equal(cidr_format(arena, parsed(texts[i])), texts[i]);
}

static void host_bits_and_ends(void **state)
{
    (void)state;
    ARENA_AUTO arena = arena_new();
    assert_false(cidr_has_host_bits(parsed("10.0.0.0/8")));
    assert_true(cidr_has_host_bits(parsed("10.0.0.1/8")));
    assert_true(cidr_has_host_bits(parsed("10.0.0.0/0")));
    assert_string_equal(ipv4_format(arena, cidr_first(parsed("10.0.1.7/23"))), "10.0.0.0");
    assert_string_equal(ipv4_format(arena, cidr_last(parsed("10.0.1.7/23"))), "10.0.1.255");
    assert_string_equal(ipv4_format(arena, cidr_last(parsed("0.0.0.0/0"))), "255.255.255.255");
}

static void blocks_hold_and_touch_one_another(void **state)
{
    (void)state;
    assert_true(cidr_contains(parsed("10.0.0.0/16"), parsed("10.0.255.0/24")));
    assert_true(cidr_contains(parsed("0.0.0.0/0"), parsed("0.0.0.0/0")));
    assert_false(cidr_contains(parsed("10.0.0.0/24"), parsed("10.0.0.0/16")));
    assert_false(cidr_contains(parsed("10.0.0.0/16"), parsed("10.1.0.0/24")));
    assert_true(cidr_overlaps(parsed("10.0.0.0/24"), parsed("10.0.0.0/16")));
    assert_false(cidr_overlaps(parsed("10.0.0.0/24"), parsed("10.0.1.0/24")));
    assert_true(cidr_contains_address(parsed("10.0.0.0/31"), 0x0A000001));
    assert_false(cidr_contains_address(parsed("10.0.0.0/31"), 0x0A000002));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_blocks_are_parsed),
        cmocka_unit_test(blocks_are_written_as_read),
        cmocka_unit_test(host_bits_and_ends),
        cmocka_unit_test(blocks_hold_and_touch_one_another),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
