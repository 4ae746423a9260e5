#include "lib/net/trust.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509_vfy.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/file.h"
#include "lib/base/str.h"

static const char *const bundles[] = {
    "/etc/ssl/certs/ca-certificates.crt",                /* Debian, Ubuntu, Arch, Gentoo */
    "/etc/pki/tls/certs/ca-bundle.crt",                  /* Fedora, RHEL 6, Oracle Linux */
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", /* RHEL 7 and newer */
    "/etc/ssl/ca-bundle.pem",                            /* openSUSE */
    "/etc/ssl/cert.pem",                                 /* Alpine */
    "/etc/pki/tls/cacert.pem",
};

const char *trust_system_bundle(void)
{
    const char *chosen = getenv("SSL_CERT_FILE");
    if (!text_empty(chosen))
        return chosen;
    for (size_t i = 0; i < ARRAY_LENGTH(bundles); i++)
        if (file_exists(bundles[i]))
            return bundles[i];
    return NULL;
}

/* The number of certificates added, or -1. */
static int add_certificates(X509_STORE *store, const char *pem, size_t length)
{
    BIO *bio = BIO_new_mem_buf(pem, (int)length);
    if (!bio)
        fatal_error("out of memory");
    int count = 0;
    X509 *certificate;
    while ((certificate = PEM_read_bio_X509(bio, NULL, NULL, NULL))) {
        count += X509_STORE_add_cert(store, certificate);
        X509_free(certificate);
    }
    /* "No start line" is the ordinary end of the text. */
    unsigned long reason = ERR_peek_last_error();
    bool ended = reason == 0 || (ERR_GET_LIB(reason) == ERR_LIB_PEM &&
                                 ERR_GET_REASON(reason) == PEM_R_NO_START_LINE);
    ERR_clear_error();
    BIO_free(bio);
    return ended ? count : -1;
}

static bool add_pem(X509_STORE *store, const char *pem, size_t length, const char *origin,
                    struct error *err)
{
    int count = add_certificates(store, pem, length);
    if (count < 0)
        return error_set(err, ERROR_INVALID, "%s has a damaged PEM certificate", origin);
    if (count == 0)
        return error_set(err, ERROR_INVALID, "%s has no PEM certificate", origin);
    return true;
}

static bool add_file(X509_STORE *store, const char *path, struct error *err)
{
    STR_AUTO text = STR_INIT;
    if (!file_read(path, TRUST_BUNDLE_LIMIT, &text, err))
        return error_wrap(err, "read trusted certificates");
    return add_pem(store, str_text(&text), text.length, path, err);
}

X509_STORE *trust_store_load(const char *ca_file, const char *ca_data, struct error *err)
{
    if (!ca_file && !ca_data)
        ca_file = trust_system_bundle();
    if (!ca_file && !ca_data) {
        error_set(err, ERROR_INVALID,
                  "no bundle of trusted certificate authorities found: install ca-certificates or "
                  "set SSL_CERT_FILE");
        return NULL;
    }
    X509_STORE *store = X509_STORE_new();
    if (!store)
        fatal_error("out of memory");
    X509_STORE_set_flags(store, X509_V_FLAG_TRUSTED_FIRST | X509_V_FLAG_PARTIAL_CHAIN);
    if ((ca_file && !add_file(store, ca_file, err)) ||
        (ca_data && !add_pem(store, ca_data, strlen(ca_data), "the CA data", err))) {
        X509_STORE_free(store);
        return NULL;
    }
    return store;
}
