#include "acceptance/cloud/api/crud.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "acceptance/cloud/api/lifecycle.h"
#include "acceptance/cloud/api/paths.h"
#include "lib/base/clock.h"
#include "lib/base/json.h"

static const char *name_field(const struct kind *kind)
{
    return kind->name_field ? kind->name_field : "displayName";
}

/* --- rules --------------------------------------------------------------------------------------- */

static const struct field *field_of(const struct model *model, const char *name)
{
    for (const struct field *field = model ? model->fields : NULL; field && field->name; field++)
        if (strcmp(field->name, name) == 0)
            return field;
    return NULL;
}

/* That of the request's body; NULL in steps. */
static const struct model *body_model(const struct call *call)
{
    return call->operation ? model_choose(call->operation->body, call->body) : NULL;
}

/* Members of a request go to the object; those that are never shown to its hidden side. */
static void put_members(struct call *call, struct object *object, const json_t *details)
{
    const struct model *model = body_model(call);
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)details, name, value)
    {
        const struct field *field = field_of(model, name);
        json_object_set_new(field && field->hidden ? object->hidden : object->body, name,
                            json_deep_copy(value));
    }
}

struct reference_check {
    struct call *call;
    const struct reference *reference;
};

static bool check_reference(void *context, const char *id)
{
    const struct reference_check *check = context;
    return call_find(check->call, check->reference->kind, id) != NULL;
}

bool crud_check_references(struct call *call, const struct object *object)
{
    for (const struct reference *one = object->kind->references; one && one->field; one++) {
        struct reference_check check = {call, one};
        if (!path_visit(one->hidden ? object->hidden : object->body, one->field, check_reference,
                        &check))
            return false;
    }
    return true;
}

static bool same_scope(const struct object *a, const struct object *b, enum unique_scope scope)
{
    const char *field = scope == UNIQUE_IN_COMPARTMENT ? "compartmentId"
                        : scope == UNIQUE_IN_PARENT    ? a->kind->parent_field
                                                       : NULL;
    return !field || text_equal(object_text(a, field), object_text(b, field));
}

static bool check_unique(struct call *call, const struct object *object)
{
    const struct kind *kind = object->kind;
    const char *name = object_name(object);
    if (kind->unique == UNIQUE_NOT || !name)
        return true;
    for (const struct object *one = store_first(call->store, kind); one;
         one = store_next(call->store, one))
        if (one != object && object_exists(one) && same_scope(one, object, kind->unique) &&
            object_name(one) &&
            (kind->unique_no_case ? strcasecmp(object_name(one), name)
                                  : strcmp(object_name(one), name)) == 0)
            return call_fail(
                call, 409,
                kind->exists_code ? kind->exists_code : "NotAuthorizedOrResourceAlreadyExists",
                "%s with the name '%s' already exists: %s", kind->title, name, one->id);
    return true;
}

static bool check_limit(struct call *call, const struct object *object)
{
    const struct kind *kind = object->kind;
    int count = 0;
    if (!kind->limit)
        return true;
    for (const struct object *one = store_first(call->store, kind); one;
         one = store_next(call->store, one))
        count += one != object && object_exists(one) &&
                 same_scope(one, object, kind->parent_field ? UNIQUE_IN_PARENT : UNIQUE_IN_TENANCY);
    return count < kind->limit ||
           call_fail(call, 400, "LimitExceeded",
                     "The following service limits were exceeded: %s. Limit: %d, in use: %d.",
                     kind->limit_name ? kind->limit_name : kind->type, kind->limit, count);
}

bool call_compartment(struct call *call, const char *id)
{
    const struct object *object = store_find(call->store, NULL, id);
    if (object && (strcmp(object->kind->type, "tenancy") == 0 ||
                   (strcmp(object->kind->type, "compartment") == 0 && object_alive(object))))
        return true;
    return call_not_found(call, "compartment", id);
}

/* --- create -------------------------------------------------------------------------------------- */

static void add_default_name(struct call *call, struct object *object)
{
    const struct kind *kind = object->kind;
    char time[CLOCK_RFC3339_SIZE];
    if (!kind->default_name || object_name(object))
        return;
    clock_format_rfc3339(call->now_ms, time);
    STR_AUTO name = STR_INIT;
    str_append(&name, kind->default_name);
    for (const char *c = time; *c && *c != '.'; c++)
        if (*c >= '0' && *c <= '9')
            str_append_char(&name, *c);
    json_set_text(object->body, name_field(kind), str_text(&name));
}

static void add_common_members(struct call *call, struct object *object)
{
    const struct kind *kind = object->kind;
    const struct model *model = body_model(call);
    json_set_text(object->body, "id", object->id);
    json_set_text(object->body, "timeCreated", call_time(call));
    if (kind->life)
        call_set_state(object, kind->life->creating ? kind->life->creating : kind->life->active);
    static const char *const tags[] = {"freeformTags", "definedTags"};
    for (size_t i = 0; i < ARRAY_LENGTH(tags); i++)
        if (field_of(model, tags[i]) && !json_object_get(object->body, tags[i]))
            json_object_set_new(object->body, tags[i], json_object());
}

struct object *crud_make(struct call *call, const struct kind *kind, const json_t *details,
                         bool schedule)
{
    const char *compartment = json_get_text(details, "compartmentId");
    if (compartment && !call_compartment(call, compartment))
        return NULL;
    struct object *object = change_add(call->change, kind, call_new_id(call, kind));
    put_members(call, object, details);
    add_default_name(call, object);
    add_common_members(call, object);
    if (!crud_check_references(call, object) || !check_unique(call, object) ||
        !check_limit(call, object) || (kind->create && !kind->create(call, object)))
        return NULL;
    if (schedule && kind->life && kind->life->creating && !object->step)
        call_schedule(call, object, "activate", kind->life->create_ms);
    call->created = object->id;
    return object;
}

static int success(const struct call *call, int usual)
{
    return call->operation->status ? call->operation->status : usual;
}

bool crud_create(struct call *call)
{
    const struct object *object = crud_make(call, call->operation->kind, call->body, true);
    return object && call_reply_object(call, success(call, 200), object);
}

bool crud_get(struct call *call)
{
    const struct object *object = call_target(call);
    return object && call_reply_object(call, success(call, 200), object);
}

/* --- update -------------------------------------------------------------------------------------- */

struct object *crud_open(struct call *call, const struct kind *kind)
{
    struct object *object = call_target_at(call, kind, 0);
    if (!object || !call_if_match(call, object))
        return NULL;
    if (!object_exists(object)) {
        call_not_found(call, kind->title, object->id);
        return NULL;
    }
    if (!lifecycle_settled(object)) {
        call_bad_state(call, "%s %s is in the state %s", kind->title, object->id,
                       object_state(object));
        return NULL;
    }
    return change_edit(call->change, object);
}

bool crud_merge(struct call *call, struct object *object, const json_t *details)
{
    JSON_AUTO before = json_deep_copy(object->body);
    put_members(call, object, details);
    if (!crud_check_references(call, object) ||
        (!text_equal(json_get_text(before, name_field(object->kind)), object_name(object)) &&
         !check_unique(call, object)))
        return false;
    return !object->kind->update || object->kind->update(call, object, before);
}

bool crud_update(struct call *call)
{
    struct object *object = crud_open(call, call->operation->kind);
    return object && crud_merge(call, object, call->body) &&
           call_reply_object(call, success(call, 200), object);
}

bool crud_change_compartment(struct call *call)
{
    struct object *object = crud_open(call, call->operation->kind);
    if (!object || !call_compartment(call, call_text(call, "compartmentId")))
        return false;
    json_set_text(object->body, "compartmentId", call_text(call, "compartmentId"));
    if (!check_unique(call, object))
        return false;
    call_set_header(call, "ETag", object->etag);
    return call_reply(call, success(call, 200), NULL);
}

/* --- delete -------------------------------------------------------------------------------------- */

/* What belongs to another object goes with it. */
static bool is_owned(const struct object *object, const char *id)
{
    return text_equal(json_get_text(object->hidden, "ownedBy"), id);
}

static void remove_owned(struct call *call, const struct object *owner)
{
    for (struct object *one = store_next_of_all(call->store, NULL), *next; one; one = next) {
        next = store_next_of_all(call->store, one);
        if (is_owned(one, owner->id))
            change_remove(call->change, one);
    }
}

struct search {
    const char *id;
    bool found;
};

static bool is_other(void *context, const char *id)
{
    struct search *search = context;
    search->found |= strcmp(id, search->id) == 0;
    return !search->found;
}

static bool refers(const struct object *from, const char *id)
{
    struct search search = {id, false};
    if (is_owned(from, id))
        return false;
    for (const struct reference *one = from->kind->references; one && one->field; one++)
        if (!one->weak)
            path_visit(one->hidden ? from->hidden : from->body, one->field, is_other, &search);
    return search.found;
}

bool crud_unreferenced(struct call *call, const struct object *object)
{
    for (const struct object *one = store_next_of_all(call->store, NULL); one;
         one = store_next_of_all(call->store, one))
        if (one != object && object_exists(one) && refers(one, object->id))
            return call_bad_state(call, "The %s %s is associated with %s %s, which is in use",
                                  object->kind->title, object->id, one->kind->title, one->id);
    return true;
}

bool crud_remove(struct call *call, struct object *object, bool schedule)
{
    const struct kind *kind = object->kind;
    if (!crud_unreferenced(call, object) || (kind->remove && !kind->remove(call, object)))
        return false;
    remove_owned(call, object);
    if (!kind->life) {
        change_remove(call->change, object);
        return true;
    }
    if (kind->life->deleting) {
        call_set_state(object, kind->life->deleting);
        if (schedule)
            call_schedule(call, object, "deleted", kind->life->delete_ms);
    } else if (schedule) {
        lifecycle_take(call, object, "deleted", false);
    }
    return true;
}

bool crud_delete(struct call *call)
{
    struct object *object = call_target(call);
    if (!object || !call_if_match(call, object))
        return false;
    if (!object_exists(object))
        return call_not_found(call, object->kind->title, object->id);
    if (!lifecycle_settled(object))
        return call_bad_state(call, "%s %s is in the state %s", object->kind->title, object->id,
                              object_state(object));
    change_edit(call->change, object);
    return crud_remove(call, object, true) && call_reply(call, success(call, 204), NULL);
}
