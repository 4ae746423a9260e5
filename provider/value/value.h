/*
 * Terraform types and values.
 *
 * A value is an immutable tree in an arena. It does not carry its type: decoding, encoding and
 * walking take the type beside it, as on the wire. Numbers are canonical decimal text, so that no
 * precision is lost between configuration, API and state. Sets are lists without meaningful order.
 * Source: terraform-plugin-protocol object wire format; go-cty msgpack and JSON.
 */
#ifndef OKESTRA_PROVIDER_VALUE_VALUE_H
#define OKESTRA_PROVIDER_VALUE_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/arena.h"
#include "lib/base/str.h"

enum type_kind {
    TYPE_BOOL,
    TYPE_NUMBER,
    TYPE_STRING,
    TYPE_DYNAMIC,
    TYPE_LIST,
    TYPE_SET,
    TYPE_MAP,
    TYPE_TUPLE,
    TYPE_OBJECT,
};

struct type {
    enum type_kind kind;
    const struct type *element;      /* LIST, SET, MAP */
    const struct type_field *fields; /* OBJECT: sorted by name; TUPLE: names are NULL */
    size_t count;                    /* of fields */
};

struct type_field {
    const char *name;
    const struct type *type;
};

extern const struct type type_bool, type_number, type_string, type_dynamic;

const struct type *type_list(struct arena *arena, const struct type *element);
const struct type *type_set(struct arena *arena, const struct type *element);
const struct type *type_map(struct arena *arena, const struct type *element);
/* Sorts a copy of the fields. */
const struct type *type_object(struct arena *arena, const struct type_field *fields, size_t count);
const struct type *type_tuple(struct arena *arena, const struct type_field *fields, size_t count);
const struct type *type_field_type(const struct type *object, const char *name); /* or NULL */
bool type_equal(const struct type *a, const struct type *b);
/* Deep copy into another arena. */
const struct type *type_copy(struct arena *arena, const struct type *type);

enum value_kind {
    VALUE_NULL,
    VALUE_UNKNOWN,
    VALUE_BOOL,
    VALUE_NUMBER,
    VALUE_STRING,
    VALUE_LIST,    /* list, set, tuple */
    VALUE_MAP,     /* map, object */
    VALUE_DYNAMIC, /* a value of a dynamic attribute together with its type */
};

struct value_entry;

struct value {
    enum value_kind kind;
    union {
        bool boolean;
        struct slice text; /* STRING (UTF-8, may hold NUL), NUMBER (canonical decimal) */
        struct {
            const struct value *const *items;
            size_t count;
        } list;
        struct {
            const struct value_entry *entries; /* sorted by key, bytewise; keys unique */
            size_t count;
        } map;
        struct {
            const struct type *type;
            const struct value *value;
        } dynamic;
        struct {
            bool not_null;       /* refinement: definitely not null */
            struct slice prefix; /* refinement: string prefix; empty when none */
        } unknown; /* of kind UNKNOWN; value_is_unknown() also holds for DYNAMIC around it */
    };
};

struct value_entry {
    struct slice key;
    const struct value *value;
};

extern const struct value value_null, value_unknown, value_true, value_false, value_empty_list,
    value_empty_map;

const struct value *value_bool(bool boolean);
const struct value *value_string(struct arena *arena, const char *text); /* NULL gives null */
const struct value *value_string_bytes(struct arena *arena, const char *text, size_t length);
const struct value *value_integer(struct arena *arena, int64_t number);
/* Characters of a number: as it is given, and in plain notation. Numbers of Terraform have 512 bits;
 * only their exponents could reach further, and no attribute of ours comes near. */
enum { VALUE_MAX_NUMBER = 4096 };

/* Any decimal notation, also with exponent; NULL when text is no number or exceeds the limit. */
const struct value *value_number(struct arena *arena, const char *text, size_t length);
/* The shortest text that reads back the same; NULL when not finite. */
const struct value *value_double(struct arena *arena, double number);
/* Copies the arrays; items, keys and entry values are referred to. value_map sorts; of equal keys the
 * last wins. */
const struct value *value_list(struct arena *arena, const struct value *const *items, size_t count);
const struct value *value_map(struct arena *arena, const struct value_entry *entries, size_t count);
const struct value *value_dynamic(struct arena *arena, const struct type *type,
                                  const struct value *value);

/* Reading; all accept NULL and wrong kinds. The first three look into DYNAMIC: a null of a known type
 * is null, an unknown of a known type is unknown. */
bool value_is_null(const struct value *value); /* NULL counts as null */
bool value_is_unknown(const struct value *value);
bool value_is_known(const struct value *value); /* neither NULL/null nor unknown, this level */
bool value_is_wholly_known(const struct value *value); /* no unknown at any depth; null is known */
const char *value_text(const struct value *value);     /* NUL terminated; NULL unless STRING */
bool value_as_bool(const struct value *value, bool fallback);
bool value_as_integer(const struct value *value, int64_t *number); /* exact int64 only */
bool value_as_double(const struct value *value, double *number);   /* false beyond its range */
const struct value *value_get(const struct value *map, const char *key); /* &value_null if absent */
const struct value *value_find(const struct value *map, struct slice key); /* NULL if absent */
size_t value_count(const struct value *value);                             /* items or entries */
const struct value *value_item(const struct value *list, size_t index); /* &value_null if absent */
/* A copy of the object with one member replaced or added. */
const struct value *value_with(struct arena *arena, const struct value *map, const char *key,
                               const struct value *member);

/* Strict equality: same structure, numbers by value, unknown equals unknown whatever its refinements.
 * By type: sets have no order and equal elements coalesce; members of objects that are absent are
 * null, as on the wire. type may be NULL: then lists compare in order, maps by every entry. */
bool value_equal(const struct type *type, const struct value *a, const struct value *b);
/* The type that a value has by its own shape: maps are objects, lists tuples, null and unknown dynamic.
 * Keys must not hold NUL. */
const struct type *type_of_value(struct arena *arena, const struct value *value);
/* Deep copy into another arena. */
const struct value *value_copy(struct arena *arena, const struct value *value);
/* A total order of any values, lists in order. */
int value_compare(const struct value *a, const struct value *b);
/* Replaces every unknown by null, at any depth. */
const struct value *value_unknowns_to_null(struct arena *arena, const struct value *value);
/* For diagnostics and tests: HCL-like text, with whatever secrets the value holds. */
void value_print(const struct value *value, struct str *out);

#endif
