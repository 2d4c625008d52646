/* SPDX-License-Identifier: BSD-3-Clause */

/* Shin and Park 2011: each upward crossing of the slow norm through its mean is a foot strike. */

#include <math.h>

#include "base/fail.h"
#include "base/vec.h"
#include "gait/detect/trunk_classic.h"
#include "signal/stats.h"

static const double cutoff_hz = 3;
static const double sd_s = 0.060;
static const double quiet_g = 0.02; /* no step without so much movement since the last crossing */

static gait_status find(const struct bout_signal *signal, struct event_list *found,
                        struct arena *keep, struct arena *tmp)
{
    size_t n = signal->n;
    double *norm_g = ARENA_NEW(tmp, n, double);
    if (!norm_g) return GAIT_NOMEM;
    for (size_t i = 0; i < n; i++) norm_g[i] = vec_norm(signal->accel_g + 3 * i);
    const double *slow = smoothed(norm_g, n, cutoff_hz, signal->rate_hz, tmp);
    if (!slow) return GAIT_NOMEM;
    double level_g = mean(norm_g, n), lowest_g = level_g;
    for (size_t i = 1; i < n; i++) {
        lowest_g = fmin(lowest_g, slow[i - 1]);
        if (!(slow[i - 1] < level_g && slow[i] >= level_g)) continue;
        double at = (double)i - (slow[i] - level_g) / (slow[i] - slow[i - 1]);
        gait_event event = trunk_classic_event(GAIT_FOOT_STRIKE, at / signal->rate_hz, sd_s);
        if (level_g - lowest_g > quiet_g) TRY(event_push(found, &event, keep));
        lowest_g = level_g;
    }
    return GAIT_OK;
}

const struct detector detect_shin = {
    .pub = {.name = "shin-2011",
            .about = "The slow norm rises through its mean; strikes only.",
            .source = "Shin and Park 2011, Med Eng Phys 33:1064-1071, "
                      "doi 10.1016/j.medengphy.2011.04.009",
            .placements = AT(GAIT_SACRUM) | AT(GAIT_WAIST),
            .activities = DURING(GAIT_WALK)},
    .detect = find,
};
