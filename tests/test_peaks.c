/* SPDX-License-Identifier: BSD-3-Clause */
#include "near.h"
#include "signal/peaks.h"

static void a_parabola_has_its_top_between_samples(void **state)
{
    (void)state;
    double y[7], value;
    for (size_t i = 0; i < 7; i++) y[i] = 4 - 0.5 * pow((double)i - 3.3, 2);
    assert_near(parabolic(y, 7, 3, &value), 3.3, 1e-12, "place of the top");
    assert_near(value, 4, 1e-12, "height of the top");
    assert_near(parabolic(y, 7, 3, NULL), 3.3, 1e-12, "the height need not be asked for");
}

static void at_an_end_or_on_a_flat_top_the_sample_itself_counts(void **state)
{
    (void)state;
    const double y[4] = {3, 1, 1, 1};
    double value;
    assert_near(parabolic(y, 4, 0, &value), 0, 0, "first sample");
    assert_near(value, 3, 0, "its value");
    assert_near(parabolic(y, 4, 3, &value), 3, 0, "last sample");
    assert_near(parabolic(y, 4, 2, &value), 2, 0, "flat");
    const double slope[3] = {0, 1, 2.0001};
    assert_near(parabolic(slope, 3, 1, NULL), 1, 0, "no extremum near a slope");
}

static void maxima_are_told_once_also_on_a_plateau(void **state)
{
    (void)state;
    const double y[] = {9, 1, 2, 2, 2, 1, 5, 4, 4, 6, 6};
    size_t at[8];
    assert_int_equal(local_maxima(y, sizeof y / sizeof *y, at, 8), 2);
    assert_int_equal(at[0], 2);
    assert_int_equal(at[1], 6);
    assert_int_equal(local_maxima(y, sizeof y / sizeof *y, at, 1), 1);
    assert_int_equal(local_maxima(y, 2, at, 8), 0);
    assert_int_equal(local_maxima(y, 0, at, 8), 0);
}

static void the_first_of_equal_extremes_is_taken(void **state)
{
    (void)state;
    const double y[] = {0, 3, 1, 3, -2, -2};
    assert_int_equal(argmax(y, 0, 6), 1);
    assert_int_equal(argmax(y, 2, 6), 3);
    assert_int_equal(argmin(y, 0, 6), 4);
    assert_int_equal(argmin(y, 2, 3), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_parabola_has_its_top_between_samples),
        cmocka_unit_test(at_an_end_or_on_a_flat_top_the_sample_itself_counts),
        cmocka_unit_test(maxima_are_told_once_also_on_a_plateau),
        cmocka_unit_test(the_first_of_equal_extremes_is_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
