/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SIGNAL_CORRELATE_H
#define SIGNAL_CORRELATE_H

#include <stddef.h>

/* Lags are summed so many at a time: r has room for a multiple of them, and x is followed by as
 * many zeros. */
enum { CORRELATE_LAGS = 16 };

/* Adds sum x[i] x[i + k] to r[k] for k = 0 .. n_lags - 1 (< n), each in the order of i; what comes
 * to lie behind r[n_lags - 1] means nothing. */
void correlate(const double *x, size_t n, double *r, size_t n_lags);

/* Room for n_lags of r. */
static inline size_t correlate_room(size_t n_lags)
{
    return (n_lags + CORRELATE_LAGS - 1) / CORRELATE_LAGS * CORRELATE_LAGS;
}

#endif
