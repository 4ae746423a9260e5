/*
 * Random types and values for tests.
 *
 * Each run has a seed of its own, which is printed; OKESTRA_TEST_SEED=N repeats a run.
 */
#ifndef OKESTRA_PROVIDER_VALUE_TEST_RANDOM_H
#define OKESTRA_PROVIDER_VALUE_TEST_RANDOM_H

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/base/test.h"
#include "provider/value/value.h"

struct test_random {
    uint64_t state;
    bool unknowns; /* whether values hold unknown ones */
};

/* splitmix64 */
static inline uint64_t random_bits(struct test_random *random)
{
    uint64_t z = random->state += 0x9e3779b97f4a7c15U;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9U;
    z = (z ^ z >> 27) * 0x94d049bb133111ebU;
    return z ^ z >> 31;
}

static inline size_t random_below(struct test_random *random, size_t limit)
{
    return limit ? (size_t)(random_bits(random) % limit) : 0;
}

static inline struct test_random random_start(bool unknowns)
{
    const char *chosen = getenv("OKESTRA_TEST_SEED");
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    uint64_t seed = chosen ? strtoull(chosen, NULL, 10)
                           : (uint64_t)now.tv_sec * 1000003U + (uint64_t)now.tv_nsec;
    print_message("# OKESTRA_TEST_SEED=%llu\n", (unsigned long long)seed);
    return (struct test_random){seed, unknowns};
}

static inline const struct type *random_type(struct test_random *random, struct arena *arena,
                                             int depth)
{
    static const struct type *const leaves[] = {&type_bool, &type_number, &type_string,
                                                &type_dynamic};
    struct type_field fields[4];
    size_t count = random_below(random, 5);
    switch (depth > 0 ? random_below(random, 9) : random_below(random, 4)) {
    case TYPE_LIST:
        return type_list(arena, random_type(random, arena, depth - 1));
    case TYPE_SET:
        return type_set(arena, random_type(random, arena, depth - 1));
    case TYPE_MAP:
        return type_map(arena, random_type(random, arena, depth - 1));
    case TYPE_TUPLE:
    case TYPE_OBJECT:
        for (size_t i = 0; i < count; i++)
            fields[i] = (struct type_field){arena_printf(arena, "%c%zu", (char)('z' - i), i),
                                            random_type(random, arena, depth - 1)};
        return random_below(random, 2) ? type_object(arena, fields, count)
                                       : type_tuple(arena, fields, count);
    default:
        return leaves[random_below(random, 4)];
    }
}

static inline const struct value *random_string(struct test_random *random, struct arena *arena)
{
    static const char *const parts[] = {"a", "\"", "\\", "\n", "é", "漢", "😀", " ", "\x01", "/"};
    STR_AUTO text = STR_INIT;
    size_t count = random_below(random, 12);
    if (random_below(random, 40) == 0)
        count = random_below(random, 70000); /* every form of length */
    for (size_t i = 0; i < count; i++)
        str_append(&text, parts[random_below(random, ARRAY_LENGTH(parts))]);
    if (random_below(random, 20) == 0)
        str_append_char(&text, '\0');
    return value_string_bytes(arena, str_text(&text), text.length);
}

static inline const struct value *random_number(struct test_random *random, struct arena *arena)
{
    uint64_t bits = random_bits(random);
    switch (random_below(random, 4)) {
    case 0:
        return value_integer(arena, (int64_t)(bits >> random_below(random, 64)));
    case 1:
        return value_integer(arena, -(int64_t)(bits >> 1 >> random_below(random, 63)));
    case 2: {
        double number;
        memcpy(&number, &bits, sizeof(number));
        const struct value *value = value_double(arena, number);
        return value ? value : value_integer(arena, 0);
    }
    default: {
        const char *text = arena_printf(arena, "%lld%llue%d", (long long)bits,
                                        (unsigned long long)random_bits(random),
                                        (int)random_below(random, 80) - 40);
        return value_number(arena, text, strlen(text));
    }
    }
}

static inline const struct value *random_unknown(struct test_random *random, struct arena *arena,
                                                 const struct type *type)
{
    struct value *value = arena_new_of(arena, struct value);
    value->kind = VALUE_UNKNOWN;
    value->unknown.not_null = type->kind != TYPE_DYNAMIC && random_below(random, 2);
    if (type->kind == TYPE_STRING && random_below(random, 2))
        value->unknown.prefix = SLICE_LITERAL("ocid1.vcn.");
    return value;
}

static inline const struct value *random_value(struct test_random *random, struct arena *arena,
                                               const struct type *type)
{
    size_t choice = random_below(random, 12);
    if (choice == 0)
        return &value_null;
    if (choice == 1 && random->unknowns)
        return random_unknown(random, arena, type);
    bool fixed = type->kind == TYPE_TUPLE || type->kind == TYPE_OBJECT;
    size_t count = fixed ? type->count : random_below(random, 6);
    const struct value *items[6];
    struct value_entry entries[6];
    for (size_t i = 0; i < count && type->kind >= TYPE_LIST; i++) {
        items[i] = random_value(random, arena, fixed ? type->fields[i].type : type->element);
        entries[i].key = slice_from(type->kind == TYPE_OBJECT
                                        ? type->fields[i].name
                                        : arena_printf(arena, "key %zu", random_below(random, 99)));
        entries[i].value = items[i];
    }
    switch (type->kind) {
    case TYPE_BOOL:
        return value_bool(random_below(random, 2));
    case TYPE_NUMBER:
        return random_number(random, arena);
    case TYPE_STRING:
        return random_string(random, arena);
    case TYPE_DYNAMIC: {
        const struct type *inner = random_type(random, arena, 1);
        return inner->kind == TYPE_DYNAMIC
                   ? &value_null
                   : value_dynamic(arena, inner, random_value(random, arena, inner));
    }
    case TYPE_LIST:
    case TYPE_SET:
    case TYPE_TUPLE:
        return value_list(arena, items, count);
    case TYPE_MAP:
    case TYPE_OBJECT:
        return value_map(arena, entries, count);
    }
    return &value_null;
}

#endif
