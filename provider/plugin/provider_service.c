#include "provider/plugin/provider_service.h"

#include <stdlib.h>

#include "provider/plugin/plugin.h"
#include "provider/plugin/schema_message.h"

/* One call in the making. */
struct rpc {
    struct plugin *plugin;
    struct engine *engine;
    struct grpc_call *call;
    struct arena *arena;
    struct diagnostics diagnostics; /* go into the response by themselves */
};

/* What the table says about an RPC: `request` is of the first type, `response` of the second, set
 * to its defaults. Server streams send their events themselves and have no second type. */
struct rpc_kind {
    const ProtobufCMessageDescriptor *request, *response;
    void (*body)(struct rpc *rpc, const void *request, void *response);
};

static void send_message(struct rpc *rpc, const ProtobufCMessage *message)
{
    size_t length;
    uint8_t *bytes = message_pack(message, &length);
    grpc_call_send(rpc->call, bytes, length);
}

static void serve(void *context, const struct grpc_method *method, struct grpc_call *call,
                  struct slice message)
{
    const struct rpc_kind *kind = method->data;
    ARENA_AUTO arena = arena_new();
    struct plugin *plugin = context;
    struct rpc rpc = {.plugin = plugin, .engine = plugin->engine, .call = call, .arena = arena};
    diagnostics_init(&rpc.diagnostics, arena);
    const void *request = message_unpack(arena, kind->request, message);
    if (!request) {
        grpc_call_finish(call, GRPC_INTERNAL, "the request is malformed");
        return;
    }
    ProtobufCMessage *response = kind->response ? message_new(arena, kind->response) : NULL;
    kind->body(&rpc, request, response);
    if (!response) {
        grpc_call_finish(call, GRPC_OK, NULL);
        return;
    }
    size_t length;
    message_put_diagnostics(arena, response, &rpc.diagnostics);
    uint8_t *bytes = message_pack(response, &length);
    grpc_call_reply(call, bytes, length);
}

/* Declares the typed request and response of a body. */
#define RPC_BODY(Name, in, out)                                                                    \
    const Tfplugin6__##Name##__Request *request = in;                                              \
    Tfplugin6__##Name##__Response *response = out

/* --- what there is ---------------------------------------------------------------------------- */

static void get_metadata(struct rpc *rpc, const void *in, void *out)
{
    (void)in;
    schema_fill_metadata(rpc->arena, engine_provider(rpc->engine), out);
}

static void get_functions(struct rpc *rpc, const void *in, void *out)
{
    (void)in;
    schema_fill_functions(rpc->arena, engine_provider(rpc->engine), out);
}

static void get_resource_identity_schemas(struct rpc *rpc, const void *in, void *out)
{
    (void)in;
    schema_fill_identities(rpc->arena, engine_provider(rpc->engine), out);
}

/* The one large answer, always the same: packed once, sent without a copy. */
static void get_provider_schema(void *context, const struct grpc_method *method,
                                struct grpc_call *call, struct slice message)
{
    (void)method;
    (void)message;
    struct plugin *plugin = context;
    pthread_mutex_lock(&plugin->mutex);
    if (!plugin->schema.ptr) {
        ARENA_AUTO arena = arena_new();
        Tfplugin6__GetProviderSchema__Response response =
            TFPLUGIN6__GET_PROVIDER_SCHEMA__RESPONSE__INIT;
        schema_fill_provider(arena, engine_provider(plugin->engine), &response);
        plugin->schema.ptr = (const char *)message_pack(&response.base, &plugin->schema.length);
    }
    pthread_mutex_unlock(&plugin->mutex);
    grpc_call_reply_constant(call, plugin->schema);
}

/* --- provider configuration and validation ---------------------------------------------------- */

static void validate_provider_config(struct rpc *rpc, const void *in, void *out)
{
    (void)out;
    const Tfplugin6__ValidateProviderConfig__Request *request = in;
    engine_validate_provider(rpc->engine, rpc->arena, dynamic_of_message(request->config),
                             &rpc->diagnostics);
}

static void configure_provider(struct rpc *rpc, const void *in, void *out)
{
    (void)out;
    const Tfplugin6__ConfigureProvider__Request *request = in;
    engine_configure(rpc->engine, rpc->arena, request->terraform_version,
                     dynamic_of_message(request->config), &rpc->diagnostics);
}

static void stop_provider(struct rpc *rpc, const void *in, void *out)
{
    (void)in;
    (void)out;
    engine_stop(rpc->engine);
}

static void validate(struct rpc *rpc, enum object_class object_class, const char *type_name,
                     const Tfplugin6__DynamicValue *config, bool write_only_allowed)
{
    engine_validate(rpc->engine, rpc->arena, object_class, type_name, dynamic_of_message(config),
                    write_only_allowed, &rpc->diagnostics);
}

static void validate_resource_config(struct rpc *rpc, const void *in, void *out)
{
    (void)out;
    const Tfplugin6__ValidateResourceConfig__Request *request = in;
    const Tfplugin6__ClientCapabilities *client = request->client_capabilities;
    validate(rpc, CLASS_RESOURCE, request->type_name, request->config,
             client && client->write_only_attributes_allowed);
}

static void validate_data_resource_config(struct rpc *rpc, const void *in, void *out)
{
    (void)out;
    const Tfplugin6__ValidateDataResourceConfig__Request *request = in;
    validate(rpc, CLASS_DATA_SOURCE, request->type_name, request->config, true);
}

static void validate_ephemeral_resource_config(struct rpc *rpc, const void *in, void *out)
{
    (void)out;
    const Tfplugin6__ValidateEphemeralResourceConfig__Request *request = in;
    validate(rpc, CLASS_EPHEMERAL, request->type_name, request->config, true);
}

static void validate_list_resource_config(struct rpc *rpc, const void *in, void *out)
{
    (void)out;
    const Tfplugin6__ValidateListResourceConfig__Request *request = in;
    validate(rpc, CLASS_LIST, request->type_name, request->config, true);
}

static void validate_action_config(struct rpc *rpc, const void *in, void *out)
{
    (void)out;
    const Tfplugin6__ValidateActionConfig__Request *request = in;
    validate(rpc, CLASS_ACTION, request->type_name, request->config, true);
}

/* --- managed resources ------------------------------------------------------------------------ */

static void upgrade_resource_state(struct rpc *rpc, const void *in, void *out)
{
    RPC_BODY(UpgradeResourceState, in, out);
    struct slice json = json_of_raw_state(request->raw_state);
    if (!json.length) {
        diagnostics_error(&rpc->diagnostics, NULL, "State of an old format",
                          "The state of %s was written by Terraform before 0.12. Upgrade it with "
                          "an older Terraform first.",
                          request->type_name);
        return;
    }
    struct slice upgraded = engine_upgrade(rpc->engine, rpc->arena, request->type_name,
                                           request->version, json, &rpc->diagnostics);
    response->upgraded_state = dynamic_message(rpc->arena, upgraded);
}

static void upgrade_resource_identity(struct rpc *rpc, const void *in, void *out)
{
    RPC_BODY(UpgradeResourceIdentity, in, out);
    struct slice upgraded =
        engine_upgrade_identity(rpc->engine, rpc->arena, request->type_name, request->version,
                                json_of_raw_state(request->raw_identity), &rpc->diagnostics);
    response->upgraded_identity = identity_data_message(rpc->arena, upgraded);
}

static void read_resource(struct rpc *rpc, const void *in, void *out)
{
    RPC_BODY(ReadResource, in, out);
    struct object_response object = {0};
    engine_read(rpc->engine, rpc->arena, request->type_name,
                dynamic_of_message(request->current_state), slice_of_data(request->private_),
                identity_of_message(request->current_identity), &object, &rpc->diagnostics);
    response->new_state = dynamic_message(rpc->arena, object.state);
    response->private_ = data_of_slice(object.private_bytes);
    response->new_identity = identity_data_message(rpc->arena, object.identity);
}

static void plan_resource_change(struct rpc *rpc, const void *in, void *out)
{
    RPC_BODY(PlanResourceChange, in, out);
    const struct plan_request plan = {.type_name = request->type_name,
                                      .prior = dynamic_of_message(request->prior_state),
                                      .proposed = dynamic_of_message(request->proposed_new_state),
                                      .config = dynamic_of_message(request->config),
                                      .prior_private = slice_of_data(request->prior_private),
                                      .prior_identity =
                                          identity_of_message(request->prior_identity)};
    struct plan_response planned = {0};
    engine_plan(rpc->engine, rpc->arena, &plan, &planned, &rpc->diagnostics);
    response->planned_state = dynamic_message(rpc->arena, planned.object.state);
    response->planned_private = data_of_slice(planned.object.private_bytes);
    response->planned_identity = identity_data_message(rpc->arena, planned.object.identity);
    response->n_requires_replace = planned.replace_count;
    response->requires_replace =
        arena_array(rpc->arena, Tfplugin6__AttributePath *, planned.replace_count);
    for (size_t i = 0; i < planned.replace_count; i++)
        response->requires_replace[i] = path_message(rpc->arena, planned.replace[i]);
}

static void apply_resource_change(struct rpc *rpc, const void *in, void *out)
{
    RPC_BODY(ApplyResourceChange, in, out);
    const struct apply_request apply = {.type_name = request->type_name,
                                        .prior = dynamic_of_message(request->prior_state),
                                        .planned = dynamic_of_message(request->planned_state),
                                        .config = dynamic_of_message(request->config),
                                        .planned_private = slice_of_data(request->planned_private),
                                        .planned_identity =
                                            identity_of_message(request->planned_identity)};
    struct object_response object = {0};
    engine_apply(rpc->engine, rpc->arena, &apply, &object, &rpc->diagnostics);
    response->new_state = dynamic_message(rpc->arena, object.state);
    response->private_ = data_of_slice(object.private_bytes);
    response->new_identity = identity_data_message(rpc->arena, object.identity);
}

static void import_resource_state(struct rpc *rpc, const void *in, void *out)
{
    RPC_BODY(ImportResourceState, in, out);
    typedef Tfplugin6__ImportResourceState__ImportedResource imported_message;
    struct object_response object = {0};
    engine_import(rpc->engine, rpc->arena, request->type_name, request->id,
                  identity_of_message(request->identity), &object, &rpc->diagnostics);
    if (!object.state.length)
        return;
    imported_message *imported = MESSAGE_NEW(rpc->arena, ImportResourceState__ImportedResource,
                                             import_resource_state__imported_resource);
    imported->type_name = request->type_name;
    imported->state = dynamic_message(rpc->arena, object.state);
    imported->private_ = data_of_slice(object.private_bytes);
    imported->identity = identity_data_message(rpc->arena, object.identity);
    response->imported_resources = arena_array(rpc->arena, imported_message *, 1);
    response->imported_resources[0] = imported;
    response->n_imported_resources = 1;
}

static void move_resource_state(struct rpc *rpc, const void *in, void *out)
{
    RPC_BODY(MoveResourceState, in, out);
    const struct move_request move = {.source_provider_address = request->source_provider_address,
                                      .source_type_name = request->source_type_name,
                                      .target_type_name = request->target_type_name,
                                      .source_schema_version = request->source_schema_version,
                                      .source_state_json = json_of_raw_state(request->source_state),
                                      .source_private = slice_of_data(request->source_private)};
    struct object_response object = {0};
    engine_move(rpc->engine, rpc->arena, &move, &object, &rpc->diagnostics);
    response->target_state = dynamic_message(rpc->arena, object.state);
    response->target_private = data_of_slice(object.private_bytes);
    response->target_identity = identity_data_message(rpc->arena, object.identity);
}

static void generate_resource_config(struct rpc *rpc, const void *in, void *out)
{
    RPC_BODY(GenerateResourceConfig, in, out);
    struct slice config =
        engine_generate_config(rpc->engine, rpc->arena, request->type_name,
                               dynamic_of_message(request->state), &rpc->diagnostics);
    response->config = dynamic_message(rpc->arena, config);
}

/* --- data sources, ephemeral resources, functions --------------------------------------------- */

static void read_data_source(struct rpc *rpc, const void *in, void *out)
{
    RPC_BODY(ReadDataSource, in, out);
    struct slice state =
        engine_read_data_source(rpc->engine, rpc->arena, request->type_name,
                                dynamic_of_message(request->config), &rpc->diagnostics);
    response->state = dynamic_message(rpc->arena, state);
}

static void open_ephemeral_resource(struct rpc *rpc, const void *in, void *out)
{
    RPC_BODY(OpenEphemeralResource, in, out);
    struct ephemeral_response opened = {0};
    engine_open_ephemeral(rpc->engine, rpc->arena, request->type_name,
                          dynamic_of_message(request->config), &opened, &rpc->diagnostics);
    response->result = dynamic_message(rpc->arena, opened.result);
    if (opened.renew_at_ms) {
        response->opt_renew_at_case =
            TFPLUGIN6__OPEN_EPHEMERAL_RESOURCE__RESPONSE__OPT_RENEW_AT_RENEW_AT;
        response->renew_at = timestamp_message(rpc->arena, opened.renew_at_ms);
    }
    if (opened.private_bytes.length) {
        response->opt_private_case =
            TFPLUGIN6__OPEN_EPHEMERAL_RESOURCE__RESPONSE__OPT_PRIVATE_PRIVATE;
        response->private_ = data_of_slice(opened.private_bytes);
    }
}

static void renew_ephemeral_resource(struct rpc *rpc, const void *in, void *out)
{
    RPC_BODY(RenewEphemeralResource, in, out);
    struct ephemeral_response renewed = {0};
    struct slice private_bytes = {0};
    if (request->opt_private_case ==
        TFPLUGIN6__RENEW_EPHEMERAL_RESOURCE__REQUEST__OPT_PRIVATE_PRIVATE)
        private_bytes = slice_of_data(request->private_);
    engine_renew_ephemeral(rpc->engine, rpc->arena, request->type_name, private_bytes, &renewed,
                           &rpc->diagnostics);
    if (renewed.renew_at_ms) {
        response->opt_renew_at_case =
            TFPLUGIN6__RENEW_EPHEMERAL_RESOURCE__RESPONSE__OPT_RENEW_AT_RENEW_AT;
        response->renew_at = timestamp_message(rpc->arena, renewed.renew_at_ms);
    }
    if (renewed.private_bytes.length) {
        response->opt_private_case =
            TFPLUGIN6__RENEW_EPHEMERAL_RESOURCE__RESPONSE__OPT_PRIVATE_PRIVATE;
        response->private_ = data_of_slice(renewed.private_bytes);
    }
}

static void close_ephemeral_resource(struct rpc *rpc, const void *in, void *out)
{
    (void)out;
    const Tfplugin6__CloseEphemeralResource__Request *request = in;
    struct slice private_bytes = {0};
    if (request->opt_private_case ==
        TFPLUGIN6__CLOSE_EPHEMERAL_RESOURCE__REQUEST__OPT_PRIVATE_PRIVATE)
        private_bytes = slice_of_data(request->private_);
    engine_close_ephemeral(rpc->engine, rpc->arena, request->type_name, private_bytes,
                           &rpc->diagnostics);
}

static void call_function(struct rpc *rpc, const void *in, void *out)
{
    RPC_BODY(CallFunction, in, out);
    struct dynamic_value *arguments =
        arena_array(rpc->arena, struct dynamic_value, request->n_arguments);
    for (size_t i = 0; i < request->n_arguments; i++)
        arguments[i] = dynamic_of_message(request->arguments[i]);
    const char *text;
    int argument;
    struct slice result = engine_call_function(rpc->engine, rpc->arena, request->name, arguments,
                                               request->n_arguments, &text, &argument);
    response->result = dynamic_message(rpc->arena, result);
    if (!text)
        return;
    response->error = MESSAGE_NEW(rpc->arena, FunctionError, function_error);
    response->error->text = text_of_outside(rpc->arena, text);
    if (argument >= 0) {
        response->error->opt_function_argument_case =
            TFPLUGIN6__FUNCTION_ERROR__OPT_FUNCTION_ARGUMENT_FUNCTION_ARGUMENT;
        response->error->function_argument = argument;
    }
}

/* --- list resources and actions --------------------------------------------------------------- */

static bool emit_list_event(void *context, const struct list_event *event)
{
    struct rpc *rpc = context;
    /* An arena of its own for each event: a list may be long. */
    ARENA_AUTO arena = arena_new();
    Tfplugin6__ListResource__Event message = TFPLUGIN6__LIST_RESOURCE__EVENT__INIT;
    Tfplugin6__Diagnostic *diagnostic = NULL;
    message.identity = identity_data_message(arena, event->identity);
    message.display_name = text_of_outside(arena, event->display_name);
    if (event->object.length) {
        message.opt_resource_object_case =
            TFPLUGIN6__LIST_RESOURCE__EVENT__OPT_RESOURCE_OBJECT_RESOURCE_OBJECT;
        message.resource_object = dynamic_message(arena, event->object);
    }
    if (event->diagnostic) {
        diagnostic = diagnostic_message(arena, event->diagnostic);
        message.n_diagnostic = 1;
        message.diagnostic = &diagnostic;
    }
    send_message(rpc, &message.base);
    return !grpc_call_cancelled(rpc->call);
}

static void list_resource(struct rpc *rpc, const void *in, void *out)
{
    (void)out;
    const Tfplugin6__ListResource__Request *request = in;
    engine_list(rpc->engine, rpc->arena, request->type_name, dynamic_of_message(request->config),
                request->include_resource_object, request->limit, emit_list_event, rpc);
}

static void plan_action(struct rpc *rpc, const void *in, void *out)
{
    (void)out;
    const Tfplugin6__PlanAction__Request *request = in;
    engine_plan_action(rpc->engine, rpc->arena, request->action_type,
                       dynamic_of_message(request->config), &rpc->diagnostics);
}

static void send_progress(void *context, const char *text)
{
    struct rpc *rpc = context;
    ARENA_AUTO arena = arena_new();
    Tfplugin6__InvokeAction__Event event = TFPLUGIN6__INVOKE_ACTION__EVENT__INIT;
    Tfplugin6__InvokeAction__Event__Progress progress =
        TFPLUGIN6__INVOKE_ACTION__EVENT__PROGRESS__INIT;
    progress.message = text_of_outside(arena, text);
    event.type_case = TFPLUGIN6__INVOKE_ACTION__EVENT__TYPE_PROGRESS;
    event.progress = &progress;
    send_message(rpc, &event.base);
}

static void invoke_action(struct rpc *rpc, const void *in, void *out)
{
    (void)out;
    const Tfplugin6__InvokeAction__Request *request = in;
    Tfplugin6__InvokeAction__Event event = TFPLUGIN6__INVOKE_ACTION__EVENT__INIT;
    Tfplugin6__InvokeAction__Event__Completed completed =
        TFPLUGIN6__INVOKE_ACTION__EVENT__COMPLETED__INIT;
    engine_invoke_action(rpc->engine, rpc->arena, request->action_type,
                         dynamic_of_message(request->config), send_progress, rpc,
                         &rpc->diagnostics);
    message_put_diagnostics(rpc->arena, &completed.base, &rpc->diagnostics);
    event.type_case = TFPLUGIN6__INVOKE_ACTION__EVENT__TYPE_COMPLETED;
    event.completed = &completed;
    send_message(rpc, &event.base);
}

/* --- the table -------------------------------------------------------------------------------- */

#define KIND(name, response)                                                                       \
    &(const struct rpc_kind)                                                                       \
    {                                                                                              \
        &tfplugin6__##name##__request__descriptor, response, name                                  \
    }
#define UNARY(Name, name, run)                                                                     \
    {                                                                                              \
        "/tfplugin6.Provider/" #Name, serve, run,                                                  \
            KIND(name, &tfplugin6__##name##__response__descriptor)                                 \
    }
#define STREAM(Name, name)                                                                         \
    {                                                                                              \
        "/tfplugin6.Provider/" #Name, serve, GRPC_RUN_ON_WORKER, KIND(name, NULL)                  \
    }

const struct grpc_method provider_service_methods[] = {
    {"/tfplugin6.Provider/GetProviderSchema", get_provider_schema, GRPC_RUN_ON_WORKER, NULL},
    UNARY(GetMetadata, get_metadata, GRPC_RUN_ON_WORKER),
    UNARY(GetResourceIdentitySchemas, get_resource_identity_schemas, GRPC_RUN_ON_WORKER),
    UNARY(GetFunctions, get_functions, GRPC_RUN_ON_WORKER),
    UNARY(ValidateProviderConfig, validate_provider_config, GRPC_RUN_ON_WORKER),
    UNARY(ConfigureProvider, configure_provider, GRPC_RUN_ON_WORKER),
    UNARY(ValidateResourceConfig, validate_resource_config, GRPC_RUN_ON_WORKER),
    UNARY(ValidateDataResourceConfig, validate_data_resource_config, GRPC_RUN_ON_WORKER),
    UNARY(ValidateEphemeralResourceConfig, validate_ephemeral_resource_config, GRPC_RUN_ON_WORKER),
    UNARY(ValidateListResourceConfig, validate_list_resource_config, GRPC_RUN_ON_WORKER),
    UNARY(ValidateActionConfig, validate_action_config, GRPC_RUN_ON_WORKER),
    UNARY(UpgradeResourceState, upgrade_resource_state, GRPC_RUN_ON_WORKER),
    UNARY(UpgradeResourceIdentity, upgrade_resource_identity, GRPC_RUN_ON_WORKER),
    UNARY(ReadResource, read_resource, GRPC_RUN_ON_WORKER),
    UNARY(PlanResourceChange, plan_resource_change, GRPC_RUN_ON_WORKER),
    UNARY(ApplyResourceChange, apply_resource_change, GRPC_RUN_ON_WORKER),
    UNARY(ImportResourceState, import_resource_state, GRPC_RUN_ON_WORKER),
    UNARY(MoveResourceState, move_resource_state, GRPC_RUN_ON_WORKER),
    UNARY(GenerateResourceConfig, generate_resource_config, GRPC_RUN_ON_WORKER),
    UNARY(ReadDataSource, read_data_source, GRPC_RUN_ON_WORKER),
    UNARY(OpenEphemeralResource, open_ephemeral_resource, GRPC_RUN_ON_WORKER),
    UNARY(RenewEphemeralResource, renew_ephemeral_resource, GRPC_RUN_ON_WORKER),
    UNARY(CloseEphemeralResource, close_ephemeral_resource, GRPC_RUN_ON_WORKER),
    UNARY(CallFunction, call_function, GRPC_RUN_ON_WORKER),
    UNARY(PlanAction, plan_action, GRPC_RUN_ON_WORKER),
    STREAM(InvokeAction, invoke_action),
    STREAM(ListResource, list_resource),
    /* Never behind busy workers: it is what ends their work. */
    UNARY(StopProvider, stop_provider, GRPC_RUN_ON_LOOP),
    {NULL, NULL, GRPC_RUN_ON_LOOP, NULL},
};
