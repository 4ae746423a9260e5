/* The core services: virtual network, compute look-ups, work requests. VNICs are in vnic.h. */
#ifndef OKESTRA_CLOUD_CORE_H
#define OKESTRA_CLOUD_CORE_H

#include "acceptance/cloud/api/call.h"
#include "acceptance/cloud/api/work.h"
#include "acceptance/cloud/core/cidr.h"

extern const struct service service_core, service_load_balancer;

extern const struct kind kind_vcn, kind_subnet, kind_internet_gateway, kind_nat_gateway;
extern const struct kind kind_service_gateway, kind_route_table, kind_security_list;
extern const struct kind kind_network_security_group, kind_dhcp_options, kind_public_ip;
extern const struct kind kind_private_ip, kind_core_work, kind_load_balancer;

/* Also of the database service: GET /20160918/workRequests/{id} on the iaas host. */
extern const struct work_flavour core_work;

/* The private IP of a VNIC, and its end; see vnic.h. */
struct object *private_ip_add(struct call *call, const struct object *vnic);
void private_ip_remove_of(struct call *call, const struct object *vnic);
/* A new public IP for a private one or a NAT gateway. It ends with public_ip_release(). */
struct object *public_ip_add(struct call *call, const struct object *entity, const char *type);
/* Ephemeral addresses of the entity end, reserved ones are free again. */
void public_ip_release(struct call *call, const char *entity);

#endif
