/* Public and private IPs. */
#include <string.h>

#include "acceptance/cloud/api/crud.h"
#include "acceptance/cloud/core/internal.h"
#include "lib/base/encoding.h"
#include "lib/base/json.h"

/* --- public addresses -------------------------------------------------------------------------------- */

static const struct lifecycle public_ip_life = {.active = "AVAILABLE"};

static bool is_assigned(const struct object *address)
{
    return object_text(address, "assignedEntityId") != NULL;
}

/* Out of a block that Oracle uses in this region. */
static const char *random_public_address(struct call *call)
{
    unsigned char bytes[3];
    random_bytes(bytes, sizeof(bytes));
    return arena_printf(call->arena, "130.%d.%d.%d", 61 + bytes[0] % 2, bytes[1],
                        1 + bytes[2] % 254);
}

static void assign(struct object *address, const char *entity, const char *type)
{
    json_set_text(address->body, "assignedEntityId", entity);
    json_set_text(address->body, "assignedEntityType", type);
    call_set_state(address, "ASSIGNED");
}

static bool assign_private(struct call *call, struct object *address)
{
    const char *id = object_text(address, "privateIpId");
    if (!id || !*id) {
        json_object_del(address->body, "privateIpId");
        json_object_del(address->body, "assignedEntityId");
        json_object_del(address->body, "assignedEntityType");
        call_set_state(address, "AVAILABLE");
        return true;
    }
    if (!call_find(call, &kind_private_ip, id))
        return false;
    assign(address, id, "PRIVATE_IP");
    return true;
}

static bool public_ip_create(struct call *call, struct object *address)
{
    bool reserved = text_equal(object_text(address, "lifetime"), "RESERVED");
    if (!reserved && !object_text(address, "privateIpId"))
        return call_invalid(call, "privateIpId is required for an address that is EPHEMERAL");
    json_set_text(address->body, "ipAddress", random_public_address(call));
    json_set_text(address->body, "scope", reserved ? "REGION" : "AVAILABILITY_DOMAIN");
    return assign_private(call, address);
}

static bool public_ip_update(struct call *call, struct object *address, const json_t *before)
{
    return text_equal(object_text(address, "privateIpId"), json_get_text(before, "privateIpId")) ||
           assign_private(call, address);
}

static bool public_ip_remove(struct call *call, struct object *address)
{
    return !text_equal(object_text(address, "assignedEntityType"), "NAT_GATEWAY") ||
           call_conflict(call, "The public IP %s is in use by %s", address->id,
                         object_text(address, "assignedEntityId"));
}

const struct kind kind_public_ip = {.type = "publicip",
                                    .title = "public IP",
                                    .default_name = "publicip",
                                    .life = &public_ip_life,
                                    .create = public_ip_create,
                                    .update = public_ip_update,
                                    .remove = public_ip_remove};

struct object *public_ip_add(struct call *call, const struct object *entity, const char *type)
{
    struct object *address =
        change_add(call->change, &kind_public_ip, call_new_id(call, &kind_public_ip));
    const char *name = object_name(entity);
    JSON_AUTO body = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:{}, s:{}}", "id", address->id,
                               "compartmentId", object_text(entity, "compartmentId"), "displayName",
                               name ? name : entity->id, "ipAddress", random_public_address(call),
                               "lifetime", "EPHEMERAL", "scope", "REGION", "timeCreated",
                               call_time(call), "freeformTags", "definedTags");
    json_object_update(address->body, body);
    json_set_text(address->hidden, "ownedBy", entity->id);
    assign(address, entity->id, type);
    return address;
}

void public_ip_release(struct call *call, const char *entity)
{
    for (struct object *one = store_first(call->store, &kind_public_ip), *next; one; one = next) {
        next = store_next(call->store, one);
        if (!text_equal(object_text(one, "assignedEntityId"), entity))
            continue;
        change_edit(call->change, one);
        if (text_equal(object_text(one, "lifetime"), "EPHEMERAL")) {
            change_remove(call->change, one);
        } else {
            json_object_del(one->body, "privateIpId");
            assign_private(call, one);
        }
    }
}

/* A reserved address that nothing uses. */
static struct object *free_reserved(struct call *call, const char *id)
{
    struct object *address = call_find(call, &kind_public_ip, id);
    if (!address || !is_assigned(address))
        return address;
    call_conflict(call, "The public IP %s is assigned to %s", id,
                  object_text(address, "assignedEntityId"));
    return NULL;
}

struct object *public_ip_assign(struct call *call, const char *id, const struct object *entity,
                                const char *type)
{
    if (!id)
        return public_ip_add(call, entity, type);
    struct object *address = free_reserved(call, id);
    if (address)
        assign(change_edit(call->change, address), entity->id, type);
    return address;
}

static bool reply_found(struct call *call, const char *field, const char *value)
{
    for (const struct object *one = store_first(call->store, &kind_public_ip); one;
         one = store_next(call->store, one))
        if (text_equal(object_text(one, field), value))
            return call_reply_object(call, 200, one);
    return call_not_found(call, "public IP", value);
}

bool public_ip_get_by_address(struct call *call)
{
    return reply_found(call, "ipAddress", call_text(call, "ipAddress"));
}

bool public_ip_get_by_private_ip(struct call *call)
{
    return reply_found(call, "assignedEntityId", call_text(call, "privateIpId"));
}

/* --- private IPs: one for each VNIC ------------------------------------------------------------------ */

const struct kind kind_private_ip = {.type = "privateip", .title = "private IP", .internal = true};

struct object *private_ip_add(struct call *call, const struct object *vnic)
{
    struct object *address =
        change_add(call->change, &kind_private_ip, call_new_id(call, &kind_private_ip));
    JSON_AUTO body = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:b, s:{}, s:{}}", "id", address->id,
                               "compartmentId", object_text(vnic, "compartmentId"), "subnetId",
                               object_text(vnic, "subnetId"), "vnicId", vnic->id, "ipAddress",
                               object_text(vnic, "privateIp"), "timeCreated", call_time(call),
                               "isPrimary", 1, "freeformTags", "definedTags");
    json_object_update(address->body, body);
    return address;
}

void private_ip_remove_of(struct call *call, const struct object *vnic)
{
    for (struct object *one = store_first(call->store, &kind_private_ip), *next; one; one = next) {
        next = store_next(call->store, one);
        if (!text_equal(object_text(one, "vnicId"), vnic->id))
            continue;
        public_ip_release(call, one->id);
        change_remove(call->change, one);
    }
}

bool private_ip_list(struct call *call)
{
    if (!call_query(call, "subnetId") && !call_query(call, "vnicId") &&
        !call_query(call, "ipAddress"))
        return call_invalid(call, "One of subnetId, vnicId and ipAddress is needed");
    return crud_list(call);
}
