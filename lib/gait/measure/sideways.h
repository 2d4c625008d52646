/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef GAIT_SIDEWAYS_H
#define GAIT_SIDEWAYS_H

#include "gait/measure/measure.h"

/* How far a shank or trunk moves sideways and rolls in one contact: proxies for a knee that caves
 * in and a pelvis that drops. Sizes only, so which way is medial does not matter, but for what is
 * told of a shank outwards. NaN where it cannot be had; flags say why. */
struct sideways {
    double impact_g;         /* largest in the first 60 ms */
    double impact_outward_g; /* the same, outwards positive; shank */
    double impact_time_s;    /* from foot strike to it */
    double impulse_g_s;      /* outwards, first half of contact; shank */
    double impulse_ratio;    /* size of it over the impulse along the long axis */
    double mean_g;           /* mean size over the contact */
    double ratio;            /* over the whole acceleration, root mean squares over the contact */
    double roll_deg;         /* range of the turn about the forward axis, to 60 % of contact */
    double rotation_deg;     /* range of the turn about the long axis, to 60 % of contact */
    uint32_t flags;
    uint32_t direction_flags; /* why nobody knows which way is outwards */
};

/* n_strides of them, room from tmp; *out is NULL but at shank and trunk. GAIT_OK, GAIT_NOMEM. */
gait_status sideways_find(const struct measure_input *in, const struct sideways **out,
                          struct arena *tmp);

#endif
