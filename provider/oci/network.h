/* What the network resources share. */
#ifndef OKESTRA_PROVIDER_OCI_NETWORK_H
#define OKESTRA_PROVIDER_OCI_NETWORK_H

#include "provider/oci/api.h"

/* compartment_id, vcn_id (optional), display_name (optional): how networks are listed */
extern const struct attribute network_list_attributes[];
/* the same as a query */
extern const struct api_query network_list_query[];

/* The actions that change a list of address blocks. Paths are those of struct api_action. */
struct network_blocks {
    const char *attribute;
    const char *add, *add_path, *add_member;
    const char *remove, *remove_path, *remove_member;
    const char *modify, *modify_path, *modify_from, *modify_to; /* NULL: blocks cannot be resized */
};

/* From the blocks of the prior state to the planned ones, one call for each difference. A block that
 * overlaps a new one is resized; new ones come before old ones go, so that there is always one. */
bool network_change_blocks(struct api_call *call, const struct network_blocks *blocks,
                           struct error *err);
/* Checks that no two blocks of the list overlap. */
void network_check_overlap(const struct value *blocks, const char *attribute,
                           struct diagnostics *diagnostics, struct arena *arena);

#endif
