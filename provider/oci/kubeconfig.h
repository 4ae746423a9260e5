/* The text of a kubeconfig for one cluster. Pure. */
#ifndef OKESTRA_PROVIDER_OCI_KUBECONFIG_H
#define OKESTRA_PROVIDER_OCI_KUBECONFIG_H

#include "lib/base/error.h"
#include "lib/base/str.h"
#include "provider/value/value.h"

struct kubeconfig {
    const char *name;      /* of cluster, user and context; NULL: "oke" */
    const char *server;    /* "https://203.0.113.5:6443"; without a scheme https is meant */
    const char *authority; /* PEM, or its base64; NULL: the system's */
    const char *namespace; /* NULL: none */
    /* How to log in: a token, or a command that prints an ExecCredential. */
    const char *token;             /* secret */
    const char *exec_command;      /* NULL: none */
    const char *exec_api_version;  /* NULL: client.authentication.k8s.io/v1beta1 */
    const struct value *exec_args; /* list of texts */
    const struct value *exec_env;  /* map of texts; may be NULL or null */
};

/* Appends YAML. ERROR_INVALID when a part is missing or malformed. */
bool kubeconfig_write(const struct kubeconfig *kubeconfig, struct str *out, struct error *err);

#endif
