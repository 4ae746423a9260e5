/* YAML from any bytes: what is read is a value within the limits that can be written as JSON. */
#include <stdint.h>
#include <stdlib.h>

#include "provider/value/value_json.h"
#include "provider/value/value_yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ARENA_AUTO arena = arena_new();
    ERROR_AUTO(err);
    const struct value *documents =
        value_yaml_decode(arena, (struct slice){(const char *)data, size}, &err);
    if (!documents != error_is_set(&err))
        abort();
    if (!documents)
        return 0;
    STR_AUTO out = STR_INIT;
    if (documents->kind != VALUE_LIST || !value_is_wholly_known(documents) ||
        !value_json_encode(NULL, documents, &out, &err))
        abort();
    return 0;
}
