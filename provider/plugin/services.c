#include "provider/plugin/services.h"

#include "provider/plugin/plugin.h"
#include "provider/proto/plugin.pb-c.h"

static void answer(struct grpc_call *call, const ProtobufCMessage *message)
{
    size_t length;
    uint8_t *bytes = message_pack(message, &length);
    grpc_call_reply(call, bytes, length);
}

/* The end of a phase. Terraform kills who has not ended two seconds later. */
static void shutdown_plugin(void *context, const struct grpc_method *method, struct grpc_call *call,
                            struct slice message)
{
    (void)method;
    (void)message;
    struct plugin *plugin = context;
    Plugin__Empty empty = PLUGIN__EMPTY__INIT;
    engine_finish(plugin->engine);
    answer(call, &empty.base);
    grpc_server_stop(plugin->server);
}

static void check_health(void *context, const struct grpc_method *method, struct grpc_call *call,
                         struct slice message)
{
    (void)context;
    (void)method;
    ARENA_AUTO arena = arena_new();
    const Plugin__HealthCheckRequest *request =
        message_unpack(arena, &plugin__health_check_request__descriptor, message);
    if (!request) {
        grpc_call_finish(call, GRPC_INTERNAL, "the request is no HealthCheckRequest");
        return;
    }
    if (!text_empty(request->service) && !text_equal(request->service, "plugin") &&
        !text_equal(request->service, "tfplugin6.Provider")) {
        grpc_call_finish(call, GRPC_NOT_FOUND, "unknown service");
        return;
    }
    Plugin__HealthCheckResponse response = PLUGIN__HEALTH_CHECK_RESPONSE__INIT;
    response.status = PLUGIN__HEALTH_CHECK_RESPONSE__SERVING_STATUS__SERVING;
    answer(call, &response.base);
}

const struct grpc_method services_methods[] = {
    {"/plugin.GRPCController/Shutdown", shutdown_plugin, GRPC_RUN_ON_LOOP, NULL},
    /* What would be sent there is logged as "unexpected data"; so nothing is. */
    {"/plugin.GRPCStdio/StreamStdio", NULL, GRPC_HOLD, NULL},
    /* Providers open no connections of their own. */
    {"/plugin.GRPCBroker/StartStream", NULL, GRPC_HOLD_UNTIL_SENT, NULL},
    {"/grpc.health.v1.Health/Check", check_health, GRPC_RUN_ON_LOOP, NULL},
    {NULL, NULL, GRPC_RUN_ON_LOOP, NULL},
};
