/* Rules of route tables, the default one of a VCN included. */
#ifndef OKESTRA_PROVIDER_OCI_ROUTE_RULES_H
#define OKESTRA_PROVIDER_OCI_ROUTE_RULES_H

#include "provider/oci/api.h"

extern const struct attribute route_rule_fields[];
/* Hooks for an attribute route_rules. */
bool route_rules_complete(struct api_call *call, json_t *body, struct error *err);
bool route_rules_received(struct api_call *call, json_t *object, struct error *err);
void route_rules_validate(const struct value *config, struct diagnostics *diagnostics,
                          struct arena *arena);

#endif
