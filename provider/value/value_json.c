#include "provider/value/value_json.h"

#include <string.h>

#include "lib/base/vec.h"
#include "provider/value/msgpack.h"

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
    while (scanner->at < scanner->end && strchr(" \t\r\n", *scanner->at) && *scanner->at)
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

/* The opening quote is taken already. */
static bool take_string(struct scanner *scanner, struct slice *text)
{
    STR_AUTO out = STR_INIT;
    for (;;) {
        const char *start = scanner->at;
        while (scanner->at < scanner->end && *scanner->at != '"' && *scanner->at != '\\' &&
               (unsigned char)*scanner->at >= 0x20)
            scanner->at++;
        str_append_bytes(&out, start, (size_t)(scanner->at - start));
        if (scanner->at == scanner->end)
            return fail(scanner, "a string is not closed");
        char c = *scanner->at++;
        if (c == '"')
            break;
        if (c != '\\')
            return fail(scanner, "a control character in a string");
        if (!take_escape(scanner, &out))
            return false;
    }
    if (!text_is_utf8(str_text(&out), out.length))
        return fail(scanner, "a string is not UTF-8");
    *text = (struct slice){str_copy_to(&out, scanner->arena), out.length};
    return true;
}

static bool is_digit(const struct scanner *scanner)
{
    return scanner->at < scanner->end && *scanner->at >= '0' && *scanner->at <= '9';
}

static const struct value *take_number(struct scanner *scanner)
{
    const char *start = scanner->at;
    if (scanner->at < scanner->end && *scanner->at == '-')
        scanner->at++;
    bool digits = is_digit(scanner);
    while (is_digit(scanner))
        scanner->at++;
    if (scanner->at < scanner->end && *scanner->at == '.') {
        scanner->at++;
        digits = digits && is_digit(scanner);
        while (is_digit(scanner))
            scanner->at++;
    }
    if (digits && scanner->at < scanner->end && (*scanner->at == 'e' || *scanner->at == 'E')) {
        scanner->at++;
        if (scanner->at < scanner->end && (*scanner->at == '+' || *scanner->at == '-'))
            scanner->at++;
        digits = is_digit(scanner);
        while (is_digit(scanner))
            scanner->at++;
    }
    const struct value *number =
        digits ? value_number(scanner->arena, start, (size_t)(scanner->at - start)) : NULL;
    if (!number)
        fail(scanner, "a number was expected");
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
            if (!take(scanner, '"') || !take_string(scanner, &entry.key) || !take(scanner, ':')) {
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
    const struct value *value = NULL;
    struct slice text;
    if (take(scanner, '{'))
        value = take_object(scanner);
    else if (take(scanner, '['))
        value = take_array(scanner);
    else if (!take(scanner, '"'))
        value = take_scalar(scanner);
    else if (take_string(scanner, &text))
        value = value_string_bytes(scanner->arena, text.ptr, text.length);
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
        const struct type *element =
            type->kind == TYPE_TUPLE ? type->fields[i].type : type->element;
        items[i] = shape(shaper, element, value->list.items[i]);
        if (!items[i])
            return NULL;
    }
    return value_list(shaper->arena, items, count);
}

static const struct value *shape_map(struct shaper *shaper, const struct type *type,
                                     const struct value *value)
{
    if (value->kind != VALUE_MAP)
        return mismatch(shaper, "an object");
    struct value_entry *entries = arena_array(shaper->arena, struct value_entry, value->map.count);
    for (size_t i = 0; i < value->map.count; i++) {
        entries[i].key = value->map.entries[i].key;
        entries[i].value = shape(shaper, type->element, value->map.entries[i].value);
        if (!entries[i].value)
            return NULL;
    }
    return value_map(shaper->arena, entries, value->map.count);
}

static const struct value *shape_object(struct shaper *shaper, const struct type *type,
                                        const struct value *value)
{
    if (value->kind != VALUE_MAP)
        return mismatch(shaper, "an object");
    struct value_entry *entries = arena_array(shaper->arena, struct value_entry, type->count);
    for (size_t i = 0; i < type->count; i++) {
        entries[i].key = slice_from(type->fields[i].name);
        entries[i].value =
            shape(shaper, type->fields[i].type, value_get(value, type->fields[i].name));
        if (!entries[i].value)
            return NULL;
    }
    if (shaper->mode == VALUE_JSON_STRICT)
        for (size_t i = 0; i < value->map.count; i++)
            if (!type_field_type(type, value->map.entries[i].key.ptr)) {
                error_set(shaper->err, ERROR_INVALID, "invalid JSON value: unknown attribute \"%s\"",
                          value->map.entries[i].key.ptr);
                return NULL;
            }
    return value_map(shaper->arena, entries, type->count);
}

static const struct value *shape_dynamic(struct shaper *shaper, const struct value *value)
{
    if (value->kind != VALUE_MAP)
        return mismatch(shaper, "an object with type and value");
    STR_AUTO type_text = STR_INIT;
    const struct value *type_value = value_get(value, "type");
    /* The type is JSON itself: write it back and read it as a type. */
    if (!value_json_encode(NULL, type_value, &type_text, shaper->err))
        return NULL;
    const struct type *type = type_json_decode(
        shaper->arena, (struct slice){str_text(&type_text), type_text.length}, shaper->err);
    const struct value *inner = type ? shape(shaper, type, value_get(value, "value")) : NULL;
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
    for (size_t i = 0; i < text.length; i++) {
        char c = text.ptr[i];
        if (c == '"' || c == '\\')
            str_printf(out, "\\%c", c);
        else if ((unsigned char)c < 0x20)
            str_printf(out, "\\u%04x", (unsigned)c);
        else
            str_append_char(out, c);
    }
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
        const struct value *member = object ? value_get(value, key.ptr) : value->map.entries[i].value;
        const struct type *member_type = object ? type->fields[i].type : type ? type->element : NULL;
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
        const struct type *element = !type                      ? NULL
                                     : type->kind == TYPE_TUPLE ? type->fields[i].type
                                                                : type->element;
        if (!put_value(out, element, value->list.items[i], err))
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

static const struct type *type_from_value(struct arena *arena, const struct value *value,
                                          struct error *err);

static const struct type *structure_from_value(struct arena *arena, bool object,
                                               const struct value *members, struct error *err)
{
    if (members->kind != (object ? VALUE_MAP : VALUE_LIST))
        return NULL;
    size_t count = value_count(members);
    struct type_field *fields = arena_array(arena, struct type_field, count);
    for (size_t i = 0; i < count; i++) {
        const struct value *member =
            object ? members->map.entries[i].value : members->list.items[i];
        fields[i].name = object ? members->map.entries[i].key.ptr : NULL;
        fields[i].type = type_from_value(arena, member, err);
        if (!fields[i].type)
            return NULL;
    }
    return object ? type_object(arena, fields, count) : type_tuple(arena, fields, count);
}

static const struct type *type_from_value(struct arena *arena, const struct value *value,
                                          struct error *err)
{
    static const struct {
        const char *name;
        const struct type *type;
    } primitives[] = {{"bool", &type_bool},
                      {"number", &type_number},
                      {"string", &type_string},
                      {"dynamic", &type_dynamic}};
    const char *name = value_text(value);
    for (size_t i = 0; name && i < ARRAY_LENGTH(primitives); i++)
        if (strcmp(name, primitives[i].name) == 0)
            return primitives[i].type;
    const struct type *type = NULL;
    const char *kind = value_text(value_item(value, 0));
    const struct value *argument = value_item(value, 1);
    if (kind && (strcmp(kind, "object") == 0 || strcmp(kind, "tuple") == 0)) {
        type = structure_from_value(arena, *kind == 'o', argument, err);
    } else if (kind) {
        const struct type *element = type_from_value(arena, argument, err);
        if (element && strcmp(kind, "list") == 0)
            type = type_list(arena, element);
        else if (element && strcmp(kind, "set") == 0)
            type = type_set(arena, element);
        else if (element && strcmp(kind, "map") == 0)
            type = type_map(arena, element);
    }
    if (!type && !error_is_set(err))
        error_set(err, ERROR_INVALID, "invalid type constraint");
    return type;
}

const struct type *type_json_decode(struct arena *arena, struct slice json, struct error *err)
{
    const struct value *value = value_json_decode_any(arena, json, err);
    return value ? type_from_value(arena, value, err) : NULL;
}
