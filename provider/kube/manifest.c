/* Any object: from HCL or YAML, with server-side apply, a dry run as plan, and waits. */
#include <stdio.h>
#include <string.h>

#include "lib/base/clock.h"
#include "lib/base/encoding.h"
#include "lib/base/json.h"
#include "lib/base/yaml.h"
#include "lib/kube/fields.h"
#include "provider/engine/json_body.h"
#include "provider/kube/api.h"

static const struct attribute field_manager_attributes[] = {
    {.name = "name",
     .flags = OPTIONAL,
     .default_value = "terraform-provider-oke",
     .max_length = 128,
     .doc = "Under which name fields are owned."},
    {.name = "force_conflicts",
     .kind = ATTRIBUTE_BOOL,
     .flags = OPTIONAL,
     .default_value = "false",
     .doc =
         "Take fields over that other managers own. Otherwise that is an error, which names them."},
    KUBE_ATTRIBUTES_END,
};

static const struct attribute condition_attributes[] = {
    {.name = "type", .flags = REQUIRED, .doc = "Type of a condition in `status.conditions`."},
    {.name = "status",
     .flags = OPTIONAL,
     .default_value = "True",
     .doc = "The status to wait for."},
    KUBE_ATTRIBUTES_END,
};

static const struct attribute wait_attributes[] = {
    {.name = "rollout",
     .kind = ATTRIBUTE_BOOL,
     .flags = OPTIONAL,
     .doc =
         "Wait until it is ready by the rule of its kind: Deployments, StatefulSets, DaemonSets, "
         "Jobs, Pods, CRDs, Services of type LoadBalancer, Strimzi's kinds; others by a condition "
         "`Ready` or `Available`, where they have one."},
    {.name = "condition",
     .kind = ATTRIBUTE_OBJECT_LIST,
     .flags = OPTIONAL,
     .fields = condition_attributes,
     .doc = "A condition that must hold; all of them must."},
    {.name = "fields",
     .kind = ATTRIBUTE_STRING_MAP,
     .flags = OPTIONAL,
     .doc = "Values that fields must have, by path (`status.phase`); `*` stands for any value."},
    KUBE_ATTRIBUTES_END,
};

static const struct attribute delete_attributes[] = {
    {.name = "propagation",
     .flags = OPTIONAL,
     .one_of = (const char *const[]){"Background", "Foreground", "Orphan", NULL},
     .doc = "What becomes of objects that belong to it."},
    {.name = "grace_seconds",
     .kind = ATTRIBUTE_INTEGER,
     .flags = OPTIONAL,
     .maximum = INT32_MAX,
     .doc = "Time to end by itself, instead of the kind's own."},
    {.name = "skip",
     .kind = ATTRIBUTE_BOOL,
     .flags = OPTIONAL,
     .doc = "Leave it in the cluster: it is only forgotten."},
    KUBE_ATTRIBUTES_END,
};

/* Comments and layout are no change. */
static bool equal_yaml(const struct value *a, const struct value *b)
{
    STR_AUTO left = STR_INIT;
    STR_AUTO right = STR_INIT;
    ERROR_AUTO(ignored);
    return value_text(a) && value_text(b) &&
           yaml_to_json(slice_from(value_text(a)), &left, &ignored) &&
           yaml_to_json(slice_from(value_text(b)), &right, &ignored) &&
           text_equal(str_text(&left), str_text(&right));
}

static const struct attribute attributes[] = {
    {.name = "id", .flags = COMPUTED, .doc = "`apiVersion=…,kind=…,namespace=…,name=…`"},
    KUBE_ATTRIBUTE_CLUSTER_ID,
    {.name = "manifest",
     .kind = ATTRIBUTE_DYNAMIC,
     .flags = OPTIONAL,
     .conflicts = (const char *const[]){"yaml_body", NULL},
     .requires_one = (const char *const[]){"yaml_body", NULL},
     .doc = "The object, as HCL. Members that are null count as absent."},
    {.name = "yaml_body",
     .flags = OPTIONAL,
     .equal = equal_yaml,
     .doc = "The object, as YAML or JSON text of one document."},
    {.name = "ignore_fields",
     .kind = ATTRIBUTE_STRING_LIST,
     .flags = OPTIONAL | LOCAL,
     .doc = "Paths that others may change (`spec.replicas`): they are set when it is created, and "
            "left "
            "alone then.",
     .sample = "[\"spec.replicas\"]"},
    {.name = "field_manager",
     .kind = ATTRIBUTE_OBJECT_LIST,
     .flags = OPTIONAL | SINGLE | LOCAL,
     .fields = field_manager_attributes,
     .doc = "How fields are owned."},
    {.name = "wait",
     .kind = ATTRIBUTE_OBJECT_LIST,
     .flags = OPTIONAL | SINGLE | LOCAL,
     .fields = wait_attributes,
     .doc = "What to wait for after a change. A failure names pods, events and last log lines."},
    {.name = "delete",
     .kind = ATTRIBUTE_OBJECT_LIST,
     .flags = OPTIONAL | SINGLE | LOCAL,
     .fields = delete_attributes,
     .doc = "How it is deleted."},
    KUBE_ATTRIBUTE_ADOPT,
    {.name = "object",
     .kind = ATTRIBUTE_DYNAMIC,
     .flags = COMPUTED,
     .doc =
         "What the server has in the places that the manifest speaks of: with defaults and in its "
         "own "
         "spelling. In a plan it is the answer of a dry run. Data of secrets appears as a hash."},
    KUBE_ATTRIBUTE_UID,
    KUBE_ATTRIBUTES_END,
};

/* --- the object that is wanted ------------------------------------------------------------------ */

/* One of manifest and yaml_body. NULL and err when there is no one object in it. New reference. */
static json_t *parse_manifest(struct arena *arena, const struct value *values, struct error *err)
{
    const struct value *manifest = value_get(values, "manifest");
    const char *yaml = value_text(value_get(values, "yaml_body"));
    JSON_AUTO documents = NULL;
    json_t *object = NULL;
    if (yaml) {
        STR_AUTO text = STR_INIT;
        if (!yaml_to_json(slice_from(yaml), &text, err) ||
            !(documents = json_parse(str_text(&text), text.length, err)))
            return NULL;
        if (json_array_size(documents) > 1) {
            error_set(err, ERROR_INVALID,
                      "there is more than one document: make one resource of each, "
                      "with for_each and provider::oke::manifest_decode_multi");
            return NULL;
        }
        object = json_incref(json_array_get(documents, 0));
    } else {
        JSON_AUTO body = json_object();
        json_body_add(arena, body, attribute_find(attributes, "manifest"), manifest);
        object = json_incref(json_object_get(body, "manifest"));
    }
    kube_strip_nulls(object);
    return object;
}

static bool check_manifest(const json_t *object, struct error *err)
{
    const char *kind = json_get_text(object, "kind");
    const json_t *metadata = json_object_get(object, "metadata");
    if (!json_is_object(object))
        return error_set(err, ERROR_INVALID, "it is no object");
    if (text_empty(json_get_text(object, "apiVersion")) || text_empty(kind))
        return error_set(err, ERROR_INVALID, "apiVersion and kind are needed, both texts");
    if (text_ends_with(kind, "List") && json_object_get(object, "items"))
        return error_set(err, ERROR_INVALID, "it is a list: make one resource of each item");
    if (text_empty(json_get_text(metadata, "name")))
        return error_set(err, ERROR_INVALID, "metadata.name is needed%s",
                         json_object_get(metadata, "generateName")
                             ? ": names that the server makes up cannot be planned"
                             : "");
    if (json_object_get(object, "status"))
        return error_set(err, ERROR_INVALID, "status is the cluster's to say: leave it out");
    return true;
}

static void validate(const struct value *config, struct diagnostics *diagnostics,
                     struct arena *arena)
{
    static const char *const names[] = {"manifest", "yaml_body"};
    for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
        const struct value *value = value_get(config, names[i]);
        if (!value_is_known(value) || !value_is_wholly_known(value))
            continue;
        ERROR_AUTO(err);
        JSON_AUTO object = parse_manifest(arena, config, &err);
        if (error_is_set(&err) || !check_manifest(object, &err))
            diagnostics_error(diagnostics, path_attribute(arena, NULL, names[i]),
                              "Not a Kubernetes object", "%s", error_message(&err));
    }
}

/* Takes "spec.replicas" away. */
static void drop_path(json_t *object, const char *path)
{
    const char *dot = strrchr(path, '.');
    CLEANUP(free_pointer) char *above = dot ? mem_strndup(path, (size_t)(dot - path)) : NULL;
    json_t *holder = above ? json_at_path(object, above) : object;
    json_object_del(holder, dot ? dot + 1 : path);
}

static void drop_ignored(json_t *object, const struct value *values)
{
    const struct value *paths = value_get(values, "ignore_fields");
    for (size_t i = 0; i < value_count(paths); i++)
        if (value_text(value_item(paths, i)))
            drop_path(object, value_text(value_item(paths, i)));
}

/* --- a call ------------------------------------------------------------------------------------- */

struct manifest {
    struct kube_call call;
    struct kube_object object;
    json_t *desired;
    const char *manager;
    bool force;
};

static void manifest_end(struct manifest *manifest)
{
    json_decref(manifest->desired);
}
#define MANIFEST_AUTO(name) CLEANUP(manifest_end) struct manifest name = {.desired = NULL}

static const struct value *only(const struct value *values, const char *block)
{
    return value_item(value_get(values, block), 0);
}

static bool find_object(struct manifest *manifest, struct error *err)
{
    const json_t *metadata = json_object_get(manifest->desired, "metadata");
    struct arena *arena = manifest->call.op->arena;
    manifest->object.kind = kube_kind_find(manifest->call.client, &manifest->call.scope,
                                           json_get_text(manifest->desired, "apiVersion"),
                                           json_get_text(manifest->desired, "kind"), err);
    if (!manifest->object.kind)
        return false;
    manifest->object.name = arena_strdup(arena, json_get_text(metadata, "name"));
    const char *namespace = json_get_text(metadata, "namespace");
    if (manifest->object.kind->namespaced && !namespace) {
        namespace = kube_client_config(manifest->call.client)->default_namespace;
        json_set_text(json_object_get(manifest->desired, "metadata"), "namespace", namespace);
    }
    manifest->object.namespace_name =
        manifest->object.kind->namespaced ? arena_strdup(arena, namespace) : NULL;
    return true;
}

static bool begin(struct manifest *manifest, struct operation *op, const struct value *values,
                  struct error *err)
{
    const struct value *manager = only(values, "field_manager");
    const char *name = value_text(value_get(manager, "name"));
    manifest->manager = name ? name : kube_manager;
    manifest->force = value_as_bool(value_get(manager, "force_conflicts"), false);
    if (!kube_call_begin(&manifest->call, op, values, &value_null, err))
        return false;
    manifest->desired = parse_manifest(op->arena, values, err);
    return manifest->desired && check_manifest(manifest->desired, err) &&
           find_object(manifest, err);
}

static json_t *apply(struct manifest *manifest, bool dry_run, struct error *err)
{
    struct kube_apply apply = {.desired = manifest->desired,
                               .manager = manifest->manager,
                               .force = manifest->force,
                               .dry_run = dry_run};
    return kube_apply_or_explain(&manifest->call, &manifest->object, &apply, err);
}

/* --- state -------------------------------------------------------------------------------------- */

static const char *id_of(struct arena *arena, const json_t *object)
{
    const char *namespace = kube_namespace(object);
    return arena_printf(arena, "apiVersion=%s,kind=%s%s%s,name=%s",
                        json_get_text(object, "apiVersion"), json_get_text(object, "kind"),
                        namespace ? ",namespace=" : "", namespace ? namespace : "",
                        kube_name(object));
}

static const struct value *object_value(struct manifest *manifest, const json_t *live)
{
    struct arena *arena = manifest->call.op->arena;
    JSON_AUTO fields = kube_fields_of_all(live);
    JSON_AUTO found = kube_fields_overlap(live, manifest->desired, fields);
    drop_ignored(found, manifest->call.values);
    kube_hide_secret(found);
    JSON_AUTO body = json_object();
    json_object_set(body, "object", found);
    return value_get(json_body_to_value(arena, attributes, body), "object");
}

/* What the server made of a wish that was carried out; see is_settled(). */
static void remember(struct operation *op, const struct value *object)
{
    STR_AUTO text = STR_INIT;
    value_print(object, &text);
    unsigned char digest[SHA256_SIZE];
    sha256_digest(str_text(&text), text.length, digest);
    op->private_out =
        (struct slice){arena_memdup(op->arena, digest, sizeof(digest)), sizeof(digest)};
}

static const struct value *state_of(struct manifest *manifest, const json_t *live)
{
    struct arena *arena = manifest->call.op->arena;
    const struct value *state = manifest->call.values;
    state = value_with(arena, state, "id", value_string(arena, id_of(arena, live)));
    state = value_with(arena, state, "uid", value_string(arena, kube_uid(live)));
    return value_with(arena, state, "object", object_value(manifest, live));
}

/* --- waiting ------------------------------------------------------------------------------------ */

static bool wait_for(struct manifest *manifest, json_t **live, struct error *err)
{
    struct arena *arena = manifest->call.op->arena;
    const struct value *wait = only(manifest->call.values, "wait");
    const struct value *conditions = value_get(wait, "condition"),
                       *fields = value_get(wait, "fields");
    if (value_is_null(wait))
        return true;
    struct kube_condition_rule *condition_rules =
        arena_array(arena, struct kube_condition_rule, value_count(conditions) + 1);
    struct kube_field_rule *field_rules =
        arena_array(arena, struct kube_field_rule, value_count(fields) + 1);
    for (size_t i = 0; i < value_count(conditions); i++)
        condition_rules[i] = (struct kube_condition_rule){
            value_text(value_get(value_item(conditions, i), "type")),
            value_text(value_get(value_item(conditions, i), "status"))};
    for (size_t i = 0; i < value_count(fields); i++) {
        const struct value_entry *entry = &fields->map.entries[i];
        const char *want = value_text(entry->value);
        field_rules[i] =
            (struct kube_field_rule){arena_strndup(arena, entry->key.ptr, entry->key.length),
                                     text_equal(want, "*") ? NULL : want};
    }
    struct kube_ready_rules rules = {.by_kind = value_as_bool(value_get(wait, "rollout"), false),
                                     .conditions = condition_rules,
                                     .condition_count = value_count(conditions),
                                     .fields = field_rules,
                                     .field_count = value_count(fields)};
    json_t *last = NULL;
    bool good = kube_wait_ready(manifest->call.client, &manifest->call.scope, &manifest->object,
                                &rules, 0, NULL, NULL, &last, err);
    if (last) {
        json_decref(*live);
        *live = last;
    }
    return good;
}

/* --- operations --------------------------------------------------------------------------------- */

static bool check_is_new(struct manifest *manifest, struct error *err)
{
    struct operation *op = manifest->call.op;
    if (value_as_bool(value_get(manifest->call.values, "adopt"), false) || operation_is_replay(op))
        return true;
    JSON_AUTO live = kube_get(manifest->call.client, &manifest->call.scope, &manifest->object, err);
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
        "%s exists already, managed by %s. To manage it here, import it with the id \"%s\" "
        "or set adopt = true.",
        kube_object_title(op->arena, &manifest->object),
        managers.length ? str_text(&managers) : "nobody", id_of(op->arena, live));
}

static bool write_object(struct manifest *manifest, const struct value **state, struct error *err)
{
    JSON_AUTO live = apply(manifest, false, err);
    if (!live)
        return false;
    bool good = wait_for(manifest, &live, err);
    *state = state_of(manifest, live);
    remember(manifest->call.op, value_get(*state, "object"));
    return good;
}

static bool create(struct operation *op, const struct value *planned, const struct value *config,
                   const struct value **state, struct error *err)
{
    (void)config;
    MANIFEST_AUTO(manifest);
    return begin(&manifest, op, planned, err) && check_is_new(&manifest, err) &&
           write_object(&manifest, state, err);
}

static bool update(struct operation *op, const struct value *prior, const struct value *planned,
                   const struct value *config, const struct value **state, struct error *err)
{
    (void)prior;
    (void)config;
    MANIFEST_AUTO(manifest);
    if (!begin(&manifest, op, planned, err))
        return false;
    drop_ignored(manifest.desired, planned);
    return write_object(&manifest, state, err);
}

static bool is_gone(struct error *err)
{
    bool gone = err->code == ERROR_NOT_FOUND;
    if (gone)
        error_reset(err);
    return gone;
}

/* "apiVersion=v1,kind=ConfigMap,namespace=a,name=b", behind "<cluster OCID>/" if need be. */
static const char *const id_members[] = {"apiVersion", "kind", "namespace", "name"};

static bool parse_id(struct arena *arena, const char *id, const char **members, struct error *err)
{
    for (struct slice rest = slice_from(id), pair, name; rest.length;) {
        rest = slice_cut(rest, ',', &pair, NULL);
        struct slice value = slice_cut(pair, '=', &name, NULL);
        bool known = false;
        for (size_t i = 0; i < ARRAY_LENGTH(id_members); i++)
            if (slice_equal_text(name, id_members[i]) && value.length) {
                members[i] = arena_strndup(arena, value.ptr, value.length);
                known = true;
            }
        if (!known)
            return error_set(err, ERROR_INVALID, "\"%.*s\" has no place in the id of an object",
                             (int)pair.length, pair.ptr);
    }
    return (members[0] && members[1] && members[3]) ||
           error_set(
               err, ERROR_INVALID,
               "the id of an object is apiVersion=…,kind=…[,namespace=…],name=…, with "
               "\"<cluster OCID>/\" before it for a cluster other than that of the provider block");
}

static bool import_object(struct operation *op, const char *id, const struct value **state,
                          struct error *err)
{
    const char *members[ARRAY_LENGTH(id_members)] = {NULL}, *cluster_id = NULL;
    const char *slash = text_starts_with(id, "ocid1.") ? strchr(id, '/') : NULL;
    if (slash) {
        cluster_id = arena_strndup(op->arena, id, (size_t)(slash - id));
        id = slash + 1;
    }
    if (!parse_id(op->arena, id, members, err))
        return false;
    JSON_AUTO object = json_object();
    json_t *metadata = json_object();
    json_set_text(object, "apiVersion", members[0]);
    json_set_text(object, "kind", members[1]);
    json_set_text(metadata, "name", members[3]);
    if (members[2])
        json_set_text(metadata, "namespace", members[2]);
    json_object_set_new(object, "metadata", metadata);
    const struct value_entry entries[] = {
        {slice_from("cluster_id"), value_string(op->arena, cluster_id)},
        {slice_from("id"), value_string(op->arena, id_of(op->arena, object))},
    };
    *state = value_map(op->arena, entries, ARRAY_LENGTH(entries));
    return true;
}

/* After an import: the object that the id names, which the manifest of the state is made of. */
static json_t *object_of_id(struct arena *arena, const char *id, struct error *err)
{
    const char *members[ARRAY_LENGTH(id_members)] = {NULL};
    if (!id || !parse_id(arena, id, members, err))
        return NULL;
    json_t *object = json_pack("{s:s, s:s, s:{s:s}}", "apiVersion", members[0], "kind", members[1],
                               "metadata", "name", members[3]);
    if (members[2])
        json_set_text(json_object_get(object, "metadata"), "namespace", members[2]);
    return object;
}

/* Nothing says yet what is ours: what our manager owns, else all but what the server adds. */
static void take_manifest(struct manifest *manifest, const json_t *live)
{
    static const char *const added[] = {"metadata.managedFields",
                                        "metadata.uid",
                                        "metadata.resourceVersion",
                                        "metadata.generation",
                                        "metadata.creationTimestamp",
                                        "metadata.selfLink",
                                        "status"};
    struct arena *arena = manifest->call.op->arena;
    const json_t *owned = kube_fields_of(live, manifest->manager, NULL);
    JSON_AUTO ours = owned ? kube_fields_select(live, owned) : json_deep_copy(live);
    for (size_t i = 0; i < ARRAY_LENGTH(added); i++)
        drop_path(ours, added[i]);
    JSON_AUTO body = json_object();
    json_object_set(body, "manifest", ours);
    json_decref(manifest->desired);
    manifest->desired = json_incref(ours);
    manifest->call.values =
        value_with(arena, manifest->call.values, "manifest",
                   value_get(json_body_to_value(arena, attributes, body), "manifest"));
}

static bool read_object(struct operation *op, const struct value *prior, const struct value **state,
                        struct error *err)
{
    MANIFEST_AUTO(manifest);
    *state = NULL;
    bool imported =
        value_is_null(value_get(prior, "manifest")) && value_is_null(value_get(prior, "yaml_body"));
    bool found;
    if (imported) {
        manifest.manager = kube_manager;
        found =
            kube_call_begin(&manifest.call, op, prior, &value_null, err) &&
            (manifest.desired = object_of_id(op->arena, value_text(value_get(prior, "id")), err)) &&
            find_object(&manifest, err);
    } else {
        found = begin(&manifest, op, prior, err);
    }
    if (!found)
        return is_gone(err); /* the cluster or the CRD is: then the object is, too */
    JSON_AUTO live = kube_get(manifest.call.client, &manifest.call.scope, &manifest.object, err);
    if (!live)
        return is_gone(err);
    if (imported)
        take_manifest(&manifest, live);
    drop_ignored(manifest.desired, prior);
    *state = state_of(&manifest, live);
    return true;
}

static bool remove_object(struct operation *op, const struct value *prior, struct error *err)
{
    MANIFEST_AUTO(manifest);
    const struct value *how = only(prior, "delete");
    struct kube_delete options = {.grace_seconds = -1,
                                  .uid = value_text(value_get(prior, "uid")),
                                  .propagation = value_text(value_get(how, "propagation"))};
    value_as_integer(value_get(how, "grace_seconds"), &options.grace_seconds);
    if (value_as_bool(value_get(how, "skip"), false))
        return true;
    if (!begin(&manifest, op, prior, err))
        return is_gone(err);
    return kube_delete(manifest.call.client, &manifest.call.scope, &manifest.object, &options, err);
}

static const struct resource_ops ops = {.create = create,
                                        .read = read_object,
                                        .update = update,
                                        .remove = remove_object,
                                        .import = import_object};

/* --- plan --------------------------------------------------------------------------------------- */

/* Another object: of another kind, name or namespace. Versions of one group are one object. */
static bool is_another(const json_t *a, const json_t *b)
{
    const char *left = json_get_text(a, "apiVersion"), *right = json_get_text(b, "apiVersion");
    size_t group = strcspn(left, "/");
    bool core = !left[group];
    bool same_group = core ? !strchr(right, '/') : strncmp(left, right, group + 1) == 0;
    return !same_group || !text_equal(json_get_text(a, "kind"), json_get_text(b, "kind")) ||
           !text_equal(kube_name(a), kube_name(b)) ||
           (kube_namespace(a) && kube_namespace(b) &&
            !text_equal(kube_namespace(a), kube_namespace(b)));
}

static void plan_replacement(struct plan *plan, const json_t *desired)
{
    ERROR_AUTO(ignored);
    JSON_AUTO before = parse_manifest(plan->arena, plan->prior, &ignored);
    if (before && check_manifest(before, &ignored) && is_another(before, desired))
        plan_require_replace(
            plan, value_is_null(value_get(plan->planned, "yaml_body")) ? "manifest" : "yaml_body");
}

/* Nothing can have come of it but what the state has: the same wish, and nobody interfered. */
static bool is_settled(const struct operation *op, const struct plan *plan)
{
    STR_AUTO seen = STR_INIT;
    value_print(value_get(plan->prior, "object"), &seen);
    unsigned char digest[SHA256_SIZE];
    sha256_digest(str_text(&seen), seen.length, digest);
    return !plan_is_create(plan) && !plan_changes(plan, "manifest") &&
           !plan_changes(plan, "yaml_body") && !plan_changes(plan, "ignore_fields") &&
           op->private_in.length == sizeof(digest) &&
           memcmp(op->private_in.ptr, digest, sizeof(digest)) == 0;
}

static void try_dry_run(struct operation *op, struct plan *plan, struct error *err)
{
    MANIFEST_AUTO(manifest);
    int64_t soon = clock_monotonic_ms() + KUBE_PLAN_MS;
    if (op->deadline_ms > soon)
        op->deadline_ms = soon;
    if (!begin(&manifest, op, plan->planned, err))
        return;
    if (!plan_is_create(plan))
        drop_ignored(manifest.desired, plan->planned);
    JSON_AUTO answer = apply(&manifest, true, err);
    if (!answer)
        return;
    plan_set(plan, "object", object_value(&manifest, answer));
}

static void plan_manifest(struct operation *op, struct plan *plan)
{
    bool yaml = !value_is_null(value_get(plan->planned, "yaml_body"));
    const char *attribute = yaml ? "yaml_body" : "manifest";
    if (!value_is_wholly_known(value_get(plan->planned, attribute))) {
        plan_set_unknown(plan, "object");
        return;
    }
    ERROR_AUTO(err);
    JSON_AUTO desired = parse_manifest(plan->arena, plan->planned, &err);
    if (!desired || !check_manifest(desired, &err))
        return; /* validation has said it */
    if (!plan_is_create(plan))
        plan_replacement(plan, desired);
    if (plan->replace_count) {
        plan_set_unknown(plan, "object");
        plan_set_unknown(plan, "id");
        plan_set_unknown(plan, "uid");
        return;
    }
    if (is_settled(op, plan))
        return;
    plan_set_unknown(plan, "object");
    if (value_is_wholly_known(value_get(plan->planned, "cluster_id")))
        try_dry_run(op, plan, &err);
    if (error_is_set(&err))
        kube_plan_report(plan, attribute, &err);
}

static const struct value *move_manifest(struct arena *arena, const char *source_type,
                                         const struct value *source)
{
    (void)source_type;
    const struct value *computed = value_get(source, "computed_fields");
    return value_is_null(computed) ? source : value_with(arena, source, "ignore_fields", computed);
}

static const struct identity_attribute identity[] = {
    {"cluster_id", true, "OCID of the cluster; left out for that of the provider block."},
    {"id", false, "`apiVersion=…,kind=…[,namespace=…],name=…`"},
    {NULL, false, NULL},
};

const struct resource oke_manifest = {
    .name = "manifest",
    .summary = "Any Kubernetes object, by server-side apply.",
    .description =
        "A plan is a dry run of the API server: it shows defaults, conversions and what admission "
        "says. "
        "While the cluster, the namespace or the CRD does not exist yet, the plan is made from the "
        "manifest alone. Changes that others make show where they touch fields of the manifest, "
        "and "
        "nowhere else.",
    .subcategory = "Kubernetes",
    .attributes = attributes,
    .ops = &ops,
    .plan = plan_manifest,
    .validate = validate,
    .identity = identity,
    .import_id = "[<cluster OCID>/]apiVersion=<v>,kind=<k>[,namespace=<ns>],name=<n>",
    .moved_from = (const char *const[]){"kubernetes_manifest", NULL},
    .move_state = move_manifest,
    .example = "resource \"oke_manifest\" \"settings\" {\n"
               "  cluster_id = oke_cluster.main.id\n"
               "\n"
               "  manifest = {\n"
               "    apiVersion = \"v1\"\n"
               "    kind       = \"ConfigMap\"\n"
               "    metadata   = { name = \"settings\", namespace = \"todo-app\" }\n"
               "    data       = { level = \"info\" }\n"
               "  }\n"
               "}\n",
};
