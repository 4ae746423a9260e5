/* Names of node images, any bytes: parts lie within the name, numbers are not negative. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "provider/oci/node_image.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *name = mem_strndup((const char *)data, size);
    struct node_image image;
    if (node_image_parse(name, &image)) {
        const char *end = name + strlen(name);
        if (image.system.ptr != name ||
            image.system_version.ptr + image.system_version.length > end || image.date < 0 ||
            image.build < 0 || node_image_compare(&image, &image) != 0)
            abort();
    }
    node_image_version_valid(name);
    shape_name_is_aarch64(name);
    free(name);
    return 0;
}
