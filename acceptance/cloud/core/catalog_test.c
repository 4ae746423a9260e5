#include "acceptance/cloud/core/catalog.h"

#include <string.h>

#include "lib/base/str.h"
#include "lib/base/test.h"

static void ids_are_found_again_and_unlike(void **state)
{
    (void)state;
    ARENA_AUTO arena = arena_new();
    for (const struct image *image = images; image->name; image++) {
        const char *id = image_id(arena, "eu-frankfurt-1", image);
        assert_int_equal(strlen(id), strlen("ocid1.image.oc1.eu-frankfurt-1.") + 60);
        assert_ptr_equal(image_find("eu-frankfurt-1", id), image);
        assert_null(image_find("us-ashburn-1", id));
        assert_ptr_equal(image_find_by_name(image->name), image);
        json_t *json = image_json(arena, "eu-frankfurt-1", image);
        assert_non_null(json);
        json_decref(json);
    }
    assert_null(image_find("eu-frankfurt-1", NULL));
}

static void names_of_images_tell_what_they_are(void **state)
{
    (void)state;
    for (const struct image *image = images; image->name; image++) {
        assert_int_equal(image->architecture == ARCHITECTURE_AARCH64,
                         strstr(image->name, "aarch64") != NULL);
        assert_int_equal(image->gpu, strstr(image->name, "GPU") != NULL);
        assert_int_equal(image->kubernetes_version != NULL, strstr(image->name, "-OKE-") != NULL);
        assert_true(!image->kubernetes_version ||
                    strstr(image->name, image->kubernetes_version + 1) != NULL);
    }
}

static void images_fit_the_shapes_of_their_architecture(void **state)
{
    (void)state;
    const struct shape *arm = shape_find("VM.Standard.A1.Flex");
    const struct shape *gpu = shape_find("VM.GPU.A10.1");
    assert_true(image_fits_shape(image_find_by_name("Oracle-Linux-9.6-aarch64-2026.08.14-0"), arm));
    assert_false(image_fits_shape(image_find_by_name("Oracle-Linux-9.6-2026.08.14-0"), arm));
    const struct image *driver = image_find_by_name("Oracle-Linux-8.10-Gen2-GPU-2026.08.14-0");
    assert_true(image_fits_shape(driver, gpu));
    assert_false(image_fits_shape(driver, shape_find("VM.Standard.E5.Flex")));
}

static void shapes_are_well_described(void **state)
{
    (void)state;
    assert_null(shape_find(NULL));
    assert_null(shape_find("VM.Standard.Z9"));
    for (const struct shape *shape = shapes; shape->name; shape++) {
        json_t *json = shape_json(shape);
        assert_non_null(json);
        assert_int_equal(shape_is_flexible(shape), text_ends_with(shape->name, ".Flex"));
        assert_int_equal(json_object_get(json, "memoryOptions") != NULL, shape_is_flexible(shape));
        json_decref(json);
    }
    const struct shape *arm = shape_find("VM.Standard.A1.Flex");
    assert_int_equal(shape_max_vnics(arm, 1), 2);
    assert_int_equal(shape_max_vnics(arm, 4), 4);
    assert_int_equal(shape_max_vnics(arm, 80), 24);
    assert_int_equal(shape_max_vnics(shape_find("VM.Standard2.8"), 8), 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ids_are_found_again_and_unlike),
        cmocka_unit_test(names_of_images_tell_what_they_are),
        cmocka_unit_test(images_fit_the_shapes_of_their_architecture),
        cmocka_unit_test(shapes_are_well_described),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
