#include "provider/value/msgpack.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "provider/value/value_json.h"

/* --- reading ------------------------------------------------------------------------------------ */

struct reader {
    const unsigned char *at, *end;
    struct arena *arena;
    struct error *err;
    int depth;
};

enum token_kind {
    TOKEN_NIL,
    TOKEN_BOOL,
    TOKEN_INT,
    TOKEN_UINT,
    TOKEN_FLOAT,
    TOKEN_STR,
    TOKEN_BIN,
    TOKEN_ARRAY,
    TOKEN_MAP,
    TOKEN_EXT,
};

struct token {
    enum token_kind kind;
    union {
        bool boolean;
        int64_t integer;
        uint64_t natural;
        double real;
        struct slice bytes; /* STR, BIN, EXT payload */
        size_t count;       /* ARRAY, MAP */
    };
    int8_t ext_type;
};

static bool fail(struct reader *reader, const char *what)
{
    if (!error_is_set(reader->err))
        error_set(reader->err, ERROR_INVALID, "invalid msgpack value: %s", what);
    return false;
}

static bool take_number(struct reader *reader, size_t size, uint64_t *number)
{
    if ((size_t)(reader->end - reader->at) < size)
        return fail(reader, "it ends in the middle of a number");
    *number = 0;
    for (size_t i = 0; i < size; i++)
        *number = *number << 8 | *reader->at++;
    return true;
}

static bool take_bytes(struct reader *reader, uint64_t length, struct slice *bytes)
{
    if ((uint64_t)(reader->end - reader->at) < length)
        return fail(reader, "it ends in the middle of a string");
    *bytes = (struct slice){(const char *)reader->at, (size_t)length};
    reader->at += length;
    return true;
}

static bool take_signed(struct reader *reader, size_t size, struct token *token)
{
    uint64_t raw;
    if (!take_number(reader, size, &raw))
        return false;
    unsigned shift = (unsigned)(64 - size * 8);
    token->kind = TOKEN_INT;
    token->integer = (int64_t)(raw << shift) >> shift;
    return true;
}

static bool take_unsigned(struct reader *reader, size_t size, struct token *token)
{
    token->kind = TOKEN_UINT;
    return take_number(reader, size, &token->natural);
}

static bool take_float(struct reader *reader, size_t size, struct token *token)
{
    uint64_t raw;
    if (!take_number(reader, size, &raw))
        return false;
    token->kind = TOKEN_FLOAT;
    if (size == 4) {
        uint32_t narrow = (uint32_t)raw;
        float real;
        memcpy(&real, &narrow, sizeof(real));
        token->real = (double)real;
    } else {
        memcpy(&token->real, &raw, sizeof(token->real));
    }
    return true;
}

static bool take_sized(struct reader *reader, enum token_kind kind, size_t size,
                       struct token *token)
{
    uint64_t length;
    token->kind = kind;
    return take_number(reader, size, &length) && take_bytes(reader, length, &token->bytes);
}

static bool take_ext(struct reader *reader, uint64_t length, struct token *token)
{
    uint64_t type;
    token->kind = TOKEN_EXT;
    if (!take_number(reader, 1, &type))
        return false;
    token->ext_type = (int8_t)type;
    return take_bytes(reader, length, &token->bytes);
}

static bool take_count(struct reader *reader, enum token_kind kind, uint64_t count,
                       struct token *token)
{
    /* Each element takes a byte at least: a count beyond what is left allocates nothing. */
    if (count > (uint64_t)(reader->end - reader->at))
        return fail(reader, "a collection is longer than the message");
    token->kind = kind;
    token->count = (size_t)count;
    return true;
}

static bool take_sized_count(struct reader *reader, enum token_kind kind, size_t size,
                             struct token *token)
{
    uint64_t count;
    return take_number(reader, size, &count) && take_count(reader, kind, count, token);
}

static bool take_token(struct reader *reader, struct token *token)
{
    if (reader->at == reader->end)
        return fail(reader, "it ends too early");
    unsigned char lead = *reader->at++;
    uint64_t length;
    if (lead < 0x80) {
        *token = (struct token){.kind = TOKEN_INT, .integer = lead};
        return true;
    }
    if (lead >= 0xe0) {
        *token = (struct token){.kind = TOKEN_INT, .integer = (int8_t)lead};
        return true;
    }
    if (lead < 0x90)
        return take_count(reader, TOKEN_MAP, lead & 15, token);
    if (lead < 0xa0)
        return take_count(reader, TOKEN_ARRAY, lead & 15, token);
    if (lead < 0xc0) {
        token->kind = TOKEN_STR;
        return take_bytes(reader, lead & 31, &token->bytes);
    }
    switch (lead) {
    case 0xc0:
        token->kind = TOKEN_NIL;
        return true;
    case 0xc2:
    case 0xc3:
        *token = (struct token){.kind = TOKEN_BOOL, .boolean = lead == 0xc3};
        return true;
    case 0xc4:
    case 0xc5:
    case 0xc6:
        return take_sized(reader, TOKEN_BIN, (size_t)1 << (lead - 0xc4), token);
    case 0xc7:
    case 0xc8:
    case 0xc9:
        return take_number(reader, (size_t)1 << (lead - 0xc7), &length) &&
               take_ext(reader, length, token);
    case 0xca:
        return take_float(reader, 4, token);
    case 0xcb:
        return take_float(reader, 8, token);
    case 0xcc:
    case 0xcd:
    case 0xce:
    case 0xcf:
        return take_unsigned(reader, (size_t)1 << (lead - 0xcc), token);
    case 0xd0:
    case 0xd1:
    case 0xd2:
    case 0xd3:
        return take_signed(reader, (size_t)1 << (lead - 0xd0), token);
    case 0xd4:
    case 0xd5:
    case 0xd6:
    case 0xd7:
    case 0xd8:
        return take_ext(reader, (uint64_t)1 << (lead - 0xd4), token);
    case 0xd9:
    case 0xda:
    case 0xdb:
        return take_sized(reader, TOKEN_STR, (size_t)1 << (lead - 0xd9), token);
    case 0xdc:
    case 0xdd:
        return take_sized_count(reader, TOKEN_ARRAY, (size_t)2 << (lead - 0xdc), token);
    case 0xde:
    case 0xdf:
        return take_sized_count(reader, TOKEN_MAP, (size_t)2 << (lead - 0xde), token);
    default:
        return fail(reader, "an unassigned type byte");
    }
}

enum { REFINED_UNKNOWN = 12, REFINEMENT_NOT_NULL = 1, REFINEMENT_PREFIX = 2 };

/* Refinements are a map with small integer keys; keys that we have no use for are skipped. */
static const struct value *read_unknown(struct reader *reader, const struct token *token)
{
    if (token->ext_type != REFINED_UNKNOWN || token->bytes.length <= 1)
        return &value_unknown;
    ERROR_AUTO(ignored);
    struct reader inner = {(const unsigned char *)token->bytes.ptr,
                           (const unsigned char *)token->bytes.ptr + token->bytes.length,
                           reader->arena, &ignored, 0};
    struct value *unknown = arena_new_of(reader->arena, struct value);
    unknown->kind = VALUE_UNKNOWN;
    struct token map, key, value;
    if (!take_token(&inner, &map) || map.kind != TOKEN_MAP)
        return unknown;
    for (size_t i = 0; i < map.count; i++) {
        if (!take_token(&inner, &key) || key.kind != TOKEN_INT || !take_token(&inner, &value))
            break;
        if (key.integer == REFINEMENT_NOT_NULL && value.kind == TOKEN_BOOL) {
            unknown->unknown.not_null = !value.boolean;
        } else if (key.integer == REFINEMENT_PREFIX && value.kind == TOKEN_STR) {
            unknown->unknown.prefix = (struct slice){
                arena_strndup(reader->arena, value.bytes.ptr, value.bytes.length),
                value.bytes.length};
        } else if (value.kind == TOKEN_ARRAY) {
            break; /* number bounds: nothing after them matters to us */
        }
    }
    return unknown;
}

static const struct value *read_number(struct reader *reader, const struct token *token)
{
    const struct value *value = NULL;
    char text[24];
    switch (token->kind) {
    case TOKEN_INT:
        return value_integer(reader->arena, token->integer);
    case TOKEN_UINT:
        snprintf(text, sizeof(text), "%" PRIu64, token->natural);
        return value_number(reader->arena, text, strlen(text));
    case TOKEN_FLOAT:
        value = value_double(reader->arena, token->real);
        break;
    case TOKEN_STR:
        value = value_number(reader->arena, token->bytes.ptr, token->bytes.length);
        break;
    default:
        break;
    }
    if (!value)
        fail(reader, "a number was expected");
    return value;
}

static const struct value *read_value(struct reader *reader, const struct type *type);

static const struct value *read_items(struct reader *reader, const struct type *type, size_t count)
{
    if (type->kind == TYPE_TUPLE && count != type->count) {
        fail(reader, "a tuple has the wrong length");
        return NULL;
    }
    const struct value **items = arena_array(reader->arena, const struct value *, count);
    for (size_t i = 0; i < count; i++) {
        items[i] = read_value(reader, type->kind == TYPE_TUPLE ? type->fields[i].type
                                                               : type->element);
        if (!items[i])
            return NULL;
    }
    struct value *value = arena_new_of(reader->arena, struct value);
    value->kind = VALUE_LIST;
    value->list.items = items;
    value->list.count = count;
    return value;
}

static const struct value *read_members(struct reader *reader, const struct type *type,
                                        size_t count)
{
    struct value_entry *entries = arena_array(reader->arena, struct value_entry, count);
    if (type->kind == TYPE_OBJECT && count != type->count) {
        error_set(reader->err, ERROR_INVALID,
                  "invalid msgpack value: an object with %zu attributes is required (%zu given)",
                  type->count, count);
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        struct token key;
        if (!take_token(reader, &key))
            return NULL;
        if (key.kind != TOKEN_STR || !text_is_utf8(key.bytes.ptr, key.bytes.length)) {
            fail(reader, "a map key is not a string");
            return NULL;
        }
        entries[i].key = (struct slice){
            arena_strndup(reader->arena, key.bytes.ptr, key.bytes.length), key.bytes.length};
        const struct type *member =
            type->kind == TYPE_OBJECT ? type_field_type(type, entries[i].key.ptr) : type->element;
        if (!member) {
            error_set(reader->err, ERROR_INVALID,
                      "invalid msgpack value: unsupported attribute \"%s\"", entries[i].key.ptr);
            return NULL;
        }
        entries[i].value = read_value(reader, member);
        if (!entries[i].value)
            return NULL;
    }
    const struct value *value = value_map(reader->arena, entries, count);
    if (value->map.count != count) {
        fail(reader, "a map has the same key twice");
        return NULL;
    }
    return value;
}

static const struct value *read_dynamic(struct reader *reader, const struct token *token)
{
    struct token type_bytes;
    if (token->kind != TOKEN_ARRAY || token->count != 2 || !take_token(reader, &type_bytes) ||
        (type_bytes.kind != TOKEN_BIN && type_bytes.kind != TOKEN_STR)) {
        fail(reader, "a dynamic value is not a pair of type and value");
        return NULL;
    }
    const struct type *type = type_json_decode(reader->arena, type_bytes.bytes, reader->err);
    const struct value *inner = type ? read_value(reader, type) : NULL;
    return inner ? value_dynamic(reader->arena, type, inner) : NULL;
}

static const struct value *read_typed(struct reader *reader, const struct type *type,
                                      const struct token *token)
{
    switch (type->kind) {
    case TYPE_BOOL:
        if (token->kind == TOKEN_BOOL)
            return value_bool(token->boolean);
        break;
    case TYPE_NUMBER:
        return read_number(reader, token);
    case TYPE_STRING:
        if (token->kind == TOKEN_STR && text_is_utf8(token->bytes.ptr, token->bytes.length))
            return value_string_bytes(reader->arena, token->bytes.ptr, token->bytes.length);
        break;
    case TYPE_LIST:
    case TYPE_SET:
    case TYPE_TUPLE:
        if (token->kind == TOKEN_ARRAY)
            return read_items(reader, type, token->count);
        break;
    case TYPE_MAP:
    case TYPE_OBJECT:
        if (token->kind == TOKEN_MAP)
            return read_members(reader, type, token->count);
        break;
    case TYPE_DYNAMIC:
        return read_dynamic(reader, token);
    }
    fail(reader, "a value has the wrong type");
    return NULL;
}

static const struct value *read_value(struct reader *reader, const struct type *type)
{
    struct token token;
    if (++reader->depth > VALUE_MAX_DEPTH) {
        fail(reader, "it is nested too deeply");
        return NULL;
    }
    if (!take_token(reader, &token))
        return NULL;
    const struct value *value = token.kind == TOKEN_NIL   ? &value_null
                                : token.kind == TOKEN_EXT ? read_unknown(reader, &token)
                                                          : read_typed(reader, type, &token);
    reader->depth--;
    return value;
}

const struct value *msgpack_decode(struct arena *arena, const struct type *type, struct slice data,
                                   struct error *err)
{
    if (data.length > VALUE_MAX_BYTES) {
        error_set(err, ERROR_INVALID, "a value is larger than %d bytes", VALUE_MAX_BYTES);
        return NULL;
    }
    const unsigned char *start = (const unsigned char *)data.ptr;
    struct reader reader = {start, start + data.length, arena, err, 0};
    const struct value *value = read_value(&reader, type);
    if (value && reader.at != reader.end) {
        fail(&reader, "bytes are left after it");
        return NULL;
    }
    return value;
}

/* --- writing ------------------------------------------------------------------------------------ */

static void put_number(struct str *out, unsigned char lead, uint64_t number, size_t size)
{
    char bytes[9] = {(char)lead};
    for (size_t i = 0; i < size; i++)
        bytes[1 + i] = (char)(number >> (8 * (size - 1 - i)) & 0xff);
    str_append_bytes(out, bytes, size + 1);
}

/* Chooses the short form (lead | length), then 8, 16 or 32 bit lengths; lead8 0: there is none. */
static void put_length(struct str *out, size_t length, size_t short_limit, unsigned char short_lead,
                       unsigned char lead8, unsigned char lead16)
{
    if (length < short_limit)
        str_append_char(out, (char)(short_lead | length));
    else if (lead8 && length <= 0xff)
        put_number(out, lead8, length, 1);
    else if (length <= 0xffff)
        put_number(out, lead16, length, 2);
    else
        put_number(out, (unsigned char)(lead16 + 1), length, 4);
}

static void put_string(struct str *out, struct slice text)
{
    put_length(out, text.length, 32, 0xa0, 0xd9, 0xda);
    str_append_slice(out, text);
}

static void put_integer(struct str *out, int64_t number)
{
    if (number >= -32 && number < 128)
        str_append_char(out, (char)number);
    else if (number >= INT8_MIN && number <= INT8_MAX)
        put_number(out, 0xd0, (uint64_t)number & 0xff, 1);
    else if (number >= INT16_MIN && number <= INT16_MAX)
        put_number(out, 0xd1, (uint64_t)number & 0xffff, 2);
    else if (number >= INT32_MIN && number <= INT32_MAX)
        put_number(out, 0xd2, (uint64_t)number & 0xffffffff, 4);
    else
        put_number(out, 0xd3, (uint64_t)number, 8);
}

/* Integers that fit are integers; everything else is text, which go-cty reads without loss. */
static void put_decimal(struct str *out, const struct value *value)
{
    int64_t integer;
    if (value_as_integer(value, &integer))
        put_integer(out, integer);
    else
        put_string(out, value->text);
}

static void put_unknown(struct str *out, const struct value *value)
{
    if (!value->unknown.not_null && value->unknown.prefix.length == 0) {
        str_append_bytes(out, "\xd4\x00\x00", 3);
        return;
    }
    /* go-cty accepts prefixes of at most 256 bytes; a shorter prefix is as true. */
    struct slice prefix = value->unknown.prefix;
    if (prefix.length > 128)
        prefix.length = 0;
    STR_AUTO map = STR_INIT;
    str_append_char(&map, (char)(0x80 | (1 + (prefix.length > 0))));
    str_append_bytes(&map, "\x01\xc2", 2);
    if (prefix.length) {
        str_append_char(&map, '\x02');
        put_string(&map, prefix);
    }
    put_number(out, 0xc7, map.length, 1);
    str_append_char(out, REFINED_UNKNOWN);
    str_append_bytes(out, map.ptr, map.length);
}

static void put_value(struct str *out, const struct type *type, const struct value *value)
{
    if (value_is_null(value)) {
        str_append_char(out, '\xc0');
        return;
    }
    if (value->kind == VALUE_UNKNOWN) {
        put_unknown(out, value);
        return;
    }
    switch (type->kind) {
    case TYPE_BOOL:
        str_append_char(out, value->boolean ? '\xc3' : '\xc2');
        break;
    case TYPE_NUMBER:
        put_decimal(out, value);
        break;
    case TYPE_STRING:
        put_string(out, value->text);
        break;
    case TYPE_LIST:
    case TYPE_SET:
    case TYPE_TUPLE:
        put_length(out, value->list.count, 16, 0x90, 0, 0xdc);
        for (size_t i = 0; i < value->list.count; i++)
            put_value(out, type->kind == TYPE_TUPLE ? type->fields[i].type : type->element,
                      value->list.items[i]);
        break;
    case TYPE_MAP:
        put_length(out, value->map.count, 16, 0x80, 0, 0xde);
        for (size_t i = 0; i < value->map.count; i++) {
            put_string(out, value->map.entries[i].key);
            put_value(out, type->element, value->map.entries[i].value);
        }
        break;
    case TYPE_OBJECT:
        put_length(out, type->count, 16, 0x80, 0, 0xde);
        for (size_t i = 0; i < type->count; i++) {
            put_string(out, slice_from(type->fields[i].name));
            put_value(out, type->fields[i].type, value_get(value, type->fields[i].name));
        }
        break;
    case TYPE_DYNAMIC: {
        STR_AUTO type_text = STR_INIT;
        type_json_encode(value->dynamic.type, &type_text);
        str_append_char(out, '\x92');
        put_length(out, type_text.length, 0, 0, 0xc4, 0xc5);
        str_append_bytes(out, type_text.ptr, type_text.length);
        put_value(out, value->dynamic.type, value->dynamic.value);
        break;
    }
    }
}

void msgpack_encode(const struct type *type, const struct value *value, struct str *out)
{
    put_value(out, type, value);
}
