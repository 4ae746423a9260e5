#include "lib/base/yaml.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "lib/base/arena.h"
#include "lib/base/vec.h"

enum node_kind { NODE_NULL, NODE_BOOL, NODE_NUMBER, NODE_STRING, NODE_LIST, NODE_MAP };

/* text: of a string, of a number as JSON has it, "true" or "false". */
struct node {
    enum node_kind kind;
    struct slice text;
    const struct entry *entries; /* of lists without keys */
    size_t count;
};

struct entry {
    struct slice key;
    const struct node *node;
    size_t line, rank; /* while a mapping is read: where; 0: its own, else by which merge */
};

struct mapping {
    struct entry *items; /* as VEC(): vec_push() works on it */
    size_t count, capacity;
    size_t merges;
};

static const struct node node_null = {.kind = NODE_NULL, .text = {"null", 4}};
static const struct node node_true = {.kind = NODE_BOOL, .text = {"true", 4}};
static const struct node node_false = {.kind = NODE_BOOL, .text = {"false", 5}};

struct anchor {
    const char *name;
    const struct node *value;
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

static const struct node *refuse(struct reader *reader, const char *format, ...) ATTR_PRINTF(2, 3);

static const struct node *refuse(struct reader *reader, const char *format, ...)
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
    if (reader->nodes > YAML_MAX_NODES)
        refuse(reader, "more than %d values", YAML_MAX_NODES);
    return reader->nodes <= YAML_MAX_NODES;
}

static const struct node *leaf_bytes(struct arena *arena, enum node_kind kind, const char *text,
                                     size_t length)
{
    struct node *node = arena_new_of(arena, struct node);
    node->kind = kind;
    node->text = (struct slice){arena_strndup(arena, text, length), length};
    return node;
}

static const struct node *leaf(struct arena *arena, enum node_kind kind, const char *text)
{
    return leaf_bytes(arena, kind, text, strlen(text));
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
static const struct node *based_integer(struct arena *arena, const char *text)
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
    return errno || *end ? NULL
                         : leaf(arena, NODE_NUMBER,
                                arena_printf(arena, "%s%lld", negative ? "-" : "", number));
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

/* As JSON has it: no "+", no zeros in front, no point without digits on both sides. */
static const struct node *decimal(struct arena *arena, const char *text)
{
    STR_AUTO plain = STR_INIT;
    if (*text == '-')
        str_append_char(&plain, '-');
    text += *text == '+' || *text == '-';
    while (*text == '0' && text[1] >= '0' && text[1] <= '9')
        text++;
    if (*text == '.')
        str_append_char(&plain, '0');
    for (; *text; text++)
        if (*text != '.' || (text[1] >= '0' && text[1] <= '9'))
            str_append_char(&plain, *text);
    return leaf(arena, NODE_NUMBER, str_copy_to(&plain, arena));
}

/* NULL when the text is no number. */
static const struct node *number(struct arena *arena, const char *text)
{
    const char *plain = without_underscores(arena, text);
    if (!plain)
        return NULL;
    const struct node *value = based_integer(arena, plain);
    return value || !is_decimal(plain) ? value : decimal(arena, plain);
}

static const struct node *plain_scalar(struct reader *reader, const char *text, size_t length)
{
    if (strlen(text) == length) {
        if (is_one_of(text, nulls))
            return &node_null;
        if (is_one_of(text, trues))
            return &node_true;
        if (is_one_of(text, falses))
            return &node_false;
        if (is_one_of(text, not_finite))
            return refuse(reader, "%s is no number that can be used here", text);
        const struct node *found = number(reader->arena, text);
        if (found)
            return found;
    }
    return leaf_bytes(reader->arena, NODE_STRING, text, length);
}

/* "str" of "tag:yaml.org,2002:str"; NULL when the tag is another one. */
static const char *core_tag(const char *tag)
{
    static const char prefix[] = "tag:yaml.org,2002:";
    return strncmp(tag, prefix, sizeof(prefix) - 1) == 0 ? tag + sizeof(prefix) - 1 : NULL;
}

static const struct node *tagged_scalar(struct reader *reader, const char *tag, const char *text,
                                        size_t length)
{
    static const struct {
        const char *tag;
        enum node_kind kind;
    } kinds[] = {{"null", NODE_NULL},
                 {"bool", NODE_BOOL},
                 {"int", NODE_NUMBER},
                 {"float", NODE_NUMBER},
                 {"timestamp", NODE_STRING}};
    const char *core = core_tag(tag);
    if (strcmp(tag, "!") == 0 || (core && strcmp(core, "str") == 0))
        return leaf_bytes(reader->arena, NODE_STRING, text, length);
    const struct node *value = plain_scalar(reader, text, length);
    if (!value)
        return NULL;
    for (size_t i = 0; core && i < ARRAY_LENGTH(kinds); i++)
        if (strcmp(core, kinds[i].tag) == 0)
            return value->kind == kinds[i].kind ? value
                                                : refuse(reader, "\"%s\" is no %s", text, core);
    return refuse(reader, "the tag %s cannot be used here", tag);
}

static const struct node *scalar(struct reader *reader)
{
    const char *text = (const char *)reader->event.data.scalar.value;
    size_t length = reader->event.data.scalar.length;
    const char *tag = (const char *)reader->event.data.scalar.tag;
    if (tag)
        return tagged_scalar(reader, tag, text, length);
    if (reader->event.data.scalar.plain_implicit)
        return plain_scalar(reader, text, length);
    return leaf_bytes(reader->arena, NODE_STRING, text, length);
}

/* --- collections -------------------------------------------------------------------------------- */

static const struct node *read_node(struct reader *reader);

static const struct node *collection(struct reader *reader, enum node_kind kind,
                                     const struct entry *entries, size_t count)
{
    struct node *node = arena_new_of(reader->arena, struct node);
    node->kind = kind;
    node->count = count;
    if (count)
        node->entries = arena_memdup(reader->arena, entries, count * sizeof(*entries));
    return node;
}

/* Tags on collections: none, "!", or the collection's own. */
static bool check_tag(struct reader *reader, const yaml_char_t *tag, const char *own)
{
    const char *core = tag ? core_tag((const char *)tag) : NULL;
    if (!tag || strcmp((const char *)tag, "!") == 0 || (core && strcmp(core, own) == 0))
        return true;
    refuse(reader, "the tag %s cannot be used here", (const char *)tag);
    return false;
}

static const struct node *read_sequence(struct reader *reader)
{
    if (!check_tag(reader, reader->event.data.sequence_start.tag, "seq"))
        return NULL;
    VEC(struct entry) items = {0};
    const struct node *item = &node_null, *list = NULL;
    while (item && next(reader) && reader->event.type != YAML_SEQUENCE_END_EVENT)
        if ((item = read_node(reader)))
            vec_push(&items, (struct entry){.node = item});
    if (!error_is_set(reader->err))
        list = collection(reader, NODE_LIST, items.items, items.count);
    vec_free(&items);
    return list;
}

/* Of several mappings that "<<" names the first that has a key decides: rank counts them. */
static bool merge(struct reader *reader, struct mapping *mapping, const struct node *value)
{
    if (value->kind == NODE_LIST) {
        for (size_t i = 0; i < value->count; i++)
            if (value->entries[i].node->kind != NODE_MAP ||
                !merge(reader, mapping, value->entries[i].node))
                return refuse(reader, "\"<<\" takes mappings only");
        return true;
    }
    if (value->kind != NODE_MAP)
        return refuse(reader, "\"<<\" takes mappings only");
    mapping->merges++;
    for (size_t i = 0; i < value->count; i++)
        vec_push(mapping, (struct entry){.key = value->entries[i].key,
                                         .node = value->entries[i].node,
                                         .rank = mapping->merges});
    return true;
}

static int compare_entries(const void *a, const void *b)
{
    const struct entry *left = a, *right = b;
    size_t shorter = left->key.length < right->key.length ? left->key.length : right->key.length;
    int order = shorter ? memcmp(left->key.ptr, right->key.ptr, shorter) : 0;
    if (order == 0)
        order = (left->key.length > right->key.length) - (left->key.length < right->key.length);
    if (order == 0)
        order = (left->rank > right->rank) - (left->rank < right->rank);
    return order ? order : (left->line > right->line) - (left->line < right->line);
}

/* Sorted by key; own entries go before merged ones. False on a key that comes twice. */
static bool settle(struct reader *reader, struct mapping *mapping)
{
    if (mapping->count == 0)
        return true;
    qsort(mapping->items, mapping->count, sizeof(*mapping->items), compare_entries);
    size_t kept = 1;
    for (size_t i = 1; i < mapping->count; i++) {
        const struct entry *entry = &mapping->items[i], *last = &mapping->items[kept - 1];
        if (!slice_equal(entry->key, last->key))
            mapping->items[kept++] = *entry;
        else if (entry->rank == 0)
            return error_set(reader->err, ERROR_INVALID,
                             "YAML line %zu: the key \"%.*s\" comes twice", entry->line,
                             (int)entry->key.length, entry->key.ptr);
    }
    mapping->count = kept;
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
    const struct node *key = read_node(reader);
    struct slice text = {0};
    if (!key)
        return text;
    if (key->kind == NODE_STRING || key->kind == NODE_NUMBER || key->kind == NODE_BOOL)
        text = key->text;
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
    const struct node *value = read_node(reader);
    if (!value)
        return false;
    if (merging)
        return merge(reader, mapping, value);
    vec_push(mapping, (struct entry){.key = key, .node = value, .line = line});
    return true;
}

static const struct node *read_mapping(struct reader *reader)
{
    if (!check_tag(reader, reader->event.data.mapping_start.tag, "map"))
        return NULL;
    struct mapping mapping = {0};
    const struct node *map = NULL;
    bool good = true;
    while (good && (good = next(reader)) && reader->event.type != YAML_MAPPING_END_EVENT)
        good = read_entry(reader, &mapping);
    if (good && settle(reader, &mapping))
        map = collection(reader, NODE_MAP, mapping.items, mapping.count);
    free(mapping.items);
    return map;
}

static const struct node *read_alias(struct reader *reader)
{
    const char *name = (const char *)reader->event.data.alias.anchor;
    for (size_t i = reader->anchors.count; i-- > 0;)
        if (strcmp(reader->anchors.items[i].name, name) == 0)
            return count_nodes(reader, reader->anchors.items[i].nodes)
                       ? reader->anchors.items[i].value
                       : NULL;
    return refuse(reader, "there is no anchor &%s before *%s", name, name);
}

static const struct node *read_content(struct reader *reader)
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
static const struct node *read_node(struct reader *reader)
{
    if (reader->event.type == YAML_ALIAS_EVENT)
        return read_alias(reader);
    if (reader->depth >= YAML_MAX_DEPTH)
        return refuse(reader, "nested more than %d levels deep", YAML_MAX_DEPTH);
    const char *name = arena_strdup(reader->arena, (const char *)anchor_of(&reader->event));
    size_t before = reader->nodes;
    if (!count_nodes(reader, 1))
        return NULL;
    reader->depth++;
    const struct node *value = read_content(reader);
    reader->depth--;
    if (value && name)
        vec_push(&reader->anchors, (struct anchor){name, value, reader->nodes - before});
    return value;
}

/* --- JSON --------------------------------------------------------------------------------------- */

static void write_text(struct slice text, struct str *out)
{
    str_append_char(out, '"');
    for (size_t i = 0; i < text.length; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if (c == '"' || c == '\\')
            str_append_char(out, '\\');
        if (c < ' ')
            str_printf(out, "\\u%04x", c);
        else
            str_append_char(out, (char)c);
    }
    str_append_char(out, '"');
}

/* Aliases are written out: what they stand for may be large, too. */
static void write_node(const struct node *node, struct str *out)
{
    if (out->length > YAML_MAX_JSON)
        return;
    bool map = node->kind == NODE_MAP;
    if (node->kind == NODE_STRING) {
        write_text(node->text, out);
    } else if (map || node->kind == NODE_LIST) {
        str_append_char(out, map ? '{' : '[');
        for (size_t i = 0; i < node->count; i++) {
            if (i)
                str_append_char(out, ',');
            if (map) {
                write_text(node->entries[i].key, out);
                str_append_char(out, ':');
            }
            write_node(node->entries[i].node, out);
        }
        str_append_char(out, map ? '}' : ']');
    } else {
        str_append_slice(out, node->text);
    }
}

/* --- stream ------------------------------------------------------------------------------------- */

static bool read_documents(struct reader *reader, struct str *out)
{
    size_t documents = 0;
    str_append_char(out, '[');
    while (next(reader) && reader->event.type != YAML_STREAM_END_EVENT) {
        if (reader->event.type != YAML_DOCUMENT_START_EVENT)
            continue; /* the start of the stream, the end of a document */
        reader->anchors.count = 0;
        const struct node *node = next(reader) ? read_node(reader) : NULL;
        if (!node)
            break;
        if (node->kind == NODE_NULL)
            continue;
        if (documents++)
            str_append_char(out, ',');
        write_node(node, out);
    }
    str_append_char(out, ']');
    if (out->length > YAML_MAX_JSON && !error_is_set(reader->err))
        refuse(reader, "aliases that stand for more than %d bytes", YAML_MAX_JSON);
    return !error_is_set(reader->err);
}

bool yaml_to_json(struct slice text, struct str *json, struct error *err)
{
    if (text.length > YAML_MAX_BYTES)
        return error_set(err, ERROR_INVALID, "more than %d bytes of YAML", YAML_MAX_BYTES);
    ARENA_AUTO arena = arena_new();
    struct reader reader = {.arena = arena, .err = err};
    if (!yaml_parser_initialize(&reader.parser))
        fatal_error("out of memory");
    yaml_parser_set_input_string(&reader.parser, (const unsigned char *)(text.ptr ? text.ptr : ""),
                                 text.length);
    STR_AUTO out = STR_INIT;
    bool good = read_documents(&reader, &out);
    if (good)
        str_append_bytes(json, out.ptr, out.length);
    yaml_event_delete(&reader.event);
    yaml_parser_delete(&reader.parser);
    vec_free(&reader.anchors);
    return good;
}
