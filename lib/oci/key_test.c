#include "lib/oci/key.h"

#include "lib/base/test.h"
#include "lib/oci/test_keys.h"

static struct oci_key *read_named(const char *name, const char *passphrase, struct error *err)
{
    CLEANUP(free_pointer) char *path = test_path(name);
    return oci_key_read(path, passphrase, err);
}

/* All forms of one key give the same public key and fingerprint. */
static void test_forms(void **state)
{
    (void)state;
    static const struct {
        const char *name, *passphrase;
    } rows[] = {
        {"pkcs1.pem", NULL},        {"pkcs8.pem", NULL},          {"pkcs8-encrypted.pem", "s3cret"},
        {"dek-info.pem", "s3cret"}, {"pkcs8-des3.pem", "s3cret"}, {"trailing.pem", NULL},
        {"leading.pem", NULL},      {"pkcs1.pem", "not needed"},  {"crlf.pem", NULL},
    };
    CLEANUP(free_pointer) char *expected = test_file_read("fingerprint");
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        ERROR_AUTO(err);
        char fingerprint[OCI_FINGERPRINT_SIZE];
        struct oci_key *key = read_named(rows[i].name, rows[i].passphrase, &err);
        if (!key)
            fail_msg("%s: %s", rows[i].name, error_message(&err));
        assert_memory_equal(oci_key_fingerprint(key, fingerprint), expected,
                            OCI_FINGERPRINT_SIZE - 1);
        assert_true(oci_fingerprint_is_valid(fingerprint));
        oci_key_free(key);
    }
}

static void test_escaped_line_ends(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    CLEANUP(free_pointer) char *pem = test_file_read("pkcs8.pem");
    STR_AUTO escaped = STR_INIT;
    for (const char *c = pem; *c; c++)
        if (*c == '\n')
            str_append(&escaped, "\\n");
        else
            str_append_char(&escaped, *c);
    struct oci_key *key =
        oci_key_parse(str_text(&escaped), escaped.length, NULL, "private_key", &err);
    assert_non_null(key);
    STR_AUTO public_pem = STR_INIT;
    oci_key_public_pem(key, &public_pem);
    CLEANUP(free_pointer) char *expected = test_file_read("public.pem");
    assert_string_equal(str_text(&public_pem), expected);
    oci_key_free(key);
}

static void test_refusals(void **state)
{
    (void)state;
    static const struct {
        const char *name, *passphrase, *text;
    } rows[] = {
        {"missing.pem", NULL, "No such file"},
        {"pkcs8-encrypted.pem", NULL, "is encrypted: set private_key_password"},
        {"pkcs8-encrypted.pem", "wr0ng", "passphrase is wrong"},
        {"dek-info.pem", NULL, "is encrypted: set private_key_password"},
        {"dek-info.pem", "wr0ng", "passphrase is wrong"},
        {"ec.pem", NULL, "no RSA key"},
        {"short.pem", NULL, "1024 bits"},
        {"public.pem", NULL, "holds a public key"},
        {"certificate.pem", NULL, "holds a certificate"},
        {"fingerprint", NULL, "no PEM block"},
        {"damaged.pem", NULL, "is damaged"},
        {"empty.pem", NULL, "no PEM block"},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        ERROR_AUTO(err);
        assert_null(read_named(rows[i].name, rows[i].passphrase, &err));
        if (!strstr(error_message(&err), rows[i].text))
            fail_msg("%s: \"%s\" lacks \"%s\"", rows[i].name, error_message(&err), rows[i].text);
        assert_non_null(strstr(error_message(&err), rows[i].name));
        assert_null(strstr(error_message(&err), "wr0ng"));
    }
}

static void test_generate_and_fingerprints(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    struct oci_key *key = oci_key_generate(2048, &err);
    assert_non_null(key);
    STR_AUTO signature = STR_INIT;
    assert_true(oci_key_sign(key, "text", 4, &signature, &err));
    assert_int_equal(signature.length, 344);
    oci_key_free(key);
    assert_false(oci_fingerprint_is_valid(""));
    assert_false(oci_fingerprint_is_valid("20:3b:97"));
    assert_false(oci_fingerprint_is_valid("20:3b:97:13:55:1c:5b:0d:d3:37:d8:50:4e:c5:3a:3g"));
    assert_true(oci_fingerprint_is_valid("20:3B:97:13:55:1c:5b:0d:d3:37:d8:50:4e:c5:3a:34"));
}

static int make_keys(void **state)
{
    (void)state;
    test_directory_make();
    bool ok = test_run(
        "openssl genrsa -traditional -out pkcs1.pem 2048 &&"
        "openssl pkcs8 -topk8 -nocrypt -in pkcs1.pem -out pkcs8.pem &&"
        "openssl pkcs8 -topk8 -v2 aes-256-cbc -in pkcs1.pem -passout pass:s3cret"
        " -out pkcs8-encrypted.pem &&"
        "openssl pkcs8 -topk8 -v2 des3 -in pkcs1.pem -passout pass:s3cret -out pkcs8-des3.pem &&"
        "openssl rsa -traditional -aes128 -in pkcs1.pem -passout pass:s3cret -out dek-info.pem &&"
        "{ cat pkcs8.pem; echo OCI_API_KEY; } >trailing.pem &&"
        "{ echo 'Bag Attributes'; echo; cat pkcs1.pem; } >leading.pem &&"
        "sed 's/$/\\r/' pkcs8.pem >crlf.pem &&"
        "openssl ecparam -genkey -name prime256v1 -noout -out ec.pem &&"
        "openssl genrsa -out short.pem 1024 &&"
        "openssl rsa -in pkcs1.pem -pubout -out public.pem &&"
        "openssl req -new -x509 -key pkcs1.pem -subj /CN=x -out certificate.pem &&"
        "sed '3d' pkcs8.pem >damaged.pem && : >empty.pem &&"
        "openssl rsa -in pkcs1.pem -pubout -outform DER | openssl md5 -c |"
        " sed 's/.*= *//' >fingerprint");
    return ok ? 0 : -1;
}

static int remove_keys(void **state)
{
    (void)state;
    test_directory_remove();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_forms),
        cmocka_unit_test(test_escaped_line_ends),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_generate_and_fingerprints),
    };
    return cmocka_run_group_tests(tests, make_keys, remove_keys);
}
