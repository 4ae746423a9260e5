#include "provider/plugin/tls.h"

#include "lib/base/test.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/encoding.h"

/* --- the client's side, as go-plugin has it --------------------------------------------------- */

struct identity {
    EVP_PKEY *key;
    X509 *certificate;
    char *pem;
};

static void add_extension(X509 *certificate, int nid, const char *value)
{
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, certificate, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    assert_non_null(extension);
    assert_true(X509_add_ext(certificate, extension, -1));
    X509_EXTENSION_free(extension);
}

/* issuer NULL: self-signed. */
static struct identity make_identity(EVP_PKEY *key, const struct identity *issuer)
{
    struct identity identity = {.key = key, .certificate = X509_new()};
    X509 *certificate = identity.certificate;
    X509_NAME *name = X509_get_subject_name(certificate);
    assert_non_null(key);
    X509_set_version(certificate, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), issuer ? 2 : 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -30);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_NAME_add_entry_by_txt(name, "O", MBSTRING_ASC, (const unsigned char *)"HashiCorp", -1, -1,
                               0);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"localhost", -1, -1,
                               0);
    X509_set_issuer_name(certificate, name);
    X509_set_pubkey(certificate, key);
    add_extension(certificate, NID_subject_alt_name, "DNS:localhost");
    add_extension(certificate, NID_basic_constraints, "critical,CA:TRUE");
    add_extension(certificate, NID_key_usage,
                  "critical,digitalSignature,keyEncipherment,keyAgreement,keyCertSign");
    add_extension(certificate, NID_ext_key_usage, "clientAuth,serverAuth");
    EVP_PKEY *signer = issuer ? issuer->key : key;
    /* Ed25519 takes no digest beside its own. */
    assert_true(
        X509_sign(certificate, signer, EVP_PKEY_is_a(signer, "ED25519") ? NULL : EVP_sha512()) > 0);
    BIO *bio = BIO_new(BIO_s_mem());
    PEM_write_bio_X509(bio, certificate);
    char *text;
    long length = BIO_get_mem_data(bio, &text);
    identity.pem = mem_strndup(text, (size_t)length);
    BIO_free(bio);
    return identity;
}

static void free_identity(struct identity *identity)
{
    EVP_PKEY_free(identity->key);
    X509_free(identity->certificate);
    free(identity->pem);
}

/* The certificate as a client reads it from the handshake line. */
static X509 *parse_certificate(const struct tls *tls)
{
    STR_AUTO text = STR_INIT;
    STR_AUTO der = STR_INIT;
    tls_certificate(tls, &text);
    assert_null(strpbrk(str_text(&text), "=\n-_"));
    assert_true(base64_decode(text.ptr, text.length, &der));
    const unsigned char *bytes = (const unsigned char *)der.ptr;
    X509 *certificate = d2i_X509(NULL, &bytes, (long)der.length);
    assert_non_null(certificate);
    return certificate;
}

static SSL_CTX *client_context(const struct tls *tls, const struct identity *identity, int version)
{
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    X509 *server = parse_certificate(tls);
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context), server);
    X509_free(server);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_security_level(context, version < TLS1_2_VERSION ? 0 : 1);
    SSL_CTX_set_min_proto_version(context, version);
    SSL_CTX_set_max_proto_version(context, version);
    if (identity) {
        SSL_CTX_use_certificate(context, identity->certificate);
        SSL_CTX_use_PrivateKey(context, identity->key);
    }
    return context;
}

enum outcome { ACCEPTED, REFUSED };

/* Runs a handshake in memory and one byte from the server to the client (with TLS 1.3 a client
 * learns only then that it was refused). */
static enum outcome shake(SSL_CTX *server_context, SSL_CTX *client, const char *alpn,
                          const char *name)
{
    BIO *client_bio, *server_bio;
    assert_true(BIO_new_bio_pair(&client_bio, 0, &server_bio, 0));
    SSL *c = SSL_new(client), *s = SSL_new(server_context);
    SSL_set_bio(c, client_bio, client_bio);
    SSL_set_bio(s, server_bio, server_bio);
    SSL_set_connect_state(c);
    SSL_set_accept_state(s);
    SSL_set_tlsext_host_name(c, "localhost");
    SSL_set1_host(c, name);
    if (alpn)
        SSL_set_alpn_protos(c, (const unsigned char *)alpn, (unsigned)strlen(alpn));
    for (int i = 0; i < 10; i++) {
        SSL_do_handshake(c);
        SSL_do_handshake(s);
    }
    char byte = 0;
    bool good = SSL_is_init_finished(s) && SSL_write(s, "x", 1) == 1 &&
                SSL_read(c, &byte, 1) == 1 && byte == 'x' && SSL_get_verify_result(c) == X509_V_OK;
    SSL_free(c);
    SSL_free(s);
    ERR_clear_error();
    return good ? ACCEPTED : REFUSED;
}

static const char h2[] = "\x02h2";

/* --- tests ------------------------------------------------------------------------------------ */

static void certificate_is_what_go_expects(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    struct identity client = make_identity(EVP_EC_gen("P-521"), NULL);
    struct tls *tls = tls_new(client.pem, &err);
    assert_non_null(tls);
    X509 *certificate = parse_certificate(tls);
    assert_int_equal(X509_get_version(certificate), X509_VERSION_3);
    assert_int_equal(
        X509_check_host(certificate, "localhost", 0, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT, NULL), 1);
    assert_true(X509_cmp_current_time(X509_get0_notBefore(certificate)) < 0);
    assert_true(X509_cmp_current_time(X509_get0_notAfter(certificate)) > 0);
    assert_true(X509_check_purpose(certificate, X509_PURPOSE_SSL_SERVER, 0) > 0);
    EVP_PKEY *key = X509_get0_pubkey(certificate);
    char group[32];
    assert_true(EVP_PKEY_get_group_name(key, group, sizeof(group), NULL));
    assert_string_equal(group, "prime256v1");
    assert_int_equal(X509_verify(certificate, key), 1);
    struct tls *other = tls_new(client.pem, &err);
    X509 *second = parse_certificate(other);
    assert_int_not_equal(X509_cmp(certificate, second), 0);
    X509_free(second);
    X509_free(certificate);
    tls_free(other);
    tls_free(tls);
    free_identity(&client);
}

static void clients_of_all_kinds(void **state)
{
    (void)state;
    static const int versions[] = {TLS1_2_VERSION, TLS1_3_VERSION};
    EVP_PKEY *keys[] = {EVP_EC_gen("P-521"), EVP_EC_gen("P-384"), EVP_EC_gen("P-256"),
                        EVP_RSA_gen(2048), EVP_PKEY_Q_keygen(NULL, NULL, "ED25519")};
    for (size_t i = 0; i < ARRAY_LENGTH(keys); i++) {
        ERROR_AUTO(err);
        struct identity client = make_identity(keys[i], NULL);
        struct tls *tls = tls_new(client.pem, &err);
        SSL_CTX *server = tls_server_context(tls, &err);
        assert_non_null(server);
        for (size_t v = 0; v < ARRAY_LENGTH(versions); v++) {
            SSL_CTX *context = client_context(tls, &client, versions[v]);
            assert_int_equal(shake(server, context, h2, "localhost"), ACCEPTED);
            SSL_CTX_free(context);
        }
        tls_free(tls);
        free_identity(&client);
    }
}

static void everyone_else_is_refused(void **state)
{
    (void)state;
    static const int versions[] = {TLS1_2_VERSION, TLS1_3_VERSION};
    ERROR_AUTO(err);
    struct identity client = make_identity(EVP_EC_gen("P-521"), NULL);
    struct identity stranger = make_identity(EVP_EC_gen("P-521"), NULL);
    struct identity child = make_identity(EVP_EC_gen("P-256"), &client);
    struct tls *tls = tls_new(client.pem, &err);
    SSL_CTX *server = tls_server_context(tls, &err);
    for (size_t v = 0; v < ARRAY_LENGTH(versions); v++) {
        SSL_CTX *nobody = client_context(tls, NULL, versions[v]);
        SSL_CTX *strange = client_context(tls, &stranger, versions[v]);
        SSL_CTX *signed_by_client = client_context(tls, &child, versions[v]);
        SSL_CTX *good = client_context(tls, &client, versions[v]);
        assert_int_equal(shake(server, nobody, h2, "localhost"), REFUSED);
        assert_int_equal(shake(server, strange, h2, "localhost"), REFUSED);
        assert_int_equal(shake(server, signed_by_client, h2, "localhost"), REFUSED);
        assert_int_equal(shake(server, good, "\x08http/1.1", "localhost"), REFUSED);
        assert_int_equal(shake(server, good, h2, "example.com"), REFUSED); /* by the client */
        assert_int_equal(shake(server, good, "\x08http/1.1\x02h2", "localhost"), ACCEPTED);
        SSL_CTX_free(nobody);
        SSL_CTX_free(strange);
        SSL_CTX_free(signed_by_client);
        SSL_CTX_free(good);
    }
    SSL_CTX *old = client_context(tls, &client, TLS1_1_VERSION);
    assert_int_equal(shake(server, old, h2, "localhost"), REFUSED);
    SSL_CTX_free(old);
    tls_free(tls);
    free_identity(&client);
    free_identity(&stranger);
    free_identity(&child);
}

static void bad_client_certificate(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "", "nonsense", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"};
    for (size_t i = 0; i < ARRAY_LENGTH(texts); i++) {
        ERROR_AUTO(err);
        assert_null(tls_new(texts[i], &err));
        assert_int_equal(err.code, ERROR_INVALID);
        assert_non_null(strstr(error_message(&err), "PLUGIN_CLIENT_CERT"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(certificate_is_what_go_expects),
        cmocka_unit_test(clients_of_all_kinds),
        cmocka_unit_test(everyone_else_is_refused),
        cmocka_unit_test(bad_client_certificate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
