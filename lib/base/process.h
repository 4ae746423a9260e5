/*
 * Running a program and collecting what it prints. The child gets no descriptor of ours but its three
 * standard ones, a process group of its own (so that its children end with it), and default signals.
 * posix_spawn(3): safe in threaded programs.
 */
#ifndef OKESTRA_BASE_PROCESS_H
#define OKESTRA_BASE_PROCESS_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/error.h"
#include "lib/base/str.h"

enum {
    PROCESS_OUTPUT_LIMIT =
        64 * 1024 * 1024,        /* bytes of each stream, unless the command says less */
    PROCESS_GRACE_MS = 5 * 1000, /* between SIGTERM and SIGKILL */
};

enum process_stream { PROCESS_STDOUT, PROCESS_STDERR };

/* Receives output as it comes, beside being collected. */
typedef void process_output(void *context, enum process_stream stream, const char *data,
                            size_t length);

struct process_command {
    const char *const *argv; /* NULL-terminated; argv[0] is looked up in PATH without a slash */
    const char *const *environment; /* NULL-terminated "NAME=value" on top of our own; or NULL */
    const char *directory;          /* NULL: ours */
    struct slice input;             /* standard input; empty: /dev/null */
    size_t output_limit;            /* 0: PROCESS_OUTPUT_LIMIT */
    int64_t deadline_ms;            /* monotonic; 0: none */
    /* Becomes readable when the program is to be ended, for example cancel_descriptor(); 0 or less:
     * none. */
    int cancel_descriptor;
    process_output *on_output; /* or NULL */
    void *context;
};

struct process_result {
    int exit_status; /* -1 when a signal ended it */
    int signal;      /* 0 when it exited */
    struct str output, errors;
};

#define PROCESS_RESULT_INIT                                                                        \
    {                                                                                              \
        .exit_status = -1, .output = STR_INIT, .errors = STR_INIT                                  \
    }
#define PROCESS_RESULT_AUTO(name)                                                                  \
    CLEANUP(process_result_free) struct process_result name = PROCESS_RESULT_INIT

void process_result_free(struct process_result *result);

/* True when the program ran and ended by itself, with whatever status. ERROR_NOT_FOUND: there is no
 * such program; ERROR_TIMEOUT, ERROR_CANCELLED: it was ended by us; ERROR_INVALID: it printed more than
 * the limit; ERROR_INTERNAL: the system refused. *result must be initialised. */
bool process_run(const struct process_command *command, struct process_result *result,
                 struct error *err);

#endif
