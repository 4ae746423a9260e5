/*
 * JSON on jansson: parsing with limits, and getters that accept NULL and wrong types (they answer
 * NULL, false or the fallback), so that remote bodies can be read without checking each step.
 * json_t results are borrowed unless a function says "new reference".
 */
#ifndef OKESTRA_BASE_JSON_H
#define OKESTRA_BASE_JSON_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/error.h"
#include "lib/base/str.h"

enum { JSON_MAX_DOCUMENT = 64 * 1024 * 1024 };

/* For declarations: JSON_AUTO body = json_object(); */
#define JSON_AUTO CLEANUP(json_decref_pointer) json_t *
void json_decref_pointer(json_t **json);

/* Any JSON value, also a bare string. NULL and err on bad input (with line and column) or when it
 * is larger than JSON_MAX_DOCUMENT. Duplicate keys are refused. New reference. */
json_t *json_parse(const char *text, size_t length, struct error *err);
/* Compact, keys in insertion order (sort: alphabetical). */
void json_write(const json_t *json, bool sort, struct str *out);

const char *json_get_text(const json_t *object, const char *key); /* NULL when absent */
int64_t json_get_integer(const json_t *object, const char *key, int64_t fallback);
bool json_get_bool(const json_t *object, const char *key, bool fallback);
/* "a.b.0.c": object keys and array indexes. */
json_t *json_at_path(const json_t *json, const char *path);
/* Sets a text, or null when text is NULL. */
void json_set_text(json_t *object, const char *key, const char *text);

#endif
