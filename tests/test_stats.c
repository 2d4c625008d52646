/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>

#include "base/random.h"
#include "near.h"
#include "signal/stats.h"

static void moments_are_those_of_the_population(void **state)
{
    (void)state;
    const double x[] = {2, 4, 4, 4, 5, 5, 7, 9}, y[] = {1, 2, 2, 2, 2.5, 2.5, 3.5, 4.5};
    assert_near(mean(x, 8), 5, 1e-12, "mean");
    assert_near(standard_deviation(x, 8), 2, 1e-12, "standard deviation");
    assert_near(correlation(x, y, 8), 1, 1e-12, "a line correlates fully");
    const double a[] = {1, 2, 3, 4}, b[] = {4, 3, 1, 2};
    assert_near(correlation(a, b, 4), -0.8, 1e-12, "by hand");
}

static void nothing_gives_nan(void **state)
{
    (void)state;
    struct arena arena = {0};
    const double flat[3] = {1, 1, 1}, rising[3] = {1, 2, 3}, nans[2] = {NAN, NAN};
    double none[1] = {0};
    assert_true(isnan(mean(none, 0)));
    assert_true(isnan(standard_deviation(none, 0)));
    assert_true(isnan(correlation(flat, rising, 3)));
    assert_true(isnan(median_inplace(none, 0)));
    assert_true(isnan(median(nans, 2, &arena)));
    assert_true(isnan(mad_sigma(nans, 2, &arena)));
    arena_free(&arena);
}

static int by_value(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* Orders that are known to trouble a selection. */
static double element(int kind, size_t i, size_t n, struct prng *prng)
{
    switch (kind) {
    case 0: return prng_normal(prng, 0, 1);
    case 1: return (double)i;
    case 2: return (double)(n - i);
    case 3: return (double)prng_below(prng, 3);
    case 4: return 1;
    default: return (double)(i < n / 2 ? i : n - i);
    }
}

static void quantiles_lie_on_lines_between_the_sorted_values(void **state)
{
    (void)state;
    struct prng prng;
    prng_seed(&prng, 3);
    double x[300], sorted[300];
    for (int kind = 0; kind < 6; kind++)
        for (size_t n = 1; n <= 300; n += 13)
            for (double q = 0; q <= 1; q += 0.05) {
                for (size_t i = 0; i < n; i++) x[i] = sorted[i] = element(kind, i, n, &prng);
                qsort(sorted, n, sizeof *sorted, by_value);
                double place = q * (double)(n - 1), share = place - floor(place);
                size_t k = (size_t)place, next = k + 1 < n ? k + 1 : k;
                double want = sorted[k] + share * (sorted[next] - sorted[k]);
                assert_near(quantile_inplace(x, n, q), want, 1e-12, "quantile");
            }
}

/* However the values lie: in order, against it, alike, mixed. */
static void a_slope_is_the_median_of_all_slopes(void **state)
{
    (void)state;
    enum { N = 90 };
    struct prng prng;
    struct arena arena = {0};
    struct trend trend;
    double t[N], y[N], slope[N * (N - 1) / 2];
    prng_seed(&prng, 5);
    for (int kind = 0; kind < 6; kind++) {
        size_t n = 0;
        for (size_t i = 0; i < N; i++) {
            t[i] = (double)i;
            y[i] = element(kind, i, N, &prng);
            for (size_t k = 0; k < i; k++) slope[n++] = (y[i] - y[k]) / (t[i] - t[k]);
        }
        qsort(slope, n, sizeof *slope, by_value);
        assert_int_equal(theil_sen(t, y, N, &trend, &arena), GAIT_OK);
        assert_near(trend.slope, (slope[(n - 1) / 2] + slope[n / 2]) / 2, 1e-15, "slope");
        assert_true(trend.slope_low <= trend.slope && trend.slope <= trend.slope_high);
    }
    arena_free(&arena);
}

static void missing_values_are_left_out_and_the_input_is_kept(void **state)
{
    (void)state;
    struct arena arena = {0};
    const double x[] = {NAN, 3, 1, NAN, 2, 10};
    assert_near(median(x, 6, &arena), 2.5, 0, "median of 1 2 3 10");
    assert_near(quantile(x, 6, 1, &arena), 10, 0, "largest");
    assert_near(mad_sigma(x, 6, &arena), 1.4826 * 1, 1e-12, "distances 0.5 0.5 1.5 7.5");
    arena_free(&arena);
}

static void a_running_median_is_the_median_of_its_neighbours(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct prng prng;
    prng_seed(&prng, 4);
    double x[120], y[120], centre[120], sigma[120];
    for (size_t i = 0; i < 120; i++) x[i] = (double)prng_below(&prng, 20);
    for (size_t k = 0; k < 130; k += 7) {
        running_median(x, y, 120, k, &arena);
        running_spread(x, 120, k, centre, sigma, &arena);
        for (size_t i = 0; i < 120; i++) {
            size_t from = i > k ? i - k : 0, to = i + k < 120 ? i + k + 1 : 120;
            assert_near(y[i], median(x + from, to - from, &arena), 0, "window cut at the ends");
            assert_near(centre[i], y[i], 0, "and with the spread");
            assert_near(sigma[i], mad_sigma(x + from, to - from, &arena), 1e-12, "the spread");
        }
    }
    arena_free(&arena);
}

/* scipy.stats.theilslopes(y, t, 0.95, method='joint'), residuals without autocorrelation */
static void a_trend_agrees_with_an_independent_tool(void **state)
{
    (void)state;
    struct arena arena = {0};
    const double t[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9.5}, y[] = {1, 3, 2, 6, 4, 8, 20, 7, 9, 8.5};
    struct trend trend;
    assert_int_equal(theil_sen(t, y, 10, &trend, &arena), GAIT_OK);
    assert_near(trend.slope, 0.8666666666666667, 1e-12, "slope");
    assert_near(trend.intercept, 1.5333333333333332, 1e-12, "intercept");
    assert_near(trend.slope_low, 0.38461538461538464, 1e-12, "lower end");
    assert_near(trend.slope_high, 1.6666666666666667, 1e-12, "upper end");
    arena_free(&arena);
}

static void a_line_is_found_under_gross_errors_at_any_length(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct prng prng;
    prng_seed(&prng, 5);
    static double t[5000], y[5000];
    for (size_t n = 20; n <= 5000; n += 1660) {
        for (size_t i = 0; i < n; i++) {
            t[i] = (double)i;
            y[i] = 3 - 0.5 * t[i] + prng_normal(&prng, 0, 0.1);
            if (i % 7 == 3) y[i] += 1e4;
        }
        struct trend trend;
        assert_int_equal(theil_sen(t, y, n, &trend, &arena), GAIT_OK);
        assert_near(trend.slope, -0.5, 0.02, "slope");
        assert_near(trend.intercept, 3, 0.3, "intercept");
        assert_true(trend.slope_low <= trend.slope && trend.slope <= trend.slope_high);
    }
    arena_free(&arena);
}

static void residuals_that_hang_together_widen_the_interval(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct prng prng;
    prng_seed(&prng, 6);
    double t[400], white[400], red[400], last = 0;
    for (size_t i = 0; i < 400; i++) {
        t[i] = (double)i;
        white[i] = prng_normal(&prng, 0, 1);
        red[i] = last = 0.9 * last + sqrt(1 - 0.81) * prng_normal(&prng, 0, 1);
    }
    struct trend a, b;
    assert_int_equal(theil_sen(t, white, 400, &a, &arena), GAIT_OK);
    assert_int_equal(theil_sen(t, red, 400, &b, &arena), GAIT_OK);
    assert_true(b.slope_high - b.slope_low > 2 * (a.slope_high - a.slope_low));
    arena_free(&arena);
}

static void a_trend_needs_three_points_at_different_times(void **state)
{
    (void)state;
    struct arena arena = {0};
    const double t[3] = {1, 1, 1}, y[3] = {1, 2, 3};
    struct trend trend;
    assert_int_equal(theil_sen(t, y, 2, &trend, &arena), GAIT_TOO_SHORT);
    assert_true(isnan(trend.slope));
    assert_int_equal(theil_sen(t, y, 3, &trend, &arena), GAIT_OK);
    assert_true(isnan(trend.slope) && isnan(trend.slope_low) && isnan(trend.intercept));
    arena_free(&arena);
}

/* For independent normal values the median has a standard error of sqrt(pi / 2 n). */
static void the_bootstrap_interval_has_the_width_that_theory_gives(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct prng prng;
    prng_seed(&prng, 7);
    static double x[2000];
    for (size_t i = 0; i < 2000; i++) x[i] = prng_normal(&prng, 10, 1);
    double low, high, low2, high2;
    assert_int_equal(bootstrap_median(x, 2000, 20, 1000, 1, &low, &high, &arena), GAIT_OK);
    double half = 1.96 * sqrt(3.14159265 / 2 / 2000);
    assert_near(high - low, 2 * half, 0.35 * half, "width");
    assert_true(low < 10 + half && high > 10 - half);
    assert_int_equal(bootstrap_median(x, 2000, 20, 1000, 1, &low2, &high2, &arena), GAIT_OK);
    assert_true(low == low2 && high == high2);
    arena_free(&arena);
}

static void a_bootstrap_of_little_is_little(void **state)
{
    (void)state;
    struct arena arena = {0};
    const double x[3] = {1, 1, 1};
    double low, high;
    assert_int_equal(bootstrap_median(x, 1, 20, 100, 1, &low, &high, &arena), GAIT_TOO_SHORT);
    assert_true(isnan(low) && isnan(high));
    assert_int_equal(bootstrap_median(x, 3, 20, 100, 1, &low, &high, &arena), GAIT_OK);
    assert_near(low, 1, 0, "all equal");
    assert_near(high, 1, 0, "all equal");
    arena_free(&arena);
}

/* Strides resemble their neighbours: first-order autocorrelation 0.6. */
static void the_interval_is_what_many_draws_tend_to(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct prng prng;
    prng_seed(&prng, 11);
    static double x[3000];
    double low, high, drawn_low, drawn_high, level = 0;
    for (size_t i = 0; i < 3000; i++) {
        level = 0.6 * level + prng_normal(&prng, 0, 0.8);
        x[i] = 10 + level;
    }
    assert_int_equal(bootstrap_median(x, 3000, 20, 4000, 3, &drawn_low, &drawn_high, &arena),
                     GAIT_OK);
    assert_int_equal(median_interval(x, 3000, 20, &low, &high, &arena), GAIT_OK);
    double width = drawn_high - drawn_low;
    assert_near(low, drawn_low, 0.06 * width, "low end");
    assert_near(high, drawn_high, 0.06 * width, "high end");
    assert_int_equal(median_interval(x, 100, 20, &low, &high, &arena), GAIT_OK);
    assert_int_equal(bootstrap_median(x, 100, 20, 1000, 1, &drawn_low, &drawn_high, &arena),
                     GAIT_OK);
    assert_true(low == drawn_low && high == drawn_high);
    arena_free(&arena);
}

static void the_interval_of_equal_values_is_that_value(void **state)
{
    (void)state;
    struct arena arena = {0};
    double x[500], low, high;
    for (size_t i = 0; i < 500; i++) x[i] = 4;
    assert_int_equal(median_interval(x, 500, 20, &low, &high, &arena), GAIT_OK);
    assert_true(low == 4 && high == 4);
    assert_int_equal(median_interval(x, 1, 20, &low, &high, &arena), GAIT_TOO_SHORT);
    assert_true(isnan(low) && isnan(high));
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(moments_are_those_of_the_population),
        cmocka_unit_test(nothing_gives_nan),
        cmocka_unit_test(quantiles_lie_on_lines_between_the_sorted_values),
        cmocka_unit_test(missing_values_are_left_out_and_the_input_is_kept),
        cmocka_unit_test(a_running_median_is_the_median_of_its_neighbours),
        cmocka_unit_test(a_trend_agrees_with_an_independent_tool),
        cmocka_unit_test(a_slope_is_the_median_of_all_slopes),
        cmocka_unit_test(a_line_is_found_under_gross_errors_at_any_length),
        cmocka_unit_test(residuals_that_hang_together_widen_the_interval),
        cmocka_unit_test(a_trend_needs_three_points_at_different_times),
        cmocka_unit_test(the_bootstrap_interval_has_the_width_that_theory_gives),
        cmocka_unit_test(a_bootstrap_of_little_is_little),
        cmocka_unit_test(the_interval_is_what_many_draws_tend_to),
        cmocka_unit_test(the_interval_of_equal_values_is_that_value),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
