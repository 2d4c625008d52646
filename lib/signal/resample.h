/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SIGNAL_RESAMPLE_H
#define SIGNAL_RESAMPLE_H

#include <stddef.h>

#include <gait/error.h>

#include "base/arena.h"

/* Number of samples that n samples at one rate become at another, first samples coinciding. */
size_t resampled_length(size_t n, double rate_in_hz, double rate_out_hz);

/* Uniform to uniform; interleaved channels (1 to 6). y holds resampled_length() frames; y may not
 * be x. Going down, the gain is that of a zero-phase fourth-order Butterworth low-pass at 0.4 of
 * the new rate; going up, a not-a-knot cubic spline goes through the samples. GAIT_OK or
 * GAIT_NOMEM. */
gait_status resample(const double *x, size_t n, size_t channels, double rate_in_hz, double *y,
                     double rate_out_hz, struct arena *tmp);

/* Not-a-knot cubic spline through (i, x[i]): second derivatives for spline_at(); n >= 1. */
gait_status spline_fit(const double *x, size_t n, size_t channels, double *second,
                       struct arena *tmp);
/* Value of channel c at fractional index t, clamped to the ends. */
double spline_at(const double *x, const double *second, size_t n, size_t channels, size_t c,
                 double t);

/* Monotone cubic (Fritsch-Carlson) through n >= 2 points of rising t, at m rising times; clamped
 * outside. */
void pchip(const double *t, const double *x, size_t n, const double *at, double *y, size_t m);

#endif
