/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef GAIT_SHAPE_H
#define GAIT_SHAPE_H

#include "gait/detect/steps.h"

/* The shape of the norm around one walking step in a few numbers: where its first three harmonics
 * stand. They say how much earlier or later than usual the foot landed. */

enum { SHAPE_POINTS = 29, SHAPE_TERMS = 6 };

struct shape {
    double look[SHAPE_POINTS]; /* phases -0.7 to 0.7 of a step, mean 0, spread about 1 */
    double term[SHAPE_TERMS];  /* cosine and sine of harmonics 1, 2, 3 */
};

/* The waves that the terms are weights of. */
struct shape_waves {
    double at[SHAPE_TERMS][SHAPE_POINTS];
};
void shape_waves_make(struct shape_waves *out);

/* smooth_g: the norm below 15 Hz, n samples at STEP_RATE_HZ. */
void shape_measure(const struct shape_waves *waves, const double *smooth_g, size_t n,
                   double strike_s, double period_s, struct shape *out);

/* The usual step period around step k: the median of up to six intervals near the track's. */
double step_period_around(const struct step *steps, size_t n, size_t k);

#endif
