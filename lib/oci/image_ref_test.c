#include "lib/oci/image_ref.h"

#include <string.h>

#include "lib/base/test.h"

#define HEX64 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void assert_slice(struct slice slice, const char *text)
{
    if (!slice_equal_text(slice, text))
        fail_msg("\"%.*s\" instead of \"%s\"", (int)slice.length, slice.ptr, text);
}

static void test_parts(void **state)
{
    (void)state;
    static const struct {
        const char *text, *registry, *path, *tag, *digest, *region;
    } cases[] = {
        {"nginx", "", "nginx", "", "", ""},
        {"nginx:1.27", "", "nginx", "1.27", "", ""},
        {"library/nginx", "", "library/nginx", "", "", ""},
        {"docker.io/library/nginx", "docker.io", "library/nginx", "", "", ""},
        {"localhost/x", "localhost", "x", "", "", ""},
        {"localhost:5000/team/app:v1", "localhost:5000", "team/app", "v1", "", ""},
        {"fra.ocir.io/ns/todo/backend:1.0", "fra.ocir.io", "ns/todo/backend", "1.0", "", "fra"},
        {"eu-frankfurt-1.ocir.io/ns/a", "eu-frankfurt-1.ocir.io", "ns/a", "", "", "eu-frankfurt-1"},
        {"ocir.us-phoenix-1.oci.oraclecloud.com/ns/a@sha256:" HEX64,
         "ocir.us-phoenix-1.oci.oraclecloud.com", "ns/a", "", "sha256:" HEX64, "us-phoenix-1"},
        {"ns/a:t@sha256:" HEX64, "", "ns/a", "t", "sha256:" HEX64, ""},
        {"a__b/c-d.e--f_g", "", "a__b/c-d.e--f_g", "", "", ""},
        {"ocir.example.com/a/b", "ocir.example.com", "a/b", "", "", ""},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        ERROR_AUTO(err);
        struct image_ref ref;
        if (!image_ref_parse(cases[i].text, &ref, &err))
            fail_msg("%s: %s", cases[i].text, error_message(&err));
        assert_slice(ref.registry, cases[i].registry);
        assert_slice(ref.path, cases[i].path);
        assert_slice(ref.tag, cases[i].tag);
        assert_slice(ref.digest, cases[i].digest);
        assert_slice(image_ref_region(ref.registry), cases[i].region);
    }
}

static void test_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"", "no repository name"},
        {"Nginx", "\"Nginx\" is no repository name"},
        {"a//b", "no repository name"},
        {"a/", "no repository name"},
        {"/a", "no repository name"},
        {"a..b", "no repository name"},
        {"a___b", "no repository name"},
        {"-a", "no repository name"},
        {"a-", "no repository name"},
        {"fra.ocir.io/", "no repository name"},
        {"a:", "a tag has"},
        {"a:-x", "a tag has"},
        {"a:x y", "a tag has"},
        {"a@sha256:12", "a digest is"},
        {"a@md5:" HEX64, "a digest is"},
        {"a@", "a digest is"},
        {"a b.c/d", "\"a b.c\" is no host"},
        {"host:port/d", "\"host:port\" is no host"},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        ERROR_AUTO(err);
        struct image_ref ref;
        if (image_ref_parse(cases[i].text, &ref, &err))
            fail_msg("%s was taken", cases[i].text);
        if (!strstr(error_message(&err), cases[i].message))
            fail_msg("%s: %s", cases[i].text, error_message(&err));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parts),
        cmocka_unit_test(test_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
