#include "provider/oci/database.h"

#include <string.h>

#include "lib/base/test.h"
#include "provider/engine/diagnostics.h"

static void states_are_running_or_stopped(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        bool same;
    } cases[] = {
        {"AVAILABLE", "AVAILABLE_NEEDS_ATTENTION", true},
        {"AVAILABLE", "UPDATING", true},
        {"STOPPED", "STOPPING", true},
        {"AVAILABLE", "STOPPED", false},
        {"ACTIVE", "INACTIVE", false},
        {"ACTIVE", "NEEDS_ATTENTION", true},
    };
    ARENA_AUTO arena = arena_new();
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++)
        assert_int_equal(
            equal_power_state(value_string(arena, cases[i].a), value_string(arena, cases[i].b)),
            cases[i].same);
}

static void passwords_follow_the_rules(void **state)
{
    (void)state;
    static const struct {
        const char *password;
        bool good, special_needed;
    } cases[] = {
        {"Welcome12345", true},
        {"Welcome12345", false, true},
        {"Welcome#12345", true, true},
        {"Welcome1234", false},                     /* short */
        {"Welcome1234567890123456789012", true},    /* 29 */
        {"Welcome12345678901234567890123x", false}, /* 31 */
        {"welcome12345", false},
        {"WELCOME12345", false},
        {"WelcomeWelcome", false},
        {"Welcome\"12345", false},
        {"myAdMin123456", false},
        {"", false},
    };
    ARENA_AUTO arena = arena_new();
    const struct attribute attribute = {.name = "admin_password"};
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        struct diagnostics diagnostics;
        diagnostics_init(&diagnostics, arena);
        const struct password_rule rule = {.shortest = 12,
                                           .longest = 30,
                                           .special = cases[i].special_needed,
                                           .forbidden = "\"",
                                           .name = "admin"};
        database_check_password(&attribute, value_string(arena, cases[i].password), NULL,
                                &diagnostics, &rule);
        if ((diagnostics.errors == 0) != cases[i].good)
            fail_msg("%s", cases[i].password);
        if (diagnostics.errors && *cases[i].password)
            assert_null(strstr(diagnostics.items[0].detail, cases[i].password));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(states_are_running_or_stopped),
        cmocka_unit_test(passwords_follow_the_rules),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
