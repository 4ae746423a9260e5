/*
 * The XML of the S3 API: a reader for the few small documents that clients send (elements and text;
 * attributes, comments and declarations are passed over, document types and processing of external
 * entities do not exist) and escaping for the answers.
 */
#ifndef OKESTRA_CLOUD_S3_XML_H
#define OKESTRA_CLOUD_S3_XML_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/base/arena.h"
#include "lib/base/error.h"
#include "lib/base/str.h"

enum { XML_MAX_DEPTH = 16 };

struct xml_element {
    const char *name; /* without a namespace prefix */
    const char *text; /* all text directly inside, entities resolved, trimmed; never NULL */
    struct xml_element *children;
    struct xml_element *next; /* sibling */
};

/* The root element; NULL and err (ERROR_INVALID, with the offset) for anything that is not well formed
 * or uses what is not supported. Everything is in the arena. */
struct xml_element *xml_parse(struct arena *arena, const char *text, size_t length,
                              struct error *err);

/* The first child of that name, NULL when there is none; accepts NULL. */
const struct xml_element *xml_child(const struct xml_element *element, const char *name);
/* Its text, NULL when there is none. */
const char *xml_child_text(const struct xml_element *element, const char *name);

/* Appends <name>text</name> with the text escaped. */
void xml_append(struct str *out, const char *name, const char *text);

#endif
