/*
 * When an object is as it should be, by kind: the rules of Kubernetes' own kinds, of Strimzi's, and for
 * others a condition Ready or Available where there is one. With why not, and with a look at pods and
 * events when it takes long.
 */
#ifndef OKESTRA_KUBE_READY_H
#define OKESTRA_KUBE_READY_H

#include "lib/kube/watch.h"

enum {
    KUBE_LOOK_MS = 2000, /* how often pods are looked at while one waits */
    KUBE_LOG_LINES = 10, /* last log lines of a container that crashed */
    KUBE_LOG_BYTES = 4096,
    KUBE_CAUSE_PODS = 200, /* pods looked at */
};

/* The rule of the kind. why: what is missing. Pure. */
enum kube_verdict kube_ready(const json_t *object, struct str *why);
/* The status of a condition: "True", "False", "Unknown", or NULL. *message: its text or reason; or
 * NULL. Borrowed. */
const char *kube_condition(const json_t *object, const char *type, const char **message);
/* status.observedGeneration has caught up, or the kind has none. */
bool kube_observed(const json_t *object);

/* What one waits for beside, or instead of, the rule of the kind. */
struct kube_field_rule {
    const char *path;  /* "status.phase" as in json_at_path() */
    const char *value; /* NULL: anything but empty */
};
struct kube_condition_rule {
    const char *type, *status; /* status NULL: "True" */
};
struct kube_ready_rules {
    bool by_kind;
    const struct kube_condition_rule *conditions;
    size_t condition_count;
    const struct kube_field_rule *fields;
    size_t field_count;
};

/* Waits by the rules. Reasons that do not go away by themselves (an image that does not exist, a crash
 * loop, a pod that fits nowhere, a quota) are part of the text while one waits, and of the error when
 * time is over; with fail_early they end the wait after they have stood for `patience_ms`. */
bool kube_wait_ready(struct kube_client *client, const struct kube_scope *scope,
                     const struct kube_object *object, const struct kube_ready_rules *rules,
                     int64_t patience_ms, void (*progress)(void *, const char *, int64_t),
                     void *context, json_t **last, struct error *err);

/* What holds up an object that has pods: container states, last log lines, events. Appends nothing when
 * there is nothing to tell. True when it will not go away by itself. */
bool kube_cause(struct kube_client *client, const struct kube_scope *scope, const json_t *object,
                struct str *cause);

#endif
