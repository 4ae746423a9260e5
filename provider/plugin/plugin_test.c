/*
 * The plugin process as a whole: this program, started again with the argument "provider", serves a
 * tiny provider; the test is its Terraform.
 */
#include "provider/plugin/plugin.h"

#include "lib/base/test.h"

#include <fcntl.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "lib/base/encoding.h"
#include "provider/engine/operation.h"
#include "provider/plugin/handshake.h"
#include "provider/plugin/test_client.h"
#include "provider/proto/plugin.pb-c.h"

static char *program;

/* --- the provider ----------------------------------------------------------------------------- */

static const struct attribute thing_attributes[] = {
    {.name = "id", .kind = ATTRIBUTE_STRING, .flags = COMPUTED, .doc = "Its id."},
    {.name = "wait_ms", .kind = ATTRIBUTE_INTEGER, .flags = OPTIONAL, .doc = "Time to wait."},
    {0},
};

static bool open_thing(struct operation *op, const struct value *config, const struct value **state,
                       struct error *err)
{
    int64_t wait_ms = 0;
    value_as_integer(value_get(config, "wait_ms"), &wait_ms);
    if (!cancel_sleep_until(op->cancel, clock_monotonic_ms() + wait_ms))
        return error_set(err, ERROR_CANCELLED, "stopped");
    *state = value_with(op->arena, config, "id", value_string(op->arena, "x"));
    return true;
}

static bool configure(const struct value *config, const char *terraform_version, void **client,
                      struct error *err)
{
    (void)config;
    (void)terraform_version;
    (void)err;
    *client = NULL;
    return true;
}

static const struct resource thing = {
    .name = "thing",
    .summary = "A thing.",
    .attributes = thing_attributes,
    .ops = &(const struct resource_ops){.open = open_thing},
};
static const struct attribute no_attributes[] = {{0}};
static const struct provider provider = {
    .name = "oke",
    .version = "0",
    .summary = "For tests.",
    .attributes = no_attributes,
    .data_sources = (const struct resource *const[]){&thing, NULL},
    .configure = configure,
};

/* --- its process ------------------------------------------------------------------------------ */

struct child {
    pid_t pid;
    int out, err;
    char line[8192];   /* what it said first on stdout */
    char address[256]; /* parsed from it */
    char *certificate; /* points into line */
};

static void start(struct child *child, bool reattach, const char *client_certificate)
{
    int out[2], err[2];
    posix_spawn_file_actions_t actions;
    char *arguments[] = {program, (char *)(reattach ? "reattach" : "provider"), NULL};
    *child = (struct child){0};
    assert_int_equal(pipe2(out, O_CLOEXEC), 0);
    assert_int_equal(pipe2(err, O_CLOEXEC), 0);
    if (client_certificate)
        setenv("PLUGIN_CLIENT_CERT", client_certificate, 1);
    else
        unsetenv("PLUGIN_CLIENT_CERT");
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, err[1], STDERR_FILENO);
    assert_int_equal(posix_spawn(&child->pid, program, &actions, NULL, arguments, environ), 0);
    posix_spawn_file_actions_destroy(&actions);
    close(out[1]);
    close(err[1]);
    child->out = out[0];
    child->err = err[0];
    assert_true(read(child->out, child->line, sizeof(child->line) - 1) > 0);
    if (reattach) {
        const char *at = strstr(child->line, "\"String\":\"");
        assert_non_null(at);
        assert_int_equal(sscanf(at, "\"String\":\"%255[^\"]", child->address), 1);
        return;
    }
    assert_int_equal(sscanf(child->line, "1|6|unix|%255[^|]|grpc|", child->address), 1);
    child->certificate = strrchr(child->line, '|') + 1;
    child->certificate[strcspn(child->certificate, "\n")] = '\0';
}

/* Its exit status; -1 when it does not end in time. */
static int wait_for_end(struct child *child, int milliseconds)
{
    int status = -1;
    int64_t until = clock_monotonic_ms() + milliseconds;
    while (waitpid(child->pid, &status, WNOHANG) == 0 && clock_monotonic_ms() < until)
        usleep(2000);
    close(child->out);
    close(child->err);
    return status;
}

static bool exists(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0;
}

/* --- TLS as Terraform does it ----------------------------------------------------------------- */

static EVP_PKEY *client_key;
static X509 *client_certificate;
static char *client_pem;

static int make_client(void **state)
{
    (void)state;
    client_key = EVP_EC_gen("P-521");
    client_certificate = X509_new();
    X509_NAME *name = X509_get_subject_name(client_certificate);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"localhost", -1, -1,
                               0);
    X509_set_issuer_name(client_certificate, name);
    X509_gmtime_adj(X509_getm_notBefore(client_certificate), -30);
    X509_gmtime_adj(X509_getm_notAfter(client_certificate), 3600);
    X509_set_pubkey(client_certificate, client_key);
    X509_sign(client_certificate, client_key, EVP_sha512());
    BIO *bio = BIO_new(BIO_s_mem());
    PEM_write_bio_X509(bio, client_certificate);
    char *text;
    long length = BIO_get_mem_data(bio, &text);
    client_pem = mem_strndup(text, (size_t)length);
    BIO_free(bio);
    return 0;
}

static int free_client(void **state)
{
    (void)state;
    EVP_PKEY_free(client_key);
    X509_free(client_certificate);
    free(client_pem);
    return 0;
}

static SSL *connect_tls(int fd, const char *server_certificate)
{
    STR_AUTO der = STR_INIT;
    assert_true(base64_decode(server_certificate, strlen(server_certificate), &der));
    const unsigned char *bytes = (const unsigned char *)der.ptr;
    X509 *server = d2i_X509(NULL, &bytes, (long)der.length);
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context), server);
    X509_free(server);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
    SSL_CTX_use_certificate(context, client_certificate);
    SSL_CTX_use_PrivateKey(context, client_key);
    SSL *ssl = SSL_new(context);
    SSL_CTX_free(context);
    SSL_set_fd(ssl, fd);
    SSL_set1_host(ssl, "localhost");
    SSL_set_alpn_protos(ssl, (const unsigned char *)"\x02h2", 3);
    assert_int_equal(SSL_connect(ssl), 1);
    return ssl;
}

static void attach(struct test_client *client, const struct child *child)
{
    int fd = test_connect(child->address);
    assert_true(fd >= 0);
    SSL *ssl =
        child->certificate && *child->certificate ? connect_tls(fd, child->certificate) : NULL;
    test_client_start(client, fd, ssl, 1 << 20);
}

/* Runs an RPC and unpacks its one answer into the arena. */
static void *run_rpc(struct test_client *client, struct arena *arena, const char *path,
                     const ProtobufCMessage *request, const ProtobufCMessageDescriptor *response)
{
    struct test_call call = TEST_CALL(path);
    size_t length;
    uint8_t *bytes = message_pack(request, &length);
    test_call_add_message(&call, bytes, length);
    free(bytes);
    assert_true(test_call_run(client, &call));
    assert_int_equal(call.grpc_status, GRPC_OK);
    void *message = message_unpack(arena, response, test_call_message(&call, 0));
    assert_non_null(message);
    test_call_free(&call);
    return message;
}

static void shut_down(struct test_client *client, struct arena *arena)
{
    Plugin__Empty empty = PLUGIN__EMPTY__INIT;
    run_rpc(client, arena, "/plugin.GRPCController/Shutdown", &empty.base,
            &plugin__empty__descriptor);
}

/* --- tests ------------------------------------------------------------------------------------ */

/* What Terraform does in one phase. */
static void a_phase(const char *certificate)
{
    ARENA_AUTO arena = arena_new();
    struct child child;
    struct test_client client;
    start(&child, false, certificate);
    attach(&client, &child);
    struct test_call stdio = TEST_CALL("/plugin.GRPCStdio/StreamStdio");
    struct test_call broker = TEST_CALL("/plugin.GRPCBroker/StartStream");
    test_call_add_message(&stdio, "", 0);
    broker.keep_open = true;
    test_call_start(&client, &stdio);
    test_call_start(&client, &broker);
    for (int round = 0; round < 2; round++) {
        Tfplugin6__GetProviderSchema__Request request =
            TFPLUGIN6__GET_PROVIDER_SCHEMA__REQUEST__INIT;
        const Tfplugin6__GetProviderSchema__Response *schema =
            run_rpc(&client, arena, "/tfplugin6.Provider/GetProviderSchema", &request.base,
                    &tfplugin6__get_provider_schema__response__descriptor);
        assert_non_null(schema->provider);
        assert_int_equal(schema->n_data_source_schemas, 1);
        assert_string_equal(schema->data_source_schemas[0]->key, "oke_thing");
        assert_int_equal(schema->data_source_schemas[0]->value->block->n_attributes, 2);
        assert_true(schema->server_capabilities->get_provider_schema_optional);
    }
    Plugin__HealthCheckRequest health = PLUGIN__HEALTH_CHECK_REQUEST__INIT;
    health.service = (char *)"plugin";
    const Plugin__HealthCheckResponse *healthy =
        run_rpc(&client, arena, "/grpc.health.v1.Health/Check", &health.base,
                &plugin__health_check_response__descriptor);
    assert_int_equal(healthy->status, PLUGIN__HEALTH_CHECK_RESPONSE__SERVING_STATUS__SERVING);
    assert_false(stdio.closed || broker.closed);
    shut_down(&client, arena);
    assert_int_equal(wait_for_end(&child, 1500), 0);
    assert_false(exists(child.address));
    test_call_free(&stdio);
    test_call_free(&broker);
    test_client_stop(&client);
}

static void phase_with_tls(void **state)
{
    (void)state;
    a_phase(client_pem);
}

static void phase_without_tls(void **state)
{
    (void)state;
    a_phase(NULL);
}

static void plaintext_to_a_tls_server(void **state)
{
    (void)state;
    struct child child;
    struct test_client client;
    start(&child, false, client_pem);
    child.certificate = NULL;
    attach(&client, &child);
    struct test_call call = TEST_CALL("/grpc.health.v1.Health/Check");
    test_call_add_message(&call, "", 0);
    assert_false(test_call_run(&client, &call));
    assert_true(client.ended);
    kill(child.pid, SIGTERM);
    assert_int_equal(wait_for_end(&child, 2000), 0);
    test_call_free(&call);
    test_client_stop(&client);
}

static void signals(void **state)
{
    (void)state;
    struct child child;
    start(&child, false, NULL);
    kill(child.pid, SIGINT);
    usleep(50000);
    struct test_client client;
    attach(&client, &child); /* still there */
    assert_true(exists(child.address));
    kill(child.pid, SIGTERM);
    assert_int_equal(wait_for_end(&child, 2000), 0);
    assert_false(exists(child.address));
    test_client_stop(&client);
    start(&child, true, NULL);
    kill(child.pid, SIGINT);
    assert_int_equal(wait_for_end(&child, 2000), 0);
    assert_false(exists(child.address));
}

/* Terraform was killed: the reader of stderr is gone. */
static void orphan_ends(void **state)
{
    (void)state;
    struct child child;
    start(&child, false, client_pem);
    close(child.err);
    child.err = -1;
    assert_int_equal(wait_for_end(&child, 2000), 0);
    assert_false(exists(child.address));
}

static void msgpack_config(struct str *out, int wait_ms)
{
    /* {"id": nil, "wait_ms": int16} */
    str_append_bytes(out, "\x82\xa2id\xc0\xa7wait_ms\xd1", 14);
    str_append_char(out, (char)(wait_ms >> 8));
    str_append_char(out, (char)wait_ms);
}

static void configure_provider(struct test_client *client, struct arena *arena)
{
    Tfplugin6__ConfigureProvider__Request request = TFPLUGIN6__CONFIGURE_PROVIDER__REQUEST__INIT;
    request.terraform_version = (char *)"1.11.4";
    request.config = dynamic_message(arena, SLICE_LITERAL("\x80"));
    const Tfplugin6__ConfigureProvider__Response *response =
        run_rpc(client, arena, "/tfplugin6.Provider/ConfigureProvider", &request.base,
                &tfplugin6__configure_provider__response__descriptor);
    assert_int_equal(response->n_diagnostics, 0);
}

static void begin_read(struct test_client *client, struct arena *arena, struct test_call *call,
                       int wait_ms)
{
    Tfplugin6__ReadDataSource__Request request = TFPLUGIN6__READ_DATA_SOURCE__REQUEST__INIT;
    STR_AUTO config = STR_INIT;
    size_t length;
    msgpack_config(&config, wait_ms);
    request.type_name = (char *)"oke_thing";
    request.config = dynamic_message(arena, (struct slice){config.ptr, config.length});
    uint8_t *bytes = message_pack(&request.base, &length);
    *call = (struct test_call)TEST_CALL("/tfplugin6.Provider/ReadDataSource");
    test_call_add_message(call, bytes, length);
    free(bytes);
    test_call_start(client, call);
}

static size_t diagnostics_of_read(struct arena *arena, const struct test_call *call)
{
    assert_int_equal(call->grpc_status, GRPC_OK);
    const Tfplugin6__ReadDataSource__Response *response = message_unpack(
        arena, &tfplugin6__read_data_source__response__descriptor, test_call_message(call, 0));
    assert_non_null(response);
    return response->n_diagnostics;
}

static void stop_provider(struct test_client *client, struct arena *arena)
{
    Tfplugin6__StopProvider__Request stop = TFPLUGIN6__STOP_PROVIDER__REQUEST__INIT;
    const Tfplugin6__StopProvider__Response *stopped =
        run_rpc(client, arena, "/tfplugin6.Provider/StopProvider", &stop.base,
                &tfplugin6__stop_provider__response__descriptor);
    assert_string_equal(stopped->error, "");
}

/* StopProvider answers at once while calls run, and makes them end with an error. */
static void stop_ends_running_calls(void **state)
{
    (void)state;
    enum { CALLS = 30 };
    ARENA_AUTO arena = arena_new();
    struct child child;
    struct test_client client;
    struct test_call calls[CALLS];
    start(&child, false, client_pem);
    attach(&client, &child);
    configure_provider(&client, arena);
    for (size_t i = 0; i < CALLS; i++)
        begin_read(&client, arena, &calls[i], 30000);
    usleep(100000);
    int64_t before = clock_monotonic_ms();
    stop_provider(&client, arena);
    for (size_t i = 0; i < CALLS; i++) {
        assert_true(test_call_wait(&client, &calls[i]));
        assert_int_equal(diagnostics_of_read(arena, &calls[i]), 1);
        test_call_free(&calls[i]);
    }
    assert_true(clock_monotonic_ms() - before < 5000);
    shut_down(&client, arena);
    assert_int_equal(wait_for_end(&child, 1500), 0);
    test_client_stop(&client);
}

/* SIGTERM in the middle of a call: the call is told to stop and its answer still leaves. */
static void terminate_lets_answers_leave(void **state)
{
    (void)state;
    ARENA_AUTO arena = arena_new();
    struct child child;
    struct test_client client;
    struct test_call call;
    start(&child, false, client_pem);
    attach(&client, &child);
    configure_provider(&client, arena);
    begin_read(&client, arena, &call, 400);
    usleep(100000);
    kill(child.pid, SIGTERM);
    assert_true(test_call_wait(&client, &call));
    assert_int_equal(call.grpc_status, GRPC_OK);
    assert_int_equal(wait_for_end(&child, 2000), 0);
    test_call_free(&call);
    test_client_stop(&client);
}

/* Reattach mode: many clients, one after the other and at once. A stop ends with its run. */
static void reattach(void **state)
{
    (void)state;
    ARENA_AUTO arena = arena_new();
    struct child child;
    struct test_client clients[8];
    start(&child, true, NULL);
    close(child.err); /* nobody watches a parent here */
    child.err = -1;
    for (int round = 0; round < 3; round++) {
        for (size_t i = 0; i < 8; i++) {
            struct test_call call;
            attach(&clients[i], &child);
            configure_provider(&clients[i], arena);
            begin_read(&clients[i], arena, &call, 1);
            assert_true(test_call_wait(&clients[i], &call));
            assert_int_equal(diagnostics_of_read(arena, &call), 0);
            test_call_free(&call);
        }
        stop_provider(&clients[0], arena);
        for (size_t i = 0; i < 8; i++)
            test_client_stop(&clients[i]);
    }
    kill(child.pid, SIGTERM);
    assert_int_equal(wait_for_end(&child, 2000), 0);
}

int main(int argc, char **argv)
{
    program = argv[0];
    if (argc > 1)
        return plugin_serve(&provider, "registry.terraform.io/okestra/oke",
                            strcmp(argv[1], "reattach") == 0 ? PLUGIN_REATTACH
                                                             : PLUGIN_OF_TERRAFORM);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(phase_with_tls),
        cmocka_unit_test(phase_without_tls),
        cmocka_unit_test(plaintext_to_a_tls_server),
        cmocka_unit_test(signals),
        cmocka_unit_test(orphan_ends),
        cmocka_unit_test(stop_ends_running_calls),
        cmocka_unit_test(terminate_lets_answers_leave),
        cmocka_unit_test(reattach),
    };
    return cmocka_run_group_tests(tests, make_client, free_client);
}
