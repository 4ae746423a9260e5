#include "acceptance/cluster/pki.h"

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/encoding.h"
#include "lib/base/file.h"
#include "lib/base/str.h"

enum { VALID_BEFORE_SECONDS = 300, VALID_DAYS = 3650, SERIAL_SIZE = 16, PEM_LIMIT = 64 * 1024 };

enum usage { USAGE_AUTHORITY = 0, USAGE_CLIENT = 1, USAGE_SERVER = 2 };

struct certificate {
    const char *name;
    const char *authority; /* NULL: signs itself */
    unsigned usage;        /* of enum usage, added up */
    const char *common_name;
    const char *organisation;
    const char *alternative_names;
};

static const struct certificate certificates[] = {
    {"ca", NULL, USAGE_AUTHORITY, "okestra-cluster", NULL, NULL},
    {"front-proxy-ca", NULL, USAGE_AUTHORITY, "okestra-front-proxy", NULL, NULL},
    {"front-proxy-client", "front-proxy-ca", USAGE_CLIENT, "front-proxy-client", NULL, NULL},
    {"admin", "ca", USAGE_CLIENT, "okestra-admin", "system:masters", NULL},
    {"kubelet-client", "ca", USAGE_CLIENT, "kube-apiserver", "system:masters", NULL},
    {"kube-controller-manager", "ca", USAGE_CLIENT, "system:kube-controller-manager", NULL, NULL},
    {"kube-scheduler", "ca", USAGE_CLIENT, "system:kube-scheduler", NULL, NULL},
    {"kube-proxy", "ca", USAGE_CLIENT, "system:kube-proxy", NULL, NULL},
    {"coredns", "ca", USAGE_CLIENT, "system:coredns", NULL, NULL},
    {"ingress", "ca", USAGE_SERVER, "ingress", NULL, "DNS:ingress.local"},
    {"cloud", "ca", USAGE_CLIENT, "system:cloud-controller-manager", "system:masters", NULL},
};

static void free_key(EVP_PKEY **key)
{
    EVP_PKEY_free(*key);
}

static void free_certificate(X509 **certificate)
{
    X509_free(*certificate);
}

static void free_bio(BIO **bio)
{
    BIO_free(*bio);
}

#define KEY_AUTO         CLEANUP(free_key) EVP_PKEY *
#define CERTIFICATE_AUTO CLEANUP(free_certificate) X509 *
#define BIO_AUTO         CLEANUP(free_bio) BIO *

static bool ssl_error(struct error *err, const char *what, const char *name)
{
    char text[256];
    ERR_error_string_n(ERR_get_error(), text, sizeof(text));
    ERR_clear_error();
    return error_set(err, ERROR_INTERNAL, "%s %s: %s", what, name, text);
}

static char *path_of(const char *directory, const char *name, const char *suffix)
{
    struct str path = STR_INIT;
    str_printf(&path, "%s/%s%s", directory, name, suffix);
    return str_steal(&path);
}

static bool write_pem(const char *directory, const char *name, const char *suffix, BIO *pem,
                      struct error *err)
{
    CLEANUP(free_pointer) char *path = path_of(directory, name, suffix);
    char *data = NULL;
    long length = BIO_get_mem_data(pem, &data);
    return file_write_atomic(path, data, (size_t)length, 0600, err);
}

static bool write_key(const char *directory, const char *name, EVP_PKEY *key, struct error *err)
{
    BIO_AUTO pem = BIO_new(BIO_s_mem());
    if (!PEM_write_bio_PrivateKey(pem, key, NULL, NULL, 0, NULL, NULL))
        return ssl_error(err, "write the key", name);
    return write_pem(directory, name, ".key", pem, err);
}

static BIO *open_pem(const char *directory, const char *name, const char *suffix)
{
    CLEANUP(free_pointer) char *path = path_of(directory, name, suffix);
    return BIO_new_file(path, "r");
}

static bool add_extension(X509 *certificate, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    bool good = extension && X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
    return good;
}

static bool add_usage(X509 *certificate, X509 *issuer, const struct certificate *wanted)
{
    static const char *const extended[] = {NULL, "clientAuth", "serverAuth",
                                           "clientAuth,serverAuth"};
    if (wanted->usage == USAGE_AUTHORITY)
        return add_extension(certificate, issuer, NID_basic_constraints, "critical,CA:TRUE") &&
               add_extension(certificate, issuer, NID_key_usage, "critical,keyCertSign,cRLSign") &&
               add_extension(certificate, issuer, NID_subject_key_identifier, "hash");
    return add_extension(certificate, issuer, NID_basic_constraints, "critical,CA:FALSE") &&
           add_extension(certificate, issuer, NID_key_usage, "critical,digitalSignature") &&
           add_extension(certificate, issuer, NID_ext_key_usage, extended[wanted->usage]) &&
           add_extension(certificate, issuer, NID_authority_key_identifier, "keyid") &&
           (!wanted->alternative_names ||
            add_extension(certificate, issuer, NID_subject_alt_name, wanted->alternative_names));
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

static bool add_name(X509_NAME *name, int nid, const char *text)
{
    return !text || X509_NAME_add_entry_by_NID(name, nid, MBSTRING_UTF8,
                                               (const unsigned char *)text, -1, -1, 0);
}

static bool fill(X509 *certificate, EVP_PKEY *key, X509 *issuer, EVP_PKEY *issuer_key,
                 const struct certificate *wanted)
{
    X509_NAME *subject = X509_get_subject_name(certificate);
    return X509_set_version(certificate, X509_VERSION_3) && set_serial(certificate) &&
           X509_gmtime_adj(X509_getm_notBefore(certificate), -VALID_BEFORE_SECONDS) &&
           X509_time_adj_ex(X509_getm_notAfter(certificate), VALID_DAYS, 0, NULL) &&
           add_name(subject, NID_organizationName, wanted->organisation) &&
           add_name(subject, NID_commonName, wanted->common_name) &&
           X509_set_issuer_name(certificate, X509_get_subject_name(issuer)) &&
           X509_set_pubkey(certificate, key) && add_usage(certificate, issuer, wanted) &&
           X509_sign(certificate, issuer_key, EVP_sha256());
}

static bool make_certificate(const char *directory, const struct certificate *wanted,
                             struct error *err)
{
    KEY_AUTO key = EVP_EC_gen("P-256");
    CERTIFICATE_AUTO certificate = X509_new();
    CERTIFICATE_AUTO issuer = NULL;
    KEY_AUTO issuer_key = NULL;
    if (wanted->authority) {
        BIO_AUTO certificate_pem = open_pem(directory, wanted->authority, ".crt");
        BIO_AUTO key_pem = open_pem(directory, wanted->authority, ".key");
        issuer = certificate_pem ? PEM_read_bio_X509(certificate_pem, NULL, NULL, NULL) : NULL;
        issuer_key = key_pem ? PEM_read_bio_PrivateKey(key_pem, NULL, NULL, NULL) : NULL;
        if (!issuer || !issuer_key)
            return ssl_error(err, "read the authority", wanted->authority);
    }
    if (!key || !fill(certificate, key, issuer ? issuer : certificate,
                      issuer_key ? issuer_key : key, wanted))
        return ssl_error(err, "make the certificate", wanted->name);
    BIO_AUTO pem = BIO_new(BIO_s_mem());
    if (!PEM_write_bio_X509(pem, certificate))
        return ssl_error(err, "write the certificate", wanted->name);
    /* The key first: a certificate that is there has its key. */
    return write_key(directory, wanted->name, key, err) &&
           write_pem(directory, wanted->name, ".crt", pem, err);
}

static bool is_there(const char *directory, const char *name, const char *suffix)
{
    CLEANUP(free_pointer) char *path = path_of(directory, name, suffix);
    return file_exists(path);
}

static bool make_service_account_key(const char *directory, struct error *err)
{
    KEY_AUTO key = EVP_EC_gen("P-256");
    BIO_AUTO pem = BIO_new(BIO_s_mem());
    if (!key || !PEM_write_bio_PUBKEY(pem, key))
        return ssl_error(err, "make the key", "sa");
    return write_key(directory, "sa", key, err) && write_pem(directory, "sa", ".pub", pem, err);
}

bool pki_make(const char *directory, const char *api_names, struct error *err)
{
    if (!file_make_directories(directory, 0700, err))
        return false;
    for (size_t i = 0; i < ARRAY_LENGTH(certificates); i++)
        if (!is_there(directory, certificates[i].name, ".crt") &&
            !make_certificate(directory, &certificates[i], err))
            return false;
    const struct certificate server = {"apiserver",      "ca", USAGE_SERVER,
                                       "kube-apiserver", NULL, api_names};
    if (!is_there(directory, server.name, ".crt") && !make_certificate(directory, &server, err))
        return false;
    return is_there(directory, "sa", ".pub") || make_service_account_key(directory, err);
}

bool pki_make_node(const char *directory, const char *node, const char *address, struct error *err)
{
    STR_AUTO user = STR_INIT;
    STR_AUTO names = STR_INIT;
    str_printf(&user, "system:node:%s", node);
    str_printf(&names, "IP:%s,DNS:%s", address, node);
    const struct certificate wanted = {.name = "node",
                                       .authority = "ca",
                                       .usage = USAGE_CLIENT | USAGE_SERVER,
                                       .common_name = str_text(&user),
                                       .organisation = "system:nodes",
                                       .alternative_names = str_text(&names)};
    STR_AUTO made_for = STR_INIT;
    ERROR_AUTO(ignored);
    CLEANUP(free_pointer) char *note = path_of(directory, "node", ".for");
    if (file_read(note, PEM_LIMIT, &made_for, &ignored) &&
        strcmp(str_text(&made_for), str_text(&names)) == 0)
        return true;
    return make_certificate(directory, &wanted, err) &&
           file_write_atomic(note, str_text(&names), names.length, 0600, err);
}

static bool append_base64(struct str *out, const char *key, const char *directory, const char *name,
                          const char *suffix, struct error *err)
{
    CLEANUP(free_pointer) char *path = path_of(directory, name, suffix);
    STR_AUTO pem = STR_INIT;
    if (!file_read(path, PEM_LIMIT, &pem, err))
        return false;
    str_printf(out, "    %s: ", key);
    base64_encode(BASE64_STANDARD, pem.ptr, pem.length, out);
    str_append_char(out, '\n');
    return true;
}

bool pki_write_kubeconfig(const char *path, const char *directory, const char *name,
                          const char *cluster, const char *server, struct error *err)
{
    STR_AUTO text = STR_INIT;
    str_printf(&text,
               "apiVersion: v1\nkind: Config\nclusters:\n- name: %s\n  cluster:\n    server: %s\n",
               cluster, server);
    if (!append_base64(&text, "certificate-authority-data", directory, "ca", ".crt", err))
        return false;
    str_printf(&text, "users:\n- name: %s\n  user:\n", name);
    if (!append_base64(&text, "client-certificate-data", directory, name, ".crt", err) ||
        !append_base64(&text, "client-key-data", directory, name, ".key", err))
        return false;
    str_printf(&text,
               "contexts:\n- name: %s\n  context: {cluster: %s, user: %s}\ncurrent-context: %s\n",
               cluster, cluster, name, cluster);
    return file_write_atomic(path, text.ptr, text.length, 0600, err);
}
