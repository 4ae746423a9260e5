#include "lib/kube/watch.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/clock.h"
#include "lib/base/json.h"
#include "lib/kube/object.h"
#include "lib/net/retry.h"

static const struct retry_backoff resume = {.first_ms = 50, .most_ms = 2000, .factor = 2};

/* --- one watch request -------------------------------------------------------------------------- */

struct stream {
    struct str line;
    char **last;
    kube_on_event *on_event;
    void *context;
    struct error *err;
    bool stopped; /* by the callback, or with err */
};

static bool take_event(struct stream *stream, const json_t *event)
{
    static const char *const types[] = {"ADDED", "MODIFIED", "DELETED", "BOOKMARK"};
    const char *type = json_get_text(event, "type");
    const json_t *object = json_object_get(event, "object");
    if (text_equal(type, "ERROR"))
        return kube_status_error(object, 0, stream->err);
    const char *version = kube_resource_version(object);
    if (version) {
        free(*stream->last);
        *stream->last = mem_strdup(version);
    }
    for (size_t i = 0; i < ARRAY_LENGTH(types); i++)
        if (text_equal(type, types[i]))
            return stream->on_event(stream->context, (enum kube_event)i, object);
    return true; /* a kind of event that is not known yet */
}

static bool take_line(struct stream *stream, struct slice line)
{
    if (slice_trim(line).length == 0)
        return true;
    JSON_AUTO event = json_parse(line.ptr, line.length, stream->err);
    return event && take_event(stream, event);
}

static bool on_data(void *context, const char *data, size_t length)
{
    struct stream *stream = context;
    struct slice rest = {data, length}, head;
    for (bool found = true; rest.length && !stream->stopped;) {
        rest = slice_cut(rest, '\n', &head, &found);
        if (head.length > KUBE_WATCH_LINE - stream->line.length) {
            error_set(stream->err, ERROR_INVALID, "an event is larger than %d bytes",
                      KUBE_WATCH_LINE);
            stream->stopped = true;
            break;
        }
        str_append_slice(&stream->line, head);
        if (!found)
            break;
        stream->stopped = !take_line(stream, (struct slice){stream->line.ptr, stream->line.length});
        str_clear(&stream->line);
    }
    return !stream->stopped;
}

bool kube_watch(struct kube_client *client, const struct kube_scope *scope,
                const struct kube_object *object, const char *label_selector, char **last,
                kube_on_event *on_event, void *context, struct error *err)
{
    ARENA_AUTO arena = arena_new();
    struct kube_object collection = *object;
    collection.name = NULL;
    struct kube_query query[] = {
        {"watch", "1"},
        {"allowWatchBookmarks", "true"},
        {"timeoutSeconds", arena_printf(arena, "%d", KUBE_WATCH_SECONDS)},
        {"resourceVersion", text_empty(*last) ? NULL : *last},
        {"fieldSelector",
         object->name ? arena_printf(arena, "metadata.name=%s", object->name) : NULL},
        {"labelSelector", label_selector}};
    struct stream stream = {.last = last, .on_event = on_event, .context = context, .err = err};
    struct kube_request request = {
        .method = "GET",
        .path = kube_object_path(arena, &collection, NULL, err),
        .object = kube_object_title(arena, object),
        .query = query,
        .query_count = ARRAY_LENGTH(query),
        .sink = on_data,
        .sink_context = &stream,
        .idle_timeout_ms = (KUBE_WATCH_SECONDS + 30) * 1000,
    };
    if (!request.path)
        return false;
    ERROR_AUTO(failure);
    bool good = kube_call(client, scope, &request, NULL, NULL, &failure);
    str_free(&stream.line);
    if (error_is_set(err))
        return error_wrap(err, "watch %s", request.object);
    if (good || stream.stopped)
        return true;
    error_move(err, &failure);
    return false;
}

/* --- waiting ------------------------------------------------------------------------------------ */

struct waiter {
    struct kube_client *client;
    const struct kube_scope *scope;
    const struct kube_object *object;
    const struct kube_wait *wait;
    struct error *err;
    json_t *seen;
    enum kube_verdict verdict;
    struct str why, told;
    int64_t started_ms, deadline_ms, look_at_ms;
    int short_watches; /* that ended one after another almost at once */
};

static void ask(struct waiter *waiter, kube_judge *judge)
{
    str_clear(&waiter->why);
    waiter->verdict = judge(waiter->wait->context, waiter->seen, &waiter->why);
    if (!waiter->wait->progress || waiter->verdict == KUBE_DONE ||
        text_equal(str_text(&waiter->why), str_text(&waiter->told)))
        return;
    str_clear(&waiter->told);
    str_append(&waiter->told, str_text(&waiter->why));
    waiter->wait->progress(waiter->wait->context, str_text(&waiter->why),
                           clock_monotonic_ms() - waiter->started_ms);
}

static bool on_change(void *context, enum kube_event event, const json_t *object)
{
    struct waiter *waiter = context;
    if (event == KUBE_BOOKMARK)
        return true;
    json_decref(waiter->seen);
    waiter->seen = event == KUBE_DELETED ? NULL : json_incref((json_t *)(uintptr_t)object);
    ask(waiter, waiter->wait->judge);
    return waiter->verdict == KUBE_PENDING;
}

/* Reads the object; *version is set when watching is possible. */
static bool read_now(struct waiter *waiter, char **version, struct error *err)
{
    ARENA_AUTO arena = arena_new();
    struct kube_object collection = *waiter->object;
    collection.name = NULL;
    ERROR_AUTO(failure);
    JSON_AUTO items =
        kube_list(waiter->client, waiter->scope, &collection, NULL,
                  arena_printf(arena, "metadata.name=%s", waiter->object->name), version, &failure);
    json_t *now = NULL;
    if (items) {
        now = json_incref(json_array_get(items, 0));
    } else if (failure.code == ERROR_DENIED && failure.http_status == 403) {
        now = kube_get(waiter->client, waiter->scope, waiter->object, err);
        if (!now && err->code != ERROR_NOT_FOUND)
            return false;
        error_reset(err);
    } else {
        error_move(err, &failure);
        return false;
    }
    json_decref(waiter->seen);
    waiter->seen = now;
    return true;
}

static bool overdue(struct waiter *waiter)
{
    ARENA_AUTO arena = arena_new();
    const char *title = kube_object_title(arena, waiter->object);
    if (waiter->verdict == KUBE_FAILED)
        return error_set(waiter->err, ERROR_REMOTE, "%s: %s", title, str_text(&waiter->why));
    if (cancel_raised(waiter->scope->cancel))
        return error_set(waiter->err, ERROR_CANCELLED,
                         "%s: waiting until it is %s was cancelled%s%s", title, waiter->wait->what,
                         waiter->why.length ? "; " : "", str_text(&waiter->why));
    return error_set(waiter->err, ERROR_TIMEOUT, "%s: not %s after %lld s%s%s", title,
                     waiter->wait->what,
                     (long long)(clock_monotonic_ms() - waiter->started_ms) / 1000,
                     waiter->why.length ? ": " : "", str_text(&waiter->why));
}

static int64_t nearer(int64_t a, int64_t b)
{
    return a && a < b ? a : b;
}

/* Watches until something has to be looked at again. False with err. A server that ends watches at once
 * is not asked in a tight loop. */
static bool watch_for_a_while(struct waiter *waiter, char **version, struct error *err)
{
    int64_t began = clock_monotonic_ms();
    struct kube_scope until = *waiter->scope;
    until.deadline_ms = nearer(waiter->look_at_ms, waiter->deadline_ms);
    if (!*version) {
        cancel_sleep_until(until.cancel,
                           nearer(until.deadline_ms, clock_monotonic_ms() + KUBE_POLL_MS));
        return true;
    }
    ERROR_AUTO(failure);
    bool good = kube_watch(waiter->client, &until, waiter->object, NULL, version, on_change, waiter,
                           &failure);
    bool harmless = good || failure.code == ERROR_TIMEOUT || failure.code == ERROR_UNAVAILABLE ||
                    failure.code == ERROR_THROTTLED || failure.code == ERROR_REMOTE;
    if (!harmless && failure.code != ERROR_DENIED) {
        error_move(err, &failure);
        return false;
    }
    waiter->short_watches = clock_monotonic_ms() - began < 1000 ? waiter->short_watches + 1 : 0;
    if (waiter->verdict == KUBE_PENDING && failure.code != ERROR_TIMEOUT &&
        waiter->short_watches > 1)
        cancel_sleep_until(
            until.cancel,
            nearer(until.deadline_ms,
                   clock_monotonic_ms() + retry_pause_ms(&resume, waiter->short_watches)));
    return true;
}

static bool time_is_left(const struct waiter *waiter)
{
    return clock_monotonic_ms() < waiter->deadline_ms && !cancel_raised(waiter->scope->cancel);
}

static void look_closer(struct waiter *waiter)
{
    int64_t now = clock_monotonic_ms();
    if (!waiter->wait->look_closer || waiter->verdict != KUBE_PENDING || now < waiter->look_at_ms)
        return;
    ask(waiter, waiter->wait->look_closer);
    waiter->look_at_ms = clock_monotonic_ms() + waiter->wait->look_every_ms;
}

bool kube_wait(struct kube_client *client, const struct kube_scope *scope,
               const struct kube_object *object, const struct kube_wait *wait, json_t **last,
               struct error *err)
{
    struct waiter waiter = {.client = client,
                            .scope = scope,
                            .object = object,
                            .wait = wait,
                            .err = err,
                            .started_ms = clock_monotonic_ms(),
                            .deadline_ms = scope->deadline_ms};
    if (!waiter.deadline_ms)
        waiter.deadline_ms = waiter.started_ms + KUBE_CALL_MS;
    if (wait->look_closer)
        waiter.look_at_ms = waiter.started_ms + wait->look_every_ms;
    ERROR_AUTO(failure);
    while (waiter.verdict == KUBE_PENDING) {
        CLEANUP(free_pointer) char *version = NULL;
        error_reset(&failure);
        if (!read_now(&waiter, &version, &failure))
            break;
        ask(&waiter, wait->judge);
        look_closer(&waiter);
        if (waiter.verdict != KUBE_PENDING || !time_is_left(&waiter) ||
            !watch_for_a_while(&waiter, &version, &failure))
            break;
    }
    bool good = waiter.verdict == KUBE_DONE;
    if (!good && error_is_set(&failure) && time_is_left(&waiter))
        error_move(err, &failure);
    else if (!good)
        overdue(&waiter);
    if (last)
        *last = json_incref(waiter.seen);
    json_decref(waiter.seen);
    str_free(&waiter.why);
    str_free(&waiter.told);
    return good;
}
