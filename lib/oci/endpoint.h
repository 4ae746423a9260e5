/*
 * Services and where they are.
 *
 * An endpoint is "<origin><base path>". The origin comes from the first of: the `endpoints` map of
 * the caller, CLIENT_HOST_OVERRIDES (looked up as TF_VAR_…, OCI_…, bare; "client=host" separated by
 * ";"), the host template of the service with region and realm domain (domain_name_override
 * replaces the domain). The base path is always appended.
 */
#ifndef OKESTRA_OCI_ENDPOINT_H
#define OKESTRA_OCI_ENDPOINT_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/base/error.h"
#include "lib/base/str.h"
#include "lib/oci/region.h"

enum oci_service {
    OCI_IDENTITY,
    OCI_CORE, /* virtual network */
    OCI_COMPUTE,
    OCI_COMPUTE_MANAGEMENT,
    OCI_BLOCK_STORAGE,
    OCI_WORK_REQUESTS, /* the common ones, on the host of core */
    OCI_CONTAINER_ENGINE,
    OCI_ARTIFACTS,
    OCI_OBJECT_STORAGE, /* no base path: "/n/…" */
    OCI_DATABASE,
    OCI_POSTGRESQL,
    OCI_LOGGING,
    OCI_MONITORING,
    OCI_LOAD_BALANCER,
    OCI_NETWORK_LOAD_BALANCER,
    OCI_SEARCH,
    OCI_LIMITS, /* no base path: the version is in each path */
    OCI_VAULTS,
    OCI_KMS, /* no base path */
    OCI_BASTION,
    OCI_DNS,
    OCI_SERVICE_COUNT
};

/* Name in the `endpoints` map: "identity", "core", "container_engine", … */
const char *oci_service_name(enum oci_service service);
/* -1 when unknown. */
int oci_service_from_name(const char *name);
/* Name in CLIENT_HOST_OVERRIDES: "oci_core.VirtualNetworkClient", … */
const char *oci_service_client(enum oci_service service);
const char *oci_service_base_path(enum oci_service service);

/* Overrides of one client. Immutable after oci_endpoints_new(), so thread-safe. */
struct oci_endpoints;

struct oci_endpoint_setting {
    const char *service; /* a name of oci_service_name(), or "default" for all that are not named */
    const char *url;     /* "https://host[:port]", "http://…", or a bare host (then https) */
};

struct oci_endpoint_options {
    const struct oci_endpoint_setting *settings;
    size_t setting_count;
    const char *client_host_overrides; /* the text of CLIENT_HOST_OVERRIDES; NULL: environment */
    const char *domain_name_override;  /* NULL: environment */
};

/* NULL and err when a setting names no service or its URL has a path, query or user. Items of
 * client_host_overrides that have another form or name unknown clients are skipped, as the official
 * provider does. */
struct oci_endpoints *oci_endpoints_new(const struct oci_endpoint_options *options,
                                        struct error *err);
void oci_endpoints_free(struct oci_endpoints *endpoints);

bool oci_endpoints_overridden(const struct oci_endpoints *endpoints, enum oci_service service);
/* Appends "https://host" without base path. region may be NULL when the service is overridden;
 * otherwise ERROR_INVALID. */
bool oci_endpoints_origin(const struct oci_endpoints *endpoints, enum oci_service service,
                          const struct oci_region *region, struct str *out, struct error *err);

#endif
