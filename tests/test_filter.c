/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/random.h"
#include "near.h"
#include "signal/filter.h"

enum { N = 4000 };

static const double pi = 3.14159265358979323846;

/* Amplitude of a tone in the middle of the filtered signal, by projection on it. */
static double gain_at(const struct filter *filter, double tone_hz, double rate_hz)
{
    struct arena arena = {0};
    static double x[N], y[N];
    for (size_t i = 0; i < N; i++) x[i] = cos(2 * pi * tone_hz * (double)i / rate_hz);
    assert_int_equal(filtfilt(filter, x, y, N, 1, &arena), GAIT_OK);
    double along = 0, all = 0;
    for (size_t i = 1000; i < 3000; i++) {
        along += x[i] * y[i];
        all += x[i] * x[i];
    }
    arena_free(&arena);
    return along / all;
}

static void the_result_of_both_passes_is_down_3_db_at_the_cutoff(void **state)
{
    (void)state;
    struct filter low2 = lowpass(10, 200, 2), low4 = lowpass(10, 200, 4);
    struct filter high2 = highpass(10, 200, 2), high4 = highpass(10, 200, 4);
    struct filter band = bandpass(5, 50, 1000);
    const struct {
        const struct filter *filter;
        double rate_hz, tone_hz, want, tolerance;
        const char *rule;
    } cases[] = {
        {&low2, 200, 10, 0.70711, 1e-4, "second-order low-pass at its cut-off"},
        {&low4, 200, 10, 0.70711, 1e-4, "fourth-order low-pass at its cut-off"},
        {&low2, 200, 1, 1, 1e-3, "a tone far below passes"},
        {&low4, 200, 40, 0, 1e-3, "a tone far above is gone"},
        {&high2, 200, 10, 0.70711, 1e-4, "second-order high-pass at its cut-off"},
        {&high4, 200, 10, 0.70711, 1e-4, "fourth-order high-pass at its cut-off"},
        {&high2, 200, 1, 0, 1e-3, "a tone far below a high-pass is gone"},
        {&high4, 200, 80, 1, 1e-3, "a tone far above a high-pass passes"},
        {&band, 1000, 5, 0.70711, 1e-3, "lower edge of a band"},
        {&band, 1000, 50, 0.70711, 1e-3, "upper edge of a band"},
        {&band, 1000, 16, 1, 0.01, "inside a band"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_near(gain_at(cases[i].filter, cases[i].tone_hz, cases[i].rate_hz), cases[i].want,
                    cases[i].tolerance, cases[i].rule);
}

/* |H(f)|^2 of the analogue prototype under the bilinear transform, for one of the two passes. */
static void the_whole_curve_is_that_of_butterworth(void **state)
{
    (void)state;
    for (int order = 2; order <= 4; order += 2) {
        struct filter filter = lowpass(20, 250, order);
        for (double tone = 5; tone < 100; tone += 7) {
            double c = pow(sqrt(2) - 1, 1 / (2.0 * order));
            double w = tan(pi * tone / 250) * c / tan(pi * 20 / 250);
            assert_near(gain_at(&filter, tone, 250), 1 / (1 + pow(w, 2 * order)), 1e-6,
                        "gain of both passes");
        }
    }
}

static void there_is_no_delay(void **state)
{
    (void)state;
    struct arena arena = {0};
    static double x[N], y[N];
    for (size_t i = 0; i < N; i++) x[i] = i == N / 2;
    struct filter filter = lowpass(15, 100, 4);
    assert_int_equal(filtfilt(&filter, x, y, N, 1, &arena), GAIT_OK);
    for (size_t k = 1; k < 500; k++)
        assert_near(y[N / 2 + k], y[N / 2 - k], 1e-12, "the impulse response is symmetric");
    arena_free(&arena);
}

static void fill_noise(double *x, size_t n)
{
    struct prng prng;
    prng_seed(&prng, 1);
    for (size_t i = 0; i < n; i++) x[i] = prng_normal(&prng, 0, 1);
}

static void backwards_in_is_backwards_out(void **state)
{
    (void)state;
    struct arena arena = {0};
    static double x[N], turned[N], y[N], z[N];
    fill_noise(x, N);
    for (size_t i = 0; i < N; i++) turned[i] = x[N - 1 - i];
    struct filter filter = lowpass(20, 100, 2);
    assert_int_equal(filtfilt(&filter, x, y, N, 1, &arena), GAIT_OK);
    assert_int_equal(filtfilt(&filter, turned, z, N, 1, &arena), GAIT_OK);
    for (size_t i = 50; i < N - 50; i++)
        assert_near(z[N - 1 - i], y[i], 1e-9, "reversal, away from the ends");
    arena_free(&arena);
}

static void channels_together_are_channels_alone(void **state)
{
    (void)state;
    struct arena arena = {0};
    static double x[6 * N], y[6 * N], alone[N], wanted[N];
    fill_noise(x, 6 * N);
    struct filter filter = bandpass(1, 20, 100);
    for (size_t channels = 1; channels <= 6; channels++) {
        assert_int_equal(filtfilt(&filter, x, y, N, channels, &arena), GAIT_OK);
        for (size_t c = 0; c < channels; c++) {
            for (size_t i = 0; i < N; i++) alone[i] = x[i * channels + c];
            assert_int_equal(filtfilt(&filter, alone, wanted, N, 1, &arena), GAIT_OK);
            for (size_t i = 0; i < N; i++) assert_true(y[i * channels + c] == wanted[i]);
        }
    }
    arena_free(&arena);
}

static void a_constant_and_a_ramp_pass_a_lowpass_up_to_the_ends(void **state)
{
    (void)state;
    struct arena arena = {0};
    static double x[3 * N], y[3 * N];
    for (size_t i = 0; i < N; i++) {
        x[3 * i] = 7;
        x[3 * i + 1] = -1e6;
        x[3 * i + 2] = 0.01 * (double)i;
    }
    struct filter filter = lowpass(0.5, 100, 2);
    assert_int_equal(filtfilt(&filter, x, y, N, 3, &arena), GAIT_OK);
    for (size_t i = 0; i < N; i++) {
        assert_near(y[3 * i], 7, 1e-9, "a constant stays");
        assert_near(y[3 * i + 1], -1e6, 1e-3, "a large constant stays");
        assert_near(y[3 * i + 2], x[3 * i + 2], 0.05, "a ramp stays a ramp");
    }
    struct filter high = highpass(0.5, 100, 2);
    assert_int_equal(filtfilt(&high, x, x, N, 3, &arena), GAIT_OK);
    for (size_t i = 0; i < N; i++) assert_near(x[3 * i], 0, 1e-9, "a high-pass takes it away");
    arena_free(&arena);
}

static void what_cannot_be_filtered_is_copied(void **state)
{
    (void)state;
    struct arena arena = {0};
    double x[6] = {1, 2, 3, 4, 5, 6}, y[6] = {0};
    const struct filter identities[] = {lowpass(45, 100, 2), lowpass(60, 100, 4),
                                        lowpass(0, 100, 2), lowpass(NAN, 100, 2),
                                        highpass(50, 100, 2)};
    for (size_t k = 0; k < sizeof identities / sizeof *identities; k++) {
        assert_int_equal(identities[k].n_sections, 0);
        assert_int_equal(filtfilt(&identities[k], x, y, 2, 3, &arena), GAIT_OK);
        assert_memory_equal(x, y, sizeof x);
        assert_int_equal(filtfilt(&identities[k], x, x, 2, 3, &arena), GAIT_OK);
    }
    struct filter filter = lowpass(10, 100, 2);
    assert_int_equal(filtfilt(&filter, x, y, 2, 3, &arena), GAIT_OK);
    assert_memory_equal(x, y, sizeof x);
    assert_int_equal(filtfilt(&filter, x, y, 0, 3, &arena), GAIT_OK);
    arena_free(&arena);
}

static void a_derivative_is_a_slope_per_second(void **state)
{
    (void)state;
    double x[20], y[20];
    for (size_t i = 0; i < 10; i++) {
        x[2 * i] = 3 * (double)i;
        x[2 * i + 1] = (double)(i * i);
    }
    derivative(x, y, 10, 2, 100);
    for (size_t i = 0; i < 10; i++) assert_near(y[2 * i], 300, 1e-9, "slope of a line");
    for (size_t i = 1; i < 9; i++)
        assert_near(y[2 * i + 1], 200 * (double)i, 1e-9, "slope of a parabola, inside");
    derivative(x, y, 1, 2, 100);
    assert_near(y[0], 0, 0, "one frame has no slope");
}

static void a_gaussian_derivative_smooths_and_differentiates(void **state)
{
    (void)state;
    struct arena arena = {0};
    static double x[1000], y[1000];
    for (size_t i = 0; i < 1000; i++) x[i] = 2 + 5 * (double)i / 100;
    assert_int_equal(gaussian_derivative(x, y, 1000, 0.08, 100, &arena), GAIT_OK);
    for (size_t i = 40; i < 960; i++) assert_near(y[i], 5, 1e-9, "slope of a line");
    for (size_t i = 0; i < 1000; i++) x[i] = sin(2 * pi * 1.5 * (double)i / 100);
    assert_int_equal(gaussian_derivative(x, y, 1000, 0.08, 100, &arena), GAIT_OK);
    double gain = 2 * pi * 1.5 * exp(-0.5 * pow(2 * pi * 1.5 * 0.08, 2));
    assert_near(y[400], gain, 2e-3 * gain, "a tone is damped as a Gaussian damps it");
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_result_of_both_passes_is_down_3_db_at_the_cutoff),
        cmocka_unit_test(the_whole_curve_is_that_of_butterworth),
        cmocka_unit_test(there_is_no_delay),
        cmocka_unit_test(backwards_in_is_backwards_out),
        cmocka_unit_test(channels_together_are_channels_alone),
        cmocka_unit_test(a_constant_and_a_ramp_pass_a_lowpass_up_to_the_ends),
        cmocka_unit_test(what_cannot_be_filtered_is_copied),
        cmocka_unit_test(a_derivative_is_a_slope_per_second),
        cmocka_unit_test(a_gaussian_derivative_smooths_and_differentiates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
