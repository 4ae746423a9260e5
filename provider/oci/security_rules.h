/* What rules of security lists and of network security groups have in common. */
#ifndef OKESTRA_PROVIDER_OCI_SECURITY_RULES_H
#define OKESTRA_PROVIDER_OCI_SECURITY_RULES_H

#include <jansson.h>

#include "provider/oci/api.h"
#include "provider/oci/validate.h"

extern const struct attribute security_icmp_fields[];       /* type, code */
extern const struct attribute security_port_range_fields[]; /* min, max */
extern const char *const security_list_peer_types[];        /* CIDR_BLOCK, SERVICE_CIDR_BLOCK */
extern const char *const security_group_peer_types[];       /* and NETWORK_SECURITY_GROUP */

attribute_validate security_validate_protocol; /* "all" or an IANA number */

/* One rule: options fit the protocol, ranges are ranges, `peer` ("source", "destination") fits its
 * type. parent: path of the rule; NULL: it is the resource itself. */
void security_check_rule(const struct value *rule, const char *peer, const struct path *parent,
                         struct diagnostics *diagnostics, struct arena *arena);
/* An ICMP code of -1 means all codes, which the API wants left out. */
void security_strip_code(json_t *rule);

/* Of security lists, the default one of a VCN included. */
extern const struct attribute security_ingress_fields[], security_egress_fields[];
bool security_list_complete(struct api_call *call, json_t *body, struct error *err);
void security_list_validate(const struct value *config, struct diagnostics *diagnostics,
                            struct arena *arena);

#define SECURITY_PROTOCOL                                                                          \
    {                                                                                              \
        .name = "protocol", .flags = REQUIRED, .validate = security_validate_protocol,             \
        .doc = "`all`, or the IANA number: 1 ICMP, 6 TCP, 17 UDP, 58 ICMPv6.", .sample = "\"6\""   \
    }
#define SECURITY_DESCRIPTION                                                                       \
    {                                                                                              \
        .name = "description", .flags = OPTIONAL | COMPUTED, .max_length = 255,                    \
        .doc = "What the rule is for."                                                             \
    }
#define SECURITY_ICMP_OPTIONS                                                                      \
    {                                                                                              \
        .name = "icmp_options", .kind = ATTRIBUTE_OBJECT_LIST, .flags = OPTIONAL | SINGLE,         \
        .fields = security_icmp_fields, .doc = "Only these ICMP messages."                         \
    }

#endif
