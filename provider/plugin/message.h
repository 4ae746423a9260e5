/*
 * Between protobuf messages and what the engine works with. Messages live in the RPC's arena, share
 * bytes with what they are made from, and are never freed one by one.
 */
#ifndef OKESTRA_PROVIDER_PLUGIN_MESSAGE_H
#define OKESTRA_PROVIDER_PLUGIN_MESSAGE_H

#include "lib/base/arena.h"
#include "provider/engine/engine.h"
#include "provider/proto/tfplugin6.pb-c.h"

/* NULL when the bytes are no such message. */
void *message_unpack(struct arena *arena, const ProtobufCMessageDescriptor *descriptor,
                     struct slice bytes);
/* An empty message. */
void *message_new(struct arena *arena, const ProtobufCMessageDescriptor *descriptor);
#define MESSAGE_NEW(arena, Type, type)                                                             \
    ((Tfplugin6__##Type *)message_new((arena), &tfplugin6__##type##__descriptor))
/* Allocates with malloc. */
uint8_t *message_pack(const ProtobufCMessage *message, size_t *length);

struct slice slice_of_data(ProtobufCBinaryData data);
ProtobufCBinaryData data_of_slice(struct slice slice);
/* A text that must not be changed, as protobuf-c wants it; NULL becomes "". */
char *text_of_constant(const char *text);
/* A text from outside: invalid UTF-8, which would make Terraform drop the response, is replaced. */
char *text_of_outside(struct arena *arena, const char *text);

/* NULL and absent members become the empty value. */
struct dynamic_value dynamic_of_message(const Tfplugin6__DynamicValue *message);
struct dynamic_value identity_of_message(const Tfplugin6__ResourceIdentityData *message);
struct slice json_of_raw_state(const Tfplugin6__RawState *message);
/* Empty bytes become NULL, which means null. */
Tfplugin6__DynamicValue *dynamic_message(struct arena *arena, struct slice msgpack);
Tfplugin6__ResourceIdentityData *identity_data_message(struct arena *arena, struct slice msgpack);
Tfplugin6__AttributePath *path_message(struct arena *arena, const struct path *path);
/* Never has the severity 0, which Terraform would show and ignore. */
Tfplugin6__Diagnostic *diagnostic_message(struct arena *arena, const struct diagnostic *diagnostic);
Tfplugin6__Timestamp *timestamp_message(struct arena *arena, int64_t unix_ms);

/* Fills the repeated member `diagnostics` of any response; one without it is left alone. */
void message_put_diagnostics(struct arena *arena, ProtobufCMessage *response,
                             const struct diagnostics *diagnostics);

#endif
