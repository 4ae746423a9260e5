#include "provider/oci/node_image.h"

#include <string.h>

#include "lib/base/test.h"

static void test_parse(void **state)
{
    (void)state;
    struct node_image image;
    assert_true(node_image_parse("Oracle-Linux-8.10-aarch64-2026.01.29-0-OKE-1.33.1-1234", &image));
    assert_true(slice_equal_text(image.system, "Oracle-Linux"));
    assert_true(slice_equal_text(image.system_version, "8.10"));
    assert_true(image.aarch64 && !image.gpu);
    assert_int_equal(image.date, 20260129);
    assert_int_equal(image.build, 1234);
    assert_int_equal(image.kubernetes.minor, 33);
    assert_true(
        node_image_parse("Oracle-Linux-8.10-Gen2-GPU-2026.08.14-0-OKE-1.36.1-1710", &image));
    assert_true(!image.aarch64 && image.gpu);
    static const char *const others[] = {
        "",
        "Oracle-Linux-8.10-2026.01.29-0",
        "Oracle-Linux-8.10-2026.01.29-0-OKE-1.33-1234",
        "Oracle-Linux-8.10-2026.01.29-0-OKE-1.33.1-1234-x",
        "Oracle-Linux-8.10-riscv-2026.01.29-0-OKE-1.33.1-1234",
        "Oracle-Linux-8.10-2026.01-0-OKE-1.33.1-1234",
        "Oracle-Linux-8.10-2026.01.29-0-OKE-1.33.1-99999999999",
        "Oracle-Linux",
        "-1-2",
    };
    for (size_t i = 0; i < ARRAY_LENGTH(others); i++)
        assert_false(node_image_parse(others[i], &image));
}

static bool fits(const char *name, const struct node_image_wish *wish)
{
    struct node_image image;
    assert_true(node_image_parse(name, &image));
    return node_image_fits(&image, wish);
}

static void test_fits(void **state)
{
    (void)state;
    static const char x86[] = "Oracle-Linux-8.10-2026.01.29-0-OKE-1.33.1-1234";
    static const char arm[] = "Oracle-Linux-8.10-aarch64-2026.01.29-0-OKE-1.33.1-1234";
    struct node_image_wish wish = {.kubernetes_version = "v1.33.1"};
    assert_true(fits(x86, &wish));
    assert_false(fits(arm, &wish));
    wish.kubernetes_version = "1.33";
    assert_true(fits(x86, &wish));
    wish.kubernetes_version = "v1.33.10";
    assert_false(fits(x86, &wish));
    wish.kubernetes_version = "v1.3";
    assert_false(fits(x86, &wish));
    wish = (struct node_image_wish){.kubernetes_version = "v1.33.1", .aarch64 = true};
    assert_true(fits(arm, &wish));
    wish.system = "Oracle Linux";
    wish.system_version = "8";
    assert_true(fits(arm, &wish));
    wish.system_version = "8.1";
    assert_false(fits(arm, &wish));
    wish.system_version = NULL;
    wish.system = "Canonical Ubuntu";
    assert_false(fits(arm, &wish));
}

/* Each is better than the one before it. */
static void test_order(void **state)
{
    (void)state;
    static const char *const names[] = {
        "Oracle-Linux-9.6-2026.08.14-0-OKE-1.33.1-9999",
        "Oracle-Linux-8.9-2026.01.29-0-OKE-1.33.10-1",
        "Oracle-Linux-8.10-2025.12.31-0-OKE-1.33.10-5",
        "Oracle-Linux-8.10-2026.01.29-0-OKE-1.33.10-9",
        "Oracle-Linux-8.10-2026.01.29-0-OKE-1.33.10-10",
        "Oracle-Linux-8.10-2026.01.29-0-OKE-1.34.0-1",
    };
    struct node_image a, b;
    for (size_t i = 1; i < ARRAY_LENGTH(names); i++) {
        assert_true(node_image_parse(names[i - 1], &a) && node_image_parse(names[i], &b));
        assert_true(node_image_compare(&a, &b) < 0 && node_image_compare(&b, &a) > 0);
        assert_int_equal(node_image_compare(&b, &b), 0);
    }
}

static void test_versions_and_shapes(void **state)
{
    (void)state;
    assert_true(node_image_version_valid("v1.34.2") && node_image_version_valid("1.34"));
    assert_false(node_image_version_valid("") || node_image_version_valid("v1") ||
                 node_image_version_valid("v1.34.") || node_image_version_valid("latest") ||
                 node_image_version_valid("v1.34.2-1") || node_image_version_valid(NULL));
    assert_true(shape_name_is_aarch64("VM.Standard.A1.Flex") &&
                shape_name_is_aarch64("BM.Standard.A1.160") &&
                shape_name_is_aarch64("BM.GPU.GB200.4"));
    assert_false(shape_name_is_aarch64("VM.GPU.A10.1") ||
                 shape_name_is_aarch64("VM.Standard.E5.Flex"));
    assert_true(shape_name_has_gpu("VM.GPU.A10.1") && shape_name_has_gpu("BM.GPU4.8"));
    assert_false(shape_name_has_gpu("VM.Standard.A1.Flex"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parse),
        cmocka_unit_test(test_fits),
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_versions_and_shapes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
