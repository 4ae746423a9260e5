#include "acceptance/cluster/options.h"

#include <string.h>
#include <unistd.h>

#include "lib/base/json.h"
#include "lib/base/test.h"

static bool parse(json_t *options, struct error *err, const char *first, const char *second)
{
    char *arguments[] = {(char *)(uintptr_t)first, (char *)(uintptr_t)second};
    return options_parse(options, second ? 2 : 1, arguments, err);
}

static void test_values(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    JSON_AUTO options = json_object();
    assert_true(parse(options, &err, "--port=7000", NULL));
    assert_true(parse(options, &err, "--level", "control-plane"));
    options_complete(options);
    assert_int_equal(options_number(options, "port"), 7000);
    assert_string_equal(options_text(options, "level"), "control-plane");
    assert_string_equal(options_text(options, "service-cidr"), "10.96.0.0/16");
    assert_string_equal(options_text(options, "token-webhook"), "");
    assert_null(options_list(options, "reach"));
}

static void test_lists(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    JSON_AUTO options = json_object();
    char *arguments[] = {"--node-label", "a=b", "--node-label=c=d", "--with", "kwok,registry"};
    assert_true(options_parse(options, 5, arguments, &err));
    assert_int_equal(json_array_size(options_list(options, "node-label")), 2);
    assert_true(options_list_has(options, "node-label", "c=d"));
    assert_true(options_list_has(options, "with", "registry"));
    assert_false(options_list_has(options, "with", "ingress"));
    /* A later command line replaces a list, and leaves those alone that it does not name. */
    assert_true(parse(options, &err, "--with", "kwok"));
    assert_int_equal(json_array_size(options_list(options, "with")), 1);
    assert_int_equal(json_array_size(options_list(options, "node-label")), 2);
}

static void test_mistakes(void **state)
{
    (void)state;
    static const struct {
        const char *argument, *part;
    } rows[] = {
        {"--colour=red", "unknown option"},
        {"colour", "unknown option"},
        {"--port", "needs a value"},
        {"--port=80", "1024"},
        {"--port=65535", "1024"},
        {"--port=6443x", "1024"},
        {"--level=half", "control-plane full"},
        {"--with=kwok,tea", "should be one of: kwok"},
        {"--node-ip=10.0.0", "IPv4 address"},
        {"--node-ip=10.0.0.256", "IPv4 address"},
        {"--pod-cidr=10.244.0.0", "IPv4 network"},
        {"--pod-cidr=10.244.0.0/25", "IPv4 network"},
        {"--pod-cidr=10.244.1.0/16", "IPv4 network"},
        {"--token-webhook=127.0.0.1:80", "URL"},
        {"--token-webhook-ca=/no/such/file", "exists"},
        {"--token-webhook-ca=relative", "absolute"},
        {"--node-label=plain", "NAME=VALUE"},
        {"--registry-host==x", "NAME=VALUE"},
        {"--name=", "not empty"},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        ERROR_AUTO(err);
        JSON_AUTO options = json_object();
        assert_false(parse(options, &err, rows[i].argument, NULL));
        assert_int_equal(err.code, ERROR_INVALID);
        assert_non_null(strstr(error_message(&err), rows[i].part));
    }
}

static void test_what_cannot_change(void **state)
{
    (void)state;
    static const struct {
        const char *argument, *level;
        bool good;
    } rows[] = {
        {"--token-cache=5", "full", true},
        {"--service-cidr=10.97.0.0/16", "full", false},
        {"--service-cidr=10.97.0.0/16", "control-plane", false},
        {"--node-name=other", "full", false},
        {"--node-name=other", "control-plane", true},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        ERROR_AUTO(err);
        JSON_AUTO before = json_object();
        json_set_text(before, "level", rows[i].level);
        options_complete(before);
        JSON_AUTO after = json_deep_copy(before);
        assert_true(parse(after, &err, rows[i].argument, "--level=full"));
        assert_int_equal(options_may_follow(after, before, &err), rows[i].good);
    }
    /* A folder that has none yet takes anything. */
    ERROR_AUTO(err);
    JSON_AUTO none = json_object();
    JSON_AUTO first = json_object();
    assert_true(parse(first, &err, "--service-cidr=10.97.0.0/16", NULL));
    assert_true(options_may_follow(first, none, &err));
}

static void test_kept(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    char folder[] = "/tmp/okestra-options-XXXXXX";
    assert_non_null(mkdtemp(folder));
    json_t *options = NULL;
    assert_true(options_load(&options, folder, &err));
    assert_int_equal(json_object_size(options), 0);
    assert_true(parse(options, &err, "--name=first", NULL));
    assert_true(options_save(options, folder, &err));
    JSON_AUTO again = NULL;
    assert_true(options_load(&again, folder, &err));
    assert_true(json_equal(options, again));
    json_decref(options);
    STR_AUTO path = STR_INIT;
    str_printf(&path, "%s/cluster.json", folder);
    unlink(str_text(&path));
    rmdir(folder);
}

static void test_help_names_all(void **state)
{
    (void)state;
    STR_AUTO help = STR_INIT;
    options_describe(&help);
    assert_non_null(strstr(str_text(&help), "--token-webhook-ca"));
    assert_non_null(strstr(str_text(&help), "[6443]"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),   cmocka_unit_test(test_lists),
        cmocka_unit_test(test_mistakes), cmocka_unit_test(test_what_cannot_change),
        cmocka_unit_test(test_kept),     cmocka_unit_test(test_help_names_all),
    };
    return cmocka_run_group_tests_name("options", tests, NULL, NULL);
}
