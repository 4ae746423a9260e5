/*
 * How an in-cluster resource maps to Kubernetes objects, as a static const table. A resource points at
 * one by `.api`, with `.ops = &kube_ops` and `.plan = kube_plan`; the generic operations make one
 * server-side apply for each object that changed.
 *
 * Names in JSON (attribute.json) are paths in the object: "metadata.labels", "spec.partitions". What a
 * path cannot say goes into the hooks. Attributes without flag COMPUTED are ours: their values in state
 * are what the server has in the places that were applied, so that a change by others shows, and
 * anything that others add does not. Attributes with flag COMPUTED are read from the whole object.
 *
 * Plans: when the API server can be reached and everything is known, a change is tried as a dry run, so
 * that what validation and admission refuse shows in the plan. A cluster, a namespace or a CRD that does
 * not exist yet is no error.
 */
#ifndef OKESTRA_PROVIDER_KUBE_API_H
#define OKESTRA_PROVIDER_KUBE_API_H

#include <jansson.h>

#include "lib/kube/object.h"
#include "lib/kube/ready.h"
#include "provider/engine/operation.h"
#include "provider/engine/plan.h"

enum {
    KUBE_PLAN_MS = 10 * 1000, /* the longest that a dry run may hold up a plan */
    KUBE_NAME_LENGTH = 63,
};

extern const char kube_manager[]; /* field manager, unless the resource names another */

struct kube_call;

/* One more object of a resource (the quota of a namespace), made after the main one. A list of them ends
 * with kind NULL. */
struct kube_part {
    const char *api_version, *kind;
    /* The object without apiVersion, kind and namespace; NULL: there is none for these values. The
     * name must not depend on the values. New reference. */
    json_t *(*desired)(struct kube_call *call, const struct value *values);
    /* Puts what the server has into the state. object: NULL when there is none. */
    const struct value *(*received)(struct kube_call *call, const json_t *object,
                                    const struct value *state);
    const char *name; /* metadata.name; NULL: as the main object */
    bool inside;      /* in the namespace that the main object is */
};

struct kube_api {
    const char *api_version, *kind;
    const struct kube_part *parts;
    bool no_wait; /* nothing to wait for: no attribute `wait` */

    /* All may be NULL. */
    /* The apiVersion of this object when it is not always the same. */
    const char *(*version)(const struct value *values);
    /* Completes the object that the attributes made; config has write-only values (null on reads). */
    bool (*desired)(struct kube_call *call, const struct value *values, const struct value *config,
                    json_t *object, struct error *err);
    /* Before an object becomes state: what the attributes' paths do not reach. In place. */
    bool (*received)(struct kube_call *call, json_t *object, struct error *err);
    /* After that: *state holds all attributes; replace it by value_with(). */
    bool (*state)(struct kube_call *call, const json_t *live, const struct value **state,
                  struct error *err);
    /* Before the first request of a delete. False with err: it must not be deleted. */
    bool (*before_delete)(struct kube_call *call, struct error *err);
    /* More to check when planning; the dry run comes after. */
    void (*plan)(struct operation *op, struct plan *plan);
};

struct kube_call {
    struct operation *op;
    const struct kube_api *api;
    struct kube_client *client;
    struct kube_scope scope;
    const struct value *values; /* planned, or prior when reading and deleting */
    const struct value *config; /* null when reading and deleting */
};

extern const struct resource_ops kube_ops;
/* For resource.plan. */
void kube_plan(struct operation *op, struct plan *plan);

/* --- for resources with operations of their own ------------------------------------------------- */

/* Finds the client by `cluster_id` of the values, and makes warnings of the API server warnings of the
 * operation. */
bool kube_call_begin(struct kube_call *call, struct operation *op, const struct value *values,
                     const struct value *config, struct error *err);
/* As kube_apply(); a conflict over fields also says what to do about it. */
json_t *kube_apply_or_explain(struct kube_call *call, const struct kube_object *object,
                              const struct kube_apply *apply, struct error *err);
/* True when the failure of a dry run says only that something is not there yet. */
bool kube_is_not_yet(const struct error *err);
/* A failed dry run as a diagnostic of the plan: an error when the server refuses the object, a warning
 * when it could not tell, nothing when something is not there yet. */
void kube_plan_report(struct plan *plan, const char *attribute, const struct error *err);
/* Members that are null go, at any depth: they would claim the field. */
void kube_strip_nulls(json_t *json);
/* The data of a Secret, in place, as hashes: what it holds is nobody's business who reads a plan, that it
 * changed is. Other kinds are left alone. */
void kube_hide_secret(json_t *object);
/* "a/b" or "ocid1.cluster…/a/b": the parts behind the optional cluster into parts[count]. */
bool kube_parse_import_id(struct arena *arena, const char *id, const char *form,
                          const char **cluster_id, const char **parts, size_t count,
                          struct error *err);

/* A DYNAMIC attribute (KUBE_ATTRIBUTE_ANY, with its JSON name `member`) for what has no attribute of its
 * own. Into the object: its members go into object[name], under those that are there. Out of it: members
 * of `from` that are not in `own` (NULL-terminated), as far as they were applied. */
void kube_merge_more(json_t *object, const char *name, const char *member);
void kube_pick_more(struct kube_call *call, json_t *object, const json_t *from,
                    const char *attribute_name, const char *const *own);

/* For resource.move_state from a type of hashicorp/kubernetes: name, namespace, labels, annotations and
 * uid out of its `metadata` block; other members keep their names. */
const struct value *kube_move_metadata(struct arena *arena, const char *source_type,
                                       const struct value *source);

/* --- attributes that most resources have -------------------------------------------------------- */

#define KUBE_ATTRIBUTE_ID                                                                          \
    {                                                                                              \
        .name = "id", .flags = COMPUTED, .json = "metadata.name",                                  \
        .doc = "`namespace/name`, or the name of an object without namespace."                     \
    }

#define KUBE_ATTRIBUTE_CLUSTER_ID                                                                  \
    {                                                                                              \
        .name = "cluster_id", .flags = OPTIONAL | REPLACE | LOCAL,                                 \
        .validate = kube_validate_cluster_id,                                                      \
        .doc = "OCID of the OKE cluster that it is in. It need not exist when planning. Left "     \
               "out: the "                                                                         \
               "cluster of the provider block's `kubernetes`.",                                    \
        .sample = "oke_cluster.main.id"                                                            \
    }

#define KUBE_ATTRIBUTE_NAME(doc_)                                                                  \
    {                                                                                              \
        .name = "name", .flags = REQUIRED | REPLACE, .json = "metadata.name",                      \
        .validate = kube_validate_name, .doc = (doc_)                                              \
    }

#define KUBE_ATTRIBUTE_NAMESPACE                                                                   \
    {                                                                                              \
        .name = "namespace", .flags = REQUIRED | REPLACE, .json = "metadata.namespace",            \
        .validate = kube_validate_label_name, .doc = "The namespace that it is in.",               \
        .sample = "oke_namespace.todo.name"                                                        \
    }

#define KUBE_ATTRIBUTE_LABELS                                                                      \
    {                                                                                              \
        .name = "labels", .kind = ATTRIBUTE_STRING_MAP, .flags = OPTIONAL,                         \
        .json = "metadata.labels", .validate = kube_validate_labels,                               \
        .doc = "Labels. Those that others set are left alone."                                     \
    }

#define KUBE_ATTRIBUTE_ANNOTATIONS                                                                 \
    {                                                                                              \
        .name = "annotations", .kind = ATTRIBUTE_STRING_MAP, .flags = OPTIONAL,                    \
        .json = "metadata.annotations",                                                            \
        .doc = "Annotations. Those that others set are left alone."                                \
    }

#define KUBE_ATTRIBUTE_UID                                                                         \
    {                                                                                              \
        .name = "uid", .flags = COMPUTED, .json = "metadata.uid",                                  \
        .doc = "The identity that the cluster gave it."                                            \
    }

#define KUBE_ATTRIBUTE_ADOPT                                                                       \
    {                                                                                              \
        .name = "adopt", .kind = ATTRIBUTE_BOOL, .flags = OPTIONAL | LOCAL,                        \
        .default_value = "false",                                                                  \
        .doc = "Take over an object of the name that exists already, instead of failing."          \
    }

#define KUBE_ATTRIBUTE_FORCE                                                                       \
    {                                                                                              \
        .name = "force_conflicts", .kind = ATTRIBUTE_BOOL, .flags = OPTIONAL | LOCAL,              \
        .default_value = "false",                                                                  \
        .doc =                                                                                     \
            "Take fields over that other managers own. Otherwise that is an error, which names "   \
            "them."                                                                                \
    }

#define KUBE_ATTRIBUTE_WAIT                                                                        \
    {                                                                                              \
        .name = "wait", .kind = ATTRIBUTE_BOOL, .flags = OPTIONAL | LOCAL,                         \
        .default_value = "true",                                                                   \
        .doc = "Wait until it is ready. A failure names pods, events and last log lines."          \
    }

#define KUBE_ATTRIBUTES_END                                                                        \
    {                                                                                              \
        .name = NULL                                                                               \
    }

/* A DYNAMIC attribute for the parts of a spec that have no attributes of their own. */
#define KUBE_ATTRIBUTE_ANY(name_, json_, doc_)                                                     \
    {                                                                                              \
        .name = (name_), .kind = ATTRIBUTE_DYNAMIC, .flags = OPTIONAL, .json = (json_),            \
        .equal = kube_equal_dynamic, .doc = (doc_)                                                 \
    }

/* The same inside of blocks, as JSON text: elements of one list have one type in Terraform. */
#define KUBE_ATTRIBUTE_JSON(name_, json_, doc_)                                                    \
    {                                                                                              \
        .name = (name_), .flags = OPTIONAL, .json = (json_), .json_kind = JSON_DOCUMENT,           \
        .equal = kube_equal_json, .validate = kube_validate_json,                                  \
        .doc = doc_ " As JSON: `jsonencode(…)`."                                                 \
    }

/* requests and limits of containers */
extern const struct attribute kube_resources_attributes[];
#define KUBE_ATTRIBUTE_RESOURCES(json_, doc_)                                                      \
    {                                                                                              \
        .name = "resources", .kind = ATTRIBUTE_OBJECT_LIST, .flags = OPTIONAL | SINGLE,            \
        .json = (json_), .fields = kube_resources_attributes, .doc = (doc_)                        \
    }

/* Identity of objects with and without namespace. */
extern const struct identity_attribute kube_identity[], kube_cluster_identity[];

attribute_validate kube_validate_cluster_id;
attribute_validate kube_validate_name;        /* DNS subdomain (RFC 1123): most names */
attribute_validate kube_validate_label_name;  /* DNS label: namespaces, services */
attribute_validate kube_validate_labels;      /* keys and values */
attribute_validate kube_validate_quantity;    /* "500m", "1.5Gi"; of maps each value */
attribute_validate kube_validate_go_duration; /* "5s", "1h30m" */
attribute_validate kube_validate_json;        /* any JSON document */
attribute_equal kube_equal_json;              /* spelled in any way */
attribute_equal kube_equal_dynamic;           /* DYNAMIC: the same JSON, with and without nulls */
attribute_equal kube_equal_quantity;          /* "1000m" is "1", "0.5Gi" is "512Mi" */

#endif
