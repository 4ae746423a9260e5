/*
 * The services of every plugin process beside the provider itself: go-plugin's stdio, broker and
 * controller, and gRPC health checking. All are answered by the event loop, so that busy workers
 * cannot delay them.
 * Source: hashicorp/go-plugin (behaviour), grpc.health.v1 (health checking
 * protocol of the gRPC project).
 */
#ifndef OKESTRA_PROVIDER_PLUGIN_SERVICES_H
#define OKESTRA_PROVIDER_PLUGIN_SERVICES_H

#include "provider/plugin/grpc.h"

/* The context of handlers is a struct plugin. */
extern const struct grpc_method services_methods[];

#endif
