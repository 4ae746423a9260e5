/* The plugin process: everything between Terraform and the engine. */
#ifndef OKESTRA_PROVIDER_PLUGIN_PLUGIN_H
#define OKESTRA_PROVIDER_PLUGIN_PLUGIN_H

#include <pthread.h>
#include <stdbool.h>

#include "provider/engine/engine.h"
#include "provider/plugin/grpc.h"
#include "provider/plugin/message.h"

/* What handlers work with. */
struct plugin {
    struct engine *engine;
    struct grpc_server *server;
    pthread_mutex_t mutex; /* guards schema */
    struct slice schema;   /* GetProviderSchema's answer, packed at the first call; owned */
};

/* How the process was started. */
enum plugin_mode {
    /* By Terraform: handshake, TLS as Terraform wants it, ends with Terraform. */
    PLUGIN_OF_TERRAFORM,
    /* By hand: prints TF_REATTACH_PROVIDERS, plaintext, serves any number of runs. */
    PLUGIN_REATTACH,
};

/* Serves the provider until Terraform (or a signal) ends it. address: "registry.terraform.io/…".
 * Messages about a failed start go to stderr. Returns the exit status. */
int plugin_serve(const struct provider *provider, const char *address, enum plugin_mode mode);

#endif
