#include "acceptance/cloud/api/certificate.h"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "lib/base/encoding.h"

static bool add_extension(X509 *certificate, int kind, const char *value)
{
    X509V3_CTX context;
    X509V3_set_ctx(&context, certificate, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, kind, value);
    bool ok = extension && X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
    return ok;
}

static bool fill(X509 *certificate, EVP_PKEY *key, const char *common_name, int64_t now_ms,
                 int years)
{
    X509_NAME *name = X509_get_subject_name(certificate);
    unsigned char serial[8];
    random_bytes(serial, sizeof(serial));
    serial[0] &= 0x7f;
    BIGNUM *number = BN_bin2bn(serial, sizeof(serial), NULL);
    bool ok = number && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate));
    BN_free(number);
    return ok && X509_set_version(certificate, X509_VERSION_3) &&
           X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)common_name,
                                      -1, -1, 0) &&
           X509_set_issuer_name(certificate, name) &&
           ASN1_TIME_set(X509_getm_notBefore(certificate), (time_t)(now_ms / 1000 - 60)) &&
           ASN1_TIME_set(X509_getm_notAfter(certificate),
                         (time_t)(now_ms / 1000 + years * CERTIFICATE_YEAR_S)) &&
           X509_set_pubkey(certificate, key) &&
           add_extension(certificate, NID_basic_constraints, "critical,CA:TRUE") &&
           add_extension(certificate, NID_key_usage, "critical,keyCertSign,cRLSign") &&
           X509_sign(certificate, key, EVP_sha256());
}

bool certificate_make_authority(const char *common_name, int64_t now_ms, int years, struct str *pem)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate = X509_new();
    BIO *text = BIO_new(BIO_s_mem());
    bool ok = key && certificate && text && fill(certificate, key, common_name, now_ms, years) &&
              PEM_write_bio_X509(text, certificate);
    char *data;
    long length = ok ? BIO_get_mem_data(text, &data) : 0;
    if (ok)
        str_append_bytes(pem, data, (size_t)length);
    BIO_free(text);
    X509_free(certificate);
    EVP_PKEY_free(key);
    return ok;
}
