#include "provider/value/test_random.h"
#include "provider/value/test_values.h"

static void types_are_told_apart(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "\"bool\"",
        "\"number\"",
        "\"string\"",
        "\"dynamic\"",
        "[\"list\",\"string\"]",
        "[\"set\",\"string\"]",
        "[\"map\",\"string\"]",
        "[\"map\",[\"list\",\"bool\"]]",
        "[\"tuple\",[]]",
        "[\"tuple\",[\"string\"]]",
        "[\"tuple\",[\"string\",\"bool\"]]",
        "[\"tuple\",[\"bool\",\"string\"]]",
        "[\"object\",{}]",
        "[\"object\",{\"a\":\"string\"}]",
        "[\"object\",{\"a\":\"bool\"}]",
        "[\"object\",{\"b\":\"string\"}]",
        "[\"object\",{\"a\":\"string\",\"b\":[\"set\",\"number\"]}]",
    };
    ARENA_AUTO arena = arena_new();
    for (size_t i = 0; i < ARRAY_LENGTH(texts); i++)
        for (size_t j = 0; j < ARRAY_LENGTH(texts); j++)
            assert_int_equal(type_equal(type_of(arena, texts[i]), type_of(arena, texts[j])),
                             i == j);
}

static void object_fields_are_sorted_and_found(void **state)
{
    (void)state;
    ARENA_AUTO arena = arena_new();
    struct type_field fields[] = {{"z", &type_bool}, {"a", &type_string}, {"ab", &type_number}};
    const struct type *type = type_object(arena, fields, 3);
    assert_string_equal(type->fields[0].name, "a");
    assert_string_equal(type->fields[2].name, "z");
    assert_string_equal(fields[0].name, "z");
    assert_ptr_equal(type_field_type(type, "ab"), &type_number);
    assert_ptr_equal(type_field_type(type, "z"), &type_bool);
    assert_null(type_field_type(type, "b"));
    assert_null(type_field_type(type, ""));
    assert_null(type_field_type(type_object(arena, NULL, 0), "a"));
}

static void values_have_a_type_of_their_own(void **state)
{
    (void)state;
    ARENA_AUTO arena = arena_new();
    STR_AUTO text = STR_INIT;
    type_json_encode(
        type_of_value(arena,
                      value_of(arena, "{\"b\":[1,\"x\",null],\"a\":{\"c\":true},\"d\":\"?\"}")),
        &text);
    assert_string_equal(
        str_text(&text),
        "[\"object\",{\"a\":[\"object\",{\"c\":\"bool\"}],"
        "\"b\":[\"tuple\",[\"number\",\"string\",\"dynamic\"]],\"d\":\"dynamic\"}]");
}

static void maps_are_sorted_and_the_last_key_wins(void **state)
{
    (void)state;
    ARENA_AUTO arena = arena_new();
    struct value_entry entries[] = {
        {SLICE_LITERAL("b"), value_integer(arena, 1)},
        {SLICE_LITERAL("a"), value_integer(arena, 2)},
        {SLICE_LITERAL("b\0x"), value_integer(arena, 3)},
        {SLICE_LITERAL("b"), value_integer(arena, 4)},
        {SLICE_LITERAL(""), value_integer(arena, 5)},
        {SLICE_LITERAL("b"), value_integer(arena, 6)},
    };
    const struct value *map = value_map(arena, entries, ARRAY_LENGTH(entries));
    assert_int_equal(value_count(map), 4);
    assert_int_equal(map->map.entries[0].key.length, 0);
    assert_string_equal(value_get(map, "a")->text.ptr, "2");
    assert_string_equal(value_get(map, "b")->text.ptr, "6");
    assert_string_equal(value_find(map, SLICE_LITERAL("b\0x"))->text.ptr, "3");
    assert_null(value_find(map, SLICE_LITERAL("b\0")));
    assert_ptr_equal(value_get(map, "c"), &value_null);
    assert_ptr_equal(value_get(NULL, "c"), &value_null);
    assert_ptr_equal(value_get(&value_unknown, "c"), &value_null);
    assert_ptr_equal(value_get(value_map(arena, NULL, 0), "c"), &value_null);
}

static void every_member_of_a_large_map_is_found(void **state)
{
    (void)state;
    enum { COUNT = 1000 };
    ARENA_AUTO arena = arena_new();
    struct value_entry *entries = arena_array(arena, struct value_entry, COUNT);
    for (size_t i = 0; i < COUNT; i++)
        entries[i] = (struct value_entry){slice_from(arena_printf(arena, "k%zu", i * 7919 % COUNT)),
                                          value_integer(arena, (int64_t)(i * 7919 % COUNT))};
    const struct value *map = value_map(arena, entries, COUNT);
    for (size_t i = 0; i < COUNT; i++) {
        int64_t number = -1;
        assert_true(value_as_integer(value_get(map, arena_printf(arena, "k%zu", i)), &number));
        assert_int_equal(number, i);
    }
}

static void with_replaces_or_adds_one_member(void **state)
{
    (void)state;
    static const struct {
        const char *before, *key, *after;
    } rows[] = {
        {"{}", "b", "{b = 9}"},
        {"null", "b", "{b = 9}"},
        {"[1,2]", "b", "{b = 9}"},
        {"{\"a\":1,\"c\":3}", "b", "{a = 1, b = 9, c = 3}"},
        {"{\"a\":1,\"c\":3}", "a", "{a = 9, c = 3}"},
        {"{\"a\":1,\"c\":3}", "c", "{a = 1, c = 9}"},
        {"{\"a\":1,\"c\":3}", "d", "{a = 1, c = 3, d = 9}"},
        {"{\"a\":1,\"c\":3}", "", "{ = 9, a = 1, c = 3}"},
    };
    ARENA_AUTO arena = arena_new();
    const struct value *nine = value_integer(arena, 9);
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        const struct value *before = value_of(arena, rows[i].before);
        const char *text = printed(arena, before);
        assert_string_equal(printed(arena, value_with(arena, before, rows[i].key, nine)),
                            rows[i].after);
        assert_string_equal(printed(arena, before), text);
    }
    assert_string_equal(printed(arena, value_with(arena, NULL, "a", nine)), "{a = 9}");
}

static void reading_accepts_every_kind(void **state)
{
    (void)state;
    ARENA_AUTO arena = arena_new();
    const struct value *dynamic_null = value_dynamic(arena, &type_string, &value_null);
    const struct value *dynamic_unknown = value_dynamic(arena, &type_string, &value_unknown);
    const struct value *partly = value_of(arena, "{\"a\":[1,{\"b\":\"?\"}]}");
    const struct {
        const struct value *value;
        bool null, unknown, wholly_known;
    } rows[] = {
        {NULL, true, false, true},
        {&value_null, true, false, true},
        {&value_unknown, false, true, false},
        {&value_false, false, false, true},
        {&value_empty_list, false, false, true},
        {&value_empty_map, false, false, true},
        {dynamic_null, true, false, true},
        {dynamic_unknown, false, true, false},
        {value_dynamic(arena, &type_bool, &value_true), false, false, true},
        {partly, false, false, false},
        {value_of(arena, "{\"a\":[1,null]}"), false, false, true},
    };
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        assert_int_equal(value_is_null(rows[i].value), rows[i].null);
        assert_int_equal(value_is_unknown(rows[i].value), rows[i].unknown);
        assert_int_equal(value_is_known(rows[i].value), !rows[i].null && !rows[i].unknown);
        assert_int_equal(value_is_wholly_known(rows[i].value), rows[i].wholly_known);
    }
    assert_null(value_text(NULL));
    assert_null(value_text(&value_true));
    assert_string_equal(value_text(value_string(arena, "x")), "x");
    assert_ptr_equal(value_string(arena, NULL), &value_null);
    assert_string_equal(value_text(value_string_bytes(arena, NULL, 0)), "");
    assert_true(value_as_bool(NULL, true));
    assert_false(value_as_bool(&value_false, true));
    assert_true(value_as_bool(&value_unknown, true));
    assert_int_equal(value_count(NULL), 0);
    assert_int_equal(value_count(&value_true), 0);
    assert_ptr_equal(value_item(&value_empty_list, 0), &value_null);
    assert_ptr_equal(value_item(NULL, 0), &value_null);
}

static void equality_goes_by_type(void **state)
{
    (void)state;
    static const char rule[] = "[\"object\",{\"ports\":[\"set\",\"number\"],\"name\":\"string\"}]";
    static const char set_of_rules[] =
        "[\"set\",[\"object\",{\"ports\":[\"set\",\"number\"],\"name\":\"string\"}]]";
    static const struct {
        const char *type, *a, *b;
        bool equal;
    } rows[] = {
        {"\"string\"", "\"a\"", "\"a\"", true},
        {"\"string\"", "\"a\"", "\"b\"", false},
        {"\"string\"", "\"a\"", "\"ab\"", false},
        {"\"string\"", "\"\"", "null", false},
        {"\"string\"", "\"?\"", "\"?!\"", true},
        {"\"string\"", "\"?\"", "null", false},
        {"\"bool\"", "true", "false", false},
        {"\"number\"", "1", "1.0", true},
        {"\"number\"", "1e3", "1000", true},
        {"\"number\"", "0.1", "0.10000000000000001", false},
        {"[\"list\",\"number\"]", "[1,2]", "[1,2]", true},
        {"[\"list\",\"number\"]", "[1,2]", "[2,1]", false},
        {"[\"list\",\"number\"]", "[1,2]", "[1]", false},
        {"[\"list\",\"number\"]", "[]", "null", false},
        {"[\"set\",\"number\"]", "[1,2]", "[2,1]", true},
        {"[\"set\",\"number\"]", "[1,2]", "[1,3]", false},
        {"[\"set\",\"number\"]", "[1,2]", "[1]", false},
        {"[\"set\",\"number\"]", "[1,1]", "[1]", true},
        {"[\"set\",\"number\"]", "[1,1,2]", "[2,1,2]", true},
        {"[\"set\",\"number\"]", "[]", "[1]", false},
        {"[\"set\",\"number\"]", "[]", "[]", true},
        {"[\"set\",\"string\"]", "[\"?\",\"?\"]", "[\"?\"]", false},
        {"[\"set\",\"string\"]", "[\"?\",\"a\"]", "[\"a\",\"?\"]", true},
        /* sets within sets, where sorting the outer one alone goes wrong */
        {"[\"set\",[\"set\",\"string\"]]", "[[\"a\",\"z\"],[\"b\"]]", "[[\"z\",\"a\"],[\"b\"]]",
         true},
        {"[\"set\",[\"set\",\"string\"]]", "[[\"z\",\"a\"],[\"b\"]]", "[[\"b\"],[\"a\",\"z\"]]",
         true},
        {"[\"set\",[\"set\",\"string\"]]", "[[\"a\",\"z\"],[\"z\",\"a\"]]", "[[\"a\",\"z\"]]",
         true},
        {"[\"set\",[\"list\",\"string\"]]", "[[\"a\",\"z\"]]", "[[\"z\",\"a\"]]", false},
        {set_of_rules, "[{\"name\":\"x\",\"ports\":[1,2]},{\"name\":\"y\",\"ports\":[]}]",
         "[{\"name\":\"y\",\"ports\":[]},{\"name\":\"x\",\"ports\":[2,1]}]", true},
        {set_of_rules, "[{\"name\":\"x\",\"ports\":[1,2]},{\"name\":\"y\",\"ports\":[]}]",
         "[{\"name\":\"y\",\"ports\":[2]},{\"name\":\"x\",\"ports\":[1]}]", false},
        {set_of_rules, "[{\"name\":\"x\",\"ports\":null},{\"name\":\"a\"}]",
         "[{\"name\":\"a\",\"ports\":null},{\"name\":\"x\"}]", true},
        /* absent members of an object are null, those of a map are not */
        {rule, "{\"name\":\"x\"}", "{\"name\":\"x\",\"ports\":null}", true},
        {rule, "{\"name\":\"x\"}", "{\"name\":\"x\",\"ports\":[]}", false},
        {rule, "{\"ports\":[3]}", "{\"name\":\"x\",\"ports\":[3]}", false},
        {"[\"map\",\"string\"]", "{\"a\":\"b\"}", "{\"a\":\"b\"}", true},
        {"[\"map\",\"string\"]", "{\"a\":\"b\"}", "{\"a\":\"b\",\"c\":null}", false},
        {"[\"map\",\"string\"]", "{\"a\":\"b\"}", "{\"b\":\"b\"}", false},
        {"[\"map\",[\"set\",\"string\"]]", "{\"a\":[\"x\",\"y\"]}", "{\"a\":[\"y\",\"x\"]}", true},
        {"[\"tuple\",[[\"set\",\"string\"],\"bool\"]]", "[[\"x\",\"y\"],true]",
         "[[\"y\",\"x\"],true]", true},
    };
    ARENA_AUTO arena = arena_new();
    for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
        const struct type *type = type_of(arena, rows[i].type);
        const struct value *a = value_of(arena, rows[i].a), *b = value_of(arena, rows[i].b);
        if (value_equal(type, a, b) != rows[i].equal || value_equal(type, b, a) != rows[i].equal)
            fail_msg("%s: %s and %s", rows[i].type, rows[i].a, rows[i].b);
        assert_true(value_equal(type, a, value_copy(arena, a)));
    }
    assert_true(value_equal(NULL, NULL, &value_null));
    assert_false(value_equal(NULL, NULL, &value_unknown));
    assert_false(value_equal(NULL, value_of(arena, "[1,2]"), value_of(arena, "[2,1]")));
}

static void dynamic_values_compare_with_their_types(void **state)
{
    (void)state;
    ARENA_AUTO arena = arena_new();
    const struct type *list = type_of(arena, "[\"list\",\"string\"]");
    const struct type *set = type_of(arena, "[\"set\",\"string\"]");
    const struct value *forth = value_of(arena, "[\"a\",\"b\"]"),
                       *back = value_of(arena, "[\"b\",\"a\"]");
    const struct value *lists[] = {value_dynamic(arena, list, forth),
                                   value_dynamic(arena, list, back)};
    const struct value *sets[] = {value_dynamic(arena, set, forth),
                                  value_dynamic(arena, set, back)};
    assert_false(value_equal(&type_dynamic, lists[0], lists[1]));
    assert_true(value_equal(&type_dynamic, sets[0], sets[1]));
    assert_false(value_equal(&type_dynamic, lists[0], sets[0]));
    assert_true(value_compare(lists[0], sets[0]) != 0);
    /* the null of a type is not the null of no type */
    const struct value *typed = value_dynamic(arena, &type_string, &value_null);
    assert_false(value_equal(&type_dynamic, typed, &value_null));
    const struct type *object = type_of(arena, "[\"object\",{\"a\":\"dynamic\"}]");
    assert_false(value_equal(object, value_with(arena, NULL, "a", typed), &value_empty_map));
}

static void order_is_total(void **state)
{
    (void)state;
    struct test_random random = random_start(true);
    ARENA_AUTO arena = arena_new();
    for (int round = 0; round < 300; round++) {
        const struct type *type = random_type(&random, arena, 3);
        const struct value *v[3];
        for (int i = 0; i < 3; i++)
            v[i] = random_value(&random, arena, type);
        for (int i = 0; i < 3; i++) {
            assert_int_equal(value_compare(v[i], v[i]), 0);
            for (int j = 0; j < 3; j++) {
                int forth = value_compare(v[i], v[j]), back = value_compare(v[j], v[i]);
                assert_true((forth < 0) == (back > 0) && (forth == 0) == (back == 0));
                for (int k = 0; k < 3; k++)
                    if (forth <= 0 && value_compare(v[j], v[k]) <= 0)
                        assert_true(value_compare(v[i], v[k]) <= 0);
            }
        }
        arena_reset(arena);
    }
}

static const struct value *shuffled(struct test_random *random, struct arena *arena,
                                    const struct type *type, const struct value *value)
{
    if (value->kind == VALUE_DYNAMIC)
        return value_dynamic(arena, value->dynamic.type,
                             shuffled(random, arena, value->dynamic.type, value->dynamic.value));
    size_t count = value_count(value);
    if (value->kind == VALUE_MAP) {
        struct value_entry *entries =
            arena_memdup(arena, value->map.entries, count * sizeof(*entries));
        for (size_t i = 0; i < count; i++)
            entries[i].value =
                shuffled(random, arena,
                         type->element ? type->element : type_field_type(type, entries[i].key.ptr),
                         entries[i].value);
        return value_map(arena, entries, count);
    }
    if (value->kind != VALUE_LIST)
        return value;
    const struct value **items = arena_array(arena, const struct value *, count);
    for (size_t i = 0; i < count; i++)
        items[i] = shuffled(random, arena, type->element ? type->element : type->fields[i].type,
                            value->list.items[i]);
    for (size_t i = count; type->kind == TYPE_SET && i > 1; i--) {
        size_t j = random_below(random, i);
        const struct value *swapped = items[j];
        items[j] = items[i - 1];
        items[i - 1] = swapped;
    }
    return value_list(arena, items, count);
}

static void shuffled_sets_stay_equal(void **state)
{
    (void)state;
    struct test_random random = random_start(true);
    ARENA_AUTO arena = arena_new();
    for (int round = 0; round < 500; round++) {
        const struct type *type = random_type(&random, arena, 4);
        const struct value *value = random_value(&random, arena, type);
        assert_true(value_equal(type, value, shuffled(&random, arena, type, value)));
        const struct value *other = random_value(&random, arena, type);
        assert_int_equal(value_equal(type, value, other), value_equal(type, other, value));
        arena_reset(arena);
    }
}

static void large_sets_compare_quickly(void **state)
{
    (void)state;
    enum { COUNT = 50000 };
    ARENA_AUTO arena = arena_new();
    const struct value **forth = arena_array(arena, const struct value *, COUNT);
    const struct value **back = arena_array(arena, const struct value *, COUNT);
    for (size_t i = 0; i < COUNT; i++)
        forth[i] = back[COUNT - 1 - i] = value_integer(arena, (int64_t)i);
    const struct type *type = type_set(arena, &type_number);
    clock_t start = clock();
    assert_true(value_equal(type, value_list(arena, forth, COUNT), value_list(arena, back, COUNT)));
    assert_true(clock() - start < 5 * CLOCKS_PER_SEC); /* by pairs it would take minutes */
}

static void copies_own_everything(void **state)
{
    (void)state;
    struct test_random random = random_start(true);
    ARENA_AUTO kept = arena_new();
    for (int round = 0; round < 300; round++) {
        struct arena *gone = arena_new();
        const struct type *type = random_type(&random, gone, 4);
        const struct value *value = random_value(&random, gone, type);
        const struct type *own_type = type_copy(kept, type);
        const struct value *own = value_copy(kept, value);
        assert_true(type_equal(type, own_type));
        assert_true(value_equal(type, value, own));
        const char *text = printed(kept, value);
        arena_free(gone);
        assert_string_equal(printed(kept, own), text);
        assert_true(value_equal(own_type, own, value_copy(kept, own)));
        arena_reset(kept);
    }
    assert_ptr_equal(value_copy(kept, NULL), &value_null);
}

static void unknowns_become_null_and_the_rest_is_shared(void **state)
{
    (void)state;
    ARENA_AUTO arena = arena_new();
    const struct value *value =
        value_of(arena, "{\"a\":[1,\"?\",{\"b\":\"?!\"}],\"c\":{\"d\":[2]}}");
    const struct value *known = value_unknowns_to_null(arena, value);
    assert_string_equal(printed(arena, known), "{a = [1, null, {b = null}], c = {d = [2]}}");
    assert_ptr_equal(value_get(known, "c"), value_get(value, "c"));
    assert_ptr_equal(value_unknowns_to_null(arena, known), known);
    assert_ptr_equal(value_unknowns_to_null(arena, NULL), &value_null);
    assert_ptr_equal(value_unknowns_to_null(arena, &value_unknown), &value_null);
    const struct value *dynamic = value_dynamic(arena, &type_string, &value_unknown);
    const struct value *typed_null = value_unknowns_to_null(arena, dynamic);
    assert_true(value_is_null(typed_null));
    assert_int_equal(typed_null->kind, VALUE_DYNAMIC);
}

static void prints_like_hcl(void **state)
{
    (void)state;
    ARENA_AUTO arena = arena_new();
    const struct value *value = value_of(
        arena,
        "{\"a\":[true,false,null,\"?\"],\"b\":{\"c\":\"x\\ny\\\"\\\\\\u0001é\"},\"d\":1.50}");
    assert_string_equal(printed(arena, value), "{a = [true, false, null, (unknown)], "
                                               "b = {c = \"x\\ny\\\"\\\\\\u0001é\"}, d = 1.5}");
    assert_string_equal(printed(arena, NULL), "null");
    assert_string_equal(printed(arena, value_dynamic(arena, &type_bool, &value_true)), "true");
    assert_string_equal(printed(arena, value_string_bytes(arena, "a\xff", 2)), "\"a\xef\xbf\xbd\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(types_are_told_apart),
        cmocka_unit_test(object_fields_are_sorted_and_found),
        cmocka_unit_test(values_have_a_type_of_their_own),
        cmocka_unit_test(maps_are_sorted_and_the_last_key_wins),
        cmocka_unit_test(every_member_of_a_large_map_is_found),
        cmocka_unit_test(with_replaces_or_adds_one_member),
        cmocka_unit_test(reading_accepts_every_kind),
        cmocka_unit_test(equality_goes_by_type),
        cmocka_unit_test(dynamic_values_compare_with_their_types),
        cmocka_unit_test(order_is_total),
        cmocka_unit_test(shuffled_sets_stay_equal),
        cmocka_unit_test(large_sets_compare_quickly),
        cmocka_unit_test(copies_own_everything),
        cmocka_unit_test(unknowns_become_null_and_the_rest_is_shared),
        cmocka_unit_test(prints_like_hcl),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
