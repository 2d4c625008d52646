/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef GAIT_COARSE_H
#define GAIT_COARSE_H

#include "gait/detect/detect.h"

/* The window at a modest rate: averages of n_box consecutive frames each. Enough for everything but
 * impacts. */
struct coarse {
    size_t n;
    size_t n_box;
    double rate_hz;
    double start_s;         /* time of the first on the window's clock */
    const double *accel_g;  /* n x 3, sensor axes */
    const double *gyro_dps; /* n x 3, or NULL */
};

/* As many frames to an average as leave least_rate_hz or more. Room from keep; GAIT_NOMEM. */
gait_status coarse_make(const struct bout_signal *signal, double least_rate_hz, struct coarse *out,
                        struct arena *keep);

/* Index of the frame nearest to a time, 0..n (n: behind the end). */
size_t coarse_index(const struct coarse *coarse, double time_s);

/* Mean of x (coarse->n x 3) from one time to before another; 0 if there is no frame between. */
int coarse_mean(const struct coarse *coarse, const double *x, double from_s, double to_s,
                double out[3]);

#endif
