#include "provider/value/value_yaml.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "lib/base/vec.h"
#include "provider/value/value_internal.h"

struct anchor {
    const char *name;
    const struct value *value;
    size_t nodes;
};

struct reader {
    struct arena *arena;
    struct error *err;
    yaml_parser_t parser;
    yaml_event_t event; /* the one being looked at; zeroed when there is none */
    size_t nodes;
    int depth;
    VEC(struct anchor) anchors; /* of this document; the last of a name counts */
};

static const struct value *refuse(struct reader *reader, const char *format, ...) ATTR_PRINTF(2, 3);

static const struct value *refuse(struct reader *reader, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const char *why = arena_vprintf(reader->arena, format, args);
    va_end(args);
    error_set(reader->err, ERROR_INVALID, "YAML line %zu: %s", reader->event.start_mark.line + 1,
              why);
    return NULL;
}

static bool next(struct reader *reader)
{
    yaml_event_delete(&reader->event);
    if (yaml_parser_parse(&reader->parser, &reader->event))
        return true;
    const yaml_parser_t *parser = &reader->parser;
    return error_set(reader->err, ERROR_INVALID, "YAML line %zu: %s%s%s",
                     parser->problem_mark.line + 1, parser->context ? parser->context : "",
                     parser->context ? ", " : "",
                     parser->problem ? parser->problem : "it cannot be read");
}

static bool count_nodes(struct reader *reader, size_t nodes)
{
    reader->nodes += nodes;
    if (reader->nodes > VALUE_YAML_MAX_NODES)
        refuse(reader, "more than %d values", VALUE_YAML_MAX_NODES);
    return reader->nodes <= VALUE_YAML_MAX_NODES;
}

/* --- plain scalars ------------------------------------------------------------------------------ */

static bool is_one_of(const char *text, const char *const *words)
{
    for (; *words; words++)
        if (strcmp(text, *words) == 0)
            return true;
    return false;
}

static const char *const nulls[] = {"", "~", "null", "Null", "NULL", NULL};
static const char *const trues[] = {"true", "True", "TRUE", "yes", "Yes",
                                    "YES",  "on",   "On",   "ON",  NULL};
static const char *const falses[] = {"false", "False", "FALSE", "no",  "No",
                                     "NO",    "off",   "Off",   "OFF", NULL};
static const char *const not_finite[] = {".inf",  ".Inf",  ".INF",  "+.inf", "+.Inf",
                                         "+.INF", "-.inf", "-.Inf", "-.INF", ".nan",
                                         ".NaN",  ".NAN",  NULL};

/* The number without the underscores that YAML 1.1 allows between digits; NULL when it cannot be one. */
static const char *without_underscores(struct arena *arena, const char *text)
{
    const char *first = text + (*text == '+' || *text == '-');
    if (!strchr("0123456789.", *first) || !*first)
        return NULL;
    char *copy = arena_strdup(arena, text), *to = copy;
    for (const char *from = text; *from; from++)
        if (*from != '_')
            *to++ = *from;
    *to = '\0';
    return copy;
}

static int base_of(const char *digits)
{
    if (digits[0] != '0' || !digits[1])
        return 10;
    switch (digits[1]) {
    case 'x':
        return 16;
    case 'o':
        return 8;
    case 'b':
        return 2;
    default:
        return strspn(digits, "01234567") == strlen(digits) ? 8 : 10;
    }
}

/* 0x1f, 0o17, 017, 0b11 that fit 64 bits; NULL when it is none of them. */
static const struct value *based_integer(struct arena *arena, const char *text)
{
    bool negative = *text == '-';
    const char *digits = text + (negative || *text == '+');
    int base = base_of(digits);
    if (base == 10)
        return NULL;
    digits += 1 + (digits[1] < '0' || digits[1] > '9');
    if (!*digits || *digits == '+' || *digits == '-' || *digits == ' ')
        return NULL;
    char *end;
    errno = 0;
    long long number = strtoll(digits, &end, base);
    return errno || *end ? NULL : value_integer(arena, negative ? -number : number);
}

/* [+-] digits [. digits] [e exponent], with a digit on one side of the point. */
static bool is_decimal(const char *text)
{
    static const char digits[] = "0123456789";
    text += *text == '+' || *text == '-';
    size_t whole = strspn(text, digits), fraction = 0;
    text += whole;
    if (*text == '.') {
        fraction = strspn(++text, digits);
        text += fraction;
    }
    if (whole + fraction == 0)
        return false;
    if (*text == 'e' || *text == 'E') {
        text++;
        text += *text == '+' || *text == '-';
        size_t exponent = strspn(text, digits);
        if (!exponent)
            return false;
        text += exponent;
    }
    return !*text;
}

/* What value_number() takes: no "+", no point without digits on both sides. */
static const struct value *decimal(struct arena *arena, const char *text)
{
    STR_AUTO plain = STR_INIT;
    if (*text == '-')
        str_append_char(&plain, '-');
    text += *text == '+' || *text == '-';
    if (*text == '.')
        str_append_char(&plain, '0');
    for (; *text; text++)
        if (*text != '.' || (text[1] >= '0' && text[1] <= '9'))
            str_append_char(&plain, *text);
    return value_number(arena, str_text(&plain), plain.length);
}

/* NULL when the text is no number. */
static const struct value *number(struct arena *arena, const char *text)
{
    const char *plain = without_underscores(arena, text);
    if (!plain)
        return NULL;
    const struct value *value = based_integer(arena, plain);
    return value || !is_decimal(plain) ? value : decimal(arena, plain);
}

static const struct value *plain_scalar(struct reader *reader, const char *text, size_t length)
{
    if (strlen(text) == length) {
        if (is_one_of(text, nulls))
            return &value_null;
        if (is_one_of(text, trues))
            return &value_true;
        if (is_one_of(text, falses))
            return &value_false;
        if (is_one_of(text, not_finite))
            return refuse(reader, "%s is no number that can be used here", text);
        const struct value *found = number(reader->arena, text);
        if (found)
            return found;
    }
    return value_string_bytes(reader->arena, text, length);
}

/* "str" of "tag:yaml.org,2002:str"; NULL when the tag is another one. */
static const char *core_tag(const char *tag)
{
    static const char prefix[] = "tag:yaml.org,2002:";
    return strncmp(tag, prefix, sizeof(prefix) - 1) == 0 ? tag + sizeof(prefix) - 1 : NULL;
}

static const struct value *tagged_scalar(struct reader *reader, const char *tag, const char *text,
                                         size_t length)
{
    static const struct {
        const char *tag;
        enum value_kind kind;
    } kinds[] = {{"null", VALUE_NULL},
                 {"bool", VALUE_BOOL},
                 {"int", VALUE_NUMBER},
                 {"float", VALUE_NUMBER},
                 {"timestamp", VALUE_STRING}};
    const char *core = core_tag(tag);
    if (strcmp(tag, "!") == 0 || (core && strcmp(core, "str") == 0))
        return value_string_bytes(reader->arena, text, length);
    const struct value *value = plain_scalar(reader, text, length);
    if (!value)
        return NULL;
    for (size_t i = 0; core && i < ARRAY_LENGTH(kinds); i++)
        if (strcmp(core, kinds[i].tag) == 0)
            return value->kind == kinds[i].kind ? value
                                                : refuse(reader, "\"%s\" is no %s", text, core);
    return refuse(reader, "the tag %s cannot be used here", tag);
}

static const struct value *scalar(struct reader *reader)
{
    const char *text = (const char *)reader->event.data.scalar.value;
    size_t length = reader->event.data.scalar.length;
    const char *tag = (const char *)reader->event.data.scalar.tag;
    if (tag)
        return tagged_scalar(reader, tag, text, length);
    if (reader->event.data.scalar.plain_implicit)
        return plain_scalar(reader, text, length);
    return value_string_bytes(reader->arena, text, length);
}

/* --- collections -------------------------------------------------------------------------------- */

static const struct value *read_node(struct reader *reader);

/* Tags on collections: none, "!", or the collection's own. */
static bool check_tag(struct reader *reader, const yaml_char_t *tag, const char *own)
{
    const char *core = tag ? core_tag((const char *)tag) : NULL;
    if (!tag || strcmp((const char *)tag, "!") == 0 || (core && strcmp(core, own) == 0))
        return true;
    refuse(reader, "the tag %s cannot be used here", (const char *)tag);
    return false;
}

static const struct value *read_sequence(struct reader *reader)
{
    if (!check_tag(reader, reader->event.data.sequence_start.tag, "seq"))
        return NULL;
    VEC(const struct value *) items = {0};
    const struct value *item = &value_null, *list = NULL;
    while (item && next(reader) && reader->event.type != YAML_SEQUENCE_END_EVENT)
        if ((item = read_node(reader)))
            vec_push(&items, item);
    if (!error_is_set(reader->err))
        list = value_list(reader->arena, items.items, items.count);
    vec_free(&items);
    return list;
}

struct mapping {
    VEC(struct value_entry) entries;
    VEC(struct value_entry) merged; /* from "<<": under the mapping's own keys */
};

static const struct value_entry *find_entry(const struct value_entry *entries, size_t count,
                                            struct slice key)
{
    for (size_t i = 0; i < count; i++)
        if (slice_equal(entries[i].key, key))
            return &entries[i];
    return NULL;
}

/* Of several mappings the first that has a key decides. */
static bool merge(struct reader *reader, struct mapping *mapping, const struct value *value)
{
    if (value->kind == VALUE_LIST) {
        for (size_t i = 0; i < value->list.count; i++)
            if (value->list.items[i]->kind != VALUE_MAP ||
                !merge(reader, mapping, value->list.items[i]))
                return refuse(reader, "\"<<\" takes mappings only");
        return true;
    }
    if (value->kind != VALUE_MAP)
        return refuse(reader, "\"<<\" takes mappings only");
    for (size_t i = 0; i < value->map.count; i++)
        if (!find_entry(mapping->merged.items, mapping->merged.count, value->map.entries[i].key))
            vec_push(&mapping->merged, value->map.entries[i]);
    return true;
}

static bool is_merge_key(const yaml_event_t *event)
{
    return event->type == YAML_SCALAR_EVENT && event->data.scalar.plain_implicit &&
           strcmp((const char *)event->data.scalar.value, "<<") == 0;
}

/* The text of a key; .ptr NULL when it cannot be one. */
static struct slice read_key(struct reader *reader)
{
    const struct value *key = read_node(reader);
    struct slice text = {0};
    if (!key)
        return text;
    if (key->kind == VALUE_STRING || key->kind == VALUE_NUMBER)
        text = key->text;
    else if (key->kind == VALUE_BOOL)
        text = slice_from(key->boolean ? "true" : "false");
    else
        refuse(reader, "a key must be a text");
    if (text.ptr && memchr(text.ptr, '\0', text.length)) {
        refuse(reader, "a key holds a NUL character");
        text.ptr = NULL;
    }
    return text;
}

static bool read_entry(struct reader *reader, struct mapping *mapping)
{
    bool merging = is_merge_key(&reader->event);
    struct slice key = read_key(reader);
    if (!key.ptr)
        return false;
    size_t line = reader->event.start_mark.line + 1;
    if (!next(reader))
        return false;
    const struct value *value = read_node(reader);
    if (!value)
        return false;
    if (merging)
        return merge(reader, mapping, value);
    if (find_entry(mapping->entries.items, mapping->entries.count, key))
        return error_set(reader->err, ERROR_INVALID, "YAML line %zu: the key \"%.*s\" comes twice",
                         line, (int)key.length, key.ptr);
    vec_push(&mapping->entries, (struct value_entry){key, value});
    return true;
}

static const struct value *read_mapping(struct reader *reader)
{
    if (!check_tag(reader, reader->event.data.mapping_start.tag, "map"))
        return NULL;
    struct mapping mapping = {0};
    const struct value *map = NULL;
    bool good = true;
    while (good && (good = next(reader)) && reader->event.type != YAML_MAPPING_END_EVENT)
        good = read_entry(reader, &mapping);
    if (good) {
        for (size_t i = 0; i < mapping.entries.count; i++)
            vec_push(&mapping.merged, mapping.entries.items[i]); /* the last of a key wins */
        map = value_map(reader->arena, mapping.merged.items, mapping.merged.count);
    }
    vec_free(&mapping.entries);
    vec_free(&mapping.merged);
    return map;
}

static const struct value *read_alias(struct reader *reader)
{
    const char *name = (const char *)reader->event.data.alias.anchor;
    for (size_t i = reader->anchors.count; i-- > 0;)
        if (strcmp(reader->anchors.items[i].name, name) == 0)
            return count_nodes(reader, reader->anchors.items[i].nodes)
                       ? reader->anchors.items[i].value
                       : NULL;
    return refuse(reader, "there is no anchor &%s before *%s", name, name);
}

static const struct value *read_content(struct reader *reader)
{
    switch (reader->event.type) {
    case YAML_SCALAR_EVENT:
        return scalar(reader);
    case YAML_SEQUENCE_START_EVENT:
        return read_sequence(reader);
    case YAML_MAPPING_START_EVENT:
        return read_mapping(reader);
    default:
        return refuse(reader, "a value is expected");
    }
}

static const yaml_char_t *anchor_of(const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        return event->data.scalar.anchor;
    case YAML_SEQUENCE_START_EVENT:
        return event->data.sequence_start.anchor;
    case YAML_MAPPING_START_EVENT:
        return event->data.mapping_start.anchor;
    default:
        return NULL;
    }
}

/* The node that begins with the present event; its last event is the present one afterwards. An anchor
 * is known only behind its node, so that no value can hold itself. */
static const struct value *read_node(struct reader *reader)
{
    if (reader->event.type == YAML_ALIAS_EVENT)
        return read_alias(reader);
    if (reader->depth >= VALUE_YAML_MAX_DEPTH)
        return refuse(reader, "nested more than %d levels deep", VALUE_YAML_MAX_DEPTH);
    const char *name = arena_strdup(reader->arena, (const char *)anchor_of(&reader->event));
    size_t before = reader->nodes;
    if (!count_nodes(reader, 1))
        return NULL;
    reader->depth++;
    const struct value *value = read_content(reader);
    reader->depth--;
    if (value && name)
        vec_push(&reader->anchors, (struct anchor){name, value, reader->nodes - before});
    return value;
}

/* --- stream ------------------------------------------------------------------------------------- */

static bool read_documents(struct reader *reader, const struct value **list)
{
    VEC(const struct value *) documents = {0};
    while (next(reader) && reader->event.type != YAML_STREAM_END_EVENT) {
        if (reader->event.type != YAML_DOCUMENT_START_EVENT)
            continue; /* the start of the stream, the end of a document */
        reader->anchors.count = 0;
        const struct value *value = next(reader) ? read_node(reader) : NULL;
        if (!value)
            break;
        if (value->kind != VALUE_NULL)
            vec_push(&documents, value);
    }
    if (!error_is_set(reader->err))
        *list = value_list(reader->arena, documents.items, documents.count);
    vec_free(&documents);
    return !error_is_set(reader->err);
}

const struct value *value_yaml_decode(struct arena *arena, struct slice text, struct error *err)
{
    if (text.length > VALUE_YAML_MAX_BYTES) {
        error_set(err, ERROR_INVALID, "more than %d bytes of YAML", VALUE_YAML_MAX_BYTES);
        return NULL;
    }
    struct reader reader = {.arena = arena, .err = err};
    if (!yaml_parser_initialize(&reader.parser))
        fatal_error("out of memory");
    yaml_parser_set_input_string(&reader.parser, (const unsigned char *)(text.ptr ? text.ptr : ""),
                                 text.length);
    const struct value *list = NULL;
    read_documents(&reader, &list);
    yaml_event_delete(&reader.event);
    yaml_parser_delete(&reader.parser);
    vec_free(&reader.anchors);
    return list;
}
