/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef GAIT_FOOT_STRIDE_H
#define GAIT_FOOT_STRIDE_H

#include "gait/measure/measure.h"

/* The strides of a foot sensor as seen from the foot, for everything about pronation. A left foot
 * is mirrored into a right one, so that there is one set of signs: x forward, y towards the
 * midline, z up; a positive turn about x lifts the inner edge (inversion), about y lowers the toes.
 */

enum { FOOT_X, FOOT_Y, FOOT_Z };

struct foot_view {
    const struct measure_input *in;
    double mirror;            /* 1 right, -1 left */
    const double *accel_g;    /* coarse.n x 3 below 40 Hz, sensor axes */
    const double *contact_s;  /* n_strides; NaN without toe-off */
    double typical_contact_s; /* median */
    double typical_stride_s;
};

/* Needs in->frame with a forward and a right axis and a side; GAIT_OK or GAIT_NOMEM. */
gait_status foot_view_make(const struct measure_input *in, struct foot_view *view,
                           struct arena *tmp);

/* Sensor axes to those of the foot. */
void foot_force(const struct foot_view *view, const double *accel_g, double out[3]);
void foot_turn(const struct foot_view *view, const double *gyro_dps, double out[3]);

/* The stride that stands for all: medians over the strides of the force in foot axes, at n >= 2
 * instants from one share of the typical contact to another, evenly. */
gait_status foot_median_stride(const struct foot_view *view, double from_share, double to_share,
                               double (*force_g)[3], size_t n, struct arena *tmp);

#endif
