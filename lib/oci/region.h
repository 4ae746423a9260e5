/*
 * Regions and realms. Built-in table first, then OCI_REGION_METADATA (one JSON object with
 * realmKey, realmDomainComponent, regionKey, regionIdentifier), then ~/.oci/regions-config.json (an
 * array of the same). An unknown region gets the domain in OCI_DEFAULT_REALM, or that of oc1.
 */
#ifndef OKESTRA_OCI_REGION_H
#define OKESTRA_OCI_REGION_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/base/compiler.h"
#include "lib/base/error.h"

enum { OCI_REGION_FILE_LIMIT = 256 * 1024, OCI_REGION_NAME_LIMIT = 128 };

struct oci_region {
    char *name;   /* "us-phoenix-1" */
    char *key;    /* "phx"; equal to name when unknown */
    char *realm;  /* "oc1"; "" when unknown */
    char *domain; /* "oraclecloud.com" */
    bool known;
};

#define OCI_REGION_INIT                                                                            \
    {                                                                                              \
        NULL, NULL, NULL, NULL, false                                                              \
    }
#define OCI_REGION_AUTO(name) CLEANUP(oci_region_free) struct oci_region name = OCI_REGION_INIT

/* `text` is a region name or key in any case. Fails only on text that cannot be part of a host name
 * and on unreadable metadata. Release with oci_region_free(). */
bool oci_region_resolve(const char *text, struct oci_region *region, struct error *err);
/* From region metadata as the instance metadata service gives it (/instance/regionInfo). */
bool oci_region_from_metadata(const char *json, struct oci_region *region, struct error *err);
void oci_region_free(struct oci_region *region);
void oci_region_copy(struct oci_region *to, const struct oci_region *from);

/* Built-in names, for validation and "did you mean". NULL after the last. */
const char *oci_region_name_at(size_t index);

#endif
