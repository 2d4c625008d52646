/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/arena.h"

#include <string.h>

#include "near.h"

static void every_allocation_is_aligned_and_apart(void **state)
{
    (void)state;
    struct arena arena = {0};
    unsigned char *last = NULL;
    for (size_t n = 0; n < 5000; n += 97) {
        unsigned char *p = ARENA_NEW(&arena, n, unsigned char);
        assert_non_null(p);
        assert_int_equal((uintptr_t)p % 32, 0);
        assert_ptr_not_equal(p, last);
        for (size_t i = 0; i < n; i++) p[i] = 0xa5;
        last = p;
    }
    arena_free(&arena);
}

static void large_allocations_keep_what_is_written(void **state)
{
    (void)state;
    enum { N = 24 };
    struct arena arena = {0};
    unsigned char *at[N];
    size_t size[N];
    for (size_t k = 0; k < N; k++) {
        size[k] = (size_t)1000 * (k % 3 + 1) << (k % 12);
        at[k] = ARENA_NEW(&arena, size[k], unsigned char);
        assert_non_null(at[k]);
        assert_int_equal((uintptr_t)at[k] % 32, 0);
        memset(at[k], (int)k + 1, size[k]);
    }
    for (size_t k = 0; k < N; k++) {
        assert_int_equal(at[k][0], k + 1);
        assert_memory_equal(at[k], at[k] + 1, size[k] - 1);
    }
    arena_free(&arena);
}

static void a_rewind_gives_the_same_bytes_again(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct arena_mark empty = arena_mark(&arena);
    void *first = arena_alloc(&arena, 1, 1000);
    struct arena_mark mark = arena_mark(&arena);
    void *second = arena_alloc(&arena, 1, 100000);
    arena_rewind(&arena, mark);
    assert_ptr_equal(arena_alloc(&arena, 1, 100000), second);
    arena_rewind(&arena, empty);
    assert_ptr_equal(arena_alloc(&arena, 1, 1000), first);
    arena_free(&arena);
}

static void a_size_that_overflows_is_refused(void **state)
{
    (void)state;
    struct arena arena = {0};
    assert_null(arena_alloc(&arena, SIZE_MAX / 4, 8));
    assert_null(arena_alloc(&arena, 1, SIZE_MAX));
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_allocation_is_aligned_and_apart),
        cmocka_unit_test(large_allocations_keep_what_is_written),
        cmocka_unit_test(a_rewind_gives_the_same_bytes_again),
        cmocka_unit_test(a_size_that_overflows_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
