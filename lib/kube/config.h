/*
 * How to reach a cluster and as whom: from kubeconfig files, from a kubeconfig text, or from inside a
 * pod. Reads files, runs nothing and talks to nobody.
 *
 * Rules (https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/): several
 * files are merged, the first definition of a name and the first current-context win; file names are
 * relative to the file that holds them; data wins over a file of the same meaning, tokenFile over token.
 * What is wrong elsewhere in the file does not matter.
 */
#ifndef OKESTRA_KUBE_CONFIG_H
#define OKESTRA_KUBE_CONFIG_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "lib/base/arena.h"
#include "lib/base/compiler.h"
#include "lib/base/error.h"

enum {
    KUBE_CONFIG_FILE_LIMIT = 4 * 1024 * 1024,
    KUBE_CONFIG_FILES = 64,
    KUBE_CREDENTIAL_LIMIT = 256 * 1024, /* one certificate, key or token */
};

enum kube_interactive {
    KUBE_INTERACTIVE_NEVER,
    KUBE_INTERACTIVE_IF_AVAILABLE,
    KUBE_INTERACTIVE_ALWAYS
};

/* A program that prints credentials (client.authentication.k8s.io). */
struct kube_exec {
    const char *command;            /* relative ones with a slash are made absolute */
    const char *const *arguments;   /* NULL-terminated */
    const char *const *environment; /* NULL-terminated "NAME=value" */
    const char *api_version;
    const char *install_hint; /* or NULL */
    enum kube_interactive interactive;
    const json_t *cluster; /* spec.cluster of KUBERNETES_EXEC_INFO; NULL when it is not wanted */
};

/* Texts are NULL when absent. Secrets lie in memory that does not reach core dumps. */
struct kube_config {
    struct arena *arena;
    const char *context; /* its name, for messages */
    const char *server;  /* "https://host:port[/path]", without a slash at the end */
    const char *tls_server_name;
    const char *proxy_url;
    const char *default_namespace; /* never NULL */
    bool insecure;
    const char *ca;                 /* PEM */
    const char *client_certificate; /* PEM */
    char *client_key;               /* PEM, secret */
    char *token;                    /* secret */
    const char *token_file;         /* read again as it changes */
    const char *username;
    char *password; /* secret */
    const char *as_user, *as_uid;
    const char *const *as_groups; /* NULL-terminated; or NULL */
    const struct kube_exec *exec;
    json_t *exec_cluster; /* owned; what exec->cluster points at */
};

struct kube_config_source {
    const char *text;           /* a whole kubeconfig; relative file names in it are refused */
    const char *paths;          /* with ":" between; NULL: KUBECONFIG, then ~/.kube/config */
    const char *context;        /* NULL: current-context */
    const char *cluster, *user; /* instead of the context's; NULL: the context's */
};

/* NULL and err when there is none, the context is not in it, or it cannot be used. */
struct kube_config *kube_config_load(const struct kube_config_source *source, struct error *err);
/* From the service account of the pod we run in. ERROR_NOT_FOUND: this is no pod. */
struct kube_config *kube_config_in_cluster(struct error *err);
/* An empty one to fill: for settings that come one by one. Secrets go in by secret_copy(). */
struct kube_config *kube_config_new(void);
void kube_config_free(struct kube_config *config); /* accepts NULL */
void kube_config_free_pointer(struct kube_config **config);
#define KUBE_CONFIG_AUTO CLEANUP(kube_config_free_pointer) struct kube_config *

/* Checks what was filled in by hand as kube_config_load() does. False and err. */
bool kube_config_check(struct kube_config *config, struct error *err);

#endif
