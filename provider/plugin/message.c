#include "provider/plugin/message.h"

#include <string.h>

static void *allocate(void *arena, size_t size)
{
    return arena_alloc(arena, size);
}

static void keep(void *arena, void *pointer)
{
    (void)arena;
    (void)pointer;
}

void *message_unpack(struct arena *arena, const ProtobufCMessageDescriptor *descriptor,
                     struct slice bytes)
{
    ProtobufCAllocator allocator = {allocate, keep, arena};
    return protobuf_c_message_unpack(descriptor, &allocator, bytes.length,
                                     (const uint8_t *)bytes.ptr);
}

void *message_new(struct arena *arena, const ProtobufCMessageDescriptor *descriptor)
{
    void *message = arena_alloc(arena, descriptor->sizeof_message);
    protobuf_c_message_init(descriptor, message);
    return message;
}

uint8_t *message_pack(const ProtobufCMessage *message, size_t *length)
{
    *length = protobuf_c_message_get_packed_size(message);
    uint8_t *bytes = mem_alloc(*length);
    protobuf_c_message_pack(message, bytes);
    return bytes;
}

struct slice slice_of_data(ProtobufCBinaryData data)
{
    return (struct slice){(const char *)data.data, data.len};
}

ProtobufCBinaryData data_of_slice(struct slice slice)
{
    return (ProtobufCBinaryData){slice.length, (uint8_t *)slice.ptr};
}

char *text_of_constant(const char *text)
{
    return (char *)(text ? text : "");
}

char *text_of_outside(struct arena *arena, const char *text)
{
    if (!text || text_is_utf8(text, strlen(text)))
        return text_of_constant(text);
    STR_AUTO clean = STR_INIT;
    str_append_utf8(&clean, text, strlen(text));
    return str_copy_to(&clean, arena);
}

struct dynamic_value dynamic_of_message(const Tfplugin6__DynamicValue *message)
{
    if (!message)
        return (struct dynamic_value){0};
    return (struct dynamic_value){slice_of_data(message->msgpack), slice_of_data(message->json)};
}

struct dynamic_value identity_of_message(const Tfplugin6__ResourceIdentityData *message)
{
    return dynamic_of_message(message ? message->identity_data : NULL);
}

struct slice json_of_raw_state(const Tfplugin6__RawState *message)
{
    return message ? slice_of_data(message->json) : (struct slice){0};
}

Tfplugin6__DynamicValue *dynamic_message(struct arena *arena, struct slice msgpack)
{
    if (!msgpack.length)
        return NULL;
    Tfplugin6__DynamicValue *message = MESSAGE_NEW(arena, DynamicValue, dynamic_value);
    message->msgpack = data_of_slice(msgpack);
    return message;
}

Tfplugin6__ResourceIdentityData *identity_data_message(struct arena *arena, struct slice msgpack)
{
    if (!msgpack.length)
        return NULL;
    Tfplugin6__ResourceIdentityData *message =
        MESSAGE_NEW(arena, ResourceIdentityData, resource_identity_data);
    message->identity_data = dynamic_message(arena, msgpack);
    return message;
}

static Tfplugin6__AttributePath__Step *step_message(struct arena *arena, const struct path *step)
{
    Tfplugin6__AttributePath__Step *message =
        MESSAGE_NEW(arena, AttributePath__Step, attribute_path__step);
    switch (step->kind) {
    case PATH_ATTRIBUTE:
        message->selector_case = TFPLUGIN6__ATTRIBUTE_PATH__STEP__SELECTOR_ATTRIBUTE_NAME;
        message->attribute_name = text_of_outside(arena, step->name);
        break;
    case PATH_KEY:
        message->selector_case = TFPLUGIN6__ATTRIBUTE_PATH__STEP__SELECTOR_ELEMENT_KEY_STRING;
        message->element_key_string = text_of_outside(arena, step->name);
        break;
    case PATH_INDEX:
        message->selector_case = TFPLUGIN6__ATTRIBUTE_PATH__STEP__SELECTOR_ELEMENT_KEY_INT;
        message->element_key_int = step->index;
        break;
    }
    return message;
}

Tfplugin6__AttributePath *path_message(struct arena *arena, const struct path *path)
{
    Tfplugin6__AttributePath *message = MESSAGE_NEW(arena, AttributePath, attribute_path);
    size_t depth = path_depth(path);
    const struct path **steps = arena_array(arena, const struct path *, depth);
    path_steps(path, steps);
    message->steps = arena_array(arena, Tfplugin6__AttributePath__Step *, depth);
    message->n_steps = depth;
    for (size_t i = 0; i < depth; i++)
        message->steps[i] = step_message(arena, steps[i]);
    return message;
}

Tfplugin6__Diagnostic *diagnostic_message(struct arena *arena, const struct diagnostic *diagnostic)
{
    Tfplugin6__Diagnostic *message = MESSAGE_NEW(arena, Diagnostic, diagnostic);
    message->severity = diagnostic->severity == SEVERITY_WARNING
                            ? TFPLUGIN6__DIAGNOSTIC__SEVERITY__WARNING
                            : TFPLUGIN6__DIAGNOSTIC__SEVERITY__ERROR;
    message->summary = text_of_outside(arena, diagnostic->summary);
    message->detail = text_of_outside(arena, diagnostic->detail);
    if (diagnostic->path)
        message->attribute = path_message(arena, diagnostic->path);
    return message;
}

Tfplugin6__Timestamp *timestamp_message(struct arena *arena, int64_t unix_ms)
{
    Tfplugin6__Timestamp *message = MESSAGE_NEW(arena, Timestamp, timestamp);
    message->seconds = unix_ms / 1000;
    message->nanos = (int32_t)(unix_ms % 1000) * 1000000;
    return message;
}

void message_put_diagnostics(struct arena *arena, ProtobufCMessage *response,
                             const struct diagnostics *diagnostics)
{
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field_by_name(response->descriptor, "diagnostics");
    if (!field)
        return;
    Tfplugin6__Diagnostic **messages =
        arena_array(arena, Tfplugin6__Diagnostic *, diagnostics->count);
    for (size_t i = 0; i < diagnostics->count; i++)
        messages[i] = diagnostic_message(arena, &diagnostics->items[i]);
    char *base = (char *)response;
    memcpy(base + field->offset, &messages, sizeof(messages));
    memcpy(base + field->quantifier_offset, &diagnostics->count, sizeof(size_t));
}
