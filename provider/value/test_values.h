/* Types and values from text, for tests. What cannot be read fails the test. */
#ifndef OKESTRA_PROVIDER_VALUE_TEST_VALUES_H
#define OKESTRA_PROVIDER_VALUE_TEST_VALUES_H

#include <stdlib.h>
#include <string.h>

#include "lib/base/test.h"
#include "provider/value/value_json.h"

static inline const struct type *type_of(struct arena *arena, const char *json)
{
    ERROR_AUTO(err);
    const struct type *type = type_json_decode(arena, slice_from(json), &err);
    if (!type)
        fail_msg("type %s: %s", json, error_message(&err));
    return type;
}

/* The value of JSON text; every string "?" becomes unknown, "?!" unknown but not null. */
static inline const struct value *with_unknowns(struct arena *arena, const struct value *value)
{
    static const struct value not_null = {.kind = VALUE_UNKNOWN, .unknown = {.not_null = true}};
    size_t count = value_count(value);
    if (value->kind == VALUE_STRING && slice_equal_text(value->text, "?"))
        return &value_unknown;
    if (value->kind == VALUE_STRING && slice_equal_text(value->text, "?!"))
        return &not_null;
    if (value->kind == VALUE_LIST) {
        const struct value **items = arena_array(arena, const struct value *, count);
        for (size_t i = 0; i < count; i++)
            items[i] = with_unknowns(arena, value->list.items[i]);
        return value_list(arena, items, count);
    }
    if (value->kind == VALUE_MAP) {
        struct value_entry *entries = arena_array(arena, struct value_entry, count);
        for (size_t i = 0; i < count; i++)
            entries[i] = (struct value_entry){value->map.entries[i].key,
                                              with_unknowns(arena, value->map.entries[i].value)};
        return value_map(arena, entries, count);
    }
    return value;
}

static inline const struct value *value_of(struct arena *arena, const char *json)
{
    ERROR_AUTO(err);
    const struct value *value = value_json_decode_any(arena, slice_from(json), &err);
    if (!value)
        fail_msg("value %s: %s", json, error_message(&err));
    return with_unknowns(arena, value);
}

static inline const char *printed(struct arena *arena, const struct value *value)
{
    STR_AUTO text = STR_INIT;
    value_print(value, &text);
    return str_copy_to(&text, arena);
}

/* Exactly as long as the bytes, so that the address sanitizer sees each access behind them. Free it. */
static inline struct slice bytes_of_hex(const char *hex)
{
    size_t length = strlen(hex) / 2;
    char *bytes = mem_alloc(length ? length : 1);
    for (size_t i = 0; i < length; i++) {
        char digits[3] = {hex[2 * i], hex[2 * i + 1], '\0'};
        bytes[i] = (char)strtoul(digits, NULL, 16);
    }
    return (struct slice){bytes, length};
}

static inline const char *hex_of_bytes(struct arena *arena, const char *bytes, size_t length)
{
    STR_AUTO text = STR_INIT;
    for (size_t i = 0; i < length; i++)
        str_printf(&text, "%02x", (unsigned)(unsigned char)bytes[i]);
    return str_copy_to(&text, arena);
}

#endif
