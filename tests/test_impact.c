/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/vec.h"
#include "simulated.h"

/* Blows of known shape along a known direction of a shank that else only stands. */

enum { N_STRIDES = 6 };

static const double pi = 3.14159265358979323846;
static const double stride_s = 0.7, first_s = 0.5;

struct blows {
    double *accel_g;
    size_t n;
    double rate_hz;
    double up[3];
    uint8_t *marks;
};

static double strike_s(size_t k, double rate_hz)
{
    /* Not on a frame, and on another part of it every time. */
    return first_s + (double)k * stride_s + 0.17 * (double)k / rate_hz;
}

/* Half a sine of that height and length, beginning a little after the strike, over 1 g. */
static double half_sine_g(double since_s, double height_g, double length_s)
{
    return since_s > 0 && since_s < length_s ? height_g * sin(pi * since_s / length_s) : 0;
}

static struct blows half_sines(double rate_hz, double height_g, double length_s, double later_s)
{
    struct blows b = {.rate_hz = rate_hz, .n = (size_t)(6 * rate_hz), .up = {0.36, 0.48, 0.8}};
    b.accel_g = calloc(3 * b.n, sizeof *b.accel_g);
    b.marks = calloc(b.n, 1);
    assert_true(b.accel_g && b.marks);
    for (size_t i = 0; i < b.n; i++) {
        double t = (double)i / rate_hz, g = 1;
        for (size_t k = 0; k <= N_STRIDES; k++)
            g += half_sine_g(t - strike_s(k, rate_hz) - later_s, height_g, length_s);
        for (int c = 0; c < 3; c++) b.accel_g[3 * i + (size_t)c] = g * b.up[c];
    }
    return b;
}

static struct measured *window_of(const struct blows *b, gait_placement placement,
                                  gait_activity activity)
{
    struct measured *m = measured_new(placement, activity, b->rate_hz, b->accel_g, b->n);
    m->signal.marks = b->marks;
    memcpy(m->in.standing_up, b->up, sizeof b->up);
    for (size_t k = 0; k < N_STRIDES; k++)
        measured_stride(m, strike_s(k, b->rate_hz), strike_s(k, b->rate_hz) + 0.25,
                        strike_s(k + 1, b->rate_hz));
    return m;
}

static void blows_free(struct blows *b)
{
    free(b->accel_g);
    free(b->marks);
}

static void a_slow_blow_is_read_exactly_between_the_samples(void **state)
{
    (void)state;
    /* 80 ms are half a period of 6 Hz, which a 60 Hz low-pass leaves alone. */
    const double rates_hz[] = {200, 500, 1000, 2000};
    for (size_t r = 0; r < 4; r++) {
        struct blows b = half_sines(rates_hz[r], 6, 0.08, 0.02);
        struct measured *m = window_of(&b, GAIT_SHANK, GAIT_RUN);
        measured_prepare(m);
        measured_metric(m, "peak_accel_axial_g");
        for (size_t k = 0; k < N_STRIDES; k++) assert_near(m->value[k], 7, 0.02, "1 g + 6 g");
        measured_metric(m, "peak_accel_resultant_g");
        for (size_t k = 0; k < N_STRIDES; k++) assert_near(m->value[k], 7, 0.02, "same line");
        measured_metric(m, "time_to_peak_s");
        for (size_t k = 0; k < N_STRIDES; k++)
            assert_near(m->value[k], 0.06, 0.0005, "20 ms + half of 80 ms");
        measured_free(m);
        blows_free(&b);
    }
}

static void the_jerk_is_the_steepest_rise(void **state)
{
    (void)state;
    /* A whole wave of 8 Hz, cos from low to high: its steepest rise is height / 2 * 2 pi f. */
    enum { RATE = 1000, N = 6 * RATE };
    double *x = calloc(3 * (size_t)N, sizeof *x);
    assert_non_null(x);
    for (size_t i = 0; i < N; i++)
        x[3 * i + 2] = 1 - 2.5 * cos(2 * pi * 8 * ((double)i / RATE - first_s));
    struct measured *m = measured_new(GAIT_SHANK, GAIT_RUN, RATE, x, N);
    m->in.standing_up[0] = m->in.standing_up[1] = 0;
    m->in.standing_up[2] = 1;
    for (size_t k = 0; k < N_STRIDES; k++) {
        double strike = first_s + 0.75 * (double)k; /* six whole waves */
        measured_stride(m, strike, strike + 0.25, strike + 0.75);
    }
    measured_prepare(m);
    measured_metric(m, "impact_jerk_g_per_s");
    for (size_t k = 0; k < N_STRIDES; k++)
        assert_near(m->value[k], 2.5 * 2 * pi * 8, 0.5, "steepest rise of the wave");
    measured_metric(m, "impact_rise_g_per_s");
    double middle_s = (acos(-0.6) - acos(0.6)) / (2 * pi * 8); /* a fifth to four fifths */
    for (size_t k = 0; k < N_STRIDES; k++)
        assert_near(m->value[k], 0.6 * 5 / middle_s, 0.7, "mean rise of its middle");
    measured_metric(m, "time_to_peak_s");
    for (size_t k = 0; k < N_STRIDES; k++)
        assert_near(m->value[k], 1.0 / 16, 0.0005, "half a wave after its lowest point");
    measured_free(m);
    free(x);
}

/* A damped sine of 17 Hz, unit peak, as a shank's impact; a 60 Hz two-pass low-pass takes little.
 */
static void a_damped_blow_is_read_to_three_percent(void **state)
{
    (void)state;
    enum { RATE = 500, N = 6 * RATE };
    double w = 2 * pi * 17, z = 0.3, wd = w * sqrt(1 - z * z);
    double top_s = atan2(wd, z * w) / wd, top = exp(-z * w * top_s) * sin(wd * top_s);
    double *x = calloc(3 * (size_t)N, sizeof *x);
    assert_non_null(x);
    for (size_t i = 0; i < N; i++) {
        double g = 1;
        for (size_t k = 0; k <= N_STRIDES; k++) {
            double since = (double)i / RATE - strike_s(k, RATE) - 0.01;
            if (since > 0) g += 6 / top * exp(-z * w * since) * sin(wd * since);
        }
        x[3 * i] = g;
    }
    struct measured *m = measured_new(GAIT_SHANK, GAIT_RUN, RATE, x, N);
    m->in.standing_up[1] = m->in.standing_up[2] = 0;
    m->in.standing_up[0] = 1;
    for (size_t k = 0; k < N_STRIDES; k++)
        measured_stride(m, strike_s(k, RATE), strike_s(k, RATE) + 0.25, strike_s(k + 1, RATE));
    measured_prepare(m);
    measured_metric(m, "peak_accel_axial_g");
    for (size_t k = 0; k < N_STRIDES; k++) assert_near(m->value[k], 7, 0.21, "1 g + 6 g");
    measured_free(m);
    free(x);
}

static void turning_the_sensor_changes_nothing(void **state)
{
    (void)state;
    struct blows a = half_sines(500, 6, 0.03, 0), b = half_sines(500, 6, 0.03, 0);
    for (size_t i = 0; i < b.n; i++) {
        double x = b.accel_g[3 * i];
        b.accel_g[3 * i] = -b.accel_g[3 * i + 2];
        b.accel_g[3 * i + 2] = x;
    }
    double x = b.up[0];
    b.up[0] = -b.up[2];
    b.up[2] = x;
    struct measured *m = window_of(&a, GAIT_SHANK, GAIT_RUN);
    struct measured *turned = window_of(&b, GAIT_SHANK, GAIT_RUN);
    measured_prepare(m);
    measured_prepare(turned);
    static const char *const keys[] = {"peak_accel_axial_g", "peak_accel_resultant_g",
                                       "impact_jerk_g_per_s", "time_to_peak_s"};
    for (size_t i = 0; i < 4; i++) {
        measured_metric(m, keys[i]);
        measured_metric(turned, keys[i]);
        for (size_t k = 0; k < N_STRIDES; k++)
            assert_near(turned->value[k], m->value[k], 1e-9, keys[i]);
    }
    measured_free(m);
    measured_free(turned);
    blows_free(&a);
    blows_free(&b);
}

static void a_walkers_peak_may_come_later(void **state)
{
    (void)state;
    struct blows b = half_sines(500, 2, 0.06, 0.07);
    struct measured *m = window_of(&b, GAIT_SHANK, GAIT_WALK);
    measured_prepare(m);
    measured_metric(m, "time_to_peak_s");
    assert_near(m->value[1], 0.1, 0.001, "100 ms after the strike");
    measured_free(m);
    blows_free(&b);
}

static void a_clipped_peak_is_told_and_marked(void **state)
{
    (void)state;
    struct blows b = half_sines(1000, 6, 0.04, 0);
    size_t at = (size_t)((strike_s(2, 1000) + 0.02) * 1000);
    b.marks[at] = GAIT_FRAME_CLIPPED;
    b.marks[(size_t)((strike_s(4, 1000) + 0.4) * 1000)] = GAIT_FRAME_CLIPPED; /* in the swing */
    struct measured *m = window_of(&b, GAIT_SHANK, GAIT_RUN);
    measured_prepare(m);
    measured_metric(m, "peak_accel_axial_g");
    for (size_t k = 0; k < N_STRIDES; k++) {
        assert_true(isfinite(m->value[k]));
        assert_int_equal(m->flags[k] & GAIT_FLAG_CLIPPED, k == 2 ? GAIT_FLAG_CLIPPED : 0);
    }
    measured_free(m);
    blows_free(&b);
}

static void a_peak_next_to_filled_frames_is_not_told(void **state)
{
    (void)state;
    struct blows b = half_sines(1000, 6, 0.04, 0);
    b.marks[(size_t)((strike_s(1, 1000) + 0.12) * 1000)] = GAIT_FRAME_FILLED;
    b.marks[(size_t)((strike_s(3, 1000) + 0.3) * 1000)] = GAIT_FRAME_FILLED;
    struct measured *m = window_of(&b, GAIT_FOOT, GAIT_RUN);
    measured_prepare(m);
    measured_metric(m, "peak_accel_resultant_g");
    for (size_t k = 0; k < N_STRIDES; k++) {
        assert_int_equal(isnan(m->value[k]), k == 1);
        assert_int_equal(m->flags[k] & GAIT_FLAG_INTERPOLATED, k == 1 ? GAIT_FLAG_INTERPOLATED : 0);
    }
    measured_free(m);
    blows_free(&b);
}

static void a_window_that_is_not_all_there_is_not_told(void **state)
{
    (void)state;
    struct blows b = half_sines(1000, 6, 0.04, 0);
    struct measured *m = window_of(&b, GAIT_SHANK, GAIT_RUN);
    m->strides[0].start_s = 0.004;
    m->strides[N_STRIDES - 1].start_s = 5.95;
    m->strides[N_STRIDES - 1].end_s = 6.6;
    m->strides[N_STRIDES - 1].toe_off_s = 6.2;
    measured_prepare(m);
    measured_metric(m, "peak_accel_resultant_g");
    assert_true(isnan(m->value[0]) && (m->flags[0] & GAIT_FLAG_SHORT));
    assert_true(isnan(m->value[N_STRIDES - 1]) && (m->flags[N_STRIDES - 1] & GAIT_FLAG_SHORT));
    assert_true(isfinite(m->value[1]));
    measured_free(m);
    blows_free(&b);
}

static void a_slow_sensor_says_that_it_is_slow(void **state)
{
    (void)state;
    struct blows b = half_sines(142.857, 6, 0.08, 0);
    struct measured *m = window_of(&b, GAIT_SHANK, GAIT_RUN);
    measured_prepare(m);
    measured_metric(m, "peak_accel_resultant_g");
    for (size_t k = 0; k < N_STRIDES; k++) {
        assert_near(m->value[k], 7, 0.1, "not filtered below 150 Hz");
        assert_true(m->flags[k] & GAIT_FLAG_LOW_RATE);
    }
    measured_free(m);
    blows_free(&b);
}

/* The simulator's truth is the force along the shank and in any direction before the sensor. */
static void simulated_runners_are_read_within_three_percent(void **state)
{
    (void)state;
    for (int seed = 1; seed <= 6; seed++) {
        char settings[160];
        snprintf(settings, sizeof settings, "seed=%d vary=1 duration_s=20 mount_hz=0 rate_hz=%d",
                 seed, seed % 2 ? 200 : 1000);
        struct simulated_window w = simulate_window(settings, GAIT_SHANK, GAIT_RIGHT, GAIT_RUN);
        true_axis(&w, 1, w.m->in.standing_up);
        measured_prepare(w.m);
        measured_metric(w.m, "peak_accel_axial_g");
        double sum = 0, truth = 0;
        for (size_t i = 0; i < w.sensor.n_truth; i++) {
            const gait_truth *row = &w.sensor.truth[i];
            if (strcmp(row->event, "peak_accel_axial_g") != 0) continue;
            for (size_t k = 0; k < w.m->in.n_strides; k++) {
                if (fabs(w.m->strides[k].start_s - row->time_s) > 1e-6) continue;
                sum += w.m->value[k];
                truth += row->value;
            }
        }
        assert_true(truth > 10);
        assert_near(sum / truth, 1, 0.03, "mean peak over the mean true peak");
        simulated_window_free(&w);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_slow_blow_is_read_exactly_between_the_samples),
        cmocka_unit_test(the_jerk_is_the_steepest_rise),
        cmocka_unit_test(a_damped_blow_is_read_to_three_percent),
        cmocka_unit_test(turning_the_sensor_changes_nothing),
        cmocka_unit_test(a_walkers_peak_may_come_later),
        cmocka_unit_test(a_clipped_peak_is_told_and_marked),
        cmocka_unit_test(a_peak_next_to_filled_frames_is_not_told),
        cmocka_unit_test(a_window_that_is_not_all_there_is_not_told),
        cmocka_unit_test(a_slow_sensor_says_that_it_is_slow),
        cmocka_unit_test(simulated_runners_are_read_within_three_percent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
