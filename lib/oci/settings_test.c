#include "lib/oci/settings.h"

#include "lib/base/test.h"
#include "lib/oci/config.h"
#include "lib/oci/test_keys.h"

#define TENANCY     "ocid1.tenancy.oc1..aaaatenancy"
#define USER        "ocid1.user.oc1..aaaauser"
#define FINGERPRINT "20:3b:97:13:55:1c:5b:0d:d3:37:d8:50:4e:c5:3a:34"

static const char config_text[] = "\xef\xbb\xbf# a comment\r\n"
                                  "stray = line\n"
                                  "[DEFAULT]\n"
                                  "user=" USER "\r\n"
                                  "Tenancy : " TENANCY "\n"
                                  "fingerprint=" FINGERPRINT "\n"
                                  "key_file=~/.oci/key.pem\n"
                                  "region = us-phoenix-1\n"
                                  "pass_phrase=a=b:c # not a comment\n"
                                  "; another comment\n"
                                  "no delimiter here\n"
                                  "\n"
                                  "[ FRANKFURT ]\n"
                                  "region=fra\n"
                                  "region=eu-frankfurt-1\n"
                                  "tenancy=\n"
                                  "[session]\n"
                                  "security_token_file=~/token";

static void test_config_file(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    struct oci_config *config =
        oci_config_parse("config", config_text, sizeof(config_text) - 1, &err);
    assert_non_null(config);
    assert_true(oci_config_has_profile(config, "FRANKFURT"));
    assert_false(oci_config_has_profile(config, "frankfurt"));
    assert_string_equal(oci_config_get(config, "FRANKFURT", "region"), "eu-frankfurt-1");
    assert_string_equal(oci_config_get(config, "FRANKFURT", "TENANCY"), TENANCY);
    assert_string_equal(oci_config_get(config, "FRANKFURT", "fingerprint"), FINGERPRINT);
    assert_string_equal(oci_config_get(config, "DEFAULT", "pass_phrase"), "a=b:c # not a comment");
    assert_null(oci_config_get(config, "DEFAULT", "stray"));
    assert_null(oci_config_get(config, "DEFAULT", "no delimiter here"));
    assert_string_equal(oci_config_get(config, "session", "security_token_file"), "~/token");
    assert_string_equal(oci_config_profile_at(config, 2), "session");
    assert_null(oci_config_profile_at(config, 3));
    oci_config_free(config);
}

static void test_config_limits(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    STR_AUTO text = STR_INIT;
    str_append(&text, "[a]\nkey=");
    for (int i = 0; i <= OCI_CONFIG_LINE_LIMIT; i++)
        str_append_char(&text, 'S');
    assert_null(oci_config_parse("config", str_text(&text), text.length, &err));
    assert_non_null(strstr(error_message(&err), "config, line 2"));
    assert_null(strstr(error_message(&err), "SSS"));
    str_clear(&text);
    error_reset(&err);
    for (int i = 0; i <= OCI_CONFIG_PROFILE_LIMIT; i++)
        str_printf(&text, "[p%d]\n", i);
    assert_null(oci_config_parse("config", str_text(&text), text.length, &err));
    error_reset(&err);
    str_clear(&text);
    str_append(&text, "[p]\n");
    for (int i = 0; i <= OCI_CONFIG_KEY_LIMIT; i++)
        str_printf(&text, "k%d=v\n", i);
    assert_null(oci_config_parse("config", str_text(&text), text.length, &err));
    error_reset(&err);
    assert_null(oci_config_parse("config", "[a]\0b", 5, &err));
    error_reset(&err);
    struct oci_config *empty = oci_config_parse("config", "", 0, &err);
    assert_non_null(empty);
    oci_config_free(empty);
}

static void test_precedence(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    struct oci_settings_input input = {.config_file_profile = "FRANKFURT"};
    struct oci_settings *settings = oci_settings_resolve(&input, &err);
    assert_non_null(settings);
    assert_int_equal(settings->auth, OCI_AUTH_API_KEY);
    assert_string_equal(settings->region, "eu-frankfurt-1");
    assert_string_equal(settings->tenancy_ocid, TENANCY);
    assert_string_equal(settings->private_key_password, "a=b:c # not a comment");
    CLEANUP(free_pointer) char *key = test_path(".oci/key.pem");
    assert_string_equal(settings->private_key_path, key);
    oci_settings_free(settings);

    setenv("OCI_REGION", "us-ashburn-1", 1);
    setenv("OCI_PRIVATE_KEY", "environment key", 1);
    settings = oci_settings_resolve(&input, &err);
    assert_string_equal(settings->region, "us-ashburn-1");
    assert_string_equal(settings->private_key, "environment key");
    assert_null(settings->private_key_path);
    oci_settings_free(settings);

    setenv("TF_VAR_region", "uk-london-1", 1);
    settings = oci_settings_resolve(&input, &err);
    assert_string_equal(settings->region, "uk-london-1");
    oci_settings_free(settings);

    input.region = "ap-tokyo-1";
    input.private_key_path = "~/other.pem";
    settings = oci_settings_resolve(&input, &err);
    assert_string_equal(settings->region, "ap-tokyo-1");
    assert_null(settings->private_key);
    CLEANUP(free_pointer) char *other = test_path("other.pem");
    assert_string_equal(settings->private_key_path, other);
    oci_settings_free(settings);
    unsetenv("OCI_REGION");
    unsetenv("OCI_PRIVATE_KEY");
    unsetenv("TF_VAR_region");
}

static void test_auth(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum oci_auth auth;
    } rows[] = {
        {"apikey", OCI_AUTH_API_KEY},
        {"SECURITYTOKEN", OCI_AUTH_SECURITY_TOKEN},
        {"InstancePrincipal", OCI_AUTH_INSTANCE_PRINCIPAL},
        {"instance_principal", OCI_AUTH_INSTANCE_PRINCIPAL},
        {"InstancePrincipalWithCerts", OCI_AUTH_INSTANCE_PRINCIPAL},
        {"ResourcePrincipal", OCI_AUTH_RESOURCE_PRINCIPAL},
        {"okeworkloadidentity", OCI_AUTH_OKE_WORKLOAD_IDENTITY},
    };
    ERROR_AUTO(err);
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        struct oci_settings_input input = {.auth = rows[i].text};
        struct oci_settings *settings = oci_settings_resolve(&input, &err);
        assert_non_null(settings);
        assert_int_equal(settings->auth, rows[i].auth);
        oci_settings_free(settings);
    }
    enum oci_auth auth;
    assert_false(oci_auth_parse("Kerberos", &auth, &err));
    assert_non_null(strstr(error_message(&err), "Kerberos"));
}

static void test_refusals(void **state)
{
    (void)state;
    static const struct {
        struct oci_settings_input input;
        const char *text;
    } rows[] = {
        {{.config_file_profile = "NOWHERE"}, "no profile [NOWHERE]; it has: DEFAULT, FRANKFURT"},
        {{.config_file = "~/missing"}, "missing does not exist"},
        {{.tenancy_ocid = "tenancy"}, "tenancy_ocid"},
        {{.tenancy_ocid = USER}, "is the OCID of a user, not of a tenancy"},
        {{.user_ocid = TENANCY}, "user_ocid"},
        {{.fingerprint = "12:34"}, "fingerprint"},
        {{.auth = "password"}, "auth \"password\""},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        ERROR_AUTO(err);
        assert_null(oci_settings_resolve(&rows[i].input, &err));
        if (!strstr(error_message(&err), rows[i].text))
            fail_msg("\"%s\" lacks \"%s\"", error_message(&err), rows[i].text);
    }
}

static void test_no_file_at_all(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    CLEANUP(free_pointer) char *home = test_path("empty");
    CLEANUP(free_pointer) char *old = mem_strdup(getenv("HOME"));
    setenv("HOME", home, 1);
    struct oci_settings *settings = oci_settings_resolve(&(struct oci_settings_input){0}, &err);
    assert_non_null(settings);
    assert_null(settings->config_file);
    assert_null(settings->region);
    oci_settings_free(settings);
    struct oci_settings_input named = {.config_file_profile = "X"};
    assert_null(oci_settings_resolve(&named, &err));
    setenv("HOME", old, 1);
}

static int set_up(void **state)
{
    (void)state;
    static const char *const clear[] = {"OCI_CONFIG_FILE", "OCI_REGION", "OCI_PRIVATE_KEY_PATH",
                                        "OCI_CONFIG_FILE_PROFILE", "OCI_AUTH"};
    for (size_t i = 0; i < ARRAY_LENGTH(clear); i++)
        unsetenv(clear[i]);
    test_directory_make();
    test_run("mkdir .oci");
    test_file_write(".oci/config", config_text);
    setenv("HOME", test_directory, 1);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    test_directory_remove();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_config_file), cmocka_unit_test(test_config_limits),
        cmocka_unit_test(test_precedence),  cmocka_unit_test(test_auth),
        cmocka_unit_test(test_refusals),    cmocka_unit_test(test_no_file_at_all),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
