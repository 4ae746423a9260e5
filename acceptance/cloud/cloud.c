#include "acceptance/cloud/cloud.h"

#include <stdlib.h>
#include <string.h>

#include "acceptance/cloud/api/retry_token.h"
#include "acceptance/cloud/auth/auth.h"
#include "acceptance/cloud/auth/token.h"
#include "acceptance/cloud/control/faults.h"
#include "acceptance/cloud/control/journal.h"
#include "acceptance/cloud/identity/identity.h"
#include "acceptance/cloud/identity/internal.h"
#include "lib/base/encoding.h"
#include "lib/base/file.h"
#include "lib/base/json.h"
#include "lib/base/vec.h"

enum { CONTROL_TOKEN_LENGTH = 32, NAMESPACE_LENGTH = 12, PREFIX_LENGTH = 4 };

/* One region is all there is. */
#define REGION     "eu-frankfurt-1"
#define REGION_KEY "FRA"

static struct store *open_store(const char *directory, struct error *err)
{
    VEC(const struct kind *) kinds = {0};
    for (const struct service *const *service = all_services; *service; service++)
        for (const struct kind *const *kind = (*service)->kinds; kind && *kind; kind++)
            vec_push(&kinds, *kind);
    vec_push(&kinds, &kind_retry_token);
    vec_push(&kinds, NULL);
    struct store *store = store_open(directory, kinds.items, err);
    vec_free(&kinds);
    return store;
}

/* --- the tenancy ---------------------------------------------------------------------------------- */

static char *new_id(const char *type)
{
    struct str id = STR_INIT;
    str_printf(&id, "ocid1.%s.oc1..", type);
    random_base32(&id, 60);
    return str_steal(&id);
}

static char *random_text(size_t length)
{
    struct str text = STR_INIT;
    random_base32(&text, length);
    return str_steal(&text);
}

static const struct object *first_user(const struct cloud *cloud)
{
    for (const struct object *one = store_first(cloud->store, &kind_user); one;
         one = store_next(cloud->store, one))
        if (one->seed)
            return one;
    return NULL;
}

static void set_names(struct cloud *cloud, const char *name_space, const char *prefix)
{
    STR_AUTO domain = STR_INIT;
    str_printf(&domain, "%s:EU-FRANKFURT-1-AD-", prefix);
    cloud->settings.namespace = mem_strdup(name_space);
    cloud->settings.ad_prefix = str_steal(&domain);
}

static bool make_tenancy(struct cloud *cloud, struct error *err)
{
    CLEANUP(free_pointer) char *name_space = random_text(NAMESPACE_LENGTH);
    CLEANUP(free_pointer) char *prefix = random_text(PREFIX_LENGTH);
    cloud->settings.tenancy = new_id("tenancy");
    set_names(cloud, name_space, prefix);
    struct call *call = cloud_begin(cloud);
    for (const struct service *const *service = all_services; *service; service++)
        if ((*service)->seed)
            (*service)->seed(call);
    struct object *tenancy = store_find(cloud->store, &kind_tenancy, cloud->settings.tenancy);
    json_set_text(tenancy->hidden, "namespace", name_space);
    json_set_text(tenancy->hidden, "prefix", prefix);
    return cloud_end(call, true, err);
}

static bool open_tenancy(struct cloud *cloud, struct error *err)
{
    const struct object *tenancy = store_first(cloud->store, &kind_tenancy);
    if (tenancy) {
        cloud->settings.tenancy = mem_strdup(tenancy->id);
        set_names(cloud, json_get_text(tenancy->hidden, "namespace"),
                  json_get_text(tenancy->hidden, "prefix"));
    } else if (!make_tenancy(cloud, err)) {
        return false;
    }
    const struct object *user = first_user(cloud);
    if (!user)
        return error_set(err, ERROR_INVALID, "the state has no initial user");
    cloud->settings.user = mem_strdup(user->id);
    return true;
}

static bool open_control_token(struct cloud *cloud, const char *directory, struct error *err)
{
    STR_AUTO path = STR_INIT;
    STR_AUTO text = STR_INIT;
    str_printf(&path, "%s/control-token", directory);
    if (file_exists(str_text(&path))) {
        if (!file_read(str_text(&path), 1024, &text, err))
            return false;
    } else {
        random_base32(&text, CONTROL_TOKEN_LENGTH);
        if (!file_write_atomic(str_text(&path), text.ptr, text.length, 0600, err))
            return false;
    }
    cloud->control_token = str_steal(&text);
    return true;
}

struct cloud *cloud_open(const struct cloud_options *options, struct error *err)
{
    struct cloud *cloud = mem_calloc(1, sizeof(*cloud));
    cloud->settings = (struct settings){.region = REGION,
                                        .region_key = REGION_KEY,
                                        .realm = "oc1",
                                        .domain = "oraclecloud.com",
                                        .speed = options->speed,
                                        .directory = mem_strdup(options->directory),
                                        .cluster_level = options->cluster_level};
    cloud->faults = faults_new();
    cloud->known_keys = known_keys_new();
    STR_AUTO key = STR_INIT;
    str_printf(&key, "%s/token.key", options->directory);
    if (file_make_directories(options->directory, 0700, err) &&
        (cloud->store = open_store(options->directory, err)) &&
        (cloud->authority = authority_open(options->directory, err)) &&
        (cloud->token_key = key_file_open(str_text(&key), "RSA", err)) &&
        (cloud->journal = journal_open(options->record, err)) &&
        open_control_token(cloud, options->directory, err) && open_tenancy(cloud, err))
        return cloud;
    cloud_free(cloud);
    return NULL;
}

void cloud_free(struct cloud *cloud)
{
    if (!cloud)
        return;
    const char *const owned[] = {cloud->settings.tenancy,   cloud->settings.user,
                                 cloud->settings.namespace, cloud->settings.ad_prefix,
                                 cloud->settings.url,       cloud->settings.directory};
    for (size_t i = 0; i < ARRAY_LENGTH(owned); i++)
        free((void *)(uintptr_t)owned[i]);
    store_close(cloud->store);
    authority_free(cloud->authority);
    EVP_PKEY_free(cloud->token_key);
    known_keys_free(cloud->known_keys);
    faults_free(cloud->faults);
    journal_free(cloud->journal);
    free(cloud->control_token);
    free(cloud);
}

/* --- what clients read ---------------------------------------------------------------------------- */

static bool write_file(const struct cloud *cloud, const char *name, const struct str *text,
                       struct error *err)
{
    STR_AUTO path = STR_INIT;
    str_printf(&path, "%s/%s", store_directory(cloud->store), name);
    return file_write_atomic(str_text(&path), text->ptr, text->length, 0600, err);
}

/* The key in DIRECTORY/key.pem is one of the initial user's API keys. */
static bool register_key(struct cloud *cloud, struct str *fingerprint, struct error *err)
{
    STR_AUTO path = STR_INIT;
    STR_AUTO pem = STR_INIT;
    STR_AUTO id = STR_INIT;
    str_printf(&path, "%s/key.pem", store_directory(cloud->store));
    EVP_PKEY *key = key_file_open(str_text(&path), "RSA", err);
    if (!key)
        return false;
    public_key_fingerprint(key, fingerprint);
    public_key_pem(key, &pem);
    EVP_PKEY_free(key);
    str_printf(&id, "%s/%s/%s", cloud->settings.tenancy, cloud->settings.user,
               str_text(fingerprint));
    if (store_find(cloud->store, &kind_api_key, str_text(&id)))
        return true;
    struct call *call = cloud_begin(cloud);
    struct object *added = api_key_add(call, cloud->settings.user, str_text(&pem));
    if (added)
        added->seed = true;
    return cloud_end(call, added != NULL, err);
}

static bool write_config(const struct cloud *cloud, const char *fingerprint, struct error *err)
{
    STR_AUTO text = STR_INIT;
    const char *directory = store_directory(cloud->store);
    str_printf(&text,
               "[DEFAULT]\nuser=%s\nfingerprint=%s\ntenancy=%s\nregion=%s\nkey_file=%s/key.pem\n",
               cloud->settings.user, fingerprint, cloud->settings.tenancy, cloud->settings.region,
               directory);
    str_printf(&text,
               "\n[SESSION]\ntenancy=%s\nregion=%s\nkey_file=%s/session.key\n"
               "security_token_file=%s/session.token\n",
               cloud->settings.tenancy, cloud->settings.region, directory, directory);
    return write_file(cloud, "config", &text, err);
}

static void append_overrides(struct str *text, const char *url)
{
    static const char *const clients[] = {
        "oci_identity.IdentityClient",
        "oci_core.VirtualNetworkClient",
        "oci_core.ComputeClient",
        "oci_work_requests.WorkRequestClient",
        "oci_containerengine.ContainerEngineClient",
        "oci_artifacts.ArtifactsClient",
        "oci_object_storage.ObjectStorageClient",
        "oci_logging.LoggingManagementClient",
        "oci_database.DatabaseClient",
        "oci_psql.PostgresqlClient",
    };
    for (size_t i = 0; i < ARRAY_LENGTH(clients); i++)
        str_printf(text, "%s%s=%s", i ? ";" : "", clients[i], url);
}

/*
 * Our provider and oracle/oci find the emulator by CLIENT_HOST_OVERRIDES; Oracle's SDKs, and the one
 * client of oracle/oci that cannot be overridden, by the proxy.
 */
static bool write_env(const struct cloud *cloud, const char *url, struct error *err)
{
    const char *directory = store_directory(cloud->store), *port = strrchr(url, ':') + 1;
    STR_AUTO text = STR_INIT;
    str_append(&text, "export CLIENT_HOST_OVERRIDES='");
    append_overrides(&text, url);
    str_append(&text, "'\n");
    static const char *const certificates[] = {"custom_cert_location", "OCI_DEFAULT_CERTS_PATH",
                                               "REQUESTS_CA_BUNDLE", "OCI_CLI_CERT_BUNDLE",
                                               "AWS_CA_BUNDLE"};
    for (size_t i = 0; i < ARRAY_LENGTH(certificates); i++)
        str_printf(&text, "export %s='%s/ca.pem'\n", certificates[i], directory);
    str_printf(&text,
               "export OCI_CONFIG_FILE='%s/config' OCI_CLI_CONFIG_FILE='%s/config'\n"
               "export OCI_CLI_PROFILE=DEFAULT\n"
               "export HTTPS_PROXY=http%s https_proxy=http%s\n"
               "export NO_PROXY=127.0.0.1,localhost,::1 no_proxy=127.0.0.1,localhost,::1\n"
               "export OCI_METADATA_BASE_URL=http%s/opc/v2\n"
               "export OCI_SDK_AUTH_CLIENT_REGION_URL=%s\n"
               "export OKESTRA_EMULATOR_URL=%s OKESTRA_EMULATOR_PORT=%s\n"
               "export OKESTRA_EMULATOR_TOKEN=%s\n",
               directory, directory, url + 5, url + 5, url + 5, url, url, port,
               cloud->control_token);
    return write_file(cloud, "env", &text, err);
}

bool cloud_publish(struct cloud *cloud, const char *url, struct error *err)
{
    STR_AUTO fingerprint = STR_INIT;
    cloud->settings.url = mem_strdup(url);
    return register_key(cloud, &fingerprint, err) &&
           write_config(cloud, str_text(&fingerprint), err) && write_env(cloud, url, err) &&
           auth_publish(cloud, err);
}
