#include "provider/value/msgpack.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "provider/value/value_internal.h"
#include "provider/value/value_json.h"

/* --- reading ------------------------------------------------------------------------------------ */

struct reader {
    const unsigned char *at, *end;
    struct arena *arena;
    struct error *err;
    int depth;
    /* Each item of a collection takes a byte of its own at least, so that all collections together
     * cannot have more items than the message has bytes, however they are nested. */
    size_t items_left;
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
    uint64_t items = kind == TOKEN_MAP ? count * 2 : count; /* count has 32 bits */
    if (items > (uint64_t)(reader->end - reader->at) || items > reader->items_left)
        return fail(reader, "a collection is longer than the message");
    reader->items_left -= (size_t)items;
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

/* --- unknown values ----------------------------------------------------------------------------- */

enum {
    REFINED_UNKNOWN = 12,
    REFINEMENT_NOT_NULL = 1,
    REFINEMENT_PREFIX = 2,
    REFINEMENTS_MAX_BYTES = 1024, /* limits of go-cty */
    REFINEMENT_MAX_PREFIX = 256,
};

/* A refinement that we have no use for; refinements nest no deeper than an array of scalars. */
static bool skip_refinement(struct reader *reader, const struct token *token)
{
    if (token->kind == TOKEN_MAP || token->kind == TOKEN_EXT)
        return fail(reader, "a refinement of an unknown value has the wrong type");
    struct token item;
    for (size_t i = 0; token->kind == TOKEN_ARRAY && i < token->count; i++)
        if (!take_token(reader, &item))
            return false;
        else if (item.kind == TOKEN_ARRAY || item.kind == TOKEN_MAP || item.kind == TOKEN_EXT)
            return fail(reader, "a refinement of an unknown value is nested too deeply");
    return true;
}

static bool read_refinement(struct reader *reader, struct value *unknown)
{
    struct token key, value;
    if (!take_token(reader, &key) || !take_token(reader, &value))
        return false;
    if (key.kind != TOKEN_INT)
        return fail(reader, "a refinement of an unknown value has no number");
    switch (key.integer) {
    case REFINEMENT_NOT_NULL:
        if (value.kind != TOKEN_BOOL)
            return fail(reader, "the nullness of an unknown value is not a bool");
        unknown->unknown.not_null = !value.boolean;
        return true;
    case REFINEMENT_PREFIX:
        if (value.kind != TOKEN_STR || !text_is_utf8(value.bytes.ptr, value.bytes.length))
            return fail(reader, "the prefix of an unknown value is not a string");
        unknown->unknown.prefix = (struct slice){
            arena_strndup(reader->arena, value.bytes.ptr, value.bytes.length), value.bytes.length};
        return true;
    default:
        return skip_refinement(reader, &value);
    }
}

static const struct value *read_unknown(struct reader *reader, const struct token *token)
{
    if (token->ext_type != REFINED_UNKNOWN || token->bytes.length <= 1)
        return &value_unknown;
    if (token->bytes.length > REFINEMENTS_MAX_BYTES) {
        fail(reader, "the refinements of an unknown value are larger than 1024 bytes");
        return NULL;
    }
    const unsigned char *start = (const unsigned char *)token->bytes.ptr;
    struct reader inner = {.at = start,
                           .end = start + token->bytes.length,
                           .arena = reader->arena,
                           .err = reader->err,
                           .items_left = token->bytes.length};
    struct value *unknown = arena_new_of(reader->arena, struct value);
    unknown->kind = VALUE_UNKNOWN;
    struct token map;
    if (!take_token(&inner, &map))
        return NULL;
    if (map.kind != TOKEN_MAP) {
        fail(reader, "the refinements of an unknown value are not a map");
        return NULL;
    }
    for (size_t i = 0; i < map.count; i++)
        if (!read_refinement(&inner, unknown))
            return NULL;
    if (inner.at != inner.end) {
        fail(reader, "bytes are left after the refinements of an unknown value");
        return NULL;
    }
    return unknown;
}

/* --- values by type ----------------------------------------------------------------------------- */

static const struct value *read_number(struct reader *reader, const struct token *token)
{
    const struct value *value = NULL;
    char text[24];
    switch (token->kind) {
    case TOKEN_INT:
        return value_integer(reader->arena, token->integer);
    case TOKEN_UINT:
        if (token->natural <= INT64_MAX)
            return value_integer(reader->arena, (int64_t)token->natural);
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
        items[i] = read_value(reader, value_item_type(type, i));
        if (!items[i]) {
            error_wrap(reader->err, "element %zu", i);
            return NULL;
        }
    }
    return value_new_list(reader->arena, items, count);
}

static bool take_key(struct reader *reader, struct slice *key)
{
    struct token token;
    if (!take_token(reader, &token))
        return false;
    if (token.kind != TOKEN_STR || !text_is_utf8(token.bytes.ptr, token.bytes.length))
        return fail(reader, "a map key is not a string");
    *key = token.bytes;
    return true;
}

static const struct value *read_map(struct reader *reader, const struct type *type, size_t count)
{
    struct value_entry *entries = arena_array(reader->arena, struct value_entry, count);
    for (size_t i = 0; i < count; i++) {
        struct slice key;
        if (!take_key(reader, &key))
            return NULL;
        entries[i].key =
            (struct slice){arena_strndup(reader->arena, key.ptr, key.length), key.length};
        entries[i].value = read_value(reader, type->element);
        if (!entries[i].value) {
            error_wrap(reader->err, "element \"%s\"", entries[i].key.ptr);
            return NULL;
        }
    }
    const struct value *value = value_new_map(reader->arena, entries, count);
    if (value->map.count != count) {
        fail(reader, "a map has the same key twice");
        return NULL;
    }
    return value;
}

/* Finds the field and refuses what is no field or was there already. Terraform sends the members in
 * our order, so that mostly the guess is right. */
static bool place_member(struct reader *reader, const struct type *type,
                         const struct value_entry *entries, struct slice key, size_t guess,
                         size_t *index)
{
    *index = guess;
    if (!slice_equal_text(key, type->fields[guess].name) && !type_find_field(type, key, index))
        return error_set(reader->err, ERROR_INVALID,
                         "invalid msgpack value: unsupported attribute \"%.*s\"",
                         (int)(key.length < 100 ? key.length : 100), key.ptr);
    if (entries[*index].value)
        return fail(reader, "an object has the same attribute twice");
    return true;
}

static const struct value *read_object(struct reader *reader, const struct type *type, size_t count)
{
    if (count != type->count) {
        error_set(reader->err, ERROR_INVALID,
                  "invalid msgpack value: an object with %zu attributes is required (%zu given)",
                  type->count, count);
        return NULL;
    }
    struct value_entry *entries = arena_array(reader->arena, struct value_entry, count);
    for (size_t i = 0; i < count; i++) {
        struct slice key;
        size_t index;
        if (!take_key(reader, &key) || !place_member(reader, type, entries, key, i, &index))
            return NULL;
        const struct type_field *field = &type->fields[index];
        entries[index] =
            (struct value_entry){slice_from(field->name), read_value(reader, field->type)};
        if (!entries[index].value) {
            error_wrap(reader->err, "attribute %s", field->name);
            return NULL;
        }
    }
    return value_new_map(reader->arena, entries, count);
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
    if (!inner || type->kind != TYPE_DYNAMIC)
        return inner ? value_dynamic(reader->arena, type, inner) : NULL;
    if (inner->kind == VALUE_NULL || inner->kind == VALUE_UNKNOWN)
        return inner;
    fail(reader, "a dynamic value has no type of its own");
    return NULL;
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
        if (token->kind == TOKEN_MAP)
            return read_map(reader, type, token->count);
        break;
    case TYPE_OBJECT:
        if (token->kind == TOKEN_MAP)
            return read_object(reader, type, token->count);
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
    struct reader reader = {.at = start,
                            .end = start + data.length,
                            .arena = arena,
                            .err = err,
                            .items_left = data.length};
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

/* Only strings take a prefix, and nothing refines a value whose type is unknown too. */
static void put_unknown(struct str *out, const struct type *type, const struct value *value)
{
    struct slice prefix = value->unknown.prefix;
    bool has_prefix =
        type->kind == TYPE_STRING && prefix.length > 0 && prefix.length <= REFINEMENT_MAX_PREFIX;
    bool not_null = value->unknown.not_null && type->kind != TYPE_DYNAMIC;
    if (!not_null && !has_prefix) {
        str_append_bytes(out, "\xd4\x00\x00", 3);
        return;
    }
    STR_AUTO map = STR_INIT;
    str_append_char(&map, (char)(0x80 | (not_null + has_prefix)));
    if (not_null)
        str_append_bytes(&map, "\x01\xc2", 2);
    if (has_prefix) {
        str_append_char(&map, '\x02');
        put_string(&map, prefix);
    }
    put_length(out, map.length, 0, 0, 0xc7, 0xc8);
    str_append_char(out, REFINED_UNKNOWN);
    str_append_bytes(out, map.ptr, map.length);
}

static void put_value(struct str *out, const struct type *type, const struct value *value);

static void put_items(struct str *out, const struct type *type, const struct value *value)
{
    put_length(out, value->list.count, 16, 0x90, 0, 0xdc);
    for (size_t i = 0; i < value->list.count; i++)
        put_value(out, value_item_type(type, i), value->list.items[i]);
}

static void put_map(struct str *out, const struct type *type, const struct value *value)
{
    put_length(out, value->map.count, 16, 0x80, 0, 0xde);
    for (size_t i = 0; i < value->map.count; i++) {
        put_string(out, value->map.entries[i].key);
        put_value(out, type->element, value->map.entries[i].value);
    }
}

/* Both sides are sorted by name: one walk finds the members. */
static void put_object(struct str *out, const struct type *type, const struct value *value)
{
    put_length(out, type->count, 16, 0x80, 0, 0xde);
    size_t at = 0;
    for (size_t i = 0; i < type->count; i++) {
        struct slice name = slice_from(type->fields[i].name);
        int order = -1;
        while (at < value->map.count &&
               (order = value_compare_keys(value->map.entries[at].key, name)) < 0)
            at++;
        bool found = at < value->map.count && order == 0;
        put_string(out, name);
        put_value(out, type->fields[i].type, found ? value->map.entries[at].value : &value_null);
    }
}

static void put_dynamic(struct str *out, const struct value *value)
{
    STR_AUTO type_text = STR_INIT;
    type_json_encode(value->dynamic.type, &type_text);
    str_append_char(out, '\x92');
    put_length(out, type_text.length, 0, 0, 0xc4, 0xc5);
    str_append_bytes(out, type_text.ptr, type_text.length);
    put_value(out, value->dynamic.type, value->dynamic.value);
}

static bool kind_fits(const struct type *type, const struct value *value)
{
    static const enum value_kind kinds[] = {
        [TYPE_BOOL] = VALUE_BOOL,       [TYPE_NUMBER] = VALUE_NUMBER, [TYPE_STRING] = VALUE_STRING,
        [TYPE_DYNAMIC] = VALUE_DYNAMIC, [TYPE_LIST] = VALUE_LIST,     [TYPE_SET] = VALUE_LIST,
        [TYPE_MAP] = VALUE_MAP,         [TYPE_TUPLE] = VALUE_LIST,    [TYPE_OBJECT] = VALUE_MAP,
    };
    return value->kind == kinds[type->kind] &&
           (type->kind != TYPE_TUPLE || value->list.count == type->count);
}

static void put_value(struct str *out, const struct type *type, const struct value *value)
{
    if (value && value->kind == VALUE_UNKNOWN) {
        put_unknown(out, type, value);
        return;
    }
    if (!value || !kind_fits(type, value)) {
        str_append_char(out, '\xc0');
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
        put_items(out, type, value);
        break;
    case TYPE_MAP:
        put_map(out, type, value);
        break;
    case TYPE_OBJECT:
        put_object(out, type, value);
        break;
    case TYPE_DYNAMIC:
        put_dynamic(out, value);
        break;
    }
}

void msgpack_encode(const struct type *type, const struct value *value, struct str *out)
{
    put_value(out, type, value);
}
