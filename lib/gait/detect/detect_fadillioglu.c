/* SPDX-License-Identifier: BSD-3-Clause */

/* Fadillioglu, Stetter, Ringhof, Krafft, Sell and Stein 2020: the shank's rate about the sideward
 * axis peaks in mid-swing; foot strike is where it next falls through zero, toe-off a sharp turn of
 * it before the swing. */

#include <math.h>
#include <string.h>

#include "base/eigen.h"
#include "base/fail.h"
#include "base/vec.h"
#include "gait/detect/classic.h"
#include "signal/peaks.h"
#include "signal/stats.h"

static const double cutoff_hz = 15;
static const double slow_hz = 10; /* what is left above it shows the turn */
static const double swing_dps = 250;

/* Ours: who swings more slowly is given 60 % of the fastest 2 % instead, and the minimum of the
 * rate that ends the search for toe-off is sought within half a stride before mid-swing. */
static const double slow_swing_share = 0.6;

/* Half the width of the limits of agreement found by Kiernan et al. 2023, doi 10.3390/s23115022,
 * in 74 runners, as a standard deviation. */
static const double strike_sd_s = 0.058;
static const double toe_off_sd_s = 0.075;

/* The rate about the axis that turns most, mid-swing positive, mean taken off. */
static double *swing_rate(const struct bout_signal *signal, struct arena *tmp)
{
    size_t n = signal->n;
    double *rate = ARENA_NEW(tmp, n, double);
    if (!rate) return NULL;
    double m[3][3] = {{0}}, value[3], vector[3][3], third = 0;
    scatter3(signal->gyro_dps, n, m);
    eigen3(m, value, vector);
    for (size_t i = 0; i < n; i++) rate[i] = vec_dot(signal->gyro_dps + 3 * i, vector[2]);
    double middle = mean(rate, n);
    for (size_t i = 0; i < n; i++) {
        rate[i] -= middle;
        third += rate[i] * rate[i] * rate[i];
    }
    /* Swing is brief and fast, stance long and slow: the swing is the side that reaches further. */
    for (size_t i = 0; third < 0 && i < n; i++) rate[i] = -rate[i];
    return rate;
}

static double swing_level(const double *rate, size_t n, struct arena *tmp)
{
    return fmin(swing_dps, slow_swing_share * quantile(rate, n, 0.98, tmp));
}

/* The largest turn in the half stride before a mid-swing, up to the rate's minimum. */
static double toe_off_before(const double *rate, const double *slow, size_t swing, size_t half)
{
    size_t from = swing > half ? swing - half : 0;
    size_t lowest = argmin(rate, from, swing + 1), best = from;
    for (size_t i = from; i <= lowest; i++)
        if (rate[i] - slow[i] < rate[best] - slow[best]) best = i;
    return from > 0 ? (double)best : (double)NAN;
}

static gait_status find(struct classic *classic, struct event_list *found, struct arena *keep,
                        struct arena *tmp)
{
    const struct bout_signal *signal = classic->signal;
    size_t n = signal->n;
    const double *raw = swing_rate(signal, tmp);
    if (!raw) return GAIT_NOMEM;
    const double *rate = classic_smooth(classic, raw, cutoff_hz, tmp);
    const double *slow = classic_smooth(classic, raw, slow_hz, tmp);
    size_t *swing = ARENA_NEW(tmp, n, size_t);
    if (!rate || !slow || !swing) return GAIT_NOMEM;
    size_t n_swings = classic_peaks(classic, rate, swing_level(rate, n, tmp), swing);
    for (size_t k = 0; k < n_swings; k++) {
        size_t end = k + 1 < n_swings ? swing[k + 1] : n;
        size_t stride = k > 0 ? swing[k] - swing[k - 1] : end - swing[k];
        double strike = classic_fall_after(rate, swing[k], end, 0);
        double toe_off = toe_off_before(rate, slow, swing[k], stride / 2);
        TRY(classic_tell(classic, GAIT_FOOT_STRIKE, strike, strike_sd_s, found, keep));
        TRY(classic_tell(classic, GAIT_TOE_OFF, toe_off, toe_off_sd_s, found, keep));
    }
    return GAIT_OK;
}

static gait_status detect(const struct bout_signal *signal, struct event_list *found,
                          struct arena *keep, struct arena *tmp)
{
    return classic_detect(find, signal, found, keep, tmp);
}

const struct detector detect_fadillioglu = {
    .pub = {.name = "fadillioglu-2020",
            .about = "Shank gyroscope: zero crossing after mid-swing, sharp turn before it.",
            .source = "Fadillioglu et al. 2020, Gait Posture 81:102-108",
            .placements = AT(GAIT_SHANK),
            .activities = DURING(GAIT_RUN) | DURING(GAIT_WALK),
            .needs_gyro = 1},
    .detect = detect,
};
