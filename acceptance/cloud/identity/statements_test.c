/* The policy language: what is accepted, and what is said about the rest. */
#include "lib/base/test.h"

#include "acceptance/cloud/identity/internal.h"
#include "acceptance/cloud/test_cloud.h"

static struct test_cloud *cloud;
static struct call *call;

static int set_up(void **state)
{
    (void)state;
    cloud = test_cloud_new(TEST_NO_WAITS);
    call = cloud_begin(cloud->cloud);
    static const struct {
        const struct kind *kind;
        const char *id, *name, *parent;
    } made[] = {{&kind_compartment, "c1", "TodoApp", NULL},
                {&kind_compartment, "c2", "network", "c1"},
                {&kind_group, "g1", "app admins", NULL},
                {&kind_dynamic_group, "d1", "nodes", NULL}};
    for (size_t i = 0; i < ARRAY_LENGTH(made); i++) {
        struct object *object = change_add(call->change, made[i].kind, made[i].id);
        json_set_text(object->body, "name", made[i].name);
        json_set_text(object->body, "lifecycleState", "ACTIVE");
        json_set_text(object->body, "compartmentId",
                      made[i].parent ? made[i].parent : cloud->cloud->settings.tenancy);
    }
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    cloud_end(call, false, &err);
    test_cloud_free(cloud);
    return 0;
}

static const struct {
    const char *text;
    const char *says; /* NULL: good */
} statements[] = {
    {"Allow group Administrators to manage all-resources in tenancy", NULL},
    {"allow GROUP 'Default'/'Administrators' TO read vcns IN TENANCY", NULL},
    {"Allow group 'app admins', Administrators to use subnets in compartment TodoApp", NULL},
    {"Allow group id g1 to inspect vcns in compartment id c1", NULL},
    {"Allow dynamic-group nodes to {CLUSTER_JOIN} in compartment TodoApp:network", NULL},
    {"Allow any-user to use keys in tenancy where ALL {request.principal.type='workload', "
     "target.key.id = 'x', any {a.b != 'c', d = /e*/}}",
     NULL},
    {"Allow service blockstorage, objectstorage-eu-frankfurt-1 to use keys in tenancy", NULL},
    {"Allow any-user to read repos in tenancy where request.region in ('fra', 'phx')", NULL},
    {"Define tenancy other as ocid1.tenancy.oc1..x", NULL},
    {"Endorse group Administrators to read buckets in any-tenancy", NULL},
    {"Allow group\n  Administrators\n  to manage repos\n  in tenancy", NULL},
    {"", "Allow is missing near 'the end'"},
    {"Let group Administrators manage everything", "Allow is missing near 'Let'"},
    {"Allow Administrators to manage vcns in tenancy", "group, dynamic-group, service"},
    {"Allow group nobody to manage vcns in tenancy", "No group is called 'nobody'"},
    {"Allow dynamic-group x to manage vcns in tenancy", "No dynamic group is called 'x'"},
    {"Allow group id g9 to manage vcns in tenancy", "No group is called 'g9'"},
    {"Allow group Administrators manage vcns in tenancy", "to is missing near 'manage'"},
    {"Allow group Administrators to fly vcns in tenancy", "inspect, read, use or manage"},
    {"Allow group Administrators to manage in tenancy", "a resource type is missing"},
    {"Allow group Administrators to manage vcns tenancy", "in is missing near 'tenancy'"},
    {"Allow group Administrators to manage vcns in planet", "tenancy or compartment is missing"},
    {"Allow group Administrators to manage vcns in compartment nowhere",
     "No compartment is called"},
    {"Allow group Administrators to manage vcns in compartment network",
     "No compartment is called"},
    {"Allow group Administrators to manage vcns in compartment", "a compartment is missing"},
    {"Allow group Administrators to manage vcns in tenancy where", "a variable is missing"},
    {"Allow group Administrators to manage vcns in tenancy where a", "an operator is missing"},
    {"Allow group Administrators to manage vcns in tenancy where a =", "a value is missing"},
    {"Allow group Administrators to manage vcns in tenancy where all {a = 'b'", "'}' is missing"},
    {"Allow group Administrators to manage vcns in tenancy where all a = 'b'", "'{' is missing"},
    {"Allow group Administrators to manage vcns in tenancy whatever", "there is more"},
};

static const char *said(void)
{
    const char *message = json_get_text(call->reply.json, "message");
    return message ? message : "";
}

static void test_statements(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(statements); i++) {
        const char *says = statements[i].says;
        bool good = statement_check(call, cloud->cloud->settings.tenancy, statements[i].text);
        if (good != !says || (says && !strstr(said(), says)))
            fail_msg("%s: %s", statements[i].text, good ? "accepted" : said());
    }
    /* From a compartment: its own name, and what is below it. */
    assert_true(statement_check(call, "c1", "Allow any-user to read vcns in compartment TodoApp"));
    assert_true(statement_check(call, "c1", "Allow any-user to read vcns in compartment network"));
}

static void test_matching_rules(void **state)
{
    (void)state;
    static const char *const good[] = {
        "ALL {instance.compartment.id = 'ocid1.compartment.oc1..x'}",
        "Any {instance.id = 'x', tag.a.b.value='c', All {resource.type = \"cluster\", a.b != 'c'}}",
        "instance.id = 'x'"};
    static const char *const bad[] = {
        "",
        "ALL {",
        "ALL {instance",
        "ALL {instance.id = 'x'",
        "ALL {instance.id = 'x'} more",
        "ALL {}",
        "instance.id",
        "ALL {instance.id = 'x',}",
        "any {any {any {any {any {any {any {any {any {any {a='b'}}}}}}}}}}"};
    for (size_t i = 0; i < ARRAY_LENGTH(good); i++)
        if (!matching_rule_check(call, good[i]))
            fail_msg("%s: %s", good[i], said());
    for (size_t i = 0; i < ARRAY_LENGTH(bad); i++)
        if (matching_rule_check(call, bad[i]))
            fail_msg("accepted: %s", bad[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_statements),
                                       cmocka_unit_test(test_matching_rules)};
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
