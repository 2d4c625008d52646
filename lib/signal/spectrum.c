/* SPDX-License-Identifier: BSD-3-Clause */
#include "signal/spectrum.h"

#include <fftw3.h>
#include <math.h>
#include <pthread.h>
#include <stdint.h>
#include <string.h>

#include "signal/correlate.h"
#include "signal/stats.h"

static const double pi = 3.14159265358979323846;

/* Only executing a plan is thread-safe in FFTW. */
static pthread_mutex_t planner = PTHREAD_MUTEX_INITIALIZER;

static int is_smooth(size_t n)
{
    static const size_t primes[] = {2, 3, 5};
    for (size_t k = 0; k < 3; k++)
        while (n % primes[k] == 0) n /= primes[k];
    return n == 1;
}

size_t fft_length(size_t n)
{
    if (n < 1) return 1;
    while (!is_smooth(n)) n++;
    return n;
}

/* A plan for one length; buffers come from the arena, so their alignment, and with it the choice of
 * algorithm and every bit of the result, is always the same. */
static gait_status transform(size_t n, double *real, fftw_complex *half)
{
    if (n > INT32_MAX) return GAIT_NOMEM;
    pthread_mutex_lock(&planner);
    fftw_plan plan = fftw_plan_dft_r2c_1d((int)n, real, half, FFTW_ESTIMATE);
    pthread_mutex_unlock(&planner);
    if (!plan) return GAIT_NOMEM;
    fftw_execute(plan);
    pthread_mutex_lock(&planner);
    fftw_destroy_plan(plan);
    pthread_mutex_unlock(&planner);
    return GAIT_OK;
}

/* |X|^2 of n_fft real samples into power[0 .. n_fft / 2]; the samples are used up. */
static gait_status power_of(double *real, size_t n_fft, double *power, struct arena *tmp)
{
    fftw_complex *half = ARENA_NEW(tmp, n_fft / 2 + 1, fftw_complex);
    if (!half) return GAIT_NOMEM;
    gait_status status = transform(n_fft, real, half);
    if (status) return status;
    for (size_t k = 0; k <= n_fft / 2; k++)
        power[k] = half[k][0] * half[k][0] + half[k][1] * half[k][1];
    return GAIT_OK;
}

gait_status hann_power(const double *x, size_t n, size_t n_fft, double *power, struct arena *tmp)
{
    struct arena_mark mark = arena_mark(tmp);
    double *real = ARENA_ZNEW(tmp, n_fft, double);
    if (!real) return GAIT_NOMEM;
    double level = mean(x, n);
    double step = n > 1 ? 2 * pi / (double)(n - 1) : 0;
    for (size_t i = 0; i < n; i++) real[i] = (x[i] - level) * (0.5 - 0.5 * cos(step * (double)i));
    gait_status status = power_of(real, n_fft, power, tmp);
    arena_rewind(tmp, mark);
    return status;
}

gait_status acf_add(const double *x, size_t n, double *r, size_t max_lag, struct arena *tmp)
{
    struct arena_mark mark = arena_mark(tmp);
    double *centred = ARENA_ZNEW(tmp, n + CORRELATE_LAGS, double);
    double *sums = ARENA_ZNEW(tmp, correlate_room(max_lag + 1), double);
    if (!centred || !sums) return GAIT_NOMEM;
    double level = mean(x, n);
    for (size_t i = 0; i < n; i++) centred[i] = x[i] - level;
    correlate(centred, n, sums, max_lag + 1);
    for (size_t k = 0; k <= max_lag; k++) r[k] += sums[k] / (double)(n - k);
    arena_rewind(tmp, mark);
    return GAIT_OK;
}
