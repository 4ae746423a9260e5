/*
 * Reading and writing objects: get, list, server-side apply, delete.
 * Sources: https://kubernetes.io/docs/reference/using-api/server-side-apply/ and
 * https://kubernetes.io/docs/concepts/architecture/garbage-collection/
 */
#ifndef OKESTRA_KUBE_OBJECT_H
#define OKESTRA_KUBE_OBJECT_H

#include "lib/kube/client.h"
#include "lib/kube/mapper.h"

enum {
    KUBE_PAGE = 500,             /* items of one page of a list */
    KUBE_LIST_LIMIT = 100000,    /* items of one list */
    KUBE_FIRST_WRITE_MS = 15000, /* how long a kind that was just made may be unknown to writes */
};

/* NULL and err. New reference. */
json_t *kube_get(struct kube_client *client, const struct kube_scope *scope,
                 const struct kube_object *object, struct error *err);

/* All items, in pages; list items lack apiVersion and kind, which are put in. *resource_version (may be
 * NULL; the caller frees): for a watch that goes on from here. New reference. */
json_t *kube_list(struct kube_client *client, const struct kube_scope *scope,
                  const struct kube_object *collection, const char *label_selector,
                  const char *field_selector, char **resource_version, struct error *err);

struct kube_apply {
    const json_t *desired; /* what the manager wants, whole: fields it leaves out are given up */
    const char *manager;   /* at most 128 characters */
    bool force;            /* take fields from other managers */
    bool dry_run;
    const char *validation; /* of fields: "Strict", "Warn", "Ignore"; NULL: Strict */
    const char *subresource;
};

/* The object as the server has it afterwards, or with dry_run would have it. A field that another manager
 * owns is ERROR_CONFLICT, service code "FieldManagerConflict", with each field and its manager in the
 * text. NULL and err. New reference. */
json_t *kube_apply(struct kube_client *client, const struct kube_scope *scope,
                   const struct kube_object *object, const struct kube_apply *apply,
                   struct error *err);

/* Any PATCH: "application/merge-patch+json", "application/json-patch+json". */
json_t *kube_patch(struct kube_client *client, const struct kube_scope *scope,
                   const struct kube_object *object, const char *content_type, const json_t *patch,
                   struct error *err);

struct kube_delete {
    const char *propagation; /* "Background", "Foreground", "Orphan"; NULL: the kind's default */
    int64_t grace_seconds;   /* -1: the kind's default */
    const char *uid;         /* NULL: whichever object has the name */
    bool no_wait;            /* else until the object is gone */
};

/* Good also when it is gone already, or another object has the name by now. When finalizers keep it, the
 * error names them and who removes them. */
bool kube_delete(struct kube_client *client, const struct kube_scope *scope,
                 const struct kube_object *object, const struct kube_delete *options,
                 struct error *err);

/* "namespace/name" members of an object's metadata; NULL when absent. */
const char *kube_name(const json_t *object);
const char *kube_namespace(const json_t *object);
const char *kube_uid(const json_t *object);
const char *kube_resource_version(const json_t *object);

#endif
