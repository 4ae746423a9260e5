/*
 * Text: a slice (borrowed bytes) and a growing string (owned bytes).
 *
 * struct str is always NUL terminated once something was appended; str_text() gives "" before.
 * Embedded NUL bytes are allowed; .length counts. Zero-initialise with STR_INIT, release with
 * str_free() or declare it STR_AUTO.
 */
#ifndef OKESTRA_BASE_STR_H
#define OKESTRA_BASE_STR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "lib/base/compiler.h"

struct arena;

struct slice {
    const char *ptr; /* not NUL terminated */
    size_t length;
};

#define SLICE_LITERAL(text) ((struct slice){(text), sizeof(text) - 1})

struct slice slice_from(const char *text); /* NULL gives the empty slice */
bool slice_equal(struct slice a, struct slice b);
bool slice_equal_text(struct slice a, const char *text);
bool slice_starts_with(struct slice a, const char *prefix);
struct slice slice_trim(struct slice a); /* white space at both ends */
/* Cuts at the first separator: *head gets the part before, the rest is returned (empty and
 * *found false when there is none). */
struct slice slice_cut(struct slice a, char separator, struct slice *head, bool *found);

struct str {
    char *ptr;
    size_t length;
    size_t capacity;
};

#define STR_INIT                                                                                   \
    {                                                                                              \
        NULL, 0, 0                                                                                 \
    }
#define STR_AUTO CLEANUP(str_free) struct str

void str_free(struct str *s);
void str_clear(struct str *s);
void str_reserve(struct str *s, size_t more);
void str_append(struct str *s, const char *text); /* NULL appends nothing */
void str_append_bytes(struct str *s, const void *data, size_t length);
void str_append_slice(struct str *s, struct slice slice);
void str_append_char(struct str *s, char c);
void str_printf(struct str *s, const char *format, ...) ATTR_PRINTF(2, 3);
void str_vprintf(struct str *s, const char *format, va_list args) ATTR_PRINTF(2, 0);
void str_truncate(struct str *s, size_t length);
const char *str_text(const struct str *s);
char *str_steal(struct str *s); /* caller frees; *s is empty afterwards */
char *str_copy_to(const struct str *s, struct arena *arena);

/* Small helpers on C strings; NULL is allowed and equals only NULL. */
bool text_equal(const char *a, const char *b);
bool text_equal_nocase(const char *a, const char *b);
bool text_starts_with(const char *text, const char *prefix);
bool text_ends_with(const char *text, const char *suffix);
bool text_empty(const char *text); /* NULL or "" */

/* The candidate nearest to text by edit distance, or NULL when none is close (for "did you mean").
 */
const char *text_nearest(const char *text, const char *const *candidates, size_t count);

/* Valid UTF-8 without surrogates or overlong forms (RFC 3629). */
bool text_is_utf8(const char *text, size_t length);
/* Appends text with every invalid byte replaced by U+FFFD. */
void str_append_utf8(struct str *s, const char *text, size_t length);

#endif
