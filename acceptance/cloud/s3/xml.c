#include "acceptance/cloud/s3/xml.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

struct reader {
    struct arena *arena;
    const char *start, *at, *end;
    struct error *err;
};

static bool fail(struct reader *r, const char *what)
{
    return error_set(r->err, ERROR_INVALID, "XML: %s at offset %zu", what,
                     (size_t)(r->at - r->start));
}

static bool at_text(const struct reader *r, const char *text)
{
    size_t length = strlen(text);
    return (size_t)(r->end - r->at) >= length && memcmp(r->at, text, length) == 0;
}

static bool skip_past(struct reader *r, const char *terminator)
{
    const char *found = memmem(r->at, (size_t)(r->end - r->at), terminator, strlen(terminator));
    if (!found)
        return fail(r, "unexpected end");
    r->at = found + strlen(terminator);
    return true;
}

static void skip_blanks(struct reader *r)
{
    while (r->at < r->end && isspace((unsigned char)*r->at))
        r->at++;
}

static bool is_name_character(char c)
{
    return isalnum((unsigned char)c) || strchr("_-.:", c);
}

/* A name without its namespace prefix; NULL when there is none. */
static const char *read_name(struct reader *r)
{
    const char *begin = r->at;
    while (r->at < r->end && *r->at && is_name_character(*r->at))
        r->at++;
    if (r->at == begin)
        return NULL;
    const char *colon = memrchr(begin, ':', (size_t)(r->at - begin));
    if (colon)
        begin = colon + 1;
    return arena_strndup(r->arena, begin, (size_t)(r->at - begin));
}

static void append_code_point(struct str *out, unsigned long code)
{
    if (code < 0x80) {
        str_append_char(out, (char)code);
    } else if (code < 0x800) {
        str_append_char(out, (char)(0xC0 | code >> 6));
        str_append_char(out, (char)(0x80 | (code & 0x3F)));
    } else if (code < 0x10000) {
        str_append_char(out, (char)(0xE0 | code >> 12));
        str_append_char(out, (char)(0x80 | (code >> 6 & 0x3F)));
        str_append_char(out, (char)(0x80 | (code & 0x3F)));
    } else {
        str_append_char(out, (char)(0xF0 | code >> 18));
        str_append_char(out, (char)(0x80 | (code >> 12 & 0x3F)));
        str_append_char(out, (char)(0x80 | (code >> 6 & 0x3F)));
        str_append_char(out, (char)(0x80 | (code & 0x3F)));
    }
}

static bool read_entity(struct reader *r, struct str *out)
{
    static const struct {
        const char *text;
        char character;
    } entities[] = {
        {"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}, {"&quot;", '"'}, {"&apos;", '\''},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(entities); i++)
        if (at_text(r, entities[i].text)) {
            str_append_char(out, entities[i].character);
            r->at += strlen(entities[i].text);
            return true;
        }
    const char *semicolon = memchr(r->at, ';', (size_t)(r->end - r->at));
    if (!at_text(r, "&#") || !semicolon || semicolon - r->at > 10)
        return fail(r, "unknown entity");
    char digits[12] = {0};
    memcpy(digits, r->at + 2, (size_t)(semicolon - r->at - 2));
    bool hex = digits[0] == 'x';
    char *rest;
    const char *number = digits + (hex ? 1 : 0);
    unsigned long code = strtoul(number, &rest, hex ? 16 : 10);
    if (!isxdigit((unsigned char)number[0]) || *rest || code == 0 || code > 0x10FFFF ||
        (code >= 0xD800 && code < 0xE000))
        return fail(r, "bad character reference");
    append_code_point(out, code);
    r->at = semicolon + 1;
    return true;
}

/* Comments, declarations and processing instructions; *skipped says whether there was one. */
static bool skip_other(struct reader *r, bool *skipped)
{
    *skipped = true;
    if (at_text(r, "<?"))
        return skip_past(r, "?>");
    if (at_text(r, "<!--"))
        return skip_past(r, "-->");
    if (at_text(r, "<!"))
        return fail(r, "document types and character data sections are not supported");
    *skipped = false;
    return true;
}

/* After the name: attributes up to ">" or "/>". */
static bool skip_attributes(struct reader *r, bool *empty)
{
    for (;;) {
        skip_blanks(r);
        *empty = at_text(r, "/>");
        if (*empty || at_text(r, ">")) {
            r->at += *empty ? 2 : 1;
            return true;
        }
        if (!read_name(r))
            return fail(r, "attribute name expected");
        skip_blanks(r);
        if (!at_text(r, "="))
            return fail(r, "\"=\" expected");
        r->at++;
        skip_blanks(r);
        bool single = at_text(r, "'");
        if (!single && !at_text(r, "\""))
            return fail(r, "quoted value expected");
        r->at++;
        if (!skip_past(r, single ? "'" : "\""))
            return false;
    }
}

static struct xml_element *read_element(struct reader *r, int depth);

static bool read_content(struct reader *r, struct xml_element *element, struct str *text, int depth)
{
    struct xml_element **tail = &element->children;
    while (!at_text(r, "</")) {
        bool skipped;
        if (r->at == r->end)
            return fail(r, "unexpected end");
        if (*r->at == '&') {
            if (!read_entity(r, text))
                return false;
        } else if (*r->at != '<') {
            str_append_char(text, *r->at++);
        } else if (!skip_other(r, &skipped)) {
            return false;
        } else if (!skipped) {
            *tail = read_element(r, depth + 1);
            if (!*tail)
                return false;
            tail = &(*tail)->next;
        }
    }
    return true;
}

static struct xml_element *read_element(struct reader *r, int depth)
{
    struct xml_element *element = arena_new_of(r->arena, struct xml_element);
    STR_AUTO text = STR_INIT;
    bool empty;
    if (depth > XML_MAX_DEPTH || !at_text(r, "<")) {
        fail(r, depth > XML_MAX_DEPTH ? "nested too deep" : "element expected");
        return NULL;
    }
    r->at++;
    element->name = read_name(r);
    element->text = "";
    if (!element->name) {
        fail(r, "element name expected");
        return NULL;
    }
    if (!skip_attributes(r, &empty))
        return NULL;
    if (empty)
        return element;
    if (!read_content(r, element, &text, depth))
        return NULL;
    r->at += 2;
    const char *closing = read_name(r);
    skip_blanks(r);
    if (!text_equal(closing, element->name) || !at_text(r, ">")) {
        fail(r, "closing tag does not match");
        return NULL;
    }
    r->at++;
    struct slice trimmed = slice_trim(slice_from(str_text(&text)));
    element->text = arena_strndup(r->arena, trimmed.ptr, trimmed.length);
    return element;
}

struct xml_element *xml_parse(struct arena *arena, const char *text, size_t length,
                              struct error *err)
{
    struct reader r = {arena, text, text, text + length, err};
    struct xml_element *root = NULL;
    if (!text_is_utf8(text, length) || memchr(text, '\0', length)) {
        fail(&r, "not UTF-8 text");
        return NULL;
    }
    for (;;) {
        bool skipped = false;
        skip_blanks(&r);
        if (r.at == r.end && root)
            return root;
        if (!skip_other(&r, &skipped))
            return NULL;
        if (skipped)
            continue;
        if (root) {
            fail(&r, "text after the document");
            return NULL;
        }
        root = read_element(&r, 1);
        if (!root)
            return NULL;
    }
}

const struct xml_element *xml_child(const struct xml_element *element, const char *name)
{
    for (element = element ? element->children : NULL; element; element = element->next)
        if (text_equal(element->name, name))
            return element;
    return NULL;
}

const char *xml_child_text(const struct xml_element *element, const char *name)
{
    const struct xml_element *child = xml_child(element, name);
    return child ? child->text : NULL;
}

void xml_append(struct str *out, const char *name, const char *text)
{
    str_printf(out, "<%s>", name);
    for (const char *c = text; c && *c; c++) {
        switch (*c) {
        case '<':
            str_append(out, "&lt;");
            break;
        case '>':
            str_append(out, "&gt;");
            break;
        case '&':
            str_append(out, "&amp;");
            break;
        case '\r':
            str_append(out, "&#13;");
            break;
        default:
            str_append_char(out, *c);
        }
    }
    str_printf(out, "</%s>", name);
}
