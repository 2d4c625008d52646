/* SPDX-License-Identifier: BSD-3-Clause */
#include "gait/detect/foot_level.h"

#include "near.h"

enum { N = 400, RATE_HZ = 100 };

static const double up[3] = {0, 0.6, 0.8};
static const struct foot_level rule = {0.1, 0.2, 5, -40};

/* 1.2 g along `up` from .1 to .2 s behind each event, g else. */
static struct track stances(double *xyz, const double *time_s, size_t n)
{
    for (size_t i = 0; i < N; i++) {
        double g = 1;
        for (size_t k = 0; k < n; k++) {
            double after_s = (double)i / RATE_HZ - time_s[k];
            if (after_s > 0.07 && after_s < 0.23) g = 1.2;
        }
        for (size_t c = 0; c < 3; c++) xyz[3 * i + c] = g * up[c];
    }
    return (struct track){xyz, N, 3, RATE_HZ};
}

static double read_level(const double *time_s, size_t n, const double axis[3])
{
    double xyz[3 * N], level = 0;
    struct arena tmp = {0};
    struct track track = stances(xyz, time_s, n);
    assert_int_equal(foot_level_read(&rule, &track, axis, time_s, n, &level, &tmp), GAIT_OK);
    arena_free(&tmp);
    return level;
}

static void it_reads_the_acceleration_along_the_axis_behind_the_events(void **state)
{
    (void)state;
    double time_s[] = {0.5, 1.5, 2.5, 3.5}, across[] = {1, 0, 0}, down[] = {0, -0.6, -0.8};
    assert_near(read_level(time_s, 4, up), 1.2, 1e-9, "along");
    assert_near(read_level(time_s, 4, down), -1.2, 1e-9, "against");
    assert_near(read_level(time_s, 4, across), 0, 1e-9, "across");
}

static void events_at_the_ends_do_not_count_and_two_are_too_few(void **state)
{
    (void)state;
    double time_s[] = {-0.2, 1.5, 2.5, 3.9};
    assert_true(isnan(read_level(time_s, 4, up)));
    assert_near(foot_level_late_s(&rule, (double)NAN), 0, 0, "nothing known, nothing moved");
}

static void lateness_is_the_stated_line_within_limits(void **state)
{
    (void)state;
    assert_near(foot_level_late_s(&rule, 0.25), -0.005, 1e-12, "5 - 40 x 0.25 ms");
    assert_near(foot_level_late_s(&rule, 9), -0.025, 1e-12, "never more than 25 ms");
    assert_near(foot_level_late_s(&rule, -9), 0.025, 1e-12, "either way");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_reads_the_acceleration_along_the_axis_behind_the_events),
        cmocka_unit_test(events_at_the_ends_do_not_count_and_two_are_too_few),
        cmocka_unit_test(lateness_is_the_stated_line_within_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
