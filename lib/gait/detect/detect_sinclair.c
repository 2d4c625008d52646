/* SPDX-License-Identifier: BSD-3-Clause */

/* Sinclair, Hobbs, Protheroe, Edmundson and Greenhalgh 2013: foot strike is where the acceleration
 * along the shank last rises through zero before its peak and then stays positive, toe-off where it
 * falls through zero as push-off ends. */

#include <math.h>

#include "base/fail.h"
#include "gait/detect/classic.h"
#include "signal/filter.h"

static const double cutoff_hz = 60;
static const double positive_s = 0.02; /* how long it must stay so */

/* Ours: how far before the peak the rise may lie, and in which part of the stride the last fall
 * through zero is toe-off. */
static const double before_s = 0.15;
static const double contact_from_s = 0.12, contact_to_s = 0.40;

/* Root mean square error on the force-plate data of Bach et al. 2022. */
static const double strike_sd_s = 0.027;
static const double toe_off_sd_s = 0.010;

/* The rise through zero before sample i that is followed by long enough above it; NaN if none. */
static double lasting_rise(const struct classic *classic, const double *y, size_t i)
{
    size_t reach = classic_samples(classic, before_s), first = i > reach ? i - reach : 0;
    double lasting = (double)classic_samples(classic, positive_s);
    double rise = classic_rise_before(y, i, first, 0);
    while (isfinite(rise)) {
        size_t k = (size_t)rise + 1;
        while (k < classic->signal->n && y[k] > 0) k++;
        if ((double)k - rise >= lasting) return rise;
        if ((size_t)rise <= first) break;
        rise = classic_rise_before(y, (size_t)rise, first, 0);
    }
    return NAN;
}

static double last_fall(const double *y, size_t from, size_t to)
{
    double last = NAN;
    for (double fall = classic_fall_after(y, from, to, 0); isfinite(fall);
         fall = classic_fall_after(y, (size_t)fall + 1, to, 0))
        last = fall;
    return last;
}

static gait_status tell_contact(const struct classic *classic, const double *y, size_t peak,
                                struct event_list *found, struct arena *keep)
{
    double strike = lasting_rise(classic, y, peak);
    if (!isfinite(strike)) return GAIT_OK;
    TRY(classic_tell(classic, GAIT_FOOT_STRIKE, strike, strike_sd_s, found, keep));
    size_t from = (size_t)strike + classic_samples(classic, contact_from_s);
    size_t to = (size_t)strike + classic_samples(classic, contact_to_s);
    if (classic->signal->activity != GAIT_RUN) return GAIT_OK; /* the paper is about running */
    if (to >= classic->signal->n) return GAIT_OK;
    return classic_tell(classic, GAIT_TOE_OFF, last_fall(y, from, to), toe_off_sd_s, found, keep);
}

static gait_status find(struct classic *classic, struct event_list *found, struct arena *keep,
                        struct arena *tmp)
{
    const struct bout_signal *signal = classic->signal;
    struct filter filter = lowpass(cutoff_hz, signal->rate_hz, 4);
    double *y = classic->axial_g;
    TRY(filtfilt(&filter, y, y, signal->n, 1, tmp));
    size_t *peak = ARENA_NEW(tmp, signal->n, size_t);
    if (!peak) return GAIT_NOMEM;
    size_t n_peaks = classic_peaks(classic, y, classic_level(y, signal->n), peak);
    for (size_t k = 0; k < n_peaks; k++) TRY(tell_contact(classic, y, peak[k], found, keep));
    return GAIT_OK;
}

static gait_status detect(const struct bout_signal *signal, struct event_list *found,
                          struct arena *keep, struct arena *tmp)
{
    return classic_detect(find, signal, found, keep, tmp);
}

const struct detector detect_sinclair = {
    .pub = {.name = "sinclair-2013",
            .about = "Zero crossings of the acceleration along the shank around its peak.",
            .source = "Sinclair et al. 2013, J Appl Biomech 29:118-122",
            .placements = AT(GAIT_SHANK),
            .activities = DURING(GAIT_RUN) | DURING(GAIT_WALK)},
    .detect = detect,
};
