/*
 * One call of an operation: what was asked, the transaction, the answer. Handlers get one; steps of
 * the lifecycle get one too, without request. Texts come from the call's arena unless said otherwise.
 */
#ifndef OKESTRA_CLOUD_CALL_H
#define OKESTRA_CLOUD_CALL_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "acceptance/cloud/api/operation.h"
#include "acceptance/cloud/store/store.h"
#include "lib/base/arena.h"
#include "lib/base/str.h"

struct cloud;
struct http_request;

struct reply {
    int status;
    json_t *json;     /* owned; NULL: no JSON body */
    struct str bytes; /* body of another type; used when content_type is set */
    const char *content_type;
    struct str headers; /* "Name: value" lines that end in CRLF */
};

struct call {
    struct cloud *cloud;
    struct store *store;
    struct change *change;
    struct arena *arena;
    int64_t now_ms;                /* wall clock; the same during the whole call */
    const struct service *service; /* NULL in steps, as all up to body */
    const struct operation *operation;
    const struct http_request *request;
    const char *const *path_values; /* of operation->path, in order, decoded */
    json_t *queries;                /* name → text, or list of texts for `multi` and `comma` */
    json_t *body;                   /* checked against operation->body; NULL without */
    const char *user;               /* OCID of the caller; NULL for other principals */
    struct reply reply;
    const char *created;      /* id of the object made, for retry tokens */
    bool stuck;               /* a fault: what is scheduled never comes due */
    struct object *work;      /* in steps: the work request that takes the step, if any */
    const char *work_failure; /* a fault: work requests of this call fail with this text */
    const char *work_failure_code;
};

/* --- the cloud ---------------------------------------------------------------------------------- */

struct settings {
    const char *region;     /* "eu-frankfurt-1" */
    const char *region_key; /* "FRA" */
    const char *realm;      /* "oc1" */
    const char *domain;     /* "oraclecloud.com" */
    const char *tenancy;    /* OCID */
    const char *user;       /* OCID of the initial user */
    const char *namespace;  /* of object storage */
    const char *ad_prefix;  /* "tDkX:EU-FRANKFURT-1-AD-" */
    const char *url;        /* "https://127.0.0.1:PORT" */
    double speed;
    const char *directory;     /* of the state, absolute */
    const char *cluster_level; /* of the real clusters behind emulated ones; NULL: none */
};

const struct settings *call_settings(const struct call *call);
enum { AVAILABILITY_DOMAINS = 3, FAULT_DOMAINS = 3 };
/* "…-AD-2" for 2. */
const char *call_availability_domain(struct call *call, int number);
/* 1 to 3; 0 when there is no such availability domain. */
int call_availability_domain_number(const struct call *call, const char *name);

/* --- the request -------------------------------------------------------------------------------- */

const char *call_path(const struct call *call, const char *name); /* NULL when there is none */
const char *call_query(const struct call *call, const char *name);
int64_t call_query_integer(const struct call *call, const char *name, int64_t fallback);
bool call_query_bool(const struct call *call, const char *name, bool fallback);
const char *call_header(const struct call *call, const char *name);
/* text of a member of the body; NULL when absent */
const char *call_text(const struct call *call, const char *name);

/* --- the answer --------------------------------------------------------------------------------- */

/* All return true. json is stolen, NULL for none. */
bool call_reply(struct call *call, int status, json_t *json);
bool call_reply_bytes(struct call *call, int status, const char *content_type, const void *data,
                      size_t length);
/* The object as the API shows it, with its etag. */
bool call_reply_object(struct call *call, int status, const struct object *object);
void call_set_header(struct call *call, const char *name, const char *value);

/* All return false. */
bool call_fail(struct call *call, int status, const char *code, const char *format, ...)
    ATTR_PRINTF(4, 5);
#define call_invalid(call, ...)   call_fail((call), 400, "InvalidParameter", __VA_ARGS__)
#define call_conflict(call, ...)  call_fail((call), 409, "Conflict", __VA_ARGS__)
#define call_bad_state(call, ...) call_fail((call), 409, "IncorrectState", __VA_ARGS__)
/* 404 NotAuthorizedOrNotFound, in the words the services use. */
bool call_not_found(struct call *call, const char *title, const char *id);

/* --- objects ------------------------------------------------------------------------------------ */

/* The object that the path names by its parameter number `index`; NULL after 404. Deleted objects are
 * found as long as they linger. */
struct object *call_target_at(struct call *call, const struct kind *kind, int index);
/* … by the first parameter and the operation's kind. */
struct object *call_target(struct call *call);
/* A living object that a body refers to; NULL after 404. */
struct object *call_find(struct call *call, const struct kind *kind, const char *id);
/* False after 412 when the request has an if-match that is neither "*" nor the object's etag. */
bool call_if_match(struct call *call, const struct object *object);
/* A compartment (or the tenancy) that takes new objects; false after 404. */
bool call_compartment(struct call *call, const char *id);

/* The body as it is shown: copy, after kind->view. New reference. */
json_t *call_view(struct call *call, const struct object *object);

/* Not deleting and not deleted. */
bool object_alive(const struct object *object);
/* Not deleted, as /_emulator/objects counts. */
bool object_exists(const struct object *object);
const char *object_text(const struct object *object, const char *field);
const char *object_name(const struct object *object);
const char *object_state(const struct object *object);

/* A new OCID of the kind. */
const char *call_new_id(struct call *call, const struct kind *kind);
/* RFC 3339 of call->now_ms. */
const char *call_time(struct call *call);
/* delay_ms at --speed 1 from now; step as in kind.h. */
void call_schedule(struct call *call, struct object *object, const char *step, int64_t delay_ms);
void call_set_state(struct object *object, const char *state);

#endif
