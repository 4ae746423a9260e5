#include "acceptance/cloud/core/vnic.h"

#include "acceptance/cloud/core/cidr.h"
#include "acceptance/cloud/core/core.h"
#include "lib/base/encoding.h"
#include "lib/base/json.h"

/* Oracle keeps the first two addresses and the last one of each subnet. */
enum { RESERVED_FIRST = 2, RESERVED_LAST = 1 };

static const struct reference references[] = {
    {"subnetId", &kind_subnet, .weak = true}, /* the subnet says so in its own words */
    {"nsgIds", &kind_network_security_group},
    {NULL},
};

const struct kind kind_vnic = {
    .type = "vnic",
    .title = "VNIC",
    .internal = true,
    .references = references,
};

static bool address_taken(const struct call *call, const struct object *subnet, uint32_t address)
{
    for (const struct object *vnic = store_first(call->store, &kind_vnic); vnic;
         vnic = store_next(call->store, vnic)) {
        uint32_t other;
        if (text_equal(object_text(vnic, "subnetId"), subnet->id) &&
            ipv4_parse(object_text(vnic, "privateIp"), &other) && other == address)
            return true;
    }
    return false;
}

static bool choose_address(struct call *call, const struct vnic_details *details, uint32_t *address)
{
    struct cidr cidr;
    if (!cidr_parse(object_text(details->subnet, "cidrBlock"), &cidr))
        return false;
    uint32_t first = cidr_first(cidr) + RESERVED_FIRST;
    uint32_t last = cidr_last(cidr) - RESERVED_LAST;
    if (details->private_ip) {
        if (!ipv4_parse(details->private_ip, address) || *address < first || *address > last)
            return call_invalid(call, "%s is no usable address of subnet %s (%s)",
                                details->private_ip, details->subnet->id,
                                object_text(details->subnet, "cidrBlock"));
        return !address_taken(call, details->subnet, *address) ||
               call_conflict(call, "Private IP address %s is already in use", details->private_ip);
    }
    for (*address = first; *address <= last; ++*address)
        if (!address_taken(call, details->subnet, *address))
            return true;
    return false;
}

static const char *mac_address(struct call *call)
{
    unsigned char random[3];
    random_bytes(random, sizeof(random));
    return arena_printf(call->arena, "02:00:17:%02X:%02X:%02X", random[0], random[1], random[2]);
}

struct object *vnic_add(struct call *call, const struct vnic_details *details)
{
    uint32_t address;
    if (!choose_address(call, details, &address))
        return NULL;
    const char *compartment = object_text(details->owner, "compartmentId");
    if (!compartment)
        compartment = object_text(details->subnet, "compartmentId");
    struct object *vnic = change_add(call->change, &kind_vnic, call_new_id(call, &kind_vnic));
    JSON_AUTO body =
        json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:b, s:b, s:s, s:O?, s:s?, s:{}, s:{}}", "id",
                  vnic->id, "compartmentId", compartment, "subnetId", details->subnet->id,
                  "privateIp", ipv4_format(call->arena, address), "lifecycleState", "AVAILABLE",
                  "timeCreated", call_time(call), "isPrimary", true, "skipSourceDestCheck", false,
                  "macAddress", mac_address(call), "nsgIds", details->nsg_ids, "availabilityDomain",
                  details->availability_domain, "freeformTags", "definedTags");
    json_object_update(vnic->body, body);
    json_set_text(vnic->hidden, "owner", details->owner->id);
    const struct object *address_object = private_ip_add(call, vnic);
    if (details->public_ip)
        json_set_text(vnic->body, "publicIp",
                      object_text(public_ip_add(call, address_object, "PRIVATE_IP"), "ipAddress"));
    return vnic;
}

struct object *vnic_of(const struct call *call, const struct object *owner)
{
    for (struct object *vnic = store_first(call->store, &kind_vnic); vnic;
         vnic = store_next(call->store, vnic))
        if (text_equal(json_get_text(vnic->hidden, "owner"), owner->id))
            return vnic;
    return NULL;
}

void vnic_remove_of(struct call *call, const struct object *owner)
{
    struct object *vnic = vnic_of(call, owner);
    if (!vnic)
        return;
    private_ip_remove_of(call, vnic);
    change_remove(call->change, vnic);
}

void vnic_set_security_groups(struct call *call, struct object *vnic, const json_t *nsg_ids)
{
    change_edit(call->change, vnic);
    json_object_set_new(vnic->body, "nsgIds", json_deep_copy(nsg_ids));
}

struct object *vnic_subnet(struct call *call, const char *subnet_id, const char *vcn_id)
{
    struct object *subnet = call_find(call, &kind_subnet, subnet_id);
    if (!subnet || !vcn_id || text_equal(object_text(subnet, "vcnId"), vcn_id))
        return subnet;
    call_invalid(call, "Subnet %s does not belong to VCN %s", subnet_id, vcn_id);
    return NULL;
}

bool vnic_check_security_groups(struct call *call, const json_t *list, const char *vcn_id)
{
    size_t i;
    json_t *item;
    json_array_foreach(list, i, item)
    {
        const char *id = json_string_value(item);
        const struct object *group = call_find(call, &kind_network_security_group, id);
        if (!group)
            return false;
        if (!text_equal(object_text(group, "vcnId"), vcn_id))
            return call_invalid(call, "Network security group %s does not belong to VCN %s", id,
                                vcn_id);
    }
    return true;
}
