/* SPDX-License-Identifier: BSD-3-Clause */
#include "gait/detect/apex.h"

#include <math.h>

#include "base/fail.h"
#include "gait/detect/chain.h"
#include "signal/peaks.h"
#include "signal/stats.h"

static const struct chain_rules rhythm = {.tolerance = 0.2,
                                          .shortest = 0.65,
                                          .longest = 3.5,
                                          .missed_cost = 1,
                                          .restart_cost = 3,
                                          .restart_gap = 1.4};

/* Maxima above the mean; how many. */
static size_t high_maxima(const double *x, size_t n, size_t *at)
{
    double level = mean(x, n);
    size_t kept = 0, n_maxima = local_maxima(x, n, at, n);
    for (size_t i = 0; i < n_maxima; i++)
        if (x[at[i]] > level) at[kept++] = at[i];
    return kept;
}

/* A push as high as the better half of them is worth 2, one that hardly shows nothing. */
static gait_status weigh(const struct trunk *trunk, const double *height_g, const size_t *at,
                         size_t n, struct chain_candidate *candidate, struct arena *tmp)
{
    double base_g = mean(height_g, trunk->signal->n), *high = ARENA_NEW(tmp, n, double);
    if (!high) return GAIT_NOMEM;
    for (size_t i = 0; i < n; i++) high[i] = height_g[at[i]] - base_g;
    double usual_g = fmax(quantile(high, n, 0.75, tmp), 1e-6);
    for (size_t i = 0; i < n; i++) {
        double time_s = (double)at[i] / trunk->signal->rate_hz;
        double weight = 2 * fmin(fmax(high[i] / usual_g, 0), 1.3) - 0.3;
        candidate[i] =
            (struct chain_candidate){time_s, weight, step_track_at(&trunk->steps, time_s)};
    }
    return GAIT_OK;
}

gait_status apexes_find(const struct trunk *trunk, struct apex **out, size_t *n_out,
                        struct arena *tmp)
{
    size_t n = trunk->signal->n, *at = ARENA_NEW(tmp, n, size_t);
    double rate_hz = trunk->signal->rate_hz, step_hz = 1 / step_track_median(&trunk->steps, tmp);
    const double *push_g = trunk->vertical_g ? trunk->vertical_g : trunk->norm_g;
    const double *wave = smoothed(push_g, n, 1.6 * step_hz, rate_hz, tmp);
    const double *height = smoothed(push_g, n, 1.3 * step_hz, rate_hz, tmp);
    if (!at || !wave || !height) return GAIT_NOMEM;

    size_t n_candidates = high_maxima(wave, n, at);
    struct chain_candidate *candidate = ARENA_NEW(tmp, n_candidates, struct chain_candidate);
    size_t *member = ARENA_NEW(tmp, n_candidates, size_t);
    if (!candidate || !member) return GAIT_NOMEM;
    TRY(weigh(trunk, height, at, n_candidates, candidate, tmp));
    TRY(chain_best(candidate, n_candidates, &rhythm, member, n_out, tmp));
    *out = ARENA_NEW(tmp, *n_out, struct apex);
    if (!*out) return GAIT_NOMEM;
    for (size_t i = 0; i < *n_out; i++) {
        const struct chain_candidate *c = &candidate[member[i]];
        (*out)[i] = (struct apex){at[member[i]], c->period_s * rate_hz};
    }
    return GAIT_OK;
}
