#include "lib/kube/config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/file.h"
#include "lib/base/json.h"
#include "lib/base/str.h"
#include "lib/base/test.h"

static char folder[] = "/tmp/okestra-kubeconfig-XXXXXX";

static char *put(const char *name, const char *text)
{
    ERROR_AUTO(err);
    STR_AUTO path = STR_INIT;
    str_printf(&path, "%s/%s", folder, name);
    if (!file_write_atomic(str_text(&path), text, strlen(text), 0600, &err))
        fail_msg("%s", error_message(&err));
    return str_steal(&path);
}

static const char two_contexts[] =
    "apiVersion: v1\n"
    "kind: Config\n"
    "current-context: here\n"
    "clusters:\n"
    "- name: a\n"
    "  cluster:\n"
    "    server: https://127.0.0.1:6443/\n"
    "    certificate-authority: ca.pem\n"
    "    tls-server-name: kubernetes\n"
    "- name: b\n"
    "  cluster: {server: 'https://b.example', proxy-url: 'http://p:1',\n"
    "            insecure-skip-tls-verify: yes}\n"
    "users:\n"
    "- name: token\n"
    "  user: {token: abc, as: admin, as-groups: [x, y]}\n"
    "- name: cert\n"
    "  user: {client-certificate-data: QUJD, client-key-data: REVG}\n"
    "- name: plugin\n"
    "  user:\n"
    "    exec:\n"
    "      apiVersion: client.authentication.k8s.io/v1beta1\n"
    "      command: ./bin/get-token\n"
    "      args: [--cluster, c]\n"
    "      env: [{name: A, value: b}]\n"
    "      installHint: Install it.\n"
    "      provideClusterInfo: true\n"
    "contexts:\n"
    "- name: here\n"
    "  context: {cluster: a, user: token, namespace: todo-app}\n"
    "- name: there\n"
    "  context: {cluster: b, user: cert}\n"
    "- name: run\n"
    "  context: {cluster: a, user: plugin}\n"
    "- name: nobody\n"
    "  context: {cluster: a, user: ghost}\n";

static struct kube_config *load(const char *paths, const char *context)
{
    ERROR_AUTO(err);
    struct kube_config *config =
        kube_config_load(&(struct kube_config_source){.paths = paths, .context = context}, &err);
    if (!config)
        fail_msg("%s", error_message(&err));
    return config;
}

static void test_contexts(void **state)
{
    (void)state;
    CLEANUP(free_pointer) char *path = put("config", two_contexts);
    CLEANUP(free_pointer) char *ca = put("ca.pem", "CA");
    KUBE_CONFIG_AUTO here = load(path, NULL);
    assert_string_equal(here->context, "here");
    assert_string_equal(here->server, "https://127.0.0.1:6443");
    assert_string_equal(here->ca, "CA");
    assert_string_equal(here->tls_server_name, "kubernetes");
    assert_string_equal(here->default_namespace, "todo-app");
    assert_string_equal(here->token, "abc");
    assert_string_equal(here->as_user, "admin");
    assert_string_equal(here->as_groups[1], "y");
    assert_null(here->as_groups[2]);

    KUBE_CONFIG_AUTO there = load(path, "there");
    assert_true(there->insecure);
    assert_string_equal(there->proxy_url, "http://p:1");
    assert_string_equal(there->client_certificate, "ABC");
    assert_string_equal(there->client_key, "DEF");
    assert_string_equal(there->default_namespace, "default");

    KUBE_CONFIG_AUTO run = load(path, "run");
    STR_AUTO command = STR_INIT;
    str_printf(&command, "%s/./bin/get-token", folder);
    assert_string_equal(run->exec->command, str_text(&command));
    assert_string_equal(run->exec->arguments[1], "c");
    assert_string_equal(run->exec->environment[0], "A=b");
    assert_string_equal(json_get_text(run->exec->cluster, "server"), "https://127.0.0.1:6443");
    assert_string_equal(json_get_text(run->exec->cluster, "certificate-authority-data"), "Q0E=");
}

/* Of a name the first file decides; a file that is not there is passed over. */
static void test_merge(void **state)
{
    (void)state;
    CLEANUP(free_pointer) char *ca = put("ca.pem", "CA");
    CLEANUP(free_pointer)
    char *first =
        put("first", "users: [{name: token, user: {token: mine}}]\ncurrent-context: here\n");
    CLEANUP(free_pointer) char *second = put("config", two_contexts);
    STR_AUTO paths = STR_INIT;
    str_printf(&paths, "%s:%s/missing:%s", first, folder, second);
    KUBE_CONFIG_AUTO config = load(str_text(&paths), NULL);
    assert_string_equal(config->token, "mine");
    assert_string_equal(config->server, "https://127.0.0.1:6443");
}

static void test_refused(void **state)
{
    (void)state;
    CLEANUP(free_pointer) char *ca = put("ca.pem", "CA");
    CLEANUP(free_pointer) char *path = put("config", two_contexts);
    CLEANUP(free_pointer) char *broken = put("broken", "clusters: [\n");
    CLEANUP(free_pointer) char *list = put("list", "[1, 2]\n");
    STR_AUTO missing = STR_INIT;
    str_printf(&missing, "%s/none", folder);
    const struct {
        struct kube_config_source source;
        const char *message;
    } cases[] = {
        {{.paths = str_text(&missing)}, "there is no kubeconfig /tmp"},
        {{.paths = path, .context = "nowhere"},
         "no context \"nowhere\"; it has here, there, run, nobody"},
        {{.paths = path, .context = "nobody"}, "no user \"ghost\""},
        {{.paths = path, .context = "here", .cluster = "c"}, "no cluster \"c\""},
        {{.paths = broken}, "YAML line"},
        {{.paths = list}, "this is no kubeconfig"},
        {{.text = "apiVersion: v1\n"}, "no current-context"},
        {{.text = two_contexts, .context = "here"}, "the relative file name ca.pem has no folder"},
        {{.text = "clusters: [{name: a, cluster: {server: 'ftp://x'}}]\n",
          .cluster = "a",
          .user = ""},
         "server ftp://x"},
        {{.text = "clusters: [{name: a, cluster: {server: 'https://x', certificate-authority-data: "
                  "'QUJD', insecure-skip-tls-verify: true}}]\n",
          .cluster = "a",
          .user = ""},
         "excludes a certificate authority"},
        {{.text = "clusters: [{name: a, cluster: {server: 'https://x'}}]\n"
                  "users: [{name: u, user: {client-certificate-data: QUJD}}]\n",
          .cluster = "a",
          .user = "u"},
         "its key go together"},
        {{.text = "clusters: [{name: a, cluster: {server: 'https://x'}}]\n"
                  "users: [{name: u, user: {exec: {command: x, apiVersion: v1alpha1}}}]\n",
          .cluster = "a",
          .user = "u"},
         "is none of client.authentication.k8s.io/v1"},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        ERROR_AUTO(err);
        KUBE_CONFIG_AUTO config = kube_config_load(&cases[i].source, &err);
        if (config || !strstr(error_message(&err), cases[i].message))
            fail_msg("case %zu: %s", i, error_message(&err));
    }
}

/* Messages about a credential that cannot be used do not show it. */
static void test_secrets_stay_out_of_errors(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    KUBE_CONFIG_AUTO config = kube_config_load(
        &(struct kube_config_source){.text =
                                         "clusters: [{name: a, cluster: {server: 'https://x'}}]\n"
                                         "users: [{name: u, user: {client-key-data: 'S3cret!!', "
                                         "client-certificate-data: QUJD}}]\n",
                                     .cluster = "a",
                                     .user = "u"},
        &err);
    assert_null(config);
    assert_non_null(strstr(error_message(&err), "client-key-data is no base64"));
    assert_null(strstr(error_message(&err), "S3cret"));
}

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    static const char *const names[] = {"config", "ca.pem", "first", "broken", "list"};
    for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
        STR_AUTO path = STR_INIT;
        str_printf(&path, "%s/%s", folder, names[i]);
        unlink(str_text(&path));
    }
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_contexts),
        cmocka_unit_test(test_merge),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_secrets_stay_out_of_errors),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
