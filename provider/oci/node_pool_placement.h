/* Where a pool can be made when some place is out of hosts. */
#ifndef OKESTRA_PROVIDER_OCI_NODE_POOL_PLACEMENT_H
#define OKESTRA_PROVIDER_OCI_NODE_POOL_PLACEMENT_H

#include <jansson.h>

#include "lib/base/str.h"

/*
 * The ways to narrow placementConfigs (a JSON array) down to one place: each configuration by itself,
 * and where one names several fault domains, each of these. Gives the index-th of them as a new array
 * and its name ("Uocm:PHX-AD-1, FAULT-DOMAIN-2") in *name; NULL when there are no more. Where all is
 * one place there are none.
 */
json_t *placement_narrowed(const json_t *placement_configs, size_t index, struct str *name);
/* "Uocm:PHX-AD-1, Uocm:PHX-AD-2" */
void placement_print(const json_t *placement_configs, struct str *out);

#endif
