#include "provider/value/value_json.h"

#include <string.h>

#include "lib/base/vec.h"
#include "provider/value/msgpack.h"
#include "provider/value/value_internal.h"

struct scanner {
    const char *at, *end, *start;
    struct arena *arena;
    struct error *err;
    int depth;
};

static bool fail(struct scanner *scanner, const char *what)
{
    if (!error_is_set(scanner->err))
        error_set(scanner->err, ERROR_INVALID, "invalid JSON at byte %zu: %s",
                  (size_t)(scanner->at - scanner->start), what);
    return false;
}

static void skip_space(struct scanner *scanner)
{
    while (scanner->at < scanner->end && (*scanner->at == ' ' || *scanner->at == '\n' ||
                                          *scanner->at == '\t' || *scanner->at == '\r'))
        scanner->at++;
}

static bool take(struct scanner *scanner, char c)
{
    skip_space(scanner);
    if (scanner->at == scanner->end || *scanner->at != c)
        return false;
    scanner->at++;
    return true;
}

static bool take_word(struct scanner *scanner, const char *word)
{
    size_t length = strlen(word);
    if ((size_t)(scanner->end - scanner->at) < length || memcmp(scanner->at, word, length) != 0)
        return false;
    scanner->at += length;
    return true;
}

static int hex_value(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

static bool take_code_unit(struct scanner *scanner, unsigned *unit)
{
    if (scanner->end - scanner->at < 4)
        return fail(scanner, "a \\u escape is cut short");
    *unit = 0;
    for (int i = 0; i < 4; i++) {
        int digit = hex_value(*scanner->at++);
        if (digit < 0)
            return fail(scanner, "a \\u escape is not hexadecimal");
        *unit = *unit << 4 | (unsigned)digit;
    }
    return true;
}

static void put_code_point(struct str *out, unsigned point)
{
    if (point < 0x80) {
        str_append_char(out, (char)point);
    } else if (point < 0x800) {
        str_append_char(out, (char)(0xc0 | point >> 6));
        str_append_char(out, (char)(0x80 | (point & 63)));
    } else if (point < 0x10000) {
        str_append_char(out, (char)(0xe0 | point >> 12));
        str_append_char(out, (char)(0x80 | (point >> 6 & 63)));
        str_append_char(out, (char)(0x80 | (point & 63)));
    } else {
        str_append_char(out, (char)(0xf0 | point >> 18));
        str_append_char(out, (char)(0x80 | (point >> 12 & 63)));
        str_append_char(out, (char)(0x80 | (point >> 6 & 63)));
        str_append_char(out, (char)(0x80 | (point & 63)));
    }
}

static bool take_unicode_escape(struct scanner *scanner, struct str *out)
{
    unsigned point, low;
    if (!take_code_unit(scanner, &point))
        return false;
    if (point >= 0xdc00 && point < 0xe000)
        point = 0xfffd; /* a lone low surrogate */
    if (point >= 0xd800 && point < 0xdc00) {
        const char *mark = scanner->at;
        if (take_word(scanner, "\\u") && take_code_unit(scanner, &low) && low >= 0xdc00 &&
            low < 0xe000) {
            point = 0x10000 + ((point - 0xd800) << 10 | (low - 0xdc00));
        } else {
            if (error_is_set(scanner->err))
                return false;
            scanner->at = mark;
            point = 0xfffd;
        }
    }
    put_code_point(out, point);
    return true;
}

static bool take_escape(struct scanner *scanner, struct str *out)
{
    static const char names[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
    if (scanner->at == scanner->end)
        return fail(scanner, "a string is not closed");
    char c = *scanner->at++;
    if (c == 'u')
        return take_unicode_escape(scanner, out);
    const char *found = c ? strchr(names, c) : NULL;
    if (!found)
        return fail(scanner, "an unknown escape");
    str_append_char(out, meanings[found - names]);
    return true;
}

/* Up to the next quote, escape or control character. */
static struct slice take_plain(struct scanner *scanner)
{
    const char *start = scanner->at;
    while (scanner->at < scanner->end && *scanner->at != '"' && *scanner->at != '\\' &&
           (unsigned char)*scanner->at >= 0x20)
        scanner->at++;
    return (struct slice){start, (size_t)(scanner->at - start)};
}

/* The opening quote is taken already. The text is the input itself where it holds no escape, else it
 * is put together in buffer. */
static bool take_text(struct scanner *scanner, struct str *buffer, struct slice *text)
{
    *text = take_plain(scanner);
    bool escaped = false;
    while (scanner->at < scanner->end && *scanner->at == '\\') {
        if (!escaped)
            str_append_slice(buffer, *text);
        escaped = true;
        scanner->at++;
        if (!take_escape(scanner, buffer))
            return false;
        str_append_slice(buffer, take_plain(scanner));
    }
    if (scanner->at == scanner->end)
        return fail(scanner, "a string is not closed");
    if (*scanner->at != '"')
        return fail(scanner, "a control character in a string");
    if (escaped)
        *text = (struct slice){str_text(buffer), buffer->length};
    if (!text_is_utf8(text->ptr, text->length))
        return fail(scanner, "a string is not UTF-8");
    scanner->at++;
    return true;
}

static bool take_key(struct scanner *scanner, struct slice *key)
{
    STR_AUTO buffer = STR_INIT;
    struct slice text;
    if (!take_text(scanner, &buffer, &text))
        return false;
    *key = (struct slice){arena_strndup(scanner->arena, text.ptr, text.length), text.length};
    return true;
}

static const struct value *take_string(struct scanner *scanner)
{
    STR_AUTO buffer = STR_INIT;
    struct slice text;
    return take_text(scanner, &buffer, &text)
               ? value_string_bytes(scanner->arena, text.ptr, text.length)
               : NULL;
}

static bool is_digit(const struct scanner *scanner)
{
    return scanner->at < scanner->end && *scanner->at >= '0' && *scanner->at <= '9';
}

static bool take_digits(struct scanner *scanner)
{
    bool any = is_digit(scanner);
    while (is_digit(scanner))
        scanner->at++;
    return any;
}

static bool take_one_of(struct scanner *scanner, char a, char b)
{
    if (scanner->at == scanner->end || (*scanner->at != a && *scanner->at != b))
        return false;
    scanner->at++;
    return true;
}

/* RFC 8259 §6. */
static bool scan_number(struct scanner *scanner)
{
    take_one_of(scanner, '-', '-');
    if (!take_one_of(scanner, '0', '0') && !take_digits(scanner))
        return false;
    if (take_one_of(scanner, '.', '.') && !take_digits(scanner))
        return false;
    if (!take_one_of(scanner, 'e', 'E'))
        return true;
    take_one_of(scanner, '+', '-');
    return take_digits(scanner);
}

static const struct value *take_number(struct scanner *scanner)
{
    const char *start = scanner->at;
    if (!scan_number(scanner)) {
        scanner->at = start;
        fail(scanner, scanner->at == scanner->end ? "it ends too early" : "a value was expected");
        return NULL;
    }
    const struct value *number = value_number(scanner->arena, start, (size_t)(scanner->at - start));
    if (!number)
        fail(scanner, "a number is too long");
    return number;
}

/* Any JSON value by its own shape. */
static const struct value *take_any(struct scanner *scanner);

static const struct value *take_array(struct scanner *scanner)
{
    VEC(const struct value *) items = {0};
    const struct value *list = NULL;
    if (!take(scanner, ']')) {
        do {
            const struct value *item = take_any(scanner);
            if (!item)
                goto done;
            vec_push(&items, item);
        } while (take(scanner, ','));
        if (!take(scanner, ']')) {
            fail(scanner, "an array is not closed");
            goto done;
        }
    }
    list = value_list(scanner->arena, items.items, items.count);
done:
    vec_free(&items);
    return list;
}

static const struct value *take_object(struct scanner *scanner)
{
    VEC(struct value_entry) entries = {0};
    const struct value *map = NULL;
    if (!take(scanner, '}')) {
        do {
            struct value_entry entry;
            if (!take(scanner, '"') || !take_key(scanner, &entry.key) || !take(scanner, ':')) {
                fail(scanner, "an object member was expected");
                goto done;
            }
            entry.value = take_any(scanner);
            if (!entry.value)
                goto done;
            vec_push(&entries, entry);
        } while (take(scanner, ','));
        if (!take(scanner, '}')) {
            fail(scanner, "an object is not closed");
            goto done;
        }
    }
    map = value_map(scanner->arena, entries.items, entries.count);
    if (map->map.count != entries.count) {
        fail(scanner, "an object has the same member twice");
        map = NULL;
    }
done:
    vec_free(&entries);
    return map;
}

static const struct value *take_scalar(struct scanner *scanner)
{
    if (take_word(scanner, "null"))
        return &value_null;
    if (take_word(scanner, "true"))
        return &value_true;
    if (take_word(scanner, "false"))
        return &value_false;
    return take_number(scanner);
}

static const struct value *take_any(struct scanner *scanner)
{
    if (++scanner->depth > VALUE_MAX_DEPTH) {
        fail(scanner, "it is nested too deeply");
        return NULL;
    }
    const struct value *value;
    if (take(scanner, '{'))
        value = take_object(scanner);
    else if (take(scanner, '['))
        value = take_array(scanner);
    else if (take(scanner, '"'))
        value = take_string(scanner);
    else
        value = take_scalar(scanner);
    scanner->depth--;
    return value;
}

const struct value *value_json_decode_any(struct arena *arena, struct slice json, struct error *err)
{
    if (json.length > VALUE_MAX_BYTES) {
        error_set(err, ERROR_INVALID, "a JSON value is larger than %d bytes", VALUE_MAX_BYTES);
        return NULL;
    }
    struct scanner scanner = {json.ptr, json.ptr + json.length, json.ptr, arena, err, 0};
    const struct value *value = take_any(&scanner);
    skip_space(&scanner);
    if (value && scanner.at != scanner.end) {
        fail(&scanner, "text is left after the value");
        return NULL;
    }
    return value;
}

/* --- shaping by type ---------------------------------------------------------------------------- */

struct shaper {
    struct arena *arena;
    enum value_json_mode mode;
    struct error *err;
};

static const struct value *shape(struct shaper *shaper, const struct type *type,
                                 const struct value *value);

static const struct value *mismatch(struct shaper *shaper, const char *wanted)
{
    error_set(shaper->err, ERROR_INVALID, "invalid JSON value: %s was expected", wanted);
    return NULL;
}

static const struct value *shape_items(struct shaper *shaper, const struct type *type,
                                       const struct value *value)
{
    if (value->kind != VALUE_LIST)
        return mismatch(shaper, "an array");
    size_t count = value->list.count;
    if (type->kind == TYPE_TUPLE && count != type->count)
        return mismatch(shaper, "an array of another length");
    const struct value **items = arena_array(shaper->arena, const struct value *, count);
    for (size_t i = 0; i < count; i++) {
        items[i] = shape(shaper, value_item_type(type, i), value->list.items[i]);
        if (!items[i]) {
            error_wrap(shaper->err, "element %zu", i);
            return NULL;
        }
    }
    return value_new_list(shaper->arena, items, count);
}

static const struct value *shape_map(struct shaper *shaper, const struct type *type,
                                     const struct value *value)
{
    if (value->kind != VALUE_MAP)
        return mismatch(shaper, "an object");
    size_t count = value->map.count;
    struct value_entry *entries = arena_array(shaper->arena, struct value_entry, count);
    for (size_t i = 0; i < count; i++) {
        const struct value_entry *entry = &value->map.entries[i];
        entries[i] = (struct value_entry){entry->key, shape(shaper, type->element, entry->value)};
        if (!entries[i].value) {
            error_wrap(shaper->err, "element \"%s\"", entry->key.ptr);
            return NULL;
        }
    }
    return value_new_map(shaper->arena, entries, count);
}

static bool members_are_fields(struct shaper *shaper, const struct type *type,
                               const struct value *value)
{
    for (size_t i = 0; i < value->map.count; i++)
        if (!value_member_type(type, value->map.entries[i].key))
            return error_set(shaper->err, ERROR_INVALID,
                             "invalid JSON value: unknown attribute \"%s\"",
                             value->map.entries[i].key.ptr);
    return true;
}

static const struct value *shape_object(struct shaper *shaper, const struct type *type,
                                        const struct value *value)
{
    if (value->kind != VALUE_MAP)
        return mismatch(shaper, "an object");
    if (shaper->mode == VALUE_JSON_STRICT && !members_are_fields(shaper, type, value))
        return NULL;
    struct value_entry *entries = arena_array(shaper->arena, struct value_entry, type->count);
    for (size_t i = 0; i < type->count; i++) {
        const char *name = type->fields[i].name;
        entries[i] = (struct value_entry){
            slice_from(name), shape(shaper, type->fields[i].type, value_get(value, name))};
        if (!entries[i].value) {
            error_wrap(shaper->err, "attribute %s", name);
            return NULL;
        }
    }
    return value_new_map(shaper->arena, entries, type->count);
}

static const struct type *type_from_value(struct arena *arena, const struct value *value,
                                          struct error *err);

static const struct value *shape_dynamic(struct shaper *shaper, const struct value *value)
{
    if (value->kind != VALUE_MAP || value->map.count != 2 ||
        !value_find(value, SLICE_LITERAL("value")))
        return mismatch(shaper, "an object of type and value");
    const struct type *type = type_from_value(shaper->arena, value_get(value, "type"), shaper->err);
    if (!type)
        return NULL;
    const struct value *inner = value_get(value, "value");
    if (type->kind == TYPE_DYNAMIC)
        return value_is_null(inner) ? &value_null
                                    : mismatch(shaper, "a dynamic value with a type of its own");
    inner = shape(shaper, type, inner);
    return inner ? value_dynamic(shaper->arena, type, inner) : NULL;
}

static const struct value *shape_scalar(struct shaper *shaper, const struct type *type,
                                        const struct value *value)
{
    bool lenient = shaper->mode == VALUE_JSON_STATE;
    if (type->kind == TYPE_STRING) {
        if (value->kind == VALUE_STRING)
            return value;
        if (lenient && value->kind == VALUE_NUMBER)
            return value_string_bytes(shaper->arena, value->text.ptr, value->text.length);
        if (lenient && value->kind == VALUE_BOOL)
            return value_string(shaper->arena, value->boolean ? "true" : "false");
        return mismatch(shaper, "a string");
    }
    if (type->kind == TYPE_NUMBER) {
        const struct value *number = value->kind == VALUE_NUMBER ? value : NULL;
        if (lenient && value->kind == VALUE_STRING)
            number = value_number(shaper->arena, value->text.ptr, value->text.length);
        return number ? number : mismatch(shaper, "a number");
    }
    if (value->kind == VALUE_BOOL)
        return value;
    if (lenient && text_equal(value_text(value), "true"))
        return &value_true;
    if (lenient && text_equal(value_text(value), "false"))
        return &value_false;
    return mismatch(shaper, "true or false");
}

static const struct value *shape(struct shaper *shaper, const struct type *type,
                                 const struct value *value)
{
    if (value_is_null(value))
        return &value_null;
    switch (type->kind) {
    case TYPE_LIST:
    case TYPE_SET:
    case TYPE_TUPLE:
        return shape_items(shaper, type, value);
    case TYPE_MAP:
        return shape_map(shaper, type, value);
    case TYPE_OBJECT:
        return shape_object(shaper, type, value);
    case TYPE_DYNAMIC:
        return shape_dynamic(shaper, value);
    case TYPE_BOOL:
    case TYPE_NUMBER:
    case TYPE_STRING:
        return shape_scalar(shaper, type, value);
    }
    return NULL;
}

const struct value *value_json_decode(struct arena *arena, const struct type *type,
                                      enum value_json_mode mode, struct slice json,
                                      struct error *err)
{
    const struct value *any = value_json_decode_any(arena, json, err);
    struct shaper shaper = {arena, mode, err};
    return any ? shape(&shaper, type, any) : NULL;
}

/* --- writing ------------------------------------------------------------------------------------ */

static void put_string(struct str *out, struct slice text)
{
    str_append_char(out, '"');
    size_t done = 0;
    for (size_t i = 0; i < text.length; i++) {
        char c = text.ptr[i];
        if (c != '"' && c != '\\' && (unsigned char)c >= 0x20)
            continue;
        str_append_bytes(out, text.ptr + done, i - done);
        done = i + 1;
        if (c == '"' || c == '\\')
            str_printf(out, "\\%c", c);
        else
            str_printf(out, "\\u%04x", (unsigned)c);
    }
    str_append_bytes(out, text.ptr + done, text.length - done);
    str_append_char(out, '"');
}

static bool put_value(struct str *out, const struct type *type, const struct value *value,
                      struct error *err);

static bool put_members(struct str *out, const struct type *type, const struct value *value,
                        struct error *err)
{
    bool object = type && type->kind == TYPE_OBJECT;
    size_t count = object ? type->count : value->map.count;
    str_append_char(out, '{');
    for (size_t i = 0; i < count; i++) {
        struct slice key = object ? slice_from(type->fields[i].name) : value->map.entries[i].key;
        str_append(out, i ? "," : "");
        put_string(out, key);
        str_append_char(out, ':');
        const struct value *member =
            object ? value_get(value, key.ptr) : value->map.entries[i].value;
        const struct type *member_type = object ? type->fields[i].type
                                         : type ? type->element
                                                : NULL;
        if (!put_value(out, member_type, member, err))
            return false;
    }
    str_append_char(out, '}');
    return true;
}

static bool put_items(struct str *out, const struct type *type, const struct value *value,
                      struct error *err)
{
    str_append_char(out, '[');
    for (size_t i = 0; i < value->list.count; i++) {
        str_append(out, i ? "," : "");
        if (!put_value(out, value_item_type(type, i), value->list.items[i], err))
            return false;
    }
    str_append_char(out, ']');
    return true;
}

static bool put_value(struct str *out, const struct type *type, const struct value *value,
                      struct error *err)
{
    switch (value ? value->kind : VALUE_NULL) {
    case VALUE_NULL:
        str_append(out, "null");
        return true;
    case VALUE_UNKNOWN:
        return error_set(err, ERROR_INTERNAL, "an unknown value cannot be written as JSON");
    case VALUE_BOOL:
        str_append(out, value->boolean ? "true" : "false");
        return true;
    case VALUE_NUMBER:
        str_append_slice(out, value->text);
        return true;
    case VALUE_STRING:
        put_string(out, value->text);
        return true;
    case VALUE_LIST:
        return put_items(out, type, value, err);
    case VALUE_MAP:
        return put_members(out, type, value, err);
    case VALUE_DYNAMIC:
        str_append(out, "{\"type\":");
        type_json_encode(value->dynamic.type, out);
        str_append(out, ",\"value\":");
        if (!put_value(out, value->dynamic.type, value->dynamic.value, err))
            return false;
        str_append_char(out, '}');
        return true;
    }
    return true;
}

bool value_json_encode(const struct type *type, const struct value *value, struct str *out,
                       struct error *err)
{
    return put_value(out, type, value, err);
}

void type_json_encode(const struct type *type, struct str *out)
{
    static const char *const names[] = {"bool", "number", "string", "dynamic", "list",
                                        "set",  "map",    "tuple",  "object"};
    const char *name = names[type->kind];
    if (type->kind <= TYPE_DYNAMIC) {
        str_printf(out, "\"%s\"", name);
        return;
    }
    str_printf(out, "[\"%s\",", name);
    if (type->element) {
        type_json_encode(type->element, out);
    } else {
        bool object = type->kind == TYPE_OBJECT;
        str_append_char(out, object ? '{' : '[');
        for (size_t i = 0; i < type->count; i++) {
            str_append(out, i ? "," : "");
            if (object) {
                put_string(out, slice_from(type->fields[i].name));
                str_append_char(out, ':');
            }
            type_json_encode(type->fields[i].type, out);
        }
        str_append_char(out, object ? '}' : ']');
    }
    str_append_char(out, ']');
}

static const struct type *structure_from_value(struct arena *arena, bool object,
                                               const struct value *members, struct error *err)
{
    if (members->kind != (object ? VALUE_MAP : VALUE_LIST))
        return NULL;
    size_t count = value_count(members);
    struct type_field *fields = arena_array(arena, struct type_field, count);
    for (size_t i = 0; i < count; i++) {
        const struct value_entry *entry = object ? &members->map.entries[i] : NULL;
        if (entry && strlen(entry->key.ptr) != entry->key.length)
            return NULL; /* names are C strings */
        fields[i].name = entry ? entry->key.ptr : NULL;
        fields[i].type = type_from_value(arena, entry ? entry->value : members->list.items[i], err);
        if (!fields[i].type)
            return NULL;
    }
    return object ? type_object(arena, fields, count) : type_tuple(arena, fields, count);
}

static const struct type *collection_from_value(struct arena *arena, const struct value *kind,
                                                const struct value *argument, struct error *err)
{
    static const struct {
        struct slice name;
        const struct type *(*make)(struct arena *arena, const struct type *element);
    } collections[] = {{{"list", 4}, type_list}, {{"set", 3}, type_set}, {{"map", 3}, type_map}};
    for (size_t i = 0; i < ARRAY_LENGTH(collections); i++)
        if (slice_equal(kind->text, collections[i].name)) {
            const struct type *element = type_from_value(arena, argument, err);
            return element ? collections[i].make(arena, element) : NULL;
        }
    return NULL;
}

static const struct type *primitive_from_value(const struct value *value)
{
    static const struct {
        struct slice name;
        const struct type *type;
    } primitives[] = {{{"bool", 4}, &type_bool},
                      {{"number", 6}, &type_number},
                      {{"string", 6}, &type_string},
                      {{"dynamic", 7}, &type_dynamic}};
    for (size_t i = 0; i < ARRAY_LENGTH(primitives); i++)
        if (slice_equal(value->text, primitives[i].name))
            return primitives[i].type;
    return NULL;
}

/* An object's third element names optional attributes; values have all of them anyway. */
static const struct type *type_from_value(struct arena *arena, const struct value *value,
                                          struct error *err)
{
    const struct value *kind = value_item(value, 0), *argument = value_item(value, 1);
    size_t count = value_count(value);
    const struct type *type = NULL;
    if (value->kind == VALUE_STRING) {
        type = primitive_from_value(value);
    } else if (value->kind == VALUE_LIST && kind->kind == VALUE_STRING) {
        bool object = slice_equal_text(kind->text, "object");
        if (object && (count == 2 || (count == 3 && value_item(value, 2)->kind == VALUE_LIST)))
            type = structure_from_value(arena, true, argument, err);
        else if (count == 2 && slice_equal_text(kind->text, "tuple"))
            type = structure_from_value(arena, false, argument, err);
        else if (count == 2)
            type = collection_from_value(arena, kind, argument, err);
    }
    if (!type && !error_is_set(err))
        error_set(err, ERROR_INVALID,
                  "invalid type constraint: a type such as \"string\" or [\"list\",\"string\"] was "
                  "expected");
    return type;
}

const struct type *type_json_decode(struct arena *arena, struct slice json, struct error *err)
{
    const struct value *value = value_json_decode_any(arena, json, err);
    return value ? type_from_value(arena, value, err) : NULL;
}
