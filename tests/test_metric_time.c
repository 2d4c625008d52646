/* SPDX-License-Identifier: BSD-3-Clause */
#include "measured.h"

/* Metrics that events alone give: the numbers below are sums of the times put in. */

enum { RATE_HZ = 100, N = 1000 };

static double still[3 * N];

static struct measured *window(gait_placement placement, gait_activity activity)
{
    for (size_t i = 0; i < N; i++) still[3 * i + 2] = 1;
    return measured_new(placement, activity, RATE_HZ, still, N);
}

static double first(struct measured *m, const char *key)
{
    measured_metric(m, key);
    return m->value[0];
}

static void a_limb_counts_half_the_stride_as_a_step(void **state)
{
    (void)state;
    struct measured *m = window(GAIT_SHANK, GAIT_RUN);
    measured_stride(m, 1, 1.25, 1.7);
    measured_prepare(m);
    assert_near(first(m, "stride_time_s"), 0.7, 1e-12, "1.7 - 1");
    assert_near(first(m, "contact_time_s"), 0.25, 1e-12, "1.25 - 1");
    assert_near(first(m, "flight_time_s"), 0.1, 1e-12, "0.35 - 0.25");
    assert_int_equal(m->flags[0] & GAIT_FLAG_GROUNDED, 0);
    assert_near(first(m, "duty_factor"), 0.25 / 0.7, 1e-12, "share of the stride");
    assert_near(first(m, "cadence_steps_per_min"), 120 / 0.7, 1e-9, "two steps per stride");
    measured_free(m);
}

static struct measured *trunk_window(void)
{
    struct measured *m = window(GAIT_SACRUM, GAIT_RUN);
    measured_event(m, GAIT_FOOT_STRIKE, GAIT_LEFT, 1);
    measured_event(m, GAIT_TOE_OFF, GAIT_LEFT, 1.22);
    measured_event(m, GAIT_FOOT_STRIKE, GAIT_RIGHT, 1.36);
    measured_event(m, GAIT_TOE_OFF, GAIT_RIGHT, 1.58);
    measured_event(m, GAIT_FOOT_STRIKE, GAIT_LEFT, 1.7);
    measured_stride(m, 1, 1.22, 1.7);
    return m;
}

static void a_trunk_sees_the_other_foot(void **state)
{
    (void)state;
    struct measured *m = trunk_window();
    measured_prepare(m);
    assert_near(first(m, "step_time_s"), 0.36, 1e-12, "to the right strike");
    assert_near(first(m, "flight_time_s"), 0.14, 1e-12,
                "from the left toe-off to the right strike");
    assert_near(first(m, "cadence_steps_per_min"), 120 / 0.7, 1e-9, "no spectrum: from the events");
    measured_free(m);
}

static void the_spectrum_gives_a_trunk_its_cadence(void **state)
{
    (void)state;
    const double time_s[] = {0.35, 1.85}, cadence[] = {170, 173};
    struct measured *m = trunk_window();
    m->in.n_cadence = 2;
    m->in.cadence_time_s = time_s;
    m->in.cadence_steps_per_min = cadence;
    measured_prepare(m);
    assert_near(first(m, "cadence_steps_per_min"), 172, 1e-9, "on the line, at 1.35 s");
    m->options.placement = GAIT_SHANK;
    assert_near(first(m, "cadence_steps_per_min"), 120 / 0.7, 1e-9, "a shank knows better");
    measured_free(m);
}

static void the_cadence_of_a_shank_is_that_of_the_strides_around(void **state)
{
    (void)state;
    static const double start_s[] = {0, 0.7, 1.4, 2.2, 2.8, 9}; /* 0.7, 0.7, 0.8, 0.6, alone */
    struct measured *m = window(GAIT_SHANK, GAIT_RUN);
    for (size_t i = 0; i + 1 < 5; i++) measured_stride(m, start_s[i], NAN, start_s[i + 1]);
    measured_stride(m, 9, NAN, 9.5);
    measured_prepare(m);
    assert_near(first(m, "cadence_steps_per_min"), 120 / 0.7, 1e-9, "the middle of 0.6 to 0.8 s");
    measured_free(m);
}

static void what_was_not_seen_is_not_told(void **state)
{
    (void)state;
    struct measured *m = window(GAIT_SACRUM, GAIT_RUN);
    measured_event(m, GAIT_FOOT_STRIKE, GAIT_LEFT, 1);
    measured_event(m, GAIT_FOOT_STRIKE, GAIT_LEFT, 1.7);
    measured_stride(m, 1, NAN, 1.7);
    measured_prepare(m);
    assert_true(isnan(first(m, "contact_time_s")));
    assert_int_equal(m->flags[0] & GAIT_FLAG_NO_EVENT, GAIT_FLAG_NO_EVENT);
    assert_true(isnan(first(m, "step_time_s")));
    assert_true(isnan(first(m, "flight_time_s")));
    assert_true(isnan(first(m, "duty_factor")));
    assert_near(first(m, "stride_time_s"), 0.7, 1e-12, "the strikes are there");
    measured_free(m);
}

static void running_without_flight_is_marked(void **state)
{
    (void)state;
    struct measured *m = window(GAIT_FOOT, GAIT_RUN);
    measured_stride(m, 1, 1.4, 1.7);
    measured_prepare(m);
    assert_near(first(m, "flight_time_s"), -0.05, 1e-12, "both feet down for 50 ms");
    assert_int_equal(m->flags[0] & GAIT_FLAG_GROUNDED, GAIT_FLAG_GROUNDED);
    measured_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_limb_counts_half_the_stride_as_a_step),
        cmocka_unit_test(a_trunk_sees_the_other_foot),
        cmocka_unit_test(the_spectrum_gives_a_trunk_its_cadence),
        cmocka_unit_test(the_cadence_of_a_shank_is_that_of_the_strides_around),
        cmocka_unit_test(what_was_not_seen_is_not_told),
        cmocka_unit_test(running_without_flight_is_marked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
