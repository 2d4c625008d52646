/* SPDX-License-Identifier: BSD-3-Clause */

/* Benson et al. 2019, forward acceleration below 10 Hz. Between two vertical peaks the foot lands
 * at the minimum that is late and deep; the other foot left at the last minimum before that, or, if
 * there is none, where the forward acceleration changed most on its way from its maximum. */

#include <math.h>

#include "gait/detect/trunk_classic.h"
#include "signal/peaks.h"
#include "signal/filter.h"

static const double apart_s = 0.1; /* a minimum so soon after a strike belongs to it */

/* The minima between two pushes, late ones and deep ones preferred: the best of them, and before it
 * the latest one; n where there is none. */
static void find_minima(const double *forward, size_t from, size_t to, size_t *best, size_t *before)
{
    double top = -INFINITY, span = 1e-9;
    for (size_t i = from; i < to; i++) span = fmax(span, fabs(forward[i]));
    *best = *before = to;
    for (size_t i = from + 1; i + 1 < to; i++) {
        if (!(forward[i] < forward[i - 1] && forward[i] <= forward[i + 1])) continue;
        double late = (double)(i - from) / (double)(to - from), deep = -forward[i] / span;
        if (late + deep > top) {
            top = late + deep;
            *before = *best;
            *best = i;
        }
    }
    if (*best == to) *best = argmin(forward, from, to);
}

static gait_status place(const struct trunk_classic *in, struct trunk_classic_contact *out)
{
    const double *forward = trunk_classic_low(in, in->forward_g, 10);
    double *slope = ARENA_NEW(in->tmp, in->n, double);
    if (!forward || !slope) return GAIT_NOMEM;
    derivative(forward, slope, in->n, 1, in->rate_hz);
    for (size_t k = 1; k < in->n_apexes; k++) {
        size_t from = trunk_classic_from(in, k), to = in->apex[k].at, strike, before;
        if (to < from + 4) continue;
        find_minima(forward, from, to, &strike, &before);
        out[k].strike = (double)strike;
        if (isnan(out[k - 1].strike) || from != in->apex[k - 1].at || strike <= from) continue;
        double since = (double)before - out[k - 1].strike;
        size_t highest = argmax(forward, from, strike);
        out[k - 1].toe_off = (double)(before < to && since > apart_s * in->rate_hz
                                          ? before
                                          : argmax(slope, highest, strike + 1));
    }
    return GAIT_OK;
}

static gait_status detect(const struct bout_signal *signal, struct event_list *found,
                          struct arena *keep, struct arena *tmp)
{
    static const double sd_s[2] = {0.060, 0.060};
    return trunk_classic_detect(signal, place, sd_s, found, keep, tmp);
}

const struct detector detect_benson = {
    .pub = {.name = "benson-2019",
            .about = "Late deep minimum of the slow forward acceleration; the minimum before it.",
            .source = "Benson et al. 2019, Sensors 19:1483, doi 10.3390/s19071483",
            .placements = AT(GAIT_SACRUM) | AT(GAIT_WAIST),
            .activities = DURING(GAIT_RUN)},
    .detect = detect,
};
