/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>

#include "base/random.h"
#include "near.h"
#include "signal/entropy.h"

enum { N = 2000 };

/* The definition as it stands, every pair looked at. */
static double by_definition(const double *x, size_t n, double tolerance)
{
    size_t count[2] = {0, 0};
    for (size_t i = 0; i + 2 < n; i++)
        for (size_t j = 0; j + 2 < n; j++) {
            double apart = 0;
            if (i == j) continue;
            for (size_t k = 0; k < 3; k++) {
                apart = fmax(apart, fabs(x[i + k] - x[j + k]));
                if (k >= 1) count[k - 1] += apart <= tolerance;
            }
        }
    return -log((double)count[1] / (double)count[0]);
}

static void it_is_what_the_definition_says(void **state)
{
    (void)state;
    struct arena tmp = {0};
    struct prng prng;
    double x[300];
    prng_seed(&prng, 1);
    for (int draw = 0; draw < 20; draw++) {
        double last = 0;
        for (size_t i = 0; i < 300; i++)
            x[i] = last = 0.05 * draw * last + prng_normal(&prng, 0, 1);
        double want = by_definition(x, 300, 0.3);
        assert_near(sample_entropy(x, 300, 0.3, &tmp), want, 1e-12, "as by every pair");
    }
    arena_free(&tmp);
}

static void noise_has_the_entropy_of_theory(void **state)
{
    (void)state;
    struct arena tmp = {0};
    struct prng prng;
    double x[N];
    prng_seed(&prng, 2);
    for (size_t i = 0; i < N; i++) x[i] = prng_normal(&prng, 0, 1);
    /* Two independent values differ by up to 0.2 with probability erf(0.2 / 2). */
    assert_near(sample_entropy(x, N, 0.2, &tmp), -log(erf(0.1)), 0.06, "white noise");
    for (size_t i = 0; i < N; i++) x[i] = sin(0.1 * (double)i);
    /* Of a wave the third value follows from two: a quarter of the noise's entropy at most. */
    assert_true(sample_entropy(x, N, 0.2 * sqrt(0.5), &tmp) < -log(erf(0.1)) / 4);
    arena_free(&tmp);
}

static void what_is_never_alike_has_none(void **state)
{
    (void)state;
    struct arena tmp = {0};
    const double apart[6] = {0, 10, 30, 70, 150, 310};
    assert_true(isnan(sample_entropy(apart, 6, 0.5, &tmp)));
    assert_true(isnan(sample_entropy(apart, 3, 100, &tmp)));
    assert_near(sample_entropy(apart, 6, 1000, &tmp), 0, 1e-12, "everything is alike");
    arena_free(&tmp);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_what_the_definition_says),
        cmocka_unit_test(noise_has_the_entropy_of_theory),
        cmocka_unit_test(what_is_never_alike_has_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
