/* A release of a chart, by the helm program. */
#include <string.h>

#include "lib/base/clock.h"
#include "lib/base/encoding.h"
#include "lib/base/json.h"
#include "lib/base/yaml.h"
#include "provider/kube/helm.h"
#include "provider/kube/helm_record.h"

enum {
    RELEASE_NAME = 53,
    HELM_TIMEOUT_SECONDS = 300,
    PENDING_MS = 30 * 1000, /* an operation that has not got on for so long was cut off */
    CAUSES = 8,             /* objects of a failed release that are looked at */
};

/* --- attributes --------------------------------------------------------------------------------- */

static void validate_release_name(const struct attribute *attribute, const struct value *value,
                                  const struct path *path, struct diagnostics *diagnostics,
                                  struct arena *arena)
{
    const char *text = value_text(value);
    if (text && strlen(text) > RELEASE_NAME)
        diagnostics_error(diagnostics, path, "Not a name for a release",
                          "\"%s\" has more than %d characters.", text, RELEASE_NAME);
    else
        kube_validate_name(attribute, value, path, diagnostics, arena);
}

static void validate_yaml(const struct attribute *attribute, const struct value *value,
                          const struct path *path, struct diagnostics *diagnostics,
                          struct arena *arena)
{
    (void)attribute;
    for (size_t i = 0; i < value_count(value); i++) {
        const char *text = value_text(value_item(value, i));
        STR_AUTO json = STR_INIT;
        ERROR_AUTO(err);
        if (text && !yaml_to_json(slice_from(text), &json, &err))
            diagnostics_error(diagnostics, path_index(arena, path, (int64_t)i), "Not YAML", "%s",
                              error_message(&err));
    }
}

static const struct attribute set_attributes[] = {
    {.name = "name", .flags = REQUIRED, .doc = "Path of the value: `image.tag`."},
    {.name = "value", .flags = OPTIONAL, .doc = "The value."},
    {.name = "type",
     .flags = OPTIONAL,
     .one_of = (const char *const[]){"auto", "string", "literal", NULL},
     .doc =
         "`auto` guesses numbers and so on, `string` does not, `literal` takes the text as it is."},
    KUBE_ATTRIBUTES_END,
};

static const struct attribute set_list_attributes[] = {
    {.name = "name", .flags = REQUIRED, .doc = "Path of the list."},
    {.name = "value", .kind = ATTRIBUTE_STRING_LIST, .flags = REQUIRED, .doc = "Its items."},
    KUBE_ATTRIBUTES_END,
};

static const struct attribute set_sensitive_attributes[] = {
    {.name = "name", .flags = REQUIRED, .doc = "Path of the value."},
    {.name = "value", .flags = REQUIRED, .doc = "The value, as text."},
    KUBE_ATTRIBUTES_END,
};

static const struct attribute postrender_attributes[] = {
    {.name = "binary_path", .flags = REQUIRED, .doc = "The program."},
    {.name = "args", .kind = ATTRIBUTE_STRING_LIST, .flags = OPTIONAL, .doc = "Its arguments."},
    KUBE_ATTRIBUTES_END,
};

#define FLAG(name_, doc_)                                                                          \
    {                                                                                              \
        .name = (name_), .kind = ATTRIBUTE_BOOL, .flags = OPTIONAL | LOCAL,                        \
        .default_value = "false", .doc = (doc_)                                                    \
    }

static const struct attribute attributes[] = {
    {.name = "id", .flags = COMPUTED, .doc = "`namespace/name`"},
    KUBE_ATTRIBUTE_CLUSTER_ID,
    {.name = "name",
     .flags = REQUIRED | REPLACE,
     .validate = validate_release_name,
     .doc = "Name of the release."},
    {.name = "namespace",
     .flags = OPTIONAL | REPLACE,
     .default_value = "default",
     .validate = kube_validate_label_name,
     .doc = "The namespace that it is in."},
    {.name = "chart",
     .flags = REQUIRED,
     .min_length = 1,
     .doc = "A folder, an archive, a URL, `oci://registry/chart`, or a name in `repository`.",
     .sample = "\"oci://quay.io/strimzi-helm/strimzi-kafka-operator\""},
    {.name = "repository",
     .flags = OPTIONAL,
     .doc = "URL of the repository that `chart` is in.",
     .sample = "\"https://dapr.github.io/helm-charts\""},
    {.name = "repository_username", .flags = OPTIONAL | LOCAL, .doc = "User of the repository."},
    {.name = "repository_password",
     .flags = OPTIONAL | LOCAL | SENSITIVE,
     .doc = "Password of the repository."},
    {.name = "repository_ca_file",
     .flags = OPTIONAL | LOCAL,
     .doc = "Authorities to trust for the repository."},
    FLAG("pass_credentials", "Send the credentials to other hosts that the repository names, too."),
    {.name = "version",
     .flags = OPTIONAL,
     .doc = "Version of the chart. Left out: the newest, which may be another one each time.",
     .sample = "\"1.2.0\""},
    FLAG("devel", "Versions that are not final count as well."),
    {.name = "values",
     .kind = ATTRIBUTE_STRING_LIST,
     .flags = OPTIONAL,
     .validate = validate_yaml,
     .doc = "Values as YAML; later ones win.",
     .sample = "[yamlencode({ replicas = 2 })]"},
    {.name = "set",
     .kind = ATTRIBUTE_OBJECT_LIST,
     .flags = OPTIONAL,
     .fields = set_attributes,
     .doc = "One value, above those in `values`."},
    {.name = "set_list",
     .kind = ATTRIBUTE_OBJECT_LIST,
     .flags = OPTIONAL,
     .fields = set_list_attributes,
     .doc = "One list, above those in `values`."},
    {.name = "set_sensitive",
     .kind = ATTRIBUTE_OBJECT_LIST,
     .flags = OPTIONAL | SENSITIVE,
     .fields = set_sensitive_attributes,
     .doc = "One text that is secret. It is stored in the state: prefer `values_wo`."},
    {.name = "values_wo",
     .kind = ATTRIBUTE_STRING_LIST,
     .flags = OPTIONAL | WRITE_ONLY,
     .validate = validate_yaml,
     .doc = "Values as YAML that go to the cluster and are stored nowhere else. Needs Terraform "
            "1.11 or "
            "OpenTofu 1.11."},
    {.name = "values_wo_version",
     .kind = ATTRIBUTE_INTEGER,
     .flags = OPTIONAL | LOCAL,
     .doc = "Change it when `values_wo` changed: nothing else can tell."},
    {.name = "wait",
     .kind = ATTRIBUTE_BOOL,
     .flags = OPTIONAL | LOCAL,
     .default_value = "true",
     .doc = "Wait until all is ready. A failure names pods, events and last log lines."},
    FLAG("wait_for_jobs", "Wait for Jobs, too."),
    {.name = "timeout",
     .kind = ATTRIBUTE_INTEGER,
     .flags = OPTIONAL | LOCAL,
     .default_value = "300",
     .minimum = 1,
     .maximum = 24 * 3600,
     .doc = "Seconds for each step of Helm."},
    FLAG("atomic", "Roll back, or uninstall, when it fails."),
    FLAG("cleanup_on_fail", "Delete what an upgrade that fails had made."),
    FLAG("create_namespace", "Make the namespace when there is none."),
    FLAG("dependency_update", "Fetch the charts that a chart in a folder depends on."),
    FLAG("disable_openapi_validation", "Do not check objects against the schema of the cluster."),
    FLAG("disable_webhooks", "Do not run hooks."),
    FLAG("force_update", "Replace objects that cannot be changed."),
    FLAG("replace", "Use the name of a release that was deleted but kept in the history."),
    FLAG("reset_values", "Forget values that others set."),
    FLAG("reuse_values", "Keep values that others set."),
    FLAG("skip_crds", "Do not install CRDs."),
    FLAG("take_ownership", "Take over objects that exist already."),
    FLAG("verify", "Check the chart's signature."),
    {.name = "keyring", .flags = OPTIONAL | LOCAL, .doc = "Public keys for `verify`."},
    {.name = "max_history",
     .kind = ATTRIBUTE_INTEGER,
     .flags = OPTIONAL | LOCAL,
     .default_value = "10",
     .maximum = 1000,
     .doc = "How many revisions are kept; 0: all."},
    {.name = "description",
     .flags = OPTIONAL | LOCAL,
     .doc = "A note in the history of the release."},
    {.name = "postrender",
     .kind = ATTRIBUTE_OBJECT_LIST,
     .flags = OPTIONAL | SINGLE,
     .fields = postrender_attributes,
     .doc = "A program that changes the rendered objects; with Helm 4, the name of a plugin."},
    {.name = "manifest",
     .kind = ATTRIBUTE_STRING_MAP,
     .flags = COMPUTED,
     .doc =
         "The rendered objects, by kind, namespace and name, as JSON. A plan shows what changes in "
         "them. Data of secrets is left out."},
    {.name = "status", .flags = COMPUTED, .doc = "Status of the release: `deployed`."},
    {.name = "revision",
     .kind = ATTRIBUTE_INTEGER,
     .flags = COMPUTED | VOLATILE,
     .doc = "Number of the revision."},
    {.name = "chart_version", .flags = COMPUTED | VOLATILE, .doc = "Version of the chart in use."},
    {.name = "app_version",
     .flags = COMPUTED | VOLATILE,
     .doc = "Version of what the chart installs."},
    {.name = "last_deployed", .flags = COMPUTED | VOLATILE, .doc = "When (RFC 3339)."},
    KUBE_ATTRIBUTES_END,
};

static const char *text_of(const struct value *values, const char *name)
{
    return value_text(value_get(values, name));
}

static bool flag_of(const struct value *values, const char *name)
{
    return value_as_bool(value_get(values, name), false);
}

/* --- command lines ------------------------------------------------------------------------------ */

static bool is_remote_name(const struct value *values)
{
    return text_of(values, "repository") && !strstr(text_of(values, "chart"), "://");
}

/* A repository with credentials goes through a file, since arguments can be seen by others. */
static bool login_repository(struct helm *helm, const struct value *values, const char **chart,
                             struct error *err)
{
    struct arena *arena = helm->op->arena;
    JSON_AUTO file = json_pack(
        "{s:s, s:[{s:s, s:s, s:s, s:s, s:b}]}", "apiVersion", "", "repositories", "name", "okestra",
        "url", text_of(values, "repository"), "username", text_of(values, "repository_username"),
        "password", text_of(values, "repository_password"), "pass_credentials_all",
        flag_of(values, "pass_credentials"));
    json_t *entry = json_at_path(file, "repositories.0");
    if (text_of(values, "repository_ca_file"))
        json_set_text(entry, "caFile", text_of(values, "repository_ca_file"));
    STR_AUTO text = STR_INIT;
    json_write(file, false, &text);
    const char *path = helm_write_file(helm, str_text(&text), text.length, err);
    if (!path)
        return false;
    helm->environment[helm->environment_count++] =
        arena_printf(arena, "HELM_REPOSITORY_CONFIG=%s", path);
    helm_begin(helm, "repo");
    helm_add(helm, "update");
    *chart = arena_printf(arena, "okestra/%s", *chart);
    return helm_run(helm, NULL, err);
}

static bool login_registry(struct helm *helm, const struct value *values, struct error *err)
{
    struct arena *arena = helm->op->arena;
    const char *host = text_of(values, "chart") + strlen("oci://");
    STR_AUTO pair = STR_INIT;
    STR_AUTO auth = STR_INIT;
    STR_AUTO text = STR_INIT;
    str_printf(&pair, "%s:%s", text_of(values, "repository_username"),
               text_of(values, "repository_password"));
    base64_encode(BASE64_STANDARD, str_text(&pair), pair.length, &auth);
    JSON_AUTO file = json_object();
    json_t *auths = json_object();
    json_object_set_new(auths, arena_strndup(arena, host, strcspn(host, "/")),
                        json_pack("{s:s}", "auth", str_text(&auth)));
    json_object_set_new(file, "auths", auths);
    json_write(file, false, &text);
    const char *path = helm_write_file(helm, str_text(&text), text.length, err);
    if (path)
        helm->environment[helm->environment_count++] =
            arena_printf(arena, "HELM_REGISTRY_CONFIG=%s", path);
    return path != NULL;
}

/* Everything that comes before the command: credentials, and the name of the chart. */
static bool prepare_chart(struct helm *helm, const struct value *values, const char **chart,
                          struct error *err)
{
    *chart = text_of(values, "chart");
    helm_hide(helm, text_of(values, "repository_password"));
    if (!text_of(values, "repository_username") || !text_of(values, "repository_password"))
        return true;
    if (text_starts_with(*chart, "oci://"))
        return login_registry(helm, values, err);
    return !is_remote_name(values) || login_repository(helm, values, chart, err);
}

static bool add_values(struct helm *helm, const struct value *list, bool secret, struct error *err)
{
    for (size_t i = 0; i < value_count(list); i++) {
        const char *text = value_text(value_item(list, i));
        const char *path = text ? helm_write_file(helm, text, strlen(text), err) : "";
        if (!path)
            return false;
        if (text)
            helm_add_option(helm, "--values", path);
        if (secret)
            helm_hide(helm, text);
    }
    return true;
}

static void add_sets(struct helm *helm, const struct value *values)
{
    static const char *const options[][2] = {
        {"auto", "--set"}, {"string", "--set-string"}, {"literal", "--set-literal"}};
    struct arena *arena = helm->op->arena;
    const struct value *sets = value_get(values, "set"), *lists = value_get(values, "set_list");
    for (size_t i = 0; i < value_count(sets); i++) {
        const struct value *set = value_item(sets, i);
        const char *type = text_of(set, "type"), *text = text_of(set, "value");
        const char *option = options[0][1];
        for (size_t j = 0; j < ARRAY_LENGTH(options); j++)
            if (text_equal(type, options[j][0]))
                option = options[j][1];
        helm_add_option(helm, option,
                        arena_printf(arena, "%s=%s", text_of(set, "name"), text ? text : "null"));
    }
    for (size_t i = 0; i < value_count(lists); i++) {
        const struct value *items = value_get(value_item(lists, i), "value");
        STR_AUTO text = STR_INIT;
        str_printf(&text, "%s={", text_of(value_item(lists, i), "name"));
        for (size_t j = 0; j < value_count(items); j++)
            str_printf(&text, "%s%s", j ? "," : "", value_text(value_item(items, j)));
        str_append_char(&text, '}');
        helm_add_option(helm, "--set", str_copy_to(&text, arena));
    }
}

static bool add_secret_sets(struct helm *helm, const struct value *values, struct error *err)
{
    const struct value *sets = value_get(values, "set_sensitive");
    for (size_t i = 0; i < value_count(sets); i++) {
        const char *text = text_of(value_item(sets, i), "value");
        const char *path = text ? helm_write_file(helm, text, strlen(text), err) : NULL;
        if (!path)
            return false;
        helm_hide(helm, text);
        helm_add_option(
            helm, "--set-file",
            arena_printf(helm->op->arena, "%s=%s", text_of(value_item(sets, i), "name"), path));
    }
    return true;
}

/* What `template` and `upgrade` share: where the chart is, and its values. */
static bool add_chart(struct helm *helm, const struct value *values, const struct value *config,
                      const char *chart, struct error *err)
{
    const struct value *postrender = value_item(value_get(values, "postrender"), 0);
    const struct value *arguments = value_get(postrender, "args");
    bool logged_in = chart != text_of(values, "chart");
    helm_add(helm, text_of(values, "name"));
    helm_add(helm, chart);
    helm_add_option(helm, "--namespace", text_of(values, "namespace"));
    helm_add_option(helm, "--version", text_of(values, "version"));
    if (is_remote_name(values) && !logged_in) {
        helm_add_option(helm, "--repo", text_of(values, "repository"));
        helm_add_option(helm, "--ca-file", text_of(values, "repository_ca_file"));
    }
    helm_add_flag(helm, "--devel", flag_of(values, "devel"));
    helm_add_flag(helm, "--verify", flag_of(values, "verify"));
    helm_add_option(helm, "--keyring", text_of(values, "keyring"));
    helm_add_flag(helm, "--dependency-update", flag_of(values, "dependency_update"));
    helm_add_flag(helm, "--no-hooks", flag_of(values, "disable_webhooks"));
    helm_add_option(helm, "--post-renderer", text_of(postrender, "binary_path"));
    for (size_t i = 0; i < value_count(arguments); i++)
        helm_add_option(helm, "--post-renderer-args", value_text(value_item(arguments, i)));
    if (!add_values(helm, value_get(values, "values"), false, err) ||
        !add_values(helm, value_get(config, "values_wo"), true, err))
        return false;
    add_sets(helm, values);
    return add_secret_sets(helm, values, err);
}

/* --- rendering ---------------------------------------------------------------------------------- */

/* Values that are secret may stand anywhere in an object. */
static void mask(const struct helm *helm, struct str *text)
{
    for (size_t i = 0; i < helm->secret_count; i++) {
        const char *secret = helm->secrets[i];
        STR_AUTO masked = STR_INIT;
        const char *from = str_text(text), *at;
        while ((at = strstr(from, secret))) {
            str_append_bytes(&masked, from, (size_t)(at - from));
            str_append(&masked, "***");
            from = at + strlen(secret);
        }
        str_append(&masked, from);
        str_clear(text);
        str_append(text, str_text(&masked));
    }
}

static const char *object_key(struct arena *arena, const json_t *object)
{
    const char *namespace = kube_namespace(object), *name = kube_name(object);
    return arena_printf(arena, "%s/%s/%s%s%s", json_get_text(object, "apiVersion"),
                        json_get_text(object, "kind"), namespace ? namespace : "",
                        namespace ? "/" : "", name ? name : "");
}

/* What a secret holds: that it changed shows in the values that it is made of. */
static void hide_data(json_t *object)
{
    static const char *const members[] = {"data", "stringData"};
    if (!text_equal(json_get_text(object, "kind"), "Secret"))
        return;
    for (size_t i = 0; i < ARRAY_LENGTH(members); i++) {
        json_t *data = json_object_get(object, members[i]), *value;
        const char *key;
        json_object_foreach(data, key, value)
            json_object_set_new(data, key, json_string("(sensitive)"));
    }
}

/* The objects of a stream of YAML by what they are: "apps/v1/Deployment/namespace/name". */
static json_t *objects_of(struct arena *arena, const struct str *yaml, struct error *err)
{
    STR_AUTO json = STR_INIT;
    if (!yaml_to_json((struct slice){yaml->ptr, yaml->length}, &json, err))
        return NULL;
    JSON_AUTO list = json_parse(str_text(&json), json.length, err);
    if (!list)
        return NULL;
    json_t *objects = json_object(), *object;
    size_t at;
    json_array_foreach(list, at, object)
    {
        if (!json_get_text(object, "kind"))
            continue;
        hide_data(object);
        json_object_set(objects, object_key(arena, object), object);
    }
    return objects;
}

static const struct value *manifest_value(struct helm *helm, const json_t *objects)
{
    struct arena *arena = helm->op->arena;
    struct value_entry *entries =
        arena_array(arena, struct value_entry, json_object_size(objects) + 1);
    size_t count = 0;
    const char *key;
    json_t *object;
    json_object_foreach((json_t *)(uintptr_t)objects, key, object)
    {
        CLEANUP(free_pointer) char *dump = json_dumps(object, JSON_INDENT(2) | JSON_SORT_KEYS);
        STR_AUTO text = STR_INIT;
        str_append(&text, dump);
        mask(helm, &text);
        entries[count++] =
            (struct value_entry){slice_from(arena_strdup(arena, key)),
                                 value_string_bytes(arena, str_text(&text), text.length)};
    }
    return value_map(arena, entries, count);
}

static json_t *render_once(struct helm *helm, const struct value *values,
                           const struct value *config, const char *chart, const char *kube_version,
                           struct error *err)
{
    STR_AUTO yaml = STR_INIT;
    helm_begin(helm, "template");
    if (!add_chart(helm, values, config, chart, err))
        return NULL;
    helm_add_option(helm, "--kube-version", kube_version);
    helm_add_flag(helm, "--include-crds", !flag_of(values, "skip_crds"));
    helm_add(helm, "--skip-tests");
    return helm_run(helm, &yaml, err) ? objects_of(helm->op->arena, &yaml, err) : NULL;
}

/* Charts may put random things or the time into objects: what differs from one rendering to the next
 * cannot be planned, and says so. New reference. */
static json_t *only_stable(json_t *first, json_t *second)
{
    if (json_is_object(first) && json_is_object(second)) {
        json_t *stable = json_object(), *member;
        const char *name;
        json_object_foreach(first, name, member)
            json_object_set_new(stable, name, only_stable(member, json_object_get(second, name)));
        return stable;
    }
    if (json_is_array(first) && json_array_size(first) == json_array_size(second)) {
        json_t *stable = json_array();
        for (size_t i = 0; i < json_array_size(first); i++)
            json_array_append_new(stable,
                                  only_stable(json_array_get(first, i), json_array_get(second, i)));
        return stable;
    }
    return second && json_equal(first, second)
               ? json_incref(first)
               : json_string("(differs from one rendering to the next)");
}

static const struct value *render(struct helm *helm, const struct value *values,
                                  const struct value *config, const struct value *known,
                                  const char *kube_version, struct error *err)
{
    const char *chart;
    if (!prepare_chart(helm, values, &chart, err))
        return NULL;
    JSON_AUTO first = render_once(helm, values, config, chart, kube_version, err);
    if (!first)
        return NULL;
    const struct value *manifest = manifest_value(helm, first);
    if (value_equal(NULL, manifest, known))
        return known;
    JSON_AUTO second = render_once(helm, values, config, chart, kube_version, err);
    if (!second)
        return NULL;
    JSON_AUTO stable = only_stable(first, second);
    return manifest_value(helm, stable);
}

/* --- state -------------------------------------------------------------------------------------- */

static const char *id_of(struct arena *arena, const struct value *values)
{
    return arena_printf(arena, "%s/%s", text_of(values, "namespace"), text_of(values, "name"));
}

static const struct value *state_of(struct operation *op, const struct value *values,
                                    const json_t *record)
{
    struct arena *arena = op->arena;
    const json_t *info = json_object_get(record, "info");
    const json_t *chart = json_at_path(record, "chart.metadata");
    const struct value_entry told[] = {
        {slice_from("id"), value_string(arena, id_of(arena, values))},
        {slice_from("status"), value_string(arena, json_get_text(info, "status"))},
        {slice_from("revision"), value_integer(arena, json_get_integer(record, "version", 0))},
        {slice_from("chart_version"), value_string(arena, json_get_text(chart, "version"))},
        {slice_from("app_version"), value_string(arena, json_get_text(chart, "appVersion"))},
        {slice_from("last_deployed"), value_string(arena, json_get_text(info, "last_deployed"))},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(told); i++)
        values = value_with(arena, values, told[i].key.ptr, told[i].value);
    return values;
}

/* The revision that we made: another one is somebody else's work, and a reason for an upgrade. */
static void remember_revision(struct operation *op, const json_t *record)
{
    const char *text =
        arena_printf(op->arena, "%lld", (long long)json_get_integer(record, "version", 0));
    op->private_out = slice_from(text);
}

/* --- failures ----------------------------------------------------------------------------------- */

/* Helm says that time is over; what it waited for is in the cluster. */
static void add_causes(struct kube_call *call, const json_t *record, struct error *err)
{
    static const char *const kinds[] = {"Deployment", "StatefulSet", "DaemonSet", "Job", "Pod"};
    const char *yaml = json_get_text(record, "manifest");
    STR_AUTO json = STR_INIT;
    STR_AUTO causes = STR_INIT;
    ERROR_AUTO(ignored);
    if (!yaml || !yaml_to_json(slice_from(yaml), &json, &ignored))
        return;
    JSON_AUTO objects = json_parse(str_text(&json), json.length, &ignored);
    const json_t *object;
    size_t at, found = 0;
    json_array_foreach(objects, at, object)
    {
        bool has_pods = false;
        for (size_t i = 0; i < ARRAY_LENGTH(kinds); i++)
            has_pods |= text_equal(json_get_text(object, "kind"), kinds[i]);
        const struct kube_kind *kind =
            kube_kind_built_in(json_get_text(object, "apiVersion"), json_get_text(object, "kind"));
        if (!has_pods || !kind || found == CAUSES)
            continue;
        const char *namespace = kube_namespace(object);
        struct kube_object one = {kind, namespace ? namespace : text_of(call->values, "namespace"),
                                  kube_name(object)};
        error_reset(&ignored);
        JSON_AUTO live = kube_get(call->client, &call->scope, &one, &ignored);
        STR_AUTO why = STR_INIT;
        if (!live || kube_ready(live, &why) == KUBE_DONE)
            continue;
        STR_AUTO cause = STR_INIT;
        kube_cause(call->client, &call->scope, live, &cause);
        str_printf(&causes, "\n%s: %s\n%s", kube_object_title(call->op->arena, &one),
                   str_text(&why), str_text(&cause));
        found++;
    }
    if (!causes.length)
        return;
    ERROR_AUTO(whole);
    error_move(&whole, err);
    error_set(err, whole.code, "%s\n%s", error_message(&whole), str_text(&causes));
}

/* --- operations --------------------------------------------------------------------------------- */

static bool is_pending(const json_t *record)
{
    const char *status = json_get_text(json_object_get(record, "info"), "status");
    return status && (text_starts_with(status, "pending-") || text_equal(status, "uninstalling"));
}

static int64_t age_of(const json_t *record)
{
    int64_t when;
    const char *time = json_get_text(json_object_get(record, "info"), "last_deployed");
    return time && clock_parse_rfc3339(time, &when) ? clock_wall_ms() - when : PENDING_MS;
}

/* A helm that was killed leaves "pending", and no other one may begin then. One that has just begun may be
 * alive. */
static bool recover(struct kube_call *call, struct error *err)
{
    const char *namespace = text_of(call->values, "namespace"),
               *name = text_of(call->values, "name");
    for (;;) {
        JSON_AUTO found = NULL;
        if (!helm_record_find(call, namespace, name, &found, err))
            return false;
        const json_t *record = json_object_get(found, "record");
        if (!record || !is_pending(record))
            return true;
        int64_t age = age_of(record);
        if (age >= PENDING_MS || operation_is_replay(call->op)) {
            diagnostics_warning(
                call->op->diagnostics, NULL, "Recovered a release",
                "The release %s/%s was left as \"%s\" by an operation that was cut off. "
                "Its record %s was removed, and the release is applied again.",
                namespace, name, json_get_text(json_object_get(record, "info"), "status"),
                json_get_text(found, "secret"));
            return helm_record_discard(call, namespace, json_get_text(found, "secret"), err);
        }
        int64_t until = clock_monotonic_ms() + 1000;
        if (!cancel_sleep_until(call->op->cancel, until))
            return error_set(err, ERROR_CANCELLED,
                             "cancelled while another operation of Helm on "
                             "%s/%s was waited for",
                             namespace, name);
        if (call->op->deadline_ms && until > call->op->deadline_ms)
            return error_set(err, ERROR_TIMEOUT, "another operation of Helm on %s/%s does not end",
                             namespace, name);
    }
}

static void add_upgrade_options(struct helm *helm, const struct value *values)
{
    static const struct {
        const char *attribute, *flag;
    } flags[] = {{"wait_for_jobs", "--wait-for-jobs"},
                 {"cleanup_on_fail", "--cleanup-on-fail"},
                 {"create_namespace", "--create-namespace"},
                 {"disable_openapi_validation", "--disable-openapi-validation"},
                 {"reset_values", "--reset-values"},
                 {"reuse_values", "--reuse-values"},
                 {"skip_crds", "--skip-crds"},
                 {"take_ownership", "--take-ownership"}};
    struct arena *arena = helm->op->arena;
    int64_t timeout = HELM_TIMEOUT_SECONDS, history = 10;
    value_as_integer(value_get(values, "timeout"), &timeout);
    value_as_integer(value_get(values, "max_history"), &history);
    for (size_t i = 0; i < ARRAY_LENGTH(flags); i++)
        helm_add_flag(helm, flags[i].flag, flag_of(values, flags[i].attribute));
    helm_add_flag(helm, helm->major > 3 ? "--wait=watcher" : "--wait", flag_of(values, "wait"));
    helm_add_flag(helm, helm->major > 3 ? "--rollback-on-failure" : "--atomic",
                  flag_of(values, "atomic"));
    helm_add_flag(helm, helm->major > 3 ? "--force-replace" : "--force",
                  flag_of(values, "force_update"));
    helm_add_option(helm, "--timeout", arena_printf(arena, "%llds", (long long)timeout));
    helm_add_option(helm, "--history-max", arena_printf(arena, "%lld", (long long)history));
    helm_add_option(helm, "--description", text_of(values, "description"));
}

static bool upgrade(struct kube_call *call, struct error *err)
{
    HELM_AUTO(helm);
    const char *chart;
    if (!helm_open(&helm, call->op, err) || !helm_use_cluster(&helm, call->values, err) ||
        !prepare_chart(&helm, call->values, &chart, err))
        return false;
    helm_begin(&helm, "upgrade");
    helm_add(&helm, "--install");
    if (!add_chart(&helm, call->values, call->config, chart, err))
        return false;
    add_upgrade_options(&helm, call->values);
    return helm_run(&helm, NULL, err);
}

/* The release after an upgrade. Our helm has ended: what it left pending, nobody goes on with. */
static bool find_after(struct kube_call *call, bool good, json_t **found, struct error *err)
{
    const char *namespace = text_of(call->values, "namespace"),
               *name = text_of(call->values, "name");
    if (!helm_record_find(call, namespace, name, found, err))
        return false;
    if (good || !is_pending(json_object_get(*found, "record")))
        return true;
    JSON_AUTO cut_off = *found;
    *found = NULL;
    return helm_record_discard(call, namespace, json_get_text(cut_off, "secret"), err) &&
           helm_record_find(call, namespace, name, found, err);
}

static bool write_release(struct operation *op, const struct value *planned,
                          const struct value *config, const struct value **state, struct error *err)
{
    struct kube_call call;
    if (!kube_call_begin(&call, op, planned, config, err) || !recover(&call, err))
        return false;
    bool good = upgrade(&call, err);
    JSON_AUTO found = NULL;
    ERROR_AUTO(later);
    if (!find_after(&call, good, &found, good ? err : &later))
        return false;
    const json_t *record = json_object_get(found, "record");
    if (!good)
        add_causes(&call, record, err);
    if (record) {
        *state = state_of(op, planned, record);
        remember_revision(op, record);
    } else if (good) {
        return error_set(err, ERROR_INTERNAL, "Helm succeeded, but there is no release");
    }
    return good;
}

static bool check_is_new(struct kube_call *call, struct error *err)
{
    JSON_AUTO found = NULL;
    if (!helm_record_find(call, text_of(call->values, "namespace"), text_of(call->values, "name"),
                          &found, err))
        return false;
    const json_t *record = json_object_get(found, "record");
    bool ours = flag_of(call->values, "take_ownership") || operation_is_replay(call->op) ||
                !record || is_pending(record) ||
                text_equal(json_get_text(json_object_get(record, "info"), "status"), "failed");
    return ours ||
           error_set(err, ERROR_EXISTS,
                     "there is a release %s already. To manage it here, import it with that id "
                     "or set take_ownership = true.",
                     id_of(call->op->arena, call->values));
}

static bool create(struct operation *op, const struct value *planned, const struct value *config,
                   const struct value **state, struct error *err)
{
    struct kube_call call;
    return kube_call_begin(&call, op, planned, config, err) && check_is_new(&call, err) &&
           write_release(op, planned, config, state, err);
}

static bool update(struct operation *op, const struct value *prior, const struct value *planned,
                   const struct value *config, const struct value **state, struct error *err)
{
    (void)prior;
    return write_release(op, planned, config, state, err);
}

static bool read_release(struct operation *op, const struct value *prior,
                         const struct value **state, struct error *err)
{
    struct kube_call call;
    JSON_AUTO found = NULL;
    *state = NULL;
    if (!kube_call_begin(&call, op, prior, &value_null, err)) {
        bool gone = err->code == ERROR_NOT_FOUND;
        if (gone)
            error_reset(err);
        return gone;
    }
    if (!helm_record_find(&call, text_of(prior, "namespace"), text_of(prior, "name"), &found, err))
        return false;
    const json_t *record = json_object_get(found, "record");
    const char *status = json_get_text(json_object_get(record, "info"), "status");
    if (record && !text_equal(status, "uninstalled"))
        *state = state_of(op, prior, record);
    return true;
}

static bool uninstall(struct operation *op, const struct value *prior, struct error *err)
{
    HELM_AUTO(helm);
    int64_t timeout = HELM_TIMEOUT_SECONDS;
    value_as_integer(value_get(prior, "timeout"), &timeout);
    if (!helm_open(&helm, op, err))
        return false;
    if (!helm_use_cluster(&helm, prior, err)) {
        bool gone = err->code == ERROR_NOT_FOUND;
        if (gone)
            error_reset(err);
        return gone;
    }
    helm_begin(&helm, "uninstall");
    helm_add(&helm, text_of(prior, "name"));
    helm_add_option(&helm, "--namespace", text_of(prior, "namespace"));
    helm_add(&helm, "--ignore-not-found");
    helm_add(&helm, "--wait");
    helm_add_flag(&helm, "--no-hooks", flag_of(prior, "disable_webhooks"));
    helm_add_option(&helm, "--timeout", arena_printf(op->arena, "%llds", (long long)timeout));
    return helm_run(&helm, NULL, err);
}

static bool import_release(struct operation *op, const char *id, const struct value **state,
                           struct error *err)
{
    const char *cluster_id, *parts[2] = {NULL, NULL};
    if (!kube_parse_import_id(op->arena, id, "namespace/name", &cluster_id, parts, 2, err))
        return false;
    const struct value_entry entries[] = {
        {slice_from("cluster_id"), value_string(op->arena, cluster_id)},
        {slice_from("name"), value_string(op->arena, parts[1])},
        {slice_from("namespace"), value_string(op->arena, parts[0])},
    };
    *state = value_map(op->arena, entries, ARRAY_LENGTH(entries));
    return true;
}

static const struct resource_ops ops = {.create = create,
                                        .read = read_release,
                                        .update = update,
                                        .remove = uninstall,
                                        .import = import_release};

/* --- plan --------------------------------------------------------------------------------------- */

static bool inputs_are_known(const struct plan *plan)
{
    for (const struct attribute *attribute = attributes; attribute->name; attribute++)
        if (attribute->flags & (REQUIRED | OPTIONAL) &&
            strcmp(attribute->name, "cluster_id") != 0 &&
            !value_is_wholly_known(value_get(
                attribute->flags & WRITE_ONLY ? plan->config : plan->planned, attribute->name)))
            return false;
    return true;
}

/* "v1.34.4" of the cluster, so that charts render what they will; NULL while there is none. */
static const char *kube_version(struct operation *op, const struct plan *plan)
{
    struct kube_call call;
    ERROR_AUTO(ignored);
    JSON_AUTO answer = NULL;
    const struct kube_request request = {.method = "GET", .path = "/version"};
    if (!value_is_wholly_known(value_get(plan->planned, "cluster_id")) ||
        !kube_call_begin(&call, op, plan->planned, plan->config, &ignored) ||
        !kube_call(call.client, &call.scope, &request, &answer, NULL, &ignored))
        return NULL;
    return arena_strdup(op->arena, json_get_text(answer, "gitVersion"));
}

static void plan_rendering(struct operation *op, struct plan *plan)
{
    HELM_AUTO(helm);
    ERROR_AUTO(err);
    const struct value *known = value_get(plan->prior, "manifest");
    const struct value *manifest = NULL;
    int64_t soon = clock_monotonic_ms() + 60 * 1000;
    if (op->deadline_ms > soon)
        op->deadline_ms = soon;
    if (helm_open(&helm, op, &err))
        manifest = render(&helm, plan->planned, plan->config, known, kube_version(op, plan), &err);
    if (manifest) {
        plan_set(plan, "manifest", value_equal(NULL, manifest, known) ? known : manifest);
        return;
    }
    plan_set_unknown(plan, "manifest");
    diagnostics_error(plan->diagnostics, path_attribute(plan->arena, NULL, "chart"),
                      "The chart cannot be rendered", "%s", error_message(&err));
}

static void plan_release(struct operation *op, struct plan *plan)
{
    const struct value *name = value_get(plan->planned, "name");
    const struct value *namespace = value_get(plan->planned, "namespace");
    if (plan_is_create(plan) && value_is_known(name) && value_is_known(namespace))
        plan_set(plan, "id", value_string(plan->arena, id_of(plan->arena, plan->planned)));
    if (inputs_are_known(plan))
        plan_rendering(op, plan);
    else
        plan_set_unknown(plan, "manifest");
    if (plan_is_create(plan))
        return;
    STR_AUTO revision = STR_INIT;
    const struct value *seen = value_get(plan->prior, "revision");
    if (value_is_known(seen))
        str_append_slice(&revision, seen->text);
    bool failed = !text_equal(text_of(plan->prior, "status"), "deployed");
    bool by_others =
        op->private_in.length && !slice_equal_text(op->private_in, str_text(&revision));
    if (failed || by_others || plan_changes(plan, "manifest")) {
        static const char *const told[] = {"status", "revision", "chart_version", "app_version",
                                           "last_deployed"};
        for (size_t i = 0; i < ARRAY_LENGTH(told); i++)
            plan_set_unknown(plan, told[i]);
    }
}

static const struct identity_attribute identity[] = {
    {"cluster_id", true, "OCID of the cluster; left out for that of the provider block."},
    {"namespace", false, "The namespace."},
    {"name", false, "The name of the release."},
    {NULL, false, NULL},
};

const struct resource oke_helm_release = {
    .name = "helm_release",
    .summary = "A release of a Helm chart.",
    .description = "The helm program does the work (3.14 or newer, or 4): `helm` in the PATH, or "
                   "what the environment "
                   "variable `HELM_BIN` names. A plan shows the rendered objects and what changes "
                   "in them, also "
                   "before the cluster exists. A release that somebody else changed or that failed "
                   "is applied again, "
                   "one that was left pending by a killed run is recovered.",
    .subcategory = "Helm",
    .attributes = attributes,
    .ops = &ops,
    .plan = plan_release,
    .timeouts = {.create = 20 * 60, .update = 20 * 60, .remove = 10 * 60},
    .identity = identity,
    .import_id = "[<cluster OCID>/]namespace/name",
    .moved_from = (const char *const[]){"helm_release", NULL},
    .example = "resource \"oke_helm_release\" \"dapr\" {\n"
               "  cluster_id       = oke_cluster.main.id\n"
               "  namespace        = \"dapr-system\"\n"
               "  create_namespace = true\n"
               "  name             = \"dapr\"\n"
               "  repository       = \"https://dapr.github.io/helm-charts\"\n"
               "  chart            = \"dapr\"\n"
               "  version          = \"1.18.3\"\n"
               "\n"
               "  values = [yamlencode({\n"
               "    global = { logAsJson = true }\n"
               "  })]\n"
               "}\n",
};
