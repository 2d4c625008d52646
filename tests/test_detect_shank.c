/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>

#include "base/random.h"
#include "base/vec.h"
#include "gait/detect/shank.h"
#include "near.h"

/* A shank drawn from what is known of a stride: slow bumps of the limb's swing, and a vibration
 * that begins at foot strike. Exact strike times; any rate. */

enum { MOST_STRIDES = 256 };

static const double pi = 3.14159265358979323846;

struct runner {
    gait_activity activity;
    size_t n_strides;
    double strike_s[MOST_STRIDES];
    double period_s[MOST_STRIDES];
};

struct wave {
    double at, width, along, forward;
};

static const struct wave run_waves[] = {{-0.22, 0.08, -1.2, -0.6}, {-0.06, 0.05, 0.4, 0.9},
                                        {0.10, 0.04, 1.0, 0.6},    {0.25, 0.07, 1.3, 0.5},
                                        {0.40, 0.035, -1.8, 0.9},  {0.57, 0.05, 1.2, 0.7}};
static const struct wave walk_waves[] = {{-0.22, 0.06, -0.7, -0.4}, {-0.03, 0.04, 0.5, 0.2},
                                         {0.03, 0.02, 0.4, 0.8},    {0.12, 0.04, 0.1, 0.1},
                                         {0.55, 0.06, 0.6, 0.4},    {0.62, 0.05, 0.4, 0.3}};

static void add_stride(const struct runner *runner, size_t k, double t, double out[3])
{
    double phase = (t - runner->strike_s[k]) / runner->period_s[k];
    if (phase < -0.6 || phase > 1) return;
    int is_run = runner->activity == GAIT_RUN;
    const struct wave *wave = is_run ? run_waves : walk_waves;
    for (size_t i = 0; i < 6; i++) {
        double z = (phase - wave[i].at) / wave[i].width, bump = exp(-0.5 * z * z);
        out[0] += wave[i].along * bump;
        out[1] += wave[i].forward * bump;
    }
    double since_s = t - runner->strike_s[k] - (is_run ? 0.012 : 0.015);
    if (since_s <= 0 || since_s > 0.3) return;
    double ring = (is_run ? 5 : 1.2) * exp(-since_s / 0.02);
    out[0] += ring * sin(2 * pi * 27 * since_s);
    out[1] += 0.6 * ring * sin(2 * pi * 33 * since_s);
    out[2] += 0.3 * ring * sin(2 * pi * 40 * since_s);
}

static struct runner steady(gait_activity activity, size_t n_strides, double period_s)
{
    struct runner runner = {.activity = activity, .n_strides = n_strides};
    double jitter_s[] = {0, 0.006, -0.004, 0.003, -0.007, 0.001, 0.005, -0.004};
    for (size_t k = 0; k < n_strides; k++) {
        runner.period_s[k] = period_s;
        runner.strike_s[k] = 0.31 + (double)k * period_s + jitter_s[k % 8];
    }
    return runner;
}

/* The recording of a runner, from start_s on; the caller frees it. */
static double *record(const struct runner *runner, double start_s, double length_s, double rate_hz,
                      size_t *n)
{
    *n = (size_t)(length_s * rate_hz);
    double *accel_g = calloc(3 * *n, sizeof *accel_g);
    assert_non_null(accel_g);
    for (size_t i = 0; i < *n; i++) {
        double t = start_s + (double)i / rate_hz;
        accel_g[3 * i] = 1;
        for (size_t k = 0; k < runner->n_strides; k++) add_stride(runner, k, t, accel_g + 3 * i);
    }
    return accel_g;
}

struct result {
    size_t n_strikes, n_toe_offs;
    double strike_s[MOST_STRIDES], toe_off_s[MOST_STRIDES];
    double least_confidence, worst_uncertainty_s;
};

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static struct result detect_by(const char *name, const double *accel_g, const double *gyro_dps,
                               size_t n, double rate_hz, gait_activity activity)
{
    gait_options options;
    gait_options_init(&options);
    options.placement = GAIT_SHANK;
    options.side = GAIT_LEFT;
    struct bout_signal signal = {.rate_hz = rate_hz,
                                 .n = n,
                                 .accel_g = accel_g,
                                 .gyro_dps = gyro_dps,
                                 .bout_start_s = 0,
                                 .bout_end_s = (double)n / rate_hz,
                                 .activity = activity,
                                 .options = &options};
    const struct detector *row = detector_choose(name, GAIT_SHANK, activity, gyro_dps != NULL);
    assert_non_null(row);
    struct arena keep = {0}, tmp = {0};
    struct event_list found = {0};
    gait_error err = {0};
    assert_ok(detector_run(row, &signal, &found, &keep, &tmp, &err), err);
    struct result result = {.least_confidence = 1};
    for (size_t i = 0; i < found.n; i++) {
        const gait_event *event = &found.at[i];
        assert_int_equal(event->side, GAIT_LEFT);
        result.least_confidence = fmin(result.least_confidence, event->confidence);
        result.worst_uncertainty_s = fmax(result.worst_uncertainty_s, event->uncertainty_s);
        if (event->type == GAIT_FOOT_STRIKE)
            result.strike_s[result.n_strikes++] = event->time_s;
        else
            result.toe_off_s[result.n_toe_offs++] = event->time_s;
    }
    qsort(result.strike_s, result.n_strikes, sizeof(double), by_value);
    qsort(result.toe_off_s, result.n_toe_offs, sizeof(double), by_value);
    arena_free(&keep);
    arena_free(&tmp);
    return result;
}

static struct result detect(const double *accel_g, size_t n, double rate_hz, gait_activity activity)
{
    return detect_by(NULL, accel_g, NULL, n, rate_hz, activity);
}

static struct result detect_runner(const struct runner *runner, double length_s, double rate_hz)
{
    size_t n;
    double *accel_g = record(runner, 0, length_s, rate_hz, &n);
    struct result result = detect(accel_g, n, rate_hz, runner->activity);
    free(accel_g);
    return result;
}

static void assert_strikes(const struct result *got, const struct runner *truth, double bias_s,
                           double scatter_s, const char *rule)
{
    if (got->n_strikes != truth->n_strides) print_error("%s\n", rule);
    assert_int_equal(got->n_strikes, truth->n_strides);
    double mean_s = 0;
    for (size_t k = 0; k < got->n_strikes; k++)
        mean_s += (got->strike_s[k] - truth->strike_s[k]) / (double)got->n_strikes;
    assert_near(mean_s, 0, bias_s, rule);
    for (size_t k = 1; k + 1 < got->n_strikes; k++)
        assert_near(got->strike_s[k] - truth->strike_s[k], mean_s, scatter_s, rule);
}

static void every_stride_of_a_steady_run_is_found_once(void **state)
{
    (void)state;
    struct runner runner = steady(GAIT_RUN, 40, 0.72);
    struct result got = detect_runner(&runner, 28.9, 200);
    assert_strikes(&got, &runner, 0.025, 0.002, "running strikes");
    assert_true(got.n_toe_offs >= 40 && got.n_toe_offs <= 41);
    assert_true(got.least_confidence > 0.5);
}

static void every_stride_of_a_steady_walk_is_found_once(void **state)
{
    (void)state;
    struct runner walker = steady(GAIT_WALK, 30, 1.1);
    struct result got = detect_runner(&walker, 33.1, 200);
    assert_strikes(&got, &walker, 0.03, 0.002, "walking strikes");
    assert_true(got.n_toe_offs >= 30 && got.n_toe_offs <= 31);
}

static void slow_and_fast_strides_are_found_once_each(void **state)
{
    (void)state;
    static const struct {
        gait_activity activity;
        double period_s;
    } cases[] = {{GAIT_WALK, 0.8}, {GAIT_WALK, 1.7}, {GAIT_RUN, 0.55}, {GAIT_RUN, 0.95}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        struct runner runner = steady(cases[k].activity, 20, cases[k].period_s);
        struct result got = detect_runner(&runner, 20 * cases[k].period_s + 0.1, 200);
        assert_int_equal(got.n_strikes, runner.n_strides);
        for (size_t i = 0; i < got.n_strikes; i++)
            assert_near(got.strike_s[i], runner.strike_s[i], 0.05, "strikes at any pace");
    }
}

static void a_toe_off_lies_between_two_strikes(void **state)
{
    (void)state;
    struct runner runner = steady(GAIT_RUN, 40, 0.72);
    struct result got = detect_runner(&runner, 28.9, 200);
    size_t first = got.toe_off_s[0] < got.strike_s[0];
    for (size_t k = 0; k + 1 < got.n_strikes; k++) {
        assert_true(got.strike_s[k] < got.toe_off_s[k + first]);
        assert_true(got.toe_off_s[k + first] < got.strike_s[k + 1]);
    }
}

static void turning_the_sensor_changes_nothing(void **state)
{
    (void)state;
    struct runner runner = steady(GAIT_RUN, 30, 0.7);
    size_t n;
    double *accel_g = record(&runner, 0, 21.1, 142.857, &n);
    struct result upright = detect(accel_g, n, 142.857, GAIT_RUN);
    double axis[3] = {0.3, -0.5, 0.8}, c = cos(2.1), s = sin(2.1);
    vec_unit(axis);
    for (size_t i = 0; i < n; i++) { /* Rodrigues */
        double *a = accel_g + 3 * i, side[3], along = vec_dot(axis, a);
        vec_cross(axis, a, side);
        for (int k = 0; k < 3; k++) a[k] = c * a[k] + s * side[k] + (1 - c) * along * axis[k];
    }
    struct result turned = detect(accel_g, n, 142.857, GAIT_RUN);
    free(accel_g);
    assert_int_equal(turned.n_strikes, upright.n_strikes);
    assert_int_equal(turned.n_toe_offs, upright.n_toe_offs);
    for (size_t k = 0; k < upright.n_strikes; k++)
        assert_near(turned.strike_s[k], upright.strike_s[k], 1e-6, "strikes under rotation");
    for (size_t k = 0; k < upright.n_toe_offs; k++)
        assert_near(turned.toe_off_s[k], upright.toe_off_s[k], 1e-6, "toe-offs under rotation");
}

static void the_rate_moves_events_by_a_few_milliseconds_at_most(void **state)
{
    (void)state;
    static const double rates_hz[] = {100, 142.857, 256, 400, 1000, 2000};
    for (int gait = GAIT_WALK; gait <= GAIT_RUN; gait++) {
        double period_s = gait == GAIT_RUN ? 0.72 : 1.1;
        struct runner runner = steady((gait_activity)gait, 20, period_s);
        double length_s = 20 * period_s + 0.1;
        struct result want = detect_runner(&runner, length_s, 200);
        for (size_t r = 0; r < sizeof rates_hz / sizeof *rates_hz; r++) {
            struct result got = detect_runner(&runner, length_s, rates_hz[r]);
            assert_int_equal(got.n_strikes, want.n_strikes);
            for (size_t k = 0; k < want.n_strikes; k++)
                assert_near(got.strike_s[k], want.strike_s[k], 0.004, "strikes at another rate");
            assert_int_equal(got.n_toe_offs, want.n_toe_offs);
            for (size_t k = 0; k < want.n_toe_offs; k++)
                assert_near(got.toe_off_s[k], want.toe_off_s[k], 0.004, "toe-offs at another rate");
        }
    }
}

static void noise_of_a_twentieth_of_g_costs_little(void **state)
{
    (void)state;
    struct prng prng;
    prng_seed(&prng, 11);
    struct runner runner = steady(GAIT_RUN, 40, 0.72);
    size_t n;
    double *accel_g = record(&runner, 0, 28.9, 200, &n);
    for (size_t i = 0; i < 3 * n; i++) accel_g[i] += prng_normal(&prng, 0, 0.05);
    struct result got = detect(accel_g, n, 200, GAIT_RUN);
    free(accel_g);
    assert_strikes(&got, &runner, 0.025, 0.004, "strikes in noise");
}

static void a_later_start_of_the_recording_moves_events_by_as_much(void **state)
{
    (void)state;
    struct runner runner = steady(GAIT_RUN, 40, 0.72);
    size_t n;
    double *accel_g = record(&runner, 3 * 0.72 + 0.1234, 25, 200, &n);
    struct result got = detect(accel_g, n, 200, GAIT_RUN);
    free(accel_g);
    struct result whole = detect_runner(&runner, 28.9, 200);
    for (size_t k = 1; k + 1 < got.n_strikes; k++) {
        double want_s = whole.strike_s[0];
        for (size_t j = 0; j < whole.n_strikes; j++)
            if (fabs(whole.strike_s[j] - 3 * 0.72 - 0.1234 - got.strike_s[k]) <
                fabs(want_s - 3 * 0.72 - 0.1234 - got.strike_s[k]))
                want_s = whole.strike_s[j];
        assert_near(got.strike_s[k] + 3 * 0.72 + 0.1234, want_s, 0.001, "strikes on another clock");
    }
}

static void a_runner_may_change_pace_within_a_window(void **state)
{
    (void)state;
    struct runner runner = {.activity = GAIT_RUN, .n_strides = 120};
    double at_s = 0.3;
    for (size_t k = 0; k < runner.n_strides; k++) {
        runner.period_s[k] = k < 40 ? 0.78 : k < 80 ? 0.64 : 0.78 - 0.003 * (double)(k - 80);
        runner.strike_s[k] = at_s;
        at_s += runner.period_s[k];
    }
    struct result got = detect_runner(&runner, at_s - 0.15, 200);
    assert_int_equal(got.n_strikes, runner.n_strides);
    for (size_t k = 0; k < got.n_strikes; k++)
        assert_near(got.strike_s[k], runner.strike_s[k], 0.03, "strikes at a changing pace");
}

static void a_pause_in_the_window_loses_no_stride_around_it(void **state)
{
    (void)state;
    struct runner runner = steady(GAIT_RUN, 50, 0.72);
    for (size_t k = 25; k < 50; k++) runner.strike_s[k] += 4.03;
    struct result got = detect_runner(&runner, 50 * 0.72 + 4.2, 200);
    assert_strikes(&got, &runner, 0.025, 0.006, "strikes around a pause");
}

/* After it the rhythm goes on, half a stride late. */
static void a_stumble_loses_no_stride_around_it(void **state)
{
    (void)state;
    struct runner runner = steady(GAIT_RUN, 30, 0.72);
    for (size_t k = 15; k < 30; k++) runner.strike_s[k] += 0.4;
    struct result got = detect_runner(&runner, 30 * 0.72 + 0.6, 200);
    assert_strikes(&got, &runner, 0.025, 0.006, "strikes around a stumble");
}

static void what_is_not_gait_is_not_told_with_confidence(void **state)
{
    (void)state;
    struct prng prng;
    prng_seed(&prng, 5);
    enum { N = 6000 };
    static double accel_g[3 * N];
    for (size_t i = 0; i < 3 * N; i++) accel_g[i] = (i % 3 == 0) + prng_normal(&prng, 0, 0.5);
    for (int gait = GAIT_WALK; gait <= GAIT_RUN; gait++) {
        struct result got = detect(accel_g, N, 200, (gait_activity)gait);
        for (size_t k = 0; k < got.n_strikes; k++) assert_true(got.least_confidence < 0.5);
    }
}

/* How many strikes of the truth have one within 60 ms. */
static size_t count_found(const struct result *got, const struct runner *truth)
{
    size_t found = 0;
    for (size_t k = 0; k < truth->n_strides; k++)
        for (size_t i = 0; i < got->n_strikes; i++)
            if (fabs(got->strike_s[i] - truth->strike_s[k]) < 0.06) {
                found++;
                break;
            }
    return found;
}

static void published_methods_find_the_strides_of_a_clean_run(void **state)
{
    (void)state;
    /* sinclair-2013 needs a shank that pulls downwards before it lands; this one does not. */
    static const char *const names[] = {"mercer-2003", "purcell-2006", "aubol-2020"};
    struct runner runner = steady(GAIT_RUN, 40, 0.72);
    size_t n;
    double *accel_g = record(&runner, 0, 28.9, 200, &n);
    for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
        struct result got = detect_by(names[k], accel_g, NULL, n, 200, GAIT_RUN);
        if (count_found(&got, &runner) < 38) print_error("%s\n", names[k]);
        assert_true(count_found(&got, &runner) >= 38);
        assert_true(got.n_strikes <= 41);
    }
    free(accel_g);
}

/* A shank that turns forward in swing and slowly back in stance, about an axis of its own. */
static void the_gyroscope_method_finds_the_end_of_each_swing(void **state)
{
    (void)state;
    struct runner runner = steady(GAIT_RUN, 40, 0.72);
    size_t n;
    double *accel_g = record(&runner, 0, 28.9, 200, &n);
    double *gyro_dps = calloc(3 * n, sizeof *gyro_dps);
    assert_non_null(gyro_dps);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < runner.n_strides; k++) {
            double phase = ((double)i / 200 - runner.strike_s[k]) / runner.period_s[k];
            if (phase < -0.5 || phase >= 0.5) continue;
            double swing = phase < 0 ? 500 * sin(-2 * pi * phase) : -120 * sin(2 * pi * phase);
            gyro_dps[3 * i] += 0.6 * swing;
            gyro_dps[3 * i + 2] -= 0.8 * swing;
        }
    struct result got = detect_by("fadillioglu-2020", accel_g, gyro_dps, n, 200, GAIT_RUN);
    assert_true(count_found(&got, &runner) >= 39);
    free(gyro_dps);
    free(accel_g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_stride_of_a_steady_run_is_found_once),
        cmocka_unit_test(every_stride_of_a_steady_walk_is_found_once),
        cmocka_unit_test(slow_and_fast_strides_are_found_once_each),
        cmocka_unit_test(a_toe_off_lies_between_two_strikes),
        cmocka_unit_test(turning_the_sensor_changes_nothing),
        cmocka_unit_test(the_rate_moves_events_by_a_few_milliseconds_at_most),
        cmocka_unit_test(noise_of_a_twentieth_of_g_costs_little),
        cmocka_unit_test(a_later_start_of_the_recording_moves_events_by_as_much),
        cmocka_unit_test(a_runner_may_change_pace_within_a_window),
        cmocka_unit_test(a_pause_in_the_window_loses_no_stride_around_it),
        cmocka_unit_test(a_stumble_loses_no_stride_around_it),
        cmocka_unit_test(what_is_not_gait_is_not_told_with_confidence),
        cmocka_unit_test(published_methods_find_the_strides_of_a_clean_run),
        cmocka_unit_test(the_gyroscope_method_finds_the_end_of_each_swing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
