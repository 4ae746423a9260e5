#include "provider/engine/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/base/encoding.h"
#include "lib/base/file.h"
#include "lib/base/json.h"
#include "lib/base/log.h"
#include "lib/base/vec.h"

enum {
    ENTRY_LIFE_MS = 24 * 3600 * 1000,
    STORED_MAX_BYTES = 4 * 1024 * 1024, /* a larger file keeps nothing that is stored */
};

/* The start time, in clock ticks, tells a process from a later one with the same pid. */
struct process {
    int64_t pid, start;
};

struct entry {
    char id[17];
    char token[JOURNAL_TOKEN_LENGTH + 1];
    char *type, *key, *object_id;
    int64_t time_ms;
    struct process owner,
        starter;          /* starter: the Terraform that started the owner; may be unknown */
    unsigned returned_in; /* the run of this process that gave it to Terraform; 0: none did */
    bool stored;          /* Terraform ended well with it: no orphan, unless its state is lost */
    bool retired;
};

struct journal {
    pthread_mutex_t mutex;
    char *path;
    VEC(struct entry) entries;
    off_t read_to; /* how far the file was read */
    ino_t inode;   /* of the file that was read */
    struct process self, parent;
    unsigned run; /* counts the runs of Terraform that this process served */
    bool serves_many;
};

/* -1 when there is no such process, or it is dead and waits for its parent to notice. */
static int64_t process_start(int64_t pid)
{
    enum { STATE = 3, START = 22 };
    char path[48];
    snprintf(path, sizeof(path), "/proc/%" PRId64 "/stat", pid);
    STR_AUTO text = STR_INIT;
    ERROR_AUTO(err);
    if (!file_read(path, 4096, &text, &err))
        return -1;
    const char *at = strrchr(str_text(&text), ')');
    for (int field = 2; at && field < START; field++) {
        at = strchr(at + 1, ' ');
        if (at && field + 1 == STATE && (at[1] == 'Z' || at[1] == 'X'))
            return -1;
    }
    return at ? strtoll(at, NULL, 10) : -1;
}

static struct process process_of(pid_t pid)
{
    return (struct process){pid, process_start(pid)};
}

static bool process_lives(struct process process)
{
    return process.start >= 0 && process_start(process.pid) == process.start;
}

static json_t *process_to_json(struct process process)
{
    return json_pack("[I, I]", (json_int_t)process.pid, (json_int_t)process.start);
}

static struct process process_from_json(const json_t *line, const char *member)
{
    const json_t *pair = json_object_get(line, member);
    struct process process = {-1, -1};
    if (json_is_integer(json_array_get(pair, 0)) && json_is_integer(json_array_get(pair, 1)))
        process = (struct process){json_integer_value(json_array_get(pair, 0)),
                                   json_integer_value(json_array_get(pair, 1))};
    return process;
}

/* In Terraform's data directory, which is nobody's to look at; beside it when there is none. */
static char *default_path(void)
{
    const char *data = getenv("TF_DATA_DIR");
    struct str path = STR_INIT;
    if (text_empty(data))
        data = ".terraform";
    if (file_exists(data)) {
        str_printf(&path, "%s/oke-journal", data);
    } else {
        const char *slash = strrchr(data, '/');
        str_append_bytes(&path, data, slash ? (size_t)(slash - data) + 1 : 0);
        str_append(&path, ".terraform-oke-journal");
    }
    return str_steal(&path);
}

struct journal *journal_new(const char *path)
{
    struct journal *journal = mem_calloc(1, sizeof(*journal));
    pthread_mutex_init(&journal->mutex, NULL);
    journal->path = path ? mem_strdup(path) : default_path();
    journal->self = process_of(getpid());
    journal->parent = process_of(getppid());
    journal->run = 1;
    return journal;
}

static void clear_entries(struct journal *journal)
{
    for (size_t i = 0; i < journal->entries.count; i++) {
        free(journal->entries.items[i].type);
        free(journal->entries.items[i].key);
        free(journal->entries.items[i].object_id);
    }
    journal->entries.count = 0;
    journal->read_to = 0;
}

void journal_free(struct journal *journal)
{
    if (!journal)
        return;
    clear_entries(journal);
    vec_free(&journal->entries);
    pthread_mutex_destroy(&journal->mutex);
    free(journal->path);
    free(journal);
}

void intent_free(struct intent *intent)
{
    if (intent)
        free(intent->object_id);
    free(intent);
}

/* --- the log ------------------------------------------------------------------------------------ */

static struct entry *find_entry(struct journal *journal, const char *id)
{
    for (size_t i = 0; id && i < journal->entries.count; i++)
        if (strcmp(journal->entries.items[i].id, id) == 0)
            return &journal->entries.items[i];
    return NULL;
}

static void replay_begin(struct journal *journal, const char *id, const json_t *line)
{
    const char *type = json_get_text(line, "type"), *key = json_get_text(line, "key");
    const char *token = json_get_text(line, "token");
    struct entry entry = {.time_ms = json_get_integer(line, "time", 0),
                          .owner = process_from_json(line, "owner"),
                          .starter = process_from_json(line, "starter")};
    if (!type || !key || !token || strlen(token) != JOURNAL_TOKEN_LENGTH || strlen(id) != 16)
        return;
    memcpy(entry.id, id, 16);
    memcpy(entry.token, token, JOURNAL_TOKEN_LENGTH);
    entry.type = mem_strdup(type);
    entry.key = mem_strdup(key);
    entry.retired = entry.time_ms < clock_wall_ms() - ENTRY_LIFE_MS;
    vec_push(&journal->entries, entry);
}

static void replay_line(struct journal *journal, const char *text, size_t length)
{
    ERROR_AUTO(err);
    JSON_AUTO line = json_parse(text, length, &err);
    const char *what = json_get_text(line, "op"), *id = json_get_text(line, "id");
    if (!what || !id)
        return; /* a torn line: its writer was killed in the middle of it */
    struct entry *entry = find_entry(journal, id);
    if (!entry && strcmp(what, "begin") == 0) {
        replay_begin(journal, id, line);
    } else if (entry && strcmp(what, "claim") == 0) {
        entry->owner = process_from_json(line, "owner");
        entry->starter = process_from_json(line, "starter");
    } else if (entry && strcmp(what, "object") == 0 && json_get_text(line, "object")) {
        free(entry->object_id);
        entry->object_id = mem_strdup(json_get_text(line, "object"));
    } else if (entry && strcmp(what, "stored") == 0) {
        entry->stored = true;
    } else if (entry && strcmp(what, "lost") == 0) {
        entry->stored = false;
        entry->owner = (struct process){-1, -1};
    } else if (entry && strcmp(what, "end") == 0) {
        entry->retired = true;
    }
}

/* Reads what other processes, or this one, appended since the last look. */
static void catch_up(struct journal *journal, int fd, const struct stat *info)
{
    if (info->st_ino != journal->inode || info->st_size < journal->read_to)
        clear_entries(journal);
    journal->inode = info->st_ino;
    size_t left = (size_t)(info->st_size - journal->read_to);
    if (left == 0 || left > JOURNAL_MAX_BYTES)
        return;
    CLEANUP(free_pointer) char *text = mem_alloc(left);
    ssize_t got = pread(fd, text, left, journal->read_to);
    if (got <= 0)
        return;
    const char *at = text, *end = text + got;
    const char *newline;
    while ((newline = memchr(at, '\n', (size_t)(end - at)))) {
        replay_line(journal, at, (size_t)(newline - at));
        at = newline + 1;
    }
    journal->read_to += at - text;
}

/* Opens and locks the file, and reads it up to date. The file may be replaced or removed while the
 * lock is awaited: then the new one is taken. -1 when there is none or it cannot be had. */
static int open_locked(struct journal *journal, bool create)
{
    for (int tries = 0; tries < 100; tries++) {
        int fd = open(journal->path,
                      O_RDWR | O_APPEND | O_CLOEXEC | O_NOFOLLOW | (create ? O_CREAT : 0), 0600);
        if (fd < 0) {
            if (create)
                LOG(LOG_LEVEL_DEBUG, "no journal of creates: the file cannot be opened",
                    {"path", journal->path}, {"cause", strerror(errno)});
            return -1;
        }
        struct stat mine, named;
        while (flock(fd, LOCK_EX) < 0 && errno == EINTR)
            continue;
        if (fstat(fd, &mine) == 0 && stat(journal->path, &named) == 0 &&
            mine.st_ino == named.st_ino && mine.st_dev == named.st_dev) {
            catch_up(journal, fd, &mine);
            return fd;
        }
        close(fd);
    }
    return -1;
}

static void append_line(struct journal *journal, int fd, json_t *line)
{
    STR_AUTO text = STR_INIT;
    struct stat info;
    char last = '\n';
    /* A killed writer may have left half a line: end it, so that only that one is lost. */
    if (fstat(fd, &info) == 0 && info.st_size > 0 && pread(fd, &last, 1, info.st_size - 1) == 1 &&
        last != '\n')
        str_append_char(&text, '\n');
    json_write(line, false, &text);
    str_append_char(&text, '\n');
    if (write(fd, text.ptr, text.length) != (ssize_t)text.length)
        LOG(LOG_LEVEL_WARN, "the journal of creates could not be written", {"path", journal->path},
            {"cause", strerror(errno)});
    else if (fstat(fd, &info) == 0)
        catch_up(journal, fd, &info);
    json_decref(line);
}

/* With its last entry the file goes; others that wait for its lock notice by the inode. */
static void remove_if_done(struct journal *journal)
{
    for (size_t i = 0; i < journal->entries.count; i++)
        if (!journal->entries.items[i].retired)
            return;
    unlink(journal->path);
    clear_entries(journal);
    journal->inode = 0;
}

static void append_claim(struct journal *journal, int fd, const char *id, struct process owner,
                         struct process starter)
{
    append_line(journal, fd,
                json_pack("{ss, ss, so, so}", "op", "claim", "id", id, "owner",
                          process_to_json(owner), "starter", process_to_json(starter)));
}

static void append_op(struct journal *journal, int fd, const char *op, const struct entry *entry)
{
    char id[sizeof(entry->id)];
    memcpy(id, entry->id, sizeof(id));
    append_line(journal, fd, json_pack("{ss, ss}", "op", op, "id", id));
}

/* --- intents ------------------------------------------------------------------------------------ */

/* A provider that outlives its Terraform for a moment owns nothing any more: nobody would store it. */
static bool has_owner(const struct journal *journal, const struct entry *entry)
{
    if (entry->returned_in && entry->returned_in != journal->run)
        return false;
    if (entry->owner.pid == journal->self.pid && entry->owner.start == journal->self.start)
        return true;
    return process_lives(entry->owner) &&
           (entry->starter.start < 0 || process_lives(entry->starter));
}

static struct entry *find_orphan(struct journal *journal, const char *type, const char *key)
{
    for (size_t i = 0; i < journal->entries.count; i++) {
        struct entry *entry = &journal->entries.items[i];
        if (!entry->retired && !entry->stored && strcmp(entry->type, type) == 0 &&
            strcmp(entry->key, key) == 0 && !has_owner(journal, entry))
            return entry;
    }
    return NULL;
}

static struct intent *fresh_intent(void)
{
    struct intent *intent = mem_calloc(1, sizeof(*intent));
    STR_AUTO text = STR_INIT;
    unsigned char raw[8];
    random_bytes(raw, sizeof(raw));
    hex_encode(raw, sizeof(raw), &text);
    memcpy(intent->id, text.ptr, 16);
    str_clear(&text);
    random_base32(&text, JOURNAL_TOKEN_LENGTH);
    memcpy(intent->token, text.ptr, JOURNAL_TOKEN_LENGTH);
    return intent;
}

static struct intent *claim(struct journal *journal, int fd, struct entry *orphan)
{
    struct intent *intent = mem_calloc(1, sizeof(*intent));
    memcpy(intent->id, orphan->id, sizeof(intent->id));
    memcpy(intent->token, orphan->token, sizeof(intent->token));
    intent->object_id = orphan->object_id ? mem_strdup(orphan->object_id) : NULL;
    intent->replay = true;
    orphan->returned_in = 0;
    append_claim(journal, fd, intent->id, journal->self, journal->parent);
    LOG(LOG_LEVEL_INFO, "continuing a create that an earlier run began", {"type", orphan->type},
        {"object", intent->object_id});
    return intent;
}

struct intent *journal_begin(struct journal *journal, const char *type, const char *key)
{
    pthread_mutex_lock(&journal->mutex);
    int fd = open_locked(journal, true);
    struct entry *orphan = fd >= 0 ? find_orphan(journal, type, key) : NULL;
    struct intent *intent;
    if (orphan) {
        intent = claim(journal, fd, orphan);
    } else {
        intent = fresh_intent();
        if (fd >= 0)
            append_line(journal, fd,
                        json_pack("{ss, ss, ss, ss, ss, sI, so, so}", "op", "begin", "id",
                                  intent->id, "type", type, "key", key, "token", intent->token,
                                  "time", (json_int_t)clock_wall_ms(), "owner",
                                  process_to_json(journal->self), "starter",
                                  process_to_json(journal->parent)));
    }
    if (fd >= 0)
        close(fd);
    pthread_mutex_unlock(&journal->mutex);
    return intent;
}

void journal_created(struct journal *journal, struct intent *intent, const char *object_id)
{
    pthread_mutex_lock(&journal->mutex);
    int fd = open_locked(journal, false);
    if (fd >= 0) {
        append_line(
            journal, fd,
            json_pack("{ss, ss, ss}", "op", "object", "id", intent->id, "object", object_id));
        close(fd);
    }
    free(intent->object_id);
    intent->object_id = mem_strdup(object_id);
    pthread_mutex_unlock(&journal->mutex);
}

static bool is_same_process(struct process a, struct process b)
{
    return a.pid == b.pid && a.start == b.start && a.start >= 0;
}

/* Terraform has the state, or is to store it. When it is gone already, or is not our parent, the entry
 * stays ours and is an orphan as soon as we end. */
static void give_to_terraform(struct journal *journal, int fd, struct entry *entry)
{
    entry->returned_in = journal->run;
    if (getppid() == (pid_t)journal->parent.pid && journal->parent.start >= 0 &&
        !is_same_process(entry->owner, journal->parent))
        append_claim(journal, fd, entry->id, journal->parent, (struct process){-1, -1});
}

void journal_returned(struct journal *journal, const struct intent *intent)
{
    pthread_mutex_lock(&journal->mutex);
    int fd = open_locked(journal, false);
    struct entry *entry = fd >= 0 ? find_entry(journal, intent->id) : NULL;
    if (entry)
        give_to_terraform(journal, fd, entry);
    if (fd >= 0)
        close(fd);
    pthread_mutex_unlock(&journal->mutex);
}

static void end_entry(struct journal *journal, int fd, struct entry *entry)
{
    append_op(journal, fd, "end", entry);
    remove_if_done(journal);
}

void journal_abandon(struct journal *journal, const struct intent *intent)
{
    pthread_mutex_lock(&journal->mutex);
    int fd = open_locked(journal, false);
    struct entry *entry = fd >= 0 ? find_entry(journal, intent->id) : NULL;
    if (entry)
        end_entry(journal, fd, entry);
    if (fd >= 0)
        close(fd);
    pthread_mutex_unlock(&journal->mutex);
}

/* Does it to the entry of the object, if there is one. Mostly there is not even a file. */
static void with_object(struct journal *journal, const char *object_id,
                        void (*act)(struct journal *journal, int fd, struct entry *entry))
{
    if (access(journal->path, F_OK) != 0)
        return;
    pthread_mutex_lock(&journal->mutex);
    int fd = open_locked(journal, false);
    for (size_t i = 0; fd >= 0 && i < journal->entries.count; i++)
        if (!journal->entries.items[i].retired &&
            text_equal(journal->entries.items[i].object_id, object_id)) {
            act(journal, fd, &journal->entries.items[i]);
            break;
        }
    if (fd >= 0)
        close(fd);
    pthread_mutex_unlock(&journal->mutex);
}

void journal_seen(struct journal *journal, const char *object_id)
{
    with_object(journal, object_id, journal->serves_many ? end_entry : give_to_terraform);
}

void journal_removed(struct journal *journal, const char *object_id)
{
    with_object(journal, object_id, end_entry);
}

/* --- runs --------------------------------------------------------------------------------------- */

void journal_serve_many(struct journal *journal)
{
    journal->serves_many = true;
    journal->parent = (struct process){-1, -1};
}

void journal_start_run(struct journal *journal)
{
    pthread_mutex_lock(&journal->mutex);
    journal->run++;
    pthread_mutex_unlock(&journal->mutex);
}

/* What Terraform has for the first time is stored; what it had before, and was seen again, is done. */
static void finish_entry(struct journal *journal, int fd, const struct entry *entry, bool full)
{
    if (entry->stored && entry->returned_in)
        append_op(journal, fd, "end", entry);
    else if (!entry->stored &&
             (entry->returned_in || is_same_process(entry->owner, journal->parent)))
        append_op(journal, fd, full ? "end" : "stored", entry);
}

void journal_finish(struct journal *journal)
{
    if (access(journal->path, F_OK) != 0)
        return;
    pthread_mutex_lock(&journal->mutex);
    int fd = open_locked(journal, false);
    bool full = journal->read_to > STORED_MAX_BYTES;
    for (size_t i = 0; fd >= 0 && i < journal->entries.count; i++)
        if (!journal->entries.items[i].retired)
            finish_entry(journal, fd, &journal->entries.items[i], full);
    if (fd >= 0) {
        remove_if_done(journal);
        close(fd);
    }
    pthread_mutex_unlock(&journal->mutex);
}

void journal_lost(struct journal *journal)
{
    if (access(journal->path, F_OK) != 0)
        return;
    pthread_mutex_lock(&journal->mutex);
    int fd = open_locked(journal, false);
    for (size_t i = 0; fd >= 0 && i < journal->entries.count; i++)
        if (journal->entries.items[i].stored && !journal->entries.items[i].retired)
            append_op(journal, fd, "lost", &journal->entries.items[i]);
    if (fd >= 0)
        close(fd);
    pthread_mutex_unlock(&journal->mutex);
}
