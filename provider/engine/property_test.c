/*
 * Random descriptors, random configurations, a whole life for each: what Terraform may ask for holds for
 * every table, not just for those that exist. The engine runs with fatal conformance, so that each answer
 * is judged by Terraform's own rules; what the API holds is judged by bodies made of the configuration.
 * OKESTRA_TEST_SEED=N repeats a run, OKESTRA_TEST_ROUNDS=N makes it longer.
 */
#include "provider/engine/apply.h"
#include "provider/engine/same.h"
#include "provider/engine/test_cloud.h"
#include "provider/engine/test_engine.h"

enum { ROUNDS = 150, TOP_ATTRIBUTES = 9, FIELDS = 4, MAX_NESTING = 2 };

static struct test_random chance;
static struct arena *tables; /* descriptors live for ever */

static bool one_in(size_t n)
{
    return random_below(&chance, n) == 0;
}

static bool equal_nocase(const struct value *a, const struct value *b)
{
    return text_equal_nocase(value_text(a), value_text(b));
}

/* --- descriptors -------------------------------------------------------------------------------- */

static const char *const words[] = {"ALPHA", "BETA", "GAMMA", NULL};

static const struct attribute *random_table(int depth, bool in_set);

static bool has_no_order(const struct attribute *attribute)
{
    return attribute->kind == ATTRIBUTE_STRING_SET || attribute->kind == ATTRIBUTE_OBJECT_SET ||
           attribute->flags & ANY_ORDER;
}

static void choose_kind(struct attribute *attribute, int depth, bool in_set)
{
    attribute->kind = (enum attribute_kind)random_below(
        &chance, depth < MAX_NESTING ? ATTRIBUTE_DYNAMIC : ATTRIBUTE_OBJECT_LIST);
    bool list =
        attribute->kind == ATTRIBUTE_OBJECT_LIST || attribute->kind == ATTRIBUTE_STRING_LIST;
    if (list && one_in(4))
        attribute->flags |= ANY_ORDER;
    else if (attribute->kind == ATTRIBUTE_OBJECT_LIST && one_in(2))
        attribute->flags |= SINGLE;
    if (attribute->kind == ATTRIBUTE_OBJECT_SET || attribute->kind == ATTRIBUTE_OBJECT_LIST)
        attribute->fields = random_table(depth + 1, has_no_order(attribute) || in_set);
    if (attribute->kind == ATTRIBUTE_STRING && one_in(5))
        attribute->one_of = words;
    else if (attribute->kind == ATTRIBUTE_STRING && one_in(6))
        attribute->json_kind = JSON_INTEGER_TEXT;
    else if (one_in(3) &&
             (attribute->kind == ATTRIBUTE_STRING || attribute->kind == ATTRIBUTE_STRING_LIST ||
              attribute->kind == ATTRIBUTE_STRING_SET))
        attribute->equal = equal_nocase;
    if (attribute->kind == ATTRIBUTE_STRING_MAP && one_in(2))
        attribute->json_kind = JSON_TWO_LEVEL_MAP;
    if (attribute->kind == ATTRIBUTE_INTEGER && one_in(2))
        attribute->minimum = -5, attribute->maximum = 20;
}

static const char *default_for(const struct attribute *attribute)
{
    switch (attribute->kind) {
    case ATTRIBUTE_BOOL:
        return one_in(2) ? "true" : "false";
    case ATTRIBUTE_INTEGER:
    case ATTRIBUTE_NUMBER:
        return "3";
    case ATTRIBUTE_STRING:
        return attribute->json_kind == JSON_INTEGER_TEXT ? "12" : "BETA";
    default:
        return attribute->flags & SINGLE ? NULL : "";
    }
}

static void choose_flags(struct attribute *attribute, int depth, bool in_set)
{
    bool top = depth == 0;
    switch (random_below(&chance, !top ? 6 : attribute->fields ? 7 : 9)) {
    case 0:
        attribute->flags |= REQUIRED;
        break;
    case 1:
    case 2:
        attribute->flags |= OPTIONAL;
        break;
    case 3:
        attribute->flags |= OPTIONAL | COMPUTED;
        break;
    case 4:
        attribute->flags |= OPTIONAL;
        attribute->default_value = default_for(attribute);
        break;
    case 5:
        attribute->flags |= COMPUTED | (top && one_in(2) ? VOLATILE : 0);
        break;
    case 6:
        attribute->flags |= OPTIONAL | UNREADABLE;
        break;
    case 7:
        attribute->flags |= OPTIONAL | WRITE_ONLY;
        break;
    default:
        attribute->flags |= OPTIONAL | LOCAL;
    }
    if (attribute->flags & (REQUIRED | OPTIONAL) && !(attribute->flags & (LOCAL | WRITE_ONLY)) &&
        !in_set && one_in(4))
        attribute->flags |= REPLACE;
    else if (attribute->flags & (REQUIRED | OPTIONAL) && one_in(6))
        attribute->flags |= UPDATE_WHEN_CHANGED;
}

/* The first field of set elements is a key, so that elements differ. */
static const struct attribute *random_table(int depth, bool in_set)
{
    size_t count = depth == 0 ? TOP_ATTRIBUTES : 1 + random_below(&chance, FIELDS), used = 0;
    struct attribute *table = arena_array(tables, struct attribute, count + 3);
    if (depth == 0)
        table[used++] = (struct attribute){.name = "id", .flags = COMPUTED, .doc = "Id."};
    table[used++] =
        (struct attribute){.name = "name", .flags = REQUIRED | (depth ? KEY : 0), .doc = "Name."};
    for (size_t i = 0; i < count; i++) {
        struct attribute *attribute = &table[used++];
        attribute->name = arena_printf(tables, "attribute_%zu", i);
        attribute->doc = "Random.";
        choose_kind(attribute, depth, in_set);
        choose_flags(attribute, depth, in_set);
        if (one_in(4))
            attribute->json = arena_printf(tables, "details.part%zu", i);
    }
    return table;
}

/* --- configurations ----------------------------------------------------------------------------- */

static bool is_plain_optional(const struct attribute *attribute)
{
    return attribute->flags & OPTIONAL && !attribute_is_computed(attribute);
}

static const struct value *random_word(struct arena *arena, const struct attribute *attribute)
{
    STR_AUTO text = STR_INIT;
    if (attribute->one_of)
        return value_string(arena, words[random_below(&chance, 3)]);
    if (attribute->json_kind == JSON_INTEGER_TEXT)
        str_printf(&text, "%s%zu", one_in(3) ? "0" : "", random_below(&chance, 100000));
    else if (!is_plain_optional(attribute) || !one_in(6))
        str_printf(&text, "%s%zu", one_in(2) ? "väl" : "x", random_below(&chance, 100000));
    return value_string_bytes(arena, str_text(&text), text.length);
}

static const struct value *random_object(struct arena *arena, const struct attribute *table);

static const struct value *random_items(struct arena *arena, const struct attribute *attribute)
{
    const struct value *items[3];
    size_t count = random_below(&chance, 4);
    if (attribute->flags & REQUIRED && count == 0)
        count = 1;
    if (attribute->flags & SINGLE)
        count = 1;
    for (size_t i = 0; i < count; i++)
        items[i] = attribute->fields
                       ? random_object(arena, attribute->fields)
                       : value_string(arena, arena_printf(arena, "item %zu",
                                                          random_below(&chance, 1000000)));
    return value_list(arena, items, count);
}

static const struct value *random_given(struct arena *arena, const struct attribute *attribute)
{
    struct value_entry entries[2];
    switch (attribute->kind) {
    case ATTRIBUTE_STRING:
        return random_word(arena, attribute);
    case ATTRIBUTE_BOOL:
        return value_bool(one_in(2));
    case ATTRIBUTE_INTEGER:
        return value_integer(arena, (int64_t)random_below(&chance, 25) - 5);
    case ATTRIBUTE_NUMBER:
        return value_double(arena, (double)random_below(&chance, 1000) / 8);
    case ATTRIBUTE_STRING_MAP:
        for (size_t i = 0; i < 2; i++)
            entries[i] = (struct value_entry){
                slice_from(i ? "space.first" : "space.second.part"),
                value_string(arena, arena_printf(arena, "v%zu", random_below(&chance, 100000)))};
        return value_map(arena, entries, random_below(&chance, 3));
    default:
        return random_items(arena, attribute);
    }
}

static const struct value *random_member(struct arena *arena, const struct attribute *attribute)
{
    bool settable = attribute->flags & (REQUIRED | OPTIONAL);
    bool given = attribute->flags & REQUIRED || (settable && !one_in(3));
    return given ? random_given(arena, attribute) : &value_null;
}

static const struct value *random_object(struct arena *arena, const struct attribute *table)
{
    struct value_entry entries[TOP_ATTRIBUTES + 3];
    size_t count = 0;
    for (; table->name; table++)
        entries[count++] =
            (struct value_entry){slice_from(table->name), random_member(arena, table)};
    return value_map(arena, entries, count);
}

/* --- other values that mean something else ------------------------------------------------------ */

static const struct value *differ(struct arena *arena, const struct attribute *attribute,
                                  const struct value *value, bool *replaces);

/* One member that is set becomes another; NULL when there is none. */
static const struct value *differ_object(struct arena *arena, const struct attribute *table,
                                         const struct value *object, bool *replaces)
{
    size_t count = 0;
    while (table[count].name)
        count++;
    for (size_t i = 0, start = random_below(&chance, count); i < count; i++) {
        const struct attribute *field = &table[(start + i) % count];
        const struct value *old = value_get(object, field->name);
        bool can = field->flags & (REQUIRED | OPTIONAL) && !(field->flags & (LOCAL | UNREADABLE)) &&
                   !same_as_nothing(field, old);
        const struct value *other = can ? differ(arena, field, old, replaces) : NULL;
        if (other && !same_as_nothing(field, other)) {
            *replaces |= (field->flags & REPLACE) != 0;
            return value_with(arena, object, field->name, other);
        }
    }
    return NULL;
}

static const struct value *differ_items(struct arena *arena, const struct attribute *attribute,
                                        const struct value *list, bool *replaces)
{
    size_t count = value_count(list);
    const struct value **items = arena_array(arena, const struct value *, count + 1);
    for (size_t i = 0; i < count; i++)
        items[i] = value_item(list, i);
    if (attribute->fields && count && (attribute->flags & SINGLE || one_in(2))) {
        bool within = false;
        size_t which = random_below(&chance, count);
        items[which] = differ_object(arena, attribute->fields, items[which], &within);
        *replaces |= within && !has_no_order(attribute);
        return items[which] ? value_list(arena, items, count) : NULL;
    }
    if (attribute->flags & SINGLE)
        return NULL;
    items[count] =
        attribute->fields
            ? random_object(arena, attribute->fields)
            : value_string(arena, arena_printf(arena, "more %zu", random_below(&chance, 1000000)));
    return value_list(arena, items, count + 1);
}

/* NULL when no other value comes to mind. */
static const struct value *differ(struct arena *arena, const struct attribute *attribute,
                                  const struct value *value, bool *replaces)
{
    int64_t integer = 0;
    switch (attribute->kind) {
    case ATTRIBUTE_STRING:
        if (attribute->one_of)
            return value_string(arena, text_equal(value_text(value), "ALPHA") ? "GAMMA" : "ALPHA");
        return value_string(arena,
                            attribute->json_kind == JSON_INTEGER_TEXT
                                ? (text_equal(value_text(value), "4711") ? "4712" : "4711")
                                : arena_printf(arena, "other%zu", random_below(&chance, 100000)));
    case ATTRIBUTE_BOOL:
        return value_bool(value_is_null(value) ? !attribute->default_value ||
                                                     !strcmp(attribute->default_value, "false")
                                               : !value_as_bool(value, false));
    case ATTRIBUTE_INTEGER:
    case ATTRIBUTE_NUMBER:
        value_as_integer(value, &integer);
        return value_integer(arena, integer == 17 ? 18 : 17);
    case ATTRIBUTE_STRING_MAP:
        return value_with(
            arena, value_is_null(value) ? &value_empty_map : value, "space.more",
            value_string(arena, arena_printf(arena, "x%zu", random_below(&chance, 100000))));
    default:
        return differ_items(arena, attribute, value, replaces);
    }
}

/* --- other spellings of the same ---------------------------------------------------------------- */

static const struct value *respell(struct arena *arena, const struct attribute *attribute,
                                   const struct value *value, bool nested);

static const struct value *other_case(struct arena *arena, const struct value *text)
{
    char *copy = arena_strdup(arena, value_text(text));
    for (char *at = copy; *at; at++)
        *at = (char)(isupper((unsigned char)*at) ? tolower((unsigned char)*at)
                                                 : toupper((unsigned char)*at));
    return value_string(arena, copy);
}

static const struct value *respell_object(struct arena *arena, const struct attribute *table,
                                          const struct value *object)
{
    for (; table->name; table++)
        object = value_with(arena, object, table->name,
                            respell(arena, table, value_get(object, table->name), true));
    return object;
}

static const struct value *respell_items(struct arena *arena, const struct attribute *attribute,
                                         const struct value *list)
{
    size_t count = value_count(list);
    const struct value **items = arena_array(arena, const struct value *, count);
    for (size_t i = 0; i < count; i++) {
        const struct value *item = value_item(list, has_no_order(attribute) ? count - 1 - i : i);
        items[i] = attribute->fields  ? respell_object(arena, attribute->fields, item)
                   : attribute->equal ? other_case(arena, item)
                                      : item;
    }
    return value_list(arena, items, count);
}

static const struct value *respell(struct arena *arena, const struct attribute *attribute,
                                   const struct value *value, bool nested)
{
    if (value_is_null(value) && attribute->flags & OPTIONAL && attribute->default_value)
        return attribute_default(arena, attribute);
    if (value_is_null(value))
        return nested && is_plain_optional(attribute) && attribute->kind == ATTRIBUTE_STRING &&
                       attribute->json_kind == JSON_PLAIN && !attribute->one_of
                   ? value_string(arena, "")
                   : value;
    if (attribute->kind == ATTRIBUTE_STRING && attribute->equal)
        return other_case(arena, value);
    if (attribute->kind == ATTRIBUTE_STRING && attribute->json_kind == JSON_INTEGER_TEXT)
        return value_string(arena, arena_printf(arena, "0%s", value_text(value)));
    return value->kind == VALUE_LIST ? respell_items(arena, attribute, value) : value;
}

/* --- what the API should hold ------------------------------------------------------------------- */

static int compare_json(const void *a, const void *b)
{
    STR_AUTO left = STR_INIT;
    STR_AUTO right = STR_INIT;
    json_write(*(json_t *const *)a, true, &left);
    json_write(*(json_t *const *)b, true, &right);
    return strcmp(str_text(&left), str_text(&right));
}

static void sort_array(json_t *array)
{
    size_t count = json_array_size(array);
    json_t **items = mem_calloc(count + 1, sizeof(*items));
    for (size_t i = 0; i < count; i++)
        items[i] = json_incref(json_array_get(array, i));
    qsort(items, count, sizeof(*items), compare_json);
    json_array_clear(array);
    for (size_t i = 0; i < count; i++)
        json_array_append_new(array, items[i]);
    free(items);
}

static bool is_empty_json(const json_t *json)
{
    return !json || json_is_null(json) || json_is_false(json) ||
           (json_is_string(json) && json_string_length(json) == 0) ||
           (json_is_array(json) && json_array_size(json) == 0) ||
           (json_is_object(json) && json_object_size(json) == 0);
}

/* One form for all that means the same. What only the API decides is left out. */
static void canonical(const struct attribute *table, json_t *object)
{
    for (; table->name; table++) {
        json_t *value = test_member(object, table);
        if (!(table->flags & (REQUIRED | OPTIONAL)) || table->flags & (LOCAL | WRITE_ONLY)) {
            test_put_member(object, table, NULL);
            continue;
        }
        test_for_elements(table, value, canonical);
        if (has_no_order(table))
            sort_array(value);
        if (is_plain_optional(table) && is_empty_json(value))
            test_put_member(object, table, NULL);
    }
}

static json_t *canonical_copy(const struct attribute *table, const json_t *object)
{
    json_t *copy = json_deep_copy(object);
    canonical(table, copy);
    return copy;
}

static json_t *expected_object(struct test_engine *test, const struct value *config)
{
    json_t *body = json_body_from_value(test->arena, test->resource->attributes, BODY_CREATE, NULL,
                                        config, config);
    test_cloud_complete(test->resource->attributes, body);
    canonical(test->resource->attributes, body);
    return body;
}

/* What the configuration says holds; where it says nothing, and the API may decide, anything does. */
static void expect_cloud(struct test_engine *test, const char *when, const struct value *config,
                         const struct value *state)
{
    const struct attribute *table = test->resource->attributes;
    JSON_AUTO expected = expected_object(test, config);
    JSON_AUTO held = canonical_copy(
        table, json_object_get(test_cloud.objects, value_text(value_get(state, "id"))));
    for (; table->name; table++) {
        bool free_choice = value_is_null(value_get(config, table->name)) && table->flags & COMPUTED;
        const json_t *want = test_member(expected, table), *have = test_member(held, table);
        if (free_choice || table->flags & (LOCAL | WRITE_ONLY) || (!want && !have) ||
            (want && have && json_equal(want, have)))
            continue;
        STR_AUTO text = STR_INIT;
        str_printf(&text, "%s: the API holds another %s than is configured: ", when, table->name);
        json_write(have, true, &text);
        str_append(&text, " instead of ");
        json_write(want, true, &text);
        fail_msg("%s", str_text(&text));
    }
}

/* --- the life of one object --------------------------------------------------------------------- */

/* A plan of what is already so changes nothing, and a refresh neither. */
static void expect_settled(struct test_engine *test, const char *when, const struct value *state,
                           const struct value *config)
{
    unsigned updates = test_cloud.updates;
    test_expect_equal(test, when, state, test_read(test, state));
    const struct value *planned = test_plan(test, state, config);
    test_expect_equal(test, when, state, planned);
    assert_int_equal(test->replace_count, 0);
    test_expect_equal(test, when, state, test_apply(test, state, planned, config));
    assert_int_equal(test_cloud.updates, updates);
}

/* Members beside `but` are as they were, but for what changes with every update. */
static void expect_only_change(struct test_engine *test, const struct value *prior,
                               const struct value *planned, const struct attribute *but)
{
    for (const struct attribute *at = test->resource->attributes; at->name; at++) {
        const struct value *after = value_get(planned, at->name);
        bool allowed = at == but || (at->flags & VOLATILE && value_is_unknown(after));
        if (!allowed && !value_equal(attribute_type(at), value_get(prior, at->name), after))
            fail_msg("a change of %s changes %s", but->name, at->name);
    }
}

/* Applies a plan, with a replacement when it says so. */
static const struct value *carry_out(struct test_engine *test, const struct value *state,
                                     const struct value *planned, const struct value *config)
{
    if (test->replace_count == 0)
        return test_apply(test, state, planned, config);
    test_expect_equal(test, "destroy", &value_null,
                      test_apply(test, state, &value_null, &value_null));
    return test_create(test, config);
}

static const struct value *change_one(struct test_engine *test, const struct attribute *attribute,
                                      const struct value *state, const struct value **config)
{
    const struct value *given = value_get(*config, attribute->name);
    bool replaces = attribute->flags & REPLACE;
    bool remove = is_plain_optional(attribute) && !same_as_nothing(attribute, given) && one_in(3);
    const struct value *other =
        remove ? &value_null : differ(test->arena, attribute, given, &replaces);
    if (!other)
        return state;
    if (remove)
        replaces = attribute->flags & REPLACE;
    unsigned updates = test_cloud.updates;
    *config = value_with(test->arena, *config, attribute->name, other);
    const struct value *planned = test_plan(test, state, *config);
    if (attribute->flags & WRITE_ONLY) { /* nothing can show it */
        test_expect_equal(test, "a write-only change", state, planned);
        return state;
    }
    /* The API may have had by itself what is asked for now. */
    if (test_equal(test, state, planned)) {
        if (!attribute_is_computed(attribute))
            fail_msg("a change of %s is not planned", attribute->name);
        return state;
    }
    expect_only_change(test, state, planned, attribute);
    /* Elements of the user's beside those that the API had made may or may not be others. */
    bool either = attribute->fields && attribute->flags & COMPUTED && value_is_null(given);
    if (!either && replaces != (test->replace_count > 0))
        fail_msg("%s %s", attribute->name, replaces ? "does not replace" : "replaces");
    for (size_t i = 0; i < test->replace_count; i++) {
        const struct path *first = test->replace[i];
        while (first->parent)
            first = first->parent;
        assert_string_equal(first->name, attribute->name);
    }
    bool replaced = test->replace_count > 0;
    state = carry_out(test, state, planned, *config);
    if (!replaced)
        assert_int_equal(test_cloud.updates - updates, attribute->flags & LOCAL ? 0 : 1);
    expect_cloud(test, attribute->name, *config, state);
    expect_settled(test, attribute->name, state, *config);
    return state;
}

static void spell_otherwise(struct test_engine *test, const struct value *state,
                            const struct value *config)
{
    for (const struct attribute *at = test->resource->attributes; at->name; at++)
        if (at->flags & (REQUIRED | OPTIONAL) && !(at->flags & WRITE_ONLY))
            config = value_with(test->arena, config, at->name,
                                respell(test->arena, at, value_get(config, at->name), false));
    test_expect_equal(test, "another spelling", state, test_plan(test, state, config));
}

/* Someone changes one attribute behind our back. */
static const struct value *drift(struct test_engine *test, const struct attribute *attribute,
                                 const struct value *state, const struct value *config)
{
    bool unused = false;
    const struct value *before = value_get(state, attribute->name);
    const struct value *other = differ(test->arena, attribute, before, &unused);
    json_t *object = json_object_get(test_cloud.objects, value_text(value_get(state, "id")));
    if (!other || attribute->flags & (LOCAL | UNREADABLE | WRITE_ONLY))
        return state;
    test_put_member(object, attribute, NULL);
    json_body_add(test->arena, object, attribute, other);
    test_cloud_complete(test->resource->attributes, object);
    const struct value *seen = test_read(test, state);
    for (const struct attribute *at = test->resource->attributes; at->name; at++) {
        bool same =
            value_equal(attribute_type(at), value_get(state, at->name), value_get(seen, at->name));
        if (at == attribute ? same : !same && !(at->flags & VOLATILE))
            fail_msg("a drift of %s from %s to %s %s in %s", attribute->name,
                     printed(test->arena, before), printed(test->arena, other),
                     same ? "is not seen" : "is seen", at->name);
    }
    const struct value *planned = test_plan(test, seen, config);
    bool accepted = value_is_null(value_get(config, attribute->name)) &&
                    attribute->flags & COMPUTED && !attribute->default_value;
    if (accepted) {
        test_expect_equal(test, "what the API decides", seen, planned);
        return seen;
    }
    expect_only_change(test, seen, planned, attribute);
    if (test_equal(test, seen, planned))
        fail_msg("a drift of %s is not repaired", attribute->name);
    state = carry_out(test, seen, planned, config);
    expect_cloud(test, "a repaired drift", config, state);
    expect_settled(test, "a repaired drift", state, config);
    return state;
}

static bool has_hidden(const struct attribute *attribute)
{
    if (attribute->flags & (LOCAL | UNREADABLE | WRITE_ONLY))
        return true;
    for (const struct attribute *field = attribute->fields; field && field->name; field++)
        if (has_hidden(field))
            return true;
    return false;
}

/* An import finds all that the API tells; only what it hides, and empty values, are to be planned. */
static void import_anew(struct test_engine *test, const struct value *state,
                        const struct value *config)
{
    const struct value *imported = test_import(test, value_text(value_get(state, "id")));
    assert_true(test->identity.length > 0);
    const struct value *planned = test_plan(test, imported, config);
    assert_int_equal(test->replace_count, 0);
    for (const struct attribute *at = test->resource->attributes; at->name; at++) {
        const struct value *given = value_get(config, at->name);
        bool hidden = has_hidden(at) || at->flags & VOLATILE ||
                      (is_plain_optional(at) && same_as_nothing(at, given));
        if (!hidden && !value_equal(attribute_type(at), value_get(imported, at->name),
                                    value_get(planned, at->name)))
            fail_msg("after an import, %s is to be changed from %s to %s", at->name,
                     printed(test->arena, value_get(imported, at->name)),
                     printed(test->arena, value_get(planned, at->name)));
    }
}

/* Stored and read again by a later version; written as a configuration. */
static void upgrade_and_generate(struct test_engine *test, const struct value *state)
{
    const struct type *type = resource_type(test->resource);
    STR_AUTO json = STR_INIT;
    ERROR_AUTO(err);
    assert_true(value_json_encode(type, state, &json, &err));
    struct slice bytes = engine_upgrade(test->engine, test->arena, test->type_name, 0,
                                        (struct slice){str_text(&json), json.length}, &test->last);
    test_expect_equal(test, "an upgrade", state, test_value(test, type, bytes));
    bytes = engine_generate_config(test->engine, test->arena, test->type_name,
                                   test_bytes(test, type, state), &test->last);
    const struct value *config = test_value(test, type, bytes);
    const struct value *planned = test_plan(test, state, config);
    for (const struct attribute *at = test->resource->attributes; at->name; at++)
        if (!is_plain_optional(at) && !(at->flags & VOLATILE) &&
            !value_equal(attribute_type(at), value_get(state, at->name),
                         value_get(planned, at->name)))
            fail_msg("the generated configuration changes %s", at->name);
}

/* Plans with unknown values keep the rules, and keep what is known. */
static void plan_unknowns(struct test_engine *test, const struct value *state,
                          const struct value *config)
{
    for (const struct attribute *at = test->resource->attributes; at->name; at++)
        if (at->flags & (REQUIRED | OPTIONAL) && one_in(3))
            config = value_with(test->arena, config, at->name, &value_unknown);
    test_plan(test, &value_null, config);
    test_plan(test, state, config);
}

static void live(struct test_engine *test)
{
    const struct attribute *table = test->resource->attributes;
    const struct value *config = random_object(test->arena, table);
    const struct value *state = test_create(test, config);
    expect_cloud(test, "create", config, state);
    expect_settled(test, "create", state, config);
    for (size_t i = 2; table[i].name; i++)
        if (table[i].flags & (REQUIRED | OPTIONAL))
            state = change_one(test, &table[i], state, &config);
    spell_otherwise(test, state, config);
    for (size_t i = 2; table[i].name; i++)
        if (table[i].flags & (REQUIRED | OPTIONAL))
            state = drift(test, &table[i], state, config);
    import_anew(test, state, config);
    upgrade_and_generate(test, state);
    plan_unknowns(test, state, config);
    test_expect_equal(test, "destroy", &value_null,
                      test_apply(test, state, &value_null, &value_null));
    assert_int_equal(json_object_size(test_cloud.objects), 0);
}

/* --- rounds ------------------------------------------------------------------------------------- */

static bool configure(const struct value *config, const char *terraform_version, void **client,
                      struct error *err)
{
    (void)config;
    (void)terraform_version;
    (void)err;
    *client = &test_cloud;
    return true;
}

/* Shown when a test fails: which table it was. */
static void describe(const struct attribute *table, int indent)
{
    if (!getenv("OKESTRA_TEST_SEED"))
        return;
    for (; table->name; table++) {
        print_message(
            "#%*s%s kind %d flags %#x default %s json %s %d%s\n", indent, "", table->name,
            (int)table->kind, table->flags, table->default_value ? table->default_value : "none",
            table->json ? table->json : "", (int)table->json_kind, table->equal ? " any case" : "");
        if (table->fields)
            describe(table->fields, indent + 2);
    }
}

static const struct attribute no_attributes[] = {{.name = NULL}};

static void every_life_follows_the_rules(void **state)
{
    (void)state;
    const char *wanted = getenv("OKESTRA_TEST_ROUNDS");
    int rounds = wanted ? atoi(wanted) : ROUNDS;
    chance = random_start(false);
    tables = arena_new();
    for (int i = 0; i < rounds; i++) {
        struct resource *resource = arena_new_of(tables, struct resource);
        *resource = (struct resource){.name = "thing",
                                      .summary = "A thing.",
                                      .attributes = random_table(0, false),
                                      .ops = &test_cloud_ops};
        const struct resource *const list[] = {resource, NULL};
        const struct provider provider = {.name = "oke",
                                          .version = "0",
                                          .summary = "For tests.",
                                          .attributes = no_attributes,
                                          .resources = list,
                                          .configure = configure};
        ERROR_AUTO(err);
        ARENA_AUTO arena = arena_new();
        struct test_engine test;
        if (!engine_check_descriptors(&provider, &err))
            fail_msg("%s", error_message(&err));
        test_cloud_reset();
        test_cloud.random = &chance;
        test_engine_start(&test, arena, &provider, NULL);
        describe(resource->attributes, 2);
        live(&test);
        test_engine_end(&test);
    }
    test_cloud_free();
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_life_follows_the_rules)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
