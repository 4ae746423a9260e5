/* Between the files of the core services. */
#ifndef OKESTRA_CLOUD_CORE_INTERNAL_H
#define OKESTRA_CLOUD_CORE_INTERNAL_H

#include "acceptance/cloud/core/core.h"

enum {
    VCN_CIDRS = 5,
    NSG_RULES = 120,
    CIDR_CHANGE_MS = 500,
};

/* As lifecycle_core, but available at once: all but VCNs and subnets. */
extern const struct lifecycle core_life;

/* --- rules that several kinds have; each false after call_fail() ---------------------------------- */

/* The object that the field names (if it does) belongs to the same VCN. */
bool core_same_vcn(struct call *call, const struct object *object, const char *field,
                   const struct kind *kind);
/* A letter, then letters and digits, at most 15. */
bool core_check_dns_label(struct call *call, const struct object *object);
/* An IPv4 or IPv6 block without host bits. `what` names it in the message. */
bool core_check_block(struct call *call, const char *what, const char *text);
/* An IPv4 block with a prefix between /16 and /30. */
bool core_parse_block(struct call *call, const char *what, const char *text, struct cidr *cidr);
/* An Oracle services label, such as "all-fra-services-in-oracle-services-network". */
bool core_is_service_label(struct call *call, const char *label);

/* A VCN's own things go with it and cannot be deleted alone. */
bool core_refuse_default(struct call *call, struct object *object);

/* --- changes by work request: what hidden.pending holds becomes part of the body ------------------- */

bool core_start_pending(struct call *call, struct object *object, const char *operation_type,
                        const char *entity, json_t *pending);
bool core_take_pending(struct call *call, struct object *object, const char *step, bool failed);

/* --- handlers, by file ----------------------------------------------------------------------------- */

bool vcn_add_cidr(struct call *call);
bool vcn_remove_cidr(struct call *call);
bool vcn_modify_cidr(struct call *call);
bool vcn_add_ipv6_cidr(struct call *call);
bool vcn_remove_ipv6_cidr(struct call *call);

bool subnet_add_cidr(struct call *call);
bool subnet_remove_cidr(struct call *call);
bool subnet_modify_cidr(struct call *call);
bool subnet_add_ipv6_cidr(struct call *call);
bool subnet_remove_ipv6_cidr(struct call *call);

bool core_change_compartment(struct call *call); /* with a work request */

bool gateway_attach_service(struct call *call);
bool gateway_detach_service(struct call *call);
bool services_list(struct call *call);
bool services_get(struct call *call);
/* The label of a service's id; NULL when there is no such service. From the call's arena. */
const char *service_label(struct call *call, const char *id);

bool security_rules_add(struct call *call);
bool security_rules_update(struct call *call);
bool security_rules_remove(struct call *call);
bool security_rules_list(struct call *call);
bool security_group_vnics(struct call *call);

bool public_ip_get_by_address(struct call *call);
bool public_ip_get_by_private_ip(struct call *call);
bool private_ip_list(struct call *call);
/* An address for a NAT gateway: the reserved one of that id, or a new one. NULL after call_fail(). */
struct object *public_ip_assign(struct call *call, const char *id, const struct object *entity,
                                const char *type);

bool images_list(struct call *call);
bool images_get(struct call *call);
bool images_list_shapes(struct call *call);
bool shapes_list(struct call *call);
bool instances_list(struct call *call);
bool instances_get(struct call *call);
bool vnic_attachments_list(struct call *call);

#endif
