#include "acceptance/cloud/http/tls.h"

#include <arpa/inet.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/base/encoding.h"
#include "lib/base/file.h"
#include "lib/base/vec.h"

enum { MOST_NAMES = 512, NAME_LIMIT = 253, CA_DAYS = 3650, LEAF_DAYS = 825, KEY_LIMIT = 64 * 1024 };

struct named_context {
    char *host;
    SSL_CTX *context;
};

struct authority {
    EVP_PKEY *key;      /* of the authority */
    EVP_PKEY *leaf_key; /* of every server certificate */
    X509 *certificate;
    VEC(struct named_context) contexts;
};

static bool write_bio(BIO *bio, const char *path, mode_t mode, struct error *err)
{
    char *data;
    long length = BIO_get_mem_data(bio, &data);
    return file_write_atomic(path, data, (size_t)length, mode, err);
}

static EVP_PKEY *read_key(const char *path, struct error *err)
{
    STR_AUTO pem = STR_INIT;
    if (!file_read(path, KEY_LIMIT, &pem, err))
        return NULL;
    BIO *bio = BIO_new_mem_buf(str_text(&pem), (int)pem.length);
    EVP_PKEY *key = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);
    BIO_free(bio);
    if (!key)
        error_set(err, ERROR_INVALID, "%s is no private key in PEM form", path);
    return key;
}

EVP_PKEY *key_file_open(const char *path, const char *type, struct error *err)
{
    if (file_exists(path))
        return read_key(path, err);
    EVP_PKEY *key = strcmp(type, "RSA") == 0 ? EVP_RSA_gen(2048) : EVP_EC_gen("P-256");
    BIO *bio = BIO_new(BIO_s_mem());
    if (!key || !bio || !PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL))
        fatal_error("cannot make a key");
    bool ok = write_bio(bio, path, 0600, err);
    BIO_free(bio);
    if (ok)
        return key;
    EVP_PKEY_free(key);
    return NULL;
}

/* --- certificates ------------------------------------------------------------------------------- */

static void add_extension(X509 *certificate, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    if (!extension || !X509_add_ext(certificate, extension, -1))
        fatal_error("cannot write the certificate's extension %s", value);
    X509_EXTENSION_free(extension);
}

/* A string type of ASN.1 instead of MBSTRING_UTF8: Oracle's certificates hold names longer than the 64
 * characters that X.520 allows. */
static void add_name(X509_NAME *name, const char *field, const char *value)
{
    if (!X509_NAME_add_entry_by_txt(name, field, V_ASN1_UTF8STRING, (const unsigned char *)value,
                                    -1, -1, 0))
        fatal_error("cannot write %s into a certificate", value);
}

static X509 *new_certificate(EVP_PKEY *key, const char *common_name, int days)
{
    X509 *certificate = X509_new();
    unsigned char serial[16];
    random_bytes(serial, sizeof(serial));
    serial[0] &= 0x7f;
    BIGNUM *number = BN_bin2bn(serial, sizeof(serial), NULL);
    if (!certificate || !number || !BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)))
        fatal_error("out of memory");
    BN_free(number);
    X509_set_version(certificate, X509_VERSION_3);
    /* Clocks of virtual machines differ by a few seconds. */
    X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
    X509_time_adj_ex(X509_getm_notAfter(certificate), days, 0, NULL);
    X509_set_pubkey(certificate, key);
    add_name(X509_get_subject_name(certificate), "CN", common_name);
    return certificate;
}

X509 *authority_issue(const struct authority *authority, EVP_PKEY *key,
                      const struct authority_leaf *leaf)
{
    X509 *certificate = new_certificate(key, leaf->common_name, leaf->days);
    for (const char *const *unit = leaf->units; unit && *unit; unit++)
        add_name(X509_get_subject_name(certificate), "OU", *unit);
    X509_set_issuer_name(certificate, X509_get_subject_name(authority->certificate));
    add_extension(certificate, authority->certificate, NID_basic_constraints, "critical,CA:FALSE");
    add_extension(certificate, authority->certificate, NID_ext_key_usage, "serverAuth,clientAuth");
    add_extension(certificate, authority->certificate, NID_authority_key_identifier, "keyid");
    if (leaf->alternatives)
        add_extension(certificate, authority->certificate, NID_subject_alt_name,
                      leaf->alternatives);
    if (!X509_sign(certificate, authority->key, EVP_sha256()))
        fatal_error("cannot sign a certificate");
    return certificate;
}

static X509 *make_root(EVP_PKEY *key)
{
    X509 *certificate = new_certificate(key, "okestra local cloud", CA_DAYS);
    X509_set_issuer_name(certificate, X509_get_subject_name(certificate));
    add_extension(certificate, certificate, NID_basic_constraints, "critical,CA:TRUE");
    add_extension(certificate, certificate, NID_key_usage, "critical,keyCertSign,cRLSign");
    add_extension(certificate, certificate, NID_subject_key_identifier, "hash");
    if (!X509_sign(certificate, key, EVP_sha256()))
        fatal_error("cannot sign a certificate");
    return certificate;
}

static X509 *open_root(const char *path, EVP_PKEY *key, struct error *err)
{
    BIO *bio = BIO_new(BIO_s_mem());
    X509 *certificate = NULL;
    STR_AUTO pem = STR_INIT;
    if (file_exists(path)) {
        if (file_read(path, KEY_LIMIT, &pem, err) &&
            BIO_write(bio, str_text(&pem), (int)pem.length) == (int)pem.length)
            certificate = PEM_read_bio_X509(bio, NULL, NULL, NULL);
        if (!error_is_set(err) && (!certificate || !X509_check_private_key(certificate, key)))
            error_set(err, ERROR_INVALID, "%s is no certificate of the key beside it", path);
    } else {
        certificate = make_root(key);
        PEM_write_bio_X509(bio, certificate);
        write_bio(bio, path, 0644, err);
    }
    BIO_free(bio);
    if (!error_is_set(err))
        return certificate;
    X509_free(certificate);
    return NULL;
}

struct authority *authority_open(const char *directory, struct error *err)
{
    struct authority *authority = mem_calloc(1, sizeof(*authority));
    STR_AUTO path = STR_INIT;
    str_printf(&path, "%s/ca.key", directory);
    authority->key = key_file_open(str_text(&path), "EC", err);
    if (authority->key) {
        str_clear(&path);
        str_printf(&path, "%s/ca.pem", directory);
        authority->certificate = open_root(str_text(&path), authority->key, err);
    }
    authority->leaf_key = EVP_EC_gen("P-256");
    if (authority->certificate && authority->leaf_key)
        return authority;
    authority_free(authority);
    return NULL;
}

void authority_free(struct authority *authority)
{
    if (!authority)
        return;
    for (size_t i = 0; i < authority->contexts.count; i++) {
        free(authority->contexts.items[i].host);
        SSL_CTX_free(authority->contexts.items[i].context);
    }
    vec_free(&authority->contexts);
    X509_free(authority->certificate);
    EVP_PKEY_free(authority->key);
    EVP_PKEY_free(authority->leaf_key);
    free(authority);
}

X509 *authority_certificate(const struct authority *authority)
{
    return authority->certificate;
}

/* --- contexts of servers ------------------------------------------------------------------------ */

static bool is_address(const char *host)
{
    unsigned char bytes[16];
    return inet_pton(AF_INET, host, bytes) == 1 || inet_pton(AF_INET6, host, bytes) == 1;
}

static bool is_host_name(const char *host)
{
    size_t length = strlen(host);
    return length && length <= NAME_LIMIT &&
           strspn(host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._") ==
               length;
}

static SSL_CTX *new_context(struct authority *authority, const char *host)
{
    STR_AUTO names = STR_INIT;
    str_printf(&names, "%s:%s", is_address(host) ? "IP" : "DNS", host);
    if (strcmp(host, "127.0.0.1") == 0)
        str_append(&names, ",DNS:localhost,IP:::1");
    X509 *certificate =
        authority_issue(authority, authority->leaf_key,
                        &(struct authority_leaf){.common_name = strlen(host) <= 64 ? host : "host",
                                                 .alternatives = str_text(&names),
                                                 .days = LEAF_DAYS});
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    if (!context || !SSL_CTX_use_certificate(context, certificate) ||
        !SSL_CTX_use_PrivateKey(context, authority->leaf_key))
        fatal_error("cannot set up TLS for %s", host);
    X509_free(certificate);
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_session_id_context(context, (const unsigned char *)"okestra", 7);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
    return context;
}

SSL_CTX *authority_context(struct authority *authority, const char *host)
{
    for (size_t i = 0; i < authority->contexts.count; i++)
        if (strcasecmp(authority->contexts.items[i].host, host) == 0)
            return authority->contexts.items[i].context;
    if (authority->contexts.count == MOST_NAMES || (!is_address(host) && !is_host_name(host)))
        return NULL;
    struct named_context one = {mem_strdup(host), new_context(authority, host)};
    vec_push(&authority->contexts, one);
    return one.context;
}
