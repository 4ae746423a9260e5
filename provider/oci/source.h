/* Data sources that are one request (and its pages) and a table of what the answer holds. */
#ifndef OKESTRA_PROVIDER_OCI_SOURCE_H
#define OKESTRA_PROVIDER_OCI_SOURCE_H

#include "provider/oci/api.h"

struct oci_source {
    enum oci_service service;
    const char *operation;         /* "ListAvailabilityDomains" */
    const char *path;              /* pattern, filled from the configuration */
    const struct api_query *query; /* the same; parameters without a value are left out */
    const char *list;    /* attribute that takes the items; NULL: the answer is one object */
    bool wrapped;        /* they go into <list>[0].items, as some of oracle/oci's do */
    const char *sort_by; /* text attribute of the items, ascending; NULL: as they came */
};

extern const struct resource_ops oci_source_ops; /* open is source_open() */

bool source_open(struct operation *op, const struct value *config, const struct value **result,
                 struct error *err);

#define ATTRIBUTE_SOURCE_ID                                                                        \
    {                                                                                              \
        .name = "id", .flags = COMPUTED, .doc = "Stands for this question; of no use elsewhere."   \
    }

/* Data sources that tell of one object, by its id or by its name. */
struct oci_source_one {
    const struct oci_source *list; /* with a list; asked by name */
    const char *operation;         /* "GetUser" */
    const char *path;              /* pattern: "/users/{user_id}" */
    const char *noun;              /* in messages: "user" */
    const char *id, *name;         /* arguments: "user_id", "name" */
};

extern const struct resource_ops oci_source_one_ops;

/* The only one of the items whose text `name` is `wanted`. Otherwise an error that tells what there is,
 * or which argument (`id`) tells several of the same name apart. */
struct source_wish {
    const char *noun, *name, *wanted, *id;
};
bool source_pick(const struct value *items, const struct source_wish *wish,
                 const struct value **picked, struct error *err);

/* That id: it follows from the type and the configuration. */
const struct value *source_id(const struct operation *op, const struct value *config);
/* Items by one of their texts, ascending; equal ones stay in order. */
const struct value *source_sort(struct arena *arena, const struct value *items, const char *by);

#endif
