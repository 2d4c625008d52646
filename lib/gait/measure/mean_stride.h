/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef GAIT_MEAN_STRIDE_H
#define GAIT_MEAN_STRIDE_H

#include "gait/measure/measure.h"

/* What the sensor does over a stride: the acceleration at equal steps of the time from one foot
 * strike to the next, summed over many strides. */

enum { STRIDE_FORWARD, STRIDE_UP, STRIDE_RIGHT, STRIDE_RESULTANT, STRIDE_AXES };
enum { STRIDE_PHASES = 101 }; /* 0, 1, ... 100 % */

/* Acceleration in g; an axis that is not known, or of a stride that cannot be used, is NaN. */
struct stride_shape {
    float g[STRIDE_PHASES][STRIDE_AXES];
};

struct mean_stride {
    size_t n[STRIDE_AXES];
    double sum_g[STRIDE_PHASES][STRIDE_AXES];
    double sum_of_squares[STRIDE_PHASES][STRIDE_AXES];
};

/* The shape of every stride of a window. Room from keep; GAIT_NOMEM. */
gait_status stride_shapes(const struct measure_input *in, struct stride_shape **out,
                          struct arena *keep, struct arena *tmp);

void mean_stride_add(struct mean_stride *mean, const struct stride_shape *shape);
void mean_stride_merge(struct mean_stride *into, const struct mean_stride *from);

/* NaN without strides; the standard deviation needs two. */
double mean_stride_g(const struct mean_stride *mean, size_t phase, size_t axis);
double mean_stride_sd_g(const struct mean_stride *mean, size_t phase, size_t axis);

/* Of the bout pulled last: the strides of one side, NULL if none can be used. Lives as long as the
 * bout. */
const struct mean_stride *analysis_mean_stride(const gait_analysis *analysis, gait_side side);

#endif
