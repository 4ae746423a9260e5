/*
 * How an object of OCI is driven over REST, as a static const table. A resource points at one by
 * `.api`; the generic operations (ops.h) interpret it: create with retry token and replay, waiting,
 * read, update, sub-actions, delete, import, list. What a table cannot say goes into a hook.
 *
 * Patterns. Paths, queries and ids are texts with placeholders in braces, "/users/{user_id}/authTokens",
 * that are filled from Terraform attributes of the object: the planned ones during create, otherwise
 * those of the state. In paths the values are percent-encoded; one that is missing is an error there
 * and leaves a query parameter out.
 */
#ifndef OKESTRA_PROVIDER_OCI_API_H
#define OKESTRA_PROVIDER_OCI_API_H

#include <jansson.h>

#include "lib/oci/client.h"
#include "provider/engine/operation.h"

struct api_call;

/* Lifecycle states, NULL-terminated lists; a state in none of them ends a wait as a failure. */
struct api_states {
    const char *const *busy;    /* on the way to alive: "PROVISIONING", "UPDATING" */
    const char *const *alive;   /* what create and update wait for: "AVAILABLE" */
    const char *const *leaving; /* "TERMINATING" */
    const char *const *gone;    /* like 404: "TERMINATED" */
    const char *member;         /* where it is in the object; NULL: "lifecycleState" */
};

/* PROVISIONING, UPDATING | AVAILABLE | TERMINATING | TERMINATED: networks */
extern const struct api_states api_states_core;
/* CREATING, UPDATING | ACTIVE, INACTIVE | DELETING | DELETED: identity and most newer services */
extern const struct api_states api_states_active;
/* The same, and NEEDS_ATTENTION counts as alive: OKE, PostgreSQL */
extern const struct api_states api_states_attention;

enum api_phase {
    API_CREATE = 1 << 0,
    API_READ = 1 << 1,
    API_UPDATE = 1 << 2, /* actions too */
    API_DELETE = 1 << 3,
    API_LIST = 1 << 4,
};

enum api_flag {
    API_UPDATE_BY_POST = 1 << 0, /* else PUT */
    API_UPDATE_CHANGED = 1 << 1, /* the update holds only what changed, else all that is set */
    /* The create takes no opc-retry-token. After a lost answer, and when a killed run is continued, an
     * object that looks exactly as planned is looked for before another one is made. */
    API_NO_RETRY_TOKEN = 1 << 2,
    API_KEYED_BY_NAME = 1 << 3,    /* the item path is known before create (bucket, addon) */
    API_READ_BY_LIST = 1 << 4,     /* there is no GET of one: read lists and picks by id */
    API_LIST_SUMMARY = 1 << 5,     /* listed items lack members: each is read for a whole state */
    API_READ_AFTER_WRITE = 1 << 6, /* answers of create and update lack members */
    /* An answer that was lost cannot be had again (it held a secret): the object that it was about is
     * deleted, and made anew. */
    API_DISCARD_LOST = 1 << 7,
};

/* One query parameter; the table ends with name NULL. */
struct api_query {
    const char *name;
    const char *value; /* pattern: "{compartment_id}", "approximateCount,approximateSize" */
};

/* One more temporary (or permanent) refusal; the table ends with phases 0. */
struct api_retry {
    unsigned phases; /* of enum api_phase */
    struct oci_retry_rule rule;
};

/* What a change of one attribute calls instead of being part of the update body. Actions run in the
 * order of their table; each is waited for as an update is. The table ends with attribute NULL. */
struct api_action {
    const char *attribute;
    const char *operation; /* "ChangeVcnCompartment" */
    const char *path;      /* pattern below the item path: "/actions/changeCompartment" */
    const char *member;    /* the body is {member: planned value} */
    bool after_update;     /* after the update body was sent; else before */
    /* Instead of path and member: any number of calls, by api_act(). */
    bool (*run)(struct api_call *call, const struct api_action *action, struct error *err);
};

#define API_CHANGE_COMPARTMENT(operation_name)                                                     \
    {                                                                                              \
        .attribute = "compartment_id", .operation = operation_name,                                \
        .path = "/actions/changeCompartment", .member = "compartmentId"                            \
    }

/* Something that may still be there when a delete is refused. It is listed then, and what lives is
 * named in the error. The table ends with noun NULL. */
struct api_blocker {
    const char *noun;      /* "subnet" */
    const char *operation; /* "ListSubnets" */
    const char *path;      /* pattern: "/subnets" */
    const struct api_query *query;
    const char *id;           /* member that names it; NULL: "id" */
    enum oci_service service; /* 0 is OCI_IDENTITY: always say it */
    bool first_page;          /* there may be millions: a few are enough */
};

struct oci_api {
    enum oci_service service;
    const char *noun; /* in messages: "VCN" */
    const char *stem; /* "Vcn": CreateVcn, GetVcn, UpdateVcn, DeleteVcn, ListVcns */
    /* Names that do not follow from the stem; NULL: they do. */
    struct {
        const char *create, *read, *update, *remove, *list;
    } operation;
    /* Pattern of the collection: "/vcns", "/n/{namespace}/b". */
    const char *path;
    /* Where creates are sent; NULL: path. */
    const char *create_path;
    /* Pattern of one object; NULL: path "/{id}". */
    const char *item;
    /* Pattern of a composite Terraform id, "n/{namespace}/b/{name}", whose attributes come from the
     * plan or the answer; NULL: the API's own "id". */
    const char *id;
    /* Pattern of the import id; NULL: as `id`, and "{id}" without one. */
    const char *import_id;
    /* "vcn": import ids that are no such OCID are refused; NULL: unchecked. */
    const char *ocid_type;
    /* Attribute that names it to people; NULL: "display_name". */
    const char *name;
    unsigned flags;                  /* of enum api_flag */
    const struct api_states *states; /* lifecycle waits; NULL: none */
    /* Set: answers that carry opc-work-request-id are waited for by the work request, whose entity of
     * this type ("cluster") is the object; a create without body takes its id from there. Lifecycle
     * waits follow where states are given. */
    const char *work_request_entity;
    /* Path in the answer of a create to the object; NULL: the answer is the object. */
    const char *answer;
    const struct api_query *read_query, *update_query, *delete_query;
    const struct api_query *list_query; /* for lists and look-ups: filled from what is known */
    const struct api_retry *retry;
    const struct api_action *actions;
    const struct api_blocker *blockers;

    /* --- hooks; all may be NULL. False with err ends the operation. --- */

    /* Before a create or update body is sent: change it in place. Update bodies without members are
     * not sent. */
    bool (*body)(struct api_call *call, json_t *body, struct error *err);
    /* After an object was received: change it in place, before it becomes state. */
    bool (*received)(struct api_call *call, json_t *object, struct error *err);
    /* After that: *state holds all attributes; replace it by value_with(). May call the API. */
    bool (*state)(struct api_call *call, const json_t *object, const struct value **state,
                  struct error *err);
    /* Before the first request of a delete. */
    bool (*before_delete)(struct api_call *call, struct error *err);
    /* True: the object is not deleted, only forgotten (a compartment without enable_delete). */
    bool (*keep)(const struct api_call *call);
    /* The name is taken. True: the object of that name is to be taken over and updated to the plan. */
    bool (*adopt)(const struct api_call *call);
    /* A create or update ran out of capacity (ERROR_CAPACITY; call->id is set when something exists).
     * Called again after each failed attempt, `attempt` counting from 1. True: try again with the body
     * as changed here (what exists is deleted first, when creating); the reason is in a warning. */
    bool (*out_of_capacity)(struct api_call *call, int attempt, json_t *body);
};

/* One operation in progress; hooks may read everything. */
struct api_call {
    struct operation *op;
    const struct oci_api *api;
    enum api_phase phase;
    const struct value *prior;   /* &value_null when creating */
    const struct value *planned; /* &value_null when reading and deleting */
    const struct value *config;  /* with write-only values; &value_null when reading and deleting */
    const struct value *known;   /* what placeholders are filled from */
    const struct value *target; /* the same for item paths: during an update the object as it was */
    const char *id;             /* the Terraform id, as soon as it is known */
    const char *etag;           /* of the last answer that held the object; NULL: none */
    const char *title;          /* for messages: "VCN web" */
    void *context;              /* of the hooks */
};

#endif
