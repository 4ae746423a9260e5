#include "lib/base/arena.h"

#include <string.h>

#include "lib/base/test.h"

static void memory_is_zeroed_and_aligned(void **state)
{
    (void)state;
    ARENA_AUTO arena = arena_new();
    for (size_t size = 1; size < 5000; size += 37) {
        unsigned char *memory = arena_alloc(arena, size);
        assert_int_equal((uintptr_t)memory % _Alignof(max_align_t), 0);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(memory[i], 0);
        memset(memory, 0xff, size);
    }
}

static void large_blocks_leave_small_ones_usable(void **state)
{
    (void)state;
    ARENA_AUTO arena = arena_new();
    char *small = arena_strdup(arena, "small");
    char *large = arena_alloc(arena, 1 << 20);
    memset(large, 'x', 1 << 20);
    char *after = arena_printf(arena, "%s %d", "after", 7);
    assert_string_equal(small, "small");
    assert_string_equal(after, "after 7");
}

static void reset_hands_out_zeroed_memory_again(void **state)
{
    (void)state;
    ARENA_AUTO arena = arena_new();
    memset(arena_alloc(arena, 100), 0xff, 100);
    arena_reset(arena);
    assert_int_equal(arena_used(arena), 0);
    unsigned char *memory = arena_alloc(arena, 100);
    for (size_t i = 0; i < 100; i++)
        assert_int_equal(memory[i], 0);
}

static void grow_copies(void **state)
{
    (void)state;
    ARENA_AUTO arena = arena_new();
    int *numbers = arena_array(arena, int, 2);
    numbers[1] = 5;
    int *more = arena_grow(arena, numbers, 2 * sizeof(int), 4 * sizeof(int));
    assert_int_equal(more[1], 5);
    assert_int_equal(more[3], 0);
    assert_null(arena_strdup(arena, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_zeroed_and_aligned),
        cmocka_unit_test(large_blocks_leave_small_ones_usable),
        cmocka_unit_test(reset_hands_out_zeroed_memory_again),
        cmocka_unit_test(grow_copies),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
