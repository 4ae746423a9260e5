/*
 * Descriptors as the messages of GetProviderSchema, GetMetadata, GetFunctions and
 * GetResourceIdentitySchemas. Everything is allocated in the arena or shared with the descriptors.
 */
#ifndef OKESTRA_PROVIDER_PLUGIN_SCHEMA_MESSAGE_H
#define OKESTRA_PROVIDER_PLUGIN_SCHEMA_MESSAGE_H

#include "lib/base/arena.h"
#include "provider/engine/schema.h"
#include "provider/proto/tfplugin6.pb-c.h"

void schema_fill_provider(struct arena *arena, const struct provider *provider,
                          Tfplugin6__GetProviderSchema__Response *response);
void schema_fill_metadata(struct arena *arena, const struct provider *provider,
                          Tfplugin6__GetMetadata__Response *response);
void schema_fill_functions(struct arena *arena, const struct provider *provider,
                           Tfplugin6__GetFunctions__Response *response);
void schema_fill_identities(struct arena *arena, const struct provider *provider,
                            Tfplugin6__GetResourceIdentitySchemas__Response *response);

#endif
