/*
 * Watching: changes as they come, and waiting until an object is as it should be. A watch that ends is
 * resumed from the last version seen; one that is too old begins with a new read. Where watching is not
 * allowed, the object is read every two seconds.
 */
#ifndef OKESTRA_KUBE_WATCH_H
#define OKESTRA_KUBE_WATCH_H

#include "lib/base/str.h"
#include "lib/kube/client.h"
#include "lib/kube/mapper.h"

enum {
    KUBE_WATCH_SECONDS = 300,           /* the server ends a watch after that */
    KUBE_WATCH_LINE = 16 * 1024 * 1024, /* bytes of one event */
    KUBE_POLL_MS = 2000,
    KUBE_JUDGE_MS = 1000, /* a wait is judged again at least that often when it asks for it */
};

enum kube_event { KUBE_ADDED, KUBE_MODIFIED, KUBE_DELETED, KUBE_BOOKMARK };

/* False ends the watch, which then counts as good. */
typedef bool kube_on_event(void *context, enum kube_event event, const json_t *object);

/* One watch request from resource_version on, of an object or a collection; *last (owned by the caller,
 * replaced) is the last version seen. True when it ended by itself or by the callback; ERROR_REMOTE
 * with service code "Expired" or "Gone": read again. */
bool kube_watch(struct kube_client *client, const struct kube_scope *scope,
                const struct kube_object *object, const char *label_selector, char **last,
                kube_on_event *on_event, void *context, struct error *err);

enum kube_verdict { KUBE_PENDING, KUBE_DONE, KUBE_FAILED };

/* object: NULL when there is none. *why: what it waits for, or why it failed; empty at the start. */
typedef enum kube_verdict kube_judge(void *context, const json_t *object, struct str *why);

struct kube_wait {
    const char *what; /* for errors: "ready", "deleted" */
    kube_judge *judge;
    void *context;
    /* Seldom, when nothing changes: to look at pods and events. Its verdict counts as judge's. Or NULL. */
    kube_judge *look_closer;
    int64_t look_every_ms;
    /* After each change of the reason that is waited for; or NULL. */
    void (*progress)(void *context, const char *why, int64_t elapsed_ms);
};

/* Until judge says KUBE_DONE. KUBE_FAILED is ERROR_REMOTE with the reason; a deadline is ERROR_TIMEOUT
 * and says what was still missing. *object (may be NULL): the last one seen, new reference, NULL when
 * there is none. */
bool kube_wait(struct kube_client *client, const struct kube_scope *scope,
               const struct kube_object *object, const struct kube_wait *wait, json_t **last,
               struct error *err);

#endif
