/* YAML from any bytes: what is read is JSON within the limits. */
#include <stdint.h>
#include <stdlib.h>

#include "lib/base/json.h"
#include "lib/base/yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ERROR_AUTO(err);
    STR_AUTO text = STR_INIT;
    if (yaml_to_json((struct slice){(const char *)data, size}, &text, &err) == error_is_set(&err))
        abort();
    if (error_is_set(&err))
        return text.length ? abort(), 0 : 0;
    /* A number may be too large and a text may hold NUL for this reader, nothing else. */
    json_error_t why;
    json_t *json =
        json_loadb(text.ptr, text.length,
                   JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL, &why);
    if (!json && json_error_code(&why) != json_error_numeric_overflow)
        abort();
    json_decref(json);
    return 0;
}
