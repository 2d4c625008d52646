/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>

#include "near.h"
#include "record/line_fit.h"
#include "record/stamps.h"

/* Lengths around those of the lanes, and one number in each place that is unlike the others. */
enum { MOST = 40 };

static void ramp(double *t, size_t n)
{
    for (size_t i = 0; i < n; i++) t[i] = 1e9 + 0.25 * (double)i; /* exact in binary */
}

static void the_shortest_and_the_longest_step_are_found_anywhere(void **state)
{
    (void)state;
    double t[MOST] = {0};
    for (size_t n = 2; n <= MOST; n++)
        for (size_t late = 1; late < n; late++) {
            ramp(t, n);
            t[late] += 0.125;
            struct step_range steps = stamps_range(t, n);
            assert_near(steps.most, 0.375, 0, "into the late one");
            assert_near(steps.least, late + 1 < n ? 0.125 : n > 2 ? 0.25 : 0.375, 0, "out of it");
            assert_true(steps.is_finite);
        }
}

static void no_step_leaves_the_range_empty(void **state)
{
    (void)state;
    const double one = 5;
    for (size_t n = 0; n < 2; n++) {
        struct step_range steps = stamps_range(&one, n);
        assert_true(steps.least > 0 && isinf(steps.least));
        assert_true(steps.most < 0 && isinf(steps.most));
        assert_true(steps.is_finite);
    }
}

static void a_stamp_that_is_no_number_is_seen_anywhere(void **state)
{
    (void)state;
    const double odd[] = {NAN, INFINITY, -INFINITY};
    double t[MOST] = {0};
    for (size_t n = 1; n <= MOST; n++)
        for (size_t at = 0; at < n; at++)
            for (int k = 0; k < 3; k++) {
                ramp(t, n);
                t[at] = odd[k];
                assert_false(stamps_range(t, n).is_finite);
            }
}

static void the_largest_distance_from_a_line_is_found_anywhere(void **state)
{
    (void)state;
    double t[MOST] = {0};
    for (size_t n = 1; n <= MOST; n++)
        for (size_t at = 0; at < n; at++) {
            ramp(t, n);
            assert_near(stamps_off_line(t, n, 1e9, 0.25), 0, 0, "all on it");
            t[at] -= 0.5;
            assert_near(stamps_off_line(t, n, 1e9, 0.25), 0.5, 0, "one before it");
        }
}

static void stamps_are_laid_on_the_line(void **state)
{
    (void)state;
    double t[MOST + 1] = {0};
    for (size_t n = 0; n <= MOST; n++) {
        t[n] = -1;
        stamps_lay(t, n, 3, -7, 0.01);
        for (size_t i = 0; i < n; i++)
            assert_near(t[i], 3 + (-7 + (double)i) * 0.01, 0, "the same bits");
        assert_near(t[n], -1, 0, "what lies behind stays");
    }
}

static void a_number_beyond_the_limit_is_seen_anywhere(void **state)
{
    (void)state;
    const float beyond[] = {8.001F, -8.001F, NAN, INFINITY};
    float x[MOST] = {0};
    for (size_t n = 0; n <= MOST; n++) {
        for (size_t i = 0; i < n; i++) x[i] = i % 2 ? 8 : -8;
        assert_true(all_within(x, n, 8));
        for (size_t at = 0; at < n; at++)
            for (int k = 0; k < 4; k++) {
                float kept = x[at];
                x[at] = beyond[k];
                assert_false(all_within(x, n, 8));
                x[at] = kept;
            }
    }
}

static void the_largest_size_of_each_axis_is_found_anywhere(void **state)
{
    (void)state;
    float xyz[3 * MOST], largest[3];
    for (size_t n = 1; n <= MOST; n++)
        for (size_t at = 0; at < n; at++) {
            for (size_t i = 0; i < 3 * n; i++) xyz[i] = 0.5F - (float)(i % 3);
            xyz[3 * at + 1] = -7;
            largest_per_axis(xyz, n, largest);
            assert_near((double)largest[0], 0.5, 0, "x");
            assert_near((double)largest[1], 7, 0, "y");
            assert_near((double)largest[2], 1.5, 0, "z");
        }
    largest_per_axis(xyz, 0, largest);
    assert_near((double)largest[1], 0, 0, "of nothing");
}

static void the_line_with_the_least_squares_is_found(void **state)
{
    (void)state;
    double x[MOST], y[MOST];
    for (size_t n = 6; n <= MOST; n++) {
        for (size_t i = 0; i < n; i++) {
            x[i] = 10 + (double)i;
            y[i] = 1e9 + 0.25 * x[i];
        }
        y[n - 1] += 3;
        double mean = 3 / (double)n, lever = (double)(n - 1) / 2;
        double bend = 3 * lever / ((double)n * ((double)n * (double)n - 1) / 12);
        struct line line = line_fit(x, y, n);
        assert_near(line.slope, 0.25 + bend, 1e-6, "slope");
        assert_near(line.at_0 + line.slope * x[n - 1], 1e9 + 0.25 * x[n - 1] + mean + bend * lever,
                    1e-5, "place");
        assert_near(line.largest, 3 - mean - bend * lever, 1e-5, "the moved point is farthest");
        double squares = line.rms * line.rms * (double)n;
        assert_near(squares, 9 - 3 * mean - 3 * bend * lever, 1e-4, "what the line leaves");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_shortest_and_the_longest_step_are_found_anywhere),
        cmocka_unit_test(no_step_leaves_the_range_empty),
        cmocka_unit_test(a_stamp_that_is_no_number_is_seen_anywhere),
        cmocka_unit_test(the_largest_distance_from_a_line_is_found_anywhere),
        cmocka_unit_test(stamps_are_laid_on_the_line),
        cmocka_unit_test(a_number_beyond_the_limit_is_seen_anywhere),
        cmocka_unit_test(the_largest_size_of_each_axis_is_found_anywhere),
        cmocka_unit_test(the_line_with_the_least_squares_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
