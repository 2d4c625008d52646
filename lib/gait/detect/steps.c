/* SPDX-License-Identifier: BSD-3-Clause */
#include "gait/detect/steps.h"

#include <math.h>

#include "base/fail.h"
#include "gait/detect/chain.h"
#include "gait/detect/fitted.h"
#include "signal/filter.h"
#include "signal/peaks.h"
#include "signal/resample.h"
#include "signal/stats.h"

enum { PORTRAIT_POINTS = 21 };

static const double bend_sigma_s = 0.08;
static const double still_window_s = 1.2;
static const double noise_g = 0.0025;

/* Loose on purpose: a tight rhythm drops the steps of turns. */
static const struct chain_rules first_rhythm = {.tolerance = 0.6,
                                                .shortest = 0.55,
                                                .longest = 3.5,
                                                .missed_cost = 1,
                                                .restart_cost = 3,
                                                .restart_gap = 1.4};
static const struct chain_rules second_rhythm = {.tolerance = 0.6,
                                                 .shortest = 0.55,
                                                 .longest = 3.5,
                                                 .missed_cost = 1,
                                                 .restart_cost = 1.5,
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

/* The rhythm of steps and the bend that a strong one has. */
struct search {
    const struct walk *walk;
    const double *bend;
    double strong_bend;
    struct sums norm_sums;
    size_t *at; /* room for n indices */
    size_t *member;
    struct chain_candidate *candidate;
};

static double strength_at(const struct search *search, size_t i)
{
    return fmin(fmax(search->bend[i] / search->strong_bend, 0), 1.5);
}

static gait_status search_begin(const struct walk *walk, const double *bend, struct search *out,
                                struct arena *tmp)
{
    size_t n = walk->signal.n, n_positive = 0;
    *out = (struct search){.walk = walk, .bend = bend};
    out->at = ARENA_NEW(tmp, n, size_t);
    out->member = ARENA_NEW(tmp, n, size_t);
    out->candidate = ARENA_NEW(tmp, n / 2 + 1, struct chain_candidate);
    double *height = ARENA_NEW(tmp, n, double);
    if (!out->at || !out->member || !out->candidate || !height) return GAIT_NOMEM;
    if (!sums_make(walk->trunk.norm_g, n, &out->norm_sums, tmp)) return GAIT_NOMEM;
    size_t n_maxima = local_maxima(bend, n, out->at, n);
    for (size_t i = 0; i < n_maxima; i++)
        if (bend[out->at[i]] > 0) height[n_positive++] = bend[out->at[i]];
    out->strong_bend = fmax(quantile_inplace(height, n_positive, 0.9), 1e-12);
    return GAIT_OK;
}

/* The best chain through the maxima of a score; what a member gains is its score less the cost. */
static gait_status chain_through(struct search *search, const double *score, double cost,
                                 double still_g, const struct chain_rules *rules, size_t *n_members,
                                 struct arena *tmp)
{
    size_t n = search->walk->signal.n, n_candidates = 0;
    size_t n_maxima = local_maxima(score, n, search->at, n);
    for (size_t i = 0; i < n_maxima; i++) {
        size_t at = search->at[i];
        if (score[at] <= 0) continue;
        double time_s = parabolic(score, n, at, NULL) / STEP_RATE_HZ;
        double spread_g = spread_around(&search->norm_sums, n, at);
        search->candidate[n_candidates++] =
            (struct chain_candidate){time_s, spread_g < still_g ? -1 : score[at] - cost,
                                     step_track_at(&search->walk->trunk.steps, time_s)};
    }
    size_t n_found, kept = 0;
    TRY(chain_best(search->candidate, n_candidates, rules, search->member, &n_found, tmp));
    for (size_t k = 0; k < n_found; k++)
        if (search->candidate[search->member[k]].weight > 0)
            search->member[kept++] = search->member[k];
    *n_members = kept;
    return GAIT_OK;
}

/* The norm around a time over one period, mean-free and of unit length. */
static double look_around(const double *x, size_t n, double time_s, double period_s, double *out)
{
    double sum = 0, square = 0;
    for (size_t k = 0; k < PORTRAIT_POINTS; k++) {
        double phase = (double)k / (PORTRAIT_POINTS - 1) - 0.5;
        out[k] = sample_at(x, n, (time_s + phase * period_s) * STEP_RATE_HZ);
        sum += out[k];
    }
    for (size_t k = 0; k < PORTRAIT_POINTS; k++) {
        out[k] -= sum / PORTRAIT_POINTS;
        square += out[k] * out[k];
    }
    return sqrt(square);
}

/* How this person's strong steps look: the median of their portraits. */
static gait_status draw_portrait(const struct search *search, const double *smooth_g,
                                 size_t n_members, double *portrait, struct arena *tmp)
{
    size_t n = 0, n_frames = search->walk->signal.n;
    double *looks = ARENA_NEW(tmp, n_members * PORTRAIT_POINTS, double);
    double *column = ARENA_NEW(tmp, n_members, double);
    if (!looks || !column) return GAIT_NOMEM;
    for (size_t k = 0; k < n_members; k++) {
        const struct chain_candidate *c = &search->candidate[search->member[k]];
        if (c->weight < 0.9 && n_members > 4) continue;
        double *look = looks + n * PORTRAIT_POINTS;
        double length = look_around(smooth_g, n_frames, c->time_s, c->period_s, look);
        for (size_t p = 0; p < PORTRAIT_POINTS; p++) look[p] /= length + 1e-3;
        n++;
    }
    double square = 0;
    for (size_t p = 0; p < PORTRAIT_POINTS; p++) {
        for (size_t k = 0; k < n; k++) column[k] = looks[k * PORTRAIT_POINTS + p];
        portrait[p] = n ? median_inplace(column, n) : 0;
        square += portrait[p] * portrait[p];
    }
    for (size_t p = 0; p < PORTRAIT_POINTS; p++) portrait[p] /= sqrt(square) + 1e-12;
    return GAIT_OK;
}

/* Likeness to the portrait, -1..1, where the speed bends upwards, every other sample computed; tiny
 * movements are like nothing. */
static double *likeness(const struct search *search, const double *smooth_g, const double *portrait,
                        struct arena *tmp)
{
    size_t n = search->walk->signal.n;
    double look[PORTRAIT_POINTS], *like = ARENA_ZNEW(tmp, n, double);
    for (size_t i = 0; like && i < n; i += 2) {
        if (search->bend[i] < 0) continue;
        double time_s = (double)i / STEP_RATE_HZ, product = 0;
        double period_s = step_track_at(&search->walk->trunk.steps, time_s);
        double length = look_around(smooth_g, n, time_s, period_s, look);
        for (size_t p = 0; p < PORTRAIT_POINTS; p++) product += look[p] * portrait[p];
        like[i] = product / (length + noise_g * sqrt(PORTRAIT_POINTS));
    }
    for (size_t i = 1; like && i + 1 < n; i += 2) like[i] = 0.5 * (like[i - 1] + like[i + 1]);
    return like;
}

static gait_status find_steps(struct walk *walk, struct arena *tmp)
{
    size_t n = walk->signal.n, n_members;
    struct search search;
    double portrait[PORTRAIT_POINTS];
    double *bend = ARENA_NEW(tmp, n, double), *score = ARENA_NEW(tmp, n, double);
    const double *smooth_g = smoothed(walk->trunk.norm_g, n, 8, STEP_RATE_HZ, tmp);
    if (!bend || !score || !smooth_g) return GAIT_NOMEM;
    TRY(bend_of_speed(walk, bend, tmp));
    TRY(search_begin(walk, bend, &search, tmp));
    for (size_t i = 0; i < n; i++) score[i] = 2 * strength_at(&search, i);
    TRY(chain_through(&search, score, 0.2, step_still_sd_g, &first_rhythm, &n_members, tmp));

    TRY(draw_portrait(&search, smooth_g, n_members, portrait, tmp));
    const double *like = likeness(&search, smooth_g, portrait, tmp);
    if (!like) return GAIT_NOMEM;
    for (size_t i = 0; i < n; i++) score[i] += like[i];
    TRY(chain_through(&search, score, 0.6, step_stiller_sd_g, &second_rhythm, &n_members, tmp));

    walk->steps = ARENA_NEW(tmp, n_members, struct step);
    if (!walk->steps) return GAIT_NOMEM;
    for (size_t k = 0; k < n_members; k++) {
        const struct chain_candidate *c = &search.candidate[search.member[k]];
        size_t at = (size_t)(c->time_s * STEP_RATE_HZ + 0.5);
        walk->steps[walk->n_steps++] =
            (struct step){c->time_s, c->period_s, strength_at(&search, at)};
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
