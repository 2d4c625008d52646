/* SPDX-License-Identifier: BSD-3-Clause */
#include "near.h"
#include "signal/resample.h"

static const double pi = 3.14159265358979323846;

static void the_length_covers_the_same_time(void **state)
{
    (void)state;
    const struct {
        size_t n;
        double in_hz, out_hz;
        size_t want;
    } cases[] = {{0, 100, 50, 0},        {1, 100, 50, 1},        {1001, 1000, 100, 101},
                 {1000, 1000, 100, 100}, {101, 100, 1000, 1001}, {301, 97.3, 97.3, 301}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(resampled_length(cases[i].n, cases[i].in_hz, cases[i].out_hz),
                         cases[i].want);
}

static void a_tone_in_band_keeps_its_shape_at_any_ratio(void **state)
{
    (void)state;
    struct arena arena = {0};
    const struct {
        double in_hz, out_hz, tone_hz, tolerance;
    } cases[] = {
        {1000, 200, 10, 1e-3}, {985.3, 100, 3, 1e-3}, {100, 200, 3, 1e-4},
        {62.5, 50, 2, 2e-3},   {100, 99.9, 5, 1e-3},  {128, 100, 4, 1e-3},
    };
    static double x[3 * 8000], y[3 * 16000];
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        size_t n = (size_t)(8 * cases[k].in_hz);
        double w = 2 * pi * cases[k].tone_hz;
        for (size_t i = 0; i < n; i++)
            for (size_t c = 0; c < 3; c++)
                x[3 * i + c] = sin(w * (double)i / cases[k].in_hz + (double)c);
        size_t m = resampled_length(n, cases[k].in_hz, cases[k].out_hz);
        assert_int_equal(resample(x, n, 3, cases[k].in_hz, y, cases[k].out_hz, &arena), GAIT_OK);
        for (size_t i = m / 4; i < 3 * m / 4; i++)
            for (size_t c = 0; c < 3; c++)
                assert_near(y[3 * i + c], sin(w * (double)i / cases[k].out_hz + (double)c),
                            cases[k].tolerance, "a tone in band");
    }
    arena_free(&arena);
}

/* How much of a tone is left, by projection on it at the new rate. */
static double gain_of(double in_hz, double out_hz, double tone_hz)
{
    struct arena arena = {0};
    static double x[40000], y[8000];
    size_t n = (size_t)(20 * in_hz), m = resampled_length(n, in_hz, out_hz);
    for (size_t i = 0; i < n; i++) x[i] = sin(2 * pi * tone_hz * (double)i / in_hz);
    assert_int_equal(resample(x, n, 1, in_hz, y, out_hz, &arena), GAIT_OK);
    double along = 0, all = 0;
    for (size_t i = m / 4; i < 3 * m / 4; i++) {
        double want = sin(2 * pi * tone_hz * (double)i / out_hz);
        along += want * y[i];
        all += want * want;
    }
    arena_free(&arena);
    return along / all;
}

static void going_down_filters_as_butterworth_at_any_ratio(void **state)
{
    (void)state;
    const double in_hz[] = {1000, 997.3, 250, 243.7, 1999};
    for (size_t r = 0; r < sizeof in_hz / sizeof *in_hz; r++)
        for (double share = 0.02; share < 0.4; share += 0.0371) {
            double c = pow(share / 0.4, 8) * (sqrt(2) - 1);
            assert_near(gain_of(in_hz[r], 100, 100 * share), 1 / (1 + c), share < 0.3 ? 8e-3 : 0.02,
                        "gain below 0.4 of the new rate");
        }
}

static void what_folds_down_is_far_below(void **state)
{
    (void)state;
    const struct {
        double tone_hz, most;
        const char *rule;
    } cases[] = {
        {95, 1e-4, "to 5 Hz"},   {90, 2e-4, "to 10 Hz"}, {80, 4.5e-3, "to 20 Hz"},
        {70, 0.036, "to 30 Hz"}, {195, 1e-4, "to 5 Hz"}, {310, 2e-3, "to 10 Hz"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_near(gain_of(1000, 100, cases[i].tone_hz), 0, cases[i].most, cases[i].rule);
}

static void going_down_keeps_lines_up_to_the_ends(void **state)
{
    (void)state;
    struct arena arena = {0};
    static double x[3 * 2000], y[3 * 2000];
    const double ratios[] = {1.3, 1.95, 2, 2.5, 3.7, 5, 20, 137.1};
    for (size_t r = 0; r < sizeof ratios / sizeof *ratios; r++) {
        for (size_t i = 0; i < 2000; i++) {
            x[3 * i] = 1;
            x[3 * i + 1] = 0.001 * (double)i;
            x[3 * i + 2] = -1e3;
        }
        size_t m = resampled_length(2000, ratios[r], 1);
        assert_int_equal(resample(x, 2000, 3, ratios[r], y, 1, &arena), GAIT_OK);
        for (size_t j = 0; j < m; j++) {
            assert_near(y[3 * j], 1, 1e-3, "a level");
            assert_near(y[3 * j + 1], 0.001 * ratios[r] * (double)j, 2e-3, "a slope");
            assert_near(y[3 * j + 2], -1e3, 1, "a deep level");
        }
    }
    assert_int_equal(resample(x, 3, 3, 50, y, 1, &arena), GAIT_OK);
    assert_near(y[0], 1, 1e-3, "shorter than the filter");
    arena_free(&arena);
}

static void a_spline_goes_through_cubics_exactly(void **state)
{
    (void)state;
    struct arena arena = {0};
    double x[40], second[40];
    for (size_t n = 4; n <= 20; n++) {
        for (size_t i = 0; i < n; i++) {
            double t = (double)i;
            x[2 * i] = 1 - 2 * t + 0.3 * t * t - 0.01 * t * t * t;
            x[2 * i + 1] = t * t * t;
        }
        assert_int_equal(spline_fit(x, n, 2, second, &arena), GAIT_OK);
        for (double t = 0; t <= (double)(n - 1); t += 0.13) {
            assert_near(spline_at(x, second, n, 2, 0, t),
                        1 - 2 * t + 0.3 * t * t - 0.01 * t * t * t, 1e-9, "first channel");
            assert_near(spline_at(x, second, n, 2, 1, t), t * t * t, 1e-8, "second channel");
        }
    }
    arena_free(&arena);
}

/* scipy.interpolate.CubicSpline(range(7), [0, 1, 0, 2, -1, 3, 1], bc_type='not-a-knot') */
static void a_spline_agrees_with_an_independent_tool(void **state)
{
    (void)state;
    struct arena arena = {0};
    const double x[7] = {0, 1, 0, 2, -1, 3, 1};
    double second[7];
    assert_int_equal(spline_fit(x, 7, 1, second, &arena), GAIT_OK);
    const struct {
        double t, want;
    } cases[] = {{0.4, 1.30285714285714},  {1.5, 0.102678571428571}, {2.25, 0.567522321428571},
                 {3.5, 0.379464285714286}, {4.75, 1.72823660714286}, {5.9, 2.07867857142857}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_near(spline_at(x, second, 7, 1, 0, cases[i].t), cases[i].want, 1e-12, "spline");
    arena_free(&arena);
}

static void short_signals_are_lines_and_parabolas(void **state)
{
    (void)state;
    struct arena arena = {0};
    const double x[3] = {1, 2, 5};
    double second[3];
    assert_int_equal(spline_fit(x, 1, 1, second, &arena), GAIT_OK);
    assert_near(spline_at(x, second, 1, 1, 0, 0.7), 1, 0, "one point");
    assert_int_equal(spline_fit(x, 2, 1, second, &arena), GAIT_OK);
    assert_near(spline_at(x, second, 2, 1, 0, 0.5), 1.5, 1e-12, "two points");
    assert_int_equal(spline_fit(x, 3, 1, second, &arena), GAIT_OK);
    assert_near(spline_at(x, second, 3, 1, 0, 1.5), 1 + 1.5 * 1.5, 1e-12, "three points");
    assert_near(spline_at(x, second, 3, 1, 0, -4), 1, 0, "clamped before");
    assert_near(spline_at(x, second, 3, 1, 0, 9), 5, 0, "clamped after");
    arena_free(&arena);
}

/* scipy.interpolate.PchipInterpolator([0, 1, 2.5, 3, 5], [0, 2, 2, 5, -1]) */
static void a_monotone_cubic_agrees_with_an_independent_tool(void **state)
{
    (void)state;
    const double t[] = {0, 1, 2.5, 3, 5}, x[] = {0, 2, 2, 5, -1};
    const double at[] = {0.2, 0.5, 1.5, 2.6, 2.9, 3.5, 4.2, 4.9},
                 want[] = {0.5664, 1.35, 2, 2.312, 4.688, 4.90625, 3.704, -0.144250000000003};
    enum { M = sizeof at / sizeof *at };
    double y[M];
    pchip(t, x, 5, at, y, M);
    for (size_t i = 0; i < M; i++) assert_near(y[i], want[i], 1e-12, "pchip");
}

static void a_monotone_cubic_never_overshoots(void **state)
{
    (void)state;
    const double t[] = {0, 1, 2, 3}, x[] = {0, 0, 1, 1};
    for (double s = -1; s < 4; s += 0.01) {
        double y;
        pchip(t, x, 4, &s, &y, 1);
        assert_true(y >= 0 && y <= 1);
    }
    double y, middle = 0.25;
    pchip(t, x + 1, 2, &middle, &y, 1);
    assert_near(y, 0.25, 1e-12, "two points make a line");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_length_covers_the_same_time),
        cmocka_unit_test(a_tone_in_band_keeps_its_shape_at_any_ratio),
        cmocka_unit_test(going_down_filters_as_butterworth_at_any_ratio),
        cmocka_unit_test(what_folds_down_is_far_below),
        cmocka_unit_test(going_down_keeps_lines_up_to_the_ends),
        cmocka_unit_test(a_spline_goes_through_cubics_exactly),
        cmocka_unit_test(a_spline_agrees_with_an_independent_tool),
        cmocka_unit_test(short_signals_are_lines_and_parabolas),
        cmocka_unit_test(a_monotone_cubic_agrees_with_an_independent_tool),
        cmocka_unit_test(a_monotone_cubic_never_overshoots),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
