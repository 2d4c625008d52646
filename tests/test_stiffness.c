/* SPDX-License-Identifier: BSD-3-Clause */
#include "measured.h"

/* Runs the spring in small steps: it lands as fast as it falls through half the flight, the ground
 * pushes with half a sine whose impulse carries it through the whole flight. */
static double by_steps(double contact_s, double step_s)
{
    enum { STEPS = 200000 };
    const double g = 9.80665, pi = acos(-1.0);
    double flight_s = step_s - contact_s, dt = contact_s / STEPS;
    double force_bw = pi / 2 * step_s / contact_s, speed = -g * flight_s / 2, height = 0, low = 0;
    for (int i = 0; i < STEPS; i++) {
        double a = g * (force_bw * sin(pi * (i + 0.5) / STEPS) - 1);
        speed += a * dt / 2;
        height += speed * dt;
        speed += a * dt / 2;
        low = fmin(low, height);
    }
    assert_near(speed, g * flight_s / 2, 1e-3, "it leaves as fast as it came");
    return force_bw / -low;
}

static void it_is_the_force_over_the_way_the_body_sinks(void **state)
{
    (void)state;
    static const struct {
        double contact_s, step_s;
    } cases[] = {{0.25, 0.353}, {0.2, 0.36}, {0.3, 0.37}, {0.16, 0.31}};
    static const double still[3 * 400] = {0};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        struct measured *m = measured_new(GAIT_SHANK, GAIT_RUN, 200, still, 400);
        measured_stride(m, 0.1, 0.1 + cases[k].contact_s, 0.1 + 2 * cases[k].step_s);
        measured_metric(m, "vertical_stiffness_bw_per_m");
        double want = by_steps(cases[k].contact_s, cases[k].step_s);
        assert_near(m->value[0], want, 2e-3 * want, "as by small steps");
        measured_free(m);
    }
}

static void without_flight_or_toe_off_there_is_none(void **state)
{
    (void)state;
    static const double still[3 * 400] = {0};
    struct measured *m = measured_new(GAIT_SHANK, GAIT_RUN, 200, still, 400);
    measured_stride(m, 0.1, 0.5, 0.8);
    measured_stride(m, 0.8, NAN, 1.5);
    measured_metric(m, "vertical_stiffness_bw_per_m");
    assert_true(isnan(m->value[0]) && isnan(m->value[1]));
    assert_int_equal(m->flags[0], GAIT_FLAG_GROUNDED);
    assert_int_equal(m->flags[1], GAIT_FLAG_NO_EVENT);
    measured_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_the_force_over_the_way_the_body_sinks),
        cmocka_unit_test(without_flight_or_toe_off_there_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
