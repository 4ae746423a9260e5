/*
 * VNICs: what services put into the subnets of their customers (nodes, API endpoints, databases). They
 * take an address and keep subnets and network security groups from being deleted.
 */
#ifndef OKESTRA_CLOUD_VNIC_H
#define OKESTRA_CLOUD_VNIC_H

#include "acceptance/cloud/api/call.h"

extern const struct kind kind_vnic;

struct vnic_details {
    const struct object *owner; /* what it belongs to; with its compartment, if it has one */
    const struct object *subnet;
    const json_t *nsg_ids;           /* NULL: none */
    const char *private_ip;          /* NULL: the first free one */
    const char *availability_domain; /* NULL: none is shown */
    bool public_ip;
};

/* A VNIC with "privateIp" and, when asked for, "publicIp". NULL without call_fail() when the subnet has no
 * free address; after it when the private_ip asked for is not usable. */
struct object *vnic_add(struct call *call, const struct vnic_details *details);
/* That of an owner; NULL when there is none. */
struct object *vnic_of(const struct call *call, const struct object *owner);
void vnic_remove_of(struct call *call, const struct object *owner);
void vnic_set_security_groups(struct call *call, struct object *vnic, const json_t *nsg_ids);

/* The living subnet of that id, if it belongs to the VCN; NULL after 404 or 400. vcn_id NULL: any VCN. */
struct object *vnic_subnet(struct call *call, const char *subnet_id, const char *vcn_id);
/* False after 404 or 400 unless all of them exist, in the VCN. list may be NULL. */
bool vnic_check_security_groups(struct call *call, const json_t *list, const char *vcn_id);

#endif
