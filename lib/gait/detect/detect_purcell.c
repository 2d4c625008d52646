/* SPDX-License-Identifier: BSD-3-Clause */

/* Purcell, Channells, James and Barrett 2006: foot strike is the extremum of the forward
 * acceleration nearest to a peak of the resultant; toe-off lies midway between an extremum of the
 * forward acceleration and the nearest one of the sideward acceleration as the foot leaves the
 * ground. */

#include <math.h>

#include "base/fail.h"
#include "gait/detect/classic.h"
#include "signal/peaks.h"

/* Ours: the low-pass, which the paper leaves to its sensor; the part of the stride in which toe-off
 * is sought; and that extrema of either sign count, since which way the axes point is not known. */
static const double cutoff_hz = 40;
static const double from_share = 0.2, to_share = 0.6;
static const double walk_from_share = 0.5, walk_to_share = 0.75;

/* Root mean square error on the force-plate data of Bach et al. 2022. */
static const double strike_sd_s = 0.035;
static const double toe_off_sd_s = 0.030;

static int is_extremum(const double *y, size_t i)
{
    return (y[i] - y[i - 1]) * (y[i + 1] - y[i]) <= 0;
}

/* The local extremum nearest to sample i; NaN if there is none. */
static double nearest_extremum(const double *y, size_t n, size_t i)
{
    for (size_t d = 0; d < n; d++) {
        if (i >= d + 1 && i - d + 1 < n && is_extremum(y, i - d)) return (double)(i - d);
        if (i + d >= 1 && i + d + 1 < n && is_extremum(y, i + d)) return (double)(i + d);
    }
    return NAN;
}

/* The sample in [from, to) that lies farthest from the mean. */
static size_t farthest(const double *y, size_t from, size_t to)
{
    size_t best = from;
    for (size_t i = from; i < to; i++)
        if (fabs(y[i]) > fabs(y[best])) best = i;
    return best;
}

static gait_status tell_stride(const struct classic *classic, const double *forward,
                               const double *right, size_t from, size_t to,
                               struct event_list *found, struct arena *keep)
{
    int is_run = classic->signal->activity == GAIT_RUN;
    double stride = (double)(to - from), n = (double)classic->signal->n;
    double first = (double)from + stride * (is_run ? from_share : walk_from_share);
    double last = (double)from + stride * (is_run ? to_share : walk_to_share);
    if (!(last < n)) return GAIT_OK;
    size_t off = farthest(forward, (size_t)first, (size_t)last);
    double side = nearest_extremum(right, classic->signal->n, off);
    return classic_tell(classic, GAIT_TOE_OFF, 0.5 * ((double)off + side), toe_off_sd_s, found,
                        keep);
}

static gait_status find(struct classic *classic, struct event_list *found, struct arena *keep,
                        struct arena *tmp)
{
    const struct bout_signal *signal = classic->signal;
    size_t n = signal->n;
    const double *norm = classic_smooth(classic, classic->norm_g, cutoff_hz, tmp);
    const double *forward = classic_smooth(classic, classic->forward_g, cutoff_hz, tmp);
    const double *right = classic_smooth(classic, classic->right_g, cutoff_hz, tmp);
    size_t *peak = ARENA_NEW(tmp, n, size_t);
    if (!norm || !forward || !right || !peak) return GAIT_NOMEM;
    size_t n_peaks = classic_peaks(classic, norm, classic_level(norm, n), peak);
    for (size_t k = 0; k < n_peaks; k++) {
        double strike = nearest_extremum(forward, n, peak[k]);
        TRY(classic_tell(classic, GAIT_FOOT_STRIKE, strike, strike_sd_s, found, keep));
        if (k + 1 < n_peaks)
            TRY(tell_stride(classic, forward, right, peak[k], peak[k + 1], found, keep));
    }
    return GAIT_OK;
}

static gait_status detect(const struct bout_signal *signal, struct event_list *found,
                          struct arena *keep, struct arena *tmp)
{
    return classic_detect(find, signal, found, keep, tmp);
}

const struct detector detect_purcell = {
    .pub = {.name = "purcell-2006",
            .about = "Extrema of forward and sideward acceleration near the resultant's peaks.",
            .source = "Purcell et al. 2006, Proc SPIE 6036, doi 10.1117/12.638389",
            .placements = AT(GAIT_SHANK),
            .activities = DURING(GAIT_RUN) | DURING(GAIT_WALK)},
    .detect = detect,
};
