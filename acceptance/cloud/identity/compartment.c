/* Compartments: a tree under the tenancy, which is itself shown as a compartment. */
#include <string.h>

#include "acceptance/cloud/api/crud.h"
#include "acceptance/cloud/api/lifecycle.h"
#include "acceptance/cloud/api/work.h"
#include "acceptance/cloud/identity/internal.h"
#include "lib/base/encoding.h"
#include "lib/base/json.h"

enum { DEPTH_LIMIT = 6, DELETE_MS = 2000, MOVE_MS = 1000, SUFFIX = 6 };

static const struct lifecycle life = {.creating = "CREATING",
                                      .active = "ACTIVE",
                                      .deleting = "DELETING",
                                      .deleted = "DELETED",
                                      .create_ms = 200,
                                      .linger_ms = LINGER_FOR_EVER};

static const struct work_flavour flavour = {.kind = &kind_identity_work,
                                            .percent = true,
                                            .inline_errors = true,
                                            .resource_query = "resourceIdentifier"};

const struct kind kind_identity_work = {.type = "workrequest",
                                        .title = "work request",
                                        .global = true,
                                        .internal = true,
                                        .work = &flavour,
                                        .step = work_step,
                                        .summary =
                                            "id|operationType|compartmentId|status|resources|"
                                            "errors|timeAccepted|timeStarted|timeFinished|"
                                            "percentComplete"};

static int depth_of(const struct call *call, const char *id)
{
    int depth = 0;
    for (const struct object *one; (one = store_find(call->store, &kind_compartment, id)); depth++)
        id = object_text(one, "compartmentId");
    return depth;
}

static bool is_below(const struct call *call, const char *id, const char *ancestor)
{
    for (const struct object *one; (one = store_find(call->store, &kind_compartment, id));
         id = object_text(one, "compartmentId"))
        if (strcmp(id, ancestor) == 0)
            return true;
    return false;
}

static bool check(struct call *call, struct object *object)
{
    if (depth_of(call, object_text(object, "compartmentId")) >= DEPTH_LIMIT)
        return call_fail(call, 400, "LimitExceeded",
                         "Compartments can be nested %d levels deep, not deeper", DEPTH_LIMIT);
    return identity_name_check(call, object_name(object), "");
}

static bool updated(struct call *call, struct object *object, const json_t *before)
{
    (void)before;
    return identity_name_check(call, object_name(object), "");
}

/* --- deletion: only when nothing is left inside --------------------------------------------------- */

static const struct object *first_inside(const struct call *call, const struct object *compartment)
{
    for (const struct object *one = store_next_of_all(call->store, NULL); one;
         one = store_next_of_all(call->store, one))
        if (!one->kind->internal && object_exists(one) &&
            text_equal(object_text(one, "compartmentId"), compartment->id))
            return one;
    return NULL;
}

static void rename_deleted(struct object *object)
{
    STR_AUTO name = STR_INIT;
    str_printf(&name, "%s.", object_name(object));
    random_base32(&name, SUFFIX);
    json_set_text(object->body, "name", str_text(&name));
}

static bool step(struct call *call, struct object *object, const char *step, bool failed)
{
    if (strcmp(step, "move") == 0) {
        const char *target = json_get_text(object->hidden, "target");
        if (!failed)
            json_set_text(object->body, "compartmentId", target);
        return true;
    }
    if (strcmp(step, "deleted") != 0 || failed)
        return false;
    const struct object *inside = first_inside(call, object);
    if (inside) {
        work_fail(call, "CompartmentNotEmpty", "The compartment %s still has the %s %s inside",
                  object->id, inside->kind->title, inside->id);
        call_set_state(object, life.active);
        return true;
    }
    rename_deleted(object);
    return false;
}

const struct kind kind_compartment = {.type = "compartment",
                                      .title = "compartment",
                                      .global = true,
                                      .name_field = "name",
                                      .unique = UNIQUE_IN_COMPARTMENT,
                                      .unique_no_case = true,
                                      .exists_code = "CompartmentAlreadyExists",
                                      .life = &life,
                                      .create = check,
                                      .update = updated,
                                      .step = step};

bool compartment_delete(struct call *call)
{
    struct object *object = crud_open(call, &kind_compartment);
    if (!object)
        return false;
    call_set_state(object, life.deleting);
    work_start(call, &flavour, "DELETE_COMPARTMENT", object,
               &(struct work_entity){.type = "compartment", .action = "DELETED"}, "deleted",
               DELETE_MS);
    return call_reply(call, 202, NULL);
}

bool compartment_move(struct call *call)
{
    struct object *object = crud_open(call, &kind_compartment);
    const char *target = call_text(call, "targetCompartmentId");
    if (!object || !call_compartment(call, target))
        return false;
    if (is_below(call, target, object->id))
        return call_invalid(call, "A compartment cannot be moved below itself");
    for (const struct object *one = store_first(call->store, &kind_compartment); one;
         one = store_next(call->store, one))
        if (one != object && object_exists(one) &&
            text_equal(object_text(one, "compartmentId"), target) &&
            text_equal_nocase(object_name(one), object_name(object)))
            return call_fail(call, 409, "CompartmentAlreadyExists",
                             "compartment with the name '%s' already exists there: %s",
                             object_name(one), one->id);
    json_set_text(object->hidden, "target", target);
    work_start(call, &flavour, "MOVE_COMPARTMENT", object,
               &(struct work_entity){.type = "compartment", .action = "UPDATED"}, "move", MOVE_MS);
    call_set_header(call, "ETag", object->etag);
    return call_reply(call, 202, NULL);
}

bool compartment_recover(struct call *call)
{
    struct object *object = call_target_at(call, &kind_compartment, 0);
    if (!object || !call_if_match(call, object))
        return false;
    if (!text_equal(object_state(object), life.deleted))
        return call_bad_state(call, "The compartment %s has not been deleted", object->id);
    if (!call_compartment(call, object_text(object, "compartmentId")))
        return false;
    change_edit(call->change, object);
    call_set_state(object, life.active);
    return call_reply_object(call, 200, object);
}

/* --- reading ------------------------------------------------------------------------------------- */

static json_t *tenancy_as_compartment(const struct object *tenancy)
{
    static const char *const members[] = {"id", "name", "description", "freeformTags",
                                          "definedTags"};
    json_t *json = json_object();
    for (size_t i = 0; i < ARRAY_LENGTH(members); i++)
        json_object_set(json, members[i], json_object_get(tenancy->body, members[i]));
    json_set_text(json, "compartmentId", tenancy->id);
    json_set_text(json, "timeCreated", json_get_text(tenancy->hidden, "timeCreated"));
    json_set_text(json, "lifecycleState", life.active);
    return json;
}

bool compartment_get(struct call *call)
{
    const struct object *tenancy = store_find(call->store, &kind_tenancy, call->path_values[0]);
    if (!tenancy)
        return crud_get(call);
    call_set_header(call, "ETag", tenancy->etag);
    return call_reply(call, 200, tenancy_as_compartment(tenancy));
}

bool compartment_list(struct call *call)
{
    const char *parent = call_query(call, "compartmentId");
    bool subtree = call_query_bool(call, "compartmentIdInSubtree", false);
    bool access = call_query(call, "accessLevel") != NULL;
    if (!call_compartment(call, parent))
        return false;
    if (subtree && !store_find(call->store, &kind_tenancy, parent))
        return call_invalid(call, "compartmentIdInSubtree works only with the tenancy's id");
    json_t *found = json_array();
    for (const struct object *one = store_first(call->store, &kind_compartment); one;
         one = store_next(call->store, one)) {
        if (!crud_matches(call, one) ||
            (!subtree && !text_equal(object_text(one, "compartmentId"), parent)))
            continue;
        json_t *view = call_view(call, one);
        if (access)
            json_object_set_new(view, "isAccessible", json_true());
        json_array_append_new(found, view);
    }
    return crud_reply_page(call, found);
}
