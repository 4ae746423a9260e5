/* JSON from any bytes, as values of several types, as types and by its own shape; what decodes must
 * encode and decode to the same. */
#include <stdint.h>
#include <stdlib.h>

#include "provider/value/value_json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const types[] = {
    "\"dynamic\"",
    "\"string\"",
    "\"number\"",
    "[\"list\",[\"map\",\"bool\"]]",
    "[\"set\",[\"tuple\",[\"number\",[\"set\",\"string\"]]]]",
    "[\"map\",\"dynamic\"]",
    ("[\"object\",{\"id\":\"string\",\"size\":\"number\",\"on\":\"bool\","
     "\"tags\":[\"map\",\"string\"],\"rules\":[\"list\",[\"object\",{\"min\":\"number\"}]]}]"),
};

static void check_value(struct arena *arena, const struct type *type, enum value_json_mode mode,
                        struct slice json)
{
    ERROR_AUTO(err);
    const struct value *value = value_json_decode(arena, type, mode, json, &err);
    if (!value != error_is_set(&err))
        abort();
    if (!value)
        return;
    STR_AUTO out = STR_INIT;
    if (!value_json_encode(type, value, &out, &err))
        abort();
    const struct value *back = value_json_decode(arena, type, VALUE_JSON_STRICT,
                                                 (struct slice){out.ptr, out.length}, &err);
    if (!back || !value_equal(type, value, back))
        abort();
}

static void check_shape(struct arena *arena, struct slice json)
{
    ERROR_AUTO(err);
    const struct value *value = value_json_decode_any(arena, json, &err);
    if (!value)
        return;
    STR_AUTO out = STR_INIT;
    if (!value_json_encode(NULL, value, &out, &err))
        abort();
    const struct value *back =
        value_json_decode_any(arena, (struct slice){out.ptr, out.length}, &err);
    if (!back || !value_equal(NULL, value, back) || value_compare(value, back) != 0)
        abort();
}

static void check_type(struct arena *arena, struct slice json)
{
    ERROR_AUTO(err);
    const struct type *type = type_json_decode(arena, json, &err);
    if (!type)
        return;
    STR_AUTO out = STR_INIT;
    type_json_encode(type, &out);
    const struct type *back = type_json_decode(arena, (struct slice){out.ptr, out.length}, &err);
    if (!back || !type_equal(type, back) || !type_equal(type, type_copy(arena, type)))
        abort();
}

/* The first byte chooses the type and the mode. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    ARENA_AUTO arena = arena_new();
    ERROR_AUTO(err);
    struct slice json = {(const char *)data + 1, size - 1};
    const char *chosen = types[(data[0] & 127) % ARRAY_LENGTH(types)];
    const struct type *type = type_json_decode(arena, slice_from(chosen), &err);
    if (!type)
        abort();
    check_value(arena, type, data[0] & 128 ? VALUE_JSON_STATE : VALUE_JSON_STRICT, json);
    check_shape(arena, json);
    check_type(arena, json);
    return 0;
}
