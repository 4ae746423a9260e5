/*
 * Descriptors: what a resource, data source, ephemeral resource, function or action looks like, as
 * static const data. Schema messages, validation, planning, JSON bodies, import, moves, documentation
 * and tests are all derived from these tables; nothing here knows a cloud or a wire protocol.
 *
 * Nested structures of other providers' "blocks" are attributes of type list(object) or set(object).
 * Terraform and OpenTofu let such attributes be written in block syntax (`options { … }`, also with
 * `dynamic`), and unlike protocol blocks they may be computed as a whole. That makes three things
 * possible that true blocks rule out: server defaults in state when the user wrote nothing, imports
 * that plan empty, and one rule for everything below. `timeouts` is the only true block.
 */
#ifndef OKESTRA_PROVIDER_ENGINE_SCHEMA_H
#define OKESTRA_PROVIDER_ENGINE_SCHEMA_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/error.h"
#include "provider/value/path.h"
#include "provider/value/value.h"

struct diagnostics;
struct operation;
struct resource;

enum attribute_kind {
    ATTRIBUTE_STRING,
    ATTRIBUTE_BOOL,
    ATTRIBUTE_INTEGER, /* number in Terraform; whole numbers only */
    ATTRIBUTE_NUMBER,
    ATTRIBUTE_STRING_LIST,
    ATTRIBUTE_STRING_SET,
    ATTRIBUTE_STRING_MAP,
    ATTRIBUTE_OBJECT_LIST, /* .fields; with SINGLE at most one element */
    ATTRIBUTE_OBJECT_SET,  /* .fields */
    ATTRIBUTE_DYNAMIC,     /* any value, e.g. a Kubernetes manifest */
};

enum attribute_flag {
    REQUIRED = 1 << 0,
    OPTIONAL = 1 << 1,
    COMPUTED = 1 << 2, /* with OPTIONAL: the server fills it in when the user says nothing */
    /* A change needs a new object; never part of an update. In fields too, but not of sets and lists in
     * ANY_ORDER, whose elements have no address. */
    REPLACE = 1 << 3,
    SENSITIVE = 1 << 4,
    WRITE_ONLY = 1 << 5,  /* never stored; in bodies only */
    SINGLE = 1 << 6,      /* OBJECT_LIST of at most one element; a plain object in JSON */
    VOLATILE = 1 << 7,    /* computed, and may change with any update: unknown in update plans */
    CREATE_ONLY = 1 << 8, /* not part of the update body although a change is no replacement */
    /* Steers the provider only: never sent, never read back. With REPLACE: where the object is. */
    LOCAL = 1 << 9,
    UNREADABLE = 1 << 10, /* sent, but the API never returns it: state keeps what was applied */
    DEPRECATED = 1 << 11,
    UPDATE_WHEN_CHANGED = 1 << 12, /* in the update body only when it changed */
    KEY = 1 << 13,       /* in OBJECT_SET fields: identifies the element when sets are matched */
    ANY_ORDER = 1 << 14, /* a list whose order means nothing to the API: compared as a set */
};

/* How a value looks in JSON when that differs from the obvious mapping of its kind. */
enum attribute_json {
    JSON_PLAIN = 0,
    JSON_INTEGER_TEXT,  /* string in Terraform, integer in JSON (64-bit counts) */
    JSON_NUMBER_TEXT,   /* string in Terraform, any number in JSON */
    JSON_DOCUMENT,      /* string that holds JSON in Terraform, that JSON itself in JSON */
    JSON_TWO_LEVEL_MAP, /* flat "a.b" = "v" in Terraform, {"a":{"b":"v"}} in JSON (defined tags) */
};

/* Semantic equality: the API or the user may write one value in several ways. Called with known,
 * non-null values of the attribute's kind (elements of lists and sets, maps as a whole). */
typedef bool attribute_equal(const struct value *a, const struct value *b);

/* Checks one known, non-null value (the whole attribute). Adds diagnostics at path. */
struct attribute;
typedef void attribute_validate(const struct attribute *attribute, const struct value *value,
                                const struct path *path, struct diagnostics *diagnostics,
                                struct arena *arena);

struct attribute {
    const char *name; /* NULL ends a table */
    enum attribute_kind kind;
    unsigned flags;   /* of enum attribute_flag */
    const char *json; /* name in JSON; NULL: camelCase of name; "a.b" is a path */
    enum attribute_json json_kind;
    const struct attribute *fields; /* OBJECT_LIST, OBJECT_SET */
    const char *default_value;      /* as text: planned when config is null; "true", "-1", "x" */
    const char *const *one_of;      /* NULL-terminated allowed strings (elements for collections) */
    bool one_of_any_case;
    int64_t minimum, maximum;   /* INTEGER, NUMBER; when both are 0: no limit */
    int min_items, max_items;   /* collections; max_items 0: no limit */
    int min_length, max_length; /* strings: characters; max_length 0: no limit */
    attribute_equal *equal;
    attribute_validate *validate;
    const char *validate_with;       /* a parameter of validate, which explains it */
    const char *const *conflicts;    /* NULL-terminated sibling names that exclude this one */
    const char *const *requires_one; /* NULL-terminated siblings: at least one with this is set */
    const char *doc;                 /* one or two sentences, Markdown */
    const char *deprecated;          /* what to use instead */
    const char *sample;              /* an HCL expression for docs, e.g. "\"10.0.0.0/16\"" */
};

struct identity_attribute {
    const char *name; /* also an attribute of the resource; NULL ends the table */
    bool optional;    /* optional_for_import; else required_for_import */
    const char *doc;
};

/* Default timeouts in seconds; 0 means 20 minutes. */
struct resource_timeouts {
    int create, read, update, remove;
};

/*
 * What an implementation does. Each gets the operation (see operation.h) and returns false with err
 * set on failure. `*state` may be set together with a failure: the best known state, which Terraform
 * keeps (see each member).
 */
struct resource_ops {
    /* planned: wholly known except computed leaves; config: as written, incl. write-only values.
     * On failure after something exists: *state holds the object (tainted by Terraform). */
    bool (*create)(struct operation *op, const struct value *planned, const struct value *config,
                   const struct value **state, struct error *err);
    /* Sets *state to the present remote object, or to NULL when it does not exist any more.
     * The engine merges it with the prior state: formatting, unreadable and local attributes and
     * equal values are kept from `prior`. After an import prior holds only what import set. */
    bool (*read)(struct operation *op, const struct value *prior, const struct value **state,
                 struct error *err);
    bool (*update)(struct operation *op, const struct value *prior, const struct value *planned,
                   const struct value *config, const struct value **state, struct error *err);
    /* Success also when the object is gone already. */
    bool (*remove)(struct operation *op, const struct value *prior, struct error *err);
    /* Sets in *state what the import id tells (others null); the engine reads afterwards. */
    bool (*import)(struct operation *op, const char *id, const struct value **state,
                   struct error *err);
    /* Calls found() for each object that matches config (the resource's list attributes). found()
     * returns false to stop. NULL: no list resource. */
    bool (*list)(struct operation *op, const struct value *config,
                 bool (*found)(void *context, const struct value *state, const char *display_name),
                 void *context, struct error *err);
    /* Data sources, ephemeral resources. */
    bool (*open)(struct operation *op, const struct value *config, const struct value **result,
                 struct error *err);
};

/* What a plan hook sees and may change. See plan.h. */
struct plan;

struct resource {
    const char *name;        /* without the provider's prefix */
    const char *summary;     /* one sentence */
    const char *description; /* further Markdown for the page; NULL */
    const char *subcategory; /* groups the documentation */
    const struct attribute *attributes;
    int64_t schema_version;
    const struct resource_ops *ops;
    const void *api; /* for ops: its own table; the engine never looks inside */
    struct resource_timeouts timeouts;
    const struct identity_attribute *identity; /* NULL: {"id"} */
    const char *import_id;                     /* documentation: form of the import id */
    const char *const *moved_from; /* NULL-terminated resource types of other providers */
    /* Renames members of a state that comes from another provider; NULL: same names. */
    const struct value *(*move_state)(struct arena *arena, const char *source_type,
                                      const struct value *source);
    /* Whole-object checks at validate and at plan time; config may hold unknowns. */
    void (*validate)(const struct value *config, struct diagnostics *diagnostics,
                     struct arena *arena);
    /* After the generic plan: custom replacement, known computed values, checks against the API. */
    void (*plan)(struct operation *op, struct plan *plan);
    const struct attribute *list_attributes; /* config of the list resource; NULL: none */
    const char *example;                     /* HCL for the page and for the docs test */
    /* Ephemeral resources: seconds after which the result should be renewed; 0 never. */
    bool (*renew)(struct operation *op, int64_t *renew_at_ms, struct error *err);
    bool (*close)(struct operation *op, struct error *err);
};

/* Functions are pure; arguments are known and non-null unless declared otherwise. */
struct function_parameter {
    const char *name; /* NULL ends the table */
    const struct type *type;
    bool allow_null;
    const char *doc;
};

struct function {
    const char *name;
    const char *summary;
    const char *description;
    const struct function_parameter *parameters;
    const struct function_parameter *variadic; /* or NULL */
    const struct type *result;
    /* *argument: index of the argument at fault, -1 when none is. */
    const struct value *(*call)(struct arena *arena, const struct value *const *arguments,
                                size_t count, int *argument, struct error *err);
    const char *example;
};

/* Actions (Terraform 1.14): progress() reports a line to the user. */
struct action {
    const char *name;
    const char *summary;
    const char *description;
    const char *subcategory;
    const struct attribute *attributes;
    const void *api;
    bool (*invoke)(struct operation *op, const struct value *config,
                   void (*progress)(void *context, const char *message), void *context,
                   struct error *err);
    const char *example;
};

struct provider {
    const char *name; /* "oke": prefix of all types */
    const char *version;
    const char *summary;
    const char *description;
    const struct attribute *attributes;      /* the provider block */
    const struct resource *const *resources; /* all lists are NULL-terminated */
    const struct resource *const *data_sources;
    const struct resource *const *ephemerals;
    const struct function *const *functions;
    const struct action *const *actions;
    /* Checks the provider block; config may hold unknowns. */
    void (*validate)(const struct value *config, struct diagnostics *diagnostics,
                     struct arena *arena);
    /* Makes the client that operations get. No network. config may hold unknowns: then they count as
     * absent and the first use that needs them fails. *client is released by client_free once no
     * operation uses it. */
    bool (*configure)(const struct value *config, const char *terraform_version, void **client,
                      struct error *err);
    void (*client_free)(void *client);
};

const struct attribute *attribute_find(const struct attribute *table, const char *name);
/* What Terraform is told: a default is planned by us, which it allows for computed attributes only. */
bool attribute_is_computed(const struct attribute *attribute);
/* camelCase of a snake_case name, or .json. Lives as long as the process (or as the table). */
const char *attribute_json_name(struct arena *arena, const struct attribute *attribute);
/* The Terraform type of one attribute, of a table (an object). Thread-safe and cached per table. */
const struct type *attribute_type(const struct attribute *attribute);
const struct type *attributes_type(const struct attribute *table);
/* A resource's object type: the table plus the `timeouts` block. Cached. */
const struct type *resource_type(const struct resource *resource);

#endif
