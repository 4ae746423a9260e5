#include "lib/kube/ready.h"

#include <string.h>

#include "lib/base/clock.h"
#include "lib/base/json.h"
#include "lib/kube/object.h"

/* --- conditions --------------------------------------------------------------------------------- */

const char *kube_condition(const json_t *object, const char *type, const char **message)
{
    const json_t *condition;
    size_t at;
    json_array_foreach(json_at_path(object, "status.conditions"), at, condition)
    {
        if (!text_equal(json_get_text(condition, "type"), type))
            continue;
        const char *text = json_get_text(condition, "message");
        if (message)
            *message = text_empty(text) ? json_get_text(condition, "reason") : text;
        return json_get_text(condition, "status");
    }
    return NULL;
}

static bool condition_is(const json_t *object, const char *type, const char *status,
                         const char **message)
{
    return text_equal(kube_condition(object, type, message), status);
}

static int64_t number(const json_t *object, const char *path, int64_t fallback)
{
    const json_t *value = json_at_path(object, path);
    return json_is_integer(value) ? json_integer_value(value) : fallback;
}

bool kube_observed(const json_t *object)
{
    int64_t generation = number(object, "metadata.generation", 0);
    return number(object, "status.observedGeneration", generation) >= generation;
}

/* Fails with the condition's message when it has that status. */
static bool failed(const json_t *object, const char *type, struct str *why)
{
    const char *message = NULL;
    if (!condition_is(object, type, "True", &message))
        return false;
    str_printf(why, "%s: %s", type, message ? message : "");
    return true;
}

/* --- the kinds ---------------------------------------------------------------------------------- */

static enum kube_verdict still(struct str *why, int64_t have, int64_t want, const char *what)
{
    str_printf(why, "%lld of %lld %s", (long long)have, (long long)want, what);
    return KUBE_PENDING;
}

static enum kube_verdict ready_deployment(const json_t *object, struct str *why)
{
    int64_t want = number(object, "spec.replicas", 1), updated, all, available;
    const char *reason = NULL;
    if (condition_is(object, "Progressing", "False", &reason)) {
        str_printf(why, "the rollout does not get on: %s", reason ? reason : "");
        return KUBE_FAILED;
    }
    updated = number(object, "status.updatedReplicas", 0);
    all = number(object, "status.replicas", 0);
    available = number(object, "status.availableReplicas", 0);
    if (updated < want)
        still(why, updated, want, "replicas are of the new version");
    else if (all > updated)
        still(why, all - updated, all, "replicas are old ones that still run");
    else if (available < updated)
        still(why, available, updated, "replicas are available");
    else
        return KUBE_DONE;
    if (condition_is(object, "ReplicaFailure", "True", &reason) && reason)
        str_printf(why, "; %s", reason);
    return KUBE_PENDING;
}

static enum kube_verdict ready_stateful_set(const json_t *object, struct str *why)
{
    int64_t want = number(object, "spec.replicas", 1);
    int64_t ready = number(object, "status.readyReplicas", 0);
    int64_t updated = number(object, "status.updatedReplicas", 0);
    int64_t keep = number(object, "spec.updateStrategy.rollingUpdate.partition", 0);
    const char *strategy = json_get_text(json_at_path(object, "spec.updateStrategy"), "type");
    if (ready < want)
        return still(why, ready, want, "replicas are ready");
    if (text_equal(strategy, "OnDelete"))
        return KUBE_DONE;
    int64_t must = keep < want ? want - keep : 0;
    bool same = text_equal(json_get_text(json_object_get(object, "status"), "updateRevision"),
                           json_get_text(json_object_get(object, "status"), "currentRevision"));
    if (updated < must || (keep == 0 && !same))
        return still(why, updated, must, "replicas are of the new version");
    return KUBE_DONE;
}

static enum kube_verdict ready_daemon_set(const json_t *object, struct str *why)
{
    int64_t want = number(object, "status.desiredNumberScheduled", -1);
    int64_t updated = number(object, "status.updatedNumberScheduled", 0);
    int64_t available = number(object, "status.numberAvailable", 0);
    if (want < 0) {
        str_append(why, "its controller has not looked at it yet");
        return KUBE_PENDING;
    }
    if (updated < want)
        return still(why, updated, want, "nodes run the new version");
    return available < want ? still(why, available, want, "nodes run it") : KUBE_DONE;
}

static enum kube_verdict ready_job(const json_t *object, struct str *why)
{
    if (condition_is(object, "Complete", "True", NULL))
        return KUBE_DONE;
    if (failed(object, "Failed", why))
        return KUBE_FAILED;
    return still(why, number(object, "status.succeeded", 0), number(object, "spec.completions", 1),
                 "completions");
}

static enum kube_verdict ready_pod(const json_t *object, struct str *why)
{
    const char *phase = json_get_text(json_object_get(object, "status"), "phase"), *message = NULL;
    if (condition_is(object, "Ready", "True", NULL) || text_equal(phase, "Succeeded"))
        return KUBE_DONE;
    kube_condition(object, "Ready", &message);
    str_printf(why, "phase %s%s%s", phase ? phase : "unknown", message ? ": " : "",
               message ? message : "");
    return text_equal(phase, "Failed") ? KUBE_FAILED : KUBE_PENDING;
}

static enum kube_verdict ready_claim(const json_t *object, struct str *why)
{
    const char *phase = json_get_text(json_object_get(object, "status"), "phase");
    if (text_equal(phase, "Bound"))
        return KUBE_DONE;
    str_printf(why, "phase %s", phase ? phase : "unknown");
    return text_equal(phase, "Lost") ? KUBE_FAILED : KUBE_PENDING;
}

static enum kube_verdict has_address(const json_t *object, struct str *why)
{
    if (json_array_size(json_at_path(object, "status.loadBalancer.ingress")))
        return KUBE_DONE;
    str_append(why, "it has no address yet");
    return KUBE_PENDING;
}

static enum kube_verdict ready_service(const json_t *object, struct str *why)
{
    bool balanced =
        text_equal(json_get_text(json_object_get(object, "spec"), "type"), "LoadBalancer");
    return balanced ? has_address(object, why) : KUBE_DONE;
}

static enum kube_verdict ready_namespace(const json_t *object, struct str *why)
{
    const char *phase = json_get_text(json_object_get(object, "status"), "phase");
    if (text_equal(phase, "Active"))
        return KUBE_DONE;
    str_printf(why, "phase %s", phase ? phase : "unknown");
    return KUBE_PENDING;
}

static enum kube_verdict ready_crd(const json_t *object, struct str *why)
{
    const char *message = NULL;
    if (condition_is(object, "NamesAccepted", "False", &message)) {
        str_printf(why, "its names are not accepted: %s", message ? message : "");
        return KUBE_FAILED;
    }
    if (condition_is(object, "Established", "True", &message))
        return KUBE_DONE;
    str_append(why, "it is not established yet");
    return KUBE_PENDING;
}

/* Strimzi puts NotReady beside Ready and repeats itself in warnings. A change that it has not looked at
 * shows the conditions of before. */
static enum kube_verdict ready_by_condition(const json_t *object, struct str *why)
{
    static const char *const types[] = {"Ready", "Available", "Programmed"};
    const char *message = NULL;
    if (condition_is(object, "NotReady", "True", &message)) {
        str_printf(why, "NotReady: %s", message ? message : "");
        return KUBE_PENDING;
    }
    for (size_t i = 0; i < ARRAY_LENGTH(types); i++) {
        const char *status = kube_condition(object, types[i], &message);
        if (text_equal(status, "True"))
            return KUBE_DONE;
        if (status) {
            str_printf(why, "%s is %s%s%s", types[i], status, message ? ": " : "",
                       message ? message : "");
            return KUBE_PENDING;
        }
    }
    return KUBE_DONE;
}

static enum kube_verdict ready_strimzi(const json_t *object, struct str *why)
{
    if (kube_condition(object, "Ready", NULL) || kube_condition(object, "NotReady", NULL))
        return ready_by_condition(object, why);
    str_append(why, "its operator has not looked at it yet: does it run, and does it watch this "
                    "namespace?");
    return KUBE_PENDING;
}

static const struct {
    const char *group; /* with the slash; "": core */
    const char *kind;  /* NULL: every kind of the group */
    enum kube_verdict (*rule)(const json_t *object, struct str *why);
} rules_by_kind[] = {
    {"apps/", "Deployment", ready_deployment},
    {"apps/", "StatefulSet", ready_stateful_set},
    {"apps/", "DaemonSet", ready_daemon_set},
    {"batch/", "Job", ready_job},
    {"", "Pod", ready_pod},
    {"", "PersistentVolumeClaim", ready_claim},
    {"", "Service", ready_service},
    {"", "Namespace", ready_namespace},
    {"networking.k8s.io/", "Ingress", has_address},
    {"apiextensions.k8s.io/", "CustomResourceDefinition", ready_crd},
    {"kafka.strimzi.io/", "KafkaNodePool", NULL}, /* its Kafka tells */
    {"kafka.strimzi.io/", NULL, ready_strimzi},
};

enum kube_verdict kube_ready(const json_t *object, struct str *why)
{
    const char *version = json_get_text(object, "apiVersion");
    const char *kind = json_get_text(object, "kind");
    if (!object) {
        str_append(why, "it does not exist");
        return KUBE_PENDING;
    }
    if (!kube_observed(object)) {
        str_append(why, "its controller has not seen the last change yet");
        return KUBE_PENDING;
    }
    for (size_t i = 0; version && i < ARRAY_LENGTH(rules_by_kind); i++) {
        const char *group = rules_by_kind[i].group;
        bool same_group = *group ? text_starts_with(version, group) : !strchr(version, '/');
        if (!same_group || (rules_by_kind[i].kind && !text_equal(rules_by_kind[i].kind, kind)))
            continue;
        return rules_by_kind[i].rule ? rules_by_kind[i].rule(object, why) : KUBE_DONE;
    }
    return ready_by_condition(object, why);
}

/* --- waiting ------------------------------------------------------------------------------------ */

struct ready {
    struct kube_client *client;
    const struct kube_scope *scope;
    const struct kube_ready_rules *rules;
    struct str cause; /* what the last closer look found */
    int64_t patience_ms, stuck_since_ms;
    void (*progress)(void *context, const char *why, int64_t elapsed_ms);
    void *context;
};

static bool field_holds(const json_t *object, const struct kube_field_rule *rule)
{
    const json_t *value = json_at_path(object, rule->path);
    if (!value || json_is_null(value))
        return false;
    if (!rule->value)
        return !json_is_string(value) || *json_string_value(value);
    STR_AUTO text = STR_INIT;
    if (json_is_string(value))
        str_append(&text, json_string_value(value));
    else
        json_write(value, true, &text);
    return text_equal(str_text(&text), rule->value);
}

static enum kube_verdict by_rules(const struct kube_ready_rules *rules, const json_t *object,
                                  struct str *why)
{
    enum kube_verdict verdict = rules->by_kind || !object ? kube_ready(object, why) : KUBE_DONE;
    if (verdict != KUBE_DONE)
        return verdict;
    for (size_t i = 0; i < rules->condition_count; i++) {
        const struct kube_condition_rule *rule = &rules->conditions[i];
        const char *want = rule->status ? rule->status : "True", *message = NULL;
        if (kube_observed(object) && condition_is(object, rule->type, want, &message))
            continue;
        str_printf(why, "the condition %s is not %s%s%s", rule->type, want, message ? ": " : "",
                   message ? message : "");
        return KUBE_PENDING;
    }
    for (size_t i = 0; i < rules->field_count; i++) {
        if (field_holds(object, &rules->fields[i]))
            continue;
        str_printf(why, "%s is not %s", rules->fields[i].path,
                   rules->fields[i].value ? rules->fields[i].value : "set");
        return KUBE_PENDING;
    }
    return KUBE_DONE;
}

static enum kube_verdict judge_ready(void *context, const json_t *object, struct str *why)
{
    struct ready *ready = context;
    enum kube_verdict verdict = by_rules(ready->rules, object, why);
    if (verdict != KUBE_DONE && ready->cause.length)
        str_printf(why, "\n%s", str_text(&ready->cause));
    return verdict;
}

static enum kube_verdict look_at_pods(void *context, const json_t *object, struct str *why)
{
    struct ready *ready = context;
    str_clear(&ready->cause);
    bool stuck = object && kube_cause(ready->client, ready->scope, object, &ready->cause);
    int64_t now = clock_monotonic_ms();
    if (!stuck)
        ready->stuck_since_ms = 0;
    else if (!ready->stuck_since_ms)
        ready->stuck_since_ms = now;
    enum kube_verdict verdict = judge_ready(context, object, why);
    bool enough = ready->patience_ms && ready->stuck_since_ms &&
                  now - ready->stuck_since_ms >= ready->patience_ms;
    return verdict == KUBE_PENDING && enough ? KUBE_FAILED : verdict;
}

static void tell(void *context, const char *why, int64_t elapsed_ms)
{
    struct ready *ready = context;
    if (ready->progress)
        ready->progress(ready->context, why, elapsed_ms);
}

bool kube_wait_ready(struct kube_client *client, const struct kube_scope *scope,
                     const struct kube_object *object, const struct kube_ready_rules *rules,
                     int64_t patience_ms, void (*progress)(void *, const char *, int64_t),
                     void *context, json_t **last, struct error *err)
{
    struct ready ready = {.client = client,
                          .scope = scope,
                          .rules = rules,
                          .patience_ms = patience_ms,
                          .progress = progress,
                          .context = context};
    struct kube_wait wait = {.what = "ready",
                             .judge = judge_ready,
                             .look_closer = look_at_pods,
                             .look_every_ms = KUBE_LOOK_MS,
                             .progress = tell,
                             .context = &ready};
    bool good = kube_wait(client, scope, object, &wait, last, err);
    str_free(&ready.cause);
    return good;
}
