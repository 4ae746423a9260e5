#include "provider/engine/timeouts.h"

#include "lib/base/clock.h"
#include "provider/value/test_values.h"

static const struct attribute attributes[] = {
    {.name = "id", .flags = COMPUTED, .doc = "Id."},
    {.name = NULL},
};
static const struct resource thing = {
    .name = "thing", .attributes = attributes, .timeouts = {.create = 90, .read = 7}};

static void durations_are_those_of_go(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t ms; /* -1: no duration */
    } rows[] = {{"30m", 1800000},
                {"1h30m", 5400000},
                {"1.5h", 5400000},
                {"90s", 90000},
                {"1m0.5s", 60500},
                {".5s", 500},
                {"5.s", 5000},
                {"250ms", 250},
                {"1h1m1s1ms", 3661001},
                {"1500us", 1},
                {"2000\xc2\xb5s", 2},
                {"2000\xce\xbcs", 2},
                {"3000000ns", 3},
                {"0", 0},
                {"0s", 0},
                {"1ms1ms", 2},
                {"262800h", 946080000000},
                {"262801h", -1},
                {"99999999999999999999h", -1},
                {"", -1},
                {"30", -1},
                {"m", -1},
                {"-5m", -1},
                {"+5m", -1},
                {"5 m", -1},
                {" 5m", -1},
                {"5m ", -1},
                {"5M", -1},
                {"5d", -1},
                {"1.2.3s", -1},
                {".s", -1},
                {"1e3s", -1},
                {"0x10s", -1},
                {"infs", -1},
                {"nans", -1},
                {"1m-5s", -1}};
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        int64_t ms = -1;
        bool good = timeouts_parse(rows[i].text, &ms);
        if (good != (rows[i].ms >= 0) || ms != rows[i].ms)
            fail_msg("\"%s\" is %s of %lld ms", rows[i].text, good ? "a duration" : "none",
                     (long long)ms);
    }
}

static void expect_deadline(const char *object, enum timeouts_phase phase, int64_t seconds)
{
    ARENA_AUTO arena = arena_new();
    int64_t before = clock_monotonic_ms();
    int64_t deadline = timeouts_deadline(&thing, object ? value_of(arena, object) : NULL, phase);
    int64_t after = clock_monotonic_ms();
    assert_true(deadline >= before + seconds * 1000 && deadline <= after + seconds * 1000);
}

static void the_configured_one_comes_before_the_resource_s(void **state)
{
    (void)state;
    expect_deadline("{\"timeouts\":{\"create\":\"5s\"}}", PHASE_CREATE, 5);
    expect_deadline("{\"timeouts\":{\"create\":\"5s\"}}", PHASE_READ, 7);
    expect_deadline("{\"timeouts\":{\"delete\":\"1h\"}}", PHASE_DELETE, 3600);
    expect_deadline("{\"timeouts\":{\"update\":null}}", PHASE_UPDATE, TIMEOUTS_DEFAULT_SECONDS);
    expect_deadline("{\"timeouts\":null}", PHASE_CREATE, 90);
    expect_deadline("{\"timeouts\":{\"create\":\"nonsense\"}}", PHASE_CREATE, 90);
    expect_deadline(NULL, PHASE_CREATE, 90);
    expect_deadline(NULL, PHASE_DELETE, TIMEOUTS_DEFAULT_SECONDS);
}

static void wrong_ones_are_shown_at_their_place(void **state)
{
    (void)state;
    ARENA_AUTO arena = arena_new();
    struct diagnostics diagnostics;
    STR_AUTO place = STR_INIT;
    diagnostics_init(&diagnostics, arena);
    timeouts_validate(value_of(arena, "{\"timeouts\":{\"create\":\"30m\",\"read\":\"0s\","
                                      "\"update\":\"?\",\"delete\":null}}"),
                      &diagnostics, arena);
    assert_int_equal(diagnostics.errors, 1);
    path_print(diagnostics.items[0].path, &place);
    assert_string_equal(str_text(&place), "timeouts.read");
    assert_non_null(strstr(diagnostics.items[0].detail, "\"0s\""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(durations_are_those_of_go),
        cmocka_unit_test(the_configured_one_comes_before_the_resource_s),
        cmocka_unit_test(wrong_ones_are_shown_at_their_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
