/* SPDX-License-Identifier: BSD-3-Clause */

/* Auvinet et al. 2002, as told and evaluated by Kiernan et al. 2023 (10.3390/s23115022). The foot
 * lands after the lightest moment before the push, where the forward acceleration stops rising and
 * braking begins; it leaves where the vertical has fallen to nothing. Filters and limits are ours.
 */

#include <math.h>

#include "gait/detect/trunk_classic.h"
#include "signal/peaks.h"

static gait_status place(const struct trunk_classic *in, struct trunk_classic_contact *out)
{
    const double *up = trunk_classic_low(in, in->vertical_g, 30);
    const double *forward = trunk_classic_low(in, in->forward_g, 20);
    if (!up || !forward) return GAIT_NOMEM;
    for (size_t k = 0; k < in->n_apexes; k++) {
        size_t apex = in->apex[k].at, end = apex + (size_t)(0.7 * in->apex[k].period);
        double early = (double)apex - 0.45 * in->apex[k].period;
        if (early < 0) continue;
        size_t strike = argmin(up, (size_t)early, apex + 1);
        while (strike + 1 < apex && forward[strike + 1] >= forward[strike]) strike++;
        out[k].strike = (double)strike;
        out[k].toe_off = first_fall(up, apex, end < in->n ? end : in->n, 0.02);
    }
    return GAIT_OK;
}

static gait_status detect(const struct bout_signal *signal, struct event_list *found,
                          struct arena *keep, struct arena *tmp)
{
    static const double sd_s[2] = {0.060, 0.076};
    return trunk_classic_detect(signal, place, sd_s, found, keep, tmp);
}

const struct detector detect_auvinet = {
    .pub =
        {.name = "auvinet-2002",
         .about =
             "Forward acceleration stops rising after the lightest moment; vertical down to zero.",
         .source = "Auvinet et al. 2002, Sci Sports 17:92-94",
         .placements = AT(GAIT_SACRUM) | AT(GAIT_WAIST),
         .activities = DURING(GAIT_RUN)},
    .detect = detect,
};
