/* Which operation of which service does a request mean? */
#ifndef OKESTRA_CLOUD_ROUTER_H
#define OKESTRA_CLOUD_ROUTER_H

#include "acceptance/cloud/api/call.h"

enum { ROUTE_VALUES = 8 };

struct route {
    const struct service *service;
    const struct operation *operation; /* NULL: none */
    const char *values[ROUTE_VALUES];  /* of the path's parameters, decoded, from the arena */
    bool path_known;                   /* the path exists, with other methods */
};

/*
 * By the host name (of a tunnel, or the header Host) and the path. Under an address or localhost every
 * service is there at once; where two own a path the one wins whose object it names, then the one that
 * knows all query parameters.
 */
struct route router_find(const struct settings *settings, const struct store *store,
                         const struct http_request *request, const char *host, struct arena *arena);

/* Takes the query string apart and checks it against the operation's table. False after 400. */
bool router_read_queries(struct call *call);

#endif
