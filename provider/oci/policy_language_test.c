#include "provider/oci/policy_language.h"

#include "lib/base/test.h"
#include "provider/engine/diagnostics.h"

static size_t errors_of(attribute_validate *validate, const char *text, bool list)
{
    ARENA_AUTO arena = arena_new();
    struct diagnostics diagnostics;
    diagnostics_init(&diagnostics, arena);
    const struct value *item = value_string(arena, text);
    validate(&(const struct attribute){.name = "statements"},
             list ? value_list(arena, &item, 1) : item, NULL, &diagnostics, arena);
    return diagnostics.errors;
}

static void statements_have_a_form(void **state)
{
    (void)state;
    static const char *const good[] = {
        "Allow group Admins to manage repos in compartment Todo",
        ("allow dynamic-group 'Default'/'nodes' to use keys in compartment id "
         "ocid1.compartment.oc1..a where target.key.id = 'x'"),
        "Allow any-user to {CLUSTER_JOIN} in tenancy where request.principal.type='workload'",
        "Allow service blockstorage, objectstorage-eu-frankfurt-1 to use keys in tenancy",
        "Define tenancy other as ocid1.tenancy.oc1..a",
        "Endorse group Admins to manage object-family in any-tenancy",
        "Admit group Admins of tenancy other to manage buckets in tenancy",
    };
    static const char *const bad[] = {
        "",
        "Permit group A to manage repos in tenancy",
        "Allow Admins to manage repos in tenancy",
        "Allow group Admins manage repos in tenancy",
        "Allow group Admins to",
        "Allow group Admins to own repos in tenancy",
        "Allow group Admins to manage repos",
        "Allow group Admins to manage repos in Todo",
        "Allow group Admins to manage repos in compartment",
        "Allow group Admins to manage repos in compartment where a = 'b'",
    };
    for (size_t i = 0; i < ARRAY_LENGTH(good); i++)
        if (errors_of(validate_policy_statement, good[i], true))
            fail_msg("refused: %s", good[i]);
    for (size_t i = 0; i < ARRAY_LENGTH(bad); i++)
        if (errors_of(validate_policy_statement, bad[i], true) != 1)
            fail_msg("accepted: %s", bad[i]);
}

static void rules_have_a_form(void **state)
{
    (void)state;
    static const char *const good[] = {"ALL {instance.compartment.id = 'x'}",
                                       "Any {resource.type='cluster', tag.a.b.value}",
                                       "instance.id = 'x'"};
    static const char *const bad[] = {"", "ALL {instance.id = 'x'", "instance.id = 'x'}",
                                      "instance.id = 'x", "ALL {}"};
    for (size_t i = 0; i < ARRAY_LENGTH(good); i++)
        if (errors_of(validate_matching_rule, good[i], false))
            fail_msg("refused: %s", good[i]);
    for (size_t i = 0; i < ARRAY_LENGTH(bad); i++)
        if (errors_of(validate_matching_rule, bad[i], false) != 1)
            fail_msg("accepted: %s", bad[i]);
}

static void spelling_does_not_matter(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        bool same;
    } cases[] = {
        {"Allow group A to manage repos in tenancy", "ALLOW  GROUP A to manage repos in tenancy ",
         true},
        {"x where a = 'b'", "x where a='b'", true},
        {"ALL {a = 'b', c = 'd'}", "all {a='b',c='d'}", true},
        {"x where a = 'b'", "x where a = 'B'", false},
        {"x where a = 'b'", "x where a = b", false},
        {"x y", "xy", false},
        {"x", "x y", false},
        {"x '", "x '", false}, /* not closed: who knows */
    };
    ARENA_AUTO arena = arena_new();
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++)
        assert_int_equal(
            equal_policy_text(value_string(arena, cases[i].a), value_string(arena, cases[i].b)),
            cases[i].same);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(statements_have_a_form),
        cmocka_unit_test(rules_have_a_form),
        cmocka_unit_test(spelling_does_not_matter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
