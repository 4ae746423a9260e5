#include "provider/value/path.h"

#include <string.h>

#include "lib/base/test.h"
#include "provider/value/value_json.h"

static const struct path *build(struct arena *arena)
{
    const struct path *path = path_attribute(arena, NULL, "node_config_details");
    path = path_index(arena, path, 0);
    path = path_attribute(arena, path, "freeform_tags");
    return path_key(arena, path, "a \"b\" \\c");
}

static void prints_like_terraform(void **state)
{
    (void)state;
    ARENA_AUTO arena = arena_new();
    STR_AUTO text = STR_INIT;
    path_print(NULL, &text);
    assert_string_equal(str_text(&text), "");
    path_print(build(arena), &text);
    assert_string_equal(str_text(&text),
                        "node_config_details[0].freeform_tags[\"a \\\"b\\\" \\\\c\"]");
}

static void steps_start_at_the_root(void **state)
{
    (void)state;
    ARENA_AUTO arena = arena_new();
    const struct path *path = build(arena), *steps[4];
    assert_int_equal(path_depth(NULL), 0);
    assert_int_equal(path_depth(path), 4);
    path_steps(path, steps);
    assert_int_equal(steps[0]->kind, PATH_ATTRIBUTE);
    assert_string_equal(steps[0]->name, "node_config_details");
    assert_int_equal(steps[1]->kind, PATH_INDEX);
    assert_int_equal(steps[1]->index, 0);
    assert_ptr_equal(steps[3], path);
    path_steps(NULL, steps);
}

static void names_are_copied(void **state)
{
    (void)state;
    ARENA_AUTO arena = arena_new();
    char name[] = "vcn_id";
    const struct path *path = path_attribute(arena, NULL, name);
    memset(name, 'x', sizeof(name) - 1);
    assert_string_equal(path->name, "vcn_id");
}

static void looks_up_what_exists(void **state)
{
    (void)state;
    ARENA_AUTO arena = arena_new();
    ERROR_AUTO(err);
    const struct value *root = value_json_decode_any(
        arena, SLICE_LITERAL("{\"list\":[{\"a\":1},null],\"text\":\"x\",\"none\":null}"), &err);
    const struct path *list = path_attribute(arena, NULL, "list");
    const struct path *first = path_index(arena, list, 0);
    assert_ptr_equal(path_lookup(NULL, root), root);
    assert_int_equal(value_count(path_lookup(list, root)), 2);
    assert_string_equal(path_lookup(path_attribute(arena, first, "a"), root)->text.ptr, "1");
    assert_string_equal(path_lookup(path_key(arena, first, "a"), root)->text.ptr, "1");
    /* null is there, absent is not */
    assert_ptr_equal(path_lookup(path_attribute(arena, NULL, "none"), root), &value_null);
    assert_ptr_equal(path_lookup(path_index(arena, list, 1), root), &value_null);
    assert_null(path_lookup(path_index(arena, list, 2), root));
    assert_null(path_lookup(path_index(arena, list, -1), root));
    assert_null(path_lookup(path_attribute(arena, NULL, "other"), root));
    assert_null(path_lookup(path_attribute(arena, list, "a"), root));
    assert_null(path_lookup(path_index(arena, NULL, 0), root));
    const struct path *nowhere = path_attribute(arena, NULL, "other");
    assert_null(path_lookup(path_index(arena, nowhere, 0), root));
    assert_null(path_lookup(list, NULL));
    assert_null(path_lookup(list, &value_null));
    assert_null(path_lookup(list, &value_unknown));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(prints_like_terraform),
        cmocka_unit_test(steps_start_at_the_root),
        cmocka_unit_test(names_are_copied),
        cmocka_unit_test(looks_up_what_exists),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
