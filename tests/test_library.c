/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>
#include <pthread.h>
#include <string.h>

#include "base/library.h"
#include "near.h"

struct maths {
    double (*cosine)(double);
    double (*root)(double);
};

static const char *const names[] = {"cos", "sqrt"};

static void its_symbols_stand_in_the_table_in_their_order(void **state)
{
    (void)state;
    struct library library = {"libm.so.6", names, 2, 0};
    struct maths maths;
    gait_error err;
    assert_int_equal(library_load(&library, &maths, &err), GAIT_OK);
    assert_true(maths.cosine(0) == 1);
    assert_true(maths.root(9) == 3);
}

static void it_is_loaded_once(void **state)
{
    (void)state;
    struct library library = {"libm.so.6", names, 2, 0};
    struct maths maths;
    assert_int_equal(library_load(&library, &maths, NULL), GAIT_OK);
    memset(&maths, 0, sizeof maths);
    assert_int_equal(library_load(&library, &maths, NULL), GAIT_OK);
    assert_null(maths.cosine);
}

static void one_that_is_not_there_is_named(void **state)
{
    (void)state;
    struct library library = {"libgait_is_no_such.so.7", names, 2, 0};
    struct maths maths;
    gait_error err;
    for (int i = 0; i < 2; i++) { /* and asked for again, still */
        assert_int_equal(library_load(&library, &maths, &err), GAIT_UNSUPPORTED);
        assert_non_null(strstr(err.text, "libgait_is_no_such.so.7"));
    }
}

static void one_that_is_too_old_is_named_with_what_it_lacks(void **state)
{
    (void)state;
    static const char *const newer[] = {"cos", "cosine_of_a_later_version"};
    struct library library = {"libm.so.6", newer, 2, 0};
    struct maths maths;
    gait_error err;
    assert_int_equal(library_load(&library, &maths, &err), GAIT_UNSUPPORTED);
    assert_non_null(strstr(err.text, "libm.so.6 has no cosine_of_a_later_version"));
}

static struct library shared = {"libm.so.6", names, 2, 0};
static struct maths table;

static void *use(void *out)
{
    if (library_load(&shared, &table, NULL) == GAIT_OK) *(double *)out = table.root(16);
    return NULL;
}

static void threads_may_need_it_at_the_same_time(void **state)
{
    (void)state;
    enum { N = 8 };
    pthread_t threads[N];
    double found[N] = {0};
    for (int i = 0; i < N; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, use, &found[i]), 0);
    for (int i = 0; i < N; i++) pthread_join(threads[i], NULL);
    for (int i = 0; i < N; i++) assert_true(found[i] == 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(its_symbols_stand_in_the_table_in_their_order),
        cmocka_unit_test(it_is_loaded_once),
        cmocka_unit_test(one_that_is_not_there_is_named),
        cmocka_unit_test(one_that_is_too_old_is_named_with_what_it_lacks),
        cmocka_unit_test(threads_may_need_it_at_the_same_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
