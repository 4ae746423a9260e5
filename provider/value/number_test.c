#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "provider/value/test_random.h"

static void notations_become_canonical(void **state)
{
    (void)state;
    static const struct {
        const char *text, *canonical; /* NULL: no number */
    } rows[] = {
        {"0", "0"},
        {"-0", "0"},
        {"+0.000", "0"},
        {"0e99999999999999999999", "0"},
        {"000", "0"},
        {"7", "7"},
        {"+7", "7"},
        {"-7", "-7"},
        {"007", "7"},
        {"7.", "7"},
        {".5", "0.5"},
        {"-.50", "-0.5"},
        {"100", "100"},
        {"100.00", "100"},
        {"1.0", "1"},
        {"0.1", "0.1"},
        {"3.14", "3.14"},
        {"00.00140", "0.0014"},
        {"1e0", "1"},
        {"1e3", "1000"},
        {"1E+3", "1000"},
        {"1.5e1", "15"},
        {"1.25e1", "12.5"},
        {"125e-2", "1.25"},
        {"125e-3", "0.125"},
        {"125e-5", "0.00125"},
        {"-125e-5", "-0.00125"},
        {"1200e-2", "12"},
        {"0.0012e4", "12"},
        {"0.0012e3", "1.2"},
        {"5e-1", "0.5"},
        {"9223372036854775807", "9223372036854775807"},
        {"-9223372036854775808", "-9223372036854775808"},
        {"9223372036854775808", "9223372036854775808"},
        {"12345678901234567890123", "12345678901234567890123"},
        {"1e40", "10000000000000000000000000000000000000000"},
        {"", NULL},
        {"+", NULL},
        {"-", NULL},
        {".", NULL},
        {"e5", NULL},
        {"1e", NULL},
        {"1e+", NULL},
        {"1e5x", NULL},
        {"1e1.5", NULL},
        {"1.2.3", NULL},
        {"1,5", NULL},
        {"0x10", NULL},
        {" 1", NULL},
        {"1 ", NULL},
        {"--1", NULL},
        {"NaN", NULL},
        {"Inf", NULL},
        {"1_000", NULL},
        {"1e4096", NULL},
        {"1e99999999999999999999", NULL},
        {"1e-4095", NULL},
        {"1e-99999999999999999999", NULL},
    };
    ARENA_AUTO arena = arena_new();
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        const struct value *value = value_number(arena, rows[i].text, strlen(rows[i].text));
        if (!rows[i].canonical) {
            if (value)
                fail_msg("\"%s\" was taken for %s", rows[i].text, value->text.ptr);
            continue;
        }
        if (!value)
            fail_msg("\"%s\" was refused", rows[i].text);
        assert_int_equal(value->kind, VALUE_NUMBER);
        assert_string_equal(value->text.ptr, rows[i].canonical);
        assert_int_equal(value->text.length, strlen(rows[i].canonical));
    }
}

static void what_is_written_can_be_read(void **state)
{
    (void)state;
    static const struct {
        const char *mantissa;
        int exponent;
        bool fits;
    } rows[] = {{"1e", 4095, true},    {"1e", 4096, false},   {"-1e", 4094, true},
                {"-1e", 4095, false},  {"1e", -4094, true},   {"1e", -4095, false},
                {"-1e", -4093, true},  {"-1e", -4094, false}, {"12.5e", 4094, true},
                {"125e", -4094, true}, {"125e", -4095, false}};
    ARENA_AUTO arena = arena_new();
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        char text[32];
        snprintf(text, sizeof(text), "%s%d", rows[i].mantissa, rows[i].exponent);
        const struct value *value = value_number(arena, text, strlen(text));
        if (!value != !rows[i].fits)
            fail_msg("%s was %s", text, value ? "taken" : "refused");
        if (!value)
            continue;
        const struct value *again = value_number(arena, value->text.ptr, value->text.length);
        assert_true(value_equal(NULL, value, again));
    }
    char digits[VALUE_MAX_NUMBER + 1];
    memset(digits, '9', sizeof(digits));
    assert_non_null(value_number(arena, digits, VALUE_MAX_NUMBER));
    assert_null(value_number(arena, digits, VALUE_MAX_NUMBER + 1));
}

static void text_needs_no_terminator(void **state)
{
    (void)state;
    ARENA_AUTO arena = arena_new();
    assert_string_equal(value_number(arena, "12345", 3)->text.ptr, "123");
    assert_null(value_number(arena, "1\0", 2));
}

static void integers(void **state)
{
    (void)state;
    static const struct {
        int64_t number;
        const char *text;
    } rows[] = {{0, "0"},
                {1, "1"},
                {-1, "-1"},
                {10, "10"},
                {1000000, "1000000"},
                {INT64_MAX, "9223372036854775807"},
                {INT64_MIN, "-9223372036854775808"}};
    ARENA_AUTO arena = arena_new();
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        const struct value *value = value_integer(arena, rows[i].number);
        int64_t back;
        assert_string_equal(value->text.ptr, rows[i].text);
        assert_true(value_as_integer(value, &back));
        assert_int_equal(back, rows[i].number);
        assert_true(
            value_equal(NULL, value, value_number(arena, rows[i].text, strlen(rows[i].text))));
    }
    static const char *const others[] = {"0.5", "9223372036854775808", "-9223372036854775809",
                                         "1e40"};
    for (size_t i = 0; i < ARRAY_LENGTH(others); i++) {
        int64_t untouched = 42;
        assert_false(
            value_as_integer(value_number(arena, others[i], strlen(others[i])), &untouched));
        assert_int_equal(untouched, 42);
    }
    int64_t number;
    assert_false(value_as_integer(NULL, &number));
    assert_false(value_as_integer(&value_null, &number));
    assert_false(value_as_integer(value_string(arena, "1"), &number));
}

static void doubles_have_their_shortest_text(void **state)
{
    (void)state;
    static const struct {
        double number;
        const char *text;
    } rows[] = {{0.0, "0"},
                {-0.0, "0"},
                {1.0, "1"},
                {0.1, "0.1"},
                {3.14, "3.14"},
                {2.5, "2.5"},
                {-2.5, "-2.5"},
                {0.1 + 0.2, "0.30000000000000004"},
                {1e21, "1000000000000000000000"},
                {1e23, "100000000000000000000000"},
                {1.0 / 3.0, "0.3333333333333333"},
                {5e-5, "0.00005"},
                {9007199254740993.0, "9007199254740992"}};
    ARENA_AUTO arena = arena_new();
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
        assert_string_equal(value_double(arena, rows[i].number)->text.ptr, rows[i].text);
    /* The smallest number is 4.94e-324, but one digit tells it from its neighbours. */
    const struct value *smallest = value_double(arena, DBL_TRUE_MIN);
    assert_int_equal(smallest->text.length, 2 + 324);
    assert_string_equal(smallest->text.ptr + 2 + 323, "5");
    assert_non_null(value_double(arena, DBL_MAX));
    assert_null(value_double(arena, (double)INFINITY));
    assert_null(value_double(arena, (double)NAN));
}

static void doubles_read_back(void **state)
{
    (void)state;
    struct test_random random = random_start(false);
    ARENA_AUTO arena = arena_new();
    for (int i = 0; i < 20000; i++) {
        uint64_t bits = random_bits(&random);
        double number, back;
        memcpy(&number, &bits, sizeof(number));
        const struct value *value = value_double(arena, number);
        if (!value) {
            assert_true(isnan(number) || isinf(number));
            continue;
        }
        assert_true(value_as_double(value, &back));
        assert_memory_equal(&back, &number, sizeof(back));
        arena_reset(arena);
    }
    double number;
    assert_false(value_as_double(value_number(arena, "1e400", 5), &number));
    assert_false(value_as_double(&value_true, &number));
    assert_false(value_as_double(NULL, &number));
}

/* The same number, however it is written, has the same text; a neighbour has another. */
static void equal_numbers_have_equal_text(void **state)
{
    (void)state;
    struct test_random random = random_start(false);
    ARENA_AUTO arena = arena_new();
    for (int i = 0; i < 20000; i++) {
        int shift = (int)random_below(&random, 60) - 30;
        int64_t digits = (int64_t)(random_bits(&random) >> random_below(&random, 64) >> 1);
        const char *sign = random_below(&random, 2) ? "-" : "";
        const char *plain = arena_printf(arena, "%s%llde%d", sign, (long long)digits, shift);
        const char *moved =
            arena_printf(arena, "%s00%lld000e%d", sign, (long long)digits, shift - 3);
        const char *next = arena_printf(arena, "%s%lld1e%d", sign, (long long)digits, shift - 1);
        const struct value *a = value_number(arena, plain, strlen(plain));
        const struct value *b = value_number(arena, moved, strlen(moved));
        const struct value *c = value_number(arena, next, strlen(next));
        assert_true(value_equal(NULL, a, b));
        assert_false(value_equal(NULL, a, c));
        arena_reset(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(notations_become_canonical),
        cmocka_unit_test(what_is_written_can_be_read),
        cmocka_unit_test(text_needs_no_terminator),
        cmocka_unit_test(integers),
        cmocka_unit_test(doubles_have_their_shortest_text),
        cmocka_unit_test(doubles_read_back),
        cmocka_unit_test(equal_numbers_have_equal_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
