/* Private key parsing on any text, with and without a passphrase. */
#include <stdint.h>

#include "lib/oci/key.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ERROR_AUTO(err);
    const char *passphrase = size && data[0] % 2 ? "passphrase" : NULL;
    struct oci_key *key = oci_key_parse((const char *)data, size, passphrase, "input", &err);
    oci_key_free(key);
    return 0;
}
