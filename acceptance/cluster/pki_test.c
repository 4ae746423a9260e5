#include "acceptance/cluster/pki.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <sys/stat.h>

#include "acceptance/cluster/files.h"
#include "lib/base/file.h"
#include "lib/base/test.h"
#include "lib/kube/config.h"

struct fixture {
    char folder[64];
};

static int set_up(void **state)
{
    struct fixture *fixture = mem_calloc(1, sizeof(*fixture));
    strcpy(fixture->folder, "/tmp/okestra-pki-XXXXXX");
    assert_non_null(mkdtemp(fixture->folder));
    ERROR_AUTO(err);
    assert_true(pki_make(fixture->folder, "IP:127.0.0.1,DNS:localhost", &err));
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    ERROR_AUTO(err);
    assert_true(files_remove(fixture->folder, &err));
    free(fixture);
    return 0;
}

static X509 *read_certificate(const struct fixture *fixture, const char *name)
{
    STR_AUTO path = STR_INIT;
    str_printf(&path, "%s/%s.crt", fixture->folder, name);
    FILE *file = fopen(str_text(&path), "re");
    assert_non_null(file);
    X509 *certificate = PEM_read_X509(file, NULL, NULL, NULL);
    fclose(file);
    assert_non_null(certificate);
    return certificate;
}

static bool verifies(const struct fixture *fixture, const char *name, const char *authority,
                     int purpose)
{
    X509 *certificate = read_certificate(fixture, name);
    X509 *root = read_certificate(fixture, authority);
    X509_STORE *store = X509_STORE_new();
    X509_STORE_add_cert(store, root);
    X509_STORE_CTX *context = X509_STORE_CTX_new();
    X509_STORE_CTX_init(context, store, certificate, NULL);
    X509_STORE_CTX_set_purpose(context, purpose);
    bool good = X509_verify_cert(context) == 1;
    X509_STORE_CTX_free(context);
    X509_STORE_free(store);
    X509_free(root);
    X509_free(certificate);
    return good;
}

static void test_chains(void **state)
{
    const struct fixture *fixture = *state;
    assert_true(verifies(fixture, "apiserver", "ca", X509_PURPOSE_SSL_SERVER));
    assert_true(verifies(fixture, "admin", "ca", X509_PURPOSE_SSL_CLIENT));
    assert_true(verifies(fixture, "front-proxy-client", "front-proxy-ca", X509_PURPOSE_SSL_CLIENT));
    assert_false(verifies(fixture, "admin", "ca", X509_PURPOSE_SSL_SERVER));
    assert_false(verifies(fixture, "apiserver", "ca", X509_PURPOSE_SSL_CLIENT));
    assert_false(verifies(fixture, "admin", "front-proxy-ca", X509_PURPOSE_SSL_CLIENT));
}

static void test_names(void **state)
{
    const struct fixture *fixture = *state;
    X509 *server = read_certificate(fixture, "apiserver");
    assert_int_equal(X509_check_ip_asc(server, "127.0.0.1", 0), 1);
    assert_int_equal(X509_check_host(server, "localhost", 0, 0, NULL), 1);
    assert_int_equal(X509_check_ip_asc(server, "10.0.0.1", 0), 0);
    X509_free(server);
}

static void test_keys_are_private(void **state)
{
    const struct fixture *fixture = *state;
    STR_AUTO path = STR_INIT;
    str_printf(&path, "%s/ca.key", fixture->folder);
    struct stat status;
    assert_int_equal(stat(str_text(&path), &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
}

static void read_file(const struct fixture *fixture, const char *name, struct str *text)
{
    ERROR_AUTO(err);
    STR_AUTO path = STR_INIT;
    str_printf(&path, "%s/%s", fixture->folder, name);
    assert_true(file_read(str_text(&path), 1 << 20, text, &err));
}

/* What is there stays: a cluster that starts again knows its clients. */
static void test_kept(void **state)
{
    const struct fixture *fixture = *state;
    ERROR_AUTO(err);
    STR_AUTO before = STR_INIT;
    STR_AUTO after = STR_INIT;
    read_file(fixture, "admin.crt", &before);
    assert_true(pki_make(fixture->folder, "IP:127.0.0.1", &err));
    read_file(fixture, "admin.crt", &after);
    assert_string_equal(str_text(&before), str_text(&after));
}

static void test_node(void **state)
{
    const struct fixture *fixture = *state;
    ERROR_AUTO(err);
    STR_AUTO first = STR_INIT;
    STR_AUTO same = STR_INIT;
    STR_AUTO other = STR_INIT;
    assert_true(pki_make_node(fixture->folder, "node-a", "10.0.0.2", &err));
    read_file(fixture, "node.crt", &first);
    assert_true(pki_make_node(fixture->folder, "node-a", "10.0.0.2", &err));
    read_file(fixture, "node.crt", &same);
    assert_string_equal(str_text(&first), str_text(&same));
    assert_true(pki_make_node(fixture->folder, "node-b", "10.0.0.2", &err));
    read_file(fixture, "node.crt", &other);
    assert_string_not_equal(str_text(&first), str_text(&other));
    assert_true(verifies(fixture, "node", "ca", X509_PURPOSE_SSL_SERVER));
    assert_true(verifies(fixture, "node", "ca", X509_PURPOSE_SSL_CLIENT));
}

static void test_kubeconfig(void **state)
{
    const struct fixture *fixture = *state;
    ERROR_AUTO(err);
    STR_AUTO path = STR_INIT;
    str_printf(&path, "%s/kubeconfig", fixture->folder);
    assert_true(pki_write_kubeconfig(str_text(&path), fixture->folder, "admin", "here",
                                     "https://127.0.0.1:6443", &err));
    KUBE_CONFIG_AUTO config =
        kube_config_load(&(struct kube_config_source){.paths = str_text(&path)}, &err);
    assert_non_null(config);
    assert_string_equal(config->context, "here");
    assert_string_equal(config->server, "https://127.0.0.1:6443");
    STR_AUTO ca = STR_INIT;
    read_file(fixture, "ca.crt", &ca);
    assert_string_equal(config->ca, str_text(&ca));
    assert_non_null(strstr(config->client_key, "PRIVATE KEY"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_chains),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_keys_are_private),
        cmocka_unit_test(test_kept),
        cmocka_unit_test(test_node),
        cmocka_unit_test(test_kubeconfig),
    };
    return cmocka_run_group_tests_name("pki", tests, set_up, tear_down);
}
