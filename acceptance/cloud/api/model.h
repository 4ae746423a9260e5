/*
 * Models of request bodies and query parameters, as tables. model_check() refuses what Oracle's
 * services refuse: unknown fields, wrong types, values out of range, missing fields. `oci-emulator
 * --models` prints the tables; a contract test compares them with the official SDK.
 */
#ifndef OKESTRA_CLOUD_MODEL_H
#define OKESTRA_CLOUD_MODEL_H

#include <jansson.h>
#include <stdbool.h>

#include "lib/base/str.h"

enum field_type {
    FIELD_TEXT,
    FIELD_INTEGER,
    FIELD_NUMBER,
    FIELD_BOOL,
    FIELD_TIME, /* RFC 3339, or a plain date */
    FIELD_MODEL,
    FIELD_TEXT_MAP,     /* {"a": "b"} */
    FIELD_DEFINED_TAGS, /* {"namespace": {"key": value}} */
    FIELD_ANY,
};

struct model;

struct field {
    const char *name; /* NULL ends a table */
    enum field_type type;
    bool required;
    bool list;                 /* of values of `type` */
    bool hidden;               /* accepted but never shown: goes to object.hidden */
    long long min, max;        /* FIELD_TEXT: length; numbers: value; checked when max is not 0 */
    unsigned list_min;         /* fewest items */
    unsigned list_max;         /* most items; 0: no limit */
    const char *one_of;        /* "A|B|C"; NULL: any text */
    const struct model *model; /* FIELD_MODEL */
};

struct model {
    const char *name; /* as in Oracle's SDKs: "CreateVcnDetails" */
    const struct field *fields;
    /* Polymorphic models: the field that names the subtype; each subtype's table is complete in
     * itself and lists the discriminator too. */
    const char *discriminator;
    const struct subtype {
        const char *value; /* NULL ends the table */
        const struct model *model;
    } * subtypes;
    const char *fallback; /* value of a discriminator that is left out; NULL: it must be given */
};

/* Often used fields. */
#define FIELD_COMPARTMENT                                                                          \
    {                                                                                              \
        "compartmentId", FIELD_TEXT, .required = true, .min = 1, .max = 255                        \
    }
#define FIELD_DISPLAY_NAME                                                                         \
    {                                                                                              \
        "displayName", FIELD_TEXT, .min = 1, .max = 255                                            \
    }
#define FIELDS_TAGS                                                                                \
    {"freeformTags", FIELD_TEXT_MAP},                                                              \
    {                                                                                              \
        "definedTags", FIELD_DEFINED_TAGS                                                          \
    }
#define FIELDS_END                                                                                 \
    {                                                                                              \
        NULL                                                                                       \
    }

/* What is wrong with a value; code is "InvalidParameter", "MissingParameter" or "LimitExceeded". */
struct model_fault {
    const char *code;
    struct str message;
};

/* Checks a body and removes members that are null (the API treats them as absent). False and *fault,
 * whose message names the field by its path; release it with str_free(). */
bool model_check(const struct model *model, json_t *body, struct model_fault *fault);

/* Adds the model, and those in it, to an object: name → {"fields": {…}} or {"discriminator": …}. */
void model_describe(const struct model *model, json_t *models);

/* "A|B|C" */
/* The subtype that a value chooses, or the model itself when it has none. NULL when there is no such
 * subtype; accepts NULL. */
const struct model *model_choose(const struct model *model, const json_t *value);

bool text_one_of(const char *text, const char *one_of, bool ignore_case);

/* A query parameter. */
struct query {
    const char *name; /* NULL ends a table */
    enum field_type type;
    bool required;
    bool multi; /* may be repeated */
    bool comma; /* one value, joined by commas */
    const char *one_of;
    long long min, max;
    /* crud_list() keeps objects whose body has this field (a dotted path) with the given value;
     * ignore_case for lifecycle states. */
    const char *filter;
    bool ignore_case;
};

#define QUERY_COMPARTMENT                                                                          \
    {                                                                                              \
        "compartmentId", .required = true, .min = 1, .max = 255, .filter = "compartmentId"         \
    }
#define QUERY_DISPLAY_NAME                                                                         \
    {                                                                                              \
        "displayName", .filter = "displayName", .min = 1, .max = 255                               \
    }
#define QUERIES_PAGING                                                                             \
    {"limit", FIELD_INTEGER, .min = 1, .max = 1000},                                               \
    {                                                                                              \
        "page", .min = 1, .max = 1024                                                              \
    }
/* The values are the members to sort by, in any case: TIMECREATED sorts by timeCreated. */
#define QUERIES_SORT(values)                                                                       \
    {"sortBy", .one_of = (values)},                                                                \
    {                                                                                              \
        "sortOrder", .one_of = "ASC|DESC"                                                          \
    }
#define QUERIES_END                                                                                \
    {                                                                                              \
        NULL                                                                                       \
    }

#endif
