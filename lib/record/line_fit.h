/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef RECORD_LINE_FIT_H
#define RECORD_LINE_FIT_H

#include <stddef.h>

#include "base/arena.h"

/* Straight lines through time stamps: y at x = 0, and y per x. */
struct line {
    double at_0, slope;
    double rms;     /* of the residuals */
    double largest; /* residual, absolute */
};

/* Least squares; n at least 2 with two different x. */
struct line line_fit(const double *x, const double *y, size_t n);

/* Late points pull little: iteratively reweighted with Huber's weights, k = 1.345 of the robust
 * spread, 10 rounds (Huber 1964, doi 10.1214/aoms/1177703732). rms and largest are of the points
 * within k. Zero slope when memory is out. */
struct line line_fit_robust(const double *x, const double *y, size_t n, struct arena *scratch);

#endif
