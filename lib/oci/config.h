/*
 * The OCI config file (~/.oci/config): an INI file with profiles; every profile inherits from
 * [DEFAULT]. Keys are case-insensitive, profile names are not. Lines that start with "#" or ";" are
 * comments; a value keeps everything after the first "=" or ":" but white space at its ends. The
 * last of two equal keys counts. Lines of any other form are skipped with a warning, as the official
 * clients do.
 */
#ifndef OKESTRA_OCI_CONFIG_H
#define OKESTRA_OCI_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/base/error.h"

enum {
    OCI_CONFIG_FILE_LIMIT = 256 * 1024,
    OCI_CONFIG_LINE_LIMIT = 16 * 1024,
    OCI_CONFIG_PROFILE_LIMIT = 1000,
    OCI_CONFIG_KEY_LIMIT = 200, /* keys of one profile */
};

#define OCI_CONFIG_DEFAULT_PROFILE "DEFAULT"

struct oci_config;

/* Errors name `path` and the line, never a value. Accepts a UTF-8 byte order mark and CRLF. */
struct oci_config *oci_config_parse(const char *path, const char *text, size_t length,
                                    struct error *err);
struct oci_config *oci_config_read(const char *path, struct error *err);
void oci_config_free(struct oci_config *config); /* wipes the values */

bool oci_config_has_profile(const struct oci_config *config, const char *profile);
/* The profile's own value, else DEFAULT's, else NULL. Empty values count as absent. Borrowed. */
const char *oci_config_get(const struct oci_config *config, const char *profile, const char *key);
/* Profile names in file order; NULL after the last. */
const char *oci_config_profile_at(const struct oci_config *config, size_t index);
const char *oci_config_path(const struct oci_config *config);

#endif
