/* SPDX-License-Identifier: BSD-3-Clause */

/* Wixted et al. 2010: the foot lands at the braking spike of the forward acceleration and leaves
 * where the vertical acceleration crosses zero downwards. Filters and limits are ours. */

#include <math.h>

#include "gait/detect/trunk_classic.h"
#include "signal/peaks.h"

static gait_status place(const struct trunk_classic *in, struct trunk_classic_contact *out)
{
    const double *up = trunk_classic_low(in, in->vertical_g, 50);
    const double *forward = trunk_classic_low(in, in->forward_g, 50);
    if (!up || !forward) return GAIT_NOMEM;
    for (size_t k = 0; k < in->n_apexes; k++) {
        size_t apex = in->apex[k].at, end = apex + (size_t)(0.7 * in->apex[k].period);
        double early = (double)apex - 0.4 * in->apex[k].period;
        if (early >= 0) out[k].strike = (double)argmin(forward, (size_t)early, apex + 1);
        out[k].toe_off = first_fall(up, apex, end < in->n ? end : in->n, 0);
    }
    return GAIT_OK;
}

static gait_status detect(const struct bout_signal *signal, struct event_list *found,
                          struct arena *keep, struct arena *tmp)
{
    static const double sd_s[2] = {0.060, 0.060};
    return trunk_classic_detect(signal, place, sd_s, found, keep, tmp);
}

const struct detector detect_wixted = {
    .pub = {.name = "wixted-2010",
            .about = "Braking spike; vertical acceleration through zero.",
            .source = "Wixted et al. 2010, Sports Eng 12:207-212, doi 10.1007/s12283-010-0043-2",
            .placements = AT(GAIT_SACRUM) | AT(GAIT_WAIST),
            .activities = DURING(GAIT_RUN)},
    .detect = detect,
};
