/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef GAIT_PERIOD_H
#define GAIT_PERIOD_H

#include <gait/recording.h>

#include "base/arena.h"

/* How often a person steps, from one window of acceleration at any place and orientation. */

struct period {
    double step_hz;    /* steps of both feet per second; NaN without a period */
    double regularity; /* height of the autocorrelation there or at the stride, at most 1 */
    double sd_g;       /* of the norm */
};

/* 2.5 s or more are needed, 5 to 10 s are best; accel_g is n x 3, rate at least 25 Hz. Octaves are
 * decided by intensity: the lag of the trunk may be a stride, that of a limb is one. */
gait_status period_find(const double *accel_g, size_t n, double rate_hz, gait_placement placement,
                        struct period *out, struct arena *tmp);

/* Steps of both feet per minute over one window of gait (best 8 to 12 s) at any rate of 25 Hz or
 * more; NaN without a period. hint_hz: the expected step frequency, NaN if unknown; it decides the
 * octave. */
gait_status cadence_measure(const double *accel_g, size_t n, double rate_hz,
                            gait_placement placement, double hint_hz, double *steps_per_min,
                            struct arena *tmp);

#endif
