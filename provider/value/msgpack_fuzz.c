/* Values of several types from any bytes; what decodes must encode and decode to the same value, and
 * the second encoding must be the first. */
#include <stdint.h>
#include <stdlib.h>

#include "provider/value/msgpack.h"
#include "provider/value/value_json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const types[] = {
    "\"dynamic\"",
    "\"string\"",
    "\"number\"",
    "[\"list\",[\"map\",\"number\"]]",
    "[\"set\",[\"object\",{\"a\":\"string\",\"b\":[\"set\",\"number\"]}]]",
    "[\"map\",\"dynamic\"]",
    "[\"tuple\",[\"bool\",[\"list\",\"string\"],\"dynamic\"]]",
    ("[\"object\",{\"id\":\"string\",\"name\":\"string\",\"size\":\"number\","
     "\"tags\":[\"map\",\"string\"],"
     "\"rules\":[\"list\",[\"object\",{\"min\":\"number\",\"on\":\"bool\"}]]}]"),
};

static void round_trip(struct arena *arena, const struct type *type, const struct value *value)
{
    ERROR_AUTO(err);
    STR_AUTO first = STR_INIT;
    msgpack_encode(type, value, &first);
    struct slice bytes = {first.ptr, first.length};
    const struct value *back = msgpack_decode(arena, type, bytes, &err);
    if (!back || !value_equal(type, value, back) || value_compare(value, back) != 0)
        abort();
    STR_AUTO second = STR_INIT;
    msgpack_encode(type, back, &second);
    if (!slice_equal(bytes, (struct slice){second.ptr, second.length}))
        abort();
}

static void use(struct arena *arena, const struct type *type, const struct value *value)
{
    if (!value_equal(type, value, value_copy(arena, value)))
        abort();
    STR_AUTO text = STR_INIT;
    value_print(value, &text);
    const struct value *known = value_unknowns_to_null(arena, value);
    ERROR_AUTO(err);
    STR_AUTO json = STR_INIT;
    if (!value_is_wholly_known(known) || !value_json_encode(type, known, &json, &err))
        abort();
    const struct value *back = value_json_decode(arena, type, VALUE_JSON_STRICT,
                                                 (struct slice){json.ptr, json.length}, &err);
    if (!back || !value_equal(type, known, back))
        abort();
}

/* The first byte chooses the type. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    ARENA_AUTO arena = arena_new();
    ERROR_AUTO(err);
    const struct type *type =
        type_json_decode(arena, slice_from(types[data[0] % ARRAY_LENGTH(types)]), &err);
    if (!type)
        abort();
    struct slice bytes = {(const char *)data + 1, size - 1};
    const struct value *value = msgpack_decode(arena, type, bytes, &err);
    if (!value != error_is_set(&err))
        abort();
    /* Each byte makes at most one value, entry, or piece of a type; all grow by a small factor. */
    if (arena_used(arena) > 16384 + size * 1024)
        abort();
    if (value) {
        round_trip(arena, type, value);
        use(arena, type, value);
    }
    return 0;
}
