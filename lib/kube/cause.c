/* Why an object that has pods is not ready: what pods, containers and events say. */
#include <string.h>

#include "lib/base/json.h"
#include "lib/kube/object.h"
#include "lib/kube/ready.h"

static const struct kube_kind pods_kind = {"v1", "Pod", "pods", true};
static const struct kube_kind events_kind = {"v1", "Event", "events", true};

struct cause {
    struct kube_client *client;
    const struct kube_scope *scope;
    struct arena *arena;
    struct str *out;
    bool lasting; /* something that does not go away by itself */
};

/* Reasons of waiting containers, and what they mean to people. */
static const struct {
    const char *reason, *meaning;
    bool lasting, logs;
} waiting_reasons[] = {
    {"ImagePullBackOff", "its image cannot be pulled", true, false},
    {"ErrImagePull", "its image cannot be pulled", true, false},
    {"InvalidImageName", "its image has no valid name", true, false},
    {"ErrImageNeverPull", "its image is not on the node, and must not be pulled", true, false},
    {"CrashLoopBackOff", "it crashes again and again", true, true},
    {"CreateContainerConfigError", "a Secret or ConfigMap that it needs is missing", true, false},
    {"CreateContainerError", "it cannot be created", true, false},
    {"RunContainerError", "it cannot be started", true, false},
};

static struct kube_object in_namespace_of(const json_t *object, const struct kube_kind *kind)
{
    const char *namespace = kube_namespace(object);
    return (struct kube_object){.kind = kind,
                                .namespace_name = namespace ? namespace : kube_name(object)};
}

/* --- logs and events ---------------------------------------------------------------------------- */

static void append_indented(struct str *out, const char *text)
{
    for (struct slice rest = slice_trim(slice_from(text)), line; rest.length;) {
        rest = slice_cut(rest, '\n', &line, NULL);
        str_append(out, "\n      | ");
        str_append_utf8(out, line.ptr, line.length);
    }
}

static void append_log(struct cause *cause, const json_t *pod, const char *container)
{
    struct kube_object object = in_namespace_of(pod, &pods_kind);
    object.name = kube_name(pod);
    ERROR_AUTO(ignored);
    STR_AUTO text = STR_INIT;
    struct kube_query query[] = {{"container", container},
                                 {"previous", "true"},
                                 {"tailLines", arena_printf(cause->arena, "%d", KUBE_LOG_LINES)},
                                 {"limitBytes", arena_printf(cause->arena, "%d", KUBE_LOG_BYTES)}};
    struct kube_request request = {.method = "GET",
                                   .path = kube_object_path(cause->arena, &object, "log", &ignored),
                                   .query = query,
                                   .query_count = ARRAY_LENGTH(query),
                                   .text = true};
    if (request.path && kube_call(cause->client, cause->scope, &request, NULL, &text, &ignored))
        append_indented(cause->out, str_text(&text));
}

/* The last warning about an object; events say what conditions do not (quota, volumes, scheduling). */
static bool append_event(struct cause *cause, const json_t *about, const char *indent)
{
    struct kube_object events = in_namespace_of(about, &events_kind);
    ERROR_AUTO(ignored);
    JSON_AUTO items = kube_list(cause->client, cause->scope, &events, NULL,
                                arena_printf(cause->arena, "involvedObject.uid=%s,type=Warning",
                                             kube_uid(about) ? kube_uid(about) : ""),
                                NULL, &ignored);
    const json_t *event, *last = NULL;
    const char *newest = "";
    size_t at;
    json_array_foreach(items, at, event)
    {
        const char *time = json_get_text(event, "lastTimestamp");
        if (!time)
            time = json_get_text(event, "eventTime");
        if (time && strcmp(time, newest) >= 0) {
            newest = time;
            last = event;
        }
    }
    const char *message = json_get_text(last, "message");
    if (!message)
        return false;
    str_printf(cause->out, "\n%s%s: %s", indent, json_get_text(last, "reason"), message);
    return true;
}

/* --- pods --------------------------------------------------------------------------------------- */

static bool container_is_stuck(struct cause *cause, const json_t *pod, const json_t *status)
{
    const json_t *waiting = json_at_path(status, "state.waiting");
    const char *reason = json_get_text(waiting, "reason"), *name = json_get_text(status, "name");
    const char *message = json_get_text(waiting, "message");
    for (size_t i = 0; reason && i < ARRAY_LENGTH(waiting_reasons); i++) {
        if (strcmp(reason, waiting_reasons[i].reason) != 0)
            continue;
        int64_t code =
            json_get_integer(json_at_path(status, "lastState.terminated"), "exitCode", -1);
        str_printf(cause->out, "\n    container %s: %s (%s)", name ? name : "?",
                   waiting_reasons[i].meaning, reason);
        if (code >= 0)
            str_printf(cause->out, ", last exit status %lld", (long long)code);
        if (message && !waiting_reasons[i].logs)
            str_printf(cause->out, ": %s", message);
        if (waiting_reasons[i].logs)
            append_log(cause, pod, name);
        cause->lasting |= waiting_reasons[i].lasting;
        return true;
    }
    return false;
}

static bool containers_are_stuck(struct cause *cause, const json_t *pod, const char *list)
{
    const json_t *status;
    size_t at;
    bool stuck = false;
    json_array_foreach(json_object_get(json_object_get(pod, "status"), list), at, status) stuck |=
        container_is_stuck(cause, pod, status);
    return stuck;
}

static bool is_unschedulable(struct cause *cause, const json_t *pod)
{
    const char *message = NULL, *status = kube_condition(pod, "PodScheduled", &message);
    if (!text_equal(status, "False"))
        return false;
    str_printf(cause->out, "\n    it fits on no node: %s", message ? message : "");
    cause->lasting = true;
    return true;
}

static bool is_running_unready(struct cause *cause, const json_t *pod)
{
    const json_t *status;
    size_t at;
    bool found = false;
    json_array_foreach(json_at_path(pod, "status.containerStatuses"), at, status)
    {
        if (json_get_bool(status, "ready", true) || !json_at_path(status, "state.running"))
            continue;
        str_printf(cause->out, "\n    container %s runs, but is not ready",
                   json_get_text(status, "name"));
        found = true;
    }
    return found;
}

static void look_at_pod(struct cause *cause, const json_t *pod)
{
    if (text_equal(kube_condition(pod, "Ready", NULL), "True") ||
        text_equal(json_get_text(json_object_get(pod, "status"), "phase"), "Succeeded"))
        return;
    size_t before = cause->out->length;
    str_printf(cause->out, "%s  pod %s:", before ? "\n" : "", kube_name(pod));
    size_t headed = cause->out->length;
    bool told = is_unschedulable(cause, pod);
    told |= containers_are_stuck(cause, pod, "initContainerStatuses");
    told |= containers_are_stuck(cause, pod, "containerStatuses");
    if (!told) {
        is_running_unready(cause, pod);
        append_event(cause, pod, "    ");
    }
    if (cause->out->length == headed)
        str_truncate(cause->out, before);
}

/* --- the object --------------------------------------------------------------------------------- */

/* "a=b,c=d" from matchLabels; NULL when the object selects no pods. */
static const char *selector_of(struct arena *arena, const json_t *object)
{
    STR_AUTO text = STR_INIT;
    json_t *labels = json_at_path(object, "spec.selector.matchLabels"), *value;
    const char *name, *version = json_get_text(object, "apiVersion");
    json_object_foreach(labels, name, value)
        str_printf(&text, "%s%s=%s", text.length ? "," : "", name, json_string_value(value));
    if (!text.length && version && text_starts_with(version, "kafka.strimzi.io/") &&
        kube_name(object))
        str_printf(&text, "strimzi.io/cluster=%s", kube_name(object));
    return text.length ? str_copy_to(&text, arena) : NULL;
}

/* Pods that are refused at admission do not exist: their owner's controller tells of it. */
static void look_at_refusals(struct cause *cause, const json_t *object)
{
    const char *message = NULL;
    if (!text_equal(kube_condition(object, "ReplicaFailure", &message), "True") || !message)
        return;
    str_printf(cause->out, "%s  no pod can be created: %s", cause->out->length ? "\n" : "",
               message);
    cause->lasting = true;
}

bool kube_cause(struct kube_client *client, const struct kube_scope *scope, const json_t *object,
                struct str *out)
{
    ARENA_AUTO arena = arena_new();
    struct kube_scope quiet = {.cancel = scope->cancel, .deadline_ms = scope->deadline_ms};
    struct cause cause = {client, &quiet, arena, out, false};
    look_at_refusals(&cause, object);
    if (text_equal(json_get_text(object, "kind"), "Pod")) {
        look_at_pod(&cause, object);
        return cause.lasting;
    }
    const char *selector = selector_of(arena, object);
    size_t at, looked = 0;
    if (selector) {
        struct kube_object pods = in_namespace_of(object, &pods_kind);
        ERROR_AUTO(ignored);
        JSON_AUTO items = kube_list(client, &quiet, &pods, selector, NULL, NULL, &ignored);
        const json_t *pod;
        json_array_foreach(items, at, pod) if (looked++ < KUBE_CAUSE_PODS) look_at_pod(&cause, pod);
    }
    if (!out->length && kube_uid(object))
        append_event(&cause, object, "  ");
    return cause.lasting;
}
