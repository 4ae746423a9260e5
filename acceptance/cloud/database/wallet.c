#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/pem.h>

#include "acceptance/cloud/database/database.h"
#include "acceptance/cloud/database/zip.h"
#include "lib/base/json.h"

/* A new private key, encrypted under the password. */
static bool append_key(const char *password, struct str *pem)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    BIO *text = BIO_new(BIO_s_mem());
    bool ok = key && text &&
              PEM_write_bio_PKCS8PrivateKey(text, key, EVP_aes_256_cbc(), password,
                                            (int)strlen(password), NULL, NULL);
    char *data;
    long length = ok ? BIO_get_mem_data(text, &data) : 0;
    if (ok)
        str_append_bytes(pem, data, (size_t)length);
    BIO_free(text);
    EVP_PKEY_free(key);
    return ok;
}

/* One alias for each service of the database. */
static void append_names(const struct object *database, struct str *names)
{
    static const char *const services[] = {"high", "medium", "low"};
    const json_t *strings = json_object_get(database->body, "connectionStrings");
    for (size_t i = 0; i < ARRAY_LENGTH(services); i++) {
        struct slice rest = slice_from(json_get_text(strings, services[i])), host, port;
        bool found;
        rest = slice_cut(rest, ':', &host, &found);
        rest = slice_cut(rest, '/', &port, &found);
        str_printf(names,
                   "%s_%s = (description= (retry_count=20)(retry_delay=3)(address=(protocol=tcps)"
                   "(port=%.*s)(host=%.*s))(connect_data=(service_name=%.*s))"
                   "(security=(ssl_server_dn_match=yes)))\n\n",
                   object_text(database, "dbName"), services[i], (int)port.length, port.ptr,
                   (int)host.length, host.ptr, (int)rest.length, rest.ptr);
    }
}

bool wallet_reply(struct call *call, const struct object *database, const char *password)
{
    static const char sqlnet[] = "WALLET_LOCATION = (SOURCE = (METHOD = file) (METHOD_DATA = "
                                 "(DIRECTORY=\"?/network/admin\")))\n"
                                 "SSL_SERVER_DN_MATCH=yes\n";
    static const char jdbc[] =
        "oracle.net.wallet_location=(SOURCE=(METHOD=FILE)(METHOD_DATA=(DIRECTORY=${TNS_ADMIN})))\n";
    static const char readme[] =
        "Files for clients of an autonomous database. Keep them like a password.\n";
    STR_AUTO names = STR_INIT;
    STR_AUTO key = STR_INIT;
    STR_AUTO zip = STR_INIT;
    append_names(database, &names);
    if (!append_key(password, &key))
        return call_fail(call, 500, "InternalServerError", "No key could be made for the wallet");
    const struct zip_file files[] = {
        {"README", readme, sizeof(readme) - 1},       {"ewallet.pem", key.ptr, key.length},
        {"ojdbc.properties", jdbc, sizeof(jdbc) - 1}, {"sqlnet.ora", sqlnet, sizeof(sqlnet) - 1},
        {"tnsnames.ora", names.ptr, names.length},
    };
    zip_append(&zip, files, ARRAY_LENGTH(files), call->now_ms);
    return call_reply_bytes(call, 200, "application/octet-stream", zip.ptr, zip.length);
}
