/* Faults that tests order: which calls go wrong, and how. See README.md for their JSON. */
#ifndef OKESTRA_CLOUD_FAULTS_H
#define OKESTRA_CLOUD_FAULTS_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "lib/base/arena.h"
#include "lib/base/str.h"

enum { FAULTS_LIMIT = 1000 };

struct faults;

struct faults *faults_new(void);
void faults_free(struct faults *faults);
/* Adds one fault; false, and *problem says what is wrong with it. */
bool faults_add(struct faults *faults, const json_t *fault, struct str *problem);
void faults_clear(struct faults *faults);
/* Those that are left, with their remaining counts. New reference. */
json_t *faults_list(const struct faults *faults);

/* What happens to one call; texts are from the arena. */
struct fault_effect {
    int64_t delay_ms;
    int status; /* 0: none */
    const char *code, *message;
    int retry_after; /* seconds; 0: no header */
    bool drop_before, drop_after, stuck;
    const char *work_code, *work_message;
};

/* Counts the call down on the faults ordered for it. */
struct fault_effect faults_take(struct faults *faults, const char *service, const char *operation,
                                struct arena *arena);

#endif
