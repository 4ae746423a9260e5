#include "acceptance/cloud/store/store.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "acceptance/cloud/api/kind.h"
#include "acceptance/cloud/store/log.h"
#include "lib/base/encoding.h"
#include "lib/base/file.h"
#include "lib/base/json.h"
#include "lib/base/vec.h"

enum { FIRST_BUCKETS = 1024, ETAG_BYTES = 16 };

struct entry {
    struct object object;                /* first: an object's address is its entry's */
    struct entry *older, *newer;         /* of all objects */
    struct entry *older_kin, *newer_kin; /* of its kind */
    struct entry *next_in_bucket;
    struct entry *earlier_due, *later_due; /* of those with a step; no order */
    bool waits;                            /* is in that list */
    bool removed;
    struct undo *undo; /* of the running change; NULL: not touched by it */
};

struct family {
    const struct kind *kind;
    struct entry *oldest, *newest;
};

struct store {
    char *directory;
    struct state_log *log;
    struct family *families;
    size_t family_count;
    struct entry **buckets;
    size_t bucket_count, count;
    struct entry *oldest, *newest;
    struct entry *waiting;
    uint64_t next_number;
    struct change *change;
};

/* How an entry was before the change touched it. */
struct undo {
    struct entry *entry;
    bool added;
    char *etag, *step;
    json_t *body, *hidden;
    int64_t due_ms;
    struct undo *previous;
};

struct change {
    struct store *store;
    struct undo *last;
};

/* --- lists and the table of ids ----------------------------------------------------------------- */

static struct entry *entry_of(const struct object *object)
{
    return (struct entry *)(uintptr_t)object;
}

static struct object *object_of(struct entry *entry)
{
    return entry ? &entry->object : NULL;
}

static struct family *family_of(const struct store *store, const struct kind *kind)
{
    for (size_t i = 0; i < store->family_count; i++)
        if (store->families[i].kind == kind)
            return &store->families[i];
    fatal_error("the kind %s is not registered", kind->type);
}

static struct entry **bucket_of(const struct store *store, const char *id)
{
    uint64_t hash = 14695981039346656037U; /* FNV-1a */
    for (const char *c = id; *c; c++)
        hash = (hash ^ (unsigned char)*c) * 1099511628211U;
    return &store->buckets[hash & (store->bucket_count - 1)];
}

static void link_bucket(struct store *store, struct entry *entry)
{
    struct entry **bucket = bucket_of(store, entry->object.id);
    entry->next_in_bucket = *bucket;
    *bucket = entry;
}

static void grow_buckets(struct store *store)
{
    free(store->buckets);
    store->bucket_count = store->bucket_count ? store->bucket_count * 2 : FIRST_BUCKETS;
    store->buckets = mem_calloc(store->bucket_count, sizeof(struct entry *));
    for (struct entry *entry = store->oldest; entry; entry = entry->newer)
        link_bucket(store, entry);
}

/* Both lists are in the order of numbers; new objects go to the end, restored ones near it. */
static void link_lists(struct store *store, struct entry *entry)
{
    struct family *family = family_of(store, entry->object.kind);
    struct entry *before = store->newest;
    while (before && before->object.number > entry->object.number)
        before = before->older;
    entry->older = before;
    entry->newer = before ? before->newer : store->oldest;
    *(before ? &before->newer : &store->oldest) = entry;
    *(entry->newer ? &entry->newer->older : &store->newest) = entry;

    before = family->newest;
    while (before && before->object.number > entry->object.number)
        before = before->older_kin;
    entry->older_kin = before;
    entry->newer_kin = before ? before->newer_kin : family->oldest;
    *(before ? &before->newer_kin : &family->oldest) = entry;
    *(entry->newer_kin ? &entry->newer_kin->older_kin : &family->newest) = entry;
}

static void unlink_lists(struct store *store, struct entry *entry)
{
    struct family *family = family_of(store, entry->object.kind);
    *(entry->older ? &entry->older->newer : &store->oldest) = entry->newer;
    *(entry->newer ? &entry->newer->older : &store->newest) = entry->older;
    *(entry->older_kin ? &entry->older_kin->newer_kin : &family->oldest) = entry->newer_kin;
    *(entry->newer_kin ? &entry->newer_kin->older_kin : &family->newest) = entry->older_kin;
}

static void update_waiting(struct store *store, struct entry *entry)
{
    bool waits = !entry->removed && entry->object.step != NULL;
    if (waits == entry->waits)
        return;
    entry->waits = waits;
    if (waits) {
        entry->earlier_due = NULL;
        entry->later_due = store->waiting;
        if (store->waiting)
            store->waiting->earlier_due = entry;
        store->waiting = entry;
    } else {
        *(entry->earlier_due ? &entry->earlier_due->later_due : &store->waiting) = entry->later_due;
        if (entry->later_due)
            entry->later_due->earlier_due = entry->earlier_due;
    }
}

static void insert(struct store *store, struct entry *entry)
{
    if (store->count >= store->bucket_count)
        grow_buckets(store);
    entry->removed = false;
    link_lists(store, entry);
    link_bucket(store, entry);
    store->count++;
    update_waiting(store, entry);
}

static void take_out(struct store *store, struct entry *entry)
{
    struct entry **link = bucket_of(store, entry->object.id);
    while (*link != entry)
        link = &(*link)->next_in_bucket;
    *link = entry->next_in_bucket;
    unlink_lists(store, entry);
    store->count--;
    entry->removed = true;
    update_waiting(store, entry);
}

static void entry_free(struct entry *entry)
{
    free(entry->object.id);
    free(entry->object.etag);
    free(entry->object.step);
    json_decref(entry->object.body);
    json_decref(entry->object.hidden);
    free(entry);
}

/* --- the log ------------------------------------------------------------------------------------ */

static json_t *encode(const struct object *object)
{
    json_t *json =
        json_pack("{s:s, s:s, s:s, s:I, s:O, s:O}", "id", object->id, "kind", object->kind->type,
                  "etag", object->etag, "number", (json_int_t)object->number, "body", object->body,
                  "hidden", object->hidden);
    if (object->seed)
        json_object_set_new(json, "seed", json_true());
    if (object->step) {
        json_set_text(json, "step", object->step);
        json_object_set_new(json, "due", json_integer(object->due_ms));
    }
    return json;
}

const struct kind *store_kind(const struct store *store, const char *type)
{
    for (size_t i = 0; type && i < store->family_count; i++)
        if (strcmp(store->families[i].kind->type, type) == 0)
            return store->families[i].kind;
    return NULL;
}

static bool apply_object(struct store *store, const json_t *json, struct error *err)
{
    const char *id = json_get_text(json, "id"), *type = json_get_text(json, "kind");
    const char *etag = json_get_text(json, "etag"), *step = json_get_text(json, "step");
    json_t *body = json_object_get(json, "body"), *hidden = json_object_get(json, "hidden");
    const struct kind *kind = store_kind(store, type);
    if (!id || !etag || !kind || !json_is_object(body) || !json_is_object(hidden))
        return error_set(err, ERROR_INVALID, "object %s of kind %s cannot be read", id ? id : "?",
                         type ? type : "?");
    struct entry *old = entry_of(store_find(store, NULL, id));
    if (old) {
        take_out(store, old);
        entry_free(old);
    }
    struct entry *entry = mem_calloc(1, sizeof(*entry));
    entry->object = (struct object){.kind = kind,
                                    .id = mem_strdup(id),
                                    .etag = mem_strdup(etag),
                                    .body = json_incref(body),
                                    .hidden = json_incref(hidden),
                                    .step = step ? mem_strdup(step) : NULL,
                                    .due_ms = json_get_integer(json, "due", 0),
                                    .number = (uint64_t)json_get_integer(json, "number", 0),
                                    .seed = json_get_bool(json, "seed", false)};
    insert(store, entry);
    if (entry->object.number >= store->next_number)
        store->next_number = entry->object.number + 1;
    return true;
}

/* One record: an array of objects that were written and ids that were removed. */
static bool apply_record(void *context, const json_t *record, struct error *err)
{
    struct store *store = context;
    size_t i;
    json_t *item;
    json_array_foreach(record, i, item)
    {
        if (json_is_object(item)) {
            if (!apply_object(store, item, err))
                return false;
            continue;
        }
        struct entry *entry = entry_of(store_find(store, NULL, json_string_value(item)));
        if (!entry)
            return error_set(err, ERROR_INVALID, "an object is removed that was never there");
        take_out(store, entry);
        entry_free(entry);
    }
    return true;
}

static json_t *next_snapshot(void *context, void **cursor)
{
    const struct store *store = context;
    struct entry *entry = *cursor ? ((struct entry *)*cursor)->newer : store->oldest;
    *cursor = entry;
    return entry ? json_pack("[o]", encode(&entry->object)) : NULL;
}

struct store *store_open(const char *directory, const struct kind *const *kinds, struct error *err)
{
    struct store *store = mem_calloc(1, sizeof(*store));
    store->directory = mem_strdup(directory);
    store->next_number = 1;
    while (kinds[store->family_count])
        store->family_count++;
    store->families = mem_calloc(store->family_count + 1, sizeof(*store->families));
    for (size_t i = 0; i < store->family_count; i++)
        store->families[i].kind = kinds[i];
    grow_buckets(store);
    STR_AUTO path = STR_INIT;
    str_printf(&path, "%s/state.log", directory);
    store->log = state_log_open(str_text(&path), apply_record, next_snapshot, store, err);
    if (store->log)
        return store;
    store_close(store);
    return NULL;
}

void store_close(struct store *store)
{
    if (!store)
        return;
    if (store->change)
        change_rollback(store->change);
    state_log_close(store->log);
    for (struct entry *entry = store->oldest, *next; entry; entry = next) {
        next = entry->newer;
        entry_free(entry);
    }
    free(store->buckets);
    free(store->families);
    free(store->directory);
    free(store);
}

const char *store_directory(const struct store *store)
{
    return store->directory;
}

/* --- look-ups ----------------------------------------------------------------------------------- */

struct object *store_find(const struct store *store, const struct kind *kind, const char *id)
{
    if (!id)
        return NULL;
    for (struct entry *entry = *bucket_of(store, id); entry; entry = entry->next_in_bucket)
        if (strcmp(entry->object.id, id) == 0)
            return !kind || entry->object.kind == kind ? &entry->object : NULL;
    return NULL;
}

struct object *store_first(const struct store *store, const struct kind *kind)
{
    return object_of(family_of(store, kind)->oldest);
}

struct object *store_next(const struct store *store, const struct object *object)
{
    (void)store;
    return object_of(entry_of(object)->newer_kin);
}

struct object *store_next_of_all(const struct store *store, const struct object *object)
{
    return object_of(object ? entry_of(object)->newer : store->oldest);
}

struct object *store_due_first(const struct store *store)
{
    struct entry *first = NULL;
    for (struct entry *entry = store->waiting; entry; entry = entry->later_due) {
        const struct object *one = &entry->object;
        if (!first || one->due_ms < first->object.due_ms ||
            (one->due_ms == first->object.due_ms && one->number < first->object.number))
            first = entry;
    }
    return object_of(first);
}

/* --- transactions ------------------------------------------------------------------------------- */

struct change *change_begin(struct store *store)
{
    if (store->change)
        fatal_error("a change was begun within a change");
    store->change = mem_calloc(1, sizeof(*store->change));
    store->change->store = store;
    return store->change;
}

static char *new_etag(void)
{
    unsigned char bytes[ETAG_BYTES];
    struct str text = STR_INIT;
    random_bytes(bytes, sizeof(bytes));
    hex_encode(bytes, sizeof(bytes), &text);
    return str_steal(&text);
}

static struct undo *remember(struct change *change, struct entry *entry)
{
    struct undo *undo = mem_calloc(1, sizeof(*undo));
    undo->entry = entry;
    undo->previous = change->last;
    change->last = undo;
    entry->undo = undo;
    return undo;
}

struct object *change_add(struct change *change, const struct kind *kind, const char *id)
{
    struct store *store = change->store;
    if (store_find(store, NULL, id))
        fatal_error("the id %s is taken", id);
    struct entry *entry = mem_calloc(1, sizeof(*entry));
    entry->object = (struct object){.kind = kind,
                                    .id = mem_strdup(id),
                                    .etag = new_etag(),
                                    .body = json_object(),
                                    .hidden = json_object(),
                                    .number = store->next_number++};
    insert(store, entry);
    remember(change, entry)->added = true;
    return &entry->object;
}

struct object *change_edit(struct change *change, struct object *object)
{
    struct entry *entry = entry_of(object);
    if (entry->undo)
        return object;
    struct undo *undo = remember(change, entry);
    undo->etag = object->etag;
    undo->body = object->body;
    undo->hidden = object->hidden;
    undo->step = object->step;
    undo->due_ms = object->due_ms;
    object->etag = new_etag();
    object->body = json_deep_copy(undo->body);
    object->hidden = json_deep_copy(undo->hidden);
    object->step = undo->step ? mem_strdup(undo->step) : NULL;
    return object;
}

void change_remove(struct change *change, struct object *object)
{
    change_edit(change, object);
    if (!entry_of(object)->removed)
        take_out(change->store, entry_of(object));
}

void change_schedule(struct change *change, struct object *object, const char *step, int64_t due_ms)
{
    char *copy = step ? mem_strdup(step) : NULL;
    free(object->step);
    object->step = copy;
    object->due_ms = step ? due_ms : 0;
    update_waiting(change->store, entry_of(object));
}

static void undo_free(struct undo *undo)
{
    free(undo->etag);
    free(undo->step);
    json_decref(undo->body);
    json_decref(undo->hidden);
    free(undo);
}

static void change_end(struct change *change)
{
    change->store->change = NULL;
    free(change);
}

static void take_back(struct store *store, struct undo *undo)
{
    struct entry *entry = undo->entry;
    struct object *object = &entry->object;
    if (undo->added) {
        if (!entry->removed)
            take_out(store, entry);
        entry_free(entry);
        free(undo);
        return;
    }
    free(object->etag);
    free(object->step);
    json_decref(object->body);
    json_decref(object->hidden);
    object->etag = undo->etag;
    object->step = undo->step;
    object->body = undo->body;
    object->hidden = undo->hidden;
    object->due_ms = undo->due_ms;
    entry->undo = NULL;
    if (entry->removed)
        insert(store, entry);
    else
        update_waiting(store, entry);
    free(undo);
}

void change_rollback(struct change *change)
{
    while (change->last) {
        struct undo *undo = change->last;
        change->last = undo->previous;
        take_back(change->store, undo);
    }
    change_end(change);
}

bool change_commit(struct change *change, struct error *err)
{
    JSON_AUTO record = json_array();
    for (struct undo *undo = change->last; undo; undo = undo->previous) {
        const struct entry *entry = undo->entry;
        if (!entry->removed)
            json_array_insert_new(record, 0, encode(&entry->object));
        else if (!undo->added)
            json_array_insert_new(record, 0, json_string(entry->object.id));
    }
    if (json_array_size(record) && !state_log_append(change->store->log, record, err)) {
        change_rollback(change);
        return false;
    }
    while (change->last) {
        struct undo *undo = change->last;
        change->last = undo->previous;
        undo->entry->undo = NULL;
        if (undo->entry->removed)
            entry_free(undo->entry);
        undo_free(undo);
    }
    struct store *store = change->store;
    change_end(change);
    state_log_compact_if_due(store->log);
    return true;
}
