/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef GAIT_SWAY_H
#define GAIT_SWAY_H

#include "gait/measure/measure.h"

/* How the sensor sways while standing in one posture, less the first and the last second. NaN where
 * it cannot be had; flags say why. */
struct sway {
    double time_s;       /* how long the posture was held */
    double rms_g;        /* horizontal acceleration below 5 Hz, root mean square about its mean */
    double ml_rms_g;     /* of it the part from side to side */
    double path_g_per_s; /* way that its tip goes in a second */
    uint32_t flags;
};

/* One per stand, room from tmp; *out is NULL outside that test. GAIT_OK, GAIT_NOMEM. */
gait_status sways_find(const struct measure_input *in, const struct sway **out, struct arena *tmp);

/* Way of the tip of the horizontal acceleration in body axes (forward, up, right) over n frames, in
 * g. */
double horizontal_path_g(const double *body_g, size_t n);

#endif
