/* The provider block, and the client that it makes. */
#include "provider/oci/provider.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/oci/endpoint.h"
#include "lib/oci/ocid.h"
#include "lib/oci/oke_token.h"
#include "provider/kube/clusters.h"
#include "provider/oci/client.h"
#include "provider/oci/cluster_access.h"
#include "provider/oci/registry.h"
#include "provider/oci/validate.h"

enum { MOST_IGNORED_TAGS = 100 };

/* OCI puts these on everything in tenancies that have its standard tag defaults. */
static const char *const automatic_tags[] = {"Oracle-Tags.CreatedBy", "Oracle-Tags.CreatedOn"};

static const char *const auth_kinds[] = {
    "ApiKey", "SecurityToken", "InstancePrincipal", "ResourcePrincipal", "OKEWorkloadIdentity",
    NULL};

static const struct attribute attributes[] = {
    {.name = "auth",
     .flags = OPTIONAL,
     .one_of = auth_kinds,
     .one_of_any_case = true,
     .doc = "How to authenticate: `ApiKey` (the default), `SecurityToken`, `InstancePrincipal`, "
            "`ResourcePrincipal` or `OKEWorkloadIdentity`."},
    {.name = "tenancy_ocid",
     .flags = OPTIONAL,
     .validate = validate_ocid,
     .validate_with = "tenancy",
     .doc = "OCID of the tenancy."},
    {.name = "user_ocid",
     .flags = OPTIONAL,
     .validate = validate_ocid,
     .validate_with = "user",
     .doc = "OCID of the user that the API key belongs to."},
    {.name = "fingerprint",
     .flags = OPTIONAL,
     .validate = validate_fingerprint,
     .doc = "Fingerprint of the API key."},
    {.name = "private_key",
     .flags = OPTIONAL | SENSITIVE,
     .doc = "The API key itself, as PEM text. Better keep it in a file: see `private_key_path`."},
    {.name = "private_key_path", .flags = OPTIONAL, .doc = "File with the API key in PEM."},
    {.name = "private_key_password",
     .flags = OPTIONAL | SENSITIVE,
     .doc = "Passphrase of the API key, when it is encrypted."},
    {.name = "region",
     .flags = OPTIONAL,
     .doc = "Region, as name or key: `eu-frankfurt-1` or `fra`.",
     .sample = "\"eu-frankfurt-1\""},
    {.name = "config_file_profile",
     .flags = OPTIONAL,
     .doc = "Profile of the OCI configuration file. Default: `DEFAULT`."},
    {.name = "config_file",
     .flags = OPTIONAL,
     .doc = "The OCI configuration file. Default: `OCI_CONFIG_FILE`, then `~/.oci/config`."},
    {.name = "custom_cert_location",
     .flags = OPTIONAL,
     .doc = "PEM file with certificates of authorities to trust instead of the system's."},
    {.name = "disable_auto_retries",
     .kind = ATTRIBUTE_BOOL,
     .flags = OPTIONAL,
     .doc = "Take the first answer, even when it is a temporary refusal."},
    {.name = "retry_duration_seconds",
     .kind = ATTRIBUTE_INTEGER,
     .flags = OPTIONAL,
     .doc = "How long temporary refusals are retried. Default: as long as makes sense for each; "
            "negative: until the operation times out."},
    {.name = "ignore_defined_tags",
     .kind = ATTRIBUTE_STRING_LIST,
     .flags = OPTIONAL,
     .max_items = MOST_IGNORED_TAGS,
     .doc = "Defined tags, as `namespace.key`, that others put on objects: they never show up in "
            "plans and are kept. `Oracle-Tags.CreatedBy` and `Oracle-Tags.CreatedOn` always are.",
     .sample = "[\"Operations.CostCenter\"]"},
    {.name = "endpoints",
     .kind = ATTRIBUTE_STRING_MAP,
     .flags = OPTIONAL,
     .doc = "Other places for services, as `service = \"https://host[:port]\"`; `default` stands "
            "for all that are not named. Services: `identity`, `core`, `container_engine`, "
            "`artifacts`, `object_storage`, `logging`, `database`, `postgresql` and others.",
     .sample = "{ core = \"https://localhost:8443\" }"},
    KUBE_PROVIDER_ATTRIBUTE,
    {.name = NULL},
};

static void validate_provider(const struct value *config, struct diagnostics *diagnostics,
                              struct arena *arena)
{
    const struct value *endpoints = value_get(config, "endpoints");
    const struct path *path = path_attribute(arena, NULL, "endpoints");
    if (!value_is_known(endpoints))
        return;
    for (size_t i = 0; i < value_count(endpoints); i++) {
        const char *service = endpoints->map.entries[i].key.ptr;
        const char *names[OCI_SERVICE_COUNT];
        if (text_equal(service, "default") || oci_service_from_name(service) >= 0)
            continue;
        for (int s = 0; s < OCI_SERVICE_COUNT; s++)
            names[s] = oci_service_name((enum oci_service)s);
        const char *nearest = text_nearest(service, names, OCI_SERVICE_COUNT);
        diagnostics_error(diagnostics, path_key(arena, path, service), "Unknown service",
                          "There is no service \"%s\".%s%s%s", service,
                          nearest ? " Did you mean \"" : "", nearest ? nearest : "",
                          nearest ? "\"?" : "");
    }
}

/* --- the client --------------------------------------------------------------------------------- */

static size_t read_endpoints(const struct value *map, struct oci_endpoint_setting *settings)
{
    size_t count = 0;
    for (size_t i = 0; value_is_known(map) && i < value_count(map); i++)
        settings[count++] = (struct oci_endpoint_setting){map->map.entries[i].key.ptr,
                                                          value_text(map->map.entries[i].value)};
    return count;
}

static void read_ignored_tags(const struct value *list, struct provider_client *client)
{
    size_t count = value_is_known(list) ? value_count(list) : 0;
    client->ignored_tags = mem_calloc(count + ARRAY_LENGTH(automatic_tags), sizeof(char *));
    for (size_t i = 0; i < ARRAY_LENGTH(automatic_tags); i++)
        client->ignored_tags[client->ignored_tag_count++] = mem_strdup(automatic_tags[i]);
    for (size_t i = 0; i < count; i++) {
        const char *name = value_text(value_item(list, i));
        if (name)
            client->ignored_tags[client->ignored_tag_count++] = mem_strdup(name);
    }
}

static void free_client(void *pointer)
{
    struct provider_client *client = pointer;
    if (!client)
        return;
    kube_clusters_free(client->clusters);
    oci_client_free(client->oci);
    for (size_t i = 0; i < client->ignored_tag_count; i++)
        free(client->ignored_tags[i]);
    free(client->ignored_tags);
    free(client);
}

static int64_t retry_ms(const struct value *config)
{
    int64_t seconds = 0;
    value_as_integer(value_get(config, "retry_duration_seconds"), &seconds);
    return seconds < 0 ? -1 : seconds * 1000;
}

static bool find_cluster(struct operation *op, const char *cluster_id, struct kube_config *config,
                         struct error *err)
{
    struct cluster_access access;
    if (!cluster_access_find(op, &(struct cluster_access_query){.cluster_id = cluster_id}, &access,
                             err))
        return false;
    config->server = arena_strdup(config->arena, access.server);
    config->ca = arena_strdup(config->arena, access.authority);
    return true;
}

static bool make_cluster_token(void *context, const char *cluster_id, struct str *token,
                               int64_t *expires_ms, struct cancel *cancel, struct error *err)
{
    struct ocid ocid;
    if (!ocid_parse(cluster_id, &ocid, err))
        return false;
    CLEANUP(free_pointer)
    char *region = ocid.region.length ? mem_strndup(ocid.region.ptr, ocid.region.length) : NULL;
    return oci_oke_token(context, cluster_id, region, cancel, token, expires_ms, err);
}

static bool configure(const struct value *config, const char *terraform_version, void **pointer,
                      struct error *err)
{
    ARENA_AUTO arena = arena_new();
    const struct value *endpoints = value_get(config, "endpoints");
    struct oci_endpoint_setting *settings =
        arena_array(arena, struct oci_endpoint_setting, value_count(endpoints));
#define TEXT(name) value_text(value_get(config, name))
    const struct oci_client_options options = {
        .settings = {.auth = TEXT("auth"),
                     .tenancy_ocid = TEXT("tenancy_ocid"),
                     .user_ocid = TEXT("user_ocid"),
                     .fingerprint = TEXT("fingerprint"),
                     .private_key = TEXT("private_key"),
                     .private_key_path = TEXT("private_key_path"),
                     .private_key_password = TEXT("private_key_password"),
                     .region = TEXT("region"),
                     .config_file = TEXT("config_file"),
                     .config_file_profile = TEXT("config_file_profile")},
        .endpoints = settings,
        .endpoint_count = read_endpoints(endpoints, settings),
        .ca_file = TEXT("custom_cert_location"),
        .user_agent = arena_printf(arena, "terraform-provider-oke/" OKESTRA_VERSION " terraform/%s",
                                   text_empty(terraform_version) ? "unknown" : terraform_version),
        .disable_retries = value_as_bool(value_get(config, "disable_auto_retries"), false),
        .retry_ms = retry_ms(config),
    };
#undef TEXT
    struct provider_client *client = mem_calloc(1, sizeof(*client));
    client->oci = oci_client_new(&options, err);
    if (!client->oci) {
        free_client(client);
        return false;
    }
    read_ignored_tags(value_get(config, "ignore_defined_tags"), client);
    const struct kube_cluster_source source = {find_cluster, make_cluster_token, client->oci};
    client->clusters =
        kube_clusters_new(value_get(config, "kubernetes"), &source, options.user_agent);
    *pointer = client;
    return true;
}

const struct provider oke_provider = {
    .name = "oke",
    .version = OKESTRA_VERSION,
    .summary = "Oracle Cloud Infrastructure, with an eye to Kubernetes (OKE).",
    .description =
        "Credentials are taken from the provider block, then from the environment "
        "(`TF_VAR_<name>`, `OCI_<NAME>`), then from the OCI configuration file, as the OCI command "
        "line has them. Types and arguments are named as in Oracle's provider, so that a "
        "configuration moves over by renaming `oci_…` types and a `moved` block.\n"
        "\n"
        "What is written as a block is an attribute to Terraform, so that OCI's own choice can "
        "stand in "
        "the state. One thing follows: a `dynamic` block works directly in a resource, but inside "
        "another "
        "block it cannot refer to variables or other resources. Write such a list as an attribute "
        "there, "
        "`placement_configs = [for … : { … }]`, with all members, those that are not used as "
        "`null`.",
    .attributes = attributes,
    .resources = oke_resources,
    .data_sources = oke_data_sources,
    .ephemerals = oke_ephemerals,
    .functions = oke_functions,
    .actions = oke_actions,
    .validate = validate_provider,
    .configure = configure,
    .client_free = free_client,
};
