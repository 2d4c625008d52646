/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef GAIT_BENDS_H
#define GAIT_BENDS_H

#include "gait/measure/measure.h"

/* One repetition of a functional test, as the sensor on shank or trunk leans. Angles are against
 * standing just before it. NaN where it cannot be had; flags say why. */
struct bend {
    double down_s, up_s;
    double lean_deg;        /* at the lowest point, whichever way */
    double medial_lean_deg; /* at the lowest point, towards the other leg */
    double side_range_deg;  /* between the outermost leans to either side */
    double wobble_deg;      /* sideways, faster than the bend itself, root mean square */
    double rotation_deg;    /* inwards about the long axis, from begin to lowest point */
    double jerk_g_per_s;    /* root mean square, below 10 Hz */
    double path_g_per_s;    /* way of the tip of the horizontal acceleration in a second */
    double roll_rate_dps;   /* about the forward axis, below 5 Hz, root mean square; gyroscope */
    uint32_t flags;
};

/* One per repetition, room from tmp; *out is NULL outside functional tests. GAIT_OK, GAIT_NOMEM. */
gait_status bends_find(const struct measure_input *in, const struct bend **out, struct arena *tmp);

#endif
