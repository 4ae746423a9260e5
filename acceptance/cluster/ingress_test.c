#include "acceptance/cluster/ingress.h"

#include <string.h>

#include "lib/base/json.h"
#include "lib/base/test.h"

#define PREFIX "nginx.ingress.kubernetes.io/"

static json_t *parse(const char *text)
{
    ERROR_AUTO(err);
    json_t *json = json_parse(text, strlen(text), &err);
    assert_non_null(json);
    return json;
}

/* One rule: host, path and its type, service "web" port 80. */
static json_t *ingress(const char *host, const char *path, const char *type)
{
    json_t *backend = parse("{\"service\":{\"name\":\"web\",\"port\":{\"number\":80}}}");
    json_t *rule = json_pack("{s:{s:[{s:s, s:s, s:o}]}}", "http", "paths", "path", path, "pathType",
                             type, "backend", backend);
    if (host)
        json_set_text(rule, "host", host);
    return json_pack("{s:{s:s, s:s, s:{}}, s:{s:s, s:[o]}}", "metadata", "namespace", "shop",
                     "name", "front", "annotations", "spec", "ingressClassName", "nginx", "rules",
                     rule);
}

static void annotate(json_t *object, const char *name, const char *value)
{
    json_set_text(json_at_path(object, "metadata.annotations"), name, value);
}

static char *render(json_t *object)
{
    JSON_AUTO list = json_array();
    json_array_append(list, object);
    JSON_AUTO services =
        parse("{\"shop/web\":{\"spec\":{\"clusterIP\":\"10.96.0.7\",\"ports\":[{\"port\":80,"
              "\"name\":\"http\"}]}}}");
    struct str out = STR_INIT;
    ingress_render(list, services, "/no/certificates", &out);
    return str_steal(&out);
}

static void test_paths(void **state)
{
    (void)state;
    static const struct {
        const char *path, *type, *has, *has_not;
    } rows[] = {
        {"/", "Prefix", "location \"/\" {", "location = "},
        {"/api", "Prefix", "location = \"/api\" {", NULL},
        {"/api", "Prefix", "location \"/api/\" {", "location \"/api\" {"},
        {"/api/", "Prefix", "location \"/api/\" {", "location = "},
        {"/api", "Exact", "location = \"/api\" {", "location \"/api/\" {"},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        JSON_AUTO object = ingress("a.example.com", rows[i].path, rows[i].type);
        CLEANUP(free_pointer) char *text = render(object);
        assert_non_null(strstr(text, rows[i].has));
        assert_true(!rows[i].has_not || !strstr(text, rows[i].has_not));
        assert_non_null(strstr(text, "server_name a.example.com;"));
        assert_non_null(strstr(text, "proxy_pass http://10.96.0.7:80;"));
    }
}

static void test_rewriting(void **state)
{
    (void)state;
    JSON_AUTO object = ingress(NULL, "/api(/|$)(.*)", "ImplementationSpecific");
    annotate(object, PREFIX "rewrite-target", "/$2");
    annotate(object, PREFIX "proxy-read-timeout", "7");
    CLEANUP(free_pointer) char *text = render(object);
    assert_non_null(strstr(text, "location ~* \"^/api(/|$)(.*)\" {"));
    assert_non_null(strstr(text, "rewrite \"(?i)/api(/|$)(.*)\" \"/$2\" break;"));
    assert_non_null(strstr(text, "proxy_read_timeout 7s;"));
}

static void test_backends(void **state)
{
    (void)state;
    JSON_AUTO named = ingress("a.example.com", "/", "Prefix");
    json_t *port = json_at_path(named, "spec.rules.0.http.paths.0.backend.service.port");
    json_object_clear(port);
    json_set_text(port, "name", "http");
    CLEANUP(free_pointer) char *good = render(named);
    assert_non_null(strstr(good, "proxy_pass http://10.96.0.7:80;"));
    json_set_text(port, "name", "other");
    CLEANUP(free_pointer) char *missing = render(named);
    assert_null(strstr(missing, "proxy_pass"));
    assert_non_null(strstr(missing, "return 503;"));
}

static void test_tls(void **state)
{
    (void)state;
    JSON_AUTO object = ingress("a.example.com", "/", "Prefix");
    json_object_set_new(json_object_get(object, "spec"), "tls",
                        parse("[{\"hosts\":[\"a.example.com\"],\"secretName\":\"s\"}]"));
    CLEANUP(free_pointer) char *redirects = render(object);
    assert_non_null(strstr(redirects, "return 308 https://"));
    assert_null(strstr(redirects, "ssl_certificate ")); /* there is no such file */
    annotate(object, PREFIX "ssl-redirect", "false");
    CLEANUP(free_pointer) char *stays = render(object);
    assert_null(strstr(stays, "return 308"));
}

static void test_class(void **state)
{
    (void)state;
    JSON_AUTO ours = ingress(NULL, "/", "Prefix");
    assert_true(ingress_is_ours(ours));
    json_set_text(json_object_get(ours, "spec"), "ingressClassName", "other");
    assert_false(ingress_is_ours(ours));
    json_object_del(json_object_get(ours, "spec"), "ingressClassName");
    assert_false(ingress_is_ours(ours));
    annotate(ours, "kubernetes.io/ingress.class", "nginx");
    assert_true(ingress_is_ours(ours));
}

/* Nothing that an Ingress says can leave the place it is put in. */
static void test_refused(void **state)
{
    (void)state;
    static const char *const paths[] = {"/a\" { return 200; } #", "/a\nb", "/a\\", "/\x7f"};
    for (size_t i = 0; i < ARRAY_LENGTH(paths); i++) {
        ERROR_AUTO(err);
        JSON_AUTO object = ingress(NULL, paths[i], "Prefix");
        assert_false(ingress_check(object, NULL, &err));
    }
    static const char *const annotations[][2] = {
        {PREFIX "rewrite-target", "/$1\"; return 200; #"},
        {PREFIX "rewrite-target", "relative"},
        {PREFIX "proxy-body-size", "8m; return 200"},
        {PREFIX "proxy-body-size", "m"},
        {PREFIX "proxy-read-timeout", "60s"},
        {PREFIX "proxy-read-timeout", "0"},
        {PREFIX "use-regex", "yes"},
        {PREFIX "backend-protocol", "GRPC"},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(annotations); i++) {
        ERROR_AUTO(err);
        JSON_AUTO object = ingress(NULL, "/", "Prefix");
        annotate(object, annotations[i][0], annotations[i][1]);
        assert_false(ingress_check(object, NULL, &err));
        assert_non_null(strstr(error_message(&err), annotations[i][0]));
    }
    ERROR_AUTO(err);
    JSON_AUTO host = ingress("a.example.com; return 200", "/", "Prefix");
    assert_false(ingress_check(host, NULL, &err));
}

static void test_ignored(void **state)
{
    (void)state;
    ERROR_AUTO(err);
    STR_AUTO ignored = STR_INIT;
    JSON_AUTO object = ingress("*.example.com", "/", "Prefix");
    annotate(object, PREFIX "limit-rps", "5");
    annotate(object, "example.com/own", "anything");
    assert_true(ingress_check(object, &ignored, &err));
    assert_string_equal(str_text(&ignored), PREFIX "limit-rps");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_paths),    cmocka_unit_test(test_rewriting),
        cmocka_unit_test(test_backends), cmocka_unit_test(test_tls),
        cmocka_unit_test(test_class),    cmocka_unit_test(test_refused),
        cmocka_unit_test(test_ignored),
    };
    return cmocka_run_group_tests_name("ingress", tests, NULL, NULL);
}
