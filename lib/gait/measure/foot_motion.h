/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef GAIT_FOOT_MOTION_H
#define GAIT_FOOT_MOTION_H

#include "gait/measure/measure.h"

/* What a gyroscope on the foot tells beyond any axes. Over one stride a walker or runner does not
 * gain speed, so the specific force, turned back by the integrated rates into one instant's axes,
 * has gravity for its mean: that gives the vertical at every foot-flat, however fast the run. And
 * the foot comes back to where it was, so what the rates add up to over a stride is their bias. */
struct foot_motion {
    double bias_dps[3];   /* of the gyroscope, sensor axes */
    double (*up)[3];      /* n_strides: gravity at foot-flat, sensor axes, unit; NaN if unknown */
    const size_t *flat;   /* n_strides: the frame of foot-flat; coarse.n if unknown */
    double typical_up[3]; /* median of up */
};

/* For the strides of in; room from tmp. *out is NULL without a gyroscope or strides. GAIT_OK,
 * GAIT_NOMEM. */
gait_status foot_motion_find(const struct measure_input *in, const struct foot_motion **out,
                             struct arena *tmp);

#endif
