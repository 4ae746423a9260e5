/* The OCI config file parser on any bytes; every profile and key it reports must be readable. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/oci/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const keys[] = {"user", "key_file", "pass_phrase", "region", ""};
    ERROR_AUTO(err);
    struct oci_config *config = oci_config_parse("input", (const char *)data, size, &err);
    if (!config)
        return 0;
    const char *profile;
    for (size_t i = 0; (profile = oci_config_profile_at(config, i)); i++) {
        if (!oci_config_has_profile(config, profile))
            abort();
        for (size_t k = 0; k < ARRAY_LENGTH(keys); k++) {
            const char *value = oci_config_get(config, profile, keys[k]);
            if (value && (strchr(value, '\n') || strlen(value) > OCI_CONFIG_LINE_LIMIT))
                abort();
        }
    }
    oci_config_free(config);
    return 0;
}
