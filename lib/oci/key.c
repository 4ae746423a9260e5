#include "lib/oci/key.h"

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/encoding.h"
#include "lib/net/secret.h"

enum { SECURE_HEAP_SIZE = 256 * 1024, SECURE_HEAP_SMALLEST = 32 };

struct oci_key {
    EVP_PKEY *pkey;
};

static void start_secure_heap(void)
{
    /* Without the right to lock memory OpenSSL still keeps it out of core dumps. */
    CRYPTO_secure_malloc_init(SECURE_HEAP_SIZE, SECURE_HEAP_SMALLEST);
}

static void prepare(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, start_secure_heap);
}

/* Environment variables and Terraform variables often carry "\n" for line ends. */
static char *unescape(const char *pem, size_t length)
{
    SECRET_STR_AUTO text = STR_INIT;
    str_reserve(&text, length + 1);
    for (size_t i = 0; i < length; i++) {
        bool escape = pem[i] == '\\' && i + 1 < length;
        if (escape && (pem[i + 1] == 'n' || pem[i + 1] == 'r')) {
            str_append_char(&text, '\n');
            i++;
        } else {
            str_append_char(&text, pem[i]);
        }
    }
    return secret_new(str_text(&text), text.length);
}

struct passphrase {
    const char *text;
    bool asked;
};

static int give_passphrase(char *buffer, int size, int writing, void *context)
{
    (void)writing;
    struct passphrase *passphrase = context;
    passphrase->asked = true;
    size_t length = passphrase->text ? strlen(passphrase->text) : 0;
    if (!passphrase->text || length > (size_t)size)
        return -1;
    memcpy(buffer, passphrase->text, length);
    return (int)length;
}

static bool no_key_found(const char *text, const char *origin, struct error *err)
{
    static const struct {
        const char *label, *name;
    } others[] = {{"PUBLIC KEY", "a public key"},
                  {"CERTIFICATE", "a certificate"},
                  {"OPENSSH PRIVATE KEY", "an OpenSSH key"},
                  {"EC PRIVATE KEY", "an elliptic curve key"}};
    for (size_t i = 0; i < ARRAY_LENGTH(others); i++)
        if (strstr(text, others[i].label))
            return error_set(err, ERROR_INVALID,
                             "%s holds %s; an RSA private key in PEM form is needed", origin,
                             others[i].name);
    if (strstr(text, "PRIVATE KEY-----"))
        return error_set(err, ERROR_INVALID, "the private key in %s is damaged", origin);
    return error_set(err, ERROR_INVALID,
                     "%s holds no PEM block (\"-----BEGIN … PRIVATE KEY-----\")", origin);
}

/* An algorithm that OpenSSL does not offer (any more), such as RC2 of old PKCS#8 files. */
static bool cipher_is_unsupported(void)
{
    unsigned long code;
    while ((code = ERR_get_error()))
        if (ERR_GET_LIB(code) == ERR_LIB_EVP && ERR_GET_REASON(code) == ERR_R_UNSUPPORTED)
            return true;
    return false;
}

static bool explain(const char *text, const struct passphrase *passphrase, const char *origin,
                    struct error *err)
{
    bool unsupported = cipher_is_unsupported();
    if (!passphrase->asked)
        return no_key_found(text, origin, err);
    if (!passphrase->text)
        return error_set(
            err, ERROR_INVALID,
            "the private key in %s is encrypted: set private_key_password (pass_phrase "
            "in the config file)",
            origin);
    if (unsupported)
        return error_set(err, ERROR_INVALID,
                         "the private key in %s is encrypted in a way that OpenSSL does not offer; "
                         "convert it with \"openssl pkcs8 -topk8 -v2 aes-256-cbc\"",
                         origin);
    return error_set(err, ERROR_INVALID,
                     "cannot decrypt the private key in %s: the passphrase is wrong or the file is "
                     "damaged",
                     origin);
}

static EVP_PKEY *read_pem(const char *text, struct passphrase *passphrase)
{
    BIO *bio = BIO_new_mem_buf(text, -1);
    if (!bio)
        fatal_error("out of memory");
    ERR_clear_error();
    EVP_PKEY *pkey = PEM_read_bio_PrivateKey(bio, NULL, give_passphrase, passphrase);
    BIO_free(bio);
    return pkey;
}

static struct oci_key *key_from(EVP_PKEY *pkey)
{
    struct oci_key *key = mem_calloc(1, sizeof(*key));
    key->pkey = pkey;
    return key;
}

static bool is_fit(EVP_PKEY *pkey, const char *origin, struct error *err)
{
    if (EVP_PKEY_get_base_id(pkey) != EVP_PKEY_RSA)
        return error_set(err, ERROR_INVALID,
                         "the private key in %s is no RSA key; OCI takes only RSA", origin);
    int bits = EVP_PKEY_get_bits(pkey);
    if (bits < OCI_KEY_MIN_BITS)
        return error_set(err, ERROR_INVALID,
                         "the private key in %s has %d bits; OCI wants at least %d", origin, bits,
                         OCI_KEY_MIN_BITS);
    return true;
}

struct oci_key *oci_key_parse(const char *pem, size_t length, const char *passphrase,
                              const char *origin, struct error *err)
{
    prepare();
    if (length > OCI_KEY_PEM_LIMIT) {
        error_set(err, ERROR_INVALID, "%s is larger than %d bytes", origin, OCI_KEY_PEM_LIMIT);
        return NULL;
    }
    SECRET_AUTO text = unescape(pem, length);
    struct passphrase given = {passphrase, false};
    EVP_PKEY *pkey = read_pem(text, &given);
    if (!pkey) {
        explain(text, &given, origin, err);
        ERR_clear_error();
        return NULL;
    }
    if (is_fit(pkey, origin, err))
        return key_from(pkey);
    EVP_PKEY_free(pkey);
    return NULL;
}

struct oci_key *oci_key_read(const char *path, const char *passphrase, struct error *err)
{
    SECRET_AUTO pem = secret_read_file(path, err);
    if (!pem) {
        error_wrap(err, "read the private key");
        return NULL;
    }
    return oci_key_parse(pem, secret_length(pem), passphrase, path, err);
}

struct oci_key *oci_key_generate(int bits, struct error *err)
{
    prepare();
    EVP_PKEY *pkey = EVP_RSA_gen((unsigned)bits);
    if (pkey)
        return key_from(pkey);
    ERR_clear_error();
    error_set(err, ERROR_INTERNAL, "cannot generate an RSA key of %d bits", bits);
    return NULL;
}

void oci_key_free(struct oci_key *key)
{
    if (!key)
        return;
    EVP_PKEY_free(key->pkey);
    free(key);
}

const char *oci_key_fingerprint(const struct oci_key *key, char *buffer)
{
    unsigned char *der = NULL, digest[MD5_SIZE];
    int length = i2d_PUBKEY(key->pkey, &der);
    if (length <= 0)
        fatal_error("cannot encode a public key");
    md5_digest(der, (size_t)length, digest);
    OPENSSL_free(der);
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < MD5_SIZE; i++) {
        buffer[3 * i] = digits[digest[i] >> 4];
        buffer[3 * i + 1] = digits[digest[i] & 15];
        buffer[3 * i + 2] = ':';
    }
    buffer[OCI_FINGERPRINT_SIZE - 1] = '\0';
    return buffer;
}

void oci_key_public_pem(const struct oci_key *key, struct str *out)
{
    BIO *bio = BIO_new(BIO_s_mem());
    char *text;
    if (!bio || !PEM_write_bio_PUBKEY(bio, key->pkey))
        fatal_error("cannot encode a public key");
    long length = BIO_get_mem_data(bio, &text);
    str_append_bytes(out, text, (size_t)length);
    BIO_free(bio);
}

bool oci_key_sign(const struct oci_key *key, const void *data, size_t length, struct str *base64,
                  struct error *err)
{
    enum { MOST_BYTES = 16384 / 8 };
    unsigned char signature[MOST_BYTES];
    size_t size = sizeof(signature);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    if (!context)
        fatal_error("out of memory");
    bool ok = EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key->pkey) == 1 &&
              EVP_DigestSign(context, signature, &size, data, length) == 1;
    EVP_MD_CTX_free(context);
    if (!ok) {
        ERR_clear_error();
        return error_set(err, ERROR_INTERNAL, "cannot sign with the RSA key");
    }
    base64_encode(BASE64_STANDARD, signature, size, base64);
    return true;
}

bool oci_fingerprint_is_valid(const char *text)
{
    if (strlen(text) != OCI_FINGERPRINT_SIZE - 1)
        return false;
    for (size_t i = 0; i < OCI_FINGERPRINT_SIZE - 1; i++) {
        char c = text[i];
        bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
        if (i % 3 == 2 ? c != ':' : !hex)
            return false;
    }
    return true;
}
