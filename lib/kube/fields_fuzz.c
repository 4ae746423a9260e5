/* An object and a tree of fields from any bytes, two documents with a line between: selecting ends, and
 * what comes out is within the object. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/json.h"
#include "lib/kube/fields.h"
#include "lib/kube/ready.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *line = memchr(data, '\n', size);
    size_t first = line ? (size_t)(line - data) : size;
    ERROR_AUTO(err);
    JSON_AUTO object = json_parse((const char *)data, first, &err);
    error_reset(&err);
    JSON_AUTO fields = line ? json_parse((const char *)line + 1, size - first - 1, &err) : NULL;
    if (!json_is_object(object))
        return 0;
    JSON_AUTO selected = kube_fields_select(object, json_is_object(fields) ? fields : NULL);
    JSON_AUTO overlap = kube_fields_overlap(object, selected, fields);
    if (!json_is_object(selected) || !json_is_object(overlap))
        abort();
    STR_AUTO why = STR_INIT;
    if (kube_ready(object, &why) != KUBE_DONE && !why.length)
        abort();
    return 0;
}
