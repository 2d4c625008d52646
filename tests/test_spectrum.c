/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/random.h"
#include "near.h"
#include "signal/spectrum.h"

static const double pi = 3.14159265358979323846;

static void lengths_have_no_prime_factor_above_five(void **state)
{
    (void)state;
    const struct {
        size_t n, want;
    } cases[] = {{0, 1},   {1, 1},     {7, 8},       {11, 12},
                 {13, 15}, {121, 125}, {1000, 1000}, {1001, 1024}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(fft_length(cases[i].n), cases[i].want);
}

static void fill_noise(double *x, size_t n)
{
    struct prng prng;
    prng_seed(&prng, 2);
    for (size_t i = 0; i < n; i++) x[i] = prng_normal(&prng, 3, 1);
}

static void a_tone_stands_where_it_is_and_its_level_does_not_count(void **state)
{
    (void)state;
    struct arena arena = {0};
    enum { N = 500, N_FFT = 8192 };
    static double x[N], power[N_FFT / 2 + 1];
    for (size_t i = 0; i < N; i++) x[i] = 100 + cos(2 * pi * 2.7 * (double)i / 50);
    assert_int_equal(hann_power(x, N, N_FFT, power, &arena), GAIT_OK);
    size_t best = 0;
    for (size_t k = 1; k <= N_FFT / 2; k++)
        if (power[k] > power[best]) best = k;
    assert_near((double)best * 50 / N_FFT, 2.7, 0.005, "frequency of the tone");
    assert_near(power[best], pow(0.25 * (N - 1), 2), 0.01 * pow(0.25 * N, 2),
                "a tone of amplitude 1 under a Hann window of sum (n-1)/2");
    assert_true(power[0] < 1e-3 * power[best]);
    arena_free(&arena);
}

static void both_ways_to_the_autocorrelation_agree_with_its_definition(void **state)
{
    (void)state;
    struct arena arena = {0};
    const struct {
        size_t n, max_lag;
    } cases[] = {{10, 9}, {200, 80}, {1000, 300}, {1000, 999}};
    static double x[1000], r[1000];
    fill_noise(x, 1000);
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        size_t n = cases[c].n;
        double level = 0;
        for (size_t i = 0; i < n; i++) level += x[i] / (double)n;
        for (size_t k = 0; k <= cases[c].max_lag; k++) r[k] = 10;
        assert_int_equal(acf_add(x, n, r, cases[c].max_lag, &arena), GAIT_OK);
        for (size_t k = 0; k <= cases[c].max_lag; k++) {
            double sum = 0;
            for (size_t i = 0; i + k < n; i++) sum += (x[i] - level) * (x[i + k] - level);
            assert_near(r[k], 10 + sum / (double)(n - k), 1e-9, "unbiased, and added");
        }
    }
    arena_free(&arena);
}

static void the_same_input_gives_the_same_bytes(void **state)
{
    (void)state;
    struct arena arena = {0}, other = {0};
    double x[97], first[49], again[49];
    fill_noise(x, 97);
    assert_int_equal(hann_power(x, 97, 97, first, &arena), GAIT_OK);
    assert_non_null(arena_alloc(&other, 1, 40));
    assert_int_equal(hann_power(x, 97, 97, again, &other), GAIT_OK);
    assert_memory_equal(first, again, sizeof first);
    arena_free(&arena);
    arena_free(&other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lengths_have_no_prime_factor_above_five),
        cmocka_unit_test(a_tone_stands_where_it_is_and_its_level_does_not_count),
        cmocka_unit_test(both_ways_to_the_autocorrelation_agree_with_its_definition),
        cmocka_unit_test(the_same_input_gives_the_same_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
