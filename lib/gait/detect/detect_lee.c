/* SPDX-License-Identifier: BSD-3-Clause */

/* Lee et al. 2010: the forward acceleration of the lower back is lowest when the foot lands and
 * highest when it leaves. Filter and limits are ours. */

#include <math.h>

#include "gait/detect/trunk_classic.h"
#include "signal/peaks.h"

static gait_status place(const struct trunk_classic *in, struct trunk_classic_contact *out)
{
    const double *forward = trunk_classic_low(in, in->forward_g, 20);
    if (!forward) return GAIT_NOMEM;
    for (size_t k = 0; k < in->n_apexes; k++) {
        size_t apex = in->apex[k].at, end = apex + (size_t)(0.5 * in->apex[k].period);
        double early = (double)apex - 0.35 * in->apex[k].period;
        if (early >= 0) out[k].strike = (double)argmin(forward, (size_t)early, apex + 1);
        if (end < in->n) out[k].toe_off = (double)argmax(forward, apex, end);
    }
    return GAIT_OK;
}

static gait_status detect(const struct bout_signal *signal, struct event_list *found,
                          struct arena *keep, struct arena *tmp)
{
    static const double sd_s[2] = {0.060, 0.060};
    return trunk_classic_detect(signal, place, sd_s, found, keep, tmp);
}

const struct detector detect_lee = {
    .pub = {.name = "lee-2010",
            .about = "Braking and driving peaks of the forward acceleration.",
            .source =
                "Lee et al. 2010, J Sci Med Sport 13:270-273, doi 10.1016/j.jsams.2009.01.005",
            .placements = AT(GAIT_SACRUM) | AT(GAIT_WAIST),
            .activities = DURING(GAIT_RUN)},
    .detect = detect,
};
