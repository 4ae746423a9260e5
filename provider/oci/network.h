/* What the network resources share. */
#ifndef OKESTRA_PROVIDER_OCI_NETWORK_H
#define OKESTRA_PROVIDER_OCI_NETWORK_H

#include "provider/oci/api.h"

/* compartment_id, vcn_id (optional), display_name: how networks are listed */
extern const struct attribute network_list_attributes[];

/* Turns the IPv4 blocks of the prior state into the planned ones, one call for each block: those that
 * go last, so that the network never has none. */
bool network_change_cidrs(struct api_call *call, const struct api_action *action,
                          struct error *err);

#endif
