#include <ctype.h>
#include <string.h>

#include "acceptance/cloud/api/crud.h"
#include "acceptance/cloud/containerengine/containerengine.h"
#include "lib/base/json.h"

enum { NAMESPACE_LENGTH = 63 };

/* A DNS label (RFC 1123), as namespaces are. */
static bool is_namespace(const char *text)
{
    size_t length = strlen(text);
    for (const char *c = text; *c; c++)
        if (!islower((unsigned char)*c) && !isdigit((unsigned char)*c) && *c != '-')
            return false;
    return length > 0 && length <= NAMESPACE_LENGTH && text[0] != '-' && text[length - 1] != '-';
}

/* The mapping that the path names; NULL after 404. */
static struct object *target(struct call *call)
{
    struct object *cluster = call_target_at(call, &kind_cluster, 0);
    struct object *mapping = cluster ? call_target_at(call, &kind_workload_mapping, 1) : NULL;
    if (!mapping || text_equal(object_text(mapping, "clusterId"), cluster->id))
        return mapping;
    call_not_found(call, kind_workload_mapping.title, mapping->id);
    return NULL;
}

static bool create(struct call *call, struct object *mapping)
{
    const char *name = object_text(mapping, "namespace");
    if (!is_namespace(name))
        return call_invalid(call, "namespace: %s is no name of a namespace", name);
    json_set_text(mapping->body, "mappedTenancyId", call_settings(call)->tenancy);
    json_object_set_new(mapping->body, "systemTags", json_object());
    return call_compartment(call, object_text(mapping, "mappedCompartmentId"));
}

bool oke_create_workload_mapping(struct call *call)
{
    const struct object *cluster = call_target_at(call, &kind_cluster, 0);
    if (!cluster || !cluster_check_active(call, cluster) ||
        !cluster_check_enhanced(call, cluster, "workload mappings"))
        return false;
    JSON_AUTO details = json_copy(call->body);
    json_set_text(details, "clusterId", cluster->id);
    const struct object *mapping = crud_make(call, &kind_workload_mapping, details, true);
    return mapping && call_reply_object(call, 200, mapping);
}

bool oke_get_workload_mapping(struct call *call)
{
    const struct object *mapping = target(call);
    return mapping && call_reply_object(call, 200, mapping);
}

bool oke_update_workload_mapping(struct call *call)
{
    struct object *mapping = target(call);
    const char *compartment = call_text(call, "mappedCompartmentId");
    if (!mapping || !call_if_match(call, mapping) ||
        (compartment && !call_compartment(call, compartment)))
        return false;
    return crud_merge(call, change_edit(call->change, mapping), call->body) &&
           call_reply_object(call, 200, mapping);
}

bool oke_delete_workload_mapping(struct call *call)
{
    struct object *mapping = target(call);
    return mapping && call_if_match(call, mapping) && crud_remove(call, mapping, true) &&
           call_reply(call, 204, NULL);
}

void workload_mappings_remove_of(struct call *call, const struct object *cluster)
{
    for (struct object *one = store_first(call->store, &kind_workload_mapping), *next; one;
         one = next) {
        next = store_next(call->store, one);
        if (text_equal(object_text(one, "clusterId"), cluster->id))
            change_remove(call->change, one);
    }
}

static const struct lifecycle life = {.active = "ACTIVE"};

const struct kind kind_workload_mapping = {
    .type = "workloadmapping",
    .title = "Workload mapping",
    .name_field = "namespace",
    .unique = UNIQUE_IN_PARENT,
    .parent_field = "clusterId",
    .exists_code = "Conflict",
    .life = &life,
    .summary = "id|clusterId|namespace|mappedTenancyId|mappedCompartmentId|timeCreated|"
               "lifecycleState|freeformTags|definedTags|systemTags",
    .create = create,
};
