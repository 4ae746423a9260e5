/*
 * Journal: a write-ahead log of create intents.
 *
 * Terraform stores a new object only after the create call returned. A provider or Terraform that is
 * killed in between would leave an object that nobody knows, and the next apply would make a twin.
 * Before anything is sent, the intent and its retry token are appended to a file in Terraform's data
 * directory; the next apply of the same thing finds the entry without an owner and sends the same
 * token, for which OCI returns the object it made the first time (24 hours).
 *
 * Terraform writes its state in place: killed in the middle of that, it leaves an empty file and knows
 * nothing any more. Hence an entry is kept, as Terraform's, also when its object stands in a state, and
 * even when Terraform ended an apply in good order, which it does by writing the state once more. It
 * counts as stored then, and nobody takes it unless the state is found to be lost.
 *
 * The file is a log of JSON lines, mode 0600, without any configuration values: only a hash of them.
 * It is shared between processes under flock(2). An entry belongs to the process that creates; once the
 * state was returned, or the object was seen in a state, to Terraform; without an owner that lives, or
 * when the owner's Terraform is gone, it is an orphan. It ends when it was stored and is seen again by a
 * run that ends well, when its create was refused, when the object was removed, or after 24 hours; with
 * the last entry the file goes.
 * Nothing here ever fails an apply. Thread-safe.
 */
#ifndef OKESTRA_PROVIDER_ENGINE_JOURNAL_H
#define OKESTRA_PROVIDER_ENGINE_JOURNAL_H

#include <stdbool.h>

#include "lib/base/str.h"

enum { JOURNAL_TOKEN_LENGTH = 32, JOURNAL_MAX_BYTES = 16 * 1024 * 1024 };

struct journal;

struct intent {
    char id[17];
    char token[JOURNAL_TOKEN_LENGTH + 1];
    char *object_id; /* owned; NULL until known */
    bool replay;     /* an earlier process began it */
};

/* path NULL: in Terraform's data directory (TF_DATA_DIR or .terraform). Opens nothing yet. */
struct journal *journal_new(const char *path);
void journal_free(struct journal *journal);

/* Reattach mode: one process serves many runs, and its parent is no Terraform. What stands in a state is
 * done with at once then. */
void journal_serve_many(struct journal *journal);
/* A Terraform run begins: what an earlier run of this process was given is an orphan from now on. */
void journal_start_run(struct journal *journal);
/* Terraform has stored all that was returned to it, and all that it had. */
void journal_finish(struct journal *journal);
/* The state is lost: what was stored in it is to be found again. */
void journal_lost(struct journal *journal);

/* Starts a create. key: hash of what is to be made. The caller frees with intent_free(). */
struct intent *journal_begin(struct journal *journal, const char *type, const char *key);
/* The object exists; its id is written before this returns. */
void journal_created(struct journal *journal, struct intent *intent, const char *object_id);
/* The state of the object goes to Terraform. */
void journal_returned(struct journal *journal, const struct intent *intent);
/* Nothing was made, or what was made is gone: a later create starts afresh. */
void journal_abandon(struct journal *journal, const struct intent *intent);
/* The id stands in a state. */
void journal_seen(struct journal *journal, const char *object_id);
/* The object was removed. */
void journal_removed(struct journal *journal, const char *object_id);
void intent_free(struct intent *intent); /* accepts NULL */

#endif
