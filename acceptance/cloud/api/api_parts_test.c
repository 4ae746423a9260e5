/* The small parts that service handlers are made of: durations, defaults, pending updates. */
#include "acceptance/cloud/api/defaults.h"
#include "acceptance/cloud/api/duration.h"
#include "acceptance/cloud/api/pending.h"
#include "lib/base/compiler.h"
#include "lib/base/json.h"
#include "lib/base/test.h"

static void durations_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t seconds; /* -1: refused */
    } cases[] = {
        {"PT60M", 3600}, {"PT0M", 0},   {"P5D", 5 * 86400}, {"P1DT2H3M4S", 93784},
        {"PT90S", 90},   {"", -1},      {"P", -1},          {"PT", -1},
        {"P1DT", -1},    {"60M", -1},   {"PT60", -1},       {"PT1M1H", -1},
        {"P1M", -1},     {"PT-5M", -1}, {"PT1.5H", -1},     {"PT99999999M", -1},
        {NULL, -1},      {"PT5M ", -1},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        int64_t seconds = -1;
        assert_int_equal(duration_parse(cases[i].text, &seconds), cases[i].seconds >= 0);
        if (cases[i].seconds >= 0)
            assert_int_equal(seconds, cases[i].seconds);
    }
}

static void defaults_go_where_nothing_is(void **state)
{
    (void)state;
    JSON_AUTO body = json_pack("{s:s, s:{s:b}, s:n}", "a", "mine", "o", "x", 1, "n");
    defaults_fill(body, json_pack("{s:s, s:s, s:{s:b, s:i}, s:s}", "a", "theirs", "b", "new", "o",
                                  "x", 0, "y", 2, "n", "filled"));
    assert_string_equal(json_get_text(body, "a"), "mine");
    assert_string_equal(json_get_text(body, "b"), "new");
    assert_string_equal(json_get_text(body, "n"), "filled");
    assert_true(json_is_true(json_at_path(body, "o.x")));
    assert_int_equal(json_integer_value(json_at_path(body, "o.y")), 2);
}

static void a_pending_update_shows_when_it_ends(void **state)
{
    (void)state;
    struct object object = {.body = json_pack("{s:s}", "v", "new"), .hidden = json_object()};
    JSON_AUTO before = json_pack("{s:s}", "v", "old");
    pending_hold(&object, before);
    assert_string_equal(json_get_text(object.body, "v"), "old");
    pending_end(&object, false);
    assert_string_equal(json_get_text(object.body, "v"), "new");
    pending_hold(&object, before);
    pending_end(&object, true);
    assert_string_equal(json_get_text(object.body, "v"), "old");
    assert_int_equal(json_object_size(object.hidden), 0);
    json_decref(object.body);
    json_decref(object.hidden);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(durations_are_read),
        cmocka_unit_test(defaults_go_where_nothing_is),
        cmocka_unit_test(a_pending_update_shows_when_it_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
