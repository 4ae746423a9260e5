/*
 * What the emulator serves, as tables: a service has operations and kinds of objects. One line for
 * each operation; the dispatcher does the rest: signature, routing, query parameters, body, retry
 * tokens, faults, transaction, record.
 */
#ifndef OKESTRA_CLOUD_OPERATION_H
#define OKESTRA_CLOUD_OPERATION_H

#include <stdbool.h>

#include "acceptance/cloud/api/kind.h"
#include "acceptance/cloud/api/model.h"

struct call;
struct http_request;

/* Answers with call_reply() or call_fail(). False: refused, and the transaction is undone. */
typedef bool operation_handler(struct call *call);

enum operation_flag {
    OPERATION_RETRY_TOKEN = 1, /* takes opc-retry-token: the same answer for 24 hours */
    OPERATION_PUBLIC = 2,      /* wants no signature; the handler looks after itself */
    OPERATION_RAW_BODY = 4,    /* the body is bytes: call->request->body */
    OPERATION_ITEMS = 8,       /* lists answer {"items": […]} instead of a bare array */
    OPERATION_BODY_OPTIONAL = 16,
    OPERATION_BODY_UNSIGNED = 32, /* the signature does not cover the body (PutObject) */
    OPERATION_ANY_QUERY = 64,     /* query parameters are the handler's own business */
};

struct operation {
    const char *name; /* as in Oracle's API reference: "CreateVcn"; NULL ends a table */
    const char *method;
    const char *path; /* after the base path: "/vcns/{vcnId}"; a last "{name+}" takes slashes */
    operation_handler *handle;
    const struct kind *kind;     /* for the generic handlers of crud.h */
    const struct query *queries; /* NULL: none allowed */
    const struct model *body;    /* NULL: no body allowed (unless OPERATION_RAW_BODY) */
    unsigned flags;
    int status; /* of success, for the generic handlers; 0: 200, for DELETE 204 */
};

struct service {
    const char *name;      /* as in the record; see contract/check_record.py */
    const char *hosts;     /* first labels of its host names: "iaas|iaas2"; "*.compat.objectstorage"
                              takes any labels before */
    const char *base_path; /* "/20160918", or "" */
    const struct operation *operations;
    const struct kind *const *kinds; /* ends with NULL */
    /*
     * For requests to a bare address, where no host name tells the services apart: whether this one is
     * for the service and for no other. NULL: by the path alone.
     */
    bool (*claims)(const struct http_request *request);
    /* Objects that are there from the start; called once, on an empty state, inside a change. */
    void (*seed)(struct call *call);
};

/* Every service; ends with NULL. In services.c. */
extern const struct service *const all_services[];

#endif
