/*
 * The helm program, versions 3.14 and newer and 4, as a tool: each use gets a private folder (mode 0700)
 * with values, credentials and a kubeconfig that is good for a few minutes. Secrets are never arguments.
 */
#ifndef OKESTRA_PROVIDER_KUBE_HELM_H
#define OKESTRA_PROVIDER_KUBE_HELM_H

#include "lib/base/process.h"
#include "provider/kube/api.h"

enum {
    HELM_ARGUMENTS = 256,
    HELM_SAID = 4000, /* bytes of what it says that go into an error */
};

struct helm {
    struct operation *op;
    char *folder; /* removed by helm_close() */
    const char *program;
    int major; /* 3 or 4 */
    const char *environment[16];
    size_t environment_count;
    const char *arguments[HELM_ARGUMENTS + 2];
    size_t argument_count;
    const char *secrets[64]; /* never shown in errors */
    size_t secret_count;
    size_t files;
};

/* Finds the program (HELM_BIN, else PATH) and makes the folder. ERROR_NOT_FOUND says how to install it. */
bool helm_open(struct helm *helm, struct operation *op, struct error *err);
void helm_close(struct helm *helm);
#define HELM_AUTO(name) CLEANUP(helm_close) struct helm name = {.op = NULL}

/* Points it at the cluster of the values. */
bool helm_use_cluster(struct helm *helm, const struct value *values, struct error *err);
/* A file in the folder, mode 0600; its path, or NULL and err. */
const char *helm_write_file(struct helm *helm, const char *text, size_t length, struct error *err);
void helm_hide(struct helm *helm, const char *secret); /* NULL and short ones are passed over */

/* Starts a command line; then adds to it. Texts are borrowed. */
void helm_begin(struct helm *helm, const char *command);
void helm_add(struct helm *helm, const char *argument);
void helm_add_option(struct helm *helm, const char *option, const char *value); /* NULL: nothing */
void helm_add_flag(struct helm *helm, const char *flag, bool wanted);

/* Runs it. False when it ends with another status than 0: err has the command's name and what it said,
 * with secrets masked. output may be NULL. */
bool helm_run(struct helm *helm, struct str *output, struct error *err);

#endif
