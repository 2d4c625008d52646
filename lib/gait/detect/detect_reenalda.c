/* SPDX-License-Identifier: BSD-3-Clause */

/* Reenalda et al. 2021: the pelvis falls fastest when the foot lands, so the vertical force passes
 * through body weight. No toe-off. The filter is ours. */

#include <math.h>

#include "gait/detect/trunk_classic.h"
#include "signal/peaks.h"

static gait_status place(const struct trunk_classic *in, struct trunk_classic_contact *out)
{
    const double *up = trunk_classic_low(in, in->vertical_g, 20);
    if (!up) return GAIT_NOMEM;
    for (size_t k = 0; k < in->n_apexes; k++) {
        size_t apex = in->apex[k].at, valley = argmin(up, trunk_classic_from(in, k), apex + 1);
        out[k].strike = first_rise(up, valley, apex + 1, 1);
    }
    return GAIT_OK;
}

static gait_status detect(const struct bout_signal *signal, struct event_list *found,
                          struct arena *keep, struct arena *tmp)
{
    static const double sd_s[2] = {0.057, 0.057};
    return trunk_classic_detect(signal, place, sd_s, found, keep, tmp);
}

const struct detector detect_reenalda = {
    .pub = {.name = "reenalda-2021",
            .about =
                "The pelvis falls fastest: vertical force rises through body weight; strikes only.",
            .source =
                "Reenalda et al. 2021, J Biomech 121:110419, doi 10.1016/j.jbiomech.2021.110419",
            .placements = AT(GAIT_SACRUM) | AT(GAIT_WAIST),
            .activities = DURING(GAIT_RUN)},
    .detect = detect,
};
