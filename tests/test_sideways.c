/* SPDX-License-Identifier: BSD-3-Clause */
#include "measured.h"

/* A shank that stands upright and is pushed to its right after every strike: half a sine of 3 g and
 * 50 ms, beginning 10 ms after it. */

enum { RATE = 1000, N = 2 * RATE, N_STRIDES = 2 };

static const double pi = 3.14159265358979323846;
static const double push_g = 3, push_s = 0.05, later_s = 0.01, contact_s = 0.24;

static double x[3 * N];

static struct measured *pushed(gait_side side, double sign)
{
    struct measured *m = measured_new(GAIT_SHANK, GAIT_RUN, RATE, x, N);
    m->options.side = side;
    for (int k = 0; k < 3; k++) m->options.axes[k][k] = 1; /* forward, up, right */
    m->options.axes_known = FRAME_FORWARD | FRAME_UP | FRAME_RIGHT;
    for (size_t i = 0; i < N; i++) {
        double since_s = fmod((double)i / RATE, 0.7) - 0.35 - later_s;
        int inside = since_s > 0 && since_s < push_s;
        x[3 * i + 1] = 1;
        x[3 * i + 2] = inside ? sign * push_g * sin(pi * since_s / push_s) : 0;
    }
    for (size_t k = 0; k < N_STRIDES; k++) {
        double strike_s = 0.35 + 0.7 * (double)k;
        measured_stride(m, strike_s, strike_s + contact_s, strike_s + 0.7);
    }
    measured_prepare(m);
    return m;
}

/* The filter takes little of 10 Hz; a frame of the thinned signal is 5 ms. */
static void a_push_is_told_outwards_from_the_leg_it_meets(void **state)
{
    (void)state;
    static const struct {
        gait_side side;
        double sign, outward;
    } cases[] = {{GAIT_RIGHT, 1, 1}, {GAIT_RIGHT, -1, -1}, {GAIT_LEFT, 1, -1}, {GAIT_LEFT, -1, 1}};
    const double impulse_g_s = push_g * push_s * 2 / pi;
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        struct measured *m = pushed(cases[c].side, cases[c].sign);
        measured_metric(m, "ml_impact_g");
        assert_near(m->value[1], push_g, 0.1, "its size");
        measured_metric(m, "ml_impact_outward_g");
        assert_near(m->value[1], cases[c].outward * push_g, 0.1, "its direction");
        measured_metric(m, "ml_impact_time_s");
        assert_near(m->value[1], later_s + push_s / 2, 0.0051, "its time");
        measured_metric(m, "ml_impulse_g_s");
        assert_near(m->value[1], cases[c].outward * impulse_g_s, 0.003, "its impulse");
        measured_metric(m, "ml_impulse_ratio");
        assert_near(m->value[1], impulse_g_s / (contact_s / 2), 0.03,
                    "over 1 g for half a contact");
        measured_free(m);
    }
}

static void without_a_side_only_sizes_are_told(void **state)
{
    (void)state;
    static const char *const directed[] = {"ml_impact_outward_g", "ml_impulse_g_s"};
    static const char *const sizes[] = {"ml_impact_g", "ml_impact_time_s", "ml_impulse_ratio"};
    struct measured *m = pushed(GAIT_SIDE_UNKNOWN, 1);
    for (size_t k = 0; k < 2; k++) {
        measured_metric(m, directed[k]);
        assert_true(isnan(m->value[1]));
        assert_int_equal(m->flags[1], GAIT_FLAG_SIDE_UNKNOWN);
    }
    for (size_t k = 0; k < 3; k++) {
        measured_metric(m, sizes[k]);
        assert_true(isfinite(m->value[1]));
        assert_int_equal(m->flags[1], 0);
    }
    measured_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_push_is_told_outwards_from_the_leg_it_meets),
        cmocka_unit_test(without_a_side_only_sizes_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
