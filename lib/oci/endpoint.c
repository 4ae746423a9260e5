#include "lib/oci/endpoint.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/base/log.h"
#include "lib/net/url.h"
#include "lib/oci/settings.h"

/* "{r}" is the region, "{d}" the domain of its realm. */
static const struct service {
    const char *name, *client, *host, *base_path;
    bool dotted_region; /* a region text with a dot stands for "region.domain" */
} services[OCI_SERVICE_COUNT] = {
    [OCI_IDENTITY] = {"identity", "oci_identity.IdentityClient", "identity.{r}.oci.{d}",
                      "/20160918", false},
    [OCI_CORE] = {"core", "oci_core.VirtualNetworkClient", "iaas.{r}.{d}", "/20160918", true},
    [OCI_COMPUTE] = {"compute", "oci_core.ComputeClient", "iaas.{r}.{d}", "/20160918", true},
    [OCI_COMPUTE_MANAGEMENT] = {"compute_management", "oci_core.ComputeManagementClient",
                                "iaas.{r}.{d}", "/20160918", true},
    [OCI_BLOCK_STORAGE] = {"block_storage", "oci_core.BlockstorageClient", "iaas.{r}.{d}",
                           "/20160918", true},
    [OCI_WORK_REQUESTS] = {"work_requests", "oci_work_requests.WorkRequestClient", "iaas.{r}.{d}",
                           "/20160918", false},
    [OCI_CONTAINER_ENGINE] = {"container_engine", "oci_containerengine.ContainerEngineClient",
                              "containerengine.{r}.oci.{d}", "/20180222", false},
    [OCI_ARTIFACTS] = {"artifacts", "oci_artifacts.ArtifactsClient", "artifacts.{r}.oci.{d}",
                       "/20160918", false},
    [OCI_OBJECT_STORAGE] = {"object_storage", "oci_object_storage.ObjectStorageClient",
                            "objectstorage.{r}.{d}", "", true},
    [OCI_DATABASE] = {"database", "oci_database.DatabaseClient", "database.{r}.{d}", "/20160918",
                      false},
    [OCI_POSTGRESQL] = {"postgresql", "oci_psql.PostgresqlClient", "postgresql.{r}.oci.{d}",
                        "/20220915", false},
    [OCI_LOGGING] = {"logging", "oci_logging.LoggingManagementClient", "logging.{r}.oci.{d}",
                     "/20200531", true},
    [OCI_MONITORING] = {"monitoring", "oci_monitoring.MonitoringClient", "telemetry.{r}.{d}",
                        "/20180401", false},
    [OCI_LOAD_BALANCER] = {"load_balancer", "oci_load_balancer.LoadBalancerClient", "iaas.{r}.{d}",
                           "/20170115", false},
    [OCI_NETWORK_LOAD_BALANCER] = {"network_load_balancer",
                                   "oci_network_load_balancer.NetworkLoadBalancerClient",
                                   "network-load-balancer-api.{r}.oci.{d}", "/20200501", false},
    [OCI_SEARCH] = {"search", "oci_resource_search.ResourceSearchClient", "query.{r}.oci.{d}",
                    "/20180409", false},
    [OCI_LIMITS] = {"limits", "oci_limits.LimitsClient", "limits.{r}.oci.{d}", "", false},
    [OCI_VAULTS] = {"vaults", "oci_vault.VaultsClient", "vaults.{r}.oci.{d}", "/20180608", false},
    [OCI_KMS] = {"kms", "oci_kms.KmsVaultClient", "kms.{r}.{d}", "", false},
    [OCI_BASTION] = {"bastion", "oci_bastion.BastionClient", "bastion.{r}.oci.{d}", "/20210331",
                     false},
    [OCI_DNS] = {"dns", "oci_dns.DnsClient", "dns.{r}.oci.{d}", "/20180115", false},
};

struct oci_endpoints {
    char *origins[OCI_SERVICE_COUNT]; /* NULL: from the template */
    char *domain;                     /* domain_name_override, or NULL */
};

const char *oci_service_name(enum oci_service service)
{
    return services[service].name;
}

int oci_service_from_name(const char *name)
{
    for (int i = 0; i < OCI_SERVICE_COUNT; i++)
        if (text_equal(services[i].name, name))
            return i;
    return -1;
}

const char *oci_service_client(enum oci_service service)
{
    return services[service].client;
}

const char *oci_service_base_path(enum oci_service service)
{
    return services[service].base_path;
}

/* "host", "host:port" or a URL without path, query and user; NULL and err otherwise. */
static char *origin_from(const char *text, struct error *err)
{
    STR_AUTO full = STR_INIT;
    if (!strstr(text, "://"))
        str_append(&full, "https://");
    str_append(&full, text);
    URL_AUTO(url);
    if (!url_parse(str_text(&full), &url, err))
        return NULL;
    if (url.query || strcmp(url.path, "/") != 0) {
        error_set(err, ERROR_INVALID,
                  "endpoint \"%s\" must be scheme, host and port only: the service's path is added",
                  text);
        return NULL;
    }
    struct str origin = STR_INIT;
    url_append_origin(&url, &origin);
    return str_steal(&origin);
}

static void set_origin(struct oci_endpoints *endpoints, int service, char *origin)
{
    free(endpoints->origins[service]);
    endpoints->origins[service] = origin;
}

static bool unknown_service(const char *name, struct error *err)
{
    const char *names[OCI_SERVICE_COUNT + 1];
    for (int i = 0; i < OCI_SERVICE_COUNT; i++)
        names[i] = services[i].name;
    names[OCI_SERVICE_COUNT] = "default";
    const char *near = text_nearest(name, names, ARRAY_LENGTH(names));
    STR_AUTO known = STR_INIT;
    for (size_t i = 0; i < ARRAY_LENGTH(names); i++)
        str_printf(&known, "%s%s", i ? ", " : "", names[i]);
    if (near)
        return error_set(err, ERROR_INVALID,
                         "endpoints has no service \"%s\"; did you mean \"%s\"?", name, near);
    return error_set(err, ERROR_INVALID, "endpoints has no service \"%s\"; there are %s", name,
                     str_text(&known));
}

static bool apply_default(struct oci_endpoints *endpoints,
                          const struct oci_endpoint_setting *setting, struct error *err)
{
    if (strcmp(setting->service, "default") != 0)
        return true;
    CLEANUP(free_pointer) char *origin = origin_from(setting->url, err);
    if (!origin)
        return error_wrap(err, "endpoints[\"default\"]");
    for (int i = 0; i < OCI_SERVICE_COUNT; i++)
        set_origin(endpoints, i, mem_strdup(origin));
    return true;
}

static bool apply_named(struct oci_endpoints *endpoints, const struct oci_endpoint_setting *setting,
                        struct error *err)
{
    if (strcmp(setting->service, "default") == 0)
        return true;
    int service = oci_service_from_name(setting->service);
    if (service < 0)
        return unknown_service(setting->service, err);
    char *origin = origin_from(setting->url, err);
    if (!origin)
        return error_wrap(err, "endpoints[\"%s\"]", setting->service);
    set_origin(endpoints, service, origin);
    return true;
}

static void apply_override(struct oci_endpoints *endpoints, struct slice item)
{
    bool found;
    struct slice client, host;
    struct slice rest = slice_cut(item, '=', &client, &found);
    host = slice_trim(rest);
    client = slice_trim(client);
    if (!found || host.length == 0 || memchr(host.ptr, '=', host.length))
        return;
    CLEANUP(free_pointer) char *text = mem_strndup(host.ptr, host.length);
    for (int i = 0; i < OCI_SERVICE_COUNT; i++) {
        if (!slice_equal_text(client, services[i].client))
            continue;
        ERROR_AUTO(ignored);
        char *origin = origin_from(text, &ignored);
        if (origin)
            set_origin(endpoints, i, origin);
        else
            LOG(LOG_LEVEL_WARN, "an item of CLIENT_HOST_OVERRIDES is skipped",
                {"client", services[i].client}, {"reason", error_message(&ignored)});
    }
}

static void apply_overrides(struct oci_endpoints *endpoints, const char *text)
{
    struct slice rest = slice_from(text);
    while (rest.length) {
        bool found;
        struct slice item;
        rest = slice_cut(rest, ';', &item, &found);
        apply_override(endpoints, item);
    }
}

struct oci_endpoints *oci_endpoints_new(const struct oci_endpoint_options *options,
                                        struct error *err)
{
    struct oci_endpoints *endpoints = mem_calloc(1, sizeof(*endpoints));
    const char *overrides = options->client_host_overrides
                                ? options->client_host_overrides
                                : oci_environment_exact("CLIENT_HOST_OVERRIDES");
    const char *domain = options->domain_name_override
                             ? options->domain_name_override
                             : oci_environment_exact("domain_name_override");
    endpoints->domain = text_empty(domain) ? NULL : mem_strdup(domain);
    apply_overrides(endpoints, overrides);
    bool ok = true;
    for (size_t i = 0; ok && i < options->setting_count; i++)
        ok = apply_default(endpoints, &options->settings[i], err);
    for (size_t i = 0; ok && i < options->setting_count; i++)
        ok = apply_named(endpoints, &options->settings[i], err);
    if (ok)
        return endpoints;
    oci_endpoints_free(endpoints);
    return NULL;
}

void oci_endpoints_free(struct oci_endpoints *endpoints)
{
    if (!endpoints)
        return;
    for (int i = 0; i < OCI_SERVICE_COUNT; i++)
        free(endpoints->origins[i]);
    free(endpoints->domain);
    free(endpoints);
}

bool oci_endpoints_overridden(const struct oci_endpoints *endpoints, enum oci_service service)
{
    return endpoints->origins[service] != NULL;
}

static void expand(const struct service *service, const struct oci_region *region,
                   const char *domain, struct str *out)
{
    bool dotted = service->dotted_region && strchr(region->name, '.');
    for (const char *at = service->host; *at; at++) {
        if (strncmp(at, "{r}", 3) == 0) {
            str_append(out, region->name);
            if (dotted)
                return;
            at += 2;
        } else if (strncmp(at, "{d}", 3) == 0) {
            str_append(out, domain);
            at += 2;
        } else {
            str_append_char(out, *at);
        }
    }
}

bool oci_endpoints_origin(const struct oci_endpoints *endpoints, enum oci_service service,
                          const struct oci_region *region, struct str *out, struct error *err)
{
    if (endpoints->origins[service]) {
        str_append(out, endpoints->origins[service]);
        return true;
    }
    if (!region)
        return error_set(err, ERROR_INVALID,
                         "no region is set and no endpoint is given for service %s",
                         services[service].name);
    str_append(out, "https://");
    expand(&services[service], region, endpoints->domain ? endpoints->domain : region->domain, out);
    return true;
}
