/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SIGNAL_FILTER_H
#define SIGNAL_FILTER_H

#include <stddef.h>

#include <gait/error.h>

#include "base/arena.h"

/* Zero-phase Butterworth filters as rows of second-order sections, run forwards and backwards.
 * Signals of several channels are interleaved: sample i of channel c is x[i * channels + c]. */

struct biquad {
    double b0, b1, b2, a1, a2;
};

struct filter {
    struct biquad section[4];
    size_t n_sections;
    double pad_samples; /* length of the odd reflection at both ends */
};

/* order 2 or 4 per pass; the cut-off is where the result of both passes is down 3 dB.
 * A cut-off at or above 0.45 of the rate gives the identity (n_sections 0). */
struct filter lowpass(double cutoff_hz, double rate_hz, int order);
struct filter highpass(double cutoff_hz, double rate_hz, int order);

/* high-pass at low_hz, then low-pass at high_hz, second order each. */
struct filter bandpass(double low_hz, double high_hz, double rate_hz);

/* y may be x. n samples of 1 to 6 channels. GAIT_OK or GAIT_NOMEM. */
gait_status filtfilt(const struct filter *filter, const double *x, double *y, size_t n,
                     size_t channels, struct arena *tmp);

/* Central differences times the rate, one-sided at the ends; y may not be x. */
void derivative(const double *x, double *y, size_t n, size_t channels, double rate_hz);

/* Gaussian derivative: convolution with d/dt of a Gaussian of that standard deviation (units: x per
 * s). */
gait_status gaussian_derivative(const double *x, double *y, size_t n, double sigma_s,
                                double rate_hz, struct arena *tmp);

#endif
