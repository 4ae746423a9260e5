/*
 * Kinds of objects, as tables: identity, lifecycle, references, uniqueness, limits, and hooks for
 * what a table cannot say. crud.h works through them.
 */
#ifndef OKESTRA_CLOUD_KIND_H
#define OKESTRA_CLOUD_KIND_H

#include <stdbool.h>

#include "acceptance/cloud/store/store.h"

struct call;
struct work_flavour;

/*
 * States in body.lifecycleState and how long each takes, in milliseconds at --speed 1. Without
 * `creating` an object is active at once; without `deleting` it is deleted at once; without `deleted`
 * it is then gone at once. Deleted objects stay readable for linger_ms.
 */
struct lifecycle {
    const char *creating, *active, *updating, *deleting, *deleted;
    int create_ms, update_ms, delete_ms, linger_ms;
};

enum { LINGER_FOR_EVER = -1 };

/* The four states of core and the classic ones of identity. */
extern const struct lifecycle lifecycle_core;     /* PROVISIONING, AVAILABLE, TERMINATING, … */
extern const struct lifecycle lifecycle_identity; /* ACTIVE at once, gone at once */

/* A field that holds the id of another object (or a list of ids). */
struct reference {
    const char *field;       /* path in the body: "rules[].networkEntityId"; NULL ends a table */
    const struct kind *kind; /* NULL: of several kinds */
    bool weak;               /* does not keep the other one from being deleted */
    bool hidden;             /* the path is one in object.hidden */
};

enum unique_scope { UNIQUE_NOT, UNIQUE_IN_COMPARTMENT, UNIQUE_IN_PARENT, UNIQUE_IN_TENANCY };

struct kind {
    const char *type;  /* of its OCIDs and in /_emulator/objects: "vcn" */
    const char *title; /* in messages: "VCN" */
    bool global;       /* OCIDs without region, as identity has them */
    bool in_namespace; /* OCIDs with "0.<namespace>." before the unique part, as the registry's */
    bool internal;     /* bookkeeping of the emulator: not in /_emulator/objects */
    const char *name_field;   /* NULL: "displayName" */
    const char *default_name; /* display names become this and the time; NULL: none is made up */
    enum unique_scope unique;
    bool unique_no_case;
    const char *exists_code;  /* of the 409; NULL: "NotAuthorizedOrResourceAlreadyExists" */
    const char *parent_field; /* "vcnId": same parent is the scope of UNIQUE_IN_PARENT and limits */
    const struct reference *references;
    const struct lifecycle *life; /* NULL: none, and no lifecycleState */
    int limit; /* most living objects of one parent (without: of one tenancy); 0: none */
    const char *limit_name;          /* in the LimitExceeded message */
    const struct work_flavour *work; /* of work requests themselves, see work.h */
    const char *summary;             /* fields that a list shows: "id|name"; NULL: all */

    /*
     * Hooks; each may be NULL. They return false after call_fail(). The object is new or open for
     * editing.
     *
     * create: the body holds the checked request and the common members; complete and check it.
     * update: `before` is a copy of the body as it was, object->body has the request merged in.
     * remove: conflicts beyond the references; what has to go with it.
     * view:   changes the copy of the body that is about to be shown.
     */
    bool (*create)(struct call *call, struct object *object);
    bool (*update)(struct call *call, struct object *object, const json_t *before);
    bool (*remove)(struct call *call, struct object *object);
    void (*view)(struct call *call, const struct object *object, json_t *copy);

    /* Whether what a work request stands for still goes on although its time is over; it is asked again
     * soon. The object is open for editing. Only where something real is behind an object. */
    bool (*busy)(struct call *call, struct object *object, const char *step);

    /*
     * Takes object->step, which came due, or which a work request has finished (then `failed` says
     * how it ended). The object is open for editing and the step already cleared. Return false for
     * the steps of the lifecycle ("activate", "deleted", "vanish"), which are then taken as usual.
     */
    bool (*step)(struct call *call, struct object *object, const char *step, bool failed);
};

#endif
