/* SPDX-License-Identifier: BSD-3-Clause */

/* Mercer, Devita, Derrick and Bates 2003: foot strike is the minimum of the acceleration along the
 * shank just before its peak, toe-off the minimum after it. */

#include <math.h>

#include "base/fail.h"
#include "gait/detect/classic.h"
#include "signal/peaks.h"

/* Ours: the impact is the peak below 60 Hz, the minima those below 12 Hz; how far before the peak
 * the minimum may lie, and the part of a stride in which the foot leaves the ground. */
static const double peak_cutoff_hz = 60;
static const double cutoff_hz = 12;
static const double before_s = 0.15;
static const double contact_from_s = 0.12, contact_to_s = 0.40;

/* Root mean square error on the force-plate data of Bach et al. 2022. */
static const double strike_sd_s = 0.024;
static const double toe_off_sd_s = 0.025;

/* The last local minimum before a peak, NaN if there is none near. */
static double minimum_before(const double *y, size_t peak, size_t reach)
{
    for (size_t i = peak; i-- > 1 && peak - i <= reach;)
        if (y[i] <= y[i - 1] && y[i] < y[i + 1]) return parabolic(y, peak + 1, i, NULL);
    return NAN;
}

static gait_status tell_contact(const struct classic *classic, const double *y, size_t peak,
                                struct event_list *found, struct arena *keep)
{
    double strike = minimum_before(y, peak, classic_samples(classic, before_s));
    if (!isfinite(strike)) return GAIT_OK;
    TRY(classic_tell(classic, GAIT_FOOT_STRIKE, strike, strike_sd_s, found, keep));
    size_t n = classic->signal->n;
    size_t from = (size_t)strike + classic_samples(classic, contact_from_s);
    size_t to = (size_t)strike + classic_samples(classic, contact_to_s);
    if (classic->signal->activity != GAIT_RUN) return GAIT_OK; /* the paper is about running */
    if (to >= n) return GAIT_OK;
    double toe_off = parabolic(y, n, argmin(y, from, to), NULL);
    return classic_tell(classic, GAIT_TOE_OFF, toe_off, toe_off_sd_s, found, keep);
}

static gait_status find(struct classic *classic, struct event_list *found, struct arena *keep,
                        struct arena *tmp)
{
    const struct bout_signal *signal = classic->signal;
    size_t n = signal->n;
    const double *sharp = classic_smooth(classic, classic->axial_g, peak_cutoff_hz, tmp);
    const double *y = classic_smooth(classic, classic->axial_g, cutoff_hz, tmp);
    size_t *peak = ARENA_NEW(tmp, n, size_t);
    if (!sharp || !y || !peak) return GAIT_NOMEM;
    size_t n_peaks = classic_peaks(classic, sharp, classic_level(sharp, n), peak);
    for (size_t k = 0; k < n_peaks; k++) TRY(tell_contact(classic, y, peak[k], found, keep));
    return GAIT_OK;
}

static gait_status detect(const struct bout_signal *signal, struct event_list *found,
                          struct arena *keep, struct arena *tmp)
{
    return classic_detect(find, signal, found, keep, tmp);
}

const struct detector detect_mercer = {
    .pub = {.name = "mercer-2003",
            .about = "Minima of the acceleration along the shank before and after its peak.",
            .source = "Mercer et al. 2003, Med Sci Sports Exerc 35:307-313",
            .placements = AT(GAIT_SHANK),
            .activities = DURING(GAIT_RUN) | DURING(GAIT_WALK)},
    .detect = detect,
};
