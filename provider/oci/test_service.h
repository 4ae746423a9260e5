/*
 * A service that plays scripted answers, and an operation against it: for unit tests of operations and
 * hooks (all functions are static). Requests are written down as "POST /things {…}\n", without versions
 * and retry tokens.
 */
#ifndef OKESTRA_PROVIDER_OCI_TEST_SERVICE_H
#define OKESTRA_PROVIDER_OCI_TEST_SERVICE_H

#include <string.h>

#include "lib/base/clock.h"
#include "lib/base/test.h"
#include "lib/net/test_server.h"
#include "lib/oci/test_keys.h"
#include "provider/engine/engine_internal.h"
#include "provider/oci/client.h"
#include "provider/value/value_json.h"

#define TEST_TENANCY "ocid1.tenancy.oc1..aaaa"
#define TEST_TOKEN   "0123456789abcdefghijklmnopqrstuv"

enum { TEST_MOST_REQUESTS = 64, TEST_PATIENCE_MS = 30 * 1000 };

/* One step for each request; the last step is repeated. */
struct test_step {
    int status;
    const char *body, *headers;
    bool drop;
};

static struct {
    struct test_server *server;
    struct provider_client client;
    struct engine engine;
    struct operation op;
    struct intent intent;
    struct diagnostics diagnostics;
    const struct test_step *steps;
    int count, received;
    struct str transcript;
    struct str tokens; /* retry tokens of all requests, each with a blank */
} service;

static void test_service_answer(void *context, struct test_exchange *exchange)
{
    (void)context;
    int number = service.received < service.count ? service.received : service.count - 1;
    const struct test_step *step = &service.steps[number];
    if (service.received++ == TEST_MOST_REQUESTS)
        fatal_error("too many requests:\n%s", str_text(&service.transcript));
    const char *target = exchange->target;
    if (text_starts_with(target, "/20"))
        target = strchr(target + 1, '/');
    str_printf(&service.transcript, "%s %s", exchange->method, target);
    str_printf(&service.transcript, exchange->body.length ? " %s\n" : "%s\n",
               str_text(&exchange->body));
    CLEANUP(free_pointer) char *token = test_header(exchange, "opc-retry-token");
    if (token)
        str_printf(&service.tokens, "%s ", token);
    exchange->status = step->status;
    exchange->drop = step->drop;
    str_append(&exchange->headers, "opc-request-id: REQ1\r\nContent-Type: application/json\r\n");
    str_append(&exchange->headers, step->headers);
    str_append(&exchange->answer, step->body);
}

#define PLAY(...)                                                                                  \
    do {                                                                                           \
        static const struct test_step steps[] = {__VA_ARGS__};                                     \
        service.steps = steps;                                                                     \
        service.count = (int)ARRAY_LENGTH(steps);                                                  \
        service.received = 0;                                                                      \
        str_clear(&service.transcript);                                                            \
        str_clear(&service.tokens);                                                                \
    } while (0)

#define REFUSED(code, text) "{\"code\":\"" code "\",\"message\":\"" text "\"}"

ATTR_UNUSED static void assert_transcript(const char *expected)
{
    if (strcmp(str_text(&service.transcript), expected) != 0)
        fail_msg("sent:\n%sexpected:\n%s", str_text(&service.transcript), expected);
}

ATTR_UNUSED static void assert_in(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("\"%s\" lacks \"%s\"", text, part);
}

static int test_service_set_up(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    CLEANUP(free_pointer) char *url = test_server_url(service.server, "");
    CLEANUP(free_pointer) char *key = test_path("key.pem");
    CLEANUP(free_pointer) char *journal = test_path("journal");
    const struct oci_endpoint_setting endpoint = {"default", url};
    const struct oci_client_options options = {.settings = {.tenancy_ocid = TEST_TENANCY,
                                                            .user_ocid = "ocid1.user.oc1..aaaa",
                                                            .private_key_path = key,
                                                            .region = "phx"},
                                               .endpoints = &endpoint,
                                               .endpoint_count = 1};
    service.client = (struct provider_client){.oci = oci_client_new(&options, &err)};
    service.engine = (struct engine){.journal = journal_new(journal)};
    service.intent = (struct intent){.id = "i", .token = TEST_TOKEN};
    struct arena *arena = arena_new();
    diagnostics_init(&service.diagnostics, arena);
    service.op = (struct operation){.arena = arena,
                                    .client = &service.client,
                                    .deadline_ms = clock_monotonic_ms() + TEST_PATIENCE_MS,
                                    .diagnostics = &service.diagnostics,
                                    .engine = &service.engine,
                                    .intent = &service.intent};
    return service.client.oci ? 0 : -1;
}

static int test_service_tear_down(void **state)
{
    (void)state;
    oci_client_free(service.client.oci);
    journal_free(service.engine.journal);
    free(service.intent.object_id);
    arena_free(service.op.arena);
    return 0;
}

ATTR_UNUSED static int test_service_start(void **state)
{
    (void)state;
    test_directory_make();
    setenv("HOME", test_directory, 1);
    if (!test_run("openssl genrsa -out key.pem 2048"))
        return -1;
    service.server = test_server_start(test_service_answer, NULL, false);
    return 0;
}

ATTR_UNUSED static int test_service_stop(void **state)
{
    (void)state;
    test_server_stop(service.server);
    test_directory_remove();
    str_free(&service.transcript);
    str_free(&service.tokens);
    return 0;
}

/* A state or configuration of the resource, from the JSON that Terraform stores; what is left out is
 * null. The operation is about this resource from now on. */
ATTR_UNUSED static const struct value *about(const struct resource *resource, const char *json)
{
    ERROR_AUTO(err);
    service.op.resource = resource;
    const struct value *value = value_json_decode(service.op.arena, resource_type(resource),
                                                  VALUE_JSON_STATE, slice_from(json), &err);
    if (!value)
        fail_msg("%s: %s", json, error_message(&err));
    return value;
}

/* The same as a plan to create: what the server decides is unknown. */
ATTR_UNUSED static const struct value *plan_of(const struct resource *resource, const char *json)
{
    const struct value *planned = about(resource, json);
    for (const struct attribute *a = resource->attributes; a->name; a++)
        if (a->flags & COMPUTED && value_is_null(value_get(planned, a->name)))
            planned = value_with(service.op.arena, planned, a->name, &value_unknown);
    return planned;
}

#define SERVICE_TEST(name)                                                                         \
    cmocka_unit_test_setup_teardown(name, test_service_set_up, test_service_tear_down)

#endif
