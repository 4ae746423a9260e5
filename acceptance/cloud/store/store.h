/*
 * The state of the emulated cloud: objects of many kinds, kept in memory and in an append-only log.
 *
 * Everything belongs to the one thread that owns the cloud. Changes are made inside a struct change,
 * which is a transaction: what it did is on disk as a whole once change_commit() returned true, and
 * undone as a whole by change_rollback() (also when the disk is full). Reads between see the change.
 */
#ifndef OKESTRA_CLOUD_STORE_H
#define OKESTRA_CLOUD_STORE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "lib/base/error.h"

struct kind;
struct store;

#define STORE_NEVER INT64_MAX

struct object {
    const struct kind *kind;
    char *id;        /* an OCID, or any text that is unique among all objects */
    char *etag;      /* new with each change */
    json_t *body;    /* an object: what the API shows */
    json_t *hidden;  /* an object: what it does not show (settings of ours, digests of passwords) */
    char *step;      /* what comes next (see kind.h); NULL: nothing */
    int64_t due_ms;  /* wall clock, when it comes; STORE_NEVER: stuck; 0: nothing */
    uint64_t number; /* grows in the order of creation */
    bool seed;       /* there from the start, such as the tenancy */
};

/* Reads DIRECTORY/state.log, or starts an empty one. A torn last line is cut off; any other damage is
 * an error. `kinds` ends with NULL and must outlive the store. NULL and err. */
struct store *store_open(const char *directory, const struct kind *const *kinds, struct error *err);
void store_close(struct store *store); /* accepts NULL */

const char *store_directory(const struct store *store);
/* NULL when none is called so; accepts NULL. */
const struct kind *store_kind(const struct store *store, const char *type);
/* NULL when there is none (or id is NULL); with kind only one of that kind. */
struct object *store_find(const struct store *store, const struct kind *kind, const char *id);
/* All objects of a kind in the order of creation:
 *     for (struct object *one = store_first(store, &kind_vcn); one; one = store_next(store, one)) */
struct object *store_first(const struct store *store, const struct kind *kind);
struct object *store_next(const struct store *store, const struct object *object);
/* All of all kinds in the order of creation; NULL starts. */
struct object *store_next_of_all(const struct store *store, const struct object *object);
/* The object whose step is due first; NULL when none waits. */
struct object *store_due_first(const struct store *store);

/* --- transactions; one at a time ---------------------------------------------------------------- */

struct change;

struct change *change_begin(struct store *store);
/* A new object with empty bodies and a fresh etag. The id must be free. */
struct object *change_add(struct change *change, const struct kind *kind, const char *id);
/* Must come before the object is written to (twice is fine). Gives it a new etag. */
struct object *change_edit(struct change *change, struct object *object);
/* The object leaves all look-ups; the pointer stays good until the change ends. */
void change_remove(struct change *change, struct object *object);
/* Sets or clears (step NULL) what comes next for an object that this change added or edited. */
void change_schedule(struct change *change, struct object *object, const char *step,
                     int64_t due_ms);
/* Both end the change. False and err: nothing of it remains, in memory or in the log. */
bool change_commit(struct change *change, struct error *err);
void change_rollback(struct change *change);

#endif
