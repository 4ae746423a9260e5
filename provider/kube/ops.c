/* The generic operations of in-cluster resources. */
#include <string.h>

#include "lib/base/clock.h"
#include "lib/base/json.h"
#include "lib/base/log.h"
#include "lib/kube/fields.h"
#include "provider/client.h"
#include "provider/engine/json_body.h"
#include "provider/engine/layout.h"
#include "provider/kube/api.h"
#include "provider/kube/clusters.h"

const char kube_manager[] = "terraform-provider-oke";

const struct identity_attribute kube_identity[] = {
    {"cluster_id", true, "OCID of the cluster; left out for that of the provider block."},
    {"namespace", false, "The namespace."},
    {"name", false, "The name."},
    {NULL, false, NULL},
};
const struct identity_attribute kube_cluster_identity[] = {
    {"cluster_id", true, "OCID of the cluster; left out for that of the provider block."},
    {"name", false, "The name."},
    {NULL, false, NULL},
};

/* --- a call ------------------------------------------------------------------------------------- */

static void pass_warning(void *context, const char *warning)
{
    struct operation *op = context;
    diagnostics_warning(op->diagnostics, NULL, "Warning of the API server", "%s", warning);
}

bool kube_call_begin(struct kube_call *call, struct operation *op, const struct value *values,
                     const struct value *config, struct error *err)
{
    struct provider_client *client = op->client;
    *call = (struct kube_call){.op = op,
                               .api = op->resource->api,
                               .scope = {.cancel = op->cancel,
                                         .deadline_ms = op->deadline_ms,
                                         .on_warning = pass_warning,
                                         .context = op},
                               .values = values,
                               .config = config};
    call->client =
        kube_clusters_get(client->clusters, op, value_text(value_get(values, "cluster_id")), err);
    return call->client != NULL;
}

static const char *text_of(const struct value *values, const char *name)
{
    return value_text(value_get(values, name));
}

static bool flag_of(const struct value *values, const char *name)
{
    return value_as_bool(value_get(values, name), false);
}

static const char *version_of(const struct kube_call *call, const struct value *values)
{
    return call->api->version ? call->api->version(values) : call->api->api_version;
}

static bool main_object(struct kube_call *call, const struct value *values,
                        struct kube_object *object, struct error *err)
{
    object->kind =
        kube_kind_find(call->client, &call->scope, version_of(call, values), call->api->kind, err);
    object->namespace_name = text_of(values, "namespace");
    object->name = text_of(values, "name");
    return object->kind != NULL;
}

static bool part_object(struct kube_call *call, const struct kube_part *part,
                        const struct value *values, struct kube_object *object, struct error *err)
{
    const char *name = text_of(values, "name");
    object->kind = kube_kind_find(call->client, &call->scope, part->api_version, part->kind, err);
    object->namespace_name = part->inside ? name : text_of(values, "namespace");
    object->name = part->name ? part->name : name;
    return object->kind != NULL;
}

/* --- what is wanted ----------------------------------------------------------------------------- */

void kube_strip_nulls(json_t *json)
{
    const char *name;
    json_t *member;
    void *next;
    size_t at;
    if (json_is_array(json))
        json_array_foreach(json, at, member) kube_strip_nulls(member);
    json_object_foreach_safe(json, next, name, member)
    {
        if (json_is_null(member))
            json_object_del(json, name);
        else
            kube_strip_nulls(member);
    }
}

static json_t *desired_main(struct kube_call *call, const struct value *values,
                            const struct value *config, struct error *err)
{
    json_t *object = json_body_from_value(call->op->arena, call->op->resource->attributes,
                                          BODY_CREATE, NULL, values, config);
    json_set_text(object, "apiVersion", version_of(call, values));
    json_set_text(object, "kind", call->api->kind);
    if (!call->api->desired || call->api->desired(call, values, config, object, err)) {
        kube_strip_nulls(object);
        return object;
    }
    json_decref(object);
    return NULL;
}

static json_t *desired_part(struct kube_call *call, const struct kube_part *part,
                            const struct value *values, const struct kube_object *object)
{
    json_t *desired = part->desired(call, values);
    if (!desired)
        return NULL;
    json_t *metadata = json_object_get(desired, "metadata");
    if (!metadata) {
        metadata = json_object();
        json_object_set_new(desired, "metadata", metadata);
    }
    json_set_text(desired, "apiVersion", part->api_version);
    json_set_text(desired, "kind", part->kind);
    json_set_text(metadata, "name", object->name);
    if (object->namespace_name && object->kind->namespaced)
        json_set_text(metadata, "namespace", object->namespace_name);
    return desired;
}

json_t *kube_apply_or_explain(struct kube_call *call, const struct kube_object *object,
                              const struct kube_apply *apply, struct error *err)
{
    json_t *live = kube_apply(call->client, &call->scope, object, apply, err);
    if (live || !text_equal(err->service_code, "FieldManagerConflict"))
        return live;
    ERROR_AUTO(told);
    error_move(&told, err);
    error_set(err, told.code,
              "%s\nLeave these fields to them, or take them over with force_conflicts = true.",
              error_message(&told));
    err->http_status = told.http_status;
    return NULL;
}

static json_t *apply_object(struct kube_call *call, const struct kube_object *object,
                            const json_t *desired, bool dry_run, struct error *err)
{
    struct kube_apply apply = {.desired = desired,
                               .manager = kube_manager,
                               .force = flag_of(call->values, "force_conflicts"),
                               .dry_run = dry_run};
    return kube_apply_or_explain(call, object, &apply, err);
}

/* --- state -------------------------------------------------------------------------------------- */

static const char *id_of(struct arena *arena, const struct value *values)
{
    const char *namespace = text_of(values, "namespace"), *name = text_of(values, "name");
    if (!name)
        return NULL;
    return namespace ? arena_printf(arena, "%s/%s", namespace, name) : arena_strdup(arena, name);
}

/* Ours as they are in the places that we applied; what the server decides from the whole object. */
static const struct value *merge(struct kube_call *call, const json_t *ours, const json_t *live)
{
    struct arena *arena = call->op->arena;
    const struct layout *layout = layout_of_resource(call->op->resource);
    const struct attribute *table = call->op->resource->attributes;
    const struct value *applied = json_body_to_value(arena, table, ours);
    const struct value *whole = json_body_to_value(arena, table, live);
    const struct value **members = arena_array(arena, const struct value *, layout->count);
    for (size_t i = 0; i < layout->count; i++) {
        const struct attribute *attribute = layout->attributes[i];
        members[i] =
            !attribute || attribute->flags & LOCAL
                ? layout_member(layout, call->values, i)
                : value_get(attribute->flags & COMPUTED ? whole : applied, attribute->name);
    }
    return layout_object(arena, layout, members);
}

/* What the state compares with: after an import nothing was applied yet, but what we own is known. */
static json_t *ours_of(struct kube_call *call, const json_t *live, const json_t *desired)
{
    bool imported = value_is_null(value_get(call->values, "uid")) && value_is_null(call->config);
    const json_t *owned = kube_fields_of(live, kube_manager, NULL);
    if (!imported) {
        JSON_AUTO fields = kube_fields_of_all(live);
        return kube_fields_overlap(live, desired, fields);
    }
    return owned ? kube_fields_select(live, owned) : json_deep_copy(live);
}

static bool state_of_parts(struct kube_call *call, const struct value **state, struct error *err)
{
    for (const struct kube_part *part = call->api->parts; part && part->kind; part++) {
        struct kube_object object;
        if (!part_object(call, part, call->values, &object, err))
            return false;
        JSON_AUTO live = kube_get(call->client, &call->scope, &object, err);
        if (!live && err->code != ERROR_NOT_FOUND)
            return false;
        error_reset(err);
        *state = part->received(call, live, *state);
    }
    return true;
}

static bool state_of(struct kube_call *call, const json_t *live, const struct value **state,
                     struct error *err)
{
    struct arena *arena = call->op->arena;
    JSON_AUTO desired = desired_main(call, call->values, &value_null, err); /* nothing secret */
    if (!desired)
        return false;
    JSON_AUTO ours = ours_of(call, live, desired);
    if (call->api->received && !call->api->received(call, ours, err))
        return false;
    const struct value *made = merge(call, ours, live);
    made = value_with(arena, made, "id", value_string(arena, id_of(arena, call->values)));
    if (!state_of_parts(call, &made, err) ||
        (call->api->state && !call->api->state(call, live, &made, err)))
        return false;
    *state = made;
    return true;
}

/* --- create, update ----------------------------------------------------------------------------- */

static bool check_is_new(struct kube_call *call, const struct kube_object *object,
                         struct error *err)
{
    struct arena *arena = call->op->arena;
    if (flag_of(call->values, "adopt") || operation_is_replay(call->op))
        return true;
    JSON_AUTO live = kube_get(call->client, &call->scope, object, err);
    if (!live) {
        bool absent = err->code == ERROR_NOT_FOUND;
        if (absent)
            error_reset(err);
        return absent;
    }
    STR_AUTO managers = STR_INIT;
    kube_fields_other_managers(live, "", &managers);
    return error_set(
        err, ERROR_EXISTS,
        "%s exists already, managed by %s. To manage it here, import it with the id %s or "
        "set adopt = true.",
        kube_object_title(arena, object), managers.length ? str_text(&managers) : "nobody",
        id_of(arena, call->values));
}

/* Applies a part that changed, and deletes one that is wanted no more. prior: null when creating. */
static bool apply_part(struct kube_call *call, const struct kube_part *part,
                       const struct value *prior, struct error *err)
{
    struct kube_object object;
    if (!part_object(call, part, call->values, &object, err))
        return false;
    JSON_AUTO before = value_is_null(prior) ? NULL : desired_part(call, part, prior, &object);
    JSON_AUTO wanted = desired_part(call, part, call->values, &object);
    if (wanted && !(before && json_equal(before, wanted))) {
        JSON_AUTO live = apply_object(call, &object, wanted, false, err);
        return live != NULL;
    }
    struct kube_delete options = {.grace_seconds = -1};
    return wanted || !before || kube_delete(call->client, &call->scope, &object, &options, err);
}

static bool apply_parts(struct kube_call *call, const struct value *prior, struct error *err)
{
    for (const struct kube_part *part = call->api->parts; part && part->kind; part++)
        if (!apply_part(call, part, prior, err))
            return false;
    return true;
}

static bool wait_until_ready(struct kube_call *call, const struct kube_object *object,
                             json_t **live, struct error *err)
{
    if (call->api->no_wait || !flag_of(call->values, "wait"))
        return true;
    static const struct kube_ready_rules rules = {.by_kind = true};
    json_t *last = NULL;
    bool ready =
        kube_wait_ready(call->client, &call->scope, object, &rules, 0, NULL, NULL, &last, err);
    if (last) {
        json_decref(*live);
        *live = last;
    }
    return ready;
}

/* The error of the operation stays, whatever happens while the state is looked at. */
static bool finish(struct kube_call *call, bool good, const json_t *live,
                   const struct value **state, struct error *err)
{
    ERROR_AUTO(later);
    struct error *into = good ? err : &later;
    return (live ? state_of(call, live, state, into) : true) && good;
}

static bool kube_create(struct operation *op, const struct value *planned,
                        const struct value *config, const struct value **state, struct error *err)
{
    struct kube_call call;
    struct kube_object object;
    if (!kube_call_begin(&call, op, planned, config, err) ||
        !main_object(&call, planned, &object, err) || !check_is_new(&call, &object, err))
        return false;
    JSON_AUTO desired = desired_main(&call, planned, config, err);
    JSON_AUTO live = desired ? apply_object(&call, &object, desired, false, err) : NULL;
    if (!live)
        return false;
    bool good =
        apply_parts(&call, &value_null, err) && wait_until_ready(&call, &object, &live, err);
    return finish(&call, good, live, state, err);
}

static bool write_only_changed(const struct operation *op, const struct value *prior,
                               const struct value *planned)
{
    const struct attribute *attribute = op->resource->attributes;
    for (; attribute->name; attribute++)
        if (attribute->flags & LOCAL && text_ends_with(attribute->name, "_version") &&
            !value_equal(NULL, value_get(prior, attribute->name),
                         value_get(planned, attribute->name)))
            return true;
    return false;
}

static bool kube_update(struct operation *op, const struct value *prior,
                        const struct value *planned, const struct value *config,
                        const struct value **state, struct error *err)
{
    struct kube_call call;
    struct kube_object object;
    if (!kube_call_begin(&call, op, planned, config, err) ||
        !main_object(&call, planned, &object, err))
        return false;
    JSON_AUTO before = desired_main(&call, prior, config, err);
    JSON_AUTO desired = before ? desired_main(&call, planned, config, err) : NULL;
    if (!desired)
        return false;
    bool same = json_equal(before, desired) && !write_only_changed(op, prior, planned);
    JSON_AUTO live = same ? kube_get(call.client, &call.scope, &object, err)
                          : apply_object(&call, &object, desired, false, err);
    if (!live)
        return false;
    bool good = apply_parts(&call, prior, err) && wait_until_ready(&call, &object, &live, err);
    return finish(&call, good, live, state, err);
}

/* --- read, delete, import ----------------------------------------------------------------------- */

static bool is_gone(struct error *err)
{
    bool gone = err->code == ERROR_NOT_FOUND;
    if (gone)
        error_reset(err);
    return gone;
}

static bool kube_read(struct operation *op, const struct value *prior, const struct value **state,
                      struct error *err)
{
    struct kube_call call;
    struct kube_object object;
    *state = NULL;
    if (!kube_call_begin(&call, op, prior, &value_null, err) ||
        !main_object(&call, prior, &object, err))
        return is_gone(err); /* of the cluster, or of the CRD: then of the object */
    JSON_AUTO live = kube_get(call.client, &call.scope, &object, err);
    return live ? state_of(&call, live, state, err) : is_gone(err);
}

static bool kube_remove(struct operation *op, const struct value *prior, struct error *err)
{
    struct kube_call call;
    struct kube_object object;
    if (!kube_call_begin(&call, op, prior, &value_null, err) ||
        !main_object(&call, prior, &object, err))
        return is_gone(err);
    if (call.api->before_delete && !call.api->before_delete(&call, err))
        return false;
    struct kube_delete options = {.grace_seconds = -1, .uid = text_of(prior, "uid")};
    return kube_delete(call.client, &call.scope, &object, &options, err);
}

bool kube_parse_import_id(struct arena *arena, const char *id, const char *form,
                          const char **cluster_id, const char **parts, size_t count,
                          struct error *err)
{
    struct slice rest = slice_from(id), part;
    bool found = true;
    *cluster_id = NULL;
    if (slice_starts_with(rest, "ocid1.cluster.")) {
        rest = slice_cut(rest, '/', &part, &found);
        *cluster_id = arena_strndup(arena, part.ptr, part.length);
    }
    size_t got = 0;
    while (found && got <= count) {
        rest = slice_cut(rest, '/', &part, &found);
        if (got < count && part.length)
            parts[got] = arena_strndup(arena, part.ptr, part.length);
        got += part.length ? 1 : count + 1;
    }
    return got == count ||
           error_set(err, ERROR_INVALID,
                     "the import id is %s, with \"<cluster OCID>/\" before it for a "
                     "cluster other than that of the provider block; \"%s\" is not",
                     form, id);
}

static bool kube_import(struct operation *op, const char *id, const struct value **state,
                        struct error *err)
{
    const struct attribute *table = op->resource->attributes;
    bool namespaced = attribute_find(table, "namespace") != NULL;
    const char *cluster_id, *parts[2] = {NULL, NULL};
    if (!kube_parse_import_id(op->arena, id, namespaced ? "namespace/name" : "name", &cluster_id,
                              parts, namespaced ? 2 : 1, err))
        return false;
    struct value_entry entries[] = {
        {slice_from("cluster_id"), value_string(op->arena, cluster_id)},
        {slice_from("name"), value_string(op->arena, parts[namespaced ? 1 : 0])},
        {slice_from("namespace"), value_string(op->arena, parts[0])},
    };
    *state = value_map(op->arena, entries, namespaced ? 3 : 2);
    return true;
}

const struct resource_ops kube_ops = {
    .create = kube_create,
    .read = kube_read,
    .update = kube_update,
    .remove = kube_remove,
    .import = kube_import,
};

/* --- plan --------------------------------------------------------------------------------------- */

bool kube_is_not_yet(const struct error *err)
{
    return err->code == ERROR_NOT_FOUND;
}

/* A refusal by RBAC may end within the same run; one by admission is about the object. */
static bool is_about_permission(const struct error *err)
{
    return err->code == ERROR_DENIED &&
           (err->http_status == 401 || strstr(error_message(err), " cannot patch resource ") ||
            strstr(error_message(err), " cannot create resource "));
}

void kube_plan_report(struct plan *plan, const char *attribute, const struct error *err)
{
    const struct path *path = attribute ? path_attribute(plan->arena, NULL, attribute) : NULL;
    bool refused = err->code == ERROR_INVALID || err->code == ERROR_CONFLICT ||
                   (err->code == ERROR_DENIED && !is_about_permission(err));
    if (kube_is_not_yet(err))
        return;
    if (refused && err->http_status)
        diagnostics_error(plan->diagnostics, path, "The API server refuses this object", "%s",
                          error_message(err));
    else
        diagnostics_warning(
            plan->diagnostics, path, "Planned without the API server",
            "A dry run was not possible, so that admission and defaults are not part of "
            "this plan: %s",
            error_message(err));
}

/* Everything that goes into the object. */
static bool is_known(const struct plan *plan)
{
    for (const struct attribute *attribute = plan->resource->attributes; attribute->name;
         attribute++)
        if (attribute->flags & (REQUIRED | OPTIONAL) &&
            !value_is_wholly_known(value_get(plan->planned, attribute->name)))
            return false;
    return true;
}

static void dry_run(struct operation *op, struct plan *plan, struct error *err)
{
    struct kube_call call;
    struct kube_object object;
    int64_t soon = clock_monotonic_ms() + KUBE_PLAN_MS;
    if (op->deadline_ms > soon)
        op->deadline_ms = soon;
    if (!kube_call_begin(&call, op, plan->planned, plan->config, err) ||
        !main_object(&call, plan->planned, &object, err))
        return;
    JSON_AUTO desired = desired_main(&call, plan->planned, plan->config, err);
    if (!desired)
        return;
    if (!plan_is_create(plan)) {
        JSON_AUTO before = desired_main(&call, plan->prior, plan->config, err);
        if (!before || json_equal(before, desired))
            return;
    }
    json_decref(apply_object(&call, &object, desired, true, err));
}

void kube_plan(struct operation *op, struct plan *plan)
{
    const struct kube_api *api = plan->resource->api;
    const char *id = id_of(plan->arena, plan->planned);
    bool places_known = value_is_wholly_known(value_get(plan->planned, "namespace")) &&
                        value_is_wholly_known(value_get(plan->planned, "name"));
    if (plan_is_create(plan) && id && places_known)
        plan_set(plan, "id", value_string(plan->arena, id));
    if (api->plan)
        api->plan(op, plan);
    if (plan->replace_count || plan->diagnostics->errors || !is_known(plan))
        return;
    ERROR_AUTO(err);
    dry_run(op, plan, &err);
    if (error_is_set(&err))
        kube_plan_report(plan, NULL, &err);
}
