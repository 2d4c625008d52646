/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>

#include <gait/signal.h>

#include "near.h"

static const double pi = 3.14159265358979323846, rate_hz = 100;

enum { N = 1000 };

/* A tone in channel 0, twice as much of it in channel 1. */
static void tone(double frequency_hz, double x[2 * N])
{
    for (size_t i = 0; i < N; i++) {
        x[2 * i] = sin(2 * pi * frequency_hz * (double)i / rate_hz);
        x[2 * i + 1] = 2 * x[2 * i];
    }
}

/* Root mean square of a channel's middle half, against a unit tone's. */
static double gain(const double *y, size_t n, size_t channel)
{
    double sum = 0;
    for (size_t i = n / 4; i < 3 * n / 4; i++) sum += y[2 * i + channel] * y[2 * i + channel];
    return sqrt(2 * sum / (double)(n / 2));
}

static void a_filter_passes_what_lies_between_its_limits(void **state)
{
    (void)state;
    static const struct {
        double tone_hz, low_hz, high_hz, want, tolerance;
        const char *rule;
    } cases[] = {
        {2, 0, 10, 1, 2e-3, "a tone far below the upper limit passes"},
        {10, 0, 10, 0.70711, 2e-3, "a tone at the upper limit is down 3 dB"},
        {30, 0, 10, 0, 0.02, "a tone far above it is gone"},
        {10, 10, 0, 0.70711, 2e-3, "a tone at the lower limit is down 3 dB"},
        {10, 1, 40, 1, 5e-3, "a tone between the limits passes"},
        {0.2, 4, 40, 0, 0.01, "a tone below the lower limit is gone"},
        {10, 0, 0, 1, 1e-12, "without limits nothing changes"},
    };
    gait_error err;
    double x[2 * N], y[2 * N];
    gait_signal signal = {x, N, 2, rate_hz};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (int order = 2; order <= 4; order += 2) {
            tone(cases[i].tone_hz, x);
            assert_ok(
                gait_signal_filter(&signal, cases[i].low_hz, cases[i].high_hz, order, y, &err),
                err);
            assert_near(gain(y, N, 0), cases[i].want, cases[i].tolerance, cases[i].rule);
            assert_near(gain(y, N, 1), 2 * cases[i].want, 2 * cases[i].tolerance, cases[i].rule);
            assert_ok(
                gait_signal_filter(&signal, cases[i].low_hz, cases[i].high_hz, order, x, &err),
                err);
            assert_memory_equal(x, y, sizeof x);
        }
}

static void a_slow_tone_is_the_same_at_another_rate(void **state)
{
    (void)state;
    static const double rates_hz[] = {40, 100, 250};
    double x[2 * N];
    gait_error err;
    tone(2, x);
    gait_signal signal = {x, N, 2, rate_hz};
    for (size_t r = 0; r < 3; r++) {
        size_t n = gait_signal_resampled_length(&signal, rates_hz[r]);
        assert_near((double)n, (N - 1) * rates_hz[r] / rate_hz + 1, 1, "as long as before");
        double *y = malloc(2 * n * sizeof *y);
        assert_non_null(y);
        assert_ok(gait_signal_resample(&signal, rates_hz[r], y, &err), err);
        for (size_t i = n / 10; i < 9 * n / 10; i++)
            assert_near(y[2 * i + 1], 2 * sin(2 * pi * 2 * (double)i / rates_hz[r]), 5e-3,
                        "2 Hz are far below every limit");
        free(y);
    }
}

static void a_spectrum_adds_up_to_the_variance(void **state)
{
    (void)state;
    double x[2 * N];
    gait_error err;
    gait_signal signal = {x, N, 2, rate_hz};
    tone(12.5, x);
    for (size_t i = 0; i < 2 * N; i++) x[i] += 3;
    size_t bins = gait_signal_n_bins(&signal), top = 0;
    double *density = malloc(2 * bins * sizeof *density), sum[2] = {0};
    assert_non_null(density);
    assert_ok(gait_signal_spectrum(&signal, density, &err), err);
    for (size_t k = 0; k < bins; k++) {
        sum[0] += density[2 * k] * gait_signal_bin_hz(&signal);
        sum[1] += density[2 * k + 1] * gait_signal_bin_hz(&signal);
        if (density[2 * k] > density[2 * top]) top = k;
    }
    assert_near(sum[0], 0.5, 0.005, "half the square of a unit tone; the mean does not count");
    assert_near(sum[1], 2, 0.02, "twice the tone, four times the power");
    assert_near((double)top * gait_signal_bin_hz(&signal), 12.5, gait_signal_bin_hz(&signal),
                "the tone is where it is");
    free(density);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_filter_passes_what_lies_between_its_limits),
        cmocka_unit_test(a_slow_tone_is_the_same_at_another_rate),
        cmocka_unit_test(a_spectrum_adds_up_to_the_variance),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
