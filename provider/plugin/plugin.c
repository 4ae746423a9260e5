#include "provider/plugin/plugin.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "provider/plugin/crash.h"
#include "provider/plugin/handshake.h"
#include "provider/plugin/hclog.h"
#include "provider/plugin/process.h"
#include "provider/plugin/provider_service.h"
#include "provider/plugin/services.h"
#include "provider/plugin/tls.h"

/* Time for handlers to see that they are stopped, within the two seconds that Terraform gives. */
enum { HANDLERS_END_MS = 300 };

static const struct grpc_method *const method_tables[] = {provider_service_methods,
                                                          services_methods, NULL};

/* For the signal handler, which may come before there is a server. */
static struct grpc_server *_Atomic running;
static atomic_bool terminated;

static void on_terminate(void)
{
    struct grpc_server *server = running;
    terminated = true;
    if (server)
        grpc_server_stop(server);
}

static void stop_operations(void *context)
{
    const struct plugin *plugin = context;
    engine_stop(plugin->engine);
}

static void free_tls(struct tls **tls)
{
    tls_free(*tls);
}

/* Tells how to reach us: by the handshake line, or to a human. */
static bool announce(const char *provider_address, enum plugin_mode mode, const char *address,
                     const struct tls *tls, struct error *err)
{
    STR_AUTO text = STR_INIT;
    STR_AUTO certificate = STR_INIT;
    if (mode == PLUGIN_REATTACH) {
        handshake_reattach_text(provider_address, address, &text);
        if (fputs(str_text(&text), stdout) < 0 || fflush(stdout) != 0)
            return error_set_errno(err, "write to stdout");
        return true;
    }
    if (tls)
        tls_certificate(tls, &certificate);
    handshake_line(address, str_text(&certificate), &text);
    return handshake_print(str_text(&text), err);
}

/* Serves on the socket. Does not return while handlers run that would not end. */
static void serve(const struct provider *provider, enum plugin_mode mode, int listen_fd,
                  SSL_CTX *context)
{
    struct plugin plugin = {.engine = engine_new(provider), .mutex = PTHREAD_MUTEX_INITIALIZER};
    if (mode == PLUGIN_REATTACH)
        engine_serve_many(plugin.engine);
    plugin.server = grpc_server_new(
        &(struct grpc_setup){.listen_fd = listen_fd,
                             .tls = context,
                             .own_user_only = !handshake_shared_with_group(),
                             .watch_fd = mode == PLUGIN_REATTACH ? -1 : STDERR_FILENO,
                             .methods = method_tables,
                             .context = &plugin,
                             .stopping = stop_operations});
    running = plugin.server;
    if (terminated)
        grpc_server_stop(plugin.server);
    bool in_good_order = grpc_server_run(plugin.server);
    handshake_unlink();
    /* Terraform is gone: nobody hears of what operations come to, and the next run continues them from
     * the journal, which must not take them for stored. */
    if (!in_good_order)
        _exit(EXIT_SUCCESS);
    engine_stop(plugin.engine);
    if (!grpc_server_end(plugin.server, HANDLERS_END_MS))
        _exit(EXIT_SUCCESS); /* they still use what would be freed below */
    running = NULL;
    grpc_server_free(plugin.server);
    engine_free(plugin.engine);
    free((void *)plugin.schema.ptr);
    pthread_mutex_destroy(&plugin.mutex);
}

static int fail(const struct provider *provider, const struct error *err)
{
    fprintf(stderr, "terraform-provider-%s cannot start: %s\n", provider->name, error_message(err));
    handshake_unlink();
    return EXIT_FAILURE;
}

int plugin_serve(const struct provider *provider, const char *address, enum plugin_mode mode)
{
    ERROR_AUTO(err);
    STR_AUTO socket_address = STR_INIT;
    CLEANUP(free_tls) struct tls *tls = NULL;
    SSL_CTX *context = NULL;
    const char *client = mode == PLUGIN_REATTACH ? NULL : getenv("PLUGIN_CLIENT_CERT");
    process_bound_heaps();
    process_handle_signals(on_terminate, mode == PLUGIN_REATTACH);
    crash_install(handshake_unlink);
    crash_protect_memory(mode == PLUGIN_REATTACH);
    hclog_start();
    int listen_fd = handshake_listen(&socket_address, &err);
    if (listen_fd < 0 || (!text_empty(client) && !(tls = tls_new(client, &err))) ||
        !announce(address, mode, str_text(&socket_address), tls, &err))
        return fail(provider, &err);
    /* Terraform now starts its client; what follows happens meanwhile. */
    if (tls && !(context = tls_server_context(tls, &err)))
        return fail(provider, &err);
    serve(provider, mode, listen_fd, context);
    crash_release_thread();
    return EXIT_SUCCESS;
}
