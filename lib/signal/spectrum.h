/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SIGNAL_SPECTRUM_H
#define SIGNAL_SPECTRUM_H

#include <stddef.h>

#include <gait/error.h>

#include "base/arena.h"

/* Smallest length >= n that FFTW likes (2^a 3^b 5^c). */
size_t fft_length(size_t n);

/* |X(f)|^2 of the mean-free, Hann-windowed signal zero-padded to n_fft >= n: n_fft / 2 + 1 values.
 */
gait_status hann_power(const double *x, size_t n, size_t n_fft, double *power, struct arena *tmp);

/* Unbiased autocorrelation of the mean-free signal, lags 0..max_lag (< n): sum x_i x_{i+k}
 * / (n - k). Added to r, so that several axes can be summed; r[0..max_lag] must be set before. */
gait_status acf_add(const double *x, size_t n, double *r, size_t max_lag, struct arena *tmp);

#endif
