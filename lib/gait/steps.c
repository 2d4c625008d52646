/* SPDX-License-Identifier: BSD-3-Clause */
#include "gait/steps.h"

#include <math.h>

#include "base/fail.h"
#include "gait/chain.h"
#include "signal/filter.h"
#include "signal/peaks.h"
#include "signal/resample.h"
#include "signal/stats.h"

static const double bend_sigma_s = 0.08;
static const double still_window_s = 1.2, still_sd_g = 0.035;

/* Loose on purpose: a tight rhythm drops the steps of turns. */
static const struct chain_rules rhythm = {.tolerance = 0.6,
                                          .shortest = 0.55,
                                          .longest = 3.5,
                                          .missed_cost = 1,
                                          .restart_cost = 3,
                                          .restart_gap = 1.4};

static gait_status bring_to_step_rate(const struct bout_signal *signal, struct bout_signal *out,
                                      struct arena *tmp)
{
    *out = *signal;
    out->marks = NULL;
    out->gyro_dps = NULL;
    if (fabs(signal->rate_hz / STEP_RATE_HZ - 1) < 1e-6) return GAIT_OK;
    out->rate_hz = STEP_RATE_HZ;
    out->n = resampled_length(signal->n, signal->rate_hz, STEP_RATE_HZ);
    double *accel_g = ARENA_NEW(tmp, 3 * out->n, double);
    if (!accel_g) return GAIT_NOMEM;
    out->accel_g = accel_g;
    return resample(signal->accel_g, signal->n, 3, signal->rate_hz, accel_g, STEP_RATE_HZ, tmp);
}

/* The second Gaussian derivative of the integrated norm: McCamley et al. 2012 take the vertical
 * (10.1016/j.gaitpost.2012.02.019), the norm is as good and needs no levelling. */
static gait_status bend_of_speed(const struct walk *walk, double *bend, struct arena *tmp)
{
    size_t n = walk->signal.n;
    const double *norm_g = walk->trunk.norm_g;
    double *speed = ARENA_NEW(tmp, n, double), *slope = ARENA_NEW(tmp, n, double);
    if (!speed || !slope) return GAIT_NOMEM;
    double mean_g = mean(norm_g, n), sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += (norm_g[i] - mean_g) / STEP_RATE_HZ;
        speed[i] = sum;
    }
    struct filter drift = highpass(0.3, STEP_RATE_HZ, 2);
    TRY(filtfilt(&drift, speed, speed, n, 1, tmp));
    TRY(gaussian_derivative(speed, slope, n, bend_sigma_s, STEP_RATE_HZ, tmp));
    return gaussian_derivative(slope, bend, n, bend_sigma_s, STEP_RATE_HZ, tmp);
}

/* Running sums of x and x squared, n + 1 of each. */
struct sums {
    double *x, *square;
};

static int sums_make(const double *x, size_t n, struct sums *out, struct arena *tmp)
{
    out->x = ARENA_ZNEW(tmp, n + 1, double);
    out->square = ARENA_ZNEW(tmp, n + 1, double);
    if (!out->x || !out->square) return 0;
    for (size_t i = 0; i < n; i++) {
        out->x[i + 1] = out->x[i] + x[i];
        out->square[i + 1] = out->square[i] + x[i] * x[i];
    }
    return 1;
}

static double spread_around(const struct sums *sums, size_t n, size_t middle)
{
    size_t half = (size_t)(still_window_s / 2 * STEP_RATE_HZ);
    size_t from = middle > half ? middle - half : 0;
    size_t to = middle + half < n ? middle + half : n;
    double count = (double)(to - from), mean_x = (sums->x[to] - sums->x[from]) / count;
    return sqrt(fmax(0, (sums->square[to] - sums->square[from]) / count - mean_x * mean_x));
}

static gait_status weigh(const struct walk *walk, const double *bend, const size_t *at, size_t n,
                         struct chain_candidate *candidate, struct arena *tmp)
{
    struct sums sums;
    double *height = ARENA_NEW(tmp, n, double);
    if (!height || !sums_make(walk->trunk.norm_g, walk->signal.n, &sums, tmp)) return GAIT_NOMEM;
    for (size_t i = 0; i < n; i++) height[i] = bend[at[i]];
    double strong = fmax(quantile(height, n, 0.9, tmp), 1e-12);
    for (size_t i = 0; i < n; i++) {
        double time_s = parabolic(bend, walk->signal.n, at[i], NULL) / STEP_RATE_HZ;
        int still = spread_around(&sums, walk->signal.n, at[i]) < still_sd_g;
        candidate[i].time_s = time_s;
        candidate[i].weight = still ? -1 : 2 * fmin(bend[at[i]] / strong, 1.5) - 0.2;
        candidate[i].period_s = step_track_at(&walk->trunk.steps, time_s);
    }
    return GAIT_OK;
}

static gait_status find_steps(struct walk *walk, struct arena *tmp)
{
    size_t n = walk->signal.n, n_candidates = 0, n_members;
    double *bend = ARENA_NEW(tmp, n, double);
    size_t *at = ARENA_NEW(tmp, n, size_t), *member = ARENA_NEW(tmp, n, size_t);
    if (!bend || !at || !member) return GAIT_NOMEM;
    TRY(bend_of_speed(walk, bend, tmp));
    size_t n_maxima = local_maxima(bend, n, at, n);
    for (size_t i = 0; i < n_maxima; i++)
        if (bend[at[i]] > 0) at[n_candidates++] = at[i];
    struct chain_candidate *candidate = ARENA_NEW(tmp, n_candidates, struct chain_candidate);
    walk->steps = ARENA_NEW(tmp, n_candidates, struct step);
    if (!candidate || !walk->steps) return GAIT_NOMEM;
    TRY(weigh(walk, bend, at, n_candidates, candidate, tmp));
    TRY(chain_best(candidate, n_candidates, &rhythm, member, &n_members, tmp));
    for (size_t k = 0; k < n_members; k++) {
        const struct chain_candidate *c = &candidate[member[k]];
        if (c->weight <= 0) continue;
        walk->steps[walk->n_steps++] =
            (struct step){c->time_s, c->period_s, 0.5 * (c->weight + 0.2)};
    }
    return GAIT_OK;
}

gait_status walk_prepare(const struct bout_signal *signal, struct walk *out, struct arena *tmp)
{
    *out = (struct walk){.n_steps = 0};
    TRY(bring_to_step_rate(signal, &out->signal, tmp));
    TRY(trunk_prepare(&out->signal, &out->trunk, tmp));
    if (out->trunk.steps.n == 0) return GAIT_OK;
    return find_steps(out, tmp);
}
