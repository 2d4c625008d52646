/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SIGNAL_PEAKS_H
#define SIGNAL_PEAKS_H

#include <stddef.h>

/* Where the parabola through y[i-1], y[i], y[i+1] has its extremum, as a fractional index; i itself
 * at the ends or on a flat top. The value there goes to *value unless NULL. */
double parabolic(const double *y, size_t n, size_t i, double *value);

/* Indices of local maxima (left-most of a plateau) among 1..n-2 into at[], at most room; how many.
 */
size_t local_maxima(const double *y, size_t n, size_t *at, size_t room);

/* Index of the largest / smallest of y[from..to), from < to. */
size_t argmax(const double *y, size_t from, size_t to);
size_t argmin(const double *y, size_t from, size_t to);

#endif
