/*
 * tfplugin6.Provider: every RPC as a row of one table, from wire message to engine and back.
 * The context of handlers is a struct plugin.
 */
#ifndef OKESTRA_PROVIDER_PLUGIN_PROVIDER_SERVICE_H
#define OKESTRA_PROVIDER_PLUGIN_PROVIDER_SERVICE_H

#include "provider/plugin/grpc.h"

extern const struct grpc_method provider_service_methods[];

#endif
