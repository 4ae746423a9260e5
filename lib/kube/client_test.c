/* The client against a server that plays what API servers answer. */
#include "lib/kube/client.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "lib/base/clock.h"
#include "lib/base/file.h"
#include "lib/base/json.h"
#include "lib/base/test.h"
#include "lib/kube/object.h"
#include "lib/kube/ready.h"
#include "lib/net/secret.h"
#include "lib/net/test_server.h"

enum { MOST_REQUESTS = 64 };

/* One answer for each request; the last is repeated. `expect`: part of the request line. */
struct step {
    int status;
    const char *body, *headers, *expect;
    bool drop, until_close;
};

static struct {
    struct test_server *server;
    struct kube_client *client;
    const struct step *steps;
    int count, received;
    char *heads[MOST_REQUESTS], *bodies[MOST_REQUESTS];
} world;

static void handle(void *context, struct test_exchange *exchange)
{
    (void)context;
    const struct step *step =
        &world.steps[world.received < world.count ? world.received : world.count - 1];
    exchange->status = step->status;
    exchange->drop = step->drop;
    exchange->no_length = step->until_close;
    str_append(&exchange->headers, "Audit-Id: AUDIT1\r\n");
    str_append(&exchange->headers, step->headers);
    str_append(&exchange->answer, step->body);
    if (world.received == MOST_REQUESTS)
        fatal_error("too many requests");
    if (step->expect && !strstr(exchange->head, step->expect))
        exchange->status = 599;
    world.heads[world.received] = mem_strdup(exchange->head);
    world.bodies[world.received++] = mem_strdup(str_text(&exchange->body));
}

static void play_steps(const struct step *steps, size_t count)
{
    for (int i = 0; i < world.received; i++) {
        free(world.heads[i]);
        free(world.bodies[i]);
    }
    world.steps = steps;
    world.count = (int)count;
    world.received = 0;
}
#define PLAY(...)                                                                                  \
    static const struct step played[] = {__VA_ARGS__};                                             \
    play_steps(played, ARRAY_LENGTH(played))

static struct kube_client *new_client(void (*fill)(struct kube_config *config))
{
    struct kube_config *config = kube_config_new();
    CLEANUP(free_pointer) char *url = test_server_url(world.server, "");
    config->server = arena_strdup(config->arena, url);
    config->ca = world.server->certificate;
    config->token = secret_copy("T0KEN");
    if (fill)
        fill(config);
    ERROR_AUTO(err);
    if (!kube_config_check(config, &err))
        fail_msg("%s", error_message(&err));
    return kube_client_new(&(struct kube_client_options){.config = config, .user_agent = "test/1"});
}

static const struct kube_scope plain = {0};
static const struct kube_kind deployments = {"apps/v1", "Deployment", "deployments", true};
static const struct kube_object backend = {&deployments, "todo-app", "backend"};

#define STATUS(code, reason, message)                                                              \
    "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"code\":" #code            \
    ",\"reason\":\"" reason "\",\"message\":\"" message "\"}"

static void test_get(void **state)
{
    (void)state;
    PLAY({200, "{\"kind\":\"Deployment\",\"metadata\":{\"name\":\"backend\"}}", NULL,
          "GET /apis/apps/v1/namespaces/todo-app/deployments/backend HTTP"});
    ERROR_AUTO(err);
    JSON_AUTO object = kube_get(world.client, &plain, &backend, &err);
    if (!object)
        fail_msg("%s", error_message(&err));
    assert_string_equal(kube_name(object), "backend");
    assert_non_null(strstr(world.heads[0], "Authorization: Bearer T0KEN\r\n"));
    assert_non_null(strstr(world.heads[0], "User-Agent: test/1\r\n"));
    assert_non_null(strstr(world.heads[0], "Accept: application/json\r\n"));
}

static void test_errors(void **state)
{
    (void)state;
    static const struct {
        struct step step;
        enum error_code code;
        const char *message;
    } cases[] = {
        {{404, STATUS(404, "NotFound", "deployments.apps \\\"backend\\\" not found")},
         ERROR_NOT_FOUND,
         "Deployment todo-app/backend: deployments.apps \"backend\" not found (HTTP 404 NotFound), "
         "audit id AUDIT1"},
        {{403, STATUS(403, "Forbidden", "user x cannot get")}, ERROR_DENIED, "user x cannot get"},
        {{401, STATUS(401, "Unauthorized", "Unauthorized")},
         ERROR_DENIED,
         "the clock of this machine"},
        {{409, STATUS(409, "AlreadyExists", "is there")}, ERROR_EXISTS, "is there"},
        {{409, STATUS(409, "Conflict", "modified")}, ERROR_CONFLICT, "modified"},
        {{422, STATUS(422, "Invalid", "spec.replicas: must be positive")},
         ERROR_INVALID,
         "must be positive"},
        {{500, STATUS(500, "InternalError",
                      "failed to create typed patch object (a): .x: field not declared")},
         ERROR_INVALID,
         "field not declared"},
        {{400, "<html>proxy says no</html>"},
         ERROR_INVALID,
         "HTTP 400: <html>proxy says no</html>"},
        {{418, ""}, ERROR_REMOTE, "HTTP 418"},
        {{200, "{\"a\":"}, ERROR_INVALID, "answer about Deployment todo-app/backend: invalid JSON"},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        play_steps(&cases[i].step, 1);
        ERROR_AUTO(err);
        JSON_AUTO object = kube_get(world.client, &plain, &backend, &err);
        assert_null(object);
        assert_int_equal(world.received, 1);
        if (err.code != cases[i].code || !strstr(error_message(&err), cases[i].message))
            fail_msg("case %zu: %s", i, error_message(&err));
    }
}

static void test_retries(void **state)
{
    (void)state;
    PLAY({503, STATUS(503, "ServiceUnavailable", "starting")}, {.status = 200, .drop = true},
         {429, STATUS(429, "TooManyRequests", "later"), "Retry-After: 0\r\n"},
         {500, STATUS(500, "InternalError", "failed calling webhook")},
         {200, "{\"kind\":\"Deployment\"}"});
    ERROR_AUTO(err);
    JSON_AUTO object = kube_get(world.client, &plain, &backend, &err);
    if (!object)
        fail_msg("%s", error_message(&err));
    assert_int_equal(world.received, 5);
}

/* What may not be done twice is not sent twice once the server may have seen it. */
static void test_once(void **state)
{
    (void)state;
    PLAY({.status = 200, .drop = true}, {200, "{}"});
    ERROR_AUTO(err);
    JSON_AUTO body = json_object();
    struct kube_request request = {
        .method = "POST", .path = "/api/v1/namespaces/a/pods", .body = body, .once = true};
    assert_false(kube_call(world.client, &plain, &request, NULL, NULL, &err));
    assert_int_equal(err.code, ERROR_UNAVAILABLE);
    assert_int_equal(world.received, 1);
}

static void test_deadline(void **state)
{
    (void)state;
    PLAY({503, STATUS(503, "ServiceUnavailable", "no")});
    ERROR_AUTO(err);
    struct kube_scope soon = {.deadline_ms = clock_monotonic_ms() + 1000};
    JSON_AUTO object = kube_get(world.client, &soon, &backend, &err);
    assert_null(object);
    assert_true(world.received < 10);
    assert_non_null(strstr(error_message(&err), "no (HTTP 503"));
}

static void note_warning(void *context, const char *warning)
{
    str_printf(context, "[%s]", warning);
}

static void test_warnings(void **state)
{
    (void)state;
    PLAY({200, "{}", "Warning: 299 - \"v1beta1 is \\\"old\\\"\"\r\nWarning: 299 - \"second\"\r\n"});
    STR_AUTO text = STR_INIT;
    struct kube_scope scope = {.on_warning = note_warning, .context = &text};
    ERROR_AUTO(err);
    JSON_AUTO object = kube_get(world.client, &scope, &backend, &err);
    assert_non_null(object);
    assert_string_equal(str_text(&text), "[v1beta1 is \"old\"][second]");
}

/* --- credentials -------------------------------------------------------------------------------- */

static bool count_tokens(void *context, struct str *token, int64_t *expires_ms,
                         struct cancel *cancel, struct error *err)
{
    (void)cancel;
    (void)err;
    int *made = context;
    str_printf(token, "number-%d", ++*made);
    *expires_ms = clock_wall_ms() + 240 * 1000;
    return true;
}

static void test_refused_token_is_renewed_once(void **state)
{
    (void)state;
    PLAY({401, STATUS(401, "Unauthorized", "Unauthorized")},
         {200, "{}", NULL, "Authorization: Bearer number-2\r\n"},
         {200, "{}", NULL, "Authorization: Bearer number-2\r\n"},
         {401, STATUS(401, "Unauthorized", "Unauthorized")});
    int made = 0;
    struct kube_config *config = kube_config_new();
    CLEANUP(free_pointer) char *url = test_server_url(world.server, "");
    config->server = arena_strdup(config->arena, url);
    config->ca = world.server->certificate;
    struct kube_client *client = kube_client_new(&(struct kube_client_options){
        .config = config, .token_source = count_tokens, .token_context = &made});
    ERROR_AUTO(err);
    for (int i = 0; i < 2; i++) {
        JSON_AUTO object = kube_get(client, &plain, &backend, &err);
        if (!object)
            fail_msg("%s", error_message(&err));
    }
    assert_int_equal(made, 2);
    assert_null(kube_get(client, &plain, &backend, &err));
    assert_int_equal(err.code, ERROR_DENIED);
    assert_int_equal(made, 3);
    kube_client_free(client);
}

static void fill_exec(struct kube_config *config)
{
    static const char *const arguments[] = {
        "-c",
        "case $KUBERNETES_EXEC_INFO in *'\"interactive\":false'*) ;; *) exit 4;; esac; "
        "printf '{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"kind\":\"ExecCredential\","
        "\"status\":{\"token\":\"%s\"}}' \"$WORD\"",
        NULL};
    static const char *const environment[] = {"WORD=from-plugin", NULL};
    static const struct kube_exec exec = {.command = "sh",
                                          .arguments = arguments,
                                          .environment = environment,
                                          .api_version = "client.authentication.k8s.io/v1"};
    secret_free(config->token);
    config->token = NULL;
    config->exec = &exec;
}

static void test_exec_plugin(void **state)
{
    (void)state;
    PLAY({200, "{}", NULL, "Authorization: Bearer from-plugin\r\n"});
    struct kube_client *client = new_client(fill_exec);
    ERROR_AUTO(err);
    JSON_AUTO object = kube_get(client, &plain, &backend, &err);
    if (!object)
        fail_msg("%s", error_message(&err));
    kube_client_free(client);
}

static void fill_missing_exec(struct kube_config *config)
{
    static const char *const none[] = {NULL};
    static const struct kube_exec exec = {.command = "no-such-plugin",
                                          .arguments = none,
                                          .environment = none,
                                          .install_hint = "Install it from the shop.",
                                          .api_version = "client.authentication.k8s.io/v1"};
    secret_free(config->token);
    config->token = NULL;
    config->exec = &exec;
}

static void test_exec_plugin_that_is_missing(void **state)
{
    (void)state;
    PLAY({200, "{}"});
    struct kube_client *client = new_client(fill_missing_exec);
    ERROR_AUTO(err);
    assert_null(kube_get(client, &plain, &backend, &err));
    assert_non_null(strstr(error_message(&err), "Install it from the shop."));
    assert_non_null(strstr(error_message(&err), "run no-such-plugin"));
    assert_int_equal(world.received, 0);
    kube_client_free(client);
}

static void fill_other_name(struct kube_config *config)
{
    config->tls_server_name = "localhost"; /* the certificate has it, too; the address is no part */
}

static void test_tls_server_name(void **state)
{
    (void)state;
    PLAY({200, "{}", NULL, "Host: localhost:"});
    struct kube_client *client = new_client(fill_other_name);
    ERROR_AUTO(err);
    JSON_AUTO object = kube_get(client, &plain, &backend, &err);
    if (!object)
        fail_msg("%s", error_message(&err));
    kube_client_free(client);
}

/* --- kinds, lists, apply, delete ---------------------------------------------------------------- */

static void test_kinds(void **state)
{
    (void)state;
    PLAY({200,
          "{\"resources\":[{\"name\":\"things\",\"kind\":\"Thing\",\"namespaced\":true},"
          "{\"name\":\"things/status\",\"kind\":\"Other\",\"namespaced\":true}]}",
          NULL, "GET /apis/x.io/v1 "},
         {404, STATUS(404, "NotFound", "no")});
    ERROR_AUTO(err);
    const struct kube_kind *kind = kube_kind_find(world.client, &plain, "x.io/v1", "Thing", &err);
    assert_string_equal(kind->plural, "things");
    assert_true(kind->namespaced);
    assert_ptr_equal(kube_kind_find(world.client, &plain, "x.io/v1", "Thing", &err), kind);
    assert_null(kube_kind_find(world.client, &plain, "x.io/v1", "Other", &err));
    assert_int_equal(err.code, ERROR_NOT_FOUND);
    assert_int_equal(world.received, 1); /* asked a moment ago */
    error_reset(&err);
    assert_null(kube_kind_find(world.client, &plain, "y.io/v1", "Thing", &err));
    assert_non_null(strstr(error_message(&err), "its CRD is not installed"));
    assert_string_equal(kube_kind_find(world.client, &plain, "apps/v1", "Deployment", &err)->plural,
                        "deployments");
    assert_int_equal(world.received, 2); /* compiled in: not asked */
}

static void test_paths(void **state)
{
    (void)state;
    ARENA_AUTO arena = arena_new();
    static const struct kube_kind nodes = {"v1", "Node", "nodes", false};
    const struct {
        struct kube_object object;
        const char *path;
    } cases[] = {
        {{&nodes, NULL, "n1"}, "/api/v1/nodes/n1"},
        {{&nodes, "ignored", NULL}, "/api/v1/nodes"},
        {{&deployments, NULL, NULL}, "/apis/apps/v1/deployments"},
        {{&deployments, "a", NULL}, "/apis/apps/v1/namespaces/a/deployments"},
        {{&nodes, NULL, "system:a b"}, "/api/v1/nodes/system%3Aa%20b"},
        {{&deployments, NULL, "x"}, NULL},
        {{&nodes, NULL, "../pods"}, NULL},
        {{&nodes, NULL, ".."}, NULL},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        ERROR_AUTO(err);
        const char *path = kube_object_path(arena, &cases[i].object, NULL, &err);
        if (!text_equal(path, cases[i].path))
            fail_msg("case %zu: %s", i, path ? path : error_message(&err));
    }
}

static void test_list_in_pages(void **state)
{
    (void)state;
    PLAY(
        {200,
         "{\"metadata\":{\"continue\":\"NEXT\",\"resourceVersion\":\"7\"},\"items\":[{\"metadata\":"
         "{\"name\":\"a\"}}]}",
         NULL, "limit=500&labelSelector=app%3Dx "},
        {200,
         "{\"metadata\":{\"resourceVersion\":\"7\"},\"items\":[{\"metadata\":{\"name\":\"b\"}}]}",
         NULL, "continue=NEXT&"});
    struct kube_object all = {&deployments, "todo-app", NULL};
    ERROR_AUTO(err);
    CLEANUP(free_pointer) char *version = NULL;
    JSON_AUTO items = kube_list(world.client, &plain, &all, "app=x", NULL, &version, &err);
    if (!items)
        fail_msg("%s", error_message(&err));
    assert_int_equal(json_array_size(items), 2);
    assert_string_equal(json_get_text(json_array_get(items, 1), "kind"), "Deployment");
    assert_string_equal(version, "7");
}

static void test_apply(void **state)
{
    (void)state;
    PLAY({200, "{\"kind\":\"Deployment\"}", NULL,
          "PATCH /apis/apps/v1/namespaces/todo-app/deployments/backend?fieldManager=us&force=false&"
          "fieldValidation=Strict&dryRun=All "});
    ERROR_AUTO(err);
    JSON_AUTO desired = json_pack("{s:s}", "kind", "Deployment");
    struct kube_apply apply = {.desired = desired, .manager = "us", .dry_run = true};
    JSON_AUTO answer = kube_apply(world.client, &plain, &backend, &apply, &err);
    if (!answer)
        fail_msg("%s", error_message(&err));
    assert_non_null(strstr(world.heads[0], "Content-Type: application/apply-patch+yaml\r\n"));
    assert_string_equal(world.bodies[0], "{\"kind\":\"Deployment\"}");
}

static void test_apply_conflict(void **state)
{
    (void)state;
    PLAY({409,
          "{\"kind\":\"Status\",\"code\":409,\"reason\":\"Conflict\",\"message\":\"Apply failed\","
          "\"details\":{\"causes\":[{\"reason\":\"FieldManagerConflict\",\"field\":\".spec."
          "replicas\","
          "\"message\":\"conflict with \\\"hpa\\\"\"}]}}"});
    ERROR_AUTO(err);
    JSON_AUTO desired = json_object();
    struct kube_apply apply = {.desired = desired, .manager = "us"};
    assert_null(kube_apply(world.client, &plain, &backend, &apply, &err));
    assert_string_equal(err.service_code, "FieldManagerConflict");
    assert_non_null(strstr(error_message(&err), ".spec.replicas: conflict with \"hpa\""));
    assert_int_equal(world.received, 1);
}

/* A CRD that was made a moment ago. */
static void test_apply_waits_for_the_kind(void **state)
{
    (void)state;
    PLAY({404, STATUS(404, "NotFound", "the server could not find the requested resource")},
         {404, STATUS(404, "NotFound", "the server could not find the requested resource")},
         {403, STATUS(403, "Forbidden", "error looking up service account todo-app/default")},
         {201, "{}"});
    ERROR_AUTO(err);
    JSON_AUTO desired = json_object();
    struct kube_apply apply = {.desired = desired, .manager = "us"};
    JSON_AUTO answer = kube_apply(world.client, &plain, &backend, &apply, &err);
    assert_non_null(answer);
    assert_int_equal(world.received, 4);
    assert_false(error_is_set(&err));
}

static void test_delete_waits_until_gone(void **state)
{
    (void)state;
    PLAY({200,
          "{\"kind\":\"Deployment\",\"metadata\":{\"uid\":\"U\",\"deletionTimestamp\":\"now\"}}",
          NULL, "DELETE "},
         {200,
          "{\"metadata\":{\"resourceVersion\":\"5\"},\"items\":[{\"metadata\":{\"uid\":\"U\","
          "\"finalizers\":[\"foregroundDeletion\"]}}]}",
          NULL, "fieldSelector=metadata.name%3Dbackend "},
         {200,
          "{\"type\":\"BOOKMARK\",\"object\":{\"metadata\":{\"resourceVersion\":\"6\"}}}\n"
          "{\"type\":\"DELETED\",\"object\":{\"metadata\":{\"uid\":\"U\",\"resourceVersion\":\"7\"}"
          "}}\n",
          NULL, "watch=1&allowWatchBookmarks=true&timeoutSeconds=300&resourceVersion=5&",
          .until_close = true});
    ERROR_AUTO(err);
    struct kube_delete options = {.propagation = "Foreground", .grace_seconds = -1, .uid = "U"};
    if (!kube_delete(world.client, &plain, &backend, &options, &err))
        fail_msg("%s", error_message(&err));
    assert_non_null(strstr(world.bodies[0], "\"preconditions\":{\"uid\":\"U\"}"));
    assert_int_equal(world.received, 3);
}

static void test_delete_of_what_is_gone_or_another(void **state)
{
    (void)state;
    static const struct step steps[] = {
        {404, STATUS(404, "NotFound", "gone")},
        {409, STATUS(409, "Conflict", "Precondition failed: UID in precondition: U")}};
    for (size_t i = 0; i < ARRAY_LENGTH(steps); i++) {
        play_steps(&steps[i], 1);
        ERROR_AUTO(err);
        struct kube_delete options = {.grace_seconds = -1, .uid = "U"};
        assert_true(kube_delete(world.client, &plain, &backend, &options, &err));
    }
}

static void test_finalizer_that_stays(void **state)
{
    (void)state;
    PLAY({200, "{\"kind\":\"Deployment\",\"metadata\":{\"uid\":\"U\"}}", NULL, "DELETE "},
         {200, "{\"metadata\":{\"resourceVersion\":\"5\"},\"items\":[{\"metadata\":{\"uid\":\"U\","
               "\"finalizers\":[\"strimzi.io/topic-operator\"]}}]}"},
         {200, "", NULL, "watch=1", .until_close = true},
         {200, "{\"metadata\":{\"resourceVersion\":\"5\"},\"items\":[{\"metadata\":{\"uid\":\"U\","
               "\"finalizers\":[\"strimzi.io/topic-operator\"]}}]}"});
    ERROR_AUTO(err);
    struct kube_scope soon = {.deadline_ms = clock_monotonic_ms() + 1000};
    struct kube_delete options = {.grace_seconds = -1};
    assert_false(kube_delete(world.client, &soon, &backend, &options, &err));
    assert_int_equal(err.code, ERROR_TIMEOUT);
    assert_non_null(strstr(error_message(&err), "finalizers strimzi.io/topic-operator"));
}

/* --- waiting ------------------------------------------------------------------------------------ */

#define READY_LIST(version, available)                                                             \
    "{\"metadata\":{\"resourceVersion\":\"" version                                                \
    "\"},\"items\":[{\"metadata\":{\"name\":\"backend\"},\"spec\":{\"replicas\":1},\"status\":{"   \
    "\"updatedReplicas\":1,\"replicas\":1,\"availableReplicas\":" available "}}]}"

static void test_wait_survives_an_expired_watch(void **state)
{
    (void)state;
    PLAY({200, READY_LIST("1", "0")},
         {200,
          "{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\",\"code\":410,\"reason\":\"Expired\","
          "\"message\":\"too old\"}}\n",
          NULL, "resourceVersion=1&", .until_close = true},
         {200, READY_LIST("9", "0")},
         {200,
          "{\"type\":\"MODIFIED\",\"object\":{\"apiVersion\":\"apps/"
          "v1\",\"kind\":\"Deployment\",\"spec\":{"
          "\"replicas\":1},\"status\":{\"updatedReplicas\":1,\"replicas\":1,\"availableReplicas\":"
          "1}}}\n",
          NULL, "resourceVersion=9&", .until_close = true});
    ERROR_AUTO(err);
    struct kube_ready_rules rules = {.by_kind = true};
    JSON_AUTO last = NULL;
    if (!kube_wait_ready(world.client, &plain, &backend, &rules, 0, NULL, NULL, &last, &err))
        fail_msg("%s", error_message(&err));
    assert_non_null(last);
    assert_int_equal(world.received, 4);
}

static void test_wait_says_what_is_missing(void **state)
{
    (void)state;
    PLAY({200, READY_LIST("1", "0")}, {200, "", NULL, "watch=1", .until_close = true},
         {200, READY_LIST("1", "0")});
    ERROR_AUTO(err);
    struct kube_scope soon = {.deadline_ms = clock_monotonic_ms() + 1000};
    struct kube_condition_rule condition = {"Available", NULL};
    struct kube_ready_rules rules = {
        .by_kind = true, .conditions = &condition, .condition_count = 1};
    assert_false(kube_wait_ready(world.client, &soon, &backend, &rules, 0, NULL, NULL, NULL, &err));
    assert_int_equal(err.code, ERROR_TIMEOUT);
    assert_non_null(strstr(error_message(&err), "Deployment todo-app/backend: not ready after"));
    assert_non_null(strstr(error_message(&err), "0 of 1 replicas are available"));
}

static void test_cause_of_a_crash(void **state)
{
    (void)state;
    PLAY({200,
          "{\"items\":[{\"metadata\":{\"name\":\"backend-1\",\"namespace\":\"todo-app\"},"
          "\"status\":{"
          "\"phase\":\"Running\",\"containerStatuses\":[{\"name\":\"app\",\"state\":{\"waiting\":{"
          "\"reason\":"
          "\"CrashLoopBackOff\",\"message\":\"back-off\"}},\"lastState\":{\"terminated\":{"
          "\"exitCode\":3}}}]}}]}",
          NULL, "labelSelector=app%3Dbackend"},
         {200, "first\nno database\n", "Content-Type: text/plain\r\n",
          "/pods/backend-1/log?container=app&previous=true&tailLines=10&"});
    JSON_AUTO object =
        json_pack("{s:s, s:s, s:{s:s, s:s}, s:{s:{s:{s:s}}}}", "apiVersion", "apps/v1", "kind",
                  "Deployment", "metadata", "name", "backend", "namespace", "todo-app", "spec",
                  "selector", "matchLabels", "app", "backend");
    STR_AUTO cause = STR_INIT;
    assert_true(kube_cause(world.client, &plain, object, &cause));
    assert_string_equal(
        str_text(&cause),
        "  pod backend-1:\n    container app: it crashes again and again "
        "(CrashLoopBackOff), last exit status 3\n      | first\n      | no database");
}

static int start_world(void **state)
{
    (void)state;
    static const struct step none[] = {{500, ""}};
    play_steps(none, 1);
    world.server = test_server_start(handle, NULL, true);
    world.client = new_client(NULL);
    return 0;
}

static int stop_world(void **state)
{
    (void)state;
    kube_client_free(world.client);
    test_server_stop(world.server);
    play_steps(NULL, 0);
    return 0;
}

/* A server for each test: a request that one of them gave up must not count in the next. */
#define IN_WORLD(test) cmocka_unit_test_setup_teardown(test, start_world, stop_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_WORLD(test_get),
        IN_WORLD(test_errors),
        IN_WORLD(test_retries),
        IN_WORLD(test_once),
        IN_WORLD(test_deadline),
        IN_WORLD(test_warnings),
        IN_WORLD(test_refused_token_is_renewed_once),
        IN_WORLD(test_exec_plugin),
        IN_WORLD(test_exec_plugin_that_is_missing),
        IN_WORLD(test_tls_server_name),
        IN_WORLD(test_kinds),
        IN_WORLD(test_paths),
        IN_WORLD(test_list_in_pages),
        IN_WORLD(test_apply),
        IN_WORLD(test_apply_conflict),
        IN_WORLD(test_apply_waits_for_the_kind),
        IN_WORLD(test_delete_waits_until_gone),
        IN_WORLD(test_delete_of_what_is_gone_or_another),
        IN_WORLD(test_finalizer_that_stays),
        IN_WORLD(test_wait_survives_an_expired_watch),
        IN_WORLD(test_wait_says_what_is_missing),
        IN_WORLD(test_cause_of_a_crash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
