/* A journal as another process, or a damaged disk, may have left it: any bytes are read without harm,
 * the create goes on, and what is written then is read again. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "provider/engine/journal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char path[64];

static void remove_file(void)
{
    unlink(path);
}

static void require(bool condition)
{
    if (!condition)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!*path) {
        snprintf(path, sizeof(path), "/tmp/okestra-journal-fuzz-%d", (int)getpid());
        atexit(remove_file);
    }
    FILE *file = fopen(path, "we");
    require(file && fwrite(data, 1, size, file) == size && fclose(file) == 0);
    struct journal *journal = journal_new(path);
    struct intent *intent = journal_begin(journal, "vcn", "key");
    require(strlen(intent->token) == JOURNAL_TOKEN_LENGTH && strlen(intent->id) == 16);
    journal_created(journal, intent, "ocid1.vcn.1");
    journal_returned(journal, intent);

    /* A second reader sees the object, whatever stands around it. */
    struct journal *reader = journal_new(path);
    struct intent *other = journal_begin(reader, "vcn", "key");
    require(strcmp(other->token, intent->token) != 0 || intent->replay);
    journal_abandon(reader, other);
    journal_seen(reader, "ocid1.vcn.1");
    journal_finish(journal);
    intent_free(other);
    intent_free(intent);
    journal_free(reader);
    journal_free(journal);
    return 0;
}
