#include "provider/plugin/tls.h"

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/encoding.h"
#include "provider/plugin/limits.h"

/* Go's clock may be read a moment before ours; the end is that of go-plugin's own certificates. */
enum { VALID_BEFORE_SECONDS = 30, VALID_DAYS = 30 * 365, SERIAL_SIZE = 16 };

struct tls {
    EVP_PKEY *key;
    struct str certificate; /* DER */
    X509 *client;
    SSL_CTX *context;
};

static bool set_ssl_error(struct error *err, const char *what)
{
    char text[256];
    ERR_error_string_n(ERR_get_error(), text, sizeof(text));
    ERR_clear_error();
    return error_set(err, ERROR_INTERNAL, "%s: %s", what, text);
}

static bool add_extension(X509 *certificate, int nid, const char *value)
{
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, certificate, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    bool good = extension && X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
    return good;
}

static bool set_serial(X509 *certificate)
{
    unsigned char bytes[SERIAL_SIZE];
    random_bytes(bytes, sizeof(bytes));
    bytes[0] &= 0x7f; /* positive */
    BIGNUM *number = BN_bin2bn(bytes, sizeof(bytes), NULL);
    bool good = number && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate));
    BN_free(number);
    return good;
}

/* X509_set_pubkey() would do, but loads OpenSSL's encoders: a millisecond before the handshake
 * line. */
static bool set_public_key(X509 *certificate, EVP_PKEY *key)
{
    unsigned char *point = NULL;
    size_t length = EVP_PKEY_get1_encoded_public_key(key, &point);
    if (length > 0 && X509_PUBKEY_set0_param(X509_get_X509_PUBKEY(certificate),
                                             OBJ_nid2obj(NID_X9_62_id_ecPublicKey), V_ASN1_OBJECT,
                                             OBJ_nid2obj(NID_X9_62_prime256v1), point, (int)length))
        return true;
    OPENSSL_free(point);
    return false;
}

static bool fill_certificate(X509 *certificate, EVP_PKEY *key)
{
    static const unsigned char organisation[] = "okestra", name[] = "localhost";
    X509_NAME *subject = X509_get_subject_name(certificate);
    return X509_set_version(certificate, X509_VERSION_3) && set_serial(certificate) &&
           X509_gmtime_adj(X509_getm_notBefore(certificate), -VALID_BEFORE_SECONDS) &&
           X509_time_adj_ex(X509_getm_notAfter(certificate), VALID_DAYS, 0, NULL) &&
           X509_NAME_add_entry_by_NID(subject, NID_organizationName, MBSTRING_ASC, organisation, -1,
                                      -1, 0) &&
           X509_NAME_add_entry_by_NID(subject, NID_commonName, MBSTRING_ASC, name, -1, -1, 0) &&
           X509_set_issuer_name(certificate, subject) && set_public_key(certificate, key) &&
           add_extension(certificate, NID_subject_alt_name, "DNS:localhost") &&
           add_extension(certificate, NID_basic_constraints, "critical,CA:TRUE") &&
           add_extension(certificate, NID_key_usage,
                         "critical,digitalSignature,keyEncipherment,keyAgreement,keyCertSign") &&
           add_extension(certificate, NID_ext_key_usage, "clientAuth,serverAuth") &&
           X509_sign(certificate, key, EVP_sha256()) > 0;
}

static bool read_client(struct tls *tls, const char *pem, struct error *err)
{
    BIO *bio = BIO_new_mem_buf(pem, -1);
    tls->client = bio ? PEM_read_bio_X509(bio, NULL, NULL, NULL) : NULL;
    BIO_free(bio);
    if (tls->client)
        return true;
    ERR_clear_error();
    return error_set(err, ERROR_INVALID, "PLUGIN_CLIENT_CERT holds no certificate in PEM form");
}

static bool make_certificate(struct tls *tls, struct error *err)
{
    unsigned char *der = NULL;
    tls->key = EVP_EC_gen("P-256");
    X509 *certificate = X509_new();
    int length = tls->key && certificate && fill_certificate(certificate, tls->key)
                     ? i2d_X509(certificate, &der)
                     : -1;
    X509_free(certificate);
    if (length < 0)
        return set_ssl_error(err, "make a certificate");
    str_append_bytes(&tls->certificate, der, (size_t)length);
    OPENSSL_free(der);
    return true;
}

struct tls *tls_new(const char *client_pem, struct error *err)
{
    /* The machine's openssl.cnf has no say here, and reading it costs start-up time. */
    OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_ATEXIT, NULL);
    /* The default generator would load all ciphers now; this one needs a digest only. */
    RAND_set_DRBG_type(NULL, "HASH-DRBG", NULL, NULL, "SHA256");
    struct tls *tls = mem_calloc(1, sizeof(*tls));
    if (read_client(tls, client_pem, err) && make_certificate(tls, err))
        return tls;
    tls_free(tls);
    return NULL;
}

void tls_free(struct tls *tls)
{
    if (!tls)
        return;
    SSL_CTX_free(tls->context);
    str_free(&tls->certificate);
    X509_free(tls->client);
    EVP_PKEY_free(tls->key);
    free(tls);
}

void tls_certificate(const struct tls *tls, struct str *out)
{
    base64_encode(BASE64_STANDARD_NO_PAD, tls->certificate.ptr, tls->certificate.length, out);
}

static int choose_h2(SSL *ssl, const unsigned char **out, unsigned char *out_length,
                     const unsigned char *in, unsigned int in_length, void *argument)
{
    static const unsigned char h2[] = {2, 'h', '2'};
    (void)ssl;
    (void)argument;
    unsigned char *chosen;
    if (SSL_select_next_proto(&chosen, out_length, h2, sizeof(h2), in, in_length) !=
        OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    *out = chosen;
    return SSL_TLSEXT_ERR_OK;
}

/* A chain check would also accept what Terraform's certificate, a CA, might have signed. Being the
 * very certificate is all that counts; TLS itself proves that the peer holds its key. */
static int is_the_client(X509_STORE_CTX *store, void *argument)
{
    const struct tls *tls = argument;
    const X509 *shown = X509_STORE_CTX_get0_cert(store);
    if (shown && X509_cmp(shown, tls->client) == 0)
        return 1;
    X509_STORE_CTX_set_error(store, X509_V_ERR_CERT_REJECTED);
    return 0;
}

SSL_CTX *tls_server_context(struct tls *tls, struct error *err)
{
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    if (!context || !SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) ||
        SSL_CTX_use_certificate_ASN1(context, (int)tls->certificate.length,
                                     (const unsigned char *)tls->certificate.ptr) != 1 ||
        SSL_CTX_use_PrivateKey(context, tls->key) != 1) {
        set_ssl_error(err, "prepare TLS");
        SSL_CTX_free(context);
        return NULL;
    }
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
    SSL_CTX_set_cert_verify_callback(context, is_the_client, tls);
    SSL_CTX_set_alpn_select_cb(context, choose_h2, NULL);
    /* One connection a process: resumption and renegotiation are only surface. */
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_num_tickets(context, 0);
    SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION);
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_read_ahead(context, 1);
    SSL_CTX_set_default_read_buffer_len(context, LOOP_READ_CHUNK);
    tls->context = context;
    return context;
}
